"""A study: documents in groups, and the results that can be asked of it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from .. import CrosscityError
from ..compare import collocations, confounding
from ..figures.style import in_width, literal_dollars, save_figure, use_style
from ..files import frame_to_csv, free_memory_given_back, give_back_free_memory, write_output
from ..language import heading, in_language, join_items, tr, with_glosses
from ..tables.audit import incomplete_documents
from ..words import formulaic
from .grouped_corpus import GroupedCorpus
from .groups import document_label
from .result import Result
from .results.adjusted import AdjustedQuestions
from .results.baseline import BaselineQuestions
from .results.claims import ClaimQuestions, kept_claims
from .results.comparison import ComparisonQuestions
from .results.corpus import CorpusQuestions
from .results.counterparts import CounterpartQuestions
from .results.diffusion import DiffusionQuestions
from .results.distances import DistanceQuestions
from .results.facts import FactQuestions
from .results.indicators import IndicatorQuestions
from .results.instruments import InstrumentQuestions
from .results.matrix import MatrixQuestions
from .results.pair import PairQuestions
from .results.profile import ProfileQuestions
from .results.promises import PromiseQuestions
from .results.reuse import ReuseQuestions
from .results.robustness import RobustnessQuestions
from .results.terms import TermQuestions
from .results.topics import TopicQuestions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt
    from matplotlib.figure import Figure


class Words(NamedTuple):
    """The words of paragraphs, counted.

    Attributes
    ----------
    whole, paragraphs : DataFrame
        The paragraphs as they stand, and without the genre's template.
    documents, groups : Series
        Of each paragraph.
    counts : sparse array, shape (n_paragraphs, n_terms)
    terms : ndarray of str
    template : float
        The share of words that were left out as the genre's template.
    wordless : list of str
        Groups without a counted word, of which no paragraph is here.
    """

    whole: pd.DataFrame
    paragraphs: pd.DataFrame
    documents: pd.Series
    groups: pd.Series
    counts: Any
    terms: npt.NDArray[Any]
    template: float
    wordless: list[str]


class Study(
    CorpusQuestions,
    TermQuestions,
    TopicQuestions,
    ComparisonQuestions,
    AdjustedQuestions,
    BaselineQuestions,
    DistanceQuestions,
    ProfileQuestions,
    PairQuestions,
    ReuseQuestions,
    DiffusionQuestions,
    FactQuestions,
    IndicatorQuestions,
    InstrumentQuestions,
    CounterpartQuestions,
    PromiseQuestions,
    MatrixQuestions,
    RobustnessQuestions,
    ClaimQuestions,
    GroupedCorpus,
):
    """Documents in groups, as parameters select them: each method is a question, and gives a `Result`.

    Parameters
    ----------
    name : str
        Of the notebook, such as 03-topics, or of the study.
    tables, out : str or Path
        Folders of the tables and for what is kept.
    values : dict
        Parameters, as `check_parameters` gives them.
    group : str, optional
        The group that a profile is of.
    source : str
        What the documents are called: their folder's name.

    Raises
    ------
    CrosscityError
        As `GroupedCorpus`, or if there is no such group.
    """

    def __init__(
        self,
        name: str,
        tables: Path | str,
        out: Path | str,
        values: Mapping[str, Any],
        group: str | None = None,
        source: str = "",
    ) -> None:
        super().__init__(tables, values)
        self.name, self.out, self.source = name, Path(out), source or _source(Path(tables))
        self._results: dict[Any, Any] = {}
        self._kept: dict[str, dict[str, Any]] = {}
        if group is not None and group not in self.groups():
            msg = f"group is {group!r}; by {self.by} there are {', '.join(self.groups()[:20])}"
            raise CrosscityError(msg)
        self.group = group
        self.out.mkdir(parents=True, exist_ok=True)

    # What all results share.

    @contextlib.contextmanager
    def own_settings(self, width: str = "") -> Iterator[None]:
        """The language and style of this study, in a block; two studies may be open at once."""
        use_style(self["width"])
        with in_language(self["language"]), in_width(width), literal_dollars():
            yield

    def labels(self) -> dict[str, str]:
        """The label of each document: its city, province or year, if that tells documents apart."""
        if "labels" not in self._results:
            named = document_label(self.corpus).astype(str)
            self._results["labels"] = dict(zip(self.corpus["doc_id"], named, strict=True))
        return dict(self._results["labels"])

    def words(self) -> Words:
        """The words that are compared: of the run's kinds of paragraph, without the genre's template."""
        if "words" not in self._results:
            whole = self.paragraphs(self["kinds"])
            mask = self.texts.template_mask(whole)
            paragraphs = whole.assign(tokens=formulaic.remove_masked(whole["tokens"], mask))
            share = float(mask.mean()) if len(mask) else 0.0
            counts, terms = self.counts(paragraphs)
            counted = pd.Series(counts.sum(axis=1)).groupby(paragraphs["group"]).sum()
            if wordless := sorted({*self.groups()} - {*counted.index[counted > 0]}):
                keep = ~paragraphs["group"].isin(wordless).to_numpy()
                whole, paragraphs = (table[keep].reset_index(drop=True) for table in (whole, paragraphs))
                counts = counts[keep]
            documents, groups = self.document_ids(paragraphs), paragraphs["group"]
            self._results["words"] = Words(whole, paragraphs, documents, groups, counts, terms, share, wordless)
        return self._results["words"]

    def incomplete(self) -> dict[str, str]:
        """Groups of which no document is whole, and why; they are named in no extreme. None without text or stances."""
        if "incomplete" not in self._results:
            found: dict[str, str] = {}
            if self.has_text and (self.tables / "stances.parquet").is_file():  # of tables built in part
                found = incomplete_documents(self.corpus, self.paragraphs(), self.table("stances"))
            reasons = self.corpus["doc_id"].map(found)
            whole = set(self.corpus["group"][reasons.isna()])
            groups = zip(self.corpus["group"], reasons, strict=True)
            self._results["incomplete"] = {group: reason for group, reason in groups if group not in whole}
        return dict(self._results["incomplete"])

    def incomplete_ids(self) -> set[str]:
        """The documents of groups of which none is whole."""
        return set(self.corpus.loc[self.corpus["group"].isin(set(self.incomplete())), "doc_id"])

    def wordless_sentence(self, wordless: list[str]) -> str:
        """That groups take no part where words are counted, since none of theirs is."""
        more = tr(" and {n} more", n=len(wordless) - 8) if len(wordless) > 8 else ""
        return tr("Left out, since no word of theirs is counted: {said}.", said=join_items(wordless[:8]) + more)

    def lines(self, term: str, most: int = 20) -> pd.DataFrame:
        """A word in its context, a line an occurrence: `compare.collocations.kwic`."""
        return collocations.kwic(self.texts.quotable(self.paragraphs(self["kinds"])), [term], max_lines=most)

    def paragraph_text(self, doc_id: str, paragraph: int) -> pd.DataFrame:
        """A paragraph with its group; empty if the tables hold no text."""
        part = self.texts.quotable(self.paragraphs())
        part = part[(part["doc_id"] == doc_id) & (part["paragraph"] == paragraph)]
        return part[["group", "doc_id", "paragraph", "text"]].reset_index(drop=True)

    # What it says of itself.

    def sentences(self, language: str = "") -> list[str]:
        """The corpus in sentences: documents, groups, caveats, and what goes together with what is compared."""
        with self.own_settings(), in_language(language or self["language"]):
            groups, some = self.groups(), tr(", ").join(self.displayed_groups(8))
            more = tr(" and {n} more", n=len(groups) - 8) if len(groups) > 8 else ""
            sizes = {"n": len(self.corpus), "groups": len(groups), "many": self.plural(), "some": some + more}
            said = [tr("{source}: {n} documents, {groups} {many} ({some}).", source=self.source, **sizes)]
            if len(self.corpus) == 1:
                said = [tr("{source}: 1 document ({some}).", source=self.source, some=some)]
            if len(self.left_out):
                n = len(self.left_out)
                said.append(tr("{n} documents take no part.", n=n) if n > 1 else tr("1 document takes no part."))
            said += [note[:1].upper() + note[1:] + tr(".") for note in self.display_notes]
            return said + confounding.sentences(confounding.column_associations(self.corpus, self.by))

    def __repr__(self) -> str:
        return "\n".join(self.sentences())

    def _repr_html_(self) -> str:
        from ..browse.fragments import template

        with self.own_settings():
            cells = self.corpus[["group", "year", "genre", "speaker", "n_chars"]].astype(object).fillna("")
            columns = [c for c in cells if cells[c].astype(bool).any()]
            shown = cells[columns].head(30)
            return template("result.html").render(
                picture="",
                title=self.name,
                alt="",
                sentences=self.sentences(),
                columns=[heading(self.by if c == "group" else c) for c in columns],
                numbers=[c == "n_chars" for c in columns],
                rows=[
                    [f"{v:,}" if c == "n_chars" else str(v) for c, v in row.items()] for row in shown.to_dict("records")
                ],
                more=len(self.corpus) - len(shown),
            )

    # Keeping.

    def keep(self, *results: Result, title: str = "") -> None:
        """Save results into the study's folder: pictures with their data, tables, pages, sentences.

        Parameters
        ----------
        *results : Result
        title : str
            A caption of your own, for one result.
        """
        if title and len(results) != 1:
            msg = f"a title is for one result, and {len(results)} are given: keep them one by one"
            raise CrosscityError(msg)
        give_back_free_memory()  # of what the notebook did before, since pages and sheets take much again
        for result in results:
            with free_memory_given_back():
                self._keep(result, title)
            self._write_summary()

    def _keep(self, result: Result, title: str) -> None:
        """Save one result."""
        asides = result.asides()
        found = [sentence for sentence in result.sentences() if sentence not in asides]
        kept: dict[str, Any] = {"findings": found, "preparation": asides, "figures": [], "pages": []}
        self._kept[result.key] = kept
        with self.own_settings():
            kept["claims"] = [claim._asdict() for claim in kept_claims(result)]
            for name, table in result.tables().items():
                self.save_table(name, table, filled_in=name in result.filled_in)
            for part in (result, *result.parts()):
                if part._drawn is not None:
                    called = title if title and part is result else part.title
                    self._save_figure(part._drawn, part.name, part.data(), called, part.alt)
                    kept["figures"].append(part.name)
            result.write_more(self.out)
            for name, page in result.pages().items():
                if page.quotes and (omission := self.texts.omission(page.title)):
                    kept["findings"].append(omission)
                    continue
                write_output(self.out / f"{name}.html", page.html)
                kept["pages"].append({"name": name, "title": page.title})

    def write_table(self, path: Path, table: pd.DataFrame, filled_in: bool = False) -> None:
        """Write a table as CSV, without columns of withheld text; its last column has the notes on the corpus.

        One that people fill in begins with a byte-order mark, without which a spreadsheet misreads Chinese.
        """
        with self.own_settings():
            table = with_glosses(self.texts.publishable(table))
            if self.display_notes:
                table = table.assign(note="; ".join(self.display_notes))
            write_output(path, "\ufeff" * filled_in + frame_to_csv(table, "%.6g"))

    def save_table(self, name: str, table: pd.DataFrame, filled_in: bool = False) -> None:
        """Write a table into the study's folder; see `write_table`."""
        self.write_table(self.out / f"{name}.csv", table, filled_in)

    def _save_figure(self, fig: Figure, name: str, data: pd.DataFrame, title: str, alt: str) -> None:
        save_figure(fig, self.out, name, with_glosses(self.texts.publishable(data)), title, alt, self.display_notes)

    @property
    def findings(self) -> list[str]:
        """The sentences of what was kept, each once."""
        return list(dict.fromkeys(s for kept in self._kept.values() for s in kept["findings"]))

    @property
    def asides(self) -> list[str]:
        """What was kept of preparation, defaults and tests that could not be made, each once."""
        return list(dict.fromkeys(s for kept in self._kept.values() for s in kept["preparation"]))

    def _write_summary(self) -> None:
        kept = self._kept.values()
        summary = {
            "name": self.name,
            "group": self.group,
            "by": self.by,
            "notes": self.notes,
            "findings": self.findings,
            "claims": [claim for k in kept for claim in k["claims"]],
            "preparation": self.asides,
            "figures": list(dict.fromkeys(name for k in kept for name in k["figures"])),
            "pages": [page for k in kept for page in k["pages"]],
        }
        write_output(self.out / "findings.json", json.dumps(summary, ensure_ascii=False, indent=1) + "\n")


def _source(tables: Path) -> str:
    """What the documents of a folder of tables are called: the folder that the tables were built for."""
    folder = tables.parent if tables.name == "processed" else tables
    return "data/raw" if folder.name == "data" else folder.name
