"""Promises as a result: three invented cities of two years, and the state's reports."""

import numpy as np
import pytest
from crosscity.figures import promises as pictures
from crosscity.study.opening import open_study


def report(place, year, done, planned):
    return [
        f"{year}年{place}市人民政府工作报告", "各位代表：", "现在，我代表市人民政府，向大会报告工作，请予审议。",
        f"一、{year - 1}年工作回顾", *done, f"二、{year}年工作安排", *planned,
    ]  # fmt: skip


AIMS = (
    "今年经济社会发展的主要预期目标是：地区生产总值增长{gdp}%左右，城镇新增就业{jobs}万人以上，居民消费价格涨幅3%左右。"
)
NONE = ["过去一年，全市干部群众团结奋斗，各项事业都有进步。"]


@pytest.fixture(scope="module")
def tables(built):
    """By hand: of nine aims of 2023 six results are told, and five of them kept; three are silent."""
    first = {"盐城": (6, 5), "合肥": (7, 8), "随州": (6.5, 2)}
    second = {
        "盐城": ["过去一年，地区生产总值增长5.8%，城镇新增就业5.3万人，居民消费价格上涨1.2%。"],
        "合肥": ["过去一年，地区生产总值增长5.8%，城镇新增就业8.1万人，居民消费价格上涨0.9%。"],
        "随州": NONE,
    }
    documents = {}
    for city, (gdp, jobs) in first.items():
        documents[f"{city}-23"] = (f"{city},2023", report(city, 2023, NONE, [AIMS.format(gdp=gdp, jobs=jobs)]))
        aims = [AIMS.format(gdp=6, jobs=5)] if city != "随州" else ["今年要把各项工作做得更好。"]
        documents[f"{city}-24"] = (f"{city},2024", report(city, 2024, second[city], aims))
    return built(documents, "city,year")


@pytest.fixture
def study(tables, tmp_path):
    return open_study(tables, by="city", out=tmp_path)


def test_the_aims_of_each_city_are_followed_into_its_next_report(study):
    promises = study.promises()
    rows = promises.table[promises.table["year"] == 2023]
    said = {(r.place, r.indicator): r.outcome for r in rows.itertuples()}
    assert said == {
        ("盐城", "GDP growth"): "kept",  # 5.8 is around 6
        ("盐城", "new urban jobs"): "kept",
        ("盐城", "consumer prices"): "kept",
        ("合肥", "GDP growth"): "missed",  # 5.8 is not around 7
        ("合肥", "new urban jobs"): "kept",
        ("合肥", "consumer prices"): "kept",
        ("随州", "GDP growth"): "dropped",
        ("随州", "new urban jobs"): "dropped",
        ("随州", "consumer prices"): "dropped",
    }
    missed = rows[rows["outcome"] == "missed"].iloc[0]
    assert (missed["target"], missed["result"], missed["missed_by"]) == (7, 5.8, 1.2)
    assert set(promises.table.loc[promises.table["year"] == 2024, "outcome"]) == {"not yet due"}


def test_sentences_say_what_was_kept_and_what_is_silent_in_both_languages(study):
    first, told, silent, *_ = study.promises().sentences()
    assert first == "15 targets of 5 reports of 3 places."
    assert told == "Of 6 whose result is told 5 were kept: 83% (95% interval 44% to 97%)."  # Wilson, 5 of 6
    assert silent == "No result is told of 3: 0 are set anew, 0 moved to a later year, 3 dropped."
    assert study.promises().sentences()[-1].endswith("56% would have been kept.")  # 5 of 9
    chinese = study.promises().sentences("zh")
    assert chinese[1] == "6 项报告了结果，其中 5 项完成，占 83%（95% 区间 44% 至 97%）。"


def test_evidence_is_both_sentences_with_their_places(study):
    promises = study.promises()
    at = int(np.flatnonzero(promises.table["outcome"] == "missed")[0])
    lines = promises.evidence(at)
    assert lines["doc_id"].tolist() == ["合肥-23", "合肥-24"]
    assert "增长7%左右" in lines["text"].iloc[0]
    assert "增长5.8%" in lines["text"].iloc[1]
    dropped = int(np.flatnonzero(promises.table["outcome"] == "dropped")[0])
    assert promises.evidence(dropped)["doc_id"].tolist() == ["随州-23"]


def test_shares_by_indicator_place_and_time(study):
    promises = study.promises()
    shares = promises.by_indicator().table.set_index("indicator")
    assert shares.loc["GDP growth", ["followed", "met", "missed", "silent"]].tolist() == [3, 1, 1, 1]
    by_place = promises.by_place().table.set_index("place")["share"]
    assert by_place["盐城"] == 1
    assert round(by_place["合肥"], 3) == 0.667
    assert np.isnan(by_place["随州"])
    assert promises.by_decade().table["period"].tolist() == [2023, 2024]  # two years are no decades
    lines = promises.by_indicator().evidence(0)
    assert {"合肥-23", "盐城-23"} <= set(lines["doc_id"])


def test_the_picture_has_a_panel_an_indicator_and_the_shares(study, tmp_path):
    promises = study.promises()
    assert pictures.leading(promises.table) == ["GDP growth"]  # of no other three results are told
    fig = promises.figure()
    assert len(fig.axes) == 2
    study.keep(promises)
    kept = {path.name for path in tmp_path.iterdir()}
    assert {"promises.svg", "promises.csv", "targets-followed.csv", "promises-by-time.csv"} <= kept
    head = (tmp_path / "targets-followed.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head.startswith("place,year,due,indicator,item,")


def test_without_two_years_of_a_place_nothing_can_be_followed(of_towns, tmp_path):
    promises = open_study(of_towns, out=tmp_path).promises()
    assert not promises
    assert "no place has documents of one type from two years" in promises.sentences()[0].lower()


def test_years_are_no_decades():
    assert pictures.period_names([1950, 1980, 2020]) == ["1950s", "1980s", "2020s"]
    assert pictures.period_names([2019, 2020, 2021]) == ["2019", "2020", "2021"]
    assert pictures.period_names([2010, 2020]) == ["2010", "2020"]
    assert pictures.period_names([2020]) == ["2020"]
    assert pictures.period_names([]) == []
