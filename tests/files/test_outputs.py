"""What `make clean` removes: outputs that are as they were made, and nothing of anybody else's."""

import pytest
from crosscity.files import outputs, stamps
from crosscity.files.owned import RECORD


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of results with the stamp of the step that made two files in it."""
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "reports" / "08-facts"
    (out / "coding").mkdir(parents=True)
    with stamps.step(tmp_path / ".make" / "1" / "runs" / "08-facts.done") as made:
        for name in ("figure.csv", "coding/themes.csv"):
            (out / name).write_text("made", encoding="utf-8")
            made.append(out / name)
    return out


@pytest.fixture
def stamp(tmp_path, folder):
    return tmp_path / ".make" / "1" / "runs" / "08-facts.done"


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in sorted(folder.rglob("*")) if p.is_file()}


def test_outputs_are_removed_and_nothing_else(folder, stamp, tmp_path):
    (folder / "thesis.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "reports" / "mine").mkdir()
    (folder / "figure.csv").write_text("edited", encoding="utf-8")
    assert outputs.remove_outputs([stamp]) == ["reports/08-facts/figure.csv"]
    assert contents(tmp_path / "reports") == {"08-facts/figure.csv": "edited", "08-facts/thesis.txt": "mine"}
    assert (tmp_path / "reports" / "mine").is_dir()
    assert not (folder / "coding").exists()


def test_outputs_of_one_folder_alone(folder, stamp, tmp_path):
    (tmp_path / "reports" / "index.html").write_text("page", encoding="utf-8")
    with stamps.step(stamp.parent.parent / "report.done") as made:
        (folder / "index.html").write_text("page", encoding="utf-8")
        made += [tmp_path / "reports" / "index.html", folder / "index.html"]
    assert outputs.remove_outputs([stamp, stamp.parent.parent / "report.done"], within=folder) == []
    assert contents(tmp_path / "reports") == {"index.html": "page"}


def test_clean_goes_by_all_stamps_and_names_what_stays(folder, stamp, tmp_path, capsys):
    (folder / "coding" / "themes.csv").write_text("typed in", encoding="utf-8")
    stamps.prune(stamp.parent.parent)
    cache = folder / outputs.CACHE / "ab"
    cache.mkdir(parents=True)
    (cache / ("ab" * 32)).write_text("a document's rows", encoding="utf-8")
    outputs.main([".make", "."])
    assert capsys.readouterr().err == "kept, since it was edited: reports/08-facts/coding/themes.csv\n"
    assert contents(tmp_path / "reports") == {"08-facts/coding/themes.csv": "typed in"}
    assert not list((tmp_path / ".make").iterdir())
    outputs.main([".make", "."])
    assert capsys.readouterr().err == ""


def test_clean_leaves_what_was_built_elsewhere(folder, tmp_path, monkeypatch):
    (tmp_path / "suite").mkdir()
    (tmp_path / ".make").rename(tmp_path / "suite" / ".make")
    monkeypatch.chdir(tmp_path / "suite")
    state = tmp_path / "suite" / ".make" / "1"
    with stamps.step(state / "runs" / "08-facts.done") as made:  # as a study has it, whose folder is not the suite's
        made.append(folder / "figure.csv")
    outputs.main([".make", "."])
    assert (folder / "figure.csv").exists()
    assert state.exists()
    outputs.main([".make", str(tmp_path / "reports")])
    assert not (folder / "figure.csv").exists()
    assert not state.exists()


def test_clean_leaves_a_persons_file_wherever_it_is_and_records_go_with_the_last_file(folder, stamp):
    mine = folder / outputs.CACHE / "ab" / "thesis.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    for place in (folder, folder / "coding"):
        (place / RECORD).write_text("x", encoding="utf-8")
    outputs.remove_outputs([stamp])
    assert contents(folder) == {RECORD: "x", mine.relative_to(folder).as_posix(): "mine"}
