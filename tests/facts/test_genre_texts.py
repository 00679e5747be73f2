"""Short invented documents of many genres: each sentence with the stance that a reader gives it.

A line of a text is a paragraph; a line that begins with # is a heading; after | stand the stances of its sentences, by
their first letter (a achievement, p plan, n norm, o other, x problem, c cause).
"""

import pytest
from crosscity.documents.document_types import document_type
from crosscity.facts.stances import sentences, stances

LETTERS = {"a": "achievement", "p": "plan", "n": "norm", "o": "other", "x": "problem", "c": "cause"}
TEXTS = {
    "feedback": """
中共甲县委第三巡察组关于巡察县林业局党组情况的反馈意见
根据县委统一部署，2021年4月6日至6月2日，县委第三巡察组对县林业局党组开展了常规巡察。巡察期间，受理来信来电31件，个别谈话46人次。|oo
#一、总体评价
县林业局党组能够重视党的建设，主动服务全县中心工作，林长制工作走在全市前列。巡察组认为，近年来党组班子比较团结，造林绿化取得一定成效。|aa
#二、巡察发现的主要问题
（一）学习贯彻上级决策部署不够深入。理论学习中心组以会代学，三年仅开展专题研讨2次。落实古树名木保护责任打折扣，有17株古树没有挂牌。|xxx
（二）推进全面从严治党不严不实。“一把手”听取党风廉政汇报走过场，廉政风险点排查流于表面。扶持资金分配随意性大，2019年有26万元闲置超过一年。|xxx
（三）基层支部建设存在短板。所属2个支部连续两年未按期换届，党费收缴台账混乱。|xx
同时，巡察组还收到反映一些党员干部的问题线索9件，已按规定移交县纪委监委处理。|o
#三、整改意见
一是加强政治理论学习，严格落实第一议题制度。二是压实主体责任，健全资金监管办法。三是对未挂牌古树逐株登记，限期整改到位。|ppp
县委巡察工作领导小组要求，党组书记要切实担起第一责任人责任，两个月内报送整改情况报告。林业局党组主要负责人表示，诚恳接受、全面认领，坚决抓好整改。|pp
""",
    "minutes": """
甲市人民政府第18次常务会议纪要
9月12日上午，市长张某主持召开市政府第18次常务会议，研究城市供水等工作。现纪要如下：|oo
一、会议听取了市水务局关于供水管网改造情况的汇报。会议认为，去年以来，全市改造老旧管网86公里，漏损率降到9%以下，工作扎实有效。但部分老小区二次供水设施老化，群众反映比较强烈。会议强调，要把管网改造作为民生实事抓紧抓好，年底前完成剩余32公里改造任务。由市水务局牵头，市财政局配合，尽快拿出资金方案。|oaxpp
二、会议审议了《甲市停车场管理办法（草案）》。会议指出，规范停车秩序是提升城市品质的重要抓手。会议原则同意该草案，由市司法局按照会议意见修改完善后按程序印发。|onp
三、会议研究了人才公寓配租事宜。会议明确，首批配租620套，重点面向新引进的高校毕业生。有关部门要严把资格审核关，配租结果向社会公示。任何单位和个人不得违规转租。|oppn
参加：王某、李某。列席：市政府办公室、市水务局主要负责人。|oo
""",
    "congress report": """
在中国共产党甲市第八次代表大会上的报告
同志们：|o
现在，我代表中国共产党甲市第七届委员会向大会作报告。|o
大会的主题是：高举旗帜，砥砺奋进，为建设现代化滨海城市而团结奋斗。|o
#一、过去五年工作回顾
市第七次党代会以来的五年，是甲市发展史上极不平凡的五年。全市地区生产总值连跨三个百亿元台阶，年均增长7.8%。累计选派驻村第一书记420名，162个贫困村全部出列。基层党组织政治功能持续增强，消除集体经济空壳村75个。|oaaa
在肯定成绩的同时，我们也清醒地看到存在的问题和不足。产业结构不优，大项目好项目偏少。一些干部的能力作风还不适应高质量发展要求。|xxx
#二、今后五年的总体要求和奋斗目标
今后五年，全市地区生产总值年均增长7%以上，城镇化率达到65%。村集体经济年收入20万元以上的村占比达到八成。党的建设全面加强，政治生态更加清明。|ppp
#三、推动高质量发展
坚持把实体经济作为根基。实施产业链党建工程，组建12个产业链党委。推进港产城融合，打造百亿级临港产业园。|ppp
#四、坚定不移全面从严治党
办好甲市的事情，关键在党。必须坚持和加强党的全面领导。深化“四个一线”工作法，推动干部在基层一线成长。|nnp
让我们紧密团结起来，为建设现代化滨海城市努力奋斗！|p
""",
    "speech": """
在全县抓党建促乡村振兴工作推进会上的讲话
同志们：|o
今天，我们召开这次会议，主要任务是分析形势，部署下一阶段工作。刚才，三个乡镇作了发言，讲得都很好。下面，我讲三点意见。|ooo
#一、肯定成绩，增强信心
今年以来，各级各部门抓党建促振兴，新建村级阵地38个，村均集体收入达到23万元。红旗镇探索的“板凳会”经验在全省推广。|aa
#二、正视问题，找准差距
当前，有的乡镇党委抓党建的精力不够集中，上热下冷的问题还没有根本解决。有的村班子老化，35岁以下的村干部不到一成。究其原因，主要是责任压得不实、考核没有真正挂钩。|xxc
#三、突出重点，狠抓落实
抓好党建是最大的政绩。要选优配强村党组织书记，年底前回引优秀人才200名。每个乡镇都要建立后备力量库，做到一村两名以上。组织部门要加强督导，半年通报一次。|nppp
会后，各乡镇要迅速传达会议精神，把任务分解到人。谢谢大家！|po
""",
    "essay": """
以组织振兴带动乡村全面振兴
农村基层党组织是党在农村全部工作和战斗力的基础。组织强则乡村强，支部活则百业活。新形势下，有的村党组织软弱涣散，带富本领不足。产生这些问题的根源在于选人视野不宽、激励机制不活。|nnxc
推动组织振兴，必须选好“领头雁”。近年来，甲县从退役军人、返乡能人中选拔村书记136名，村均增收6万元。实践证明，选准一个人就能带活一个村。|nan
组织振兴离不开制度保障。要完善村干部报酬增长机制，让干得好的有奔头。要健全容错纠错办法，为担当者撑腰鼓劲。|npp
""",
    "news": """
甲市：小网格托起大民生
本报讯（记者 王某）近日，记者在甲市东湖街道看到，网格员李某正挨家挨户登记独居老人的需求。|o
东湖街道推行“红色管家”服务模式，把1.2万户居民划成86个网格。街道整合社区民警、志愿者等力量，每周上门走访两次。今年以来，累计化解邻里纠纷340件，办结率达98%。|aaa
“以前办证要跑三个地方，现在下楼就能办。”居民赵某说。|oo
街道党工委书记陈某介绍，他们还设立了24小时服务驿站，为外卖骑手提供歇脚点。下一步，街道将再建驿站5个，实现社区全覆盖。|ap
""",
    "news ": """
市领导调研老旧小区改造工作
3月8日，市委书记张某到西城区调研老旧小区改造工作。市领导李某、王某参加调研。|oo
在和平里小区，张某详细了解加装电梯、管网更新等情况。他指出，老旧小区改造是重要的民生工程和发展工程。要坚持群众点单、政府买单，把好事办好。要加快工程进度，确保10月底前全面完工。|onpp
张某强调，各级党组织要发挥战斗堡垒作用，推动党员干部下沉一线。对群众反映的问题，要逐项建账、逐项销号。|pp
据了解，西城区今年计划改造小区47个，惠及居民1.3万户。目前，已开工31个，完成投资2.6亿元。|pa
""",
    "communiqué": """
甲县2022年国民经济和社会发展统计公报
2022年，面对多重压力，全县经济总体平稳、稳中有进。|a
#一、综合
初步核算，全年地区生产总值186.4亿元，比上年增长4.1%。其中，第一产业增加值31.2亿元，增长3.9%。年末全县户籍人口52.3万人，比上年末减少0.4万人。|aaa
#二、农业
全年粮食播种面积61万亩，下降0.6%。生猪出栏28万头。|aa
注：|o
1.本公报中数据均为初步统计数。|o
2.地区生产总值、各产业增加值绝对数按现价计算，增长速度按不变价格计算。|o
""",
    "notice": """
甲市人力资源和社会保障局关于做好2020年稳岗返还工作的通知
各县（区）人力资源和社会保障局，各参保单位：|o
为贯彻落实上级稳就业部署，现就做好稳岗返还工作通知如下：|o
#一、返还范围
依法参加失业保险并足额缴费12个月以上的企业，均可申请稳岗返还。列入严重失信名单的企业不纳入返还范围。|nn
#二、返还标准
对不裁员或少裁员的中小微企业，按上年度实际缴费的60%返还。|n
#三、办理程序
企业登录网上服务大厅提交申请，经办机构在10个工作日内审核。审核结果公示5天，无异议的予以拨付。|nn
#四、工作要求
各地要加强宣传，让企业应知尽知。对骗取资金的，依法追回并追究责任。请各县（区）于每月5日前报送进度表。|nnn
咨询电话：0000-1234567|o
甲市人力资源和社会保障局|o
2020年3月20日|o
""",
    "plan": """
甲市人民政府关于推进社区养老服务发展的实施意见
各县（区）人民政府，市政府各部门：|o
养老服务事关千家万户，是重要的民生工程。为加快发展社区养老服务，结合我市实际，现提出如下实施意见。|no
#一、总体目标
到2025年，全市建成社区养老服务中心60个，护理型床位占比不低于55%。社区养老服务覆盖率达到100%，城乡老年人生活更有保障。|pp
#二、重点任务
（一）完善设施网络。新建住宅小区按每百户不少于30平方米配建养老服务用房，与住宅同步规划、同步交付。老旧小区未达标的，通过购置、租赁等方式逐步补足。|ppp
（二）培育服务机构。引导社会力量参与运营，每年培育品牌机构3家。对新评定的五星级机构，给予一次性奖励20万元。（责任单位：市民政局、市财政局）|ppno
（三）强化人才支撑。实施养老护理员培训行动，三年培训1.5万人次。|pp
#三、组织保障
市政府建立联席会议制度，定期研究解决重大问题。各县（区）要将养老服务纳入年度考核。本意见自印发之日起施行，有效期五年。|ppn
""",
    "regulation": """
甲市城市绿化管理办法
#第一章 总则
第一条 为了加强城市绿化管理，改善生态环境，根据有关法律、法规，制定本办法。|n
第二条 本市城市规划区内绿化的规划、建设、保护和管理，适用本办法。|n
第三条 市园林主管部门负责全市绿化监督管理工作。鼓励单位和个人认种认养树木。|nn
#第二章 建设
第四条 新建居住区绿地率不低于35%，旧区改造不低于25%。因条件限制达不到标准的，按缺额面积缴纳异地绿化费。|nn
#第三章 法律责任
第五条 擅自砍伐树木的，处树木价值三倍以上五倍以下罚款；构成犯罪的，依法追究刑事责任。|n
""",
}
KINDS = {name: name.strip() for name in TEXTS}


def paragraphs_of(text):
    """Columns of the table of a text, and the letters that a reader gave."""
    rows, letters, section = [], [], ""
    for n, line in enumerate(text.strip().split("\n")):
        body, _, stated = line.partition("|")
        if body.startswith("#"):
            section = body[1:]
            rows.append(("heading", section, section))
        else:
            rows.append(("body" if n else "title", section, body))
        letters.append(stated)
    kinds, sections, texts = zip(*rows, strict=True)
    return {"paragraph": range(len(rows)), "kind": kinds, "section": sections, "text": texts}, letters


def read(name):
    """(sentence, stance found, stance stated) of each sentence of a text."""
    table, letters = paragraphs_of(TEXTS[name])
    year = 2021
    found = {(s.paragraph, s.start): s.stance for s in stances(table, "", KINDS[name], year)}
    out = []
    for n, (kind, text, stated) in enumerate(zip(table["kind"], table["text"], letters, strict=True)):
        spans = sentences(text) if kind == "body" else []
        assert len(spans) == len(stated), text
        out += [
            (text[start:end], found[n, start], LETTERS[letter])
            for (start, end), letter in zip(spans, stated, strict=True)
        ]
    return out


@pytest.mark.parametrize("name", TEXTS)
def test_stances_of_a_genre(name):
    """Of each text, from which no weight was learned, two of three sentences are right, and of all four of five."""
    wrong = [(text, found, stated) for text, found, stated in read(name) if found != stated]
    assert len(wrong) <= len(read(name)) / 3, wrong


def test_stances_of_all_genres():
    right = [found == stated for name in TEXTS for _, found, stated in read(name)]
    assert sum(right) >= 0.8 * len(right)


@pytest.mark.parametrize("name", TEXTS)
def test_type_of_a_genre(name):
    table, _ = paragraphs_of(TEXTS[name])
    # An essay has marks only where it speaks of itself.
    expected = "unknown" if name == "essay" else KINDS[name]
    assert document_type(table["text"][0], "\n".join(table["text"])) == expected
    without_title = document_type("", "\n".join(table["text"][1:]))
    assert without_title in (KINDS[name], "unknown")
