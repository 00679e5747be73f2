"""Export tables as CSV files, as they are or as an edition without text."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from .. import PROJECT, CrosscityError, __version__
from ..compare import answers, arithmetic, indicators, instruments, milestones, questions
from ..compare.targets import CUES
from ..files import check_replaceable
from ..ordering import sort_rows
from ..study import check_parameters
from ..study.grouped_corpus import GroupedCorpus
from ..tables import EDITION, FACTS, TABLES, edition, read_table
from ..words import matrix, reuse
from ..words.codes import encode
from .redaction import redact_runs

if TYPE_CHECKING:
    from collections.abc import Mapping

    Frames = dict[str, pd.DataFrame]

_KEY = edition.PARAGRAPH_KEY

_NAMED = 8  # characters of an instrument's name as it stands in the text


def export(
    tables: Path | str, out: Path | str, derived: bool = True, parameters: Mapping[str, Any] | None = None
) -> list[Path]:
    """Write the tables of a folder as CSV; derived, as an edition without text.

    Parameters
    ----------
    tables, out : str or Path
        Folder of the tables; folder for the CSV files, which is made anew: what is not the suite's stays in it.
    derived : bool
        Whether what holds text is withheld.
    parameters : dict, optional
        Of `study.read_parameters`: those that the results of the text depend on, and which documents take part.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    CrosscityError
        If a table is absent, or the folder for the files holds something else.
    """
    out = Path(out)
    if derived and not edition.has_text(tables):
        msg = f"{tables} are of an edition without text already: export the tables of the documents"
        raise CrosscityError(msg)
    check_replaceable(out, edition.MAKER)
    frames = {name: read_table(name, tables) for name in TABLES}
    description: dict[str, Any] = {"format": edition.FORMAT, "crosscity": __version__, "derived": derived}
    if derived:
        results, description["parameters"] = _text_results(tables, parameters)
        frames = redact_runs(without_text(frames) | results, document_texts(frames))
    texts = {f"{name}.csv": edition.csv_text(frame) for name, frame in frames.items()}
    description["files"] = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    texts[EDITION] = json.dumps(description, ensure_ascii=False, indent=1) + "\n"
    return edition.write_folder(out, texts)


def without_text(frames: Mapping[str, pd.DataFrame], numbered: bool = False) -> Frames:
    """The tables with nothing in them that is a sentence, or the order of words.

    Parameters
    ----------
    frames : dict of str to DataFrame
        The tables of the contract.
    numbered : bool
        Whether they are an edition's, whose sections are numbers already.
    """
    paragraphs, log, programmes = frames["paragraphs"], frames["cleaning_log"], frames["programmes"]
    numbers = paragraphs.groupby("doc_id", sort=False)["section"].transform(_section_numbers)
    section = paragraphs["section"] if numbered else numbers
    tokens = frames["tokens"].explode("tokens").dropna(subset="tokens")
    counts = tokens.groupby([*_KEY, "tokens"], sort=False).size().rename("count").reset_index()
    counts = counts.rename(columns={"tokens": "term"}).pipe(sort_rows, [*_KEY, "term"])
    lengths = {f"n_{side}": log[side].str.len() for side in ("before", "after")}
    return {
        **{name: frames[name] for name in ("corpus", *FACTS)},
        "programmes": programmes.assign(components=programmes["components"].map(sorted)),
        "paragraphs": paragraphs.assign(section=section, n_chars=paragraphs["text"].str.len()).drop(columns="text"),
        "counts": counts,
        "cleaning_log": log.assign(**lengths).drop(columns=["before", "after"]),
    }


def document_texts(frames: Mapping[str, pd.DataFrame]) -> pd.Series:
    """The text of each document, with the lines that cleaning removed."""
    log = frames["cleaning_log"]
    removed = log[log["rule"].str.startswith("furniture")].rename(columns={"before": "text"})
    lines = pd.concat([table[["doc_id", "line", "text"]] for table in (frames["paragraphs"], removed)])
    lines = sort_rows(lines, ["doc_id", "line"])
    return lines.groupby("doc_id", sort=False)["text"].agg("".join)


def _section_numbers(sections: pd.Series) -> pd.Series:
    """Paths of headings as numbers, in the order of the text: 1, 1.2 ..."""
    numbers: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for path in dict.fromkeys(sections):
        at = ""
        steps = path.split(" / ") if path else []
        for i in range(len(steps)):
            whole = " / ".join(steps[: i + 1])
            if whole not in numbers:
                seen[at] += 1
                numbers[whole] = f"{at}.{seen[at]}" if at else str(seen[at])
            at = numbers[whole]
    return sections.map(lambda path: numbers.get(path, ""))


def _text_results(tables: Path | str, parameters: Mapping[str, Any] | None) -> tuple[Frames, dict[str, Any]]:
    """The results of `edition.TEXT_RESULTS`, and the parameters that they depend on."""
    values = dict(check_parameters({}) if parameters is None else parameters)
    # As `study.opening.open_study` has them.
    values |= {name: str(PROJECT / values[name]) for name in ("references", "questions") if values[name]}
    grouped = GroupedCorpus(tables, values)
    corpus, whole = grouped.corpus, grouped.paragraphs()
    facts = grouped.facts(whole)
    quantities = facts["quantities"]
    own = whole[whole["kind"].isin(values["kinds"])].reset_index(drop=True)
    body = whole[whole["kind"] == "body"].reset_index(drop=True)
    texts, all_corpora, references = grouped.with_references(own)
    matches = reuse.matches(texts, references, values["length"], values["similarity"])
    passages = reuse.passages(matches, texts, all_corpora, references)
    asked = questions.choose_questions(values["questions"], corpus, facts["themes"])
    dated = [term for terms in milestones.read_milestones()["terms"] for term in terms]
    results = {
        "left-out": _left_out_words(own, grouped),
        "behind-numbers": _behind_numbers(whole),
        "occurrences": milestones.occurrences(own, dated),
        "indicators": _without_sentences(indicators.indicators(quantities, whole, corpus)),
        "instruments": instruments.find_instruments(whole).assign(variant=lambda t: t["variant"].str[:_NAMED]),
        "arithmetic": arithmetic.implied_values(quantities, whole),
        "answers": answers.find_answers(
            body, facts["themes"], facts["stances"], quantities, facts["programmes"], corpus, asked
        ),
        "matches": matches,
        "passages": passages.assign(characters=passages["text"].str.len()).drop(columns="text"),
    }
    names = sorted({name for result in edition.TEXT_RESULTS.values() for name in result.parameters})
    used = {name: edition.parameter_fingerprint(name, values[name]) for name in names}
    return results, used | {"documents": sorted(corpus["doc_id"])}


def _left_out_words(paragraphs: pd.DataFrame, grouped: GroupedCorpus) -> pd.DataFrame:
    """How often each word of a paragraph is part of a formula, and of the template, where it is."""
    masks = {
        "formulas": grouped.texts.formulas(paragraphs)[1],
        "template": grouped.texts.template_mask(paragraphs),
    }
    words = paragraphs[[*_KEY, "tokens"]].explode("tokens").dropna(subset="tokens").rename(columns={"tokens": "term"})
    words = words.assign(**masks).groupby([*_KEY, "term"], sort=False)[list(masks)].sum().reset_index()
    return sort_rows(words[words[list(masks)].any(axis=1)], [*_KEY, "term"])


def _behind_numbers(paragraphs: pd.DataFrame) -> pd.DataFrame:
    """How often a measure word with a noun stands behind a number in a paragraph, where it does."""
    words = paragraphs[[*_KEY, "tokens"]].explode("tokens").dropna(subset="tokens").rename(columns={"tokens": "term"})
    found = words[matrix.stand_behind_numbers(encode(paragraphs["tokens"]))]
    return sort_rows(found.groupby([*_KEY, "term"], sort=False).size().rename("count").reset_index(), [*_KEY, "term"])


def _without_sentences(table: pd.DataFrame) -> pd.DataFrame:
    """Indicators with the place of each sentence (paragraph.number), and the cues that tell results from targets."""
    number = table.groupby(_KEY)["sentence"].transform(lambda texts: pd.factorize(texts)[0] + 1)
    cues = table["sentence"].str.findall(CUES).str.join(" ")
    place = table["paragraph"].astype(str) + "." + number.astype(str)
    return table.assign(sentence=(place + " " + cues).str.strip())
