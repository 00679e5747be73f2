"""What type of document a text is."""

import pytest
from crosscity.documents.document_types import DOCUMENT_TYPES, document_type

ARTICLES = "\n".join(f"第{n}条 甲乙丙丁的管理，由主管部门负责。" for n in "一二三四五")
AIMS = (
    "一、总体要求\n二、基本原则\n三、主要任务\n"
    "1.加快建设园区。\n2.推动企业上云。\n3.支持人才培养。\n4.完善标准。\n5.加强监管。"
)


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("甲市养犬管理办法", "", "regulation"),
        ("甲省城乡规划条例（2019年修订）", "", "regulation"),
        ("", ARTICLES, "regulation"),
        ("", "为规范专家库的管理，制定本办法。\n专家应当公正。", "regulation"),
        ("", "本标准规定了接口的要求。\n接口应支持查询。接口应可扩展。设备应接地。设备应防雷。", "regulation"),
        ("智能工厂建设导则", "", "regulation"),
        ("甲市“十四五”教育发展规划", "", "plan"),
        ("甲市推动某产业发展行动计划（2021-2023年）", "", "plan"),
        ("关于加快发展养老服务的若干意见", "", "plan"),
        ("", f"为贯彻上级部署，制定本实施方案。\n{AIMS}", "plan"),
        ("", f"智慧物流发展很快。\n{AIMS}", "plan"),
        ("关于印发甲市人工智能发展规划的通知", f"{AIMS}\n" + "推动数字化发展。\n" * 250, "plan"),
        ("关于印发甲市人工智能发展规划的通知", "各县：现印发给你们。", "notice"),
        ("关于印发甲市养犬方案的通知", f"各县：\n现将《甲市养犬方案》印发给你们。\n{'养犬的人家很多。' * 70}", "plan"),
        ("甲县2019年度本级预算执行情况审计结果公告", "现将审计结果公告如下。附件：1.清单", "feedback"),
        ("甲局关于巡察整改进展情况的通报", "", "feedback"),
        ("关于安全隐患整改情况的通报", "", "notice"),
        ("市场监管局2023年重点工作完成情况", "", "unknown"),
        ("甲县2024年1—5月财政预算执行情况", "", "communiqué"),
        ("2024年一季度全市经济运行情况", "", "communiqué"),
        ("甲县茶叶产业发展现状与对策", "", "essay"),
        ("关于《甲县“十四五”旅游规划》的说明", "", "plan"),
        ("", "各县教育局：\n现将有关事项通知如下：\n联系人：某某\n附件：名单", "notice"),
        ("关于同意设立甲高新区的批复", "", "notice"),
        ("", "乙公司：\n你公司报来的申请收悉。现批复如下：\n同意你公司注册。", "notice"),
        ("关于拟立项项目的公示", "", "notice"),
        ("甲县2019年国民经济和社会发展统计公报", "", "communiqué"),
        ("", "甲县统计公报\n初步核算，全年生产总值9亿元，比上年增长3%。", "communiqué"),
        ("第七次全国人口普查公报", "", "communiqué"),
        ("2024年政府工作报告", "", "work report"),
        ("", "各位代表：\n现在，我代表市人民政府，向大会报告政府工作，请予审议。", "work report"),
        ("关于水利工作报告的决议", "", "resolution"),
        ("夜校治理的实践逻辑", "", "essay"),
        ("", "夜校是乡村教育的重要基础。办好夜校，是留住青年的关键所在。", "essay"),
        ("", "近日，甲镇组织青年开展了果树嫁接志愿服务活动。", "news"),
        ("乙局考勤制度", "", "regulation"),
        ("", "会议听取了工作报告，通过决议。", "resolution"),
        ("甲市第五次党代会", "我代表中国共产党甲市第四届委员会向大会作报告。\n大会的主题是：奋进。", "congress report"),
        ("在中国共产党甲市第五次代表大会上的报告", "", "congress report"),
        ("中央督察组向甲省反馈督察情况", "", "feedback"),
        ("关于巡视整改的反馈意见", "", "feedback"),
        ("", "6月6日，某某联盟筹备会在甲市召开。乙某出席会议并致辞。", "news"),
        ("", "本报讯（记者 某某）甲市启动新工程。", "news"),
        ("", "某某政策解读\n一、《若干政策》出台背景\n二、《若干政策》主要内容", "explanation"),
        ("在全市经济工作会议上的讲话", "", "speech"),
        ("县市区党（工）委书记述职报告", "年度党建述职会在我市举行\n记者获悉，会议由市委召开。", "speech"),
        ("", "尊敬的各位来宾，女士们、先生们：大家好！", "speech"),
        ("甲市人民政府第三次常务会议纪要", "", "minutes"),
        ("城市更新的几点思考", "", "essay"),
        ("", "摘要：本文讨论社区。\n关键词：社区", "essay"),
        ("水利", "我们代表政府看望大家。", "unknown"),
        ("", "春天来了，河边的人多了。", "unknown"),
        ("", "", "unknown"),
    ],
)
def test_document_type(title, text, expected):
    assert document_type(title, text) == expected


def test_every_type_has_a_mark():
    from crosscity.documents.document_types import _marks

    assert {mark.type for mark in _marks()} == set(DOCUMENT_TYPES) - {"unknown"}
