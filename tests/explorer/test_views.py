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
    assert app.tabs.selected_index == 4
    assert "▶ ¶" in five.html.value
    assert five.document.value == one.lines["doc_id"][0]
    for i, view in enumerate((two, three, four), start=1):
        app.tabs.selected_index = i
        assert "⚠" not in view.message.value
        assert view.answer
    for what in ("topics", "indicators"):
        two.what.value = what
        assert "⚠" not in view.message.value
        assert what[:5] in two.code.value or "topic_shares" in two.code.value
    a, b = two.a.value, two.b.value
    two.b.value = a  # each side takes the other's group: what is shown is what A and B say
    assert (two.a.value, two.b.value) == (b, a)
    assert repr(b) + ", " + repr(a) in html.unescape(two.code.value)
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
        app.tabs.selected_index = i
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
        app.tabs.selected_index = i
    assert [bool(view.answer) for view in app.views] == [True, False, True, True, True]


class Shell:
    """What IPython's shell is in a kernel: its request, as a front end or a program makes it."""

    def __init__(self, metadata):
        self.kernel = self
        self.get_parent = lambda: {"metadata": metadata}


def test_controls_are_shown_to_a_front_end_and_not_to_a_program(monkeypatch):
    monkeypatch.delenv("CROSSCITY_PARENT", raising=False)
    monkeypatch.setenv("JPY_SESSION_NAME", "explore.ipynb")  # says nothing: papermill takes it over from a notebook
    import IPython

    monkeypatch.setattr(IPython, "get_ipython", lambda: None)
    assert not views.interactive()  # plain Python
    for metadata, expected in (({}, False), ({"cellId": "a"}, True)):
        shell = Shell(metadata)
        monkeypatch.setattr(IPython, "get_ipython", lambda shell=shell: shell)
        assert views.interactive() is expected
    monkeypatch.setenv("CROSSCITY_PARENT", "1")
    assert not views.interactive()


def test_the_name_of_what_is_explored_stands_above(ask):
    head = views.explorer(ask).children[1].children[0].value
    assert ask.study.source in head
    assert "5 documents, 5 cities" in head


def test_what_is_chosen_outlasts_the_kernel(folders, tmp_path):
    def opened(**parameters):
        return views.explorer(open_explorer(folders / "embedded", tmp_path, **parameters))

    app = opened()
    app.views[0].query.value = "党员"
    app.views[0].filters["groups"].value = ("合肥", "阳江")
    app.tabs.selected_index = 1
    app.views[1].a.value = "朝阳"
    app.views[1].what.value = "topics"
    app.order.value = "province"
    app.tabs.selected_index = 4
    app.views[4].document.value = "随州"
    app.views[4].from_.value = 13
    app.views[4].shown.value = "original"
    again = opened()
    assert again.tabs.selected_index == 4
    assert again.order.value == "province"
    assert again.views[0].query.value == "党员"
    assert again.views[0].filters["groups"].value == ("合肥", "阳江")
    assert (again.views[1].a.value, again.views[1].what.value) == ("朝阳", "topics")
    reader = again.views[4]
    assert (reader.document.value, reader.from_.value, reader.shown.value) == ("随州", 13, "original")
    assert "cc-original" in reader.html.value
    other = opened(by="doc_id", only={"city": ["合肥", "盐城"]})  # 朝阳 is no group of it
    assert other.views[1].a.value in ("合肥", "盐城")
    for broken in ("[", "[]", '{"compare": {"a": 5, "what": "no"}, "explorer": 3}'):
        (tmp_path / "explorer.json").write_text(broken, encoding="utf-8")
        assert opened().tabs.selected_index == 0


def test_groups_begin_with_their_pinyin_and_stand_by_province(ask):
    app = views.explorer(ask)
    labels = [label for label, _ in app.views[1].a.options]
    assert labels == ["Hefei 合肥", "Suizhou 随州", "Yancheng 盐城", "Yangjiang 阳江", "Zhaoyang 朝阳"]
    before = app.views[1].a.value, app.views[1].b.value
    app.order.value = "province"
    for box in (app.views[1].a, app.views[0].filters["groups"]):
        assert [group for _, group in box.options] == ["合肥", "阳江", "随州", "盐城", "朝阳"]
    assert [group for _, group in app.views[2].group.options][1:] == ["合肥", "阳江", "随州", "盐城", "朝阳"]
    assert (app.views[1].a.value, app.views[1].b.value) == before


def test_a_query_in_english_is_one_in_the_words_of_the_documents(ask):
    one = views.explorer(ask).views[0]
    one.query.value = "Party members"
    assert message(one).startswith("“Party members” is looked for as 党员")
    assert "党员" in html.unescape(one.code.value)
    assert one.answer.table["count"].sum() > 0


def test_quantities_turn_their_pages(ask):
    app = views.explorer(ask)
    app.tabs.selected_index = 2
    three = app.views[2]
    first = three.html.value
    three.next.click()
    assert three.place.value == "page 2 of 16"
    assert three.html.value != first
    three.order.value = "value"
    values = three.answer.table()["value"].dropna()
    assert values.is_monotonic_decreasing
    assert "order=&#39;value&#39;" in three.code.value


def test_widgets_hold_little(ask):
    """What a notebook saves with the state of its widgets."""
    app = views.explorer(ask)
    for i in range(5):
        app.tabs.selected_index = i
    held = [len(view.html.value) for view in app.views[1:]] + [len(app.views[1].picture.value)]
    assert sum(held) < 300_000


def test_half_a_character_in_any_box_is_one_line(ask):
    app = views.explorer(ask)
    one, three = app.views[0], app.views[2]
    for how in ("words", "string", "regex"):
        one.how.value = how
        one.query.value = "\ud800"
        assert message(one).startswith("⚠ what is searched for has half a character (U+D800, place 1)")
        one.query.value = "党员"
    app.tabs.selected_index = 2
    for box in (three.item, three.scope):
        box.value = "\udfff"
        assert message(three).startswith("⚠ what is searched for has half a character (U+DFFF, place 1)")
        box.value = ""
    assert "⚠" not in message(three)
