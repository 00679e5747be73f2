"""Characters that stand for others, in the kinds that converters, scans and old systems leave."""

import pytest
from crosscity.documents import decode
from crosscity.documents.characters import simplify
from crosscity.documents.cleaning import apply_edits, clean, replay
from crosscity.documents.edits import Edit

FORMS = {
    "Kangxi radicals": ("市⼈⺠政府向⼤会报告⼯作", "市人民政府向大会报告工作", "form:radical"),
    "a radical by itself": ("⼀、过去⼀年", "一、过去一年", "form:radical"),
    "supplementary radicals": ("增⻓、⻝品、⻢路、⻋站", "增长、食品、马路、车站", "form:radical"),
    "a stroke": ("第㇐条", "第一条", "form:radical"),
    "radicals of three kinds": ("⽣产⼒⾼，⻅效快", "生产力高，见效快", "form:radical"),
    "radicals in a name": ("⾦⽔区", "金水区", "form:radical"),
    "compatibility ideographs": ("\uf90a融、\uf9a8人、\uf901新", "金融、令人、更新", "form:compatibility"),
    "of the second plane": ("\U0002f800水", "丽水", "form:compatibility"),
    "a compatibility form of 行": ("\ufa08业", "行业", "form:compatibility"),
    "of Korean readings": ("\uf967落", "不落", "form:compatibility"),
    "two of them": ("\uf981\uf98e", "女年", "form:compatibility"),
    "a variation selector": ("葛\U000e0100城区", "葛城区", "form:selector"),
    "one for pictures": ("☎\ufe0f热线", "☎热线", "form:selector"),
    "one for text": ("①\ufe0e修路", "①修路", "form:selector"),
    "of Mongolian": ("旗\u180b县", "旗县", "form:selector"),
    "two selectors": ("葛\U000e0100\ufe00城", "葛城", "form:selector"),
    "GBK's blank": ("\ue5e5\ue5e5各位代表：", "各位代表：", "form:private"),
    "GBK's own 䶮": ("刘\ue863", "刘䶮", "form:private"),
    "GBK's own 䥽": ("农具\ue84b", "农具䥽", "form:private"),
    "GBK's own 㧐": ("\ue82a身", "㧐身", "form:private"),
    "a vertical comma of GBK": ("修路\ue78d架桥", "修路，架桥", "form:private"),
    "a bullet of Word": ("\uf0b7 修路", "• 修路", "form:private"),
    "full-width digits": ("２０２４年３月", "2024年3月", "form:full-width"),
    "full-width letters": ("ＡＩ产业和５Ｇ", "AI产业和5G", "form:full-width"),
    "a full-width decimal": ("增长６．５％", "增长6.5%", "form:between"),
    "a full-width thousand": ("投资１，２００万元", "投资1,200万元", "form:grouped"),
    "a full-width range": ("１０－１５公里", "10-15公里", "form:between"),
    "a full-width code": ("ＰＭ２．５和５Ｇ－Ａ", "PM2.5和5G-A", "form:between"),
    "互联网＋": ("互联网＋政务", "互联网+政务", "form:full-width"),
    "zeros in a numeral": ("二００一年", "二〇〇一年", "form:zeros"),
    "letters for zeros": ("二ＯＯ八年", "二〇〇八年", "form:zeros"),
    "a full-width item": ("１．修路", "1.修路", "form:item"),
    "half-width marks": ("｢修路｣､架桥｡", "「修路」、架桥。", "form:half-width"),
    "a half-width point": ("阿里･买买提", "阿里·买买提", "form:half-width"),
    "vertical marks": ("修路︐架桥︒", "修路，架桥。", "form:vertical"),
    "vertical brackets": ("︵一︶修路", "（一）修路", "form:vertical"),
    "vertical quotation marks": ("﹁好﹂", "「好」", "form:vertical"),
    "a vertical dash": ("修路︱架桥", "修路—架桥", "form:vertical"),
    "small marks": ("修路﹐架桥﹔通车﹗", "修路，架桥；通车！", "form:small"),
    "a small percent": ("增长5﹪", "增长5%", "form:small"),
    "a ligature": ("oﬃce", "office", "form:ligature"),
    "a no-break hyphen": ("3‑5亿元", "3-5亿元", "form:hyphen"),
    "a no-break hyphen in thousands": ("1000‑1500个", "1000-1500个", "form:hyphen"),
    "a hyphen of its own": ("2020‐2025年", "2020-2025年", "form:hyphen"),
    "a figure dash": ("10‒12日", "10-12日", "form:hyphen"),
    "a minus": ("增长率为−2.1‰", "增长率为-2.1‰", "form:hyphen"),
    "a no-break hyphen in a code": ("K‑12学校", "K-12学校", "form:hyphen"),
    "a composed letter": ("cafe\u0301", "café", "form:composed"),
    "composed pinyin": ("lu\u0308\u030c", "lǚ", "form:composed"),
    "quotation marks of Windows' code page": ("\x93好\x94", "“好”", "form:control"),
    "a control character of C1": ("修\x81路", "修路", "form:control"),
    "points for full stops": ("发展经济．推进改革．\n改善民生．", "发展经济。推进改革。\n改善民生。", "form:full-stop"),
    "ASCII points for full stops": (
        "发展经济.推进改革.\n改善民生.",
        "发展经济。推进改革。\n改善民生。",
        "form:full-stop",
    ),
    "a point behind a bracket": ("发展经济（试点）．", "发展经济（试点）。", "form:full-stop"),
    "a point behind a quotation": ("他说“好”．", "他说“好”。", "form:full-stop"),
    "points, and numbered items": (
        "一．总体要求\n发展经济．\n推进改革．",
        "一．总体要求\n发展经济。\n推进改革。",
        "form:full-stop",
    ),
    "a point at the end alone": ("会议强调，要推进乡村振兴战略．", "会议强调，要推进乡村振兴战略。", "form:full-stop"),
}
STAY = {
    "points of names": "约翰．史密斯来访。卡尔．马克思著有此书。",
    "marks of Chinese": "修路，架桥：通车！（一）〔2024〕3号～",
    "numbers in circles": "①修路②架桥Ⅲ期㎡℃№",
    "a point within a title": "“乡情烟台﹒寻根之旅”开幕。",
    "a character of the user area": "某\ue031字",
    "Latin with its marks": "café résumé",
    "katakana": "カタカナ",
    "leaders": "目录....3。",
    "a list of names": "张三 李四 王五 赵六 孙七 周八 吴九 郑十 张三 李四 王五 赵六 孙七",
    "a table": "项目 数量 单位\n公路 三 条\n桥梁 两 座\n学校 一 所",
}


def undo(text, log):
    """The source, from the cleaned text and the log: each step backwards."""
    for step in sorted({row["step"] for row in log}, reverse=True):
        edits, moved = [], 0
        for row in (row for row in log if row["step"] == step):
            start = row["start"] + moved
            edits.append(Edit(start, start + len(row["after"]), row["before"], ""))
            moved += len(row["after"]) - len(row["before"])
        text = apply_edits(text, edits)
    return text


@pytest.mark.parametrize(("source", "text", "rule"), FORMS.values(), ids=FORMS)
def test_a_character_that_stands_for_another_is_replaced_logged_and_had_back(source, text, rule):
    cleaned = clean(source)
    assert cleaned.text == text
    assert rule in {row["rule"] for row in cleaned.log}
    assert replay(source, cleaned.log) == text
    assert undo(text, cleaned.log) == source
    assert clean(text).text == text


@pytest.mark.parametrize("text", STAY.values(), ids=STAY)
def test_what_was_written_stays(text):
    assert clean(text).text == text


WORDS = [
    [
        "各位",
        "代表",
        "：",
        "现在",
        "，",
        "我",
        "代表",
        "市",
        "人民政府",
        "向",
        "大会",
        "报告",
        "工作",
        "，",
        "请予",
        "审议",
        "。",
    ],
    ["一", "、", "过去", "一年", "工作", "回顾"],
    ["完成", "投资", "8", "亿元", "，", "增长", "2.8%", "。"],
]
SENTENCES = "\n".join(map("".join, WORDS))


def cut(gap):
    return "\n".join(gap.join(line) for line in WORDS)


SEGMENTED = {
    "words": cut(" "),
    "characters": "\n".join(" ".join(c for w in line for c in ([w] if w.isascii() else w)) for line in WORDS),
    "full-width blanks": cut("\u3000"),
    "two blanks": cut("  "),
    "tabs": cut("\t"),
    "tags of words": "\n".join(" ".join(f"{w}/{'w' if len(w) == 1 else 'nt'}" for w in line) for line in WORDS),
    "slashes": cut("/"),
}


@pytest.mark.parametrize("source", SEGMENTED.values(), ids=SEGMENTED)
def test_a_text_cut_into_words_reads_as_if_it_had_not_been(source):
    cleaned = clean(source)
    assert cleaned.text == SENTENCES
    assert {row["rule"] for row in cleaned.log} == {"blank"}
    assert undo(cleaned.text, cleaned.log) == source


def test_words_without_marks_are_joined_and_lists_are_not():
    words = "今天 我们 在 这里 开 一个 社区 的 居民 座谈会 主要 是 想 听 一 听 大家 对 老旧 小区 改造 的 意见"
    assert clean(words).text == words.replace(" ", "")
    names = "张三 李四 王五 赵六 孙七 周八 吴九 郑十 冯一 陈二 褚三 卫四 蒋五 沈六"
    assert clean(names).text == names


def test_one_line_that_is_set_apart_by_character_is_joined():
    prose = "去年秋天，镇里修通了到山上的公路，三个寨子的苹果当天就能运到县城，价钱比往年高了两成。"
    line = "老 支 书 说 路 通 以 前 果 子 要 靠 人 背 下 山 。"
    assert clean(f"{prose}\n{line}\n{prose}路。").text.split("\n")[1] == line.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("衞生署", "卫生署"),
        ("靑年", "青年"),
        ("鄕村", "乡村"),
        ("汚染", "污染"),
        ("擧辦", "举办"),
        ("粧飾", "妆饰"),
        ("羣眾", "群众"),
    ],
)
def test_forms_of_hong_kong_taiwan_and_old_print_are_simplified(text, simple):
    assert simplify(text) == simple


REPORT = (
    "临海市2025年政府工作报告\n各位代表：现在，我代表市人民政府向大会报告工作，请予审议。完成投资32亿元，增长10.2%。\n"
)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (REPORT.encode("hz"), "hz"),
        (REPORT.encode("utf-7"), "utf-7"),
        (REPORT.replace("予", "与").encode("iso2022_jp_2", "ignore"), "iso-2022-jp"),
        ("乡村振兴战略\n".encode("hz"), "hz"),
        (("Report 2025\n" * 20 + "县域经济和乡村振兴\n").encode("utf-7"), "utf-7"),
        (("Report 2025 ~~\n" * 20 + "县域经济和乡村振兴\n").replace("~~", "~").encode("hz"), "hz"),
    ],
)
def test_chinese_written_in_ascii_is_read(data, encoding):
    text, found = decode(data, "a.txt")
    assert found == encoding
    assert text == data.decode({"iso-2022-jp": "iso2022_jp_2"}.get(encoding, encoding))


@pytest.mark.parametrize("text", ["a+b-c and ~{x~} are no Chinese", "1+1=2; x~{y}", "A report of 2025.\n", "+-+- ~~"])
def test_ascii_stays_ascii(text):
    assert decode(text.encode(), "a.txt") == (text, "utf-8")


def test_utf_8_that_was_read_as_gbk_is_read_again():
    text = "现在，我代表市政府，向大会报告工作。"  # an even number of bytes in each run, so that none is lost
    wrong = text.encode().decode("gb18030", "replace")
    assert decode(wrong.encode(), "a.txt")[0].replace("\ufffd", "") in (text, *(text.replace(c, "") for c in text))
    assert decode(wrong.encode(), "a.txt")[1].startswith("utf-8 read as gb18030")
    lost = REPORT.encode().decode("gb18030", "replace").encode()
    found, encoding = decode(lost, "a.txt")
    assert encoding == f"utf-8 read as gb18030, {found.count(chr(0xFFFD))} lost"
    assert found.startswith("临海\ufffd2025年政府工作报")
    assert len(found) == len(REPORT)
