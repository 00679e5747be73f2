"""Words that say the same: a table without circles, joined where that is asked for."""

import pytest
from crosscity import open_study
from crosscity.tables import build
from crosscity.words.codes import as_tokens
from crosscity.words.variants import join_variants, read_variants, variants_among


@pytest.fixture
def built_words(tmp_path):
    texts = {
        "甲": "党建工作很重要。基层党建抓得紧。抓基层党建。",
        "乙": "党建引领渔港。抓好党建。党建有成效。基层党建有渔港。",
    }
    (tmp_path / "raw").mkdir()
    for name, text in texts.items():
        (tmp_path / "raw" / f"{name}.txt").write_text(text, encoding="utf-8")
    about = "file,city\n甲.txt,合肥\n乙.txt,朝阳\n"
    (tmp_path / "raw" / "corpus.csv").write_text(about, encoding="utf-8")
    build(tmp_path / "raw", tmp_path / "tables")
    return tmp_path / "tables"


def test_the_table_joins_each_variant_once_to_a_term_that_is_no_variant():
    table = read_variants()
    assert table["基层党建"] == "党建"
    assert not {*table.values()} & {*table}
    assert "党员干部" not in table


def test_variants_become_their_term_and_other_words_stay():
    assert as_tokens(join_variants([["基层党建", "渔港"], ["党建"]])).tolist() == [["党建", "渔港"], ["党建"]]
    assert variants_among(["党建", "基层党建", "渔港"]) == {"党建": ["基层党建"]}
    assert variants_among(["渔港"]) == {}


def test_a_study_counts_them_apart_unless_it_is_told_otherwise_and_says_so(built_words):
    apart, together = (open_study(built_words, min_df=1, variants=v) for v in ("apart", "together"))
    counted = dict(zip(apart.words().terms, apart.words().counts.sum(axis=0).tolist(), strict=True))
    assert (counted["党建"], counted["基层党建"]) == (2, 3)
    joined = dict(zip(together.words().terms, together.words().counts.sum(axis=0).tolist(), strict=True))
    assert joined["党建"] == 5
    assert "基层党建" not in joined
    said = apart.variants_sentence(apart.words().paragraphs)
    assert said == "Counted apart, though they say the same (variants: together joins them): 党建 2、基层党建 3."
    assert together.variants_sentence(together.words().paragraphs).startswith("Counted together")
