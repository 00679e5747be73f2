"""Stances and voices: our own sentences with hand-given answers, and what two people coded."""

import subprocess
import sys

import pandas as pd
import pytest
from crosscity.facts.observations import heading_stance, observe
from crosscity.facts.stances import STANCES, VOICES, sentences, stances
from crosscity.tables.builder import build
from crosscity.tables.store import read_table

from tests.helpers.gold import shared
from tests.helpers.growth import grows_with_the_length


def document(*rows, speaker="", units=None):
    """Stances of (kind, section, text) rows, as (sentence, stance, voice)."""
    kinds, sections, texts = zip(*rows, strict=True)
    table = {"paragraph": range(1, len(rows) + 1), "kind": kinds, "section": sections, "text": texts}
    table |= {"unit": units} if units else {}
    return [(texts[r.paragraph - 1][r.start : r.end], r.stance, r.voice) for r in stances(table, speaker)]


def alone(text, section="", speaker=""):
    return [stance for _, stance, _ in document(("body", section, text), speaker=speaker)]


def test_sentences():
    text = "  修了路。“我高兴！”他说。村里有灯；有井……还有树？!完"
    assert [text[a:b] for a, b in sentences(text)] == [
        "修了路。",
        "“我高兴！”",
        "他说。",
        "村里有灯；有井……还有树？!",
        "完",
    ]
    assert sentences("") == sentences(" \n") == []


def test_headings_state_what_is_below_them():
    stated = {
        "存在的主要问题及原因": "problem",
        "原因分析": "cause",
        "下一步工作打算": "plan",
        "2023年工作回顾": "achievement",
        "一、建强支部": "",
        "着力解决突出问题": "",  # the problem is what is mended
        "总结成绩，正视不足": "",
        "2024年工作安排 / 一、办好课堂": "plan",  # from the heading above
        "2024年工作安排 / 存在的问题": "problem",  # the nearest decides
    }
    assert {section: heading_stance(section) for section in stated} == stated
    years = {"二、2026年重点工作": "plan", "一、2025年工作": "achievement", "三、2026年重点工作 / 释放改革成效": "plan"}
    assert {section: heading_stance(section, 2026) for section in years} == years


def test_a_heading_decides_what_the_sentences_leave_open():
    text = "推进农村道路改造，扩建渔港码头，方便群众出行。"
    assert alone(text, "2023年工作回顾") == ["achievement"]
    assert alone(text, "下一步工作打算") == ["plan"]
    assert alone(text, "2024年工作安排 / 一、办好实事") == ["plan"]


def test_what_a_heading_hands_on():
    rows = [
        ("body", "2024年总体要求", "办好课堂。"),
        ("body", "一、建强支部", "推进结对。"),
        ("body", "一年工作回顾", "推进结对。"),
    ]
    kinds, sections, texts = zip(*rows, strict=True)
    table = {"paragraph": range(3), "kind": kinds, "section": sections, "text": texts}
    assert [one.context[0] for one in observe(table)] == ["heading plan", "after heading plan", "heading achievement"]
    units = observe(table | {"unit": ["甲县", "乙县", "乙县"]})  # another unit begins anew
    assert [one.context[0] for one in units] == ["heading plan", "after heading ", "heading achievement"]
    assert [one.link for one in units] == ["", "", "section"]


def test_how_sentences_hang_together():
    rows = [
        ("甲", "困难不少，主要是："),
        ("甲", "一是渔港小。渔船多。"),
        ("甲", "二是路窄。"),
        ("甲", "书屋开门。"),
        ("乙", "种树。"),
    ]
    sections, texts = zip(*rows, strict=True)
    table = {"paragraph": range(5), "kind": ["body"] * 5, "section": sections, "text": texts}
    assert [one.link for one in observe(table)] == ["", "list", "sentence", "list", "paragraph", "section"]


def test_problems_causes_and_the_answer_to_them():
    text = (
        "在看到成绩的同时，我们也清醒地认识到，工作中还存在不少短板：基层活动开展偏少。农家书屋经常关门，利用率不高。"
    )
    text += "产生这些问题的原因有两个：一是工作力量不足。二是思想认识不到位。对此，我们将认真加以解决。"
    assert alone(text, "2023年工作回顾") == ["problem", "problem", "cause", "cause", "plan"]


def test_voices():
    quoted = "“从前开会要走两小时。现在坐船就到！”老渔民陈阿水高兴地说。全镇已建成书屋十二处。"
    found = document(("body", "", quoted))
    assert [(s, v) for _, s, v in found] == [
        ("other", "citizen"),
        ("other", "citizen"),
        ("other", "author"),
        ("achievement", "author"),
    ]
    official = "“支部建在船上，人心就齐了。”海湾镇党委书记周海平说。"
    assert [v for *_, v in document(("body", "", official))] == ["secretary", "author"]
    ahead = "村支部书记林阿旺告诉记者：“我们修了路。灯也亮了。”书屋开了门。"
    assert [v for *_, v in document(("body", "", ahead))] == ["secretary", "secretary", "author"]
    assert document(("body", "", "习近平总书记强调，办法要从群众中来。"))[0][1:] == ("plan", "central")
    # Whom a report quotes in passing is not who speaks.
    assert document(("body", "", "县里落实总书记视察时的重要要求，修了路。"))[0][2] == "author"


def test_a_named_official_who_says_we_is_a_secretary():
    body = ("body", "", "我到村里走了十五次。")
    assert document(body, speaker="县委书记")[0][2] == "secretary"
    assert document(("byline", "", "市长 陈海生"), body)[0][2] == "secretary"
    assert document(body)[0][2] == "author"  # nobody is named
    assert (
        document(("body", "", "我县修了路，“我们很高兴”。"), speaker="县委书记")[0][2] == "author"
    )  # says neither I nor we
    assert document(body, speaker="本报记者")[0][2] == "author"
    note = ("note", "", "编者按：现将报告刊发。")
    assert document(note, body, speaker="县委书记")[0][1:] == ("other", "author")
    # In a document of several, each unit has its own.
    rows = [("byline", "", "甲县县委书记 林阿旺"), body, body]
    assert [v for *_, v in document(*rows, units=["甲县", "甲县", "乙县"])] == ["secretary", "author"]


def test_only_body_and_notes_are_coded():
    rows = [(kind, "", "修了路。") for kind in ("title", "byline", "heading", "note", "body")]
    assert [
        r.paragraph
        for r in stances(
            pd.DataFrame(
                {"paragraph": range(5), **dict(zip(("kind", "section", "text"), zip(*rows, strict=True), strict=True))}
            )
        )
    ] == [3, 4]
    assert stances({"paragraph": [], "kind": [], "section": [], "text": []}) == []


def test_nothing_breaks_it():
    odd = [
        "",
        "。",
        "“",
        "”” 。",
        "“" * 2000,
        "不足" * 3000,
        "要，" * 3000,
        "为" * 4000,
        "存在" * 3000,
        "\ud800\x00。",
    ]
    rows = [("body", section, text) for text in odd for section in ("", "存在的问题", "下一步")]
    found = stances(
        dict(zip(("kind", "section", "text"), zip(*rows, strict=True), strict=True)) | {"paragraph": range(len(rows))}
    )
    assert {row.stance for row in found} <= set(STANCES)
    assert {row.voice for row in found} <= set(VOICES)
    assert all(0 <= row.start < row.end <= len(rows[row.paragraph][2]) for row in found)


@pytest.mark.parametrize("piece", ["“", "不足", "要，", "为", "存在", "存在。"])
def test_time_grows_with_the_text_alone(piece):
    row = {"paragraph": [1], "kind": ["body"], "section": ["存在的问题"]}
    assert grows_with_the_length(lambda text: stances(row | {"text": [text]}), piece)


def test_stances_of_the_coded_documents(tmp_path):
    """Nine of ten sentences have the stance and the voice that two people gave them."""
    script = shared("score/score_stances.py")
    build(shared("corpora/five-cities"), tmp_path, progress=False)
    corpus, rows = read_table("corpus", tmp_path).set_index("doc_id"), []
    for name, part in read_table("paragraphs", tmp_path).groupby("doc_id"):
        rows += [{"doc_id": name, **row._asdict()} for row in stances(part, corpus["speaker"][name])]
    pd.DataFrame(rows).to_parquet(tmp_path / "stances.parquet")
    command = [sys.executable, str(script), str(tmp_path), str(shared("gold"))]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    line = next(line.split() for line in printed.splitlines() if line.startswith("all"))
    assert float(line[line.index("stance") + 1]) >= 0.9
    assert float(line[line.index("voice") + 1]) >= 0.9


def of_type(doc_type, *texts):
    return [stance.stance for stance in stances(bodies(*texts), doc_type=doc_type)]


def marks_of(*texts):
    return [{*one.marks, *one.context} for one in observe(bodies(*texts))]


def bodies(*texts):
    n = len(texts)
    return {"paragraph": range(n), "kind": ["body"] * n, "section": [""] * n, "text": texts}


CALL = [
    f"研究内容：{what}。考核指标：{reached}。申请专利≥2项。"
    for what, reached in (
        ("低温泵的密封技术", "流量误差≤3%"),
        ("铸件缺陷检测方法", "检出率≥95%"),
        ("温室管控", "软件1套"),
    )
]


def test_a_call_for_projects_says_what_projects_are_to_reach():
    assert of_type("regulation", *CALL) == ["plan"] * 9
    # Indicators of an assessment are a rule's, and a call's conditions are norms.
    assessed = [f"考核指标：{what}占{share}分。" for what, share in (("出勤率", 40), ("培训", 20), ("实操", 40))]
    assert of_type("regulation", *assessed) == ["norm"] * 3
    assert of_type("regulation", *CALL, "申报单位应当成立满一年，且不得重复申报。")[-1] == "norm"
    # In a plan lines that begin so say nothing of the others.
    told = "五年来，全市累计建成高标准农田50万亩，同比增长9%。"
    assert of_type("plan", *(f"主要目标：建设{n}个水厂。" for n in (3, 4, 5)), told)[-1] == "achievement"


def test_who_is_in_charge_is_framing():
    named = ["(甲县农业局负责)", "（市水利局牵头，市财政局配合）", "（责任单位：县教育局）", "（各部门分工负责）"]
    others = ["（去年新增项目12个，已全部落实）", "（各乡镇要抓好落实）", "（由市政府负责解释）", "（牵头人3名）"]
    assert ["in charge" in marks for marks in marks_of(*named, *others)] == [True] * 4 + [False] * 4
    assert of_type("plan", "每年开放场景20个。", named[0])[1] == "other"


def test_what_a_form_asks_for_is_framing_and_a_sanction_a_norm():
    form = ["二、设备投入情况（200字以内）", "三、其他情况（选填）", "四、概况（不超过500字）"]
    others = ["去年我市提炼出红色家训（共16字），广泛传播。", "三、其他情况"]
    assert ["form to fill in" in marks for marks in marks_of(*form, *others)] == [True] * 3 + [False] * 2
    assert of_type("notice", "请认真填写。", *form[:2])[1:] == ["other", "other"]
    assert of_type("notice", "基地每两年评一次。", "复查不合格的，取消称号。")[1] == "norm"
    assert of_type("news", "该县对不符合条件的企业取消补贴资格12家。") == ["achievement"]
