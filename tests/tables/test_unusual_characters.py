"""A report in unusual characters gives the words and the facts of the same report in usual ones."""

import opencc
import pytest
from crosscity.documents import Source, decode
from crosscity.tables.builder import make_tables

REPORT = """临海市2025年政府工作报告
各位代表：现在，我代表市人民政府向大会报告工作，请予审议。
一、过去一年工作回顾
2024年，全市生产总值增长6.5%，建成5G基站1,200个，城镇新增就业3.2万人，一般公共预算收入150亿元，细颗粒物PM2.5下降。
提振消费，大力培育新质生产力，支持科技型企业，办好民生实事，完成投资66亿元，增长4.0%，带动投资3-5亿元。"""
WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))})
RADICALS = str.maketrans("工人大一生力文民", "⼯⼈⼤⼀⽣⼒⽂⺠")


def spaced(text):
    """The text with a blank between all characters, numbers and codes as they are."""
    lines = []
    for line in text.split("\n"):
        out = ""
        for before, c in zip(f"。{line}", line, strict=False):
            out += c if (before.isascii() and c.isascii()) or not out else f" {c}"
        lines.append(out)
    return "\n".join(lines)


def indented_as_gbk(text):
    data = b"\n".join(b"\xa3\xa0\xa3\xa0" + line.encode("gbk") for line in text.split("\n"))
    return decode(data, "a.txt")[0]


VARIANTS = {
    "full-width letters and digits": lambda text: text.translate(WIDE).replace("．", ".").replace("%", "％"),
    "full-width points and hyphens": lambda text: text.translate(WIDE).replace(".", "．").replace("-", "－"),
    "radicals": lambda text: text.translate(RADICALS),
    "blanks between characters": spaced,
    "GBK's blanks": indented_as_gbk,
    "no-break hyphens": lambda text: text.replace("-", "\u2011"),
    "variation selectors": lambda text: text.replace("市", "市\ufe00"),
    "vertical marks": lambda text: text.replace("，", "︐").replace("。", "︒"),
    "points for full stops": lambda text: text.replace("。", "．"),
    "control characters": lambda text: text.replace("市", "市\x07").replace("，", "，&#8203;&#0;"),
    "HZ": lambda text: decode(text.encode("hz"), "a.txt")[0],
    "UTF-7": lambda text: decode(text.encode("utf-7"), "a.txt")[0],
    "traditional": opencc.OpenCC("s2t").convert,
    "of Hong Kong": opencc.OpenCC("s2hk").convert,
    "of Taiwan": opencc.OpenCC("s2tw").convert,
}


def tables(text):
    made = make_tables([Source("a", "a.txt", text, "utf-8", "0" * 64)])
    facts = made["quantities"][["number", "value", "unit", "item"]].astype(str).to_numpy().tolist()
    words = [list(tokens) for tokens in made["tokens"]["tokens"]]
    return made["paragraphs"]["text"].tolist(), made["paragraphs"]["kind"].tolist(), words, facts


@pytest.fixture(scope="module")
def usual():
    return tables(REPORT)


def test_the_report_has_its_facts(usual):
    *_, words, facts = usual
    assert {"5G", "1,200", "6.5%", "PM2.5", "66"} <= {word for line in words for word in line}
    assert {"66亿", "150亿", "1,200", "3.2万"} <= {number for number, *_ in facts}


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_report_in_other_characters_is_read_as_its_twin(usual, variant):
    assert variant(REPORT) != REPORT or variant in (VARIANTS["HZ"], VARIANTS["UTF-7"])
    found = tables(variant(REPORT))
    for part, expected in zip(found, usual, strict=True):
        assert part == expected
