"""What people changed in what the suite coded, as answers in the form of coding by people."""

from __future__ import annotations

import bisect
import functools
import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from ... import CrosscityError, combined_error
from ...documents import read_spreadsheet, spreadsheet_text
from ...facts import coding
from ...files import write_output
from .annotation import read_annotations
from .positions import WAYS, scale, unified, way_of_counting
from .refi_qda import code_guid
from .returned import read_project
from .spans import FREE, GROUPS, NONE, PLACE, free_note, split_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .returned import Returned
    from .spans import CodedStudy

_Place = tuple[str, int, int, int]  # doc_id, paragraph, start, end
_NO_SUCH_FILE = "give a REFI-QDA project (.qdpx), or .json or .jsonl of doccano or Label Studio"
_NO_PROJECT = "a program's own file, which no other program reads: export a REFI-QDA project (.qdpx) from it"
_NO_SHEET = (
    "sheets that people filled in are not imported: put it beside key.csv and codebook.csv, and name that folder"
)
_OTHER_FILES = {
    **dict.fromkeys((".nvp", ".nvpx", ".nvcx", ".mx20", ".mx22", ".mx24", ".mex22", ".atlproj", ".qda"), _NO_PROJECT),
    **dict.fromkeys((".xlsx", ".xls", ".ods", ".csv"), f"{_NO_SHEET} in the parameters (coding:)"),
    ".qdc": "a codebook without texts: export the whole project (.qdpx)",
    ".zip": "unpack it, and give the file of one annotator that is in it (.json or .jsonl)",
}
_LEAST, _ENOUGH = 20, 0.5  # of so many codings, the share that must lie where one was exported
_TOLD = 20  # characters of a text in a message
_MOST = 6  # names in a message
_CHANGES = ["task", "id", *PLACE, "question", "machine", "answer", "text"]


class Corrections(NamedTuple):
    """People's answers to what the suite coded.

    Attributes
    ----------
    coder : str
    answers : dict of str to DataFrame
        By task: sheet, id, text and a column for each question.
    key : DataFrame
        Columns of `coding.KEY_COLUMNS`.
    labels : DataFrame
        The codebook, with what people say who take a code away.
    changes : DataFrame
        The answers that are not the machine's: task, id, doc_id, paragraph, start, end, question, machine, answer,
        text (that is coded).
    notes : list of str
        What was not taken, and why.
    """

    coder: str
    answers: dict[str, pd.DataFrame]
    key: pd.DataFrame
    labels: pd.DataFrame
    changes: pd.DataFrame
    notes: list[str]


class _Found(NamedTuple):
    """Codes that came back, by place and group; places with codes that are none of the study's."""

    labels: dict[tuple[str, _Place], dict[str, str]]  # label and note
    foreign: set[_Place]
    read: set[tuple[str, int]]  # paragraphs that came back


def read_returned(path: Path | str, coder: str = "") -> Returned:
    """A file that came back from a program, by its suffix: a REFI-QDA project, or JSON of an annotation.

    Raises
    ------
    CrosscityError
        If it is neither.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".qdpx":
        return read_project(path)
    if suffix in (".json", ".jsonl"):
        return read_annotations(path, coder)
    msg = f"{path}: {_OTHER_FILES.get(suffix, _NO_SUCH_FILE)}"
    raise CrosscityError(msg)


def corrections(path: Path | str, study: CodedStudy, coder: str = "") -> Corrections:
    """What came back in a file, held against the study that was exported.

    Parameters
    ----------
    path : str or Path
        A REFI-QDA project (.qdpx), or JSON or JSON Lines of doccano or Label Studio.
    study : CodedStudy
        Of the tables that were exported.
    coder : str
        Whose answers they are; the file's own name of its only user, if left out.

    Raises
    ------
    CrosscityError
        All problems at once: a text that is of another study or was changed, two labels where one can be, a coder who
        is not named.
    """
    returned = read_returned(path, coder)
    notes = list(returned.notes)
    problems: list[str] = []
    people = _people(returned)
    if coder and len(people) > 1 and len({c.person for c in returned.codings} - {""}) > 1:
        notes.append(f"it has codes of {_listed(people)}, which were all read as answers of {coder}")
    coder = coder or _coder(path, people, problems)
    matched = _matched_texts(path, returned, study, notes, problems)
    if problems:
        raise combined_error(problems)
    found = _found(returned, matched, study, notes, problems)
    if problems:
        raise combined_error([f"{path}: {problem}" for problem in problems])
    sample = study.sample()
    key, answers = _answers(sample, study, found, problems)
    if problems:
        raise combined_error([f"{path}: {problem}" for problem in problems])
    sheets = {
        task: pd.DataFrame([dict.fromkeys(coding.TASKS[task], "") | row for row in rows])[_sheet_columns(task)]
        for task, rows in answers.items()
    }
    added = [(g.task, g.question, NONE, "no label: the code was taken away") for g in GROUPS.values() if g.task]
    own = pd.DataFrame([row for row in added if row[0] != "programmes"], columns=list(sample.labels.columns))
    labels = pd.concat([sample.labels, own]).drop_duplicates(["task", "question", "label"], ignore_index=True)
    return Corrections(coder, sheets, key, labels, _changes(key, sheets, study), notes)


def _sheet_columns(task: str) -> list[str]:
    return ["sheet", "id", "text", *coding.TASKS[task]]


def _people(returned: Returned) -> list[str]:
    """Who coded: who set a code, else who is named."""
    return sorted({c.person for c in returned.codings} - {""}) or returned.people


def _coder(path: Path | str, people: list[str], problems: list[str]) -> str:
    """Whose answers they are, if one person coded."""
    if len(people) == 1:
        return people[0]
    lack = f"has codes of {', '.join(people)}" if people else "names nobody who coded"
    problems.append(f"{path} {lack}: say whose answers it holds, --coder NAME")
    return ""


def _matched_texts(
    path: Path | str, returned: Returned, study: CodedStudy, notes: list[str], problems: list[str]
) -> list[tuple[str, int]]:
    """The document of each text, and where in it the text begins; documents are told by their text, not by name."""
    own = study.texts()
    paragraphs = {(r.doc_id, r.paragraph): (r.plain, r.offset) for r in study.paragraphs.itertuples()}
    by_text: dict[str, list[str]] = {}
    for doc_id, text in own.items():
        by_text.setdefault(text.rstrip(), []).append(doc_id)
    matched, taken, other = [], set(), []
    parts: set[tuple[str, int]] = set()
    for name, raw, paragraph in returned.texts:
        text, at = unified(raw).rstrip(), 0
        if paragraph:
            plain, at = paragraphs.get((name, paragraph), (None, 0))
            where, doc_id = f"{name}, paragraph {paragraph}", name
            expected = plain if plain is None else plain.rstrip()
        else:
            same = [d for d in by_text.get(text, []) if d not in taken]
            doc_id = name if name in same or not same else same[0]
            where, expected = name, own[doc_id].rstrip() if doc_id in own else None
        if expected is None:
            other.append(where)
        elif text != expected:
            problems.append(f"{path}: the text of {where} was changed, {_difference(expected, text)}")
        elif (not paragraph and doc_id in taken) or (doc_id, paragraph) in parts:
            problems.append(f"{path}: {where} is there twice: keep one")
        parts.add((doc_id, paragraph))
        taken.add(doc_id)
        matched.append((doc_id, int(at)))
    if other and len(other) == len(returned.texts):
        problems[:] = [f"{path} is of another study: none of its texts is a document's ({_listed(other)})"]
    elif other:
        problems.append(f"{path} has texts of no document of the study: leave out {_listed(other)}")
    if absent := [d for d in own if d not in taken]:
        notes.append(f"did not come back, and have no answers: {_listed(absent)}")
    return matched


def _difference(expected: str, text: str) -> str:
    at = next(
        (i for i, (a, b) in enumerate(zip(expected, text, strict=False)) if a != b), min(map(len, (expected, text)))
    )
    was, now = (repr(t[at : at + _TOLD]) for t in (expected, text))
    return f"at character {at:,}: {was} was exported, {now} came back; code the text as it is"


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_MOST]) + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")


def _found(
    returned: Returned, matched: list[tuple[str, int]], study: CodedStudy, notes: list[str], problems: list[str]
) -> _Found:
    """The codes that came back, at places in paragraphs."""
    offsets = study.paragraphs.set_index(["doc_id", "paragraph"])["offset"].to_dict()
    exported: dict[str, set[tuple[int, int]]] = {}
    for doc_id, paragraph, start, end in study.codings[PLACE].itertuples(index=False):
        at = offsets[doc_id, paragraph]
        exported.setdefault(doc_id, set()).add((at + start, at + end))
    raws = [text.text for text in returned.texts]
    within = {
        i: {(start - at, end - at) for start, end in exported.get(doc_id, ())} for i, (doc_id, at) in enumerate(matched)
    }
    way, fitting = way_of_counting(raws, returned.codings, within)
    read = _paragraphs_read(returned, matched, study)
    were_coded = read.intersection(zip(study.codings["doc_id"], study.codings["paragraph"], strict=True))
    if were_coded and not returned.codings:
        problems.append("none of its texts has a code: export it with its codings")
    elif len(returned.codings) >= _LEAST and fitting < _ENOUGH * len(returned.codings):
        problems.append(
            f"only {fitting} of {len(returned.codings)} codes lie where one was exported: the program moved the spans, "
            "or counts characters in a way that is not known here; correct the codes on the spans that were exported"
        )
    if problems:
        return _Found({}, set(), set())
    if way != next(iter(WAYS)):
        notes.append(f"positions count {way}, and were read so")
    scales = functools.cache(lambda text: scale(raws[text], way))
    lines = {
        str(doc_id): (part["offset"].tolist(), part["paragraph"].tolist(), part["plain"].tolist())
        for doc_id, part in study.paragraphs.groupby("doc_id", sort=False)
    }
    names = {code_guid(code): code for code in study.codes}
    labels: dict[tuple[str, _Place], dict[str, str]] = {}
    foreign: set[_Place] = set()
    unknown: Counter[str] = Counter()
    renamed: dict[str, str] = {}
    for each in returned.codings:
        doc_id, at = matched[each.text]
        told = f"{returned.texts[each.text].name}, characters {each.start} to {each.end}"
        span = scales(each.text).span(each.start, each.end)
        if span is None:
            problems.append(f"{told} ({each.code or 'a code'}) lie outside the text")
            continue
        code = names.get(each.identity) or each.code
        if code != each.code and each.code:
            renamed[each.code] = code
        group, label = split_code(code)
        known = f"{group}: {label}" in study.codes
        span = span if span in within[each.text] else _trimmed(unified(raws[each.text]), *span)
        places = list(_places(doc_id, at + span[0], at + span[1], lines[doc_id], group == "theme"))
        if not known:
            unknown[each.code or "a code without a name"] += 1
            foreign |= set(places)
        elif not places:
            notes.append(f"{told} ({code}) is of several paragraphs, and was not taken: code each of them")
        for place in places if known else ():
            labels.setdefault((group, place), {})[label] = each.note
    notes += [
        f"{name!r} is no code of the study: {n} {'coding' if n == 1 else 'codings'} not taken"
        for name, n in unknown.items()
    ]
    notes += [f"{old!r} was called {new!r}, and was read as {old!r}" for new, old in renamed.items()]
    notes += _unanswered_changes(study, labels, matched, returned)
    return _Found(labels, foreign, read)


def _paragraphs_read(returned: Returned, matched: list[tuple[str, int]], study: CodedStudy) -> set[tuple[str, int]]:
    whole = {doc_id for (doc_id, _), text in zip(matched, returned.texts, strict=True) if not text.paragraph}
    parts = {(text.name, text.paragraph) for text in returned.texts if text.paragraph}
    keys = zip(study.paragraphs["doc_id"], study.paragraphs["paragraph"], strict=True)
    return {(str(d), int(p)) for d, p in keys if d in whole or (d, p) in parts}


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the white space at its ends, which a mouse takes along; as it is, if it has nothing else."""
    inner = text[start:end].strip()
    if not inner:
        return start, end
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return start, start + len(inner)


def _places(
    doc_id: str, start: int, end: int, lines: tuple[list[int], list[int], list[str]], whole: bool
) -> Iterator[_Place]:
    """The place of a span in its paragraph; of one that is coded as a whole, each paragraph that it touches."""
    offsets, numbers, texts = lines
    first = bisect.bisect_right(offsets, start) - 1
    last = bisect.bisect_left(offsets, end) - 1
    for i in range(first, last + 1) if whole or first == last else ():
        if whole:
            yield doc_id, int(numbers[i]), 0, len(texts[i])
        elif start >= offsets[i]:
            yield doc_id, int(numbers[i]), start - offsets[i], end - offsets[i]


def _unanswered_changes(
    study: CodedStudy,
    labels: Mapping[tuple[str, _Place], Mapping[str, str]],
    matched: list[tuple[str, int]],
    returned: Returned,
) -> list[str]:
    """Changes of codes that answer no question of coding: questions of the matrix, further themes."""
    whole = {doc_id for (doc_id, _), text in zip(matched, returned.texts, strict=True) if not text.paragraph}
    notes = []
    for name, group in GROUPS.items():
        if group.task:
            continue
        own = study.codings[study.codings["doc_id"].isin(whole) & study.codings["code"].str.startswith(f"{name}: ")]
        were = {(tuple(row[:4]), split_code(row[4])[1]) for row in own[[*PLACE, "code"]].itertuples(index=False)}
        now = {(place, label) for (g, place), said in labels.items() if g == name for label in said}
        if were != now and whole:
            taken, set_ = len(were - now), len(now - were)
            notes.append(
                f"{group.title}: {taken} codes taken away and {set_} set, which were not taken: coding by people "
                "has no such question"
            )
    return notes


def _answers(
    sample: coding.CodingSample, study: CodedStudy, found: _Found, problems: list[str]
) -> tuple[pd.DataFrame, dict[str, list[dict[str, Any]]]]:
    """The key of what came back, and a coder's answers by task; what people added is in both."""
    lengths = study.paragraphs.set_index(["doc_id", "paragraph"])["plain"].str.len().to_dict()
    name = sample.key["sheet"].iloc[0]
    left = dict(found.labels)
    rows: list[dict[str, Any]] = []
    answers: dict[str, list[dict[str, Any]]] = {}
    items: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in sample.key.to_dict("records"):
        items.setdefault((row["task"], row["id"]), []).append({str(column): value for column, value in row.items()})
    for (task, item), part in items.items():
        first = part[0]
        document = (first["doc_id"], int(first["paragraph"]))
        if document not in found.read:
            continue
        span = (0, lengths[document]) if first["start"] == "" else (int(first["start"]), int(first["end"]))
        place = (*document, *span)
        machine = {row["question"]: row["machine"] for row in part}
        coded = _coded(task, place, left, problems)
        if place in found.foreign:  # a code of the coder's own stands for the label, and is no answer
            coded = {question: label for question, label in coded.items() if label}
        said = _item_answers(task, machine, coded, problems, place) if coded else {}
        rows += part
        answers.setdefault(task, []).append({"sheet": name, "id": item, "text": first["text"], **said})
    texts = study.paragraphs.set_index(["doc_id", "paragraph"])["plain"].to_dict()
    added = [(GROUPS[group].task, place) for group, place in left if GROUPS[group].task]
    for task, place in dict.fromkeys(added):
        coded = _coded(task, place, left, problems)
        absent = dict.fromkeys(coding.TASKS[task], NONE) | ({"named": "no"} if task == "programmes" else {})
        said = _item_answers(task, absent, coded, problems, place)
        item = f"{task[0].upper()}+{hashlib.sha256(repr(place).encode()).hexdigest()[:8]}"
        text = coding.marked_text(task, texts[place[:2]], pd.Series(dict(zip(PLACE, place, strict=True))))
        about = {"sheet": name, "task": task, "id": item, "weight": 1.0, "text": text} | dict(
            zip(PLACE, place, strict=True)
        )
        rows += [
            about | {"question": q, "machine": absent[q], "weight": 1.0} for q in coding.TASKS[task] if said.get(q)
        ]
        answers.setdefault(task, []).append({"sheet": name, "id": item, "text": text, **said})
    return pd.DataFrame(rows, columns=coding.KEY_COLUMNS), answers


def _coded(
    task: str, place: _Place, left: dict[tuple[str, _Place], dict[str, str]], problems: list[str]
) -> dict[str, tuple[str, str] | None]:
    """The label and the note that answer each question that codes answer, taken out of what is left."""
    coded: dict[str, tuple[str, str] | None] = {}
    for name, group in GROUPS.items():
        if group.task == task:
            labels = left.pop((name, place), {})
            if len(labels) > 1:
                doc_id, paragraph, start, end = place
                where = f"{doc_id}, paragraph {paragraph}, characters {start} to {end}"
                both = " and ".join(f"{name}: {label}" for label in labels)
                problems.append(f"{where} has {both}, of which one can be: take the others away")
            coded[group.question] = next(iter(labels.items()), None)
    return coded


def _item_answers(
    task: str,
    machine: Mapping[str, str],
    coded: Mapping[str, tuple[str, str] | None],
    problems: list[str],
    place: _Place,
) -> dict[str, str]:
    """A coder's answers to the questions on an item; none to what the program could not show."""
    said = {question: label[0] if label else NONE for question, label in coded.items()}
    if task == "programmes" and "type" in coded:
        said["named"] = "yes" if coded["type"] else "no"
    if task == "quantities" and "kind" in coded:
        label = coded["kind"]
        said |= _noted(machine, label[1], problems, place) if label else {"unit": "wrong"}
    return said


def _noted(machine: Mapping[str, str], note: str, problems: list[str], place: _Place) -> dict[str, str]:
    """What a note says of a quantity, as answers: the machine's own where a line is as it was written."""
    lines = dict(re.findall(rf"^\s*({'|'.join(FREE)})\s*[:：][^\S\n]*(.*?)\s*$", note, re.MULTILINE | re.IGNORECASE))
    said = {}
    for question, answer in ((name.lower(), value) for name, value in lines.items()):
        written = free_note({question: machine[question]}).partition(": ")[2]
        if " ".join(answer.split()) == written:
            said[question] = machine[question]
        elif question == "year" and not re.fullmatch(r"none|[12]\d{3}", answer.lower()):
            where = f"{place[0]}, paragraph {place[1]}, characters {place[2]} to {place[3]}"
            problems.append(f"{where}: year is {answer!r}; give a year of four digits, or none")
        else:
            said[question] = answer or NONE
    return said


def _changes(key: pd.DataFrame, answers: Mapping[str, pd.DataFrame], study: CodedStudy) -> pd.DataFrame:
    """The answers that are not the machine's; what follows from another is left out."""
    texts = study.paragraphs.set_index(["doc_id", "paragraph"])["plain"].to_dict()
    given = {
        (task, row["id"], question): row[question]
        for task, frame in answers.items()
        for row in frame.to_dict("records")
        for question in coding.TASKS[task]
    }
    rows = []
    for row in key.to_dict("records"):
        answer = given[row["task"], row["id"], row["question"]]
        follows = row["question"] == "named" or (row["question"] == "unit" and answer == "wrong")
        if answer and answer != row["machine"] and not follows:
            text = texts[row["doc_id"], row["paragraph"]]
            span = (0, len(text)) if row["start"] == "" else (int(row["start"]), int(row["end"]))
            place = dict(zip(("start", "end"), span, strict=True))
            rows.append({**row, **place, "answer": answer, "text": text[slice(*span)]})
    return pd.DataFrame(rows, columns=_CHANGES)


def write_corrections(result: Corrections, out: Path | str) -> list[Path]:
    """Write a coder's answers into a folder as `adjudication.read_coding` takes them; those of others stay.

    Raises
    ------
    CrosscityError
        If the folder holds answers to another sample.
    """
    out = Path(out)
    key, path = result.key, out / "key.csv"
    if path.is_file():
        former = pd.DataFrame([row for _, row in read_spreadsheet(path, coding.KEY_COLUMNS)])[coding.KEY_COLUMNS]
        if set(former["sheet"]) != set(key["sheet"]):
            msg = f"{out} holds answers to another sample, or to tables of before: give another folder, --out"
            raise CrosscityError(msg)
        key = pd.concat([former, key.astype(str)]).drop_duplicates(["task", "id", "question"])
    files = {"key.csv": (key, coding.KEY_COLUMNS), "codebook.csv": (result.labels, list(result.labels.columns))}
    files |= {name: (frame, list(frame.columns)) for name, frame in _answer_files(result).items()}
    for name, (frame, columns) in files.items():
        write_output(out / name, spreadsheet_text(frame.to_dict("records"), columns))
    return [out / name for name in files]


def _answer_files(result: Corrections) -> dict[str, pd.DataFrame]:
    """A coder's answers by the name of the file that they go into."""
    coder = re.sub(r'[\\/:*?"<>|\s]+', " ", result.coder).strip(" .-_") or "coder"
    return {f"{task}-{coder}.csv": frame for task, frame in result.answers.items()}


def replaced_answers(result: Corrections, out: Path | str) -> list[str]:
    """The files of the same coder's other answers in a folder, which `write_corrections` replaces."""
    own = {name: spreadsheet_text(f.to_dict("records"), list(f.columns)) for name, f in _answer_files(result).items()}
    there = {name: Path(out) / name for name in own if (Path(out) / name).is_file()}
    return [name for name, path in there.items() if path.read_bytes() != own[name].encode()]


def change_sentences(result: Corrections, most: int = 20) -> list[str]:
    """What a person changed, a line each, the first of them in full."""
    lines = []
    for row in result.changes.head(most).itertuples():
        words = row.text if len(row.text) <= _TOLD else f"{row.text[:_TOLD]}…"
        lines.append(
            f"{row.doc_id}, paragraph {row.paragraph}, {words!r}: {row.question} {row.machine} -> {row.answer}"
        )
    if len(result.changes) > most:
        lines.append(f"and {len(result.changes) - most} more")
    return lines
