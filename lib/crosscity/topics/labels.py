"""Topics for readers: their leading terms, representative paragraphs, and the labels that a researcher gives them."""

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
from ..ordering import sort_rows
from .models import TOP, top_terms, topic_names

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt
    from scipy import sparse

    from .models import TopicModel

MIN_JACCARD = 0.5  # of the top terms of two topics that are one: 7 of 10 in common give 0.54, 6 give 0.43
MEASURES = ("weight", "frex", "lift")
COLUMNS = ["topic", "label", "terms", "fingerprint"]


def terms_by_measure(model: TopicModel, counts: sparse.csr_array, by: str = "weight", n: int = TOP) -> pd.DataFrame:
    """The first n terms of each topic by weight, FREX or lift; ties by term.

    With b(k,v) the weight of term v in topic k:

    - weight: b(k,v), as in `models.top_terms`.
    - frex: 1 / (0.5 / E(b(k,v) / sum over j of b(j,v)) + 0.5 / F(b(k,v))), the harmonic mean of the ranks of
      exclusivity and frequency (Bischof and Airoldi 2012; Roberts et al. 2014). E and F are the empirical distribution
      functions over the topic's terms; those of weight zero, of which NMF has many and LDA none, do not count.
    - lift: b(k,v) / (share of v in all words of `counts`) (Taddy 2012). It favours rare terms, the more so as this
      model's weights are of tf-idf.

    Parameters
    ----------
    model : TopicModel
    counts : sparse array, shape (n_paragraphs, n_terms)
    by : str
        Of `MEASURES`.
    n : int
        Terms without weight in a topic are not listed, so that it may have fewer.

    Returns
    -------
    DataFrame
        Columns topic (1-based), rank, term, value (of the measure).

    Raises
    ------
    CrosscityError
        If the measure is unknown.
    """
    weights = np.round(model.weights, 8)  # differences of less are noise, and tie
    if by == "weight":
        values = weights
    elif by == "frex":
        values = _frex(weights)
    elif by == "lift":
        share = np.asarray(counts.sum(axis=0)).ravel() / counts.sum()
        values = np.where(share > 0, weights / np.where(share > 0, share, 1), 0)
    else:
        msg = f"by is {by!r}: give weight, frex or lift"
        raise CrosscityError(msg)
    rows = []
    for topic, row in enumerate(np.round(values, 6), start=1):
        order = sorted(np.flatnonzero(row > 0), key=lambda j: (-row[j], model.terms[j]))[:n]
        rows += [(topic, rank, model.terms[j], row[j]) for rank, j in enumerate(order, start=1)]
    return pd.DataFrame(rows, columns=["topic", "rank", "term", "value"])


def _frex(weights: npt.NDArray[Any]) -> npt.NDArray[Any]:
    values = np.zeros(weights.shape)
    exclusivity = np.round(weights / np.maximum(weights.sum(axis=0), 1e-300), 6)
    for k, present in enumerate(weights > 0):
        e, f = (rankdata(x[k, present], "max") / present.sum() for x in (exclusivity, weights))
        values[k, present] = 1 / (0.5 / e + 0.5 / f)
    return values


def terms_by_all_measures(model: TopicModel, counts: sparse.csr_array, n: int = TOP) -> pd.DataFrame:
    """`terms_by_measure` for each of `MEASURES`, in one table: columns topic, by, rank, term, value."""
    tables = [terms_by_measure(model, counts, measure, n).assign(by=measure) for measure in MEASURES]
    return pd.concat(tables, ignore_index=True)[["topic", "by", "rank", "term", "value"]]


def representative_paragraphs(
    model: TopicModel, paragraphs: pd.DataFrame, sizes: npt.ArrayLike, n: int = 3, one_a_document: bool = True
) -> pd.DataFrame:
    """The paragraphs that represent each topic best, at most one a document unless more are wanted.

    They are ranked by share * min(1, size / median size of the paragraphs that took part): one of half the usual length
    counts half, a longer one no more than its share. Ties go to the longer paragraph, then to the first.

    Parameters
    ----------
    model : TopicModel
    paragraphs : DataFrame
        Columns doc_id, paragraph, group, in the model's order.
    sizes : sequence of int, length n_paragraphs
        In characters.
    n : int
        Paragraphs a topic.
    one_a_document : bool

    Returns
    -------
    DataFrame
        Columns topic (1-based), rank, doc_id, paragraph, group, share, size.
    """
    sizes, parts = np.asarray(sizes), []
    table = pd.DataFrame({c: paragraphs[c].to_numpy() for c in ("doc_id", "paragraph", "group")}).assign(size=sizes)
    known = ~np.isnan(model.shares).any(axis=1)
    usual_size = max(np.median(sizes[known]) if known.any() else 1, 1)
    factor = np.minimum(1, sizes / usual_size)
    for topic, share in enumerate(np.round(model.shares, 6).T, start=1):
        part = table.assign(topic=topic, share=share, score=np.round(share * factor, 6))
        columns, ascending = ["score", "size", "doc_id", "paragraph"], [False, False, True, True]
        part = sort_rows(part[part["score"] > 0], columns, ascending)
        part = (part.drop_duplicates("doc_id") if one_a_document else part).head(n)
        parts.append(part.assign(rank=range(1, len(part) + 1)))
    return pd.concat(parts, ignore_index=True)[["topic", "rank", "doc_id", "paragraph", "group", "share", "size"]]


def write_labels(path: Path | str, model: TopicModel, former: Path | str | None = None) -> list[str]:
    """Write the table in which a researcher names topics; with tabs where the file's name ends in .tsv.

    No label is lost. Labels of the file at `path` (or else of `former`) follow their topics as `read_labels` says, with
    the other cells of their rows; those whose topic is gone stay in rows without a topic at the end, and are used again
    when it comes back. A file that cannot be read is an error, and stays as it is.

    Returns
    -------
    list of str
        The notes of `read_labels` on the earlier file.
    """
    source = path if Path(path).exists() else former
    rows = _read_rows(source, model) if source else []
    topics, notes = _match_rows(rows, model)
    row_of = {topic: row for row, topic in zip(rows, topics, strict=True) if topic}
    extra_columns = list(dict.fromkeys(c for row in rows for c in row if c and c not in COLUMNS))
    table = []
    for topic, terms in enumerate(map(" ".join, _top_terms(model)), start=1):
        table.append({**row_of.get(topic, {}), "topic": topic, "terms": terms, "fingerprint": letter_digest(terms)})
    unmatched = [{**row, "topic": ""} for row, topic in zip(rows, topics, strict=True) if not topic]
    table += [row for row in unmatched if any(row[c] for c in ["label", *extra_columns])]
    write_text(
        path, spreadsheet_text(table, [*COLUMNS, *extra_columns], "\t" if Path(path).suffix.lower() == ".tsv" else ",")
    )
    return notes


def read_labels(path: Path | str, model: TopicModel) -> tuple[dict[int, str], list[str]]:
    """The labels of a file that a researcher edited, matched to topics by their terms.

    A row belongs to the topic whose ten top terms have most in common with its own (the highest Jaccard of all pairs
    first; ties go to the topic of the same number). Below 0.5 the topic is another one: the label is not used, and a
    note says so.

    Returns
    -------
    labels : dict of int to str
        By topic, 1-based; topics without a label are absent.
    notes : list of str
        A sentence for every label that moved, is not used, stands at several topics, or whose terms have changed.

    Raises
    ------
    CrosscityError
        If the file is absent, empty, no such table, in an encoding without Chinese, or has unknown or double topics.
    """
    rows = _read_rows(path, model)
    topics, notes = _match_rows(rows, model)
    labels = dict(sorted((t, row["label"]) for t, row in zip(topics, rows, strict=True) if t and row["label"]))
    for label in dict.fromkeys(labels.values()):
        same = [str(t) for t in labels if labels[t] == label]
        if len(same) > 1:
            notes.append(
                tr("Topics {topics} have the same label, {label!r}.", topics=tr(" and ").join(same), label=label)
            )
    return labels, notes


def name_topics(model: TopicModel, path: Path | str | None) -> tuple[list[str], list[str]]:
    """Name the topics of a run: the number, and the label that a researcher gave in a file, or else the first terms.

    Returns
    -------
    names, notes : list of str
        See `read_labels` for the notes.
    """
    labels, notes = read_labels(path, model) if path else ({}, [])
    names = topic_names(model)
    return [f"{t} {labels[t]}" if t in labels else name for t, name in enumerate(names, start=1)], notes


def _top_terms(model: TopicModel) -> list[list[str]]:
    table = top_terms(model, TOP)
    return [list(table.loc[table["topic"] == t, "term"]) for t in range(1, len(model.weights) + 1)]


def _read_rows(path: Path | str, model: TopicModel) -> list[dict[str, Any]]:
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
        if problem:
            problems.append(f"{path}, row {number}: {problem}")
        row["topic"] = topic[1] if topic else ""
        seen.setdefault(row["topic"], number)
        rows.append(row)
    if problems:
        raise combined_error(problems)
    return rows


def _match_rows(rows: list[dict[str, Any]], model: TopicModel) -> tuple[list[int], list[str]]:
    """The topic of each row, 0 if it is gone, and sentences on what changed."""
    topic_terms = [set(t) for t in _top_terms(model)]
    row_terms = [set(row["terms"].split()) for row in rows]
    jaccard = [[len(a & b) / max(len(a | b), 1) for b in topic_terms] for a in row_terms]
    pairs = sorted(
        (-jaccard[i][t], rows[i]["topic"] != str(t + 1), t, i)
        for i in range(len(rows))
        for t in range(len(topic_terms))
    )
    topics = [0] * len(rows)
    for negative, _, t, i in pairs:
        if -negative >= MIN_JACCARD and not topics[i] and t + 1 not in topics:
            topics[i] = t + 1
    notes = []
    for row, topic, terms, agreement in zip(rows, topics, row_terms, jaccard, strict=True):
        if row["label"] and (note := _note(row, topic, terms, agreement, topic_terms)):
            notes.append(note)
    return topics, notes


def _note(row: dict[str, Any], topic: int, terms: set[str], agreement: list[float], topic_terms: list[set[str]]) -> str:
    """What became of the label of a row; empty if nothing changed."""
    best = topic or agreement.index(max(agreement)) + 1
    if not topic and max(agreement) < MIN_JACCARD:
        template = (
            "The label {label!r} of topic {topic} is not used: its topic has changed; the nearest is topic {best}, "
            "which has {n} of its {all} terms (Jaccard {near:.2f}, below {least})."
        )
    elif not topic:
        template = (
            "The label {label!r} of topic {topic} is not used: its topic has changed; the nearest is topic {best}, "
            "which has {n} of its {all} terms (another row is nearer)."
        )
    elif row["topic"] != str(topic):
        template = "The label {label!r} of topic {topic} has moved to topic {best}, which has {n} of its {all} terms."
    elif agreement[topic - 1] < 1:
        template = (
            "The label {label!r} of topic {topic} is kept, but the terms are not all the same: it is topic {best}, "
            "which has {n} of its {all} terms."
        )
    else:
        return ""
    return tr(
        template,
        label=row["label"],
        topic=row["topic"] or tr("no number"),
        best=best,
        n=len(terms & topic_terms[best - 1]),
        all=len(terms),
        near=max(agreement),
        least=MIN_JACCARD,
    )
