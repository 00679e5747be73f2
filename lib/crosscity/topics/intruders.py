"""Word and topic intrusion tasks (Chang et al. 2009): whether people see in topics what the model does."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

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

LETTERS = "ABCDEF"  # of the options
PROMPTS = {
    "word": "哪一个词与其他词不属一类？ Which word does not belong with the others?",
    "topic": "哪一组词与这段文字无关？ Which group of words does not belong to the text?",
}
KEY_COLUMNS = ["sheet", "question", "task", "option", "topic", "terms", "share", "intruder", "doc_id", "paragraph"]
_QUESTION_COLUMNS = ["sheet", "question", "task", "text", *LETTERS, "answer"]
_MIN_THIRD_SHARE = 0.05  # of the third topic of a paragraph that is asked about


class Tasks(NamedTuple):
    """Questions (a row each), their key (a row an option), and sentences on what could not be asked."""

    questions: pd.DataFrame
    key: pd.DataFrame
    notes: list[str]


class _Option(NamedTuple):
    topic: int
    terms: str
    share: float
    intruder: bool


class _Question(NamedTuple):
    task: str
    paragraph: Any  # a row of the paragraphs; None for word intrusion
    options: list[_Option]


def make_tasks(model: TopicModel, paragraphs: pd.DataFrame, n: int = 40, seed: int = 1) -> Tasks:
    """Draw the questions of both tasks, in random order.

    Word intrusion has one question a topic: its first five terms and one drawn from those among the first ten of
    another topic whose weight here is at most this topic's median. Topic intrusion has n paragraphs, drawn from those
    whose third topic has a share of 0.05 or more (mixed ones): the three highest topics, by their first eight terms,
    and one drawn from the lower half of the topics with at most half the third's share.

    Parameters
    ----------
    model : TopicModel
    paragraphs : DataFrame
        Columns doc_id, paragraph, text, in the model's order.
    n : int
        Paragraphs that are asked about.
    seed : int
        One seed gives one set of questions; raters must not know it.
    """
    rng = np.random.default_rng(seed)
    weights, shares = np.round(model.weights, 6), np.round(model.shares, 6)
    first_terms = [
        [j for j in sorted(range(len(w)), key=lambda j: (-w[j], model.terms[j]))[:10] if w[j] > 0] for w in weights
    ]
    words, notes = _word_questions(model, weights, first_terms, rng)
    topics, more_notes = _topic_questions(model, shares, first_terms, paragraphs, n, rng)
    return _tables([*words, *topics], [*notes, *more_notes])


def _word_questions(
    model: TopicModel, weights: np.ndarray, first_terms: list[list[int]], rng: np.random.Generator
) -> tuple[list[_Question], list[str]]:
    questions, notes = [], []
    for t in rng.permutation(len(weights)):
        low = weights[t] <= np.median(weights[t])
        pool = sorted(
            {j for u, js in enumerate(first_terms) if u != t for j in js if low[j] and j not in first_terms[t]}
        )
        if len(first_terms[t]) < 5 or not pool:
            notes.append(
                tr(
                    "Topic {n} is not asked about: it lacks five terms, or one of another topic that is low in it.",
                    n=t + 1,
                )
            )
            continue
        terms = [*first_terms[t][:5], rng.choice(pool)]
        options = [_Option(t + 1, model.terms[j], np.nan, j in pool) for j in terms]
        questions.append(_Question("word", None, [options[i] for i in rng.permutation(6)]))
    return questions, notes


def _topic_questions(
    model: TopicModel,
    shares: np.ndarray,
    first_terms: list[list[int]],
    paragraphs: pd.DataFrame,
    n: int,
    rng: np.random.Generator,
) -> tuple[list[_Question], list[str]]:
    mixed = {}  # of each paragraph, its three highest topics and the low ones
    for i in np.flatnonzero(~np.isnan(shares).any(axis=1)):
        order = np.argsort(-shares[i], kind="stable")
        low = [t for t in order[max(3, (len(order) + 1) // 2) :] if shares[i, t] <= shares[i, order[2]] / 2]
        if low and shares[i, order[2]] >= _MIN_THIRD_SHARE:
            mixed[i] = order[:3], low
    notes = []
    if len(mixed) < n:
        notes.append(
            tr(
                "Raters are asked about {n} paragraphs instead of {wanted}: no more have three topics and a low one.",
                n=len(mixed),
                wanted=n,
            )
        )
    questions = []
    for i in rng.permutation(list(mixed))[:n].astype(int):
        highest, low = mixed[i]
        intruder = rng.choice(low)
        options = []
        for t in [*highest, intruder]:
            terms = " ".join(str(model.terms[j]) for j in first_terms[t][:8])
            options.append(_Option(t + 1, terms, shares[i, t], bool(t == intruder)))
        questions.append(_Question("topic", paragraphs.iloc[i], [options[j] for j in rng.permutation(4)]))
    return questions, notes


def _tables(questions: list[_Question], notes: list[str]) -> Tasks:
    rows, key = [], []
    for number, (task, paragraph, options) in enumerate(questions, start=1):
        letters = dict(zip(LETTERS, options, strict=False))
        doc_id, place, text = ("", "", "") if paragraph is None else paragraph[["doc_id", "paragraph", "text"]]
        row = {"question": f"Q{number}", "task": PROMPTS[task], "text": text}
        row |= {letter: letters[letter].terms if letter in letters else "" for letter in LETTERS}
        rows.append(row | {"answer": ""})
        for letter, option in letters.items():
            about = {"question": f"Q{number}", "task": task, "option": letter, "doc_id": doc_id, "paragraph": place}
            key.append(about | option._asdict())
    sheet_id = letter_digest(repr(rows))  # of what raters see, so that it tells them nothing more
    return Tasks(
        pd.DataFrame(rows).assign(sheet=sheet_id).reindex(columns=_QUESTION_COLUMNS),
        pd.DataFrame(key).assign(sheet=sheet_id).reindex(columns=KEY_COLUMNS),
        notes,
    )


def write_tasks(folder: Path | str, tasks: Tasks) -> None:
    """Write questions/questions.csv and .html, which raters get, and key.csv, which they do not.

    Files that are there already are left alone: somebody may have answered in them.

    Raises
    ------
    CrosscityError
        If there is no question, or the folder has other questions: answers to them would lose their key.
    """
    folder = Path(folder)
    sheet_id = tasks.key["sheet"].iloc[0] if len(tasks.key) else ""
    if not sheet_id:
        msg = f"{folder}: there is nothing to ask. {' '.join(tasks.notes)}"
        raise CrosscityError(msg)
    if (folder / "key.csv").exists() and set(read_key(folder / "key.csv")["sheet"]) != {sheet_id}:
        msg = f"{folder} holds the key to other questions: give another folder, or remove this one with its answers"
        raise CrosscityError(msg)
    questions = [
        {"name": r["question"], "lines": [r["task"], r["text"]], "choices": [r[a] for a in LETTERS if r[a]]}
        for r in tasks.questions.to_dict("records")
    ]
    key = tasks.key.assign(intruder=tasks.key["intruder"].astype(int)).astype(object).fillna("")
    files = {
        "questions/questions.html": standalone("questions.html", sheet=sheet_id, asked="", questions=questions),
        "key.csv": spreadsheet_text(key.to_dict("records"), list(key.columns)),
        "questions/questions.csv": spreadsheet_text(tasks.questions.to_dict("records"), list(tasks.questions.columns)),
    }
    for path, text in files.items():
        if not (folder / path).exists():
            write_text(folder / path, text)


def score_answers(tasks: Tasks, answers: Path | str, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """The raters' precision, from a folder with the key.csv that was written and a file of answers a rater.

    Parameters
    ----------
    tasks : Tasks
        Of `make_tasks`.
    answers : str or Path
        The folder.
    seed : int
        Of the bootstrap.

    Returns
    -------
    (questions, overall) or None
        Of `inference.intrusion_scores`; None if the answers are to questions on another model.

    Raises
    ------
    CrosscityError
        If the folder lacks a key or answers, or these have a problem.
    """
    folder = Path(answers)
    files = sorted(p for p in folder.glob("*.csv") if p.name != "key.csv")
    if not (folder / "key.csv").is_file() or not files:
        msg = f"{folder}: put the key.csv of the run there, and the answers of each rater as a CSV file of another name"
        raise CrosscityError(msg)
    key = read_key(folder / "key.csv")
    table = read_answers(files, key)
    return intrusion_scores(table, key, seed=seed) if set(key["sheet"]) == set(tasks.key["sheet"]) else None


def sentences(overall: pd.DataFrame) -> list[str]:
    """Sentences on the raters' precision, from the table `overall` of `inference.intrusion_scores`."""
    names = {
        "word": tr("the word that does not belong to a topic"),
        "topic": tr("the topic that does not belong to a paragraph"),
    }
    said = []
    for row in overall[overall["measure"] == "precision"].to_dict("records"):
        about = {c: row[c] for c in ("raters", "value", "low", "high", "questions", "chance")}
        about |= {"name": names[row["task"]], "alpha": row["alpha"]}
        if row["alpha"] == row["alpha"]:
            sentence = tr(
                "{raters} raters find {name} in {value:.0%} ({low:.0%} to {high:.0%}) of {questions} questions, by "
                "chance in {chance:.0%}; their agreement (Krippendorff's alpha) is {alpha:.2f}.",
                **about,
            )
        else:  # one rater agrees with nobody
            sentence = tr(
                "{name} is found in {value:.0%} ({low:.0%} to {high:.0%}) of {questions} questions, by chance in "
                "{chance:.0%}.",
                **about | {"name": names[row["task"]].capitalize()},
            )
        said.append(sentence)
    return said


def read_key(path: Path | str) -> pd.DataFrame:
    """The key that `write_tasks` wrote."""
    table = pd.DataFrame([row for _, row in read_spreadsheet(path, KEY_COLUMNS)])
    try:
        number = {c: pd.to_numeric(table[c]) for c in ("topic", "share")}
    except ValueError as error:
        msg = f"{path}: topic and share must be numbers ({error}): put the key there as it was written"
        raise CrosscityError(msg) from None
    return table.assign(**number, intruder=table["intruder"] == "1")


def read_answers(paths: Iterable[Path | str], key: pd.DataFrame) -> pd.DataFrame:
    """Answers from copies of questions.csv, a file a rater, who is named after the file; empty cells are skipped.

    Returns
    -------
    DataFrame
        Columns rater, question, answer (A to F).

    Raises
    ------
    CrosscityError
        If cells are wrong (all are named at once), or a file has other questions or no answers, or two files are of
        one rater.
    """
    paths = list(paths)
    raters = [Path(p).stem for p in paths]
    options, sheet_id = key.groupby("question")["option"].agg(list), key["sheet"].iloc[0]
    problems = [f"two files are named {x!r}: give each rater's another name" for x in {*raters} if raters.count(x) > 1]
    answers: list[tuple[str, str, str]] = []
    for rater, path in zip(raters, paths, strict=True):
        seen: dict[str, int] = {}
        before = len(answers)
        for number, row in read_spreadsheet(path, ["sheet", "question", "answer"]):
            question, answer = row["question"], unicodedata.normalize("NFKC", row["answer"]).strip().upper()
            where = f"{path}, row {number}, question {question}"
            if row["sheet"] != sheet_id or question not in options:
                problems.append(
                    f"{where}: the key ({sheet_id}) has no such question: give the answers to its questions"
                )
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
