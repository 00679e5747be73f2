"""Places for the words of a network on a page: joined words near each other, and none on another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

STARTS = 6  # layouts tried for each component; the most readable is taken
GAP = (9.0, 7.0)  # least points between words
ROOM = 5.0  # area of a large component, relative to the area of its words; small ones need less


def word_layout(
    sizes: npt.NDArray[Any], a: npt.ArrayLike, b: npt.ArrayLike, width: float
) -> tuple[npt.NDArray[Any], float]:
    """Places for words such that joined words are near, none overlaps another, and few lines run behind words.

    Each connected component is laid out by itself (Kamada and Kawai 1989) and its words pushed apart; components stand
    in rows, the tallest first. Deterministic.

    Parameters
    ----------
    sizes : array, shape (n_words, 2)
        Width and height of each word, in points.
    a, b : sequences of int, length n_edges
        Ends of the edges.
    width : float
        Of the page, in points.

    Returns
    -------
    centres : ndarray, shape (n_words, 2)
        From the lower left corner; rounded to two decimals.
    height : float
    """
    import networkx as nx

    sizes = np.asarray(sizes, dtype=float)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(sizes)))
    graph.add_edges_from(zip(np.asarray(a).tolist(), np.asarray(b).tolist(), strict=True))
    parts = [np.array(sorted(part)) for part in nx.connected_components(graph)]
    placed = [_component_layout(graph.subgraph(part.tolist()), part, sizes[part], width) for part in parts]
    return _arrange_rows(parts, placed, sizes, width)


def _component_layout(graph: Any, part: npt.NDArray[Any], sizes: npt.NDArray[Any], width: float) -> npt.NDArray[Any]:
    """Places of the words of one connected component."""
    import networkx as nx

    n = len(part)
    if n == 1:
        return np.zeros((1, 2))
    if n == 2:
        return np.array([[0.0, 0.0], [sizes[:, 0].mean() + 4 * GAP[0], 0.0]])
    index = {node: i for i, node in enumerate(part.tolist())}
    ends = np.array([sorted((index[u], index[v])) for u, v in graph.edges()])
    ends = ends[np.lexsort(ends.T[::-1])]
    plain: nx.Graph[int] = nx.Graph()  # nodes and edges in order, whatever the order of the sets that they come from
    plain.add_nodes_from(range(n))
    plain.add_edges_from(ends.tolist())
    area = ROOM * min(1, 0.4 + n / 40) * (sizes + GAP).prod(axis=1).sum()
    wide = min(width, np.sqrt(1.6 * area))
    high = np.clip(area / wide, 0.3 * wide, 0.9 * wide)
    best = (np.inf, np.zeros((n, 2)))
    for start in range(STARTS):
        at = None if start == 0 else dict(enumerate(np.random.default_rng(start).random((n, 2))))
        layout = nx.kamada_kawai_layout(plain, pos=at)
        places = _rotate(np.array([layout[i] for i in range(n)]))
        extent = np.maximum(np.ptp(places, axis=0), 1e-9)
        places = _improve(places * np.array([wide, high]) / extent, sizes, ends, width)
        score = _clutter(places, sizes, ends)
        if start == 0 or score < best[0]:
            best = (score, places)
    return best[1]


def _rotate(places: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Places rotated so that the longer axis is horizontal, and the first word is at the lower left."""
    places = places - places.mean(axis=0)
    places = places @ np.linalg.svd(places, full_matrices=False)[2].T
    return places * np.where(places[0] > 0, -1, 1)


def _improve(
    places: npt.NDArray[Any], sizes: npt.NDArray[Any], ends: npt.NDArray[Any], width: float
) -> npt.NDArray[Any]:
    """Places pushed apart, then words moved off the lines behind them as long as that helps."""
    places = _push_apart(places, sizes, width)
    best, least = places, _clutter(places, sizes, ends)
    for _ in range(25):
        line, word = np.nonzero(_lines_behind_words(places, sizes, ends))
        if not len(line):
            break
        from_, to = places[ends[line, 0]], places[ends[line, 1]]
        across = np.stack([from_[:, 1] - to[:, 1], to[:, 0] - from_[:, 0]], axis=1)
        across /= np.maximum(np.hypot(*across.T), 1e-9)[:, None]
        side = np.sign(((places[word] - from_) * across).sum(axis=1))
        step = across * np.where(side == 0, 1, side)[:, None] * 0.4 * sizes[word, 1:]
        moved = places.copy()
        np.add.at(moved, word, step)
        np.add.at(moved, ends[line].ravel(), np.repeat(-0.3 * step, 2, axis=0))
        places = _push_apart(moved, sizes, width)
        if (score := _clutter(places, sizes, ends)) < least:
            best, least = places, score
    return best


def _push_apart(places: npt.NDArray[Any], sizes: npt.NDArray[Any], width: float) -> npt.NDArray[Any]:
    """Places moved by small steps until no word overlaps another and all are within the width of the page."""
    n, need = len(places), (sizes[:, None] + sizes[None]) / 2 + np.array(GAP)
    order = np.sign(np.arange(n)[:, None] - np.arange(n)[None]).astype(float)
    places, half = places - places.mean(axis=0), (width - sizes[:, 0]) / 2
    for turn in range(3000):
        places[:, 0] = np.clip(places[:, 0], -half, half)
        away = places[:, None] - places[None]
        lacking = need - np.abs(away)
        over = (lacking > 1e-6).all(axis=2)
        np.fill_diagonal(over, False)
        if not over.any():
            break
        # Sideways at first only: up and down there is always room.
        sideways = over & (lacking[..., 0] < lacking[..., 1]) & (turn < 600)
        sign = np.where(away == 0, order[..., None], np.sign(away))
        step = np.stack([sideways * lacking[..., 0], (over & ~sideways) * lacking[..., 1]], axis=2)
        places = places + 0.35 * (sign * (step + 0.05 * (step > 0))).sum(axis=1)
    return places


def _lines_behind_words(places: npt.NDArray[Any], sizes: npt.NDArray[Any], ends: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Which lines run behind which words other than their own, as booleans of shape (n_edges, n_words)."""
    start, way = places[ends[:, 0]][:, None], (places[ends[:, 1]] - places[ends[:, 0]])[:, None]
    way = np.where(np.abs(way) < 1e-9, 1e-9, way)
    bounds = np.stack([(places + side * sizes / 2 - start) / way for side in (-1, 1)])
    enter, leave = bounds.min(axis=0).max(axis=2), bounds.max(axis=0).min(axis=2)
    hit = (enter < leave) & (leave > 0) & (enter < 1)
    np.put_along_axis(hit, ends, False, axis=1)
    return hit


def _clutter(places: npt.NDArray[Any], sizes: npt.NDArray[Any], ends: npt.NDArray[Any]) -> float:
    """How hard a layout is to read: lines behind words, lines that cross, and their length."""
    p, q = places[ends[:, 0]], places[ends[:, 1]]

    def side(x: npt.NDArray[Any], y: npt.NDArray[Any], z: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """On which side of the lines from x to y the points z lie, by sign: shape (n_edges, n_edges)."""
        way, to = (y - x)[:, None], z[None] - x[:, None]
        return way[..., 0] * to[..., 1] - way[..., 1] * to[..., 0]

    cross = (side(p, q, p) * side(p, q, q) < 0) & (side(p, q, p) * side(p, q, q) < 0).T
    return round(
        3 * _lines_behind_words(places, sizes, ends).sum() + cross.sum() / 2 + np.hypot(*(p - q).T).mean() / 100, 6
    )


def _arrange_rows(
    parts: list[npt.NDArray[Any]], placed: list[npt.NDArray[Any]], sizes: npt.NDArray[Any], width: float
) -> tuple[npt.NDArray[Any], float]:
    """Centres of all words, with components in rows, the tallest first, spread over the width; and the height."""
    boxes = []
    for part, places in zip(parts, placed, strict=True):
        low, high = (places - sizes[part] / 2).min(axis=0), (places + sizes[part] / 2).max(axis=0)
        boxes.append((part, places - low, high - low))
    boxes.sort(key=lambda box: (-len(box[0]) if len(box[0]) > 2 else 0, -box[2][1], box[0][0]))
    rows: list[list[Any]] = [[]]
    used = 0.0
    for box in boxes:
        if rows[-1] and used + 2 * GAP[0] + box[2][0] > width:
            rows.append([])
            used = 0.0
        rows[-1].append(box)
        used += (2 * GAP[0] if used else 0) + box[2][0]
    centres, y = np.zeros((len(sizes), 2)), 0.0
    for row in rows:
        tall, spare = max(size[1] for *_, size in row), width - math.fsum(size[0] for *_, size in row)
        x = spare / (len(row) + 1)
        for part, places, size in row:
            centres[part] = places + np.array([x, y - tall / 2 - size[1] / 2])
            x += size[0] + spare / (len(row) + 1)
        y -= tall + 2 * GAP[1]
    height = -y - 2 * GAP[1]
    return np.round(centres + np.array([0, height]), 2), round(height, 2)
