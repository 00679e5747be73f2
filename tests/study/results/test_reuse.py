"""Passages that documents share, how much of each, with whom and with which references: by hand on invented text."""

import shutil

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pytest
from crosscity.files import write_text
from crosscity.study.opening import open_study
from crosscity.study.result import Unavailable

from tests.helpers.results import check_result
from tests.helpers.small_corpora import built

SHARED = "渔港的灯塔在春天重新亮起来以后码头上的老工人和孩子们每天傍晚都来看船回港。"
REFERENCE = "书屋的志愿者把捐来的旧书一本一本擦干净再按街坊的姓氏编成目录放进新做的木柜。"
OWN = {
    "盐城": "茶山由三户人家照看，去年的雨水多。",
    "合肥": "老街铺了新的石板，店主们商量着改了门牌。",
    "随州": "食堂的采购价格每周公开一次。",
}


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("reuse")
    texts = {
        "盐城": f"标题一二三\n{SHARED}\n{OWN['盐城']}\n",
        "合肥": f"标题四五六\n{OWN['合肥']}\n{SHARED}\n",
        "随州": f"标题七八九\n{OWN['随州']}\n{REFERENCE}\n",
    }
    built(made / "three", texts, year=[2020, 2021, 2022])
    built(made / "apart", OWN, year=[2020, 2021, 2022])
    built(made / "national", {"北京": f"全国报告\n{REFERENCE}\n"}, year=[2019])
    return made


def opened(folder, name="three", **parameters):
    tables, out = str(folder / name / "tables"), str(folder / name / "kept")
    return open_study(notebook="07-shared-text", tables=tables, out=out, **parameters)


@pytest.fixture
def reuse(folder):
    return opened(folder).text_reuse()


def test_every_result_shows_itself_in_both_languages(reuse):
    for result in (reuse, reuse.strips(), reuse.coverage(), reuse.pairs(), reuse.taken_up()):
        check_result(result)


def test_a_passage_its_places_and_who_has_it_earliest(reuse):
    row = reuse.table.iloc[0]
    assert len(reuse.table) == 1
    assert (row["text"], row["documents"], row["earliest"]) == (SHARED[:-1], 2, "盐城") or row["text"] == SHARED
    assert reuse.passages.equals(reuse.table)
    places = reuse.evidence(0)
    assert sorted(places["doc_id"]) == ["合肥", "盐城"]
    assert set(places["text"]) == {row["text"]}
    assert reuse.sentences() == [
        "3 documents are compared with each other.",
        "One passage of 30 characters or more occurs in at least two documents; "
        "100% of the matching pairs are identical.",
        "One passage stands in documents that are all dated; it is earliest in 盐城.",
    ]
    assert list(reuse.tables()) == ["places", "passages"]


def test_how_much_of_each_document_is_shared(reuse):
    shares = reuse.coverage().table.set_index("doc_id")
    length = len(reuse.table["text"][0])
    assert shares.loc["盐城", "shared"] == pytest.approx(length / shares.loc["盐城", "characters"], abs=1e-6)
    assert shares.loc["随州", "own"] == 1
    (said,) = reuse.coverage().sentences()
    assert said.startswith("Shared: ")
    assert "most in 盐城" in said
    strips = reuse.strips()
    assert strips.table["doc_id"].tolist()[0] == "盐城"  # the least of its own first
    first = strips.table.index[(strips.table["doc_id"] == "盐城") & (strips.table["class"] == "shared")][0]
    assert "".join(strips.evidence(int(first))["text"]) == reuse.table["text"][0]
    assert strips.sentences()[0].startswith("Of all characters 0.0% are central, ")


def test_a_figure_of_strips_has_the_documents_that_share_most(reuse, monkeypatch):
    strips = reuse.strips()
    assert strips.title == "Shared passages along each document, the most shared first"
    assert len(strips._draw().axes[0].get_yticks()) == 3
    monkeypatch.setattr("crosscity.study.results.reuse._BARS", 2)
    assert strips.title == "Shared passages along the 2 of 3 documents that share most"
    assert [label.get_text() for label in strips._draw().axes[0].get_yticklabels()] == strips._seen
    assert strips._seen[0] == strips.table["document"].iloc[0]
    assert len(strips.data()) == len(strips.table)  # which has all


def test_who_shares_with_whom(reuse):
    pairs = reuse.pairs()
    assert pairs.table["pair"].tolist() == ["盐城 – 合肥", "合肥 – 盐城"]
    assert pairs.sentences()[0].startswith("Nearest in wording: 盐城 – 合肥; ")
    lines = pairs.evidence(0)
    assert lines[["doc_id", "other_doc"]].to_numpy().tolist() == [["盐城", "合肥"]]
    assert lines["text"][0] == lines["other_text"][0] == reuse.table["text"][0]


def test_without_references_none_are_named_and_nothing_is_kept(reuse):
    taken = reuse.taken_up()
    assert taken.title == "No references are named (see the parameter references)"
    assert taken.sentences() == []
    assert taken.tables() == {}


def test_what_was_taken_up_from_a_reference(folder):
    study = opened(folder, references=str(folder / "national" / "tables"))
    reuse = study.text_reuse()
    assert reuse.sentences()[0].startswith("3 documents are compared with each other, and against 1 references")
    taken = reuse.taken_up()
    check_result(taken, ["reference"])
    assert taken.table["doc_id"].tolist() == ["随州"]
    assert taken.table["characters"].tolist() == [taken.by_reference["characters"].iloc[0]]
    assert set(taken.evidence(0)["text"]) <= {REFERENCE, REFERENCE[:-1]}
    assert list(taken.tables()) == ["taken-up"]
    assert reuse.coverage().table.set_index("doc_id").loc["随州", "reference"] > 0.5


def test_documents_that_share_nothing(folder):
    reuse = opened(folder, "apart").text_reuse()
    none = "No passage of 30 characters or more occurs in two documents."
    assert reuse.sentences()[1] == none
    assert isinstance(reuse.pairs(), Unavailable)
    assert reuse.pairs().sentences() == [none]
    assert reuse.coverage()._drawn is None
    assert reuse.strips().sentences() == ["Of all characters 0.0% are central, 0.0% are shared, 100.0% are own."]


def test_other_lengths_can_be_asked_for_but_not_without_the_text(folder):
    study = opened(folder)
    assert study.text_reuse(length=60).sentences()[1] == "No passage of 60 characters or more occurs in two documents."
    marker = folder / "three" / "tables" / "of-text"  # by which tables without text are known
    write_text(marker / "edition.json", "{}")
    try:
        assert isinstance(opened(folder).text_reuse(length=60), Unavailable)
    finally:
        shutil.rmtree(marker)


def test_one_document_is_held_against_nothing(folder):
    reuse = opened(folder, only={"city": "盐城"}).text_reuse()
    assert isinstance(reuse, Unavailable)
    assert reuse.sentences() == ["There is one document, and no other to compare it with."]
    study = opened(folder, only={"city": "随州"}, references=str(folder / "national" / "tables"))
    assert len(study.text_reuse().taken_up().table) == 1


def test_what_is_kept(folder):
    study = opened(folder)
    reuse = study.text_reuse()
    study.keep(reuse, reuse.strips(), reuse.coverage(), reuse.pairs(), reuse.taken_up())
    kept = {path.name for path in study.out.glob("*.csv")}
    assert kept == {"places.csv", "passages.csv", "strips.csv", "coverage.csv", "pairs.csv"}


def test_of_a_long_text_it_is_said_by_what_passages_are_found(folder, monkeypatch):
    monkeypatch.setattr("crosscity.words.alignment.MANY", 1)
    found = open_study(folder / "three" / "tables").text_reuse()
    assert len(found.table) == 1, "thirty-seven characters that are the same have ten on end"
    assert "found by runs of 10 identical characters" in found.sentences()[1]
    assert not any("identical characters:" in said for said in found.sentences("zh"))
