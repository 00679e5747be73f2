"""What a document is: stated by the manifest, else guessed and said to be."""

import pytest
from crosscity.documents.dated_lines import year_published
from crosscity.documents.headlines import Headline, headline
from crosscity.documents.metadata import describe_document, document_type
from crosscity.documents.sources import Source


def described(file="a.txt", text="", headline="", **metadata):
    source = Source(file.rpartition(".")[0], file, text, "utf-8", "0" * 64, metadata)
    return describe_document(source, text, Headline(headline, is_sure=True))


def test_what_the_manifest_says_is_not_guessed():
    stated = {"city": "扬州", "province": "江苏省", "year": "2019", "title": "水利", "mood": "calm"}
    found = described("苏州2020.txt", "苏州市委要求，苏州市政府安排。2021年3月", "别的题目", **stated)
    assert {k: found[k] for k in ("city", "province", "title", "mood")} == {
        k: stated[k] for k in ("city", "province", "title", "mood")
    }
    assert found["year"] == 2019
    assert found["guessed"] == ""


def test_every_known_column_is_there():
    found = described()
    reasons = found.pop("not_guessed").split("; ")
    assert [reason.partition(": ")[0] for reason in reasons] == ["city", "province", "title", "year"]
    assert all(reason.partition(": ")[2] for reason in reasons)
    assert found == {
        **dict.fromkeys(
            [
                "city",
                "province",
                "date",
                "title",
                "publisher",
                "genre",
                "speaker",
                "level",
                "edition",
                "exclude",
                "guessed",
            ],
            "",
        ),
        "year": None,
        "doc_type": "unknown",
    }


# File, text, title; the guesses that are to be made.
GUESSES = {
    "city and year in the name": ("扬州2019.txt", "", "", {"city": "扬州", "year": 2019}),
    "city with its suffix": ("扬州市.txt", "", "", {"city": "扬州"}),
    "what else a name holds": ("2019年扬州市政府工作报告(全文).txt", "", "", {"city": "扬州", "year": 2019}),
    "province": ("江苏省.txt", "", "", {"province": "江苏省"}),
    "city and province": ("扬州_江苏.txt", "", "", {"province": "江苏", "city": "扬州"}),
    "a municipality is a city": ("北京.txt", "", "", {"city": "北京"}),
    "a city whose name ends in 市 alone": ("沙市.txt", "", "", {"city": "沙市"}),
    "city in the text": ("003.txt", "去年，扬州市委开了三次会。扬州市人民政府照办，扬州人称好。", "", {"city": "扬州"}),
    "a city named once is no guess": ("003.txt", "去年，扬州市委开了三次会。", "", {}),
    "year in the title": ("003.txt", "写于1998年。", "2019年的水利", {"title": "2019年的水利", "year": 2019}),
    "year in numerals": ("003.txt", "二〇一九年五月六日", "", {"year": 2019}),
    "year in numerals with a circle": ("003.txt", "——一九九八年五月六日在甲乙大会上", "", {"year": 1998}),
    "a year of prose is no guess": ("003.txt", "写于二〇一九年五月。1998年建成。", "", {}),
    "a number that is no year": ("003.txt", "修路20190米，打井12019口。", "", {}),
    "a year too early": ("003.txt", "始建于1921年。", "", {}),
}


@pytest.mark.parametrize(("file", "text", "title", "expected"), GUESSES.values(), ids=GUESSES)
def test_guess(file, text, title, expected):
    found = described(file, text, title)
    assert {name: found[name] for name in ("city", "province", "title", "year") if found[name]} == expected
    assert sorted(found["guessed"].split()) == sorted(expected)


TEXT_OF_A_PROVINCE = "我省出台了办法，我省各市照办。合肥先行，合肥再试，合肥铺开，合肥收尾。"

# File, text, title; the city, the province and the year, "" and None where nothing may be said.
WHOSE = {
    "a file's name that is no place": ("督察通报.txt", "督察组向某地反馈。", "", ("", "", None)),
    "another": ("安全生产规划.txt", "", "", ("", "", None)),
    "a third": ("经济运行.txt", "", "", ("", "", None)),
    "a fourth": ("和平年代.txt", "", "", ("", "", None)),
    "a place with its kind and more": ("扬州市水利通报.txt", "", "", ("扬州", "", None)),
    "a province with its kind and more": ("江苏省水利通报.txt", "", "", ("", "江苏省", None)),
    "traditional characters": ("廣州市2024年政府工作報告.txt", "", "", ("广州", "", 2024)),
    "traditional characters without a kind": ("廣州2024.txt", "", "", ("广州", "", 2024)),
    "a capital that its province names": ("a.txt", TEXT_OF_A_PROVINCE, "", ("", "安徽省", None)),
    "a capital that its province names twice": ("a.txt", "我省抓水利。合肥先行，合肥铺开。", "", ("", "安徽省", None)),
    "the province is named": ("a.txt", "我省抓水利，山东要走在前，山东不等。济南先行。", "", ("", "山东省", None)),
    "provinces in equal shares": ("a.txt", "我省学江苏，学浙江，学江苏，学浙江。", "", ("", "", None)),
    "all of the province's": ("a.txt", "全省抓水利，省政府要求青岛带头。青岛、烟台。", "", ("", "山东省", None)),
    "a city that speaks of its province too": (
        "a.txt",
        "全省看我市。扬州水多，扬州桥多，扬州人好。",
        "",
        ("扬州", "", None),
    ),
    "the title's place": ("a.txt", "合肥，合肥，合肥。我市。", "扬州市水利办法", ("扬州", "", None)),
    "the title's province": ("a.txt", "合肥，合肥，合肥。", "安徽省水利办法", ("", "安徽省", None)),
    "whom it is addressed to": (
        "a.txt",
        "北京市人民政府：\n北京市要抓好。北京市政府负责，北京人满意。",
        "",
        ("", "", None),
    ),
    "your city": ("a.txt", "你市报来的材料收悉。扬州市政府要抓好，扬州、扬州、扬州。", "", ("", "", None)),
    "to all provinces": ("a.txt", "各省、自治区、直辖市：\n在北京开会，北京市委参加，北京、北京。", "", ("", "", None)),
    "the state council": ("a.txt", "我代表国务院报告。北京，北京，北京市委。", "", ("", "", None)),
    "a place that news happen in": ("a.txt", "大会在济南召开。济南客人多，济南好。", "", ("", "", None)),
    "a county": ("a.txt", "我县抓水利，扬州支持，扬州拨款，扬州验收。", "", ("", "", None)),
    "a county that its title names": ("a.txt", "", "永兴县人民政府关于护林防火的通告", ("永兴县", "", None)),
    "a county behind its city": ("a.txt", "", "九江市都昌县水利公报", ("都昌县", "", None)),
    "a district behind its city": ("a.txt", "", "广安市广安区环境卫生办法", ("广安", "", None)),
    "a district whose name several have": ("a.txt", "", "鼓楼区环境卫生办法", ("", "", None)),
    "a city behind its province": ("a.txt", "", "江苏省扬州市水利公报", ("扬州", "江苏省", None)),
    "a district behind its city and province": ("a.txt", "", "广东省广州市天河区水利公报", ("广州", "广东省", None)),
    "a district whose name several have behind its city": ("a.txt", "", "长春市朝阳区水利公报", ("长春", "", None)),
    "a district alone": ("a.txt", "", "广安区水利公报", ("广安区", "", None)),
    "a district of another city": ("a.txt", "", "扬州市都昌县水利公报", ("扬州", "", None)),
    "an autonomous prefecture": ("a.txt", "我州在西昌开会，凉山好，凉山美，凉山富，西昌。", "", ("凉山", "", None)),
    "贵州 is no 贵州 of the reader": ("a.txt", "我市在贵州。安顺好，安顺美，安顺富。", "", ("安顺", "", None)),
    "the congress": ("a.txt", "——2024年1月16日在亳州市第五届人民代表大会上\n各位代表：", "", ("亳州", "", 2024)),
    "the speaker": ("a.txt", "现在，我代表南京市人民政府报告。", "", ("南京", "", None)),
    "the signature": ("a.txt", "印发给你们。\n扬州市人民政府办公室\n2021年5月6日", "", ("扬州", "", 2021)),
    "the document's number": ("a.txt", "扬府发〔2021〕742号\n各单位：", "", ("", "", 2021)),
    "a number of another document": ("a.txt", "现将有关部门的文件即某府发（2021年）742号转发。", "", ("", "", None)),
    "a span of years": ("a.txt", "", "水利行动计划（2021—2023年）", ("", "", None)),
    "another span": ("a.txt", "", "水利行动计划（2021-23年）", ("", "", None)),
    "a year looked back on": ("a.txt", "我代表市政府向大会报告。\n一、2023年工作回顾\n", "", ("", "", 2024)),
    "a year that is not over": (
        "a.txt",
        "我代表市政府向大会报告。\n一、2023年工作回顾\n即将过去的2023年",
        "",
        ("", "", None),
    ),
}


@pytest.mark.parametrize(("file", "text", "title", "expected"), WHOSE.values(), ids=WHOSE)
def test_whose_and_when(file, text, title, expected):
    found = described(file, text, title)
    assert (found["city"], found["province"], found["year"]) == expected
    empty = {name for name in ("city", "province", "year", "title") if not found[name]}
    assert {reason.partition(": ")[0] for reason in found["not_guessed"].split("; ")} == empty


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["title 扬州市水利办法", "body 第一条 为治水，制定本办法。"], "扬州市水利办法"),
        (["title 【某某引证码】 XYZ.12.345", "title 扬州市水利办法", "body 第一条 为治水。"], "扬州市水利办法"),
        (["title 【某某引证码】 XYZ.12.345", "body 第一条 为治水。"], ""),
        (["title 【发布日期】 2024.01.02", "title 【时效性】 现行有效", "body 第一条 为治水。"], ""),
        (["byline 索引号：000014349", "title 关于治水的通知", "body 各县："], "关于治水的通知"),
        (["title 水利行业是国民经济的重要基础产业之一，是实现富", "body 民强县的支撑，要抓好。"], ""),
        (["title 水利工程作为农业丰收和百姓安居乐业的重要支撑", "body 的地位更加突出。"], ""),
        (["title 为深入贯彻落实中央关于加快治水的", "body 部署，制定本办法。"], ""),
        (["title 水泵应用软件预置", "title 和分发管理规定", "body 第一条 为治水。"], "水泵应用软件预置和分发管理规定"),
        (["title 某县支持园区建设等", "title 奖补实施细则", "heading 第一章 总则"], "某县支持园区建设等奖补实施细则"),
        (["title 教育部关于治水的通知", "title （教函〔2021〕13号）", "body 各省："], "教育部关于治水的通知"),
        (["title 某部对“治水是大事，要抓好的建议”的答复", "body 代表："], "某部对“治水是大事，要抓好的建议”的答复"),
        (["title 政 府 工 作 报 告", "byline ——2024年1月31日在某州人大会议上"], "政府工作报告"),
        (["title 人民代表大会第二次会议上", "byline 市长 某某", "body 各位代表："], ""),
        (["title 2023年工作回顾", "body 一年来，治水成效明显。"], ""),
        (["title 目 录", "title 第一章 总则", "body 治水。"], ""),
        (["title 附件1", "title 水利建设指南", "body 治水。"], "水利建设指南"),
        (["title 甲县门户网-甲县水利建设规划", "title 甲县水利建设规划", "body 治水是大事。"], "甲县水利建设规划"),
        (["title 甲县水利建设规划 甲县门户网", "title 甲县水利建设规划", "body 治水是大事。"], "甲县水利建设规划"),
        (["title 扬州市政府关于治水的通知", "byline 扬州市政府", "body 治水。"], "扬州市政府关于治水的通知"),
        (["title 关于《水利规划》的说明", "body 根据会议安排，现作说明。"], "关于《水利规划》的说明"),
    ],
)  # fmt: skip
def test_headline(lines, expected):
    kinds, texts = zip(*(line.split(" ", 1) for line in lines), strict=True)
    found = headline(texts, kinds)
    assert found.text == expected or not (expected or found.is_sure)


def test_a_plain_title_is_sure():
    text = [
        "甲县农村生活垃圾分类管理办法",
        "第一条 为加强农村生活垃圾分类管理，制定本办法。",
        "第二条 甲县的生活垃圾分类适用本办法。",
    ]
    assert headline(text, ["title", "body", "body"]) == (text[0], True)


def test_a_title_that_is_not_sure_tells_the_type_and_is_not_stated():
    found = describe_document(Source("a", "a.txt", "", "utf-8", ""), "", Headline("甲县养犬管理办法", is_sure=False))
    assert (found["title"], found["doc_type"]) == ("", "regulation")
    assert "甲县养犬管理办法" in found["not_guessed"]


def test_an_organ_above_a_text_names_a_city_only_where_the_text_does_not():
    own = "江苏省水利厅\n" + "盐城市要治水。盐城市的河道要清。我市治水有成效，盐城市还要努力。\n" * 2
    assert described(text=own)["city"] == "盐城"
    assert described(text="盐城市水利局\n河道要清。")["city"] == "盐城"


@pytest.mark.parametrize(
    ("metadata", "year", "guessed"),
    [
        ({"date": "2018-08-09"}, 2018, ""),
        ({"date": "2018-08-09", "year": "2017"}, 2017, ""),
        ({"year": "2018.0"}, 2018, ""),
        ({"year": "2018年"}, 2018, ""),
        ({"date": "9 August 2018"}, 2021, "year"),
        ({"year": "20189"}, 2021, "year"),
        ({"year": "²²²²"}, 2021, "year"),
        ({"year": "0018"}, 2021, "year"),
    ],
)
def test_year_of_a_record(metadata, year, guessed):
    found = described("a.txt", "发布时间：2021-05-06", **metadata)
    assert (found["year"], found["guessed"]) == (year, guessed)


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("来源：甲市委巡察办　发布时间：2018-11-26", 2018),
        ("甲市人民政府网　2023-01-10　来源：市交通运输局", 2023),
        ("首都之窗　2005年7月2日", 2005),
        ("甲市发布 | 2021/03/04 10:30 | 浏览次数：12", 2021),
        ("甲市日报（2021年3月4日）", 2021),
        ("2009年　　民生新闻", 2009),
        ("甲市晚报2021年03月04日 星期四", 2021),
        ("甲乙两市至2021年3月4日 的合作", None),
        ("《学习与研究》2025年第8期", 2025),
        ("《求实》2019年10月第20期", 2019),
        ("（甲市人民政府令第110号，2010年12月8日公布）", 2010),
        ("（2010年11月1日市政府第5次常务会议通过，2010年12月8日公布，2012年1月1日修正）", 2010),
        ("甲市截至2020年6月，建成房屋三百套", None),
        ("甲乙两市 2019 年以来的合作", None),
    ],
)
def test_a_line_above_the_text_dates_it(line, year):
    assert described("a.txt", f"关于河道的说明\n{line}\n第一段说的是河道。")["year"] == year


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("2022-07-21 来源：某局 【字体：大 中 小】", 2022),
        ("发布部门：某局　　发布日期：2019-01-18　　有效性：现行有效　　浏览次数：12", 2019),
        ("2023-01-29 10:05　来源：某委　某某网站　阅读次数：1507", 2023),
        ("今天是2024年1月16日 星期二 来源", None),
        ("2023年1月29日，来宾参观。来源", None),
        ("2018年5月6日来源于田间的第一批粮食入库", None),
        ("原文：《水利办法》 发布日期：2015-03-02", None),
    ],
)
def test_a_line_that_cleaning_drops_dates_it_where_no_other_does(line, year):
    source = Source("a", "a.txt", f"首页\n{line}\n河道\n第一段说的是河道。", "utf-8", "0" * 64, {})
    found = describe_document(source, "河道\n第一段说的是河道。", Headline("河道", is_sure=True))
    assert (found["year"], "year" in found["not_guessed"]) == (year, year is None)
    assert (
        describe_document(source, "河道\n2018年5月6日\n第一段说的是河道。", Headline("河道", is_sure=True))["year"]
        == 2018
    )


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("关于水利工作报告的决议", "", "resolution"),
        ("政府工作报告", "", "work report"),
        ("", "各位代表：现在，我代表市人民政府向大会报告政府工作。", "work report"),
        ("水利", "我们代表政府看望大家。", "unknown"),
        ("", "会议听取了工作报告，通过决议。", "resolution"),
    ],
)
def test_document_type(title, text, expected):
    assert document_type(title, text) == expected


def test_where_no_line_is_a_title_the_files_name_says_the_type():
    assert described("甲市养犬管理办法.txt", "养犬的人，应当文明。", headline="")["doc_type"] == "regulation"
    assert described("a01.txt", "养犬的人，应当文明。", headline="")["doc_type"] == "unknown"


def test_the_type_that_the_manifest_states_goes_before_the_text():
    assert described(text="", headline="甲市养犬管理办法")["doc_type"] == "regulation"
    assert described(text="", headline="甲市养犬管理办法", doc_type="essay")["doc_type"] == "essay"


@pytest.mark.parametrize(
    ("file", "headline", "city", "province", "year"),
    [
        ("臺北市民國113年施政報告.txt", "台北市民国113年施政报告", "台北", "", 2024),
        ("香港特別行政區二〇二四年施政報告.txt", "二〇二四年施政报告", "香港", "", 2024),
        ("廣州市2024年政府工作報告.txt", "广州市2024年政府工作报告", "广州", "", 2024),
        ("澳門特別行政區2025年財政年度施政報告.txt", "", "澳门", "", 2025),
        ("高雄市民國一百一十三年施政報告.txt", "", "高雄", "", 2024),
        ("新北市施政報告民國112年.txt", "", "新北", "", 2023),
        ("a.txt", "臺中市民國111年度施政計畫", "台中", "", 2022),
        ("a.txt", "香港特別行政區政府二〇二三年報告", "香港", "", 2023),
        ("a.txt", "臺灣省民國八十年施政報告", "", "台湾省", 1991),
    ],
)
def test_places_and_years_of_documents_in_traditional_characters(file, headline, city, province, year):
    found = described(file, headline=headline)
    assert (found["city"], found["province"], found["year"]) == (city, province, year)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["title >通知公告", "title 甲县水利办法", "body 治水。"], "甲县水利办法"),
        (["title 互动交流 / 热点问答", "title 甲县水利办法", "body 治水。"], "甲县水利办法"),
        (["title 甲县水务局", "title 关于印发水利办法的通知", "body 治水。"], "甲县水务局关于印发水利办法的通知"),
        (["title 甲县人民政府", "title 转发水利意见的通知", "body 治水。"], "甲县人民政府转发水利意见的通知"),
        (["title 甲县城乡供水一体化", "title 三年行动方案", "body 治水。"], "甲县城乡供水一体化三年行动方案"),
        (
            ["title 一碗热汤面 暖了半条街", "title ——甲村孝老食堂见闻", "body 治水。"],
            "一碗热汤面 暖了半条街——甲村孝老食堂见闻",
        ),
        (["title 一部电梯，十八张签名", "byline 来源：甲报", "body 治水。"], "一部电梯，十八张签名"),
        (["title 甲县日报数字报 2018-10-21", "title 甲县水利办法", "body 治水。"], "甲县水利办法"),
        (["title 主题教育工作方案：总体安排", "body 治水。"], "主题教育工作方案：总体安排"),
        (["title 首页设计大赛方案", "body 治水。"], "首页设计大赛方案"),
        (["title 甲县人民政府门户网站", "body 治水。"], ""),
    ],
)
def test_headlines_of_pages(lines, expected):
    kinds, texts = zip(*(line.split(" ", 1) for line in lines), strict=True)
    found = headline(texts, kinds)
    assert found.text == expected or not (expected or found.is_sure)


def test_a_title_that_goes_on_is_not_stated_by_half():
    texts = ["某行业智能制造标准体系", "建设指南", "2022 年11月"]
    assert headline(texts, ["title", "heading", "byline"]).text in ("", "某行业智能制造标准体系建设指南")


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("时间：2021-06-29 09:12 来源：某镇", "2021"),
        ("某某中心 2021-06-22 阅读：2951", "2021"),
        ("关于举办农历新年活动的通知 发布日期：2020-01-05", "2020"),
        ("2022年11月16日 星期三 第06版：乡村振兴", "2022"),
        ("某报 20180321 第3版", "2018"),
        ("人民出版社2015年第1版", ""),
        ("今天是 2009年4月18日 星期六", ""),
        ("甲市人民政府 2025年4月11日 星期五", ""),
        ("出生日期：1965年3月1日", ""),
        ("失效日期：2027-12-31", ""),
        ("我市互联网 2019年5月1日开通", ""),
        ("联系人 2015年3月", ""),
    ],
)
def test_lines_by_which_a_page_dates_its_document(line, year):
    assert year_published([line]) == year


def test_an_organs_day_goes_before_a_sites():
    assert year_published(["更新时间：2021-05-01", "成文日期：2019-04-02"]) == "2019"


@pytest.mark.parametrize("piece", ["党委", "中心", "局", "报", "甲县", "某网", "〉> "])
def test_a_line_of_names_costs_no_more_than_its_length(piece):
    """Names that could be parted in many ways are read in one: an expression that tries them all never ends."""
    for line in (f"{piece * 40}x", f"{piece * 40}。"):
        headline([line, "水利办法", "治水。"], ["title", "title", "body"])
