"""Words as numbers are the words that they stand for, whatever is left out of them."""

import numpy as np
from crosscity.words.codes import WordCodes, encode
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
