"""The committed notebooks: nbval compares what they print; this guards that there is something to compare."""

import json

import pytest
from conftest import PROJECT

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))


def _code(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [c for c in cells if c["cell_type"] == "code"]


def test_there_are_notebooks():
    assert [p.stem for p in NOTEBOOKS] == [
        "01-corpus",
        "02-terms",
        "03-topics",
        "04-compare",
        "05-profile",
        "06-pair",
        "07-shared-text",
        "08-facts",
        "09-robustness",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_was_run_in_order_from_a_fresh_kernel(path):
    cells = _code(path)
    assert [c["execution_count"] for c in cells] == list(range(1, len(cells) + 1))
    assert not [o for c in cells for o in c["outputs"] if o["output_type"] == "error"]
    printed = "".join(t for c in cells for o in c["outputs"] for t in o.get("text", []))
    assert len(printed) > 100, "no text outputs are stored, so nbval would compare nothing"
    assert json.loads(path.read_text(encoding="utf-8"))["metadata"]["kernelspec"]["name"] == "python3"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_is_thin(path):
    cells = _code(path)
    lines = [line for c in cells for line in "".join(c["source"]).splitlines()]
    assert len(lines) < 120
    assert not [line for line in lines if line.lstrip().startswith(("def ", "class "))]
    tagged = [c for c in cells if "parameters" in c["metadata"].get("tags", [])]
    assert len(tagged) == 1
    assert tagged[0] is cells[0]
    assert any("assert " in line for line in lines)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_holds_no_path_of_a_machine_and_no_picture(path):
    text = path.read_text(encoding="utf-8")
    assert str(PROJECT) not in text
    assert "image/png" not in text
