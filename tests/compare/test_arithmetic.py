"""What a text's own numbers imply: every expected value is worked by hand."""

import pandas as pd
import pytest
from crosscity.compare.arithmetic import COLUMNS, implied_values
from crosscity.facts.quantities import COLUMNS as COLUMNS_OF
from crosscity.facts.quantities import quantities


def found(*texts, unit=""):
    """Rows of `implied_values` for paragraphs of one document, read by the package's own grammar."""
    rows = [
        {"doc_id": "甲", "paragraph": i, "kind": "body", "section": "", "unit": unit, "text": text}
        for i, text in enumerate(texts, start=1)
    ]
    table = pd.DataFrame(quantities(rows, year=2020, place="甲市"), columns=COLUMNS_OF).assign(doc_id="甲")
    return implied_values(table, pd.DataFrame(rows))


@pytest.mark.parametrize("parts", ["工业项目不少于70个、农业项目不超过50个", "工业项目70多个、农业项目不到50个"])
def test_parts_with_bounds_both_ways_say_nothing(parts):
    """At least 70 and at most 50 may be any number together."""
    assert found(f"全年实施项目120个，其中{parts}。").empty


def only(*texts):
    table = found(*texts)
    assert len(table) == 1, table.to_string()
    return table.iloc[0]


@pytest.mark.parametrize(
    ("texts", "rule", "implied", "verdict"),
    [
        (["全区到位资金800亿元，其中工业到位资金200亿元，占比25%。"], "share", 0.25, "agrees"),
        (["全区到位资金800亿元，其中工业到位资金200亿元，占比35%。"], "share", 0.25, "contradicts"),
        (["民生支出300亿元，占财政支出的75%。"], "base", 4e10, "derived"),
        (["全年实施项目120个，其中工业项目70个、农业项目50个。"], "parts", 120, "agrees"),
        (["三次产业结构调整为10.2:40.1:49.7。"], "structure", 100, "agrees"),
        (["三次产业结构调整为10.2:40.1:47.7。"], "structure", 98, "contradicts"),
        (["茶园面积由20万亩增加到30万亩，增长50%。"], "change", 0.5, "agrees"),
        (["茶园面积由20万亩增加到30万亩，增长70%。"], "change", 0.5, "contradicts"),
        (["建成茶厂16家，茶园面积由20万亩增加到30万亩。"], "change", 0.5, "derived"),
        (["空壳村由400个减少到100个，下降75%。"], "change", 0.75, "agrees"),
        (["参保率由80%提高到88%，提高8个百分点。"], "change", 8, "agrees"),
        (["参保率由80%提高到88%，提高12个百分点。"], "change", 8, "contradicts"),
        (["茶园面积由20万亩增加到60万亩，增长2倍。"], "change", 2, "agrees"),
        (["茶园面积由20万亩增加到60万亩，增长5倍。"], "change", 2, "contradicts"),
        (["茶园面积由20万亩增加到30万亩。"], "change", 0.5, "derived"),
        (["完成货物进出口总额120亿元，增长20%。"], "growth", 1e10, "derived"),
        (["完成货物进出口总额80亿元，下降20%。"], "growth", 1e10, "derived"),
        (["财政民生支出440亿元，较去年增加40亿元、增长10%。"], "increase", 0.1, "agrees"),
        (["财政民生支出440亿元，较去年增加40亿元、增长15%。"], "increase", 0.1, "contradicts"),
        (["新签约项目50个、总投资200亿元。"], "average", 4e8, "derived"),
        (["平台覆盖381个村。", "村级转移支付1864万元，村均4.89万元。"], "average", 48923.9, "agrees"),
    ],
)
def test_rules(texts, rule, implied, verdict):
    row = only(*texts)
    assert (row["rule"], row["verdict"]) == (rule, verdict)
    assert row["implied"] == pytest.approx(implied, rel=1e-5)
    assert row["low"] <= row["implied"] <= row["high"]
    assert row.isna()["stated"] == (verdict == "derived")


def test_a_rate_is_of_what_its_amount_says():
    text = "每个村副职干部补贴3000元。", "平台覆盖381个村。", "安排114万元补贴村副职干部。"  # 3000 * 381 = 1,143,000
    row = found(*text).query("rule == 'rate'").iloc[0]
    assert (row["implied"], row["stated"], row["verdict"]) == (1_143_000, 1_140_000, "agrees")
    assert [s.split(":")[0] for s in row["spans"].split()] == ["1", "2", "3"]
    assert row["statement"] == "3000元 for each of 381个 is 114.3万元; the text says 114万元"
    assert "rate" not in set(found(*(t.replace("114万", "140万") for t in text))["rule"])
    assert "rate" not in set(found(*(t.replace("114万元补贴村副职干部", "114万元修路") for t in text))["rule"])


@pytest.mark.parametrize(
    "text",
    [
        "地区生产总值由200亿元增加到300亿元，增长70%。",  # in constant prices
        "实现地区生产总值440亿元，增长10%。",
        "茶园面积由20万亩增加到60万亩，增长3倍。",  # read in both ways
        "新签约项目50个，总投资100亿元的钢厂开工。",  # the worth of what follows
        "核准项目3个、开工2个，总投资180亿元。",
        "办件率由70%、44%提升至75%、50%。",
        "办件率由70%、44%提升至75%。",  # of the first, or of both
        "四家企业产值分别为200亿元、300亿元，占全市工业产值的50%。",
        "全区到位资金800亿元。其中有关部门答复200亿元，占比重点关注。",
        "全年培训人数400人。实施项目50个。",
        "计划由20万亩增加到30万亩以上，增长40%以上。",  # bounds are met
    ],
)
def test_what_nothing_follows_from(text):
    assert found(text).empty


def test_bounds_can_still_contradict():
    assert only("茶园面积由20万亩增加到30万亩，增长80%以上。")["verdict"] == "contradicts"
    assert found("茶园面积由20万亩增加到30万亩，增长40%以上。").empty


def test_rounded_and_cut_off_agree():
    share = "全区干部300名，其中女干部{}名，占比{}。"
    assert only(share.format(200, "67%"))["verdict"] == "agrees"  # 66.67 %
    assert only(share.format(200, "66%"))["verdict"] == "agrees"  # cut off
    assert only(share.format(200, "66.6%"))["verdict"] == "agrees"
    assert only(share.format(200, "66.5%"))["verdict"] == "contradicts"
    assert only(share.format(200, "65%"))["verdict"] == "contradicts"


def test_spans_point_at_the_numbers():
    text = "全区到位资金800亿元，其中工业到位资金200亿元，占比25%。"
    row = only(text)
    spans = [tuple(map(int, s.split(":")[1].split("-"))) for s in row["spans"].split()]
    assert [text[a:b] for a, b in spans] == ["200亿元", "800亿元", "25%"]
    assert text[row["start"] : row["end"]] == "800亿元，其中工业到位资金200亿元，占比25%"
    assert row["statement"] == "200亿元 of 800亿元 is 25%; the text says 25%"


def test_sub_units_do_not_share_counts():
    rows = [("平台覆盖381个村。", "一县"), ("村级转移支付1864万元，村均4.89万元。", "二县")]
    frame = pd.DataFrame(
        [
            {"doc_id": "甲", "paragraph": i, "kind": "body", "section": "", "unit": u, "text": t}
            for i, (t, u) in enumerate(rows, start=1)
        ]
    )
    table = pd.DataFrame(quantities(frame, year=2020)).assign(doc_id="甲")
    assert implied_values(table, frame).empty
    assert len(implied_values(table, frame.assign(unit=""))) == 1


def test_no_rows_have_all_columns():
    table = found("没有数字。", "共50个社区。")
    assert table.empty
    assert list(table.columns) == list(COLUMNS)
