"""Text reuse: passages, strips and masks worked out by hand, in text of characters that never recur by chance."""

import importlib.util
import itertools
import re

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.words import formulaic, reuse
from rapidfuzz.distance import Indel

from tests.conftest import PROJECT
from tests.helpers.passages import LETTERS, PASSAGE, dated, frame, places, text

_spec = importlib.util.spec_from_file_location("bench_shared", PROJECT / "bench" / "shared.py")
bench = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bench)


def everything(documents, references=(), **chosen):
    paragraphs = frame(documents)
    found = reuse.matches(paragraphs, references)
    gathered = reuse.passages(found, paragraphs, dated(paragraphs), references)
    return found, gathered, reuse.strips(found, gathered, paragraphs, references, **chosen)


def shown(strips, name):
    rows = strips[strips["doc_id"] == name]
    return [(start, end, kind) for _, start, end, kind in rows.itertuples(index=False)]


def test_every_row_can_be_followed_to_its_characters():
    rng = np.random.default_rng(5)
    stock = [text(int(n), 100 + i) for i, n in enumerate(rng.integers(30, 90, 12))]
    documents = {
        f"d{d}": [text(40, 200 + d)]
        + [bench.change(stock[i], 0.06, rng, LETTERS) + "。" + text(20, 50 * d + i) for i in rng.choice(12, 6)]
        for d in range(8)
    }
    paragraphs = frame(documents)
    found, gathered, strips = everything(documents)
    words = paragraphs.set_index(["doc_id", "paragraph"])["text"]

    def plain(name, n, start, end):
        return re.sub(r"\W", "", words[name, n][start:end])

    for _, rows in found.groupby("match"):
        a, b = ("".join(plain(*r) for r in rows[c].itertuples(index=False)) for c in (reuse.PLACE, reuse.OTHER))
        assert Indel.normalized_similarity(a, b) >= rows["similarity"].iloc[0] - 0.02
        assert rows["exact"].iloc[0] == (a == b)
    for columns, table in ((reuse.PLACE, found), (reuse.OTHER, found), (reuse.PLACE, gathered)):
        for name, n, start, end in table[columns].itertuples(index=False):
            assert 0 <= start < end <= len(words[name, n])
    sizes = paragraphs["text"].str.len().groupby(paragraphs["doc_id"]).sum()
    for name, rows in strips.groupby("doc_id"):
        assert rows["start"].tolist() == [0, *rows["end"].tolist()[:-1]]
        assert rows["end"].iloc[-1] == sizes[name]


def test_results_do_not_depend_on_the_names_of_documents_and_the_order_of_paragraphs():
    rng = np.random.default_rng(3)
    stock = [text(50, 100 + i) for i in range(6)]
    documents = {
        f"d{d}": [text(30, 200 + 10 * d + i) + bench.change(stock[i], 0.08, rng, LETTERS) for i in range(6)]
        for d in range(20)
    }
    paragraphs = frame(documents)
    corpus = dated(paragraphs, {f"d{d}": f"20{d + 10}" for d in range(20)})
    tables = []
    for turn in range(3):
        part = paragraphs.sample(frac=1, random_state=turn) if turn else paragraphs
        part = part.sort_values("doc_id", key=lambda names: names.str[1:].astype(int), kind="stable")
        # Names that sort the other way round, and by no rule; the documents stay where they are.
        order = [range(20), range(19, -1, -1), rng.permutation(20)][turn]
        names = {f"d{d}": f"x{n:02}" for d, n in enumerate(order)}
        own = {name: d for d, name in names.items()}
        part, dates = (t.assign(doc_id=t["doc_id"].map(names)) for t in (part, corpus))
        found = reuse.matches(part)
        mixed = found.sample(frac=1, random_state=turn)
        gathered = reuse.passages(mixed, part, dates.sample(frac=1, random_state=turn))
        made = (found, gathered, reuse.strips(found, gathered, part), reuse.pairwise_reuse(found, part))
        named = ["doc_id", "other_doc", "earliest"]
        tables.append([t.assign(**{c: t[c].map(own) for c in named if c in t}) for t in made])
    assert len(tables[0][0]) > 100
    for other in tables[1:]:
        for one, two in zip(tables[0], other, strict=True):
            pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize(
    "documents",
    [{}, {"a": []}, {"a": [""], "b": [""]}, {"a": ["的"], "b": ["的"]}, {"a": ["。", "，"], "b": ["", "的", "。。"]},
     {"a": [PASSAGE]}, {"a": [PASSAGE[:29]], "b": [PASSAGE[:29]]}, {"a": [PASSAGE[:5]], "b": [PASSAGE[:5] * 20]}],
)  # fmt: skip
def test_where_there_is_nothing_to_find_nothing_is_found(documents):
    found, gathered, strips = everything(documents)
    assert found.columns.tolist() == ["match", *reuse.PLACE, *reuse.OTHER, "similarity", "exact"]
    assert found.empty
    assert gathered.empty
    assert set(strips["class"]) <= {"own"}
    assert strips["end"].sum() == sum(len(line) for lines in documents.values() for line in lines)
    assert reuse.coverage(strips).columns.tolist() == ["doc_id", "characters", *reuse.CLASSES]


def test_what_a_document_repeats_is_found_each_time():
    found, gathered, strips = everything({"a": [PASSAGE + text(9, 2) + PASSAGE, PASSAGE], "b": [text(30, 3) + PASSAGE]})
    assert {(r[0], r[1], r[2]) for r in places(found)} == {("a", 1, "0-60"), ("a", 1, "69-129"), ("a", 2, "0-60")}
    assert gathered[["passage", "place", *reuse.PLACE, "documents"]].to_numpy().tolist() == [
        [1, 1, "a", 1, 0, 60, 2], [1, 2, "a", 1, 69, 129, 2], [1, 3, "a", 2, 0, 60, 2], [1, 4, "b", 1, 30, 90, 2],
    ]  # fmt: skip
    assert shown(strips, "a") == [(0, 60, "shared"), (60, 69, "own"), (69, 189, "shared")]


def test_what_only_one_document_repeats_is_not_shared():
    assert everything({"a": [PASSAGE, PASSAGE], "b": [text(200, 2)]})[0].empty


def test_a_formula_of_many_documents_is_one_passage_and_central():
    rng = np.random.default_rng(4)
    formula = text(50, 7)
    made = {f"d{d:02}": bench.change(formula, 0.04, rng, LETTERS) for d in range(60)}
    documents = {name: [text(300, 100 + d) + said + text(20, 300 + d)] for d, (name, said) in enumerate(made.items())}
    found, gathered, strips = everything(documents)
    assert gathered["passage"].nunique() == 1
    assert gathered["documents"].unique().tolist() == [60]
    assert len(found) < 60 * 30  # of 1,770 pairs
    covered = reuse.coverage(strips).set_index("doc_id")
    for name, said in made.items():
        size = len(documents[name][0])
        assert covered.loc[name, "characters"] == size
        assert covered.loc[name, "central"] == pytest.approx(len(said) / size, abs=4 / size)
        assert covered.loc[name, list(reuse.CLASSES)].sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("documents", "holding", "kind"), [
    (12, 5, "central"), (12, 4, "shared"), (26, 5, "shared"), (26, 6, "central"), (3, 3, "shared"),
])  # fmt: skip
def test_central_is_what_five_documents_and_a_fifth_of_them_have(documents, holding, kind):
    held = {f"d{d:02}": [text(20, 100 + d), PASSAGE if d < holding else text(60, 200 + d)] for d in range(documents)}
    found, gathered, strips = everything(held)
    assert shown(strips, "d00") == [(0, 20, "own"), (20, 80, kind)]
    strict = reuse.strips(found, gathered, frame(held), share=1, min_documents=1)
    assert shown(strict, "d00")[1][2] == ("central" if holding == documents else "shared")


def test_a_passage_within_a_longer_one_is_its_own():
    formula, around = text(40, 7), (text(50, 8), text(50, 9))
    documents = {f"d{d}": [text(30, 100 + d) + formula + text(30, 200 + d)] for d in range(6)}
    documents |= {name: [around[0] + formula + around[1]] for name in ("x", "y")}
    _, gathered, strips = everything(documents)
    assert sorted(gathered.drop_duplicates("passage")["documents"]) == [2, 8]
    assert gathered.query("documents == 2")[reuse.PLACE].to_numpy().tolist() == [["x", 1, 0, 140], ["y", 1, 0, 140]]
    assert shown(strips, "x") == [(0, 50, "shared"), (50, 90, "central"), (90, 140, "shared")]


def test_what_two_documents_have_beside_a_passage_of_many_is_shared_but_not_of_the_passage():
    more = text(20, 8)
    documents = {n: [text(30, ord(n)) + (more if n in "ab" else "") + PASSAGE + text(10, ord(n) + 50)] for n in "abcde"}
    _, gathered, strips = everything(documents)
    about = gathered[["doc_id", "start", "end", "documents"]].to_numpy().tolist()
    assert about == [[n, 50, 110, 5] if n in "ab" else [n, 30, 90, 5] for n in "abcde"]
    for name in "ab":
        assert shown(strips, name) == [(0, 30, "own"), (30, 50, "shared"), (50, 110, "central"), (110, 120, "own")]


def test_passages_come_in_the_order_of_how_many_hold_them_then_of_length():
    stock = {"long": text(50, 1), "short": text(40, 2), "wide": text(35, 3)}
    held = {"a": ["short", "long", "wide"], "b": ["long", "short"], "c": ["wide"], "d": ["wide"]}
    documents = {n: [text(9, 10 * ord(n) + i) + stock[name] for i, name in enumerate(has)] for n, has in held.items()}
    gathered = everything(documents)[1].drop_duplicates("passage")
    order = [stock["wide"], stock["long"], stock["short"]]
    assert gathered[["passage", "text"]].to_numpy().tolist() == [[n, words] for n, words in enumerate(order, 1)]


def test_passages_do_not_grow_along_a_chain():
    long = text(60 * 22, 3)
    documents = {f"d{d:02}": [long[60 * d : 60 * d + 180]] for d in range(20)}  # each shares 120 with the next
    _, gathered, strips = everything(documents)
    for _, rows in gathered.groupby("passage"):
        reached = rows["doc_id"].str[1:].astype(int)
        assert reached.max() - reached.min() <= 4
    assert gathered["documents"].between(2, 5).all()
    assert strips[strips["class"] == "own"].to_numpy().tolist() == [["d00", 0, 60, "own"], ["d19", 120, 180, "own"]]


def test_a_passage_holds_what_is_like_its_best_known_place_by_whatever_way():
    # Each has two more characters in ten changed: like the next by 0.8, the second next by 0.6, and the third by 0.4.
    rng = np.random.default_rng(6)
    steps = [list(PASSAGE)]
    for n in (2, 4, 6):
        steps.append(list(steps[-1]))
        for i in range(n, 60, 10):
            steps[-1][i : i + 2] = rng.choice(LETTERS, 2)
    documents = {f"d{n}": [text(20, 10 + n) + "".join(made) + text(20, 20 + n)] for n, made in enumerate(steps)}
    found, gathered, _ = everything(documents)
    assert {(r[0], r[3]) for r in places(found)} == {("d0", "d1"), ("d1", "d2"), ("d2", "d3")}
    # From d1 the third next is not reached, but there is none; from d0 it would be missed.
    assert gathered[["passage", "doc_id", "documents"]].to_numpy().tolist() == [[1, f"d{n}", 4] for n in range(4)]


DATES = [
    ({"a": "2020", "b": "2019-12", "c": "2021-01-01"}, {}, "b", "known"),
    ({"a": "2020", "b": "2020-05", "c": "2021"}, {}, "", "tied"),  # 2020 may be before May, or after
    ({"a": "2020-05-03", "b": "2020-05-04", "c": "2020-06"}, {}, "a", "known"),
    ({"a": "2020", "b": "2020", "c": "2020"}, {}, "", "tied"),
    ({"a": "2020-05-03", "b": "2020-05-03", "c": "2020-06"}, {}, "", "tied"),
    ({"a": "2020", "b": "2021", "c": "2021"}, {}, "a", "known"),
    ({"a": "2020", "c": "2021"}, {}, "a", "some undated"),
    ({"a": "2020", "c": "2020"}, {}, "", "tied"),
    ({"c": "2020"}, {}, "c", "some undated"),
    ({}, {}, "", "undated"),
    ({}, {"a": 1999, "b": 1987, "c": 2003}, "b", "known"),
    ({"a": "1986-03"}, {"a": 2001, "b": 1987, "c": 2003}, "a", "known"),
]


@pytest.mark.parametrize(("dates", "years", "earliest", "dating"), DATES)
def test_the_earliest_is_said_only_where_it_is_known(dates, years, earliest, dating):
    paragraphs = frame({name: [text(9, n) + PASSAGE] for n, name in enumerate("abc")})
    gathered = reuse.passages(reuse.matches(paragraphs), paragraphs, dated(paragraphs, dates, years))
    (about,) = gathered[["earliest", "dating", "documents"]].drop_duplicates().to_numpy().tolist()
    assert about == [earliest, dating, 3]
    assert gathered["text"].unique().tolist() == [PASSAGE]


def test_a_document_that_the_corpus_does_not_know_is_an_error():
    paragraphs = frame({name: [PASSAGE] for name in "ab"})
    with pytest.raises(CrosscityError, match="'b' is not in the corpus"):
        reuse.passages(reuse.matches(paragraphs), paragraphs, dated(paragraphs).iloc[:1])


def test_references_are_held_against_the_others_alone():
    only = text(50, 8)
    documents = {
        "a": [text(10, 2) + PASSAGE + text(30, 3)], "b": [text(40, 4)], "c": [text(5, 5) + PASSAGE[:40]],
        "1999": [PASSAGE + only], "2005": [text(20, 6), PASSAGE[10:] + only],
    }  # fmt: skip
    references = ["1999", "2005"]
    found, gathered, strips = everything(documents, references)
    assert [(r[0], r[2], r[3], r[5]) for r in places(found)] == [
        ("a", "10-50", "c", "5-45"), ("a", "10-70", "1999", "0-60"), ("a", "20-70", "2005", "0-50"),
        ("c", "5-45", "1999", "0-40"), ("c", "15-45", "2005", "0-30"),
    ]  # fmt: skip
    assert shown(strips, "a") == [(0, 10, "own"), (10, 70, "reference"), (70, 100, "own")]
    assert shown(strips, "b") == [(0, 40, "own")]
    assert shown(strips, "c") == [(0, 5, "own"), (5, 45, "reference")]
    assert shown(strips, "1999") == [(0, 60, "shared"), (60, 110, "own")]
    (about,) = gathered[["documents", "references"]].drop_duplicates().to_numpy().tolist()
    assert about == [2, 2]
    taken = reuse.pairwise_reuse(found, frame(documents), references)
    assert taken.to_numpy().tolist() == [
        ["a", "1999", 60, 0.6], ["a", "2005", 50, 0.5], ["c", "1999", 40, round(40 / 45, 6)],
        ["c", "2005", 30, round(30 / 45, 6)],
    ]  # fmt: skip


def test_characters_taken_up_twice_count_once():
    documents = {"a": [PASSAGE], "r": [PASSAGE[:40] + text(50, 2) + PASSAGE[20:]]}
    paragraphs = frame(documents)
    taken = reuse.pairwise_reuse(reuse.matches(paragraphs, ["r"]), paragraphs, ["r"])
    assert taken.to_numpy().tolist() == [["a", "r", 60, 1]]


def test_what_two_documents_share_is_a_part_of_each():
    documents = {"a": [text(40, 3) + PASSAGE], "b": [PASSAGE + text(140, 4)], "c": [text(90, 5)]}
    paragraphs = frame(documents)
    taken = reuse.pairwise_reuse(reuse.matches(paragraphs), paragraphs)
    assert taken.to_numpy().tolist() == [["a", "b", 60, 0.6], ["b", "a", 60, 0.3]]


def test_a_formula_of_many_references_is_taken_up_by_all():
    documents = {f"d{d:02}": [text(50, 100 + d) + PASSAGE] for d in range(30)}
    known = {f"{1970 + r}": [text(50, 200 + r) + PASSAGE] for r in range(40)}
    found, _, strips = everything(documents | known, known)
    assert set(strips[strips["class"] == "reference"]["doc_id"]) == set(documents)
    assert all({"1970", "2009"} <= set(rows) for _, rows in found.groupby("doc_id")["other_doc"])
    assert not set(found["doc_id"]) & set(known)


def test_words_of_a_class_are_masked_for_template():
    # Of 甲's first paragraph its end is central, with half of 天气 and one 雨; of its second all but the last mark.
    paragraphs = pd.DataFrame(
        [
            ("乙", 1, "今天好。", ["今天", "好"]),
            ("甲", 2, "今天，修路。", ["今天", "修路"]),
            ("甲", 1, "雨天气雨", ["雨", "天气", "雨"]),
            ("丙", 1, "好好", ["好", "好"]),
        ],
        columns=["doc_id", "paragraph", "text", "tokens"],
    )
    strips = pd.DataFrame(
        [
            ("丙", 0, 1, "own"),
            ("丙", 1, 2, "reference"),
            ("乙", 0, 4, "own"),
            ("甲", 0, 2, "own"),
            ("甲", 2, 9, "central"),
            ("甲", 9, 10, "shared"),
        ],
        columns=["doc_id", "start", "end", "class"],
    )
    found = reuse.mask(strips, paragraphs)
    assert found.tolist() == [False, False, True, True, False, False, True, False, True]
    assert formulaic.remove_masked(paragraphs["tokens"], found).tolist() == [["今天", "好"], [], ["雨", "天气"], ["好"]]
    own = reuse.mask(strips, paragraphs, ("own",))
    assert own.tolist() == [True, True, False, False, True, False, False, True, False]
    wrong = paragraphs.assign(tokens=[["今天"], ["明天"], [], []])
    with pytest.raises(CrosscityError, match="甲, paragraph 2 has no '明天'"):
        reuse.mask(strips, wrong)
    with pytest.raises(CrosscityError, match="other paragraphs"):
        reuse.mask(strips, paragraphs.iloc[1:])


def test_errors_say_what_to_do():
    paragraphs = frame({"a": [PASSAGE], "b": [PASSAGE]})
    with pytest.raises(CrosscityError, match="'c' is to be a reference"):
        reuse.matches(paragraphs, ["c"])
    with pytest.raises(CrosscityError, match="a has two paragraphs 1"):
        reuse.matches(pd.concat([paragraphs, paragraphs]))
    for chosen in ({"length": 5}, {"similarity": 0.5}, {"similarity": 1.1}):
        with pytest.raises(CrosscityError, match=r"give a length from 12 and a similarity from 0\.67 to 1"):
            reuse.matches(paragraphs, **chosen)
    found = reuse.matches(paragraphs)
    for other in (paragraphs.iloc[1:], frame({"a": [PASSAGE[:50]], "b": [PASSAGE]})):
        with pytest.raises(CrosscityError, match="paragraph 1 of a is not what it was"):
            reuse.passages(found, other, dated(paragraphs))


SENTENCE = text(25, 9) + "，"
REPEATED = {
    "one character": ({"a": ["啊" * 50_000], "b": ["啊" * 50_000]}, ["a", "b"]),
    "of unequal number": ({"a": ["啊" * 50_000], "b": ["啊" * 7_000], "c": ["啊" * 40]}, ["a", "b", "c"]),
    "two characters": ({"a": ["的确" * 5_000], "b": ["的确" * 3_000]}, ["a", "b"]),
    "a sentence": ({"a": [SENTENCE * 2000], "b": [SENTENCE * 2000]}, ["a", "b"]),
    "a sentence a paragraph": ({"a": [SENTENCE] * 400, "b": [SENTENCE] * 400}, ["a", "b"]),
    "one has it once": ({"a": [SENTENCE * 500], "b": [SENTENCE], "c": [SENTENCE * 170]}, ["a", "c"]),
    "many documents": ({f"d{d}": ["啊" * 2000] for d in range(30)}, [f"d{d}" for d in range(30)]),
    "one document": ({"a": ["啊" * 50_000], "b": [PASSAGE]}, []),
}


@pytest.mark.parametrize("case", REPEATED)
def test_text_that_repeats_itself_ends_and_is_found_whole(case):
    documents, whole = REPEATED[case]
    _, _, strips = everything(documents)
    covered = reuse.coverage(strips).set_index("doc_id")
    assert covered.index[covered["own"] < 0.01].tolist() == whole


def test_planted_passages_of_the_benchmark_stand_where_it_says():
    documents = pd.Series({f"d{d}": text(900, d) + "\n" + text(600, 50 + d) for d in range(6)})
    made, numbers, n = bench.plant(documents, 0, 1)
    assert n >= 12
    parts = {}
    for name, labels in numbers.items():
        assert len(labels) == len(made[name])
        for start, stop in itertools.pairwise(np.flatnonzero(np.diff(np.r_[-1, labels, -1]))):
            if labels[start]:
                parts.setdefault(int(labels[start]), []).append((name, made[name][start:stop]))
    assert sorted(parts) == list(range(1, n + 1))
    for (one, passage), (two, copied) in parts.values():
        assert one != two
        assert passage == copied
        assert 40 <= len(passage) <= 400
    changed, numbers, _ = bench.plant(documents, 0.1, 1)
    assert any("".join(np.array(list(changed[n]), "U1")[numbers[n] > 0]) not in changed[n] for n in numbers)


def test_a_change_rate_is_kept():
    rng = np.random.default_rng(1)
    kept = [Indel.normalized_similarity(p := text(200, n), bench.change(p, 0.1, rng, LETTERS)) for n in range(50)]
    # A character replaced costs two of 400, one lost or added costs one: 20 changes make 20 * 4 / 3 of 400.
    assert 1 - np.mean(kept) == pytest.approx(20 * 4 / 3 / 400, rel=0.05)


def test_the_benchmark_counts_characters():
    documents = pd.Series({"a": "0123456789\n012345", "b": "abcdefgh"})
    numbers = {"a": np.array([0] * 5 + [1] * 5 + [1] + [1] * 3 + [0] * 3), "b": np.array([1] * 8)}
    found = pd.DataFrame([[1, "a", 1, 4, 10, "b", 1, 0, 4]], columns=["match", *reuse.PLACE, *reuse.OTHER])
    # Of 8 + 8 characters 5 + 4 are found, and one that is none.
    assert bench.score(documents, numbers, found) == (9 / 16, 9 / 10)
    numbers["b"][:] = 2  # the other side lies in another passage
    assert bench.score(documents, numbers, found) == (0, 0)


@pytest.mark.parametrize("rate", bench.RATES)
def test_planted_passages_are_found(rate):
    documents = pd.Series({f"d{d:02}": "\n".join(text(300, 20 * d + i) for i in range(8)) for d in range(12)})
    made, numbers, _ = bench.plant(documents, rate, 2)
    recall, precision = bench.score(made, numbers, reuse.matches(bench.frame(made)))
    assert recall > (0.99 if rate <= 0.05 else 0.97)
    assert precision > 0.995


def test_larger_corpora_of_the_benchmark_are_of_the_paragraphs_of_all():
    one, two = text(200, 1) + PASSAGE + "，" + text(100, 2), "。" + PASSAGE + text(80, 4)
    paragraphs = frame({"a": [one], "b": [text(300, 3), two]})
    made = bench.mixed(paragraphs, 5)
    assert made["doc_id"].unique().tolist() == ["0000", "0001", "0002", "0003", "0004"]
    assert set(made["text"]) == set(paragraphs["text"])
    sizes = made["text"].str.len().groupby(made["doc_id"]).sum()
    assert sizes.between(401, 401 + 361).all()  # the mean of 361 and 441, and at most a paragraph more
    assert made.equals(bench.mixed(paragraphs, 5))
    anew = bench.mixed(paragraphs, 5, everything({"a": [one], "b": [text(300, 3), two]})[2])
    for line in anew["text"]:
        if len(line) != 300:
            assert PASSAGE in line
            assert line.replace(PASSAGE, "") not in {t.replace(PASSAGE, "") for t in paragraphs["text"]}
            assert line[0] == "。" or line[260] == "，"
