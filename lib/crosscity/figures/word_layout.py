from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


STARTS = 6  # layouts that are tried of each part; the one with the fewest crossings is taken


GAP = (9.0, 7.0)  # points between words, at least


ROOM = 5.0  # area of a large part of the network, in areas of its words; small ones need less


def word_layout(
    sizes: npt.NDArray[Any], a: npt.ArrayLike, b: npt.ArrayLike, width: float
) -> tuple[npt.NDArray[Any], float]:
    """Places for words, so that joined ones are near, none overlaps another, and few lines run behind words.

    Each connected part is laid out by itself (Kamada and Kawai 1989), its words pushed apart; parts stand in rows, the
    tallest first. The same for the same input.

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
    placed = [_part(graph.subgraph(part.tolist()), part, sizes[part], width) for part in parts]
    return _in_rows(parts, placed, sizes, width)


def _part(graph: Any, part: npt.NDArray[Any], sizes: npt.NDArray[Any], width: float) -> npt.NDArray[Any]:
    """Places of the words of one connected part."""
    import networkx as nx

    n = len(part)
    if n == 1:
        return np.zeros((1, 2))
    if n == 2:
        return np.array([[0.0, 0.0], [sizes[:, 0].mean() + 4 * GAP[0], 0.0]])
    index = {node: i for i, node in enumerate(part.tolist())}
    ends = np.array([sorted((index[u], index[v])) for u, v in graph.edges()])
    ends = ends[np.lexsort(ends.T[::-1])]
    plain: nx.Graph[int] = nx.Graph()  # its nodes and edges in order, whatever the order of the sets they come from
    plain.add_nodes_from(range(n))
    plain.add_edges_from(ends.tolist())
    area = ROOM * min(1, 0.4 + n / 40) * (sizes + GAP).prod(axis=1).sum()
    wide = min(width, np.sqrt(1.6 * area))
    high = np.clip(area / wide, 0.3 * wide, 0.9 * wide)
    best = (np.inf, np.zeros((n, 2)))
    for start in range(STARTS):
        at = None if start == 0 else dict(enumerate(np.random.default_rng(start).random((n, 2))))
        found = nx.kamada_kawai_layout(plain, pos=at)
        places = _lying(np.array([found[i] for i in range(n)]))
        extent = np.maximum(np.ptp(places, axis=0), 1e-9)
        places = _settled(places * np.array([wide, high]) / extent, sizes, ends, width)
        score = _score(places, sizes, ends)
        if start == 0 or score < best[0]:
            best = (score, places)
    return best[1]


def _lying(places: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Turned so that the longer axis lies, and the first word is in the left lower half."""
    places = places - places.mean(axis=0)
    places = places @ np.linalg.svd(places, full_matrices=False)[2].T
    return places * np.where(places[0] > 0, -1, 1)


def _settled(
    places: npt.NDArray[Any], sizes: npt.NDArray[Any], ends: npt.NDArray[Any], width: float
) -> npt.NDArray[Any]:
    """Pushed apart; then words off the lines that run behind them, as long as that helps."""
    places = _apart(places, sizes, width)
    best, least = places, _score(places, sizes, ends)
    for _ in range(25):
        line, word = np.nonzero(_behind(places, sizes, ends))
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
        places = _apart(moved, sizes, width)
        if (score := _score(places, sizes, ends)) < least:
            best, least = places, score
    return best


def _apart(places: npt.NDArray[Any], sizes: npt.NDArray[Any], width: float) -> npt.NDArray[Any]:
    """Boxes moved by small steps until none overlaps another and all lie in the page's width."""
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
        # Sideways only while there is hope; then up and down, for which there is always room.
        sideways = over & (lacking[..., 0] < lacking[..., 1]) & (turn < 600)
        sign = np.where(away == 0, order[..., None], np.sign(away))
        step = np.stack([sideways * lacking[..., 0], (over & ~sideways) * lacking[..., 1]], axis=2)
        places = places + 0.35 * (sign * (step + 0.05 * (step > 0))).sum(axis=1)
    return places


def _behind(places: npt.NDArray[Any], sizes: npt.NDArray[Any], ends: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Which lines run behind which words, other than their own: shape (n_edges, n_words)."""
    start, way = places[ends[:, 0]][:, None], (places[ends[:, 1]] - places[ends[:, 0]])[:, None]
    way = np.where(np.abs(way) < 1e-9, 1e-9, way)
    bounds = np.stack([(places + side * sizes / 2 - start) / way for side in (-1, 1)])
    enter, leave = bounds.min(axis=0).max(axis=2), bounds.max(axis=0).min(axis=2)
    hit = (enter < leave) & (leave > 0) & (enter < 1)
    np.put_along_axis(hit, ends, False, axis=1)
    return hit


def _score(places: npt.NDArray[Any], sizes: npt.NDArray[Any], ends: npt.NDArray[Any]) -> float:
    """How hard a picture is to read: lines behind words, lines that cross, their length."""
    p, q = places[ends[:, 0]], places[ends[:, 1]]

    def side(
        x: npt.NDArray[Any], y: npt.NDArray[Any], z: npt.NDArray[Any]
    ) -> npt.NDArray[Any]:  # of which side of the lines x y the points z lie, shape (n_edges, n_edges)
        return (y - x)[:, None, 0] * (z[None, :, 1] - x[:, None, 1]) - (y - x)[:, None, 1] * (
            z[None, :, 0] - x[:, None, 0]
        )

    cross = (side(p, q, p) * side(p, q, q) < 0) & (side(p, q, p) * side(p, q, q) < 0).T
    return round(3 * _behind(places, sizes, ends).sum() + cross.sum() / 2 + np.hypot(*(p - q).T).mean() / 100, 6)


def _in_rows(
    parts: list[npt.NDArray[Any]], placed: list[npt.NDArray[Any]], sizes: npt.NDArray[Any], width: float
) -> tuple[npt.NDArray[Any], float]:
    """Parts in rows, the tallest first, each row spread over the width."""
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
        tall, spare = max(size[1] for *_, size in row), width - sum(size[0] for *_, size in row)
        x = spare / (len(row) + 1)
        for part, places, size in row:
            centres[part] = places + np.array([x, y - tall / 2 - size[1] / 2])
            x += size[0] + spare / (len(row) + 1)
        y -= tall + 2 * GAP[1]
    height = -y - 2 * GAP[1]
    return np.round(centres + np.array([0, height]), 2), round(height, 2)
