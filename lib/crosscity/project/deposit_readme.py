"""The README of a deposit, in the form that data editors of journals ask for: written from the record of the run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..language import current_language, tr
from .result_tables import table_title

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from .deposit_metadata import Description

_TEMPLATE = "deposit.md"
_MOST_DOCUMENTS = 20
_MARKS = re.compile(r"([\\`*_{}\[\]<>|#&!~$])")


class Exhibit(NamedTuple):
    """A figure or a table of a deposit.

    Attributes
    ----------
    number, title : str
        Such as Figure 3; what it shows.
    notebook, file : str
        What made it, and its place in the deposit.
    """

    number: str
    title: str
    notebook: str
    file: str


def exhibits(
    folder: Path, manifest: Mapping[str, Any], only: Collection[str] | None = None, listed: Sequence[Exhibit] = ()
) -> list[Exhibit]:
    """The figures and tables in a folder of results, numbered in the order of the notebooks.

    Parameters
    ----------
    folder : Path
    manifest : dict
        The record of the run.
    only : collection of str, optional
        Figures such as 04-compare/tree, to which it is restricted.
    listed : sequence of Exhibit
        Those of another folder: what is in both has the number that it has there.
    """
    known = {exhibit.file.partition("/")[2]: exhibit.number for exhibit in listed}
    found, numbers = list[Exhibit](), {"figure": sum(file.endswith(".png") for file in known), "table": 0}
    for run in manifest["runs"]:
        group = run["parameters"].get("group")
        pictures = {p.stem for p in (folder / run["id"]).glob("*.png")}
        for path in sorted((folder / run["id"]).glob("*.csv"), key=lambda p: (p.stem not in pictures, p.stem)):
            name = f"{run['id']}/{path.stem}"
            if only is not None and name not in only:
                continue
            if path.stem in pictures:
                about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
                title, file = about["title"], f"{name}.png"
                numbers["figure"] += file not in known
                number = known.get(file) or tr("Figure {n}", n=numbers["figure"])
                number = tr("{exhibit}, from the documents", exhibit=number) if file in known else number
            else:
                title, numbers["table"] = table_title(path.stem), numbers["table"] + 1
                number, file = tr("Table {n}", n=numbers["table"]), f"{name}.csv"
            title = tr("{name}: {said}", name=group, said=title) if group else title
            found.append(Exhibit(number, title, run["notebook"], f"{folder.name}/{file}"))
    return found


def readme(about: Description, manifest: Mapping[str, Any], **parts: Any) -> str:
    """The text of README.md.

    Parameters
    ----------
    about : Description
    manifest : dict
        The record of the run.
    **parts
        kind (documents or edition), fresh (whether the study was run again on the edition), documents (rows), exhibits,
        of_text (exhibits that the documents alone give), withheld (names), measured (of `read_measured`), named (files
        that parameters name), answers (whether a person's summaries are part of it), n_files (that are compared),
        megabytes (of the folder), source (how the documents were obtained).
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters["md"] = plain_markdown
    language = current_language()
    name = _TEMPLATE if language == "en" else _TEMPLATE.replace(".", f"-{language}.")
    template = (Path(__file__).with_name("resources") / name).read_text(encoding="utf-8")
    measured = parts.pop("measured")
    steps = measured["steps"]
    order = ["tables", *(run["id"] for run in manifest["runs"])]
    seconds = sum(steps[step]["seconds"] for step in order if step in steps)
    return environment.from_string(template).render(
        **parts,
        title=about.title,
        summary=about.summary,
        authors=[plain_markdown(", ".join(p for p in author[:2] if p)) for author in about.authors],
        date=about.date,
        licence=about.licence,
        rights=about.rights,
        platform=manifest["platform"],
        not_as_locked=manifest.get("not_as_locked") or {},
        version=manifest["crosscity"],
        commit=manifest["code"].get("commit"),
        changed=manifest["code"].get("changed"),
        library=manifest["code"]["library"],
        most=_MOST_DOCUMENTS,
        machine=measured["machine"],
        steps=[(step, steps[step]) for step in order if step in steps],
        seconds=seconds,
        minutes=max(1, round(seconds / 60)),
        left_out=_by_reason(manifest["documents"]),
        n_documents=len(manifest["documents"]),
        seed=manifest["parameters"]["seed"],
        peak=max((steps[step]["megabytes"] for step in order if step in steps), default=0),
    )


def _by_reason(documents: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The documents that take no part in comparisons, by the reason."""
    reasons: dict[str, list[str]] = {}
    for document in documents:
        if document["left_out"]:
            reasons.setdefault(document["left_out"], []).append(document["doc_id"])
    return reasons


def plain_markdown(text: object) -> str:
    """A text on one line, in which nothing is a mark of Markdown.

    >>> plain_markdown("a|b" + chr(10) + "<i>*c*")
    'a\\\\|b \\\\<i\\\\>\\\\*c\\\\*'
    """
    return _MARKS.sub(r"\\\1", " ".join(str(text).split()))
