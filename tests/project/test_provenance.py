"""The record of a run, and the methods paragraph that is written from it."""

import hashlib
import re

import pytest
from crosscity.language import in_language
from crosscity.project import provenance
from crosscity.study.parameters import PARAMETERS, check_parameters

from tests.helpers.chinese import english_left

NOTEBOOKS = sorted({name for p in PARAMETERS.values() for name in p.notebooks.split() if name[:2].isdigit()})


def about(notebooks=NOTEBOOKS, **changed):
    documents = [
        {"doc_id": "甲", "n_chars": 1200, "n_paragraphs": 10, "edition": "restated", "left_out": ""},
        {"doc_id": "乙", "n_chars": 300, "n_paragraphs": 4, "edition": "", "left_out": ""},
        {"doc_id": "丙", "n_chars": 999, "n_paragraphs": 9, "edition": "", "left_out": "of another kind"},
    ]
    return {
        "crosscity": "0.1.0",
        "platform": {"python": "3.11.7"},
        "parameters": check_parameters(changed),
        "by": "city",
        "text": True,
        "documents": documents,
        "runs": [{"notebook": name} for name in notebooks],
    }


def test_the_paragraph_says_what_was_done_with_these_documents():
    text, keys = provenance.methods_paragraphs(about(seed=7, permutations=499, template=0.0))
    assert text.startswith(
        "We compared 2 documents (1,500 characters in 14 paragraphs) by city; 1 further was left out"
    )
    assert "Of these documents, 1 restate others in new words" in text
    assert "499 permutations of documents [@phipson2010]" in text
    assert "with seed 7" in text
    assert "chosen among 3, 5, 8, 12, 16, 20, 25, 30" in text
    assert "wording that" not in text  # nothing is left out as template
    assert set(re.findall("@([a-z]+[0-9]{4}|jieba|opencc|papermill|crosscity)", text)) == set(keys)


def test_what_was_not_done_is_not_said():
    whole, keys = provenance.methods_paragraphs(about())
    text, fewer = provenance.methods_paragraphs(about(["01-corpus", "02-terms"]))
    assert "Topics" not in text
    assert "permutations" not in text
    assert "Robust" not in text
    assert set(fewer) < set(keys)
    assert "latent Dirichlet allocation [@blei2003]" in provenance.methods_paragraphs(about(method="lda"))[0]
    assert "their number was set to 9" in provenance.methods_paragraphs(about(k=9))[0]
    assert "with its hidden Markov model" in provenance.methods_paragraphs(about(hmm=True))[0]
    assert "Jensen-Shannon distances [@lin1991]" in provenance.methods_paragraphs(about(measure="js"))[0]
    assert "hold no text" in provenance.methods_paragraphs({**about(), "text": False})[0]
    assert "  " not in whole


CHANGES = [
    {},
    {"k": 9, "max_df": 0.25, "template": 0.0, "measure": "js"},
    {"hmm": True, "dictionary": "mine.txt", "mask_places": False, "method": "gibbs"},
    {"coding": "coded", "kinds": ["body", "heading"], "seed": 23, "draws": 77, "splits": 31},
]


@pytest.mark.parametrize("changed", CHANGES)
@pytest.mark.parametrize("text", [True, False])
def test_in_chinese_it_says_the_same_and_has_no_english_in_it(changed, text):
    english, keys = provenance.methods_paragraphs(made := {**about(**changed), "text": text})
    with in_language("zh"):
        chinese, same = provenance.methods_paragraphs(made)
    assert same == keys
    assert chinese.count("\n\n") == english.count("\n\n")
    numbers = [set(re.findall(r"[0-9][0-9.,]*[0-9]%?|[0-9]%?", said)) for said in (english, chinese)]
    assert numbers[0] <= numbers[1] <= numbers[0] | {"5"}  # "five at least" is 至少 5 份
    libraries = {"jieba", "papermill", "Python", "pandas", "NumPy", "SciPy", "scikit", "learn", "matplotlib", "seaborn"}
    left = english_left(re.sub(r"\[@.*?\]", "", chinese))
    assert set(left) - libraries == {"max", "T", "Bonferroni"}
    assert " " not in re.findall("[。；] ?", chinese)


@pytest.mark.parametrize("style", ["pandoc", "words"])
def test_every_citation_has_an_entry(style):
    for method in PARAMETERS["method"].choices:
        text, keys = provenance.methods_paragraphs(about(method=method), style)
        entries = provenance.bibliography(keys)
        assert entries.count("\n@") + entries.startswith("@") == len(keys)
        assert "(lee1999" not in text


def test_authors_are_named_as_papers_do():
    known = provenance.references()
    assert known["lee1999"][0] == "Lee and Seung 1999"
    assert known["monroe2008"][0] == "Monroe et al. 2008"
    assert known["greenacre2017"][0] == "Greenacre 2017"
    assert known["rychly2008"][0] == "Rychly 2008"
    assert known["papermill"][0] == "nteract contributors 2024"


def test_bibtex_is_well_formed():
    for key, (_, entry) in provenance.references().items():
        assert entry.count("{") == entry.count("}"), key
        assert re.fullmatch(r"@(article|book|inproceedings|software)\{[a-z]+[0-9]*, author = \{.*", entry), key


def test_packages_are_held_against_the_lock(monkeypatch, tmp_path):
    (tmp_path / "requirements.lock").write_text(
        "numpy==2.0.1 ; python_version > '3' \\\n    --hash=sha256:0\n"
        "numpy==9.9 ; python_version < '3' \\\n    --hash=sha256:0\nno-such-package==1.0 \\\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(provenance, "PROJECT", tmp_path)
    provenance.locked_versions.cache_clear()
    try:
        assert provenance.locked_versions() == {"numpy": "2.0.1", "no-such-package": "1.0"}
        assert set(provenance.installed_versions()) == {"numpy"}
    finally:
        provenance.locked_versions.cache_clear()


def test_the_paragraph_reads_well_whatever_was_set():
    set_k, keys = provenance.methods_paragraphs(about(k=9, resamples=7, max_df=0.25))
    assert "their number was set to 9. Terms in more than 25% of the paragraphs took no part;" in set_k
    assert "bouma2009" not in keys
    assert "found again in 7 draws of 80% of the documents [@greene2014] are marked" in set_k
    assert "with the most topics found again in 10 draws" in provenance.methods_paragraphs(about())[0]
    assert "Terms in more than 6% (of fewer than 1,000 paragraphs, 30%)" in provenance.methods_paragraphs(about())[0]
    assert ") by document; 1 further" in provenance.methods_paragraphs({**about(), "by": "doc_id"})[0]


def test_an_edition_says_nothing_of_how_its_words_were_cut():
    """These are parameters of the build of the documents: those of this run did not act."""
    text, _ = provenance.methods_paragraphs({**about(hmm=True, dictionary="mine.txt"), "text": False})
    assert "Words were cut with jieba [@jieba] with a dictionary of the domain; stop words" in text
    assert "hidden Markov" not in text


def test_rates_of_error_are_those_of_the_coding_there_was():
    text, keys = provenance.methods_paragraphs(about())
    assert "how often these err, against three documents coded by hand, is stated" in text
    assert "krippendorff2019" not in keys
    text, keys = provenance.methods_paragraphs(about(coding="coded"))
    assert "against coding of these documents by hand" in text
    assert "krippendorff2019" in keys


def test_lists_are_known_by_their_sums_whether_files_or_folders(tmp_path):
    (tmp_path / "coded").mkdir()
    (tmp_path / "coded" / "key.csv").write_text("a\n", encoding="utf-8")
    (tmp_path / "asked.yaml").write_text("[]\n", encoding="utf-8")
    values = check_parameters(
        {"coding": str(tmp_path / "coded"), "questions": str(tmp_path / "asked.yaml"), "codebook": "party"}
    )
    known = {"coding: key.csv": b"a\n", "questions: asked.yaml": b"[]\n"}
    assert provenance.named_files(values) == {name: hashlib.sha256(data).hexdigest() for name, data in known.items()}
