"""Results: computed once, in the study's language, shown and written; and those that documents do not allow."""

import base64
import io

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError, NotEstimableError
from crosscity.figures.style import figure_width, subplots
from crosscity.language import tr
from crosscity.study.result import Result, Unavailable, analysis
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from PIL import Image

from tests.helpers.study_tables import TWO, started


class Counted(Result):
    name = "counted"
    columns = ("group", "term", "rate", "year")

    def _title(self):
        return tr("Words in context")

    def _sentences(self):
        return [tr("{n} documents", n=len(self.rows))]

    def _draw(self):
        fig, ax = subplots(figsize=(figure_width(), 2))
        ax.plot([1, 2], label="$x^$")
        return fig

    @analysis
    def twice(self, times=2):
        CALLS.append(times)
        return Counted(self.study, pd.concat([self.rows] * times, ignore_index=True))

    @analysis
    def impossible(self):
        msg = "one document is too few"
        raise NotEstimableError(msg)

    @analysis
    def wrong(self):
        msg = "there is no such group"
        raise CrosscityError(msg)


CALLS = []
ROWS = pd.DataFrame({"group": ["盐城", "合肥"], "term": ["渔港", "<b>&茶山"], "rate": [1234.5678, np.nan],
                     "year": [2014, 2015], "doc_id": ["甲", "乙"], "paragraph": [2, 3]})  # fmt: skip


@pytest.fixture
def result(tmp_path):
    CALLS.clear()
    yield Counted(started(tmp_path, TWO), ROWS)
    plt.close("all")


def test_it_is_frozen_and_its_table_is_a_copy(result):
    with pytest.raises(AttributeError):
        result.rows = ROWS[:1]
    mine = result.table
    mine.loc[0, "term"] = "changed"
    assert result.table["term"][0] == "渔港"


def test_it_is_computed_once_for_the_same_arguments(result):
    assert result.twice() is result.twice()
    assert result.twice(3) is not result.twice()
    assert CALLS == [2, 3]


def test_it_speaks_both_languages(result):
    assert (result.title, result.sentences()) == ("Words in context", ["2 documents"])
    assert result.sentences("zh") == ["2 份文件"]


def test_as_text_it_is_title_sentences_and_rounded_rows(result):
    assert repr(result) == (
        "Words in context\n2 documents\n\n"
        "group  term       rate  year\n"
        "盐城   渔港      1,235  2014\n"
        "合肥   <b>&茶山         2015"
    )


def test_as_html_it_has_the_picture_and_escapes_what_documents_say(result):
    page = result._repr_html_()
    assert 'src="data:image/png;base64,' in page
    assert "&lt;b&gt;&amp;茶山" in page
    assert "<b>&" not in page


def test_jupyter_shows_picture_and_text_apart(result):
    InteractiveShell.instance()
    with capture_output() as said:
        result._ipython_display_()
    picture, text = (output.data for output in said.outputs)
    assert picture["text/plain"] == "[Words in context]"
    assert Image.open(io.BytesIO(picture["image/png"])).width == 720
    assert text["text/plain"] == repr(result)
    assert "<img" not in text["text/html"]
    assert said.outputs[0].metadata["image/png"]["alt"] == "2 documents"


def test_the_same_picture_has_the_same_bytes(result):
    again = Counted(result.study, ROWS)
    assert result._picture == again._picture
    assert result.figure() is not result.figure()


def test_a_figure_fits_a_column_or_another_figure(result):
    assert result.figure("column").get_figwidth() == 3.5
    with pytest.raises(CrosscityError, match="width is 'wide': give page or column"):
        result.figure("wide")
    fig, axes = plt.subplots(1, 2, figsize=(10, 3))
    part = result.figure(ax=axes[0])
    assert part.figure is fig
    assert axes[0] not in fig.axes
    assert [ax.get_lines()[0].get_ydata().tolist() for ax in part.axes] == [[1, 2]]
    assert axes[1] in fig.axes
    fig.savefig(io.BytesIO())


def test_a_picture_placed_to_the_point_is_no_part_of_another(tmp_path):
    study = started(tmp_path, TWO)
    _, ax = plt.subplots()
    with pytest.raises(CrosscityError, match="draw it by itself"):
        study.confounding().figure(ax=ax)
    assert not ax.figure.subfigs


def test_evidence_is_the_paragraph_of_a_row(result):
    assert result.evidence(1)[["doc_id", "paragraph"]].to_numpy().tolist() == [["乙", 3]]
    assert "老街" in result.evidence(1)["text"][0]
    with pytest.raises(CrosscityError, match="counted has 2 rows"):
        result.evidence(2)


def test_it_is_written_as_csv_and_latex(result, tmp_path):
    result.to_csv(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()[0].startswith("group,term,gloss,rate,year")
    assert result.to_latex(tmp_path / "a.tex") == (tmp_path / "a.tex").read_text(encoding="utf-8")
    assert r"合肥 & <b>\&茶山 &  & 2015 \\" in result.to_latex()


def test_what_documents_do_not_allow_says_so_and_so_does_what_is_asked_of_it(result):
    none = result.impossible()
    assert isinstance(none, Unavailable)
    assert not none
    assert none.sentences() == ["One document is too few."]
    assert none.by_group().test().sentences() == ["One document is too few."]
    assert none.table.empty
    assert "One document is too few." in none.to_html()
    assert "Not available: impossible" in repr(none)
    with pytest.raises(CrosscityError, match="no such group"):
        result.wrong()
    with pytest.raises(CrosscityError, match="there is nothing to draw"):
        none.figure()
    result.study.keep(none)
    assert result.study.findings == []
    assert result.study.asides == ["One document is too few."]


def test_pictures_are_small(result):
    assert len(base64.b64encode(result._picture[0])) < 20_000
