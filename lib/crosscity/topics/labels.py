"""What a topic is called and what shows it: its terms, its paragraphs, the labels that a researcher gives."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from .. import CrosscityError, combined_error
from ..documents import letter_digest, read_spreadsheet, spreadsheet_text
from ..files import write_text
from ..language import tr
from .models import top_terms, topic_names

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt
    from scipy import sparse

    from .models import TopicModel

SAME = 0.5  # least Jaccard of two topics' top terms that makes them one: 7 of 10 in common give 0.54, 6 give 0.43
TOP = 10  # terms of a topic that are written, and compared
COLUMNS = ["topic", "label", "terms", "fingerprint"]


def terms_by(model: TopicModel, counts: sparse.csr_array, by: str = "weight", n: int = 10) -> pd.DataFrame:
    """The n first terms of each topic by weight, FREX or lift, of those that have weight in it; ties by term.

    With b(k,v) the weight of term v in topic k:

    - weight: b(k,v), as `models.top_terms`.
    - frex: 1 / (0.5 / E(b(k,v) / sum over j of b(j,v)) + 0.5 / F(b(k,v))), the harmonic mean of the ranks of
      exclusivity and frequency (Bischof and Airoldi 2012; Roberts et al. 2014). E and F are the empirical distribution
      functions over the topic's terms; those of weight zero, of which NMF has many and LDA none, do not count.
    - lift: b(k,v) / (share of v in all words of `counts`) (Taddy 2012). It favours rare terms, the more so as this
      model's weights are of tf-idf.

    The table has columns topic (1-based), rank, term, value (what `by` names).
    """
    values = weights = np.round(model.weights, 8)  # differences of less are noise, and tie
    if by == "frex":
        values, exclusive = np.zeros(weights.shape), np.round(weights / np.maximum(weights.sum(axis=0), 1e-300), 6)
        for k, held in enumerate(weights > 0):
            e, f = (rankdata(x[k, held], "max") / held.sum() for x in (exclusive, weights))
            values[k, held] = 1 / (0.5 / e + 0.5 / f)
    elif by == "lift":
        share = np.asarray(counts.sum(axis=0)).ravel() / counts.sum()
        values = np.where(share > 0, weights / np.where(share > 0, share, 1), 0)
    elif by != "weight":
        msg = f"by is {by!r}: give weight, frex or lift"
        raise CrosscityError(msg)
    rows = []
    for topic, line in enumerate(np.round(values, 6), start=1):
        order = sorted(np.flatnonzero(line > 0), key=lambda j: (-line[j], model.terms[j]))[:n]
        rows += [(topic, rank, model.terms[j], line[j]) for rank, j in enumerate(order, start=1)]
    return pd.DataFrame(rows, columns=["topic", "rank", "term", "value"])


def terms_in_three_ways(model: TopicModel, counts: sparse.csr_array, n: int = 10) -> pd.DataFrame:
    """`terms_by` weight, FREX and lift, one after the other: columns topic, by, rank, term, value."""
    ways = [terms_by(model, counts, way, n).assign(by=way) for way in ("weight", "frex", "lift")]
    return pd.concat(ways, ignore_index=True)[["topic", "by", "rank", "term", "value"]]


def representatives(model: TopicModel, paragraphs: pd.DataFrame, sizes: npt.NDArray[Any], n: int = 3) -> pd.DataFrame:
    """The paragraphs that represent each topic best, at most one a document.

    In order of share * min(1, size / median size of the paragraphs that took part): one of half the usual length counts
    half, one longer than usual no more than its share. Ties: the longer, then by document. `paragraphs` has columns
    doc_id, paragraph, group, and is in the model's order, as are `sizes`, in characters. The table has columns topic
    (1-based), rank, doc_id, paragraph, group, share, size.
    """
    sizes, parts = np.asarray(sizes), []
    table = pd.DataFrame({c: paragraphs[c].to_numpy() for c in ("doc_id", "paragraph", "group")}).assign(size=sizes)
    known = ~np.isnan(model.shares).any(axis=1)
    worth = np.minimum(1, sizes / max(np.median(sizes[known]) if known.any() else 1, 1))
    for topic, share in enumerate(np.round(model.shares, 6).T, start=1):
        part = table.assign(topic=topic, share=share, score=np.round(share * worth, 6))
        columns, rising = ["score", "size", "doc_id", "paragraph"], [False, False, True, True]
        part = part[part["score"] > 0].sort_values(columns, ascending=rising).drop_duplicates("doc_id").head(n)
        parts.append(part.assign(rank=range(1, len(part) + 1)))
    return pd.concat(parts, ignore_index=True)[["topic", "rank", "doc_id", "paragraph", "group", "share", "size"]]


def write_labels(path: Path | str, model: TopicModel, former: Path | str | None = None) -> list[str]:
    """Write the table in which a researcher names topics, whole or not at all; with tabs where its name ends in .tsv.

    No label is lost: those of a file that is there (or else of `former`) follow their topics as `read_labels` says,
    with what else stands in their rows; those whose topic is no more are kept in rows without a topic at the end, and
    are used again when it comes back. A file that cannot be read is an error, and stays as it is.

    Returns the notes that `read_labels` would give on the file that was there.
    """
    source = path if Path(path).exists() else former
    rows = _rows(source, model) if source else []
    placed, notes = _place(rows, model)
    of = {topic: row for row, topic in zip(rows, placed, strict=True) if topic}
    further = list(dict.fromkeys(c for row in rows for c in row if c and c not in COLUMNS))
    table = []
    for topic, terms in enumerate(map(" ".join, _tops(model)), start=1):
        table.append({**of.get(topic, {}), "topic": topic, "terms": terms, "fingerprint": letter_digest(terms)})
    unplaced = [{**row, "topic": ""} for row, topic in zip(rows, placed, strict=True) if not topic]
    table += [row for row in unplaced if any(row[c] for c in ["label", *further])]
    write_text(
        path, spreadsheet_text(table, [*COLUMNS, *further], "\t" if Path(path).suffix.lower() == ".tsv" else ",")
    )
    return notes


def read_labels(path: Path | str, model: TopicModel) -> tuple[dict[int, str], list[str]]:
    """The labels of a file that a researcher edited, checked against the terms of the topics they were given to.

    A row belongs to the topic whose ten top terms have most in common with its own (the highest Jaccard of all pairs
    first, ties to the same number). Below 0.5 the topic is another: its label is not used, and a note says so.

    Returns
    -------
    labels : dict of int to str
        By topic, 1-based; topics without a label are absent.
    notes : list of str
        A sentence for every label that moved, is not used, or whose terms are not all the same; and for double labels.

    Raises
    ------
    CrosscityError
        If the file is absent, empty, no such table, in an encoding without Chinese, or has unknown or double topics.
    """
    rows = _rows(path, model)
    placed, notes = _place(rows, model)
    labels = dict(sorted((t, row["label"]) for t, row in zip(placed, rows, strict=True) if t and row["label"]))
    same = {label: [str(t) for t in labels if labels[t] == label] for label in labels.values()}
    for label, topics in same.items():
        if len(topics) > 1:
            notes.append(
                tr("Topics {topics} have the same label, {label!r}.", topics=tr(" and ").join(topics), label=label)
            )
    return labels, notes


def name_topics(model: TopicModel, path: Path | str | None, out: Path | str) -> tuple[list[str], list[str]]:
    """Names of the topics of a run: the number, and the label that a researcher gave or else the first terms.

    Writes labels.csv into the folder `out`, with the labels of the file `path`, if there is one. Returns the names and
    the notes of `read_labels`.
    """
    given, notes = read_labels(path, model) if path else ({}, [])
    write_labels(Path(out) / "labels.csv", model, path or None)
    names = topic_names(model)
    return [f"{t} {given[t]}" if t in given else name for t, name in enumerate(names, start=1)], notes


def _tops(model: TopicModel) -> list[list[str]]:
    table = top_terms(model, TOP)
    return [list(table.loc[table["topic"] == t, "term"]) for t in range(1, len(model.weights) + 1)]


def _rows(path: Path | str, model: TopicModel) -> list[dict[str, Any]]:
    rows, problems = [], []
    seen: dict[str, int] = {}
    for number, row in read_spreadsheet(path, COLUMNS):
        topic = re.fullmatch(r"0*([1-9]\d*)(?:\.0*)?", row["topic"])
        row["terms"] = " ".join(row["terms"].split())
        problem = ""
        if not (row["terms"] or row["fingerprint"]) or (row["topic"] and not topic):
            problem = f"topic {row['topic']!r} is unknown: each of the {len(model.weights)} topics has a row with terms"
        elif letter_digest(row["terms"]) != row["fingerprint"]:
            problem = "terms or fingerprint are not as written: leave both; if Chinese is lost, save as CSV UTF-8"
        elif topic and topic[1] in seen:
            problem = f"topic {topic[1]} has a row already, {seen[topic[1]]}: keep one of them"
        problems += [f"{path}, row {number}: {problem}"] if problem else []
        row["topic"] = topic[1] if topic else ""
        seen.setdefault(row["topic"], number)
        rows.append(row)
    if problems:
        raise combined_error(problems)
    return rows


def _place(rows: list[dict[str, Any]], model: TopicModel) -> tuple[list[int], list[str]]:
    """The topic of each row, 0 where it has none any more, and sentences on what changed."""
    now, own = [set(t) for t in _tops(model)], [set(row["terms"].split()) for row in rows]
    alike = [[len(a & b) / max(len(a | b), 1) for b in now] for a in own]
    pairs = [(-alike[i][t], rows[i]["topic"] != str(t + 1), t, i) for i in range(len(rows)) for t in range(len(now))]
    placed, notes = [0] * len(rows), []
    for less, _, t, i in sorted(pairs):
        if -less >= SAME and not placed[i] and t + 1 not in placed:
            placed[i] = t + 1
    for row, topic, terms, near in zip(rows, placed, own, alike, strict=True):
        best = topic or near.index(max(near)) + 1
        about = {"label": row["label"], "topic": row["topic"] or tr("no number"), "best": best}
        about |= {"n": len(terms & now[best - 1]), "all": len(terms), "near": max(near), "least": SAME}
        if row["label"] and not topic and max(near) < SAME:
            told = (
                "The label {label!r} of topic {topic} is not used: its topic has changed; the nearest is topic {best}, "
                "which has {n} of its {all} terms (Jaccard {near:.2f}, below {least})."
            )
        elif row["label"] and not topic:
            told = (
                "The label {label!r} of topic {topic} is not used: its topic has changed; the nearest is topic {best}, "
                "which has {n} of its {all} terms (another row is nearer)."
            )
        elif row["label"] and row["topic"] != str(topic):
            told = "The label {label!r} of topic {topic} has moved to topic {best}, which has {n} of its {all} terms."
        elif row["label"] and near[topic - 1] < 1:
            told = (
                "The label {label!r} of topic {topic} is kept, but the terms are not all the same: it is topic {best}, "
                "which has {n} of its {all} terms."
            )
        else:
            continue
        notes.append(tr(told, **about))
    return placed, notes
