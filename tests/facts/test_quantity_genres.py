"""Quantities of rules, notices, minutes and news: rates in force, rounds of inspection, whom a clause names."""

import pytest
from crosscity.facts.quantities import claims, quantities
from crosscity.facts.stances import Stance

from .test_quantities import read

AIMED = [("90", "target"), ("20", "target"), ("10万", "target"), ("3万", "actual")]
# Texts of kinds that no rule was written from at first: (text, type of the document, (number, kind, year) of each).
RULED = [
    (
        "从2015年10月1日起，城市低保标准由480元/人月提高到530元/人月。",
        "notice",
        [("480", "baseline", None), ("530", "standard", None)],
    ),
    ("用水由1.60元/立方米调整为2.90元/立方米。", "notice", [("1.60", "baseline", None), ("2.90", "standard", None)]),
    ("第九条 对个人处以60元以上300元以下罚款。", "regulation", [("60", "standard", None), ("300", "standard", None)]),
    ("保证金缴存比例为合同价款的3%。", "plan", [("3%", "standard", None)]),
    ("担保贷款个人额度提高到30万元。", "notice", [("30万", "standard", None)]),
    ("连续3年未拖欠工资的企业，减半缴存。", "plan", [("3", "standard", None)]),
    ("家庭人口超过5人的，按户增加用水量。", "", [("5", "standard", None)]),
    ("此次共抽查600家企业，检出70批次产品不合格。", "notice", [("600", "actual", 2021), ("70", "actual", 2021)]),
    ("会议应到180人，实到170人。", "minutes", [("180", "actual", 2021), ("170", "actual", 2021)]),
    ("今年生产总值可望突破900亿元。", "speech", [("900亿", "target", 2021)]),
    ("2020年，全市扎实抓项目。列入省行动计划的90个项目完成。", "speech", [("90", "actual", 2020)]),
    ("2019年3月以来，先后出台12个文件。", "feedback", [("12", "actual", 2021)]),
    ("2023年底，重点区域网络覆盖率100%。", "plan", [("100%", "target", 2023)]),
    ("为确保安全，投入70万元。", "speech", [("70万", "actual", 2021)]),
    ("2021年，某局对40种产品开展抽查。", "notice", [("40", "actual", 2021)]),
    ("到2025年，用水总量下降至目前80%的水平。", "plan", [("80%", "target", 2025)]),
    ("今年的目标是造林90亩，育苗20亩，植树10万株，目前已植树3万株。", "speech", [(n, k, 2021) for n, k in AIMED]),
    ("——用水效率提高7%左右；", "plan", [("7%", "target", None)]),
    # Of budgets: what they provide is aimed at, what came in more or less is a change.
    (
        "收入完成3亿元，为年初预算6亿元的50%，较上年同期短收2亿元；支出同比少支1亿元，主要是上年同期基数较高。",
        "communiqué",
        [
            ("3亿", "actual", 2021),
            ("6亿", "target", 2021),
            ("50%", "actual", 2021),
            ("2亿", "change", 2021),
            ("1亿", "change", 2021),
        ],
    ),
    ("比上年增长（可比价）8%，自然增长率5.4‰。", "communiqué", [("8%", "change", 2021), ("5.4‰", "actual", 2021)]),
    ("财政收入由21亿元增至32亿元。", "work report", [("21亿", "baseline", None), ("32亿", "actual", 2021)]),
    ("低保金每月上调60元，每度电降价0.21元。", "work report", [("60", "change", 2021), ("0.21", "change", 2021)]),
    ("组建多支20人的队伍，每亩至少收300元。", "work report", [("20", "actual", 2021), ("300", "actual", 2021)]),
    # What somebody says of last year ends with the quotation.
    ("“去年建厂最难的是用地。”厂长说。企业缺工200人。", "news", [("200", "actual", 2021)]),
    ("完成年度计划的80%，超计划6项。", "speech", [("80%", "actual", 2021), ("6", "actual", 2021)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "genre", "expected"), RULED)
def test_kind_and_year_of_rates_rounds_and_aims(text, genre, expected):
    assert [(q["number"], q["kind"], q["year"]) for q in read(text, doc_type=genre)] == expected


WHOSE = [
    ("对单位处以300元以上2000元以下罚款。", "regulation", [("罚款", "单位")] * 2),
    ("获得省级称号的企业，奖励20万元。", "plan", [("奖励", "企业")]),
    ("——粮食产量90万吨；", "plan", [("粮食产量", "")]),
    ("每亩补助900元。", "plan", [("补助", "每亩")]),
    ("市区低保标准由每人500元提高到560元。", "notice", [("低保标准", "市区")] * 2),
    ("全省新建管网700公里，其中深圳300公里。", "feedback", [("新建管网", ""), ("新建管网", "深圳")]),
    ("海塘达标率分别为：东岛42%、西岛80%。", "communiqué", [("海塘达标率", "东岛"), ("海塘达标率", "西岛")]),
    ("新增城市道路80公里。", "plan", [("新增城市道路", "")]),
    ("襄阳、宜昌3家高新区获批。", "work report", [("获批的高新区", "")]),
]


@pytest.mark.parametrize(("text", "genre", "expected"), WHOSE)
def test_whom_a_clause_names(text, genre, expected):
    assert [(q["item"], q["scope"]) for q in read(text, doc_type=genre, place="")] == expected


def test_a_heading_of_how_a_years_work_stands_is_of_what_was():
    assert [(q["kind"], q["year"]) for q in read("投入5亿元。", "一、2021年工作情况", doc_type="speech")] == [
        ("actual", 2021)
    ]


def test_aims_for_five_years_are_of_the_last():
    found = read("产值突破50亿元。", "二、今后五年的奋斗目标", doc_type="congress report")
    assert [(q["kind"], q["year"]) for q in found] == [("target", 2025)]


BEHIND = [
    ("遴选30名具备一定实力，或者懂经营的致富能人，到村任职。", ["致富能人"]),
    ("选派42名熟悉农业技术、会经营的年轻干部，到村任职。", ["年轻干部"]),
    ("落实各村党组织每年5万元公共服务运行经费，办好实事。", ["公共服务运行经费"]),
    (
        "按不低于300平方米和100平方米的标准，完善城区和乡镇文化站建设。",
        ["城区文化站面积", "乡镇文化站面积"],
    ),
    ("按照每间不少于30平方米的标准，推进村级阅览室建设。", ["村级阅览室面积"]),
    ("到2017年全部实现村活动场所200平方米以上的目标。", ["村活动场所面积"]),
    ("投入工作经费5万元，购置设备。", ["工作经费"]),  # said before the number
]


@pytest.mark.parametrize(("text", "items"), BEHIND)
def test_what_is_counted_may_be_said_behind_the_number(text, items):
    assert [q["item"] for q in read(text)] == items


LABELS = [  # an item is what one would write above a column: (type of document, text, items)
    ("plan", "民办养老机构，每张床位给予1万元一次性开办补助。", ["一次性开办补助"]),
    ("plan", "扶持种粮大户，每亩补助150元，用于采购种子。", ["补助"]),
    ("plan", "租用房屋的，每张床位每年补助2000元，最长不超过5年。", ["补助", "期限"]),
    ("regulation", "未备案的，处1万元以上3万元以下罚款。", ["罚款", "罚款"]),
    ("minutes", "会议要求，力争回迁户4000户。", ["回迁户数"]),
    ("feedback", "巡察共查找出党的领导弱化、纪律松弛等方面问题199条。", ["问题"]),
    ("news", "昨天上午，60台纯电动公交车依次驶出车站。", ["纯电动公交车"]),
    ("communiqué", "全市地区生产总值1403亿元，按可比价格计算增长11.3%。", ["地区生产总值", "地区生产总值增长率"]),
    # What begins as a bound or a modal verb does, and is none.
    ("plan", "城乡最低生活保障标准提高到900元。", ["城乡最低生活保障标准"]),
    ("plan", "可再生能源装机达到450万千瓦。", ["可再生能源装机"]),
    # What a budget provides is of what came in, and so is what came in less; what was spent is the other side of it.
    (
        "communiqué",
        "基金收入累计完成3亿元，为年初预算6亿元的50%，同比少收2亿元；支出完成1亿元，下降3%。",
        ["基金收入", "基金收入", "基金收入完成预算比例", "基金收入", "基金支出", "基金支出降幅"],
    ),
    (
        "communiqué",
        "社会保险基金收入6亿元，支出5亿元，年末结余1亿元。",
        ["社会保险基金收入", "社会保险基金支出", "社会保险基金年末结余"],
    ),
    # What a step or a bound is behind, and who is counted.
    ("work report", "学校占地30亩，预算2000万元。", ["学校占地面积", "学校预算"]),
    ("work report", "人员经费支出2亿元，占预算的60%。", ["人员经费支出", "人员经费支出占预算比重"]),
    ("work report", "居民人均可支配收入3万元；支出2万元。", ["居民人均可支配收入", "支出"]),
    ("work report", "新建双向6车道公路。", ["新建双向公路"]),
    ("work report", "生产总值连跨两个千亿元台阶，年均增长5.7%。", ["生产总值年均增长率"]),
    ("work report", "接待游客首破2000万人次大关。", ["接待游客"]),
    ("work report", "为56户困难家庭发放补贴。", ["困难家庭"]),
    ("news", "村民老李家的12亩稻田就在河边。", ["稻田面积"]),
    ("news", "20名企业家面对面提意见。", ["企业家"]),
    ("news", "35对学校结对帮扶。", ["学校结对帮扶"]),
    ("news", "对会上收集的37条意见逐条交办。", ["会上收集意见"]),
    ("plan", "应急避难场所达到30处。", ["应急避难场所"]),
]


@pytest.mark.parametrize(("genre", "text", "items"), LABELS)
def test_an_item_reads_as_a_label(genre, text, items):
    assert [q["item"] for q in read(text, doc_type=genre, place="", names_place=False)] == items


def said_to_be(stance):
    return [Stance(1, 0, 60, stance, "author")]


def kinds(text, **named):
    return [(q["number"], q["kind"]) for q in read(text, **named)]


# What a plan sets for whoever qualifies or for each is a standard, whatever its sentence does.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("对新认定的企业，分别给予50万元、20万元奖励。", [("50万", "standard"), ("20万", "standard")]),
        ("按不超过平台建设总投入的30%予以资助，养牛每头补2000元。", [("30%", "standard"), ("2000", "standard")]),
        ("实施危房改造，一级补助3.5万元/户，二级补助1.5万元/户。", [("3.5万", "standard"), ("1.5万", "standard")]),
        ("推进公路建设，路面宽度不得小于3.5米。", [("3.5", "standard")]),
        ("推动建成园区8个，投入资金5亿元。", [("8", "target"), ("5亿", "target")]),  # and what it is to reach none
    ],
)
def test_what_a_plan_sets_for_each_is_a_standard(text, expected):
    assert kinds(text, doc_type="plan", stances=said_to_be("plan")) == expected


def test_a_bound_that_is_aimed_at_is_a_target():
    text = "力争到2027年，收入2万元以上的村达到50%以上。"
    assert kinds(text, doc_type="plan", stances=said_to_be("plan")) == [("2万", "target"), ("50%", "target")]


# A bound by which things are counted, and a norm against which they are measured; what is counted is neither.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年收入不足10万元的村还有47个。", [("10万", "standard"), ("47", "actual")]),
        ("得分90分以上的乡镇31个。", [("90", "standard"), ("31", "actual")]),
        ("教师缺编，低于25名的标准。", [("25", "standard")]),
        ("推动25人以上企业建会率达到90%。", [("25", "standard"), ("90%", "actual")]),
        ("年收入10万元，还有47个村。", [("10万", "actual"), ("47", "actual")]),
    ],
)
def test_a_bound_by_which_things_are_counted_is_a_standard(text, expected):
    assert kinds(text, doc_type="communiqué") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("机构由51个精简为46个。", [("51", "baseline"), ("46", "actual")]),
        ("将23家一级企业压减至8家。", [("23", "baseline"), ("8", "actual")]),
        ("综合评价前进3位。", [("3", "change")]),
        ("重点项目9个，同比减少4个。", [("9", "actual"), ("4", "change")]),
        ("活动时间比上年增加15件。", [("15", "change")]),
        ("新增线路20条，其中市本级17条。", [("20", "change"), ("17", "change")]),
        ("完成投资87亿元，占年度目标132亿元的66%。", [("87亿", "actual"), ("132亿", "target"), ("66%", "actual")]),
        ("完成目标任务112个。", [("112", "actual")]),
    ],
)
def test_what_was_before_what_was_added_and_what_was_assigned(text, expected):
    assert kinds(text, doc_type="communiqué") == expected


def test_what_a_report_says_was_meant_is_a_target(monkeypatch):
    monkeypatch.setattr(claims, "choose", lambda name, features, by_rule, **more: by_rule)
    said = said_to_be("achievement")
    text = "今年计划建成公路200公里，现已建成216公里，完成计划的108%。"
    assert [q["kind"] for q in read(text, doc_type="news", stances=said)] == ["target", "actual", "actual"]
    text = "今年的主要目标任务是：造林30万亩，产值达到150亿元。"
    assert [q["kind"] for q in read(text, doc_type="news", stances=said)] == ["target", "target"]


def test_a_plan_tells_of_the_five_years_before():
    said = said_to_be("achievement")
    text = "“十三五”期间，建成养老机构168家。"
    assert [q["kind"] for q in read(text, doc_type="plan", year=2020, stances=said)] == ["actual"]
    said = said_to_be("plan")
    assert [(q["kind"], q["year"]) for q in read(text, doc_type="plan", year=2018, stances=said)] == [("target", 2020)]


def years(text, **named):
    return [q["year"] for q in read(text, **named)]


@pytest.mark.parametrize(
    ("text", "doc_type", "expected"),
    [
        ("2024年、2025年分别突破2.2万亿元、2.4万亿元。", "plan", [2024, 2025]),
        ("2019年和2020年分别建成3个、4个，共有9个。", "communiqué", [2019, 2020, 2020]),
        ("财政赤字从1979年的170亿元、1980年的127亿元降低到今年的27亿元。", "communiqué", [1979, 1980, 2021]),
        ("投资96亿元，高于去年同期9个百分点。", "communiqué", [2021, 2021]),
        ("为理清明年的工作思路，调研10个县。", "communiqué", [2021]),
        ("截止2017年，产量占8%；油料占9%。其中花生占5%。", "communiqué", [2017, 2017, 2017]),
        ("王某说，2015年产值22亿元。其中工业9亿元。", "communiqué", [2015, 2015]),
    ],
)
def test_the_year_that_is_stated_for_a_number(text, doc_type, expected):
    assert years(text, doc_type=doc_type, year=2021) == expected


def test_what_is_told_may_be_of_the_year_after_that_which_is_reported():
    text = "至2022年4月底，仍有21亿元资金未用。"
    assert kinds(text, doc_type="feedback", stances=said_to_be("problem")) == [("21亿", "actual")]
    assert kinds("到2025年，还有9个项目。", doc_type="feedback", stances=said_to_be("problem")) == [("9", "target")]


def test_the_end_of_a_plan_that_is_over_dates_what_was_reached_by_then():
    assert years("到“十二五”末，建成园区3个。", doc_type="communiqué", year=2020) == [2015]
    assert years("比“十二五”末增加3个。", doc_type="communiqué", year=2020) == [2020]


def test_news_of_how_a_year_went_is_of_that_year():
    rows = [
        {"paragraph": 1, "kind": "title", "section": "", "unit": "", "text": "甲区2012年经济运行总体平稳"},
        {"paragraph": 2, "kind": "body", "section": "", "unit": "", "text": "全年实现增加值414亿元。"},
    ]
    assert [q["year"] for q in quantities(rows, 2013, "甲区", "2013-02-08", "communiqué")] == [2012]


# Where a number has no sign, or more than one digit behind the sign of tenths; and bounds that are none.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("城乡居民收入比缩小到1.68以内。", [("1.68", 1.68, "比例", "<=")]),
        ("城乡居民收入倍差由1.96缩小至1.81。", [("1.96", 1.96, "比例", ""), ("1.81", 1.81, "比例", "")]),
        (
            "良种化率达到九成五，普及率八成半，合格率九成。",
            [("九成五", 0.95, "比例", ""), ("八成半", 0.85, "比例", ""), ("九成", 0.9, "比例", "")],
        ),
        ("六成五个村有书屋。", [("六成", 0.6, "比例", "")]),
        (
            "近九成三日内办结，六成三甲医院达标。",
            [("九成", 0.9, "比例", "~"), ("三", 3, "日", ""), ("六成", 0.6, "比例", "")],
        ),
        ("城乡居民收入比由2.15下降到2.08。", [("2.15", 2.15, "比例", ""), ("2.08", 2.08, "比例", "")]),
        ("城镇人口比上年增至50.2万。", [("50.2万", 502000, "人", "")]),
        ("适用于建成区58平方公里范围内的道路。", [("58", 58, "平方公里", "")]),
        ("距林缘100米范围内不得用火。", [("100", 100, "米", "<=")]),
    ],
)
def test_signs_and_bounds_of_numbers(text, expected):
    found = [(q["number"], q["value"], q["unit"], q["qualifier"]) for q in read(text)]
    assert [of_one for of_one in found if of_one[2] != "个"] == expected


def test_a_year_that_belongs_to_another_number_is_no_period_of_this():
    found = read("年产值500万元以上的企业32家，每年培训32人。", doc_type="communiqué")
    assert [(q["number"], q["period"]) for q in found] == [("500万", "年"), ("32", ""), ("32", "年")]
    found = read("每年资助20个村的80名学生。", doc_type="work report")
    assert [(q["number"], q["period"]) for q in found] == [("20", "年"), ("80", "年")]
