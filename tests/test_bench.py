"""The benchmark runs, on copies that differ, and its arithmetic is right; what it measures is not asserted."""

import json
import re
import sys

import pytest
from conftest import PROJECT
from matplotlib.text import Text

sys.path.insert(0, str(PROJECT / "bench"))
import one
import results
import stages

TEXT = "去年修路2公里。\n今年种树300棵。\n明年养鱼40箱。"
DOCS = PROJECT / "docs"


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "扬州.txt").write_text(TEXT, encoding="utf-8")
    return folder


def test_copies_differ_and_are_the_same_every_time():
    made = list(one.copies([TEXT], 8))
    assert len(made) == 8
    assert made[0] == TEXT
    assert made == list(one.copies([TEXT], 8))
    without_digits = [re.sub("[0-9]", "", text).split("\n") for text in made]
    assert all(sorted(lines) == sorted(without_digits[0]) for lines in without_digits)
    assert len({tuple(lines) for lines in without_digits}) > 2, "paragraphs are shuffled"
    assert len({tuple(sorted(re.findall("[0-9]+", text))) for text in made}) > 4, "digits are changed"
    assert all(len(text) == len(TEXT) for text in made)


def test_a_copied_corpus_has_every_document_as_often_as_asked(corpus, tmp_path):
    (corpus / "镇江.txt").write_text("一江春水，流过100座桥。", encoding="utf-8")
    one.copy(corpus, tmp_path / "copied", "3")
    names = [f"{city}{turn}.txt" for city in ("扬州", "镇江") for turn in ("", "-1", "-2")]
    made = {p.name: p.read_text(encoding="utf-8") for p in (tmp_path / "copied").iterdir()}
    assert sorted(made) == sorted(names)
    assert made["扬州.txt"] == TEXT
    assert len(made["扬州-2.txt"]) == len(TEXT)
    assert "一江春水" in made["镇江-1.txt"]
    assert made["镇江-1.txt"] != made["镇江-2.txt"]


@pytest.mark.parametrize("stage", ["read", "clean", "clean, usual way", "clean one document", "word lists"])
def test_a_stage_is_timed(stage, corpus):
    (row,) = one.STAGES[stage](corpus)
    assert set(row) == {"wall", "cpu"}
    assert row["wall"] > 0


def test_what_a_watch_does_not_watch_is_not_counted():
    watch = one.Watch()
    for _ in range(2):
        with watch:
            sum(range(200_000))
    before = watch.row()
    sum(range(400_000))
    assert before == watch.row() == {"wall": watch.wall, "cpu": watch.cpu}
    single = one.Watch()
    with single:
        pass
    assert watch.cpu > single.cpu >= 0


def test_both_engines_are_held_to_the_same_words(corpus):
    ours, jieba = (one.STAGES[stage](corpus)[0] for stage in ("tokenize", "tokenize, jieba"))
    assert ours["tokens"] == jieba["tokens"] == 17
    assert ours["words"] == jieba["words"]
    (corpus / "扬州.txt").write_text(TEXT.replace("修路", "造桥"), encoding="utf-8")
    assert one.STAGES["tokenize"](corpus)[0]["words"] != ours["words"]


def test_a_command_is_measured_with_what_it_starts():
    inner = (
        "import time; held = b'x' * 150_000_000; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    )
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}]); print('[{{\"n\": 1}}]')"
    rows, outside = stages.run([sys.executable, "-c", outer], sample=True)
    assert rows == [{"n": 1}]
    assert outside["peak"] > 140
    assert outside["cpu"] >= 0.3
    assert outside["wall"] >= 0.3
    if sys.platform == "linux":
        assert outside["together"] > 140
    with pytest.raises(RuntimeError, match="wrong here"):
        stages.run([sys.executable, "-c", "raise SystemExit('wrong here')"])


def test_each_size_is_measured_by_turns_and_nothing_is_written(corpus, capsys, monkeypatch):
    monkeypatch.setattr(stages, "GROUPS", (("read", "clean"), ("start", "first build", "second build")))
    monkeypatch.setattr(stages, "turns", lambda stage, times: 2 if stage in {"read", "clean"} else times == 1)
    monkeypatch.setattr(results, "write", None)
    stages.main([str(corpus), "1", "3"])
    printed = capsys.readouterr().out
    assert printed.startswith("small, 0.0 MB, 1x, 3x: about 1 minutes\n")
    done = re.findall("^ +([0-9]+)x  ([a-z ]*[a-z]) +[0-9.]+ s", printed, re.MULTILINE)
    by_turns = ["read", "clean", "read", "clean"]
    assert [stage for n, stage in done if n == "3"] == by_turns
    assert [stage for n, stage in done if n == "1"] == [*by_turns, "start", "first build", "second build"]
    assert re.search("^stage +time per MB, 3x to 1x +MB/s, 1x +MB/s, 3x", printed, re.MULTILINE)


def test_a_stage_that_fails_is_said_and_the_others_go_on(corpus, monkeypatch):
    monkeypatch.setattr(stages, "GROUPS", (("topics", "read"),))
    monkeypatch.setattr(stages, "turns", lambda stage, times: 1)
    said = []
    assert [row["stage"] for row in stages.measure(corpus, [1], said.append)] == ["read"]
    assert "topics failed" in said[0]


def test_alternatives_stop_where_they_would_take_hours():
    every = [stage for group in stages.GROUPS for stage in group]
    assert set(every) >= stages.ALTERNATIVES
    assert {stages.turns(stage, 1) for stage in every} == {5}
    assert {stages.turns(stage, 10) for stage in every} == {1, 2}
    assert not any(stages.turns(stage, 50) for stage in stages.ALTERNATIVES)
    assert stages.turns("build", 50) == 1


def row(stage, turn, wall=1.0, times=1, **more):
    fields = {"cpu": wall, "peak": 100.0, "together": None, "tokens": None, "words": None}
    about = {"times": times, "megabytes": 5.0 * times, "documents": times, "cores": 2}
    return {**about, "stage": stage, "turn": turn, "wall": wall, **fields, **more}


def test_a_ratio_is_the_median_of_the_turns():
    rows = [row("a", n, t) for n, t in enumerate([10.0, 40.0, 40.0])]
    rows += [row("b", n, t) for n, t in enumerate([1.0, 2.0, 4.0])] + [row("b", 0, 99.0, times=10)]
    assert results.ratio(rows, "a", "b", 1) == 10  # the ratio of the medians is 20
    assert results.ratio(rows, "b", "a", 1) == 0.1
    assert results.ratio(rows, "a", "b", 10) is None
    rows += [row("off", n, t) for n, t in enumerate([0.5, 1.0, 3.0])]
    assert results.ratio(rows, "a", "b", 1, less="off") == 37  # of 19, 39, 37
    rows = [row("a", 0, 6.0, cpu=12.0), row("b", 0, 2.0, cpu=3.0)]
    assert results.ratio(rows, "a", "b", 1, "cpu") == 4


def test_growth_is_by_the_megabyte_or_as_it_is():
    rows = [row("a", 0, 20.0, 10, peak=100.0), row("a", 1, 40.0, 10, peak=100.0), row("a", 0, 180.0, 50, peak=150.0)]
    assert results.growth(rows, "a", 50, 10) == pytest.approx(180 / 30 / 5)
    assert results.growth(rows, "a", 50, 10, "peak", per_megabyte=False) == 1.5
    assert results.growth(rows, "a", 10, 1) is None


def everything(build=1.0):
    """Rows of a run in which every claim holds where the build takes a second."""
    rows = [row("tokenize", 0, 1.0, n, words="x", tokens=7) for n in (1, 10)]
    rows += [row("tokenize, jieba", 0, 20.0, n, words="x", tokens=7) for n in (1, 10)]
    rows += [row("jieba alone", 0, 2.0), row("loop", 0, 6.0)]
    rows += [row("build", 0, build * n, n, together=200.0) for n in (1, 10, 50)]
    rows += [row("build, 1 job", 0, t, n) for n, t in ((1, build), (10, 15.0), (50, 75.0))]
    return [*rows, row("start", 0, 1.0, 10), row("first build", 0, 11.0, 10), row("second build", 0, 1.5, 10)]


def test_claims_hold_or_do_not():
    held = {c.words: c.cells() for c in results.claims(everything())}
    assert {cells[3] for cells in held.values()} == {"yes"}
    measured = [cells[2] for cells in held.values()]
    again = ["1", "0.0977 GiB", "1", "0.195 GiB", "0.05", "1.5"]
    assert measured == ["20", "20", "0", "2", "6", "2", "6", *"1111", *again]
    slow = [c.cells()[3] for c in results.claims(everything(build=4.0))]
    assert slow == ["yes"] * 3 + ["no"] * 4 + ["yes"] * 9 + ["no"]
    other = [r | {"words": "y"} if r["stage"] == "tokenize" and r["times"] == 10 else r for r in everything()]
    assert results.claims(other)[2].cells()[2:] == ("1", "no")
    grown = [r | {"peak": 2100.0} if r["times"] == 50 else r | {"peak": 1300.0} for r in everything()]
    memory = [c.cells()[3] for c in results.claims(grown) if "largest" in c.words]
    assert memory == ["no", "no"]
    assert {c.cells()[2:] for c in results.claims([row("read", 0)])} == {("not measured", "")}


def test_shares_of_a_build_add_up():
    rows = [row("build, 1 job", 0, 10.0), row("start", 0, 1.0), row("read", 0, 0.5), row("clean", 0, 2.5)]
    shares = dict(results._shares([*rows, row("word lists", 0, 2.0)], [1]))
    assert list(shares.values()) == ["10%", "5%", "25%", "20%", "40%"]


def test_results_are_written_between_the_marks_and_read_back(tmp_path):
    page = tmp_path / "benchmarks.md"
    page.write_text(f"# Before\n{results.BEGIN}\nold\n{results.END}\nafter\n", encoding="utf-8")
    rows = everything()
    for _ in range(2):
        results.write(rows, tmp_path)
        assert page.read_text(encoding="utf-8") == (
            f"# Before\n{results.BEGIN}\n{results.markdown(rows)}\n{results.END}\nafter\n"
        )
    assert json.dumps(results.load(tmp_path / "benchmarks.csv")) == json.dumps(rows)
    assert (tmp_path / "figures" / "benchmarks.png").stat().st_size > 10_000


def test_the_page_says_what_its_csv_says():
    assert results.markdown(results.load(DOCS / "benchmarks.csv")) in (DOCS / "benchmarks.md").read_text("utf-8")


def test_names_in_the_figure_do_not_overlap():
    fig = results.figure(results.load(DOCS / "benchmarks.csv"))
    fig.draw_without_rendering()
    texts = [text for ax in fig.axes for text in ax.texts]
    assert [text.get_text() for text in texts].count("tokenize") == 2
    boxes = [Text.get_window_extent(text) for text in texts]  # without the line that leads to it
    assert not [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]
    assert all(fig.bbox.x0 <= b.x0 and b.x1 <= fig.bbox.x1 for b in boxes)
