"""Codebooks: the file and its faults, and shares worked out by hand."""

import re

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.codebook import codebook_topics, fitter, of_run, read_codebook, terms_found
from crosscity.matrix import count_matrix
from crosscity.tokens import Tokenizer, stop_words
from crosscity.topics import prevalence, top_terms
from scipy import sparse

THEMES = "responsibility leadership education economy venues funding coverage governance service rectification"
THEMES = [*THEMES.split(), "revitalisation", "digital", "ideology", "problems"]


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        (tmp_path / "own.tsv").write_text(text, encoding=encoding)
        return tmp_path / "own.tsv"

    return write


@pytest.mark.parametrize(
    ("value", "documents", "kind", "found"),
    [
        ("", 14, "other", True),
        ("", 15, "other", False),  # enough for topics
        ("", 5, "work report", False),  # another matter
        ("none", 5, "other", False),
    ],
)
def test_which_codebook_a_run_has(value, documents, kind, found):
    corpus = pd.DataFrame({"doc_type": ["other"] * (documents - 1) + [kind]})
    assert (of_run(value, corpus) is not None) == found


def test_a_run_has_the_codebook_that_it_names(written):
    path = written("theme\tgloss\tterms\nsea\tthe sea\t渔港\n")
    corpus = pd.DataFrame({"doc_type": ["work report"] * 100})
    assert of_run(str(path), corpus)["theme"].tolist() == ["sea"]
    counts, terms = count_matrix([["渔港", "书屋"]])
    model = fitter(of_run(str(path), corpus), 1)(counts, terms, 99)
    assert model.shares.tolist() == [[1.0]]


def test_shipped_codebook():
    table = read_codebook()
    assert table["theme"].tolist() == THEMES
    assert table["terms"].map(len).between(10, 30).all()
    assert (table[["gloss", "source", "reason"]] != "").all(axis=None)


def test_shipped_terms_are_single_words_and_none_is_a_stop_word():
    words = [word for terms in read_codebook()["terms"] for word in terms]
    tokenizer, stop = Tokenizer(), stop_words()
    assert [w for w in words if tokenizer.words(w) != [w] or w in stop] == []
    # As in a paragraph, so in the matrix: every term can be found.
    _, terms = count_matrix([words])
    assert set(words) <= set(terms)


def test_own_codebook_in_its_order(written):
    text = "# version 1\ngloss\ttheme\tterms\tnote\n\nwater\t水务\t河长  湖长、水库 \tx\nroads\t道路\t公路\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        table = read_codebook(written(text, encoding))
        assert table["theme"].tolist() == ["水务", "道路"]
        assert table["terms"].tolist() == [("河长", "湖长", "水库"), ("公路",)]
        assert table["gloss"].tolist() == ["water", "roads"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["lacks the column theme, gloss, terms"]),
        ("theme\tterms\n水\t河长\n", ["lacks the column gloss"]),
        ("theme\tgloss\tterms\tgloss\n水\tw\t河长\tv\n", ["names a column twice"]),
        ("# none\ntheme\tgloss\tterms\n", ["it holds no theme"]),
        ("theme\tgloss\tterms\n水\tw\t河长\t湖长\n路\tr\n", ["水 has 4 cells, not 3", "路 has no terms"]),
        ("theme\tgloss\tterms\n水\tw\t\n\tr\t公路\n", ["水 has no terms", "theme 2 has no name"]),
        ("theme\tgloss\tterms\n水\tw\t河长 湖长 河长\n", ["河长 stands twice, under 水 and 水"]),
        ("theme\tgloss\tterms\n水\tw\t河长\n路\tr\t河长\n", ["河长 stands twice, under 水 and 路"]),
        ("theme\tgloss\tterms\n水\tw\t河长\n水\tr\t湖长\n", ["水 stands twice; mend the codebook"]),
    ],
)
def test_faults_are_named_with_the_file(written, text, faults):
    path = written(text)
    with pytest.raises(CrosscityError) as error:
        read_codebook(path)
    for fault in faults:
        assert re.search(f"own.tsv:? {fault}", str(error.value)), fault
    assert str(error.value).count("own.tsv") == len(faults)


def test_no_file(tmp_path):
    with pytest.raises(CrosscityError, match=r"none\.tsv is not there: give a codebook"):
        read_codebook(tmp_path / "none.tsv")


@pytest.fixture
def water_and_roads(written):
    text = "theme\tgloss\tterms\n道路\troads\t公路 桥梁\n水务\twater\t河长\n林业\tforests\t林长\n"
    return read_codebook(written(text))


COUNTS = sparse.csr_array(np.array([[2, 1, 0, 3], [0, 2, 1, 3], [0, 0, 0, 9], [1, 0, 0, 0]]))
TERMS = np.array(["公路", "桥梁", "河长", "建设"], dtype=object)


def test_shares_and_weights_by_hand(water_and_roads):
    model = codebook_topics(COUNTS, TERMS, water_and_roads, min_tokens=2)
    # Three paragraphs take part: df is 1, 2, 1, 3, so idf is ln 2 + 1, ln 4/3 + 1, ln 2 + 1, 1. The fourth word belongs
    # to no theme, but lengthens the paragraphs.
    rare, common = np.log(2) + 1, np.log(4 / 3) + 1
    first = np.array([2 * rare, common]) / np.sqrt(4 * rare**2 + common**2 + 9)
    second = np.array([2 * common, rare]) / np.sqrt(4 * common**2 + rare**2 + 9)
    assert np.allclose(model.shares[0], [1, 0, 0], rtol=0, atol=1e-12)
    assert np.allclose(model.shares[1], [*(second / second.sum()), 0], rtol=0, atol=1e-12)
    assert np.isnan(model.shares[2]).all()  # none of the codebook's terms
    assert np.isnan(model.shares[3]).all()  # too short, though it has one
    roads = np.array([first[0], first[1] + second[0], 0, 0])
    assert np.allclose(model.weights, [roads / roads.sum(), [0, 0, 1, 0], [0, 0, 0, 0]], rtol=0, atol=1e-12)
    assert model.terms is TERMS


def test_short_paragraphs_change_nothing(water_and_roads):
    model = codebook_topics(COUNTS, TERMS, water_and_roads, min_tokens=2)
    fewer = codebook_topics(COUNTS[:3], TERMS, water_and_roads, min_tokens=2)
    assert np.array_equal(model.weights, fewer.weights)
    assert not np.isnan(codebook_topics(COUNTS, TERMS, water_and_roads, min_tokens=1).shares[3]).any()


def test_topics_work_with_it(water_and_roads):
    model = codebook_topics(COUNTS, TERMS, water_and_roads, min_tokens=2)
    assert top_terms(model)[["topic", "term"]].to_numpy().tolist() == [[1, "桥梁"], [1, "公路"], [2, "河长"]]
    table = prevalence(model, ["甲", "乙", "乙", "丙"], [10, 20, 30, 40])
    assert table.loc["甲"].tolist() == [1, 0, 0]
    assert table.loc["丙"].isna().all()


def test_terms_found(water_and_roads):
    table = terms_found(water_and_roads, TERMS[1:])
    assert table.to_numpy().tolist() == [
        ["道路", ("桥梁",), ("公路",)],
        ["水务", ("河长",), ()],
        ["林业", (), ("林长",)],
    ]


@pytest.mark.parametrize(("columns", "least"), [(slice(3, 4), 1), (slice(0, 4), 99)])
def test_a_codebook_for_other_documents(water_and_roads, columns, least):
    with pytest.raises(CrosscityError, match=rf"none of the codebook's terms is in the \d paragraphs of {least} words"):
        codebook_topics(COUNTS[:, columns], TERMS[columns], water_and_roads, min_tokens=least)
