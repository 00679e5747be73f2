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
