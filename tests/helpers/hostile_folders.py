"""Names, manifests and links of a folder of documents that are wrong or hostile, as tables: see test_hostile.py."""

import json
import os
import shutil
import socket
import unicodedata

from tests.helpers.hostile_documents import GOOD, LONG, Case, T, x

_NFC, _NFD = (unicodedata.normalize(form, "café") for form in ("NFC", "NFD"))


def named(*names):
    """A folder with documents of these names, each read."""
    texts = {name: f"{i}号{LONG}" for i, name in enumerate(names, start=1)}
    return Case(texts, "read", gives={name.rpartition(".")[0]: [text] for name, text in texts.items()})


def manifest(*lines, header="file,city,note", says="", then="refused", gives=None, encoding="utf-8", **files):
    """A folder whose manifest has these lines beside those of the good documents."""
    empty = "," * header.count(",")
    table = "\n".join([header, *(f"{name}{empty}" for name in GOOD), *lines, ""])
    return Case({"corpus.csv": table.encode(encoding), **{k.replace("__", "."): v for k, v in files.items()}},
                then, says, gives)  # fmt: skip


def records(*rows):
    """JSON Lines, each with a text of its own."""
    return "".join(json.dumps({"content": f"{i}号{LONG}", **row}) + "\n" for i, row in enumerate(rows))


def linked(target):
    """A folder with a link x.txt; ROOT is the folder that it stands in."""

    def spoil(folder):
        (folder.parent / "secret.txt").write_text(LONG, encoding="utf-8")
        (folder / "x.txt").symlink_to(target.replace("ROOT", str(folder.parent)))

    return spoil


def a_pipe(folder):
    os.mkfifo(folder / "x.txt")


def a_pipe_as_manifest(folder):
    os.mkfifo(folder / "corpus.csv")


def a_socket(folder):
    held = socket.socket(socket.AF_UNIX)
    here = os.open(".", os.O_RDONLY)
    os.chdir(folder)  # the path of a socket may have a hundred bytes
    held.bind("x.txt")
    os.fchdir(here)
    os.close(here)
    held.close()


def a_name_that_is_no_text(folder):
    with open(os.fsencode(folder) + b"/\xff.txt", "wb") as file:  # noqa: PTH123 -- a Path is text
        file.write(T.encode())


def loop_that_the_manifest_names(folder):
    linked("x.txt")(folder)
    (folder / "corpus.csv").write_text("file\n好.txt\n另.txt\nx.txt\n", encoding="utf-8")


NAMES = {
    "spaces, quotes and signs": named(" a b.txt", "'\"<b>&amp;.txt", "a=b,c;d.txt", "%2e%2e%2f.txt"),
    "what a shell would run": named("$(touch ran).txt", "`touch ran`.txt", "; touch ran.txt", "-rf.txt", "*.txt"),
    "emoji": named("😀👩‍🌾.txt"),
    "255 bytes": named("茶" * 83 + "ab.txt"),
    "trailing dots, a number sign": named("a..txt", "b...txt", "c#1.txt"),
    "names that differ in case": named("a.txt", "A.TXT", "á.txt"),
    "devices of other systems": named("CON.txt", "nul.txt", "corpus.txt", "__proto__.txt"),
    "one name written with other code points": Case(
        {f"{_NFC}.txt": T, f"{_NFD}.txt": LONG}, "refused", "would both be caf"
    ),
    "one name with two suffixes": Case({"x.txt": T, "x.csv": f"text\n{LONG}\n"}, "refused", "would both be x: rename"),
    "a line break": Case(
        {"x\nerror: y.txt": T}, "noted", r"'x\nerror: y.txt' is called x error: y.txt here", gives={"x error: y": [T]}
    ),
    "what a terminal obeys": Case({"x\x1b[2J.txt": T}, "noted", r"'x\x1b[2J.txt' is called x.txt", gives={"x": [T]}),
    "the direction of writing turned": Case(
        {"x\u202etxt.exe.txt": T}, "noted", "is called x txt.exe.txt here", gives={"x txt.exe": [T]}
    ),
    "marks that nobody sees": Case(
        {"合\u200b肥\ufe0f.txt": T}, "noted", r"'合\u200b肥\ufe0f.txt' is called 合肥.txt here", gives={"合肥": [T]}
    ),
    "nothing but marks that nobody sees": Case({"\u2060\u00ad.txt": T}, "noted", "1 hidden file was passed over: .txt"),
    "two names that are one to the eye": Case({"x.txt": T, "x\u200b.txt": LONG}, "refused", "would both be x: rename"),
    "names that look alike": Case(
        {
            "corpus.csv": "file,city\n"
            + "".join(f"{name},\n" for name in GOOD)
            + "x.txt,ABC\ny.txt,ＡＢＣ\nz.txt,abc\nu.txt,A\u200bBC\n",
            **{f"{n}.txt": f"{n}。{LONG}" for n in "xyzu"},
        },
        "noted",
        "3 names that look alike in city: ABC (2), abc (1), ＡＢＣ (1); spell them alike in corpus.csv",
    ),
    "columns that look alike": Case(
        {"x.jsonl": records({"Region": "a"}, {"re\u200bgion": "b"})},
        "noted",
        "2 columns whose names look alike: Region, region; give them one name",
    ),
    "keys that are obeyed": Case({"x.jsonl": records({"a\x1b[2Jb\u202ec\nd": "\u200b甲\x1b]0;t\x07"})}, "read"),
    "a key of the suite's own behind marks": Case({"x.jsonl": records({"doc_\u200bid": "../x"})}, "read"),
    "bytes that are no text": Case(a_name_that_is_no_text, "refused", "the file's name is no text: rename it"),
    "a line break in what is passed over": Case({"x\nnote: y.exe": T}, "noted", "x note: y.exe was passed over"),
    "a leading dot, a spreadsheet's lock": Case(
        {".x.txt": "\0", "~$x.docx": "\0"}, "noted", "2 hidden files were passed over: .x.txt, ~$x.docx"
    ),
}

MANIFESTS = {
    "a path that climbs out": manifest("../secret.txt,,", says="row 4: '../secret.txt' must be the name of a file in"),
    "an absolute path": manifest("/etc/hosts,,", says="row 4: '/etc/hosts' must be the name of a file"),
    "a path with a backslash": manifest("..\\x.txt,,", says="row 4: '..\\\\x.txt' must be the name of a file"),
    "a path with a zero byte": manifest("x.txt\0,,", says="corpus.csv is binary (it holds zero bytes)"),
    "the folder above": manifest("..,,", says="row 4: '..' must be the name of a file"),
    "a file that is not there": manifest("x.txt,,", says="corpus.csv names x.txt, which is not there: add the file"),
    "a file that has no row": manifest(x__txt=T, says="x.txt is not named in corpus.csv: add a row for it"),
    "a file that has two rows": manifest("好.txt,,", says="row 4: 好.txt has a row already: keep one of them"),
    "no header": Case({"corpus.csv": "好.txt,甲\n另.txt,乙\n"}, "refused", "corpus.csv has no column 'file' (it has"),
    "semicolons": Case({"corpus.csv": "file;city\n好.txt;\n另.txt;\n"}, "refused", "(it has file;city): name each"),
    "two columns of one name": manifest(header="file,city,city", says="has two columns named 'city': rename one"),
    "a column that the suite fills": manifest(header="file,doc_id", says="has a column 'doc_id', which the suite"),
    "columns named like those of other tables": manifest(
        "x.txt,a,b,c", header="file,text,kind,tokens", x__txt=LONG, then="read", gives=x()
    ),
    "empty columns at the end": manifest("x.txt,,,", header="file,city,,", x__txt=LONG, then="read", gives=x()),
    "a row too long": manifest("x.txt,,,,", x__txt=T, says="row 4: 3 cells are expected, as in the header"),
    "a row too short": manifest("x.txt", x__txt=T, says="row 4: 3 cells are expected, as in the header"),
    "a quotation mark that is not closed": manifest('x.txt,"甲,', x__txt=T, says="close the quotation mark"),
    "a mark of order": manifest("x.txt,,", x__txt=LONG, encoding="utf-8-sig", then="read", gives=x()),
    "UTF-16": manifest("x.txt,甲,乙", x__txt=LONG, encoding="utf-16", then="read", gives=x()),
    "a year that is none": manifest(
        "x.txt,1e9,", header="file,year,note", x__txt=T, says="row 4: year is '1e9'; write four digits"
    ),
    "a day that is none": manifest(
        "x.txt,2024-02-30,",
        header="file,date,note",
        x__txt=T,
        says="row 4: date is '2024-02-30', and there is no such day; write 2024",
    ),
    "formulas in cells": manifest("x.txt,=1+1,@a", x__txt=LONG, then="read", gives=x()),
    "scripts in cells": manifest("x.txt,<script>,{{7*7}}", x__txt=LONG, then="read", gives=x()),
    "line breaks in cells": manifest('x.txt,"甲\n\x1b[2J乙",', x__txt=LONG, then="read", gives=x()),
    "a checksum of another file": manifest(
        f"x.txt,{'0' * 64},", header="file,sha256,note", x__txt=LONG, then="noted", gives=x(),
        says="x.txt is not the file whose SHA-256 corpus.csv states",
    ),
    "20,000 files that are not there": manifest(
        *(f"{i}.txt,," for i in range(20_000)), says="and 19,950 more problems with its table and names"
    ),
    "nothing in the manifest": Case({"corpus.csv": ""}, "refused", "corpus.csv is empty"),
    "an archive for a manifest": Case({"corpus.csv": b"PK\x03\x04" + bytes(99)}, "refused", "corpus.csv is a zip"),
    "a folder for a manifest": Case(lambda f: (f / "corpus.csv").mkdir(), "refused", "corpus.csv is a folder: put the"),
    "a pipe for a manifest": Case(a_pipe_as_manifest, "refused", "corpus.csv is no file but a pipe"),
}  # fmt: skip

LINKS = {
    "a link to a file outside": Case(linked("ROOT/secret.txt"), "refused", "x.txt is a link that leads out of the"),
    "a link by way of another folder": Case(linked("../secret.txt"), "refused", "copy the file in"),
    "a link to a device": Case(linked("/dev/zero"), "refused", "x.txt is no file but a pipe, a socket or a device"),
    "a link to itself": Case(linked("x.txt"), "refused", "x.txt cannot be read (Too many levels of symbolic links)"),
    "a link to itself that the manifest names": Case(
        loop_that_the_manifest_names, "refused", "x.txt cannot be read (Too many levels"
    ),
    "a link to nothing": Case(linked("y.txt"), "refused", "x.txt cannot be read (No such file or directory)"),
    "a link to a folder": Case(linked("ROOT"), "noted", "x.txt was passed over: it is a link to a folder"),
    "a link within the folder": Case(lambda f: (f / "龟.txt").symlink_to("好.txt"), "read"),
    "a folder called .txt": Case(lambda f: (f / "x.txt").mkdir(), "read"),
    "a pipe": Case(a_pipe, "refused", "x.txt is no file but a pipe, a socket or a device: remove it"),
    "a socket": Case(a_socket, "refused", "x.txt is no file but a pipe, a socket or a device: remove it"),
}


def _entries(change):
    """Every entry of the cache changed: a function of its path, among all of them."""

    def spoil(folder):
        paths = sorted(folder.glob("??/*"))
        contents = [p.read_bytes() for p in paths]
        for i, path in enumerate(paths):
            change(path, contents[i], contents[i - 1])

    return spoil


def _a_file(folder):
    shutil.rmtree(folder)
    folder.write_text("a")


def _a_folder(path, *_):
    path.unlink()
    path.mkdir()


# What was kept of the good documents, spoiled; they are built again, and nothing else.
CACHES = {
    "cut in two": Case(_entries(lambda path, own, _: path.write_bytes(own[: len(own) // 2])), "read"),
    "nothing in an entry": Case(_entries(lambda path, *_: path.write_bytes(b"")), "read"),
    "an entry of another document": Case(_entries(lambda path, _, other: path.write_bytes(other)), "read"),
    "a flipped byte in its first line": Case(
        _entries(lambda path, own, _: path.write_bytes(own[:20] + bytes([own[20] ^ 1]) + own[21:])), "read"
    ),
    "a flipped byte in its rows": Case(
        _entries(lambda path, own, _: path.write_bytes(own[:-40] + bytes([own[-40] ^ 1]) + own[-39:])),
        "refused",
        "is damaged or gone: build again",
    ),
    "an entry of an older version": Case(_entries(lambda path, own, _: path.rename(path.with_name("a" * 64))), "read"),
    "an entry that is a folder": Case(_entries(_a_folder), "refused", "Is a directory: "),
    "a file for the folder": Case(_a_file, "refused", ".crosscity-cache is a file: remove it"),
    "a file of someone else": Case(lambda folder: (folder / "aa.txt").write_text("a"), "read"),
}
