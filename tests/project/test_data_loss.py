"""A person's files are put wherever a command writes, and every command runs: all of them are there afterwards."""

import contextlib
import json
import os
import shutil
import stat
from pathlib import Path

import pandas as pd
import pytest
from crosscity import open_study
from crosscity.explorer.answers import Explorer
from crosscity.files import outputs, owned, stamps
from crosscity.files.atomic import write_text
from crosscity.project import pipeline
from crosscity.study.result import Page, Result
from matplotlib.figure import Figure

from tests.helpers.without_kernels import call, execute, steps_of_make

TEXT = "去年秋天，镇里修通了到山上的公路，三个寨子的苹果当天就能运到县城，价钱比往年高了两成。"
FURTHER = "今年春天，合作社又添了冷库，果农可以等到春节前后再卖，一斤能多挣一块多钱。"
# Names of outputs of some command, and of none; what ends in / is a folder of the person's with a file in it.
COLLIDING = (
    "labels.csv", "coding/sheet/themes.csv",
    "index.html", "gallery.html", "preparation.html", "findings.json", "notebook.ipynb", "manifest.json", "numbers.tex",
    "figures.tex",
    "corpus.parquet", "corpus.csv", "sums.txt", "verification.html", "params.yaml", "Makefile", "a.csv", "a.png",
    "edition.json", "01-corpus.ipynb", "figures/", "values/", "tables.csv/", "of-text/",
)  # fmt: skip
OWN = ("thesis.txt", "my-text.tex", ".hidden", "草稿.md", ".thesis.2024", "sub/chapter.tex", "figures-of-mine/a.svg")


def put(folder):
    """Put a person's files into a folder, beside and over what is there; their content, or where links lead."""
    folder.mkdir(parents=True, exist_ok=True)
    mine = {}
    for name in (*COLLIDING, *OWN):
        path = folder / (f"{name}mine.txt" if name.endswith("/") else name)
        if path.parent.is_file() or path.is_dir():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        mine[path] = f"mine: {path.relative_to(folder)}"
        path.write_text(mine[path], encoding="utf-8")
    (folder / "thesis.txt").chmod(0o444)
    (folder / "empty").mkdir(exist_ok=True)
    for name, target in (("link.csv", "thesis.txt"), ("b.csv", "../nowhere"), ("linked", "sub")):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)
        mine[folder / name] = f"-> {target}"
    return mine


def lost(mine, root):
    """Files of a person's of which neither the path nor a kept version has the content, byte for byte."""
    kept = {
        content(p) for p in root.rglob("*") if {"kept", "answers"} & set(p.parts) and (p.is_symlink() or p.is_file())
    }
    return [path for path, text in mine.items() if content(path) != text and text not in kept]


def content(path):
    if path.is_symlink():
        return f"-> {path.readlink()}"
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None


@pytest.fixture(scope="module", autouse=True)
def no_kernels():
    import papermill

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(papermill, "execute_notebook", execute)
        patch.setattr(pipeline, "notebook_names", lambda: ["01-corpus"])
        yield


def steps(root):
    """Every command that writes: its arguments, and the folders that it writes into."""
    tables, reports, made = root / "processed", root / "reports", steps_of_make(root)
    return {
        "build": (made["build"], [tables]),
        "build without a cache": ((*made["build"][:-2], "--no-cache"), [tables]),
        "plan": (made["plan"], [reports]),
        "run": (("run", "01-corpus", "--state", root / "state"), [reports / "01-corpus"]),
        "report": (made["report"], [reports]),
        "export": (("export", tables, root / "csv"), [root / "csv"]),
        "export --derived": (("export", tables, root / "edition", "--derived"), [root / "edition"]),
        "build of an edition": (("build", root / "edition", "--out", root / "of edition"), [root / "of edition"]),
        "reference": (("reference", root, root / "reference"), [root / "reference"]),
        "verify": (("verify", root, root / "reference", "--out", root / "verification"), [root / "verification"]),
        "paper": (("paper", reports, root / "paper"), [root / "paper"]),
        "new": (("new", root / "study", "--practice"), [root / "study"]),
        "notebooks": (("notebooks", root / "study"), [root / "study" / "notebooks"]),
        "add": (("add", root / "incoming", "--corpus", root / "study" / "corpus", "--yes"), [root / "study"]),
    }


NAMES = list(steps(Path()))
WHOLE = ("run", "export", "export --derived", "reference", "verify", "paper", "new")  # refuse folders of a person's


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A folder in which every command has run once; stamps and records in it are as they are left."""
    root = tmp_path_factory.mktemp("finished")
    for folder, texts in {"corpus": {"扬州": TEXT, "苏州": FURTHER}, "incoming": {"南通": FURTHER + TEXT}}.items():
        (root / folder).mkdir()
        for name, text in texts.items():
            (root / folder / f"{name}.txt").write_text(f"{name}修路\n{text}\n", encoding="utf-8")
    (root / "p.yaml").write_text("by: city\nmin_df: 1\n", encoding="utf-8")
    for name, (arguments, _) in steps(root).items():
        if name == "reference":
            write_text(root / "reports" / "01-corpus" / "documents.csv", "doc_id,title,label,group,year,genre\n")
        assert call(*arguments) == 0, name
    return root


@pytest.fixture
def root(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "root", symlinks=True)
    for path in (tmp_path / "root" / "state").rglob("*"):  # which name the folder
        if path.is_file():
            data = path.read_bytes()
            path.write_bytes(data.replace(str(finished).encode(), str(tmp_path / "root").encode()))
    return tmp_path / "root"


def emptied(root, name):
    """The places of a command as they are before it ever ran."""
    for place in steps(root)[name][1]:
        shutil.rmtree(place, ignore_errors=True)
    if name == "add":
        (root / "study" / "corpus").mkdir(parents=True)
    if name == "notebooks":
        return
    for stamp in (root / "state").rglob("*.done"):
        stamp.unlink()


def trial(root, name, capsys, before):
    """Put a person's files into every place of a command, and call it; what is lost, its status and its words."""
    arguments, places = steps(root)[name]
    if before == "never ran":
        emptied(root, name)
    mine = {path: text for place in places for path, text in put(place).items()}
    if name in ("add", "notebooks"):  # a study is what has these two
        for path in (root / "study" / "params.yaml", root / "study" / "corpus.csv"):
            mine.pop(path, None)
        (root / "study" / "params.yaml").write_text("by: city\n", encoding="utf-8")
    if name == "report" and before == "ran":
        mine[root / "reports" / "01-corpus" / "index.html"] = "a page of mine"
        (root / "reports" / "01-corpus" / "index.html").write_text("a page of mine", encoding="utf-8")
    capsys.readouterr()
    status = call(*arguments)
    said = capsys.readouterr().err
    return lost(mine, root), status, said


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("before", ["never ran", "ran"])
def test_no_command_loses_a_persons_file(root, name, before, capsys):
    gone, status, said = trial(root, name, capsys, before)
    assert gone == []
    assert status in (0, 1, 2), said
    assert "Traceback" not in said
    if status == 2:
        assert said.startswith("error: ")
        assert str(root) in said
    if name in WHOLE and (before == "never ran" or name == "new"):
        assert status == 2
        assert " is there, and " in said or " is not empty" in said
    elif name in WHOLE:
        assert status == 0, said
    assert not list(root.rglob("*.crosscity-*[!e]")), "nothing half-made, or moved aside"
    if (root / "study" / "thesis.txt").exists():
        assert stat.S_IMODE((root / "study" / "thesis.txt").stat().st_mode) == 0o444


@pytest.mark.parametrize("name", ["build", "run", "report", "export", "reference", "verify", "paper"])
def test_the_trial_sees_what_is_lost(root, name, capsys, monkeypatch):
    """With the guard off: whatever is there counts as the suite's."""
    monkeypatch.setattr(owned, "is_own", lambda path: not path.is_dir())
    assert trial(root, name, capsys, "ran")[0]


def test_answers_typed_into_outputs_are_kept_where_answers_are(root, capsys):
    results, kept = root / "reports" / "01-corpus", root / "answers" / "01-corpus"
    typed = ["labels.csv", "coding/sheet/themes.csv"]
    for name in typed:
        (results / name).write_text("typed in", encoding="utf-8")
    assert call("run", "01-corpus", "--state", root / "state") == 0
    said = capsys.readouterr().err
    for name in typed:
        assert (results / name).read_text(encoding="utf-8") == "k\n8\n"
        assert (kept / name).read_text(encoding="utf-8") == "typed in"
        assert f"{results / name} is yours, and is made anew: your version is in {kept / name}\n" in said


@pytest.mark.parametrize("place", ["01-corpus/thesis.txt", "index.html"])
def test_a_folder_of_other_files_is_refused_before_anything_runs(root, capsys, place):
    """make OUT=folder: in a notebook's place is what no run made, or a page of somebody else's."""
    shutil.rmtree(root / "reports")
    path = root / "reports" / place
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")
    (root / "state" / "plan.done").unlink()
    assert call(*steps(root)["plan"][0]) == 2
    assert "move it away, or give another folder" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "mine"


def test_clean_and_scan_lose_nothing(root, monkeypatch):
    monkeypatch.chdir(root)
    (root / ".make").mkdir()
    (root / "state").rename(root / ".make" / "1")
    for stamp in (root / ".make").rglob("*.done"):
        stamp.write_text(stamp.read_text(encoding="utf-8").replace(f"{root}/", ""), encoding="utf-8")
    assert stamps.outputs_of(root / ".make" / "1" / "runs" / "01-corpus.done")
    places = [place for name in NAMES for place in steps(root)[name][1]]
    mine = {path: text for place in dict.fromkeys(places) for path, text in put(place).items()}
    mine = {path: content(path) for path in mine}  # the last that was put there
    stamps.main([str(root / ".make" / "1"), str(root / "reports")])
    outputs.main([".make", "."])
    for folder in ("paper", "reference", "verification", "csv"):
        with contextlib.suppress(SystemExit):
            outputs.begin_anew([folder])
    assert lost(mine, root) == []
    assert not (root / "processed" / "tokens.parquet").exists()
    assert not (root / "paper" / "figures.tex").exists() or content(root / "paper" / "figures.tex").startswith("mine")
    assert not list((root / ".make").iterdir())


class Kept(Result):
    """A result with a picture, a table, a page and a finding."""

    name = "a"

    def _sentences(self):
        return ["found"]

    def _draw(self):
        return Figure()

    def tables(self):
        return {"corpus": self.rows}

    def pages(self):
        return {"index": Page("title", "<p>page</p>")}


def test_a_notebook_by_hand_loses_nothing(root):
    """In JupyterLab a run saves into a folder that is there: figures, tables, pages, findings, exports."""
    out = root / "reports" / "lab" / "mine"
    for again in range(2):
        mine = put(out)
        run = open_study(notebook="explore", tables=root / "processed", out=out, by="city", min_df=1)
        data = pd.DataFrame({"x": [again]})
        run.keep(Kept(run, data))
        Explorer(run).export("a", data, "call()")
        assert lost(mine, root) == []
    assert (out / "corpus.csv").read_text(encoding="utf-8").startswith("x")
    assert json.loads((out / "findings.json").read_text(encoding="utf-8"))["findings"] == ["found"]


def test_a_folder_that_must_be_empty_names_what_is_in_it(tmp_path, capsys):
    with owned.whole_folder(tmp_path / "fresh" / "verification", "verify") as partial:
        write_text(partial / "a.csv", "x")
    (tmp_path / "fresh" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"error: .*thesis.txt is yours, and .*fresh has to be empty: move it away"):
        outputs.begin_anew([str(tmp_path / "fresh")])
    assert [p.name for p in tmp_path.rglob("*")] == ["fresh", "thesis.txt"]
    (tmp_path / "fresh" / "thesis.txt").unlink()
    outputs.begin_anew([str(tmp_path / "fresh")])
    assert not list(tmp_path.iterdir())
    assert os.listdir(tmp_path) == []  # noqa: PTH208
