"""Regulations, plans, notices, communiqués, news, resolutions: what their sentences do, and what their numbers are."""

import json

import pytest
from crosscity.facts.quantities import quantities
from crosscity.facts.stances import stances
from crosscity.facts.weights import STANCES

from tests.conftest import PROJECT


def stance_of(text, doc_type, section="", year=None):
    table = {"paragraph": [1], "kind": ["body"], "section": [section], "text": [text]}
    return [s.stance for s in stances(table, "", doc_type, year)]


def read(text, doc_type="", section="", **facts):
    """The quantities of a paragraph of a document of 2024 about 甲市, with what its genre says of its sentences."""
    rows = [{"paragraph": 1, "kind": "body", "section": section, "unit": "", "text": text}]
    facts = {"year": 2024, "place": "甲市", "doc_type": doc_type, **facts}
    table = {"paragraph": [1], "kind": ["body"], "section": [section], "text": [text]}
    said = stances(table, "", doc_type) if doc_type in ("regulation", "plan", "notice", "communiqué", "news") else ()
    return quantities(rows, stances=said, **facts)


def values(text, *names, **facts):
    return [tuple(q[name] for name in names) for q in read(text, **facts)]


def examples():
    """The sentences of stance-examples.jsonl, which the shipped weights have seen: genre, section, text, stances."""
    for line in (PROJECT / "tests" / "facts" / "stance-examples.jsonl").read_text(encoding="utf-8").splitlines():
        example = json.loads(line)
        for section, pieces in example["rows"]:
            yield example["genre"], section, "".join(text for text, _ in pieces), [stance for _, stance in pieces]


@pytest.mark.parametrize(("genre", "section", "text", "expected"), list(examples()))
def test_examples(genre, section, text, expected):
    assert stance_of(text, genre, section) == expected


def test_a_plan_begins_with_the_state_of_things():
    assert stance_of("我市产业规模不断扩大，已形成完整链条。", "plan", "一、发展现状") == ["achievement"]
    assert stance_of("但是，关键技术缺乏，人才不足。", "plan", "一、发展现状") == ["problem"]


@pytest.mark.parametrize(
    "heading", ["二、2024年主要工作", "二、2024年工作任务", "2024年工作", "二、工作任务", "主要工作"]
)
def test_headings_of_plans_in_reports(heading):
    assert stance_of("新建学校5所。", "work report", heading, 2024) == ["plan"]


def test_under_the_year_ahead_a_result_is_one_to_come():
    section = "三、2026年重点工作 / （五）加快释放改革开放成效"
    assert stance_of("深化国企改革。", "work report", section, 2026) == ["plan"]
    assert stance_of("深化国企改革。", "work report", section, 2027) == ["achievement"]


def test_aims_within_a_plan_leave_its_headings_as_they_are():
    texts = ["政府工作的总体要求是：坚持稳中求进。", "深化国企改革。", "兜牢社会保障底线。"]
    sections = ["三、2026年重点工作", "三、2026年重点工作 / （五）释放成效", "三、2026年重点工作 / （六）办好民生实事"]
    table = {"paragraph": range(1, 4), "kind": ["body"] * 3, "section": sections, "text": texts}
    assert [s.stance for s in stances(table, "", "work report", 2026)] == ["plan", "plan", "plan"]


def test_figures_of_what_is_ahead_and_of_what_was_done():
    ahead = ["增强商贸活力，新增企业12家。", "茶园产值力争达到3亿元。", "培训茶农900人。", "年内办成五件实事。"]
    review = ["商贸活力增强，新增企业12家。", "茶园产值已达到3亿元。", "去年培训茶农900人。", "道路比上年增长4%。"]
    for heading, texts, expected in (
        ("2024年工作安排", ahead, "plan"),
        ("2023年工作回顾", review, "achievement"),
    ):
        sections = [heading, *["四、构建产业体系"] * 4]
        table = {"paragraph": range(5), "kind": ["body"] * 5, "section": sections, "text": ["推进改革。", *texts]}
        assert [s.stance for s in stances(table, "", "work report", 2024)][1:] == [expected] * 4


def test_a_past_year_in_a_heading_is_a_review():
    assert stance_of("新建学校5所。", "work report", "一、2023年工作", 2024) == ["achievement"]


@pytest.mark.parametrize(
    "aims",
    [
        "今年经济社会发展主要预期目标是：生产总值增长7%。",
        "做好今年政府工作的总体要求是：坚持稳中求进。",
        "政府工作的总体要求是：坚持稳中求进。",
        "综合考虑，今年全市经济社会发展的主要预期目标：生产总值增长5%。",
        "2024年政府工作的总体要求是：坚持稳中求进。",
    ],
)
def test_aims_end_a_review_whose_heading_goes_on(aims):
    texts = ["完成了园区改造。", aims, "新建学校5所。", "改造老旧小区9个。"]
    sections = ["一、2023年工作回顾"] * 3 + ["一、2023年工作回顾 / (二)惠民生"]
    table = {"paragraph": range(1, 5), "kind": ["body"] * 4, "section": sections, "text": texts}
    assert [s.stance for s in stances(table, "", "work report", 2024)] == ["achievement", "plan", "plan", "plan"]


def test_a_year_to_come_governs_its_paragraph():
    text = "到2027年，转型取得成效。一是抓关键，重点企业数控率、软件普及率分别超过70%、85%。二是建成12家左右示范工厂。"
    assert values(text, "item", "kind", "qualifier", "year", doc_type="plan") == [
        ("重点企业数控率", "target", ">", 2027),
        ("软件普及率", "target", ">", 2027),
        ("示范工厂", "target", "~", 2027),
    ]
    text = "到2026年，突破一批关键技术；发布40项管理标准；带动产业规模达到900亿元。"
    assert values(text, "kind", "year") == [("target", 2026)] * 2


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("力争到2028年，园区达到12个。企业达到90家。", [2028, 2028]),
        ("到2026年，园区达到12个。到2030年，园区达到20个，企业达到90家。", [2026, 2030, 2030]),
        ("2026年底前，园区达到12个；企业达到90家。", [2026, 2026]),
        ("到 2026 年，园区达到12个。二是企业达到90家。", [2026, 2026]),
        ("到二〇二六年，园区达到12个。", [2026]),
        ("2019年，全县财政收入3.2亿元。其中，税收2亿元。", [2019, 2019]),
        ("2019 年，全县财政收入3.2亿元。其中，税收2亿元。", [2019, 2019]),
        ("2019年，全县有学校32所。其中，小学20所，中学12所。", [2019, 2019, 2019]),
        ("二００一年，全市生产总值三十五亿元。", [2001]),
        ("２０１８年，全市生产总值三十五亿元。", [2018]),
        ("去年完成投资12亿元，今年主要预期目标是：财政收入增长5%。", [2023, 2024]),
    ],
)
def test_years(text, years):
    assert [q["year"] for q in read(text)] == years


@pytest.mark.parametrize(
    "title",
    ["甲县2019年统计公报", "甲县关于2019年度预算执行的审计工作报告", "甲县2019年度党建工作情况汇报", "2019年述职述廉"],
)
def test_the_year_that_a_title_reports(title):
    rows = [
        {"paragraph": 1, "kind": "title", "section": "", "unit": "", "text": title},
        {"paragraph": 2, "kind": "body", "section": "", "unit": "", "text": "全年生产总值58亿元，比上年增长3%。"},
    ]
    assert [q["year"] for q in quantities(rows, 2020, "甲县", "2020-03-05", "communiqué")] == [2019, 2019]
    rows[0]["text"] = "2019年甲县政府工作报告"  # the year in which a report is given is its own
    assert [q["year"] for q in quantities(rows, 2020, "甲县", "", "work report")] == [2020, 2020]


@pytest.mark.parametrize(
    "text",
    [
        "对获得认定的企业，给予最高80万元奖励。",
        "最高资助80万元。",
        "对新建平台，给予最高不超过80万元的补助。",
        "单个企业每年最高补贴80万元。",
        "对入选的团队，最高给予80万元支持。",
        "对获奖项目最高奖励80万元。",
    ],
)
def test_awards(text):
    assert values(text, "value", "kind", "qualifier", "year", doc_type="plan") == [(8e5, "standard", "<=", None)]


def test_awards_name_whom_and_what_for():
    text = "对主营收入首次突破10亿元、5亿元的法人企业，分别给予80万元、50 万元的奖励。"
    assert values(text, "item", "scope", "kind", doc_type="plan") == [
        ("主营收入", "法人企业", "standard"),
        ("主营收入", "法人企业", "standard"),
        ("主营收入首次突破10亿元的奖励", "法人企业", "standard"),
        ("主营收入首次突破5亿元的奖励", "法人企业", "standard"),
    ]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("应当自收到通知之日起15个工作日内提交。", 15, "工作日"),
        ("自受理之日起20个工作日内作出决定。", 20, "工作日"),
        ("申请人应在5个工作日内补正。", 5, "工作日"),
        ("应于30天内办结。", 30, "天"),
        ("自发布之日起3个月内完成备案。", 3, "个月"),
        ("事故发生后2小时内须报告。", 2, "小时"),
    ],
)
def test_deadlines(text, value, unit):
    found = values(text, "value", "unit", "kind", "qualifier", "year", doc_type="regulation")
    assert found == [(value, unit, "standard", "<=", None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每县不少于 3 项。", (3, ">=")),
        ("主体不低于画面的 0.5%。", (0.005, ">=")),
        ("申请专利≥3项。", (3, ">=")),
        ("误差≤2%。", (0.02, "<=")),
        ("利用率>80%。", (0.8, ">")),
        ("制定 25 项以上标准。", (25, ">=")),
        ("占比不超过总额的10%。", (0.1, "<=")),
    ],
)
def test_bounds(text, expected):
    assert values(text, "value", "qualifier") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("增长率为-2.1‰。", (-0.0021, "比例")),
        ("比上年下降1.5个千分点。", (1.5, "千分点")),
        ("高度不低于30像素。", (30, "像素")),
        ("带宽不低于20Mbps。", (20, "Mbps")),
        ("存储2PB以上。", (2, "PB")),
        ("噪声不超过55dB。", (55, "dB")),
        ("频率5.9GHz。", (5.9, "GHz")),
        ("温度控制在26℃以下。", (26, "℃")),
        ("厚度0.3μm。", (0.3, "μm")),
        ("投资10 亿元。", (1e9, "元")),
    ],
)
def test_units(text, expected):
    assert values(text, "value", "unit") == [expected]


@pytest.mark.parametrize(
    "text", ["如图4所示。", "如表2所示。", "见图 5 所示。", "如表12所列。", "按式3所示计算。", "如附件2所示。"]
)
def test_references_to_figures_are_no_quantities(text):
    assert read(text) == []


@pytest.mark.parametrize(
    "word", ["第一产业增加值", "工业增加值", "农业增加值", "规模以上工业增加值", "服务业增加值", "建筑业增加值"]
)
def test_value_added_is_no_increase(word):
    assert values(f"{word}57亿元，增长3%。", "value", "kind") == [(5.7e9, "actual"), (0.03, "change")]


def test_ages_share_out_their_numbers():
    text = "0-14岁、15-59岁、60岁及以上人口分别为2100人、8800人和3300人。"
    items = [q["item"] for q in read(text)]
    assert [item[:2] for item in items] == ["0-", "15", "60"] or len(set(items)) == 3


@pytest.mark.parametrize(("text", "period"), [("村集体年增加收入1200多万元。", "年"), ("比上一年增加收入30亿元。", "")])
def test_period(text, period):
    assert [q["period"] for q in read(text)] == [period]


def test_scope_is_what_the_clause_says():
    assert [q["scope"] for q in read("新建学校5所。", "work report")] == [""]
    assert [q["scope"] for q in read("新建学校5所。")] == ["甲市"]  # an essay on 甲市


def test_parts_of_a_document_are_no_aims():
    assert values("一是强化引领，共4项任务。", "kind", "year", doc_type="news") == [("actual", None)]


def test_blanks_beside_chinese_characters_do_not_matter():
    text = "7 月份，全市发电量 8059 亿千瓦时，同比下降 2.7%，其中 5 家企业超过 3 万 千瓦时。"
    fields = ("value", "unit", "item", "kind", "qualifier", "year")
    found, plain = read(text, "communiqué"), read(text.replace(" ", ""), "communiqué")
    assert [[q[field] for field in fields] for q in found] == [[q[field] for field in fields] for q in plain]
    assert [(q["number"], q["kind"]) for q in found][:2] == [("8059 亿", "actual"), ("2.7%", "change")]
    spans = ["8059 亿千瓦时", "2.7%", "5 家", "3 万 千瓦时"]
    assert [text[q["start"] : q["end"]] for q in found] == spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("比2010年的12.4万吨、1.1万吨分别减少11%和12%。", ["baseline", "baseline", "change", "change"]),
        ("用水量由30吨、20吨下降到25吨、15吨。", ["baseline", "baseline", "actual", "actual"]),
        ("财政收入从2005年的3.5亿元到2010年突破9亿元。", ["baseline", "actual"]),
        ("三次产业结构由9.1：58.2：32.7调整为8.8：57.6：33.6。", ["baseline"] * 3 + ["actual"] * 3),
        ("参加比2010年的赛事还多的5场活动。", ["actual"]),
    ],
)
def test_what_a_value_is_held_against_is_a_baseline(text, expected):
    assert [q["kind"] for q in read(text, "communiqué")] == expected


@pytest.mark.parametrize("text", ["荣获2020 百名优秀教师称号。", "图3 十家企业获奖。", "培训2019 千人。"])
def test_a_blank_keeps_two_numbers_apart(text):
    assert all(q["value"] in (3, 10) for q in read(text))


def test_a_long_run_of_blanks_is_read_in_a_moment():
    assert read("a" + " " * 200_000 + "b共有5家企业。")[0]["value"] == 5


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("60周岁以上老年人占20%。", ["老年人年龄", "60周岁以上老年人占比"]),
        ("保护期由5年延长至10年。", ["保护期"] * 2),
        ("截止到8：30确定，时间12：30：58。", []),
        ("推进最多跑一次改革。", []),
    ],
)
def test_ages_terms_and_times_of_day(text, items):
    assert [q["item"] for q in read(text, "notice")] == items


def test_stances_of_other_paragraphs_do_not_matter():
    rows = [{"paragraph": 1, "kind": "body", "section": "", "unit": "", "text": "建成学校5所。"}]
    said = stances({"paragraph": [7], "kind": ["body"], "section": [""], "text": ["建成学校。"]}, "", "news")
    assert [q["value"] for q in quantities(rows, 2024, "", "", "news", said)] == [5]


def test_what_is_listed_with_a_baseline_is_one_in_every_genre():
    for genre in ("plan", "news", "notice"):
        kinds = [q["kind"] for q in read("占比较2019年的10%、20%提高5个百分点。", genre)]
        assert kinds[:2] == ["baseline", "baseline"], genre


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("处3000元以上5000以下罚款。", [("罚款", ">="), ("罚款", "<=")]),
        ("补贴100元以上200以内。", [("补贴", ">="), ("补贴", "<=")]),
        ("生师比18：1以下。", [("生师比", "<=")]),
    ],
)
def test_bounds_behind_and_the_item_that_two_share(text, expected):
    assert [(q["item"], q["qualifier"]) for q in read(text, "notice")] == expected


def test_coded_paragraphs_have_places_and_labels_and_no_sentences():
    path = PROJECT / "tests" / "facts" / "paragraphs.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len({(row["corpus"], row["doc_id"], row["paragraph"]) for row in rows}) == len(rows) == 436
    assert sum(row["held"] for row in rows) == 147
    for row in rows:
        assert row["coders"] == (2 if row["held"] else 1)
        assert all(set(sentence["label"]) <= set(STANCES) for sentence in row["stances"])
        for quantity in row["quantities"]:
            assert set(quantity["kind"]) <= {"actual", "target", "standard", "change", "baseline"}
            assert all(1 < len(item) < 20 for item in quantity["item"])
            assert all(year is None or 1900 < year < 2100 for year in quantity["year"])


@pytest.mark.parametrize(
    ("text", "doc_type", "expected"),
    [
        ("清退违规资金67万元，挽回损失1372万元。", "feedback", "achievement"),
        ("未退还企业保证金300万元，群众反映强烈。", "feedback", "problem"),
        ("本办法自2021年1月1日起施行，有效期2年。", "plan", "norm"),
        ("自2020年1月起实施河长制，水质明显改善。", "work report", "achievement"),
        ("今年，全县计划实施重点项目98个，总投资203亿元，比上年增长8%。", "news", "plan"),
        ("2023年全市计划新开工项目20个，目前已开工12个。", "work report", "achievement"),
        ("对推进缓慢的，由市级专班予以通报。", "plan", "norm"),
    ],
)
def test_what_was_made_good_is_in_force_or_is_to_be_done(text, doc_type, expected):
    assert stance_of(text, doc_type, year=2024) == [expected]
