"""A study for annotation in a browser, a record a paragraph: JSON Lines for doccano, JSON for Label Studio; and back.

Both count code points; older editions counted the units of UTF-16, which `positions` can tell.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from ... import CrosscityError
from .refi_qda import guid
from .returned import Returned, ReturnedCoding, ReturnedText
from .spans import GROUPS, CodedStudy, split_code

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS, LABELS = "texts.jsonl", "labels.json"  # for doccano
TASKS, CONFIG = "tasks.json", "config.xml"  # for Label Studio


def doccano_files(study: CodedStudy) -> dict[str, str]:
    """Files for a doccano project of sequence labelling: texts with their labels, and the labels to import."""
    lines: list[dict[str, Any]] = [
        {"text": text, "label": [[start, end, code] for start, end, code in spans], **place}
        for place, text, spans in _records(study)
    ]
    labels = [{"text": code, "background_color": color, "text_color": "#ffffff"} for code, color in _labels(study)]
    return {TEXTS: "".join(f"{_json(line)}\n" for line in lines), LABELS: _json(labels, 1) + "\n"}


def label_studio_files(study: CodedStudy) -> dict[str, str]:
    """Files for a Label Studio project: tasks with the suite's codes as predictions, and the labelling interface."""
    tasks: list[dict[str, Any]] = []
    for place, text, spans in _records(study):
        result: list[dict[str, Any]] = [
            {
                "id": guid("region", place["doc_id"], place["paragraph"], start, end, code)[:10],
                "from_name": "label",
                "to_name": "text",
                "type": "labels",
                "value": {"start": start, "end": end, "text": text[start:end], "labels": [code]},
            }
            for start, end, code in spans
        ]
        tasks.append(
            {"data": {"text": text, **place}, "predictions": [{"model_version": "crosscity", "result": result}]}
        )
    labels = "".join(
        f"    <Label value={quoteattr(code)} background={quoteattr(color)}/>\n" for code, color in _labels(study)
    )
    config = f'<View>\n  <Labels name="label" toName="text">\n{labels}  </Labels>\n'
    return {TASKS: _json(tasks, 1) + "\n", CONFIG: f'{config}  <Text name="text" value="$text"/>\n</View>\n'}


def _json(content: Any, indent: int | None = None) -> str:
    return json.dumps(content, ensure_ascii=False, indent=indent)


def _records(study: CodedStudy) -> Iterator[tuple[dict[str, Any], str, list[tuple[int, int, str]]]]:
    """Where each paragraph is, its text, and its codes that people answer."""
    spans: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
    for row in study.codings.itertuples():
        if GROUPS[split_code(row.code)[0]].task:
            spans.setdefault((row.doc_id, row.paragraph), []).append((row.start, row.end, row.code))
    for row in study.paragraphs.itertuples():
        place = {"doc_id": row.doc_id, "paragraph": int(row.paragraph), "voice": row.voice, "kind": row.kind}
        yield place, row.plain, spans.get((row.doc_id, row.paragraph), [])


def _labels(study: CodedStudy) -> list[tuple[str, str]]:
    groups = ((code, GROUPS[split_code(code)[0]]) for code in study.codes)
    return [(code, group.color) for code, group in groups if group.task]


def read_annotations(path: Path | str, coder: str = "") -> Returned:
    """The texts and codings of a file that doccano or Label Studio exported: a JSON list, or JSON Lines.

    Parameters
    ----------
    path : str or Path
    coder : str
        Whose annotation of a record is taken, where several people annotated it; the last one, if it is none of them.

    Raises
    ------
    CrosscityError
        If it is neither, or its records do not say which paragraphs they are.
    """
    path = Path(path)
    texts: list[ReturnedText] = []
    codings: list[ReturnedCoding] = []
    people: set[str] = set()
    notes: list[str] = []
    left = other = 0
    for number, record in enumerate(_read_records(path), start=1):
        where, of_studio = f"{path}, record {number}", isinstance(record.get("data"), dict)
        data = record["data"] if of_studio else record
        data = {**data, **(data["meta"] if isinstance(data.get("meta"), dict) else {})}
        named = all(isinstance(data.get(column), str) for column in ("text", "doc_id"))
        if not named or not str(data.get("paragraph")).isdigit():
            msg = f"{where} lacks text, doc_id or paragraph: keep them when you export"
            raise CrosscityError(msg)
        annotations = [a for a in record.get("annotations") or [] if isinstance(a, dict) and not a.get("was_cancelled")]
        if of_studio and not annotations:
            left += 1
            continue
        annotations = [a for a in annotations if _person(a) == coder] or annotations
        if len(annotations) > 1:
            names = ", ".join(map(_person, annotations))
            notes.append(f"{where} has {len(annotations)} annotations ({names}), of which the last is taken")
        texts.append(ReturnedText(data["doc_id"], data["text"], int(data["paragraph"])))
        person = _person(annotations[-1]) if of_studio else ""
        people |= {person} - {""}
        if of_studio:
            other += sum("labels" not in (r.get("value") or {}) for r in annotations[-1].get("result") or [])
        try:
            spans = list(_regions(annotations[-1]) if of_studio else _labels_of(record))
        except (KeyError, TypeError, ValueError, AttributeError):
            msg = f"{where}: its labels are no spans; export JSON from Label Studio (not JSON-MIN), or JSONL from a "
            msg += "doccano project of sequence labelling"
            raise CrosscityError(msg) from None
        codings += [ReturnedCoding(len(texts) - 1, *span, person=person) for span in spans]
    if left:
        notes.append(f"{left} {'record is' if left == 1 else 'records are'} not annotated, and have no answers")
    if other:
        notes.append(f"{other} {'annotation is' if other == 1 else 'annotations are'} no label of a span, and not read")
    if not texts:
        msg = f"{path}: none of its {left} records is annotated: annotate them, and export again"
        raise CrosscityError(msg)
    return Returned(texts, codings, sorted(people), notes)


def _read_records(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        msg = f"{path} is not there: give the file that was exported"
        raise CrosscityError(msg) from None
    except UnicodeDecodeError:
        msg = f"{path} is not UTF-8: export it again"
        raise CrosscityError(msg) from None
    try:
        lines = [line for line in text.split("\n") if line.strip()]
        whole = text.lstrip().startswith("[")
        records = json.loads(text) if whole else [json.loads(line) for line in lines]
    except (ValueError, RecursionError) as error:
        msg = f"{path} is not JSON ({error}): export it again as JSON or JSONL"
        raise CrosscityError(msg) from None
    if not records or not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        msg = f"{path} holds no records: export it again as JSON or JSONL"
        raise CrosscityError(msg)
    return records


def _regions(annotation: dict[str, Any]) -> Iterator[tuple[int, int, str]]:
    """Start, end and code of the spans of an annotation of Label Studio."""
    for region in annotation.get("result") or []:
        value = region.get("value") or {}
        for code in value.get("labels") or []:
            yield int(value["start"]), int(value["end"]), str(code)


def _labels_of(record: dict[str, Any]) -> Iterator[tuple[int, int, str]]:
    """The same of a record of doccano, in either of its forms."""
    for start, end, code in record.get("label") or record.get("labels") or []:
        yield int(start), int(end), str(code)
    for entity in record.get("entities") or []:
        yield int(entity["start_offset"]), int(entity["end_offset"]), str(entity["label"])


def _person(annotation: dict[str, Any]) -> str:
    by = annotation.get("completed_by")
    if isinstance(by, dict):
        by = by.get("email") or by.get("id")
    return f"annotator-{by}" if isinstance(by, int) else str(by or "annotator")
