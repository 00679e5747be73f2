"""Text read one byte out of step: runs made from the bytes here, as a careless reader makes them, and read again."""

import itertools

import opencc
import pytest
from crosscity.documents.byte_slips import find_repairs

# Our own sentences, in the manner of the genre.
SENTENCES = [
    "各村党组织每月组织一次集中学习，党员干部轮流讲课，群众提出的问题当场答复。",
    "全镇加大财政投入，改善活动场所条件，为村级组织运转提供保障；对软弱涣散村逐一整顿。",
    "推动产业发展和乡村振兴，落实县级领导联系制度，解决群众反映强烈的突出问题。",
    "进一步完善考核办法，强化责任落实，形成上下联动、齐抓共管的工作格局。",
    "农村经济发展较慢，村集体收入不稳定，一些年轻党员外出务工，队伍后继乏人。",
    "选派机关干部到贫困村任职，帮助制定发展规划，争取项目资金，改善基础设施。",
]


def traditional(text):
    return opencc.OpenCC("s2t").convert(text)


def repaired(text):
    for repair in reversed(find_repairs(text)):
        text = text[: repair.start] + repair.after + text[repair.end :]
    return text


def read_carelessly(data):
    """GBK by pairs; a pair that is none becomes one question mark."""
    shown, i = "", 0
    while i < len(data):
        if data[i] < 0x80:
            shown, i = shown + chr(data[i]), i + 1
            continue
        try:
            shown += data[i : i + 2].decode("gb18030")
        except UnicodeDecodeError:
            shown += "?"
        i += 2
    return shown.replace("？", "?")


def slipped(text, at):
    """The lead byte of character `at` lost; None where the text does not fall back into step soon."""
    data = text[at : at + 12].encode("gbk")
    trails = [i for i in range(1, len(data), 2) if data[i] < 0x80]
    if not trails:
        return None
    step = trails[0] + 1
    return text[:at] + "?" + read_carelessly(data[1:step]) + text[at + step // 2 :]


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        # A1A3 BF82 F377 less its first byte: A3BF is a full-width question mark, 82F3 is 傮, 77 is w.
        ("堅持辦好的典型??傮w思路是抓基層", "堅持辦好的典型。總體思路是抓基層"),
        # Two annotations inside one character: the first shows its lead byte, the second its reading.
        ("能挑重?fù)?dān)。各级书记", "能挑重擔。各级书记"),
    ],
)
def test_known_runs(shown, meant):
    assert repaired(shown) == meant


def test_slips_are_undone():
    undone = made = 0
    for sentence in SENTENCES:
        text = traditional(sentence)
        for at in range(2, len(text) - 2):
            shown = slipped(text, at)
            if shown is not None:
                made += 1
                undone += repaired(shown) == text
    assert made > 60
    assert undone / made > 0.8


def test_a_straddled_pair_is_undone():
    # The pair D8 9F inside 溫熱血液 (9CD8 9FE1 D1AA D2BA) is 責, so "(zé)" was put between its two bytes and the rest.
    text = traditional("把群众的温热血液输送到基层组织")
    data = text.encode("gbk")
    cut = data.index(b"\xd8\x9f\xe1") + 2
    shown = read_carelessly(data[:cut] + "(zé)".encode("gb18030") + data[cut:])
    assert "?zé)" in shown
    assert repaired(shown) == text


@pytest.mark.parametrize(
    "text",
    [
        "为什么?因为群众需要。",
        "基層黨建怎么抓?關鍵在書記。",
        "能不能做到?一定能做到!",
        "什么是末端?w 在這裡",
        "Who?What?Where?",
        '村民问:"路修好了吗?"干部答:"修好了。"',
        "比例是?%,尚待核实",
        "?",
        "??",
        "结尾的问号?",
    ],
)
def test_a_question_mark_that_someone_wrote_stays(text):
    assert find_repairs(text) == []


def test_a_run_that_no_reading_explains_is_left():
    assert find_repairs("前面的話?龘靐齉齾爩後面的話") == []


def test_repairs_are_in_order_and_confident():
    text = traditional(SENTENCES[0])
    shown = [s for s in (slipped(text, at) for at in range(2, 20)) if s]
    joined = "\n".join(shown)
    found = find_repairs(joined)
    assert [r.start for r in found] == sorted(r.start for r in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(0.5 <= r.confidence <= 1 for r in found)


@pytest.mark.parametrize("text", ["为什么" + "?" * 200 + "因为", "汉?" * 300, "汉??字" * 200, "?w" * 200])
def test_rows_of_question_marks_are_left(text):
    """Each could double the ways to read on; this test would never end if all were tried."""
    found = find_repairs(text)
    assert all(r.start >= len(text) - 60 for r in found)
