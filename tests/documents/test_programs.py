"""Files that LibreOffice and pandoc write give every character back. Without these programs the tests skip."""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from crosscity.documents.formats import READERS
from crosscity.documents.records import read_workbook

OFFICE, PANDOC = shutil.which("soffice"), shutil.which("pandoc")
PLACES = ["云岭", "望江", "桐城", "青山", "白水", "石桥", "柳林", "金沙", "长滩", "南湾"]
KINDS = ("docx", "odt", "rtf", "html", "epub")  # that pandoc writes
CONVERTED = ("doc", "docx", "odt", "rtf", "html", "pdf")  # that LibreOffice makes of what pandoc wrote


def text_of(n):
    """A text with what reports have: headings, numbers, a list, a table, a note, a quotation."""
    place, rest = PLACES[n], n % 4
    note = f"[^1]\n\n[^1]: {place}的数为年末数，见县志第{n + 3}卷。" if rest == 1 else ""
    table = f"| 指标 | 上年 | 本年 |\n|--|--|--|\n| 产值 | {100 + n}亿元 | {120 + n}.5亿元 |\n" if rest != 2 else ""
    items = (
        f"1. 修渠{n + 2}公里。\n2. 改造老旧小区{30 + n}个。\n"
        if rest != 3
        else "- 河长制覆盖全部乡镇。\n- 一网通办。\n"
    )
    plan = f"生产总值增长{n + 1}%左右，投资3-5亿元，5G基站{200 + n}个。"
    return (
        f"# {place}2024年工作报告\n\n各位代表：现在，我向大会报告工作，请予审议。\n\n## 一、回顾\n\n"
        f"全市生产总值{120 + n}.5亿元，增长{3 + n / 10:.1f}%；*PM2.5*平均浓度**每立方米{28 + n}微克**。{note}\n\n"
        f"{items}\n{table}\n"
        f"> 群众说：“路修到家门口，果子再也不用背下山。”\n\n## 二、安排\n\n{plan}\n"
    )


def letters(text):
    return Counter(c for c in text if c.isalnum() or c in "，。；：“”%-")


def wanted(n, without=""):
    plain = text_of(n)
    for mark in ("#", "*", ">", "|--|--|--|", "|", "[^1]:", "[^1]", *without):
        plain = plain.replace(mark, "")
    return letters("\n".join(line.removeprefix("- ") for line in plain.splitlines()))


def lost(path, n):
    reader = READERS[path.suffix]
    return wanted(n) - letters(reader(path.read_bytes(), path).text)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What pandoc wrote of ten texts, by kind."""
    if not PANDOC:
        pytest.skip("pandoc is not installed")
    folder = tmp_path_factory.mktemp("written")
    for n in range(len(PLACES)):
        (folder / f"{n}.md").write_text(text_of(n), encoding="utf-8")
        for kind in KINDS:
            command = [PANDOC, "-s", "--metadata", f"title={PLACES[n]}", f"{n}.md", "-o", f"{n}.{kind}"]
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


def convert(sources, kind, folder, *options):
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", *options, "--convert-to", kind, "--outdir", str(folder / kind)]
    subprocess.run([*command, *map(str, sources)], check=True, capture_output=True)
    return folder / kind


@pytest.mark.parametrize("kind", [*KINDS, "md"])
def test_what_pandoc_writes_comes_back_whole(kind, written):
    # A reader's article has no footnotes.
    numbers = [n for n in range(len(PLACES)) if kind != "html" or n % 4 != 1]
    assert {n: lost(written / f"{n}.{kind}", n) for n in numbers} == {n: Counter() for n in numbers}


@pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", CONVERTED)
def test_what_libreoffice_writes_comes_back_whole(kind, written, tmp_path):
    numbers = range(len(PLACES))
    source = "odt" if kind == "docx" else "docx"
    folder = convert([written / f"{n}.{source}" for n in numbers], kind, tmp_path)
    missing = {n: lost(folder / f"{n}.{kind}", n) for n in numbers}
    if kind == "doc":  # LibreOffice gives each item of these lists the number 1 when it reads a .doc
        missing = {n: Counter({c: k for c, k in of.items() if c != "2"}) for n, of in missing.items()}
    assert missing == {n: Counter() for n in numbers}


@pytest.mark.skipif(not OFFICE, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_workbook_that_libreoffice_writes_comes_back_whole(kind, tmp_path):
    texts = [text_of(n).replace('"', "") for n in range(len(PLACES))]
    rows = "".join(f'{place},"{text}"\n' for place, text in zip(PLACES, texts, strict=True))
    (tmp_path / "t.csv").write_text("城市,正文\n" + rows, encoding="utf-8")
    folder = convert([tmp_path / "t.csv"], kind, tmp_path, "--infilter=CSV:44,34,76")  # commas, quotes, UTF-8
    made = folder / f"t.{kind}"
    records = read_workbook(Path(made.name), made.read_bytes())
    assert [row["城市"] for row, _ in records.rows] == PLACES
    assert [letters(body) for _, body in records.rows] == [letters(text) for text in texts]
