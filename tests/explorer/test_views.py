"""The views answer as they are asked, and none breaks."""

import html
import re

from crosscity.explorer import views

from tests.helpers.explorer import open_explorer


def message(view):
    return html.unescape(re.sub("<[^>]*>", "", view.message.value))


def test_views_answer_as_they_are_asked(ask):
    app = views.explorer(ask)
    one, two, three, four, five = app.views
    assert "lines in" in message(one)
    assert "ask.lines" in one.code.value
    one.query.value = "没有这个词的"
    assert message(one).startswith("No line; try")
    one.how.value = "regex"
    one.query.value = "("
    assert message(one).startswith("⚠ '(' is no regular expression")
    assert one.answer is None
    one.query.value = "党(建|员)"
    one.filters["groups"].value = (ask.groups()[0],)
    assert ask.groups()[0] in one.restrict.titles[0]
    n = ask.rates("党(建|员)", "regex", groups=[ask.groups()[0]])["count"].sum()
    assert message(one).startswith(f"{n} lines in 1 documents")
    one._open_line(0)
    assert app.children[-1].selected_index == 4
    assert "▶ ¶" in five.html.value
    assert five.document.value == one.lines["doc_id"][0]
    for i, view in enumerate((two, three, four), start=1):
        app.children[-1].selected_index = i
        assert "⚠" not in view.message.value
        assert view.answer
    for what in ("topics", "indicators"):
        two.what.value = what
        assert "⚠" not in view.message.value
        assert what[:5] in two.code.value or "topic_shares" in two.code.value
    two.b.value = two.a.value
    assert message(two).startswith("⚠ a and b are the same group")
    three.item.value = "没有这个词的"
    assert message(three).startswith("No quantity; try")
    three.item.value = ""
    four.k.value = 3
    assert "3 topics" in message(four)
    for view in (one, three, four, five):
        view.save.click()
        assert message(view).startswith("Exported to")
    assert {p.name for p in ask.study.out.glob("*.csv")} == {
        f"{n}-01.csv" for n in ("search", "search-lines", "quantities", "topics", "reader")
    }


def test_a_fault_within_a_view_is_a_line(ask, monkeypatch):
    app = views.explorer(ask)
    monkeypatch.setattr(ask, "rates", lambda *_, **__: 1 / 0)
    app.views[0].update()
    assert message(app.views[0]) == "⚠ ZeroDivisionError: division by zero"


def test_an_edition_without_text_says_what_it_cannot_show(folders, tmp_path):
    ask = open_explorer(folders / "derived", tmp_path)
    one, two, three, four, five = (app := views.explorer(ask)).views
    for i in range(1, 5):
        app.children[-1].selected_index = i
    assert "These tables hold no text: counts are all there is." in message(one)
    assert one.rates.value
    assert message(five).startswith("⚠ these tables hold no text")
    assert all(view.answer for view in (one, two, three, four))
    for what in ("topics", "indicators"):
        two.what.value = what
        assert two.answer
    one.how.value = "string"
    assert message(one).startswith("⚠ these tables hold no text")
    assert not [c for c in ask.quantities() if c == "sentence"]
    three.save.click()
    assert "□" not in (tmp_path / "quantities-01.csv").read_text(encoding="utf-8")


def test_one_document_is_enough_for_all_but_a_comparison(folders, tmp_path):
    city = open_explorer(folders / "embedded", tmp_path).groups()[0]
    app = views.explorer(open_explorer(folders / "embedded", tmp_path, only={"city": city}, language="zh"))
    for i in range(1, 5):
        app.children[-1].selected_index = i
    assert [bool(view.answer) for view in app.views] == [True, False, True, True, True]


def test_controls_are_shown_by_a_server_and_not_by_make(monkeypatch):
    monkeypatch.delenv("CROSSCITY_PARENT", raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert not views.interactive()
    monkeypatch.setenv("JPY_SESSION_NAME", "explore.ipynb")
    assert views.interactive()
    monkeypatch.setenv("CROSSCITY_PARENT", "1")
    assert not views.interactive()
