"""The answers of the explorer are those of the run, and their code gives them again."""

import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.explorer import answers, displays
from crosscity.explorer.answers import call
from crosscity.files.safe_csv import unescape_formula


def test_counts_are_those_of_the_run(ask):
    for largest in (1.0, 0.0):
        counts, terms = ask.counts(largest)
        other, names = ask.study.counts(ask._searched(), largest)
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


def test_no_figure_of_a_group_is_dropped_where_two_are_compared(ask, monkeypatch):
    a, b = ask.pair()
    key = {"indicator": "village pay", "unit": "元/年", "population": "村主职", "kind": "actual", "year": 2014}
    stated = [(a, "随县", 12000.0), (a, "曾都区", 20000.0), (a, "广水市", 7500.0), (b, "合肥市", 37000.0)]
    rows = [key | {"group": g, "place": place, "value": value, "sentence": place} for g, place, value in stated]
    monkeypatch.setattr(ask, "_indicators", lambda g: pd.DataFrame(row for row in rows if row["group"] == g))
    table = ask.indicators(a, b)
    assert table[["a", "place_a", "sentence_a"]].values.tolist() == [
        [12000.0, "随县", "随县"], [20000.0, "曾都区", "曾都区"], [7500.0, "广水市", "广水市"],
    ]  # fmt: skip
    assert table["place_b"].tolist() == ["合肥市", "", ""]
    assert table["b"].isna().tolist() == [False, True, True]


def test_quantities_are_filtered_and_keep_their_sentence(ask):
    whole = ask.quantities()
    assert len(whole) == len(ask.study.table("quantities"))
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
        (ask.changes(ask.study.corpus["doc_id"][0]), call("changes", ask.study.corpus["doc_id"][0])),
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
    files = ask.export("search", table, code, displays.rates_figure(table, ask.study.by, "words"), "党建", "党建")
    assert files == [f"search-01.{end}" for end in ("csv", "json", "pdf", "png", "py", "svg")]
    again = ask.export("search", table.assign(group="=1+1"), code)
    assert again == ["search-02.csv", "search-02.py"]
    kept = pd.read_csv(ask.study.out / "search-02.csv", dtype=str)
    assert set(kept["group"]) == {"'=1+1"}
    assert set(kept["group"].map(unescape_formula)) == {"=1+1"}
    space = {}
    exec((ask.study.out / "search-01.py").read_text(encoding="utf-8"), space)
    pd.testing.assert_frame_equal(space["table"], table)
