"""What the suite coded, as codes on spans of paragraphs, and the plain text of documents in which they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from ... import PROJECT, CrosscityError
from ...compare import answers, questions
from ...facts import coding
from ...study import check_parameters
from ...study.grouped_corpus import GroupedCorpus
from ...tables import edition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PLACE = ["doc_id", "paragraph", "start", "end"]
FREE = coding.FREE_ANSWERS  # what a note of a quantity says, a line each
NONE = "none"  # what a person says who takes a code away and sets none
_BREAKS = str.maketrans("\r\n", "  ")  # in a paragraph; others are none to programs that count characters


class CodeGroup(NamedTuple):
    """Codes of one kind.

    Attributes
    ----------
    title : str
        Of the group in a program's tree of codes.
    task, question : str
        Of coding by people; empty where none answers it.
    color : str
    """

    title: str
    task: str
    question: str
    color: str


GROUPS = {
    "theme": CodeGroup("Themes", "themes", "theme", "#0072B2"),
    "further theme": CodeGroup("Further themes", "", "", "#56B4E9"),
    "stance": CodeGroup("Stances", "stances", "stance", "#D55E00"),
    "voice": CodeGroup("Voices", "stances", "voice", "#CC79A7"),
    "quantity": CodeGroup("Quantities", "quantities", "kind", "#009E73"),
    "programme": CodeGroup("Programmes", "programmes", "type", "#E69F00"),
    "question": CodeGroup("Questions of the matrix", "", "", "#999999"),
}


class CodedStudy(NamedTuple):
    """A study as other programs are given it.

    Attributes
    ----------
    grouped : GroupedCorpus
        Its documents.
    paragraphs : DataFrame
        Those of the contract, with plain (the text without breaks of lines), voice, and offset: where the paragraph
        begins in the document's plain text.
    codings : DataFrame
        doc_id, paragraph, start, end, code ("stance: plan"), note; by place, each once.
    codes : dict of str to str
        All codes with what they mean, those that no span has among them.
    codebook : str or None
        As `coding.draw_sample` takes it.
    """

    grouped: GroupedCorpus
    paragraphs: pd.DataFrame
    codings: pd.DataFrame
    codes: dict[str, str]
    codebook: str | None

    def texts(self) -> dict[str, str]:
        """The plain text of each document, by doc_id: its paragraphs, a line each."""
        return {str(d): "\n".join(part) for d, part in self.paragraphs.groupby("doc_id", sort=False)["plain"]}

    def sample(self) -> coding.CodingSample:
        """All that was coded, as a sample to code."""
        corpus, read = self.grouped.corpus, self.grouped.facts(self.grouped.paragraphs())
        tables = {"paragraphs": self.paragraphs, **{task: read[task] for task in coding.TASKS}}
        tables = {name: table for name, table in tables.items() if len(table)}
        groups = dict(zip(corpus["doc_id"], corpus["group"], strict=True))
        return coding.draw_sample(tables, groups, self.codebook, n=sum(map(len, tables.values())))


def require_text(tables: Path | str, form: str) -> None:
    """Raise if tables hold no text, which the form would give away or be nothing without."""
    if not edition.has_text(tables):
        msg = f"{tables} are of an edition without text, and {form} is made of text: export the tables of the documents"
        raise CrosscityError(msg)


def read_coded(tables: Path | str, parameters: Mapping[str, Any] | None = None) -> CodedStudy:
    """The documents of tables that take part in a run, with all that was coded in them.

    Parameters
    ----------
    tables : str or Path
        The folder of the tables.
    parameters : dict, optional
        Of `study.read_parameters`.

    Raises
    ------
    CrosscityError
        If a table is absent or holds no text.
    """
    require_text(tables, "a coded study")
    values = dict(check_parameters({}) if parameters is None else parameters)
    # As `study.opening.open_study` has them.
    values |= {name: str(PROJECT / values[name]) for name in ("references", "questions") if values[name]}
    grouped = GroupedCorpus(tables, values)
    whole = grouped.voices(grouped.paragraphs()).rename(columns={"group": "voice"})
    whole = whole.assign(plain=whole["text"].str.translate(_BREAKS))
    lengths = whole["plain"].str.len() + 1
    whole = whole.assign(offset=lengths.groupby(whole["doc_id"], sort=False).cumsum() - lengths)
    facts = grouped.facts(grouped.paragraphs())
    own = values["codebook"] if values["codebook"] not in ("", "none") else None
    codes = _codes(facts, own)
    asked = questions.choose_questions(values["questions"], grouped.corpus, facts["themes"])
    codes |= {f"question: {q.question}": q.gloss for q in questions.read_questions(asked)}
    body = grouped.paragraphs()
    body = body[body["kind"] == "body"].reset_index(drop=True)
    read = (facts["themes"], facts["stances"], facts["quantities"], facts["programmes"])
    found = answers.find_answers(body, *read, grouped.corpus, asked)
    codings = pd.concat([*_coded_facts(facts, whole), _coded("question", found, found["question"])])
    order = {doc_id: i for i, doc_id in enumerate(grouped.corpus["doc_id"])}
    codings = codings.assign(_at=codings["doc_id"].map(order)).sort_values(["_at", *PLACE[1:], "code"], kind="stable")
    codings = codings.drop(columns="_at").drop_duplicates([*PLACE, "code"]).reset_index(drop=True)
    return CodedStudy(grouped, whole, codings.astype(dict.fromkeys(PLACE[1:], int)), codes, own)


def _codes(facts: Mapping[str, pd.DataFrame], codebook: str | None) -> dict[str, str]:
    """The codes that answer a question of coding, by what the codebook says of them."""
    labels = coding.fitting_definitions(codebook, facts["themes"]["theme"].unique())
    codes: dict[str, str] = {}
    for name, group in GROUPS.items():
        task, question = (group.task, group.question) if group.task else ("themes", "theme")
        if name == "question" or not len(facts[task]):
            continue
        own = labels[(labels["task"] == task) & (labels["question"] == question)]
        codes |= {f"{name}: {r.label}": r.definition for r in own.itertuples() if r.label not in ("", NONE)}
    return codes


def _coded_facts(facts: Mapping[str, pd.DataFrame], paragraphs: pd.DataFrame) -> list[pd.DataFrame]:
    """Codings of each table; those of themes are on whole paragraphs."""
    lengths = paragraphs.set_index(["doc_id", "paragraph"])["plain"].str.len().rename("end")
    themes = facts["themes"].join(lengths, on=["doc_id", "paragraph"]).assign(start=0)
    parts = []
    for name, rows in (("theme", themes["rank"] == 1), ("further theme", themes["rank"] > 1)):
        parts.append(_coded(name, themes[rows], themes.loc[rows, "theme"]))
    stances, programmes, quantities = facts["stances"], facts["programmes"], facts["quantities"]
    notes = [free_note(dict(zip(FREE, row, strict=True))) for row in quantities[list(FREE)].to_numpy(dtype=object)]
    return [
        *parts,
        _coded("stance", stances, stances["stance"]),
        _coded("voice", stances, stances["voice"]),
        _coded("quantity", quantities, quantities["kind"]).assign(note=notes),
        _coded("programme", programmes, programmes["type"]),
    ]


def _coded(group: str, table: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    return table[PLACE].assign(code=[f"{group}: {label}" for label in labels], note="")


def free_note(said: Mapping[str, Any]) -> str:
    """What is said of a quantity in words, a line each: year, unit, item."""
    cells = {name: NONE if pd.isna(value) or value == "" else value for name, value in said.items()}
    texts = {name: str(int(v)) if isinstance(v, float) else " ".join(str(v).split()) for name, v in cells.items()}
    return "\n".join(f"{name}: {text}" for name, text in texts.items())


def split_code(code: str) -> tuple[str, str]:
    """The group and the label of a code, "stance: plan"; two empty texts if it is none of the suite's form."""
    group, _, label = code.replace("：", ":").partition(":")
    group, label = group.strip().lower(), label.strip()
    return (group, label) if group in GROUPS and label else ("", "")
