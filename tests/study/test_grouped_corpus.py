"""A corpus as parameters select and group it."""

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.project.pipeline import plan
from crosscity.study.grouped_corpus import GroupedCorpus
from crosscity.study.opening import open_study
from crosscity.study.parameters import check_parameters

from tests.helpers.study_tables import TWO, UNITS, document, started, tables, write_table


def test_units_are_compared_with_the_documents_that_have_none(tmp_path):
    run = started(tmp_path, [*TWO, document("丙")], UNITS, by="unit")
    assert run.groups() == ["丙", "合肥", "广水市", "盐城", "随县"]
    paragraphs = run.paragraphs()
    assert list(paragraphs["group"]) == ["盐城", "随县", "广水市", "合肥", "合肥", "合肥", "丙", "丙", "丙"]
    assert run.plural() == "units"


def test_voices_are_documents_and_the_units_within_them(tmp_path):
    run = started(tmp_path, [*TWO, document("丙")], UNITS, by="voice")
    assert run.groups() == ["丙", "合肥", "广水市", "盐城", "随县"]  # 盐城 has a heading of its own
    assert list(run.paragraphs()["group"])[:3] == ["盐城", "随县", "广水市"]
    assert run.plural() == "voices"
    # Whatever is compared, it can be asked who speaks.
    by_city = started(tmp_path / "city", TWO, UNITS, by="city")
    assert list(by_city.voices(by_city.paragraphs())["group"])[:3] == ["盐城", "随县", "广水市"]
    assert by_city.groups() == ["合肥", "盐城"]


def test_an_editors_note_is_no_voice_where_others_speak(tmp_path):
    units = {"甲": ("", "", "随县", "广水市")}
    run = started(tmp_path, TWO[:1], units, texts={"甲": ["一二。"] * 4}, by="voice")
    kinds = run._read("paragraphs")
    kinds["kind"] = ["title", "note", "body", "body"]
    assert run.groups() == ["广水市", "随县"]
    kinds["kind"] = ["title", "body", "body", "body"]
    assert run.groups() == ["广水市", "盐城", "随县"]


def test_units_of_one_name_in_two_documents_are_two_voices(tmp_path):
    units = {"甲": ("", "随县", "随县"), "乙": ("", "随县", "广水市")}
    run = started(tmp_path, TWO, units, by="voice")
    assert run.groups() == ["合肥", "广水市", "盐城", "随县 (合肥)", "随县 (盐城)"]


def test_a_table_without_units_is_read_by_document(tmp_path):
    run = started(tmp_path, TWO, UNITS, by="unit")
    assert list(run.table("cleaning_log")["group"]) == ["盐城", "合肥"]
    assert list(run.table("paragraphs")["group"]) == ["盐城", "随县", "广水市", "合肥", "合肥", "合肥"]


def test_paragraphs_come_with_group_length_and_tokens(tmp_path):
    run = started(tmp_path, TWO)
    everything = run.paragraphs()
    assert list(everything["n_chars"]) == [21, 10, 16] * 2  # characters of the three sentences, counted by hand
    assert list(everything["group"]) == ["盐城"] * 3 + ["合肥"] * 3
    assert list(everything["tokens"][1]) == ["茶山", "由三", "户人", "家照"]
    body = run.paragraphs(["body"])
    assert list(body["paragraph"]) == [2, 3, 2, 3]
    assert list(body.index) == [0, 1, 2, 3]
    with pytest.raises(CrosscityError, match="no paragraph is of kind note or title: name other kinds"):
        run.paragraphs(["note", "title"])


def test_tokens_of_another_build_are_an_error(tmp_path):
    run = started(tmp_path, TWO)
    words = pd.read_parquet(run.tables / "tokens.parquet")
    write_table("tokens", words.iloc[:-1].astype({"doc_id": "str"}), run.tables)
    later = open_study(notebook="02-terms", tables=str(run.tables), out=str(run.out))
    with pytest.raises(CrosscityError, match="tokens lacks words of some paragraphs: build the tables again"):
        later.paragraphs()


def test_all_groups_are_shown_where_they_are_few(tmp_path):
    assert started(tmp_path, TWO).displayed_groups() == ["合肥", "盐城"]


def test_of_many_years_evenly_spaced_ones_are_shown(tmp_path):
    run = started(tmp_path, [document(f"{y}", year=y) for y in range(1990, 2021)], by="year")
    assert run.displayed_groups(most=4) == ["1990", "2000", "2010", "2020"]
    assert run.displayed_groups(most=1) == ["1990"]
    assert run.displayed_groups(most=0) == []
    assert len(set(run.displayed_groups())) == 12
    assert (run.displayed_groups()[0], run.displayed_groups()[-1]) == ("1990", "2020")


def test_of_many_cities_those_with_the_most_text_are_shown(tmp_path):
    sizes = {"a": 5, "b": 90, "c": 40, "d": 40, "e": 20}
    documents = [document(f"{c}1", c, n_chars=n) for c, n in sizes.items()] + [document("a2", "a", n_chars=60)]
    # a has 65 in two documents; c and d tie, and c comes first by name.
    assert started(tmp_path, documents, by="city").displayed_groups(most=3) == ["a", "b", "c"]
    (tmp_path / "p.yaml").write_text("max_profiles: 3\nby: city\n", encoding="utf-8")
    runs = plan(tmp_path / "p.yaml", tmp_path / "表 tables", tmp_path / "reports", tmp_path / "state")
    assert [run["id"] for run in runs if run["notebook"] == "05-profile"] == [
        "05-profile-a",
        "05-profile-b",
        "05-profile-c",
    ]


def test_of_many_units_those_with_the_most_text_are_shown(tmp_path):
    documents = [document("甲", "盐城"), document("乙", "合肥")]
    units = {"甲": ("丁县", "丁县", "丙县"), "乙": ("乙县", "甲县", "甲县")}
    # By SENTENCES: 丁县 has the first two (31 characters), 甲县 the last two (26), 乙县 and 丙县 one (21, 16).
    run = started(tmp_path, documents, units, by="unit")
    assert run.displayed_groups(most=2) == sorted(["丁县", "甲县"])
    assert run.displayed_groups(most=3) == sorted(["丁县", "甲县", "乙县"])


@pytest.mark.parametrize(
    ("documents", "by", "column", "groups", "strata"),
    [
        # One document a city: provinces with two cities are compared instead.
        ([("a", "甲", "浙江", 1), ("b", "乙", "浙江", 1), ("c", "丙", "湖北", 1), ("d", "丁", "湖北", 1)], "city",
         "province", ["浙江", "浙江", "湖北", "湖北"], None),
        # No two provinces with two cities: cities, of which the test will say that it cannot tell.
        ([("a", "甲", "浙江", 1), ("b", "乙", "浙江", 1), ("c", "丙", "湖北", 1)], "city",
         "city", ["甲", "乙", "丙"], None),
        # Several documents a city.
        ([("a", "甲", "浙江", 1), ("b", "甲", "浙江", 2), ("c", "丙", "湖北", 1), ("d", "丙", "湖北", 2)], "city",
         "city", ["甲", "甲", "丙", "丙"], None),
        # Genres of cities of provinces that each document states: exchanged within provinces, or whole ones.
        ([("a", "甲", "浙江", 1), ("b", "乙", "浙江", 1), ("c", "丙", "湖北", 2), ("d", "丁", "湖北", 2)], "region",
         "region", ["1", "1", "2", "2"], ["浙江", "浙江", "湖北", "湖北"]),
        ([("a", "甲", "浙江", 1), ("b", "乙", "", 1), ("c", "丙", "湖北", 2), ("d", "丁", "湖北", 2)], "region",
         "region", ["1", "1", "2", "2"], None),
    ],
)  # fmt: skip
def test_what_can_be_tested(tmp_path, documents, by, column, groups, strata):
    run = started(tmp_path, [document(i, c, province=p, region=str(r)) for i, c, p, r in documents], by=by)
    found = run.permutation_design()
    assert found[0] == column
    assert list(found[1]) == groups
    assert (None if found[2] is None else list(found[2])) == strata


@pytest.mark.parametrize(
    ("by", "strata"),
    [
        ("province", ["浙江", "浙江", "湖北"]),
        ("genre", ["浙江", "浙江", "湖北"]),
        ("year", ["1990", "not stated", "2000"]),
        ("city", None),
        ("unit", None),
    ],
)
def test_what_makes_documents_alike(tmp_path, by, strata):
    rows = [("a", "甲", "浙江", 1990), ("b", "乙", "浙江", None), ("c", "丙", "湖北", 2003)]
    documents = [document(i, c, province=p, year=y, genre=f"{c}体") for i, c, p, y in rows]
    run = started(tmp_path, documents, by=by)
    paragraphs = run.paragraphs()
    found = run.strata(paragraphs)
    per_document = None if found is None else found.groupby(paragraphs["doc_id"]).agg(set).map(list).sum()
    assert (per_document and [str(s) for s in per_document]) == strata


def test_provinces_that_some_document_does_not_state_are_no_strata(tmp_path):
    run = started(tmp_path, [document(i, province=p, genre=i) for i, p in (("a", "浙江"), ("b", ""))], by="genre")
    assert run.strata(run.paragraphs()) is None


def test_units_are_documents_of_their_own(tmp_path):
    run = started(tmp_path, [document("甲")], units={"甲": ("随县", "广水市", "广水市")}, by="unit")
    assert list(run.document_ids(run.paragraphs())) == ["甲 随县", "甲 广水市", "甲 广水市"]
    run = started(tmp_path, TWO)
    assert set(run.document_ids(run.paragraphs())) == {"甲", "乙"}


def test_the_pair_is_that_named_or_that_with_the_most_text(tmp_path):
    documents = [document(f"{city}{i}", city) for city, n in (("甲", 1), ("乙", 3), ("丙", 2)) for i in range(n)]
    folder = tables(tmp_path / "t", documents)

    def pair(**chosen):
        return open_study(notebook="06-pair", tables=str(folder), out=str(tmp_path / "out"), **chosen).pair()

    assert pair() == ["乙", "丙"]
    assert pair(b="乙") == ["丙", "乙"]
    assert pair(a="甲") == ["甲", "乙"]
    assert pair(a="丙", b="甲") == ["丙", "甲"]
    with pytest.raises(CrosscityError, match=r"b is '厦门'; by city there are 丙, 乙, 甲"):
        pair(b="厦门")
    with pytest.raises(CrosscityError, match="two different groups are needed"):
        pair(a="甲", b="甲")


def test_references_have_names_of_their_own_and_those_left_out_are_none(tmp_path):
    own = tables(tmp_path / "own", [document("甲", "盐城")])
    other = [document("甲", year=2014), document("乙", year=2015), document("丙", year=2016, exclude="a copy of 乙")]
    tables(tmp_path / "other", other)
    run = open_study(
        notebook="07-shared-text", tables=str(own), out=str(tmp_path / "out"), references=str(tmp_path / "other")
    )
    texts, corpus, references = run.with_references(run.paragraphs(["body"]))
    assert references == ["2014 (reference)", "2015 (reference)"]
    assert sorted(set(texts["doc_id"])) == ["2014 (reference)", "2015 (reference)", "甲"]
    assert sorted(corpus["doc_id"]) == ["2014 (reference)", "2015 (reference)", "甲"]
    run = open_study(notebook="07-shared-text", tables=str(own), out=str(tmp_path / "out"))
    assert run.with_references(run.paragraphs())[2] == []


def test_a_document_of_a_province_names_the_province_s_cities(tmp_path):
    run = started(tmp_path, [document("甲", province="湖北省"), document("乙", "合肥", province="安徽省")])
    assert {"湖北省", "随州", "曾都区", "合肥", "安徽"} <= run.place_names()
    assert "芜湖" not in run.place_names()


def test_years_of_the_commonest_kind_of_document(tmp_path):
    kinds = [("a", 1990, "work report"), ("b", None, "work report"), ("c", 1992, "resolution")]
    run = started(tmp_path, [document(i, i, year=y, doc_type=t) for i, y, t in kinds])
    years, usual = run.years()
    assert years.tolist() == pytest.approx([1990, np.nan, 1992], nan_ok=True)
    assert usual.tolist() == [True, True, False]


def test_words_of_six_paragraphs_in_a_hundred_are_no_terms_of_a_large_corpus(tmp_path):
    run = started(tmp_path, TWO, min_df=1)
    words = [["渔港", "常见"], ["书屋", "常见"], *[["灯塔"]] * 18]
    few = pd.DataFrame({"tokens": words})
    many = pd.DataFrame({"tokens": words * 50})
    assert list(run.counts(few, 0)[1]) == ["书屋", "常见", "渔港"]  # 灯塔 stands in nine of ten
    assert list(run.counts(many, 0)[1]) == ["书屋", "渔港"]  # 常见 stands in one of ten
    assert list(run.counts(many, 0.1)[1]) == ["书屋", "常见", "渔港"]


def test_a_grouped_corpus_writes_nothing(tmp_path):
    folder = tables(tmp_path / "t", TWO)
    assert GroupedCorpus(folder, check_parameters({})).groups() == ["合肥", "盐城"]
    assert [p.name for p in tmp_path.iterdir()] == ["t"]


def test_of_a_large_text_a_part_is_looked_at_and_said_so(tmp_path, monkeypatch):
    monkeypatch.setattr("crosscity.study.grouped_corpus._LEAST_DOCUMENTS", 4)
    run = started(tmp_path, [document(f"城{i}") for i in range(10)])
    whole = run.paragraphs()
    words = sum(map(len, whole["tokens"]))
    everything = run.in_part(whole, words)
    assert everything.paragraphs is whole
    assert (everything.mask.all(), everything.sentence) == (True, "")
    part = run.in_part(whole, words * 4 // 10)
    chosen = list(dict.fromkeys(whole["doc_id"]))
    assert list(dict.fromkeys(part.paragraphs["doc_id"])) == [chosen[i] for i in (0, 3, 6, 9)]
    assert whole[part.mask]["text"].tolist() == part.paragraphs["text"].tolist()
    assert part.sentence == "Based on 4 of 10 documents, taken at even intervals."
    assert run.in_part(whole, 1).paragraphs["doc_id"].nunique() == 4


def test_a_part_of_a_text_has_two_documents_of_each_group(tmp_path, monkeypatch):
    monkeypatch.setattr("crosscity.study.grouped_corpus._LEAST_DOCUMENTS", 6)
    run = started(tmp_path, [document(f"城{i}") for i in range(12)])
    whole = run.paragraphs()
    city = whole["doc_id"].map(dict(zip(whole["doc_id"].unique(), "甲" * 9 + "乙乙丙", strict=True)))
    part = run.in_part(whole.assign(group=city), 1).paragraphs
    assert part.groupby("group")["doc_id"].nunique().to_dict() == {"甲": 4, "乙": 2, "丙": 1}
