"""A page to look through topics with: their map, terms, paragraphs and groups. It needs no script and no network."""

import functools
import re

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from .. import combined_error
from ..chinese import STATEMENT_END
from ..figures.topics import map_caption, map_layout
from ..inference import scope_label
from ..language import current_language, display_name, join_items, tr
from ..pages import environment, standalone
from ..tables import WITHHELD
from ..topics.models import map_share, topic_map

ORDERS = {"weight": "weight", "frex": "FREX", "lift": "lift"}
MOST = 12  # groups that are listed; of more, the first FIRST and the last LAST
FIRST, LAST = 10, 3
LENGTH = 200  # characters of a paragraph that are shown
MAP = (100, 78)  # width and height of the map
_COLUMNS = {
    "terms": "topic by rank term value",
    "representatives": "topic rank doc_id paragraph group share text",
    "shares": "group topic share low high",
}


def browse(
    model,
    names,
    terms,
    representatives,
    shares,
    stability=None,
    survives=None,
    notes=(),
    prefix="topics",
    labels=None,
    prevalence=None,
    by="group",
):
    """A browser of topics as a fragment of HTML: radio buttons and CSS alone, so that it works where scripts do not.

    Without its style, as in a notebook that JupyterLab does not trust, and in print it shows all topics one after the
    other. Where `prefix` differs, two fragments can stand on one page.

    Parameters
    ----------
    model : TopicModel
    names : list of str, length n_topics
        As of `topics.models.topic_names`.
    terms : DataFrame
        topic (1-based), by, rank, term, value: `topics.labels.terms_by_measure` by weight, frex or lift, with a column that says so.
    representatives : DataFrame
        topic, rank, doc_id, paragraph, group, share: of `topics.labels.representative_paragraphs`; and text. Of a long paragraph the 200
        characters with most of the topic's terms are shown.
    shares : DataFrame
        group, topic, share, low, high: of `topics.prevalence.intervals`, whose reason and speaks_of are shown if they are
        there. Of more than twelve groups the first ten and the last three are listed.
    stability : sequence of float, length n_topics, optional
        Of `topics.quality.stability`, 0 to 1; NaN where it is not known.
    survives : sequence of bool, length n_topics, optional
        None where it is not known.
    notes : sequence of str
        What the figures of this corpus must say; shown first.
    prefix : str
        Of every id: a letter, then letters, digits, - and _.
    labels : dict of int to str, optional
        By topic, as of `topics.labels.read_labels`.
    prevalence : sequence of float, length n_topics, optional
        Share of each topic in the corpus, as of `topics.models.prevalence` with one group; the mean over paragraphs if left
        out, whatever their length.
    by : str
        What the groups are: city, year ...

    Returns
    -------
    str

    Raises
    ------
    CrosscityError
        If a table lacks a column, a sequence has another length, or the prefix is no id.
    """
    k = len(model.weights)
    _check(k, terms, representatives, shares, names, stability, survives, prevalence, prefix)
    whole = tr("{share:.1%} of the paragraphs") if prevalence is None else tr("{share:.1%} of the corpus")
    prevalence = np.nanmean(model.shares, axis=0) if prevalence is None else np.asarray(prevalence, dtype=float)
    known = np.full(k, np.nan) if stability is None else np.asarray(stability, dtype=float)
    kept = [None] * k if survives is None else [None if pd.isna(s) else bool(s) for s in survives]
    centres, radii, moved = map_layout(topic_map(model), prevalence, *MAP, 2.7)
    topics = []
    for t, ((x, y), radius) in enumerate(zip(centres, radii, strict=True), start=1):
        words, texts, part = (table[table["topic"] == t] for table in (terms, representatives, shares))
        label = (labels or {}).get(t, "")
        stable = "" if np.isnan(known[t - 1]) else f"{known[t - 1]:.2f}"
        share = f"{prevalence[t - 1]:.1%}"
        facts = [whole.format(share=prevalence[t - 1])]
        facts += [tr("stability {value}", value=stable)] if stable else []
        if kept[t - 1] is not None:
            facts += [tr("survives resampling") if kept[t - 1] else tr("does not survive resampling")]
        topics.append(
            {
                "number": t,
                "name": names[t - 1],
                "label": label,
                "title": f"{t} {label}" if label else names[t - 1],
                "prevalence": share,
                "stability": stable,
                "facts": join_items(facts),
                "fallen": kept[t - 1] is False,
                "left": x,
                "top": round(100 * (1 - y / MAP[1]), 2),
                "wide": round(2 * radius, 2),
                "orders": [(o, _bars(words[words["by"] == o])) for o in ORDERS if (words["by"] == o).any()],
                "texts": _texts(texts.sort_values("rank"), words["term"]),
                "groups": _groups(part),
            }
        )
    return template("topics.html").render(
        topics=topics,
        prefix=prefix,
        by=by,
        notes=[notes] if isinstance(notes, str) else notes,
        orders={order: display_name("order", title) for order, title in ORDERS.items() if (terms["by"] == order).any()},
        caption=map_caption(moved, k, map_share(model), False in kept),
        height=MAP[1],
        measured=not np.isnan(known).all(),
    )


def page(fragment, title, lang=""):
    """A page of its own for fragments of `browse`: nothing is loaded, nothing runs, the font is part of it.

    Parameters
    ----------
    fragment, title, lang : str
        HTML, which is not escaped; text; the language of what is not from documents, the run's if left out.
    """
    return standalone("topics-page.html", title=title, lang=lang or current_language(), fragment=Markup(fragment))


@functools.cache
def template(name):
    """A template of the resources, which escapes what it is given and takes an unknown name for an error."""
    return environment().get_template(name)


def fragment_problems(prefix, table=(), columns=(), name="", source=""):
    """What keeps a table from being shown as a fragment, in words: columns it lacks, a prefix that is no id."""
    missing = [c for c in columns if c not in table]
    problems = [f"{name} lacks {', '.join(missing)}: give the table of {source}"] if missing else []
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", prefix):
        problems.append(f"prefix is {prefix!r}: give a letter, then letters, digits, - or _")
    return problems


def _check(k, terms, representatives, shares, names, stability, survives, prevalence, prefix):
    problems = []
    for (name, columns), table in zip(_COLUMNS.items(), (terms, representatives, shares), strict=True):
        if missing := [c for c in columns.split() if c not in table.columns]:
            problems.append(f"{name} lacks {', '.join(missing)}: it needs {columns.replace(' ', ', ')}")
    if not problems and (other := sorted(set(terms["by"]) - set(ORDERS))):
        problems.append(f"terms has by {other[0]!r}: it is one of {', '.join(ORDERS)}")
    if not problems and representatives["text"].isna().any():
        problems.append("representatives has paragraphs without text: join it on doc_id and paragraph")
    given = {"names": names, "stability": stability, "survives": survives, "prevalence": prevalence}
    for name, values in given.items():
        if values is not None and len(values) != k:
            problems.append(f"{name} has {len(values)} entries for {k} topics: give one a topic")
    problems += fragment_problems(prefix)
    if problems:
        raise combined_error(problems)


def _bars(words):
    """Terms in their order, with their values and widths in percent of the longest."""
    words = words.sort_values("rank")
    most = max(words["value"].max(), 1e-12)
    return [(w, f"{v:.3g}", round(100 * v / most)) for w, v in zip(words["term"], words["value"], strict=True)]


def _texts(table, terms):
    marked = re.compile("|".join(re.escape(t) for t in sorted(set(terms), key=lambda t: (-len(t), t))) or "(?!)")
    return [
        {
            "text": _excerpt(row["text"], marked),
            "source": tr(
                "{group}, {doc_id}, paragraph {paragraph}, {share:.0%} this topic",
                **{name: row[name] for name in ("group", "doc_id", "paragraph", "share")},
            ),
        }
        for row in table.to_dict("records")
    ]


def _excerpt(text, marked):
    """A paragraph, or those of its characters, from the beginning of a sentence on, that hold most of the terms."""
    text = " ".join(str(text).split())
    if not text.strip(WITHHELD):
        return Markup("<em>no text in these tables</em>")
    hits = np.array([m.start() for m in marked.finditer(text)])
    starts = [0, *(m.end() for m in STATEMENT_END.finditer(text))] if len(text) > LENGTH else [0]
    held = [np.count_nonzero((hits >= s) & (hits < s + LENGTH)) for s in starts]
    start = starts[held.index(max(held))]
    shown, at, parts = text[start : start + LENGTH], 0, ["…" if start else ""]
    for m in marked.finditer(shown):
        parts += [escape(shown[at : m.start()]), Markup("<mark>{}</mark>").format(m.group())]
        at = m.end()
    return Markup("").join([*parts, shown[at:], "…" if start + LENGTH < len(text) else ""])


def _groups(table):
    """What the table of a topic's groups shows: rows (None where some are left out), and what is said below it."""
    table = table.assign(group=table["group"].astype(str)).sort_values(["share", "group"], ascending=[False, True])
    absent, table = table[table["share"].isna()], table.dropna(subset="share")
    between = len(table) - FIRST - LAST if len(table) > MOST else 0
    shown = pd.concat([table.head(FIRST), table.tail(LAST)]) if between else table
    scale = max(shown[["share", "high"]].max().max(), 1e-12) if len(shown) else 1
    rows = []
    without: dict[str, list[str]] = {}
    for row in shown.to_dict("records"):
        share, low, high = row["share"], row["low"], row["high"]
        made = {"group": row["group"], "share": f"{share:.1%}", "interval": "", "bar": f"--s:{share / scale:.1%}"}
        if pd.isna(low) or pd.isna(high):
            without.setdefault(row.get("reason", ""), []).append(row["group"])
        else:
            made["interval"] = f"({100 * low:.1f}–{high:.1%})"
            made["bar"] += f";--l:{low / scale:.1%};--w:{(high - low) / scale:.1%}"
        rows.append(made)
    if any(r["interval"] for r in rows):
        said = [tr("Bars from 0 to {scale:.1%}; lines: intervals.", scale=scale)]
    else:
        said = [tr("Bars from 0 to {scale:.1%}.", scale=scale)]
    for reason, groups in without.items():
        which = _few(groups) if len(groups) < len(rows) else tr("all")
        if reason:
            said.append(tr("No interval ({reason}): {which}.", reason=scope_label(reason), which=which))
        else:
            said.append(tr("No interval: {which}.", which=which))
    if len(absent):
        said.append(tr("No text of {which} took part.", which=_few(list(absent["group"]))))
    if "speaks_of" in table and len(table):
        scopes = tr(" or ").join(scope_label(scope) for scope in sorted(set(table["speaks_of"])))
        said.append(tr("Intervals speak of {scopes}.", scopes=scopes))
    rows = rows[:FIRST] + [None] * bool(between) + rows[FIRST:]
    return {"rows": rows, "between": between, "said": " ".join(said)}


def _few(names):
    return join_items(names[:FIRST]) + (tr(" and {n} more", n=len(names) - FIRST) if len(names) > FIRST else "")
