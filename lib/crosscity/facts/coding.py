"""Coding by people: samples of what was extracted, as sheets without the machine's labels."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from .. import CrosscityError
from ..chinese import STATEMENT_END
from ..documents import letter_digest
from ..documents import spreadsheet_text as sheet_text
from ..files import Choices, Sheet, read_records, workbook, write_text, write_whole
from ..pages import standalone
from .codebook import SHIPPED_CODEBOOKS, read_codebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


TASKS = {
    "themes": ("theme",),
    "stances": ("stance", "voice"),
    "quantities": ("kind", "year", "unit", "item"),
    "programmes": ("named", "type"),
}
FREE_ANSWERS = ("year", "unit", "item")  # answered in the coder's own words
WORKBOOK = "coding.xlsx"
KEY_COLUMNS = ["sheet", "task", "id", "question", "machine", "weight", "doc_id", "paragraph", "start", "end", "text"]
_INSTRUCTIONS = {
    "themes": "What is the paragraph about most?",
    "stances": "What does the sentence in 【】 do, and who speaks?",
    "quantities": "What is the number in 【】?",
    "programmes": "Is what stands in 【】 the name of a programme, and of which type?",
}


class CodingSample(NamedTuple):
    """Items for people to code.

    Attributes
    ----------
    sheets : dict of str to DataFrame
        By task: sheet, id, text, and an empty column for each question.
    key : DataFrame
        Columns of `KEY_COLUMNS`, a row for each item and question: the machine's answer, where it stands, and how many
        items of the tables the item represents (weight).
    labels : DataFrame
        task, question, label, definition; label is empty if the answer is free.
    """

    sheets: dict[str, pd.DataFrame]
    key: pd.DataFrame
    labels: pd.DataFrame


def definitions(codebook: str | None = None) -> pd.DataFrame:
    """The codebook of all tasks: task, question, label, definition; themes as `codebook.read_codebook` reads them."""
    book = read_codebook(codebook)
    themes = {theme.name: theme.gloss for theme in book.themes}
    for leaf in book.leaves:  # groups without terms, that of the fallback among them
        themes.setdefault(leaf.group, leaf.definition)
    rows = [{"task": "themes", "question": "theme", "label": t, "definition": d} for t, d in themes.items()]
    return pd.DataFrame([*rows, *read_records(Path(__file__).with_name("resources") / "coding.tsv")])


def fitting_definitions(codebook: str | None, themes: Iterable[str]) -> pd.DataFrame:
    """The definitions of a codebook, or of the first shipped one that has all the themes, or of all shipped ones.

    Raises
    ------
    CrosscityError
        If there is none.
    """
    for name in [codebook] if codebook else SHIPPED_CODEBOOKS:
        labels = definitions(name)
        if not (unknown := sorted(set(themes) - set(labels["label"]))):
            return labels
    if not codebook:  # documents of several fields, each with a codebook of its own
        every = pd.concat(map(definitions, SHIPPED_CODEBOOKS)).drop_duplicates(["task", "question", "label"])
        labels = every.reset_index(drop=True)
        if not (unknown := sorted(set(themes) - set(labels["label"]))):
            return labels
    msg = f"theme {unknown[0]!r} is not in the codebook {name}: give the one that the tables were built with"
    raise CrosscityError(msg)


def draw_sample(
    tables: Mapping[str, pd.DataFrame],
    groups: Mapping[str, str],
    codebook: str | None = None,
    n: int = 60,
    seed: int = 1,
) -> CodingSample:
    """Draw items for people to code; the same for the same seed.

    Each task has n items: as many of each of the machine's labels (of programmes the type, else the first question's)
    as far as there are that many, so that rare labels are coded, too. Those of a label are equally likely, and groups
    have their share (a systematic sample, Cochran 1977, chapter 8).

    Parameters
    ----------
    tables : dict of str to DataFrame
        paragraphs, and any of themes, stances, quantities and programmes.
    groups : mapping of str to str
        The group of each doc_id; other documents are left out.
    codebook : str or Path, optional
        As `read_codebook` takes it; the shipped one that has the themes of the table by default.
    n, seed : int

    Raises
    ------
    CrosscityError
        If the codebook lacks a theme of the table.
    """
    themes = tables.get("themes")
    labels = fitting_definitions(codebook, [] if themes is None else themes["theme"].unique())
    rng = np.random.default_rng(seed)
    sheets: dict[str, pd.DataFrame] = {}
    rows: list[dict[str, Any]] = []
    paragraphs = tables["paragraphs"].set_index(["doc_id", "paragraph"])["text"].to_dict()
    for task, questions in TASKS.items():
        if tables.get(task) is None:
            continue
        table = _machine_answers(task, tables[task][tables[task]["doc_id"].isin(list(groups))])
        label = "type" if task == "programmes" else questions[0]  # the machine calls all of them named
        chosen = _stratified_sample(table["doc_id"].map(dict(groups)), table[label], n, rng)
        items = []
        for number, (at, weight) in enumerate(chosen, start=1):
            row = table.iloc[at]
            text = marked_text(task, paragraphs[row["doc_id"], row["paragraph"]], row)
            name = f"{task[0].upper()}{number}"
            items.append({"id": name, "text": text} | dict.fromkeys(questions, ""))
            place = {c: row.get(c, "") for c in ("doc_id", "paragraph", "start", "end")}
            item = {"task": task, "id": name, "weight": round(weight, 6), "text": text} | place
            rows += [item | {"question": q, "machine": row[q]} for q in questions]
        sheets[task] = pd.DataFrame(items, columns=["id", "text", *questions])
    unnamed = [{column: value for column, value in row.items() if column != "doc_id"} for row in rows]
    # As JSON: how numbers of numpy are printed is another matter in each of its versions.
    name = letter_digest(json.dumps([unnamed, labels.to_dict("records")], default=_plain))
    sheets = {task: frame.assign(sheet=name)[["sheet", *frame.columns]] for task, frame in sheets.items()}
    return CodingSample(sheets, pd.DataFrame(rows).reindex(columns=KEY_COLUMNS).assign(sheet=name), labels)


def _plain(value: Any) -> Any:
    """A value as JSON has it: numpy's numbers as Python's, and what is missing as nothing."""
    return value.item() if isinstance(value, np.generic) else None


def _stratified_sample(
    groups: pd.Series, labels: pd.Series, n: int, rng: np.random.Generator
) -> list[tuple[int, float]]:
    """Rows, and how many each represents, in random order: n in all, allotted to labels, then spread over groups."""
    strata = [at for _, at in sorted(labels.groupby(labels).indices.items())]
    ranks = rng.permutation(len(strata))
    turns = sorted(
        (turn, rank, k) for k, (at, rank) in enumerate(zip(strata, ranks, strict=True)) for turn in range(len(at))
    )
    chosen: list[tuple[int, float]] = []
    names = groups.to_numpy()
    group_order = dict(zip(unique := sorted(set(names)), rng.permutation(len(unique)), strict=True))
    for k, size in sorted(Counter(k for *_, k in turns[:n]).items()):
        at = sorted(rng.permutation(strata[k]), key=lambda i: group_order[names[i]])
        step = len(at) / size
        start = rng.random()
        chosen += [(at[int((start + j) * step)], step) for j in range(size)]
    return [chosen[i] for i in rng.permutation(len(chosen))]


def _machine_answers(task: str, table: pd.DataFrame) -> pd.DataFrame:
    """The machine's answers in the form in which coders give theirs."""
    if task == "themes":
        table = table[table["rank"] == 1]
    elif task == "quantities":
        year = ["none" if pd.isna(y) else str(int(y)) for y in table["year"]]
        table = table.assign(year=year)
    elif task == "programmes":
        table = table.assign(named="yes")
    return table.reset_index(drop=True)


def marked_text(task: str, text: str, row: pd.Series) -> str:
    """What a coder sees: the paragraph, with the sentence marked in it, or the sentence with the words marked."""
    if task == "themes":
        return text
    start, end = int(row["start"]), int(row["end"])
    left, right = 0, len(text)
    if task != "stances":
        left = max((m.end() for m in STATEMENT_END.finditer(text, 0, start)), default=0)
        right = next((m.end() for m in STATEMENT_END.finditer(text, end)), len(text))
    return f"{text[left:start]}【{text[start:end]}】{text[end:right]}"


def write_sheets(out: Path | str, sample: CodingSample) -> Path:
    """Write a sample to `out`/coding/NAME, to be filled in: as CSV, pages and a workbook, with codebook and key.

    Each task has a CSV and an HTML page; coding.xlsx has all tasks, with lists of labels to choose from, and the
    codebook. Coders get all but key.csv. Files that exist are not overwritten, since they may have been answered; NAME
    tells one sample from another.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    CrosscityError
        If the sample is empty.
    """
    if sample.key.empty:
        msg = f"{out}: there is nothing to code: build the tables of facts (themes, stances, quantities, programmes)"
        raise CrosscityError(msg)
    name = sample.key["sheet"].iloc[0]
    folder = Path(out) / "coding" / name
    files = {"key.csv": (sample.key, KEY_COLUMNS), "codebook.csv": (sample.labels, list(sample.labels.columns))}
    files |= {f"{task}.csv": (frame, list(frame.columns)) for task, frame in sample.sheets.items()}
    texts = {path: sheet_text(frame.to_dict("records"), columns) for path, (frame, columns) in files.items()}
    for task, frame in sample.sheets.items():
        labels = sample.labels[sample.labels["task"] == task].to_dict("records")
        blanks = " ".join(f"{q}: __________" for q in TASKS[task])
        questions = [{"name": r["id"], "lines": [r["text"], blanks]} for r in frame.to_dict("records")]
        texts[f"{task}.html"] = standalone(
            "questions.html", sheet=name, asked=_INSTRUCTIONS[task], labels=labels, questions=questions
        )
    for path, text in texts.items():
        if not (folder / path).exists():
            write_text(folder / path, text)
    if not (folder / WORKBOOK).exists():
        write_whole(folder / WORKBOOK, coding_workbook(sample))
    return folder


def coding_workbook(sample: CodingSample) -> bytes:
    """The bytes of a workbook to fill in: a sheet for each task, its answers chosen from lists, and the codebook."""
    labels = sample.labels.sort_values(["task", "question"], kind="stable")
    lists: dict[tuple[str, str], Choices] = {}
    for row, (task, question, label) in enumerate(labels[["task", "question", "label"]].to_numpy(), start=2):
        if label:
            first = lists.get((task, question), Choices("codebook", 3, row, row)).first
            lists[task, question] = Choices("codebook", 3, first, row)
    sheets = []
    for task, frame in sample.sheets.items():
        columns = ["id", "text", *TASKS[task], "sheet"]
        choices = {question: lists[task, question] for question in TASKS[task] if (task, question) in lists}
        widths = [6, 90, *[16] * len(TASKS[task]), 16]
        sheets.append(Sheet(task, [columns, *frame[columns].to_numpy().tolist()], widths, choices, True))
    book = [list(labels.columns), *labels.to_numpy().tolist()]
    return workbook([*sheets, Sheet("codebook", book, [14, 14, 16, 90], fitted=True)])
