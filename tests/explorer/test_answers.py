"""The explorer: answers against tables made by hand, whatever documents hold shown as text, and no view that breaks."""

import html
import re

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.documents import cleaning
from crosscity.documents.corpus import read_corpus
from crosscity.explorer import answers, cleaning_changes, fragments, search, views
from crosscity.explorer.answers import Explorer, call
from crosscity.files.safe_csv import unescape_formula
from crosscity.language import use_language
from crosscity.study.run import begin
from crosscity.tables.builder import build

from tests.conftest import PROJECT

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"

PARAGRAPHS = pd.DataFrame(
    [
        ("乙", 1, "西", "渔港没有GDP增长5%。", ["渔港", "没有", "GDP", "增长", "5%"]),
        ("甲", 1, "东", "渔港修好了。渔港很大。", ["渔港", "修好", "了", "渔港", "很大"]),
        ("甲", 2, "东", "茶山有茶。", ["茶山", "有", "茶"]),
    ],
    columns=["doc_id", "paragraph", "group", "text", "tokens"],
)
THEMES = pd.DataFrame({"doc_id": ["甲", "甲", "乙"], "paragraph": [1, 2, 1], "theme": ["sea", "hill", "sea"]})
STANCES = pd.DataFrame(
    [("甲", 1, 0, 6, "achievement"), ("甲", 1, 6, 11, "plan"), ("甲", 2, 0, 5, "other"), ("乙", 1, 0, 12, "other")],
    columns=["doc_id", "paragraph", "start", "end", "stance"],
)
YEARS = pd.Series({"甲": 2020.0, "乙": 2021.0})


@pytest.fixture(autouse=True)
def as_before():
    yield
    use_language("en")
    plt.close("all")


@pytest.fixture
def found():
    return search.Search(PARAGRAPHS, THEMES, STANCES, YEARS)


def rows(table):
    return {r.group: (r.count, r.documents, r.size, r.rate) for r in table.rename(columns={"count": "n"}).itertuples()}


def rated(table):
    return [tuple(row) for row in table.itertuples(index=False, name=None)]


@pytest.mark.parametrize(
    ("query", "given", "expected"),
    [
        ("渔港", {}, [("东", 2, 1, 8, 2500.0), ("西", 1, 1, 5, 2000.0)]),
        ("渔港 GDP，渔港", {}, [("西", 2, 1, 5, 4000.0), ("东", 2, 1, 8, 2500.0)]),
        ("港", {}, [("东", 0, 0, 8, 0.0), ("西", 0, 0, 5, 0.0)]),  # inside a word it is none
        ("茶", {"how": "string"}, [("东", 2, 1, 16, 1250.0), ("西", 0, 0, 12, 0.0)]),
        (r"\d+%", {"how": "regex"}, [("西", 1, 1, 12, 833.333333), ("东", 0, 0, 16, 0.0)]),
        ("(渔|茶)(港|山)", {"how": "regex"}, [("东", 3, 1, 16, 1875.0), ("西", 1, 1, 12, 833.333333)]),
        ("(?i)gdp", {"how": "regex"}, [("西", 1, 1, 12, 833.333333), ("东", 0, 0, 16, 0.0)]),
        ("G*", {"how": "regex"}, [("西", 1, 1, 12, 833.333333), ("东", 0, 0, 16, 0.0)]),  # not where it is empty
        ("渔港", {"stances": ["plan"]}, [("东", 1, 1, 2, 5000.0)]),
        ("渔", {"how": "string", "stances": ["plan"]}, [("东", 1, 1, 5, 2000.0)]),
        ("渔港", {"stances": ["plan", "other"], "groups": ["西"]}, [("西", 1, 1, 5, 2000.0)]),
        ("渔港", {"themes": ["hill"]}, [("东", 0, 0, 3, 0.0)]),
        ("渔港", {"themes": ["hill", "sea"], "years": [2021]}, [("西", 1, 1, 5, 2000.0)]),
    ],
)
def test_rates_are_those_counted_by_hand(found, query, given, expected):
    assert rated(found.rates(query, **given)) == expected
    n = sum(row[1] for row in expected)
    assert len(found.lines(query, **given)) == n


def test_lines_have_their_context_and_place(found):
    lines = found.lines("渔港", width=3)
    assert list(lines.columns) == search.LINES
    assert lines.drop(columns="term").to_numpy().tolist() == [
        ["东", "甲", 1, 0, 2, "", "渔港", "修好了"],
        ["东", "甲", 1, 6, 8, "好了。", "渔港", "很大。"],
        ["西", "乙", 1, 0, 2, "", "渔港", "没有G"],
    ]
    assert found.lines("很大 茶 渔港")["term"].tolist() == ["渔港", "渔港", "很大", "茶", "渔港"]
    assert found.lines("渔港", order="right", width=3)["right"].tolist() == sorted(lines["right"])
    assert found.lines("渔港", order="left", width=3)["left"].tolist() == ["", "", "好了。"]
    assert found.lines("渔港", most=2)["doc_id"].tolist() == ["甲", "乙"]  # a line of each, not two of the first


@pytest.mark.parametrize(
    ("documents", "most", "kept"),
    [
        ([0, 0, 0, 1, 2], 4, [0, 1, 3, 4]),
        ([0, 1, 2, 3], 2, [0, 2]),
        ([0, 0, 0], 2, [0, 1]),
        ([0, 0, 1, 1, 2, 2], 3, [0, 2, 4]),
    ],
)
def test_documents_take_turns(documents, most, kept):
    assert search._in_turn(np.array(documents), most).tolist() == kept


@pytest.mark.parametrize(
    ("query", "given", "words"),
    [
        ("(", {"how": "regex"}, r"'\(' is no regular expression of RE2: missing \): \("),
        ("(?=a)b", {"how": "regex"}, "no regular expression of RE2: invalid perl operator"),
        (r"(a)\1", {"how": "regex"}, "no regular expression of RE2: invalid escape sequence"),
        ("((a{1000}){1000}){1000}", {"how": "regex"}, "no regular expression of RE2"),
        ("  ", {}, "has 0 characters: give 1 to 1000"),
        ("茶" * 1001, {"how": "string"}, "has 1001 characters"),
        ("茶", {"how": "like"}, "how is 'like': give one of words, string, regex"),
        ("茶", {"themes": ["sky"]}, "themes has 'sky', which these tables do not have: there are hill, sea"),
        ("茶", {"years": [1999]}, "years has 1999, .* there are 2020, 2021"),
    ],
)
def test_what_cannot_be_asked_is_said(found, query, given, words):
    with pytest.raises(CrosscityError, match=words):
        found.rates(query, **given)


def test_an_expression_that_would_hang_others_does_not(found):
    long = PARAGRAPHS.assign(
        text=["a" * 30_000 + "b", *PARAGRAPHS["text"][1:]], tokens=[["a"], *PARAGRAPHS["tokens"][1:]]
    )
    table = search.Search(long, THEMES, STANCES.iloc[:3], YEARS)
    for query in ("(a+)+$", "(a|aa)*$", "(a*)*c", "(.*)*x$"):
        assert table.rates(query, "regex")["count"].sum() == 0


def test_marks_of_the_search_may_stand_in_the_text():
    text = "甲\ufdd0茶\ufdd1乙茶"
    table = search.Search(
        PARAGRAPHS.head(1).assign(text=text, tokens=[["甲", "茶", "乙", "茶"]]), THEMES, STANCES[:0], YEARS
    )
    assert table.lines("茶", "string")[["start", "end"]].to_numpy().tolist() == [[2, 3], [5, 6]]


def test_like_words_are_offered(found):
    assert found.like("渔港修好") == ["渔港", "修好"]
    assert found.like("茶") == ["茶山"]
    assert found.frequent() == "渔港"


def test_without_text_words_are_counted_and_nothing_else():
    shut = PARAGRAPHS.assign(text=["□" * 12, "□" * 11, "□" * 5], tokens=PARAGRAPHS["tokens"].map(sorted))
    table = search.Search(shut, THEMES, STANCES, YEARS, has_text=False)
    assert rated(table.rates("渔港")) == [("东", 2, 1, 8, 2500.0), ("西", 1, 1, 5, 2000.0)]
    for asked in (lambda: table.lines("渔港"), lambda: table.rates("港", "string"), lambda: table.rates("港", "regex")):
        with pytest.raises(CrosscityError, match="these tables hold no text"):
            asked()
    with pytest.raises(CrosscityError, match="stances are of sentences"):
        table.rates("渔港", stances=["plan"])


LOG = pd.DataFrame(
    [  # 广&告 / 甲己丙 / (empty) / 丁□戊, and what becomes of it step by step
        (1, 1, 2, "entity", "&", "＆"),
        (1, 5, 6, "slip", "己", "乙"),
        (2, 0, 3, "furniture:advertisement", "广＆告", ""),
        (3, 7, 8, "damaged", "□", "□"),
        (4, 0, 1, "blank-line", "\n", ""),
        (4, 4, 5, "blank-line", "\n", ""),
        (5, 7, 7, "joined", "", "庚"),
    ],
    columns=["step", "start", "end", "rule", "before", "after"],
).assign(confidence=1.0)


def test_changes_stand_where_they_were_made():
    table = cleaning_changes.placed(LOG, pd.DataFrame({"paragraph": [1, 2], "text": ["甲乙丙", "丁□戊庚"]}))
    got = {(r.rule, r.before): (r.paragraph, r.start, r.end, r.change, r.stands) for r in table.itertuples()}
    assert got.pop(("entity", "&"))[3:] == ("repair", False)  # gone with the line that it stood in
    assert got.pop(("slip", "己")) == (1, 1, 2, "repair", True)
    assert got.pop(("furniture:advertisement", "广＆告")) == (1, 0, 0, "deletion", True)
    assert got.pop(("damaged", "□")) == (2, 1, 2, "damage", True)
    assert got.pop(("joined", "")) == (2, 3, 4, "insertion", True)
    assert {v[3] for v in got.values()} == {"spaces"}


def test_signs_tell_changes_apart_without_colour():
    paragraphs = pd.DataFrame({"paragraph": [1, 2], "text": ["甲乙丙", "丁□戊庚"]})
    table = cleaning_changes.placed(LOG, paragraphs)
    first, second = (
        cleaning_changes.marked(t, table[table["paragraph"] == n]) for n, t in enumerate(paragraphs["text"], start=1)
    )
    plain = [re.sub("<[^>]*>", "", text) for text in (first, second)]
    assert plain == ["−广＆告甲−己→+乙丙", "丁?□戊+庚"]
    assert first.count("<del") == 2
    assert "line-through" in first
    assert "dashed" in second
    assert 'title="repair: slip, confidence 1"' in first


@pytest.mark.parametrize("number", range(5))
def test_marked_text_is_the_text_again(number):
    """Of documents with all kinds of damage: without what went and without signs, the paragraph is left."""
    cleaned = cleaning.clean(read_corpus(PROJECT / "data" / "raw")[0][number].text)
    texts = [line for line in cleaned.text.split("\n") if line]
    paragraphs = pd.DataFrame({"paragraph": range(1, len(texts) + 1), "text": texts})
    table = cleaning_changes.placed(pd.DataFrame(cleaned.log), paragraphs)
    assert len(table) == len(cleaned.log) > 10
    for number, kept in zip(paragraphs["paragraph"], texts, strict=True):
        shown = cleaning_changes.marked(kept, table[table["paragraph"] == number], spaces=True)
        shown = re.sub("<del.*?</del>→?", "", shown)
        shown = re.sub("(<(?:ins|span) [^>]*>)[+?]", r"\1", shown)
        assert html.unescape(re.sub("<[^>]*>", "", shown)).replace("⏎", "") == kept


def test_what_documents_hold_is_shown_as_text():
    formula = '=HYPERLINK("http://x","y")'
    frame = pd.DataFrame({HOSTILE: [HOSTILE, formula], "n": [1.0, float("nan")]})
    log = pd.DataFrame([(1, 0, 0, HOSTILE, HOSTILE, "", 1.0)], columns=[*LOG.columns]).assign(confidence=1.0)
    paragraphs = pd.DataFrame({"paragraph": [1], "kind": ["body"], "text": [HOSTILE]})
    quantities = pd.DataFrame(
        [dict.fromkeys(answers.QUANTITIES, HOSTILE) | {"value": 1.0, "upper": None, "year": 2024}]
    )
    quantities = quantities.astype({"year": "Int64", "upper": float}).assign(sentence=HOSTILE)
    shown = [
        fragments.line(HOSTILE, HOSTILE, HOSTILE),
        fragments.table(frame, bar="n"),
        fragments.rates(pd.DataFrame([(HOSTILE, 1, 1, 9, 2.0)], columns=search.RATES), HOSTILE, HOSTILE),
        fragments.document(paragraphs, cleaning_changes.placed(log, paragraphs), (1, 0, 5)),
        fragments.said(HOSTILE),
        fragments.code(HOSTILE),
        views.quantities_table(quantities).partition("<script")[0],
    ]
    for text in shown:
        assert "<img" not in text
        assert "<script" not in text
    table = views.quantities_table(quantities)
    assert "<img" not in table
    assert "alert(1)</script>" not in table


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Tables of the embedded documents, and of the edition of the originals without text."""
    root = tmp_path_factory.mktemp("explore")
    build(PROJECT / "data" / "raw", root / "embedded", progress=False)
    build(PROJECT / "data" / "derived" / "five-cities", root / "derived", progress=False)
    return root


def asked(folder, out, **parameters):
    return Explorer(begin("explore", tables=str(folder), out=str(out), **parameters))


@pytest.fixture
def ask(folders, tmp_path):
    return asked(folders / "embedded", tmp_path / "out")


def test_counts_are_those_of_the_run(ask):
    for largest in (1.0, 0.0):
        counts, terms = ask.counts(largest)
        other, names = ask.run.counts(ask._own(), largest)
        assert terms.tolist() == names.tolist()
        assert (counts != other).nnz == 0


def test_a_pair_side_by_side(ask):
    a, b = ask.pair()
    shares = ask.topic_shares(a, b)
    assert shares[["a", "b"]].sum().tolist() == pytest.approx([1, 1], abs=1e-4)
    assert shares["difference"].abs().is_monotonic_decreasing
    every = ask.topic_shares().set_index(["topic", "group"])["share"]
    assert all(every[r.topic, a] == r.a and every[r.topic, b] == r.b for r in shares.itertuples())
    table = ask.indicators(a, b)
    assert table[["a", "b"]].notna().any(axis=1).all()
    shift = ask.shift(a, b)
    assert shift["contribution"].sum() > 0
    for wrong, words in (((a, a), "same group"), (("无", b), "there is no group '无'")):
        with pytest.raises(CrosscityError, match=words):
            ask.topic_shares(*wrong)


def test_quantities_are_filtered_and_keep_their_sentence(ask):
    whole = ask.quantities()
    assert len(whole) == len(ask.run.table("quantities"))
    assert all(n in s for n, s in zip(whole["number"], whole["sentence"], strict=True))
    unit, kind, group = whole["unit"].mode()[0], "target", ask.groups()[0]
    part = ask.quantities(unit=unit, kind=kind, groups=[group])
    expected = whole[(whole["unit"] == unit) & (whole["kind"] == kind) & (whole["group"] == group)]
    pd.testing.assert_frame_equal(part, expected.reset_index(drop=True))
    assert ask.quantities(item="(").empty  # text, not an expression
    assert answers._sentence("一。二二；三", 2, 3) == "二二；"
    assert answers._sentence("一二", 0, 1) == "一二"


def calls(ask):
    a, b = ask.pair()
    return [
        (ask.lines("党建", groups=[a], most=5), call("lines", "党建", groups=[a], most=5, order="text")),
        (ask.lines("[一-龥]{2}建设", how="regex"), call("lines", "[一-龥]{2}建设", how="regex", themes=[])),
        (ask.rates('"', how="string"), call("rates", '"', how="string")),
        (ask.shift(a, b), call("shift", a, b)),
        (ask.topic_shares(a, b), call("topic_shares", a, b)),
        (ask.topic_shares(k=3), call("topic_shares", k=3)),
        (ask.indicators(a, b), call("indicators", a, b)),
        (ask.quantities(item="书记", groups=(a,)), call("quantities", item="书记", groups=(a,), unit="")),
        (ask.changes(ask.run.corpus["doc_id"][0]), call("changes", ask.run.corpus["doc_id"][0])),
    ]


def test_the_line_of_code_gives_the_same_table(ask):
    space = {}
    exec(ask.preamble(), space)
    for table, code in calls(ask):
        pd.testing.assert_frame_equal(eval(code, space), table)


def test_code_leaves_out_what_has_its_default():
    assert call("lines", "茶", how="words", groups=[], themes=(), order="left") == "ask.lines('茶', order='left')"


def test_an_export_has_the_table_the_figure_and_the_code(ask):
    table, code = ask.rates("党建"), call("rates", "党建")
    files = ask.export("search", table, code, fragments.rates_figure(table, ask.run.by, "words"), "党建", "党建")
    assert files == [f"search-01.{end}" for end in ("csv", "json", "pdf", "png", "py", "svg")]
    again = ask.export("search", table.assign(group="=1+1"), code)
    assert again == ["search-02.csv", "search-02.py"]
    kept = pd.read_csv(ask.run.out / "search-02.csv", dtype=str)
    assert set(kept["group"]) == {"'=1+1"}
    assert set(kept["group"].map(unescape_formula)) == {"=1+1"}
    space = {}
    exec((ask.run.out / "search-01.py").read_text(encoding="utf-8"), space)
    pd.testing.assert_frame_equal(space["table"], table)


def said(view):
    return html.unescape(re.sub("<[^>]*>", "", view.said.value))


def test_views_answer_as_they_are_asked(ask):
    app = views.explorer(ask)
    one, two, three, four, five = app.views
    assert "lines in" in said(one)
    assert "ask.lines" in one.code.value
    one.query.value = "没有这个词的"
    assert said(one).startswith("No line; try")
    one.how.value = "regex"
    one.query.value = "("
    assert said(one).startswith("⚠ '(' is no regular expression")
    assert one.shown is None
    one.query.value = "党(建|员)"
    one.filters["groups"].value = (ask.groups()[0],)
    assert ask.groups()[0] in one.restrict.titles[0]
    n = ask.rates("党(建|员)", "regex", groups=[ask.groups()[0]])["count"].sum()
    assert said(one).startswith(f"{n} lines in 1 documents")
    one._open(0)
    assert app.children[-1].selected_index == 4
    assert "▶ ¶" in five.html.value
    assert five.document.value == one.lines["doc_id"][0]
    for i, view in enumerate((two, three, four), start=1):
        app.children[-1].selected_index = i
        assert "⚠" not in view.said.value
        assert view.shown
    for what in ("topics", "indicators"):
        two.what.value = what
        assert "⚠" not in view.said.value
        assert what[:5] in two.code.value or "topic_shares" in two.code.value
    two.b.value = two.a.value
    assert said(two).startswith("⚠ a and b are the same group")
    three.item.value = "没有这个词的"
    assert said(three).startswith("No quantity; try")
    three.item.value = ""
    four.k.value = 3
    assert "3 topics" in said(four)
    for view in (one, three, four, five):
        view.save.click()
        assert said(view).startswith("Exported to")
    assert {p.name for p in ask.run.out.glob("*.csv")} == {
        f"{n}-01.csv" for n in ("search", "search-lines", "quantities", "topics", "reader")
    }


def test_a_fault_within_a_view_is_a_line(ask, monkeypatch):
    app = views.explorer(ask)
    monkeypatch.setattr(ask, "rates", lambda *_, **__: 1 / 0)
    app.views[0].update()
    assert said(app.views[0]) == "⚠ ZeroDivisionError: division by zero"


def test_an_edition_without_text_says_what_it_cannot_show(folders, tmp_path):
    ask = asked(folders / "derived", tmp_path)
    one, two, three, four, five = (app := views.explorer(ask)).views
    for i in range(1, 5):
        app.children[-1].selected_index = i
    assert "These tables hold no text: counts are all there is." in said(one)
    assert one.rates.value
    assert said(five).startswith("⚠ these tables hold no text")
    assert all(view.shown for view in (one, two, three, four))
    for what in ("topics", "indicators"):
        two.what.value = what
        assert two.shown
    one.how.value = "string"
    assert said(one).startswith("⚠ these tables hold no text")
    assert not [c for c in ask.quantities() if c == "sentence"]
    three.save.click()
    assert "□" not in (tmp_path / "quantities-01.csv").read_text(encoding="utf-8")


def test_one_document_is_enough_for_all_but_a_comparison(folders, tmp_path):
    city = asked(folders / "embedded", tmp_path).groups()[0]
    app = views.explorer(asked(folders / "embedded", tmp_path, only={"city": city}, language="zh"))
    for i in range(1, 5):
        app.children[-1].selected_index = i
    assert [bool(view.shown) for view in app.views] == [True, False, True, True, True]


def test_controls_are_shown_by_a_server_and_not_by_make(monkeypatch):
    monkeypatch.delenv("CROSSCITY_PARENT", raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert not views.interactive()
    monkeypatch.setenv("JPY_SESSION_NAME", "explore.ipynb")
    assert views.interactive()
    monkeypatch.setenv("CROSSCITY_PARENT", "1")
    assert not views.interactive()
