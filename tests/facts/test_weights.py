"""The weights of stances: their table, what is counted of a sentence, and the likeliest sequence."""

import itertools
import json
import sys

import numpy as np
import pytest
from crosscity.facts import weights
from crosscity.facts.observations import Observation, observe
from crosscity.files import read_tsv

from tests.conftest import PROJECT

sys.path.append(str(PROJECT / "bench"))
import train_stances

TABLE = PROJECT / "lib" / "crosscity" / "facts" / "resources" / "stance-weights.tsv"
HEADER = "kind\tname\t" + "\t".join(weights.STANCES) + "\n"


def seen(text, link="sentence", marks=(), context=()):
    return Observation(1, 0, len(text), text, "author", link, tuple(marks), tuple(context))


def table(tmp_path, rows):
    path = tmp_path / "weights.tsv"
    path.write_text(HEADER + "".join(row + "\t" * (7 - row.count("\t")) + "\n" for row in rows), encoding="utf-8")
    return weights.read_weights(path)


def test_the_shipped_table_is_what_its_form_says():
    rows = read_tsv(TABLE)
    assert TABLE.stat().st_size < 600_000
    assert {kind for kind, *_ in rows} == {
        "mark",
        "ngram",
        "next sentence",
        "next paragraph",
        "next list",
        "next section",
    }
    assert len({(kind, name) for kind, name, *_ in rows}) == len(rows)
    for kind, name, *cells in rows:
        assert len(cells) == len(weights.STANCES)
        assert all(cell == "" or str(int(cell)) == cell for cell in cells)
        assert name
        if kind == "ngram":  # no sentence of anybody's
            assert len(name) <= weights.LONGEST
        elif kind.startswith("next"):
            assert name in weights.STANCES
    assert [sum(kind == f"next {link}" for kind, *_ in rows) for link in train_stances.LINKS] == [6, 6, 6, 6]


@pytest.mark.parametrize("ngram", ["^", "要", "^要", "0年$", "\U00020000\U00020001\U00020002"])
def test_ngrams_as_numbers(ngram):
    assert weights.decoded(weights.encoded(ngram)) == ngram


def test_marks_weigh_by_type_and_headings_by_their_characters(tmp_path):
    assert weights.names_of(seen("x", marks=["modal"])._replace(heading="2024年要点"), "notice") == [
        *("type notice", "modal", "modal|notice"),
        *("in ^0", "in 0年", "in 年要", "in 要点", "in 点$"),
    ]
    ws = table(tmp_path, ["mark\tmodal\t\t\t\t9", "mark\tmodal|notice\t\t\t\t\t19", "mark\tin 成效\t10"])
    called = seen("加强。", marks=["modal"])
    assert weights.likeliest([called], "notice", ws) == ["norm"]
    assert weights.likeliest([called], "plan", ws) == ["plan"]
    assert weights.likeliest([called._replace(heading="主要成效")], "plan", ws) == ["achievement"]


@pytest.mark.parametrize(("doc_type", "heading"), [("plan", "构建产业体系"), ("work report", "")])
def test_headings_of_reports_may_be_slogans(doc_type, heading):
    table = {"paragraph": [1], "kind": ["body"], "section": ["一、发展 / 构建产业体系"], "text": ["新增企业。"]}
    assert [one.heading for one in observe(table, "", doc_type)] == [heading]


def test_ngrams_of_sentences():
    owners, numbers = weights.ngrams_of(["到2027 年。", "修。”"])
    found = sorted((int(owner), weights.decoded(int(number))) for owner, number in zip(owners, numbers, strict=True))
    assert found == sorted(
        [(0, part) for part in ("^", "到", "0", "年", "$", "^到", "到0", "0年", "年$", "^到0", "到0年", "0年$")]
        + [(1, part) for part in ("^", "修", "$", "^修", "修$", "^修$")]
    )


def test_what_is_seen_is_added_up(tmp_path):
    """achievement: 修了 40; plan: 要 30 and the mark 50 in a plan; each once, however often it stands."""
    rows = ["ngram\t修了\t40", "ngram\t要\t\t\t\t30", "mark\tfirst|plan\t\t\t\t50", "mark\ttype news\t\t\t\t\t\t60"]
    learned = table(tmp_path, rows)
    one = [seen("修了路，要，要，要。", context=["first"])]
    assert weights.likeliest(one, "", learned) == ["achievement"]  # 40 against 30
    assert weights.likeliest(one, "plan", learned) == ["plan"]  # against 80
    assert weights.likeliest(one, "news", learned) == ["other"]  # 60
    assert weights.likeliest([seen("无。")], "", learned) == ["achievement"]  # all alike: the first


def test_the_likeliest_sequence_is_the_best_of_all(tmp_path):
    draw = np.random.default_rng(3).integers
    rows = ["ngram\t" + name + "\t" + "\t".join(map(str, draw(-9, 10, 6))) for name in "甲乙丙丁"]
    for link in ("sentence", "section"):
        rows += [f"next {link}\t{stance}\t" + "\t".join(map(str, draw(-9, 10, 6))) for stance in weights.STANCES]
    learned = table(tmp_path, rows)
    text = [seen("甲", ""), seen("乙"), seen("丙", "section"), seen("丁", "paragraph")]  # the last is not linked

    def weight(path):
        total = sum(
            int(learned.table[sorted("甲乙丙丁").index(one.text), k]) for one, k in zip(text, path, strict=True)
        )
        for before, k, one in zip(path, path[1:], text[1:], strict=False):
            total += learned.links[one.link][k][before] if one.link in learned.links else 0
        return total

    best = max(itertools.product(range(6), repeat=4), key=weight)
    assert weights.likeliest(text, "", learned) == [weights.STANCES[k] for k in best]


def test_weights_are_learned_from_coded_sentences(tmp_path, monkeypatch):
    monkeypatch.setattr(train_stances, "LEAST_DOCUMENTS", 1)
    pieces = [["要修好渔港的灯塔。", "plan"], ["渔港的灯塔修好了。", "achievement"], ["渔港太小。", "problem"]]
    coded, out = tmp_path / "coded.jsonl", tmp_path / "weights.tsv"
    lines = [{"genre": "news", "rows": [["", [piece]] for piece in pieces]} for _ in range(6)]
    coded.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    train_stances.main([str(out), str(coded)])
    learned = weights.read_weights(out)
    found = [weights.likeliest([seen(text, "")], "news", learned) for text, _ in pieces]
    assert found == [[stance] for _, stance in pieces]
    assert out.read_bytes() == (train_stances.main([str(out), str(coded)]), out.read_bytes())[1]  # alike each time


def test_accuracy_counts_each_coded_part():
    pairs = [("a", "plan", "plan", "plan"), ("a", "plan", "plan", "norm"), ("b", "news", "other", "other")]
    assert list(train_stances.report(pairs)) == [
        "all\tall\t0.667\t0.556\t3",  # plan 2/3, norm 0, other 1
        "source\ta\t0.500\t0.333\t2",
        "source\tb\t1.000\t1.000\t1",
        "genre\tnews\t1.000\t1.000\t1",
        "genre\tplan\t0.500\t0.333\t2",
    ]
