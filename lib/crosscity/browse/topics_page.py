"""A browser of topics as a fragment of HTML: their map, terms, paragraphs and groups, without script or network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from .. import combined_error
from ..chinese import STATEMENT_END
from ..figures.topics import map_caption, map_layout
from ..inference import scope_label
from ..language import display_name, join_items, tr
from ..tables import WITHHELD
from ..topics.models import map_share, topic_map
from .fragments import as_list, prefix_problems, source, template

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..topics.models import TopicModel

ORDERS = {"weight": "weight", "frex": "FREX", "lift": "lift"}
MOST = 12  # groups that are listed; of more, the first FIRST and the last LAST
FIRST, LAST = 10, 3
LENGTH = 200  # characters of a paragraph that are shown
MAP = (100, 78)  # width and height of the map
LEAST = 2.7  # half of the room on the map that a circle needs for its number
_COLUMNS = {
    "terms": "topic by rank term value",
    "representatives": "topic rank doc_id paragraph group share text",
    "shares": "group topic share low high",
}


def topic_browser(
    model: TopicModel,
    names: Sequence[str],
    terms: pd.DataFrame,
    representatives: pd.DataFrame,
    shares: pd.DataFrame,
    stability: Sequence[float] | None = None,
    survives: Sequence[bool | None] | None = None,
    notes: str | Iterable[str] = (),
    prefix: str = "topics",
    labels: Mapping[int, str] | None = None,
    prevalence: Sequence[float] | None = None,
    by: str = "group",
) -> str:
    """A browser of topics, as a fragment for `fragments.page`: radio buttons and CSS alone, no script.

    In print, and where its style is not applied, as in a notebook that JupyterLab does not trust, all topics follow one
    another. Two fragments with different prefixes can share a page.

    Parameters
    ----------
    model : TopicModel
    names : sequence of str, length n_topics
        As of `topics.models.topic_names`.
    terms : DataFrame
        topic (1-based), by (weight, frex or lift), rank, term, value: of `topics.labels.terms_in_three_ways`.
    representatives : DataFrame
        topic, rank, doc_id, paragraph, group, share: of `topics.labels.representatives`; and text. Of a long paragraph
        the 200 characters with most of the topic's terms are shown.
    shares : DataFrame
        group, topic, share, low, high: of `topics.prevalence.intervals`, with reason and speaks_of if they are known.
        Of more than twelve groups the first ten and the last three are listed.
    stability : sequence of float, length n_topics, optional
        Of `topics.quality.stability`, 0 to 1; NaN where it is not known.
    survives : sequence of bool, length n_topics, optional
        None where it is not known.
    notes : sequence of str
        Caveats of this corpus; shown first.
    prefix : str
        Of every id: a letter, then letters, digits, - and _.
    labels : mapping of int to str, optional
        By topic, as of `topics.labels.read_labels`.
    prevalence : sequence of float, length n_topics, optional
        Share of each topic in the corpus, as of `topics.models.prevalence` with one group; left out, the unweighted
        mean over paragraphs.
    by : str
        What the groups are: city, year ...

    Raises
    ------
    CrosscityError
        If a table lacks a column, a sequence has another length, or the prefix is not an id.
    """
    k = len(model.weights)
    by_topic = {"names": names, "stability": stability, "survives": survives, "prevalence": prevalence}
    _check_input(k, terms, representatives, shares, by_topic, prefix)
    whole = tr("{share:.1%} of the paragraphs") if prevalence is None else tr("{share:.1%} of the corpus")
    sizes = np.nanmean(model.shares, axis=0) if prevalence is None else np.asarray(prevalence, dtype=float)
    known = np.full(k, np.nan) if stability is None else np.asarray(stability, dtype=float)
    survival = [None] * k if survives is None else [None if pd.isna(s) else bool(s) for s in survives]
    layout = map_layout(topic_map(model), sizes, *MAP, LEAST)
    topics = []
    for t, ((x, y), radius) in enumerate(zip(layout.centres, layout.radii, strict=True), start=1):
        words, texts, part = (table[table["topic"] == t] for table in (terms, representatives, shares))
        label = (labels or {}).get(t, "")
        stable = "" if np.isnan(known[t - 1]) else f"{known[t - 1]:.2f}"
        facts = [whole.format(share=sizes[t - 1])]
        if stable:
            facts.append(tr("stability {value}", value=stable))
        if survival[t - 1] is not None:
            facts.append(tr("survives resampling") if survival[t - 1] else tr("does not survive resampling"))
        topics.append(
            {
                "number": t,
                "name": names[t - 1],
                "label": label,
                "title": f"{t} {label}" if label else names[t - 1],
                "prevalence": f"{sizes[t - 1]:.1%}",
                "stability": stable,
                "facts": join_items(facts),
                "fallen": survival[t - 1] is False,
                "left": x,
                "top": round(100 * (1 - y / MAP[1]), 2),
                "wide": round(2 * radius, 2),
                "orders": [(o, _bars(words[words["by"] == o])) for o in ORDERS if (words["by"] == o).any()],
                "texts": _quotations(texts.sort_values("rank"), words["term"]),
                "groups": _groups(part),
            }
        )
    return template("topics.html").render(
        topics=topics,
        prefix=prefix,
        by=by,
        notes=as_list(notes),
        orders={order: display_name("order", title) for order, title in ORDERS.items() if (terms["by"] == order).any()},
        caption=map_caption(layout.moved, k, map_share(model), False in survival),
        height=MAP[1],
        measured=not np.isnan(known).all(),
    )


def _check_input(
    k: int,
    terms: pd.DataFrame,
    representatives: pd.DataFrame,
    shares: pd.DataFrame,
    by_topic: Mapping[str, Sequence[Any] | None],
    prefix: str,
) -> None:
    problems = []
    for (name, columns), table in zip(_COLUMNS.items(), (terms, representatives, shares), strict=True):
        if missing := [c for c in columns.split() if c not in table.columns]:
            problems.append(f"{name} lacks {', '.join(missing)}: it needs {columns.replace(' ', ', ')}")
    if not problems and (other := sorted(set(terms["by"]) - set(ORDERS))):
        problems.append(f"terms has by {other[0]!r}: it is one of {', '.join(ORDERS)}")
    if not problems and representatives["text"].isna().any():
        problems.append("representatives has paragraphs without text: join it on doc_id and paragraph")
    for name, values in by_topic.items():
        if values is not None and len(values) != k:
            problems.append(f"{name} has {len(values)} entries for {k} topics: give one a topic")
    problems += prefix_problems(prefix)
    if problems:
        raise combined_error(problems)


def _bars(words: pd.DataFrame) -> list[tuple[str, str, int]]:
    """Terms in their order, each with its value and its width in percent of the longest bar."""
    words = words.sort_values("rank")
    most = max(words["value"].max(), 1e-12)
    return [(w, f"{v:.3g}", round(100 * v / most)) for w, v in zip(words["term"], words["value"], strict=True)]


def _quotations(table: pd.DataFrame, terms: Iterable[str]) -> list[dict[str, str]]:
    """An excerpt of each paragraph, the topic's terms marked, and where it comes from."""
    pattern = _any_of(terms)
    return [
        {
            "text": _marked(row["text"], pattern),
            "source": tr(
                "{source}, {share:.0%} this topic",
                source=source(row["group"], row["doc_id"], row["paragraph"]),
                share=row["share"],
            ),
        }
        for row in table.to_dict("records")
    ]


def excerpt(text: str, terms: Iterable[str], length: int = LENGTH) -> str:
    """A short paragraph whole; of a long one, the stretch from a sentence's start with most of the terms."""
    text = " ".join(str(text).split())
    start = _start(text, _any_of(terms), length)
    return "…" * bool(start) + text[start : start + length] + "…" * (start + length < len(text))


def _any_of(terms: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(set(terms), key=lambda t: (-len(t), t))
    return re.compile("|".join(re.escape(t) for t in longest_first) or "(?!)")


def _start(text: str, pattern: re.Pattern[str], length: int) -> int:
    """Where the stretch of a text begins that has most matches of a pattern."""
    hits = np.array([m.start() for m in pattern.finditer(text)])
    starts = [0]
    if len(text) > length:
        starts += [m.end() for m in STATEMENT_END.finditer(text)]
    counts = [np.count_nonzero((hits >= s) & (hits < s + length)) for s in starts]
    return starts[counts.index(max(counts))]


def _marked(text: str, pattern: re.Pattern[str]) -> Markup:
    """An excerpt of a paragraph, in which matches of the pattern are marked."""
    text = " ".join(str(text).split())
    if not text.strip(WITHHELD):
        return Markup("<em>no text in these tables</em>")
    start = _start(text, pattern, LENGTH)
    part, at = text[start : start + LENGTH], 0
    parts = ["…" if start else ""]
    for m in pattern.finditer(part):
        parts += [escape(part[at : m.start()]), Markup("<mark>{}</mark>").format(m.group())]
        at = m.end()
    return Markup("").join([*parts, part[at:], "…" if start + LENGTH < len(text) else ""])


def _groups(table: pd.DataFrame) -> dict[str, Any]:
    """The rows of a topic's groups (None where some are left out), how many those are, and the notes below."""
    table = table.assign(group=table["group"].astype(str)).sort_values(["share", "group"], ascending=[False, True])
    absent, table = table[table["share"].isna()], table.dropna(subset="share")
    between = len(table) - FIRST - LAST if len(table) > MOST else 0
    listed_groups = pd.concat([table.head(FIRST), table.tail(LAST)]) if between else table
    scale = max(listed_groups[["share", "high"]].max().max(), 1e-12) if len(listed_groups) else 1
    rows: list[dict[str, str] | None] = []
    without: dict[str, list[str]] = {}  # groups that have no interval, by the reason
    for row in listed_groups.to_dict("records"):
        share, low, high = row["share"], row["low"], row["high"]
        interval, bar = "", f"--s:{share / scale:.1%}"
        if pd.isna(low) or pd.isna(high):
            without.setdefault(row.get("reason", ""), []).append(row["group"])
        else:
            interval = f"({100 * low:.1f}–{high:.1%})"
            bar += f";--l:{low / scale:.1%};--w:{(high - low) / scale:.1%}"
        rows.append({"group": row["group"], "share": f"{share:.1%}", "interval": interval, "bar": bar})
    notes = _interval_notes(without, len(rows), scale)
    if len(absent):
        notes.append(tr("No text of {which} took part.", which=_first_names(list(absent["group"]))))
    if "speaks_of" in table and len(table):
        scopes = tr(" or ").join(scope_label(scope) for scope in sorted(set(table["speaks_of"])))
        notes.append(tr("Intervals speak of {scopes}.", scopes=scopes))
    if between:
        rows.insert(FIRST, None)
    return {"rows": rows, "between": between, "notes": " ".join(notes)}


def _interval_notes(without: Mapping[str, list[str]], n: int, scale: float) -> list[str]:
    """What the bars and lines of n groups mean, and which groups have no interval, and why."""
    if sum(map(len, without.values())) < n:
        notes = [tr("Bars from 0 to {scale:.1%}; lines: intervals.", scale=scale)]
    else:
        notes = [tr("Bars from 0 to {scale:.1%}.", scale=scale)]
    for reason, groups in without.items():
        which = _first_names(groups) if len(groups) < n else tr("all")
        if reason:
            notes.append(tr("No interval ({reason}): {which}.", reason=scope_label(reason), which=which))
        else:
            notes.append(tr("No interval: {which}.", which=which))
    return notes


def _first_names(names: Sequence[str]) -> str:
    return join_items(names[:FIRST]) + (tr(" and {n} more", n=len(names) - FIRST) if len(names) > FIRST else "")
