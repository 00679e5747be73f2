"""A whole text in one line is parted at its headings and where its sentences end in blanks."""

import pytest
from crosscity.documents.cleaning import clean, replay
from crosscity.documents.edits import apply_edits
from crosscity.documents.flattened import flattened

FILLER = "水库里的水多了，田里的稻子就长得好。"
BODY = f"{FILLER * 6} 第二段说的是桥。{FILLER}"
LINE = f"{BODY} 一、综 合 {BODY} 二、农 业　{BODY} 三、工业和建筑业  {BODY}"


def test_headings_and_paragraphs_stand_in_lines_of_their_own():
    lines = apply_edits(LINE, flattened(LINE)).split("\n")
    first, second = BODY.split(" ")
    assert lines == [
        first,
        second,
        "一、综 合",
        first,
        second,
        "二、农 业",
        first,
        second,
        "三、工业和建筑业",
        first,
        second,
    ]


def test_the_log_leads_from_the_source_to_the_text():
    cleaned = clean(f"甲县公报\n{LINE}\n第二行。")
    assert [line[0] for line in cleaned.text.split("\n") if line[1] == "、" and len(line) < 10] == ["一", "二", "三"]
    assert {"split"} <= {row["rule"] for row in cleaned.log}
    assert replay(f"甲县公报\n{LINE}\n第二行。", cleaned.log) == cleaned.text


@pytest.mark.parametrize(
    "line",
    [
        BODY,  # blanks alone say nothing
        f"{BODY} 一、综合 {BODY} 二、农业 {BODY}",  # two may be an accident
        f"{BODY} 一、综合 {BODY} 三、农业 {BODY} 二、工业 {BODY}",  # out of order
        f"{BODY}一要修桥，二、三产业要强。{BODY}",
        "一、综合 甲。 二、农业 乙。 三、工业 丙。",  # short: an item of a list
    ],
)
def test_other_lines_stay(line):
    assert flattened(line) == []


FURNITURE = "甲县人民政府网 首页 > 政务公开 > 通知公告 关于封闭施工的通告 发布时间：2020-05-01 来源：交通局 点击数：21 "


def test_the_head_of_a_page_in_one_line_is_parted():
    line = f"{FURNITURE}{BODY} {BODY}"
    lines = apply_edits(line, flattened(line)).split("\n")
    assert lines[1:3] == ["关于封闭施工的通告", "发布时间：2020-05-01 来源：交通局 点击数：21"]
    assert lines[0].endswith("通知公告")


@pytest.mark.parametrize(
    "line",
    [
        f"甲县的供水在 2019年5月1日 以后有了改善，{BODY} {BODY}",
        f"甲县供水办法 （2019年5月1日 甲县人民政府令第5号公布） 总则 {BODY} {BODY}",
        f"截至 2019年5月1日 全县供水 {BODY} {BODY}",
    ],
)
def test_a_date_in_prose_parts_nothing(line):
    assert flattened(line) == []
