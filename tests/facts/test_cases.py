"""Small cases that came out wrong, or would have, each beside five of its kind: what is right was worked out by hand.

All sentences are made up.
"""

import pytest
from crosscity.documents import classify, clean, describe_document, headline
from crosscity.documents.sources import Source
from crosscity.facts import facts_of

PLAN, RULE = "某某省设备更新行动方案", "某某市数据管理暂行办法"


def tables(text, doc_type="plan", year=2024, title="", section="", date=""):
    """The five tables of a document whose paragraphs are the lines of a text."""
    texts = [*[title] * bool(title), *text.split("\n")]
    kinds = [*["title"] * bool(title), *["body"] * len(text.split("\n"))]
    n = len(texts)
    paragraphs = {"paragraph": [*range(n)], "kind": kinds, "section": [section] * n, "unit": [""] * n, "text": texts}
    row = {"city": "", "province": "", "date": date, "year": year, "speaker": "", "doc_type": doc_type}
    return facts_of(row, paragraphs, [[] for _ in texts], "none")


def rows(text, *columns, **facts):
    """Columns of the quantities of a text; of one column its cells."""
    found = [tuple(q[c] for c in columns) for q in tables(text, **facts)["quantities"]]
    return [row[0] for row in found] if len(columns) == 1 else found


# 1-2: 到Y年 governs its paragraph and makes aims; a bound holds for its list.
GOVERNED = {
    "到2027年，转型取得明显成效。一是重点企业数控率、软件普及率分别超过70%、85%。二是建成12家左右示范工厂。": [
        ("70%", 2027, "target", ">"),
        ("85%", 2027, "target", ">"),
        ("12", 2027, "target", "~"),
    ],
    "到2026年，突破一批关键技术；发布40项管理标准；带动产业规模达到900亿元。": [
        ("40", 2026, "target", ""),
        ("900亿", 2026, "target", ""),
    ],
    "到2028年，体系更加完善。建成平台6个。服务企业300家。": [("6", 2028, "target", ""), ("300", 2028, "target", "")],
    "力争到2030年，覆盖率达到90%以上；投用车辆500台。": [("90%", 2030, "target", ">="), ("500", 2030, "target", "")],
    "到2025年底，建成园区3个。到2027年，建成园区8个。": [("3", 2025, "target", ""), ("8", 2027, "target", "")],
    "2026年底前，完成改造200户。": [("200", 2026, "target", "")],
    "到“十四五”末，服务站达到50个，培训教师4000人次。": [("50", 2025, "target", ""), ("4000", 2025, "target", "")],
}


@pytest.mark.parametrize("text", GOVERNED)
def test_a_year_of_aims_governs_its_paragraph(text):
    assert rows(text, "number", "year", "kind", "qualifier") == GOVERNED[text]


# Aims, rules, notices and news have a year only where the text states one, or the plan's own period.
def test_an_aim_without_a_year_has_none():
    for text in (
        "推动超过2万家企业实施转型。",
        "在全国创建10个示范城市、打造50个示范基地。",
        "培育20家领军企业。",
        "每年新培育研发中心10家，实施项目300项左右。",
        "再经过3—5年的时间，推进技术深度融合。",
        "用15年左右的时间，实现产业形态转变。",
    ):
        assert set(rows(text, "year", "kind", section="二、重点任务")) == {(None, "target")}


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("数字某某2021行动方案", 2021),
        ("某某省“十四五”教育发展规划", 2025),
        ("某某省设备更新行动方案（2024—2027年）", 2027),
        ("某某市软件产业行动计划(2023-2025年)", 2025),
        ("2018年某某标准化工作要点", 2018),
        ("某某市加快软件产业发展若干措施", None),
    ],
)
def test_the_period_of_a_plan_is_the_year_of_its_aims(title, year):
    assert rows("推动建设园区8个。", "year", title=title, year=2021, section="二、重点任务") == [year]


def test_a_plan_says_for_which_years_it_is():
    text = "本方案实施期为2022年至2026年。\n推动建设园区8个。"
    assert rows(text, "year", year=2022, section="一、总体要求")[-1:] == [2026]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("到2023年，应用取得成效。\n——推选6家标杆企业。\n——建立50个工厂。", 2023),
        ("到2025年，实现以下目标：\n1.建成平台6个。", 2025),
        ("到2025年，实现以下目标：\n（1）建成平台6个。", 2025),
        ("到2025年，初见成效；到2030年，领先全国。\n——建成平台6个。", None),
        ("到2025年，初见成效。\n建成平台6个。", None),
        ("到2025年，初见成效。\n数字化水平显著提升。建成平台6个。", 2025),  # a list of what gets better
    ],
)
def test_the_year_of_aims_holds_for_the_list_of_them(text, year):
    assert set(rows(text, "year", section="一、总体要求", year=2021)) == {year}


def test_a_heading_of_aims_holds_its_year():
    text = "到2027年，体系基本形成。\n建成平台6个。"
    assert rows(text, "year", section="二、主要目标") == [2027]
    assert rows(text, "year", section="二、目标任务和2026年工作安排", doc_type="work report", year=2026) == [2026]
    aims = "常住人口城镇化率达到70%。"
    assert rows(aims, "year", doc_type="work report", year=2026, section="二、“十五五”时期主要目标") == [2030]


@pytest.mark.parametrize(
    ("text", "doc_type", "year"),
    [
        ("6月6日，联盟筹备会在北京召开，50余名代表参加。", "news", 2024),
        ("现将43项标准计划项目予以公示。", "notice", 2024),
        ("目前，全省有企业70家。", "plan", 2024),
        ("2020年，全省收入109亿元。", "plan", 2020),
        ("规模达到300家。", "work report", 2024),
    ],
)
def test_what_is_reported_is_of_the_documents_year_only_where_it_is_of_now(text, doc_type, year):
    assert rows(text, "year", doc_type=doc_type) == [year]


# 3: blanks, nouns and signs between a bound and its number; blanks before 年.
BOUNDS = {
    "到2022 年，制定 25 项以上标准。": ("25", ">=", 2022),
    "企业主持制定的标准不少于 3 项。": ("3", ">=", None),
    "所占面积应不低于画面的 0.5%。": ("0.5%", ">=", None),
    "申请专利≥3项。": ("3", ">=", None),
    "测试时长应合计不少于240小时。": ("240", ">=", None),
    "参加单位总数不超过 10 家。": ("10", "<=", None),
    "车速不低于 40km/h。": ("40", ">=", None),
    "相关设备应大于 6台。": ("6", ">", None),
    "存储2PB以上。": ("2", ">=", None),
}


@pytest.mark.parametrize("text", BOUNDS)
def test_a_bound_across_blanks_and_nouns(text):
    doc_type = "plan" if text.startswith("到") else "regulation"
    assert rows(text, "number", "qualifier", "year", doc_type=doc_type) == [BOUNDS[text]]


def test_a_bound_holds_for_both_sides_of_or():
    text = "应当进行过不少于240小时或1000公里的道路测试。"
    assert rows(text, "qualifier", "kind", doc_type="regulation") == [(">=", "standard"), (">=", "standard")]


# 4: the year that a title reports goes before that of publication, and carries over 其中.
@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("全县生产总值61.5亿元，增长5.2%。", [2019, 2019]),
        ("2019年全县财政收入3.2亿元。其中，税收2亿元。", [2019, 2019]),
        ("2018年全县财政收入3.2亿元。其中，税收2亿元。", [2018, 2018]),
        ("年末全县有村120个。", [2019]),
        ("2019年末，全县有村120个。分产业看，第一产业增加值3亿元。", [2019, 2019]),
        ("二〇一八年，全县有村130个。", [2018]),
        ("二００一年，全县生产总值达到三十五亿元。", [2001]),
    ],
)
def test_a_communique_is_of_the_year_that_it_reports(text, years):
    facts = {"doc_type": "communiqué", "year": 2020, "date": "2020-03-05"}
    assert rows(text, "year", title="某某县2019年国民经济和社会发展统计公报", **facts) == years


# 5, 11: what is reached, what is added, what is granted.
KINDS = [
    ("第一产业增加值57亿元，增长3%。", "communiqué", ["actual", "change"]),
    ("规模以上工业增加值120亿元。", "communiqué", ["actual"]),
    ("全年新增城镇就业3万人。", "communiqué", ["actual"]),
    ("全年城镇新增就业3万人，新增高速公路里程80公里。", "communiqué", ["actual", "change"]),
    ("今年要新增充电桩600个以上，新增学位900个。", "work report", ["target", "change"]),
    ("今年要为每村新增经费5000元以上。", "work report", ["change"]),
    ("城镇新增就业增加2万人。", "communiqué", ["change"]),
    ("居民收入比上年增加1200元。", "communiqué", ["change"]),
    ("固定资产投资下降2%。", "communiqué", ["change"]),
    ("经营收入均保持10%以上增长。", "communiqué", ["change"]),
    ("对获得认定的企业，给予最高80万元奖励。", "plan", ["standard"]),
    ("最高资助200万元。", "regulation", ["standard"]),
    ("对入选的项目，每个给予一次性奖补60万元。", "plan", ["standard"]),
    ("对设备投资，给予不超过投资额15%的补助，最高资助200万元。", "plan", ["standard", "standard"]),
    ("每家企业每年补助额最高100万元。", "plan", ["standard"]),
    ("培养领军人才和团队，并给予最高300万元项目经费资助。", "plan", ["standard"]),
    ("每年举办对接活动不少于2场。", "plan", ["target"]),
    ("按每名1000元给予培训单位补贴。", "plan", ["standard"]),
]


@pytest.mark.parametrize(("text", "doc_type", "kinds"), KINDS)
def test_kind_of_what_is_reached_added_and_granted(text, doc_type, kinds):
    assert rows(text, "kind", doc_type=doc_type) == kinds
    if kinds[0] == "standard":
        assert set(rows(text, "year", doc_type=doc_type)) == {None}


def test_a_size_by_which_things_are_classed_is_a_standard_without_a_year():
    for text in (
        "推动30万千瓦级机组改造。",
        "建设10亿元以上重大项目。",
        "培育产值超10亿元的龙头企业。",
        "锻造更多千亿元级产业集群。",
        "清理50万元以下企业账款。",
        "引进亿元以上项目。",
    ):
        assert rows(text, "kind", "year", doc_type="work report", section="三、2024年重点工作") == [("standard", None)]


def test_scope_of_what_each_gets_each_year():
    assert rows("每家企业每年补助额最高100万元。", "scope") == ["每企业"]
    assert rows("每区县每年最高补助10万元。", "scope") == ["每区县"]
    assert rows("每个单位每年最高补贴100万元。", "scope") == ["每单位"]


def test_what_has_lasted_or_been_summed_up_is_no_aim():
    for text in ("创新能力连续五年保持在全国第六位。", "累计开展登记350多项。", "成交额339亿元，是“十一五”末的3.1倍。"):
        assert rows(text, "kind", year=2016, section="一、基础与形势")[0] == "actual"


def test_a_table_of_a_rule_is_of_standards():
    for text in ("20MHz 带宽", "0-1MHz -21dBm", "有效距离300米", "空间分辨率6小时", "预报时效360小时", "课题数5个"):
        assert set(rows(text, "kind", "year", doc_type="regulation")) == {("standard", None)}


# 6: what counts nothing.
@pytest.mark.parametrize(
    "text",
    [
        "系统结构如图4所示。",
        "各项指标如表2所示。",
        "按本细则第十二条第3、81项规定提供材料。",
        "回传第1、2、3项信息。",
        "零件制造标准。",
        "智能零件分拣装备。",
        "从三个维度实现可视。",
        "从产业、城市、治理三个领域明确了重点任务。",
        "64轮式移动机器人。",
        "提供7×24小时咨询。",
    ],
)
def test_what_counts_nothing(text):
    assert rows(text, "number", doc_type="regulation") == []


# 7: values below zero, and points of a thousand.
BELOW = {
    "人口自然增长率为-2.1‰，比上年下降1.5个千分点。": [(-0.0021, "比例"), (1.5, "千分点")],
    "最低气温达到-12℃。": [(-12, "℃")],
    "0-1MHz -21dBm": [(0, "MHz"), (-21, "dBm")],
    "增速为-3%。": [(-0.03, "比例")],
    "20-25MHz -25dBm": [(20, "MHz"), (-25, "dBm")],
    "利率仅-0.5%。": [(-0.005, "比例")],
}


@pytest.mark.parametrize("text", BELOW)
def test_values_below_zero(text):
    assert rows(text, "value", "unit", doc_type="communiqué") == BELOW[text]


# 8: what 分别 distributes.
ITEMS = {
    "0-14岁、15-59岁、60岁及以上人口分别为2100人、8800人和3300人。": ["0-14岁人口", "15-59岁人口", "60岁及以上人口"],
    "集中养育和散居孤儿津贴标准分别提高510元、440元。": ["集中养育津贴标准提高", "散居孤儿津贴标准提高"],
    "城镇、农村居民人均可支配收入分别增长4.3%、5.7%。": [
        "城镇居民人均可支配收入增长率",
        "农村居民人均可支配收入增长率",
    ],
    "水果、蔬菜产量分别达205万吨、420万吨。": ["水果产量", "蔬菜产量"],
    "数控率、普及率分别超过70%、85%。": ["数控率", "普及率"],
    "刑事、治安案件分别下降15.9%、13.3%。": ["刑事案件降幅", "治安案件降幅"],
    # An item has no verb that leads to it.
    "开展职业技能培训10万人次。": ["职业技能培训"],
    "突破3项关键共性技术。": ["关键共性技术"],
    "选择1000家企业开展试点。": ["开展试点的企业"],
    "组织实施农村危房改造7500户。": ["农村危房改造户数"],
    "完成营造林110万亩。": ["营造林面积"],
    "解决群众难题19个。": ["群众难题"],
    # nor an enumerator, a bound or a preposition
    "第十条 专家组成员不少于5人。": ["专家组成员人数"],
    "4.参加单位总数不超过10家。": ["参加单位总数"],
    "示范时间原则上不超过18个月。": ["示范时间"],
    "募集期限自发售之日起不得超过3个月。": ["募集期限"],
    "投资占比由31%提升至54%。": ["投资占比", "投资占比"],
    "申请直接费用大于200万元。": ["申请直接费用"],
    # What stands bare takes what it is of.
    "新能源装机达4091万千瓦，占比达44.7%。": ["新能源装机", "新能源装机占比"],
    "全省产值增长5.8%，增速居全国第2位。": ["产值增长率", "产值增速全国排名"],
    "引进90名国家级、150名省级科技人才。": ["国家级科技人才", "省级科技人才"],
    "通达时速350公里高铁。": ["高铁时速"],
    "建设4个国家医疗中心和6个省级医疗中心。": ["国家医疗中心", "省级医疗中心"],
    "加快南阳等4个战略支点城市建设。": ["战略支点城市建设"],
    # nor who does it, when, or that a meeting agreed to it
    "会议同意安排资金80万元。": ["安排资金"],
    "年末全县医疗卫生机构22个。": ["医疗卫生机构"],
    "督导组先后召开座谈会8场。": ["座谈会"],
    "入冬以来全县平均降水量7毫米。": ["平均降水量"],
    # A clause that says which stays whole, and so does a noun in quotation marks.
    "为30名学生提供教科书。": ["提供教科书的学生"],
    "建成3个“一站式”救助中心。": ["“一站式”救助中心"],
    # A threshold is of what stands before it, and a sum of which things it is.
    "年经营性收入100万元以上行政村达到40%以上。": ["年经营性收入门槛", "年经营性收入100万元以上行政村占比"],
    "产值过50亿元的企业达到3家。": ["企业产值", "产值过50亿元的企业"],
    "推进新通道等300个亿元以上项目建设。": ["亿元以上项目", "项目投资额门槛"],
    "工业增加值增长7.7%，高于全国1.8个百分点。": ["工业增加值增长率", "工业增加值高于全国"],
    # 12
    "村集体年增加收入1200多万元。": ["村集体年增加收入"],
}


@pytest.mark.parametrize("text", ITEMS)
def test_item(text):
    assert rows(text, "item", doc_type="work report") == ITEMS[text]


def test_what_a_sum_is_for_or_a_term_is_set_for():
    award = "对设备投资，给予不超过投资额15%的补助，最高资助200万元。"
    assert rows(award, "item")[-1] == "设备投资资助"
    assert rows("对获得认定的企业，给予最高80万元奖励。", "item", "scope") == [("获得认定的企业的奖励", "企业")]
    assert rows("应当自收到通知之日起15个工作日内提交材料。", "item", doc_type="regulation") == ["提交材料的期限"]


# 9: deadlines.
@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("应当自收到通知之日起15个工作日内提交。", "工作日"),
        ("应当自收到申请之日起20日内作出决定。", "日"),
        ("事故发生后24小时内报告。", "小时"),
        ("应在3个工作日内上报主管部门。", "工作日"),
        ("自批复下发之日起6个月内进行募集。", "个月"),
        ("须于收到材料后30天内答复。", "天"),
    ],
)
def test_a_deadline_is_a_standard_without_a_year(text, unit):
    found = rows(text, "unit", "kind", "qualifier", "year", doc_type="regulation")
    assert found == [(unit, "standard", "<=", None)]


# 10: units.
@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("高度不低于30像素。", 30, "像素"),
        ("带宽不低于20Mbps。", 20, "Mbps"),
        ("存储2PB以上。", 2, "PB"),
        ("噪声不超过55dB。", 55, "dB"),
        ("频率为20MHz。", 20, "MHz"),
        ("温度不超过60℃。", 60, "℃"),
        ("具备至少 50 台/天的维护能力。", 50, "台/天"),
        ("处理能力达到16.9万吨/日。", 169000, "吨/日"),
    ],
)
def test_unit(text, value, unit):
    assert rows(text, "value", "unit", doc_type="regulation") == [(value, unit)]


# 12: what is so much a year.
def test_period():
    for text in (
        "村集体年增加收入1200多万元。",
        "每年增加收入5万元。",
        "年均增长8%。",
        "年复合增长率超过30%。",
        "年工作经费20万元。",
        "每人每年补助240元。",
    ):
        assert rows(text, "period", doc_type="work report") == ["年"]


# 13: stances of genres.
@pytest.mark.parametrize(
    ("text", "doc_type", "stance"),
    [
        ("第二条 评估专家应本着科学的精神，提出客观的意见。", "regulation", "norm"),
        ("本标准规定了远程系统的一般要求。", "regulation", "norm"),
        ("本通知自2021年5月1日起执行。", "notice", "norm"),
        ("推动企业上线上平台。", "plan", "plan"),
        ("鼓励服务商给予优惠。", "plan", "plan"),
        ("已发布", "notice", "other"),
        ("（盖章）", "notice", "other"),
        ("各市人民政府：", "notice", "other"),
    ],
)
def test_stance(text, doc_type, stance):
    assert [s["stance"] for s in tables(text, doc_type)["stances"]] == [stance]


# 14: programmes.
def names(text, doc_type="plan"):
    return [p["name"] for p in tables(text, doc_type)["programmes"]]


@pytest.mark.parametrize(
    "text",
    [
        "健全完善相关法规制度。",
        "用计算机求解复杂工程问题。",
        "各民主党派市委参加。",
        "构建网格化管理、精细化服务的体系。",
        "应用计划排程系统。",
        "促进“服务+制造”融合创新。",
        "采取“研发+应用”项目形式。",
        "七、后续实施计划",
        "推动公共交通与工程领域的电动化。",
        "通过“阅读汇总+人工校核”的形式提高效率。",
        "提供“一站式”“生态化”服务。",
        "杜绝“形象工程”“政绩工程”。",
    ],
)
def test_no_programme(text):
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("（一）林业感知网络建设工程。按照前瞻性的原则建设。", "林业感知网络建设工程"),
        ("专栏2 企业数字化改造升级工程", "企业数字化改造升级工程"),
        ("支持企业参与省中小企业创新竞技行动。", "省中小企业创新竞技行动"),
        ("实施服务业扩能提质行动。", "服务业扩能提质行动"),
        ("打响“江上来消费”品牌。", "江上来消费品牌"),
        ("启动产业兴区三年行动。", "产业兴区三年行动"),
    ],
)
def test_programme(text, name):
    assert names(text) == [name]


def test_a_quotation_is_not_the_mechanism_that_is_named_after_it():
    text = "建立“十强产业”协调推进机制。\n聚焦“十强产业”重点领域。\n面向“十强产业”集群。"
    assert names(text) == ["十强产业协调推进机制"]


# 15-17: documents.
def lines_of(source):
    lines = [line for line in clean(source).text.split("\n") if line]
    return [(line.kind, text) for line, text in zip(classify(lines), lines, strict=True)]


SENTENCES = (
    "设备制造业是国民经济的重要基础，是推动实体经济发展的关键领域。",
    "到2025年，培育示范企业60家，研发投入年均增长8%以上，建成服务平台15个。",
    "支持企业开展技术改造，推动产业链上下游协同发展，提升产品质量和服务水平。",
    "加强统筹协调，健全工作机制，明确责任分工，抓好任务落实，形成工作合力。",
)
PARAGRAPHS = ["".join((SENTENCES * 2)[i : i + n]) for i, n in ((0, 4), (1, 2), (2, 3), (3, 4), (0, 3), (1, 4))]


@pytest.mark.parametrize("width", [22, 26, 28, 30, 35, 40])
@pytest.mark.parametrize("indent", ["", "　　"])
def test_a_wrapped_text_is_its_paragraphs(width, indent):
    title = "某某市设备更新行动计划"
    wrapped = [
        line
        for text in PARAGRAPHS
        for whole in [indent + text]
        for line in (whole[i : i + width] for i in range(0, len(whole), width))
    ]
    found = lines_of("\n".join([title, "", *wrapped]))
    assert found[0] == ("title", title)
    assert {kind for kind, _ in found[1:]} == {"body"}
    # Without an indent, a line of full width that ends a sentence cannot be told from the end of a paragraph.
    assert "".join(text for _, text in found[1:]) == "".join(PARAGRAPHS)
    assert all(text.endswith("。") for _, text in found[1:])
    if indent:
        assert [text for _, text in found[1:]] == PARAGRAPHS


def test_a_few_wrapped_lines_are_prose_and_no_titles():
    text = "".join(SENTENCES)
    lines = [text[i : i + 28] for i in range(0, len(text), 28)]
    assert lines_of("\n".join(["某某市设备更新行动计划", *lines])) == [
        ("title", "某某市设备更新行动计划"),
        ("body", text),
    ]


@pytest.mark.parametrize("dot", ["\ue010", "\ue011", "\uf06c"])
def test_a_character_of_private_use_behind_a_number_is_its_dot(dot):
    text = f"一、总体要求\n1{dot}加强统筹。各部门要密切配合。\n12{dot}完善政策。各地要抓好落实。"
    assert [t for _, t in lines_of(text)][1:] == ["1.加强统筹。各部门要密切配合。", "12.完善政策。各地要抓好落实。"]


@pytest.mark.parametrize(
    "last",
    [
        "第十五条 本规定自印发之日起执行，有效期一年",
        "第三条　本办法由市数据局负责解释",
        "第二十条 本细则自发布之日起施行",
        "第八条 企业应当如实申报",
        "第12条 违反规定的，予以通报",
        "第六条之一 专家应当回避",
    ],
)
def test_an_article_without_a_full_stop_is_kept(last):
    assert lines_of(f"第一条 为规范管理，根据有关规定，制定本规定。\n{last}")[-1] == ("body", last)


def described(source, file="a.txt"):
    text = clean(source).text
    lines = [line for line in text.split("\n") if line]
    title = headline(lines, [line.kind for line in classify(lines)])
    return describe_document(Source("a", file, source, "utf-8", ""), text, title)


@pytest.mark.parametrize("code", ["【某某引证码】 XYZ.12.345", "【索引号】 000014349/2020-00101", "【文号】 某发2号"])
def test_a_sites_code_is_no_title(code):
    source = f"{code}\n某某市数据管理办法\n第一条 为规范全市数据管理工作，制定本办法。\n第二条 数据管理应当公开。"
    assert lines_of(source)[0][0] != "title"
    assert described(source)["title"] in ("", "某某市数据管理办法")


def test_a_title_that_goes_on_in_a_short_line_is_not_stated_by_half():
    text = "某某行业智能制造标准体系\n建设指南\n2022 年11月\n目录\n" + "\n".join(SENTENCES)
    assert described(text)["title"] in ("", "某某行业智能制造标准体系建设指南")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("各市：\n{}\n某某省农业局\n2019年11月8日", 2019),
        ("各市：\n{}\n某某市人民政府办公厅 2019年１月３日印发", 2019),
        ("各市：\n{}\n国家标准化管理委员会 2020年8月 4 日", 2020),
        ("各市：\n{}\n某某部办公厅 ２０１９年５月１４日印发", 2019),
        ("2017年6月6日，某某联盟筹备会在北京召开，五十余名代表参加。\n{}", 2017),
        ("1921年7月，某某党成立。\n{}", None),
    ],
)
def test_year_of_a_document(text, year):
    assert described(text.format("\n".join(SENTENCES)))["year"] == year


def test_a_file_name_that_is_no_place_names_no_city():
    assert described("督察组向某地反馈。\n" + "\n".join(SENTENCES), "督察通报.txt")["city"] == ""


def test_a_province_that_names_its_capital_is_not_the_capital():
    text = "我省要加快发展。济南要发挥作用，烟台、青岛、济南都要抓好落实。\n" + "\n".join(SENTENCES)
    found = described(text)
    assert (found["city"], found["province"]) == ("", "山东省")
