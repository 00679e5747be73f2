"""What a Word document shows is read, each thing as a reader would see it, and what is left out is said."""

import io
import zipfile

import pytest
from crosscity.documents.formats import UnreadableError
from crosscity.documents.formats.numbering import chinese_numeral
from crosscity.documents.formats.word import read_docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = (
    'xmlns:r="http://r" xmlns:mc="http://mc" xmlns:wps="http://wps" xmlns:m="http://m" xmlns:v="http://v" '
    'xmlns:a="http://a" xmlns:dgm="http://dgm" xmlns:o="http://o"'
)
A = "村里的水渠修了三公里，梯田都浇上了水。"


def package(body, relations="", word=W, **parts):
    """A Word document whose body is this XML; other parts by name, with __ for a slash."""
    kind = f"{R}/officeDocument"
    files = {
        "_rels/.rels": within("Relationships", f'<Relationship Id="r1" Type="{kind}" Target="/word/document.xml"/>'),
        "word/document.xml": f'<w:document xmlns:w="{word}" {NAMES}><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
        **{name.replace("__", "/"): text for name, text in parts.items()},
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def related(identity, kind, target):
    return f'<Relationship Id="{identity}" Type="{R}/{kind}" Target="{target}"/>'


def p(inner, properties=""):
    return f"<w:p>{properties}{inner}</w:p>"


def r(text, properties=""):
    return f"<w:r>{properties}<w:t>{text}</w:t></w:r>"


def field(code, result=None):
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    middle = "" if result is None else marks[1] + r(result)
    return f"{marks[0]}<w:r><w:instrText>{code}</w:instrText></w:r>{middle}{marks[2]}"


def within(*tags):
    """XML within elements of these names, the outermost first."""
    *tags, inner = tags
    for tag in reversed(tags):
        inner = f"<{tag}>{inner}</{tag.split()[0]}>"
    return inner


def row(*cells, properties=""):
    return f"<w:tr>{properties}" + "".join(f"<w:tc>{p(r(cell))}</w:tc>" for cell in cells) + "</w:tr>"


def twice(inner):
    """A drawing as Word writes it: for new readers, and for old ones."""
    new, old = within("mc:Choice", "wps:txbx", inner), within("mc:Fallback", "v:textbox", inner)
    return within("w:r", "mc:AlternateContent", new + old)


def box(text):
    return f"<w:txbxContent>{p(r(text))}</w:txbxContent>"


RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
FRACTION = within("m:num", "m:r", "m:t", "a+b") + within("m:den", "m:r", "m:t", "c")
NESTED = field("IF", "甲").replace("IF", f"IF</w:instrText></w:r>{field('X', '乙')}<w:r><w:instrText>")
CHECKED = within('w:fldChar w:fldCharType="begin"', "w:ffData", "w:checkBox", '<w:default w:val="1"/>')
CHECK = within("w:r", CHECKED) + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
PROMPT = within("w:sdt", "<w:sdtPr><w:showingPlcHdr/></w:sdtPr>" + within("w:sdtContent", r("单击此处")))
RUBY = within("w:r", "w:ruby", within("w:rt", r("qu")) + within("w:rubyBase", r("渠")))
DELETED = within("w:trPr", "<w:del/>")
SHOWN = {
    "a no-break hyphen": (p("<w:r><w:t>投资3</w:t><w:noBreakHyphen/><w:t>5亿元</w:t></w:r>"), "投资3‑5亿元"),
    "a soft hyphen": (p("<w:r><w:t>水</w:t><w:softHyphen/><w:t>渠</w:t></w:r>"), "水渠"),
    "a sign of Symbol": (p(r("深度") + '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + r("3米")), "深度≥3米"),
    "a sign of Wingdings": (p('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + r("已建")), "☑已建"),
    "the result of a field": (p(r("共") + field("PAGEREF x", "12") + r("处")), "共12处"),
    "a field within a field": (p(NESTED), "甲"),
    "a circled number": (p(field(r"eq \o\ac(○,3)") + r("水渠")), "③水渠"),
    "a checked box": (p(CHECK + r("通水")), "☑通水"),
    "an insertion": (p(within("w:ins", r("新")) + within("w:del", "w:r", "w:delText", "旧") + r("渠")), "新渠"),
    "moved text": (p(within("w:moveFrom", r("走")) + r("渠")) + p(within("w:moveTo", r("来"))), "渠\n来"),
    "a deleted end of paragraph": (p(r("水"), within("w:pPr", "w:rPr", "<w:del/>")) + p(r("渠")), "水渠"),
    "a content control": (within("w:sdt", "<w:sdtPr/>" + within("w:sdtContent", p(r(A)))), A),
    "a prompt to fill in": (p(r("县名：") + PROMPT), "县名："),
    "a reading above": (p(RUBY), "渠"),
    "square kilometres": (p(r("面积3km") + r("2", RAISED)), "面积3km²"),
    "a raised mark of a note": (p(r("水渠") + r("2", RAISED)), "水渠2"),
    "a formula": (p(within("m:oMath", "m:f", FRACTION)), "(a+b)/c"),
    "a text box, once": (p(r("前") + twice(box("框"))), "前\n框"),
    "a deleted row": (within("w:tbl", row("旧", properties=DELETED) + row("甲", "乙")), "甲\t乙"),
    "custom XML around a row": (within("w:tbl", "w:customXml", row("甲", "乙")), "甲\t乙"),
    "a link": (p(f'<w:hyperlink r:id="none">{r(A)}</w:hyperlink>'), A),
}


@pytest.mark.parametrize("word", [W, STRICT], ids=["transitional", "strict"])
@pytest.mark.parametrize(("body", "text"), SHOWN.values(), ids=SHOWN)
def test_what_is_shown_is_read(body, text, word):
    assert read_docx(package(body, word=word), "x.docx") == (text, "docx", {}, (), 0)


def test_numbers_that_word_counts_stand_before_their_paragraphs():
    levels = [
        ("chineseCountingThousand", "第%1条", "space"),
        ("decimal", "%1.%2", "nothing"),
        ("bullet", "", "tab"),
    ]
    lvl = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="{suff}"/>'
        f'<w:lvlText w:val="{text}"/>{"<w:isLgl/>" if i == 1 else ""}</w:lvl>'
        for i, (form, text, suff) in enumerate(levels)
    )
    numbering = (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="7">{lvl}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>'
    )
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:styleId="article"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
        '</w:style><w:style w:styleId="own"><w:basedOn w:val="article"/></w:style></w:styles>'
    )

    def numbered(text, level, number=1):
        return p(r(text), f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>')

    def styled(text, more=""):
        return p(r(text), f'<w:pPr><w:pStyle w:val="own"/>{more}</w:pPr>')

    body = [numbered("修渠", 0), numbered("验收", 1), numbered("付款", 1), numbered("备料", 2), styled("种树"), p("")]
    body += [numbered("养护", 1), styled("不计", '<w:numPr><w:numId w:val="0"/></w:numPr>'), numbered("另起", 0, 2)]
    relations = related("r2", "numbering", "numbering.xml") + related("r3", "styles", "styles.xml")
    data = package(
        "".join(body),
        relations,
        word__numbering__xml="",
        **{"word/numbering.xml": numbering, "word/styles.xml": styles},
    )
    lines = ["第一条 修渠", "1.1验收", "1.2付款", "备料", "第二条 种树", "", "2.1养护", "不计", "第一条 另起"]
    assert read_docx(data, "x.docx").text.split("\n") == lines


@pytest.mark.parametrize(
    ("n", "text"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (103, "一百零三"), (110, "一百一十"), (1005, "一千零五")],
)
def test_numbers_in_chinese(n, text):
    assert chinese_numeral(n) == text


def test_notes_stand_at_the_end():
    notes = "".join(
        f'<w:footnote w:id="{i}">{p(r(text))}</w:footnote>' for i, text in enumerate(["线", "见县志。", "不引"])
    )
    body = p(r(A) + '<w:r><w:footnoteReference w:id="1"/></w:r>') + p(r("后文。"))
    data = package(
        body,
        related("f", "footnotes", "footnotes.xml"),
        **{"word/footnotes.xml": f'<w:footnotes xmlns:w="{W}">{notes}</w:footnotes>'},
    )
    assert read_docx(data, "x.docx").text == f"{A}\n后文。\n见县志。"


@pytest.mark.parametrize(
    ("target", "content"),
    [("chunk.html", f"<p>{A}</p><p>又一段。</p>"), ("chunk.docx", package(p(r(A)) + p(r("又一段。"))))],
)
def test_a_document_within_a_document_is_read(target, content):
    data = package(
        p(r("前")) + '<w:altChunk r:id="c"/>', related("c", "aFChunk", target), **{f"word/{target}": content}
    )
    assert read_docx(data, "x.docx").text == f"前\n{A}\n又一段。"


def test_a_document_within_a_document_that_is_not_there_is_said():
    extract = read_docx(package(p(r(A)) + '<w:altChunk r:id="c"/>'), "x.docx")
    assert extract.text == A
    assert extract.notes == ("takes in another file, which is not there: open it in Word and save it again",)


LEFT_OUT = {
    "pictures": ("<w:r><w:drawing><a:blip/></w:drawing></w:r>" * 2, "holds 2 pictures, whose text is not read"),
    "a chart": ("<w:r><w:drawing><a:chart/></w:drawing></w:r>", "holds 1 chart, whose figures are not read"),
    "hidden text": (r("密件", "<w:rPr><w:vanish/></w:rPr>"), "has 2 characters of hidden text, which is left out"),
    "a comment": ('<w:r><w:commentReference w:id="1"/></w:r>', "has 1 comment, left out"),
    "an embedded file": (within("w:r", "w:object", "<o:OLEObject/>"), "holds 1 embedded file: save each as a file"),
}  # fmt: skip


@pytest.mark.parametrize(("inner", "note"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_left_out_is_said(inner, note):
    extract = read_docx(package(p(r(A) + inner)), "x.docx")
    assert extract.text == A
    assert extract.notes == (note,)


def test_a_sign_that_is_not_known_is_counted():
    extract = read_docx(package(p(r(A) + '<w:r><w:sym w:font="Webdings" w:char="F045"/></w:r>')), "x.docx")
    assert extract.text == f"{A}\ufffd"
    assert extract.notes == ("has 1 sign of fonts that are not read, shown as \ufffd",)


def test_long_headers_are_said_and_page_numbers_are_not():
    parts = {
        f"word/{name}.xml": f'<w:hdr xmlns:w="{W}">{p(r(text))}</w:hdr>'
        for name, text in [("h1", "望江县水利局二〇二四年防汛工作要点"), ("h2", "- 3 -")]
    }
    data = package(p(r(A)), related("h", "header", "h1.xml") + related("i", "header", "h2.xml"), **parts)
    assert read_docx(data, "x.docx").notes == ("has 17 characters in headers and footers, which are left out",)


def test_text_boxes_within_text_boxes_are_read_once():
    body = r("底")
    for _ in range(12):  # each is there twice, so that 4,096 ways lead to the innermost
        body = twice(within("w:txbxContent", p(body)))
    assert read_docx(package(p(body)), "x.docx").text.count("底") == 1


REFUSED = {
    "encrypted": (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "x.docx is encrypted: save it without"),
    "old": (b"\xd0\xcf\x11\xe0" + bytes(90), "x.docx is an old .doc: save it as .docx, or leave it out"),
    "broken XML": (package("<w:p>"), "x.docx cannot be read as a Word document"),
    "no text": (package(p(within("w:r", "w:drawing", "<a:blip/>"))), "x.docx has no text in it .holds 1 picture"),
    "nested deep": (package(p(within(*["w:ins"] * 200, ""))), "x.docx nests its parts too deep"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_with_its_reason(data, message):
    with pytest.raises(UnreadableError, match=message):
        read_docx(data, "x.docx")
