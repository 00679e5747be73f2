"""What sentences claim: how much is admitted and planned, which themes have most room, who admits which problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...language import display_name, join_items, tr
from ..claims import Claim, extremes, sentences, spread
from .claim_basis import (
    FEW,
    genre_of_groups,
    groups_left_aside,
    how_often_right,
    of_complete_groups,
    of_main_genre,
    theme_name,
)
from .fact_tables import fact_tables
from .stances import Stances, StancesOfUnits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..study import Study
    from .stances import Causes

_LEAST = 4  # groups that make a comparison within a genre
_PARAGRAPHS = 8  # of a group, below which its shares are chance
_OTHER_GENRES = 0.7  # how comparable what is admitted is between genres
_UNNAMED = ("general", "opening", "problems", "all")  # themes that are parts of a genre and no subject


def claims_of_stances(result: Stances) -> list[Claim]:
    """How much text admits problems and plans within one genre, what the genre does, who gives room to what."""
    whole = of_complete_groups(result.study, result.rows[(result.rows["theme"] == "all")])
    whole = whole[whole["paragraphs"] >= _PARAGRAPHS]
    claims = []
    alike = whole if isinstance(result, StancesOfUnits) else of_main_genre(result.study, whole)
    for stance in ("problem", "plan"):
        part = alike[alike["stance"] == stance].set_index("group")["share"]
        if len(part) >= (2 if isinstance(result, StancesOfUnits) else _LEAST):
            claims.append(_stance(result, stance, part))
    if not isinstance(result, StancesOfUnits):
        claims += [*_genre(result.study, whole), *_themes(result), *_admissions(result)]
    return claims


def _stance(result: Stances, stance: str, shares: pd.Series) -> Claim:
    study, units = result.study, isinstance(result, StancesOfUnits)
    many = display_name("many", "units") if units else study.plural()
    digits = ".0%" if shares.max() >= 0.1 else ".1%"
    least, greatest, _ = extremes(shares, lambda v: format(v, digits))
    values = {
        "median": format(shares.median(), digits),
        "n": len(shares),
        "many": many,
        "greatest": greatest,
        "least": least,
    }
    if stance == "problem":
        said = tr(
            "Problems take {median} of the text in the median of {n} {many}: most in {greatest}, least in {least}.",
            **values,
        )
    else:
        said = tr(
            "Plans take {median} of the text in the median of {n} {many}: most in {greatest}, least in {least}.",
            **values,
        )
    text = sentences(said, "" if units else _trend(study, shares))
    caveat = tr(
        "Compared within one genre. Sentences are sorted by rules ({right}).", right=how_often_right(study, "stances")
    )
    score = spread(shares) * (0.4 + 0.4 * min(1, len(shares) / max(len(study.groups()), 1)))
    # Shares of a hundredth are a sentence more or less.
    score *= min(1, shares.max() / 0.1)
    return Claim("stance", f"stance {stance}", text, caveat, score, f"#figure-{result.name}")


def _genre(study: Study, whole: pd.DataFrame) -> Iterator[Claim]:
    """What genres do to the share of problems, where groups are of several."""
    genres = genre_of_groups(study)
    shares = whole[whole["stance"] == "problem"].set_index("group")["share"]
    named = shares.index.map(lambda g: genres.get(g, ""))
    by_genre = shares.groupby(named).agg(["median", "size"]).drop("", errors="ignore").sort_values("median")
    if len(by_genre) < 2:
        return
    low, high = by_genre.index[0], by_genre.index[-1]
    values = {
        "low": display_name("lane", low),
        "high": display_name("lane", high),
        "less": by_genre["median"].iloc[0],
        "more": by_genre["median"].iloc[-1],
    }
    if by_genre["median"].iloc[-1] > 2 * by_genre["median"].iloc[0]:
        yield Claim(
            "genre",
            "genre problem",
            tr(
                "How much is admitted goes with genre: where it is {high}, problems take {more:.0%} of the text, "
                "where it is {low}, {less:.0%}. Genres ask for more or less of it, so this says nothing of the {many}.",
                many=study.plural(),
                **values,
            ),
            "",
            0.0,
            "#figure-stances",
        )


def _themes(result: Stances) -> list[Claim]:
    """Which theme each group gives more room than the others; of many groups, the theme that differs most."""
    study = result.study
    sizes = result.rows.pivot_table("characters", "group", "theme", "sum", fill_value=0, sort=False)
    shares = sizes.div(sizes["all"].replace(0, np.nan), axis=0).drop(columns=[t for t in _UNNAMED if t in sizes])
    shares = of_complete_groups(study, shares.reset_index()).set_index("group").dropna(how="all")
    if len(shares) < 2 or shares.shape[1] < 2:
        return []
    caveat = tr("Themes are of a codebook, one a paragraph ({right}).", right=how_often_right(study, "themes"))
    if len(shares) > FEW:
        # A share of few paragraphs is coarse: it is no extreme.
        paragraphs = fact_tables(study).body.groupby("group").size().reindex(shares.index)
        shares = shares[paragraphs >= paragraphs.median() / 2]
        theme = (shares.quantile(0.9) - shares.quantile(0.1)).idxmax()
        if study.by == "year":
            third = len(shares) // 3
            theme = (shares.tail(third).median() - shares.head(third).median()).abs().idxmax()
        part = shares[theme]
        least, greatest, _ = extremes(part, lambda v: f"{v:.0%}")
        values = {"theme": theme_name(theme), "median": part.median(), "n": len(part), "many": study.plural()}
        if study.by == "year":
            text = tr(
                "Over the years the room for {theme} changes most: {median:.0%} of the text in the median of {n}, most "
                "in {greatest}, least in {least}.",
                greatest=greatest,
                least=least,
                **values,
            )
        else:
            text = tr(
                "The {many} differ most in the room for {theme}: {median:.0%} of the text in the median of {n}, most "
                "in {greatest}, least in {least}.",
                greatest=greatest,
                least=least,
                **values,
            )
        text = sentences(text, _trend(study, part))
        size = float(part.quantile(0.9) - part.quantile(0.1))
        return [Claim("theme", f"theme {theme}", text, caveat, min(1, 0.4 + size), "#figure-stances")]
    said_of, sizes_of = [], []
    for group in shares.index:
        others = shares.drop(index=group).max()
        theme = (shares.loc[group] - others).idxmax()
        if (more := shares.loc[group, theme] - others[theme]) > 0:
            values = {"share": shares.loc[group, theme], "others": others[theme]}
            values |= {"name": group, "theme": theme_name(theme)}
            said_of.append((more, tr("{name} {theme} ({share:.0%}; the others {others:.0%} at most)", **values)))
            sizes_of.append(more)
    if not said_of:
        return []
    said = tr("; ").join(text for _, text in sorted(said_of, key=lambda each: -each[0]))
    text = tr("What each gives more of its text to than any other: {said}.", said=said)
    score = min(1, 0.45 + float(np.mean(sizes_of))) * len(said_of) / len(shares)
    return [Claim("theme", "themes", text, caveat, score, "#figure-stances")]


def _admissions(result: Stances) -> list[Claim]:
    """On which theme problems are admitted, and by whom."""
    study, tables = result.study, fact_tables(result.study).tables
    themes = tables["themes"][~tables["themes"]["theme"].isin(_UNNAMED)]
    admitted = of_complete_groups(study, tables["stances"][tables["stances"]["stance"] == "problem"])
    few = len(study.groups()) <= FEW
    if few:  # sentences are counted, each with the first theme of its paragraph
        themes = themes.sort_values("rank", kind="stable").drop_duplicates(["doc_id", "paragraph"])
    problems = admitted.merge(themes[["doc_id", "paragraph", "theme"]], on=["doc_id", "paragraph"])
    if problems.empty or len(study.groups()) < 2:
        return []
    caveat = tr(
        "By the themes of the paragraph; sentences are sorted by rules ({right}).",
        right=how_often_right(study, "stances"),
    )
    groups = [g for g in study.groups() if g not in groups_left_aside(study)]
    if not few:
        held = problems.groupby("theme")["group"].nunique().sort_values(ascending=False, kind="stable")
        named = [tr("{name} ({said})", name=theme_name(t), said=n) for t, n in held.head(4).items()]
        silent = [g for g in groups if g not in set(admitted["group"])]
        values = {"said": join_items(named), "all": len(groups), "many": study.plural()}
        text = tr("What the {all} {many} admit as problems most often: {said}.", **values)
        if silent:
            less = join_items(silent[:FEW]) if len(silent) <= FEW else tr("{n} of them", n=len(silent))
            text = sentences(text, tr("No problem is read in {names}.", names=less))
        score = 0.3 + 0.3 * float((held.iloc[0] - held.iloc[-1]) / len(groups))
        return [Claim("admission", "admission", text, caveat, score, "#figure-stances")]
    said, silent = [], []
    for group in groups:
        counted = problems.loc[problems["group"] == group, "theme"].value_counts(sort=True)
        if len(counted):
            named = join_items(tr("{name} ({said})", name=theme_name(t), said=n) for t, n in counted.head(3).items())
            said.append(tr("{name}: {said}", name=group, said=named))
        elif group not in set(admitted["group"]):
            silent.append(group)
    text = tr("Who admits which problem, in sentences: {said}.", said=tr("; ").join(said))
    if silent:
        text = sentences(text, tr("No problem is read in {names}.", names=join_items(silent)))
    same = 1 if len(set(genre_of_groups(study).values())) < 2 else _OTHER_GENRES
    score = 0.7 * same * len(said) / len(groups)
    return [Claim("admission", "admission", text, caveat, score, "#figure-stances")]


def claims_of_causes(result: Causes) -> list[Claim]:
    """How many sentences give a cause, by unit where a document has several."""
    if result.rows.empty:
        return []
    units = fact_tables(result.study).paragraphs.drop_duplicates(["doc_id", "paragraph"])
    rows = result.rows.merge(units[["doc_id", "paragraph", "unit"]], on=["doc_id", "paragraph"])
    speaker = rows["unit"].where(rows["unit"] != "", rows["group"])
    counts = speaker.value_counts(sort=True)
    if len(counts) < 2 or len(counts) > FEW:
        return []
    text = tr("Causes of problems are given by {said}.", said=join_items(f"{g} ({n})" for g, n in counts.items()))
    score = 0.35 * len(counts) / max(len(result.study.groups()), len(counts))
    right = how_often_right(result.study, "stances")
    caveat = tr("Sentences are sorted by rules ({right}).", right=right)
    return [Claim("admission", "causes", text, caveat, score, "index.html#table-causes")]


def _trend(study: Study, shares: pd.Series) -> str:
    """Of years, how the first third differs from the last, in a sentence; else nothing."""
    third = len(shares) // 3
    if study.by != "year" or third < _LEAST:
        return ""
    ordered = shares.sort_index()
    early, late = ordered.head(third), ordered.tail(third)
    values = {"a": early.index[0], "b": early.index[-1], "c": late.index[0], "d": late.index[-1]}
    said = "In the median {early:.0%} in {a}–{b}, {late:.0%} in {c}–{d}."
    return tr(said, early=early.median(), late=late.median(), **values)
