"""Named programmes, their types and parts: own sentences with what a reader finds in them, and the gold annotations."""

import pytest
from crosscity.facts.programme_words import central, cues
from crosscity.facts.programmes import Mention, is_numbered, programmes
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import SHARED
from tests.helpers.gold import scores, shared
from tests.helpers.growth import grows_with_the_length


def found(*texts):
    return programmes([{"paragraph": i, "text": text} for i, text in enumerate(texts, start=1)])


def names(*texts):
    return [mention.name for mention in found(*texts)]


def kinds(text):
    return [(mention.name, mention.type) for mention in found(text)]


def parts(*texts):
    return found(*texts)[0].components


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全镇推行“三亮两评”,党员人人参加。", [("三亮两评", "numbered")]),
        ("我县落实“五个到户”要求。", [("五个到户", "numbered")]),
        ("出台人才“2+8”政策体系。", [("2+8政策体系", "numbered")]),
        ("建设“一岛、三湾”。", [("一岛、三湾", "numbered")]),
        ("大力实施“红雁”工程。", [("红雁工程", "project")]),
        ("大力实施海洋强市战略,前景可期。", [("海洋强市战略", "project")]),
        ("打赢蓝天保卫战。", [("蓝天保卫战", "project")]),
        ("深化“三心”工程,赢得好评。", [("三心工程", "project")]),
        ("打造“桂花e家”服务品牌。", [("桂花e家服务品牌", "brand")]),
        ("上线“码上议”小程序。", [("码上议小程序", "platform")]),
        ("创新推出“板凳会”工作法,化解矛盾百余起。", [("板凳会工作法", "method")]),
        ("采用“听、看、问、评”四步工作法。", [("听、看、问、评四步工作法", "method")]),
        ("开展村级账目“回头看”专项工作。", [("回头看专项工作", "project")]),
        ("推行“村社+农场+大户”模式。", [("村社+农场+大户模式", "method")]),
        ("我区深入实施乡村工匠培育计划。", [("乡村工匠培育计划", "project")]),
        ("党组织建立健全村级事务联审制度。", [("村级事务联审制度", "method")]),
        ("开通党员积分管理平台。", [("党员积分管理平台", "platform")]),
        ("全面推行河长制。", [("河长制", "method")]),
    ],
)
def test_names_and_types(text, expected):
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "解决群众反映强烈的“最后一公里”问题。",
        "干部要当好“领头羊”。",
        "有的同志存在“等一等”的思想。",
        "被评为“全省文明村”。",
        "他说:“今年收成不错。”",
        "进一步健全体制机制。",
        "完善工作制度,加强日常监督。",
        "实施水库除险加固工程。",
        "聚焦“三农”工作。",
        "认真学习党的“十九大”精神。",
        "各项活动有序进行,干部工作作风明显好转。",
        "印发《关于实施“红雁”工程的方案》。",
    ],
)
def test_what_is_no_name(text):
    assert names(text) == []


@pytest.mark.parametrize(
    "text",
    [
        # institutions that any sentence sets up
        "健全完善相关法规制度。", "建立数据分类分级保护制度。", "完善经济运行调度机制。", "建设公共技术服务平台。",
        "搭建设备运维管理平台。", "不断创新信息技术服务模式。", "集成智能仓储系统和物流装备。", "健全安全生产责任制。",
        # projects of a kind
        "运用计算机求解复杂工程和产品结构强度问题。", "推动用计算机求解复杂工程，完善制度。", "推进重大示范工程。",
        "打击“民主派”活动。",
        "开展各类交流观摩活动。", "组织实施一批重大理论创新工程。", "特制定本行动计划。",
        "制定各专项计划。", "制定精准销售计划。", "制定培训方案和计划。", "实施人才培养计划。",
        "启动建设南北通道等工程。",
        "实施杜家坎等30项疏堵工程。", "实施民生工程。", "实施水利工程。", "开展三年行动。", "建设国家级公共服务平台。",
        "推进陇电入浙工程。", "实施国家关于信息系统的要求。",
        # quotations that are none
        "某某民主派“静坐”三天。", "培育从“给政策”“给项目”向给机会转变。", "提出“建成强省”等主要目标。",
        "“桥梁工程”专业获批。", "建成“甲山—乙湖”等精品景区。", "与“一带一路”沿线国家合作。",
    ],
)  # fmt: skip
def test_generic_words_are_no_names(text):
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("实施头雁工程。", ["头雁工程"]),
        ("深入实施强县工程。", ["强县工程"]),
        ("启动蓝盾行动。", ["蓝盾行动"]),
        ("全面推行青苗计划。", ["青苗计划"]),
        ("推广红雁工程。", ["红雁工程"]),
        ("实施“头雁工程”。此后头雁工程取得成效。", ["头雁工程", "头雁工程"]),
        ("实施“头雁”工程。近年来头雁工程取得成效。", ["头雁工程", "头雁工程"]),
        ("实施“头雁”工程。全县头雁工程深入推进。", ["头雁工程", "头雁工程"]),
        ("开展“蓝盾”行动。随后蓝盾行动取得成效。", ["蓝盾行动", "蓝盾行动"]),
        ("推行“青苗”计划。当年青苗计划取得成效。", ["青苗计划", "青苗计划"]),
        ("实施教育强市行动计划。", ["教育强市行动计划"]),
        ("实施清洁空气行动计划。", ["清洁空气行动计划"]),
        ("实施大气、水、土壤污染防治行动计划。", ["大气、水、土壤污染防治行动计划"]),
        ("开展企业科技创新能力提升三年行动。", ["企业科技创新能力提升三年行动"]),
        ("推进第三轮碧水蓝天行动。", ["碧水蓝天行动"]),
        ("依托国家数据共享交换平台。", ["国家数据共享交换平台"]),
        ("接入国家林业遥感数据应用平台和各省系统。", ["国家林业遥感数据应用平台"]),
        ("举办“丝路节”6个全国性促销活动。", ["丝路节"]),
        ("推动“生产型制造”向应用服务转变。", []),
        ("推广“乐购”服务消费券。", []),
        ("坚持“1”个转化中心。", []),
    ],
)
def test_names_are_whole_and_one(text, expected):
    assert names(text) == expected


def test_a_name_of_figures_is_not_found_in_a_number():
    assert names("推行“123”工作法。", "完成项目1239个、0123号。") == ["123工作法"]


def test_a_brand_is_not_what_stands_behind_it_once():
    assert set(names("打造“丝路购”地方合作品牌。", "拓展“丝路购”空间。", "“丝路购”伙伴增多。")) == {"丝路购"}
    assert set(names("实施“金雁”跃升行动。", "“金雁”人才增多。", "发挥“金雁”作用。")) == {"金雁跃升行动"}


def test_institutions_of_party_building_are_names():
    text = "村党支部建立村级事务联审制度，党员搭建便民服务信息平台。"
    assert names(text) == ["村级事务联审制度", "便民服务信息平台"]


def test_quotations_in_a_row_share_what_stands_around_them():
    assert kinds("创树“江畔红帆”、“渡口驿站”、“灯塔夜话”等一批党建品牌。") == [
        ("江畔红帆", "brand"), ("渡口驿站", "brand"), ("灯塔夜话", "brand"),
    ]  # fmt: skip
    assert names("用好“村播”、“云集市”等载体。") == ["村播", "云集市"]


def test_parts_of_a_slogan_are_no_names():
    assert names("开展“书记领学”“骨干导学”“夜校助学”等“三学”活动。") == ["三学"]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["坚持“三个一”,即订好一本账、走好一条路、带好一支队伍。"], ["订好一本账", "走好一条路", "带好一支队伍"]),
        (["推行“三不走”(不问清不走、不办完不走、不回访不走)。"], ["不问清不走", "不办完不走", "不回访不走"]),
        (["落实定人、定责、定时“三定”要求。"], ["定人", "定责", "定时"]),
        (["采取支部联建、党员联户、产业联片等“三联”模式。"], ["支部联建", "党员联户", "产业联片"]),
        (["开展“书记领学”“骨干导学”“夜校助学”等“三学”活动。"], ["书记领学", "骨干导学", "夜校助学"]),
        (["达到“有牌子、有院子、有本子”的“三有”标准。"], ["有牌子", "有院子", "有本子"]),
        (["推行“村社+农场+大户”模式。"], ["村社", "农场", "大户"]),
        (["实施“访民情、解民忧”行动。"], ["访民情", "解民忧"]),
        (["推行“红黄绿三色管理”办法。"], ["红", "黄", "绿"]),
        (["落实“同查同改同评”制度。"], ["同查", "同改", "同评"]),
        (["开展“三进”活动,推动政策进院落、进车间、进课堂。"], ["进院落", "进车间", "进课堂"]),
        (
            ["实现“两个转变”。一是由坐等上门向主动下沉转变。二是由单打独斗向握指成拳转变。"],
            ["由坐等上门向主动下沉转变", "由单打独斗向握指成拳转变"],
        ),
        (
            ["破解“两个难题”", "一是着力破解人手不够的难题。调配干部十人。", "二是着力破解场地不足的难题。"],
            ["破解人手不够的难题", "破解场地不足的难题"],
        ),
        (
            ["实现“两个转变”。一是在作风上,由坐等上门向主动下沉转变。二是在方式上,由单干向合力转变。"],
            ["由坐等上门向主动下沉转变", "由单干向合力转变"],
        ),
        (
            ["推行“两个一批”,即通过考录、遴选充实一批,通过培训提高一批。"],
            ["通过考录、遴选充实一批", "通过培训提高一批"],
        ),
        (["达到“有牌子、有院子”的“三有”标准。"], []),
        (["书记年初承诺、年终“双述双评”。"], []),
        (["推行“三亮两评”,党员人人参加。"], []),
        (["开展“村晚”、“村跑”、“三月三”活动。"], []),
    ],
)
def test_parts(texts, expected):
    assert parts(*texts) == expected


def test_parts_and_spelling_hold_for_every_mention():
    said = found("全面推行“三亮”。", "“三亮”即亮身份、亮承诺、亮业绩。", "要把三亮坚持下去。", "“三亮工作法”见效。")
    assert [m.name for m in said[:2]] == ["三亮", "三亮"]
    assert said[0].components == said[1].components == ["亮身份", "亮承诺", "亮业绩"]


def test_a_name_is_known_again_without_its_marks():
    assert found("实施“红雁领航”工程。", "红雁领航覆盖全县。")[1] == Mention(2, 0, 4, "红雁领航工程", "project", [])


def test_spans_count_code_points_of_the_text():
    text = '按《甲乙丙方案》,今年😀实施"红雁"工程和「三亮」活动。'
    one, two = found(text)
    assert text[one.start : one.end] == '"红雁"工程'
    assert text[two.start : two.end] == "三亮"


def test_a_span_that_leaves_a_quotation_holds_its_first_mark():
    text = "深化“八五”普法,实施“红雁”工程。"
    assert [text[m.start : m.end] for m in found(text)] == ["“八五”普法", "“红雁”工程"]


def test_names_of_the_centre_need_no_marks():
    assert kinds("严格执行三会一课和四议两公开。") == [("三会一课", "numbered"), ("四议两公开", "numbered")]
    assert kinds("“八五”普法扎实开展。") == [("八五普法", "numbered")]


@pytest.mark.parametrize(
    "name",
    [
        "七个一",
        "三会一课",
        "1+6",
        "3个1+3",
        "双述双评",
        "六建",
        "十大行动",
        "强村十策",
        "三城同创",
        "每月一题",
        "五型甲市",
    ],
)
def test_numbered(name):
    assert is_numbered(name)


@pytest.mark.parametrize(
    "name", ["一肩挑", "一票否决", "多网融合", "十九大", "双向代办", "红雁", "百名支书", "八连冠", "三难"]
)
def test_not_numbered(name):
    assert not is_numbered(name)


def test_resources_are_well_formed():
    assert all(kind in {"numbered", "project", "method", "platform", "brand"} for kind, *_ in central().values())
    assert all(where in {"any", "quoted"} for _, _, where, _ in central().values())
    assert all(year.isdecimal() and source for _, year, _, source in central().values())
    assert len(central()) > 200
    assert not cues()["stock"] & set(central())


WORDS = ["实施", "工程", "三个一", "等", "一是", "的", "即", "和", "村", "民"]
PIECES = st.sampled_from([*'“”‘’"「」《》、,。;:+()一二三四十双1369', *WORDS])


def test_a_bracket_alone_is_no_part():
    assert all(part for mention in found("“《+(”") for part in mention.components)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=40)), max_size=4))
def test_any_text_gives_spans_in_order(texts):
    last = (0, 0)
    for m in found(*texts):
        assert (m.paragraph, m.start) >= last
        assert 0 <= m.start < m.end <= len(texts[m.paragraph - 1])
        assert m.name
        assert not set(m.name) & set('“”‘’"「」')
        assert all(isinstance(part, str) and part for part in m.components)
        last = (m.paragraph, m.end)


@pytest.mark.parametrize("piece", ["“", '"', "“甲”", "《", "实施", "甲、", "“三亮”:"])
def test_time_grows_with_the_text_alone(piece):
    assert grows_with_the_length(found, piece)


@pytest.mark.skipif(not (SHARED / "gold").exists(), reason="the gold annotations stand beside the checkout, if at all")
def test_gold(tmp_path):
    """Names, parts and types on the coded documents; a paragraph of the gold text is a paragraph here."""
    score = scores()
    sums = dict.fromkeys(("progs", "parts", "ptype"), (0, 0))
    for coded in score.load_gold(shared("gold")).values():
        rows = [{"paragraph": r["n"], "text": r["text"]} for r in coded["clean"] if r["kind"] in score.KEPT]
        pred = dict(coded, programmes=[m._asdict() | {"n": m.paragraph} for m in programmes(rows)])
        for name, (hits, total) in score.score(pred, coded).items():
            if name in sums:
                sums[name] = (sums[name][0] + hits, sums[name][1] + total)
    got = {name: hits / total for name, (hits, total) in sums.items()}
    assert got["progs"] >= 0.93, got
    assert got["parts"] >= 0.90, got
    assert got["ptype"] >= 0.90, got


def test_how_a_thing_is_done_is_no_part_of_it():
    assert parts("公布年度“三个清单”，通过走访检查、公开通报、限期整改等方式，压实责任。") == []
    assert parts("公布“三个清单”，即任务清单、问题清单、责任清单，压实责任。") == ["任务清单", "问题清单", "责任清单"]
    assert parts("开辟“三种途径”，通过走访检查、公开通报、限期整改等方式，压实责任。") == [
        "走访检查",
        "公开通报",
        "限期整改",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("开展“改革创新、奋发有为”大讨论。", ["改革创新、奋发有为大讨论"]),
        ("开通“归雁”服务专线。", ["归雁服务专线"]),
        ("成立1支“电梯红娘”队伍。", ["电梯红娘队伍"]),
        ("推进“三有三清”综合治理集中行动。", ["三有三清综合治理集中行动"]),
        ("推进农村“三变”改革试点。", ["三变改革"]),
        ("以省“科技新政50条”为抓手，加快发展。", ["科技新政50条"]),
        ("“户外驿站”遍布街巷。", ["户外驿站"]),
        ("清理规范“三资”合同。", []),
        ("“二三一”格局进一步巩固。", []),
        ("聚焦“三超一疲劳”、酒驾醉驾等问题，严格执法。", []),
        ("不愿在“看不见的地下工程”上花力气。", []),
        ("“甲乙杯”联赛吸引各地队伍参加。", []),
    ],
)
def test_names_by_the_heads_of_campaigns_and_what_is_only_counted(text, expected):
    assert [m.name for m in programmes([{"paragraph": 1, "text": text}])] == expected
