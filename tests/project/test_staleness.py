"""What is made again after a file changed under its old size and time: each document, and each file of a parameter."""

import os

import pytest
from crosscity.files import stamps
from crosscity.study import FILES

from tests.conftest import PROJECT
from tests.helpers.without_kernels import call, execute, steps_of_make

TEXT = "去年秋天，镇里修通了到山上的公路，三个寨子的苹果当天就能运到县城，价钱比往年高了两成。"
RUNS = "01-corpus 02-terms 03-topics 04-compare 05-profile-扬州 05-profile-苏州 06-pair 07-shared-text 08-facts"
RUNS = [*RUNS.split(), "09-robustness", "explore"]
COUNTED = "plan 02-terms 03-topics 04-compare 05-profile-扬州 05-profile-苏州 06-pair 09-robustness explore"
# File, what stands in it, and the steps that are stale; tables that come out otherwise make all notebooks stale then.
CASES = {
    "corpus/扬州.txt": (f"扬州修路\n{TEXT}\n", "tables"),
    "corpus/苏州.txt": (f"苏州修路\n{TEXT}合作社又添了冷库。\n", "tables"),
    "corpus/corpus.csv": ("file,city\n扬州.txt,扬州\n苏州.txt,苏州\n", "tables"),
    "p.yaml": ("", "tables plan report"),
    "stopwords.txt": ("苹果\n", COUNTED),
    "dictionary.tsv": ("合作社\tcooperative\tme\tnone\n", "tables plan 02-terms"),
    "codebook.yaml": ("", "tables plan 03-topics 08-facts explore"),
    "labels.csv": ("topic,label\n1,roads\n", "plan 03-topics"),
    "answers/anna.csv": ("question,answer\n1,A\n", "plan 03-topics"),
    "questions.yaml": ("roads: a\n", "plan 08-facts"),
    "coding/themes-anna.csv": ("id,label\n1,a\n", "plan 08-facts"),
    "references/corpus.parquet": ("x", "plan 07-shared-text"),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A finished run whose parameters name a file, or a folder, each."""
    import papermill

    root = tmp_path_factory.mktemp("named")
    for name, (text, _) in CASES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    named = {
        name.partition("/")[0].partition(".")[0]: name.partition("/")[0] for name in CASES if "corpus/c" not in name
    }
    named = {parameter: file for parameter, file in named.items() if parameter not in ("corpus", "p")}
    lines = [f"{parameter}: {file}" for parameter, file in named.items()]
    (root / "p.yaml").write_text("\n".join(["by: city", "min_df: 1", *lines, ""]), encoding="utf-8")
    shipped = PROJECT / "lib" / "crosscity" / "facts" / "resources" / "codebook-party.yaml"
    (root / "codebook.yaml").write_bytes(shipped.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(papermill, "execute_notebook", execute)
        steps = steps_of_make(root)
        for step in ("build", "plan"):
            assert call(*steps[step]) == 0
        assert sorted(p.stem for p in (root / "state" / "parameters").glob("*.json")) == sorted(RUNS)
        for name in RUNS:
            assert call("run", name, "--state", root / "state") == 0
        assert call(*steps["report"]) == 0
    assert stamps.prune(root / "state") == []
    return root


def stale(state):
    """Steps that are stale; their stamps stay."""
    stamps.prune(state)
    found = list(state.rglob(f"*{stamps.STALE}"))
    for stamp in found:
        stamp.rename(stamp.with_suffix(".done"))
    return {stamp.stem for stamp in found}


def test_every_parameter_that_names_a_file_is_tried():
    tried = {name.partition("/")[0].partition(".")[0] for name in CASES}
    assert tried - {"corpus", "p"} == set(FILES)


@pytest.mark.parametrize("name", CASES)
def test_a_change_under_the_old_size_and_time_is_seen_by_what_takes_the_file(root, name):
    path, steps = root / name, CASES[name][1].split()
    whole, about = path.read_bytes(), path.stat()
    for content, expected in ((whole[:-1] + bytes([whole[-1] ^ 1]), set(steps)), (whole, set())):
        path.write_bytes(content)
        os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
        assert (path.stat().st_size, path.stat().st_mtime_ns) == (about.st_size, about.st_mtime_ns)
        assert stale(root / "state") == expected
    os.utime(path, ns=(0, 0))
    assert stale(root / "state") == set(), "a time alone is nothing"


@pytest.mark.parametrize("name", [name for name in CASES if "/" in name])
def test_a_file_that_comes_into_a_folder_or_leaves_it_is_seen(root, name):
    new = (root / name).with_name("new.csv")
    new.write_text("x", encoding="utf-8")
    assert stale(root / "state") == set(CASES[name][1].split())
    new.unlink()
    assert stale(root / "state") == set()


def test_a_persons_summaries_of_the_matrix_are_seen_when_they_come_and_go(root):
    written = root / "answers" / "matrix.csv"  # beside the reports; of the parameter answers, too, which is 03's
    written.write_text("question,voice,checksum,summary\n", encoding="utf-8")
    assert stale(root / "state") == {"plan", "03-topics", "08-facts"}
    written.unlink()
    assert stale(root / "state") == set()


def test_tables_that_come_out_otherwise_make_every_notebook_stale(root):
    sums = root / "state" / "tables.sha256"
    whole = sums.read_bytes()
    sums.write_bytes(whole[:-1] + b"x")
    assert stale(root / "state") == {"tables", "plan", *RUNS}
    sums.write_bytes(whole)


def test_notes_on_reading_make_the_report_stale(root):
    notes = root / "state" / "notes.txt"
    notes.write_text("another", encoding="utf-8")
    assert stale(root / "state") == {"tables", "report"}
    notes.write_text("", encoding="utf-8")
    assert stale(root / "state") == set()
