"""What a folder of documents may hold that is wrong or hostile, as a table: see test_hostile.py."""

import io
import json
import struct
import zipfile
from typing import NamedTuple

from tests.documents.test_formats import LOCKED, pdf, word

# Two documents that are as they should be: they stand in every folder, and their rows must come out the same.
GOOD = {
    "好.txt": "镇上的老桥修好了，赶集的人不用再绕路。\n去年一共补了12座小桥，花了30万元。\n",
    "另.txt": "渡口添了一条新船，每天开6班。\n船票还是两元，老人和学生不收钱。\n",
}
T = "山坡上种了茶树，村里办起炒茶的小厂。"  # the text of a document that is spoiled
W = "山坡上種了茶樹，村裡辦起炒茶的小廠。"  # the same in traditional characters
LONG = f"{T}茶叶由合作社统一收购，每斤比集市上多两元。"


class Case(NamedTuple):
    """A corpus folder that is spoiled.

    Attributes
    ----------
    files : dict or callable
        Contents by name (bytes, or str in UTF-8), beside `GOOD`; or what spoils the folder it is given.
    then : str
        refused: exit status 2, one message, no table touched. left out: the build goes on without the file, and a note
        says so. noted: the document is read, and a note says what is odd. read: it is read.
    says : str
        What the message or note must hold.
    gives : dict
        Paragraphs by doc_id that must come out.
    limits : str
        Parameters of the run: small limits, so that a test is soon at them.
    """

    files: object
    then: str
    says: str = ""
    gives: dict | None = None
    limits: str = ""


def x(text=LONG, *more):
    """What must come out of a document named x."""
    return {"x": [text, *more]}


def zipped(**parts):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return data.getvalue()


def docx_with(xml):
    """A Word document whose text is this XML."""
    data, out = io.BytesIO(word(LONG)), io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, xml if member.filename == "word/document.xml" else old.read(member))
    return out.getvalue()


def docx_that_says(size):
    """A Word document whose directory states another size of its text than it has."""
    data = bytearray(word(LONG))
    at = data.find(b"PK\x01\x02")
    while bytes(data[at + 46 : at + 46 + 17]) != b"word/document.xml":
        at = data.find(b"PK\x01\x02", at + 1)
    data[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(data)


_WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
_P = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
_LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else T * 10}">' for i in range(9))


def page(body):
    return f"<html><head><title>茶</title></head><body>{body}</body></html>"


def rows(*records):
    return "\n".join(json.dumps(r, ensure_ascii=False) if isinstance(r, dict) else r for r in records)


def with_key(key):
    """A record with a further key, as it is written."""
    return json.dumps({"text": LONG}, ensure_ascii=False)[:-1] + f", {key}}}"


def nested_forms(levels=60):
    """A PDF whose page draws a form twice that draws a form twice, and so on: two to the power of the levels."""
    names = [f"/X0 {i + 5} 0 R" for i in range(levels)]
    forms = [
        f"<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <<{name}>>>> /Length 15>>\n"
        "stream\n/X0 Do /X0 Do \nendstream"
        for name in names[1:]
    ]
    form = "<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <<>> /Length 14>>"
    last = f"{form}\nstream\n0 0 m 1 1 l S \nendstream"
    drawn = f"/Resources <</XObject <<{names[0]}>>>> /Contents 4 0 R"
    page = f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] {drawn}>>"
    objects = ["<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [3 0 R] /Count 1>>", page]
    objects += ["<</Length 8>>\nstream\n/X0 Do  \nendstream", *forms, last]
    body = "".join(f"{n} 0 obj\n{content}\nendobj\n" for n, content in enumerate(objects, start=1))
    return f"%PDF-1.7\n{body}trailer <</Size {len(objects) + 1} /Root 1 0 R>>\n%%EOF".encode()


def text_boxes(levels=16):
    """A Word document whose text box holds a text box, and so on, each twice: for new readers and for old ones."""
    inner = _P.format(LONG)
    for _ in range(levels):
        box = f"<w:txbxContent>{inner}</w:txbxContent>"
        inner = f"<w:p><w:r><w:t>茶</w:t><w:pict><w:textbox>{box}</w:textbox></w:pict></w:r></w:p>"
    return docx_with(_WORD.format(inner))


SMALL = "read_memory: 150\nread_seconds: 3\n"
ENCODINGS = {
    "UTF-8 with a mark": Case({"x.txt": LONG.encode("utf-8-sig")}, "read", gives=x()),
    "UTF-16 with a mark": Case({"x.txt": LONG.encode("utf-16")}, "read", gives=x()),
    "UTF-16 without a mark": Case({"x.txt": LONG.encode("utf-16-be")}, "read", gives=x()),
    "UTF-32": Case({"x.txt": LONG.encode("utf-32")}, "read", gives=x()),
    "GB18030": Case({"x.txt": LONG.encode("gb18030")}, "read", gives=x()),
    "Big5, made simplified": Case({"x.txt": (W * 2).encode("big5")}, "read", gives=x(T * 2)),
    "UTF-8 and GB18030 mixed": Case(
        {"x.txt": f"{T}\n".encode() + LONG.encode("gb18030")}, "noted", "x.txt mixes encodings", x(T, LONG)
    ),
    "cut off in a character": Case(
        {"x.txt": LONG.encode()[:-2]}, "noted", "x.txt ends in the middle of a character", x(LONG[:-1])
    ),
    "half a surrogate pair in UTF-16": Case(
        {"x.txt": b"\xff\xfe" + LONG.encode("utf-16-le") + b"\0\xd8a\0"}, "refused", "says that it is utf-16, but byte"
    ),
    "a surrogate in UTF-8": Case(
        {"x.txt": f"{T}{{}}{T}".encode().replace(b"{}", b"\xed\xa0\x80")}, "refused", "x.txt is not valid UTF-8"
    ),
    "overlong bytes in UTF-8": Case({"x.txt": LONG.encode() + b"\xc0\xaf" + T.encode()}, "refused", "save it as UTF-8"),
    "a broken byte in the middle": Case({"x.txt": T.encode() + b"\xff" + T.encode()}, "refused", "(byte 54)"),
    "a mark that lies": Case({"x.txt": b"\xef\xbb\xbf" + LONG.encode("gb18030")}, "refused", "says that it is utf-8"),
    "zero bytes": Case({"x.txt": f"{T}\0{T}"}, "refused", "x.txt is binary (it holds zero bytes)"),
    "an encoding stated in the manifest": Case(
        {"x.txt": LONG, "corpus.csv": "file,encoding\n好.txt,\n另.txt,\nx.txt,big5\n"},
        "refused",
        "has a column 'encoding', which the suite fills itself: rename the column",
    ),
    "marks of order and control characters within": Case(
        {"x.txt": f"{T}\ufeff\u200b\x07茶叶由\x7f合作社统一收购。"}, "read", gives=x(f"{T}茶叶由合作社统一收购。")
    ),
    "a picture called .txt": Case({"x.txt": b"\x89PNG\r\n\x1a\n" + bytes(99)}, "refused", "is a PNG picture, not text"),
    "an archive called .txt": Case({"x.txt": zipped(a="b")}, "refused", "is a zip archive"),
    "a program called .csv": Case({"x.csv": b"\x7fELF" + bytes(99)}, "refused", "x.csv is a program, not text"),
}

SIZES = {
    "nothing in it": Case({"x.txt": ""}, "refused", "x.txt is empty: put the text in, or remove the file"),
    "white space alone": Case({"x.txt": " \n\t\u3000\r\n"}, "refused", "x.txt is empty"),
    "a mark alone": Case({"x.txt": b"\xff\xfe"}, "refused", "x.txt is empty"),
    "one character": Case({"x.txt": "茶"}, "read", gives=x("茶")),
    "one line of 100,000 characters": Case({"x.txt": "茶" * 100_000}, "read", gives=x("茶" * 100_000)),
    "50,000 empty lines": Case({"x.txt": "\n" * 50_000 + LONG}, "read", gives=x()),
    "2,000 short lines": Case(
        {"x.txt": "".join(f"{i}号茶园有路。\n" for i in range(2000))},
        "read",
        gives=x(*[f"{i}号茶园有路。" for i in range(2000)]),
    ),
    "words of no language": Case({"x.txt": "\U0010ffff\ue000 ️\u0301\u0301 %s {} \\n"}, "read"),
}

CODE = {
    "a script": Case({"x.txt": f"<script>alert(1)</script>{T}"}, "read", gives=x(f"<script>alert(1)</script>{T}")),
    "a template": Case({"x.txt": f"{{{{ 7*7 }}}}{{% raw %}}{T}"}, "read", gives=x(f"{{{{ 7*7 }}}}{{% raw %}}{T}")),
    "a formula": Case({"x.txt": f'=HYPERLINK("a";"b"){T}'}, "read", gives=x(f'=HYPERLINK("a";"b"){T}')),
    "what a terminal obeys": Case({"x.txt": f"\x1b]0;a\x07\x1b[2J{T}"}, "read"),
}

PAGES = {
    "a page of 100,000 levels": Case(
        {"x.html": page("<div>" * 100_000 + LONG)}, "left out", "deep, or deeper: save the article as text"
    ),
    "a page whose 300 marks are never closed": Case(
        {"x.html": page(f"<p>{T}</p>" + "<b><i>" * 150 + f"<p>{LONG}</p>")}, "read", gives=x(T, LONG)
    ),
    "a page that is script alone": Case(
        {"x.html": page(f"<script>var a = '{LONG}'</script>")}, "left out", "is a web page without text"
    ),
    "a page with an entity of another file": Case(
        {"x.html": f'<!DOCTYPE html [<!ENTITY e SYSTEM "secret.dat">]>{page(f"<p>{LONG}&e;</p>")}', "secret.dat": "密"},
        "noted",
        "secret.dat was passed over",
    ),
    "a page called .txt": Case({"x.txt": page(f"<p>{LONG}</p>")}, "noted", "is a web page by its first line"),
    "an archive that unpacks to 4 GB": Case(
        {"x.docx": docx_that_says(2**32 - 2)}, "left out", "x.docx unpacks to 4,296 MB, more than 300: save its text"
    ),
    "an archive that says it is small": Case({"x.docx": docx_that_says(9)}, "left out", "cannot be read as a Word"),
    "an archive without text": Case({"x.docx": zipped(a="b")}, "left out", "x.docx is no Word document"),
    "a Word document cut in two": Case(
        {"x.docx": word(LONG)[:900]}, "left out", "x.docx cannot be read as a Word document"
    ),
    "a Word document with a password": Case(
        {"x.docx": b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")},
        "left out",
        "x.docx is encrypted: save it without a password",
    ),
    "an old Word document called .docx": Case(
        {"x.docx": b"\xd0\xcf\x11\xe0" + bytes(500)}, "left out", "x.docx is an old .doc: save it as .docx"
    ),
    "a page that only a script fills": Case(
        {"x.html": page("<p>扫一扫</p><script>fill()</script>")}, "left out", "x.html is filled by a script"
    ),
    "a picture": Case({"x.png": b"\x89PNG"}, "noted", "x.png was passed over: it is a picture: run OCR on it"),
    "a file of CNKI's": Case({"x.caj": b"CAJ"}, "noted", "x.caj was passed over: it is in CNKI's own format"),
    "an archive with a document and a broken one": Case(
        {"包.zip": zipped(**{"x.txt": LONG, "坏.pdf": "x"})}, "noted", "坏.pdf cannot be read as a PDF", gives=x()
    ),
    "a workbook without texts": Case({"x.ods": b"PK\x03\x04"}, "left out", "x.ods cannot be read"),
    "a Word document with an entity of another file": Case(
        {
            "x.docx": docx_with(
                '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + _WORD.format(_P.format(f"{LONG}&e;"))
            )
        },
        "read",
        gives=x(),
    ),
    "a Word document of a billion laughs": Case(
        {"x.docx": docx_with(f"<!DOCTYPE d [{_LAUGHS}]>" + _WORD.format(_P.format(LONG + "&l8;")))},
        "left out",
        "x.docx cannot be read as a Word document",
    ),
    "a Word document of 100,000 levels": Case(
        {"x.docx": docx_with(_WORD.format("<w:sdt>" * 100_000 + _P.format(LONG) + "</w:sdt>" * 100_000))},
        "left out",
        "cannot be read as a Word document",
    ),
    "a page that is no text in any encoding": Case(
        {"x.html": page(f"<p>{T}%{LONG}</p>").encode().replace(b"%", b"\xff")}, "left out", "x.html is not valid UTF-8"
    ),
    "a page of one element with 30,000 attributes": Case(
        {"x.html": page(f"<p {' '.join(f'a{i}=1' for i in range(30_000))}>{LONG}</p>")},
        "read",
        gives=x(),
    ),
    "a list of 5,000 items, a row of 2,000 cells": Case(
        {"x.html": page(f"<p>{LONG}</p><ol>{'<li>茶</li>' * 5000}</ol><table><tr>{'<td>茶</td>' * 2000}</table>")},
        "read",
    ),
    "a page of tags that do not end": Case({"x.html": page(f"<p>{LONG}</p>") + "<meta " * 50_000}, "read", gives=x()),
    "a page wrapped as mail, a part within a part": Case(
        {"x.mht": b"MIME-Version: 1.0\n" + b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 2000},
        "left out",
        "x.mht ",
    ),
    "a Word document of text boxes in text boxes": Case({"x.docx": text_boxes()}, "read", gives=x()),
    "a Word document of 2 million paragraphs, 30 KB": Case(
        {"x.docx": docx_with(_WORD.format("<w:p/>" * 2_000_000))},
        "left out",
        "x.docx needs more than 150 MB of memory to read: save its text alone",
        limits=SMALL,
    ),
    "a PDF of forms within forms": Case(
        {"x.pdf": nested_forms()}, "left out", "needs more than 150 MB of memory to read: save", limits=SMALL
    ),
    "a PDF cut in two": Case({"x.pdf": pdf([LONG])[:400]}, "left out", "x.pdf cannot be read as a PDF"),
    "a PDF with a password": Case({"x.pdf": LOCKED}, "left out", "x.pdf is encrypted: save it without a password"),
    "a PDF of nonsense": Case({"x.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 9}, "left out", "open and save it again"),
}

RECORDS = {
    "JSON of 100,000 levels": Case(
        {"x.jsonl": with_key('"n": ' + "[" * 100_000)}, "refused", "x.jsonl, line 1 is not JSON"
    ),
    "a number of 5,000 digits": Case({"x.jsonl": with_key('"n": ' + "9" * 5000)}, "refused", "line 1 is not JSON"),
    "infinite numbers, and none": Case(
        {"x.jsonl": with_key('"year": 1e999, "n": NaN')}, "noted", "x: year 'inf' was left out", x()
    ),
    "a key that stands twice": Case(
        {"x.jsonl": with_key('"text": "a"')}, "refused", "line 1 is not JSON ('text' stands twice"
    ),
    "a row that is no object": Case({"x.jsonl": rows({"text": T}, "[1]")}, "refused", "line 2 is not a JSON object"),
    "an array over several lines": Case({"x.jsonl": '[\n{"text": "a"}\n]'}, "refused", "write one object a line"),
    "a row without text": Case(
        {"x.jsonl": rows({"text": T}, {"words": T})}, "refused", "line 2 has no text in a column"
    ),
    "a text that is a list": Case({"x.jsonl": rows({"text": [T]})}, "refused", "the text is list, not a string"),
    "an empty text": Case({"x.jsonl": rows({"text": T}, {"text": " "})}, "refused", "x.jsonl, record 2 has no text"),
    "half a surrogate pair as JSON writes it": Case(
        {"x.jsonl": '{"text": "\\ud842"}'}, "refused", "line 1 holds half of a surrogate pair"
    ),
    "zero bytes as JSON writes them": Case(
        {"x.jsonl": json.dumps({"text": f"{T}\0{LONG}"})}, "read", gives=x(T + LONG)
    ),
    "keys named like columns of the tables": Case(
        {"x.jsonl": rows({"text": LONG, "kind": "body", "doc_id": "好", "tokens": "a", "paragraph": "1", "": "b"})},
        "read",
        gives=x(),
    ),
    "records in UTF-16": Case({"x.jsonl": rows({"text": LONG}).encode("utf-16")}, "read", gives=x()),
    "a table without a column of text": Case(
        {"x.csv": f"title,words\na,{T}\n"}, "refused", "x.csv has no text in a column named full_text, content, text"
    ),
    "a row with more cells than columns": Case(
        {"x.csv": f"title,text\na,{T}\nb,{T},{T}\n"},
        "refused",
        "x.csv, record 2 has more cells than the 2 of the header: quote cells with commas",
    ),
    "a row with fewer cells": Case({"x.csv": f"title,text\na,{T}\nb\n"}, "refused", "x.csv, record 2 has no text"),
    "a quotation mark that is not closed": Case({"x.csv": f'text\n"{T}\n'}, "refused", "close the quotation mark"),
    "two columns of text": Case({"x.csv": f"text,text\n{T},{LONG}\n"}, "refused", "has two columns named 'text'"),
    "a table with semicolons": Case({"x.csv": f"title;text\na;{T}\n"}, "refused", "(it has title;text)"),
    "a table with zero bytes": Case({"x.csv": f"text\n{T}\0\n"}, "refused", "x.csv is binary"),
    "a quoted cell of 300,000 bytes": Case({"x.csv": f'text\n"{"茶" * 100_000}"\n'}, "read", gives=x("茶" * 100_000)),
}
