"""A corpus with everything hostile at once: names, columns, cells, texts, archives, spoiled files of each format."""

import csv
import io
import json
import zipfile
from pathlib import Path

from tests.conftest import SHARED
from tests.helpers.hostile_documents import LONG, PAGES

SCRIPT = "<script>alert(1)</script>\"><img src=x onerror='alert(2)'></style></title><a href=javascript:alert(3)>"
TEMPLATE = "{{ 7*191 }}{% raw %}<!--]]>&lt;b&gt;${x^"
FORMULA = '=HYPERLINK("http://example.org","a")'
BRACES = "}, note = {x}} @misc{evil, title={pwned"
TURNED = "甲\u202e乙\u2066丙"
OBEYED = "\x1b]0;pwned\x07\x1b[2J\x1b[31m红\x1b[0m"
UNSEEN = "合\u200b肥\ufe0f\u2060\u00ad"
HOSTILE = {
    "script": SCRIPT, "template": TEMPLATE, "formula": FORMULA, "braces": BRACES, "turned": TURNED, "obeyed": OBEYED,
    "unseen": UNSEEN, "break": "甲\r\n\u2028乙", "dollar": "$\\frac{x}{",
    "tex": "\\input{/etc/passwd}\\write18{touch x}",
}  # fmt: skip
COLUMNS = [f"列 {name} {text}" for name, text in HOSTILE.items()]
PLACES = ("合肥", "合\u200b肥", "ＡＢＣ", "ABC", "abc", f"{SCRIPT}市", f"@{FORMULA}", TURNED)
# Formats of which a spoiled file is left out alone, by the name of its case.
SPOILED = [name for name, case in PAGES.items() if case.then == "left out"]


def text_of(n, words):
    """A report of a few parts with figures, programmes, problems and plans; every part holds hostile words."""
    lines = [f"某市2023年工作报告（之{n}）"]
    for i, heading in enumerate(("过去一年工作回顾", "存在的问题", "今后的打算"), start=1):
        lines += [
            f"{'一二三'[i - 1]}、{heading}",
            f"全市新建渔港{n + i}个，投入资金{3 * n + i}亿元，同比增长{i}.5%。我们实施了“灯塔引航”工程{words}。",
            f"存在的困难是茶山道路不足，党员教育{words}还不够扎实，基层党组织力量薄弱。",
            f"下一步要推动{n + 2}个社区建立党支部，到2025年完成{n + i}00户的改造，加强干部培训和群众服务。",
        ]
    return "\n".join(lines) + "\n"


def write(folder, bombs=False):
    """Write the corpus into a new folder.

    Parameters
    ----------
    folder : Path
    bombs : bool
        Whether the files that take a machine are in it (../shared/cases/hostile), which limits of time and memory stop.

    Returns
    -------
    read, left_out : list of str
        The names of files that hold a document that is read, as they are shown; of those that are left out.
    """
    folder.mkdir()
    whole = "".join(HOSTILE.values())
    names = [f"{i}{place[:40]}".replace("/", "_").replace("\0", "") for i, place in enumerate(PLACES)]
    names = [name.encode()[:200].decode(errors="ignore") + ".txt" for name in names]
    rows, read, left_out = [], [], []
    for i, (name, place) in enumerate(zip(names, PLACES, strict=True)):
        (folder / name).write_text(text_of(i, whole), encoding="utf-8")
        cells = dict(zip(COLUMNS, HOSTILE.values(), strict=True))
        cells |= {"file": name, "city": place, "year": "2023", "title": whole, "publisher": BRACES, "genre": "report"}
        rows.append(cells | {"speaker": OBEYED})
        read.append(name)
    records = [{"content": text_of(20 + i, ""), **{k: f"{v}{i}" for k, v in HOSTILE.items()}} for i in range(2)]
    records[0] |= {TURNED: OBEYED, "re\u200bgion": SCRIPT, "__proto__": "x", "=1+1": FORMULA}
    (folder / "记录.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("../../出去.txt", "/绝对.txt", "\u202e转.txt", "断\n行.txt", f"{OBEYED}.txt"):
            archive.writestr(name, text_of(30 + len(name), whole))
        archive.writestr("坏.pdf", b"%PDF-1.4")
    (folder / "包.zip").write_bytes(packed.getvalue())
    read += ["记录.jsonl", "包.zip"]
    for n, case in enumerate(SPOILED):
        for content in PAGES[case].files.values():
            name = f"坏{n}{Path(next(iter(PAGES[case].files))).suffix}"
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
            left_out.append(name)
    if bombs:
        for path in sorted((SHARED / "cases" / "hostile").rglob("x.*")):
            name = f"弹{path.parent.name}{path.suffix}"
            (folder / name).write_bytes(path.read_bytes())
            # The nested text boxes are read by now, each once; the forms of a PDF are its library's own.
            (read if path.suffix == ".docx" else left_out).append(name)
    rows += [{"file": name} for name in (*read[len(names) :], *left_out)]
    columns = ["file", "city", "year", "title", "publisher", "genre", "speaker", *COLUMNS]
    with (folder / "corpus.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(rows)
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "x\u202egpj.exe").write_text(LONG, encoding="utf-8")
    return read, left_out
