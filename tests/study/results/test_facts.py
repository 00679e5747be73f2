"""What documents state: each section a result, with its sentences and the lines it rests on."""

import pandas as pd
import pytest
from crosscity.compare import arithmetic
from crosscity.facts import coding
from crosscity.language import in_language
from crosscity.tables import build

from tests.helpers.results import check_result

COUNTS = ["quantities", "programmes", "citations"]
RIGHT = "right on 196 coded by hand, with which the rules were written: F1 of value 100%"
MEASURES = ("F",)  # F1 is a measure's name


@pytest.fixture
def study(asked, of_towns):
    return asked(of_towns)


@pytest.fixture
def reports(asked, of_reports):
    return asked(of_reports)


def test_what_was_read(study):
    read = study.facts_read()
    check_result(read)
    assert read.table.set_index("group")[COUNTS].values.tolist() == [[4, 1, 0], [3, 0, 0], [0, 1, 0]]
    assert read.sentences() == ["3 documents state 7 quantities, 2 programmes, 0 citations."]
    assert list(read.evidence(1)["text"]) == ["泊位由10个增加到15个，增长80%。"]
    assert read.tables() == {}


def test_reliability_without_people_is_that_of_shipped_documents(study):
    reliability = study.reliability()
    check_result(reliability, MEASURES)
    assert not reliability.coded
    assert reliability.label("quantities").startswith(RIGHT)
    assert reliability.label("nothing") == "not coded"
    assert list(reliability.tables()) == ["reliability"]


def test_sheets_are_written_when_it_is_kept_and_left_alone_when_they_are_there(study):
    study.reliability()
    assert not (study.out / "coding").exists()
    study.keep(study.reliability())
    [sheet] = (study.out / "coding").glob("*/stances.csv")
    assert {p.name for p in sheet.parent.iterdir()} >= {"key.csv", "codebook.csv", "quantities.html"}
    sheet.write_text("answered", encoding="utf-8")
    study.keep(study.reliability())
    assert sheet.read_text(encoding="utf-8") == "answered"


def test_with_peoples_answers_their_rates_and_agreement(study, tmp_path):
    study.keep(study.reliability())
    [folder] = (study.out / "coding").iterdir()
    key = pd.read_csv(folder / "key.csv", dtype=str, keep_default_na=False)
    stance = key[(key["task"] == "stances") & (key["question"] == "stance")]
    coded = tmp_path / "coded"
    coded.mkdir()
    for name in ("key.csv", "codebook.csv"):
        (coded / name).write_bytes((folder / name).read_bytes())
    answers = stance["machine"].where(stance["id"] != stance["id"].iloc[0], "norm")
    sheet = pd.DataFrame({"sheet": stance["sheet"], "id": stance["id"], "stance": answers, "voice": ""})
    for coder in ("anna", "bo"):
        sheet.to_csv(coded / f"stances-{coder}.csv", index=False)
    reliability = study.reliability(str(coded))
    check_result(reliability)
    assert reliability.coded
    whole = reliability.table.set_index("label").loc["all"]
    assert (whole["n"], whole["right"]) == (len(stance), len(stance) - 1)
    assert "coders agree with alpha 1.00" in reliability.sentences()[0]
    assert list(reliability.tables()) == ["agreement", "disagreements", "reliability"]
    row = list(reliability.table["label"]).index("all")
    assert list(reliability.evidence(row)["id"]) == [stance["id"].iloc[0]]
    assert reliability.label("stances").startswith(f"right on {len(stance)} coded by hand: stance ")


def test_sheets_have_the_themes_of_a_codebook_of_ones_own(tmp_path, asked):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "甲.txt").write_text("东边的渔港很热闹。\n西边的渔港也热闹。\n", encoding="utf-8")
    book = tmp_path / "own.yaml"
    leaf = "{code: lakes, group: water, definition: harbours, source: ours, strong: 渔港, terms: 渔船}"
    book.write_text(f"groups: {{water: harbours}}\nleaves: [{leaf}]\n", encoding="utf-8")
    build(tmp_path / "raw", tmp_path / "tables", codebook=str(book))
    study = asked(tmp_path / "tables", by="doc_id", codebook=str(book))
    study.keep(study.reliability())
    [written] = (study.out / "coding").glob("*/codebook.csv")
    assert "water" in written.read_text(encoding="utf-8")


def test_a_sample_without_items_writes_nothing(study, monkeypatch):
    none = coding.CodingSample({}, pd.DataFrame(columns=coding.KEY_COLUMNS), pd.DataFrame())
    monkeypatch.setattr(coding, "draw_sample", lambda *_, **__: none)
    study.keep(study.reliability())
    assert not (study.out / "coding").exists()


def test_shares_of_stances_rest_on_their_sentences(study):
    shares = study.stances()
    check_result(shares)
    rows = shares.table
    row = rows.index[(rows["group"] == "盐城") & (rows["theme"] == "all") & (rows["stance"] == "problem")][0]
    text = shares.evidence(row)["text"]
    assert list(text) == ["存在的问题是灯塔不够亮，工作不到位。"]
    assert rows["characters"][row] == text.str.len().sum()
    assert shares.sentences()[0].startswith("Share of text that admits a problem: 合肥 0%, 盐城 ")
    causes = shares.causes()
    check_result(causes)
    assert causes.sentences() == ["Sentences that give a cause: 盐城 1."]
    assert list(causes.evidence(0)["text"]) == list(causes.table["text"]) == ["究其原因是责任没有压实。"]


def test_units_within_a_document(study):
    assert study.stances_of_units().sentences() == ["No document has units within it."]
    named = study._with_tokens()
    odd = named["paragraph"].map(lambda n: "随县" if n % 2 else "广水市")
    named["unit"] = odd.where(named["doc_id"] == "甲", "")
    study._results.clear()
    units = study.stances_of_units()
    check_result(units)
    assert set(units.table["group"]) == {"随县", "广水市"}
    row = units.table.index[units.table["sentences"] > 0][0]
    assert set(units.evidence(row)["group"]) == {units.table["group"][row]}
    assert list(units.tables()) == []


def test_programmes_rest_on_all_their_mentions(study):
    named = study.programmes()
    check_result(named, MEASURES)
    assert named.sentences() == ["One named programme: 1 shared."]
    assert named.table["groups"].tolist() == [("合肥", "随州")]
    assert len(named.evidence(0)) == named.table["mentions"][0] == 2
    [part] = named.parts()
    assert (part.name, part.title) == ("shared-programmes", "Programmes that several have")
    study.keep(named)
    assert study.findings == named.sentences()
    assert {"programmes.csv", "programmes-figure.svg", "shared-programmes.svg"} <= {p.name for p in study.out.iterdir()}


def test_numbers_that_contradict_each_other_are_told(study):
    checked = study.arithmetic()
    check_result(checked)
    assert checked.sentences() == [
        "2 figures can be derived from others: 1 agree with what is stated, 1 contradict it, the rest cannot be "
        "checked.",
        "盐城: from 10个 to 15个 is 50%; the text says 80%.",
    ]
    row = list(checked.table["verdict"]).index("contradicts")
    assert list(checked.evidence(row)["text"]) == ["泊位由10个增加到15个，增长80%。"]
    assert "contradicts" in repr(checked).splitlines()[5]  # those come first


@pytest.mark.parametrize(
    ("statement", "chinese"),
    [
        ("12亿元 after growth of 20%: the level before is 10亿元", "12亿元，系增长 20% 之后：此前为 10亿元"),
        ("8个 after a fall of 20%: the level before is 10个", "8个，系下降 20% 之后：此前为 10个"),
        ("5个 more to 15个 is 50%; the text says 80%", "增加 5个 至 15个，增幅为 50%；文中为 80%"),
        ("5个 less to 15个 is 25%; the text says 20%", "减少 5个 至 15个，降幅为 25%；文中为 20%"),
        ("1项 + 3项 is 4项; the text says 4项", "1项 + 3项为 4项；文中为 4项"),
        ("30 + 40 + 29 is 99; shares of a whole add up to 100", "30 + 40 + 29为 99；各部分之和应为 100"),
        ("30万元 over 15个 is 2万元 (1.9万元 to 2.1万元)", "30万元 除以 15个为 2万元（1.9万元 至 2.1万元）"),
        ("from 10个 to 15个 is 50%", "由 10个 到 15个，变化为 50%"),
        ("5个 of 10个 is 50%; the text says 60%", "5个 占 10个为 50%；文中为 60%"),
        ("5个 at 50% of 全市: the whole is 10个", "5个 占全市的 50%：总量为 10个"),
        ("3元 for each of 10户 is 30元; the text says 30元", "每个 3元，共 10户，合计为 30元；文中为 30元"),
        ("something else", "something else"),
    ],
)
def test_statements_of_arithmetic_in_chinese(statement, chinese):
    assert arithmetic.statement_label(statement) == statement
    with in_language("zh"):
        assert arithmetic.statement_label(statement) == chinese


def test_results_against_targets(reports):
    targets = reports.targets()
    check_result(targets, MEASURES)
    rows = targets.table.set_index("doc_id")
    assert rows.loc["乙城", ["result", "target", "gap"]].tolist() == [5, 6, 1]
    assert rows["gap"].isna().sum() == 1  # 甲城 has no target
    assert targets.sentences() == [
        "10 of 10 reports give last year's growth of GDP or this year's target.",
        "Neither is found for: none.",
    ]
    row = list(targets.table["doc_id"]).index("乙城")
    assert list(targets.evidence(row)["text"]) == [
        "2023年，全市地区生产总值增长5%。",
        "2024年预期目标是：地区生产总值增长6%左右。",
    ]
    assert list(targets.tables()) == ["results-and-targets", "not-reported"]


def test_gaps_by_province(reports):
    gaps = reports.targets().gaps()
    check_result(gaps)
    means = gaps.table.set_index("province")["mean"]
    # 4 + i % 3 against 6: 乙丙丁戊 have gaps of 1, 0, 2, 1; 己庚辛壬癸 of 0, 2, 1, 0, 2
    assert means.to_dict() == {"江苏": 1, "安徽": 1}
    assert gaps.table.set_index("province")["n"].to_dict() == {"江苏": 4, "安徽": 5}
    assert gaps.sentences() == [
        "Growth of GDP: the mean target lies above the mean result in 0 of 2 provinces with three reports or more, "
        "and below it in 0; elsewhere the interval contains 0."
    ]
    assert len(gaps.evidence(0)) == 2 * gaps.table["n"][0]


def test_few_reports_have_no_targets(study):
    targets = study.targets()
    assert targets.sentences() == ["It takes 10 work reports to set results against targets, and here are 0."]
    assert targets.sentences("zh") == targets.gaps().sentences("zh")
    assert not targets.gaps()
    study.keep(targets, targets.gaps())
    assert study.asides == targets.sentences()
    assert study.findings == []
