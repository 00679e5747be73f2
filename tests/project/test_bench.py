"""The benchmark runs, on copies that differ, and its arithmetic is right; what it measures is not asserted."""

import functools
import itertools
import json
import math
import random
import re
import sys

import numpy as np
import pandas as pd
import pytest
from crosscity.topics import models as topic_models
from crosscity.topics import quality
from matplotlib.text import Text
from scipy import sparse

from tests.conftest import PROJECT

sys.path.append(str(PROJECT / "bench"))
import facts
import growth
import models
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


def test_documents_are_made_distinct_of_words_that_follow_each_other(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    long = (
        "我们要在今年修好去年没有修好的那些路，也要在明年种好今年没有种好的那些树，还要在后年养好明年没有养好的那些鱼。"
    )
    for name, other in (("甲", "山上"), ("乙", "河边"), ("丙", "城里")):
        text = [f"{name}市政府工作报告", "各位代表：", "一、去年", *[long.replace("那些", f"{other}的那些") * 2] * 8]
        (folder / f"{name}.txt").write_text("\n".join(text), encoding="utf-8")
    growth.make_documents(folder, 7, tmp_path / "made")
    growth.make_documents(folder, 7, tmp_path / "again")
    texts = [path.read_text(encoding="utf-8") for path in sorted((tmp_path / "made").glob("*.txt"))]
    assert len(set(texts)) == 7
    assert texts == [path.read_text(encoding="utf-8") for path in sorted((tmp_path / "again").glob("*.txt"))]
    assert all(re.match(r"[甲乙丙]市政府工作报告\n", text) for text in texts)
    follow = {pair for path in folder.glob("*.txt") for pair in itertools.pairwise(path.read_text(encoding="utf-8"))}
    made = {pair for text in texts for line in text.split("\n")[1:] for pair in itertools.pairwise(line)}
    assert made <= follow  # within a word and between two, each character follows one that it follows there
    rows = pd.read_csv(tmp_path / "made" / "corpus.csv")
    assert rows["year"].tolist() == list(range(2005, 2012))


def test_a_chain_goes_on_as_its_lines_do():
    chain = growth._chain([["a", "b", "c"], ["a", "b", "d"]])
    assert chain == {
        (None, None): ["a", "a"],
        (None, "a"): ["b", "b"],
        ("a", "b"): ["c", "d"],
        ("b", "c"): [None],
        ("b", "d"): [None],
    }
    assert growth._walk({(None, None): ["a"], (None, "a"): ["b"], ("a", "b"): ["c"]}, 2, random.Random(1)) == ["a", "b"]
    assert growth._walk({(None, None): ["a"], (None, "a"): [None]}, 9, random.Random(1)) == ["a"]


def test_growth_is_told_with_its_exponents(tmp_path, monkeypatch):
    def row(n, stage, cpu, peak):
        return {"documents": n, "megabytes": n / 10, "stage": stage, "wall": 1.0, "cpu": cpu, "peak": peak}

    rows = [row(10, "tables", 2.0, 100.0), row(1000, "tables", 20.0, 100.4), row(10, "x", 1.0, 9.0)]
    rows += [row(1000, "x", math.nan, math.nan), row(10, "y", math.nan, math.nan)]
    told = [
        "| stage | 10: s | 10: MiB | 1,000: s | 1,000: MiB | exponent, 10 to 1,000 |",
        "|---|---|---|---|---|---|",
        "| tables | 2.0 | 100 | 20.0 | 100 | 0.50 |",
        "| x | 1.0 | 9 |  |  |  |",
        "| y | not measured |  |  |  |  |",
    ]
    assert list(growth.lines(rows)) == told
    monkeypatch.setattr(growth, "_DOCS", tmp_path)
    page = tmp_path / "benchmarks.md"
    page.write_text(f"# Before\n{growth.BEGIN}\nold\n{growth.END}\nafter\n", encoding="utf-8")
    growth.write(rows)
    assert page.read_text(encoding="utf-8").split("\n") == ["# Before", growth.BEGIN, *told, growth.END, "after", ""]
    assert list(growth.lines(growth.read(tmp_path / "growth.csv"))) == told


def test_the_page_says_of_growth_what_its_csv_says():
    assert "\n".join(growth.lines(growth.read(DOCS / "growth.csv"))) in (DOCS / "benchmarks.md").read_text("utf-8")


def test_names_in_the_figure_do_not_overlap():
    fig = results.figure(results.load(DOCS / "benchmarks.csv"))
    fig.draw_without_rendering()
    texts = [text for ax in fig.axes for text in ax.texts]
    assert [text.get_text() for text in texts].count("tokenize") == 2
    boxes = [Text.get_window_extent(text) for text in texts]  # without the line that leads to it
    assert not [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]
    assert all(fig.bbox.x0 <= b.x0 and b.x1 <= fig.bbox.x1 for b in boxes)


def planted(k=3, documents=10, noise=False):
    """Documents of two paragraphs of each of k topics, of ten terms of their own; or of words drawn from all alike."""
    rng, rows = np.random.default_rng(1), []
    for i in range(documents * 2 * k):
        chances = np.zeros(10 * k)
        chances[10 * (i % k) :][:10] = 0.75 ** np.arange(10)
        rows.append(rng.multinomial(60, np.full(10 * k, 0.1 / k) if noise else chances / chances.sum()))
    terms = np.array([f"词{i:03d}" for i in range(10 * k)], dtype=object)
    truth = np.kron(np.eye(k), 0.75 ** np.arange(10))
    texts = models.Texts(sparse.csr_array(rows), terms, np.repeat([f"d{i:02d}" for i in range(documents)], 2 * k))
    return texts, topic_models.TopicModel(terms, truth / truth.sum(axis=1, keepdims=True), None)


SMALL = {"k": 3, "resamples": 3, "seeds": 2}


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    texts, _ = planted()
    kept = tmp_path_factory.mktemp("kept") / "fits.jsonl"
    return models.summarise(models.measure(texts, models.installed(), kept, **SMALL))


def test_every_model_that_is_installed_finds_planted_topics(compared):
    assert tuple(compared.columns) == models.COLUMNS
    assert list(compared["model"]) == [m for m in models.MODELS if m in models.installed()]
    assert {models.NMF, models.FINER, "NMF in batches", "LDA (scikit-learn)"} <= set(compared["model"])
    values = compared.drop(columns=["model", "to_gibbs"]).to_numpy(float)
    assert np.isfinite(values).all()
    measures = compared[
        [c for c in models.COLUMNS[1:] if c not in {"npmi", "npmi_held", "seconds", "to_gibbs", "wall"}]
    ]
    assert measures.to_numpy().min() >= 0
    assert measures.to_numpy().max() <= 1
    assert (compared["stability_low"] <= compared["stability"]).all()
    assert (compared["stability"] <= compared["stability_high"]).all()
    # The ten terms of a topic stand in no other; their order may change with the draw.
    assert (compared[["diversity", "jaccard", "seeds_agree"]] == 1).all(axis=None)
    assert (compared["stability"] > 0.8).all()
    assert (compared["seconds"] > 0).all()
    if models.GIBBS in models.installed():
        rows = compared.set_index("model")
        assert rows.loc[models.GIBBS, "to_gibbs"] == 1
        assert rows["to_gibbs"].notna().all()


def test_where_there_are_no_topics_none_is_stable(tmp_path):
    texts, _ = planted(noise=True)
    fits = models.measure(texts, {models.NMF: models.MODELS[models.NMF]}, tmp_path / "fits.jsonl", **SMALL)
    (row,) = models.summarise(fits).to_dict("records")
    assert row["stability"] < 0.7
    assert row["jaccard"] < 0.7
    assert np.isnan(row["to_gibbs"])


def test_measures_are_those_of_the_module_of_quality(tmp_path):
    texts, _ = planted(noise=True)
    fit = functools.partial(models.MODELS[models.NMF], seed=1)
    made = models.measure(texts, {models.NMF: fit_of_any_seed(fit)}, tmp_path / "fits.jsonl", **SMALL)
    (row,) = models.summarise(made).to_dict("records")
    other = quality.choose_k(*texts, [3], resamples=3, fit=fit, error=None)
    columns = ["npmi", "npmi_held", "diversity", "exclusivity", "stability", "stability_low", "stability_high"]
    assert [row[c] for c in columns] == pytest.approx(list(other.loc[0, columns]), abs=1e-4)
    assert row["seeds_agree"] == 1
    assert row["npmi"] != row["npmi_held"]


def fit_of_any_seed(fit):
    return lambda counts, terms, k, seed: fit(counts, terms, k)


def a_fit(model, draw, seed, cpu=1.0, tops=("甲乙丙",), **more):
    measures = {"npmi": 0.1, "diversity": 1.0, "exclusivity": 0.5, **more}
    return {
        "model": model,
        "draw": draw,
        "seed": seed,
        "cpu": cpu,
        "wall": cpu,
        "tops": list(map(list, tops)),
        **measures,
    }


def test_a_model_s_row_by_hand():
    rows = [
        a_fit("other", 0, 1, 2.0, ["甲乙", "丙丁"], npmi=0.4),
        a_fit("other", 0, 2, 9.0, ["丁丙", "甲戊"], npmi=0.3),
    ]
    rows += [a_fit("other", 0, 3, 3.0, ["甲乙", "丙丁"])]
    rows += [a_fit(models.GIBBS, 0, seed, cpu) for seed, cpu in ((1, 4.0), (2, 9.0), (3, 12.0))]
    rows += [
        a_fit("other", 1, 1, 99.0, ["乙甲", "丙丁"], npmi=0.2),
        a_fit("other", 2, 1, 99.0, ["甲乙", "丙丁"], npmi=0.0),
    ]
    rows += [a_fit(models.GIBBS, 1, 1, 99.0)]
    row = models.summarise(rows).iloc[0]
    assert (row["npmi"], row["npmi_held"]) == (0.4, 0.1)  # of the first seed; of the draws
    assert (row["seconds"], row["to_gibbs"]) == (3, 0.5)  # of 2/4, 9/9, 3/12; the ratio of medians is 1/3
    # 甲乙 and 乙甲 agree at nine of ten depths, 丙丁 and 丙丁 at all; the second draw agrees in all.
    assert row["stability"] == pytest.approx((0.95 + 1) / 2)
    assert (row["stability_low"], row["stability_high"]) == pytest.approx(
        (0.95 + 0.025 * 0.05, 1 - 0.025 * 0.05), abs=1e-4
    )
    assert row["jaccard"] == 1
    # Seeds: 1 and 3 agree in all; 2 with either by 1 (丙丁) and by 1/3 (甲 of 甲乙戊).
    assert row["seeds_agree"] == pytest.approx((1 + 2 / 3 + 2 / 3) / 3, abs=1e-4)


def test_a_run_that_is_cut_short_goes_on_where_it_was(tmp_path):
    texts, truth = planted()
    kept, made = tmp_path / "folder" / "fits.jsonl", []

    def fit(counts, terms, k, seed):
        if len(counts.indptr) == len(texts.counts.indptr) and k == 2:  # to load what is loaded once
            return truth
        if len(made) == 4:
            raise KeyboardInterrupt
        made.append((counts.shape[0], seed))
        return truth

    with pytest.raises(KeyboardInterrupt):
        models.measure(texts, {"known": fit}, kept, **SMALL)
    kept.write_text(kept.read_text(encoding="utf-8")[:-9], encoding="utf-8")  # the last was not written to its end
    first, made = made, []
    rows = models.measure(texts, {"known": fit}, kept, **SMALL)
    assert first == [(60, 1), (60, 2), (48, 1), (48, 1)]
    assert made == [(48, 1), (48, 1)]
    assert [(r["draw"], r["seed"]) for r in rows] == [(0, 1), (0, 2), (1, 1), (2, 1), (3, 1)]
    assert models.measure(texts, {"known": None}, kept, **SMALL) == rows
    made = []
    with pytest.raises(KeyboardInterrupt):  # of other settings nothing is there
        models.measure(texts, {"known": fit}, kept, **SMALL | {"seed": 2})
    made = []
    with pytest.raises(KeyboardInterrupt):  # nor of other texts
        models.measure(texts._replace(counts=texts.counts * 2), {"known": fit}, kept, **SMALL)


def test_lda_of_gensim_gives_a_model_of_ours():
    pytest.importorskip("gensim")
    texts, truth = planted()
    model = models.gensim_lda(texts.counts, texts.terms, 3, 1)
    assert model.weights.shape == (3, 30)
    assert model.shares.shape == (60, 3)
    assert model.weights.sum(axis=1) == pytest.approx(1)
    assert model.shares.sum(axis=1) == pytest.approx(1)
    pairs, agreement = topic_models.match_topics(truth, model, by="top")
    assert (agreement == 1).all()
    paragraphs = pairs[np.arange(60) % 3, 1]  # the topic of each
    assert (model.shares[np.arange(60), paragraphs] > 0.9).all()
    assert (models.gensim_lda(texts.counts, texts.terms, 3, 1).weights == model.weights).all()


THINGS = "公路 桥梁 学校 医院 工厂 森林 河流 农田 水库 电网 机场 港口 博物馆 图书馆 体育场 大学 小学 幼儿园"
FORMULA = "现在我代表市人民政府向大会作工作报告请予审议"


def test_all_models_are_given_one_preparation(tmp_path, monkeypatch):
    folder, things = tmp_path / "corpus", THINGS.split()
    folder.mkdir()
    for d, city in enumerate(("扬州", "镇江", "苏州", "无锡", "常州", "南通")):
        lines = [f"{FORMULA}。"]
        for p in range(14):
            words = [things[(p + d + i) % len(things)] for i in range(2 if p == 13 else 6)]
            lines.append("、".join([*words, f"{city}市", "经济", "熊猫" if d == p < 2 else "经济"]) + "。")
        (folder / f"{city}.txt").write_text("\n".join(lines), encoding="utf-8")
    stages.run(stages.build(folder, tmp_path / "tables"))
    monkeypatch.setattr(models, "MAX_DF", 0.9)
    texts = models.prepare(tmp_path / "tables")
    # Not there: the formula's words, the cities, what stands in 84 of 90 paragraphs or in two, paragraphs of two terms.
    assert set(texts.terms) == set(things)
    assert texts.counts.shape == (6 * 13, len(things))
    assert set(texts.documents) == {"扬州", "镇江", "苏州", "无锡", "常州", "南通"}
    assert (texts.counts.sum(axis=1) == 6).all()


def a_table(**changed):
    found = {"npmi": 0.51, "diversity": 0.9, "stability": 0.78, "to_gibbs": 0.06, "npmi_held": 0.3, "seconds": 2.0}
    rows = [dict.fromkeys(models.COLUMNS, 0.5) | found | {"model": m} | changed for m in (models.NMF, models.GIBBS)]
    return pd.DataFrame([*rows, {"model": models.CHOICE, "wall": 330.0}], columns=models.COLUMNS)


def test_what_models_have_to_reach_is_said():
    cells = [c.cells() for c in models.claims(a_table())]
    assert [c[0] for c in cells[:-1]] == [f"NMF: {of}" for of in ("NPMI", "diversity", "stability", "time (Gibbs: 1)")]
    assert [c[3] for c in cells] == ["yes", "yes", "yes", "no", "no"]
    assert cells[-1] == (f"{models.CHOICE}: time", "< 5 min", "5.5 min", "no")
    assert [c.cells()[3] for c in models.claims(a_table(npmi=0.49, to_gibbs=0.05))][:4] == ["no", "yes", "yes", "yes"]
    assert len(models.claims(a_table(to_gibbs=np.nan))) == 4


def test_models_are_written_between_the_marks(tmp_path):
    page = tmp_path / "topic-models.md"
    page.write_text(f"# Before\n{results.BEGIN}\nold\n{results.END}\nafter\n", encoding="utf-8")
    for _ in range(2):
        models.write(a_table(), tmp_path)
        said = models.markdown(a_table())
        assert page.read_text(encoding="utf-8") == f"# Before\n{results.BEGIN}\n{said}\n{results.END}\nafter\n"
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "topic-models.csv"), a_table())
    assert (tmp_path / "figures" / "topic-models.png").stat().st_size > 10_000
    assert "| NMF | 0.51 | 0.30 | 0.90 | 0.50 | 0.78 (0.50 to 0.50) | 0.50 (0.50 to 0.50) | 0.50 | 2 | 0.06 |" in said


def test_the_page_of_models_says_what_its_csv_says_and_its_figure_is_whole():
    table = pd.read_csv(DOCS / "topic-models.csv")
    assert models.markdown(table) in (DOCS / "topic-models.md").read_text("utf-8")
    fig = models.figure(table)
    fig.draw_without_rendering()
    titles = [ax.title if ax.title.get_text() else ax._left_title for ax in fig.axes]
    boxes = [title.get_window_extent() for title in titles]
    assert [title.get_text() for title in titles] == [panel[1] for panel in models.PANELS]
    assert not [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]
    assert all(fig.bbox.x0 <= b.x0 and b.x1 <= fig.bbox.x1 for b in boxes)


def test_models_of_a_folder_are_compared_and_nothing_is_written(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(models, "installed", lambda: {models.NMF: models.MODELS[models.NMF]})
    monkeypatch.setattr(models, "write", None)
    kept = tmp_path / "fits.jsonl"
    models.main([str(PROJECT / "data" / "raw"), "--k=4", "--resamples=2", "--seeds=1", f"--kept={kept}"])
    printed = capsys.readouterr().out
    assert re.match(r"5 documents, [0-9]+ paragraphs, [0-9]+ terms; k = 4\n", printed)
    assert re.search(r"^\| NMF \| -?0\.[0-9]{2} \|", printed, re.MULTILINE)
    assert not kept.exists()


def test_facts_are_timed_beside_cutting_words(corpus):
    table = facts.measured(facts.documents(corpus)).set_index("what")
    assert list(table.index)[-2:] == ["cutting words", "all facts"]
    alone = table["seconds"].iloc[:-2].sum()
    assert table.loc["all facts", "seconds"] == pytest.approx(alone)
    assert table.loc["cutting words", "share of rjieba's speed"] == 1
