"""Questions put to a run's tables one at a time, each answered by a table within a second: what the explorer shows.

Whatever is slow is done once: `Explorer` makes text ready for search, and a topic model is kept once it is fitted.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from .. import PROJECT, CrosscityError
from ..chinese import STATEMENT_ENDS
from ..compare import shifts
from ..compare.indicators import indicators, read_indicators
from ..figures.style import save_figure
from ..files import frame_text, write_text
from ..language import called
from ..study import default_max_df
from ..topics import codebook_topics, labels, models
from ..words.matrix import count_matrix
from . import cleaning_changes, topics_page
from .search import Search

if TYPE_CHECKING:
    from collections.abc import Sequence

QUICK = 12  # topics, where none is asked for: fitted once, and held against no other number as 03-topics does
QUANTITIES = ["group", "doc_id", "paragraph", "item", "scope", "value", "upper", "unit", "kind", "qualifier", "period"]
QUANTITIES += ["year", "number"]
SIDES = ["indicator", "unit", "population", "kind", "year"]


class Topics(NamedTuple):
    """Topics, or themes of a codebook where documents are few, and what they are.

    Attributes
    ----------
    model : topics.TopicModel
    names : list of str
    counts : sparse array, shape (n_paragraphs, n_terms)
        What it was fitted to.
    themes : bool
        Whether these are themes of a codebook.
    """

    model: Any
    names: list[str]
    counts: Any
    themes: bool


class Explorer:
    """The tables of a run, made ready to be asked.

    Parameters
    ----------
    run : notebook.Run
        Of begin("explore", ...): its groups, kinds of paragraph and parameters hold throughout.

    Attributes
    ----------
    run : notebook.Run
    paragraphs : DataFrame
        Of `Run.paragraphs`, all kinds.
    search : search.Search
        Over the kinds whose words count.
    """

    def __init__(self, run: Any) -> None:
        self.run, self.paragraphs = run, run.paragraphs()
        own = self.paragraphs[self.paragraphs["kind"].isin(run["kinds"])]
        if own.empty:
            run.paragraphs(run["kinds"])  # says what is wrong
        years = pd.to_numeric(run.corpus.set_index("doc_id")["year"], errors="coerce")
        self._facts = run.facts(self.paragraphs)
        self.search = Search(own, self._facts["themes"], self._facts["stances"], years, run.has_text)
        self._kept: dict[Any, Any] = {}

    def lines(self, query: str, how: str = "words", **restricted: Any) -> pd.DataFrame:
        """What is found, in its context: `search.Search.lines`, with its parameters."""
        return self.search.lines(query, how, **restricted)

    def rates(self, query: str, how: str = "words", **restricted: Any) -> pd.DataFrame:
        """How often it is found in each group: `search.Search.rates`, with its parameters."""
        return self.search.rates(query, how, **restricted)

    def groups(self) -> list[str]:
        """Groups that have text of the kinds whose words count."""
        return self.search.choices["groups"]

    def pair(self) -> tuple[str, str]:
        """The two groups that are compared where none are named: as `Run.pair` has them.

        Raises
        ------
        CrosscityError
            If there are not two.
        """
        a, b = self.run.pair()
        return a, b

    def counts(self, max_df: float = 1.0) -> tuple[sparse.csr_array, Any]:
        """Counts of terms in the paragraphs of `search.table`, as `Run.counts` has them, from words coded already."""
        if max_df not in self._kept:
            run, found = self.run, self.search
            masked = run.place_names() if run["mask_places"] else frozenset()
            terms = count_matrix([list(found.words)], run["stopwords"], 1, 1.0, masked)[1]  # words that are terms
            column = pd.Index(terms).get_indexer(found.words)[found.token]
            kept, shape = column >= 0, (len(found.table), len(terms))
            ones = np.ones(kept.sum(), dtype=np.int64)
            counts = sparse.coo_array((ones, (found.token_row[kept], column[kept])), shape=shape).tocsr()
            counts.sum_duplicates()
            holding = np.bincount(counts.indices, minlength=len(terms))
            largest = max_df or default_max_df(shape[0])
            often = (holding >= run["min_df"]) & (holding / max(shape[0], 1) <= largest)
            if not often.any():
                msg = f"no term stands in min_df = {run['min_df']} of {shape[0]} paragraphs or more: lower it"
                raise CrosscityError(msg)
            self._kept[max_df] = counts[:, often], terms[often]
        return self._kept[max_df]

    def shift(self, a: str, b: str) -> pd.DataFrame:
        """What each term adds to how two groups differ: `compare.shifts.shift` of them, with intervals.

        Raises
        ------
        CrosscityError
            If a group has no words, or both are the same.
        """
        counts, terms = self.counts()
        table = self.search.table
        at = np.flatnonzero(table["group"].isin([a, b]))
        documents = self.run.document_ids(self._own().iloc[at]).to_numpy()
        groups = table["group"].to_numpy()[at]
        return shifts.shift(counts[at], terms, documents, groups, a, b, **self.run.settings("draws", "seed"))

    def _own(self) -> pd.DataFrame:
        """Paragraphs in the order of `search.table`, with all columns."""
        if "own" not in self._kept:
            keys = ["doc_id", "paragraph"]
            self._kept["own"] = self.search.table[keys].merge(self.paragraphs, on=keys, how="left", validate="1:1")
        return self._kept["own"]

    def topics(self, k: int = 0) -> Topics:
        """Topics of all paragraphs, or themes of the run's codebook where there is one (`topics.codebook_topics.of_run`).

        Parameters
        ----------
        k : int
            Number of topics; 0: `QUICK`, and themes where documents are few.

        Raises
        ------
        CrosscityError
            If there is too little text.
        """
        if ("topics", k) not in self._kept:
            least, book = self.run["min_tokens"], codebook_topics.of_run(self.run["codebook"], self.run.corpus)
            if not k and book is not None:
                counts, terms = self.counts()
                model = codebook_topics.codebook_topics(counts, terms, book, least)
                made = Topics(model, [called("theme", theme) for theme in book["theme"]], counts, True)
            else:
                counts, terms = self.counts(0.0)
                most = max(2, min(k or QUICK, *(n - 1 for n in counts.shape)))
                model = models.fit(counts, terms, k or most, least, self.run["seed"])
                made = Topics(model, models.topic_names(model), counts, False)
            self._kept["topics", k] = made
        return self._kept["topics", k]

    def topic_shares(self, a: str = "", b: str = "", k: int = 0) -> pd.DataFrame:
        """How much of each group's text each topic takes.

        Parameters
        ----------
        a, b : str
            Two groups to set side by side; empty: all.
        k : int
            As for `topics`.

        Returns
        -------
        DataFrame
            topic, name, and for all groups group, share, in their order; for two a, b (their shares) and difference
            (b less a), the largest differences first.
        """
        found, own = self.topics(k), self._own()
        wide = models.prevalence(found.model, own["group"], own["n_chars"])
        wide.index.name = "group"
        if not a and not b:
            long = wide.reset_index().melt("group", var_name="topic", value_name="share")
            long.insert(1, "name", [found.names[t - 1] for t in long["topic"]])
            return long.round(6)[["topic", "name", "group", "share"]].sort_values(["topic", "group"], ignore_index=True)
        self._two(a, b)
        table = pd.DataFrame({"topic": wide.columns, "name": found.names, "a": wide.loc[a], "b": wide.loc[b]}).round(6)
        table["difference"] = (table["b"] - table["a"]).round(6)
        order = table["difference"].abs().sort_values(ascending=False, kind="stable").index
        return table.loc[order].reset_index(drop=True)

    def browse(self, k: int = 0, prefix: str = "topics") -> str:
        """A browser of the topics, as HTML: `topics_page.browse`, without intervals and stability, which take minutes."""
        found, own = self.topics(k), self._own()
        terms = labels.terms_in_three_ways(found.model, found.counts, 10)
        shown = labels.representatives(found.model, own, own["n_chars"].to_numpy())
        shown = shown.merge(own[["doc_id", "paragraph", "text"]], on=["doc_id", "paragraph"])
        shares = self.topic_shares(k=k).assign(low=np.nan, high=np.nan, reason="03-topics draws them")
        whole = models.prevalence(found.model, np.zeros(len(own)), own["n_chars"]).to_numpy()[0]
        about = {"prevalence": np.nan_to_num(whole), "by": self.run.by, "prefix": prefix}
        return topics_page.browse(found.model, found.names, terms, shown, shares, notes=self.run.display_notes, **about)

    def indicators(self, a: str, b: str) -> pd.DataFrame:
        """Named indicators (`compare.indicators.indicators`) of two groups, side by side.

        Returns
        -------
        DataFrame
            indicator, unit, population (whom it speaks of), kind, year; a, b: the first value that either states
            (NaN: not reported); sentence_a, sentence_b, where there is text. In the order of the file of indicators,
            what both report first.
        """
        self._two(a, b)
        table = self._indicators([a, b])
        sides = []
        for side, group in zip("ab", (a, b), strict=True):
            part = table[table["group"] == group].drop_duplicates(SIDES)[[*SIDES, "value", "sentence"]]
            sides.append(part.rename(columns={"value": side, "sentence": f"sentence_{side}"}))
        # Of years that are not stated, one NaN is the other.
        both = sides[0].merge(sides[1], on=SIDES, how="outer")
        order = {rule.indicator: i for i, rule in enumerate(read_indicators())}
        both = both.assign(one=both[["a", "b"]].isna().any(axis=1), rank=both["indicator"].map(order))
        both = both.sort_values(["one", "rank", *SIDES[1:]], kind="stable", ignore_index=True)
        quoted = ["sentence_a", "sentence_b"] if self.run.has_text else []  # of an edition, they are places
        return both[[*SIDES, "a", "b", *quoted]].round({"a": 6, "b": 6})

    def _indicators(self, groups: list[str]) -> pd.DataFrame:
        run = self.run
        if run.has_text:
            whole = self.paragraphs[self.paragraphs["group"].isin(groups)]
            facts = self._facts["quantities"]
            table = indicators(facts[facts["group"].isin(groups)], whole, run.corpus)
        else:
            table = run.texts.compute("indicators", None)
        label = self.paragraphs[["doc_id", "paragraph", "group"]]
        return table.merge(label, on=["doc_id", "paragraph"], how="inner")

    def _two(self, a: str, b: str) -> None:
        if unknown := [g for g in (a, b) if g not in self.groups()]:
            msg = f"there is no group {unknown[0]!r}: there are {', '.join(self.groups()[:20])}"
            raise CrosscityError(msg)
        if a == b:
            msg = "a and b are the same group: name two groups that have text"
            raise CrosscityError(msg)

    def quantities(
        self,
        item: str = "",
        unit: str = "",
        kind: str = "",
        scope: str = "",
        groups: Sequence[str] = (),
        most: int | None = None,
    ) -> pd.DataFrame:
        """Quantities that documents state, each with its sentence.

        Parameters
        ----------
        item, scope : str
            Text that the column holds; empty: any.
        unit, kind : str
            What the column is; empty: any.
        groups : sequence of str
            Empty: all.
        most : int, optional
            Rows.

        Returns
        -------
        DataFrame
            Columns `QUANTITIES`, and sentence where the tables hold text; in the order of group, document and text.
        """
        table = self._facts["quantities"]
        keep = np.ones(len(table), dtype=bool)
        for column, text in (("item", item), ("scope", scope)):
            if text:
                keep &= table[column].str.contains(text, regex=False).to_numpy()
        for column, value in (("unit", unit), ("kind", kind)):
            if value:
                keep &= (table[column] == value).to_numpy()
        if len(groups):
            keep &= table["group"].isin(list(groups)).to_numpy()
        table = (
            table[keep].sort_values(["group", "doc_id", "paragraph", "start"], kind="stable").head(most or len(table))
        )
        found = table[QUANTITIES].reset_index(drop=True)
        if not self.run.has_text:
            return found
        if "texts" not in self._kept:
            keys = zip(self.paragraphs["doc_id"], self.paragraphs["paragraph"], strict=True)
            self._kept["texts"] = dict(zip(keys, self.paragraphs["text"], strict=True))
        texts, columns = self._kept["texts"], ["doc_id", "paragraph", "start", "end"]
        places = table[columns].itertuples(index=False, name=None)
        sentences = [_sentence(texts[d, p], s, e) for d, p, s, e in places]
        return found.assign(sentence=pd.Series(sentences, dtype=str))

    def choices(self, column: str) -> list[str]:
        """What a column of the quantities holds, the commonest first, ties by name; empty cells left out."""
        counts = self._facts["quantities"][column].value_counts()
        return sorted((v for v in counts.index if v), key=lambda v: (-counts[v], v))

    def changes(self, doc_id: str) -> pd.DataFrame:
        """What cleaning changed in a document, where it stands in its paragraphs: `cleaning_changes.placed`.

        Raises
        ------
        CrosscityError
            If there is no such document, or no text.
        """
        if doc_id not in set(self.run.corpus["doc_id"]):
            msg = f"there is no document {doc_id!r} that takes part: see run.corpus"
            raise CrosscityError(msg)
        if not self.run.has_text:
            msg = "these tables hold no text: what cleaning changed is counted in 01-corpus, and not shown"
            raise CrosscityError(msg)
        log = self.run.table("cleaning_log")
        return cleaning_changes.placed(log[log["doc_id"] == doc_id], self.document(doc_id))

    def document(self, doc_id: str) -> pd.DataFrame:
        """A document's paragraphs, of every kind, in order: columns paragraph, kind, section, text."""
        own = self.paragraphs[self.paragraphs["doc_id"] == doc_id].sort_values("paragraph")
        return own[["paragraph", "kind", "section", "text"]].reset_index(drop=True)

    def export(
        self, name: str, table: pd.DataFrame, code: str, fig: Any = None, title: str = "", alt: str = ""
    ) -> list[str]:
        """Put what is seen into the run's folder: the table, the code that makes it, and the figure if there is one.

        Parameters
        ----------
        name : str
            A number follows, so that no export takes the place of another.
        table : DataFrame
        code : str
            Of `call`: what is called of an `Explorer` named ask.
        fig : Figure, optional
        title, alt : str
            Of the figure.

        Returns
        -------
        list of str
            Names of the files.
        """
        run, n = self.run, 1
        while list(run.out.glob(f"{name}-{n:02d}.*")):
            n += 1
        name, table = f"{name}-{n:02d}", run.texts.publishable(table)
        if fig is not None:
            save_figure(fig, run.out, name, table, title, alt, run.display_notes)
        else:
            noted = table.assign(note="; ".join(run.display_notes)) if run.display_notes else table
            write_text(run.out / f"{name}.csv", frame_text(noted, "%.6g"))
        write_text(run.out / f"{name}.py", f"{self.preamble()}\ntable = {code}\n")
        return sorted(p.name for p in run.out.glob(f"{name}.*"))

    def preamble(self) -> str:
        """Code that makes this explorer, as `ask`, in a fresh session."""
        run = self.run
        folder = run.tables.relative_to(PROJECT) if run.tables.is_relative_to(PROJECT) else run.tables
        given = {k: v for k, v in run.values.items() if k in _TAKEN}
        told = ", ".join(f"{k}={v!r}" for k, v in {"tables": str(folder), **given}.items())
        lines = ["from crosscity.explorer.answers import Explorer", "from crosscity.study.run import begin", ""]
        return "\n".join([*lines, f'ask = Explorer(begin("explore", {told}))'])


_TAKEN = (
    *("by", "only", "kinds", "min_df", "mask_places", "stopwords", "codebook", "min_tokens"),
    *("a", "b", "draws", "seed", "language"),
)


def call(name: str, *given: Any, **named: Any) -> str:
    """The line of code that asks an `Explorer` named ask, without what has its default.

    >>> call("lines", "党建", how="words", groups=[], most=None)
    "ask.lines('党建')"
    """
    method = getattr(Explorer, name)
    method = {"lines": Search.lines, "rates": Search.rates}.get(name, method)
    defaults = {p.name: p.default for p in inspect.signature(method).parameters.values()}
    told = [repr(value) for value in given]
    for key, value in named.items():
        plain = list(value) if isinstance(value, tuple) else value
        if plain != defaults[key] and not (plain == [] and defaults[key] == ()):
            told.append(f"{key}={plain!r}")
    return f"ask.{name}({', '.join(told)})"


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence, or the part of it up to a semicolon, that a place stands in."""
    low = max(text.rfind(c, 0, start) for c in STATEMENT_ENDS) + 1
    high = min((at for c in STATEMENT_ENDS if (at := text.find(c, end)) >= 0), default=len(text) - 1) + 1
    return text[low:high].strip()
