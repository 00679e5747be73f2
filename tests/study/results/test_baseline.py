"""Documents beside a baseline: what they use more, what is said of both, and what cannot be compared."""

import lzma

import pytest
from crosscity import CrosscityError
from crosscity.compare import baselines
from crosscity.study.result import Unavailable
from crosscity.words.matrix import count_matrix
from scipy import sparse

from tests.helpers.results import check_result

COMMON = ("产业", "增长", "推进", "项目")


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A baseline of twelve documents in the place of the city reports; a function that writes it."""

    def written(dictionary="", rows=None, terms=(*COMMON, "渔港")):
        rows = rows or [[9 + i % 3, 8, 7 + i % 2, 5, i % 2] for i in range(12)]
        text = baselines.baseline_text(sparse.csr_array(rows), terms, dictionary or baselines.dictionary_version())
        (tmp_path / "city-reports-2024.tsv.xz").write_bytes(lzma.compress(text.encode()))
        monkeypatch.setattr(baselines, "FOLDER", tmp_path)
        baselines.read_baseline.cache_clear()

    yield written
    baselines.read_baseline.cache_clear()


def test_what_sets_documents_apart_from_a_baseline(of_towns, asked, small):
    small()
    found = asked(of_towns).keyness("盐城", against="city-reports-2024")
    check_result(found, terms=("p",))
    more = found.table.loc[found.table["way"] == "more", "term"]
    assert "渔港" in set(more)
    assert set(found.table.loc[found.table["way"] == "less", "term"]) >= {"产业", "项目"}
    said = found.sentences()
    assert (
        "Compared with the work reports of 12 cities of 2024; the template of the genre counts on both sides." in said
    )
    assert "3 of 3 documents here are no work reports: differences may be of genre." in said
    assert "Of a single document we list terms whose interval excludes 0: they speak of it alone." in said
    assert "apart from the work reports of 12 cities of 2024" in found.title
    assert "use less than the work reports" in found.less().title
    row = int((found.table["term"] == "渔港").to_numpy().nonzero()[0][0])
    assert set(found.evidence(row)["group"]) == {"盐城"}
    assert list(asked(of_towns).keyness(against="city-reports-2024").found) == ["合肥", "盐城", "随州"]
    assert found.test().table["group"].tolist() == ["盐城"]


def test_another_dictionary_is_said_and_one_s_own_terms_are_left_out(of_towns, asked, small, monkeypatch):
    small(dictionary="0123456789abcdef")
    said = asked(of_towns).keyness("盐城", against="city-reports-2024").sentences()
    assert "The baseline was counted with another version of the dictionary; new terms may stand out." in said
    small()
    monkeypatch.setattr(baselines, "cut_otherwise", lambda *_: ({"渔港", "渔"}, 0.01))
    found = asked(of_towns).keyness("盐城", against="city-reports-2024")
    assert "Left out, since the baseline's dictionary cuts them otherwise: 渔港." in found.sentences()
    assert "渔港" not in set(found.found["盐城"]["term"])
    monkeypatch.setattr(baselines, "cut_otherwise", lambda *_: ({"渔港"}, 0.2))
    found = asked(of_towns).keyness("盐城", against="city-reports-2024")
    assert isinstance(found, Unavailable)
    assert found.reason.startswith("20% of the words are cut otherwise than the baseline's")


def test_documents_that_are_the_baseline_s_own_are_left_out_of_it(of_towns, asked, small):
    study = asked(of_towns)
    paragraphs = study.paragraphs(["body"])
    tokens = paragraphs.loc[paragraphs["group"] == "盐城", "tokens"]
    counts, words = count_matrix(tokens)
    rows = [[0] * len(words) + [9 + i % 3, 8, 7] for i in range(8)] + [[*counts.sum(axis=0), 0, 0, 0]]
    order = sorted(range(len(words) + 3), key=lambda j: [*words, *COMMON[:3]][j])
    small(rows=[[row[j] for j in order] for row in rows], terms=sorted([*words, *COMMON[:3]]))
    found = study.keyness("盐城", against="city-reports-2024")
    assert "Left out of these, since they are among the documents: 1." in found.sentences()
    assert found.notes.documents == 8


def test_what_is_not_there_is_refused_by_name(of_towns, asked):
    with pytest.raises(CrosscityError, match="there is no baseline 'mine': there are city-reports-2024"):
        asked(of_towns).keyness(against="mine")
    with pytest.raises(CrosscityError, match="group is '朝阳'; by city there are"):
        asked(of_towns).keyness("朝阳", against="city-reports-2024")


def test_the_baseline_of_the_documents_level_is_for_work_reports(of_towns, asked, small):
    small()
    study = asked(of_towns)
    found = study.keyness(against="auto")
    assert not found
    assert found.reason.startswith("3 of 3 documents are no work reports, as all baselines are")
    study.corpus["doc_type"] = "work report"
    assert study.keyness("盐城", against="auto").baseline == "city-reports-2024"
