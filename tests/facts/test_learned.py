"""Choices by learned weights: their tables, ties, and what the rules keep to themselves."""

import pytest
from crosscity.facts.quantities import claims, learned

from .test_quantities import read

TABLE = "# weights\nfeature\tactual\ttarget\nalways\t3\t0\nin 将\t-9\t9\n"


@pytest.fixture
def planted(tmp_path, monkeypatch):
    (tmp_path / "small-weights.tsv").write_text(TABLE, encoding="utf-8")
    monkeypatch.setattr(learned, "_RESOURCES", tmp_path)
    learned._weights.cache_clear()
    yield
    learned._weights.cache_clear()


@pytest.mark.parametrize(
    ("features", "by_rule", "margin", "expected"),
    [
        (["always"], "target", 0, "actual"),
        (["always", "in 将"], "actual", 0, "target"),
        (["always", "in 将"], "actual", 15, "target"),
        (["always", "in 将"], "actual", 16, "actual"),  # not far enough ahead of what the rules say
        (["nowhere"], "target", 1, "target"),
    ],
)
def test_the_answer_with_the_greatest_sum_is_chosen(planted, monkeypatch, features, by_rule, margin, expected):
    monkeypatch.setattr(learned, "MARGIN", margin)
    assert learned.choose("small", features, by_rule) == expected


YEARS = "feature\tnone\tstated\tdocument\ttitle\nalways\t10\t20\t15\t0\nin 去年\t0\t0\t0\t9\n"


@pytest.fixture
def planted_years(tmp_path, monkeypatch):
    (tmp_path / "year-weights.tsv").write_text(YEARS, encoding="utf-8")
    monkeypatch.setattr(learned, "_RESOURCES", tmp_path)
    learned._weights.cache_clear()
    yield
    learned._weights.cache_clear()


@pytest.mark.parametrize(
    ("features", "years", "by_rule", "margin", "expected"),
    [
        (["always"], {"none": None, "stated": 2019, "document": 2020}, None, 0, 2019),
        # A year that two places state has the weights of both.
        (["always", "in 去年"], {"none": None, "stated": 2019, "document": 2020, "title": 2020}, None, 0, 2020),
        (["always"], {"none": None, "stated": 2019}, None, 11, None),  # not far enough ahead of what the rules say
        (["always"], {"none": None, "stated": 2019}, 2021, 21, 2021),  # a year of the rules that no place states
        (["nowhere"], {"none": None, "stated": 2019}, 2019, 0, 2019),
    ],
)
def test_the_likeliest_year_is_chosen(planted_years, monkeypatch, features, years, by_rule, margin, expected):
    """The year that its places make likeliest."""
    monkeypatch.setattr(learned, "MARGIN", margin)
    assert learned.choose_year(features, years, by_rule) == expected


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("kind", {"actual", "target", "standard", "change", "baseline"}),
        (
            "year",
            {"rule", "none", "stated", "document", "previous", "earlier", "listed", "term", "heading"}
            | {"title", "period", "told", "last", "next", "named", "prior"},
        ),
    ],
)
def test_a_shipped_table_has_known_answers_and_no_idle_row(name, answers):
    weights = learned._weights(name)
    assert set(weights.answers) <= answers
    assert "always" in weights.by_feature
    assert all(len(row) == len(weights.answers) and any(row) for row in weights.by_feature.values())


# What the rules are sure of, and genres that they read alone, do not hang on weights.
@pytest.mark.parametrize(
    ("text", "genre", "expected"),
    [
        ("水价由2元提高到3元。", "notice", [("baseline", None), ("target", None)]),
        ("第三条 对个人处以60元以上300元以下罚款。", "regulation", [("standard", None)] * 2),
        ("到2025年，基本建成体系。一是建成12家示范工厂。二是发布9项标准。", "plan", [("target", 2025)] * 2),
        ("新建道路80公里，完成投资9亿元。", "communiqué", [("actual", 2021)] * 2),
    ],
)
def test_what_rules_are_sure_of_stays(monkeypatch, text, genre, expected):
    monkeypatch.setattr(claims, "choose", lambda *rest, **more: "target")
    monkeypatch.setattr(claims, "choose_year", lambda *rest: None)
    assert [(q["kind"], q["year"]) for q in read(text, doc_type=genre)] == expected


def test_an_undated_text_is_of_the_last_month_that_it_tells_of():
    text = "巡察组于2022年9月进驻，并于2023年1月反馈了意见，要求2024年6月底前完成整改。截至目前，已整改19个问题。"
    assert [q["year"] for q in read(text, doc_type="feedback", year=None)][-1] == 2023
    assert [q["year"] for q in read("截至目前，已整改19个问题。", doc_type="feedback", year=None)] == [None]


def test_a_term_within_which_something_is_due_is_at_most():
    found = read("各单位收到通报后，应当在两个月内制定整改方案。", doc_type="notice")
    assert [(q["value"], q["qualifier"], q["item"]) for q in found] == [(2, "<=", "制定整改方案的期限")]


def test_the_year_of_an_aim_ends_at_the_next_point():
    one = "到2025年，建成12家工厂。二是培育9家企业。"
    assert [q["year"] for q in read(one, doc_type="plan")] == [2025, 2025]
    two = "1.到2025年，建成12家工厂。2.目前已有9家企业。"
    first, second = (q["year"] for q in read(two, doc_type="plan"))
    assert first == 2025
    assert second != 2025
