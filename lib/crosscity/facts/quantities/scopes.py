"""Whom a quantity is about: the document's place or sub-unit, each of its parts, or a county that the clause names."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from ...chinese import HAN
from ...documents import administrative_units, full_name, short_form
from .phrases import labelled

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
# Who is fined, and what is granted for each: 对单位处以200元以上罚款, 每亩补助2000元.
_FINED = re.compile("对([^，。；、对]{1,24}?)(?:的)?，?(?:可以?|并|应当|另)*处(?!理)")
WHO_IS_GRANTED = re.compile(
    "(?:^|[；：])(?:[0-9]{1,2}[.、．])?[^，。；：对每]{2,24}的([一-龥]{0,6}(?:企业|单位|机构|人才|团队|个人|项目|工程|高校|院所|家庭|人员|农户|合作社|村|社区))，"
    "(?:一次性|再|另|分别|每[年家个])*(?:给予|予以|奖励|补助|补贴|资助)[^，。；]{0,8}$"
)
_EVERY_ONE = re.compile("每(?:[人户亩床辆吨头只]|平方米)")
# Parts of a place that a clause may begin with, and a place that stands before its number: 深圳2009公里.
_PART = re.compile(
    "(?:^|[，；：将对]|其中|[日年]起)((?:主城|中心城|市|城)区|县城|全球(?=[一-龥]{2,8}量))(?![域县委级和、])"
)
_WHOSE = re.compile("(?:(?:^|[，；：。])(?:其中)?|[0-9][^，。；、]{0,8}、)([一-龥]{2,8})$")
_PLACE_AT_HEAD = re.compile(
    "(?:^|[，；：])([一-龥]{2,7}?(?:省|市|自治区))(?![委级政场民区县]|人大|人民|政府|党|主)(?=[^、]{0,14}$)"
)


_AND = ("、", "和", "及", "与", "以及")


@functools.cache
def _counties() -> frozenset[str]:
    return frozenset(u.name for u in administrative_units() if not u.code.endswith("00") and len(u.name) > 2)


@functools.cache
def _lengths() -> list[int]:
    """Lengths of the names of counties, the longest first: 东西湖区 is not 西湖区."""
    return sorted({len(name) for name in _counties()}, reverse=True)


@functools.cache
def _places() -> frozenset[str]:
    """Names of provinces and prefectures, with 省 or 市 and without."""
    names = [u.name for u in administrative_units() if u.code.endswith("00") and len(u.name) > 2]
    return frozenset([*names, *(short for name in names if len(short := short_form(name)) > 1)])


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last match of a pattern."""
    return next(reversed([*pattern.finditer(text)]), None)


def _part(context: QuantityContext, sentence: tuple[int, int]) -> str:
    """The part of a place that a clause names, or that the quantity before it in the sentence is about."""
    if m := _last(_PART, context.clause):
        return m[1]
    previous = context.previous
    if previous is not None and previous.sentence == sentence and _PART.fullmatch(previous.scope):
        return str(previous.scope)
    return ""


def _county(text: str, begin: int, end: int, default: str) -> str:
    """The only county that a clause names, with the town or village in it; empty if there is none, or several."""
    county = ""
    for m in _ENDS.finditer(text, begin, end):
        if text.startswith(("域", "城", "级"), m.end()) or text[max(0, m.end() - 4) : m.end()] == "新增城市":
            continue  # 新建县域医疗中心, 新增城市道路
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
    if q.kind == "standard" and (m := _last(WHO_IS_GRANTED, text[q.sentence[0] : q.start])):
        return f"{unit}{m[1]}"
    if q.kind == "standard" and (m := _last(_FINED, text[q.sentence[0] : q.start])):
        return f"{unit}{m[1].removesuffix('的')}"
    part = _part(context, q.sentence)
    if q.kind == "standard" and not part and (m := _last(_EVERY_ONE, context.clause)):
        return f"{unit}{m.group()}"
    default = unit or place
    if whose := q.whose or labelled(text, q)[1]:
        return whose
    if part:
        return part
    if (m := _last(_WHOSE, context.clause)) and m[1] in _places() and full_name(m[1]) != full_name(default):
        return m[1]
    if (m := _PLACE_AT_HEAD.search(context.clause)) and m[1] in _places() and m[1] != default:
        return m[1]
    return _county(text, max(q.clause[0], q.start - 60), q.start, default) or default
