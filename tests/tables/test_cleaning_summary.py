"""What cleaning did, summed up: by hand, and for documents that break every rule."""

import ast
import re

import pandas as pd
import pytest
from crosscity.documents.cleaning import clean
from crosscity.documents.corpus import Source, read_corpus
from crosscity.tables import cleaning_summary
from crosscity.tables.builder import make_tables

from tests.conftest import PROJECT

COLUMNS = ["doc_id", "step", "line", "start", "end", "rule", "before", "after", "confidence"]


def log_of(*rows):
    """A log of rows doc_id, line, rule, before."""
    full = [(doc, 1, line, 0, len(before), rule, before, "", 1.0) for doc, line, rule, before in rows]
    return pd.DataFrame(full, columns=COLUMNS).astype({"doc_id": "str", "rule": "str", "before": "str"})


def records(frame):
    return list(frame.itertuples(index=False, name=None))


def test_changes_are_summed_by_document_and_class():
    log = log_of(
        ("盐城", 4, "entity", "&ldquo;"),
        ("盐城", 1, "furniture:navigation", "首页 > 要闻"),
        ("盐城", 9, "furniture:repeated", "返回"),
        ("盐城", 5, "backslash", "\\"),
        ("合肥", 2, "damaged", "典型??傮w"),
        ("合肥", 2, "pinyin", "(zhì)"),
        ("合肥", 3, "blank-line", "\n"),
        ("合肥", 3, "indent", ""),
    )
    # Documents as the log has them; classes as figures do, furniture first, spaces last; characters that stood there.
    assert records(cleaning_summary.summary(log)) == [
        ("盐城", "page furniture removed", 2, 9),
        ("盐城", "entities and stray marks", 2, 8),
        ("合肥", "pinyin removed", 1, 5),
        ("合肥", "damaged, left as it is", 1, 6),
        ("合肥", "spaces and empty lines", 2, 1),
    ]
    assert list(cleaning_summary.summary(log).columns) == ["doc_id", "change", "changes", "characters"]


def test_lines_that_were_dropped_with_the_reason():
    log = log_of(
        ("盐城", 1, "furniture:navigation", "首页 > 要闻"),
        ("盐城", 4, "entity", "&amp;"),
        ("合肥", 7, "furniture:a:b", "返回"),
    )
    dropped = cleaning_summary.dropped_lines(log)
    assert list(dropped.columns) == ["doc_id", "line", "why", "text"]
    assert records(dropped) == [("盐城", 1, "navigation", "首页 > 要闻"), ("合肥", 7, "a:b", "返回")]
    assert list(dropped.index) == [0, 1]


def test_an_empty_log():
    clean_source = Source("甲", "甲.txt", "渔港在春天修好了，岸边的灯塔也重新亮了起来。", "utf-8", "0" * 64)
    log = make_tables([clean_source], tables=("corpus", "paragraphs", "cleaning_log"))["cleaning_log"]
    assert len(log) == 0
    assert len(cleaning_summary.summary(log)) == len(cleaning_summary.dropped_lines(log)) == 0
    assert list(cleaning_summary.summary(log).columns) == ["doc_id", "change", "changes", "characters"]
    assert list(cleaning_summary.dropped_lines(log).columns) == ["doc_id", "line", "why", "text"]


def changes_of(*rows):
    """A log of rows doc_id, rule, before, after."""
    full = [(doc, 1, 1, 0, len(before), rule, before, after, 1.0) for doc, rule, before, after in rows]
    return pd.DataFrame(full, columns=COLUMNS).astype(dict.fromkeys(("doc_id", "rule", "before", "after"), "str"))


CHANGED = changes_of(
    ("甲", "script", "黨", "党"),
    ("甲", "script", "會", "会"),
    ("甲", "script", "會", "会"),
    ("甲", "script", "會", "会"),
    ("甲", "script", "黨", "党"),
    ("甲", "script", "來", "来"),
    *(("甲", "slip", f"?{n}", f"好{n}") for n in range(9)),
    ("甲", "indent", "　　", ""),
    ("乙", "furniture:widget", "<b>首页</b> & " + "更多" * 30, ""),
    ("乙", "damaged", "?傮", "?傮"),
    ("丙", "blank-line", "\n", ""),
)


def test_the_commonest_changes_come_first_and_repairs_are_all_there():
    found = {(r.doc_id, r.change): r for r in cleaning_summary.examples(CHANGED, limit=2).itertuples()}
    assert found["甲", "traditional to simplified"].examples == [("會", "会", 3), ("黨", "党", 2)]
    assert found["甲", "traditional to simplified"].changes == 6
    assert found["甲", "slipped bytes repaired"].examples == [(f"?{n}", f"好{n}", 1) for n in range(9)]
    assert found["乙", "damaged, left as it is"].examples == [("?傮", "?傮", 1)]
    assert {doc for doc, _ in found} == {"甲", "乙"}  # spaces and empty lines are not shown


def test_the_page_escapes_what_documents_and_names_hold():
    page = cleaning_summary.examples_page(CHANGED, {"乙": "<i>乙</i>", "丙": "丙"}, limit=2)
    assert "<i>" not in page
    assert "<b>" not in page
    assert "&lt;i&gt;乙&lt;/i&gt;" in page
    assert "&lt;b&gt;首页&lt;/b&gt; &amp; 更多" in page
    assert "更多" * 30 not in page  # a long line is cut
    assert "甲" not in page
    assert page.index("丙</h4>") < page.index("nothing but spaces and empty lines")


def test_the_page_says_what_went_what_came_and_how_much_is_not_shown():
    page = cleaning_summary.examples_page(CHANGED, {"甲": "甲", "乙": "乙"}, limit=2)
    (row,) = [row for row in page.split("<tr>") if "traditional to simplified" in row]
    assert re.sub("<[^>]*>", "", row) == "traditional to simplified6會会 ×3 · 黨党 ×2 · and 1 more"
    assert row.count("<del") == row.count("<ins") == 2
    (row,) = [row for row in page.split("<tr>") if "left as it is" in row]
    assert "<del" not in row  # nothing went


def rules_of_cleaning():
    """Every rule that the modules of cleaning can write: what stands fourth in an Edit or in substitutions."""
    found = set()
    modules = [PROJECT / "lib/crosscity/documents" / f"{name}.py" for name in ("cleaning", "character_forms")]
    for node in (node for path in modules for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Edit", "substitutions"):
            texts = [a.value for a in node.args[3:4] if isinstance(a, ast.Constant) and a.value]
            texts += [a.values[0].value for a in node.args[3:4] if isinstance(a, ast.JoinedStr)]
            found |= {text.partition(":")[0] for text in texts}
    return found


def test_every_rule_of_cleaning_has_a_class():
    rules = rules_of_cleaning()
    assert {"line-end", "furniture", "damaged", "form", "blank"} <= rules
    assert rules <= set(cleaning_summary.CLASSES)


def test_a_document_with_all_kinds_of_damage_is_accounted_for_to_the_last_change():
    text = (
        "首页\r\n　　渔港的&ldquo;灯塔\\”修好了，岸边的老街也换了新的石板，来看海的人比去年多了一倍。\r\n\r\n"
        "　　村里的茶山由三户人家一起照看，春天采下来的新茶，一半送到城里的书屋\r\n，一半留给自家待客。END\r\n"
    )
    log = pd.DataFrame([{"doc_id": "甲", **row} for row in clean(text).log], columns=COLUMNS).astype(
        {"rule": "str", "before": "str"}
    )
    table = cleaning_summary.summary(log)
    assert table["changes"].sum() == len(log) > 8
    assert table["characters"].sum() == log["before"].str.len().sum()
    assert {"entities and stray marks", "lines joined", "spaces and empty lines"} <= set(table["change"])


@pytest.fixture(scope="module")
def embedded():
    sources, _ = read_corpus(PROJECT / "data" / "raw")
    return make_tables(sources, tables=("corpus", "paragraphs", "cleaning_log"))["cleaning_log"]


def test_the_embedded_corpus_is_accounted_for_to_the_last_change(embedded):
    table = cleaning_summary.summary(embedded)
    assert table["changes"].sum() == len(embedded) > 1000
    assert table["characters"].sum() == sum(map(len, embedded["before"]))
    assert list(table["doc_id"].unique()) == sorted(embedded["doc_id"].unique())
    assert set(table["change"]) <= set(cleaning_summary.CLASSES.values())


def test_dropped_lines_of_the_embedded_corpus_are_its_furniture(embedded):
    dropped = cleaning_summary.dropped_lines(embedded)
    assert len(dropped) == sum(rule.startswith("furniture:") for rule in embedded["rule"]) > 5
    assert (dropped["why"] != "").all()
    assert "\n" not in "".join(dropped["text"])
