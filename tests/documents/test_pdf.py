"""The text of PDFs: fonts that are not embedded or do not name their characters, hyphens, columns, running heads."""

import re

import pytest
from crosscity.documents.cleaning import clean
from crosscity.documents.formats import UnreadableError
from crosscity.documents.formats.pdf import read_pdf

from tests.conftest import SHARED
from tests.documents.test_formats import pdf

CASES = SHARED / "cases" / "pdf"
TEXT = "各位代表：现在，我代表市人民政府报告工作。完成投资五亿元，同比增长百分之六。"


def without_font(pieces, encoding="UniGB-UCS2-H", ordering="GB1", name="SimSun"):
    """A PDF that sets pieces of text, each at its place, in a font that it does not embed."""
    shown = "\n".join(
        f"BT /F1 12 Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET" for x, y, text in pieces
    )
    descriptor = (
        "/Flags 32 /FontBBox [0 -220 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -220 /CapHeight 700 /StemV 80"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> "
        "/Contents 4 0 R >>",
        f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream",
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /{encoding} /DescendantFonts [6 0 R] >>",
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) "
        f"/Ordering ({ordering}) /Supplement 2 >> /FontDescriptor 7 0 R /DW 1000 >>",
        f"<< /Type /FontDescriptor /FontName /{name} {descriptor} >>",
    ]
    body = "".join(f"{n} 0 obj\n{content}\nendobj\n" for n, content in enumerate(objects, start=1))
    return f"%PDF-1.4\n{body}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\n%%EOF".encode()


def apart(text, x=70, y=770, step=12):
    """A piece of text for each character."""
    return [(x + step * (i % 30), y - 22 * (i // 30), c) for i, c in enumerate(text)]


FOREIGN = {
    "in one piece": [(70, 770, TEXT)],
    "a character at a time": apart(TEXT),
    "rare characters": apart(TEXT.replace("市", "龘").replace("五", "㐀")),
    "characters of the user area": apart(TEXT.replace("市", "\ue123")),
    "two pieces on a line": [(70, 770, TEXT[:10]), (190, 770, TEXT[10:])],
}


@pytest.mark.parametrize("pieces", FOREIGN.values(), ids=FOREIGN)
def test_text_in_a_font_that_is_not_embedded_is_whole_and_told(pieces):
    text, encoding, _, notes, unread = read_pdf(without_font(pieces), "卷.pdf")
    assert "".join(text.split()) == "".join(piece for *_, piece in pieces)
    n = sum(len(piece) for *_, piece in pieces)
    assert (encoding, unread) == ("pdf", 0)
    assert notes == (
        f"does not embed SimSun: {n} characters are read by their codes alone, so compare some with the page",
    )


def test_characters_that_no_font_names_are_counted():
    """Pieces of a character each have no extent, since nobody knows the character."""
    pieces = [(70, 770, TEXT), *apart("某某某", y=700)]
    text, _, _, notes, unread = read_pdf(without_font(pieces, "Identity-H", "Identity"), "卷.pdf")
    assert "".join(text.split()) == TEXT
    assert unread == 3
    assert notes[0] == "shows about 3 characters that its fonts do not name, which are left out"


def test_a_pdf_most_of_which_no_font_names_is_refused():
    with pytest.raises(UnreadableError, match="run OCR on it first"):
        read_pdf(without_font(apart(TEXT), "Identity-H", "Identity"), "卷.pdf")


def test_characters_of_an_embedded_font_without_a_map_stand_as_unknown():
    lines = ["The plan of the city and of its towns", "修路种树养鱼"]
    data = pdf(lines).replace(b"/ToUnicode", b"/ToUnicodX")
    text, _, _, notes, unread = read_pdf(data, "卷.pdf")
    assert text == f"{lines[0]}\n" + "\N{REPLACEMENT CHARACTER}" * 6
    assert unread == 0
    assert notes == ("has 6 characters that its fonts do not name, which stand as \N{REPLACEMENT CHARACTER}",)


HYPHENS = {
    "a word divided": (["The manu-", "facturing plan"], "The manufacturing plan"),
    "a word that the text has with its hyphen": (
        ["a data-", "driven and data-driven plan"],
        "a data-driven and data-driven plan",
    ),
    "a number": (["from 3D-", "printing to AI"], "from 3D-printing to AI"),
    "capitals": (["the AI-", "5G plan"], "the AI-5G plan"),
    "before Chinese": (["发展3D-", "打印产业"], "发展3D-打印产业"),
    "years": (["在2020-", "2025年"], "在2020-\n2025年"),
}


@pytest.mark.parametrize(("lines", "expected"), HYPHENS.values(), ids=HYPHENS)
def test_hyphens_at_ends_of_lines(lines, expected):
    text, *_ = read_pdf(pdf(lines), "卷.pdf")
    assert text == expected


def columns(text, width, height, pages):
    """A PDF with two columns on a page, the left one first."""
    lines = re.findall(f".{{1,{width}}}", text)
    assert len(lines) <= 2 * height * pages
    return without_font(
        [(60 + 260 * (i // height % 2), 800 - 14 * (i % height), line) for i, line in enumerate(lines[: 2 * height])]
    )


STORY = "".join(
    f"第{n}村修通了到县城的公路，村民把苹果运到集市上卖，收入比去年增长百分之{n}，学校和医院也有了班车。"
    for n in "一二三四五六七八九"
)


@pytest.mark.parametrize("width", [11, 12, 14, 17, 19])
def test_narrow_columns(width):
    text, *_ = read_pdf(columns(STORY, width, 24, 1), "卷.pdf")
    assert clean(text).text.replace("\n", "") == STORY


def test_running_heads_over_hard_wrapped_lines():
    lines = [STORY[i : i + 20] for i in range(0, len(STORY), 20)]
    pages = [["某市年鉴二〇二五年卷", *lines[i : i + 5], str(i // 5 + 1)] for i in range(0, len(lines), 5)]
    text, *_ = read_pdf(pdf(*pages), "卷.pdf")
    cleaned = clean(text)
    assert cleaned.text.replace("\n", "") == "某市年鉴二〇二五年卷" + STORY
    gone = [row["before"] for row in cleaned.log if row["rule"] == "furniture:running-head"]
    assert sorted(gone) == sorted(["某市年鉴二〇二五年卷"] * (len(pages) - 1) + [str(n + 1) for n in range(len(pages))])


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")
def test_the_cases():
    read = {p.stem: read_pdf(p.read_bytes(), p) for p in CASES.glob("*/*.pdf")}
    assert len("".join(read["bychar2025"].text.split())) == 42
    assert "完成投资五亿元。" in read["partial2025"].text
    assert len("".join(read["partial2025"].text.split())) == 64
    assert len("".join(clean(read["临海2025"].text).text.split())) == 1119
