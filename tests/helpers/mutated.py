"""Small files of every format that is read, and what becomes of them when bits, lengths and elements are changed."""

import io
import json
import re
import zipfile

from tests.documents.test_formats import A, B, pdf, word
from tests.documents.test_office_formats import odt, rtf
from tests.documents.test_pdf import apart, without_font
from tests.documents.test_records import workbook

PAGE = (
    f"<html><head><title>公路</title><meta charset='utf-8'></head><body><h1>公路</h1><div><p>{A}</p><p>{B}</p>"
    f"<table><tr><td>年</td><td>万</td></tr></table><ol><li>{A}</li><li>{B}</li></ol></div></body></html>"
)
_A = 'xmlns:a="http://a" xmlns:p="http://p" xmlns:r="http://r"'
_O = 'xmlns:o="http://www.ofdspec.org/2016"'
_MHT = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
_MHT += "Content-Type: text/html; charset=utf-8"


def zipped(files):
    """An archive of files by name."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def seeds():
    """A small file of each format, by its suffix; .doc is left out, which LibreOffice takes seconds to read."""
    slide = f"<p:sld {_A}><a:p><a:t>{A}</a:t></a:p><a:tr><a:tc><a:p><a:t>{B}</a:t></a:p></a:tc></a:tr></p:sld>"
    show = f'<p:presentation {_A}><p:sldIdLst><p:sldId id="1" r:id="r1"/></p:sldIdLst></p:presentation>'
    links = '<Relationships><Relationship Id="r1" Type="x/slide" Target="slides/slide1.xml"/></Relationships>'
    book = '<package><manifest><item id="1" href="a.xhtml"/></manifest><spine><itemref idref="1"/></spine></package>'
    text = f'<o:TextObject Boundary="20 30 80 5" Size="4"><o:TextCode X="0" Y="4">{A}</o:TextCode></o:TextObject>'
    files = {
        ".txt": f"公路\n{A}\n{B}\n".encode("gb18030"),
        ".html": PAGE.encode(),
        ".mht": f"{_MHT}\r\n\r\n{PAGE}\r\n--b--\r\n".encode(),
        ".md": f"# 公路\n\n{A[:9]}**{A[9:]}**\n\n1. {B}\n\n| 年 | 万 |\n|--|--|\n| 1 | 2 |\n".encode(),
        ".rtf": rtf("".join(f"\\u{ord(c)}?" for c in A) + "{\\footnote\\pard x}\\par\\trowd\\cell x\\row\\par"),
        ".docx": word("公路", A, [["年", "万"], ["1", "2"]], B),
        ".odt": odt(f"<text:h>公路</text:h><text:p>{A}</text:p><text:list><text:list-item><text:p>{B}</text:p>"
                    "</text:list-item></text:list>"),
        ".pdf": pdf([A, B], [B]),
        ".pdf without fonts": without_font(apart(A + B)),
        ".pptx": zipped({"ppt/presentation.xml": show, "ppt/_rels/presentation.xml.rels": links,
                         "ppt/slides/slide1.xml": slide}),
        ".epub": zipped({"META-INF/container.xml": '<c><rootfile full-path="O/b.opf"/></c>', "O/b.opf": book,
                         "O/a.xhtml": PAGE}),
        ".ofd": zipped({"OFD.xml": f"<o:OFD {_O}><o:DocRoot>D/D.xml</o:DocRoot></o:OFD>",
                        "D/D.xml": f'<o:D {_O}><o:Page BaseLoc="P.xml"/></o:D>', "D/P.xml": f"<o:P {_O}>{text}</o:P>"}),
        ".xlsx": workbook(表=([["标题", "正文"], ["甲", A * 3], [None, B * 3]], ["A2:A3"])),
        ".csv": f'title,date,content\n甲,2024-03-05,"{A}"\n乙,,"{B}"\n'.encode(),
        ".jsonl": "\n".join(json.dumps({"title": "甲", "content": t}, ensure_ascii=False) for t in (A, B)).encode(),
        ".json": json.dumps({"rows": [{"title": "甲", "content": A}, {"content": B, "n": [1, {"a": 2}]}]}).encode(),
    }  # fmt: skip
    files[".zip"] = zipped({f"文{suffix}": files[suffix] for suffix in (".txt", ".html", ".docx", ".csv", ".rtf")})
    return files


def mutant(data, rng, deep=60):
    """A file with one to four changes, drawn by a generator; of an archive, in a part of it half of the time."""
    if data.startswith(b"PK") and rng.random() < 0.5:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {member.filename: archive.read(member) for member in archive.infolist()}
        name = rng.choice(sorted(files))
        return zipped({**files, name: mutant(files[name], rng, deep)})
    for _ in range(rng.randint(1, 4)):
        data = rng.choice(CHANGES)(data, rng, deep)
    return data


def _place(data, rng):
    a, b = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return a, min(b, a + rng.choice((1, 4, 40, 400)))


def _flipped(data, rng, _):
    """Bits turned."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 4, 40))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(data, rng, _):
    """The end gone."""
    return data[: rng.randrange(len(data) + 1)]


def _without(data, rng, _):
    """A stretch gone."""
    a, b = _place(data, rng)
    return data[:a] + data[b:]


def _repeated(data, rng, deep):
    """A stretch many times over."""
    a, b = _place(data, rng)
    return data[:a] + data[a:b] * rng.randrange(2, 10 * deep) + data[b:]


def _nested(data, rng, deep):
    """An element, a bracket or a group within itself, many times."""
    found = list(re.finditer(rb"<([A-Za-z][\w:]*)[^<>/]*>|[\[{(]|<<", data))
    if not found:
        return _repeated(data, rng, deep)
    at = rng.choice(found)
    times = rng.randrange(2, deep)
    close = {b"[": b"]", b"{": b"}", b"(": b")", b"<<": b">>"}.get(at[0], b"</" + (at[1] or b"") + b">")
    end = data.find(close, at.end())
    if end < 0:
        return data[: at.start()] + at[0] * times + data[at.end() :]
    return data[: at.start()] + at[0] * times + data[at.end() : end] + close * times + data[end + len(close) :]


HEADS = (b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xef\xbb\xbf", b"<html>", b"{\\rtf1")


def _headed(data, rng, _):
    """The beginning of another format."""
    head = rng.choice(
        (b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xef\xbb\xbf", b"<html>", b"{\\rtf1")
    )
    return head + data[rng.choice((0, len(head))) :]


def _numbers(data, rng, _):
    """A number that is another: a length, an index, a size."""
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return _flipped(data, rng, 0)
    at = rng.choice(found)
    value = rng.choice((b"0", b"-1", b"1e9", b"65536", b"2147483648", b"99999999999999999999"))
    return data[: at.start()] + value + data[at.end() :]


def _noise(data, rng, _):
    """A stretch of any bytes, or of one byte."""
    a, b = _place(data, rng)
    n = rng.choice((1, 8, 300))
    return data[:a] + (rng.randbytes(n) if rng.random() < 0.5 else rng.randbytes(1) * n) + data[b:]


CHANGES = (_flipped, _cut, _without, _repeated, _nested, _headed, _numbers, _noise)
