"""Hard-wrapped text is joined at whatever width and indent, and nothing else is."""

import pytest
from crosscity.documents.cleaning import clean, contents, replay, wraps
from crosscity.documents.line_breaks import broken_lines

from tests.conftest import SHARED

TITLE = "某市设备更新行动计划"
SENTENCES = [
    "加强统筹协调，健全工作机制，明确责任分工，抓好任务落实，形成部门合力。",
    "设备制造业是国民经济的重要基础，也是推动实体经济发展的关键领域。",
    "到2025年，培育示范企业60家，研发投入年均增长8%以上，建成服务平台15个。",
    "鼓励行业协会组织交流培训，宣传推广典型经验，营造良好氛围。",
    "支持企业开展技术改造，推动产业链上下游协同发展，提升产品质量和服务水平，带动就业3万人。",
    "完善标准体系，强化质量监督，提高检验检测能力。",
]
PARAGRAPHS = ["".join(SENTENCES[(i + k * (i + 1)) % 6] for k in range(2 + i % 4)) for i in range(9)]


def em(text):
    """The width of a text in Chinese characters, where others have half of it."""
    return sum(0.5 if c < "\x7f" else 1 for c in text)


def wrap(paragraph, width, *, measure=len, first=0):
    """The lines of a paragraph at a width; the first is shorter by an indent."""
    lines, line = [], ""
    for character in paragraph:
        if measure(line + character) > width - (first if not lines else 0):
            lines.append(line)
            line = ""
        line += character
    return [*lines, line]


def is_told(paragraphs, width, **how):
    """Whether no line within a paragraph ends a sentence, which cannot be told from the end of a paragraph."""
    return not any(line[-1] in "。！？" for p in paragraphs for line in wrap(p, width, **how)[:-1])


def widths(low, high, **how):
    return [w for w in range(low, high) if is_told(PARAGRAPHS, w, **how)]


@pytest.mark.parametrize("width", widths(16, 48))
def test_lines_without_an_indent(width):
    lines = [line for p in PARAGRAPHS for line in wrap(p, width)]
    assert clean("\n".join([TITLE, "", *lines])).text.split("\n") == [TITLE, *PARAGRAPHS]


@pytest.mark.parametrize("width", [17, 22, 26, 31, 35, 44, 60])
@pytest.mark.parametrize("indent", ["\u3000\u3000", "    ", "\t", "  "])
def test_lines_with_an_indent_of_the_first(width, indent):
    """An indent tells paragraphs apart, even where a line ends a sentence at full width."""
    lines = []
    for p in PARAGRAPHS:
        first, *rest = wrap(p, width, measure=em, first=em(indent.expandtabs(4)))
        lines += [indent + first, *rest]
    assert clean("\n".join([TITLE, "", *lines])).text.split("\n") == [TITLE, *PARAGRAPHS]


@pytest.mark.parametrize("width", [20, 26, 28, 35])
def test_lines_whose_indent_was_lost(width):
    lines = [line for p in PARAGRAPHS for line in wrap(p, width, measure=em, first=2)]
    cleaned = clean("\n".join([TITLE, "", *lines])).text.split("\n")
    assert all(line.endswith("。") for line in cleaned[1:])
    assert "".join(cleaned) == "".join([TITLE, *PARAGRAPHS])


@pytest.mark.parametrize("width", [18, 26, 40])
def test_paragraphs_set_off_by_empty_lines(width):
    blocks = ["\n".join(wrap(p, width)) for p in PARAGRAPHS]
    assert clean("\n\n".join([TITLE, *blocks])).text.split("\n") == [TITLE, *PARAGRAPHS]


@pytest.mark.parametrize("width", widths(12, 16))
def test_narrow_columns(width):
    lines = [line for p in PARAGRAPHS for line in wrap(p, width)]
    assert clean("\n".join([TITLE, *lines])).text.split("\n") == [TITLE, *PARAGRAPHS]


def test_an_index_on_a_line_of_its_own():
    """PM2.5, broken by its subscript within a line of the page."""
    width = widths(24, 34)[0]
    lines = [line for p in PARAGRAPHS for line in wrap(p, width)]
    paragraph = "全市空气质量持续改善，PM2.5平均浓度二十三微克，达到有监测记录以来的最好水平。绿色基底越来越厚重。"
    first, *rest = wrap(paragraph, width)
    broken = first.replace("PM2.5", "PM\n2.5\n")
    assert broken != first
    assert clean("\n".join([TITLE, *lines, broken, *rest])).text.split("\n") == [TITLE, *PARAGRAPHS, paragraph]


def test_a_line_broken_where_the_font_changes():
    """Figures are often set in another font, and some programs begin a line at each change."""
    width = widths(24, 34)[0]
    paragraph = "全县空气质量持续改善，平均浓度PM2.5为23微克，完成营造林18万亩，修复退化草地，绿色基底越来越厚重。"
    wrapped = [line for p in [*PARAGRAPHS, paragraph] for line in wrap(p, width)]
    broken = [piece for line in wrapped for piece in (line.replace("PM2.5", "PM2.5\n", 1)).split("\n")]
    assert len(broken) == len(wrapped) + 1
    assert clean("\n".join([TITLE, *broken])).text.split("\n") == [TITLE, *PARAGRAPHS, paragraph]


def test_two_widths_in_one_text():
    """The text is set at one width, its annex at another."""
    wide, narrow = widths(34, 48)[0], widths(20, 30)[0]
    lines = [line for p in PARAGRAPHS for line in wrap(p, wide)] + [
        line for p in PARAGRAPHS for line in wrap(p, narrow)
    ]
    assert clean("\n".join([TITLE, *lines])).text.split("\n") == [TITLE, *PARAGRAPHS, *PARAGRAPHS]


def test_headings_and_items_stand_apart():
    width = widths(24, 34)[0]
    parts = ["一、总体要求", "（一）发展目标", "1.培育企业", "第三条 本办法自印发之日起施行", "附件1：目录"]
    lines, expected = [], []
    for p, part in zip(PARAGRAPHS, [*parts, *parts[:4]], strict=True):
        lines += [part, *wrap(p, width)]
        expected += [part, p]
    assert clean("\n".join([TITLE, *lines])).text.split("\n") == [TITLE, *expected]


def test_numbers_of_pages_within_a_paragraph_go_and_are_logged():
    width = widths(24, 34)[0]
    pages = [line for p in PARAGRAPHS * 4 for line in wrap(p, width)]
    lines = []
    for number, start in enumerate(range(0, len(pages), 12), start=1):
        lines += [*pages[start : start + 12], f"— {number} —"]
    cleaned = clean("\n".join([TITLE, *lines]))
    assert cleaned.text.split("\n") == [TITLE, *PARAGRAPHS * 4]
    assert sorted(row["before"] for row in cleaned.log if row["rule"].startswith("furniture")) == sorted(
        f"— {n} —" for n in range(1, number + 1)
    )


def test_a_list_of_numbers_is_not_the_numbers_of_pages():
    text = "\n".join(f"{n}\n指标{n}" for n in range(1, 30))
    assert contents(text) == []


@pytest.mark.parametrize("leaders", ["......................", "………………", "·······", ". . . . . . . ."])
def test_a_table_of_contents_goes_and_is_logged(leaders):
    entries = [
        f"{head}{leaders}{page}" for head, page in [("一、总体要求", 1), ("二、主要任务", 4), ("三、保障措施", 12)]
    ]
    source = "\n".join([TITLE, "目录", *entries, "一、总体要求", PARAGRAPHS[0], "二、主要任务", PARAGRAPHS[1]])
    cleaned = clean(source)
    assert [row["before"] for row in cleaned.log if row["rule"] == "furniture:contents"] == entries
    assert replay(source, cleaned.log) == cleaned.text


APART = {
    "headings of one length": [f"（{n}）坚定不移{a}增长，经济运行承压向好" for n in "一二三四五六七" for a in "稳"],
    "verse of seven": ["春风又绿江南岸", "明月何时照我还", "两岸青山相对出", "孤帆一片日边来"] * 6,
    "couplets of sixteen": ["山外青山楼外楼台西湖歌舞几时休了", "暖风熏得游人欲醉直把杭州作汴州去"] * 5,
    "names and numbers of standards": [f"信息技术 系统互连 测试规范第{n}部分\nGB/T 2030{n}-2017" for n in range(9)],
    "rows of a table": [f"{n} {n} 工业网络 通用要求第{n}部分 GB/T 3590{n}-2017 已发布" for n in range(9)],
    "a glossary": [f"{a}{a}S: 软件定义网络第{i}种 (Software Network)" for i, a in enumerate("ABCDEFGHI")],
    "paragraphs of one length that end": [p[:40] + "。" for p in ["我们开了会议讨论预算" * 4] * 8],
    "long paragraphs among short headings": [
        x for i in range(8) for x in (f"巩固和发展统一战线的工作做得很好第{i}年", "大" * 90 + "。")
    ],
}


@pytest.mark.parametrize("lines", APART.values(), ids=APART)
def test_what_stands_apart_is_not_joined(lines):
    assert wraps("\n".join(lines)) == []


def test_words_of_latin_letters_keep_their_space():
    lines = [line for p in PARAGRAPHS for line in wrap(p, 30, measure=em)]
    lines += ["按照国家智能制造标准体系和企业要求推进数字化转型的各项 Smart", "Manufacturing 工作。"]
    assert clean("\n".join(lines)).text.endswith("各项 Smart Manufacturing 工作。")


@pytest.mark.skipif(not (SHARED / "cases" / "wrapped").is_dir(), reason="the cases are not here")
@pytest.mark.parametrize(("name", "paragraphs"), [("w26", 26), ("w26i", 26), ("w35", 25)])
def test_the_cases(name, paragraphs):
    """Of w35 a paragraph ends at full width, where its end cannot be told."""
    text = (SHARED / "cases" / "wrapped" / f"{name}.txt").read_text("utf-8")
    cleaned = clean(text).text.split("\n")
    assert len(cleaned) == paragraphs
    assert all(line.endswith("。") for line in cleaned[1:])
    assert "".join(cleaned) == "".join(text.split())


def test_an_item_after_a_comma_is_not_joined():
    lines = ["县里把修渠排在各项工作的最前面，", "二、种树", "村里先修到山脚下，", "再修到坡上。"]
    assert broken_lines(lines) == [False, False, True, False]
