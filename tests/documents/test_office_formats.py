"""OpenDocument, slides, books, OFD, RTF, Markdown, saved pages, and old Word documents."""

import io
import zipfile
from pathlib import Path

import pytest
from crosscity.documents.formats import READERS, REFUSED, UnreadableError
from crosscity.documents.formats.office import read_with_office
from crosscity.documents.formats.opendocument import read_epub, read_odt, read_ofd, read_pptx
from crosscity.documents.formats.plain import read_markdown, read_mhtml, read_rtf

A = "村里的水渠修了三公里，梯田都浇上了水。"
B = "老井旁边又立了一块新碑，上面刻着捐款人的名字。"


def zipped(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def odt(body, styles=""):
    names = " ".join(f'xmlns:{n}="http://{n}"' for n in ("office", "text", "table", "draw", "style"))
    content = f"{styles}<office:body>{body}</office:body>"
    return zipped({"content.xml": f"<office:document-content {names}>{content}</office:document-content>"})


ODT = {
    "paragraphs": (f"<text:h>题</text:h><text:p>{A}</text:p>", f"题\n{A}"),
    "blanks, tabs and breaks": (
        '<text:p>甲<text:s text:c="2"/>乙<text:tab/>丙<text:line-break/>丁</text:p>',
        "甲  乙\t丙\n丁",
    ),
    "a note at the end": (
        f"<text:p>{A}<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>见县志。</text:p>"
        f"</text:note-body></text:note></text:p><text:p>{B}</text:p>",
        f"{A}\n{B}\n见县志。",
    ),
    "a table": (
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell>"
        "<table:table-cell><text:p>乙</text:p></table:table-cell></table:table-row></table:table-header-rows></table:table>",
        "甲\t乙",
    ),
    "what was deleted": (f"<text:tracked-changes><text:p>旧</text:p></text:tracked-changes><text:p>{A}</text:p>", A),
    "a span": (f"<text:p>{A[:4]}<text:span>{A[4:]}</text:span></text:p>", A),
    "a reading above": (
        "<text:p><text:ruby><text:ruby-base>渠</text:ruby-base><text:ruby-text>qu</text:ruby-text></text:ruby></text:p>",
        "渠",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "text"), ODT.values(), ids=ODT)
def test_an_opendocument_text_gives_what_it_shows(body, text):
    assert read_odt(odt(body), "x.odt").text == text


def test_lists_of_an_opendocument_text_are_numbered():
    styles = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
        'style:num-format="一, 二, 三, ..." style:num-suffix="、"/>'
        '<text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix="." '
        'text:display-levels="2"/></text:list-style><text:list-style style:name="B"/>'
    )

    def items(*texts):
        return "".join(f"<text:list-item>{text}</text:list-item>" for text in texts)

    inner = f"<text:p>修渠</text:p><text:list>{items('<text:p>备料</text:p>', '<text:p>验收</text:p>')}</text:list>"
    body = f'<text:list text:style-name="L">{items(inner, "<text:p>种树</text:p>")}</text:list>'
    body += f'<text:list text:style-name="B">{items("<text:p>圆点</text:p>")}</text:list>'
    body += f'<text:list text:style-name="L">{items("<text:p>另起</text:p>")}</text:list>'
    lines = ["一、修渠", "一.1.备料", "一.2.验收", "二、种树", "圆点", "一、另起"]
    assert read_odt(odt(body, styles), "x.odt").text.split("\n") == lines


def test_slides_come_in_their_order():
    a = 'xmlns:a="http://a" xmlns:p="http://p" xmlns:r="http://r"'
    slides = {
        f"ppt/slides/slide{n}.xml": f"<p:sld {a}><a:p><a:t>{text[:5]}</a:t><a:t>{text[5:]}</a:t></a:p></p:sld>"
        for n, text in ((1, B), (2, A))
    }
    identities = '<p:sldId id="9" r:id="r2"/><p:sldId id="8" r:id="r1"/>'
    relations = "".join(f'<Relationship Id="r{n}" Type="x/slide" Target="slides/slide{n}.xml"/>' for n in (1, 2))
    data = zipped(
        {
            "ppt/presentation.xml": f"<p:presentation {a}><p:sldIdLst>{identities}</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": f"<Relationships>{relations}</Relationships>",
            **slides,
        }
    )
    assert read_pptx(data, "x.pptx").text == f"{A}\n{B}"


def test_a_book_is_read_in_the_order_of_its_spine():
    data = zipped(
        {
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="O/b.opf"/></rootfiles></container>',
            "O/b.opf": "<package><metadata><title>水渠志</title></metadata><manifest>"
            '<item id="1" href="one%20.xhtml"/><item id="2" href="two.xhtml"/><item id="3" href="x"/></manifest>'
            '<spine><itemref idref="2"/><itemref idref="1"/><itemref idref="3"/></spine></package>',
            "O/one .xhtml": f"<html><body><p>{A}</p></body></html>",
            "O/two.xhtml": f"<html><body><p>{B}</p></body></html>",
        }
    )
    extract = read_epub(data, "x.epub")
    assert extract == (f"{B}\n{A}", "epub", {"title": "水渠志"}, ("names 1 chapter that it does not hold",), 0)


def test_the_characters_of_an_ofd_are_read_by_their_places():
    def piece(x, y, text, size=4):
        code = f'<ofd:TextCode X="0" Y="{size}">{text}</ofd:TextCode>'
        return f'<ofd:TextObject Boundary="{x} {y} 80 5" Size="{size}">{code}</ofd:TextObject>'

    n = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    page = (
        piece(20, 30, A[9:])
        + piece(20, 20, A[:9])
        + piece(70, 10, "修渠")
        + piece(20, 10.4, "农田")
        + "<ofd:ImageObject/>"
    )
    root = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    pages = '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/P0.xml"/></ofd:Pages>'
    data = zipped(
        {
            "OFD.xml": f"<ofd:OFD {n}>{root}</ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {n}>{pages}</ofd:Document>",
            "Doc_0/Pages/P0.xml": f"<ofd:Page {n}><ofd:Content>{page}</ofd:Content></ofd:Page>",
        }
    )
    extract = read_ofd(data, "x.ofd")
    assert extract.text == f"农田修渠\n{A[:9]}\n{A[9:]}"
    assert extract.notes == ("holds 1 picture, whose text is not read",)


def rtf(body):
    return f"{{\\rtf1\\ansi\\ansicpg936\\deff0{{\\fonttbl{{\\f0\\fcharset134 SimSun;}}}}\\pard {body}}}".encode(
        "gb18030"
    )


def escaped(text):
    return "".join(f"\\'{byte:02x}" for byte in text.encode("gb18030"))


RTF = {
    "bytes of GBK": (f"{escaped(A)}\\par {escaped(B)}\\par", f"{A}\n{B}"),
    "code points": ("".join(f"\\u{ord(c)}?" for c in A) + "\\par", A),
    "a table": (
        f"\\trowd\\intbl {escaped('甲')}\\par\\cell {escaped('乙')}\\par\\cell\\row\\pard {escaped(B)}\\par",
        f"甲\t乙\n{B}",
    ),
    "a footnote": (
        f"{escaped('水渠')}{{\\footnote\\pard {escaped('见县志。')}}}{escaped('通水。')}\\par",
        "水渠通水。\n\n见县志。",
    ),
    "a bar in the text": (f"{escaped('甲')}|{escaped('乙')}\\par", "甲|乙"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "text"), RTF.values(), ids=RTF)
def test_an_rtf_document_gives_its_text(body, text):
    assert read_rtf(rtf(body), "x.rtf").text.strip() == text


def test_markdown_gives_its_text_without_marks():
    table = "| 村 | 里程 |\n|--|--|\n| 上村 | 3 |\n"
    text = f"---\ntitle: 水渠\n---\n# 修渠\n\n{A[:10]}**{A[10:]}**\n\n1. 备料\n2. [验收](http://x)\n\n{table}"
    extract = read_markdown(text.encode(), "x.md")
    assert extract.text == f"修渠\n{A}\n1.备料\n2.验收\n村\t里程\n上村\t3"
    assert extract.notes == ("has a front matter, which is left out: state its facts in corpus.csv",)


def test_a_page_saved_as_one_file_gives_its_article():
    page = f"<html><head><title>修渠</title></head><body><h1>修渠</h1><p>{A}</p><p>{B}</p><p>{A}{B}</p></body></html>"
    data = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; '
        b"charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + page.encode("gb18030") + b"\r\n--b--\r\n"
    )
    assert read_mhtml(data, "x.mht").text == f"修渠\n{A}\n{B}\n{A}{B}"


def test_what_is_called_doc_is_read_as_what_it_is():
    assert read_with_office(rtf(escaped(A)), "x.doc").text.strip() == A
    page = f"<html><body><h1>修渠</h1><p>{A}</p><p>{B}</p></body></html>"
    assert A in read_with_office(page.encode(), "x.doc").text


def test_an_old_document_names_the_way_out_where_nothing_reads_it(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(
        UnreadableError, match=r"x\.wps is an old \.wps, which LibreOffice would read .* save it as \.docx"
    ):
        read_with_office(b"\xd0\xcf\x11\xe0" + bytes(600), "x.wps")


BROKEN = [suffix for suffix in READERS if suffix not in {".html", ".htm", ".xhtml", ".shtml", ".md", ".markdown"}]


@pytest.mark.parametrize("suffix", BROKEN)
@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04broken", zipped({"a.xml": "<a>"})], ids=["empty", "cut", "another zip"]
)
def test_what_is_broken_is_refused_with_a_message(suffix, data, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(UnreadableError, match=f"x{suffix} "):
        READERS[suffix](data, Path(f"x{suffix}"))


def test_no_suffix_is_read_and_refused():
    assert not set(READERS) & set(REFUSED)
