"""Web pages of kinds that sites have: headlines and not the names of sites, WeChat, TRS, two languages, saved pages."""

import random
from pathlib import Path

import numpy as np
import pytest
from crosscity.documents import read_corpus
from crosscity.documents.cleaning import clean
from crosscity.documents.formats.html import _is_in_article, _pieces, read_html
from crosscity.documents.formats.page_title import page_title
from crosscity.documents.limits import Limits
from crosscity.documents.sources import read_sources

HEAD = "关于乡村公路建设情况的报告"
PROSE = [
    "去年秋天，镇里修通了到山上的公路，三个寨子的苹果当天就能运到县城，价钱比往年高了两成。",
    "今年春天，合作社又添了冷库，果农可以等到春节前后再卖，一斤能多挣一块多钱，大家都很高兴。",
    "截至2024年12月，全镇建成3所学校、12家卫生室，覆盖全部村寨，满意率达到百分之九十。",
    "全县还有九个寨子没有通路，计划两年内修完，钱从县里和帮扶单位两头来，每年安排3000万元。",
]
ENGLISH = [
    "Last autumn the town finished the road to the hills, and apples reach the market within a day.",
    "This spring the cooperative added a cold store, so that farmers can sell when prices are high.",
    "Nine villages are still without a road, and the county plans to finish within two years.",
]


def paragraphs(texts):
    return "".join(f"<p>{text}</p>\n" for text in texts)


def page(body, head=""):
    return f"<html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>".encode()


SITE = "<meta name='SiteName' content='某县人民政府门户网站'>"
TITLES = {
    "the headline alone": (f"<title>{HEAD}</title>", HEAD),
    "an underscore and the site": (f"<title>{HEAD}_某县新闻网</title>", HEAD),
    "dashes, a section and the site": (f"<title>{HEAD}-政务公开-某县人民政府</title>", HEAD),
    "bars with blanks": (f"<title>{HEAD} | 某县日报</title>", HEAD),
    "the site first": (f"<title>某县人民政府 工作动态 {HEAD}</title>", HEAD),
    "the site as the page states it": (f"{SITE}<title>某县人民政府门户网站</title>", HEAD),
    "a site alone": ("<title>某县新闻网</title>", HEAD),
    "TRS states the headline apart": (
        f"{SITE}<title>某县人民政府</title><meta name='ArticleTitle' content='{HEAD}'>",
        HEAD,
    ),
    "nothing is stated": ("", HEAD),
    "Open Graph names the site": (f"<meta property='og:title' content='某县新闻网'><title>{HEAD}</title>", HEAD),
    "Open Graph names the headline": (f"<meta property='og:title' content='{HEAD}'><title>某县</title>", HEAD),
    "a headline with a dash": (f"<title>{HEAD}——以某镇为例</title>", f"{HEAD}——以某镇为例"),
}


@pytest.mark.parametrize(("head", "expected"), TITLES.values(), ids=TITLES)
def test_names_of_sites_are_no_titles(head, expected):
    shown = expected or HEAD
    text, _, about, *_ = read_html(page(f"<h1>{shown}</h1>{paragraphs(PROSE)}", head), "页.html")
    assert about.get("title") == expected
    assert text.split("\n") == [shown, *PROSE]


@pytest.mark.parametrize("title", ["推进互联网", "建设物联网", "完善国家电网", "关于建设政务服务平台", "铺设供水管网"])
def test_headlines_that_end_as_sites_do(title):
    assert page_title(f"<title>{title}</title>", title, [title, *PROSE]) == title


def test_wechat():
    """What WeChat shows by a script only stands in the page; author and date are lines of their own."""
    sections = f"<section><p><span>{PROSE[0][:9]}</span><span>{PROSE[0][9:]}</span></p></section>" + "".join(
        f"<section><span leaf=''>{text}</span></section>" for text in PROSE[1:]
    )
    body = (
        f"<h1 class='rich_media_title' id='activity-name'>{HEAD}</h1><div id='meta_content'>"
        "<span class='rich_media_meta rich_media_meta_text'>某县发布</span>"
        "<em class='rich_media_meta rich_media_meta_text'>2025-01-20</em></div>"
        f"<div class='rich_media_content' id='js_content' style='visibility: hidden; opacity: 0;'>{sections}</div>"
        "<div><p>微信扫一扫<br>关注该公众号</p></div><script>var a = 1;</script>"
    )
    text, _, about, *_ = read_html(page(body, f"<meta property='og:title' content='{HEAD}'>"), "页.html")
    assert about == {"title": HEAD}
    assert [line for line in text.split("\n") if line in {HEAD, "2025-01-20", *PROSE}] == [HEAD, "2025-01-20", *PROSE]


def test_trs():
    """The text of TRS stands in an editor's element, with its own styles in it, between rows of a menu."""
    menu = "<ul>" + "".join(f"<li><a href='#'>{x}</a></li>" for x in ("首页", "政务公开", "办事服务")) + "</ul>"
    editor = f"<div class='TRS_Editor'><style>.TRS_Editor P{{margin:0}}</style>{paragraphs(PROSE)}</div>"
    text, *_ = read_html(page(f"{menu}<div class='tit'>{HEAD}</div>{editor}<div>主办：某县</div>"), "页.html")
    assert clean(text).text.split("\n")[-4:] == PROSE
    assert "TRS" not in text


LANGUAGES = {
    "one after the other": paragraphs([*PROSE, *ENGLISH]),
    "English first": paragraphs([*ENGLISH, *PROSE]),
    "by turns": paragraphs([x for pair in zip(PROSE, [*ENGLISH, ENGLISH[0]], strict=True) for x in pair]),
    "in two elements": f"<div lang='en'>{paragraphs(ENGLISH)}</div><div lang='zh'>{paragraphs(PROSE)}</div>",
    "in the cells of a row": f"<table><tr><td>{paragraphs(PROSE)}</td><td>{paragraphs(ENGLISH)}</td></tr></table>",
}


@pytest.mark.parametrize("body", LANGUAGES.values(), ids=LANGUAGES)
def test_two_languages_in_one_page(body):
    """The Chinese text stays whole; what goes of the other is in the log."""
    text, _, _, _, unread = read_html(page(f"<h1>{HEAD}</h1>{body}", f"<title>{HEAD}</title>"), "页.html")
    cleaned = clean(text)
    assert [line for line in cleaned.text.split("\n") if line in {HEAD, *PROSE}] == [HEAD, *PROSE]
    gone = "".join(row["before"] for row in cleaned.log) + cleaned.text
    lacking = sum(line not in gone for line in ENGLISH)
    assert not lacking or unread >= min(map(len, ENGLISH)) * 0.8


@pytest.mark.parametrize("folder", ["页_files", "页.files", "页_文件", "页.fld"])
def test_the_folder_of_a_saved_page_is_its_own(folder, tmp_path):
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "a.js").write_text("1")
    (tmp_path / "页.html").write_bytes(page(f"<h1>{HEAD}</h1>{paragraphs(PROSE)}"))
    sources, notes = read_corpus(tmp_path)
    assert len(sources) == 1
    assert notes == [f"the folder {folder} was passed over: it holds the pictures and frames of 页.html"]


def test_a_saved_page_whose_text_is_in_a_frame(tmp_path):
    (tmp_path / "页_files").mkdir()
    (tmp_path / "页_files" / "saved_resource.html").write_bytes(page(f"<h1>{HEAD}</h1>{paragraphs(PROSE)}"))
    frame = "<iframe src='./%E9%A1%B5_files/saved_resource.html'></iframe><script>1</script>"
    (tmp_path / "页.html").write_bytes(page(f"<p>首页</p>{frame}"))
    sources, notes = read_corpus(tmp_path)
    assert sources[0].text.split("\n") == [HEAD, *PROSE]
    assert "页.html takes its text from its frame 页_files/saved_resource.html" in notes


@pytest.mark.parametrize("source", ["../other/a.html", "/etc/a.html", "https://a.cn/a.html", "页_files/../../a.html"])
def test_a_frame_outside_of_the_pages_folder_is_not_read(source, tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "a.html").write_bytes(page(paragraphs(PROSE)))
    (tmp_path / "corpus" / "页.html").write_bytes(page(f"<p>{PROSE[0]}</p><iframe src='{source}'></iframe>"))
    sources, _ = read_corpus(tmp_path / "corpus")
    assert sources[0].text == PROSE[0]


def test_a_line_is_in_an_article_by_half_of_its_pieces():
    rng = random.Random(25)
    article = "".join(rng.choices("渠路桥井坝", k=400))
    found = np.sort(_pieces(article))
    seen = set()
    for _ in range(400):
        start = rng.randrange(300)
        line = list(article[start : start + rng.randrange(100)])
        for place in rng.sample(range(len(line)), len(line) // rng.randrange(4, 30)):
            line[place] = "山"
        key = "".join(line)
        pieces = [key[i : i + 8] for i in range(0, len(key) - 7, 8)]
        expected = bool(pieces) and 2 * sum(piece in article for piece in pieces) >= len(pieces)
        assert _is_in_article(key, found) is expected, key
        seen.add((expected, bool(pieces)))
    assert seen == {(True, True), (False, True), (False, False)}
    assert not _is_in_article(article, _pieces(""))


def test_a_paragraph_of_megabytes_takes_no_square_of_its_length():
    rng = random.Random(25)
    text = "".join(rng.choices([chr(0x4E00 + n) for n in range(2000)], k=1_000_000)) + "。"
    made = read_sources(Path("x.html"), {}, page(f"<h1>{HEAD}</h1><p>{text}</p>"), Limits(seconds=20))
    assert text in made[0].text
