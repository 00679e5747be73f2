"""What coders wrote into the sheets of `coding`: how they agree, with the machine too, and how often that is wrong."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .. import CrosscityError, combined_error
from ..documents import read_spreadsheet
from ..files import read_records
from ..inference import krippendorff_interval, wilson_interval
from ..language import display_name, join_items, tr
from .coding import FREE, KEY, TASKS

if TYPE_CHECKING:
    from collections.abc import Mapping

ADJUDICATED = "adjudicated"
SAME = 0.5  # share of bigrams from which two phrases count as one


def read_coding(folder: Path | str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What coders answered: key.csv and codebook.csv of the sample, and a file a coder and task, in one folder.

    A coder's file is named after task and coder (themes-anna.csv), or lies in a folder with the coder's name
    (anna/themes.csv). Answers of a coder called adjudicated are what the others agreed on in the end.

    Returns
    -------
    answers : DataFrame
        coder, task, id, question, answer; empty cells are left out.
    key : DataFrame
        Columns of `KEY`.

    Raises
    ------
    CrosscityError
        All that is wrong at once, each with file and row: a column that is missing, a label that is not in the
        codebook, another sample's sheet, a file without answers, two files of one coder.
    """
    folder = Path(folder)
    for name in ("key.csv", "codebook.csv"):
        if not (folder / name).is_file():
            msg = f"{folder} has no {name}: put the sample's there, beside the coders' files (themes-anna.csv)"
            raise CrosscityError(msg)
    key = pd.DataFrame([row for _, row in read_spreadsheet(folder / "key.csv", KEY)])[KEY]
    try:
        key = key.assign(weight=pd.to_numeric(key["weight"]), machine=key["machine"].map(_plain))
    except ValueError as error:
        msg = f"{folder / 'key.csv'}: weight must be a number ({error}): put the key there as it was written"
        raise CrosscityError(msg) from None
    book = [row for _, row in read_spreadsheet(folder / "codebook.csv", ["task", "question", "label"])]
    allowed: dict[tuple[str, str], list[str]] = {}
    for row in book:
        allowed.setdefault((row["task"], row["question"]), []).append(row["label"])
    paths = sorted(p for p in folder.rglob("*.csv") if p.parent != folder or p.name not in ("key.csv", "codebook.csv"))
    files: dict[tuple[str, str], Path] = {}
    problems = []
    for path in paths:
        task = next((t for t in TASKS if t in path.stem.lower()), "")
        coder = re.sub(task, "", path.stem, flags=re.IGNORECASE).strip(" -_.") if task else ""
        coder = coder or ("" if path.parent == folder else path.parent.name)
        if task and not coder and _untouched(path, task):
            continue  # the blank sheet, left beside the answers
        if not task or not coder:
            problems.append(f"{path}: name it after task and coder, themes-anna.csv ({', '.join(TASKS)})")
        elif (coder, task) in files:
            problems.append(f"{path}: {coder} has {files[coder, task].name} for {task} already: keep one")
        else:
            files[coder, task] = path
    rows = [row for (coder, task), path in files.items() for row in _read(path, coder, task, key, allowed, problems)]
    if not files and not problems:
        problems.append(f"{folder} has no file of answers: put the coders' there, named after them (themes-anna.csv)")
    if problems:
        raise combined_error(problems)
    return pd.DataFrame(rows, columns=["coder", "task", "id", "question", "answer"]), key


def _untouched(path: Path, task: str) -> bool:
    return not any(row[q] for _, row in read_spreadsheet(path, ["id", *TASKS[task]]) for q in TASKS[task])


def _read(
    path: Path,
    coder: str,
    task: str,
    key: pd.DataFrame,
    allowed: Mapping[tuple[str, str], list[str]],
    problems: list[str],
) -> list[tuple[str, str, str, str, str]]:
    """The answers of one file; what is wrong with it goes to `problems`."""
    name, items, rows, seen = key["sheet"].iloc[0], set(key.loc[key["task"] == task, "id"]), [], dict[str, int]()
    try:
        table = read_spreadsheet(path, ["sheet", "id", *TASKS[task]])
    except CrosscityError as error:
        problems.append(str(error))
        return []
    before = len(problems)
    for number, row in table:
        where, item = f"{path}, row {number}, item {row['id']}", row["id"]
        if row["sheet"] != name or item not in items:
            problems.append(f"{where}: the key ({name}) has no such item: give the answers to its sheet")
        elif item in seen:
            problems.append(f"{where}: it is answered in row {seen[item]} already: keep one")
        else:
            seen[item] = number
            for question in TASKS[task]:
                answer, labels = _plain(row[question]), allowed.get((task, question), [])
                if answer and question not in FREE and answer.lower() not in labels:
                    problems.append(f"{where}: {question} is {row[question]!r}; give one of {', '.join(labels)}")
                elif answer and question == "year" and not re.fullmatch(r"none|[12]\d{3}", answer.lower()):
                    problems.append(f"{where}: year is {row[question]!r}; give a year of four digits, or none")
                elif answer:
                    answer = answer if question in ("unit", "item") else answer.lower()
                    rows.append((coder, task, item, question, answer))
    if not rows and len(problems) == before:
        problems.append(f"{path} has no answers: fill in {', '.join(TASKS[task])}, or leave the file out")
    return rows


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).removesuffix(".0")


def unanswered(answers: pd.DataFrame, key: pd.DataFrame) -> list[str]:
    """Cells that coders left empty in the files they gave: coder, task, question, n; none where all are filled."""
    asked = key.groupby(["task", "question"], sort=False)["id"].count()
    given = answers.groupby(["coder", "task", "question"])["id"].count()
    files = answers[["coder", "task"]].drop_duplicates()
    rows = [
        (f.coder, f.task, question, int(asked[f.task, question] - given.get((f.coder, f.task, question), 0)))
        for f in files.itertuples(index=False)
        for question in TASKS[f.task]
    ]
    table = pd.DataFrame(rows, columns=["coder", "task", "question", "n"])
    return table[table["n"] > 0].reset_index(drop=True)


def dice(a: str, b: str) -> float:
    """How alike two phrases are: shared bigrams of characters, twice, over all of both (Dice 1945)."""
    if min(len(a), len(b)) < 2:
        return float(a == b)
    pairs = [pd.Series([x[i : i + 2] for i in range(len(x) - 1)]).value_counts() for x in (a, b)]
    shared = pd.concat(pairs, axis=1).min(axis=1, skipna=False).sum()
    return float(2 * shared / (pairs[0].sum() + pairs[1].sum()))


def wide(answers: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """All answers, a row an item and question: task, question, id, text, weight, machine, and a column a coder.

    Phrases (of `item` in quantities) that share half of their bigrams or more with one further left in their row are
    written as it: coders word freely what they agree on.
    """
    given = answers.pivot_table("answer", ["task", "id", "question"], "coder", aggfunc="first")
    table = key.merge(given.reset_index(), on=["task", "id", "question"], how="inner")
    coders = list(given.columns)
    rows = table[["machine", *coders]].to_numpy(dtype=object, copy=True)
    for i in np.flatnonzero(table["question"] == "item"):
        for j in range(1, rows.shape[1]):
            if isinstance(rows[i, j], str):
                rows[i, j] = next(
                    (x for x in rows[i, :j] if isinstance(x, str) and dice(x, rows[i, j]) >= SAME), rows[i, j]
                )
    table[["machine", *coders]] = rows
    return table[["task", "question", "id", "text", "weight", "machine", *coders]]


def reference(table: pd.DataFrame) -> pd.Series:
    """The adjudicated answer, else that of more coders than any other; None where they are even."""
    coders = list(table.columns[table.columns.get_loc("machine") + 1 :])
    out: list[str | None] = []
    for row in table[coders].to_dict("records"):
        if isinstance(last := row.pop(ADJUDICATED, None), str):
            out.append(last)
            continue
        counts = pd.Series([x for x in row.values() if isinstance(x, str)], dtype=object).value_counts()
        out.append(counts.index[0] if len(counts) == 1 or (len(counts) and counts.iloc[0] > counts.iloc[1]) else None)
    return pd.Series(out, index=table.index, dtype=object)


def agreements(answers: pd.DataFrame, key: pd.DataFrame, draws: int = 2000, seed: int = 1) -> pd.DataFrame:
    """Krippendorff's alpha (nominal), with 95 % intervals that draw items again, by task and question.

    Returns
    -------
    DataFrame
        task, question, between (coders; a coder and machine; reference and machine), alpha, low, high, items, share (of
        pairs of answers that are the same). The reference is what `reference` gives.
    """
    table, rows = wide(answers, key), []
    coders = [c for c in table.columns[table.columns.get_loc("machine") + 1 :] if c != ADJUDICATED]
    table = table.assign(reference=reference(table))
    for (task, question), part in table.groupby(["task", "question"], sort=False):
        pairs = {"coders": coders} if len(coders) > 1 else {}
        pairs |= {f"{c} and machine": [c, "machine"] for c in coders}
        pairs |= {"reference and machine": ["reference", "machine"]} if len(coders) > 1 else {}
        for between, columns in pairs.items():
            mine = part[columns].dropna(thresh=2)
            if mine.empty:
                continue
            value, low, high = krippendorff_interval(mine, draws, seed)
            same = [
                x == y for r in mine.to_numpy() for i, x in enumerate(r) for y in r[:i] if pd.notna(x) and pd.notna(y)
            ]
            figures = {"alpha": value, "low": low, "high": high, "items": len(mine), "share": np.mean(same)}
            rows.append({"task": task, "question": question, "between": between} | figures)
    columns = ["task", "question", "between", "alpha", "low", "high", "items", "share"]
    return pd.DataFrame(rows, columns=columns).round(6)


def disagreements(answers: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """Items on which two answers differ, the machine's among them: the columns of `wide`, and reference."""
    table = wide(answers, key)
    several = table.drop(columns=["task", "question", "id", "text", "weight"]).nunique(axis=1) > 1
    return table.assign(reference=reference(table))[several].drop(columns="weight").reset_index(drop=True)


def error_rates(answers: pd.DataFrame, key: pd.DataFrame, by: str = "machine") -> pd.DataFrame:
    """How often the machine is right, by label, against the reference answers.

    Labels were drawn evenly, so each item counts by the number it stands for (`weight`); the interval is Wilson's
    (1927) with the effective number of items (Kish 1965). Items on which coders are even are left out.

    Parameters
    ----------
    answers, key : DataFrame
        As `coding.read_coding` gives them.
    by : str
        "machine": of the items it gives a label, the share that have it (precision). "reference": of those that have
        it, the share it gives it (recall, among what was found at all: nobody was asked about what it missed).

    Returns
    -------
    DataFrame
        task, question, label, n, right, share, low, high; label is "all" for the whole question. Free answers (year,
        unit, item) have that row alone.
    """
    table = wide(answers, key)
    table = table.assign(reference=reference(table)).dropna(subset=["reference"])
    table["right"], rows = table["machine"] == table["reference"], []
    for (task, question), part in table.groupby(["task", "question"], sort=False):
        groups = [("all", part)] if question in FREE else [*part.groupby(by), ("all", part)]
        for label, mine in groups:
            weights = mine["weight"].to_numpy()
            share = float((weights * mine["right"]).sum() / weights.sum())
            many = weights.sum() ** 2 / (weights**2).sum()
            figures = (len(mine), int(mine["right"].sum()), share, *wilson_interval(share * many, many))
            rows.append((task, question, label, *figures))
    return pd.DataFrame(rows, columns=["task", "question", "label", "n", "right", "share", "low", "high"]).round(6)


def told(rates: pd.DataFrame, alphas: pd.DataFrame) -> list[str]:
    """Sentences for people: how often each question is right, and how coders agree."""
    out = []
    for r in rates[rates["label"] == "all"].itertuples(index=False):
        names = {"task": display_name("facts", r.task), "question": display_name("measure", r.question)}
        text = tr(
            "{task}, {question}: the machine is right in {share:.0%} ({low:.0%} to {high:.0%}) of {n} items",
            **names | {"share": r.share, "low": r.low, "high": r.high, "n": r.n},
        )
        mine = alphas[(alphas["task"] == r.task) & (alphas["question"] == r.question)]
        between = mine[mine["between"] == "coders"]
        for a in between.itertuples(index=False):
            text += tr(
                "; coders agree with alpha {alpha:.2f} ({low:.2f} to {high:.2f})", alpha=a.alpha, low=a.low, high=a.high
            )
        out.append(text + tr("."))
    return out


def shipped_told(rates: pd.DataFrame) -> str:
    """A sentence on `shipped_rates`: the one measure of each task that says most."""
    main = rates[rates["measure"].isin(("F1 of value", "kind", "F1 of names", "first theme", "stance"))]
    said = tr("; ").join(
        tr(
            "{task}, {measure} {value:.2f}",
            task=display_name("facts", r.task),
            measure=display_name("measure", r.measure),
            value=r.value,
        )
        for r in main.itertuples()
    )
    return tr("On three documents coded by hand: {said}. On others the machine errs more often.", said=said)


def shipped_rates() -> pd.DataFrame:
    """Scores on hand-coded documents, for a study that has coded none of its own.

    The rules were written with these documents at hand: on others they do worse.

    Returns
    -------
    DataFrame
        task, measure, value, documents, items, note.
    """
    table = pd.DataFrame(read_records(Path(__file__).with_name("resources") / "error-rates.tsv"))
    return table.astype({"value": float, "documents": int, "items": int})


def beside(rates: pd.DataFrame) -> dict[str, str]:
    """What stands beside a figure: how often the machine is right, a phrase by task.

    Parameters
    ----------
    rates : DataFrame
        Of `error_rates` or `shipped_rates`.

    Returns
    -------
    dict of str to str
        "kind 98%, year 98% right on 196 coded" and the like.
    """
    if "measure" in rates:
        rates = rates[~rates["measure"].str.startswith("macro")]
        rates = rates.assign(question=rates["measure"], share=rates["value"], n=rates["items"])
    else:
        rates = rates[rates["label"] == "all"]
    said = {}
    for task, part in rates.groupby("task", sort=False):
        shares = join_items(
            f"{display_name('measure', r.question)} {r.share:.0%}" for r in part.itertuples(index=False)
        )
        said[task] = tr("right on {n} coded by hand: {shares}", n=part["n"].iloc[0], shares=shares)
    return said
