"""What one group alone reports: figures that no other group gives, the most telling first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...figures.indicators import indicator_name
from ...language import display_name, tr
from ..claims import Claim, amount, join_facts
from .fact_tables import fact_tables

if TYPE_CHECKING:
    from ..result import Result
    from ..study import Study

_GROUPS = 8  # of more groups nothing is listed
_FACTS = 2  # of a group
_ALIKE = 0.5  # Dice's coefficient of the pairs of characters of two items, from which on they are the same
_OF_UNIT = {"比例": 3.5, "元": 2.0}  # shares and money say more than counts of things
_OF_KIND = {"standard": 1.0, "actual": 0.5, "target": 0.5}
_NAMED = 0.4  # by which, of counts, an indicator comes before an item: it has a name in either language
_LONG = 22  # characters, beyond which an item is no name
# An item that begins as a clause does, or a sum of money that does not say of what, is no name.
_CLAUSE = re.compile(
    "[既到由把将对从于在为与和及以]|进行|进一步|利用|根据|落实|全部|连续|方面|选好|取得|比例|总额|我|观摩|当年|具备|不能"
)
_MONEY = re.compile("经费|收入|报酬|补贴|补助|资金|支付|投入|奖|基金|工资|贷|税|产值|生产总值|费|债|投资|价|薪|额")


def own_facts(result: Result) -> list[Claim]:
    """What each group alone reports: a claim of the family `own` a group; none if groups are one, or many.

    A figure is a group's own if no other reports its indicator, or gives a figure in the same unit of an item that
    is alike by its pairs of characters. Rules and shares come before sums, and these before counts. A figure bears the
    name of its indicator, or else of its item; those whose item is no name are left out.

    Parameters
    ----------
    result : Result
        The indicators of a study.
    """
    study = result.study
    groups = study.groups()
    if not 1 < len(groups) <= _GROUPS:
        return []
    rows = fact_tables(study).tables["quantities"]
    place = ["doc_id", "paragraph", "start"]
    known = result.rows.drop_duplicates(place).set_index(place)["indicator"].map(indicator_name).to_dict()
    rows = rows[rows["kind"].isin(_OF_KIND)].reset_index(drop=True)
    names = [
        known.get((r.doc_id, r.paragraph, r.start), "") or _name(r.item, r.scope, r.unit) for r in rows.itertuples()
    ]
    rows = rows.assign(name=names)[[bool(name) for name in names]].reset_index(drop=True)
    measured = result.rows[["indicator", *place]].merge(rows[["group", *place]], on=place)
    several = measured.groupby("indicator")["group"].transform("nunique") > 1
    shared = set(map(tuple, measured.loc[several, place].itertuples(index=False)))
    rows = rows.assign(shared=[(r.doc_id, r.paragraph, r.start) in shared for r in rows.itertuples()])
    rows = rows.assign(pairs=rows["item"].map(_pairs))
    facts = pd.DataFrame(
        [row for row in rows.to_dict("records") if not (row["shared"] or _is_elsewhere(row, rows))],
        columns=[*rows.columns],
    )
    if facts.empty:
        return []
    weight = facts["unit"].map(_OF_UNIT).fillna(1.0) + facts["kind"].map(_OF_KIND)
    weight += np.log10(facts["value"].clip(1, 1e6)).where(weight < 2, 0) / 10  # of counts the larger
    of_each = facts["scope"].str.contains("每") & (facts["unit"] == "元")
    named = facts["name"].isin(set(known.values())) & ~facts["unit"].isin(_OF_UNIT)
    facts = facts.assign(weight=weight + of_each + _NAMED * named - _is_of_a_part(study, facts))
    claims = []
    for group, own in facts.sort_values("weight", ascending=False, kind="stable").groupby("group", sort=False):
        named = _several(own.to_dict("records"))
        text = tr("{name}: {said}", name=group, said=join_facts(map(_fact, named))) + tr(".")
        claims.append(Claim("own", f"own {group}", text, "", float(named[0]["weight"]), "indicators.html"))
    order = {group: i for i, group in enumerate(groups)}
    return sorted(claims, key=lambda claim: order[claim.topic.removeprefix("own ")])


def _name(item: str, scope: str, unit: str) -> str:
    """An item as a label, without the place that its scope states; empty if it is none."""
    item = item.removeprefix(scope).removeprefix(scope.removesuffix("市"))
    whole = item.count("“") == item.count("”") and 3 < len(item) <= _LONG
    if not whole or "…" in item or _CLAUSE.match(item) or (unit == "元" and not _MONEY.search(item)):
        return ""
    return item


def _several(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first facts that are not alike, each of another paragraph where there is one."""
    chosen: list[dict[str, Any]] = []
    for elsewhere in (True, False):
        for row in facts:
            near = any(row["paragraph"] == one["paragraph"] and row["doc_id"] == one["doc_id"] for one in chosen)
            alike = any(_are_alike(row["pairs"], one["pairs"]) for one in chosen)
            if len(chosen) < _FACTS and not alike and not (near and elsewhere):
                chosen.append(row)
    return chosen


def _pairs(item: str) -> frozenset[str]:
    item = item.removesuffix("占比").removesuffix("比例").removesuffix("数") or item
    return frozenset(item[i : i + 2] for i in range(len(item) - 1))


def _is_elsewhere(row: dict[str, Any], rows: pd.DataFrame) -> bool:
    """Whether another group gives a figure of the same in the same unit."""
    others = rows[(rows["group"] != row["group"]) & (rows["unit"] == row["unit"])]
    return any(_are_alike(row["pairs"], pairs) for pairs in others["pairs"])


def _are_alike(a: frozenset[str], b: frozenset[str]) -> bool:
    return 2 * len(a & b) >= _ALIKE * (len(a) + len(b))


def _is_of_a_part(study: Study, facts: pd.DataFrame) -> pd.Series:
    """Whether a figure is of a smaller place than the group's documents."""
    places = study.corpus.set_index("doc_id")["city"].reindex(facts["doc_id"]).fillna("").to_numpy()
    scopes = zip(facts["scope"], places, strict=True)
    inside = [bool(s) and "每" not in s and (not p or s.rstrip("市") != p.rstrip("市")) for s, p in scopes]
    return pd.Series(inside, index=facts.index, dtype=float)


def _fact(row: dict[str, Any]) -> str:
    """A figure as a sentence has it: its item, value, and whether it is a rule or a target."""
    value, upper, unit = row["value"], row["upper"], row["unit"]
    if unit == "比例":
        value, upper, unit = round(value * 100, 2), round(upper * 100, 2), "%"
    bound = {">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< ", "~": "≈ "}.get(row["qualifier"], "")
    said = f"{row['name']} {bound}{amount(value, unit, upper)}"
    kind = {"standard": "rule", "target": "target"}.get(row["kind"], "")
    return tr("{name} ({said})", name=said, said=display_name("mark", kind)) if kind else said
