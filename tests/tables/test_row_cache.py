"""What is kept between two builds: used where nothing changed, made anew where anything did, never trusted blindly."""

import errno
import io
import os
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from crosscity import CrosscityError
from crosscity.files import RECORD, source_files
from crosscity.files.atomic import HALF
from crosscity.tables import builder as module
from crosscity.tables import row_cache, workers
from crosscity.tables.builder import CACHE, build
from crosscity.tables.contract import TABLES
from crosscity.tables.document_rows import Settings
from crosscity.tables.row_cache import RowCache, code_digest
from crosscity.tables.store import read_table

from tests.conftest import PROJECT

LINES = [
    "去年秋天，镇里修通了到山上的公路，三个寨子的苹果当天就能运到县城，价钱比往年高了两成。",
    "老支书说，路通以前，果子要靠人背下山，背到集上已经碰坏了一半，大家都不愿意多种。",
    "今年春天，合作社又添了冷库，果农可以等到春节前后再卖，一斤能多挣一块多钱。",
]
NOTICE = "本页文字可以自由取用，请注明水利网及日期。"


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for n in range(6):
        (folder / f"{n}.txt").write_text(f"{LINES[n % 3]}第{n}篇说到这里为止。\n", encoding="utf-8")
    return folder


@pytest.fixture
def made(monkeypatch):
    """The names of the documents whose rows are made, in order."""
    names, rows_from_file = [], workers.rows_from_file

    def noted(found, *args):
        names.append(found.doc_id)
        return rows_from_file(found, *args)

    monkeypatch.setattr(workers, "rows_from_file", noted)
    return names


def contents(out):
    return {path.name: path.read_bytes() for path in Path(out).glob("*.parquet")}


def again(made, corpus, out, **kwargs):
    made.clear()
    build(corpus, out, progress=False, **kwargs)
    return list(made)


def test_only_what_changed_is_made_again(corpus, tmp_path, made):
    out = tmp_path / "out"
    assert again(made, corpus, out) == list("012345")
    assert again(made, corpus, out) == []
    (corpus / "6.txt").write_text(LINES[0], encoding="utf-8")
    assert again(made, corpus, out) == ["6"]
    (corpus / "2.txt").write_text(LINES[1] * 2, encoding="utf-8")
    assert again(made, corpus, out) == ["2"]
    (corpus / "1.txt").unlink()
    assert again(made, corpus, out) == []
    build(corpus, tmp_path / "fresh", progress=False)
    assert contents(out) == contents(tmp_path / "fresh")
    assert set(read_table("corpus", out)["doc_id"]) == set("023456")


def test_settings_the_manifest_and_the_name_are_part_of_the_key(corpus, tmp_path, made):
    out, terms = tmp_path / "out", tmp_path / "terms.txt"
    again(made, corpus, out)
    terms.write_text("山上的公路\n", encoding="utf-8")
    assert again(made, corpus, out, dictionary=terms) == list("012345")
    terms.write_text("山上的公路\n修通了\n", encoding="utf-8")
    assert again(made, corpus, out, dictionary=terms) == list("012345"), "the file's content counts, not its name"
    assert again(made, corpus, out, hmm=True) == list("012345")
    rows = "".join(f"{n}.txt,{'扬州' if n == 3 else ''}\n" for n in range(6))
    again(made, corpus, out)
    (corpus / "corpus.csv").write_text(f"file,city\n{rows}", encoding="utf-8")
    assert again(made, corpus, out) == ["3"]
    (corpus / "corpus.csv").unlink()
    (corpus / "5.txt").rename(corpus / "苏州2020.txt")
    assert again(made, corpus, out) == ["3", "苏州2020"], "3 is no longer 扬州's, and what was made of that is gone"


def test_the_encoding_of_a_file_of_records_is_part_of_the_key(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for encoding in ("utf-8", "gb18030"):
        (folder / "a.csv").write_text(f"text\n{LINES[0]}\n", encoding=encoding)
        build(folder, tmp_path / "out", progress=False)
        assert read_table("corpus", tmp_path / "out")["encoding"].tolist() == [encoding]


def test_the_code_is_part_of_the_key(corpus, tmp_path, made, monkeypatch):
    out = tmp_path / "out"
    again(made, corpus, out)
    version = row_cache._version
    monkeypatch.setattr(row_cache, "_version", lambda name: "99" if name == "rjieba" else version(name))
    assert again(made, corpus, out) == list("012345")
    monkeypatch.undo()
    files = source_files("tables.document_rows")
    monkeypatch.setattr(row_cache, "source_files", lambda *names: [copied(path) for path in files])

    def copied(path):
        copy = tmp_path / "lib" / path.relative_to(PROJECT)
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        return copy

    same = code_digest(Settings())
    for path in files:
        with copied(path).open("ab") as file:
            file.write(b"\n")
        assert code_digest(Settings()) != same, path.name
        same = code_digest(Settings())


def test_lines_that_others_share_are_part_of_the_key(corpus, tmp_path, made):
    """A third document with a notice makes it furniture in the first two: these, and no others, are made again."""
    out = tmp_path / "out"
    for n in (0, 1):
        with (corpus / f"{n}.txt").open("a", encoding="utf-8") as file:
            file.write(f"{NOTICE}\n")
    assert again(made, corpus, out) == list("012345")
    with (corpus / "2.txt").open("a", encoding="utf-8") as file:
        file.write(f"{NOTICE}\n")
    assert again(made, corpus, out) == ["2", "0", "1", "2"]
    assert again(made, corpus, out) == []
    assert not read_table("paragraphs", out)["text"].str.contains(NOTICE).any()
    build(corpus, tmp_path / "fresh", progress=False, cache=False)
    assert contents(out) == contents(tmp_path / "fresh")


@pytest.mark.parametrize("damage", ["cut", "empty", "head", "another", "flipped", "gone"])
def test_a_damaged_entry_is_never_used(corpus, tmp_path, made, damage):
    out = tmp_path / "out"
    build(corpus, out, progress=False)
    before = contents(out)
    entry = sorted((out / CACHE).glob("??/*"))[0]
    whole, other = entry.read_bytes(), sorted((out / CACHE).glob("??/*"))[1].read_bytes()
    head, body = bytearray(whole), bytearray(whole)
    head[30] ^= 255
    body[-40] ^= 255
    if damage == "gone":
        entry.unlink()
    else:
        found = {"cut": whole[: len(whole) // 2], "empty": b"", "head": head, "another": other, "flipped": body}
        entry.write_bytes(found[damage])
    if damage == "flipped":
        # Its length is right, so that it is found out when it is needed; then it is gone.
        with pytest.raises(CrosscityError, match=r"what was kept of \d.txt is damaged or gone: build again"):
            build(corpus, out, progress=False)
        assert contents(out) == before
    assert len(again(made, corpus, out)) == 1
    assert contents(out) == before


def test_a_document_that_cannot_be_read_is_not_kept(corpus, tmp_path, made):
    (corpus / "x.txt").write_bytes(b"")
    with pytest.raises(CrosscityError, match=r"x.txt is empty"):
        build(corpus, tmp_path / "out", progress=False)
    assert not contents(tmp_path / "out")
    (corpus / "x.txt").unlink()
    assert again(made, corpus, tmp_path / "out") == [], "what could be read is kept all the same"


def test_what_is_no_longer_used_goes(corpus, tmp_path):
    out = tmp_path / "out"
    build(corpus, out, progress=False)
    first = {path.name for path in (out / CACHE).glob("??/*")}
    assert len(first) == 6
    build(corpus, out, hmm=True, progress=False)
    second = {path.name for path in (out / CACHE).glob("??/*")}
    assert len(second) == 6
    assert not first & second


def test_what_someone_else_put_there_stays(corpus, tmp_path):
    out = tmp_path / "out"
    build(corpus, out, progress=False)
    (out / CACHE / "uv" / "sub").mkdir(parents=True)
    (out / CACHE / "uv" / "mine.txt").write_text("mine", encoding="utf-8")
    old = sorted((out / CACHE).glob("??/*"))[0].with_name(f".{'0' * 64}.1")
    old.write_bytes(b"half")
    build(corpus, out, hmm=True, progress=False)
    assert (out / CACHE / "uv" / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert not old.exists()


def test_some_tables_take_nothing_from_the_others(corpus, tmp_path, made):
    out = tmp_path / "out"
    again(made, corpus, out)
    (corpus / "6.txt").write_text(LINES[0], encoding="utf-8")
    _, notes = build(corpus, out, tables=["corpus"], progress=False)
    assert notes == [f"{', '.join(TABLES[1:])} in {out} are those of an earlier build"]
    assert again(made, corpus, out) == ["6"]
    assert again(made, corpus, out) == []


def test_two_builds_do_not_write_into_one_folder(corpus, tmp_path):
    fcntl = pytest.importorskip("fcntl")
    out = tmp_path / "out"
    out.mkdir()
    held = os.open(out, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(CrosscityError, match=r"another build is writing into .*out: wait for it"):
        build(corpus, out, progress=False)
    os.close(held)
    build(corpus, out, progress=False)


def test_a_file_system_without_locks_is_no_other_build(corpus, tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def none(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    assert build(corpus, tmp_path / "out", progress=False)[0] == list(TABLES)


def test_what_a_killed_build_left_is_removed(corpus, tmp_path):
    out = tmp_path / "out"
    (out / f".rows.12{HALF}").mkdir(parents=True)
    (out / f".rows.12{HALF}" / "x").write_bytes(b"x")
    (out / f".tokens.parquet.123{HALF}").write_bytes(b"PAR1")
    (out / ".tokens.parquet.123").write_bytes(b"mine")
    build(corpus, out, progress=False)
    hidden = sorted(p.name for p in out.iterdir() if p.name.startswith("."))
    assert hidden == sorted([CACHE, RECORD, ".tokens.parquet.123"])


def test_without_the_cache_nothing_is_left_beside_the_tables(corpus, tmp_path):
    build(corpus, tmp_path / "out", cache=False, progress=False)
    assert {p.name for p in (tmp_path / "out").iterdir()} == {RECORD, *(f"{name}.parquet" for name in TABLES)}


def test_an_entry_is_whole_or_absent(tmp_path, monkeypatch):
    kept = RowCache(tmp_path / "kept", Settings())
    kept.put("ab" * 32, b"{}\nbody")
    assert (kept.head("ab" * 32), kept.get("ab" * 32)) == (b"{}\n", b"{}\nbody")

    class Full(io.FileIO):
        def write(self, data):
            if len(data) == len(b"second"):
                raise OSError(28, "No space left on device")
            return super().write(data)

    monkeypatch.setattr(Path, "open", lambda self, mode: Full(self, mode))
    with pytest.raises(OSError, match=f"No space.*{'cd' * 32}"):
        kept.put("cd" * 32, b"{}\n", b"second")
    monkeypatch.undo()
    assert kept.get("cd" * 32) is None
    assert [p.name for p in (tmp_path / "kept").glob("??/*")] == ["ab" * 32]


def test_an_entry_may_be_put_in_pieces(tmp_path):
    kept = RowCache(tmp_path / "kept", Settings())
    kept.put("ab" * 32, b"{}\n", memoryview(b"second"), b"third")
    assert (kept.head("ab" * 32), kept.get("ab" * 32)) == (b"{}\n", b"{}\nsecondthird")
    (tmp_path / "kept" / "ab" / ("ab" * 32)).write_bytes((tmp_path / "kept" / "ab" / ("ab" * 32)).read_bytes()[:-1])
    assert kept.get("ab" * 32) is None


def test_row_groups_hold_documents_whole(corpus, tmp_path, monkeypatch):
    """However many there are, what is read is the same; a group ends with a document."""
    build(corpus, tmp_path / "one", progress=False)
    monkeypatch.setattr(module, "_GROUP", 2)
    build(corpus, tmp_path / "many", progress=False)
    for name in TABLES:
        file = pq.ParquetFile(tmp_path / "many" / f"{name}.parquet")
        assert pq.ParquetFile(tmp_path / "one" / f"{name}.parquet").num_row_groups == 1
        assert (file.num_row_groups > 1) == (name != "programmes")  # linked over all documents, and written at the end
        groups = [file.read_row_group(i, ["doc_id"])["doc_id"].to_pylist() for i in range(file.num_row_groups)]
        assert sum(len(set(group)) for group in groups) == len({name for group in groups for name in group})
        one, many = read_table(name, tmp_path / "one"), read_table(name, tmp_path / "many")
        assert one.astype(str).equals(many.astype(str))
