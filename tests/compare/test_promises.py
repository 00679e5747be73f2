"""Targets followed into the report that covers their year."""

import numpy as np
import pandas as pd
import pytest
from crosscity.compare import promises
from crosscity.compare.promises import OUTCOMES, follow, outcome_shares

_KINDS = {"plan": "target", "achievement": "change"}


def tables(*sentences, cities=None):
    """Tables of sentences: (year, stance, text, number, value, unit, item), a paragraph each, a document a year."""
    paragraphs, quantities, stances = [], [], []
    for i, (year, stance, text, number, value, unit, item, *more) in enumerate(sentences):
        place = {"doc_id": f"r{year}", "paragraph": i}
        paragraphs.append(place | {"section": "", "unit": "", "text": text})
        stances.append(place | {"start": 0, "end": len(text), "stance": stance, "voice": "author"})
        if number:
            start = text.index(number)
            row = place | {"start": start, "end": start + len(number), "number": number, "value": value}
            row |= {"upper": np.nan, "unit": unit, "item": item, "scope": "", "kind": _KINDS[stance], "period": ""}
            quantities.append(row | {"qualifier": more[0] if more else "", "year": np.nan})
    years = sorted({s[0] for s in sentences})
    corpus = pd.DataFrame({"doc_id": [f"r{y}" for y in years], "year": [float(y) for y in years]})
    corpus = corpus.assign(city="盐城", province="江苏省", doc_type="work report")
    return pd.DataFrame(quantities), pd.DataFrame(paragraphs), pd.DataFrame(stances), corpus


def outcome(*sentences):
    (row,) = follow(*tables(*sentences)).itertuples(index=False)
    return row


BRIDGES = (2020, "plan", "今年新建跨江桥梁50座。", "50", 50, "座", "跨江桥梁")


def test_the_report_of_the_year_after_says_whether_a_target_was_kept():
    row = outcome(BRIDGES, (2021, "achievement", "去年新建跨江桥梁52座。", "52", 52, "座", "跨江桥梁"))
    assert (row.place, row.year, row.due, row.target, row.result) == ("盐城", 2020, 2020, 50, 52)
    assert (row.outcome, row.missed_by, row.result_doc_id) == ("kept", 0, "r2021")
    assert (row.sentence, row.result_sentence) == ("今年新建跨江桥梁50座。", "去年新建跨江桥梁52座。")
    row = outcome(BRIDGES, (2021, "achievement", "去年新建跨江桥梁43座。", "43", 43, "座", "跨江桥梁"))
    assert (row.outcome, row.missed_by) == ("missed", 7)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ((2021, "achievement", "去年天气很好。", "", 0, "", ""), ("dropped", "")),
        ((2021, "achievement", "前年新建跨江桥梁60座。", "60", 60, "座", "跨江桥梁"), ("unsure", "named")),
        ((2021, "achievement", "去年跨江桥梁建设很快。", "", 0, "", ""), ("unsure", "named")),
        (
            (2021, "achievement", "去年跨江桥梁增长9%。", "9%", 0.09, "比例", "跨江桥梁增长率"),
            ("unsure", "another number"),
        ),
        ((2021, "plan", "今年新建跨江桥梁70座。", "70", 70, "座", "跨江桥梁"), ("renewed", "")),
    ],
)
def test_what_is_not_told_is_dropped_renewed_or_left_open(later, expected):
    rows = follow(*tables(BRIDGES, later))
    row = rows[rows["year"] == 2020].iloc[0]
    assert (row["outcome"], row["why"]) == expected


def test_a_target_of_a_later_year_is_followed_to_it_or_moved():
    far = (2018, "plan", "到2020年，跨江桥梁达到50座。", "50", 50, "座", "跨江桥梁")
    nothing = (2019, "achievement", "去年天气很好。", "", 0, "", "")
    last = (2021, "achievement", "2020年跨江桥梁达到55座。", "55", 55, "座", "跨江桥梁")
    row = outcome(far, nothing, last)
    assert (row.due, row.outcome, row.result) == (2020, "kept", 55)
    again = (2019, "plan", "到2022年，跨江桥梁达到50座。", "50", 50, "座", "跨江桥梁")
    rows = follow(*tables(far, again, (2021, "achievement", "去年天气很好。", "", 0, "", "")))
    assert rows["outcome"].tolist() == ["moved", "not yet due"]


def test_what_three_years_build_is_not_held_against_one_year():
    far = (2018, "plan", "到2020年，新建跨江桥梁50座。", "50", 50, "座", "跨江桥梁")
    row = outcome(far, (2021, "achievement", "2020年新建跨江桥梁18座。", "18", 18, "座", "跨江桥梁"))
    assert (row.outcome, row.why) == ("unsure", "another number")


def test_without_the_covering_report_nothing_is_said():
    other = (2023, "achievement", "去年天气很好。", "", 0, "", "")
    assert outcome(BRIDGES, other).outcome == "no next report"
    assert outcome((2023, *BRIDGES[1:]), (2020, *other[1:])).outcome == "not yet due"


def test_of_prices_a_lower_rise_keeps_the_target_and_of_use_a_larger_fall():
    prices = (2020, "plan", "今年居民消费价格上涨3%。", "3%", 0.03, "比例", "居民消费价格涨幅")
    told = (2021, "achievement", "去年居民消费价格上涨5%。", "5%", 0.05, "比例", "居民消费价格涨幅")
    row = outcome(prices, told)
    assert (row.indicator, row.better, row.outcome, row.missed_by) == ("consumer prices", "lower", "missed", 2)
    use = (2020, "plan", "今年单位能耗下降3%。", "3%", 0.03, "比例", "单位能耗降幅")
    row = outcome(use, (2021, "achievement", "去年单位能耗下降5%。", "5%", 0.05, "比例", "单位能耗降幅"))
    assert (row.better, row.outcome) == ("higher", "kept")
    row = outcome(use, (2021, "achievement", "去年单位能耗上升1%。", "1%", 0.01, "比例", "单位能耗升幅"))
    assert (row.result, row.outcome, row.missed_by) == (-1, "missed", 4)


def test_grain_in_jin_is_held_against_grain_in_tonnes():
    plan = (1956, "plan", "今年粮食产量达到四千亿斤。", "四千亿", 4e11, "斤", "粮食产量")
    row = outcome(plan, (1957, "achievement", "去年粮食产量达到1.9亿吨。", "1.9亿", 1.9e8, "吨", "粮食产量"))
    assert (row.unit, row.target, row.result, row.outcome, row.missed_by) == ("万吨", 20000, 19000, "missed", 1000)


def test_words_that_tell_things_apart_are_never_joined():
    item = "{}居民家庭卫生厕所普及率"
    others = [  # a corpus of many things, in which 家庭卫生厕所 is rare
        (2021, "achievement", f"去年{thing}覆盖率达到9%。", "9%", 0.09, "比例", f"{thing}覆盖率")
        for thing in (
            "公交站点",
            "森林",
            "宽带网络",
            "养老床位",
            "路灯",
            "图书馆",
            "绿地",
            "天然气管道",
            "快递柜",
            "球场",
        )
    ]
    plan = (2020, "plan", f"今年{item.format('农村')}达到80%。", "80%", 0.8, "比例", item.format("农村"))

    def told(who):
        return (2021, "achievement", f"去年{item.format(who)}达到95%。", "95%", 0.95, "比例", item.format(who))

    assert outcome(plan, *others, told("城镇")).outcome == "unsure"
    assert outcome(plan, *others, told("农村")).outcome == "kept"


def test_places_need_two_years_and_without_a_place_reports_of_the_state():
    rows = [
        ("a", "盐城", 2020, "work report"),
        ("b", "盐城", 2021, "news"),
        ("c", "合肥", 2020, "news"),
        ("d", "合肥", 2021, "news"),
        ("i", "合肥", 2020, "plan"),  # which reports on nothing
        ("j", "合肥", 2021, "plan"),
    ]
    rows += [
        ("e", "", 2020, "work report"),
        ("f", "", 2021, "work report"),
        ("g", "", 2020, "news"),
        ("h", "", 2021, "news"),
    ]
    corpus = pd.DataFrame(rows, columns=["doc_id", "city", "year", "doc_type"]).assign(province="")
    found = [(chain.place, chain.reports) for chain in promises.chains(corpus)]
    assert found == [("", {2020: ["e"], 2021: ["f"]}), ("合肥", {2020: ["c"], 2021: ["d"]})]


def test_shares_are_of_what_is_told_with_wilsons_interval():
    n = {
        "kept": 8,
        "missed": 2,
        "renewed": 3,
        "moved": 1,
        "dropped": 6,
        "unsure": 4,
        "not yet due": 5,
        "no next report": 7,
    }
    assert set(n) == set(OUTCOMES)
    table = pd.DataFrame({"outcome": [o for o, k in n.items() for _ in range(k)]}).assign(place="盐城")
    (row,) = outcome_shares(table, "place").itertuples(index=False)
    assert (row.targets, row.followed, row.met, row.missed, row.silent, row.unsure) == (36, 24, 8, 2, 10, 4)
    assert (row.share, row.least) == (0.8, 0.4)
    assert (round(row.low, 3), round(row.high, 3)) == (0.490, 0.943)  # Wilson, 8 of 10
    none = outcome_shares(table[table["outcome"] == "dropped"], "place").iloc[0]
    assert np.isnan(none["share"])
    assert none["least"] == 0


def test_decades_are_compared_where_reports_span_them():
    assert promises.periods(pd.Series([1955, 1983, 2024])).tolist() == [1950, 1980, 2020]
    assert promises.periods(pd.Series([2019, 2021])).tolist() == [2019, 2021]


def test_an_item_without_a_word_of_its_own_is_like_nothing():
    assert promises.Likeness(set()).share("等", "跨江桥梁") == 0
    assert promises.Likeness(set()).share("桥梁等", "跨江桥梁") == 1


def of_places(names):
    """Tables of several places: the same reports of two years in each."""
    built = (2021, "achievement", "去年新建跨江桥梁52座。", "52", 52, "座", "跨江桥梁")
    parts = [tables(BRIDGES, built) for _ in names]
    for name, part in zip(names, parts, strict=True):
        for table in part:
            table["doc_id"] = name + table["doc_id"]
        part[3]["city"] = name
    return [pd.concat(tables_of_one, ignore_index=True) for tables_of_one in zip(*parts, strict=True)]


@pytest.mark.parametrize("held", [1, 3, 100])
def test_a_large_corpus_is_read_in_parts_with_the_same_result(held, monkeypatch):
    places = ["盐城", "随州", "阳江"]
    found = promises.chains(of_places(places)[3])
    monkeypatch.setattr(promises, "_HELD", held)
    sizes = {1: [1, 1, 1], 3: [2, 1], 100: [3]}[held]
    assert [len(part) for part in promises._parts(found, of_places(places)[0])] == sizes
    table = follow(*of_places(places))
    assert sorted(table["place"]) == sorted(places)
    assert set(table["outcome"]) == {"kept"}
    assert list(table["result"]) == [52] * 3


def test_the_index_weighs_what_each_text_has():
    alike = promises.Likeness({"跨江桥梁", "农村公路", "公路桥梁"})
    texts = ["去年的公路和桥梁", "", "江跨|桥、梁", "农村公路桥梁桥梁", "\n梁农"]
    index = promises._Index(texts)
    for item in ("跨江桥梁", "农村公路", "梁", "等", ""):
        weights = alike.weights(item)
        by_hand = [sum(w for f, w in weights.items() if f in promises._features(text)) for text in texts]
        assert np.allclose(index.weights(weights), by_hand)
    assert promises._Index([]).weights(alike.weights("桥梁")).tolist() == []
