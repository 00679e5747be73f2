"""Killed at any moment, at work twice at once, on a full disk, where nothing can be written: nothing is spoiled.

A step is killed before each call by which it changes a file, in turn; what was written under a temporary name is cut
short besides, as if it had been killed while it wrote.
"""

import contextlib
import errno
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from crosscity import CrosscityError, cli
from crosscity.files import atomic, locks, stamps
from crosscity.files.atomic import FORMER, HALF, write_text
from crosscity.files.owned import RECORD, sweep_halves, whole_folder, write_output
from crosscity.project import pipeline, report
from crosscity.project.measured import MEASURED
from crosscity.study import opening
from crosscity.tables import builder as building
from crosscity.tables import workers
from crosscity.tables.contract import TABLES
from crosscity.tables.store import read_table

from tests.conftest import PROJECT
from tests.helpers import small_index

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed, which takes a fork")

TEXT = "去年秋天，镇里修通了到山上的公路，三个寨子的苹果当天就能运到县城，价钱比往年高了两成。"
FURTHER = "今年春天，合作社又添了冷库，果农可以等到春节前后再卖，一斤能多挣一块多钱。"
LIMIT = 600  # seconds: it ends what hangs, however busy the machine
CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.utime", "os.truncate", "os.link", "os.symlink"}


def stamped(stamp, outputs):
    with stamps.step(stamp) as made:
        made += outputs


def child(work, limit=None, user=None):
    """Do something in a process of its own: what it printed as an error, and its status (negative: a signal)."""
    sys.stdout.flush()
    with tempfile.TemporaryFile("w+") as errors:
        number = os.fork()
        if not number:
            status = 70
            try:
                os.dup2(errors.fileno(), 2)
                os.dup2(errors.fileno(), 1)
                sys.stdout = sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
                signal.alarm(LIMIT)
                if limit:
                    import resource

                    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
                if user:
                    os.setgroups([])
                    os.setgid(user)
                    os.setuid(user)
                work()
                status = 0
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else 1
                if isinstance(end.code, str):
                    print(end.code, file=sys.stderr)
            except BaseException:
                import traceback

                traceback.print_exc()
            finally:
                with contextlib.suppress(OSError):  # of a limit on files, which holds for what is printed too
                    sys.stderr.flush()
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
        errors.seek(0)
        return status, errors.read()


def killed_at(k, work):
    """Do something in a process that is killed before the k-th change of a file; whether it came to that."""

    def to_be_killed():
        left = k

        def hook(event, arguments):
            nonlocal left
            writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if event in CHANGES or writes:
                left -= 1
                if left < 0:
                    if event == "os.rename" and Path(arguments[0]).is_file():
                        os.truncate(arguments[0], Path(arguments[0]).stat().st_size // 2)
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        work()

    status, said = child(to_be_killed)
    assert status in (0, -signal.SIGKILL), said
    return status != 0


def everywhere(prepare, work, again):
    """Kill some work at every place, each time after `prepare`, and do `again`; how many places there are."""
    k = 0
    while True:
        prepare()
        if not killed_at(k, work):
            return k
        again(k)
        k += 1


def command(*arguments):
    """The command line as make calls it."""

    def work():
        sys.argv[1:] = [str(a) for a in arguments]
        cli.main()

    return work


def contents(*folders):
    """Every file below some folders, by its name, but for what is kept of documents and the records of outputs."""
    return {
        str(path): path.read_bytes()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and building.CACHE not in path.parts and path.name not in (RECORD, MEASURED)
    }


def copied(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Two small documents, their tables, and the stamps; jieba is loaded on the way."""
    root = tmp_path_factory.mktemp("built")
    corpus = root / "corpus"
    corpus.mkdir()
    for name, text in (("扬州", TEXT), ("苏州", FURTHER)):
        (corpus / f"{name}.txt").write_text(f"{name}修路\n{text}\n{text[:20]}。\n", encoding="utf-8")
    (root / "p.yaml").write_text("max_profiles: 2\n", encoding="utf-8")
    stamps.main([root / "state", root / "reports"])
    building.build(corpus, root / "processed", progress=False)
    return root


@pytest.fixture
def quick(monkeypatch):
    """Only one process, whose tokenizer is loaded; a step's own code, not the reading of the parameters."""
    from crosscity.tables import document_rows

    loaded = document_rows._tokenizer((), False) if hasattr(document_rows, "_tokenizer") else None
    monkeypatch.setattr(document_rows, "_tokenizer", lambda *_: loaded)


def test_a_build_killed_anywhere_is_made_good(built, tmp_path, quick):
    corpus, parameters, out, kept = tmp_path / "corpus", built / "p.yaml", tmp_path / "out", tmp_path / "state"
    copied(built / "corpus", corpus)
    work = command("build", corpus, "--out", out, "--params", parameters, "--jobs", 1, "--state", kept)

    def scan():
        stamps.main([kept, tmp_path / "reports"])

    scan()
    assert child(work)[0] == 0
    copied(out, tmp_path / "former out")
    copied(kept, tmp_path / "former state")
    former = contents(out)
    (corpus / "扬州.txt").write_text(f"扬州修路\n{FURTHER}\n{TEXT}\n", encoding="utf-8")
    scan()
    assert child(work)[0] == 0
    expected = contents(out) | {str(kept / "tables.sha256"): (kept / "tables.sha256").read_bytes()}
    assert all(expected[name] != former[name] for name in former if "tokens" in name or "paragraphs" in name)

    def prepare():
        copied(tmp_path / "former out", out)
        copied(tmp_path / "former state", kept)
        scan()

    def again(k):
        now = contents(out)
        for name in former:
            assert now[name] in (former[name], expected[name]), (k, name)
        scan()
        if not (kept / "tables.done").exists():
            assert child(work)[0] == 0
        assert contents(out) | {str(kept / "tables.sha256"): (kept / "tables.sha256").read_bytes()} == expected, k
        assert not [p for p in (*out.glob(".*"), *kept.rglob(".*")) if p.name not in (building.CACHE, RECORD)], k
        assert (kept / "tables.done").exists()

    assert everywhere(prepare, work, again) > 20


def planned(root, identity, **parameters):
    """A run of a plan, as `plan` writes it."""
    out = root / "reports" / identity
    about = {"id": identity, "notebook": "01-corpus", "parameters": {"k": 8} | parameters, "out": str(out)}
    atomic.write_text(
        root / "state" / "parameters" / f"{identity}.json", json.dumps(about, ensure_ascii=False), "surrogateescape"
    )
    return out


def former_results(out):
    with whole_folder(out, pipeline.MAKER) as partial:
        write_text(partial / "a.csv", "former")


def stub(monkeypatch, execute):
    """Put something in papermill's place."""
    import papermill

    monkeypatch.setattr(papermill, "execute_notebook", execute)


def executes(source, executed, parameters, **_):
    """What a notebook leaves: two files, and itself."""
    out = Path(parameters["out"])
    write_text(out / "a.csv", f"k\n{parameters['k']}\n" * 20)
    write_text(out / "findings.json", json.dumps({"findings": [str(parameters["k"])] * 20}))
    from papermill.translators import PythonTranslator

    source = PythonTranslator.codify({"out": str(out)})
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]})
    controls = {"application/vnd.jupyter.widget-state+json": {"state": {os.urandom(8).hex(): {}}}}
    made = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": controls})
    nbformat.write(made, executed)


NAME = "05-profile-合肥"  # papermill escapes Chinese in a path


def test_a_run_killed_anywhere_is_made_good(tmp_path, monkeypatch):
    stub(monkeypatch, executes)
    out, kept, reports = planned(tmp_path, NAME), tmp_path / "state", tmp_path / "reports"
    stamp = kept / "runs" / f"{NAME}.done"
    assert child(command("run", NAME, "--state", kept))[0] == 0
    (out / "notebook.html").write_text("the report's")
    former = contents(reports)
    planned(tmp_path, NAME, k=9)
    for folder in (reports, kept):
        copied(folder, tmp_path / f"former {folder.name}")
    work = command("run", NAME, "--state", kept)
    assert child(work)[0] == 0
    expected = contents(reports)
    assert expected[str(out / "a.csv")] == b"k\n9\n" * 20
    assert b"partial" not in expected[str(out / "notebook.ipynb")]
    assert b"widget" not in expected[str(out / "notebook.ipynb")]  # named by chance, and seen by nobody

    def prepare():
        for folder in (reports, kept):
            copied(tmp_path / f"former {folder.name}", folder)

    def again(k):
        stamps.main([kept, reports])
        assert contents(reports) in (former, expected), k
        if not stamp.exists():
            assert child(work)[0] == 0
        assert contents(reports) == expected, k
        assert [p.name for p in reports.iterdir()] == [NAME]
        assert not list(kept.rglob(".*"))

    assert everywhere(prepare, work, again) > 15


def test_a_report_killed_anywhere_is_made_good(tmp_path, monkeypatch):
    pages = [tmp_path / "reports" / "index.html", tmp_path / "reports" / "01-corpus" / "notebook.html"]

    def write_report(parameters, *_):
        for page in pages:
            write_text(page, Path(parameters).read_text() * 20)
        return pages

    monkeypatch.setattr(report, "write_report", write_report)
    kept, reports, parameters = tmp_path / "state", tmp_path / "reports", tmp_path / "p.yaml"
    work = command("report", "--tables", tmp_path, "--reports", reports, "--state", kept, "--params", parameters)
    parameters.write_text("k: 8\n")
    assert child(work)[0] == 0
    for folder in (reports, kept):
        copied(folder, tmp_path / f"former {folder.name}")
    parameters.write_text("k: 9\n")

    def prepare():
        for folder in (reports, kept):
            copied(tmp_path / f"former {folder.name}", folder)

    def again(k):
        stamps.main([kept, reports])
        if not (kept / "report.done").exists():
            assert child(work)[0] == 0
        assert contents(reports) == {str(page): b"k: 9\n" * 20 for page in sorted(pages)}, k
        assert not list(kept.rglob(".*"))

    assert everywhere(prepare, work, again) > 8


def test_a_plan_killed_anywhere_leaves_no_results_of_the_former_one(built, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "notebook_names", lambda: ["01-corpus", "05-profile"])
    kept, reports, parameters = tmp_path / "state", tmp_path / "reports", tmp_path / "p.yaml"
    folders = "--tables", built / "processed", "--reports", reports, "--state", kept, "--params", parameters
    parameters.write_text("max_profiles: 2\nby: city\n")
    stamps.main([kept, reports])
    assert child(command("plan", *folders))[0] == 0
    for name in ("05-profile-扬州", "05-profile-苏州", "01-corpus", "mine"):
        with whole_folder(reports / name, pipeline.MAKER) as partial:
            write_text(partial / "a.csv", "x")
            write_text(partial / "b.csv", "x")
        stamped(kept / "runs" / f"{name}.done", [reports / name / "a.csv", reports / name / "b.csv"])
    for folder in (reports, kept):
        copied(folder, tmp_path / f"former {folder.name}")
    parameters.write_text("max_profiles: 1\nby: city\n")
    work = command("plan", *folders)

    def prepare():
        for folder in (reports, kept):
            copied(tmp_path / f"former {folder.name}", folder)
        stamps.main([kept, reports])

    def again(k):
        stamps.main([kept, reports])
        if not (kept / "plan.done").exists():
            assert child(work)[0] == 0
        assert sorted(p.name for p in reports.iterdir()) == ["01-corpus", "05-profile-扬州", "mine"], k
        assert [r["id"] for r in json.loads((kept / "plan.json").read_text())] == ["01-corpus", "05-profile-扬州"]
        assert "苏州" not in (kept / "plan.json").read_text()
        assert not list(kept.rglob(".*"))

    assert everywhere(prepare, work, again) > 12


def test_an_add_killed_anywhere_leaves_no_half_file_and_loses_no_row(built, tmp_path):
    """Neither of corpus.csv nor of documents; the same call completes it, and nothing is left over."""
    corpus, incoming = tmp_path / "corpus", tmp_path / "incoming"
    copied(built / "corpus", corpus)
    assert child(command("add", corpus / "扬州.txt", "--corpus", corpus, "--yes"))[0] == 0
    copied(corpus, tmp_path / "former")
    incoming.mkdir()
    for n, name in enumerate(("南通", "泰州", "徐州")):
        (incoming / f"{name}.txt").write_text(f"{name}修路\n{FURTHER * (n + 1)}\n", encoding="utf-8")
    work = command("add", incoming, "--corpus", corpus, "--yes")
    assert child(work)[0] == 0
    expected, former = contents(corpus), contents(tmp_path / "former")
    whole = {Path(name).name: data for name, data in expected.items()}
    rows = {(corpus / "corpus.csv").read_bytes(), (tmp_path / "former" / "corpus.csv").read_bytes()}
    assert len(rows) == 2
    assert len(former) == len(expected) - 3

    def again(k):
        for path in corpus.glob("[!.]*"):
            assert path.read_bytes() in (rows if path.name == "corpus.csv" else {whole[path.name]}), (k, path.name)
        assert {Path(name).name for name in former} <= {p.name for p in corpus.iterdir()}, k
        status, said = child(work)
        assert status == 0, said
        assert contents(corpus) == expected, k
        assert not list(corpus.glob(".*")), k

    assert everywhere(lambda: copied(tmp_path / "former", corpus), work, again) > 10


def test_a_paper_killed_anywhere_is_made_good_with_what_is_in_it(tmp_path):
    """Any folder that is replaced as a whole: outputs are whole, and a person's files are there, or come back."""
    out, mine = tmp_path / "paper", {"my-text.tex": "mine", "figures/sketch.svg": "mine"}

    def work(text="new"):
        with whole_folder(out, "paper") as partial:
            for name in ("figures.tex", "figures/a.svg", "tables/a.tex"):
                write_text(partial / name, text * 20)

    work("former")
    for name, text in mine.items():
        write_text(out / name, text)
    write_text(out / "figures.tex", "edited")
    copied(out, tmp_path / "former")
    work()
    expected = contents(out)
    assert expected[str(out / "kept" / "figures.tex")] == b"edited"
    assert len(expected) == 6

    def prepare():
        copied(tmp_path / "former", out)
        for path in tmp_path.glob(".*"):
            shutil.rmtree(path)

    def again(k):
        at_hand = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and "former" not in path.parts]
        assert at_hand.count(b"mine") == 2, k
        assert b"edited" in at_hand, k
        assert child(work)[0] == 0
        assert contents(out) == expected, k
        sweep_halves(tmp_path)
        assert sorted(p.name for p in tmp_path.iterdir()) == ["former", "paper"], k

    assert everywhere(prepare, work, again) > 20


def test_what_was_moved_aside_is_moved_back(tmp_path):
    """Killed between the two renamings, and then never able to run again: the former results are there."""
    reports, kept = tmp_path / "reports", tmp_path / "state"
    write_output(reports / f".04-compare{FORMER}" / "a.csv", "former")
    write_output(reports / f".03-topics{FORMER}" / "a.csv", "former")
    write_text(reports / f".03-topics{FORMER}" / "thesis.txt", "mine")
    write_output(reports / "03-topics" / "a.csv", "new")
    write_text(reports / "03-topics" / f".notebook.html.77{HALF}", "<")
    write_text(reports / f".03-topics.12{HALF}" / "a.csv", "half")
    write_text(reports / f".explore.13{HALF}" / "a.csv", "half")
    write_text(reports / ".mine.13.partial" / "a.csv", "mine")
    write_text(reports / "mine" / ".a.5", "mine")
    stamps.sweep(kept, reports)
    assert {name.removeprefix(f"{reports}/"): data for name, data in contents(reports).items()} == {
        "03-topics/a.csv": b"new",
        "03-topics/thesis.txt": b"mine",
        "04-compare/a.csv": b"former",
        "mine/.a.5": b"mine",
        ".mine.13.partial/a.csv": b"mine",
    }


def test_what_another_run_wrote_over_is_not_done(tmp_path):
    """Two sets of parameters may share a folder: each has stamps of its own there."""
    made = tmp_path / "a.csv"
    for name in ("one", "other"):
        made.write_text(name.ljust(5))
        os.utime(made, ns=(10**18, 10**18 + len(name)))
        stamped(tmp_path / name / "a.done", [made])
    for name in ("one", "other"):
        stamps.prune(tmp_path / name)
    assert not (tmp_path / "one" / "a.done").exists()
    assert (tmp_path / "other" / "a.done").exists()


def test_a_step_that_fails_leaves_the_former_stamp_and_nothing_else(tmp_path):
    stamped(tmp_path / "a.done", [])

    def fails():
        with stamps.step(tmp_path / "a.done"):
            raise CrosscityError

    with pytest.raises(CrosscityError):
        fails()
    assert [p.name for p in tmp_path.iterdir()] == ["a.done"]


def test_tables_that_are_built_anew_under_a_notebook_are_not_mixed(built, tmp_path):
    copied(built / "processed", tmp_path / "processed")
    run = opening.open_study(notebook="01-corpus", tables=tmp_path / "processed", out=tmp_path / "out")
    assert len(run.table("paragraphs"))
    building.build(built / "corpus", tmp_path / "processed", tables=["stances"], cache=False, progress=False)
    assert len(run.table("tokens"))  # the same bytes: the file was left
    os.utime(tmp_path / "processed" / "stances.parquet", ns=(10**18, 10**18))
    with pytest.raises(CrosscityError, match=r"processed: the tables were built anew .* restart its kernel"):
        run.table("stances")
    assert len(run.table("paragraphs"))  # what was read stays readable


# Two at once


def wait_until(condition):
    """Look again and again, at files that other processes write."""
    until = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def make(*arguments):
    names = ("MAKE", "MFLAGS", "CROSSCITY")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(names)}
    called = ["make", f"PYTHON={sys.executable}", *map(str, arguments)]
    done = subprocess.run(
        called, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("target", ["all", "figures", "tables"])
def test_a_second_make_is_refused_and_touches_nothing(tmp_path, target):
    out = tmp_path / "out put's"
    (out / "reports" / ".01-corpus.1.partial").mkdir(parents=True)
    held = locks.lock_folder(out, "another make")
    known = set((PROJECT / ".make").glob("*"))
    status, said = make(target, f"OUT={out}", f"PARAMS={tmp_path}/other.yaml")
    os.close(held)
    assert status == 2
    assert said.startswith(f"error: another make is writing into {out}: wait for it to end, or give another folder\n")
    assert "Traceback" not in said
    assert [p.name for p in out.rglob("*")] == ["reports", ".01-corpus.1.partial"]
    assert set((PROJECT / ".make").glob("*")) == known


def test_two_adds_at_once_lose_no_row(built, tmp_path):
    """Both begin while the corpus is held, so that one reads the table while the other is about to write it."""
    copied(built / "corpus", tmp_path / "corpus")
    for name in ("南通", "泰州"):
        (tmp_path / f"{name}.txt").write_text(f"{name}修路\n{FURTHER}{name}的路修好了。\n", encoding="utf-8-sig")
    held = locks.lock_folder(tmp_path / "corpus", "a test")
    called = [sys.executable, "-m", "crosscity.cli", "add", "--corpus", tmp_path / "corpus", "--yes"]
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "lib")}
    piped = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    names = [tmp_path / f"{name}.txt" for name in ("南通", "泰州")]
    both = [subprocess.Popen([*called, name], env=environment, text=True, **piped) for name in names]
    for one in both:
        assert one.stderr.readline().startswith("another add is at work in ")
    os.close(held)
    assert [one.wait(LIMIT) for one in both] == [0, 0]
    for one in both:
        one.stderr.close()
    rows = (tmp_path / "corpus" / "corpus.csv").read_text(encoding="utf-8-sig").splitlines()
    assert sorted(row.partition(",")[0] for row in rows) == sorted(
        ["file", "南通.txt", "扬州.txt", "泰州.txt", "苏州.txt"]
    )


def test_a_second_verification_is_refused_and_touches_nothing():
    (PROJECT / ".make" / "verifying").mkdir(parents=True, exist_ok=True)
    held = locks.lock_folder(PROJECT / ".make" / "verifying", "a test")
    known = sorted((PROJECT / ".make").rglob("*"))
    status, said = make("verify")
    os.close(held)
    assert status == 2
    assert said.startswith("error: another make is writing into .make/verifying: wait for it to end")
    assert sorted((PROJECT / ".make").rglob("*")) == known


def guarded(*arguments):
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "lib")}
    called = [sys.executable, "-S", "-m", "crosscity.files", "lock", *map(str, arguments)]
    piped = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen(called, env=environment, **piped, text=True)


def test_a_folder_is_held_as_long_as_anything_started_there_is_at_work(tmp_path):
    """make itself may be killed alone, and its steps go on."""
    first = guarded(tmp_path / "new", "sh", "-c", f"sleep {LIMIT} & echo $!; wait")
    inner = int(first.stdout.readline())
    first.kill()
    first.wait()
    second = guarded(tmp_path / "new", "echo", "done")
    assert "another make is writing into" in second.communicate()[1]
    assert second.returncode
    os.kill(inner, signal.SIGKILL)
    third = guarded("--wait", tmp_path / "new", "echo", "done")
    assert third.communicate()[0] == "done\n"


def test_who_waits_comes_after(tmp_path):
    first = guarded("--wait", tmp_path, "sh", "-c", "echo begun; read end; echo first >> $0", tmp_path / "log")
    assert first.stdout.readline() == "begun\n"
    second = guarded("--wait", tmp_path, "sh", "-c", "echo second >> $0", tmp_path / "log")
    assert "another make is at work" in second.stderr.readline()
    first.communicate("end\n")
    second.communicate()
    assert (tmp_path / "log").read_text() == "first\nsecond\n"


def test_one_make_installs_the_environment_and_the_other_waits(tmp_path):
    """Its installer is a stand-in that ends when it may; the first make is killed, and what it left is begun anew."""
    _, sums = small_index.build(tmp_path / "index")
    small_index.project(tmp_path, small_index.lock(sums, *small_index.locked()))
    shutil.copy(PROJECT / "Makefile", tmp_path)
    for name in ("lib", "tools"):
        (tmp_path / name).symlink_to(PROJECT / name)
    environment = small_index.stand_in(tmp_path, waits=True)

    def started():
        return subprocess.Popen(
            ["make", ".venv/.ready"], cwd=tmp_path, env=environment, stderr=subprocess.PIPE, bufsize=0,
            stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    first = started()
    wait_until((tmp_path / ".make" / "environment" / "1").exists)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    assert not (tmp_path / ".venv").exists()
    (tmp_path / "log").unlink()
    both = [started(), started()]
    waits = select.select([make.stderr for make in both], [], [], LIMIT)[0]  # until one says that it does
    assert len(waits) == 1
    said = [waits[0].readline().decode()]
    (tmp_path / "may-end").touch()
    said += [make.communicate(timeout=LIMIT)[1].decode() for make in both]
    assert (tmp_path / "log").read_text().split() == ["venv", "pip", "pip"]
    assert (tmp_path / ".venv" / ".ready").exists()
    assert sorted(said) == ["", "", "another make is at work in .make/environment: waiting until it has ended\n"]


# Processes that are left


linux = pytest.mark.skipif(sys.platform != "linux", reason="only there does the system end them")


def gone(number):
    """Whether a process, of which this is no parent, ends."""
    try:
        process = os.pidfd_open(number)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], LIMIT)[0])
    finally:
        os.close(process)


@linux
def test_workers_end_with_a_build_that_was_killed(monkeypatch):
    reading, writing = os.pipe()
    first = os.getpid()

    def work(*_):
        if os.getppid() == first:
            return  # the first one is done by the build itself
        os.write(writing, f"{os.getpid()}\n".encode())
        time.sleep(LIMIT)

    monkeypatch.setattr(workers, "_process", work)
    number = os.fork()
    if not number:
        list(workers._in_processes(iter([()] * 40), 2))
        os._exit(0)
    with open(reading) as pipe:  # noqa: PTH123
        children = [int(pipe.readline()) for _ in range(2)]
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)
        os.close(writing)
    ended = [gone(child) for child in children]
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    assert all(ended)


def test_a_kernel_is_told_whose_it_is(built, tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(opening, "end_with_parent", told.append)
    opening.open_study(notebook="01-corpus", tables=built / "processed", out=tmp_path)
    monkeypatch.setenv("CROSSCITY_PARENT", "77")
    opening.open_study(notebook="01-corpus", tables=built / "processed", out=tmp_path)
    assert told == [77]


@linux
@pytest.mark.parametrize("cleared", [True, False])
def test_a_kernel_whose_run_is_gone_already_ends(tmp_path, cleared):
    """What was killed stays listed until somebody asks for its status: that is no life."""
    ended = subprocess.Popen(["true"])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | (0 if cleared else os.WNOWAIT))
    status, _ = child(lambda: (locks.end_with_parent(ended.pid), (tmp_path / "on").touch()))
    ended.wait()
    assert status == 1
    assert not (tmp_path / "on").exists()
    assert child(lambda: (locks.end_with_parent(os.getppid()), (tmp_path / "on").touch()))[0] == 0
    assert (tmp_path / "on").exists()


@pytest.fixture
def slow(tmp_path, monkeypatch):
    """A notebook that says its process and then takes long, in a project of its own; its run, not yet begun."""
    cells = [nbformat.v4.new_code_cell(f"out = ''\nk = 8\nsleep = {LIMIT}", metadata={"tags": ["parameters"]})]
    text = "import os, time, pathlib\nfrom crosscity.files import end_with_parent, write_text\n"
    text += "end_with_parent(int(os.environ['CROSSCITY_PARENT']))\n"
    text += "pathlib.Path(out, 'a.csv').write_text('x')\n"
    text += "with open(pathlib.Path(out).parent / 'log', 'a') as log:\n    print(os.getpid(), file=log)\n"
    text += "time.sleep(sleep)\nwrite_text(pathlib.Path(out) / 'large.csv', 'x' * 100_000)"
    cells.append(nbformat.v4.new_code_cell(text))
    (tmp_path / "notebooks").mkdir()
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "notebooks" / "01-corpus.ipynb")
    monkeypatch.setattr(pipeline, "NOTEBOOKS_FOLDER", tmp_path / "notebooks")
    monkeypatch.setenv("PYTHONPATH", str(PROJECT / "lib"))
    return tmp_path


def kernel_of(log):
    """The number of the kernel, once it has said it."""
    wait_until(lambda: log.exists() and log.read_text().endswith("\n"))
    return int(log.read_text().split()[-1])


@linux
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_stops_with_its_kernel(slow, how):
    out = planned(slow, "01-corpus")
    former_results(out)
    number = os.fork()
    if not number:
        status = 1
        try:
            signal.alarm(LIMIT)
            signal.signal(signal.SIGINT, signal.default_int_handler)  # tests that a script began with & ignore it
            command("run", "01-corpus", "--state", slow / "state")()
        except SystemExit as end:
            status = end.code
        finally:
            import atexit

            atexit._run_exitfuncs()  # as at the end of a process that is none of a test
            os._exit(status)
    kernel = kernel_of(out.parent / "log")
    os.kill(number, how)
    status = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
    assert status == {signal.SIGKILL: -9, signal.SIGTERM: 143, signal.SIGINT: 1}[how]
    assert gone(kernel)
    assert len((out.parent / "log").read_text().split()) == 1  # and was not begun anew
    assert (out / "a.csv").read_text() == "former"
    if how != signal.SIGKILL:
        assert sorted(p.name for p in out.parent.iterdir()) == ["01-corpus", "log"]
    assert not list((slow / "state").rglob("*.done"))


# A full disk


def test_a_cell_on_a_full_disk(slow):
    out = planned(slow, "01-corpus", sleep=0)
    former_results(out)
    status, said = child(command("run", "01-corpus", "--state", slow / "state"), limit=60_000)
    assert status == 2
    assert "error: 01-corpus.ipynb failed in cell" in said
    assert "File too large" in said
    assert "large.csv" in said
    assert "Traceback" not in said
    assert [p.name for p in out.glob("[!.]*")] == ["a.csv"]
    assert not list((slow / "state").rglob("*.done"))
    assert not list(out.parent.glob(".*"))


def test_papermill_on_a_full_disk(tmp_path, monkeypatch):
    def execute(source, executed, **_):
        Path(executed).write_text("x" * 10_000)

    stub(monkeypatch, execute)
    out = planned(tmp_path, "01-corpus")
    status, said = child(command("run", "01-corpus", "--state", tmp_path / "state"), limit=5000)
    assert status == 2
    assert said.endswith("notebook.ipynb: make room there, then do the same again\n")
    assert said.count("\n") == 2  # which run it is, and the error
    assert not out.exists()
    assert not list(out.parent.glob(".*"))


@pytest.mark.parametrize("kept", [True, False])
def test_a_build_on_a_full_disk(built, tmp_path, quick, kept):
    """With what is kept of documents the tables themselves do not fit."""
    out = tmp_path / "out"
    copied(built / "processed", out)
    if not kept:
        shutil.rmtree(out / building.CACHE)
    (out / "corpus.parquet").write_bytes(b"former")
    before = contents(out)
    work = command("build", built / "corpus", "--out", out, "--jobs", 1, "--state", tmp_path / "state")
    status, said = child(work, limit=1000)
    assert status == 2
    assert said.startswith("error: ")
    assert "File too large" in said
    assert f": {out}/" in said
    assert said.endswith("make room there, then do the same again\n")
    assert said.count("\n") == 1
    assert contents(out) == before
    assert not list((tmp_path / "state").rglob("*"))


def test_a_report_and_the_state_on_a_full_disk(tmp_path, monkeypatch):
    reports = tmp_path / "reports"
    write_text(reports / "index.html", "former")
    monkeypatch.setattr(report, "write_report", lambda *_: write_text(reports / "index.html", "x" * 10_000))
    folders = "--tables", tmp_path, "--reports", reports, "--state", tmp_path / "state", "--params", tmp_path
    status, said = child(command("report", *folders), limit=5000)
    assert (status, said) == (
        2, f"error: File too large: {reports / 'index.html'}: make room there, then do the same again\n"
    )  # fmt: skip
    assert (reports / "index.html").read_text() == "former"
    assert [p.name for p in reports.iterdir()] == ["index.html"]
    # Checksums that cannot be remembered are taken again.
    files = [tmp_path / f"{i}.txt" for i in range(100)]
    for path in files:
        path.write_text("x")
        os.utime(path, ns=(10**18, 10**18))
    monkeypatch.setattr(stamps, "_UNSETTLED", 0)
    with stamps.step(tmp_path / "s" / "a.done", stamps.inputs_of(files)):
        pass
    assert child(lambda: stamps.main([tmp_path / "s", reports]), limit=4000)[0] == 0
    assert [p.name for p in (tmp_path / "s").iterdir()] == ["a.done"]


def child_error(work, **how):
    """An OSError of a process of its own, raised here."""

    def to_say():
        try:
            work()
        except OSError as error:
            print(json.dumps([error.errno, error.strerror, error.filename]), file=sys.stderr)

    raise OSError(*json.loads(child(to_say, **how)[1]))


def test_a_figure_on_a_full_disk(tmp_path):
    from crosscity.figures.style import save_figure
    from matplotlib.figure import Figure

    def work():
        save_figure(Figure(), tmp_path / "out", "a", pd.DataFrame({"x": [1]}), "t", "alt")

    with pytest.raises(OSError, match=r"a\.svg") as caught:
        child_error(work, limit=1000)
    assert caught.value.errno == errno.EFBIG
    assert not list((tmp_path / "out").iterdir())


# Folders that cannot be written


@pytest.fixture
def another():
    """A folder of one user, and the number of another one, who may read there and no more."""
    with tempfile.TemporaryDirectory(prefix="another ", dir="/tmp") as folder:  # pytest's own are closed to others
        user = None
        if os.getuid() == 0:
            user = 65534
            if child(lambda: None, user=user)[0]:
                pytest.skip("the tests are root's, who cannot become another user here, and may write everywhere")
        yield Path(folder), user


def close(folder):
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


@contextlib.contextmanager
def closed(folder):
    """Close a folder to writing, and open it again."""
    close(folder)
    try:
        yield
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_nothing_is_written_where_nothing_can_be(built, another, quick, monkeypatch):
    folder, user = another
    reports, kept = folder / "reports", folder / "state"
    copied(built / "processed", folder / "processed")
    (folder / "processed" / "corpus.parquet").write_bytes(b"former")
    copied(built / "corpus", folder / "corpus")
    out = planned(folder, "01-corpus")
    former_results(out)
    (kept / "runs").mkdir()
    stub(monkeypatch, executes)
    monkeypatch.setattr(report, "write_report", lambda *_: write_text(reports / "index.html", "x"))
    (folder / "p.yaml").write_text("k: 8\n")
    folders = "--tables", folder / "processed", "--reports", reports, "--state", folder / "open", "--params", folder
    work = {
        "tables": command("build", folder / "corpus", "--out", folder / "processed", "--jobs", 1),
        "new tables": command("build", folder / "corpus", "--out", folder / "new", "--jobs", 1),
        "run": command("run", "01-corpus", "--state", kept),
        "report": command("report", *folders[:-4], "--state", kept, "--params", folder),
        "held": lambda: locks.main([str(folder / "new"), "echo"]),
        "state": lambda: stamps.main([kept, reports]),
    }
    (kept / "stale.done").write_text("")
    before = contents(folder)
    with closed(folder):
        for name, step in work.items():
            status, said = child(step, user=user)
            assert status in (1, 2), name
            assert "Traceback" not in said
            error = said.splitlines()[-1]
            assert error.startswith(f"error: Permission denied: {folder}/"), (name, said)
            assert error.endswith("let this user write there, or give another folder")
    assert contents(folder) == before


def test_the_whole_reads_again_after_all_this(built):
    """The fixture that the tests above share is as it was."""
    assert all(len(read_table(name, built / "processed")) or name != "paragraphs" for name in TABLES)
