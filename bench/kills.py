"""Whether `make`, killed at any moment, ends as an undisturbed one would once it is called again.

    nice -n 10 python bench/kills.py [N] [SEED] [NAME=VALUE ...]      50 kills and seed 1 if left out

The corpus is two documents of data/raw, with small parameters. It is built once undisturbed. Then, N times, `make` is
started, killed at a random moment of what it takes undisturbed, and called again to its end. Every file must then be as
in the undisturbed run, byte for byte, no temporary file may be left, and a third `make` must do nothing. What
NAME=VALUE says goes to make, such as PYTHON=.venv/bin/python.

A whole run takes a minute of one processor, so that most kills are of a run that has only some of its steps to do: it
starts from a copy of the finished one, times of files and all, from which something was taken away.

    whole       nothing is there
    tables      no table and no kept row is there; nothing that depends on them need be done again, and is not
    notebooks   the results of one notebook are not there
    report      no page is there

How it is killed:

    KILL, TERM, INT   the signal goes to every process that make started (kernels have sessions of their own)
    one               SIGKILL goes to one process alone, make's own among them: as when memory is short
    twice             SIGKILL to all, and to all of the make that was to put it right
"""

import collections
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("朝阳", "合肥")
PARAMETERS = """specifications: 8
splits: 20
permutations: 199
k: 3
ks: [3, 5]
resamples: 3
refits: 5
draws: 50
min_df: 2
terms: 5
max_profiles: 1
"""
SHARES = {"whole": 1, "tables": 17, "notebooks": 19, "report": 13}
HOW = {"KILL": 26, "TERM": 6, "INT": 6, "one": 6, "twice": 6}
STRAY = (".crosscity-half", ".crosscity-former")


def study(root):
    """Write the corpus and the parameters; make's arguments for them."""
    corpus = root / "文件 夹"
    corpus.mkdir()
    rows = (PROJECT / "data" / "raw" / "corpus.csv").read_text(encoding="utf-8").splitlines()
    kept = [rows[0], *(row for row in rows[1:] if row.startswith(DOCUMENTS))]
    (corpus / "corpus.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    for name in DOCUMENTS:
        shutil.copy(PROJECT / "data" / "raw" / f"{name}.txt", corpus)
    (root / "small.yaml").write_text(PARAMETERS, encoding="utf-8")
    return [f"CORPUS={corpus}", f"OUT={root / 'out'}", f"PARAMS={root / 'small.yaml'}"]


class Make:
    """`make` with its arguments, in a group of processes of its own."""

    def __init__(self, arguments):
        self.process, self.command = None, ["make", "-j2", *arguments]
        names = ("MAKE", "MFLAGS", "CROSSCITY")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(names)}

    def start(self, log):
        """Start it; its output goes to a file."""
        self.process = subprocess.Popen(
            self.command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        return self.process

    def stop(self):
        """End the one that runs, where this script is interrupted itself."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def to_the_end(self):
        """Run it to its end, and again while a process that outlived its make holds the folder; output, waited."""
        waited = 0
        while True:
            with tempfile.TemporaryFile("w+") as log:
                status = self.start(log).wait(timeout=1800)
                log.seek(0)
                output = log.read()
            if status == 0:
                return output, waited
            if "another make is writing" not in output or waited > 600:
                msg = f"make ended with status {status}:\n{output}"
                raise SystemExit(msg)
            time.sleep(1)
            waited += 1


def children(number):
    """Processes below one, itself first, by /proc (on Linux) or ps."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    below = collections.defaultdict(list)
    for line in listed.splitlines():
        pid, parent = map(int, line.split())
        below[parent].append(pid)
    found = [number]
    for pid in found:
        found += below[pid]
    return found


def kill(process, how, rng):
    """Kill what a make started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            if how == "one":
                os.kill(rng.choice(children(process.pid)), signal.SIGKILL)
            else:
                os.killpg(process.pid, getattr(signal, f"SIG{how}", signal.SIGKILL))
    return process.wait(timeout=1800)


def contents(out):
    """Every file below a folder by its name, but for records of outputs, which name those of killed runs as well."""
    paths = (
        p for p in sorted(out.rglob("*")) if p.is_file() and p.name not in (".crosscity.sums", ".crosscity.measured")
    )
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in paths}


def strays(*folders):
    """Files and folders that no finished run leaves."""
    return [str(path) for folder in folders for path in folder.rglob(".*") if path.name.endswith(STRAY)]


def prepare(kind, kept, out, state, rng):
    """Bring the results to where a run of a kind starts."""
    for folder in (out, state):
        shutil.rmtree(folder, ignore_errors=True)
    if kind == "whole":
        return
    for folder, copy in ((out, kept / "out"), (state, kept / "state")):
        shutil.copytree(copy, folder)
    if kind == "tables":
        shutil.rmtree(out / "processed")
    elif kind == "notebooks":
        runs = sorted(p.stem for p in (state / "runs").glob("*.done"))
        shutil.rmtree(out / "reports" / rng.choice(runs))
    else:
        for page in out.rglob("*.html"):
            if page.name in ("index.html", "notebook.html"):
                page.unlink()


def stage(state):
    """How far a run came, by its stamps."""
    planned = state / "plan.json"
    runs = json.loads(planned.read_text(encoding="utf-8")) if planned.is_file() else []
    if not (state / "tables.done").exists():
        return "tables"
    if not (state / "plan.done").exists() or not runs:
        return "plan"
    if not all((state / "runs" / f"{run['id']}.done").exists() for run in runs):
        return "notebooks"
    return "report" if not (state / "report.done").exists() else "before or after"


def main(n=50, seed=1, *arguments):
    """Kill n times; print what was found."""
    rng = random.Random(int(seed))
    n, failures = int(n), []
    with tempfile.TemporaryDirectory(prefix="kills ") as folder:
        root = Path(folder)
        make = Make([*study(root), *arguments])
        out, kept = root / "out", root / "kept"
        before = set((PROJECT / ".make").glob("[0-9]*"))
        begun = time.monotonic()
        make.to_the_end()
        lasts = {"whole": time.monotonic() - begun}
        (state,) = set((PROJECT / ".make").glob("[0-9]*")) - before
        try:
            shutil.copytree(out, kept / "out")
            shutil.copytree(state, kept / "state")
            expected = contents(out)
            for kind in ("tables", "notebooks", "report"):
                prepare(kind, kept, out, state, rng)
                begun = time.monotonic()
                make.to_the_end()
                lasts[kind] = time.monotonic() - begun
            print("undisturbed:", ", ".join(f"{kind} {t:.0f} s" for kind, t in lasts.items()), flush=True)
            kinds, hows = (_shuffled(shares, n, rng) for shares in (SHARES, HOW))
            told = []
            for i, (kind, how) in enumerate(zip(kinds, hows, strict=True), start=1):
                prepare(kind, kept, out, state, rng)
                reached = []
                while len(reached) < (2 if how == "twice" else 1):
                    moment = rng.uniform(0, lasts[kind])
                    with tempfile.TemporaryFile() as log:
                        process = make.start(log)
                        with contextlib.suppress(subprocess.TimeoutExpired):
                            process.wait(timeout=moment)
                        if process.poll() is not None:  # it came to its end sooner than then: no kill, and once more
                            prepare(kind, kept, out, state, rng)
                            reached = []
                            continue
                        kill(process, how, rng)
                    reached.append(stage(state))
                left = len(strays(out, state))
                _, waited = make.to_the_end()
                wrong = _compared(expected, contents(out)) + strays(out, state)
                again, _ = make.to_the_end()
                if "..." in again or "written" in again or "report:" in again:
                    wrong.append(f"a third make was not idle: {again}")
                failures += [f"{i}: {line}" for line in wrong]
                told.append((kind, how, reached[0]))
                print(
                    f"{i:3} {kind:9} {how:5} after {moment:5.1f} s in {', '.join(reached)}; {left} strays; "
                    f"{'waited, ' if waited else ''}{'recovered' if not wrong else wrong[:3]}",
                    flush=True,
                )
        finally:
            make.stop()
            shutil.rmtree(state, ignore_errors=True)
    for place, title in enumerate(("kind", "signal", "stage")):
        print(title, dict(collections.Counter(row[place] for row in told)))
    print(f"{n} kills, {n - len({line.partition(':')[0] for line in failures})} recoveries")
    print(*failures, sep="\n")
    return bool(failures)


def _shuffled(shares, n, rng):
    """Names in their shares, n in all, in random order."""
    whole = [name for name, share in shares.items() for _ in range(share)]
    names = [whole[i * len(whole) // n] for i in range(n)]
    rng.shuffle(names)
    return names


def _compared(expected, found):
    """Names of files that are missing, too many, or others; what was only kept to spare time may be missing."""
    names = sorted({name for name in expected if ".crosscity-cache/" not in name} | set(found))
    return [name for name in names if expected.get(name) != found.get(name)]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
