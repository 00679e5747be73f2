"""Headlines of a few characters are kept, and names of channels are not."""

import pytest
from crosscity.documents import clean

TEXT = "天还没有亮，邮递员就把三只邮包捆在车后架上，从县城一路走到山里的村子。\n" * 3


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        (["老街", "——记某县老街改造"], "老街"),
        (["雪线上的邮路", "——记一个邮递员", "来源：某报"], "雪线上的邮路"),
        (["工作动态", "一把旧藤椅", "作者：某人  发布时间：2016-05-11"], "一把旧藤椅"),
        (["某某行业智能制造标准体系", "建设指南", "2022年11月"], "建设指南"),
    ],
)
def test_a_short_headline_is_kept(head, kept):
    assert kept in clean("\n".join([*head, TEXT])).text.split("\n")


@pytest.mark.parametrize(
    ("head", "dropped"),
    [
        (["基层风采"], "基层风采"),
        (["党建动态", "2016-05-11"], "党建动态"),
        (["专题专栏", "——学习贯彻大会精神"], "专题专栏"),
        (["一把旧藤椅", "某县推进农村邮路建设的实践与思考"], "一把旧藤椅"),
        (["某县举办基层治理论坛活动", "图片新闻"], "图片新闻"),
    ],
)
def test_a_channel_is_not(head, dropped):
    assert dropped not in clean("\n".join([*head, TEXT])).text.split("\n")
