"""What cleaning did, summed up: by hand, and for documents that break every rule."""

import ast
import re

import pandas as pd
import pytest
from crosscity.documents.cleaning import clean
from crosscity.documents.corpus import read_corpus
from crosscity.documents.sources import Source
from crosscity.tables import audit
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
    # Documents by name; classes as figures have them, furniture first and spaces last; characters of what stood there.
    assert records(audit.summary(log)) == [
        ("合肥", "pinyin removed", 1, 5),
        ("合肥", "damaged, left as it is", 1, 6),
        ("合肥", "spaces and empty lines", 2, 1),
        ("盐城", "page furniture removed", 2, 9),
        ("盐城", "entities and stray marks", 2, 8),
    ]
    assert list(audit.summary(log).columns) == ["doc_id", "change", "changes", "characters"]


def test_lines_that_were_dropped_with_the_reason():
    log = log_of(
        ("盐城", 1, "furniture:navigation", "首页 > 要闻"),
        ("盐城", 4, "entity", "&amp;"),
        ("合肥", 7, "furniture:a:b", "返回"),
    )
    dropped = audit.dropped_lines(log)
    assert list(dropped.columns) == ["doc_id", "line", "why", "text"]
    assert records(dropped) == [("盐城", 1, "navigation", "首页 > 要闻"), ("合肥", 7, "a:b", "返回")]
    assert list(dropped.index) == [0, 1]


def test_an_empty_log():
    clean_source = Source("甲", "甲.txt", "渔港在春天修好了，岸边的灯塔也重新亮了起来。", "utf-8", "0" * 64)
    log = make_tables([clean_source], tables=("corpus", "paragraphs", "cleaning_log"))["cleaning_log"]
    assert len(log) == 0
    assert len(audit.summary(log)) == len(audit.dropped_lines(log)) == 0
    assert list(audit.summary(log).columns) == ["doc_id", "change", "changes", "characters"]
    assert list(audit.dropped_lines(log).columns) == ["doc_id", "line", "why", "text"]


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
    found = {(r.doc_id, r.change): r for r in audit.examples(CHANGED, limit=2).itertuples()}
    assert found["甲", "traditional to simplified"].examples == [("會", "会", 3), ("黨", "党", 2)]
    assert found["甲", "traditional to simplified"].changes == 6
    assert found["甲", "slipped bytes repaired"].examples == [(f"?{n}", f"好{n}", 1) for n in range(9)]
    assert found["乙", "damaged, left as it is"].examples == [("?傮", "?傮", 1)]
    assert {doc for doc, _ in found} == {"甲", "乙"}  # spaces and empty lines are not shown


def test_the_view_escapes_what_documents_and_names_hold():
    page = audit.view(CHANGED, {"乙": "<i>乙</i>", "丙": "丙"}, limit=2)
    assert "<i>" not in page
    assert "<b>" not in page
    assert "&lt;i&gt;乙&lt;/i&gt;" in page
    assert "&lt;b&gt;首页&lt;/b&gt; &amp; 更多" in page
    assert "更多" * 30 not in page  # a long line is cut
    assert "甲" not in page
    assert page.index("丙</h4>") < page.index("nothing but spaces and empty lines")


def test_the_view_says_what_went_what_came_and_how_much_is_not_shown():
    page = audit.view(CHANGED, {"甲": "甲", "乙": "乙"}, limit=2)
    (row,) = [row for row in page.split("<tr>") if "traditional to simplified" in row]
    assert re.sub("<[^>]*>", "", row) == "traditional to simplified6會会 ×3 · 黨党 ×2 · and 1 more"
    assert row.count("<del") == row.count("<ins") == 2
    (row,) = [row for row in page.split("<tr>") if "left as it is" in row]
    assert "<del" not in row  # nothing went


def rules_of_cleaning():
    """Every rule that the module of cleaning can write: what stands fourth in an Edit or in _substitutions."""
    found = set()
    for node in ast.walk(ast.parse((PROJECT / "lib/crosscity/documents/cleaning.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Edit", "_substitutions"):
            texts = [a.value for a in node.args[3:4] if isinstance(a, ast.Constant) and a.value]
            texts += [a.values[0].value for a in node.args[3:4] if isinstance(a, ast.JoinedStr)]
            found |= {text.partition(":")[0] for text in texts}
    return found


def test_every_rule_of_cleaning_has_a_class():
    rules = rules_of_cleaning()
    assert {"line-end", "furniture", "damaged"} <= rules
    assert rules <= set(audit.CLASSES)


def test_a_document_with_all_kinds_of_damage_is_accounted_for_to_the_last_change():
    text = (
        "首页\r\n　　渔港的&ldquo;灯塔\\”修好了，岸边的老街也换了新的石板，来看海的人比去年多了一倍。\r\n\r\n"
        "　　村里的茶山由三户人家一起照看，春天采下来的新茶，一半送到城里的书屋\r\n，一半留给自家待客。END\r\n"
    )
    log = pd.DataFrame([{"doc_id": "甲", **row} for row in clean(text).log], columns=COLUMNS).astype(
        {"rule": "str", "before": "str"}
    )
    table = audit.summary(log)
    assert table["changes"].sum() == len(log) > 8
    assert table["characters"].sum() == log["before"].str.len().sum()
    assert {"entities and stray marks", "lines joined", "spaces and empty lines"} <= set(table["change"])


@pytest.fixture(scope="module")
def embedded():
    sources, _ = read_corpus(PROJECT / "data" / "raw")
    return make_tables(sources, tables=("corpus", "paragraphs", "cleaning_log"))["cleaning_log"]


def test_the_embedded_corpus_is_accounted_for_to_the_last_change(embedded):
    table = audit.summary(embedded)
    assert table["changes"].sum() == len(embedded) > 1000
    assert table["characters"].sum() == sum(map(len, embedded["before"]))
    assert list(table["doc_id"].unique()) == sorted(embedded["doc_id"].unique())
    assert set(table["change"]) <= set(audit.CLASSES.values())


def test_dropped_lines_of_the_embedded_corpus_are_its_furniture(embedded):
    dropped = audit.dropped_lines(embedded)
    assert len(dropped) == sum(rule.startswith("furniture:") for rule in embedded["rule"]) > 5
    assert (dropped["why"] != "").all()
    assert "\n" not in "".join(dropped["text"])


def _odd(documents, **columns):
    """Kinds of oddities by document: texts by name, columns of corpus by name."""
    rows = [
        {
            "doc_id": n,
            "doc_type": "other",
            "city": "",
            "province": "",
            "year": pd.NA,
            "duplicate_of": "",
            "n_chars": len(t),
            "exclude": "",
            "genre": "",
        }
        for n, t in documents.items()
    ]
    corpus = pd.DataFrame(rows).assign(**columns)
    paragraphs = pd.DataFrame(
        [(n, "", "heading" if len(x) < 20 else "body", x) for n, t in documents.items() for x in t.split("\n")],
        columns=["doc_id", "unit", "kind", "text"],
    )
    log = pd.DataFrame({"doc_id": ["a"], "rule": ["damaged"], "before": ["?"]}).iloc[:0]
    found = audit.oddities(corpus, paragraphs, log)
    return {(r.doc_id, r.kind) for r in found.itertuples()}


ROADS = "".join(f"第{n}村修了一条通往集市的水泥路，村民出门不再踩泥。" for n in "一二三四五六七八九十")
TREES = "".join(f"第{n}组在河边种了两百棵柳树，秋天又补种了一批。" for n in "一二三四五六七八九十")


def test_nothing_is_odd_about_ordinary_documents():
    assert _odd({"a": "扬州" + ROADS, "b": "扬州" + TREES}, city="扬州") == set()


def test_a_document_that_never_names_its_city():
    assert _odd({"a": "扬州" + ROADS, "b": TREES}, city="扬州") == {("b", "place")}


def test_copies_and_near_copies():
    assert _odd({"a": ROADS, "b": ROADS}, duplicate_of=["", "a"]) == {("a", "duplicate"), ("b", "duplicate")}
    long = "".join(chr(0x4E00 + 7919 * i % 20000) for i in range(2000))
    other = "".join(chr(0x4E00 + 7907 * i % 20000) for i in range(2000))
    documents = {"a": long + "。", "b": long[:1500] + other[:500] + "。", "c": long[:500] + other[500:] + "。"}
    # b has three quarters of a, and c a quarter of it.
    assert _odd(documents) == {("b", "near-duplicate")}


def test_a_document_far_shorter_than_the_rest():
    texts = {n: ROADS.replace("路", n) + TREES.replace("树", n) for n in "甲乙丙丁"}
    texts = {
        n: t + "".join(chr(0x4E00 + (97 * i * (ord(n) % 89)) % 20000) for i in range(400)) + "。"
        for n, t in texts.items()
    }
    kinds = _odd({**texts, "戊": "只有这一句话，后面的都丢了，前后文也找不到了，再也没有别的。"})
    assert ("戊", "length") in kinds
    assert not {name for name, kind in kinds if kind == "length"} - {"戊"}


def test_a_document_that_breaks_off():
    assert _odd({"a": ROADS + "\n" + TREES[:60].rstrip("。，") + "还"}) == {("a", "broken off")}


def test_a_document_with_a_first_part_and_no_second():
    assert _odd({"a": "一、修路\n" + ROADS}) == {("a", "broken off")}
    assert _odd({"a": "一、修路\n" + ROADS + "\n二、种树\n" + TREES}) == set()
    assert _odd({"a": "（一）修路\n" + ROADS, "b": "修路\n" + TREES}) == set()


def test_a_document_that_does_not_begin_as_the_others_do():
    """Of six, five address the deputies: one within its first sentence, one after twelve headlines."""
    texts = {n: f"各位代表：\n{n}{ROADS}" for n in "甲乙丙"}
    texts |= {
        "丁": f"各位代表，{TREES}",
        "戊": f"{TREES}",
        "己": "\n".join([*"子丑寅卯辰巳午未申酉戌亥", "各位代表：", TREES]),
    }
    found = {name for name, kind in _odd(texts) if kind == "broken off"}
    assert found == set()  # three of six are too few to say how they begin
    texts |= {n: f"各位代表：\n{n}{ROADS}" for n in "一二三四五六七八九十"}
    assert {name for name, kind in _odd(texts) if kind == "broken off"} == {"戊", "己"}


def test_a_city_of_another_province():
    texts = {"a": "扬州" + ROADS}
    assert _odd(texts, city="扬州", province="浙江省") == {("a", "place")}
    assert _odd(texts, city="扬州", province="江苏省") == set()
    assert _odd({"a": "海南" + ROADS}, city="海南", province="青海省") == set()


def test_national_and_provincial_reports_are_known():
    """The State Council's reports are there with a fingerprint each, and no two of them are alike."""
    known = audit.known()
    assert {f"State Council {year} work report" for year in range(1997, 2020)} <= set(known)
    assert {"北京市 2026 work report", "西藏自治区 2026 work report"} <= set(known)
    every = [s for sums in known.values() for s in sums.tolist()]
    assert min(map(len, known.values())) >= 12
    assert len(set(every)) > 0.9 * len(every)


def test_a_document_without_text_is_odd():
    assert ("b", "length") in _odd({"a": ROADS, "b": ""}, duplicate_of="")


def test_what_a_corpus_leaves_out():
    rows = [
        ("a", "扬州", "江苏省", 2019, "report", ""),
        ("b", "苏州", "", 2019, "report", ""),
        ("c", "昆山", "江苏省", 2021, "", ""),
        ("d", "杭州", "浙江省", 2021, "speech", "a copy"),
        ("e", "", "", pd.NA, "", ""),
    ]
    corpus = pd.DataFrame(rows, columns=["doc_id", "city", "province", "year", "genre", "exclude"])
    table = audit.coverage(corpus).set_index(["by", "value"])
    # 昆山 is a county-level city: a document of its province, and none of the 13 cities.
    assert table.loc[("province", "江苏")].tolist() == [3, 2, 13]
    assert table.loc[("province", "浙江")].tolist() == [0, 0, 11]
    assert table.loc["year", "documents"].to_dict() == {"2019": 2, "2020": 0, "2021": 1}
    assert table.loc["genre", "documents"].to_dict() == {"report": 2}
    assert table.loc["province", "of"].sum() == 337  # 333 prefecture-level units and four municipalities
    said = audit.coverage_sentences(corpus)
    assert said[0].startswith(
        "by province: 3 of 4 documents, 1 of 31 provinces; most: 江苏 3 (2 of its 13 cities); none"
    )
    assert said[1:] == [
        "by year: 3 of 4 documents, 2 of 3 years; most: 2019 2, 2021 1; none from 2020",
        "by genre: 2 of 4 documents, 1 genre; most: report 2",
    ]
    assert audit.coverage_sentences(corpus.iloc[4:]) == []


def test_a_report_of_another_year():
    text = "一、2021年工作回顾\n" + ROADS + "\n二、今年的打算\n" + TREES
    assert _odd({"a": text}, doc_type="work report", year=2022) == set()
    assert _odd({"a": text}, doc_type="work report", year=2024) == {("a", "year")}
