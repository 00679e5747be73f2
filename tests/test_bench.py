"""The benchmark runs, on copies that differ; what it measures is not asserted."""

import sys

from conftest import PROJECT

sys.path.insert(0, str(PROJECT / "bench"))
import cleaning as bench

TEXT = "去年修路2公里。\n今年种树300棵。\n明年养鱼40箱。"


def test_copies_differ_and_are_the_same_every_time():
    made = list(bench.copies([TEXT], 8))
    assert len(set(made)) > 4
    assert made == list(bench.copies([TEXT], 8))
    kept = sorted("".join(c for c in line if not c.isdigit()) for line in TEXT.split("\n"))
    assert all(sorted("".join(c for c in x if not c.isdigit()) for x in text.split("\n")) == kept for text in made)


def test_the_benchmark_prints_a_row_a_size(tmp_path, capsys):
    (tmp_path / "扬州.txt").write_text(TEXT, encoding="utf-8")
    bench.main([str(tmp_path), "1", "3"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"cleaning {tmp_path.name}: 1 documents"
    assert [line.split("  ")[0] for line in lines[2:]] == [
        "1 times",
        "3 times",
        "one document, 1 times",
        "one document, 3 times",
    ]
