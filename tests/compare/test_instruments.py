"""Instruments: the same way of working under its several names, and since when."""

import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare import instruments


def paragraphs(*texts, doc_id="a", kind="body"):
    rows = [{"doc_id": doc_id, "paragraph": n, "kind": kind, "text": text} for n, text in enumerate(texts, start=1)]
    return pd.DataFrame(rows)


def names(text, **more):
    return set(instruments.find_instruments(paragraphs(text), **more)["instrument"])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("开展教育实践活动。", "党的群众路线教育实践活动"),
        ("开展党的群众路线教育实践活动。", "党的群众路线教育实践活动"),
        ("农民办事不出村。", "群众办事不出村"),
        ("做到小事不出村。", "群众办事不出村"),
        ("开展明查暗访。", "明察暗访"),
        ("组织书记述职。进行双述双评。", "述职评议"),
        ("整顿后进党组织。", "软弱涣散党组织整顿"),
        ("落实四议二公开。", "四议两公开"),
        ("村（社区）书记专职化。", "书记专职化"),
        ("村(社区)书记专职化。", "书记专职化"),  # half-width as full-width
        ("推进湖长制。", "河长制"),
        ("村民一次都不跑。", "最多跑一次"),
        ("抓好简政放权。", "放管服改革"),
    ],
)
def test_an_instrument_is_found_by_any_of_its_names(text, name):
    assert name in names(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("打造农产品品牌。", "党建品牌"),
        ("迎接中央环保督察。", "督查"),
        ("发展新业态。", "新就业群体党建"),
        ("开展不忘初心、牢记使命主题教育。", "新时代思想主题教育"),
        ("招录公务员，落实书记报酬。", "定向招录村干部"),
        ("建设工业信息平台。", "党建信息平台"),
    ],
)
def test_what_only_sounds_like_it_is_another_thing(text, name):
    assert name not in names(text)


def test_a_mention_has_its_place_and_wording():
    table = instruments.find_instruments(paragraphs("标题", "先开会，再约谈他。", doc_id="x"))
    assert table.to_numpy().tolist() == [["约谈", "x", 2, 5, 7, "约谈"]]
    assert list(table.columns) == list(instruments.COLUMNS)
    assert instruments.find_instruments(paragraphs("再约谈他。", kind="noise")).empty
    assert list(instruments.find_instruments(paragraphs("没有。")).columns) == list(instruments.COLUMNS)


def test_no_name_goes_from_one_paragraph_to_the_next():
    assert "约谈" not in set(instruments.find_instruments(paragraphs("先约", "谈一谈"))["instrument"])


def test_only_instruments_of_a_field():
    assert names("推进河长制，开展约谈。", field="report") == {"河长制"}


def test_who_has_it_and_since_when():
    text = pd.concat([paragraphs("约谈甲。约谈乙。", doc_id="a"), paragraphs("派第一书记，再约谈。", doc_id="b")])
    mentions = instruments.find_instruments(text)
    groups = mentions["doc_id"].map({"a": "东城", "b": "西城"})
    table = instruments.instrument_table(mentions, groups, pd.Series({"a": "2016", "b": "2014-12-29"}))
    row = table.set_index("instrument").loc["约谈"]
    assert (row["groups"], row["documents"], row["mentions"]) == (("东城", "西城"), ("a", "b"), 3)
    assert (row["first"], row["first_groups"], row["doc_id"]) == ("2014-12-29", ("西城",), "b")
    first = table.set_index("instrument").loc["第一书记"]
    assert (first["year"], first["gloss"]) == (2015, "first secretaries sent to villages")
    assert table["instrument"].tolist() == ["约谈", "第一书记"]
    undated = instruments.instrument_table(mentions, groups, pd.Series({"a": "", "b": ""}))
    assert set(undated["first"]) == {""}
    assert set(undated["first_groups"]) == {()}


def test_the_shipped_thesaurus_is_large_enough_and_each_finds_its_own_name_or_says_how():
    known = instruments.read_instruments()
    assert sum(i.field == "party" for i in known) >= 60
    assert sum(i.field == "report" for i in known) >= 30
    assert all(i.year is None or 1980 < i.year < 2030 for i in known)
    assert all(bool(i.document) == (i.year is not None) for i in known)
    assert [i.name for i in known if i.variants.search("")] == []


def test_wrong_lines_are_named_together(tmp_path):
    path = tmp_path / "own.tsv"
    lines = [
        "\t".join(instruments.HEADER),
        "a\tb\tparty\t\t\t甲",
        "a\tb\tparty\t\t\t乙",
        "c\td\tparty\tx\t\t丙",
        "e\t(",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CrosscityError) as error:
        instruments.read_instruments(path)
    assert all(f"line {n}" in str(error.value) for n in (3, 4, 5))
    assert "line 2" not in str(error.value)
    with pytest.raises(CrosscityError, match="is not there"):
        instruments.read_instruments(tmp_path / "none.tsv")
    path.write_text("a\tb\n", encoding="utf-8")
    with pytest.raises(CrosscityError, match="first line must name"):
        instruments.read_instruments(path)
    path.write_text("\n".join(lines[:2]), encoding="utf-8")
    assert names("甲。", path=path) == {"a"}
