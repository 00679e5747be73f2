"""What make replaces and removes: outputs that are as they were made, and nothing of anybody else's."""

import pytest
from crosscity.files import outputs, stamps


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


def successor(folder, **files):
    new = folder.parent / ".partial"
    for name, text in files.items():
        path = new / name.replace("__", "/").replace("_csv", ".csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return new


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in sorted(folder.rglob("*")) if p.is_file()}


def test_what_no_step_made_or_somebody_edited_is_foreign(folder, stamp):
    assert outputs.foreign_files(folder, [stamp]) == []
    (folder / "thesis.txt").write_text("mine", encoding="utf-8")
    (folder / "coding" / "themes.csv").write_text("answered", encoding="utf-8")
    expected = [folder / "coding" / "themes.csv", folder / "thesis.txt"]
    assert outputs.foreign_files(folder, [stamp]) == expected
    stamps.prune(stamp.parent.parent)  # the edit makes the step stale: what it made is known all the same
    assert not stamp.exists()
    assert outputs.foreign_files(folder, [stamp]) == expected
    assert outputs.foreign_files(folder, [stamp.with_name("other.done")]) == [], "nothing says what was made"


def test_a_persons_files_survive_a_new_run(folder, stamp, tmp_path):
    (folder / "thesis.txt").write_text("mine", encoding="utf-8")
    (folder / "coding" / "themes-anna.csv").write_text("answers", encoding="utf-8")
    (folder / "coding" / "themes.csv").write_text("typed in", encoding="utf-8")
    new, answers = successor(folder, figure_csv="new", coding__themes_csv="new"), tmp_path / "answers" / "08-facts"
    notes = outputs.keep_foreign_files(folder, new, [stamp], answers)
    assert contents(new) == {
        "coding/themes-anna.csv": "answers",
        "coding/themes.csv": "new",
        "figure.csv": "new",
        "thesis.txt": "mine",
    }
    assert contents(answers) == {"coding/themes.csv": "typed in"}
    assert [note.partition(" ")[2] for note in notes] == [
        "is not of this run, and stays",
        "was edited and is made anew: your version is in answers/08-facts/coding/themes.csv",
        "is not of this run, and stays",
    ]


def test_a_kept_version_is_never_written_over(folder, stamp, tmp_path):
    answers = tmp_path / "answers"
    for text in ("first", "second", "second"):
        (folder / "figure.csv").write_text(text, encoding="utf-8")
        outputs.keep_foreign_files(folder, successor(folder, figure_csv="new"), [stamp], answers)
    assert contents(answers) == {"figure.csv": "first", "figure-2.csv": "second"}


def test_an_edit_that_the_new_run_makes_as_well_is_no_news(folder, stamp, tmp_path):
    (folder / "figure.csv").write_text("new", encoding="utf-8")
    assert outputs.keep_foreign_files(folder, successor(folder, figure_csv="new"), [stamp], tmp_path / "answers") == []
    assert not (tmp_path / "answers").exists()


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
    (cache / "row").write_text("x", encoding="utf-8")
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
