"""Kinds of lines where no mark ends a sentence: transcripts, verse, lists, forms, tables."""

import pytest
from crosscity.documents import classify
from crosscity.documents.cleaning import clean

TRANSCRIPT = """今天我们在这里开一个社区的居民座谈会
主要是想听一听大家对老旧小区改造的意见
这个项目呢从去年三月份就开始了
我家住在三楼窗户一直漏雨
希望这一次能够一起解决掉
大家说的这些我们都记下来了"""
TEXTS = {
    "a transcript": (TRANSCRIPT, "bbbbbb"),
    "one with speakers": ("主持人：大家好\n居民甲：停车太难\n居民乙：希望装电梯\n主持人：我们记下来了", "bbbb"),
    "one with a headline": (f"居民座谈会记录\n{TRANSCRIPT}", "tbbbbbb"),
    "one in long lines": (
        "我家住在三楼窗户一直漏雨跟物业反映了好几次也没有人来修希望这一次能够一起解决掉\n" * 5,
        "bbbbb",
    ),
    "verse": ("登山\n王大山\n清早上山冈\n露水满衣裳。\n回头看村庄\n炊烟正飘扬。", "tybbbb"),
    "verse without marks": ("村歌歌词\n青山绿水是我家\n家家户户种桃花\n桃花开在三月里\n引来客人笑哈哈", "tbbbb"),
    "a numbered list": ("2024年重点项目清单\n1.城东水厂扩建\n2.城西公路改造\n3.中心小学新建\n4.河道清淤", "tbbbb"),
    "a list with bullets": ("●城东水厂扩建\n●城西公路改造\n●中心小学新建\n●河道清淤", "bbbb"),
    "a list under headings": (
        "一、水利\n城东水厂扩建\n河道清淤和护岸\n二、交通\n城西公路改造\n客运站新建",
        "hbbhbb",
    ),
    "a form": ("居民登记表\n姓名：王大山\n性别：男\n时间：2024年3月5日\n住址：城东路三号", "tbbbb"),
    "a table of a standard": (
        "环境质量标准\n一、空气\n二氧化硫\t60\t微克每立方米\n颗粒物\t35\t微克每立方米\n二、水\n氨氮\t1.0\t毫克每升",
        "thbbhb",
    ),
    "one answer": ("路灯坏了很久", "b"),
    "two answers": ("路灯坏了很久\n希望多修几个停车位", "bb"),
    "minutes, signed": ("会议纪要\n时间：2024年3月5日\n地点 三楼会议室\n讨论了停车问题\n讨论了电梯加装", "tybbb"),
}
KINDS = {"t": "title", "y": "byline", "h": "heading", "b": "body"}


@pytest.mark.parametrize(("text", "kinds"), TEXTS.values(), ids=TEXTS)
def test_a_text_without_prose_has_a_body(text, kinds):
    cleaned = clean(text)
    lines = cleaned.text.split("\n")
    assert lines == text.strip().split("\n")
    assert [line.kind for line in classify(lines)] == [KINDS[kind] for kind in kinds]


def test_a_hint_is_the_headline_of_a_text_without_prose():
    lines = ["村里的事", *TRANSCRIPT.split("\n")]
    assert [line.kind for line in classify(lines, ["村里的事"])] == ["title", *["body"] * 6]


def test_prose_is_told_apart_as_ever():
    prose = "去年秋天，镇里修通了到山上的公路，三个寨子的苹果当天就能运到县城，价钱比往年高了两成。"
    lines = ["三个寨子通了公路", "王大山", prose, "修路先修心", prose, prose]
    assert [line.kind for line in classify(lines)] == ["title", "byline", "body", "heading", "body", "body"]
