"""A run held against a reference: what agrees passes, and every planted fault is caught and shown."""

import hashlib
import json
import re
import shutil
from decimal import Decimal

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from click.testing import CliRunner
from crosscity import CrosscityError
from crosscity.cli import app
from crosscity.figures.style import save_figure, use_style
from crosscity.project.verify import PASSED, SUMS, is_alike, rounding_steps, summary_lines, verify, write_reference
from crosscity.tables.builder import build
from crosscity.tables.contract import WITHHELD

from tests.conftest import PROJECT

ROWS = pd.DataFrame({"city": ["合肥", "朝阳", "随州"], "share": [0.123456, 0.5, 12.25]})


def draw(folder, labels=("合肥", "朝阳", "随州"), colour="#0072B2"):
    use_style()
    fig, ax = plt.subplots(figsize=(5, 2))
    _ = ax.barh([0, 1, 2], ROWS["share"], color=colour)
    _ = ax.set_yticks([0, 1, 2], labels)
    save_figure(fig, folder, "shares", ROWS, "Shares", "Shares of three cities.")
    plt.close(fig)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A run and what was kept of it."""
    root = tmp_path_factory.mktemp("kept")
    build(PROJECT / "data" / "raw", root / "run" / "processed", ["corpus", "paragraphs"], progress=False)
    shutil.rmtree(root / "run" / "processed" / ".crosscity-cache")
    folder = root / "run" / "reports" / "04-compare"
    draw(folder)
    (folder / "findings.json").write_text('{"findings": ["合肥: 12.3% (1,234 of 10,000)"]}\n', encoding="utf-8")
    for suffix in ("html", "ipynb"):
        (folder / f"notebook.{suffix}").write_text("<p>合肥</p>\n", encoding="utf-8")
    about = {part: {} for part in ("code", "platform", "packages", "parameters")}
    about |= {"packages": {"numpy": "2.0"}, "documents": [{"file": "合肥.txt", "sha256": "0"}]}
    (root / "run" / "reports" / "manifest.json").write_text(json.dumps(about), encoding="utf-8")
    files = write_reference(root / "run", root / "reference")
    assert files == 10
    return root


@pytest.fixture
def run(kept, tmp_path):
    """The same run once more, to be changed."""
    shutil.copytree(kept / "run", tmp_path / "run")
    return tmp_path / "run"


def held(kept, run):
    """What does not come out identical, by file."""
    compared, _ = verify(run, kept / "reference", run.parent / "out")
    return {one.file.rpartition("/")[2]: one for one in compared if one.verdict != "identical"}


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_same_run_is_identical(kept, run):
    assert held(kept, run) == {}


def test_a_last_digit_agrees_and_pages_that_show_it_follow(kept, run):
    edit(run / "reports/04-compare/shares.csv", "0.123456", "0.123457")
    for suffix in ("html", "ipynb"):
        edit(run / f"reports/04-compare/notebook.{suffix}", "合肥", "合 肥")
    found = {name: one.verdict for name, one in held(kept, run).items()}
    assert found == {"shares.csv": "agrees", "notebook.html": "follows", "notebook.ipynb": "follows"}


def test_a_page_that_alone_differs_is_a_difference(kept, run):
    edit(run / "reports/04-compare/notebook.html", "合肥", "合 肥")
    assert held(kept, run)["notebook.html"].verdict == "differs"


def test_a_changed_value_is_named(kept, run):
    edit(run / "reports/04-compare/shares.csv", "0.5", "0.51")
    edit(run / "reports/04-compare/findings.json", "12.3%", "12.4%")
    found = held(kept, run)
    assert found["shares.csv"].what == ("line 3: share: 0.5 → 0.51",)
    assert found["findings.json"].verdict == "differs"
    assert "12.3%" in found["findings.json"].what[0]
    assert "12.4%" in found["findings.json"].what[0]


def test_a_row_that_went_and_one_that_came_are_shown(kept, run):
    edit(run / "reports/04-compare/shares.csv", "朝阳,0.5\n", "")
    assert held(kept, run)["shares.csv"].what == ("3 lines, in the reference 4", "gone, line 3: 朝阳, 0.5")


def test_a_swapped_label_and_another_colour_are_caught_though_the_data_are_the_same(kept, run):
    for change in ({"labels": ("朝阳", "合肥", "随州")}, {"colour": "#D55E00"}):
        draw(run / "reports/04-compare", **change)
        found = held(kept, run)
        assert found["shares.png"].verdict == "differs"
        assert found["shares.svg"].verdict == "differs"
        assert "shares.csv" not in found
        picture = run.parent / "out" / found["shares.png"].picture
        assert picture.is_file()
        assert f'src="{found["shares.png"].picture}"' in (run.parent / "out/verification.html").read_text()


def test_a_pdf_follows_its_picture_and_differs_where_that_does(kept, run):
    path = run / "reports/04-compare/shares.pdf"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"%%EOF", b"% another version\n%%EOF"))
    assert {name: one.verdict for name, one in held(kept, run).items()} == {"shares.pdf": "follows"}
    path.write_bytes(whole[:-100])  # cut short
    assert held(kept, run)["shares.pdf"].what == ("it is no whole PDF",)
    draw(run / "reports/04-compare", colour="#D55E00")
    assert held(kept, run)["shares.pdf"].verdict == "differs"


def test_a_picture_in_which_next_to_nothing_differs_agrees(kept, run):
    from PIL import Image

    path = run / "reports/04-compare/shares.png"
    with Image.open(path) as picture:
        picture = picture.convert("RGB")
    for at in ((10, 10), (11, 10), (10, 11), (11, 11)):
        picture.putpixel(at, (0, 0, 0))
    picture.save(path)
    assert {name: one.verdict for name, one in held(kept, run).items()} == {"shares.png": "agrees"}


def test_a_table_whose_row_differs_is_named_with_the_cell(kept, run):
    path = run / "processed/paragraphs.parquet"
    table = pd.read_parquet(path)
    table.loc[3, "kind"] = "note"
    table.to_parquet(path)
    found = held(kept, run)["paragraphs.parquet"]
    assert found.verdict == "differs"
    assert len(found.what) == 1
    assert found.what[0].startswith("line 5: kind: ")
    assert found.what[0].endswith("→ note")


def test_what_is_missing_and_what_is_new_fail(kept, run):
    (run / "reports/04-compare/shares.svg").rename(run / "reports/04-compare/parts.svg")
    found = held(kept, run)
    assert {name: one.verdict for name, one in found.items()} == {"shares.svg": "missing", "parts.svg": "new"}
    assert not {"missing", "new", "differs"} & set(PASSED)


def test_the_command_says_what_differs_and_why_it_may(kept, run, tmp_path):
    arguments = ["verify", str(run), str(kept / "reference"), "--out", str(tmp_path / "out")]
    good = CliRunner().invoke(app, arguments)
    assert good.exit_code == 0, good.output
    edit(run / "reports/manifest.json", '"2.0"', '"2.1"')
    edit(run / "reports/04-compare/shares.csv", "0.5", "0.51")
    bad = CliRunner().invoke(app, arguments)
    assert bad.exit_code == 1
    assert "differs: reports/04-compare/shares.csv" in bad.output
    assert "version of numpy: 2.0 → 2.1" in bad.output
    table = pd.read_csv(tmp_path / "out" / "verification.csv")
    assert table.loc[table["verdict"] == "differs", "what"].tolist() == ["line 3: share: 0.5 → 0.51"]


def test_of_a_longer_text_the_reference_keeps_its_ends_and_a_checksum(kept):
    table = (kept / "reference/values/processed/paragraphs.csv").read_text(encoding="utf-8")
    texts = pd.read_parquet(kept / "run/processed/paragraphs.parquet")["text"]
    assert texts[texts.str.len() < 8].map(lambda text: text in table).all()
    assert not texts[texts.str.len() > 40].map(lambda text: text[:30] in table).any()


def test_a_character_in_the_middle_of_a_longer_text_is_seen(kept, run):
    path = run / "processed/paragraphs.parquet"
    table = pd.read_parquet(path)
    row = int(table["text"].str.len().idxmax())
    text = table.loc[row, "text"]
    table.loc[row, "text"] = f"{text[:50]}〇{text[51:]}"
    table.to_parquet(path)
    found = held(kept, run)["paragraphs.parquet"]
    assert found.verdict == "differs"
    assert found.what[0].startswith(f"line {row + 2}: text: ")


def test_without_a_reference_or_a_run_it_says_what_to_do(kept, run, tmp_path):
    with pytest.raises(CrosscityError, match="make reference keeps"):
        verify(run, tmp_path / "none", tmp_path / "out")
    (run / "reports/manifest.json").unlink()
    with pytest.raises(CrosscityError, match=r"manifest.json is not there: make verify runs everything"):
        verify(run, kept / "reference", tmp_path / "out")


def test_text_in_what_differs_is_escaped(kept, run):
    edit(run / "reports/04-compare/shares.csv", "朝阳", "<script>alert(1)</script>")
    held(kept, run)
    page = (run.parent / "out/verification.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_bibliography_follows_no_table(kept, run):
    """Planted in both: the reference knows it, and its text differs where a table agrees."""
    reference = run.parent / "reference"
    (run / "reports" / "references.bib").write_text("@book{one}\n", encoding="utf-8")
    write_reference(run, reference)
    (run / "reports" / "references.bib").write_text("@book{two}\n", encoding="utf-8")
    edit(run / "reports/04-compare/shares.csv", "0.123456", "0.123457")
    compared, _ = verify(run, reference, run.parent / "out")
    assert {one.file: one.verdict for one in compared}["reports/references.bib"] == "differs"


def test_no_folder_of_somebody_else_is_removed(kept, run, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("渔港", encoding="utf-8")
    with pytest.raises(CrosscityError, match=r"mine is there, and crosscity verify did not make it"):
        verify(run, kept / "reference", tmp_path / "mine")
    with pytest.raises(CrosscityError, match=r"mine is there, and crosscity reference did not make it"):
        write_reference(run, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").exists()
    for _ in range(2):  # its own is replaced
        verify(run, kept / "reference", tmp_path / "out")


def shares(run, new, old="0.3437"):
    """A table of shares that the reference has rounded to four decimals, with another value in place of one."""
    path = run / "reports/04-compare/rounded.csv"
    path.write_text(
        "city,share,percent\n合肥,0.3437,49.1\n朝阳,0.5,50.2\n随州,0.1563,9.7\n盐城,0.0007,12.4\n", encoding="utf-8"
    )
    write_reference(run, run.parent / "reference")
    edit(path, old, new)
    compared, _ = verify(run, run.parent / "reference", run.parent / "out")
    return {one.file.rpartition("/")[2]: one for one in compared}["rounded.csv"]


@pytest.mark.parametrize(("old", "new"), [("0.3437", "0.3438"), ("0.5", "0.5001"), ("0.1563", "0.1562")])
def test_one_step_of_the_rounding_of_a_column_agrees(kept, run, old, new):
    assert shares(run, new, old).verdict == "agrees"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.3437", "0.3439"),  # two steps
        ("0.5", "0.5002"),
        ("0.0007", "0.0008"),  # a step, and a seventh of the value
        ("49.1", "49.2"),  # one decimal: as documents state numbers
        ("0.3437", "-0.3437"),
    ],
)
def test_more_than_a_step_or_a_step_that_matters_is_found(kept, run, old, new):
    found = shares(run, new, old)
    assert found.verdict == "differs"
    assert found.what[0].endswith(f"{old} → {new}")


def test_numbers_that_documents_state_have_no_step():
    rows = [["value"], ["3.125"], ["3.5"], ["98.5"], ["1200"], ["2.25"]]  # decimals as many as each was written with
    assert rounding_steps(rows) == [None]
    assert rounding_steps([["share"], ["0.125"], ["0.333"], ["0.5"], ["1"]]) == [Decimal("0.001")]
    assert rounding_steps([["share"], ["12.5"], ["33.3"]]) == [None]
    assert rounding_steps([["share"]]) == []


NOTEBOOK = """{
 "cells": [{"source": "n = \\"language_info\\": 3"}],
 "metadata": {
  "language_info": {
   "codemirror_mode": {"name": "ipython", "version": 3},
   "name": "python",
   "version": "3.11.7"
  }
 }
}
"""
PAGE = "<p>Python 3.11.7, pandas 3.1.1, numpy 2.4.6.</p>\n"


@pytest.fixture
def other_python(run):
    """A run as another Python with another pandas makes it, and a reference of the first."""
    reports = run / "reports"
    files = {"04-compare/notebook.ipynb": NOTEBOOK, "index.html": PAGE, "methods.md": "单线程，Python 3.11.7，3 次。\n"}
    for name, text in files.items():
        (reports / name).write_text(text, encoding="utf-8")
    about = json.loads((reports / "manifest.json").read_text(encoding="utf-8"))
    about |= {"platform": {"python": "3.11.7"}, "packages": {"pandas": "3.1.1", "numpy": "2.4.6"}, "crosscity": "0.1.0"}
    (reports / "manifest.json").write_text(json.dumps(about), encoding="utf-8")
    write_reference(run, run.parent / "reference")
    about |= {"platform": {"python": "3.13.0"}, "packages": {"pandas": "3.2.0", "numpy": "2.4.6"}}
    (reports / "manifest.json").write_text(json.dumps(about), encoding="utf-8")
    for name, text in files.items():
        text = text.replace("3.11.7", "3.13.0").replace("3.1.1", "3.2.0")
        (reports / name).write_text(text, encoding="utf-8")
    return run


def verdicts(run):
    compared, reasons = verify(run, run.parent / "reference", run.parent / "out")
    return {c.file.rpartition("/")[2]: c.verdict for c in compared if c.verdict != "identical"}, reasons


def test_what_names_another_version_agrees_and_the_page_says_so(kept, other_python):
    found, reasons = verdicts(other_python)
    assert found == {"index.html": "agrees", "methods.md": "agrees", "notebook.ipynb": "agrees"}
    assert reasons == ["platform python: 3.11.7 → 3.13.0", "version of pandas: 3.1.1 → 3.2.0"]
    page = (other_python.parent / "out/verification.html").read_text(encoding="utf-8")
    assert "In what the two runs differ" in page
    assert "platform python: 3.11.7 → 3.13.0" in page


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("04-compare/notebook.ipynb", "n = ", "m = "),
        ("04-compare/notebook.ipynb", '"version": 3}', '"version": 4}'),
        ("index.html", "numpy 2.4.6", "numpy 2.4.5"),  # not what this run had
        ("index.html", "3.13.0", "3.13.00"),
        ("methods.md", "3 次", "4 次"),
    ],
)
def test_what_differs_in_more_than_versions_is_found(kept, other_python, file, old, new):
    edit(other_python / "reports" / file, old, new)
    assert verdicts(other_python)[0][file.rpartition("/")[2]] == "differs"


def test_the_report_follows_tables_whose_checksums_it_states(kept, run):
    (run / "reports" / "index.html").write_text("<p>sums of tables: 1</p>\n", encoding="utf-8")
    write_reference(run, run.parent / "reference")
    path = run / "processed/paragraphs.parquet"
    pd.read_parquet(path).to_parquet(path, compression="gzip")
    edit(run / "reports" / "index.html", "1", "2")
    assert verdicts(run)[0] == {"paragraphs.parquet": "agrees", "index.html": "follows"}


def test_the_clippings_of_a_drawing_have_the_same_names_whatever_the_last_bit_of_its_size(tmp_path):
    """Sums of floats differ in it, from Python 3.11 to 3.12: sum adds otherwise."""
    names = []
    for height in (2.3, sum([0.1] * 23), 2.3 + 4e-16):
        use_style()
        fig, ax = plt.subplots(figsize=(5, height))
        _ = ax.plot([0, 1], [0, 3])
        save_figure(fig, tmp_path, "line", ROWS, "Line", "A line.")
        plt.close(fig)
        names.append(re.findall(r"url\(#(\w+)\)", (tmp_path / "line.svg").read_text(encoding="utf-8")))
    assert names[0] == names[1] == names[2] != []


def test_the_summary_counts_by_kind(kept, run):
    compared, _ = verify(run, kept / "reference", run.parent / "out")
    lines = summary_lines(compared)
    expected = {"pages": "2", "pictures": "3", "results": "3", "tables": "2"}
    assert dict(line.split() for line in lines[1:]) == expected


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("a 0.12345 b", "a 0.12346 b", True),
        ("a 0.1234 b", "a 0.1236 b", False),
        ("1,234 of 5", "1,234 of 5", True),
        ("1,234 of 5", "1,334 of 5", False),
        ("合肥 3", "朝阳 3", False),
        ("-0.5", "0.5", False),
        ("1e-9", "2e-9", True),
        ("12", "12.0005", True),
        ("3 4", "3", False),
        ("54,321 of 60,000", "54,322 of 60,000", False),  # a count
        ("20240101", "20240102", False),
        ("54321.0", "54321.4", True),
    ],
)
def test_numbers_agree_but_for_last_digits(old, new, same):
    assert is_alike(old, new) is same


REFERENCE = PROJECT / "tests" / "reference"


def kept_sums(study):
    lines = (REFERENCE / study / SUMS).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def test_the_figures_of_the_five_cities_that_docs_show_are_those_of_the_reference():
    shown = sorted((PROJECT / "docs" / "figures").glob("five-cities-*.png"))
    assert len(shown) >= 2
    known = set(kept_sums("five-cities").values())
    assert [path.name for path in shown if hashlib.sha256(path.read_bytes()).hexdigest() not in known] == []


@pytest.mark.parametrize("study", ["embedded", "five-cities"])
def test_the_reference_is_of_every_notebook(study):
    runs = {name.split("/")[1] for name in kept_sums(study) if name.count("/") > 1 and name.startswith("reports/")}
    assert {run[:2] for run in runs} == {path.stem[:2] for path in (PROJECT / "notebooks").glob("[!.]*.ipynb")}
    assert len([name for name in kept_sums(study) if name.startswith("processed/")]) >= 9


def test_results_from_an_edition_without_text_show_none_of_its_marks():
    values = [p for p in (REFERENCE / "five-cities" / "values" / "reports").rglob("*") if p.is_file()]
    assert len(values) > 50
    assert [p.name for p in values if WITHHELD in p.read_text(encoding="utf-8")] == []
