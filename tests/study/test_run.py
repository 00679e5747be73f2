"""A run of a notebook: its parameters, and what it saves."""

import json
import re

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.study import run as run_module
from crosscity.study.run import begin

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


def test_a_group_that_is_not_there_is_an_error_that_names_those_that_are(tmp_path):
    with pytest.raises(CrosscityError, match="group is '厦门'; by city there are 合肥, 盐城"):
        started(tmp_path, TWO, name="05-profile", group="厦门")
    assert started(tmp_path, TWO, name="05-profile", group="盐城").group == "盐城"


def test_findings_are_printed_and_kept_in_order(tmp_path, capsys):
    run = started(tmp_path, [row | {"edition": "restated"} for row in TWO])
    run.add_findings("两座城市。")
    run.add_findings("第二句。")
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
    run.save_table("terms", data)
    expected = f'term,gloss,share,note\n渔港,fishing port,0.333333,{bears}\n"茶,山",,,{bears}\n'
    assert (tmp_path / "out" / "terms.csv").read_bytes().decode() == expected
    fig, ax = plt.subplots()
    ax.plot([1, 2])
    run.save_figure(fig, "line", data, "线", "一条线。")
    assert (tmp_path / "out" / "line.csv").read_text(encoding="utf-8") == expected
    assert json.loads((tmp_path / "out" / "line.json").read_text(encoding="utf-8"))["notes"] == [
        "demonstration text",
        CONFOUNDED,
    ]
    told = json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8"))
    assert told["figures"] == ["line"]


def test_a_page_is_saved_and_told(tmp_path):
    run = started(tmp_path, TWO)
    run.save_page("topics", "<p>渔港</p>", "the topics to browse")
    assert (tmp_path / "out" / "topics.html").read_text(encoding="utf-8") == "<p>渔港</p>"
    told = json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8"))
    assert told["pages"] == [{"name": "topics", "title": "the topics to browse"}]


def test_figures_are_told_in_the_order_they_were_made(tmp_path):
    run = started(tmp_path, TWO)
    for name in ("second", "first", "second"):
        fig, _ = plt.subplots()
        run.save_figure(fig, name, pd.DataFrame({"x": [1]}), name, name)
    told = json.loads((tmp_path / "out" / "findings.json").read_text(encoding="utf-8"))
    assert told["figures"] == ["second", "first"]


def test_results_without_notes_have_no_such_column(tmp_path):
    documents = [document(f"{c}{y}", c, year=y) for c in ("盐城", "合肥") for y in (2014, 2015)]
    run = started(tmp_path, documents)
    run.save_table("terms", pd.DataFrame({"term": ["渔港"]}))
    assert (tmp_path / "out" / "terms.csv").read_text(encoding="utf-8") == "term,gloss\n渔港,fishing port\n"
