"""Groups made alike, and what sets them apart then: matched documents, words, themes, stances, and refusals."""

import pytest
from crosscity import CrosscityError
from crosscity.study.result import Unavailable

from tests.helpers.results import check_result

NEWS = ["本报讯", "记者", "采访"]
REPORT = ["报告", "各位代表", "审议"]
PLACE = {"盐城": "渔港", "合肥": "茶山"}
GENRES = ("news", "report")


def text(city, genre, i, planted):
    """Thirteen paragraphs: words of the genre, and, if planted, more of the city's own."""
    first = "记者在现场采访，群众点头称赞。" if genre == "news" else "各位代表，现将工作报告如下，请予审议。"
    own = f"{PLACE[city]}建设取得进展。" if planted else "城市建设取得进展。"
    start = 100 + 40 * list(PLACE).index(city) + 3 * i
    others = [f"我们推进第{'一二三四五六七八九'[(i + n) % 9]}项改革，完成投资{start + n}亿元。" for n in range(5)]
    last = own if i % 2 else "道路修好了，桥也修好了。"
    return [f"{city}{genre}{i}", *[line for other in others for line in (first, other)], own, last]


def documents(many, planted=False):
    """Of each city and genre so many, by (city, genre)."""
    found = {}
    for (city, genre), n in many.items():
        for i in range(n):
            found[f"{city}{genre}{i}"] = (f"{city},{genre},2024", text(city, genre, i, planted))
    return found


@pytest.fixture(scope="session")
def mixed(built):
    """Two cities that differ in how many of their documents are news: 12 of 14, and 2 of 14."""
    many = {("盐城", "news"): 12, ("盐城", "report"): 2, ("合肥", "news"): 2, ("合肥", "report"): 12}
    return built(documents(many), "city,genre,year")


@pytest.fixture(scope="session")
def apart(built):
    """One city has news alone, the other work reports."""
    return built(documents({("盐城", "news"): 4, ("合肥", "report"): 4}), "city,genre,year")


@pytest.fixture(scope="session")
def planted(built):
    many = {("盐城", "news"): 8, ("盐城", "report"): 4, ("合肥", "news"): 4, ("合肥", "report"): 8}
    return built(documents(many, planted=True), "city,genre,year")


def test_what_is_matched_is_shown_in_both_languages(mixed, asked):
    found = asked(mixed).matched(match=["genre", "year"])
    check_result(found)
    assert list(found.matches) == ["合肥", "盐城"]
    assert found.table["column"].tolist() == ["genre", "all"] * 2
    # 2 of 14 news against 12 of 14.
    assert found.table["before"].tolist() == pytest.approx([10 / 14] * 4, abs=1e-6)
    assert found.table["after"].tolist() == [0] * 4
    said = "合肥: 14 of 14 documents match 14 of 14 others, in 2 strata; L1 falls from 0.71 to 0.00."
    assert said in found.sentences()
    assert "The same, or not stated, in all documents: year." in found.sentences()
    of = found.documents[(found.documents["group"] == "合肥") & (found.documents["side"] == "others")]
    # m_C / m_T is 1; 2 / 12 a piece of news, 12 / 2 a report.
    assert sorted(of["weight"].unique()) == pytest.approx([1 / 6, 6], abs=1e-6)


def test_genre_sets_groups_apart_and_does_not_once_they_are_alike(mixed, asked):
    study = asked(mixed, permutations=499)
    plain = study.keyness("盐城")
    assert {"记者", "采访"} & set(plain.table.loc[plain.table["way"] == "more", "term"])
    like = study.matched("盐城", match=["genre"]).keyness()
    assert like.table.empty
    assert like.found["盐城"]["p"].notna().any()
    said = [s for s in like.sentences() if s.startswith("盐城: of ")]
    assert len(said) == 1
    assert "0 are found again (not: " in said[0]
    assert study.matched("盐城", match=["genre"]).stances().table["answer"].isin(["more", "less"]).sum() == 0


def test_a_difference_within_genres_is_found(planted, asked):
    like = asked(planted).matched(match=["genre"]).keyness()
    assert "茶山" in set(like.table.loc[(like.table["group"] == "合肥") & (like.table["way"] == "more"), "term"])
    check_result(like)
    assert "crosses: without adjustment" in like.title
    assert {"log_ratio_plain", "mantel_haenszel"} <= set(like.table)
    less = like.less()
    assert type(less) is type(like)
    assert set(less.top["way"]) == {"less"}
    assert "use less than documents like theirs" in less.title
    row = int((like.table["term"] == "茶山").to_numpy().nonzero()[0][0])
    assert set(like.evidence(row)["group"]) == {"合肥"}
    test = like.test().table.set_index("group")
    assert test.loc["合肥", "differ"] >= 1
    assert list(like.tables()) == ["adjusted-keyness"]


def test_themes_and_stances_are_shares_with_and_without_adjustment(planted, asked):
    alike = asked(planted).matched(match=["genre"])
    for result in (alike.themes(), alike.stances()):
        check_result(result)
        table = result.table
        assert ((table["share"] - table["share_rest"]) - table["difference"]).abs().max() < 2e-6
        assert "difference_plain" in table
        assert {"group", "doc_id", "paragraph", "text"} <= set(result.evidence(0))
    shares = alike.stances().table.groupby("group")["share"].sum()
    assert shares.tolist() == pytest.approx([1, 1], abs=1e-5)


def test_groups_of_different_genres_are_refused_with_the_reason(apart, asked):
    alike = asked(apart).matched()
    assert isinstance(alike, Unavailable)
    assert alike.sentences() == [
        "合肥 and 盐城 share no stratum: genre is report against news; type of document is unknown against news."
    ]
    assert isinstance(alike.keyness(), Unavailable)
    by_genre = asked(apart, by="genre").matched(match=["genre"])
    assert by_genre.sentences() == ["News and report share no stratum: genre is news against report."]
    # What is compared is not matched by, unless it is named.
    said = asked(apart, by="genre", match=["genre", "year"]).matched().sentences()
    assert said[0].endswith("They are not matched by genre, which is compared.")


def test_five_documents_of_one_each_cannot_be_matched(built, asked):
    genres = ("news", "essay", "news", "report", "notice")
    rows = {
        city: (f"{city},{genre},2024", text("盐城", "news", i, False))
        for i, (city, genre) in enumerate(zip("甲乙丙丁戊", genres, strict=True))
    }
    found = asked(built(rows, "city,genre,year")).matched(match=["genre"])
    said = "Each of 5 cities has one document, and none is matched by two others in genre."
    assert found.sentences() == [said]


def test_documents_without_a_match_are_named_with_what_they_lack(built, asked):
    of = documents({("盐城", "news"): 4, ("合肥", "news"): 4, ("合肥", "report"): 1})
    found = asked(built(of, "city,genre,year")).matched(match=["genre"])
    assert found.unmatched[["group", "doc_id", "lacks"]].to_numpy().tolist() == [["合肥", "合肥report0", "genre"]]
    assert any("合肥report0 (genre)" in said for said in found.sentences())


def test_wrong_groups_and_columns_are_refused_by_name(mixed, asked):
    with pytest.raises(CrosscityError, match="group is '朝阳'; by city there are 合肥, 盐城"):
        asked(mixed).matched("朝阳")
    with pytest.raises(CrosscityError, match="match names the column 'wealth'"):
        asked(mixed, match=["wealth"]).matched()
