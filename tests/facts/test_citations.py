"""Titles in 《》: own sentences with what a reader finds in them, and the gold annotations."""

import pandas as pd
import pytest
from crosscity.facts.citations import Citation, citations
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import SHARED
from tests.helpers.gold import scores, shared
from tests.helpers.growth import grows_with_the_length


def found(*texts):
    return citations([{"paragraph": i, "text": text} for i, text in enumerate(texts, start=1)])


def titles(*texts):
    return [citation.title for citation in found(*texts)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("出台了《村级事务联审办法》和《村账代理细则(试行)》。", ["村级事务联审办法", "村账代理细则(试行)"]),
        ("转发《关于印发〈农村集体资产清查方案〉的通知》。", ["关于印发〈农村集体资产清查方案〉的通知"]),
        ("转发《关于印发《农村集体资产清查方案》的通知》。", ["关于印发《农村集体资产清查方案》的通知"]),
        ("《村规民约范 本》印发到户。", ["村规民约范本"]),
        ("根据《农村社区建设意见,全县投入三百万元。", ["农村社区建设意见"]),
        ("学习《农村社区建设的思考与实践,感触很深。", ["农村社区建设的思考与实践"]),
        ("新编《夜校简明读本》。《", ["夜校简明读本"]),
        ("没有标题的一句话》,到此为止。", []),
        ("制定《红雁方案》《红雁方案》。", ["红雁方案", "红雁方案"]),
    ],
)
def test_titles(text, expected):
    assert titles(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "《江州日报》作了报道。",
        "来源:《红土地》2023年第8期",
        "该文载《乡土》。",
        "《求是》发表文章。",
        "《乡土》杂志刊出经验。",
        "《清溪晚报》记者来访。",
        "《江州经济参考报》刊文。",
        "《江南都市新报》是一份报纸。",
        "成果在《自然》上发表。",
        "登在《清溪》《山路》等期刊。",
        "期刊《山路》创办。",
        "见《山路》编辑部的话。",
        "《增值电信业务经营许可证》编号：甲B2-2020。",
        "《互联网新闻信息服务许可证》10120200001",
        "持有《烟草专卖许可证》。",
        "取得《营业执照》的企业。",
        "《出版物经营许可证》甲字第1号",
        "《排污许可证》备案。",
    ],
)
def test_journals_and_newspapers_are_left_out(text):
    assert titles(text) == []


@pytest.mark.parametrize(
    "title", ["江州公报", "督察通报", "工作简报", "统计年报", "情况专报", "山路办法", "申请书", "排污许可证管理条例"]
)
def test_what_is_no_periodical_and_no_licence(title):
    assert titles(f"印发《{title}》。") == [title]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《智能水泵 射频识别系统 通用技术要求》等标准。", ["智能水泵 射频识别系统 通用技术要求"]),
        ("《水泵自动化系统 测试方法》", ["水泵自动化系统 测试方法"]),
        ("《数据安全技术 水务数据安全能力要求》", ["数据安全技术 水务数据安全能力要求"]),
        ("《智能水厂　安全控制要求》", ["智能水厂 安全控制要求"]),
        ("《信息技术服务 第1部分:通用要求》", ["信息技术服务 第1部分:通用要求"]),
        ("《国 家 水 利 规 划》", ["国家水利规划"]),
        ("《村规民约 范本》", ["村规民约范本"]),
    ],
)
def test_titles_of_standards_keep_their_parts(text, expected):
    assert titles(text) == expected


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("根据《国务院关于治水的意见》。", "国务院"),
        ("落实《江州市人民政府办公室关于治水的通知》。", "江州市人民政府办公室"),
        ("根据《中共江州市委关于治水的建议》。", "中共江州市委"),
        ("落实《水利部、财政部关于治水的通知》。", "水利部、财政部"),
        ("落实《水利部等部门关于治水的通知》。", "水利部"),
        ("贯彻落实水利部等部门《关于治水的意见》。", "水利部"),
        ("水利部等六部门联合印发《治水方案》。", "水利部"),
        ("省林草局等6部门联合印发《治水方案》。", "省林草局"),
        ("海关总署发布《口岸办法》。", "海关总署"),
        ("证监会印发《基金办法》。", "证监会"),
        ("网信办发布《网络办法》。", "网信办"),
        ("江州信息通信研究院发布了《水务白皮书》。", "江州信息通信研究院"),
        ("水利部《治水意见》和《国务院关于治水的决定》。", "水利部"),
        ("学习《关于治水的思考》。", ""),
        ("本部门印发《治水方案》。", ""),
    ],
)
def test_issuers(text, issuer):
    assert found(text)[0].issuer == issuer


def test_a_title_names_its_own_issuer():
    assert [c.issuer for c in found("水利部《治水意见》和《国务院关于治水的决定》。")] == ["水利部", "国务院"]


def test_a_report_is_no_newspaper():
    assert titles("审议《财政预算执行情况报告》。") == ["财政预算执行情况报告"]


def test_a_title_that_goes_on_in_the_next_paragraph():
    first, second = "提请审议《江州市发展规划纲要(草案)", "》,请予审查。"
    assert found(first, second) == [Citation(1, 5, len(first), "江州市发展规划纲要(草案)", "", None)]
    assert titles("贯彻《关于加强农村", "公路养护的意见》。") == ["关于加强农村公路养护的意见"]


@pytest.mark.parametrize(
    ("text", "issuer", "year"),
    [
        ("中共中央办公厅、国务院办公厅印发《红雁方案》。", "中共中央办公厅、国务院办公厅", None),
        ("落实国务院《红雁方案》。", "国务院", None),
        ("市委组织部出台了《红雁方案》。", "市委组织部", None),
        ("今年以来,江州市人民政府制定实施《红雁方案》。", "江州市人民政府", None),
        ("深入落实省委、省政府《红雁方案》。", "省委、省政府", None),
        ("2019年3月,县委印发《红雁方案》。", "县委", 2019),
        ("执行《红雁方案》(江办发〔2020〕12号)。", "", 2020),
        ("执行《红雁方案》(2017年修订)。", "", 2017),
        ("执行《红雁方案(2018)》。", "", 2018),
        ("执行《红雁方案(2021—2025年)》。", "", None),
        ("2019年全县认真学习,干部都读过《红雁方案》。", "", None),
        ("我市出台了《红雁方案》。", "", None),
        ("这是我国第一部《红雁方案》。", "", None),
    ],
)
def test_issuer_and_year(text, issuer, year):
    assert [(c.issuer, c.year) for c in found(text)] == [(issuer, year)]


def test_titles_joined_to_one_another_have_one_issuer():
    assert [c.issuer for c in found("县委印发《甲方案》《乙方案》和《丙方案》,另有《丁方案》。")] == ["县委"] * 3 + [""]


def test_span_and_table():
    text = "😀出台《村账代理细则(试行)》。"
    rows = pd.DataFrame({"paragraph": [7], "text": [text]})
    (citation,) = citations(rows)
    assert citation.paragraph == 7
    assert text[citation.start : citation.end] == citation.title


WORDS = ["意见", "2019", "年", "国务院", "印发", "日报", "关于", "市委"]
PIECES = st.sampled_from([*"《》〈〉“”、,。;:()（）〔〕 一九", *WORDS])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=40)), max_size=4))
def test_any_text_gives_spans_in_order(texts):
    last = (0, 0)
    for c in found(*texts):
        assert (c.paragraph, c.start) >= last
        assert 0 < c.start < c.end <= len(texts[c.paragraph - 1])
        assert c.title
        last = (c.paragraph, c.end)


@pytest.mark.parametrize(
    ("piece", "end"),
    [("《", ""), ("《甲》", ""), ("《甲", "》"), ("市委、", "《甲》"), ("市委部《", "")],
    ids=["open", "titles", "nested", "offices", "unclosed"],
)
def test_time_grows_with_the_text_alone(piece, end):
    assert grows_with_the_length(lambda text: found(text + end * (len(text) // 2)), piece)


@pytest.mark.skipif(not (SHARED / "gold").exists(), reason="the gold annotations stand beside the checkout, if at all")
def test_gold():
    """Every title of the coded documents, and no other."""
    score = scores()
    for name, coded in score.load_gold(shared("gold")).items():
        rows = [{"paragraph": r["n"], "text": r["text"]} for r in coded["clean"] if r["kind"] in score.KEPT]
        assert {c.title for c in citations(rows)} == {row["title"] for row in coded["documents"]}, name
