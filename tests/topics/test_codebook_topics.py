"""Themes of a codebook as a topic model: which a run asks for, and shares worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.facts import read_codebook
from crosscity.topics.codebook_topics import choose_codebook, codebook_topics, make_fit
from crosscity.topics.models import prevalence, top_terms
from crosscity.words.matrix import count_matrix
from scipy import sparse

SEA = "groups: {sea: the sea}\nleaves:\n- {code: harbours, group: sea, definition: where ships lie, terms: 渔港}\n"


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        (tmp_path / "own.yaml").write_text(text, encoding=encoding)
        return tmp_path / "own.yaml"

    return write


@pytest.mark.parametrize(
    ("value", "documents", "found"),
    [
        ("", 14, True),
        ("", 15, False),  # enough for topics
        ("none", 5, False),
        ("party", 99, True),  # asked for
    ],
)
def test_whether_a_run_has_a_codebook(value, documents, found):
    assert (choose_codebook(value, corpus_of(["unknown"] * documents)) is not None) == found


PARTY, REPORT, POLICY, EITHER = "venues", "urban", "technology", "economy"  # themes of codebooks; of party and report


@pytest.mark.parametrize(
    ("types", "coded", "expected"),
    [
        (["unknown"] * 3, None, "policy"),  # nothing says that they are of the party
        (["work report"] * 3, None, "report"),
        (["unknown"] * 3, [[PARTY, "general"], [PARTY, EITHER], [POLICY]], "party"),
        (["plan"] * 3, [[POLICY], [POLICY], [PARTY]], "policy"),
        (["plan"] * 2, [[PARTY], [REPORT]], "policy"),  # as many have another
        (["plan"] * 2, [["general"], []], "policy"),
        (["work report"] * 2, [[EITHER], [EITHER]], "report"),  # the type decides between codebooks that share a theme
        (["unknown"] * 2, [["sea"], ["sea"]], "policy"),  # coded with a study's own
    ],
)
def test_few_documents_have_the_codebook_that_fits_most(types, coded, expected):
    corpus = corpus_of(types)
    pairs = [(doc, theme) for doc, of in zip(corpus["doc_id"], coded or [], strict=False) for theme in of]
    themes = None if coded is None else pd.DataFrame(pairs, columns=["doc_id", "theme"])
    assert choose_codebook("", corpus, themes)["theme"].tolist() == [t.name for t in read_codebook(expected).themes]


def corpus_of(types):
    return pd.DataFrame({"doc_id": [f"d{i}" for i in range(len(types))], "doc_type": types})


def test_a_run_has_the_codebook_that_it_names(written, tmp_path):
    path = written(SEA)
    corpus = corpus_of(["work report"] * 100)
    assert choose_codebook(str(path), corpus)["theme"].tolist() == ["sea"]
    counts, terms = count_matrix([["渔港", "书屋"]])
    model = make_fit(choose_codebook(str(path), corpus), 1)(counts, terms, 99)
    assert model.shares.tolist() == [[1.0]]
    # A run makes a path of each file: the shipped ones are found by their name all the same.
    assert "rural" in choose_codebook(str(tmp_path / "report"), corpus)["theme"].tolist()


@pytest.fixture
def water_and_roads(written):
    leaves = [("roads", "道路", "公路 桥梁"), ("water", "水务", "河长"), ("forests", "林业", "林长")]
    rows = "".join(f"- {{code: {c}, group: {g}, definition: {c}, terms: {t}}}\n" for c, g, t in leaves)
    path = written("groups: {道路: roads, 水务: water, 林业: forests}\nleaves:\n" + rows)
    return choose_codebook(str(path), corpus_of([]))


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


@pytest.mark.parametrize(("columns", "least"), [(slice(3, 4), 1), (slice(0, 4), 99)])
def test_a_codebook_for_other_documents(water_and_roads, columns, least):
    with pytest.raises(CrosscityError, match=rf"no term of the codebook stands in the \d paragraphs of {least} words"):
        codebook_topics(COUNTS[:, columns], TERMS[columns], water_and_roads, min_tokens=least)
