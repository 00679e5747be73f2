"""What a notebook calls: parameters checked, tables read, groups formed, results saved."""

import hashlib
import json
import re

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.project.pipeline import plan
from crosscity.study import run as run_module
from crosscity.study.labels import document_label, run_id
from crosscity.study.parameters import check_parameters
from crosscity.study.run import Run, begin, resolve_by
from crosscity.tables.store import write_table

from tests.conftest import PROJECT

CONFOUNDED = "differences between documents; not attributable to cities"
SENTENCES = ("渔港在春天修好了，岸边的灯塔重新亮了起来。", "茶山由三户人家照看。", "老街铺了新的石板，书屋也开了门。")


def document(doc_id, city="", **about):
    """A row of corpus with what a test says of it; the rest is alike for all."""
    row = dict.fromkeys(
        ("province", "date", "title", "publisher", "genre", "speaker", "level", "edition", "exclude"), ""
    )
    row |= {
        "doc_type": "other",
        "sha256": hashlib.sha256(doc_id.encode()).hexdigest(),
        "encoding": "utf-8",
        "script": "hans",
    }
    row |= {"year": None, "n_chars": 100, "n_paragraphs": 3, "duplicate_of": "", "guessed": ""}
    return row | {"doc_id": doc_id, "file": f"{doc_id}.txt", "city": city} | about


def tables(folder, documents, units=None):
    """Tables of these documents: a heading and two paragraphs each; `units` maps doc_id to the units of its lines."""
    corpus = pd.DataFrame(documents)
    corpus["year"] = corpus["year"].astype("Int64")
    write_table("corpus", corpus.astype({c: "str" for c in corpus if corpus[c].dtype == object}), folder)
    lines, words, log = [], [], []
    for row in documents:
        for n, (kind, text) in enumerate(zip(("heading", "body", "body"), SENTENCES, strict=True), start=1):
            unit = (units or {}).get(row["doc_id"], ("", "", ""))[n - 1]
            lines.append((row["doc_id"], n, n, unit, kind, int(n == 1), SENTENCES[0], text))
            words.append((row["doc_id"], n, re.findall("[\u4e00-\u9fff]{2}", text)))
        log.append((row["doc_id"], 1, 1, 0, 1, "indent", "\u3000", "", 1.0))
    columns = ["doc_id", "paragraph", "line", "unit", "kind", "level", "section", "text"]
    frame = pd.DataFrame(lines, columns=columns).astype(
        dict.fromkeys(("doc_id", "unit", "kind", "section", "text"), "str")
    )
    write_table("paragraphs", frame, folder)
    write_table(
        "tokens", pd.DataFrame(words, columns=["doc_id", "paragraph", "tokens"]).astype({"doc_id": "str"}), folder
    )
    columns = ["doc_id", "step", "line", "start", "end", "rule", "before", "after", "confidence"]
    frame = pd.DataFrame(log, columns=columns).astype(dict.fromkeys(("doc_id", "rule", "before", "after"), "str"))
    write_table("cleaning_log", frame, folder)
    return folder


def started(tmp_path, documents, units=None, name="02-terms", **parameters):
    folder = tables(tmp_path / "表 tables", documents, units)
    return begin(name, tables=str(folder), out=str(tmp_path / "out"), **parameters)


TWO = [document("甲", "盐城", year=2014, n_chars=50), document("乙", "合肥", year=2014, n_chars=70)]


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"min_df": "3"}, "02-terms: min_df is '3'; give a whole number from 1 to 1000"),
        ({"terms": 99}, "02-terms: terms is 99; give a whole number from 3 to 30"),
        ({"stopword": ""}, "there is no parameter 'stopword': did you mean 'stopwords'?"),
        (
            {"k": 8},
            "02-terms takes no parameter 'k': it takes by, dictionary, kinds, language, mask_places, min_df, only, ",
        ),
        ({"kinds": ["corpse"], "terms": 1}, "2 problems:"),
    ],
)
def test_a_bad_parameter_is_an_error_before_anything_is_read(tmp_path, parameters, message):
    with pytest.raises(CrosscityError, match=re.escape(message)):
        begin("02-terms", tables=str(tmp_path / "absent"), out=str(tmp_path / "out"), **parameters)
    assert not (tmp_path / "out").exists()


def test_absent_tables_are_an_error_that_says_what_to_do(tmp_path):
    expected = (
        f"{tmp_path / 'absent' / 'corpus.parquet'} is not there: build the tables first (make, or crosscity build"
    )
    with pytest.raises(CrosscityError, match=re.escape(expected)):
        begin("02-terms", tables=str(tmp_path / "absent"), out=str(tmp_path / "out"))


def test_a_run_has_its_parameters_with_defaults_and_a_folder(tmp_path):
    run = started(tmp_path, TWO, terms=5)
    assert (run["terms"], run["min_df"], run["kinds"], run.name) == (5, 3, ["body"], "02-terms")
    assert (tmp_path / "out").is_dir()
    assert mpl.rcParams["svg.hashsalt"] == "crosscity"


def test_relative_folders_and_the_stop_list_count_from_the_project(tmp_path, monkeypatch):
    tables(tmp_path / "data" / "processed", TWO)
    tables(tmp_path / "other", TWO[:1])
    monkeypatch.setattr(run_module, "PROJECT", tmp_path)
    monkeypatch.chdir("/")
    run = begin("02-terms", stopwords="params/stop.txt")
    assert (run.tables, run.out) == (tmp_path / "data" / "processed", tmp_path / "reports" / "lab" / "02-terms")
    assert run["stopwords"] == str(tmp_path / "params" / "stop.txt")
    run = begin("02-terms", tables="other", out="my/out", stopwords="/lists/stop.txt")
    assert (len(run.corpus), run.out, run["stopwords"]) == (1, tmp_path / "my" / "out", "/lists/stop.txt")
    assert begin("02-terms")["stopwords"] == begin("02-terms")["dictionary"] == ""
    assert begin("02-terms", dictionary="params/terms.tsv")["dictionary"] == str(tmp_path / "params" / "terms.tsv")


def test_the_project_is_the_checkout():
    assert run_module.PROJECT == PROJECT


THREE = [
    document("甲", "盐城", year=2014, genre="journal essay"),
    document("乙", "合肥", year=2015, genre="news feature"),
    document("丙", "随州", year=2016, genre="work reports", exclude="a list of names"),
]


@pytest.mark.parametrize(
    ("only", "kept", "reasons"),
    [
        ({}, ["甲", "乙"], {"丙": "a list of names"}),
        ({"city": "盐城"}, ["甲"], {"乙": "city is not 盐城", "丙": "a list of names"}),
        ({"city": ["盐城", "合肥"]}, ["甲", "乙"], {"丙": "a list of names"}),
        ({"year": 2015}, ["乙"], {"甲": "year is not 2015", "丙": "a list of names"}),
        (
            {"year": ["2014", 2015], "genre": "news feature"},
            ["乙"],
            {"甲": "genre is not news feature", "丙": "a list of names"},
        ),
        ({"city": ["盐城", "随州"]}, ["甲"], {"乙": "city is not 盐城 or 随州", "丙": "a list of names"}),
    ],
)
def test_which_documents_take_part_and_why_the_others_do_not(tmp_path, only, kept, reasons):
    run = started(tmp_path, THREE, only=only)
    assert list(run.corpus["doc_id"]) == kept
    assert dict(zip(run.left_out["doc_id"], run.left_out["reason"], strict=True)) == reasons
    assert list(run.corpus.index) == list(range(len(kept)))
    assert set(run.paragraphs()["doc_id"]) == set(run.table("cleaning_log")["doc_id"]) == set(kept)


def test_a_column_that_is_not_there_cannot_select(tmp_path):
    with pytest.raises(CrosscityError, match="only names the column 'town', which corpus does not have"):
        started(tmp_path, THREE, only={"town": "盐城"})


def test_no_document_left(tmp_path):
    with pytest.raises(
        CrosscityError, match=re.escape("no document takes part: only is {'city': '厦门'}, and 3 are left out")
    ):
        started(tmp_path, THREE, only={"city": "厦门"})


SAME = [
    document("甲", "盐城", year=2014),
    document("乙", "合肥", year=2014, duplicate_of="甲"),
    document("丙", "随州", year=2014),
    document("丁", "随州", year=2014, duplicate_of="丙"),
    document("戊", "阳江", year=2014),
]


def test_a_text_under_several_cities_is_left_out_wherever_it_stands(tmp_path):
    run = started(tmp_path, SAME)
    # 丙 and 丁 are one text too, but of one city: it is clear whose it is, and counts once.
    assert list(run.corpus["doc_id"]) == ["丙", "戊"]
    assert list(run.left_out["doc_id"]) == ["甲", "乙", "丁"]
    another = "the same text stands under another city"
    assert list(run.left_out["reason"]) == [another, another, "a copy of 丙"]


def test_a_text_under_several_cities_counts_once_where_cities_are_not_compared(tmp_path):
    documents = [row | {"genre": "essay"} for row in SAME]
    for by in ("genre", "year", "doc_id", "unit"):
        assert list(started(tmp_path, documents, by=by).corpus["doc_id"]) == ["甲", "丙", "戊"]


def test_of_copies_one_that_states_its_group_takes_part(tmp_path):
    run = started(
        tmp_path, [document("甲"), document("乙", "合肥", duplicate_of="甲"), document("丙", "随州")], by="city"
    )
    assert list(run.corpus["doc_id"]) == ["乙", "丙"]
    assert list(run.left_out["reason"]) == ["a copy of 乙"]


def test_a_duplicate_that_the_manifest_excludes_leaves_the_other_in(tmp_path):
    documents = [SAME[0], SAME[1] | {"exclude": "filed under a wrong name"}, *SAME[2:]]
    run = started(tmp_path, documents)
    assert list(run.corpus["doc_id"]) == ["甲", "丙", "戊"]
    assert list(run.left_out["reason"]) == ["filed under a wrong name", "a copy of 丙"]
    first = [SAME[0] | {"exclude": "filed under a wrong name"}, *SAME[1:]]
    assert list(started(tmp_path, first).corpus["doc_id"]) == ["乙", "丙", "戊"]


def test_a_duplicate_under_a_city_that_was_not_asked_for_still_casts_doubt(tmp_path):
    run = started(tmp_path, SAME, by="city", only={"city": ["盐城", "随州"]})
    assert list(run.corpus["doc_id"]) == ["丙"]


@pytest.mark.parametrize(
    ("documents", "only", "by"),
    [
        (TWO, {}, "city"),
        ([document("甲", "盐城", year=2014), document("乙", "盐城", year=2015)], {}, "year"),
        ([document("甲", province="江苏省"), document("乙", province="安徽省", year=2015)], {}, "province"),
        ([document("甲", "盐城", year=2014), document("乙", "", year=2015)], {}, "year"),  # one city is no difference
        ([document("甲"), document("乙")], {}, "doc_id"),
        ([document("甲", "盐城", year=2014)], {}, "doc_id"),
        # Of the documents that take part all are of one city, whatever the others are of.
        ([*TWO, document("丙", "盐城", year=2018)], {"city": "盐城"}, "year"),
        (
            [
                document("甲", "盐城", year=2014),
                document("乙", "盐城", year=2015),
                document("丙", "合肥", exclude="empty"),
            ],
            {},
            "year",
        ),
    ],
)
def test_auto_takes_what_differs_between_the_documents_that_take_part(tmp_path, documents, only, by):
    run = started(tmp_path, documents, by="auto", only=only)
    assert run.by == by
    assert resolve_by("auto", pd.concat([run.corpus, run.left_out]), only) == by


def test_any_column_can_be_compared_by(tmp_path):
    documents = [document("甲", pilot="yes"), document("乙", pilot="no"), document("丙", pilot="")]
    run = started(tmp_path, documents, by="pilot")
    assert run.groups() == ["no", "not stated", "yes"]
    assert list(run.corpus["group"]) == ["yes", "no", "not stated"]
    assert run.many() == "values of pilot"


def test_years_that_are_not_known_are_not_stated(tmp_path):
    run = started(tmp_path, [document("甲", year=2014), document("乙"), document("丙", year=1998)], by="year")
    assert run.groups() == ["1998", "2014", "not stated"]
    assert run.many() == "years"


def test_an_unknown_column_is_an_error_that_lists_the_columns(tmp_path):
    with pytest.raises(
        CrosscityError, match="by is 'town', which corpus has no column for; it has unit, doc_id, file, city, province"
    ):
        started(tmp_path, TWO, by="town")


@pytest.mark.parametrize("column", ["province", "genre"])
def test_an_empty_column_is_an_error(tmp_path, column):
    with pytest.raises(
        CrosscityError, match=f"by is '{column}', but no document states it: fill the column in corpus.csv"
    ):
        started(tmp_path, TWO, by=column)


def test_a_year_that_no_document_has_is_an_error(tmp_path):
    with pytest.raises(CrosscityError, match="by is 'year', but no document states it"):
        started(tmp_path, [document("甲", "盐城"), document("乙", "合肥")], by="year")


UNITS = {"甲": ("", "随县", "广水市")}


def test_units_are_compared_with_the_documents_that_have_none(tmp_path):
    run = started(tmp_path, [*TWO, document("丙")], UNITS, by="unit")
    assert run.groups() == ["丙", "合肥", "广水市", "盐城", "随县"]
    paragraphs = run.paragraphs()
    assert list(paragraphs["group"]) == ["盐城", "随县", "广水市", "合肥", "合肥", "合肥", "丙", "丙", "丙"]
    assert run.many() == "units"


def test_a_table_without_units_is_read_by_document(tmp_path):
    run = started(tmp_path, TWO, UNITS, by="unit")
    assert list(run.table("cleaning_log")["group"]) == ["盐城", "合肥"]
    assert list(run.table("paragraphs")["group"]) == ["盐城", "随县", "广水市", "合肥", "合肥", "合肥"]


def note(documents, tmp_path, **parameters):
    return started(tmp_path, documents, parameters.pop("units", None), **parameters).notes


def test_a_restated_document_makes_demonstration_text(tmp_path):
    assert note([TWO[0] | {"edition": "restated"}, TWO[1]], tmp_path) == ["demonstration text", "one document a city"]
    assert note([TWO[0] | {"edition": "original"}, TWO[1]], tmp_path) == ["one document a city"]
    # One that takes no part says nothing of those that do.
    assert note([*TWO, document("丙", "随州", edition="restated", exclude="x")], tmp_path) == ["one document a city"]


@pytest.mark.parametrize(
    "about", [{"genre": "essay"}, {"speaker": "市长"}, {"level": "county"}, {"doc_type": "resolution"}, {"year": 2018}]
)
def test_documents_that_differ_in_more_than_the_city_are_not_attributable(tmp_path, about):
    assert note([TWO[0] | about, TWO[1]], tmp_path) == [CONFOUNDED]
    assert CONFOUNDED == "differences between documents; not attributable to cities"


def test_both_notes_in_order(tmp_path):
    documents = [row | {"edition": "restated"} for row in (TWO[0] | {"genre": "essay"}, TWO[1])]
    assert note(documents, tmp_path) == ["demonstration text", CONFOUNDED]


def test_what_is_compared_is_no_confounder_of_itself(tmp_path):
    documents = [document("甲", "盐城", year=2014, genre="essay"), document("乙", "盐城", year=2015, genre="essay")]
    assert note(documents, tmp_path, by="year") == ["one document a year"]
    assert note(documents, tmp_path, by="genre") == []
    mixed = [documents[0], documents[1] | {"speaker": "市长"}]
    assert note(mixed, tmp_path, by="year") == ["differences between documents; not attributable to years"]


def test_several_documents_a_group_bear_no_such_note(tmp_path):
    documents = [document(f"{c}{y}", c, year=y) for c in ("盐城", "合肥") for y in (2014, 2015)]
    assert note(documents, tmp_path, by="city") == []


def test_units_of_several_documents_are_not_attributable(tmp_path):
    expected = "differences between documents; not attributable to units"
    assert note(TWO, tmp_path, units=UNITS, by="unit") == [expected]
    assert note([TWO[0] | {"edition": "restated"}, TWO[1]], tmp_path, units=UNITS, by="unit") == [
        "demonstration text",
        expected,
    ]
    # Within one document they share date, genre and occasion.
    assert note(TWO[:1], tmp_path, units=UNITS, by="unit") == []


def test_a_group_that_is_not_there_is_an_error_that_names_those_that_are(tmp_path):
    with pytest.raises(CrosscityError, match="group is '厦门'; by city there are 合肥, 盐城"):
        started(tmp_path, TWO, name="05-profile", group="厦门")
    assert started(tmp_path, TWO, name="05-profile", group="盐城").group == "盐城"


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
    later = begin("02-terms", tables=str(run.tables), out=str(run.out))
    with pytest.raises(CrosscityError, match="tokens lacks words of some paragraphs: build the tables again"):
        later.paragraphs()


def test_all_groups_are_shown_where_they_are_few(tmp_path):
    assert started(tmp_path, TWO).shown() == ["合肥", "盐城"]


def test_of_many_years_evenly_spaced_ones_are_shown(tmp_path):
    run = started(tmp_path, [document(f"{y}", year=y) for y in range(1990, 2021)], by="year")
    assert run.shown(most=4) == ["1990", "2000", "2010", "2020"]
    assert run.shown(most=1) == ["1990"]
    assert run.shown(most=0) == []
    assert len(set(run.shown())) == 12
    assert (run.shown()[0], run.shown()[-1]) == ("1990", "2020")


def test_of_many_cities_those_with_the_most_text_are_shown(tmp_path):
    sizes = {"a": 5, "b": 90, "c": 40, "d": 40, "e": 20}
    documents = [document(f"{c}1", c, n_chars=n) for c, n in sizes.items()] + [document("a2", "a", n_chars=60)]
    # a has 65 in two documents; c and d tie, and c comes first by name.
    assert started(tmp_path, documents, by="city").shown(most=3) == ["a", "b", "c"]
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
    assert run.shown(most=2) == sorted(["丁县", "甲县"])
    assert run.shown(most=3) == sorted(["丁县", "甲县", "乙县"])


def test_findings_are_printed_and_kept_in_order(tmp_path, capsys):
    run = started(tmp_path, [row | {"edition": "restated"} for row in TWO])
    run.find("两座城市。")
    run.find("第二句。")
    assert capsys.readouterr().out == "两座城市。\n第二句。\n"
    assert json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8")) == {
        "name": "02-terms",
        "group": None,
        "by": "city",
        "notes": ["demonstration text", "one document a city"],
        "findings": ["两座城市。", "第二句。"],
        "figures": [],
        "pages": [],
    }


def test_results_and_figures_bear_the_notes(tmp_path):
    run = started(tmp_path, [TWO[0] | {"edition": "restated", "genre": "essay"}, TWO[1]])
    data = pd.DataFrame({"term": ["渔港", "茶,山"], "share": [1 / 3, np.nan]})
    bears = f"demonstration text; {CONFOUNDED}"
    run.result("terms", data)
    expected = f'term,gloss,share,note\n渔港,fishing port,0.333333,{bears}\n"茶,山",,,{bears}\n'
    assert (tmp_path / "out" / "terms.csv").read_bytes().decode() == expected
    fig, ax = plt.subplots()
    ax.plot([1, 2])
    run.figure(fig, "line", data, "线", "一条线。")
    assert (tmp_path / "out" / "line.csv").read_text(encoding="utf-8") == expected
    assert json.loads((tmp_path / "out" / "line.json").read_text(encoding="utf-8"))["notes"] == [
        "demonstration text",
        CONFOUNDED,
    ]
    told = json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8"))
    assert told["figures"] == ["line"]


def test_a_page_is_saved_and_told(tmp_path):
    run = started(tmp_path, TWO)
    run.page("topics", "<p>渔港</p>", "the topics to browse")
    assert (tmp_path / "out" / "topics.html").read_text(encoding="utf-8") == "<p>渔港</p>"
    told = json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8"))
    assert told["pages"] == [{"name": "topics", "title": "the topics to browse"}]


def test_figures_are_told_in_the_order_they_were_made(tmp_path):
    run = started(tmp_path, TWO)
    for name in ("second", "first", "second"):
        fig, _ = plt.subplots()
        run.figure(fig, name, pd.DataFrame({"x": [1]}), name, name)
    told = json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8"))
    assert told["figures"] == ["second", "first"]


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
    found = run.tested()
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
    assert list(run.documents(run.paragraphs())) == ["甲 随县", "甲 广水市", "甲 广水市"]
    run = started(tmp_path, TWO)
    assert set(run.documents(run.paragraphs())) == {"甲", "乙"}


def test_the_pair_is_that_named_or_that_with_the_most_text(tmp_path):
    documents = [document(f"{city}{i}", city) for city, n in (("甲", 1), ("乙", 3), ("丙", 2)) for i in range(n)]
    folder = tables(tmp_path / "t", documents)

    def pair(**chosen):
        return begin("06-pair", tables=str(folder), out=str(tmp_path / "out"), **chosen).pair()

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
    run = begin("07-shared-text", tables=str(own), out=str(tmp_path / "out"), references=str(tmp_path / "other"))
    texts, corpus, references = run.with_references(run.paragraphs(["body"]))
    assert references == ["2014 (reference)", "2015 (reference)"]
    assert sorted(set(texts["doc_id"])) == ["2014 (reference)", "2015 (reference)", "甲"]
    assert sorted(corpus["doc_id"]) == ["2014 (reference)", "2015 (reference)", "甲"]
    run = begin("07-shared-text", tables=str(own), out=str(tmp_path / "out"))
    assert run.with_references(run.paragraphs())[2] == []


def test_a_document_of_a_province_names_the_province_s_cities(tmp_path):
    run = started(tmp_path, [document("甲", province="湖北省"), document("乙", "合肥", province="安徽省")])
    assert {"湖北省", "随州", "曾都区", "合肥", "安徽"} <= run.places()
    assert "芜湖" not in run.places()


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


def test_results_without_notes_have_no_such_column(tmp_path):
    documents = [document(f"{c}{y}", c, year=y) for c in ("盐城", "合肥") for y in (2014, 2015)]
    run = started(tmp_path, documents)
    run.result("terms", pd.DataFrame({"term": ["渔港"]}))
    assert (tmp_path / "out" / "terms.csv").read_text(encoding="utf-8") == "term,gloss\n渔港,fishing port\n"


def test_a_run_without_a_folder_makes_none(tmp_path):
    folder = tables(tmp_path / "t", TWO)
    assert Run("report", folder, None, check_parameters({})).out is None
    assert [p.name for p in tmp_path.iterdir()] == ["t"]


AWKWARD = [
    "随 州", "a/b", "..", ".", "/etc/passwd", "it's", 'so "named"', "50%", "$(HOME)", "$HOME",
    "两\n行", "两\r行", "tab\t", "a:b", "a;b", "a#b", "a\\b",
    "a*?", "~", "-n", "名" * 200, "a\u3000b", "\u2028", "（甲）", "a=b", "|&<>", "`id`", "\x00", "é e\u0301",
]  # fmt: skip


@pytest.mark.parametrize("group", AWKWARD)
def test_a_run_s_name_is_taken_by_make_and_by_every_file_system(group):
    name = run_id("05-profile", group)
    assert re.fullmatch(r"05-profile-[\w-]+", name)
    assert not re.search(r"\s", name)
    assert len(f".{name}.4194304.partial".encode()) <= 255
    assert name == run_id("05-profile", group)


def test_groups_that_look_alike_have_different_names():
    alike = ["a b", "a/b", "a_b", "a'b", "a%b", "a$b", "a\nb", "a\\b", "a:b"]
    different = {*alike, *AWKWARD}
    assert len({run_id("05-profile", g) for g in different}) == len(different) > 30
    assert run_id("05-profile", "名" * 200) != run_id("05-profile", "名" * 201)


@pytest.mark.parametrize(
    ("group", "name"),
    [
        (None, "05-profile"),
        ("合肥", "05-profile-合肥"),
        ("2014", "05-profile-2014"),
        ("a_b-c", "05-profile-a_b-c"),
        # What is replaced is told apart by the first six digits of the SHA-256 (here from sha256sum).
        ("a b", "05-profile-a_b-c8687a"),
        ("50%", "05-profile-50_-28fdae"),
    ],
)
def test_names_of_runs(group, name):
    assert run_id("05-profile", group) == name


@pytest.mark.parametrize(
    ("documents", "labels"),
    [
        (TWO, ["盐城", "合肥"]),
        ([document("甲", "盐城", year=2014), document("乙", "盐城", year=2015)], ["2014", "2015"]),
        ([document("甲", province="江苏省"), document("乙", province="安徽省")], ["江苏省", "安徽省"]),
        (
            [document("甲", "盐城", year=2014), document("乙", "盐城", year=2015), document("丙", "合肥", year=2014)],
            ["盐城 2014", "盐城 2015", "合肥 2014"],
        ),
        # A year that is not known is no label; beside a city it is left away.
        ([document("甲", "盐城", year=2014), document("乙", "盐城")], ["盐城 2014", "盐城"]),
        ([document("甲", year=2014), document("乙")], ["甲", "乙"]),
        ([document("甲"), document("乙")], ["甲", "乙"]),
        # One of twelve that no year names keeps its own name.
        (
            [document(f"文{i}", year=2000 + i) for i in range(1, 12)] + [document("文末")],
            [*(str(2000 + i) for i in range(1, 12)), "文末"],
        ),
        ([document("甲", "盐城", year=2014), document("乙", "盐城", year=2014)], ["甲", "乙"]),
    ],
)
def test_a_short_label_that_tells_documents_apart(tmp_path, documents, labels):
    assert list(document_label(started(tmp_path, documents).corpus)) == labels
