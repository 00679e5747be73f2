"""Named indicators: which quantities belong to one, in which unit and of whom; results against targets."""

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare import indicators, targets
from crosscity.compare.indicators import COLUMNS, HEADER


def quantity(text, number, unit, value, item="", **more):
    """A row of quantities for the first place of a number in a text."""
    start = text.index(number)
    row = {"doc_id": "a", "paragraph": 1, "start": start, "end": start + len(number), "number": number}
    row |= {"value": value, "upper": np.nan, "unit": unit, "item": item, "scope": "合肥市", "kind": "actual"}
    return row | {"qualifier": "", "period": "", "year": 2023} | more


def corpus(**more):
    return pd.DataFrame([{"doc_id": "a", "city": "合肥", "province": "安徽省", "year": 2024} | more])


def read(text, *rows, unit="", path=None, **more):
    paragraphs = pd.DataFrame([{"doc_id": "a", "paragraph": 1, "unit": unit, "text": text}])
    quantities = pd.DataFrame(rows).astype({"year": "Int64"})
    return indicators.indicators(quantities, paragraphs, corpus(**more), path)


def test_an_item_of_a_known_indicator_is_a_row_in_its_unit():
    text = "前一句。全市地区生产总值增长5.6%，稳中有进。后一句。"
    row = read(text, quantity(text, "5.6%", "比例", 0.056, "地区生产总值增长率", kind="change")).iloc[0]
    assert list(row.index) == list(COLUMNS)
    assert (row.indicator, row.value, row.unit) == ("GDP growth", 5.6, "%")
    assert (row.place, row.population, row.kind, row.year) == ("合肥市", "全市", "change", 2023)
    assert row.sentence == "全市地区生产总值增长5.6%，稳中有进。"


@pytest.mark.parametrize(
    ("item", "unit", "value", "expected"),
    [
        ("地区生产总值", "元", 1.2e12, ("GDP", 12000.0)),
        ("城镇新增就业人数", "人", 53000, ("new urban jobs", 5.3)),
        ("粮食产量", "斤", 2e9, ("grain", 100.0)),  # half a kilogram each: a million tonnes
        ("粮食产量", "吨", 1e6, ("grain", 100.0)),
        ("城镇调查失业率", "比例", 0.055, ("unemployment", 5.5)),
        ("城镇登记失业率", "比例", 0.03, ("registered unemployment", 3.0)),
        ("数字经济增加值占地区生产总值比重", "比例", 0.4, None),
        ("人均地区生产总值增长率", "比例", 0.05, None),
        ("综合交通固定资产投资增长率", "比例", 0.4, None),
        ("地区生产总值增长率", "百分点", 3, None),  # another unit is another thing
    ],
)
def test_units_are_converted_and_what_is_like_it_is_left_out(item, unit, value, expected):
    text = "粮食、就业等数是7。"
    table = read(text, quantity(text, "7", unit, value, item))
    assert list(zip(table["indicator"], table["value"], strict=True)) == ([expected] if expected else [])


def test_what_is_given_by_the_month_becomes_a_year_and_says_so():
    text = "村党组织书记报酬每月2000元。"
    table = read(text, quantity(text, "2000元", "元", 2000.0, "村党组织书记报酬", period="月"))
    assert table[["indicator", "value", "derived"]].to_numpy().tolist() == [["village head pay", 24000.0, True]]
    table = read(text, quantity(text, "2000元", "元", 2000.0, "村党组织书记报酬", period="年"))
    assert table[["value", "derived"]].to_numpy().tolist() == [[2000.0, False]]


def test_heads_and_deputies_and_communities_are_different_populations():
    text = "主职、副职年均报酬分别为1.2万元、1万元。社区书记报酬4万元。"
    table = read(
        text,
        quantity(text, "1.2万元", "元", 12000.0, "村主职年平均报酬"),
        quantity(text, "1万元", "元", 10000.0, "村副职年平均报酬"),
        quantity(text, "4万元", "元", 40000.0, "社区书记报酬"),
    )
    # 主职、副职 has no 村 of its own: the list's words say less than the items
    assert table["population"].tolist() == ["村主职", "村副职", "社区主职"]
    assert table["indicator"].tolist() == ["village head pay"] * 2 + ["community head pay"]


def test_a_list_that_shares_a_head_is_shared_out():
    text = "城镇、农村居民人均可支配收入分别增长6%、8%，城乡居民收入分别增长5%、7%。"
    items = [quantity(text, n, "比例", int(n[0]) / 100, "居民人均可支配收入占比") for n in ("6%", "8%", "5%", "7%")]
    table = read(text, *items)
    told = list(zip(table["indicator"], table["value"], strict=True))
    names = ["urban income growth", "rural income growth"] * 2
    assert told == list(zip(names, [6.0, 8.0, 5.0, 7.0], strict=True))


def test_growth_behind_a_level_is_growth_of_that_level():
    text = "全市地区生产总值达到2920亿元、居全省第5位，增长6.7%；规上工业增加值300亿元，增长9%。"
    table = read(
        text,
        quantity(text, "2920亿元", "元", 2.92e11, "地区生产总值"),
        quantity(text, "5位", "位", 5, "地区生产总值全省排名"),
        quantity(text, "6.7%", "比例", 0.067, "总量增长率", kind="change"),
        quantity(text, "300亿元", "元", 3e10, "规上工业增加值"),
        quantity(text, "9%", "比例", 0.09, "增长率", kind="change"),
    )
    told = list(zip(table["indicator"], table["value"], strict=True))
    assert told == [("GDP", 2920.0), ("GDP growth", 6.7), ("industry growth", 9.0)]


def test_a_second_goal_belongs_and_half_a_number_does_not():
    text = "地区生产总值增长6%、力争7%，不含5 . 5%。"
    table = read(
        text,
        quantity(text, "6%", "比例", 0.06, "地区生产总值增长率", kind="target"),
        quantity(text, "7%", "比例", 0.07, "地区生产总值占比", kind="target"),
        quantity(text, " 5%", "比例", 0.05, "地区生产总值增长率", kind="target"),
    )
    assert table["value"].tolist() == [6.0, 7.0]


def test_the_scope_gives_place_and_population():
    text = "确保每个村工作经费不少于6万元。"
    row = quantity(text, "6万元", "元", 60000.0, "每个村工作经费", scope="随县每村", kind="target", qualifier=">=")
    got = read(text, row, unit="随县").iloc[0]
    assert (got.indicator, got.place, got.population, got.qualifier) == ("village office funds", "随县", "每村", ">=")
    assert read(text, row | {"scope": "每村"}, unit="").iloc[0].place == "合肥市"
    text = "全县党员8000名。"
    got = read(text, quantity(text, "8000名", "名", 8000, "党员数", scope="随县"), unit="随县").iloc[0]
    assert (got.place, got.population) == ("随县", "全县（市、区）")  # no prefecture's: the two are never ranked


def test_an_increment_is_no_level():
    text = "每个村新增工作经费5000元。"
    row = quantity(text, "5000元", "元", 5000.0, "每个村新增工作经费", scope="每村", kind="change")
    assert read(text, row)["indicator"].tolist() == ["village office funds rise"]


def test_the_order_of_rows_does_not_matter_and_nothing_gives_no_rows():
    text = "地区生产总值增长5%，粮食产量20万吨。"
    rows = [
        quantity(text, "5%", "比例", 0.05, "地区生产总值增长率"),
        quantity(text, "20万吨", "吨", 2e5, "粮食产量"),
    ]
    pd.testing.assert_frame_equal(read(text, *rows), read(text, *rows[::-1]))
    none = read(text, quantity(text, "5%", "棵", 5, "树"))
    assert none.empty
    assert list(none.columns) == list(COLUMNS)


@pytest.mark.parametrize(
    ("text", "number", "unit", "value", "item", "more", "expected"),
    [
        ("甲县还有40个服务中心未达标。", "40个", "个", 40, "未达标的村级党群服务中心数", {}, "venues below standard"),
        ("新建、扩建党群服务中心12个。", "12个", "个", 12, "扩建党群服务中心数", {}, "venues built"),
        ("新建养老服务中心12个。", "12个", "个", 12, "新建养老服务中心数", {}, None),
        ("有12个服务中心标准偏低。", "12个", "个", 12, "标准偏低的党群服务中心数", {}, "venues below standard"),
        ("空壳村减到12个。", "12个", "个", 12, "减到数", {}, "villages without income"),
        ("共有8000个党组织。", "8000个", "个", 8000, "基层党组织数", {}, "organisations"),
        ("拿出90万元，改建活动场所。", "90万元", "元", 9e5, "拿出", {}, ("venue funds", 90.0)),
        ("投资600万元建设活动场所。", "600万元", "元", 6e6, "活动场所建设资金", {}, ("venue funds", 600.0)),
        (
            "每年按8%的比例倒排后进支部。",
            "8%",
            "比例",
            0.08,
            "比例占比",
            {"kind": "standard"},
            ("laggard quota", 8.0),
        ),
        ("换届中调整村书记31名。", "31名", "名", 31, "调整村书记数", {}, "secretaries replaced"),
        ("村干部中高中以上学历占45%。", "45%", "比例", 0.45, "高中以上学历占比", {}, ("leaders by schooling", 45.0)),
        (
            "村干部中初中以下文化程度占30%。",
            "30%",
            "比例",
            0.3,
            "初中以下文化程度",
            {},
            ("leaders with little schooling", 30.0),
        ),
        (
            "离任村书记人均增加200元。",
            "200元",
            "元",
            200,
            "离任村书记人均增加",
            {"kind": "change"},
            "retired leaders subsidy rise",
        ),
        ("选派60名能人到村担任村书记。", "60名", "名", 60, "选派能人数", {}, "secretaries placed"),
        ("全县还有空壳村50个。", "50个", "个", 50, "空壳村数", {}, "villages without income"),
        (
            "另有15%的党组织不能发挥作用。",
            "15%",
            "比例",
            0.15,
            "不能发挥作用的党组织占比",
            {},
            ("organisations not functioning", 15.0),
        ),
        ("全县290个村开展评比。", "290个", "个", 290, "村数", {}, "villages"),
        ("再推广到290个村。", "290个", "个", 290, "村数", {}, None),  # some villages, not all that there are
        # a threshold is no income, a visit turns nothing round, a programme's supervision is none of party building
        ("收入10万元以上的村达到三成。", "10万元", "元", 1e5, "村集体收入门槛", {"scope": "每村"}, None),
        ("有的村集体收入难以达到3万元。", "3万元", "元", 3e4, "村集体收入", {"scope": "每村"}, None),
        ("村集体收入平均3万元。", "3万元", "元", 3e4, "村集体收入", {"scope": "每村"}, "village income"),
        ("对9个软弱涣散村走访一遍。", "9个", "个", 9, "对软弱涣散村数", {}, None),
        (
            "9个软弱涣散村党组织全部转化。",
            "9个",
            "个",
            9,
            "全部转化的软弱涣散村党组织数",
            {},
            "weak organisations turned round",
        ),
        ("为推进该工程，听取汇报5次。", "5次", "次", 5, "听取汇报次数", {}, None),
        ("为推进党建，听取汇报5次。", "5次", "次", 5, "听取汇报次数", {}, "hearings"),
        ("到村调研集中3天时间。", "3天", "天", 3, "到村调研天数", {}, None),  # once, not of each year or month
        ("每月到村调研3天。", "3天", "天", 3, "到村调研天数", {"period": "月"}, ("field days", 36.0)),
        # what one villager says is no figure of a city; what an official says of 我市 is
        ("书记说：“我走访过90户群众。”", "90户", "户", 90, "走访户数", {}, None),
        ("成绩单是：有的书记走访90户群众。", "90户", "户", 90, "走访户数", {}, None),
        ("书记说：“我市走访过90户群众。”", "90户", "户", 90, "走访户数", {}, "households visited"),
    ],
)
def test_what_accounts_of_party_work_report(text, number, unit, value, item, more, expected):
    table = read(text, quantity(text, number, unit, value, item, **more))
    got = list(zip(table["indicator"], table["value"], strict=True))
    assert got == ([] if expected is None else [expected if isinstance(expected, tuple) else (expected, value)])


def test_a_rule_that_names_its_two_subjects_behind_is_shared_out():
    text = "按照不低于500平方米和150平方米的标准建设社区和村级活动场所，比去年增加两成。"
    rows = [quantity(text, n, "平方米", int(n[:3]), "标准面积", kind="standard") for n in ("500平方米", "150平方米")]
    table = read(text, *rows)
    got = list(zip(table["indicator"], table["value"], strict=True))
    assert got == [("community rooms", 500), ("village rooms", 150)]


def written(tmp_path, *lines):
    path = tmp_path / "own.tsv"
    path.write_text(
        "\n".join(["# a note", "\t".join(HEADER), *("\t".join(cells) for cells in lines)]), encoding="utf-8"
    )
    return path


TREES = ("trees", "树", "trees planted", "own", "棵", "棵", "", "植树", "", "", "")


def test_a_study_brings_its_own_indicators(tmp_path):
    text = "全市植树300棵。"
    table = read(text, quantity(text, "300棵", "棵", 300, "植树数"), path=written(tmp_path, TREES))
    assert table["indicator"].tolist() == ["trees"]


def test_lines_that_are_no_indicator_are_named_together(tmp_path):
    other = ("trees", "树木", *TREES[2:])
    broken = ("x", "y", "z", "own", "个", "个", "", "(", "", "", "")
    path = written(tmp_path, TREES, other, broken, ("only",))
    with pytest.raises(CrosscityError) as error:
        indicators.read_indicators(path)
    message = str(error.value)
    assert all(f"line {n}" in message for n in (4, 5, 6))
    assert "line 3" not in message
    with pytest.raises(CrosscityError, match="is not there"):
        indicators.read_indicators(tmp_path / "none.tsv")
    path.write_text("a\tb\n", encoding="utf-8")
    with pytest.raises(CrosscityError, match="first line must name"):
        indicators.read_indicators(path)


def test_the_shipped_file_is_read_and_has_one_unit_an_indicator():
    rules = indicators.read_indicators()
    assert len({(r.indicator, r.unit) for r in rules}) == len({r.indicator for r in rules})
    assert {r.group for r in rules} == {"party", "report"}


def growth(doc_id, value, year, kind, **more):
    row = dict.fromkeys(COLUMNS, "") | {
        "indicator": "GDP growth",
        "doc_id": doc_id,
        "paragraph": 1,
        "start": 0,
        "end": 1,
    }
    row |= {"value": value, "upper": np.nan, "unit": "%", "place": doc_id, "population": "全市", "kind": kind}
    return row | {"year": year, "derived": False, "sentence": f"{doc_id} {value}。"} | more


def reports(*rows, cities=("甲", "乙", "丙")):
    documents = [{"doc_id": c, "city": c, "province": "安徽省", "year": 2024} for c in cities]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"year": "Int64"})
    return targets.results_and_targets(table, pd.DataFrame(documents))


def test_result_target_and_gap_of_a_document():
    results, missing = reports(
        growth("甲", 5.0, 2023, "change"),
        growth("甲", 6.0, 2024, "target", qualifier=">="),
        growth("乙", 4.0, 2023, "change"),
    )
    first, second = results.set_index("doc_id").loc[["甲", "乙"]].itertuples()
    assert (first.result, first.target, first.target_qualifier, first.gap) == (5.0, 6.0, ">=", 1.0)
    assert first.target_sentence == "甲 6.0。"
    assert second.result == 4.0
    assert np.isnan(second.target)
    assert np.isnan(second.gap)
    told = missing[missing["indicator"] == "GDP growth"].set_index("part")
    assert told["n"].to_dict() == {"result": 1, "target": 2}
    assert told["documents"].to_dict() == {"result": "丙", "target": "乙, 丙"}


def test_of_several_the_goal_the_year_and_the_place_decide():
    results, _ = reports(
        growth("甲", 9.9, 2024, "target", start=5),
        growth("甲", 6.0, 2024, "target", start=50, sentence="主要预期目标是：增长6%、力争7%。"),
        growth("甲", 7.0, 2024, "target", start=60, sentence="主要预期目标是：增长6%、力争7%。"),
        growth("甲", 34.0, 2023, "change", start=1, sentence="“十四五”以来增长34%。"),
        growth("甲", 5.0, 2023, "change", start=70),
        growth("甲", 4.0, 2023, "baseline", start=2),
        growth("甲", 3.0, 2022, "change", start=3),
        growth("甲", 8.0, 2023, "change", start=4, population="全县（市、区）"),
    )
    row = results.iloc[0]
    assert (row.result, row.target, row.target_upper) == (5.0, 6.0, 7.0)
    assert row.gap == 1.5  # the middle of the range


def test_mean_gap_of_a_province_with_its_interval():
    table = pd.DataFrame({"indicator": "GDP growth", "province": ["A"] * 4 + ["B"] * 2 + ["C"], "unit": "%"})
    table["gap"] = [1.0, 2.0, 3.0, 6.0, 1.0, 2.0, np.nan]
    got = targets.gaps(table).set_index("province")
    assert got["n"].to_dict() == {"A": 4, "B": 2}
    # by hand: mean 3, s = sqrt(14/3) = 2.160247, t(0.975, 3) = 3.182446 (tables), half = 3.437435
    np.testing.assert_allclose(got.loc["A", ["mean", "low", "high"]].astype(float), [3, -0.437435, 6.437435], atol=2e-6)
    assert got.loc["B", "mean"] == 1.5
    assert got.loc["B", ["low", "high"]].isna().all()


@pytest.mark.parametrize("item", ["经济增长速度", "今年国民经济增长率"])
def test_the_rate_of_economic_growth_is_that_of_the_product(item):
    text = "增长是7。"
    table = read(text, quantity(text, "7", "比例", 0.07, item))
    assert table["indicator"].tolist() == ["GDP growth"]
    assert read(text, quantity(text, "7", "比例", 0.07, f"县域{item}")).empty


def test_which_way_an_indicator_is_better_is_a_column():
    better = {rule.indicator: rule.better for rule in indicators.read_indicators()}
    assert [better[name] for name in ("unemployment", "consumer prices", "GDP growth")] == ["lower", "lower", "higher"]
    assert set(better.values()) == {"", "lower", "higher"}
