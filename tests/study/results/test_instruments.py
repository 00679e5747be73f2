"""Instruments of a study: who names each, the picture, and the sentences."""

from tests.helpers.results import check_result


def test_instruments(built, asked):
    towns = {"甲": "全市选派第一书记12名。", "乙": "派出第一书记，并开展约谈。", "丙": "老街铺了石板。"}
    tables = built({c: (f"{c}市", [line, "泊位有十个。"]) for c, line in towns.items()}, "city")
    study = asked(tables, by="city", min_df=1)
    found = study.instruments()
    check_result(found)
    rows = found.table
    assert rows["instrument"].tolist() == ["第一书记", "约谈"]
    assert rows["mentions"].tolist() == [2, 1]
    assert [set(groups) for groups in rows["groups"]] == [{"甲市", "乙市"}, {"乙市"}]
    assert found.sentences()[0] == "2 instruments are named, 1 of them by several groups (3 mentions)."
    assert set(found.evidence(0)["text"]) == {"全市选派第一书记12名。", "派出第一书记，并开展约谈。"}
    assert found.worded("约谈")["variant"].tolist() == ["约谈"]
    assert list(found.tables()) == ["instruments", "instrument-mentions"]


def test_documents_without_any_say_so(built, asked):
    lines = {"甲": ["老街铺了石板。"], "乙": ["泊位有十个。"]}
    study = asked(built({c: (f"{c}市", line) for c, line in lines.items()}, "city"), by="city", min_df=1)
    assert not study.instruments()
    assert study.instruments().sentences() == ["The documents name no instrument of the thesaurus."]
