"""The committed notebooks: nbval compares what they print; this guards that there is something to compare.

Then faults are planted, in copies of a committed notebook and in small ones that nbval runs, and must be found.
"""

import copy
import json
import re
import subprocess
import sys

import nbformat
import pytest
from nbformat import v4

from tests.conftest import PROJECT
from tests.helpers.notebook_checks import (
    DEFINED,
    FLAGS,
    STATED,
    cells,
    numbers,
    order,
    outputs,
    plain,
    rounded,
    source,
    typed_numbers,
    unmarked,
    value,
    values,
)

NOTEBOOKS = {path.stem: path for path in sorted((PROJECT / "notebooks").glob("*.ipynb"))}
every = pytest.mark.parametrize("stem", NOTEBOOKS)


def read(stem):
    return json.loads(NOTEBOOKS[stem].read_text(encoding="utf-8"))


def test_there_are_notebooks():
    assert list(NOTEBOOKS) == [
        "01-corpus",
        "02-terms",
        "03-topics",
        "04-compare",
        "05-profile",
        "06-pair",
        "07-shared-text",
        "08-facts",
        "09-robustness",
        "explore",
    ]


@every
@pytest.mark.parametrize("check", [order, outputs, unmarked, rounded], ids=lambda c: c.__name__)
def test_nbval_has_something_to_compare(stem, check):
    assert check(read(stem)) == []


@every
def test_no_number_is_typed_by_hand(stem):
    assert typed_numbers(read(stem), stem) == []


@every
def test_is_methods_and_results(stem):
    code = cells(read(stem))
    assert plain(read(stem)) == []
    tagged = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    assert tagged[0] is code[0]
    lines = [line for cell in code[1:] for line in source(cell).splitlines() if line.strip()]
    assert len(lines) <= 60
    assert any("assert " in line for line in lines)
    prose = sum(len(source(cell).split()) for cell in cells(read(stem), "markdown"))
    assert prose > 2 * len(lines)


def test_pictures_are_committed_and_together_small():
    sizes = {
        stem: [len(o["data"]["image/png"]) * 3 // 4 for c in cells(read(stem)) for o in c["outputs"]
               if "image/png" in o.get("data", {})]
        for stem in NOTEBOOKS
    }  # fmt: skip
    # The embedded documents share no passage, and say so.
    assert [stem for stem, pictures in sizes.items() if not pictures] == ["07-shared-text"]
    assert sum(map(sum, sizes.values())) < 4_000_000


@every
def test_holds_no_path_of_a_machine(stem):
    assert str(PROJECT) not in NOTEBOOKS[stem].read_text(encoding="utf-8")


@pytest.mark.parametrize("phrase", STATED)
def test_what_prose_states_of_the_library_is_so(phrase):
    assert set(values(phrase)) == {value(STATED[phrase])}


def test_each_phrase_with_a_number_stands_in_a_notebook():
    said = [re.sub(r"\s+", " ", source(cell)) for stem in NOTEBOOKS for cell in read(stem)["cells"]]
    assert not [p for p in (*STATED, *DEFINED) if not any(p.lower() in text.lower() for text in said)]
    assert not [p for p in (*STATED, *DEFINED) if not values(p)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 of 40 documents", ["12", "40"]),
        ("coherence is 0.83, and was 1,200.5", ["0.83", "1,200.5"]),
        ("There are five clusters. Half of them hold.", ["five", "Half"]),
        ("In 2014 it was so", ["2014"]),
        ("共12个", ["12"]),
        ("intervals of 90%", ["90%"]),
        ("the first eleven terms", ["eleven"]),
        ("as found before (Greene et al. 2014), `k = 12`, G2, log2, per_1000", []),
        ("1. Copy it.\n2. Name it.", []),
        ("Intervals\nof 95%, by the first ten terms", []),
        ("someone, alone, often, weight", []),
    ],
)
def test_which_numbers_are_found(text, found):
    assert [line.split("'")[1] for line in numbers(text)] == found


def first(notebook, kind):
    """The first code cell that shows a kind of output, and that output."""
    return next((c, o) for c in cells(notebook) for o in c["outputs"] if o["output_type"] == kind)


def picture(notebook):
    """The first picture's representations."""
    return next(o["data"] for c in cells(notebook) for o in c["outputs"] if "image/png" in o.get("data", {}))


def strip(notebook, kind):
    cell, output = first(notebook, kind)
    cell["outputs"].remove(output)


def add(notebook, **output):
    cells(notebook)[2]["outputs"].append(output)


def prose(notebook, text):
    cells(notebook, "markdown")[-1]["source"].append(f"\n\n{text}")


def code(notebook, text):
    cells(notebook)[-1]["source"].append(f"\n{text}")


PLANTED = {
    "a stripped picture": (outputs, lambda n: picture(n).pop("image/png"), "a picture is named, and none is stored"),
    "a stripped result": (outputs, lambda n: first(n, "display_data")[0]["outputs"].clear(), "what it shows is not"),
    "a stripped table": (outputs, lambda n: strip(n, "execute_result"), "what it shows is not stored"),
    "all outputs stripped": (outputs, lambda n: [c["outputs"].clear() for c in cells(n)], "next to no text outputs"),
    "an empty output": (
        outputs,
        lambda n: add(n, output_type="stream", name="stdout", text=[]),
        "an output is empty",
    ),
    "a warning": (outputs, lambda n: add(n, output_type="stream", name="stderr", text=["Warning"]), "stderr is stored"),
    "an error": (outputs, lambda n: add(n, output_type="error", ename="E", evalue=""), "an error is stored"),
    "a picture of another kind": (
        outputs,
        lambda n: add(n, output_type="display_data", data={"image/svg+xml": "<svg/>"}),
        "a picture is stored as image/svg+xml",
    ),
    "a long line": (plain, lambda n: prose(n, "word " * 20), "is too long"),
    "a long cell": (plain, lambda n: code(n, "\n".join(f"x{i} = s" for i in range(7))), "lines"),
    "a worded result": (plain, lambda n: code(n, 'tr("{n} cities", n=n)'), "calls tr"),
    "a loop": (plain, lambda n: code(n, "for g in s.groups():\n    s.keyness(g)"), "has a for"),
    "a function": (plain, lambda n: code(n, "said = lambda r: r"), "has a lambda"),
    "the library's inside": (plain, lambda n: code(n, "from crosscity.compare import keyness"), "inside"),
    "a result that is not shown": (plain, lambda n: code(n, "hidden = s.keyness()"), "hidden is a result that no"),
    "a cell that was not run": (order, lambda n: cells(n)[2].update(execution_count=None), "run as [1, 2, None,"),
    "cells run out of order": (
        order,
        lambda n: [cells(n)[i].update(execution_count=count) for i, count in ((2, 4), (3, 3))],
        "run as [1, 2, 4, 3,",
    ),
    "a cell that was moved": (
        order,
        lambda n: n["cells"].insert(1, n["cells"].pop(n["cells"].index(cells(n)[3]))),
        "in order from a fresh kernel",
    ),
    "a kernel that was used before": (
        order,
        lambda n: [c.update(execution_count=c["execution_count"] + 7) for c in cells(n)],
        "run as [8, 9,",
    ),
    "a result of another run": (
        order,
        lambda n: first(n, "execute_result")[1].update(execution_count=3),
        "its result is of run",
    ),
    "another kernel": (order, lambda n: n["metadata"]["kernelspec"].update(name="ir"), "not python3"),
    "a comment for nbval": (unmarked, lambda n: code(n, "# NBVAL_IGNORE_OUTPUT"), "NBVAL keeps its output"),
    "another one": (unmarked, lambda n: code(n, "#PYTEST_VALIDATE_IGNORE_OUTPUT"), "PYTEST_VALIDATE keeps"),
    "a cell to skip": (unmarked, lambda n: code(n, "# NBVAL_SKIP"), "NBVAL keeps its output"),
    "a tag for nbval": (unmarked, lambda n: cells(n)[1]["metadata"].update(tags=["nbval-skip"]), "tagged nbval-skip"),
    "a tag for errors": (
        unmarked,
        lambda n: cells(n)[1]["metadata"].update(tags=["raises-exception"]),
        "tagged raises",
    ),
    "digits of the machine": (
        rounded,
        lambda n: add(n, output_type="stream", name="stdout", text=["0.1 + 0.2 is 0.30000000000000004"]),
        "stdout has 0.30000000000000004",
    ),
    "a table as pandas shows it": (
        rounded,
        lambda n: add(n, output_type="display_data", data={"text/html": "<td>16.121408</td>"}),
        "text/html has 16.121408",
    ),
    "a result in prose": (typed_numbers, lambda n: prose(n, "In 12 of 40 documents."), "'12' in"),
    "a share in prose": (typed_numbers, lambda n: prose(n, "Their stability is 0.83."), "'0.83' in"),
    "a number in words": (typed_numbers, lambda n: prose(n, "There are five clusters."), "'five' in"),
    "a result in a heading": (typed_numbers, lambda n: prose(n, "## The 3 groups"), "'3' in"),
    "a number of another notebook": (typed_numbers, lambda n: prose(n, "# 09 · Again"), "'09' in"),
    "a level that is not the library's": (typed_numbers, lambda n: prose(n, "Intervals of 90%."), "'90%' in"),
    "a typed finding": (typed_numbers, lambda n: code(n, 's.keep(marks, title="5 cities differ.")'), "'5' in"),
    "a typed title": (typed_numbers, lambda n: code(n, 'title = f"Terms of 5 {s.plural()}"'), "'5' in"),
    "a typed description": (typed_numbers, lambda n: code(n, 'alt = "Nearest: 0.42, of " + name'), "'0.42' in"),
    "a typed field": (
        typed_numbers,
        lambda n: code(n, 's.keep(f"{5} cities")'),
        "5 is a number typed by hand",
    ),
    "a typed name": (
        typed_numbers,
        lambda n: code(n, 'many = 5\ns.keep(f"{many} cities")'),
        "many is a number",
    ),
    "a typed argument": (
        typed_numbers,
        lambda n: code(n, 's.keep(str(5) + " cities")'),
        "5 is a number typed",
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault):
    check, plant, complaint = PLANTED[fault]
    notebook = copy.deepcopy(read("04-compare"))
    before = json.dumps(notebook)
    plant(notebook)
    assert json.dumps(notebook) != before
    found = check(notebook, "04-compare") if check is typed_numbers else check(notebook)
    assert any(complaint in line for line in found), found


def test_make_test_runs_nbval_strictly():
    recipe = (PROJECT / "Makefile").read_text(encoding="utf-8").split("\ntest:")[1].split("\n\n")[0]
    assert tuple(re.findall(r"--nbval\S*|--sanitize\S*", recipe)) == FLAGS
    assert re.search(r"^TESTS := .*\bnotebooks\b", recipe, re.MULTILINE)


SOUND = [
    v4.new_output("stream", name="stdout", text="2 groups, the nearest at 0.42\n"),
    v4.new_output("execute_result", data={"text/plain": "{'合肥': 0.42, '随州': 0.61}"}),
]
CELL = """found = {"合肥": 0.42, "随州": 0.61}
print(f"{len(found)} groups, the nearest at {min(found.values()):.2f}")
found"""
OF_NBVAL = {
    "sound": lambda outputs: None,
    "a changed number": lambda outputs: outputs[0].update(text="2 groups, the nearest at 0.43\n"),
    "a swapped label": lambda outputs: outputs[1]["data"].update({"text/plain": "{'随州': 0.42, '合肥': 0.61}"}),
    "a stripped output": lambda outputs: outputs.pop(),
    "all outputs stripped": lambda outputs: outputs.clear(),
    "an output that was added": lambda outputs: outputs.append(copy.deepcopy(outputs[0])),
    "sound again": lambda outputs: None,
}


def test_nbval_finds_planted_faults(tmp_path):
    """With the flags of `make test`: a notebook of the same cell again and again, with a fault in what is stored."""
    code = []
    for plant in OF_NBVAL.values():
        cell = v4.new_code_cell(CELL, execution_count=len(code) + 1, outputs=copy.deepcopy(SOUND))
        plant(cell["outputs"])
        code.append(cell)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(v4.new_notebook(cells=code, metadata={"kernelspec": kernel}), tmp_path / "planted.ipynb")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", "--color=no", *FLAGS, "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
    said = {int(n): word for word, n in re.findall(r"^(PASSED|FAILED) .*::Cell (\d+)", done.stdout, re.MULTILINE)}
    assert {name: said[i] for i, name in enumerate(OF_NBVAL)} == {
        name: "PASSED" if name.startswith("sound") else "FAILED" for name in OF_NBVAL
    }
