"""Answers of coders, read with care, and scores worked out by hand."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.facts.adjudication import (
    PARTY,
    agreements,
    answer_table,
    dice,
    disagreements,
    error_rate_labels,
    error_rates,
    genres_of,
    read_coding,
    reference_answers,
    sentences,
    shipped_rates,
    shipped_sentences,
)
from crosscity.facts.coding import TASKS, write_sheets
from crosscity.inference import krippendorff_alpha, krippendorff_interval


def filled(folder, sample, coder, change=lambda task, row: row, tasks=tuple(TASKS)):
    """A coder who says what the machine says, but for `change`."""
    for task in tasks:
        key = sample.key[sample.key["task"] == task].pivot_table("machine", "id", "question", aggfunc="first")
        rows = [change(task, {**row, **key.loc[row["id"]]}) for row in sample.sheets[task].to_dict("records")]
        pd.DataFrame(rows).to_csv(folder / f"{task}-{coder}.csv", index=False, encoding="utf-8-sig")


@pytest.fixture(scope="module")
def returned(sample, tmp_path_factory):
    """A folder with the key, and two coders; the second calls every plan a norm."""
    folder = write_sheets(tmp_path_factory.mktemp("study"), sample)
    filled(folder, sample, "anna")
    filled(folder, sample, "bo", lambda task, row: row | ({"stance": "norm"} if row.get("stance") == "plan" else {}))
    return folder


@pytest.fixture
def answered(returned, tmp_path):
    """A copy of it to spoil."""
    return Path(shutil.copytree(returned, tmp_path / "answers"))


def test_answers_are_read(answered, sample):
    answers, key = read_coding(answered)
    assert answers["coder"].value_counts().to_dict() == {"anna": 12 * 9, "bo": 12 * 9}
    assert key["weight"].sum() == pytest.approx(sample.key["weight"].sum())
    alphas = agreements(answers, key, draws=200)
    got = alphas.set_index(["task", "question", "between"])["alpha"]
    assert got["stances", "stance", "anna and machine"] == 1
    assert got["stances", "stance", "coders"] < 1
    assert np.isnan(got["stances", "voice", "coders"])  # one value alone
    listed = disagreements(answers, key)
    assert set(zip(listed["anna"], listed["bo"], listed["machine"], strict=True)) == {("plan", "norm", "plan")}
    assert listed["reference"].isna().all()  # one against one
    assert len(listed) == (key["machine"] == "plan").sum() > 0


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: f.drop(columns="voice"), r"stances-cy\.csv has no column voice"),
        (
            lambda f: f.assign(stance="joy"),
            r"stances-cy\.csv, row 2, item S\d+: stance is 'joy'; give one of achievement",
        ),
        (lambda f: f.assign(sheet="other"), r"stances-cy\.csv, row 2, item S1: the key \([a-p]+\) has no such item"),
        (lambda f: f.assign(stance="", voice=""), r"stances-cy\.csv has no answers: fill in stance, voice"),
        (lambda f: pd.concat([f, f.head(1)]), r"row 14, item S1: it is answered in row 2 already"),
        (
            lambda f: f.assign(id=f["id"].to_numpy()[::-1]),
            r"row 2, item S12: the text is not that of S12: sort whole rows",
        ),
    ],
)
def test_wrong_files_are_named_with_their_rows(answered, sample, spoil, message):
    filled(answered, sample, "cy", tasks=["stances"])
    path = answered / "stances-cy.csv"
    spoil(pd.read_csv(path, keep_default_na=False)).to_csv(path, index=False)
    with pytest.raises(CrosscityError, match=message):
        read_coding(answered)


def test_wrong_folders(answered, sample, tmp_path):
    with pytest.raises(CrosscityError, match=r"has no key\.csv"):
        read_coding(tmp_path / "empty")
    filled(answered, sample, "cy", lambda task, row: row | {"year": "lately"}, tasks=["quantities"])
    with pytest.raises(CrosscityError, match="year is 'lately'; give a year of four digits, or none"):
        read_coding(answered)
    (answered / "quantities-cy.csv").unlink()
    (answered / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CrosscityError, match=r"notes\.csv: name it after task and coder"):
        read_coding(answered)


def test_adjudicated_answers_are_last(answered, sample):
    filled(answered, sample, "adjudicated", lambda task, row: row | {"stance": "norm"}, tasks=["stances"])
    answers, key = read_coding(answered)
    rates = error_rates(answers, key).query("question == 'stance'").set_index("label")
    assert rates.loc["norm", ["n", "right"]].tolist() == [rates.loc["norm", "n"]] * 2
    assert rates.loc["plan", "right"] == 0
    assert "adjudicated and machine" not in set(agreements(answers, key, draws=10)["between"])


def coded(machine, *coders, weights=None):
    """Answers and key of one question, by hand."""
    items = [f"S{i}" for i in range(len(machine))]
    key = pd.DataFrame({"id": items, "machine": machine, "weight": weights or 1.0}).assign(
        sheet="x", task="stances", question="stance", doc_id="", paragraph="", start="", end="", text=items
    )
    rows = [
        (f"c{k}", "stances", i, "stance", a) for k, c in enumerate(coders) for i, a in zip(items, c, strict=True) if a
    ]
    return pd.DataFrame(rows, columns=["coder", "task", "id", "question", "answer"]), key


def test_error_rates_by_hand():
    answers, key = coded(list("aaaab"), list("aaabb"))
    rates = error_rates(answers, key).set_index("label")
    assert rates.loc["a", ["n", "right", "share"]].tolist() == [4, 3, 0.75]
    assert rates.loc["a", ["low", "high"]].tolist() == pytest.approx([0.30064, 0.95441], abs=1e-4)  # Wilson, 3 of 4
    assert rates.loc["all", "share"] == 0.8
    weighted = error_rates(*coded(list("aaaab"), list("aaabb"), weights=[1, 1, 1, 1, 4])).set_index("label")
    assert weighted.loc["all", "share"] == 0.875  # 7 of 8; the effective number is 8 * 8 / 20
    assert weighted.loc["all", "low"] < rates.loc["all", "low"] + 0.1
    (line,) = sentences(error_rates(answers, key), agreements(answers, key, draws=10))
    assert error_rate_labels(error_rates(answers, key)) == {"stances": "right on 5 coded by hand: stance 80%"}
    assert line.startswith("stances, stance: the machine is right in 80% (")


def test_majority():
    answers, key = coded(list("abc"), list("aab"), list("abb"), list("bac"))
    assert reference_answers(answer_table(answers, key)).tolist() == ["a", "a", "b"]
    answers, key = coded(list("ab"), list("aa"), ["b", ""])
    assert reference_answers(answer_table(answers, key)).tolist() == [None, "a"]


def test_phrases_that_are_alike_count_as_one():
    assert dice("社区数", "社区数") == 1
    assert dice("社区数", "社区总数") == pytest.approx(2 * 1 / 5)  # 社区 of 社区 区数, and of 社区 区总 总数
    answers, key = coded(["新建社区数"], ["社区数"], ["道路里程"])
    answers, key = answers.assign(question="item"), key.assign(question="item")
    assert answer_table(answers, key)[["machine", "c0", "c1"]].to_numpy().tolist() == [
        ["新建社区数", "新建社区数", "道路里程"]
    ]


def test_alpha_of_the_published_example():
    """Krippendorff (2011), "Computing Krippendorff's alpha-reliability", example C: four observers, nominal, 0.743."""
    a, b = [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3]
    c, d = [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None]
    table = pd.DataFrame({"a": a, "b": b, "c": c, "d": d})
    value, low, high = krippendorff_interval(table, draws=500, seed=1)
    assert value == pytest.approx(0.743, abs=5e-4)
    assert low < value < high <= 1
    assert krippendorff_interval(table, draws=500, seed=1) == (value, low, high)


def test_bootstrap_of_alpha_draws_whole_items():
    rng = np.random.default_rng(3)
    truth = rng.integers(3, size=60)
    other = np.where(rng.random(60) < 0.7, truth, rng.integers(3, size=60))
    table = pd.DataFrame({"a": truth, "b": other})
    value, low, high = krippendorff_interval(table, draws=1000, seed=2)
    draws = [
        krippendorff_alpha(table.iloc[rng.integers(60, size=60)]) for _ in range(120)
    ]  # item by item, the plain way
    assert value == pytest.approx(krippendorff_alpha(table), rel=1e-12)
    assert [low, high] == pytest.approx(np.percentile(draws, [2.5, 97.5]), abs=0.06)


def test_shipped_rates():
    table = shipped_rates()
    assert list(table.columns) == ["task", "measure", "value", "documents", "items", "genre", "note"]
    assert table["value"].between(0, 1).all()
    assert not table.duplicated(["task", "measure", "genre"]).any()
    party = shipped_rates([PARTY])
    assert set(party["genre"]) == {PARTY}
    assert set(TASKS) <= set(party["task"])
    said = "right on 95 coded by hand, with which the rules were written: F1 of themes 85%, first theme 87%"
    assert error_rate_labels(party)["themes"] == said
    assert "macro" not in error_rate_labels(party)["stances"]
    # A genre that nobody coded has the rates of other documents.
    pd.testing.assert_frame_equal(shipped_rates(["a genre of its own"]), party)
    assert "a genre of its own" not in set(table["genre"])


def test_rates_of_several_genres_stand_side_by_side():
    rows = [
        ("stances", "stance", 0.9, 2, 40, "plan", ""),
        ("stances", "macro-F1 of stance", 0.7, 2, 40, "plan", ""),
        ("stances", "stance", 0.75, 3, 20, "news", ""),
        ("quantities", "F1 of value", 1.0, 2, 9, "plan", ""),
        ("quantities", "kind", 0.5, 2, 9, "plan", ""),
    ]
    rates = pd.DataFrame(rows, columns=["task", "measure", "value", "documents", "items", "genre", "note"])
    assert error_rate_labels(rates) == {
        "stances": "right of those coded by hand, stance: plan 90% of 40, news 75% of 20",
        "quantities": "right of those coded by hand, F1 of value: plan 100% of 9",
    }
    assert error_rate_labels(rates[rates["genre"] == "plan"])["quantities"] == (
        "right on 9 coded by hand: F1 of value 100%, kind 50%"
    )
    assert shipped_sentences(rates) == [
        "On 2 documents coded by hand (plan): stances, stance 0.90; quantities, F1 of value 1.00. On others the "
        "machine errs more often.",
        "On 3 documents coded by hand (news): stances, stance 0.75. On others the machine errs more often.",
    ]


def test_the_genres_of_a_corpus():
    documents = pd.DataFrame({"doc_id": ["a", "b", "c", "d"], "doc_type": ["plan", "speech", "speech", "speech"]})
    themes = pd.DataFrame([("b", "venues"), ("c", "technology"), ("d", "leadership")], columns=["doc_id", "theme"])
    assert genres_of(documents, themes) == [PARTY, "plan", "speech"]
    assert genres_of(documents, None) == ["speech", "plan"]
