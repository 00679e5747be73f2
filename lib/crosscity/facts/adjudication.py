"""Answers of coders to the sheets of `coding`: how far they agree, also with the machine, and its error rates."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from .. import CrosscityError, combined_error
from ..documents import read_spreadsheet, sheet_names
from ..files import read_records
from ..inference import krippendorff_interval, wilson_interval
from ..language import display_name, join_items, tr
from .coding import FREE_ANSWERS, KEY_COLUMNS, TASKS
from .extract import fitted_codebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PARTY = "party-building"  # the genre of the documents with which the rules were written
_TELLING = ("F1 of value", "F1 of names", "first theme", "stance")  # the most telling measure of each task
ADJUDICATED = "adjudicated"
_SUFFIXES = (".csv", ".xlsx", ".xlsm", ".xls", ".ods")
_AROUND = " -_."  # what may stand between task and coder in the name of a file
MIN_DICE = 0.5  # from which two phrases count as one


class _Source(NamedTuple):
    """A file, or a sheet of a workbook, with a coder's answers to a task."""

    path: Path
    coder: str
    task: str
    sheet: str | None


class _Answer(NamedTuple):
    coder: str
    task: str
    id: str
    question: str
    answer: str


def read_coding(folder: Path | str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a folder of answers: key.csv and codebook.csv of the sample, and a file for each coder and task.

    A coder's file is named after task and coder (themes-anna.csv), or is in a folder named after the coder
    (anna/themes.csv). A workbook (anna.xlsx, coding-anna.xlsx) may hold all tasks, a sheet each. Answers of a coder
    called adjudicated are what the others agreed on in the end.

    Returns
    -------
    answers : DataFrame
        coder, task, id, question, answer; empty cells are left out.
    key : DataFrame
        Columns of `KEY_COLUMNS`.

    Raises
    ------
    CrosscityError
        All problems at once, each with file and row: a missing column, a label that is not in the codebook, the sheet
        of another sample, a file without answers, two files of one coder.
    """
    folder = Path(folder)
    for name in ("key.csv", "codebook.csv"):
        if not (folder / name).is_file():
            msg = f"{folder} has no {name}: put the sample's there, beside the coders' files (themes-anna.csv)"
            raise CrosscityError(msg)
    key = pd.DataFrame([row for _, row in read_spreadsheet(folder / "key.csv", KEY_COLUMNS)])[KEY_COLUMNS]
    try:
        key = key.assign(weight=pd.to_numeric(key["weight"]), machine=key["machine"].map(_normalized))
    except ValueError as error:
        msg = f"{folder / 'key.csv'}: weight must be a number ({error}): put the key there as it was written"
        raise CrosscityError(msg) from None
    book = [row for _, row in read_spreadsheet(folder / "codebook.csv", ["task", "question", "label"])]
    allowed: dict[tuple[str, str], list[str]] = {}
    for row in book:
        allowed.setdefault((row["task"], row["question"]), []).append(row["label"])
    given = ("key.csv", "codebook.csv")
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in _SUFFIXES and p.is_file())
    paths = [p for p in paths if not (p.name.startswith(("~$", ".")) or (p.parent == folder and p.name in given))]
    sources: dict[tuple[str, str], _Source] = {}
    problems: list[str] = []
    for path in paths:
        for source in _sources(path, folder, problems):
            coder, task = source.coder, source.task
            if not coder and _is_blank(source):
                continue  # the blank sheet, left among the answers
            unnamed = f"{path}: name it after task and coder, themes-anna.csv, or after the coder, anna.xlsx"
            if not coder:
                problems += [unnamed] if unnamed not in problems else []
            elif (coder, task) in sources:
                problems.append(f"{path}: {coder} has {sources[coder, task].path.name} for {task} already: keep one")
            else:
                sources[coder, task] = source
    rows = [row for source in sources.values() for row in _read_answers(source, key, allowed, problems)]
    if not sources and not problems:
        problems.append(f"{folder} has no file of answers: put the coders' there, named after them (themes-anna.csv)")
    if problems:
        raise combined_error(problems)
    return pd.DataFrame(rows, columns=list(_Answer._fields)), key


def _sources(path: Path, folder: Path, problems: list[str]) -> list[_Source]:
    """Whose answers to which tasks a file may hold; of a workbook that is named after no task, in a sheet for each."""
    task = next((t for t in TASKS if t in path.stem.lower()), "")
    within = "" if path.parent == folder else path.parent.name
    if task:
        coder = re.sub(task, "", path.stem, flags=re.IGNORECASE).strip(_AROUND)
        return [_Source(path, coder or within, task, None)]
    if path.suffix.lower() == ".csv":
        problems.append(f"{path}: name it after task and coder, themes-anna.csv ({', '.join(TASKS)})")
        return []
    try:
        sheets = {name: name.strip().lower() for name in sheet_names(path)}
    except (CrosscityError, OSError) as error:
        problems.append(str(error))
        return []
    tasks = {name: task for name, task in sheets.items() if task in TASKS}
    renamed = [name for name in sheets if name not in tasks and _is_of_a_task(path, name)]
    if renamed or not tasks:
        told = f": the sheet {', '.join(renamed)} is named after no task" if renamed else " has no sheet of a task"
        problems.append(f"{path}{told} ({', '.join(TASKS)}): keep the names of sheets")
    coder = re.sub("coding", "", path.stem, flags=re.IGNORECASE).strip(_AROUND)
    sources = [_Source(path, coder or within, task, name) for name, task in tasks.items()]
    # In a workbook of all tasks one that nobody has answered yet is none; a workbook without any answer says so.
    return [s for s in sources if not _is_blank(s)] or sources[:1]


def _is_of_a_task(path: Path, sheet: str) -> bool:
    """Whether a sheet has the columns that all tasks have."""
    try:
        return bool(read_spreadsheet(path, ["id", "text", "sheet"], sheet))
    except CrosscityError:
        return False


def _is_blank(source: _Source) -> bool:
    """Whether a sheet can be read and has no answer at all."""
    questions = TASKS[source.task]
    try:
        rows = read_spreadsheet(source.path, ["id", *questions], source.sheet)
    except CrosscityError:
        return False
    return not any(row[q] for _, row in rows for q in questions)


def _read_answers(
    source: _Source,
    key: pd.DataFrame,
    allowed: Mapping[tuple[str, str], list[str]],
    problems: list[str],
) -> list[_Answer]:
    """The answers of one sheet; its problems are added to `problems`."""
    path, coder, task, sheet = source
    name, texts = key["sheet"].iloc[0], dict(key.loc[key["task"] == task, ["id", "text"]].to_numpy())
    rows: list[_Answer] = []
    answered: dict[str, int] = {}
    try:
        table = read_spreadsheet(path, ["sheet", "id", *TASKS[task]], sheet)
    except CrosscityError as error:
        problems.append(str(error))
        return []
    before = len(problems)
    for number, row in table:
        where, item = f"{path}{f', {sheet}' if sheet else ''}, row {number}, item {row['id']}", row["id"]
        if row["sheet"] != name or item not in texts:
            problems.append(f"{where}: the key ({name}) has no such item: give the answers to its sheet")
        elif item in answered:
            problems.append(f"{where}: it is answered in row {answered[item]} already: keep one")
        elif _joined(row.get("text") or texts[item]) != _joined(texts[item]):
            problems.append(f"{where}: the text is not that of {item}: sort whole rows, and leave texts as they are")
        else:
            answered[item] = number
            for question in TASKS[task]:
                answer, labels = _normalized(row[question]), allowed.get((task, question), [])
                if answer and question not in FREE_ANSWERS and answer.lower() not in labels:
                    problems.append(f"{where}: {question} is {row[question]!r}; give one of {', '.join(labels)}")
                elif answer and question == "year" and not re.fullmatch(r"none|[12]\d{3}", answer.lower()):
                    problems.append(f"{where}: year is {row[question]!r}; give a year of four digits, or none")
                elif answer:
                    answer = answer if question in ("unit", "item") else answer.lower()
                    rows.append(_Answer(coder, task, item, question, answer))
    if not rows and len(problems) == before:
        problems.append(f"{path} has no answers: fill in {', '.join(TASKS[task])}, or leave the file out")
    return rows


def _joined(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _normalized(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).removesuffix(".0")


def dice(a: str, b: str) -> float:
    """Similarity of two phrases: twice their shared bigrams of characters over all bigrams of both (Dice 1945)."""
    if min(len(a), len(b)) < 2:
        return float(a == b)
    ours, theirs = (Counter(map("".join, pairwise(x))) for x in (a, b))
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())


def answer_table(answers: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """All answers, by item and question: task, question, id, text, weight, machine, and a column for each coder.

    Coders agree on an item of quantities in different words: a phrase is replaced by the first to its left in the row
    to which it is similar (`MIN_DICE`).
    """
    by_coder = answers.pivot_table("answer", ["task", "id", "question"], "coder", aggfunc="first")
    table = key.merge(by_coder.reset_index(), on=["task", "id", "question"], how="inner")
    coders = list(by_coder.columns)
    rows = table[["machine", *coders]].to_numpy(dtype=object, copy=True)
    for i in np.flatnonzero(table["question"] == "item"):
        for j in range(1, rows.shape[1]):
            if isinstance(rows[i, j], str):
                similar = (x for x in rows[i, :j] if isinstance(x, str) and dice(x, rows[i, j]) >= MIN_DICE)
                rows[i, j] = next(similar, rows[i, j])
    table[["machine", *coders]] = rows
    return table[["task", "question", "id", "text", "weight", "machine", *coders]]


def reference_answers(table: pd.DataFrame) -> pd.Series:
    """By row of `answer_table`, the adjudicated answer, else that of most coders; None if there is a tie."""
    coders = list(table.columns[table.columns.get_loc("machine") + 1 :])
    references: list[str | None] = []
    for row in table[coders].to_dict("records"):
        if isinstance(adjudicated := row.pop(ADJUDICATED, None), str):
            references.append(adjudicated)
            continue
        counts = Counter(answer for answer in row.values() if isinstance(answer, str)).most_common(2)
        is_tie = len(counts) == 2 and counts[0][1] == counts[1][1]
        references.append(counts[0][0] if counts and not is_tie else None)
    return pd.Series(references, index=table.index, dtype=object)


def agreements(answers: pd.DataFrame, key: pd.DataFrame, draws: int = 2000, seed: int = 1) -> pd.DataFrame:
    """Krippendorff's alpha (nominal) by task and question, with 95 % intervals that resample items.

    Returns
    -------
    DataFrame
        task, question, between (coders; a coder and machine; reference and machine), alpha, low, high, items, share (of
        pairs of answers that are the same). The reference is that of `reference_answers`.
    """
    table, rows = answer_table(answers, key), []
    coders = [c for c in table.columns[table.columns.get_loc("machine") + 1 :] if c != ADJUDICATED]
    table = table.assign(reference=reference_answers(table))
    for (task, question), part in table.groupby(["task", "question"], sort=False):
        raters = {f"{c} and machine": [c, "machine"] for c in coders}
        if len(coders) > 1:
            raters = {"coders": coders, **raters, "reference and machine": ["reference", "machine"]}
        for between, columns in raters.items():
            ratings = part[columns].dropna(thresh=2)
            if ratings.empty:
                continue
            value, low, high = krippendorff_interval(ratings, draws, seed)
            same = [a == b for row in ratings.to_numpy() for a, b in combinations(row[pd.notna(row)], 2)]
            rows.append((task, question, between, value, low, high, len(ratings), np.mean(same)))
    columns = ["task", "question", "between", "alpha", "low", "high", "items", "share"]
    return pd.DataFrame(rows, columns=columns).round(6)


def disagreements(answers: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """Items on which two answers differ, the machine's included: columns of `answer_table`, and reference."""
    table = answer_table(answers, key)
    differ = table.drop(columns=["task", "question", "id", "text", "weight"]).nunique(axis=1) > 1
    return table.assign(reference=reference_answers(table))[differ].drop(columns="weight").reset_index(drop=True)


def error_rates(answers: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """The machine's precision by label: of the items to which it gives a label, the share that have it.

    Labels were drawn evenly, so each item counts by the number it represents (`weight`); the interval is Wilson's
    (1927) with the effective number of items (Kish 1965). Items on which coders tie are left out.

    Parameters
    ----------
    answers, key : DataFrame
        Of `read_coding`.

    Returns
    -------
    DataFrame
        task, question, label, n, right, share, low, high; label is "all" for the whole question. Free answers (year,
        unit, item) have that row only.
    """
    table = answer_table(answers, key)
    table = table.assign(reference=reference_answers(table)).dropna(subset=["reference"])
    table["right"] = table["machine"] == table["reference"]
    rows = []
    for (task, question), part in table.groupby(["task", "question"], sort=False):
        by_label = [] if question in FREE_ANSWERS else list(part.groupby("machine"))
        for label, items in [*by_label, ("all", part)]:
            weights = items["weight"].to_numpy()
            share = float((weights * items["right"]).sum() / weights.sum())
            effective = weights.sum() ** 2 / (weights**2).sum()
            low, high = wilson_interval(share * effective, effective)
            rows.append((task, question, label, len(items), int(items["right"].sum()), share, low, high))
    return pd.DataFrame(rows, columns=["task", "question", "label", "n", "right", "share", "low", "high"]).round(6)


def sentences(rates: pd.DataFrame, alphas: pd.DataFrame) -> list[str]:
    """By question, how often the machine is right and how coders agree, in the run's language.

    Parameters
    ----------
    rates : DataFrame
        Of `error_rates`.
    alphas : DataFrame
        Of `agreements`.
    """
    texts = []
    of_coders = alphas[alphas["between"] == "coders"].set_index(["task", "question"])
    for rate in rates[rates["label"] == "all"].itertuples(index=False):
        text = tr(
            "{task}, {question}: the machine is right in {share:.0%} ({low:.0%} to {high:.0%}) of {n} items",
            task=display_name("facts", rate.task),
            question=display_name("measure", rate.question),
            share=rate.share,
            low=rate.low,
            high=rate.high,
            n=rate.n,
        )
        if (rate.task, rate.question) in of_coders.index:
            figures = of_coders.loc[(rate.task, rate.question), ["alpha", "low", "high"]].to_dict()
            text += tr("; coders agree with alpha {alpha:.2f} ({low:.2f} to {high:.2f})", **figures)
        texts.append(text + tr("."))
    return texts


def shipped_sentences(rates: pd.DataFrame) -> list[str]:
    """A sentence on the `shipped_rates` of each genre, with the most telling measure of each task."""
    texts = []
    for genre, part in rates[rates["measure"].isin(_TELLING)].groupby("genre", sort=False):
        scores = []
        for row in part.itertuples():
            task, measure = display_name("facts", row.task), display_name("measure", row.measure)
            scores.append(tr("{task}, {measure} {value:.2f}", task=task, measure=measure, value=row.value))
        n, said = int(part["documents"].max()), tr("; ").join(scores)
        genre = display_name("doc_type", genre)
        texts.append(
            tr(
                "On {n} documents coded by hand ({genre}): {said}. On others the machine errs more often.",
                n=n,
                genre=genre,
                said=said,
            )
        )
    return texts


def shipped_rates(genres: Iterable[str] | None = None) -> pd.DataFrame:
    """Scores on documents coded by hand, for studies that have coded none of their own.

    The rules were written with some of these documents at hand; they do worse on others.

    Parameters
    ----------
    genres : iterable of str, optional
        Those of a study's documents (`genres_of`); where none of them was measured, the scores of party-building.

    Returns
    -------
    DataFrame
        task, measure, value, documents, items, genre, note.
    """
    table = pd.DataFrame(read_records(Path(__file__).with_name("resources") / "error-rates.tsv"))
    table = table.astype({"value": float, "documents": int, "items": int})
    if genres is None:
        return table
    part = table[table["genre"].isin(set(genres))]
    return (part if len(part) else table[table["genre"] == PARTY]).reset_index(drop=True)


def genres_of(documents: pd.DataFrame, themes: pd.DataFrame | None) -> list[str]:
    """The genres of a study's documents, most frequent first: party-building for those coded with its codebook.

    Parameters
    ----------
    documents : DataFrame
        The corpus table; doc_id and doc_type are read.
    themes : DataFrame or None
        The table of themes, if there is one.
    """
    coded = {} if themes is None else themes.groupby("doc_id")["theme"].agg(set).to_dict()
    genres = [
        PARTY if fitted_codebook(coded.get(doc_id, ()), doc_type) == "party" else doc_type
        for doc_id, doc_type in zip(documents["doc_id"], documents["doc_type"], strict=True)
    ]
    return [genre for genre, _ in Counter(genres).most_common()]


def error_rate_labels(rates: pd.DataFrame) -> dict[str, str]:
    """By task, how often the machine is right, as a label for figures.

    Parameters
    ----------
    rates : DataFrame
        Of `error_rates` or `shipped_rates`.

    Returns
    -------
    dict of str to str
        Such as "right on 196 coded by hand: kind 98%, year 98%"; of several genres the most telling measure of each.
    """
    if "genre" in rates and rates["genre"].nunique() > 1:
        return _labels_by_genre(rates[rates["measure"].isin(_TELLING)])
    if "measure" in rates:
        rates = rates[~rates["measure"].str.startswith("macro")]
        rates = rates.assign(question=rates["measure"], share=rates["value"], n=rates["items"])
    else:
        rates = rates[rates["label"] == "all"]
    labels = {}
    for task, part in rates.groupby("task", sort=False):
        shares = join_items(
            f"{display_name('measure', r.question)} {r.share:.0%}" for r in part.itertuples(index=False)
        )
        labels[task] = share_right(part["n"].iloc[0], shares, were_seen(part))
    return labels


def were_seen(rates: pd.DataFrame) -> bool:
    """Whether rows of `shipped_rates` are of documents with which the rules were written."""
    return "note" in rates and bool(rates["note"].str.contains("had seen").all())


def share_right(n: int, shares: str, seen: bool) -> str:
    """How often the machine is right, in words: "right on 196 coded by hand: kind 98%"."""
    if seen:
        return tr("right on {n} coded by hand, with which the rules were written: {shares}", n=n, shares=shares)
    return tr("right on {n} coded by hand: {shares}", n=n, shares=shares)


def _labels_by_genre(rates: pd.DataFrame) -> dict[str, str]:
    """By task, how often the machine is right in each genre: "right of coded by hand, stance: plan 99% of 165"."""
    labels = {}
    for task, part in rates.drop_duplicates(["task", "genre"]).groupby("task", sort=False):
        shares = join_items(
            tr("{genre} {share:.0%} of {n}", genre=display_name("doc_type", r.genre), share=r.value, n=r.items)
            for r in part.itertuples(index=False)
        )
        measure = display_name("measure", part["measure"].iloc[0])
        labels[str(task)] = tr("right of those coded by hand, {measure}: {shares}", measure=measure, shares=shares)
    return labels
