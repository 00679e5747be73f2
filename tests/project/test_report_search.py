"""What the search of a report holds, and what it says that it lacks; test_pages_in_browser asks it in a browser."""

import base64
import gzip
import json
from types import SimpleNamespace

import pandas as pd
from crosscity.project import report_search


def run(n=3, failed=""):
    """A run with a table of n rows, one figure and a finding."""
    rows = [[f"渔港{i}", "0.5"] for i in range(n)]
    table = {"name": "keyness", "columns": ["term", "share"], "all": rows, "length": n, "rows": rows[:2]}
    figure = {"name": "bars", "title": "Bars", "alt": "tall", "panels": report_search.panel_names(rows)}
    return {
        "id": "04-compare", "heading": "Apart", "failed": failed, "findings": ["</script>"], "figures": [figure],
        "pages": [{"name": "topics", "title": "To browse"}], "tables": [table],
    }  # fmt: skip


def corpus(has_text=True):
    """Two documents, one of them named twice, with a programme that both have and an item that one has."""
    documents = pd.DataFrame(
        {
            "doc_id": ["a", "b"],
            "group": ["合肥", "朝阳"],
            "title": ["题目", ""],
            "year": ["2014", ""],
            "n_chars": [4, 2],
        }
    )
    tables = {
        "paragraphs": pd.DataFrame(
            {"doc_id": ["b", "a", "a"], "paragraph": [1, 1, 2], "text": ["重庆", "党建", "网格"]}
        ),
        "quantities": pd.DataFrame({"doc_id": ["a", "a"], "paragraph": [2, 2], "item": ["党员", ""]}),
        "programmes": pd.DataFrame(
            {"doc_id": ["b", "a", "a"], "paragraph": [1, 1, 2], "canonical": ["头雁", "头雁", "春苗"]}
        ),
    }
    return SimpleNamespace(corpus=documents, left_out=documents[:1], has_text=has_text, table=tables.get)


def index_of(made):
    data = json.loads(str(made["data"]))
    return json.loads(gzip.decompress(base64.b64decode(data["index"]))), data


def test_all_that_can_be_found_is_in_the_index():
    index, data = index_of(report_search.search_script([run()], corpus()))
    assert index["paragraphs"] == [[[1, "党建"], [2, "网格"]], [[1, "重庆"]]]
    assert index["documents"] == [["合肥", "题目 (2014)"], ["朝阳", "b"]]
    kinds = [data["kinds"][entry[0]] for entry in index["entries"]]
    assert kinds == [
        *("Findings", "Figures", "Pages", "Tables"), "Indicators", "Programmes", "Programmes", "Documents", "Documents",
    ]  # fmt: skip
    facts = {entry[2]: (entry[1], entry[4]) for entry in index["entries"][4:7]}
    # The place is the first: of a document its number in the corpus, and the paragraph's.
    assert facts == {
        "党员": ("1 value, in 合肥", "#p=0.2"),
        "头雁": ("named 2 times, in 朝阳, 合肥", "#p=1.1"),
        "春苗": ("named once, in 合肥", "#p=0.2"),
    }
    assert index["entries"][1][5] == "渔港0 渔港1 渔港2"
    assert index["tables"][0]["columns"] == ["term", "share"]
    assert data["readings"]["dang"] == "党"
    assert "重" in data["readings"]["chong"]
    assert "重" in data["readings"]["zhong"]
    assert ["党建", "party-building"] in data["glosses"]
    assert "茶山" not in {term for term, _ in data["glosses"]}


def test_no_text_can_end_the_data():
    made = report_search.search_script([run()], corpus())
    assert "<" not in made["data"]


def test_the_same_index_comes_out_again():
    assert report_search.search_script([run()], corpus()) == report_search.search_script([run()], corpus())


def test_a_page_that_would_be_too_large_leaves_out_text_and_rare_facts_and_says_so(monkeypatch):
    monkeypatch.setattr(report_search, "_MOST_TEXT", 6)
    monkeypatch.setattr(report_search, "_MOST_FACTS", 1)
    said = "Not searched: 1 indicators and programmes that fewest groups name."
    made = report_search.search_script([run()], corpus())
    assert made["gaps"][0] == said
    index, _ = index_of(made)
    assert [entry[2] for entry in index["entries"][4:6]] == ["党员", "头雁"]  # of two programmes the one of both
    monkeypatch.setattr(report_search, "_MOST_TEXT", 5)
    made = report_search.search_script([run()], corpus())
    long = "The documents are too long for a page (6 characters): search them in the explorer."
    assert made["gaps"][:2] == [long, said]
    index, _ = index_of(made)
    assert index["paragraphs"] == []
    assert [entry[4] for entry in index["entries"][4:6]] == ["indicators.html"] * 2


def test_what_is_not_searched_is_said(monkeypatch):
    said = report_search.search_script([run()], corpus())["gaps"]
    assert said == [
        "Not searched: what cleaning removed, and the code of notebooks.",
        "Documents left out of the comparison are not searched: 1.",
    ]
    monkeypatch.setattr(report_search, "MOST_ROWS", 2)
    made = report_search.search_script([run(failed="why")], corpus(has_text=False))
    assert made["gaps"][:3] == [
        "These tables hold no text: paragraphs are not searched.",
        "Of these tables only the first 2 rows are searched: Distinctive terms (3).",
        "These notebooks failed and have no results: Apart.",
    ]
    index, _ = index_of(made)
    assert index["paragraphs"] == []
    assert len(index["tables"][0]["rows"]) == 2
    assert {entry[4] for entry in index["entries"][4:7]} == {"indicators.html"}
