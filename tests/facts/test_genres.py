"""Regulations, plans, notices, communiqués, news, resolutions: what their sentences do, and what their numbers are."""

import pytest
from crosscity.facts.quantities import quantities
from crosscity.facts.stances import stances


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


@pytest.mark.parametrize(
    ("doc_type", "text", "expected"),
    [
        ("regulation", "第二条 评估专家应本着公正的态度提出意见。", "norm"),
        ("regulation", "第七条 本办法所称园区，是指经认定的园区。", "norm"),
        ("regulation", "本标准规定了接口的要求。", "norm"),
        ("regulation", "本规定自印发之日起执行。", "norm"),
        ("regulation", "申请人可以委托他人办理。", "norm"),
        ("regulation", "储罐不得设在居民区。", "norm"),
        ("regulation", "数据标准主要包括采集、存储和交换标准。", "norm"),
        ("notice", "本通知自发布之日起执行。", "norm"),
        ("notice", "请各单位于8月1日前报送名单。", "norm"),
        ("notice", "试点单位要落实经费，确保进度。", "norm"),
        ("notice", "各市人民政府：", "other"),
        ("notice", "各县教育局，有关学校：", "other"),
        ("notice", "《关于设立园区的请示》收悉。", "other"),
        ("notice", "现将有关事项通知如下：", "other"),
        ("notice", "联系人：某某，联系电话：010-1234567。", "other"),
        ("notice", "（盖章）", "other"),
        ("notice", "2019年8月15日", "other"),
        ("regulation", "33 工业云 通用要求 已发布", "other"),
        ("regulation", "12 接口规范 制定中", "other"),
        ("regulation", "3.通信标准。", "other"),
        ("plan", "推动企业上线上平台。", "plan"),
        ("plan", "鼓励服务商给予优惠。", "plan"),
        ("plan", "到2027年，建成园区十个。", "plan"),
        ("plan", "支持高校开设新课程。", "plan"),
        ("plan", "产业规模跃上新台阶，结构更加合理。", "plan"),
        ("plan", "对获得认定的企业，给予最高80万元奖励。", "norm"),
        ("plan", "对新建平台，按投资额的30%给予补助。", "norm"),
        ("plan", "一次性奖励50万元。", "norm"),
        ("plan", "（市工业和信息化局牵头）", "other"),
        ("plan", "（责任单位：市教育局、市财政局）", "other"),
        ("plan", "24.医疗器械。", "other"),
        ("plan", "——统筹协调。", "other"),
        ("news", "6月6日，某某论坛在甲市召开。", "other"),
        ("news", "市长某某出席会议并致辞。", "other"),
        ("communiqué", "全年生产总值58亿元，增长4%。", "achievement"),
        ("communiqué", "年末常住人口略有增加。", "achievement"),
        ("resolution", "会议听取和审议了市长所作的报告。", "other"),
        ("resolution", "会议号召全市人民努力奋斗。", "plan"),
    ],
)
def test_stance_by_genre(doc_type, text, expected):
    section = "三、主要任务" if doc_type == "plan" else ""
    assert stance_of(text, doc_type, section) == [expected]


@pytest.mark.parametrize(
    ("doc_type", "text", "expected"),
    [
        # What took place and what is called for there: the one that fills more of a sentence.
        ("news", "张某到甲县调研春耕。", "other"),
        ("news", "5月6日，市领导一行前往乙镇查看堤坝。", "other"),
        ("news", "张某强调，要守住堤坝，加密巡查，确保安全度汛。", "plan"),
        ("news", "在查看堤坝后，张某要求，各镇要备足沙袋，落实专人值守，险情早报告早处置。", "plan"),
        ("news", "会上，李某作了讲话。", "other"),
        # What a place does, what it has, what holds.
        ("news", "乙镇推行夜间门诊，把专家请到村里。", "achievement"),
        ("news", "今年已举办夜校讲座42场。", "achievement"),
        ("news", "该镇下辖9个村，位于县城东部。", "other"),
        ("news", "数字技术是乡村治理的重要抓手。", "norm"),
        ("news", "党的二十大报告提出，推进乡村振兴。", "norm"),
        ("news", "据某研究院预计，到2030年产量将翻番。", "other"),
        ("news", "乙镇计划于年内新建果园三处。", "plan"),
        ("news", "部分果园品种老化，销路不畅。", "problem"),
        # Notices ask, and say what they come from, and what their issuer will do; replies report.
        ("notice", "受冷空气影响，我市气温将下降8至10℃。", "other"),
        ("notice", "我局将对进度缓慢的单位进行通报。", "plan"),
        ("notice", "该事项已完成整改。", "achievement"),
        ("notice", "我市高度重视，立即组织整改。", "achievement"),
        ("notice", "《甲市绿化办法》已经市政府同意，现印发给你们，请遵照执行。", "other"),
        ("notice", "专此函复。", "other"),
        ("notice", "咨询电话：0000-1234567", "other"),
        ("notice", "网络安全技术 接口分级通用规范", "other"),
        # Rules under numerals are no headings; names of sections are.
        ("regulation", "五、库区实行轮流值守制。", "norm"),
        ("plan", "（三）建设目标。", "other"),
        ("plan", "对首次参展的农户，由镇里给予摊位补贴。", "norm"),
        ("plan", "继续按不高于原标准征收费用。", "plan"),
        ("plan", "6.形成一批解决方案。", "plan"),
        # Figures, and what frames them.
        ("communiqué", "2019年是甲县建县60周年。", "other"),
        ("communiqué", "财政收入下降3.1%。", "achievement"),
        ("communiqué", "1.本公报数据为初步统计数。", "other"),
    ],
)
def test_kinds_of_sentences(doc_type, text, expected):
    assert stance_of(text, doc_type, "三、主要任务" if doc_type == "plan" else "") == [expected]


@pytest.mark.parametrize(
    ("doc_type", "text", "expected"),
    [
        ("notice", "通过1至2年时间，技术取得进展。初步建成评价平台。", ["plan", "plan"]),
        ("minutes", "会议要求，要压实责任。党组书记负总责。", ["plan", "plan"]),
        ("minutes", "会议审议了管理办法。任何单位不得转租。", ["other", "norm"]),
        ("minutes", "会议认为，渠道修复后灌溉面积达到3万亩。由水务局负责后续管护。", ["achievement", "plan"]),
        ("feedback", "巡察发现，制度执行不严。台账不全。要限期整改。", ["problem", "problem", "plan"]),
        ("feedback", "巡察认为，党委班子履职尽责，取得一定成效。", ["achievement"]),
        ("speech", "下面，我讲三点意见。", ["other"]),
        ("speech", "当前，有的村班子不够团结。各镇要逐村研判。", ["problem", "plan"]),
        ("speech", "党建工作是最大的政绩。", ["norm"]),
        ("speech", "但也存在一些问题。", ["problem"]),
        ("speech", "国际形势复杂多变。", ["other"]),
        ("essay", "支部强，则村子强。", ["norm"]),
        ("essay", "近年来，甲县选派书记120名。", ["achievement"]),
        ("essay", "要完善激励办法。", ["plan"]),
        ("work report", "世界经济复苏缓慢。", ["other"]),
        ("work report", "我们要扩大开放。坚持睦邻友好，加强交流。", ["plan", "plan"]),
        ("work report", "去年新建学校4所。坚持教育优先，扩建校舍。", ["achievement", "achievement"]),
        ("news", "乙镇推出菜单服务。广泛开展走访，建立需求台账。", ["achievement", "achievement"]),
        # Plans go on with what they plan, end with what adds to it, and name what is lacking.
        ("plan", "要建好三个果园。每年嫁接200株。", ["plan", "plan"]),
        ("plan", "果园仍存在土壤板结、灌溉不足等问题。", ["problem"]),
        ("plan", "“十三五”时期，是甲县补短板的关键时期。", ["other"]),
        # Notices that tell, and their addressees.
        ("notice", "据气象部门监测，山洪风险较大。", ["problem"]),
        ("notice", "甲区、乙区，市直有关单位：", ["other"]),
        ("notice", "到2000年底，全县有9个村通过了验收。", ["achievement"]),
        # Minutes call on whom they name, and hold what is so.
        ("minutes", "水务公司务必于汛前清淤。", ["plan"]),
        ("minutes", "会议认为，老街是甲县最有特色的街区。", ["norm"]),
        ("minutes", "该路段多次返修，仍未有结果。", ["problem"]),
        # What inspectors did frames; what they found good comes before what they found amiss.
        ("feedback", "督察组坚持问题导向，顺利完成了督察任务。", ["other"]),
        ("feedback", "反馈指出，乙局建章立制，各项工作有序开展。但也发现台账管理不严。", ["achievement", "problem"]),
        ("feedback", "督察办将定期回访。", ["plan"]),
        # A speech: of the meeting, of others' work, of what is called for.
        ("speech", "刚才，三个镇作了发言。", ["other"]),
        ("speech", "今天的会议，是一次再鼓劲的会议。", ["other"]),
        ("speech", "我们必须把果园管好。", ["plan"]),
        ("speech", "抓好嫁接，是提高产量的根本要求。", ["norm"]),
        ("speech", "去年，全县建成果园三处。但果品销路不畅。", ["achievement", "problem"]),
        ("speech", "究其根源，是管护不到位。", ["cause"]),
        # An essay tells what happened, calls, or claims.
        ("essay", "支部要管好三件事。新党员一定要先学章程。", ["plan", "plan"]),
        ("essay", "新中国成立后，甲县办起了第一所夜校。", ["achievement"]),
        ("essay", "这充分体现了夜校的作用。", ["norm"]),
        ("essay", "所谓夜校，一般是指农闲时上课的学校。", ["norm"]),
        ("essay", "毛泽东指出：“要办好夜校。”", ["norm"]),
        # Lacks go on with needs (需要进一步…), until the answer.
        (
            "work report",
            "我们也看到，还存在不少问题。果园管护需要进一步加强。我们必须补上短板。",
            ["problem", "problem", "plan"],
        ),
        ("work report", "成绩的取得，是全县上下团结奋斗的结果。", ["cause"]),
        # 要求 as a noun calls on nobody.
        ("news", "全县落实早播早管的工作要求，建成果园三处。", ["achievement"]),
    ],
)
def test_sentences_follow_one_another(doc_type, text, expected):
    assert stance_of(text, doc_type) == expected


def test_replies_report_under_the_heading_that_says_so():
    section = "一、推进智慧养老，解决老年人出行就医困难工作的主要进展和成效"
    assert stance_of("民政局引导企业改进产品，使老人易学易用。", "notice", section) == ["norm"]  # a slogan
    assert stance_of("民政局引导企业改进产品，使老人易学易用。", "notice", section.replace("，解决", "和解决")) == [
        "achievement"
    ]


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


def test_figures_to_be_reached_do_not_turn_a_plan_into_a_review():
    """Headings below the year ahead that were read as standing beside it: their results are to come."""
    ahead = ["商贸活力增强，新增企业12家。", "茶园产值达到3亿元。", "培训茶农达900人。", "年内办成五件实事。"]
    review = ["商贸活力增强，新增企业12家。", "茶园产值已达到3亿元。", "去年培训茶农900人。", "道路比上年增长4%。"]
    for texts, expected in ((ahead, "plan"), (review, "achievement")):
        sections = ["2024年工作安排", *["四、构建产业体系"] * 4]
        table = {"paragraph": range(5), "kind": ["body"] * 5, "section": sections, "text": ["要修好路。", *texts]}
        found = [s.stance for s in stances(table, "", "work report", 2024)]
        assert found[0] == "plan"
        assert found[2:4] == [expected] * 2


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


def test_the_year_that_a_title_reports():
    rows = [
        {"paragraph": 1, "kind": "title", "section": "", "unit": "", "text": "甲县2019年统计公报"},
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
