"""What documents take up of sources: passages and names, the first source, the order in time; by hand."""

import pandas as pd
import pytest
from crosscity.compare import take_up
from crosscity.compare.sources import Texts, order_of
from crosscity.compare.take_up import take_ups

PASSAGE = "建立村口茶水站和流动书车的轮值制度，让赶集的老人歇得下脚、看得上报"
EDITED = "建立村口茶水站和流动医车的轮值制度，让赶集的老人坐得稳、歇得下脚、看得上报"
OTHER = "山坡上的果园去年新修了两条水渠，采摘的人比往年多。"
COLUMNS = ["doc_id", "paragraph", "start", "end", "canonical"]


def texts(*documents, sources, programmes=()):
    """Documents (name, date, text) as `Texts`; programmes are (doc_id, paragraph, start, end, name).

    Those that are no sources have text of their own behind it.
    """
    own = {name: "" if name in sources or name.startswith("抄") else f"\n{OTHER * 5}" for name, *_ in documents}
    rows = [(name, n, line) for name, _, text in documents for n, line in enumerate((text + own[name]).split("\n"), 1)]
    corpus = pd.DataFrame([(name, date, pd.NA) for name, date, _ in documents], columns=["doc_id", "date", "year"])
    paragraphs = pd.DataFrame(rows, columns=["doc_id", "paragraph", "text"])
    return Texts(paragraphs, corpus, sources, pd.DataFrame(list(programmes), columns=COLUMNS))


def found(*documents, sources=("国",), programmes=()):
    return take_ups(texts(*documents, sources=list(sources), programmes=programmes)).rows


def test_a_passage_its_first_source_and_the_nearest():
    rows = found(
        ("国一", "2021", f"今年要{PASSAGE.replace('书车', '书箱')}。"),
        ("国二", "2023", f"继续{PASSAGE}。"),
        ("省", "2024", f"我省{PASSAGE}。"),
        sources=["国一", "国二"],
    )
    row = rows.iloc[0]
    assert len(rows) == 1
    assert (row["kind"], row["doc_id"], row["first"], row["source"]) == ("passage", "省", "国一", "国二")
    assert row["sources"] == ("国一", "国二")
    assert (row["similarity"], row["order"]) == (1.0, "earlier")


@pytest.mark.parametrize(
    ("source", "document", "order"),
    [
        ("2023", "2024", "earlier"),
        ("2024", "2024", "not told"),  # the month may be either
        ("2024", "2024-03", "not told"),
        ("2024-03-05", "2024-03-06", "earlier"),
        ("2024", "2023-11", "later"),
        ("", "2024", "not told"),
    ],
)
def test_what_dates_tell(source, document, order):
    rows = found(("国", source, f"要{PASSAGE}。"), ("市", document, f"我市{PASSAGE}。"))
    assert rows["order"].tolist() == [order]


def test_dates_of_different_length():
    assert order_of(("2023-00-00", "2023-99-99"), ("2024-01-00", "2024-01-99")) == "earlier"
    assert order_of(None, ("2024-00-00", "2024-99-99")) == "not told"


def test_one_passage_in_two_wordings_is_one_item():
    rows = found(
        ("国", "2023", f"要{PASSAGE}。"), ("省", "2024", f"我省{PASSAGE}。"), ("市", "2025", f"我市要{EDITED}。")
    )
    assert rows["doc_id"].tolist() == ["省", "市"]
    assert rows["item"].nunique() == 1
    assert rows.loc[rows["doc_id"] == "市", "similarity"].item() < 1


def test_what_no_source_has_said_for_ten_years_is_not_taken_up():
    assert len(found(("国", "2014", f"要{PASSAGE}。"), ("市", "2024", f"我市{PASSAGE}。"))) == 1
    assert len(found(("国", "2013", f"要{PASSAGE}。"), ("市", "2024", f"我市{PASSAGE}。"))) == 0


def test_short_passages_must_be_more_alike(monkeypatch):
    source = ("国", "2023", "全面推行河道巡护员与田间水管员一人双岗的值守制度。")
    document = ("市", "2024", "全面推行河道巡护员与田头水管员一人双岗的值守制度。")  # 22 of 23 characters
    assert len(found(source, document)) == 1
    monkeypatch.setattr(take_up, "SHORT_SIMILARITY", 0.97)
    assert len(found(source, document)) == 0


def test_a_place_cuts_no_figure_and_no_quotation():
    rows = found(("国", "2023", f"2022年{PASSAGE}，叫作“歇脚站”。"), ("市", "2024", f"2023年{PASSAGE}，叫作“歇脚站”。"))
    row = rows[rows["kind"] == "passage"].iloc[0]
    assert (row["start"], row["text"][:5], row["text"][-5:]) == (0, "2022年", "“歇脚站”")


def test_a_document_that_is_the_source_itself_takes_nothing_up():
    held = take_ups(
        texts(
            ("国", "2023", f"要{PASSAGE}。"),
            ("抄本", "2024", f"要{PASSAGE}。"),
            ("县", "2024", f"要{PASSAGE}。"),
            sources=["国"],
        )
    )
    assert held.copies == ["抄本"]
    assert held.rows["doc_id"].tolist() == ["县"]


def test_a_programme_by_its_name():
    rows = found(
        ("国", "2023", "实施清泉入户提升行动，惠及山区。"),
        ("市", "2024", "清泉入户提升行动全部完工。"),
        programmes=[("国", 1, 2, 10, "清泉入户提升行动")],
    )
    row = rows.iloc[0]
    assert (row["kind"], row["text"], row["doc_id"], row["start"], row["end"]) == (
        *("programme", "清泉入户提升行动", "市"),
        *(0, 8),
    )
    assert (row["source"], row["source_start"]) == ("国", 2)


def test_marks_and_numbers_of_notes_within_a_name_do_not_count():
    source = ("国", "2023", "打好“甜水、净土、蓝湖守护战”。")
    programmes = [("国", 1, 3, 13, "甜水、净土、蓝湖守护战")]
    for text in ("打好甜水净土蓝湖守护战。", "打好“甜水、净土、蓝湖守护战[17]”。"):
        assert len(found(source, ("市", "2024", text), programmes=programmes)) == 1


@pytest.mark.parametrize(
    ("text", "n"), [("落实“三清两补”。", 1), ("落实三清两补。", 0), ("落实“三清两补[3]”要求。", 1)]
)
def test_a_numbered_slogan_needs_quotation_marks(text, n):
    source = ("国", "2023", "坚持“三清两补”。")
    assert len(found(source, ("市", "2024", text), programmes=[("国", 1, 3, 7, "三清两补")])) == n


def test_a_slogan_in_quotation_marks_that_no_table_has():
    assert len(found(("国", "2023", "建设“好水井”。"), ("市", "2024", "多建“好水井”。"))) == 1
    assert len(found(("国", "2023", "啃下“硬骨头”。"), ("市", "2024", "啃下“硬骨头”。"))) == 0  # a figure of speech


def test_a_short_name_within_a_longer_one_is_another_programme():
    source, at = ("国", "2023", "推进暖屋工程。"), [("国", 1, 2, 6, "暖屋工程")]
    own = ("市", 1, 2, 8, "高山暖屋工程")
    assert len(found(source, ("市", "2024", "推进高山暖屋工程。"), programmes=[*at, own])) == 0
    assert len(found(source, ("市", "2024", "推进暖屋工程。"), programmes=at)) == 1


def test_names_at_the_end_of_a_paragraph():
    source = ("国", "2023", "坚持“清三河”和“清三河治两岸”。")
    rows = found(source, ("市", "2024", "坚持“清三河”"))
    assert rows["text"].tolist() == ["清三河"]


def test_nothing_in_common():
    assert found(("国", "2023", f"要{PASSAGE}。"), ("市", "2024", OTHER)).empty
