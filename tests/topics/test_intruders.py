"""Questions that do not give their answers away, answers that are read with care, scores worked by hand."""

import csv
import io
import math
import warnings

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.documents.spreadsheets import read_spreadsheet
from crosscity.inference import (
    intrusion_scores,
    krippendorff_alpha,
    krippendorff_interval,
    pigeonhole_bootstrap,
    wilson_interval,
)
from crosscity.topics.intruders import (
    LETTERS,
    make_tasks,
    read_answers,
    read_key,
    score_answers,
    sentences,
    write_tasks,
)
from crosscity.topics.models import TopicModel

K, WORDS = 6, 12


@pytest.fixture(scope="module")
def planted():
    """Six topics of twelve words each, 80 paragraphs, of which the last five took no part."""
    rng = np.random.default_rng(5)
    weights = np.zeros((K, K * WORDS))
    for t in range(K):
        weights[t, t * WORDS : (t + 1) * WORDS] = np.sort(rng.dirichlet(np.ones(WORDS)))[::-1]
    terms = np.array([f"{'春夏秋冬晨夜'[t]}{i:02d}" for t in range(K) for i in range(WORDS)], dtype=object)
    shares = rng.dirichlet(np.full(K, 0.7), size=80)
    shares[-5:] = np.nan
    texts = [f"={i} <b>&amp; 段落 {{{{ body }}}}" for i in range(80)]
    ids = [f"文{i // 8}" for i in range(80)]
    frame = pd.DataFrame({"doc_id": ids, "paragraph": range(1, 81), "text": texts}, index=range(100, 180))
    return TopicModel(terms, weights, shares), frame


@pytest.fixture(scope="module")
def made(planted):
    return make_tasks(*planted, n=30, seed=3)


def test_answers_are_scored(made, tmp_path):
    back = tmp_path / "back"
    with pytest.raises(CrosscityError, match=r"back: put the key\.csv of the run there"):
        score_answers(made, back)
    write_tasks(tmp_path, made)
    back.mkdir()
    (back / "key.csv").write_bytes((tmp_path / "key.csv").read_bytes())
    key = read_key(back / "key.csv")
    right = key[key["intruder"]].set_index("question")["option"]
    rows = ["sheet,question,answer", *(f"{key['sheet'][0]},{q},{a}" for q, a in right.items())]
    (back / "anna.csv").write_text("\n".join(rows), encoding="utf-8")
    questions, overall = score_answers(made, back)
    assert (questions["precision"] == 1).all()
    word, topic = sentences(overall)
    assert word.startswith("The word that does not belong to a topic is found in 100% ")
    assert "of 6 questions, by chance in 17%" in word
    assert "by chance in 25%" in topic


def test_answers_to_another_model_are_not_scored(planted, made, tmp_path):
    model, frame = planted
    write_tasks(tmp_path, made)
    sheet = made.key["sheet"][0]
    (tmp_path / "anna.csv").write_text(f"sheet,question,answer\n{sheet},Q1,A\n", encoding="utf-8")
    other = model._replace(weights=model.weights[::-1], shares=model.shares[:, ::-1])
    assert score_answers(make_tasks(other, frame, seed=3), tmp_path) is None
    assert score_answers(made, tmp_path) is not None


def asked(made):
    """Questions with their part of the key."""
    for row in made.questions.to_dict("records"):
        yield row, made.key[made.key["question"] == row["question"]]


def test_word_intrusion(planted, made):
    model, _ = planted
    topics = []
    for row, key in asked(made):
        if row["F"]:
            [topic] = key["topic"].unique()
            topics.append(topic)
            weights = dict(zip(model.terms, model.weights[topic - 1], strict=True))
            of = key.set_index("terms")["intruder"]
            assert list(of.index) == [row[a] for a in LETTERS]
            [intruder] = of.index[of]
            assert {t for t in of.index if t != intruder} == set(sorted(weights, key=weights.get)[-5:])
            assert weights[intruder] == 0
            other = model.weights[:, list(model.terms).index(intruder)].argmax()
            assert intruder in set(model.terms[np.argsort(-model.weights[other])[:10]])
            assert other != topic - 1
    assert sorted(topics) == [1, 2, 3, 4, 5, 6]


def test_topic_intrusion(planted, made):
    model, frame = planted
    seen = []
    for row, key in asked(made):
        if not row["F"]:
            assert len(key) == 4
            i = int(key["paragraph"].iloc[0]) - 1
            seen.append(i)
            assert row["text"] == frame["text"].iloc[i]
            assert key["doc_id"].iloc[0] == frame["doc_id"].iloc[i]
            order = np.argsort(-model.shares[i]) + 1
            assert set(key.loc[~key["intruder"], "topic"]) == set(order[:3])
            [intruder] = key.loc[key["intruder"], "topic"]
            assert intruder in order[3:]
            assert model.shares[i, intruder - 1] <= model.shares[i, order[2] - 1] / 2
            assert model.shares[i, order[2] - 1] >= 0.05
            for topic, terms, share in zip(key["topic"], key["terms"], key["share"], strict=True):
                first = model.terms[np.argsort(-model.weights[topic - 1])[:8]]
                assert terms == " ".join(first)
                assert share == pytest.approx(model.shares[i, topic - 1], abs=1e-6)
    assert len(seen) == len(set(seen)) == 30
    assert max(seen) < 75  # the last took no part


def test_the_same_seed_gives_the_same_questions(planted, made):
    again, other = make_tasks(*planted, n=30, seed=3), make_tasks(*planted, n=30, seed=4)
    pd.testing.assert_frame_equal(again.questions, made.questions)
    pd.testing.assert_frame_equal(again.key, made.key)
    assert other.questions["sheet"].iloc[0] != made.questions["sheet"].iloc[0]


def test_questions_say_nothing_of_the_key(planted, made):
    assert list(made.questions) == ["sheet", "question", "task", "text", *LETTERS, "answer"]
    assert (made.questions["answer"] == "").all()
    assert made.questions["question"].tolist() == [f"Q{i}" for i in range(1, 37)]
    places, others, topics = [], [], []
    for seed in range(40):
        key = make_tasks(*planted, n=5, seed=seed).key
        words = key[key["task"] == "word"]
        places += words.loc[words["intruder"], "option"].tolist()
        others += key.loc[(key["task"] == "topic") & key["intruder"], "option"].tolist()
        topics.append(tuple(words.drop_duplicates("question")["topic"]))
    # 240 intruders in six places, 200 in four; chi-squared of five and three degrees is above this once in 1000.
    assert sum((places.count(a) - 40) ** 2 / 40 for a in LETTERS) < 20.5
    assert sum((others.count(a) - 50) ** 2 / 50 for a in "ABCD") < 16.3
    assert len(set(topics)) > 30  # the number of a question is not that of its topic


def test_an_intruder_is_low_in_the_topic(planted):
    model, frame = planted
    weights = model.weights.copy()
    weights[0, -WORDS:] = 1e-5  # little, but more than the median, which is none
    found = set()
    for seed in range(40):
        key = make_tasks(model._replace(weights=weights), frame, n=0, seed=seed).key
        found |= set(key.loc[(key["topic"] == 1) & key["intruder"], "terms"].str[0])
    assert found == set("夏秋冬晨")


def test_what_cannot_be_asked(planted):
    model, frame = planted
    weights = model.weights.copy()
    weights[2, 2 * WORDS + 4 :] = 0  # four words
    few = make_tasks(model._replace(weights=weights), frame, n=500)
    assert few.notes[0] == "Topic 3 is not asked about: it lacks five terms, or one of another topic that is low in it."
    assert "paragraphs instead of 500" in few.notes[1]
    assert 3 not in set(few.key.loc[few.key["task"] == "word", "topic"])
    one = TopicModel(model.terms, model.weights[:1], np.ones((80, 1)))
    with pytest.raises(CrosscityError, match=r"there is nothing to ask\. Topic 1 is not asked about"):
        write_tasks("nowhere", make_tasks(one, frame))


def test_files(made, tmp_path):
    write_tasks(tmp_path, made)
    files = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file())
    assert files == ["key.csv", "questions/questions.csv", "questions/questions.html"]
    data = (tmp_path / "questions" / "questions.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfsheet,question,")
    assert "'=" in data.decode("utf-8")  # no formula
    assert [row for _, row in read_spreadsheet(tmp_path / files[1], [])] == made.questions.to_dict("records")
    key = read_key(tmp_path / "key.csv")
    for column in ("sheet", "question", "option", "topic", "terms", "intruder"):
        assert key[column].tolist() == made.key[column].tolist()
    assert np.allclose(key["share"], made.key["share"], equal_nan=True, rtol=0, atol=1e-9)
    page = (tmp_path / "questions" / "questions.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;&amp;amp;" in page
    assert "<b>" not in page
    assert page.count("<li>") == 6 * 6 + 30 * 4
    assert "{{ font }}" not in page
    assert page.count("{{ body }}") == 30  # the texts' own
    assert "@font-face" in page
    assert "http" not in page.replace("http-equiv", "")


def test_files_are_not_written_over(planted, made, tmp_path):
    write_tasks(tmp_path, made)
    path = tmp_path / "questions" / "questions.csv"
    path.write_text("answered", encoding="utf-8")
    write_tasks(tmp_path, made)
    assert path.read_text(encoding="utf-8") == "answered"
    with pytest.raises(CrosscityError, match="holds the key to other questions"):
        write_tasks(tmp_path, make_tasks(*planted, n=30, seed=4))
    assert read_key(tmp_path / "key.csv")["sheet"].iloc[0] == made.key["sheet"].iloc[0]


def option(question, task, shares, intruder):
    """The part of a key that belongs to a question."""
    letters = LETTERS[: len(shares)]
    return pd.DataFrame(
        {"sheet": "s", "question": question, "task": task, "option": list(letters), "topic": 1, "terms": "词"}
        | {"share": shares, "intruder": [a == intruder for a in letters], "doc_id": "d", "paragraph": 7}
    )


NAN = [math.nan] * 6
KEY = pd.concat(
    [
        option("Q1", "word", NAN, "A"),
        option("Q2", "word", NAN, "F").assign(topic=2),
        option("Q3", "topic", [0.5, 0.3, 0.15, 0.05], "D"),
        option("Q4", "topic", [0.0, 0.6, 0.3, 0.1], "A"),
    ],
    ignore_index=True,
)


def answers_of(text, tmp_path, rater, encoding="utf-8-sig", mark=","):
    """A rater's file: answers by question, "Q1 a, Q2 B"."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=mark)
    writer.writerow(["sheet", "question", "task", "answer"])
    writer.writerows(["s", cell.split()[0], "哪一个词", " ".join(cell.split()[1:])] for cell in text.split(", "))
    path = tmp_path / f"{rater}.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def test_answers_as_spreadsheets_save_them(tmp_path):
    paths = [
        answers_of("Q1 a, Q2 Ｆ, Q3, Q4 A", tmp_path, "王", "gb18030"),
        answers_of("Q1 B, Q3 D", tmp_path, "li", "utf-8", ";"),
        answers_of("Q2 f", tmp_path, "zh.2", "utf-16", "\t"),
    ]
    table = read_answers(paths, KEY)
    assert list(table.itertuples(index=False, name=None)) == [
        ("王", "Q1", "A"),
        ("王", "Q2", "F"),
        ("王", "Q4", "A"),
        ("li", "Q1", "B"),
        ("li", "Q3", "D"),
        ("zh.2", "Q2", "F"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Q1 G", "row 2, question Q1: answer is 'G'; give one letter, A to F"),
        ("Q1 A, Q3 E", "row 3, question Q3: answer is 'E'; give one letter, A to D"),
        ("Q1 AB", "answer is 'AB'"),
        ("Q9 A", "row 2, question Q9: the key .s. has no such question"),
        ("Q1 A, Q1 B", "row 3, question Q1: it has an answer already in row 2"),
        ("Q1 x, Q2 y", "2 problems"),
        ("Q1, Q2", "has no answers"),
    ],
)
def test_answers_that_are_wrong(tmp_path, text, message):
    with pytest.raises(CrosscityError, match=message):
        read_answers([answers_of(text, tmp_path, "li")], KEY)


def test_files_of_answers_that_are_wrong(tmp_path):
    path = answers_of("Q1 A", tmp_path, "li")
    (tmp_path / "more").mkdir()
    with pytest.raises(CrosscityError, match="two files are named 'li'"):
        read_answers([path, answers_of("Q1 B", tmp_path / "more", "li")], KEY)
    with pytest.raises(CrosscityError, match=r"the key \(other\) has no such question"):
        read_answers([path], KEY.assign(sheet="other"))
    with pytest.raises(CrosscityError, match="is not there"):
        read_answers([tmp_path / "nobody.csv"], KEY)


def given(**raters):
    rows = [(r, q, a) for r, answers in raters.items() for q, a in answers.items()]
    return pd.DataFrame(rows, columns=["rater", "question", "answer"])


ANSWERS = given(
    u={"Q1": "A", "Q2": "F", "Q3": "D", "Q4": "B"},
    v={"Q1": "A", "Q2": "C", "Q3": "A", "Q4": "A"},
    w={"Q1": "A", "Q2": "C", "Q3": "C"},
)


def test_scores_by_hand():
    questions, overall = intrusion_scores(ANSWERS, KEY)
    table = questions.set_index("question")
    assert table["precision"].tolist() == pytest.approx([1, 1 / 3, 1 / 3, 1 / 2])
    assert table["raters"].tolist() == [3, 3, 3, 2]
    assert table["chance"].tolist() == pytest.approx([1 / 6, 1 / 6, 1 / 4, 1 / 4])
    assert table["topic"].tolist() == [1, 2, "", ""]
    assert table["paragraph"].tolist() == ["", "", 7, 7]
    # Q3: u right (0), v ln(.05 / .5), w ln(.05 / .15). Q4: the intruder's share of 0 counts as .001; u ln(.001 / .6).
    q3, q4 = (math.log(0.1) + math.log(1 / 3)) / 3, math.log(0.001 / 0.6) / 2
    assert table["log_odds"].tolist()[2:] == pytest.approx([q3, q4])
    assert table["log_odds"].isna().tolist() == [True, True, False, False]
    c3 = (math.log(0.05 / 0.5) + math.log(0.05 / 0.3) + math.log(0.05 / 0.15)) / 4
    c4 = (math.log(0.001 / 0.6) + math.log(0.001 / 0.3) + math.log(0.001 / 0.1)) / 4
    assert table["chance_log_odds"].tolist()[2:] == pytest.approx([c3, c4])
    whole = overall.set_index(["task", "measure"])
    assert whole.loc[("word", "precision"), "value"] == pytest.approx(2 / 3)
    assert whole.loc[("topic", "precision"), "value"] == pytest.approx((1 / 3 + 1 / 2) / 2)
    assert whole.loc[("topic", "log_odds"), "value"] == pytest.approx((q3 + q4) / 2)
    assert whole["chance"].tolist() == pytest.approx([1 / 6, 1 / 4, (c3 + c4) / 2])
    assert whole["questions"].tolist() == [2, 2, 2]
    assert whole["raters"].tolist() == [3, 3, 3]
    assert (whole["low"] <= whole["value"]).all()
    assert (whole["value"] <= whole["high"]).all()
    # alpha of words: A three times, C twice, F once. Unlike pairs within: 4 / (3 - 1) = 2; in all 36 - 9 - 4 - 1 = 22.
    assert whole.loc[("word", "precision"), "alpha"] == pytest.approx(1 - 5 * 2 / 22)


def test_scores_of_words_alone():
    questions, overall = intrusion_scores(ANSWERS[ANSWERS["question"].isin(["Q1", "Q2"])], KEY)
    assert questions["question"].tolist() == ["Q1", "Q2"]
    assert overall["measure"].tolist() == ["precision"]


def test_scores_from_files_are_those_from_memory(made, tmp_path):
    write_tasks(tmp_path, made)
    right = made.key[made.key["intruder"]].set_index("question")["option"].to_dict()
    one = given(u=right, v=dict.fromkeys(right, "A"))
    ours, theirs = intrusion_scores(one, made.key)[1], intrusion_scores(one, read_key(tmp_path / "key.csv"))[1]
    pd.testing.assert_frame_equal(ours, theirs)
    all_right = intrusion_scores(given(u=right), made.key)[1]
    assert all_right["value"].tolist() == [1, 1, 0]
    assert all_right["alpha"].isna().all()  # one rater agrees with nobody


def test_wilson_as_published():
    # Newcombe (1998), table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for right, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)):
        assert wilson_interval(right, n) == pytest.approx((low, high), abs=5e-5)
    assert wilson_interval(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)
    assert np.isnan(wilson_interval(0, 0)).all()


def test_alpha_as_published():
    # Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: four observers, twelve units, .743.
    rows = ["1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."]
    table = pd.DataFrame([row.split() for row in rows]).T.replace(".", None)
    assert krippendorff_alpha(table) == pytest.approx(0.743, abs=5e-4)
    assert np.isnan(krippendorff_alpha(table[[0]]))


def test_alpha_of_agreement_and_of_opposition():
    assert krippendorff_alpha(pd.DataFrame([["A", "A"], ["B", "B"]])) == 1
    # Two pairs, each split; in all 4 * 4 - 2 * 2 * 2 = 8 unlike pairs; 1 - 3 * (2 + 2) / 8.
    assert krippendorff_alpha(pd.DataFrame([["A", "B"], ["B", "A"]])) == pytest.approx(-0.5)
    with warnings.catch_warnings(action="error"):  # 0 / 0 is no user's fault
        assert np.isnan(krippendorff_alpha(pd.DataFrame([["A", "A"], ["A", "A"]])))


def test_an_interval_of_alpha_needs_two_questions():
    # The first: one pair, split, of 2 * 2 - 1 - 1 = 2 unlike pairs; 1 - 1 * 2 / 2. What has one answer is no question.
    value, low, high = krippendorff_interval(pd.DataFrame([["A", "B"], ["A", None]]), 50)
    assert value == 0
    assert np.isnan([low, high]).all()
    assert np.isnan(krippendorff_interval(pd.DataFrame([["A", None], [None, "B"]]), 50)).all()


def test_bootstrap_over_questions_and_raters():
    rng = np.random.default_rng(2)
    table = pd.DataFrame(rng.random((40, 5)) < 0.7).astype(float)
    value, low, high = pigeonhole_bootstrap(table)
    assert value == pytest.approx(table.to_numpy().mean())
    assert pigeonhole_bootstrap(table, 2000, 1) == (value, low, high)
    assert low < value < high
    # Raters of whom each is always right or always wrong: nothing but who is drawn makes the interval.
    biased = pd.DataFrame(np.tile([1.0, 0.0, 1.0, 0.0], (40, 1)))
    wide = pigeonhole_bootstrap(biased, 2000)
    assert wide[0] == 0.5
    assert (wide[1], wide[2]) == (0, 1)  # each once in sixteen draws
    easy = pd.DataFrame(np.tile([[1.0], [0.0]], (20, 5)))  # questions that all get right, or none
    assert 0.3 < pigeonhole_bootstrap(easy, 2000)[1] < 0.4
    holes = pd.DataFrame([[1.0, np.nan], [np.nan, 0.0], [1.0, 1.0]])
    assert pigeonhole_bootstrap(holes)[0] == pytest.approx(2 / 3)
    assert np.isnan(pigeonhole_bootstrap(table.head(1))[1])
