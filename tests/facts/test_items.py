"""Tests of facts.quantities.items, labels and sums: what a quantity counts."""

import pytest
from crosscity.facts.quantities import quantities

ITEMS = {
    # A verb or particle that opens a clause is no part of a longer word.
    "现代服务业增加值48亿元，有效灌溉面积56万亩，到位资金96亿元。": ["现代服务业增加值", "有效灌溉面积", "到位资金"],
    "从业人员3800人，在校学生58万人。": ["从业人员", "在校学生"],
    "从事相关专业10年以上。": ["从事相关专业年数"],
    # What money is for is looked for in the next clause only if its own says no more than that it was given.
    "完成水利投资1000亿元，引水工程开工。": ["水利投资"],
    "整改到位资金215万元，出台13个制度。": ["整改到位资金", "制度"],
    "快速路总投资20亿元，工程西起西三环。": ["快速路总投资"],
    "发放租赁补贴3亿元，实物配租1.8万户。": ["租赁补贴", "实物配租户数"],
    "县财政投入3000万元，用于校舍改造。": ["校舍改造资金"],
    "县财政投入200万元改造老旧小区18个。": ["改造老旧小区资金", "改造老旧小区"],
    "由市财政安排1000万元专项资金，带动各方力量参与。": ["专项资金"],
    "由我局安排的发展性资金5700万元。": ["我局安排的发展性资金"],
    # 全国 is part of a name.
    "办理全国人大代表建议9件、全国政协提案5件。": ["全国人大代表建议", "全国政协提案"],
    "参保率务必达到98%。": ["参保率"],
    "企业实现产值331亿元，3月份受理群众诉求48件。": ["企业产值", "群众诉求"],
    # A level that things are of, with no name of its own.
    "建成24个过亿元工业项目。": ["过亿元工业项目", "工业项目门槛"],
    "新开工2个以上百亿元级制造业项目。": ["新开工数", "制造业项目门槛"],
    # The end of a list is no noun of the number before it.
    "收回问卷东部156家和西部146家。": ["收回问卷东部", "西部"],
    # A place or level alone is part of what was said before.
    "优化公交线路41条，其中市本级34条。": ["优化公交线路", "市本级优化公交线路"],
    "有国家级项目1项、省级9项、市级34项。": ["国家级项目", "省级项目", "市级项目"],
    # What changes is said before, and 提高 is nothing that is counted.
    "居民的平均消费水平，由175元提高到288元。": ["居民的平均消费水平", "居民的平均消费水平"],
    "慰问退休教师，共计1320人。": ["慰问退休教师"],
    # A share of a plan or a standard is of what was said before.
    "工业收入100万元，完成预算的97.9%。": ["工业收入", "工业收入完成预算比例"],
    "氨氮浓度27.8毫克/升，超Ⅴ类标准12.9倍。": ["氨氮浓度", "氨氮浓度超Ⅴ类标准"],
    "考核权重不低于2%。": ["考核权重"],
    "产业增加值分别增长11%以上、9.5%以上。": ["产业增加值增长率", "产业增加值增长率"],
    "农民人均纯收入，2012年为270元，2017年提高到463元。": ["农民人均纯收入", "农民人均纯收入"],
    # 完成 and 实现 behind what was reached say no more than the number does.
    "固定资产投资完成145亿元，同比增长8%。": ["固定资产投资", "固定资产投资增长率"],
    # What is granted is of those who get it, one by one where several are named.
    "对列入国家级、省级、市级示范项目的，分别给予30万元、20万元、10万元奖励。": [
        "国家级示范项目奖励",
        "省级示范项目奖励",
        "市级示范项目奖励",
    ],
    "新认定的示范企业给予10万元一次性奖补。": ["示范企业奖补"],
    "按照实际投资额的10%给予补助，最高20万元。": ["投资额补助比例", "投资额补助"],
    # People need no 人数, but a bound is of their number.
    "应到代表120人，约谈118人。": ["应到代表", "约谈人数"],
    "专家组成员不少于5人。": ["专家组成员人数"],
    "栏目9个月未更新。": ["栏目未更新时间"],
    "3.2.4 供水管网漏损率不宜大于8%。": ["供水管网漏损率"],
    "有15个县（市、区）和143个乡镇。": ["县（市、区）", "乡镇"],
    "较大事故发生32起。": ["较大事故"],
    "开展为期20天的拉网式排查。": ["拉网式排查天数"],
    "建成管网5950公里，其中甲县2009公里、乙县1392公里。": ["管网", "甲县管网", "乙县管网"],
    "打造具有推广效应的100个算法产品。": ["具有推广效应算法产品"],
    "分析软件、验证软件各1套。": ["分析软件、验证软件"],
    "工作温度-55℃~250℃。": ["工作温度"],
    "对试点园区（一期）和成长园区（一期），分别给予最高不超过533万元、673万元奖补。": [
        "试点园区奖补",
        "成长园区奖补",
    ],
    "投入187亿元办好“28+10”项实事。": ["办好“28+10”项实事资金"],
    # What changed to the value of a year keeps its name, whatever says so; growth year by year says that.
    "从业人员由2000年的98万人，增加到2005年的120万人。": ["从业人员", "从业人员"],
    "学校招生3万人，比2005年的2万人增加了1万人，年均增长8%。": ["学校招生人数"] * 3 + ["学校招生年均增长率"],
    "接待游客由2010年的2万人次增长到2015年的4万人次。": ["接待游客", "接待游客"],
    "单位产值能耗较2015年累计下降17%。": ["单位产值能耗降幅"],
    "最低工资标准在上年标准的基础上提高5%。": ["最低工资标准升幅"],
    "国企资产达到5亿元，位居副省级城市第一，同比增长16%。": ["国企资产", "国企资产副省级城市排名", "国企资产增长率"],
    "人均收入分别年均增长5.3%、7.1%。": ["人均收入年均增长率"] * 2,
    # An abbreviation, a date, a place left blank and 了 are no part of a label; a bracket that names is.
    "地区生产总值（GDP）达到90亿元，污水排放量（含工业、生活）3万吨。": ["地区生产总值", "污水排放量"],
    "私立医院（含分院）3个。": ["私立医院（含分院）"],
    "2015-2019年全县新增林地面积4万亩，XX县粮食总产8万吨。": ["新增林地面积", "粮食总产"],
    "党支部领办了合作社6家。": ["党支部领办合作社"],
    # What is named by a stage, a total or a measure of what stands before has that in its name.
    "新建道路68条，目前已完工30条、在建38条。": ["新建道路", "完工道路", "在建道路"],
    "新开通基站5万个，总数达到9万个。": ["新开通基站", "基站总数"],
    "建成书屋73个，总面积5200平方米。": ["书屋", "书屋总面积"],
    "实现营业收入80亿元、利润总额9亿元、上缴税费3亿元。": ["营业收入", "利润总额", "上缴税费"],
    # The noun behind a measure, and behind 新增.
    "本县有90公里海岸线。": ["海岸线"],
    "面积超5000亩的茶园。": ["茶园面积"],
    "播种面积稳定在40万亩，新增5亿公斤粮食生产能力。": ["播种面积", "新增粮食生产能力"],
    "14个乡镇正式参加评比。": ["参加评比的乡镇"],
    "实现90%以上乡镇建有广场。": ["乡镇建有广场占比"],
    "投资过10亿元项目12个。": ["投资", "投资过10亿元项目"],
    # Another number's bound and noun are none of this one's.
    "泵车比例达到70%以上、泵站达标率达到90%。": ["泵车比例", "泵站达标率"],
    # A fine is one, whoever pays it; what is given stands behind the sums.
    "乱倒垃圾的，每次罚款50元，罚负责人20元。": ["罚款", "罚款"],
    "运动员分别给予50万元、36万元的一次性奖励。": ["运动员一次性奖励"] * 2,
    # Who did it is none of what was counted.
    "各学校每年组织演练2次，高校共招生3万人。": ["演练", "高校招生人数"],
    "县域医共体6个，县公共图书馆3座。": ["县域医共体", "县公共图书馆"],
    "茶农超过3万户，外国留学生1200多人。": ["茶农", "外国留学生"],
    # Points are of the share before them; what a rate changed from is that rate.
    "城镇人口280万人，占常住人口比重62%，比上年末提高1个百分点。": [
        "城镇人口",
        "城镇人口占常住人口比重",
        "城镇人口占常住人口比重提高",
    ],
    "贫困发生率由2014年的18.5%下降到2018年的1.2%。": ["贫困发生率", "贫困发生率"],
    "贫困发生率20.3%，比全省平均水平高9.6个百分点。": ["贫困发生率", "贫困发生率高于全省平均水平"],
    "粮食产量是五年前的2.3倍。": ["粮食产量与五年前之比"],
    "第一、二、三产业增加值分别为3亿元、5亿元、7亿元。": ["第一产业增加值", "第二产业增加值", "第三产业增加值"],
    "坠落事故占全部事故的48%，触电占13%。": ["坠落事故占全部事故比重", "触电占全部事故比重"],
    "来自30个国家的500名代表出席会议。": ["国家", "出席会议的代表"],
    "不合格样品3批次，合格118批次。": ["不合格样品", "合格批次"],
    "全村有村民小组5个、210户、860人。": ["村民小组", "户数", "人口"],
    "建成后可年产钢材50万吨。": ["年产钢材"],
    # Some of a group are named by what became of them.
    "11份合同中有6份未表决。": ["合同", "未表决的合同"],
    # A name that is conferred says what is counted if it ends so; what is done with all of it says nothing.
    "3座乡镇获评国家卫生乡镇，4家工厂入选“百佳”名录。": ["国家卫生乡镇", "入选“百佳”名录的工厂"],
    "20件惠民实事圆满完成，6座剧院投用。": ["惠民实事", "投用的剧院"],
    "建立5个左右具有区域影响的公共交易平台。": ["具有区域影响的公共交易平台"],
    # Of two numbers after 城乡 one is of towns and one of villages; what accidents cost is theirs.
    "城乡居民人均消费支出分别增长5%和6%。": ["城镇居民人均消费支出增长率", "农村居民人均消费支出增长率"],
    "火灾事故起数、死亡人数分别下降8%、9%。": ["火灾事故起数降幅", "火灾事故死亡人数降幅"],
    # A bare head has what has it in its name: what is divided, what was measured before, or what a clause is about.
    "河道治理标准分为勘测、设计等4个部分。": ["河道治理标准部分"],
    "绿色发展方面，围绕节水提出6项指标。": ["绿色发展指标"],
    "大豆播种面积300万亩、产量9亿斤。": ["大豆播种面积", "大豆产量"],
    "收集居民诉求80件，办结率达100%。": ["居民诉求", "居民诉求办结率"],
    "振动传感器量程3MPa，误差不超过1%。": ["振动传感器量程", "振动传感器误差"],
    "特色产业加快壮大，产值突破50亿元。": ["特色产业产值"],
    # What is granted is of those to whom it is, however far before; a long name of them is cut to its head.
    "对入库示范项目，按照实际投入的5%给予补助，最高补助20万元。": ["投入补助比例", "入库示范项目补助"],
    "对符合条件且信用良好的省级智慧园区给予最高80万元奖补。": ["省级智慧园区奖补"],
    # What stands before a head that says enough is left out of a long item, unless it has a number or follows it.
    "推出具有重要示范引领作用的标杆工厂20家。": ["标杆工厂"],
    "年营业收入超过10亿元的龙头企业12家。": ["年营业收入", "年营业收入超过10亿元的龙头企业"],
    # Time is for what is done in it, is due when it is over, or comes again after it.
    "力争用三年时间，解决农村饮水困难。": ["解决农村饮水困难的时间"],
    "经过五年努力，全市河流断面水质自动监测能力取得明显进展。": ["取得明显进展的时间"],
    "合同届满2个月前，书面提出续签申请。": ["书面提出续签申请的期限"],
    "每3个月向主管部门提交监测报告。": ["提交监测报告的间隔"],
    "应在10日内通过平台将事故原因上报主管部门。": ["事故原因上报的期限"],
    "4人获评省劳动模范、2人入选省拔尖人才名单。": ["省劳动模范", "入选省拔尖人才名单人数"],
    # Bare nouns keep the verb that leads to them.
    "今年实施项目40个。": ["实施项目"],
    "研发费用3亿元、增长9%，增幅居全省第2位。": ["研发费用", "研发费用增长率", "研发费用增幅全省排名"],
}


@pytest.mark.parametrize("text", ITEMS)
def test_item(text):
    row = {"paragraph": 1, "kind": "body", "section": "", "unit": "", "text": text}
    found = quantities([row], 2020, "甲市", doc_type="work report", names_place=False)
    assert [q["item"] for q in found] == ITEMS[text]


# Numbers of a list of places are of what the first counts, each with its place as the scope.
PLACES = {
    "北京市每年培训教师35名、天津市20名、上海市不少于30名。": ("培训教师", ["北京市", "天津市", "上海市"]),
    "污水处理率，城市达到95%，县城达到85%。": ("污水处理率", ["城市", "县城"]),
    "路面宽度平原区不低于7米、山区不低于6米。": ("路面宽度", ["平原区", "山区"]),
}


@pytest.mark.parametrize("text", PLACES)
def test_a_list_of_places_has_one_item(text):
    row = {"paragraph": 1, "kind": "body", "section": "", "unit": "", "text": text}
    found = quantities([row], 2020, "甲市", doc_type="plan", names_place=False)
    item, scopes = PLACES[text]
    assert [(q["item"], q["scope"]) for q in found] == [(item, scope) for scope in scopes]


def test_places_that_are_counted_are_no_list_of_places():
    row = {"paragraph": 1, "kind": "body", "section": "", "unit": "", "text": "走访乡镇20个、村40个、县城6个。"}
    found = quantities([row], 2020, "甲市", doc_type="plan", names_place=False)
    assert [q["item"] for q in found] == ["走访乡镇", "村数", "县城"]
