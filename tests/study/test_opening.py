"""Opening a study: a notebook's parameters, a file, a folder of documents, of tables or of a study."""

import shutil

import pytest
from crosscity import CrosscityError, open_study
from crosscity.project.scaffold import create_study
from crosscity.study import opening

from tests.conftest import PROJECT
from tests.helpers.study_tables import TWO, tables


@pytest.fixture
def documents(tmp_path):
    folder = tmp_path / "我的 documents"
    folder.mkdir()
    for name in ("朝阳", "合肥"):
        shutil.copy(PROJECT / "data" / "raw" / f"{name}.txt", folder)
    return folder


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Tables that are built on the way go to a folder of the test's."""
    monkeypatch.setattr(opening, "_cache", lambda path: tmp_path / "cache" / path.name)


def test_a_folder_of_documents_is_built_and_opened(documents, capsys):
    study = open_study(documents)
    assert study.groups() == ["合肥", "朝阳"]
    assert study.sentences()[0].startswith("我的 documents: 2 documents, 2 cities")
    assert sorted(p.name for p in documents.iterdir()) == ["合肥.txt", "朝阳.txt"], "nothing is written there"
    shutil.copy(PROJECT / "data" / "raw" / "盐城.txt", documents)
    assert open_study(str(documents)).groups() == ["合肥", "朝阳", "盐城"]


def test_a_folder_of_tables_is_opened_as_it_is(tmp_path):
    assert open_study(tables(tmp_path / "表", TWO)).groups() == ["合肥", "盐城"]


def test_an_edition_without_text_is_opened():
    study = open_study(PROJECT / "data" / "derived" / "five-cities", by="city")
    assert len(study.corpus) == 5
    assert not study.has_text


def test_a_study_is_opened_with_its_parameters(tmp_path, documents):
    create_study(tmp_path / "study")
    shutil.copytree(documents, tmp_path / "study" / "corpus", dirs_exist_ok=True)
    (tmp_path / "study" / "params.yaml").write_text("terms: 7\nonly: {city: 合肥}\n", encoding="utf-8")
    for source in (tmp_path / "study", tmp_path / "study" / "params.yaml"):
        study = open_study(source)
        assert (study["terms"], study.groups()) == (7, ["合肥"])
    assert open_study(tmp_path / "study", terms=9)["terms"] == 9


def test_a_file_of_parameters_is_of_the_embedded_documents(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("terms: 7\n", encoding="utf-8")
    study = open_study(file, tables=str(tables(tmp_path / "表", TWO)), out=str(tmp_path / "out"))
    assert study["terms"] == 7


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "nowhere is not there: give a folder of documents, of tables or of a study"),
        ("empty", "empty"),
    ],
)
def test_a_folder_that_holds_nothing_is_an_error_that_names_it(tmp_path, name, message):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CrosscityError, match=message):
        open_study(tmp_path / name)


def opened(tmp_path, **names):
    return open_study(
        {"tables": str(tables(tmp_path / "表", TWO)), "out": str(tmp_path / "out"), **names}, "04-compare"
    )


def test_a_notebook_hands_over_its_parameters(tmp_path):
    study = opened(tmp_path, terms=7, In=["terms = 7"], Out={}, _=3, open_study=open_study, exit=object())
    assert (study.name, study["terms"]) == ("04-compare", 7)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"min_dff": 3}, "04-compare takes no parameter 'min_dff': did you mean 'min_df'?"),
        ({"k": 8}, "04-compare takes no parameter 'k'"),
        ({"mine": [1]}, "04-compare takes no parameter 'mine': define names of your own below the cell that opens"),
        ({"terms": "7"}, "04-compare: terms is '7'; give a whole number"),
    ],
)
def test_what_is_no_parameter_is_refused_by_name(tmp_path, names, message):
    with pytest.raises(CrosscityError, match=message.replace("?", r"\?")):
        opened(tmp_path, **names)


def test_once_it_is_open_a_notebook_has_names_of_its_own(tmp_path):
    study = opened(tmp_path)
    assert opened(tmp_path, s=study, mine=[1], terms=5)["terms"] == 5


def test_jupyterlab_opens_the_tables_that_make_was_given(tmp_path, monkeypatch):
    """`make lab CORPUS=... OUT=...` tells kernels where tables are; what a cell says goes before it."""
    monkeypatch.setenv("CROSSCITY_TABLES", str(tables(tmp_path / "表", TWO[:1])))
    monkeypatch.setenv("CROSSCITY_OUT", str(tmp_path / "lab"))
    study = open_study({"tables": "", "out": ""}, "04-compare")
    assert (len(study.corpus), study.out) == (1, tmp_path / "lab" / "04-compare")
    assert len(opened(tmp_path).corpus) == 2
