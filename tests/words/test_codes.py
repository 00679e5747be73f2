"""Words as numbers are the words that they stand for, whatever is left out of them."""

import copy

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from crosscity.words import Tokenizer
from crosscity.words.codes import TokenArray, WordCodes, as_tokens, cut, encode, token_starts
from crosscity.words.formulaic import formulas, remove_masked
from crosscity.words.matrix import count_matrix

TOKENS = [["修路", "建桥", "修路"], [], ["17", "名村", "建桥"], ["修路", "建桥", "种树"]]


def decoded(words):
    ends = np.cumsum(words.lengths)
    return [list(part) for part in np.split(words.vocabulary[words.codes], ends[:-1])]


def test_what_is_encoded_is_decoded_and_encoded_once():
    words = encode(TOKENS)
    assert decoded(words) == TOKENS
    assert words.codes.dtype == np.int32
    assert encode(words) is words
    assert encode([]).lengths.tolist() == []


def test_paragraphs_and_words_are_left_out():
    words = encode(TOKENS)
    assert decoded(words.of_paragraphs(np.array([False, True, True, False]))) == [[], ["17", "名村", "建桥"]]
    mask = np.array([True, False, True, False, False, True, True, True, True])
    left = words.without(mask)
    assert decoded(left) == [["建桥"], [], ["17", "名村"], []] == remove_masked(TOKENS, mask).tolist()
    assert left.lengths.tolist() == [1, 0, 2, 0]


def test_counts_and_formulas_are_those_of_lists():
    words = encode(TOKENS).of_paragraphs(np.array([True, True, False, True]))  # its vocabulary has more than occurs
    counts, terms = count_matrix(words, stopwords=False)
    expected, same = count_matrix([TOKENS[0], TOKENS[1], TOKENS[3]], stopwords=False)
    assert terms.tolist() == same.tolist() == ["修路", "建桥", "种树"]
    assert counts.toarray().tolist() == expected.toarray().tolist() == [[2, 1, 0], [0, 0, 0], [1, 1, 1]]
    of = {"min_documents": 2, "min_words": 2}
    table, mask = formulas(encode(TOKENS), list("甲乙丙丁"), 0.2, **of)
    listed = formulas(TOKENS, list("甲乙丙丁"), 0.2, **of)
    assert table["text"].tolist() == listed[0]["text"].tolist() == ["修路建桥"]
    assert mask.tolist() == listed[1].tolist()
    assert isinstance(words, WordCodes)


@pytest.fixture
def column():
    """A column as a table has it: of two chunks with a vocabulary each."""
    lists = [pa.array(part, pa.list_(pa.string())) for part in (TOKENS[:2], TOKENS[2:])]
    numbered = [pa.ListArray.from_arrays(part.offsets, part.values.dictionary_encode()) for part in lists]
    return pd.Series(TokenArray.from_arrow(pa.chunked_array(numbered)))


def test_a_column_of_numbers_has_lists_for_cells(column):
    assert column.tolist() == TOKENS
    assert column[2] == TOKENS[2]
    assert [len(cell) for cell in column] == column.map(len).tolist() == [3, 0, 3, 3]
    assert column.explode().tolist()[:4] == ["修路", "建桥", "修路", pytest.approx(np.nan, nan_ok=True)]
    assert pa.Array.from_pandas(column).to_pylist() == TOKENS
    assert (column == pd.Series(TOKENS)).all()
    assert not (column == pd.Series(TOKENS[::-1])).all()


def test_parts_of_a_column_have_their_own_words(column):
    back = column[[False, True, True, True]][::-1]
    assert decoded(encode(back)) == TOKENS[:0:-1]
    joined = pd.concat([back, as_tokens(encode([["种树", "种草"]]))])
    assert decoded(encode(joined)) == [*TOKENS[:0:-1], ["种树", "种草"]]
    part = pd.concat([column] * 1000)[:1].array
    assert list(copy.deepcopy(part)) == TOKENS[:1]
    assert len(part.__reduce__()[1][0]) == 3, "a part that is sent takes its own words along"


def test_a_paragraph_without_a_row_lacks_tokens(column):
    tables = [pd.DataFrame({"paragraph": [1, 2, 3, 4, 5]}), pd.DataFrame({"paragraph": [4, 3, 2, 1], "tokens": column})]
    merged = tables[0].merge(tables[1], how="left", on="paragraph")
    assert merged["tokens"].isna().tolist() == [False] * 4 + [True]
    assert merged["tokens"].tolist() == [*TOKENS[::-1], None]
    assert decoded(encode(merged["tokens"])) == [*TOKENS[::-1], []]
    with pytest.raises(TypeError, match="'修路' is no list of tokens"):
        TokenArray._from_sequence([["修路"], "修路"])


def test_words_by_other_names_are_one():
    words = encode(TOKENS)
    assert decoded(words.renamed(["工程" if w in ("修路", "建桥") else w for w in words.vocabulary]))[3] == [
        *("工程", "工程", "种树")
    ]
    assert words.frequencies() == {"修路": 3, "建桥": 3, "17": 1, "名村": 1, "种树": 1}


def test_texts_are_cut_some_at_a_time(monkeypatch):
    texts, tokenizer = ["全市修路八百公里", "", "建桥二十座", "修路"], Tokenizer()
    monkeypatch.setattr("crosscity.words.codes._AT_ONCE", 5)
    assert decoded(cut(tokenizer.word_lists, texts)) == [tokenizer.words(text) for text in texts]
    for texts in (["", "修路"], ["", ""], []):
        assert cut(tokenizer.word_lists, texts).lengths.tolist() == [len(tokenizer.words(text)) for text in texts]


def test_a_token_that_its_text_lacks_is_told():
    words = encode([["修路", "种树", "建桥"], ["建桥"]])
    assert token_starts(["修路，建桥", "我建桥"], words).tolist() == [0, -1, 3, 1]


def test_a_column_is_filled_changed_and_written_as_any_other(column, tmp_path):
    frame = pd.DataFrame({"paragraph": [1, 2, 3, 4], "tokens": column})
    other = column.array.copy()
    other[0] = ["渔港"]
    other[[1]] = [["种草"]]
    assert list(other) == [["渔港"], ["种草"], *TOKENS[2:]]
    assert frame["tokens"].tolist() == TOKENS, "a copy shares its codes and no more"
    lacking = frame.merge(pd.DataFrame({"paragraph": [1, 9]}), how="right")
    assert lacking.where(lacking.notna(), None)["tokens"].tolist() == [TOKENS[0], None]
    frame.to_parquet(tmp_path / "tokens.parquet")
    assert pd.read_parquet(tmp_path / "tokens.parquet")["tokens"].tolist() == TOKENS
    assert frame["tokens"].astype(object).str.len().tolist() == [3, 0, 3, 3]


def test_a_token_that_is_none_is_an_error():
    with pytest.raises(TypeError, match="a token is missing"):
        encode([["修路", None]])
