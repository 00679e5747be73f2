"""Whom a quantity is about: the document's place or sub-unit, each of its parts, or a county that the clause names."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from ...chinese import HAN
from ...documents import administrative_units

if TYPE_CHECKING:
    from .mentions import Quantity, QuantityContext

_ENDS = re.compile("[县区市旗]")
_WITHIN = re.compile(f"[{HAN}]{{1,5}}?(?:镇|乡|街道)(?:[{HAN}]{{1,6}}?社区)?")
_EACH = re.compile(
    "(?<!平均)每(?![年月季周日天到逢次秒分时万百千])一?[个名位家户所]?([^，。；、0-9一两每]{1,10}?)"
    "(?=[每的都年月不补发给安列落运工党经专办拨配有由达面督服0-9]|平均|至少)"
)
_OFFICE = re.compile("干部|主职|党员|书记")
_THRESHOLD = re.compile("以[上下]的?(村|社区|乡镇|企业|家庭|农户|户)")
_EACH_OF = re.compile("(?:[0-9]+[名个户位])?([^，。；、的0-9]{2,8})人均(?:分别)?(?:新增|增加|补|发|提高)")
_FOR_WHOM = re.compile(
    "(?<![面针应])对(?:[^。；]{0,160}?的)?([^，。；的“”、]{0,8}?(?:企业|单位|机构|人才|团队|个人|平台|园区|项目|主体|公司|高校|院所|家庭|人员|农户|基地|者|中心|村|社区|市|县|学生|教师|职工|集群|示范区|学校|医院|合作社))，[^。；]{0,24}?(?:给予|予以|奖励|补助|补贴|资助|最高)"
)
_LOCAL = re.compile("村|社区")


_AND = ("、", "和", "及", "与", "以及")


@functools.cache
def _counties() -> frozenset[str]:
    return frozenset(u.name for u in administrative_units() if not u.code.endswith("00") and len(u.name) > 2)


@functools.cache
def _lengths() -> list[int]:
    """Lengths of the names of counties, the longest first: 东西湖区 is not 西湖区."""
    return sorted({len(name) for name in _counties()}, reverse=True)


def _county(text: str, begin: int, end: int, default: str) -> str:
    """The only county that a clause names, with the town or village in it; empty if there is none, or several."""
    county = ""
    for m in _ENDS.finditer(text, begin, end):
        if text.startswith(("域", "城", "级"), m.end()):
            continue  # 新建县域医疗中心
        names = (text[max(begin, m.end() - length) : m.end()] for length in _lengths())
        name = next((name for name in names if name in _counties()), "")
        if name == default:
            continue
        if name and (county or text.startswith(_AND, m.end())):
            return ""
        if name:
            inner = _WITHIN.match(text, m.end(), end)
            county = name + (inner.group() if inner else "")
    return county


def scope(text: str, q: Quantity, context: QuantityContext, unit: str, place: str) -> str:
    """Whom a quantity is about.

    Parameters
    ----------
    text : str
    q : mentions.Quantity
        With its item and kind.
    context : mentions.QuantityContext
    unit : str
        The sub-unit whose report the paragraph belongs to, or empty.
    place : str
        The document's place, by its full name.
    """
    if context.continues_list and q.item == context.previous.item:
        return context.previous.scope
    each = _EACH.findall(context.clause)
    if each and each[-1] not in ("人", "个", "家", "名", "位"):
        noun = re.sub("^(村|社区)(?:级组织|级)", "\\1", each[-1])
        return f"{unit}每{'名' if unit and _OFFICE.search(noun) else ''}{noun}"
    if re.search("村[均平]", context.clause):
        return f"{unit}每村"
    if q.unit_class == "money" and (m := _THRESHOLD.match(text, q.end)):
        return f"{unit}每{m[1]}"
    norm = q.kind in ("standard", "target") and (
        q.unit_class == "area" or (q.unit_class == "money" and "每" in context.sentence)
    )
    if norm and (m := _LOCAL.match(q.item)):
        return f"{unit}每{m.group()}"
    if q.unit_class == "money" and q.kind == "change" and (m := _EACH_OF.search(context.clause)):
        return f"{unit}每名{m[1]}"
    if q.kind == "standard" and q.unit_class in ("money", "ratio"):
        whom = _FOR_WHOM.search(text, max(q.sentence[0], q.start - 200), min(q.sentence[1], q.end + 160))
        if whom and whom.start() < q.start:
            return f"{unit}{whom[1]}"
    default = unit or place
    return _county(text, max(q.clause[0], q.start - 60), q.start, default) or default
