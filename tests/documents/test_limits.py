"""Files read apart, under limits: what one does to its reader costs that file alone."""

import gc
import os
import random
import signal
import subprocess
import sys
import threading
from multiprocessing import get_context
from pathlib import Path

import pytest
from crosscity import CrosscityError
from crosscity.documents import reader_process
from crosscity.documents.cleaning import MOST_CHANGES, clean
from crosscity.documents.corpus import read_corpus
from crosscity.documents.formats import READERS, UnreadableError
from crosscity.documents.formats.html import page_lines
from crosscity.documents.limits import Limits, OverLimitsError
from crosscity.documents.records import MOST_COLUMNS
from crosscity.documents.sources import read_sources

from bench.fuzz import outcome
from tests.conftest import PROJECT
from tests.documents.test_formats import PAGE, A, B, C, word
from tests.helpers.hostile_documents import nested_forms, page, zipped
from tests.helpers.mutated import mutant, seeds

MEMORY, SECONDS = Limits(memory=150), Limits(seconds=1)
SLOW = page(f"<p>{A}</p><table><tr>{'<td>a</td>' * 120_000}</table>").encode()  # trafilatura: its square, most times


def read(name, data, limits=MEMORY):
    return read_sources(Path(name), {}, data, limits)[0]


def children():
    """Processes of this one that read files, by number and state."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 3) for line in listed.splitlines()]
    return {
        int(pid): state
        for pid, parent, state, *args in rows
        if int(parent) == os.getpid() and ("reader_process" in "".join(args) or state.startswith("Z"))
    }


@pytest.fixture
def alone():
    """No process is there yet, or left over."""
    _close_all()
    yield
    _close_all()


def _close_all():
    while reader_process._idle:
        reader_process._idle.pop().close()
    gc.collect()


@pytest.mark.parametrize("kind", seeds())
def test_what_is_read_apart_is_what_the_reader_gives(kind):
    suffix, data = kind.split()[0], seeds()[kind]
    sources = read_sources(Path(f"路{suffix}"), {}, data)
    if suffix in READERS:
        made = READERS[suffix](data, Path(f"路{suffix}"))
        assert (sources[0].text, sources[0].encoding) == (made.text, made.encoding)
        assert sources[0].notes == [f"路{suffix} {note}" for note in made.notes]
    assert A[:12] in sources[0].text
    assert all(source.metadata.get("title", "甲") in {"甲", "乙", "公路"} for source in sources)


def test_one_process_serves_many_files(alone):
    read("a.docx", word(A))
    first = set(children())
    for i in range(5):
        read(f"{i}.html", PAGE.encode())
    assert len(first) == 1
    assert set(children()) == first


def test_a_file_that_needs_too_much_memory_is_named(alone):
    with pytest.raises(
        OverLimitsError, match=r"^x\.pdf .*needs more than 150 MB of memory to read: save its text alone"
    ):
        read("x.pdf", nested_forms())
    assert read("a.docx", word(A)).text == A
    assert len(children()) == 1


def test_a_file_that_takes_too_long_is_named(alone):
    with pytest.raises(OverLimitsError, match=r"^x\.html takes more than 1 s of processor time to read"):
        read("x.html", SLOW, SECONDS)
    assert read("a.docx", word(A)).text == A


def test_time_is_told_where_the_system_does_not_end_the_reader(monkeypatch):
    monkeypatch.setattr(reader_process.time, "process_time", iter([10.0, 12.1]).__next__)
    monkeypatch.chdir(PROJECT)
    answer = reader_process._answered({"path": "x.html", "folder": "", "limits": list(SECONDS)}, PAGE.encode())
    assert answer == {"slow": True}
    with pytest.raises(OverLimitsError, match=r"^x\.html takes more than 1 s of processor time to read"):
        reader_process._understood(answer, Path("x.html"), SECONDS)


def test_a_file_that_gives_too_much_text_is_named():
    with pytest.raises(OverLimitsError, match=r"^x\.docx gives more than 10 characters: save its parts as files"):
        read("x.docx", word(A), Limits(characters=10))
    with pytest.raises(OverLimitsError, match=r"^x\.txt gives more than 10 characters"):
        read("x.txt", A.encode(), Limits(characters=10))
    with pytest.raises(OverLimitsError, match=r"^x\.csv gives more than 10 characters"):
        read("x.csv", f"text\n{A}\n".encode(), Limits(characters=10))


@pytest.mark.parametrize("name", ["x.json", "x.jsonl", "x.csv"])
def test_a_table_of_many_small_cells_is_told_before_it_is_read(name):
    data = b'{"text": "a", "n": [' + b"[]," * 3_000_000 + b"1]}" if "json" in name else b"text,a\n" + b",\n" * 500_000
    with pytest.raises(OverLimitsError, match=rf"^{name} needs more than 150 MB of memory to read"):
        read(name, data)


def test_short_rows_make_no_cells():
    header = ",".join(["text", *(f"c{i}" for i in range(5000))])
    sources = read_sources(Path("x.csv"), {}, (header + f"\n{A}" * 500).encode())
    assert [source.metadata for source in sources] == [{}] * 500


def test_a_table_of_too_many_columns_is_left_out():
    header = ",".join(["text", *(f"c{i}" for i in range(MOST_COLUMNS + 1))])
    cells = ",1" * (MOST_COLUMNS + 1)
    with pytest.raises(UnreadableError, match=r"^x\.csv has 20,001 columns, more than 20,000: keep those"):
        read("x.csv", f"{header}\n{A}{cells}\n".encode(), Limits())


def test_a_reader_that_is_ended_from_elsewhere_is_replaced(alone):
    read("a.docx", word(A))
    (number,) = children()
    os.kill(number, signal.SIGKILL)
    assert read("b.docx", word(B)).text == B
    assert number not in children()


def test_a_file_that_ends_its_reader_is_named(alone, monkeypatch):
    broken = "import os, signal, sys; sys.stdin.buffer.readline(); os.kill(os.getpid(), signal.SIG{}) #{}{}"
    for name in ("SEGV", "KILL"):
        _close_all()
        monkeypatch.setattr(reader_process, "_START", broken.format(name, "{}", "{}"))
        with pytest.raises(UnreadableError, match=rf"^x\.docx breaks the program that reads it \(SIG{name}\): open it"):
            read("x.docx", word(A))
    assert not children()


def test_a_reader_that_never_answers_is_ended(alone, monkeypatch):
    monkeypatch.setattr(reader_process, "_START", "import time; time.sleep(1000) #{}{}")
    monkeypatch.setattr(Limits, "patience", 1)
    with pytest.raises(OverLimitsError, match=r"^x\.docx was not read within 1 s"):
        read("x.docx", word(A))
    assert not children()


def test_a_machine_without_room_for_a_process_is_told(alone, monkeypatch):
    def none(*_args, **_more):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", none)
    with pytest.raises(CrosscityError, match=r"no process can be started \(Resource temporarily unavailable\)"):
        read("x.docx", word(A))


def test_an_error_of_a_library_is_a_message(alone, monkeypatch):
    start = "import sys; sys.path.insert(0, {!r}); import crosscity.documents.reader_process as r; "
    start += "r._read = lambda *a: {{}}['缺']; r.serve({})"
    monkeypatch.setattr(reader_process, "_START", start)
    with pytest.raises(UnreadableError, match=r"^x\.docx cannot be read \(KeyError: '缺'\): open it and save it again"):
        read("x.docx", word(A))


def test_a_panic_of_a_library_in_rust_is_a_message(alone, monkeypatch):
    """To Python it is no Exception; calamine panics at a sheet whose last cell lies beyond all others."""
    start = "import sys; sys.path.insert(0, {!r}); import crosscity.documents.reader_process as r\n"
    start += "class Panic(BaseException): pass\n"
    start += "def read(*a): raise Panic('chunk size')\nr._read = read\nr.serve({})"
    monkeypatch.setattr(reader_process, "_START", start)
    with pytest.raises(UnreadableError, match=r"^x\.docx cannot be read \(Panic: chunk size\): open it and save"):
        read("x.docx", word(A))


def test_threads_and_forks_have_their_own(alone):
    read("a.docx", word(A))
    texts = []
    threads = [threading.Thread(target=lambda: texts.append(read("b.docx", word(B)).text)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == [B] * 3
    with get_context("fork").Pool(1) as pool:
        assert pool.apply(_idle) == 0, "a fork that asked its parent's reader would take answers from it"
    with get_context("fork").Pool(2) as pool:
        made = pool.starmap(_text, [("c.docx", word(C))] * 4)
    assert made == [C] * 4
    assert read("a.docx", word(A)).text == A


def _idle():
    return len(reader_process._idle)


def _text(name, data):
    return read(name, data).text


def test_no_process_outlives_the_one_that_reads(tmp_path):
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    code = (
        "import os, signal, sys\nfrom crosscity.documents import read_corpus\nfrom crosscity.documents import "
        "reader_process as r\nread_corpus(sys.argv[1])\nprint(r._idle[0].process.pid, flush=True)\n"
        "if len(sys.argv) > 2: os.kill(os.getpid(), signal.SIGKILL)"
    )
    for how in ((), ("killed",)):
        command = [sys.executable, "-c", code, str(tmp_path), *how]
        environment = {**os.environ, "PYTHONPATH": str(PROJECT / "lib")}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            number = int(process.stdout.readline())
            process.stdout.read()  # its end: the reader has the pipe's other end no more than it has
        while Path(f"/proc/{number}").exists() and "Z" not in Path(f"/proc/{number}/stat").read_text().split()[2]:
            pass


def test_a_bad_file_costs_itself(tmp_path):
    (tmp_path / "坏.pdf").write_bytes(nested_forms())
    (tmp_path / "好.docx").write_bytes(word(A))
    (tmp_path / "包.zip").write_bytes(zipped(**{"x.pdf": nested_forms(), "y.txt": B, "z.txt": b"\xff" + C.encode()}))
    sources, notes = read_corpus(tmp_path, MEMORY)
    assert [(source.file, source.text) for source in sources] == [("包.zip/y.txt", B), ("好.docx", A)]
    said = " ".join(notes)
    assert f"left out: {tmp_path / '坏.pdf'} ended the program that reads it" in said
    assert "包.zip: left out: " in said
    assert "z.txt is not valid UTF-8" in said


def test_an_archive_of_bad_files_is_read_no_further(tmp_path):
    files = {f"{n}.html": SLOW for n in range(6)}
    (tmp_path / "包.zip").write_bytes(zipped(**{"a.txt": A, **files}))
    notes = read_corpus(tmp_path, SECONDS)[1]
    over = ("takes more than 1 s", "was not read within 20 s")  # the latter where a machine has much else to do
    assert sum(any(words in note for words in over) for note in notes) == 3
    assert any("包.zip: no more of its files were read: take out those that are named here" in note for note in notes)


def test_of_an_archive_of_many_bad_files_fifty_are_told(tmp_path):
    (tmp_path / "包.zip").write_bytes(zipped(**{"a.txt": A, **{f"{n}.txt": "" for n in range(60)}}))
    notes = read_corpus(tmp_path)[1]
    assert len(notes) == 51
    assert notes[-1] == "包.zip: 10 more of its files were left out or passed over"
    (tmp_path / "包.zip").write_bytes(zipped(**{f"{n}.txt": "" for n in range(60)}))
    with pytest.raises(CrosscityError) as caught:
        read_corpus(tmp_path)
    assert str(caught.value).count("is empty") == 50


def test_a_text_of_too_many_changes_is_left_out(monkeypatch):
    assert MOST_CHANGES == 1_000_000
    monkeypatch.setattr("crosscity.documents.cleaning.MOST_CHANGES", 20)
    assert clean("村&amp;路。" * 20).text == "村&路。" * 20
    with pytest.raises(UnreadableError, match=r"^needs more than 20 changes in cleaning: take out what is no text"):
        clean("村&amp;路。" * 21)


def test_wide_rows_and_lists_keep_their_cells_and_numbers():
    made = page_lines(b"<table><tr><td> a </td>\n<td>b <i> </i></td><td></td><td>c</td></tr></table>", "x")
    assert made == ["a\tb\t\tc"]
    made = page_lines(b"<ol start=3><li>a<ol><li>b<li>c</ol><li>d</ol><ul><li>e</ul>", "x")
    assert made == ["3.a", "1.b", "2.c", "4.d", "e"]


@pytest.mark.parametrize("kind", seeds())
def test_changed_files_are_read_or_named(kind):
    """Some of each format; bench/fuzz.py tries thousands."""
    rng, suffix, data = random.Random(f"test {kind}"), kind.split()[0], seeds()[kind]
    for _ in range(12):
        assert outcome(Path(f"x{suffix}"), mutant(data, rng, 20))[0] in {
            "read", "left out", "refused", "over limits", "broke its reader",
        }  # fmt: skip
