"""Thirty practice documents: invented reports of thirty cities, to try the suite with before one's own are at hand.

Every sentence was written for this project, and no city ever reported any of it: the first line of each document says
so. Regions differ in what they speak of, so that a comparison has something to show. The text is the same on every
machine: checksums decide what stands where.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..files import read_tsv

if TYPE_CHECKING:
    from collections.abc import Sequence

# Fields that a region's documents stress, and its cities.
REGIONS = {
    "east": (("数字经济", "开放港口", "科技创新"), "宁波 苏州 泉州 青岛 佛山 嘉兴 烟台 台州"),
    "central": (("粮食生产", "产业转移", "交通枢纽"), "南阳 周口 襄阳 岳阳 阜阳 赣州 黄冈 邵阳"),
    "west": (("生态保护", "乡村振兴", "民族文旅"), "曲靖 天水 榆林 南充 遵义 张掖 桂林 宜宾"),
    "northeast": (("装备制造", "冰雪旅游", "黑土养老"), "鞍山 锦州 四平 通化 大庆 佳木斯"),
}
YEAR = 2025
_COMMON = ("民生保障", "基层治理")
_SENTENCES = 5  # of a field


def practice_documents() -> dict[str, str]:
    """The documents by file name: 30 texts of 800 to 1,500 characters."""
    fields = _fields()
    return {
        f"{city}{YEAR}.txt": _document(city, stressed, fields)
        for stressed, cities in REGIONS.values()
        for city in cities.split()
    }


def practice_table() -> str:
    """The corpus.csv of the practice documents: the region of each, and that its text is invented."""
    rows = [f"{city}{YEAR}.txt,{region},invented" for region, (_, cities) in REGIONS.items() for city in cities.split()]
    return "\ufeff" + "\n".join(["file,region,edition", *rows]) + "\n"


def _fields() -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for field, sentence in read_tsv(Path(__file__).with_name("resources") / "practice.tsv"):
        fields.setdefault(field, []).append(sentence)
    return fields


def _document(city: str, stressed: Sequence[str], fields: dict[str, list[str]]) -> str:
    others = [f for f in fields if f not in stressed and f not in _COMMON]
    aside = others[_number(city, "aside") % len(others)]
    order = sorted(stressed, key=lambda f: _number(city, f))
    lines = [
        f"{city}市{YEAR}年政府工作报告（练习文本，内容均为虚构）",
        f"各位代表：下面由我向大家汇报{city}一年来的工作，请大家提意见。",
        f"一、{YEAR - 1}年工作回顾",
        f"上一年，{city}市地区生产总值增长{_number(city, 'growth') % 40 / 10 + 3:.1f}%，比预想的好。",
    ]
    for field in (*order, aside, *_COMMON):
        lines += [f"（{'一二三四五六'[len(lines) // 2 - 2]}）{field}", _paragraph(city, field, fields[field])]
    lines += [
        f"同时，我们也清醒地看到，{city}的{order[-1]}还有短板，{aside}投入不足，有的干部还怕担责任，这些都要改。",
        f"二、{YEAR}年工作安排",
        f"今年，{city}将把{order[0]}放在首位，地区生产总值增长目标为{_number(city, 'target') % 30 / 10 + 4:.1f}%。",
        *(_paragraph(f"{city} plan", field, fields[field][::-1], 3, city) for field in order[:2]),
        f"各位代表！{city}的路要一步一步走，{order[1]}的事要一件一件办。",
    ]
    return "\n".join(lines) + "\n"


def _paragraph(key: str, field: str, sentences: list[str], n: int = _SENTENCES, city: str = "") -> str:
    order = sorted(sentences, key=lambda s: _number(key, s))
    text = "".join(_filled(f"{key}/{field}", s, city or key) for s in order[:n])
    return f"今年计划：{text}" if city else text


def _filled(key: str, sentence: str, city: str) -> str:
    """A sentence with its blanks filled: {city}, [one|of|these], {low-high}."""

    def fill(match: re.Match[str]) -> str:
        number = _number(key, f"{sentence}{match.start()}")
        if match[0] == "{city}":
            return city
        if match[1]:
            return match[1].split("|")[number % len(match[1].split("|"))]
        low, high = map(int, match[2].split("-"))
        return str(low + number % (high - low + 1))

    return re.sub(r"\[([^]]+)\]|\{([^}]+)\}", fill, sentence)


def _number(*keys: str) -> int:
    return int.from_bytes(hashlib.sha256("\0".join(keys).encode()).digest()[:6])
