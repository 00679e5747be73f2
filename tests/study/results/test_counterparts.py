"""Counterparts of a study: the voices that say something on the same, and those that do not."""

import pytest
from crosscity import CrosscityError

from tests.helpers.results import check_result

LINES = {
    "甲": "全市选派第一书记到村任职，帮助发展集体经济。",
    "乙": "派出第一书记驻村，扶持发展集体经济，成效明显。",
    "丙": "老街铺了新的石板，游人来来往往。",
}


def study_of(built, asked, **lines):
    return asked(built({c: (f"{c}市", [line]) for c, line in lines.items()}, "city"), by="city", min_df=1)


def test_counterparts(built, asked):
    study = study_of(built, asked, **LINES)
    found = study.counterparts("甲", 1)
    check_result(found)
    assert found.asked == LINES["甲"]
    assert found.table["text"].tolist() == [LINES["乙"]]
    silent = f"Nothing was found for: {found.silent[0]}."
    assert found.sentences() == ["1 of 2 other voices say something on it.", silent]
    assert found.evidence(0)["text"].tolist() == [LINES["乙"]]
    widest = study.counterparts()
    assert widest.asked in (LINES["甲"], LINES["乙"])
    assert study.counterparts("丙", 1).sentences() == ["0 of 2 other voices say something on it."]
    with pytest.raises(CrosscityError, match="no such sentence"):
        study.counterparts("甲", 9)


def test_what_cannot_be_asked_says_why(built, asked):
    alone = study_of(built, asked, 甲=LINES["甲"])
    assert alone.counterparts().sentences() == ["There are no two voices."]
    apart = study_of(built, asked, 甲=LINES["甲"], 丙=LINES["丙"])
    assert apart.counterparts().sentences() == ["No two voices say something on the same."]
