"""Themes of paragraphs: weights by hand, rules, headings, our own paragraphs, and what two people coded."""

import math

import pandas as pd
import pytest
from crosscity.facts.codebook import read_codebook
from crosscity.facts.extract import fitting_codebook
from crosscity.facts.themes import MAX_THEMES, themes
from crosscity.tables.builder import build
from crosscity.tables.store import read_table
from crosscity.words.tokens import Tokenizer

from tests.helpers.gold import scores, shared
from tests.helpers.growth import grows_with_the_length

PARTY = "村党支部召开党员大会，支部书记述职。"


@pytest.mark.parametrize(
    ("doc_type", "text", "expected"),
    [
        ("work report", "修路一百里。", "report"),
        ("resolution", "会议同意修路。", "report"),
        ("work report", PARTY, "report"),
        ("other", PARTY, "party"),
        ("other", "加强基层组织建设，选派第一书记到村。", "party"),
        ("other", "推广智能水泵。" * 300 + PARTY, "policy"),
        ("other", "测试车辆应当在封闭道路上行驶。", "policy"),
        ("plan", "推动算力发展。", "policy"),
        ("other", "", "policy"),
    ],
)
def test_the_codebook_that_fits(doc_type, text, expected):
    assert fitting_codebook(doc_type, [text]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("测试车辆应当在封闭道路上行驶，自动驾驶须有驾驶人。", "transport"),
        ("突破关键核心技术，建设人工智能实验室。", "technology"),
        ("改善患者就医体验，医院开展远程诊疗。", "health"),
        ("加强教师队伍建设，学校开设新课程。", "schooling"),
        ("推进煤矿智能化，保障能源安全。", "energy"),
        ("发展养老服务，方便老年人。", "welfare"),
        ("工业和信息化部发出通知。", "general"),
        ("扩大对外贸易，发展跨境电商。", "trade"),
        ("加强文物保护，办好博物馆。", "culture"),
    ],
)
def test_general_fields_of_policy(text, expected):
    columns = {"paragraph": [1], "kind": ["body"], "section": [""], "text": [text]}
    assert themes(columns, [[]], read_codebook("policy"))[0].theme == expected


def test_the_fields_of_policy_are_the_major_topics_of_the_comparative_agendas_project():
    assert len({leaf.group for leaf in read_codebook("policy").leaves} - {"general"}) == 21


BOOK = """
groups: {water: w, roads: r, woods: f, lacks: l, rest: e}
leaves:
- {code: lakes, group: water, definition: d, terms: 湖长 水库}
- {code: rivers, group: water, definition: d, terms: 河长, strong: 河道}
- {code: roads, group: roads, definition: d, terms: 公路 桥梁 国有}
- code: woods
  group: woods
  definition: d
  terms: 林长
  rules:
  - {term: 巡护, with: [林区, 山林]}
  - {term: 造林, not in: [造林局], not after: [停止]}
- {code: lacks, group: lacks, definition: d, terms: 不足, leads: true}
- {code: rest, group: rest, definition: d, fallback: true}
"""


@pytest.fixture
def book(tmp_path):
    (tmp_path / "own.yaml").write_text(BOOK, encoding="utf-8")
    return read_codebook(tmp_path / "own.yaml")


@pytest.fixture(scope="module")
def party():
    return read_codebook()


def coded(book, *texts, section="", kind="body", words=None):
    """Themes of paragraphs of one section, numbered from 1."""
    n = len(texts)
    table = {"paragraph": range(1, n + 1), "kind": [kind] * n, "section": [section] * n, "text": texts}
    return themes(table, [()] * n if words is None else words, book)


def shares(rows):
    return {(row.theme, row.leaf): row.weight for row in rows}


def test_weights_by_hand(book):
    rows = coded(book, "修公路。湖长、湖长、河道，公路")
    # In the first sentence a term counts twice: 公路 3 times in all. 湖长 is found twice; 河道 once, with weight 3.
    roads, lakes, rivers = math.log2(4), math.log2(3), 3 * math.log2(2)
    total = roads + lakes + rivers
    assert [(r.paragraph, r.theme, r.leaf, r.rank) for r in rows] == [
        (1, "water", "rivers", 1),
        (1, "roads", "roads", 2),
    ]
    assert [r.weight for r in rows] == pytest.approx([(lakes + rivers) / total, roads / total], abs=5e-5)


def test_what_reaches_too_little_of_the_first_is_no_theme(book):
    assert [r.theme for r in coded(book, "河道；湖长；公路")] == ["water"]  # 1 of 4
    assert [r.theme for r in coded(book, "河道；公路、桥梁")] == ["water", "roads"]  # 2 of 3
    assert [r.theme for r in coded(book, "公路；湖长")] == ["water", "roads"]  # equal: in the order of the file


def test_a_heading_counts_half_and_the_one_above_a_quarter(book):
    rows = coded(book, "湖长", section="公路 / 河道")
    assert shares(rows) == {("water", "rivers"): round(2.5 / 2.75, 4)}  # 1 + 3 / 2 of water, 1 / 4 of roads
    assert shares(coded(book, "河道", section="湖长", kind="heading")) == {
        ("water", "rivers"): 1.0
    }  # its own words alone


def test_below_a_heading_on_problems_they_come_first(book):
    rows = coded(book, "公路、桥梁、公路；湖长，水库", section="公路的不足")
    assert [r.theme for r in rows] == ["lacks", "roads", "water"]
    assert [r.theme for r in coded(book, "公路、桥梁、公路；湖长，水库")] == ["roads", "water"]


def test_rules(book):
    assert shares(coded(book, "山林有人巡护")) == {("woods", "woods"): 1.0}
    assert shares(coded(book, "山林很大。街上有人巡护")) == {
        ("rest", "rest"): 0.0
    }  # the companion is in another sentence
    assert shares(coded(book, "造林")) == {("woods", "woods"): 1.0}
    assert shares(coded(book, "造林局")) == shares(coded(book, "停止在山上造林")) == {("rest", "rest"): 0.0}
    assert shares(coded(book, "停止开垦，造林")) == {("woods", "woods"): 1.0}  # another clause


def test_a_term_does_not_straddle_words(book):
    assert shares(coded(book, "中国有山", words=[["中国", "有", "山"]])) == {("rest", "rest"): 0.0}
    assert shares(coded(book, "大公路桥", words=[["大公路桥"]])) == {("roads", "roads"): 1.0}  # within a word
    assert shares(coded(book, "中国有山")) == {("roads", "roads"): 1.0}  # no words are known
    assert shares(coded(book, "中国有山", words=[["美国", "有"]])) == {("roads", "roads"): 1.0}  # words of another text


def test_only_headings_and_body_are_coded(book):
    table = {"paragraph": [1, 2, 3, 4, 5], "kind": ["title", "byline", "note", "heading", "body"]}
    table |= {"section": [""] * 5, "text": ["公路"] * 5}
    assert [r.paragraph for r in themes(pd.DataFrame(table), [()] * 5, book)] == [4, 5]
    assert themes({name: [] for name in table}, [], book) == []


OWN = [  # written for this test, and what a reader of the codebook codes first, or as a further theme
    ("各镇党委书记年底向县委述职，考核排在末位的由县委约谈，问责三人。", "", "responsibility", ()),
    ("今年换届以后，村干部平均年龄降了六岁，一肩挑比例过了九成。", "", "leadership", ()),
    ("从县直机关选派四十名第一书记，挂职两年。", "", "leadership/dispatch", ()),
    ("镇党校办了十二期培训班，送党课到船上，轮训党员两千人。", "", "education/training", ()),
    ("土地流转以后，村集体经济收入翻了一番，合作社给农户分红。", "", "economy", ()),
    ("新建党群服务中心九处，每处建筑面积不少于三百平方米。", "", "venues", ()),
    ("村书记的报酬每月提高四百元，离任村干部也有生活补贴。", "", "funding/pay", ()),
    ("每个社区的工作经费列入财政预算，党费再补一部分。", "", "funding/budgets", ()),
    ("在快递、外卖等新业态里组建党支部，两新组织应建尽建。", "", "coverage/new-groups", ()),
    ("把社区划成网格，网格员上门调解邻里纠纷，矛盾在楼里了结。", "", "governance", ()),
    ("公布村级小微权力清单，村务监督委员会查处违纪的村干部。", "", "governance/discipline", ()),
    ("取消四十项报表，治理文山会海，会议列出负面清单，为村里减负。", "", "governance/burden", ()),
    ("干部每月走访农户，记民情日记，办成实事三百件。", "", "service/mass-line", ()),
    ("党员志愿者认领微心愿，为独居老人代办各种手续。", "", "service", ()),
    ("对排出的十一个软弱涣散村党组织逐一整顿，限期转化。", "", "rectification", ()),
    ("驻村工作队帮扶贫困户，全县如期脱贫。", "", "revitalisation", ()),
    ("用大数据和手机客户端搭起智慧党建平台，远程教育进了每个村。", "", "digital", ()),
    ("深入开展主题教育，坚定理想信念，做到两个维护。", "", "ideology", ()),
    ("有的支部活动少，经费不足，党员老化，作用发挥不够。", "存在的主要问题", "problems", ()),
    ("村里的活动场所面积小，设施不够用。", "存在的主要问题及原因", "problems", ("venues",)),
    ("破解活动场所面积不足的难题，新建党群服务中心。", "", "venues", ()),
    ("秋天的街上到处是人。", "", "general", ()),
]


@pytest.mark.parametrize(("text", "section", "first", "further"), OWN)
def test_own_paragraphs(text, section, first, further, party):
    rows = coded(party, text, section=section, words=Tokenizer().word_lists([text]))
    assert rows[0].theme == first.split("/")[0], rows
    assert "/" not in first or rows[0].leaf == first.split("/")[1]
    assert set(further) <= {row.theme for row in rows[1:]}


@pytest.mark.parametrize("piece", ["面积", "问题不足", "网格，", "“"])
def test_time_grows_with_the_text_alone(party, piece):
    assert grows_with_the_length(lambda text: coded(party, text, words=[["面积"] * (len(text) // 2)]), piece)


def test_nothing_breaks_it(party):
    odd = ["", "。", "“", "面积" * 3000, "问题不足" * 1500, "\ud800公路\x00", "网格，" * 2000]
    rows = coded(party, *odd, section="存在的问题 / ", words=[["面积"] * 3000] * len(odd))
    assert {row.paragraph for row in rows} == set(range(1, len(odd) + 1))
    assert all(1 <= row.rank <= MAX_THEMES and 0 <= row.weight <= 1 for row in rows)


def test_themes_of_the_coded_documents(tmp_path, party):
    """The first theme of five paragraphs in six is right, and 80 % of all."""
    score = scores()
    gold = score.load_gold(shared("gold"))
    build(shared("corpora/five-cities"), tmp_path, progress=False)
    rows = []
    joined = read_table("paragraphs", tmp_path).merge(read_table("tokens", tmp_path), on=["doc_id", "paragraph"])
    for name, part in joined.groupby("doc_id"):
        rows += [{"doc_id": name, **row._asdict()} for row in themes(part, part["tokens"], party)]
    pd.DataFrame(rows).to_parquet(tmp_path / "themes.parquet")
    tables = score.load_tables(tmp_path, list(gold))
    found = [score.score(tables[name], coded) for name, coded in gold.items()]
    for label, least in (("themes", 0.8), ("theme1", 5 / 6)):
        right, total = (sum(one[label][i] for one in found) for i in (0, 1))
        assert right >= least * total, label
