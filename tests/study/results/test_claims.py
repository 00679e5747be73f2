"""What results claim, by hand on invented documents: sizes, extremes, caveats, and who is named in none."""

import pytest
from crosscity.language import in_language
from crosscity.study.results.claims import claims_of, kept_claims
from crosscity.study.results.own_facts import _name

from tests.helpers.results import check_result

PARTY = {  # heads' pay: 3 and 6 tens of thousands; the third says nothing of it
    "甲": ("盐城,news feature,2014", ["社区主职年报酬达到3万元。", "全市党员教育培训经费占财政收入的2%。"]),
    "乙": (
        "合肥,news feature,2020",
        ["社区主职年报酬达到6万元。", "考核中党建工作占50%。", "每村每年有工作经费2万元。"],
    ),
    "丙": ("随州,work report,2014", ["渔港修好了，岸边的灯塔重新亮了起来。"]),
}


def texts(claims, family):
    return [claim.text for claim in claims if claim.family == family]


@pytest.fixture
def party(asked, built):
    return asked(built(PARTY, "city,genre,year"), min_df=1)


@pytest.fixture
def reports(asked, of_reports):
    return asked(of_reports)


def test_targets_above_and_below_with_the_median_and_who_goes_farthest(reports):
    # Results of the nine with a target of 6%: 5, 6, 4, 5, 6, 4, 5, 6, 4.
    [claim] = claims_of(reports.targets())
    assert claim.text == (
        "6 of 9 cities aim above last year's growth of gross domestic product, 0 below: the median target is 6%, after "
        "5%. Furthest above: 丁城 (+2 points), 庚城 (+2 points) and 1 more."
    )
    assert "One report gives only one of the two, or neither." in claim.caveat
    assert claim.place == "#figure-targets"
    assert claim.topic == "GDP growth"
    with in_language("zh"):
        assert claims_of(reports.targets())[0].text.startswith("地区生产总值增长：9 个城市中有 6 个的目标高于上年实绩")


def test_a_report_that_breaks_off_is_named_in_no_extreme(asked, built, of_reports, reports):
    assert reports.incomplete() == {}
    studied = asked(of_reports)
    studied._results["incomplete"] = {"丁城": "breaks off", "庚城": "breaks off"}
    [claim] = claims_of(studied.targets())
    assert claim.text.startswith("4 of 7 cities aim above")
    assert "丁城" not in claim.text


def test_what_several_report_is_compared_and_says_of_which_years(party):
    [claim] = [c for c in claims_of(party.indicators()) if c.topic == "community head pay"]
    assert claim.text == (
        "Pay of community heads (社区主职): 2-fold difference, reported by 2 of 3 cities: 合肥 60,000 yuan a year "
        "(2020); 盐城 30,000 yuan a year (2014)."
    )
    assert "The figures are of different years." in claim.caveat
    assert "Rules, targets" not in claim.caveat
    # Half of what is there: 1 less the ratio, 0.85 for the years, and two of three report.
    assert claim.score == pytest.approx(0.5 * 0.85 * (0.5 + 0.5 * 2 / 3))


def test_what_one_reports_alone_and_shares_come_first(party):
    own = texts(kept_claims(party.indicators()), "own")
    assert len(own) == 2
    assert own[0].startswith("合肥: ")
    assert "50%" in own[0].split(";")[0]
    assert not any("60,000" in said or "30,000" in said for said in own)  # two report it
    assert not any(said.startswith("随州") for said in own)
    assert "20,000 yuan" in own[0]  # of another paragraph


@pytest.mark.parametrize(
    ("item", "scope", "unit", "name"),
    [
        ("社区场所平均面积", "合肥市", "平方米", "社区场所平均面积"),
        ("合肥面积", "合肥市", "平方米", ""),  # of what?
        ("合肥社区活动场所面积", "合肥市", "平方米", "社区活动场所面积"),
        ("既依托烈士命名镇村打造“实境课堂数", "盐城市", "个", ""),
        ("村级集体空壳村", "合肥市", "元", ""),  # money of what?
        ("村级转移支付", "随县", "元", "村级转移支付"),
        ("市委领导班…联系点数", "", "个", ""),  # cut in an edition without text
    ],
)
def test_an_item_is_a_label_or_has_no_name(item, scope, unit, name):
    assert _name(item, scope, unit) == name


def test_there_is_nothing_of_ones_own_among_many(reports):
    assert texts(kept_claims(reports.indicators()), "own") == []


def test_shares_of_stances_are_compared_within_a_genre_alone(asked, built):
    quiet = ["渔港修好了，岸边的灯塔重新亮了起来。"] * 8
    loud = ["存在的问题是灯塔不够亮，工作不到位。"] * 4 + quiet[:4]
    documents = {
        f"{c}": (f"{c}城,{genre},2014", [f"{line[:-1]}，{c}{i}。" for i, line in enumerate(lines)])
        for c, genre, lines in (
            ("甲", "news feature", quiet),
            ("乙", "news feature", quiet),
            ("丙", "work reports", loud),
        )
    }
    claims = claims_of(asked(built(documents, "city,genre,year"), min_df=1).stances())
    assert texts(claims, "stance") == []  # two of a genre are too few
    [said] = texts(claims, "genre")
    assert said.startswith("How much is admitted goes with genre: where it is work reports, problems take")
    assert "news feature, 0%" in said


def test_the_claims_of_a_study_are_a_result(party, reports, asked, of_one):
    said = party.claims()
    check_result(said, terms=("F",))
    assert said.table["score"].is_monotonic_decreasing
    assert said.table["topic"].is_unique
    assert said.sentences()[0].startswith("What each gives more of its text to than any other: ")
    assert len(reports.claims(1).table) == 1
    assert not asked(of_one).claims()
    assert asked(of_one).claims().sentences() == ["Nothing is comparable in these documents."]
