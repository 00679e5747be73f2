"""Web pages, Word documents and PDFs: what text comes out, and what is said of those that have none."""

import builtins
import io
from pathlib import Path

import docx
import pytest
from crosscity import CrosscityError
from crosscity.documents.cleaning import clean, running_heads
from crosscity.documents.corpus import read_corpus
from crosscity.documents.formats import UnreadableError
from crosscity.documents.formats.html import read_html
from crosscity.documents.formats.pdf import read_pdf
from crosscity.documents.formats.plain import read_rtf
from crosscity.documents.formats.word import read_docx
from crosscity.documents.records import read_workbook
from crosscity.pages import FONT_FILE
from crosscity.tables.builder import build
from crosscity.tables.store import read_table
from docx.oxml import parse_xml

A = "去年秋天，镇里修通了到山上的公路，三个寨子的苹果当天就能运到县城，价钱比往年高了两成。"
B = "老支书说，路通以前，果子要靠人背下山，背到集上已经碰坏了一半，大家都不愿意多种。"
C = "今年春天，合作社又添了冷库，果农可以等到春节前后再卖，一斤能多挣一块多钱。"
TITLE = "三个寨子通了公路"

PAGE = f"""<html><head><meta charset="gb2312"><title>{TITLE}_扬州水利网</title></head><body>
<div class="nav"><a href="/">首页</a> &gt; <a href="/n">要闻</a></div>
<h1>{TITLE}</h1><div class="share">分享到：<a>微信</a> <a>微博</a></div>
<div class="article"><p>　　{A}</p><p>　　{B}</p>
<table><tr><td>指标</td><td>2022年</td><td>2023年</td></tr><tr><td>苹果产量</td><td>120</td><td>150</td></tr></table>
<p>　　{C.replace("冷库", "<a href='/l'>冷库</a>")}</p></div>
<footer>版权所有：扬州市水利局</footer><script>var 广告 = "{B}";</script></body></html>"""


def word(*blocks):
    """A Word document: strings are paragraphs, lists are tables."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block), len(block[0]))
        for i, row in enumerate(block):
            for j, cell in enumerate(row):
                table.cell(i, j).text = cell
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def pdf(*pages):
    """A PDF with a text layer: a page is a list of lines."""
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    font, data = FontProperties(fname=str(FONT_FILE)), io.BytesIO()
    with mpl.rc_context({"pdf.fonttype": 42}), PdfPages(data) as file:
        for lines in pages:
            figure = Figure(figsize=(6, 8))
            for i, line in enumerate(lines):
                figure.text(0.1, 0.95 - 0.04 * i, line, fontproperties=font, fontsize=10)
            file.savefig(figure)
    return data.getvalue()


# A page of a PDF that asks for a password which nobody knows.
LOCKED = b"""%%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99]>> endobj
4 0 obj <</Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s>>> endobj
trailer <</Root 1 0 R /Size 5 /Encrypt 4 0 R /ID [<00> <00>]>>
%%%%EOF
""" % (b"28" * 32, b"31" * 32)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_web_page_gives_its_article(encoding):
    text, named, about, *_ = read_html(PAGE.encode(encoding), "页.html")
    lines = [line.strip() for line in text.split("\n")]
    assert lines[0] == TITLE
    assert [line for line in lines if line in {A, B, C}] == [A, B, C]
    assert "苹果产量\t120\t150" in lines
    assert "广告" not in text
    assert named == f"html, {encoding}"
    assert about["title"] == TITLE


def test_a_web_page_without_text_is_said_to_be_one():
    with pytest.raises(UnreadableError, match=r"^页\.html is a web page without text: save the article itself"):
        read_html(b"<html><head><title></title></head><body><script>var a = 1;</script></body></html>", "页.html")


def test_a_word_document_gives_its_paragraphs_and_tables_in_order():
    data = word(TITLE, A, [["指标", "2022年"], ["苹果\n产量", "120"]], B)
    assert read_docx(data, "路.docx") == (f"{TITLE}\n{A}\n指标\t2022年\n苹果 产量\t120\n{B}", "docx", {}, (), 0)


def test_what_tracked_changes_inserted_is_read_and_what_they_deleted_is_not():
    def ns(tag, inner):
        return f'<w:{tag} xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{inner}</w:{tag}>'

    document = docx.Document(io.BytesIO(word("前")))
    body = document.element.body
    run = "<w:r><w:t>{}</w:t></w:r>"
    body[0].append(parse_xml(ns("ins", run.format("插入的话"))))
    body[0].append(parse_xml(ns("del", "<w:r><w:delText>删去的话</w:delText></w:r>")))
    body[0].append(parse_xml(ns("smartTag", run.format("扬州"))))
    body.insert(1, parse_xml(ns("sdt", f"<w:sdtContent><w:p>{run.format('框里的一段')}</w:p></w:sdtContent>")))
    ruby = f"<w:ruby><w:rt>{run.format('dǎng')}</w:rt><w:rubyBase>{run.format('党')}</w:rubyBase></w:ruby>"
    body.insert(2, parse_xml(ns("p", f"<w:r>{ruby}</w:r>{run.format('建')}")))
    data = io.BytesIO()
    document.save(data)
    assert read_docx(data.getvalue(), "路.docx")[0] == "前插入的话扬州\n框里的一段\n党建"


def test_a_table_of_one_cell_is_what_stands_in_it():
    document = docx.Document(io.BytesIO(word([["甲"]])))
    document.tables[0].cell(0, 0).add_paragraph("乙")
    data = io.BytesIO()
    document.save(data)
    assert read_docx(data.getvalue(), "路.docx")[0] == "甲\n乙"


def test_a_cell_that_spans_rows_is_read_once():
    document = docx.Document(io.BytesIO(word([["甲", "乙"], ["", "丙"]])))
    table = document.tables[0]
    table.cell(0, 0).merge(table.cell(1, 0))
    data = io.BytesIO()
    document.save(data)
    assert read_docx(data.getvalue(), "路.docx")[0] == "甲\t乙\n\t丙"


WITHIN = {
    "a section": f"<p>{A}</p><p>{B}</p><section><span>只在这里的一段。</span></section><p>{C}</p><p>{A}{B}</p>",
    "the middle": f"<p>{A}</p><p>{B}</p><center>只在这里的一段。</center><p>{C}</p><p>{A}{B}</p>",
    "a style": f'<p>{A}</p><p style="overflow:hidden">只在这里的一段。</p><p>{B}</p><p>{C}</p>',
}


@pytest.mark.parametrize("inner", WITHIN.values(), ids=WITHIN)
def test_nothing_within_an_article_is_lost(inner):
    text, *_ = read_html(f"<html><body><h1>{TITLE}</h1><div>{inner}</div></body></html>".encode(), "页.html")
    assert "\n只在这里的一段。\n" in text


BARE = {
    "paragraphs": f"<p>{A}</p><p>{B}</p>",
    "breaks": f"{A}<br>{B}",
    "plain": f"{A}\n{B}",
    "a table as the frame": f"<table><tr><td><p>{A}</p><p>{B}</p></td></tr></table>",
    "a declaration": f'<?xml version="1.0" encoding="utf-8"?><html><body><p>{A}</p><p>{B}</p></body></html>',
    "a long style": f"<style>{'a{color:red}' * 3000}</style><p>{A}</p><p>{B}</p>",
}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("page", BARE.values(), ids=BARE)
def test_bare_pages(page, encoding):
    assert read_html(page.encode(encoding), "页.html")[0] == f"{A}\n{B}"


def test_readings_above_characters_are_left_out():
    page = f"<html><body><p>{A}<ruby>党<rp>(</rp><rt>dǎng</rt><rp>)</rp></ruby>建</p><p>{B}</p></body></html>"
    assert read_html(page.encode(), "页.html")[0] == f"{A}党建\n{B}"


def test_a_date_is_not_guessed_from_a_page():
    page = PAGE.replace("</footer>", " 2009-2016</footer>").replace("2023年", "2018年3月5日")
    assert "date" not in read_html(page.encode(), "页.html")[2]


def test_pages_without_text_are_counted():
    text, encoding, *_ = read_pdf(pdf([A[:20]], [], ["- 3 -"]), "卷.pdf")
    assert encoding == "pdf, 2 of 3 pages without text"
    assert text.startswith(A[:20])


def test_a_merged_cell_is_read_once():
    document = docx.Document(io.BytesIO(word([["甲", "", "乙"]])))
    row = document.tables[0].rows[0]
    row.cells[0].merge(row.cells[1])
    data = io.BytesIO()
    document.save(data)
    text, *_ = read_docx(data.getvalue(), "路.docx")
    assert [cell.strip() for cell in text.split("\t")] == ["甲", "乙"]


def test_a_pdf_gives_its_pages():
    text, encoding, *_ = read_pdf(pdf([TITLE, A[:30]], [B[:30]]), "卷.pdf")
    assert (text, encoding) == (f"{TITLE}\n{A[:30]}\f{B[:30]}", "pdf")


def test_the_lines_of_a_pdf_become_paragraphs_without_running_heads():
    """Lines are joined over the borders of pages; the headline at the top of the first page stays."""
    story = A + B + C + B.replace("果子", "梨子") + A.replace("苹果", "柿子")
    lines = [story[i : i + 19] for i in range(0, len(story), 19)]  # none of them ends with a sentence
    pages = [[TITLE, *lines[i : i + 4], f"- {i // 4 + 1} -"] for i in range(0, len(lines), 4)]
    source, *_ = read_pdf(pdf(*pages), "卷.pdf")
    cleaned = clean(source)
    assert cleaned.text == f"{TITLE}\n{story}"
    dropped = [row["before"] for row in cleaned.log if row["rule"] == "furniture:running-head"]
    assert sorted(dropped) == sorted([*[TITLE] * (len(pages) - 1), *[page[-1] for page in pages]])


HEADS = {
    "a head and numbers": (["题\n甲\n1", "题\n乙\n2", "题\n丙\n3"], ["1", "题", "2", "题", "3"]),
    "two pages are too few": (["题\n甲\n1", "题\n乙\n2"], []),
    "less than half of the pages": (["题\n甲", "题\n乙", "题\n丙", "丁", "戊", "己", "庚"], []),
    "nothing is repeated": (["甲", "乙", "丙"], []),
    "one page has a line twice": (["甲。", "乙。\n乙。", f"{A}\n乙。"], []),
    "numbers that do not count pages": (["11\n甲\n31", "12\n乙\n77", "18\n丙\n40"], []),
    "pages from the third on": (["甲\n3", "乙\n第4页", "丙\n5", "丁\n6"], ["3", "5", "6"]),
    "numbered headings": (["附件1\n甲", "附件2\n乙", "附件3\n丙"], []),
    "no pages": (["甲"], []),
    "empty pages": (["", "", ""], []),
}


@pytest.mark.parametrize(("pages", "dropped"), HEADS.values(), ids=HEADS)
def test_running_heads(pages, dropped):
    text = "\f".join(pages)
    assert [text[e.start : e.end] for e in running_heads(text)] == dropped


UNREADABLE = {
    "扫.pdf": (lambda: pdf([]), "扫.pdf has no text in it (its 1 pages are pictures: run OCR on it first)"),
    "锁.pdf": (lambda: LOCKED, "锁.pdf is encrypted: save it without a password"),
    "坏.pdf": (lambda: pdf([A])[:400], "坏.pdf cannot be read as a PDF"),
    "空.pdf": (lambda: b"", "空.pdf cannot be read as a PDF"),
    "锁.docx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "锁.docx is an old .doc: save it as .docx"),
    "坏.docx": (lambda: word(A)[:900], "坏.docx cannot be read as a Word document"),
    "文.docx": (lambda: A.encode(), "文.docx cannot be read as a Word document"),
    "图.docx": (lambda: word(""), "图.docx has no text in it"),
    "页.pdf": (lambda: pdf(["1"], ["2"], ["3"]), "页.pdf has no text in it"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_has_no_text_is_left_out_and_the_rest_goes_on(name, tmp_path):
    make, said = UNREADABLE[name]
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / name).write_bytes(make())
    (folder / "文.txt").write_text(A, encoding="utf-8")
    (folder / "路.docx").write_bytes(word(TITLE, A, B))
    (folder / "corpus.csv").write_text(f"file,city\n{name},扬州\n文.txt,苏州\n路.docx,南京\n", encoding="utf-8")
    _, notes = build(folder, tmp_path, progress=False)
    assert [said in note and note.startswith("left out: ") for note in notes] == [True]
    corpus = read_table("corpus", tmp_path)
    assert sorted(corpus[["doc_id", "city", "encoding"]].to_numpy().tolist()) == [
        ["文", "苏州", "utf-8"],
        ["路", "南京", "docx"],
    ]


def test_a_corpus_of_nothing_but_scans_is_an_error(tmp_path):
    for name in ("甲.pdf", "乙.pdf"):
        (tmp_path / name).write_bytes(pdf([]))
    with pytest.raises(CrosscityError, match=r"2 problems:(?s:.*)乙\.pdf has no text(?s:.*)甲\.pdf has no text"):
        read_corpus(tmp_path)


@pytest.mark.parametrize(
    ("module", "reader", "name"),
    [
        ("striprtf", read_rtf, "路.rtf"),
        ("pypdfium2", read_pdf, "卷.pdf"),
        ("python_calamine", lambda data, name: read_workbook(Path(name), data), "表.xlsx"),
    ],
)
def test_without_the_extra_a_message_says_how_to_have_it(module, reader, name, monkeypatch):
    real = builtins.__import__

    def without(wanted, *args, **kwargs):
        if wanted.split(".")[0] == module:
            raise ImportError(wanted)
        return real(wanted, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CrosscityError, match=r"is not installed: pip install 'crosscity\[formats\]'") as caught:
        reader(b"", name)
    assert not isinstance(caught.value, UnreadableError)


def test_the_manifest_goes_before_what_a_page_says(tmp_path):
    (tmp_path / "页.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "corpus.csv").write_text("file,city,title\n页.html,扬州,山里的路\n", encoding="utf-8")
    (source,), _ = read_corpus(tmp_path)
    assert (source.metadata["city"], source.metadata["title"]) == ("扬州", "山里的路")
