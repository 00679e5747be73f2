"""How fast each stage is, what it holds in memory, and how that grows: on a corpus once, ten and fifty times.

    make bench                                    the city reports where they are at hand, else the embedded documents
    make bench BENCH="FOLDER 1 10"                another corpus, other sizes
    python bench/stages.py [FOLDER [TIMES ...]]   the same, in an environment that is active

Each measurement has a process of its own (one.py, or a command as one would give it); what is compared runs by turns,
and ratios are medians of the turns. The script itself stays small, since Linux counts what a process held before its
program was loaded as the program's. What the figures mean is in results.py; a run on the city reports in all three
sizes goes into docs/benchmarks.md, benchmarks.csv and figures/benchmarks.png.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BENCH, LIBRARY = PROJECT / "bench", PROJECT / "lib"
REPORTS = PROJECT.parent / "shared" / "corpora" / "city-reports-2024"
SIZES = [1, 10, 50]
_MB, _MIB = 1e6, 2**20
_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
# Arithmetic takes one thread, whatever the library.
_ENVIRONMENT = {
    **os.environ,
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "PYTHONPATH": str(LIBRARY),
    "PYTHONHASHSEED": "0",
}

# What runs by turns. Of the stages, in this order: later ones use the tables that `build` leaves.
GROUPS = (
    ("read",),
    ("clean", "clean, usual way"),
    ("clean one document",),
    ("tokenize", "tokenize, jieba"),
    ("word lists",),
    ("build", "build, 1 job", "jieba alone", "loop"),
    ("start", "first build", "second build"),
    ("vectorize",),
    ("topics",),
    ("floor",),
)
ALTERNATIVES = {"clean, usual way", "tokenize, jieba", "jieba alone", "loop", "floor"}
_NOT_ABOVE_10 = ALTERNATIVES | {"start", "first build", "second build", "topics"}


def turns(stage, times):
    """How often a stage is measured at a size."""
    if times > 10:
        return 0 if stage in _NOT_ABOVE_10 else 1
    return 5 if times < 10 else 2 if stage == "start" or "build" in stage else 1


def minutes(megabytes, sizes):
    """How long a run takes, about: seconds by the megabyte, and for processes to start."""
    seconds = 0
    for n in sizes:
        for stage in (stage for group in GROUPS for stage in group):
            pace = 1.1 if stage in ALTERNATIVES else 0.17
            seconds += turns(stage, n) * (0.5 + pace * n * megabytes)
    return max(1, round(seconds / 60))


def run(command, sample=False):
    """Run a command in a process of its own.

    Returns
    -------
    rows : list of dict
        What it prints as JSON in its last line, if anything.
    outside : dict
        Wall time with process start; cpu, of user and system, children included; peak, in MiB, of the largest process;
        together, if sampled, the peak of all its processes, what they share counted once.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=_ENVIRONMENT, encoding="utf-8"
    ) as child:
        sums, ended = [], threading.Event()
        if sample:
            threading.Thread(target=_sample, args=(child.pid, sums, ended), daemon=True).start()
        said = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        ended.set()
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        msg = f"{' '.join(map(str, command))} ended with {child.returncode}:\n{said[-2000:]}"
        raise RuntimeError(msg)
    last = said.splitlines()[-1:] or [""]
    rows = json.loads(last[0]) if last[0].startswith("[") else [{}]
    cpu, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _UNIT / _MIB
    return rows, {"wall": wall, "cpu": cpu, "peak": peak, "together": max(sums, default=None)}


def _sample(pid, sums, ended):
    """Four times a second, what a process and its children hold (PSS): Linux alone says that."""
    while not ended.wait(0.25):
        if held := _held(pid):
            sums.append(held / 1024)


def _held(pid):
    try:
        proc = Path(f"/proc/{pid}")
        held = int(re.search(r"^Pss:\s+(\d+)", (proc / "smaps_rollup").read_text(), re.MULTILINE)[1])
        return held + sum(map(_held, (proc / f"task/{pid}/children").read_text().split()))
    except (OSError, TypeError):  # it ended, or the system does not say
        return 0


class Place:
    """The folders of one size in a temporary folder, and the command of each stage there."""

    def __init__(self, folder, work, times):
        self.texts, self.tables, self.other = (work / f"{times}x{part}" for part in ("", "-tables", "-other"))
        run(one("copy", folder, self.texts, times))
        files = sorted(self.texts.iterdir())
        self.size, self.documents = sum(f.stat().st_size for f in files) / _MB, len(files)
        self.line, self.added = work / "line", self.texts / "added.txt"
        self.line.mkdir(exist_ok=True)
        (self.line / "line.txt").write_text("今年修路2公里。", encoding="utf-8")
        self._more = files[0].read_text(encoding="utf-8") + "\n今年又多了一份报告。"

    def command(self, stage):
        """The command of a stage, once everything is as it has to be."""
        self.added.unlink(missing_ok=True)
        if stage == "second build":
            self.added.write_text(self._more, encoding="utf-8")
            return build(self.texts, self.other, "--cache", "--jobs", 1)
        if stage in {"start", "build", "build, 1 job", "first build"}:
            out = self.tables if stage == "build" else self.other
            shutil.rmtree(out, ignore_errors=True)
            options = {"build, 1 job": ["--no-cache", "--jobs", 1], "first build": ["--cache", "--jobs", 1]}
            return build(self.line if stage == "start" else self.texts, out, *options.get(stage, ["--no-cache"]))
        if stage == "jieba alone":
            return [sys.executable, BENCH / "jieba_alone.py", self.texts]
        if stage == "loop":
            stop = LIBRARY / "crosscity" / "resources" / "stopwords.txt"
            return [sys.executable, BENCH / "loop.py", self.texts, stop, self.line.with_name("loop.csv")]
        return one(stage, self.tables if stage in {"vectorize", "topics"} else self.texts)


def one(stage, *arguments):
    """The command that does one stage."""
    return [sys.executable, BENCH / "one.py", stage, *arguments]


def build(texts, out, *options):
    """The command that builds the tables of text; facts are measured by facts.py."""
    tables = ["--tables", "corpus,paragraphs,cleaning_log,tokens"]
    return [sys.executable, "-m", "crosscity.cli", "build", texts, "--out", out, *tables, *options]


def measure(folder, sizes, say=print):
    """Measure everything.

    Returns
    -------
    list of dict
        A row a measurement: times, megabytes, documents, cores, stage, turn, wall, cpu, peak, together, tokens, words.
    """
    measured = []
    with tempfile.TemporaryDirectory(prefix="crosscity-bench-") as work:
        _ENVIRONMENT["TMPDIR"] = work  # jieba keeps its dictionary there
        for times in sizes:
            place = Place(folder, Path(work), times)
            about = {"times": times, "megabytes": place.size, "documents": place.documents, "cores": os.cpu_count()}
            if times == sizes[0]:  # programs and jieba's dictionary are at hand from now on
                run(place.command("start"))
                run([sys.executable, BENCH / "jieba_alone.py", place.line])
            for group in GROUPS:
                for turn in range(max(turns(stage, times) for stage in group)):
                    for stage in (stage for stage in group if turn < turns(stage, times)):
                        try:
                            rows, outside = run(place.command(stage), sample=stage.startswith("build"))
                        except RuntimeError as error:  # the others are worth having all the same
                            say(f"{times:>3}x  {stage} failed: {error}")
                            continue
                        measured += [{**about, "stage": stage, "turn": turn, **outside, **row} for row in rows]
                        said = f"{times:>3}x  {stage:<20}{measured[-1]['wall']:>8.2f} s {outside['peak']:>7.0f} MiB"
                        say(said if len(rows) == 1 else f"{times:>3}x  {stage:<20}{outside['wall']:>8.2f} s")
            for made in (place.texts, place.tables, place.other):
                shutil.rmtree(made, ignore_errors=True)
    return measured


def main(arguments):
    """Measure, print what was found, and write it down where it is the documented run."""
    import results

    folder = Path(arguments[0]) if arguments else REPORTS if REPORTS.is_dir() else PROJECT / "data" / "raw"
    sizes = [int(n) for n in arguments[1:]] or SIZES
    size = sum(f.stat().st_size for f in folder.iterdir() if f.is_file()) / _MB
    print(f"{folder.name}, {size:.1f} MB, {', '.join(f'{n}x' for n in sizes)}: about {minutes(size, sizes)} minutes")
    measured = measure(folder, sizes, lambda line: print(line, flush=True))
    print("\n".join(results.lines(measured)))
    if folder.name == REPORTS.name and sizes == SIZES:
        results.write(measured, PROJECT / "docs")
        print("written: docs/benchmarks.csv, docs/benchmarks.md, docs/figures/benchmarks.png")


if __name__ == "__main__":
    main(sys.argv[1:])
