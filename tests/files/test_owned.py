"""What is the suite's and what is a person's: nothing of the latter is removed or overwritten."""

import os

import pytest
from crosscity import CrosscityError
from crosscity.files import owned
from crosscity.files.atomic import FORMER, HALF

MADE = {"figure.csv": "made", "coding/themes.csv": "made", "of-former/alone.csv": "made"}


def fill(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def made(folder, files=MADE, maker="paper", kept=None):
    with owned.whole_folder(folder, maker, kept) as partial:
        fill(partial, files)


def contents(folder):
    """Files and links below a folder, by name, but for records."""
    return {
        p.relative_to(folder).as_posix(): f"-> {os.readlink(p)}" if p.is_symlink() else p.read_text("utf-8")  # noqa: PTH115
        for p in sorted(folder.rglob("*"))
        if p.name != owned.RECORD and (p.is_symlink() or p.is_file())
    }


@pytest.fixture
def folder(tmp_path):
    made(tmp_path / "paper")
    return tmp_path / "paper"


def test_a_file_is_the_suites_while_it_is_as_it_was_made(folder):
    assert owned.own_files(folder) == sorted(folder / name for name in MADE)
    (folder / "figure.csv").write_text("edited", encoding="utf-8")
    (folder / "thesis.txt").write_text("mine", encoding="utf-8")
    (folder / "link.csv").symlink_to("coding/themes.csv")
    assert owned.own_files(folder) == sorted(folder / name for name in MADE if name != "figure.csv")
    (folder / "figure.csv").write_text("made", encoding="utf-8")
    assert owned.is_own(folder / "figure.csv")


def test_a_new_folder_has_a_persons_files_and_none_of_the_former_outputs(folder, capsys):
    mine = {"thesis.txt": "mine", "coding/themes-anna.csv": "answers", "of-former/deep/er.txt": "mine"}
    fill(folder, mine)
    (folder / "empty").mkdir()
    (folder / "up").symlink_to("../elsewhere")
    made(folder, {"figure.csv": "new"})
    assert contents(folder) == {"figure.csv": "new", "up": "-> ../elsewhere", **mine}
    assert (folder / "empty").is_dir()
    assert capsys.readouterr().err == "", "what stays where it is, is no news"
    assert [p.name for p in folder.parent.iterdir()] == ["paper"]


def test_a_persons_version_of_an_output_is_kept_and_a_line_says_where(folder, capsys):
    for n, text in enumerate(("first", "second", "second", "new")):
        (folder / "figure.csv").write_text(text, encoding="utf-8")
        made(folder, {"figure.csv": "new"})
        assert len(capsys.readouterr().err.splitlines()) == (n < 3)
    assert contents(folder) == {"figure.csv": "new", "kept/figure.csv": "first", "kept/figure-2.csv": "second"}


def test_a_place_for_versions_elsewhere(folder, tmp_path, capsys):
    (folder / "coding" / "themes.csv").write_text("typed in", encoding="utf-8")
    made(folder, kept=tmp_path / "answers")
    assert contents(tmp_path / "answers") == {"coding/themes.csv": "typed in"}
    assert "your version is in" in capsys.readouterr().err


@pytest.mark.parametrize("new", ["mine", "mine/output.csv"])
@pytest.mark.parametrize("theirs", ["file", "folder", "link"])
def test_whatever_stands_in_the_way_is_kept(folder, new, theirs):
    if theirs == "file":
        fill(folder, {"mine": "mine"})
    elif theirs == "folder":
        fill(folder, {"mine/output.csv": "mine"})
    else:
        (folder / "mine").symlink_to("../thesis.txt")
    before = contents(folder)
    fill(folder.parent, {"thesis.txt": "mine"})
    made(folder, MADE | {new: "new"})
    after = contents(folder)
    assert after.pop(new) == "new"
    kept = {name.removeprefix("kept/"): text for name, text in after.items() if name not in MADE}
    assert set(kept.values()) == {"-> ../../thesis.txt" if theirs == "link" else "mine"}
    assert len(after) == len(before)


def test_a_file_is_replaced_only_if_it_is_the_suites(tmp_path, capsys):
    path = tmp_path / "index.html"
    path.write_text("mine", encoding="utf-8")
    owned.write_output(path, "made")
    assert "index.html is yours, and is made anew: your version is in" in capsys.readouterr().err
    owned.write_output(path, "made again")
    assert capsys.readouterr().err == ""
    path.unlink()
    fill(path, {"a.txt": "mine"})
    owned.write_output(path, "made")
    (tmp_path / "thesis.txt").write_text("thesis", encoding="utf-8")
    path.unlink()
    path.symlink_to("thesis.txt")
    owned.write_output(path, "made")
    assert contents(tmp_path) == {
        "index.html": "made",
        "kept/index.html": "mine",
        "kept/index-2.html/a.txt": "mine",
        "kept/index-3.html": "-> ../thesis.txt",
        "thesis.txt": "thesis",
    }


def test_a_file_in_place_of_the_folder_for_versions(tmp_path):
    fill(tmp_path, {"kept": "mine", "a.csv": "mine"})
    owned.write_output(tmp_path / "a.csv", "made")
    assert contents(tmp_path) == {"a.csv": "made", "kept": "mine", "kept-2/a.csv": "mine"}


@pytest.mark.parametrize("maker", ["export", "run"])
def test_a_folder_of_another_maker_is_refused(folder, maker):
    with pytest.raises(CrosscityError, match=f"paper is there, and crosscity {maker} did not make it: move it away"):
        made(folder, maker=maker)
    assert contents(folder) == MADE


def test_a_folder_of_a_persons_is_refused_and_an_empty_one_taken(tmp_path):
    fill(tmp_path / "mine", {"thesis.txt": "mine"})
    for place in (tmp_path / "mine", tmp_path / "mine" / "thesis.txt"):
        with pytest.raises(CrosscityError, match="did not make it"):
            made(place)
    assert contents(tmp_path) == {"mine/thesis.txt": "mine"}
    (tmp_path / "empty").mkdir()
    made(tmp_path / "empty")
    assert contents(tmp_path / "empty") == MADE


def test_a_link_to_a_folder_stays_a_link(folder, tmp_path):
    (tmp_path / "link").symlink_to("paper")
    fill(folder, {"thesis.txt": "mine"})
    made(tmp_path / "link", {"a.csv": "new"})
    assert (tmp_path / "link").is_symlink()
    assert contents(folder) == {"a.csv": "new", "thesis.txt": "mine"}


def test_an_error_changes_nothing(folder):
    def fails():
        with owned.whole_folder(folder, "paper") as partial:
            fill(partial, {"figure.csv": "half"})
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        fails()
    assert contents(folder) == MADE
    assert [p.name for p in folder.parent.iterdir()] == ["paper"]


def test_what_a_kill_left_is_completed(folder):
    """Killed after the new folder came and before a person's files did."""
    fill(folder, {"thesis.txt": "mine", "figure.csv": "edited"})
    former = folder.with_name(f".paper{FORMER}")
    folder.rename(former)
    owned.settle(folder)
    assert contents(folder)["thesis.txt"] == "mine"
    folder.rename(former)
    made(folder, {"figure.csv": "new"})
    assert contents(folder) == {"figure.csv": "new", "thesis.txt": "mine", "kept/figure.csv": "edited"}
    assert [p.name for p in folder.parent.iterdir()] == ["paper"]


def test_a_line_cut_short_spoils_no_other(tmp_path):
    owned.write_output(tmp_path / "a.csv", "made")
    record = tmp_path / owned.RECORD
    record.write_bytes(record.read_bytes() + b"0123")
    owned.write_output(tmp_path / "b.csv", "made")
    assert owned.own_files(tmp_path) == [tmp_path / "a.csv", tmp_path / "b.csv"]


def test_a_record_that_is_a_link_is_not_followed(tmp_path):
    fill(tmp_path, {"thesis.txt": "mine"})
    (tmp_path / owned.RECORD).symlink_to("thesis.txt")
    with pytest.raises(OSError, match=r"a\.csv"):
        owned.write_output(tmp_path / "a.csv", "made")
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_names_that_only_look_temporary_are_a_persons(tmp_path):
    fill(
        tmp_path, {".thesis.2024": "mine", ".a.csv.123": "mine", ".01-corpus.old/a": "mine", f".a.csv.1{HALF}": "half"}
    )
    owned.sweep_halves(tmp_path)
    assert contents(tmp_path) == {".thesis.2024": "mine", ".a.csv.123": "mine", ".01-corpus.old/a": "mine"}
