"""Kinds, levels, units and sections of small documents; what lines look like."""

import pytest
from crosscity.documents.structure import (
    KINDS,
    classify,
    is_byline,
    is_heading,
    is_name,
    is_note,
    looks_like_body,
)

A = "去年秋天，镇里修通了到山上的公路，三个寨子的苹果当天就能运到县城，价钱比往年高了两成。"
B = "老支书说，路通以前，果子要靠人背下山，背到集上已经碰坏了一半，大家都不愿意多种。"
C = "今年春天，合作社又添了冷库，果农可以等到春节前后再卖，一斤能多挣一块多钱。"
TITLE = "三个寨子通了公路"

# Documents as they are to be read: kind, level, section, line.
DOCUMENTS = {
    "three levels of numbers": [
        ("title", 0, "", TITLE),
        ("byline", 0, "", "扬州市市长 张三"),
        ("body", 0, "", "各位代表："),
        ("body", 0, "", A),
        ("heading", 1, "一、修路", "一、修路"),
        ("body", 0, "一、修路", B),
        ("heading", 2, "一、修路 / （一）山上的路", "（一）山上的路"),
        ("body", 0, "一、修路 / （一）山上的路", C),
        ("heading", 3, "一、修路 / （一）山上的路 / 1.路基", "1.路基"),
        ("body", 0, "一、修路 / （一）山上的路 / 1.路基", A),
        ("heading", 3, "一、修路 / （一）山上的路 / 2、路面", "2、路面"),
        ("body", 0, "一、修路 / （一）山上的路 / 2、路面", B),
        ("heading", 2, "一、修路 / (二)山下的路", "(二)山下的路"),
        ("body", 0, "一、修路 / (二)山下的路", C),
        ("heading", 1, "二、种树", "二、种树"),
        ("body", 0, "二、种树", A),
        ("body", 0, "二、种树", "谢谢大家！"),
    ],
    "the first level is missing": [
        ("title", 0, "", TITLE),
        ("body", 0, "", A),
        ("heading", 1, "（一）修路", "（一）修路"),
        ("body", 0, "（一）修路", B),
        ("heading", 2, "（一）修路 / 1.路基", "1.路基"),
        ("body", 0, "（一）修路 / 1.路基", C),
    ],
    "parts": [
        ("title", 0, "", TITLE),
        ("body", 0, "", A),
        ("heading", 1, "第一部分 修路", "第一部分 修路"),
        ("body", 0, "第一部分 修路", B),
        ("heading", 1, "第二部分 种树", "第二部分 种树"),
        ("body", 0, "第二部分 种树", C),
    ],
    "marked headings": [
        ("title", 0, "", TITLE),
        ("body", 0, "", A),
        ("heading", 1, "◎修路先修心", "◎修路先修心"),
        ("body", 0, "◎修路先修心", B),
        ("heading", 1, "◎ 种树先治水", "◎ 种树先治水"),
        ("body", 0, "◎ 种树先治水", C),
    ],
    "headings without numbers": [
        ("title", 0, "", TITLE),
        ("body", 0, "", A),
        ("heading", 1, "修路先修心", "修路先修心"),
        ("body", 0, "修路先修心", B),
        ("heading", 1, "种树先治水", "种树先治水"),
        ("body", 0, "种树先治水", C),
    ],
    "headings without numbers under numbered ones": [
        ("title", 0, "", TITLE),
        ("body", 0, "", A),
        ("heading", 1, "一、修路", "一、修路"),
        ("body", 0, "一、修路", B),
        ("heading", 2, "一、修路 / 山上的路", "山上的路"),
        ("body", 0, "一、修路 / 山上的路", C),
        ("heading", 1, "二、种树", "二、种树"),
        ("body", 0, "二、种树", A),
    ],
    "a note of the editor's": [
        ("title", 0, "", TITLE),
        ("note", 0, "", "编者按：修路是大事，本报今日刊出三篇通讯，请读者看看山里的变化。"),
        ("body", 0, "", A),
        ("body", 0, "", B),
    ],
    "bylines of several forms": [
        ("title", 0, "", TITLE),
        ("byline", 0, "", "2024-08-31 来源：扬州日报"),
        ("byline", 0, "", "作者：张三"),
        ("byline", 0, "", "本报记者 李四"),
        ("byline", 0, "", "文/王五"),
        ("body", 0, "", A),
        ("body", 0, "", B),
        ("byline", 0, "", "（责任编辑：赵六）"),
    ],
    "a subtitle and a name": [
        ("title", 0, "", TITLE),
        ("title", 0, "", "——记山上的公路"),
        ("byline", 0, "", "张三"),
        ("byline", 0, "", "县交通局"),
        ("body", 0, "", A),
    ],
    "a numbered sentence is no heading": [
        ("title", 0, "", TITLE),
        ("body", 0, "", A),
        ("body", 0, "", "一、修路要快。"),
        ("body", 0, "", "（二）种树的钱，一半由县里出，一半由村里出，明年春天以前发到各户；养鱼的钱另算。"),
        ("body", 0, "", "一部分人家已经搬到山下住，孩子上学近了，老人看病也近了，地还由他们自己种。"),
    ],
    "nothing but prose": [("body", 0, "", A), ("body", 0, "", B)],
    "a line alone": [("body", 0, "", TITLE)],
    "nothing": [],
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_classify(document):
    found = classify([line for *_, line in document])
    assert [(f.kind, f.level, f.section) for f in found] == [tuple(row[:3]) for row in document]
    assert {f.unit for f in found} <= {""}
    assert {f.kind for f in found} <= set(KINDS)


# One document with the reports of three places: unit, kind, level, line.
UNITS = [
    ("", "title", 0, "三位书记说修路"),
    ("", "note", 0, "编者按：三位书记各讲了一件事，本报摘要刊出，请读者评说。"),
    ("甲山县", "heading", 1, "修路先修心"),
    ("甲山县", "byline", 0, "中共甲山县县委书记 张三"),
    ("甲山县", "body", 0, A),
    ("甲山县", "heading", 2, "一、修路"),
    ("甲山县", "body", 0, B),
    ("甲山县", "heading", 3, "（一）路基"),
    ("甲山县", "body", 0, C),
    ("乙水市", "heading", 1, "种树先治水"),
    ("乙水市", "byline", 0, "中共乙水市市委书记 李四"),
    ("乙水市", "body", 0, A),
    ("乙水市", "heading", 2, "一、种树"),
    ("乙水市", "body", 0, B),
    ("丙林区", "heading", 1, "养鱼先清塘"),
    ("丙林区", "byline", 0, "中共丙林区委书记\u3000王五"),
    ("丙林区", "body", 0, C),
    ("", "byline", 0, "（责任编辑：赵六）"),
]


def test_units_of_one_document():
    found = classify([line for *_, line in UNITS])
    assert [(f.unit, f.kind, f.level) for f in found] == [row[:3] for row in UNITS]
    assert found[8].section == "修路先修心 / 一、修路 / （一）路基"
    assert found[13].section == "种树先治水 / 一、种树"
    assert found[16].section == "养鱼先清塘"


def test_a_single_secretary_makes_no_unit():
    lines = [TITLE, "中共甲山县县委书记 张三", A, "一、修路", B, C]
    found = classify(lines)
    assert {f.unit for f in found} == {""}
    assert found[1].kind == "byline"
    assert (found[3].kind, found[3].level) == ("heading", 1)


def test_hints_tell_title_and_byline():
    lines = ["路", "水利报", A, B]
    assert [f.kind for f in classify(lines)] == ["title", "title", "body", "body"]
    assert [f.kind for f in classify(lines, ["路", "《水利报》", ""])] == ["byline", "byline", "body", "body"]
    # Names of units stand where they are: a hint says nothing of the middle of a text.
    assert [f.kind for f in classify([TITLE, A, "水利报", B], ["水利报"])] == ["title", "body", "heading", "body"]


YES = {
    is_byline: [
        "作者：张三",
        "来源：扬州日报",
        "（来源:扬州日报）",
        "2024-08-31",
        "2024年8月31日 10:20",
        "（2024年8月31日）",
        "2024/8/31",
        "本报记者 李四",
        "通讯员 王五",
        "扬州市市长 张三",
        "市长 张 三",
        "中共甲山县县委书记 张三",
        "——扬州市委组织部部长 张三",
        "（记者 李四）",
        "(责任编辑：李四)",
        "文/张三",
        "图文/张三",
        "2024年1月10日在扬州市第九届人民代表大会第三次会议上",
        "——二〇二四年一月十日在扬州市第九届人民代表大会第三次会议上",
        "发布时间：2024-08-31 10:20",
    ],
    is_heading: [
        "一、修路",
        "十二、修路",
        "第二部分 修路",
        "第三、修路",
        "（一）修路",
        "(十)修路",
        "1.修路",
        "1、修路",
        "(2)修路",
        "◎修路",
        "■ 修路",
    ],
    is_name: ["张三", "李四光", "王 五", "赵\u3000六"],
    is_note: ["编者按：修路是大事。", "【编者按】修路是大事。", "（按语）修路是大事。"],
    looks_like_body: [
        A,
        B,
        "修路的钱由县里出，种树的钱由村里出。",
        "编者按：修路。",
        "路修到哪里，哪里的苹果就卖得好，孩子上学就近，老人看病就快，人心就齐，村子也就跟着旺起来",
    ],
}
NO = {
    is_byline: [TITLE, "他说，来源：不明。", A, "市长带头修路", "一、来源：县里", "2024年修路", "张三"],
    is_heading: [
        TITLE,
        "一、修路。",
        "一、修路；",
        "1.5亿元修路",
        "2024年修路",
        "一部分人家",
        "十三五期间",
        "一" + "、" + "修" * 60,
        "◎",
    ],
    is_name: ["修路", "张", "张三李四", "Li Si", "水利"],
    is_note: ["编辑：李四", "按照要求修路。", A],
    looks_like_body: [
        TITLE,
        "修路。",
        "一、修路",
        "首页 新闻 公开 服务 互动 导航 检索 留言 电话 地址 邮编 传真 邮箱 网址 备案",
    ],
}


@pytest.mark.parametrize(
    ("predicate", "line", "expected"),
    [
        pytest.param(predicate, line, expected, id=f"{predicate.__name__}: {line[:20]}: {expected}")
        for expected, table in ((True, YES), (False, NO))
        for predicate, lines in table.items()
        for line in lines
    ],
)
def test_what_a_line_looks_like(predicate, line, expected):
    assert bool(predicate(line)) is expected
