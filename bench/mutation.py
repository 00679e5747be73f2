"""Whether the tests see faults: python bench/mutation.py [--share 0.5] [--out FOLDER] [MODULE ...]

mutmut plants one fault at a time in the functions of a module (a number changed, a comparison turned, a call left out)
and runs the tests that reach the function. A fault that no test sees survives. Of each module a share of the faults is
drawn with a fixed seed, LEAST at least; --share 1 takes all. Expressions at the top of a module, the grammar's regular
expressions among them, are no functions: one alternative of each is taken away in turn, and the tests run anew.
Needs mutmut (pip install mutmut), which the lock does not have: this is run by hand, and takes minutes a module.
"""

import argparse
import ast
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
GRAMMAR = ("test_numerals", "test_quantities")
TESTS = {
    "numerals": ("test_numerals",),
    "measures": GRAMMAR,
    "phrases": ("test_phrases", *GRAMMAR),
    "counted": GRAMMAR,
    "uncounted": GRAMMAR,
    "statements": GRAMMAR,
    "scopes": GRAMMAR,
    "rounding": ("test_arithmetic",),
    "arithmetic": ("test_arithmetic",),
    "permutation": ("test_permutation", "test_keyness", "test_shifts"),
    "keyness": ("test_keyness",),
    "resampling": ("test_distances", "test_prevalence", "test_keyness"),
    "distances": ("test_distances",),
    "agreement": ("test_adjudication", "test_validation"),
    "shifts": ("test_shifts",),
    "matrix": ("test_matrix",),
    "correspondence": ("test_correspondence",),
}
SEED = 1
LEAST = 25
# Not the suite's own: plugins that tests of one module do not need, and draws that another run would not draw again.
OPTIONS = ["-p", "no:cacheprovider", "-p", "no:nbval", "-p", "no:xdist", "--hypothesis-seed=1"]


def copy(module, folder):
    """A copy of what tests need, with the settings of mutmut for one module."""
    kept = shutil.ignore_patterns("__pycache__", ".*", "mutants", "reports", "processed")
    shutil.copytree(PROJECT, folder, ignore=kept, dirs_exist_ok=True)
    (folder / "pyproject.toml").unlink()
    (folder / "lib").rename(folder / "src")  # where mutmut looks
    tests = "\n".join(f"    tests/{name}.py" for name in TESTS[module])
    options = "\n".join(f"    {option}" for option in OPTIONS)
    beside = "\n".join(f"    {name}" for name in ("bench", "data", "docs", "params"))
    text = f"[mutmut]\nsource_paths=\n    src\nonly_mutate=\n    src/crosscity/{module}.py\nalso_copy=\n{beside}\n"
    text += f"pytest_add_cli_args_test_selection=\n{tests}\npytest_add_cli_args=\n{options}\ntimeout_constant=60.0\n"
    text += "process_isolation=forkserver\nforkserver_warmup=collect\n"  # or caches that tests filled would hide faults
    (folder / "setup.cfg").write_text(text, encoding="utf-8")


def alone(library=""):
    """The environment, with a copy of the library if one is given, and one thread."""
    return os.environ | {"PYTHONPATH": str(library), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def mutmut(folder, *arguments):
    """Standard output of a command of mutmut in the folder."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=folder, env=alone(), capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def of_functions(module, folder, share):
    """Name and fate of each fault that was planted in a function."""
    said = mutmut(folder, "run", "--max-children", "1", "no.such.fault")  # makes them, and times the tests
    meta = folder / "mutants" / "src" / "crosscity" / f"{module}.py.meta"
    if not meta.exists() or "nothing matches" not in said:
        sys.exit(f"{module}: mutmut made no faults:\n{said[-2000:]}")
    names = sorted(json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"])
    drawn = random.Random(SEED).sample(names, min(len(names), max(LEAST, round(share * len(names)))))
    said = mutmut(folder, "run", "--max-children", "1", *drawn)
    rows = [line.strip().rsplit(": ", 1) for line in mutmut(folder, "results", "--all", "true").splitlines()]
    fates = {row[0]: row[1] for row in rows if len(row) == 2}
    if unchecked := [name for name in drawn if fates[name] == "not checked"]:
        sys.exit(f"{module}: mutmut did not run {unchecked[0]}:\n{said[-2000:]}")
    return [(name, fates[name]) for name in drawn], len(names)


def alternatives(source):
    """A module's strings with an alternative taken away: line, where it begins and ends, the new text, what is gone."""
    tree = ast.parse(source)
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    inside = {id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for n in ast.walk(f)}
    skipped = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside | skipped:
            start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
            text = source.encode()[start:end].decode()
            cuts = [i for i, c in enumerate(text) if c == "|"]
            for a, b in itertools.pairwise(cuts):
                if all(text[a:b].count(one) == text[a:b].count(other) for one, other in ("()", "[]", "{}")):
                    yield node.lineno, start, end, text[:a] + text[b:], text[a + 1 : b]


def of_expressions(module, folder, share):
    """Name and fate of each alternative that was taken out of an expression."""
    path = folder / "src" / "crosscity" / f"{module}.py"
    source = path.read_text(encoding="utf-8")
    found = list(dict.fromkeys(alternatives(source)))  # a string with fields comes once for each of its parts
    drawn = random.Random(SEED).sample(found, min(len(found), max(LEAST, round(share * len(found)))))
    tests = [f"tests/{name}.py" for name in TESTS[module]]
    command = [sys.executable, "-m", "pytest", "-q", "-x", *OPTIONS, *tests]
    fates = []
    for line, start, end, new, gone in drawn:
        path.write_bytes(source.encode()[:start] + new.encode() + source.encode()[end:])
        done = subprocess.run(command, cwd=folder, env=alone(folder / "src"), capture_output=True, check=False)
        fates.append((f"{module}, line {line}: without {gone!r}", "killed" if done.returncode else "survived"))
    path.write_text(source, encoding="utf-8")
    return fates, len(found)


def main():
    """Print a line a module and kind of fault; write what survives, with its change, to a file a module."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=", ".join(TESTS))
    parser.add_argument("--share", type=float, default=0.25)
    parser.add_argument("--out", type=Path, default=PROJECT / ".make" / "mutation")
    parser.add_argument("--kind", choices=("functions", "expressions"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for module in given.modules or TESTS:
        for kind, plant in (("functions", of_functions), ("expressions", of_expressions)):
            if given.kind not in (None, kind):
                continue
            with tempfile.TemporaryDirectory() as place:
                folder = Path(place) / "crosscity"
                copy(module, folder)
                fates, all_ = plant(module, folder, given.share)
                left = [name for name, fate in fates if fate in ("survived", "no tests")]
                changes = [mutmut(folder, "show", name) if kind == "functions" else name for name in left]
            seen = Counter(fate for _, fate in fates)
            killed = len(fates) - len(left)
            score = f"{killed / len(fates):.0%}" if fates else "-"
            print(f"{module}\t{kind}\t{len(fates)} of {all_}\t{score}\t{dict(sorted(seen.items()))}", flush=True)
            (given.out / f"{module}-{kind}.txt").write_text("\n".join(changes), encoding="utf-8")


if __name__ == "__main__":
    main()
