"""Whether people see in topics what the model does: word and topic intrusion (Chang et al. 2009), and its score."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from .. import CrosscityError, combined_error
from ..documents import letter_digest, read_spreadsheet, spreadsheet_text
from ..files import write_text
from ..inference import intrusion_scores
from ..language import tr
from ..pages import standalone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .models import TopicModel

LETTERS = "ABCDEF"
ASKED = {
    "word": "哪一个词与其他词不属一类？ Which word does not belong with the others?",
    "topic": "哪一组词与这段文字无关？ Which group of words does not belong to the text?",
}
_THIRD = 0.05  # least share of the third topic of a paragraph that is asked about
_KEY = ["sheet", "question", "task", "option", "topic", "terms", "share", "intruder", "doc_id", "paragraph"]


class Tasks(NamedTuple):
    """Questions (a row each), the key to them (a row an option), and sentences on what could not be asked."""

    questions: pd.DataFrame
    key: pd.DataFrame
    notes: list


def tasks(model: TopicModel, paragraphs: pd.DataFrame, n: int = 40, seed: int = 1) -> Tasks:
    """Questions to people, in an order that says nothing; the same for the same seed, which raters must not know.

    Word intrusion, one question a topic: its five first terms and one drawn from those among the ten first of another
    topic whose weight here is at most this topic's median. Topic intrusion, n paragraphs drawn from those whose third
    topic has a share of 0.05 or more (so from mixed ones): the three highest topics, by their eight first terms, and
    one drawn from the lower half of the topics with at most half the third's share. `paragraphs` has columns doc_id,
    paragraph and text, in the model's order.
    """
    rng, asked, notes = np.random.default_rng(seed), [], []
    weights, shares = np.round(model.weights, 6), np.round(model.shares, 6)
    first = [
        [j for j in sorted(range(len(w)), key=lambda j: (-w[j], model.terms[j]))[:10] if w[j] > 0] for w in weights
    ]
    for t in rng.permutation(len(weights)):
        low = weights[t] <= np.median(weights[t])
        pool = sorted({j for u, js in enumerate(first) if u != t for j in js if low[j] and j not in first[t]})
        if len(first[t]) < 5 or not pool:
            notes.append(
                tr(
                    "Topic {n} is not asked about: it lacks five terms, or one of another topic that is low in it.",
                    n=t + 1,
                )
            )
            continue
        options = [*first[t][:5], rng.choice(pool)]
        told = [{"topic": t + 1, "terms": model.terms[j], "share": np.nan, "intruder": j in pool} for j in options]
        asked.append(("word", None, [told[i] for i in rng.permutation(6)]))
    mixed = {}
    for i in np.flatnonzero(~np.isnan(shares).any(axis=1)):
        order = np.argsort(-shares[i], kind="stable")
        low = [t for t in order[max(3, (len(order) + 1) // 2) :] if shares[i, t] <= shares[i, order[2]] / 2]
        if low and shares[i, order[2]] >= _THIRD:
            mixed[i] = order[:3], low
    if len(mixed) < n:
        said = {"n": len(mixed), "wanted": n}
        notes.append(
            tr("{n} paragraphs are asked about, not {wanted}: no more have three topics and a low one.", **said)
        )
    for i in rng.permutation(list(mixed))[:n].astype(int):
        options = [*mixed[i][0], rng.choice(mixed[i][1])]
        words = [" ".join(str(model.terms[j]) for j in first[t][:8]) for t in options]
        told = [
            {"topic": t + 1, "terms": w, "share": shares[i, t], "intruder": j == 3}
            for j, (t, w) in enumerate(zip(options, words, strict=True))
        ]
        asked.append(("topic", paragraphs.iloc[i], [told[j] for j in rng.permutation(4)]))
    questions, key = [], []
    for number, (task, row, options) in enumerate(asked, start=1):
        letters = dict(zip(LETTERS, options, strict=False))
        text = {"question": f"Q{number}", "task": ASKED[task], "text": "" if row is None else row["text"]}
        questions.append(text | {a: letters[a]["terms"] if a in letters else "" for a in LETTERS} | {"answer": ""})
        place = {"doc_id": "" if row is None else row["doc_id"], "paragraph": "" if row is None else row["paragraph"]}
        key += [{"question": f"Q{number}", "task": task, "option": a} | o | place for a, o in letters.items()]
    name = letter_digest(repr(questions))  # of what raters see, so that it tells them nothing more
    columns = ["sheet", "question", "task", "text", *LETTERS, "answer"]
    questions, key = (pd.DataFrame(rows).assign(sheet=name) for rows in (questions, key))
    return Tasks(questions.reindex(columns=columns), key.reindex(columns=_KEY), notes)


def write_tasks(folder: Path | str, made: Tasks) -> None:
    """Write questions/questions.csv and .html, which raters get, and key.csv, which they do not; files are not renewed.

    Raises
    ------
    CrosscityError
        If the folder holds other questions: answers to them would lose their key.
    """
    folder = Path(folder)
    name = made.key["sheet"].iloc[0] if len(made.key) else ""
    if not name:
        msg = f"{folder}: there is nothing to ask. {' '.join(made.notes)}"
        raise CrosscityError(msg)
    if (folder / "key.csv").exists() and set(read_key(folder / "key.csv")["sheet"]) != {name}:
        msg = f"{folder} holds the key to other questions: give another folder, or remove this one with its answers"
        raise CrosscityError(msg)
    asked = [
        {"name": r["question"], "lines": [r["task"], r["text"]], "choices": [r[a] for a in LETTERS if r[a]]}
        for r in made.questions.to_dict("records")
    ]
    page = standalone("questions.html", sheet=name, asked="", questions=asked)
    key = made.key.assign(intruder=made.key["intruder"].astype(int)).astype(object).fillna("")
    files = {"questions/questions.html": page} | {
        path: spreadsheet_text(table.to_dict("records"), list(table.columns))
        for path, table in (("key.csv", key), ("questions/questions.csv", made.questions))
    }
    for path, text in files.items():
        if not (folder / path).exists():  # somebody may have answered in it
            write_text(folder / path, text)


def review(
    model: TopicModel, paragraphs: pd.DataFrame, out: Path | str, answers: Path | str = "", seed: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Write the tasks of a model into a folder of their own in `out`, and score what raters answered to them.

    Parameters
    ----------
    model, paragraphs, seed
        As for `tasks`.
    out : str or Path
    answers : str or Path
        A folder with the key.csv that was written, and a file of answers a rater; empty: there is none yet.

    Returns
    -------
    questions, overall : DataFrame
        Of `inference.intrusion_scores`; empty without answers, or if they are to questions on another model.
    notes : list of str
    """
    made = tasks(model, paragraphs, seed=seed)
    if len(made.key):
        write_tasks(Path(out) / made.key["sheet"].iloc[0], made)
    if not answers:
        return pd.DataFrame(), pd.DataFrame(), made.notes
    folder = Path(answers)
    files = sorted(p for p in folder.glob("*.csv") if p.name != "key.csv")
    if not (folder / "key.csv").is_file() or not files:
        msg = f"{folder}: put the key.csv of the run there, and the answers of each rater as a CSV file of another name"
        raise CrosscityError(msg)
    key = read_key(folder / "key.csv")
    given = read_answers(files, key)
    if set(key["sheet"]) != set(made.key["sheet"]):
        note = tr(
            "The answers in {folder} are to questions on another model, and not shown: send out the new ones.",
            folder=folder.name,
        )
        return pd.DataFrame(), pd.DataFrame(), [*made.notes, note]
    return *intrusion_scores(given, key, seed=seed), made.notes


def told(overall: pd.DataFrame) -> list[str]:
    """Sentences on what raters found, of the table `overall` of `inference.intrusion_scores`."""
    names = {
        "word": tr("the word that does not belong to a topic"),
        "topic": tr("the topic that does not belong to a paragraph"),
    }
    columns = ["raters", "value", "low", "high", "questions", "chance", "alpha"]
    rows = overall[overall["measure"] == "precision"]
    return [
        tr(
            "{raters} raters find {name} in {value:.0%} ({low:.0%} to {high:.0%}) of {questions} questions, by chance "
            "in {chance:.0%}; their agreement (Krippendorff's alpha) is {alpha:.2f}.",
            name=names[row["task"]],
            **{c: row[c] for c in columns},
        )
        for row in rows.to_dict("records")
    ]


def read_key(path: Path | str) -> pd.DataFrame:
    """The key that `write_tasks` wrote."""
    table = pd.DataFrame([row for _, row in read_spreadsheet(path, _KEY)])
    try:
        number = {c: pd.to_numeric(table[c]) for c in ("topic", "share")}
    except ValueError as error:
        msg = f"{path}: topic and share must be numbers ({error}): put the key there as it was written"
        raise CrosscityError(msg) from None
    return table.assign(**number, intruder=table["intruder"] == "1")


def read_answers(paths: Iterable[Path | str], key: pd.DataFrame) -> pd.DataFrame:
    """Answers from copies of questions.csv, a file a rater, named after its file; empty cells were not answered.

    Returns
    -------
    DataFrame
        Columns rater, question, answer (A to F).

    Raises
    ------
    CrosscityError
        All wrong cells at once; files of other questions, without answers, or two of one rater.
    """
    options, name = key.groupby("question")["option"].agg(list), key["sheet"].iloc[0]
    answers: list[tuple[str, str, str]] = []
    problems, names = [], [Path(p).stem for p in paths]
    problems += [f"two files are named {x!r}: give each rater's another name" for x in {*names} if names.count(x) > 1]
    for rater, path in zip(names, paths, strict=True):
        seen: dict[str, int] = {}
        before = len(answers)
        for number, row in read_spreadsheet(path, ["sheet", "question", "answer"]):
            question, answer = row["question"], unicodedata.normalize("NFKC", row["answer"]).strip().upper()
            where = f"{path}, row {number}, question {question}"
            if row["sheet"] != name or question not in options:
                problems.append(f"{where}: the key ({name}) has no such question: give the answers to its questions")
            elif question in seen:
                problems.append(f"{where}: it has an answer already in row {seen[question]}: keep one")
            elif answer and answer not in options[question]:
                last = options[question][-1]
                problems.append(
                    f"{where}: answer is {row['answer']!r}; give one letter, A to {last}, or leave it empty"
                )
            elif answer:
                answers.append((rater, question, answer))
            seen.setdefault(question, number)
        if len(answers) == before and not problems:
            problems.append(f"{path} has no answers: fill in its column answer, or leave the file out")
    if problems:
        raise combined_error(problems)
    return pd.DataFrame(answers, columns=["rater", "question", "answer"])
