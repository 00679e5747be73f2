"""A study as a REFI-QDA project (.qdpx), which MAXQDA, NVivo, ATLAS.ti, QualCoder and others open.

The standard (QDA-XML 1.0, REFI, 2019) is a zip archive of project.qde and the sources. Positions count the Unicode
code points of the plain text, from 0, the end half-open; the text is UTF-8 without a byte-order mark, a line feed ends
a line. Names and identifiers are made of content, so that the same study gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree

from ...files import zip_archive
from .spans import GROUPS, PLACE, CodedStudy, split_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

NAMESPACE = "urn:QDA-XML:project:1.0"
MACHINE = "crosscity"  # the user whose codings the suite's are
_NAMED = 40  # characters of a span that its selection is named by
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # XML 1.0 has no such characters
# Columns of corpus that say nothing of the document, or are said otherwise.
_NO_ATTRIBUTES = {
    *("doc_id", "file", "exclude", "sha256", "encoding", "script", "n_chars", "n_paragraphs", "n_unread"),
    *("duplicate_of", "guessed", "not_guessed", "group"),
}


def guid(*parts: object) -> str:
    """The identifier of what these name, always the same."""
    return str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_DNS, "crosscity"), "\0".join(map(str, parts))))


def code_guid(code: str) -> str:
    """The identifier of a code."""
    return guid("code", code)


USER_GUID = guid("user", MACHINE)


def project_archive(study: CodedStudy) -> bytes:
    """The bytes of a .qdpx file of a study: documents, codes on their spans, voices as cases, questions as a set."""
    texts = study.texts()
    sources = _source_guids(texts)
    root = etree.Element(f"{{{NAMESPACE}}}Project", nsmap={None: NAMESPACE})
    root.attrib.update({"name": MACHINE, "origin": MACHINE, "creatingUserGUID": USER_GUID})
    _child(_child(root, "Users"), "User", guid=USER_GUID, name=MACHINE)
    _add_codes(_child(_child(root, "CodeBook"), "Codes"), study.codes)
    columns = _attribute_columns(study.grouped.corpus)
    variables = _child(root, "Variables")
    for column, kind in columns.items():
        _child(variables, "Variable", guid=guid("variable", column), name=_plain(column), typeOfVariable=kind)
    units = _add_cases(_child(root, "Cases"), study, columns, sources)
    titles = dict(zip(study.grouped.corpus["doc_id"], study.grouped.corpus["title"], strict=True))
    listed = _child(root, "Sources")
    codings = dict(list(study.codings.groupby("doc_id", sort=False)))
    offsets = study.paragraphs.set_index(["doc_id", "paragraph"])["offset"].to_dict()
    for doc_id, text in texts.items():
        path = f"internal://{sources[doc_id]}.txt"
        attributes = {"guid": sources[doc_id], "name": _plain(doc_id), "plainTextPath": path, "creatingUser": USER_GUID}
        source = _child(listed, "TextSource", **attributes)
        if titles[doc_id]:
            _child(source, "Description").text = _plain(titles[doc_id])
        _add_selections(source, text, codings.get(doc_id), offsets, units.get(doc_id, []))
    _add_questions(root, study.codes)
    qde = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    files = {f"Sources/{sources[doc_id]}.txt": text.encode("utf-8", "replace") for doc_id, text in texts.items()}
    return zip_archive({"project.qde": qde, **files})


def _source_guids(texts: dict[str, str]) -> dict[str, str]:
    """The identifier of each document, by its text; two of the same text are told apart by their order."""
    seen: Counter[str] = Counter()
    guids = {}
    for doc_id, text in texts.items():
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        seen[digest] += 1
        guids[doc_id] = guid("source", digest, seen[digest])
    return guids


def _child(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)


def _plain(text: object) -> str:
    return _FORBIDDEN.sub("", str(text))


def _add_codes(codes: etree._Element, known: dict[str, str]) -> None:
    """A branch for each group of codes."""
    branches: dict[str, etree._Element] = {}
    for code, definition in known.items():
        name, _ = split_code(code)
        group = GROUPS[name]
        if name not in branches:
            attributes = {"guid": guid("codes", name), "name": group.title, "isCodable": "false", "color": group.color}
            branches[name] = _child(codes, "Code", **attributes)
        attributes = {"guid": code_guid(code), "name": _plain(code), "isCodable": "true", "color": group.color}
        leaf = _child(branches[name], "Code", **attributes)
        if definition:
            _child(leaf, "Description").text = _plain(definition)


def _attribute_columns(corpus: pd.DataFrame) -> dict[str, str]:
    """What is said of each document, with its type, and the voice."""
    said = [c for c in corpus if c not in _NO_ATTRIBUTES and (corpus[c].astype("object").fillna("") != "").any()]
    return {"voice": "Text"} | {c: "Integer" if c == "year" else "Text" for c in said}


def _add_cases(
    cases: etree._Element, study: CodedStudy, columns: dict[str, str], sources: dict[str, str]
) -> dict[str, list[tuple[int, int, str]]]:
    """A case for each voice; gives the selections in which voices within a document speak: start, end, identifier."""
    units: dict[str, list[tuple[int, int, str]]] = {}
    about = study.grouped.corpus.set_index("doc_id").to_dict("index")
    voices = study.paragraphs.groupby("doc_id", sort=False)["voice"].nunique().to_dict()
    for voice, lines in study.paragraphs.groupby("voice", sort=False):
        case = _child(cases, "Case", guid=guid("case", voice), name=_plain(voice))
        documents = [about[doc_id] for doc_id in lines["doc_id"].unique()]
        for column, kind in columns.items():
            values = {str(voice)} if column == "voice" else {_value(row[column]) for row in documents}
            if len(values) == 1 and (value := values.pop()):
                said = _child(case, "VariableValue")
                _child(said, "VariableRef", targetGUID=guid("variable", column))
                _child(said, f"{kind}Value").text = _plain(value)
        runs = []
        for doc_id, part in lines.groupby("doc_id", sort=False):
            if voices[doc_id] == 1:
                _child(case, "SourceRef", targetGUID=sources[str(doc_id)])
                continue
            for start, end in _runs(part):
                runs.append(guid("voice", sources[str(doc_id)], voice, start, end))
                units.setdefault(str(doc_id), []).append((start, end, runs[-1]))
        for run in runs:
            _child(case, "SelectionRef", targetGUID=run)
    return units


def _value(value: object) -> str:
    return "" if value is None or value != value else str(value)


def _runs(lines: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Start and end of each run of neighbouring paragraphs."""
    run = (lines["paragraph"].diff() != 1).cumsum()
    for _, part in lines.groupby(run, sort=False):
        last = part.iloc[-1]
        yield int(part["offset"].iloc[0]), int(last["offset"]) + len(last["plain"])


def _add_selections(
    source: etree._Element,
    text: str,
    codings: pd.DataFrame | None,
    offsets: dict[tuple[str, int], int],
    units: list[tuple[int, int, str]],
) -> None:
    """A selection for each span that is coded or of a voice, in the order of the text."""
    spans: dict[tuple[int, int], list[tuple[str, str]]] = {}
    if codings is not None:
        for doc_id, paragraph, start, end, code, note in codings[[*PLACE, "code", "note"]].itertuples(index=False):
            at = offsets[doc_id, paragraph]
            spans.setdefault((at + start, at + end), []).append((code, note))
    of_source = source.get("guid")
    made: list[tuple[int, int, str, list[tuple[str, str]]]] = [(*unit, []) for unit in units]
    made += [(*span, guid("selection", of_source, *span), coded) for span, coded in spans.items()]
    for start, end, identity, coded in sorted(made, key=lambda each: (each[0], -each[1], each[2])):
        position = {"startPosition": str(start), "endPosition": str(end)}
        name = _plain(" ".join(text[start:end][:_NAMED].split()))
        selection = _child(source, "PlainTextSelection", guid=identity, name=name, **position, creatingUser=USER_GUID)
        if notes := [note for _, note in coded if note]:
            _child(selection, "Description").text = _plain("\n\n".join(notes))
        for code, _ in coded:
            coding = _child(selection, "Coding", guid=guid("coding", identity, code), creatingUser=USER_GUID)
            _child(coding, "CodeRef", targetGUID=code_guid(code))


def _add_questions(root: etree._Element, codes: dict[str, str]) -> None:
    """The questions of the matrix, as a set of codes."""
    asked = [code for code in codes if split_code(code)[0] == "question"]
    if asked:
        title = GROUPS["question"].title
        group = _child(_child(root, "Sets"), "Set", guid=guid("set", title), name=title)
        for code in asked:
            _child(group, "MemberCode", targetGUID=code_guid(code))
