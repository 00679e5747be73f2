"""A study: its parameters, and what it keeps."""

import json
import re

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.study import opening
from crosscity.study.opening import open_study
from crosscity.study.result import Page, Result

from tests.conftest import PROJECT
from tests.helpers.study_tables import CONFOUNDED, TWO, document, started, tables


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"min_df": "3"}, "02-terms: min_df is '3'; give a whole number from 1 to 1000"),
        ({"terms": 99}, "02-terms: terms is 99; give a whole number from 3 to 30"),
        ({"stopword": ""}, "02-terms takes no parameter 'stopword': did you mean 'stopwords'?"),
        (
            {"k": 8},
            "02-terms takes no parameter 'k': it takes by, dictionary, kinds, language, mask_places, min_df, only, ",
        ),
        ({"kinds": ["corpse"], "terms": 1}, "2 problems:"),
    ],
)
def test_a_bad_parameter_is_an_error_before_anything_is_read(tmp_path, parameters, message):
    with pytest.raises(CrosscityError, match=re.escape(message)):
        open_study(notebook="02-terms", tables=str(tmp_path / "absent"), out=str(tmp_path / "out"), **parameters)
    assert not (tmp_path / "out").exists()


def test_absent_tables_are_an_error_that_says_what_to_do(tmp_path):
    expected = (
        f"{tmp_path / 'absent' / 'corpus.parquet'} is not there: build the tables first (make, or crosscity build"
    )
    with pytest.raises(CrosscityError, match=re.escape(expected)):
        open_study(notebook="02-terms", tables=str(tmp_path / "absent"), out=str(tmp_path / "out"))


def test_a_run_has_its_parameters_with_defaults_and_a_folder(tmp_path):
    run = started(tmp_path, TWO, terms=5)
    assert (run["terms"], run["min_df"], run["kinds"], run.name) == (5, 3, ["body"], "02-terms")
    assert (tmp_path / "out").is_dir()
    assert mpl.rcParams["svg.hashsalt"] == "crosscity"


def test_relative_folders_and_the_stop_list_count_from_the_project(tmp_path, monkeypatch):
    tables(tmp_path / "data" / "processed", TWO)
    tables(tmp_path / "other", TWO[:1])
    monkeypatch.setattr(opening, "PROJECT", tmp_path)
    monkeypatch.chdir("/")
    run = open_study(notebook="02-terms", stopwords="params/stop.txt")
    assert (run.tables, run.out) == (tmp_path / "data" / "processed", tmp_path / "reports" / "lab" / "02-terms")
    assert run["stopwords"] == str(tmp_path / "params" / "stop.txt")
    run = open_study(notebook="02-terms", tables="other", out="my/out", stopwords="/lists/stop.txt")
    assert (len(run.corpus), run.out, run["stopwords"]) == (1, tmp_path / "my" / "out", "/lists/stop.txt")
    assert open_study(notebook="02-terms")["stopwords"] == open_study(notebook="02-terms")["dictionary"] == ""
    assert open_study(notebook="02-terms", dictionary="params/terms.tsv")["dictionary"] == str(
        tmp_path / "params" / "terms.tsv"
    )


def test_the_project_is_the_checkout():
    assert opening.PROJECT == PROJECT


def test_a_group_that_is_not_there_is_an_error_that_names_those_that_are(tmp_path):
    with pytest.raises(CrosscityError, match="group is '厦门'; by city there are 合肥, 盐城"):
        started(tmp_path, TWO, name="05-profile", group="厦门")
    assert started(tmp_path, TWO, name="05-profile", group="盐城").group == "盐城"


def drawn(study, name="line", **methods):
    """A result with a picture of its own; further methods by name."""

    def draw(_):
        fig, ax = plt.subplots()
        ax.plot([1, 2])
        return fig

    parts = {"name": name, "_title": lambda _: "线", "_alt": lambda _: "一条线。", "_draw": draw} | methods
    return type("Drawn", (Result,), parts)(study, DATA)


DATA = pd.DataFrame({"term": ["渔港", "茶,山"], "share": [1 / 3, np.nan]})


def summary(tmp_path):
    return json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8"))


def test_sentences_are_kept_in_order_and_once(tmp_path, capsys):
    study = started(tmp_path, [row | {"edition": "restated"} for row in TWO])
    first = drawn(study, "a", _draw=lambda _: None, _sentences=lambda _: ["两座城市。", "第二句。"])
    study.keep(first)
    study.keep(drawn(study, "b", _draw=lambda _: None, _sentences=lambda _: ["第二句。", "第三句。"]))
    study.keep(first)  # a cell that is run again
    assert capsys.readouterr().out == ""
    assert summary(tmp_path) == {
        "name": "02-terms",
        "group": None,
        "by": "city",
        "notes": ["demonstration text", "one document a city"],
        "findings": ["两座城市。", "第二句。", "第三句。"],
        "claims": [],
        "preparation": [],
        "figures": [],
        "pages": [],
    }


def test_tables_and_figures_bear_the_notes(tmp_path):
    study = started(tmp_path, [TWO[0] | {"edition": "restated", "genre": "essay"}, TWO[1]])
    bears = f"demonstration text; {CONFOUNDED}"
    study.save_table("terms", DATA)
    expected = f'term,gloss,share,note\n渔港,fishing port,0.333333,{bears}\n"茶,山",,,{bears}\n'
    assert (tmp_path / "out" / "terms.csv").read_bytes().decode() == expected
    study.keep(drawn(study))
    assert (tmp_path / "out" / "line.csv").read_text(encoding="utf-8") == expected
    about = json.loads((tmp_path / "out" / "line.json").read_text(encoding="utf-8"))
    assert (about["title"], about["alt"], about["notes"]) == ("线", "一条线。", ["demonstration text", CONFOUNDED])
    assert summary(tmp_path)["figures"] == ["line"]


def test_a_title_of_ones_own_is_for_one_result(tmp_path):
    study = started(tmp_path, TWO)
    study.keep(drawn(study), title="我的图")
    assert json.loads((tmp_path / "out" / "line.json").read_text(encoding="utf-8"))["title"] == "我的图"
    with pytest.raises(CrosscityError, match="a title is for one result, and 2 are given"):
        study.keep(drawn(study, "a"), drawn(study, "b"), title="我的图")


def test_a_page_is_kept_and_told(tmp_path):
    study = started(tmp_path, TWO)
    page = Page("the topics to browse", "<p>渔港</p>")
    study.keep(drawn(study, _draw=lambda _: None, pages=lambda _: {"topics": page}))
    assert (tmp_path / "out" / "topics.html").read_text(encoding="utf-8") == "<p>渔港</p>"
    assert summary(tmp_path)["pages"] == [{"name": "topics", "title": "the topics to browse"}]


def test_figures_are_told_in_the_order_they_were_first_kept(tmp_path):
    study = started(tmp_path, TWO)
    study.keep(*(drawn(study, name) for name in ("second", "first", "second")))
    assert summary(tmp_path)["figures"] == ["second", "first"]


def test_tables_without_notes_have_no_such_column(tmp_path):
    documents = [document(f"{c}{y}", c, year=y) for c in ("盐城", "合肥") for y in (2014, 2015)]
    study = started(tmp_path, documents)
    study.save_table("terms", pd.DataFrame({"term": ["渔港"]}))
    assert (tmp_path / "out" / "terms.csv").read_text(encoding="utf-8") == "term,gloss\n渔港,fishing port\n"


def test_it_names_its_documents_and_groups(tmp_path):
    study = started(tmp_path, [row | {"edition": "restated"} for row in TWO])
    assert study.sentences()[0] == "表 tables: 2 documents, 2 cities (合肥, 盐城)."
    assert study.sentences("zh")[0] == "表 tables：2 份文件，2 个城市（合肥、盐城）。"
    assert "Demonstration text." in repr(study)
    shown = study._repr_html_()
    assert "盐城" in shown
    assert "<th" in shown


def test_it_is_shown_where_a_document_has_no_year(tmp_path):
    study = started(tmp_path, [{**TWO[0], "year": 2024}, {**TWO[1], "year": None, "date": ""}])
    shown = study._repr_html_()
    assert ">2024</td>" in shown
    assert "盐城" in shown
    assert "NA" not in shown.partition("<table")[2]


def test_two_studies_are_open_at_once_in_their_own_language_and_width(tmp_path):
    one = started(tmp_path / "a", TWO, min_df=1)
    two = started(tmp_path / "b", TWO, min_df=1, language="zh", width="column")
    assert one.preparation().title == "What is counted"
    assert two.preparation().title == "计数的对象"
    assert drawn(one).figure().get_figwidth() == 7.2
    assert drawn(two).figure().get_figwidth() == 3.5
    assert mpl.rcParams["text.parse_math"], "figures of one's own may have a log scale"
