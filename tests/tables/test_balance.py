"""No character is lost without a line in the log or a note: of files of every format that is read."""

import io
import json
import re
import shutil
import zipfile
from collections import Counter

import pandas as pd
import pytest
from crosscity.documents import Source, read_sources
from crosscity.tables import balance, make_tables
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.documents.test_formats import pdf

PIECES = (
    "全市开展了道路建设，",
    "一、总体要求",
    "投资3亿元，增长2.8%。",
    "責任編輯：王某",
    "ＡＩ和5G-A",
    "（一）目标",
    "联系人：李某 010-1234",
    "来源:某网",
    "&ldquo;引号&rdquo;",
    "1",
    "2.5万人；",
    "上一篇：通知",
    "The end of the road",
    "村村通了路，家家用上了水，孩子都能在镇里上学。",
    "<b>重点</b>",
    "* 星号 _下划线_",
    "a|b",
    "甲 乙　丙",
    "……",
    "当前位置：首页 > 新闻",
    "。",
    "\u3001",
    "12:30/15:00",
    "【完】",
)
lines = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)
documents = st.lists(lines, min_size=1, max_size=14)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def txt(texts):
    return "\n".join(texts).encode()


def html(texts):
    body = "".join(f"<p>{escaped(text)}</p>" for text in texts)
    return f"<html><head><meta charset='utf-8'></head><body>{body}</body></html>".encode()


def xml_package(member, content, **others):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name, text in {**others, member: content}.items():
            package.writestr(name, text)
    return data.getvalue()


def docx(texts):
    import docx as python_docx

    document, data = python_docx.Document(), io.BytesIO()
    for text in texts:
        document.add_paragraph(text)
    document.save(data)
    return data.getvalue()


OASIS = "urn:oasis:names:tc:opendocument:xmlns"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def odt(texts):
    body = "".join(f"<text:p>{escaped(text)}</text:p>" for text in texts)
    content = (
        f'<office:document-content xmlns:office="{OASIS}:office:1.0" xmlns:text="{OASIS}:text:1.0">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return xml_package("content.xml", content, mimetype="application/vnd.oasis.opendocument.text")


def epub(texts):
    body = "".join(f"<p>{escaped(text)}</p>" for text in texts)
    chapter = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{body}</body></html>'
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    return xml_package("a.xhtml", chapter, **{"META-INF/container.xml": container, "c.opf": package})


def rtf(texts):
    def coded(text):
        return "".join(
            c if c.isascii() and c not in "\\{}" else rf"\u{ord(c) if ord(c) < 32768 else ord(c) - 65536}?"
            for c in text
        )

    return ("{\\rtf1\\ansi\\uc1\n" + "".join(rf"\pard {coded(text)}\par" + "\n" for text in texts) + "}").encode()


def csv(texts):
    cell = "\n".join(texts).replace('"', '""')
    return f'content\n"{cell}"\n'.encode()


def jsonl(texts):
    return json.dumps({"text": "\n".join(texts)}, ensure_ascii=False).encode()


def xlsx(texts):
    cells = ["content", "\n".join(texts)]
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t xml:space="preserve">{escaped(cell)}</t></is></c></row>'
        for n, cell in enumerate(cells, start=1)
    )
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    others = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/s.xml" ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" '
        f'Type="{RELATIONS}/worksheet" Target="s.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="a"/></sheets></workbook>',
    }
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return xml_package("xl/s.xml", sheet, **others)


def markdown(texts):
    marks = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>&~:])")
    return "\n\n".join(marks.sub(r"\\\1", text) for text in texts).encode()


FORMATS = {
    ".txt": txt,
    ".html": html,
    ".docx": docx,
    ".odt": odt,
    ".epub": epub,
    ".rtf": rtf,
    ".csv": csv,
    ".jsonl": jsonl,
    ".md": markdown,
    ".xlsx": xlsx,
}


def bare(text):
    return "".join(text.split())


def check(texts, suffix, data, path):
    """Each character of the texts is in the text that was read, or counted; and so on through cleaning."""
    sources = read_sources(path.with_suffix(suffix), {}, data)
    assert len(sources) == 1
    source = sources[0]
    lacking = sum((Counter(bare("".join(texts))) - Counter(bare(source.text))).values())
    assert lacking <= source.n_unread, (lacking, source.text, source.notes)
    frames = make_tables(sources, tables=("corpus", "paragraphs", "cleaning_log"))
    row = balance.balance(frames["corpus"], frames["paragraphs"], frames["cleaning_log"]).iloc[0]
    assert row["read"] == len(bare(source.text))
    # What stands in no paragraph any more stands in the log.
    kept = Counter(bare("".join(frames["paragraphs"]["text"])))
    log = frames["cleaning_log"]
    logged = Counter(bare("".join(log["before"]))) - Counter(bare("".join(log["after"])))
    assert not Counter(bare(source.text)) - kept - logged


@pytest.mark.parametrize("suffix", FORMATS)
@given(texts=documents)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_lost_unsaid(suffix, texts, tmp_path):
    if not any(c.isalpha() for c in "".join(texts)):
        return  # refused, as without text
    check(texts, suffix, FORMATS[suffix](texts), tmp_path / "卷")


@given(texts=documents)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_lost_unsaid_of_a_pdf(texts, tmp_path):
    if any(c.isalpha() for c in "".join(texts)):
        known = "".maketrans(dict.fromkeys("責編ＡＩ　", "某"))  # which the font of the tests lacks
        texts = [text.translate(known) for text in texts]
        check(texts, ".pdf", pdf(texts), tmp_path / "卷")


def frames_of(text, n_unread=0):
    source = Source("卷", "卷.txt", text, "utf-8", "0" * 64, n_unread=n_unread)
    frames = make_tables([source], tables=("corpus", "paragraphs", "cleaning_log"))
    return frames["corpus"], frames["paragraphs"], frames["cleaning_log"]


PROSE = "".join(f"第{n}村修了一条通往集市的水泥路，村民出门不再踩泥。" for n in "一二三四五六七八九十")


def test_the_balance_of_a_page_by_hand():
    text = "上一篇：通知\n修路的报告\n" + PROSE + "&ldquo;好&rdquo;。\n版权所有 某网"
    corpus, paragraphs, log = frames_of(text)
    row = balance.balance(corpus, paragraphs, log).iloc[0]
    # Two lines of the page (6 and 6 characters without the blank) go, and of each entity of 7 one character stays.
    assert (row["read"], row["removed"], row["changed"], row["added"]) == (len(bare(text)), 6 + 6 + 12, 2, 0)
    assert row["remaining"] == row["read"] - 24
    rules = balance.by_rule(log).set_index("rule")
    assert rules.loc["entity", ["edits", "removed", "changed"]].tolist() == [2, 12, 2]


ODD = {
    "sound": (PROSE, 0, []),
    "more was left out than read": (PROSE, 500, ["could not be read"]),
    "unknown characters": (PROSE.replace("路", "\ufffd"), 0, ["unknown"]),
    "private characters": (PROSE.replace("路", "\ue123"), 0, ["private-use"]),
    "no full stop": (
        "\n".join(["修路的钱由县里出，种树的钱由村里出，养鱼的钱大家一起出，各出三分之一"] * 9),
        0,
        ["full stop"],
    ),
    "words without Chinese": ("We build a road to the market. " * 20, 0, ["not Chinese"]),
    "lines without marks": ("\n".join(f"第{n}村修路的事" for n in "一二三四五六七八九十" * 4), 0, ["full stop"]),
    "much is the page's": (PROSE + "\n" + "\n".join(["上一篇：关于开展义务植树活动的通知"] * 20), 0, ["lost"]),
}


@pytest.mark.parametrize(("text", "unread", "expected"), ODD.values(), ids=ODD)
def test_odd_balances(text, unread, expected):
    found = [problem for _, problem in balance.odd_balances(*frames_of(text, unread))]
    assert all(any(word in problem for problem in found) for word in expected), found
    assert expected or not found


def test_tables_of_before_have_nothing_unread():
    from crosscity.tables.contract import validate

    corpus = frames_of(PROSE)[0].drop(columns="n_unread")
    assert validate("corpus", pd.DataFrame(corpus), "corpus")["n_unread"].to_pylist() == [0]


@pytest.mark.skipif(not shutil.which("pandoc"), reason="pandoc is not installed")
def test_files_of_pandoc_are_whole(tmp_path):
    """Files from a real program: what it writes of a text comes back whole."""
    import subprocess

    texts = [*[PROSE.replace("村", place) for place in "乡镇县市区"], "投资3亿元，增长2.8%。", "一是修路；二是种树。"]
    (tmp_path / "a.md").write_text("\n\n".join(texts), "utf-8")
    for suffix in (".docx", ".odt", ".rtf", ".html", ".epub"):
        out = tmp_path / f"b{suffix}"
        subprocess.run(["pandoc", "-s", "--metadata", "title=路", tmp_path / "a.md", "-o", out], check=True, timeout=60)
        source = read_sources(out, {}, out.read_bytes())[0]
        assert not Counter(bare("".join(texts))) - Counter(bare(source.text)), suffix
