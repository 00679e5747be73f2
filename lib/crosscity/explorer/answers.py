"""Questions to a study's tables, each answered by a table within a second; the explorer shows the answers.

What is slow happens once: `Explorer` prepares the text for search, and caches counts and topic models.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from .. import PROJECT, CrosscityError, NotEstimableError
from ..browse import topics_page
from ..chinese import STATEMENT_ENDS
from ..compare import shifts
from ..compare.indicators import indicators, read_indicators
from ..figures.style import save_figure
from ..files import check_text, frame_to_csv, write_output
from ..language import display_name, tr
from ..ordering import sort_rows
from ..study import PARAMETERS, default_max_df
from ..topics import codebook_topics, labels, models
from ..words.matrix import count_matrix, counts_of_codes
from . import cleaning_changes
from .expressions import LONGEST
from .queries import Queries, pinyin
from .search import Search

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.figure import Figure
    from scipy import sparse

    from ..study.study import Study
    from ..topics.models import TopicModel

QUICK = 12  # topics by default: fitted once, and not compared with other numbers as 03-topics does
QUANTITIES = ["group", "doc_id", "paragraph", "item", "scope", "value", "upper", "unit", "kind", "qualifier", "period"]
QUANTITIES += ["year", "number"]
SIDES = ["indicator", "unit", "population", "kind", "year"]


class Topics(NamedTuple):
    """Topics, or themes of a codebook where documents are few.

    Attributes
    ----------
    model : topics.models.TopicModel
    names : list of str
    counts : sparse array, shape (n_paragraphs, n_terms)
        What it was fitted to.
    themes : bool
        Whether these are themes of a codebook.
    """

    model: TopicModel
    names: list[str]
    counts: sparse.csr_array
    themes: bool


class Explorer:
    """The tables of a study, prepared for questions.

    Its methods give plain tables at once, as the controls show them; those of `results.FirstAnswers` give results.

    Parameters
    ----------
    study : study.study.Study
        Its groups, kinds of paragraph and parameters apply to every answer.

    Attributes
    ----------
    study : study.study.Study
    paragraphs : DataFrame
        Of `Study.paragraphs`, all kinds.
    search : search.Search
        Of the kinds of paragraph whose words count.
    """

    def __init__(self, study: Study) -> None:
        self.study, self.paragraphs = study, study.paragraphs()
        own = self.paragraphs[self.paragraphs["kind"].isin(study["kinds"])]
        if own.empty:
            study.paragraphs(study["kinds"])  # raises, and names the remedy
        years = pd.to_numeric(study.corpus.set_index("doc_id")["year"], errors="coerce")
        self._facts = study.facts(self.paragraphs)
        self.search = Search(own, self._facts["themes"], self._facts["stances"], years, study.has_text)
        self._queries = Queries(self.search.words)
        self._cache: dict[Any, Any] = {}

    def __repr__(self) -> str:
        with self.study.own_settings():
            return tr("Explorer of {source}: {n} documents.", source=self.study.source, n=len(self.study.corpus))

    def understood(self, query: str, how: str = "words") -> str:
        """The query in words of these documents: from English (the glossary), pinyin or traditional characters.

        What the documents have is taken as it is, and so is what nothing is found for.

        Parameters
        ----------
        query, how : str
            As for `lines`; regular expressions are taken as they are.
        """
        check_text(query)
        if how == "regex" or not query.strip() or len(query) > LONGEST:
            return query
        if how == "string" and self.study.has_text and len(self.search.find(query, how).row):
            return query
        return self._queries.understood(query, how)

    def lines(self, query: str, how: str = "words", **restricted: Any) -> pd.DataFrame:
        """Matches in their context: `search.Search.lines`, with its parameters."""
        return self.search.lines(query, how, **restricted)

    def rates(self, query: str, how: str = "words", **restricted: Any) -> pd.DataFrame:
        """The rate of matches in each group: `search.Search.rates`, with its parameters."""
        return self.search.rates(query, how, **restricted)

    def groups(self) -> list[str]:
        """Groups with text of the kinds whose words count."""
        return self.search.choices["groups"]

    def choices_of_groups(self, order: str = "pinyin") -> list[tuple[str, str]]:
        """Labels of groups, which begin with their pinyin, and the groups.

        Parameters
        ----------
        order : str
            pinyin; or province: those of one province stand together.
        """
        if ("groups", order) not in self._cache:
            stated = self.study.corpus[self.study.corpus["province"] != ""]
            provinces = stated.drop_duplicates("group").set_index("group")["province"].to_dict()
            rows = []
            for group in self.groups():
                name, province = pinyin(group), provinces.get(group, "") if order == "province" else ""
                label = f"{name.capitalize()} {group}" if name else group
                rows.append(
                    (pinyin(province), province, name or group, group, label + f" · {province}" * bool(province))
                )
            self._cache["groups", order] = [(label, group) for *_, group, label in sorted(rows)]
        return self._cache["groups", order]

    def has_provinces(self) -> bool:
        """Whether groups are of several provinces, and other than these."""
        stated = self.study.corpus.loc[self.study.corpus["province"] != "", ["group", "province"]]
        return stated["province"].nunique() > 1 and self.study.by not in ("province", "year")

    def pair(self, a: str = "", b: str = "") -> tuple[str, str]:
        """The two groups to compare: those that are named, else those of `Study.pair`.

        Raises
        ------
        NotEstimableError
            If there are not two.
        """
        if len(self.groups()) < 2:
            raise NotEstimableError(tr("There is one group, and nothing to compare it with."))
        first, second = self.study.pair()
        a = a or (second if first == b else first)
        return a, b or (first if second == a else second)

    def counts(self, max_df: float = 1.0) -> tuple[sparse.csr_array, npt.NDArray[Any]]:
        """Counts of terms in the paragraphs of `search.table`, as of `Study.counts`, from the codes of words."""
        if max_df not in self._cache:
            study, search = self.study, self.search
            masked = study.place_names() if study["mask_places"] else frozenset()
            candidates = count_matrix([list(search.words)], study["stopwords"], 1, 1.0, masked)[1]
            columns, n = pd.Index(candidates).get_indexer(search.words).astype(np.int32), len(search.table)
            lengths = np.bincount(search.token_row, minlength=n)
            counts = counts_of_codes(search.token, lengths, columns, len(candidates))
            paragraphs = np.bincount(counts.indices, minlength=len(candidates))  # that contain each term
            largest = max_df or default_max_df(n)
            often = (paragraphs >= study["min_df"]) & (paragraphs / max(n, 1) <= largest)
            if not often.any():
                msg = f"no term stands in min_df = {study['min_df']} of {n} paragraphs or more: lower it"
                raise NotEstimableError(msg)
            self._cache[max_df] = counts[:, often], candidates[often]
        return self._cache[max_df]

    def shift(self, a: str, b: str) -> pd.DataFrame:
        """The contribution of each term to the divergence of two groups: `compare.shifts.shift`, with intervals.

        Raises
        ------
        CrosscityError
            If a group has no words, or both are the same.
        """
        counts, terms = self.counts()
        table = self.search.table
        at = np.flatnonzero(table["group"].isin([a, b]))
        documents = self.study.document_ids(self._searched().iloc[at]).to_numpy()
        groups = table["group"].to_numpy()[at]
        return shifts.shift(counts[at], terms, documents, groups, a, b, **self.study.settings("draws", "seed"))

    def _searched(self) -> pd.DataFrame:
        """Paragraphs in the order of `search.table`, with all columns."""
        if "paragraphs" not in self._cache:
            keys = ["doc_id", "paragraph"]
            table = self.search.table[keys].merge(self.paragraphs, on=keys, how="left", validate="1:1")
            self._cache["paragraphs"] = table
        return self._cache["paragraphs"]

    def topics(self, k: int = 0) -> Topics:
        """Topics of all paragraphs, or themes of the run's codebook (`topics.codebook_topics.choose_codebook`).

        Parameters
        ----------
        k : int
            Number of topics; 0: themes where documents are few, else `QUICK`.

        Raises
        ------
        CrosscityError
            If there is too little text.
        """
        if ("topics", k) not in self._cache:
            least, book = (
                self.study["min_tokens"],
                codebook_topics.choose_codebook(self.study["codebook"], self.study.corpus, self.study.coded_themes()),
            )
            if not k and book is not None:
                counts, terms = self.counts()
                model = codebook_topics.codebook_topics(counts, terms, book, least)
                topics = Topics(model, [display_name("theme", theme) for theme in book["theme"]], counts, True)
            else:
                counts, terms = self.counts(0.0)
                most = max(2, min(k or QUICK, *(n - 1 for n in counts.shape)))
                model = models.fit(counts, terms, k or most, least, self.study["seed"])
                topics = Topics(model, models.topic_names(model), counts, False)
            self._cache["topics", k] = topics
        return self._cache["topics", k]

    def topic_shares(self, a: str = "", b: str = "", k: int = 0) -> pd.DataFrame:
        """The share of each topic in each group's text.

        Parameters
        ----------
        a, b : str
            Two groups to compare; empty: all.
        k : int
            As for `topics`.

        Returns
        -------
        DataFrame
            topic, name; for all groups group, share, in order; for two a, b (their shares) and difference (b less a),
            the largest difference first.
        """
        topics, own = self.topics(k), self._searched()
        wide = models.prevalence(topics.model, own["group"], own["n_chars"])
        wide.index.name = "group"
        if not a and not b:
            long = wide.reset_index().melt("group", var_name="topic", value_name="share")
            long.insert(1, "name", [topics.names[t - 1] for t in long["topic"]])
            return long.round(6)[["topic", "name", "group", "share"]].sort_values(["topic", "group"], ignore_index=True)
        self._check_pair(a, b)
        table = pd.DataFrame({"topic": wide.columns, "name": topics.names, "a": wide.loc[a], "b": wide.loc[b]}).round(6)
        table["difference"] = (table["b"] - table["a"]).round(6)
        order = table["difference"].abs().sort_values(ascending=False, kind="stable").index
        return table.loc[order].reset_index(drop=True)

    def topic_browser(self, k: int = 0, prefix: str = "topics") -> str:
        """The topics as HTML: `topics_page.topic_browser`, without intervals and stability, which take minutes."""
        topics, own = self.topics(k), self._searched()
        terms = labels.terms_by_all_measures(topics.model, topics.counts, 10)
        best = labels.representative_paragraphs(topics.model, own, own["n_chars"].to_numpy())
        best = best.merge(own[["doc_id", "paragraph", "text"]], on=["doc_id", "paragraph"])
        shares = self.topic_shares(k=k).assign(low=np.nan, high=np.nan, reason="03-topics draws them")
        prevalence = models.prevalence(topics.model, np.zeros(len(own)), own["n_chars"]).to_numpy()[0]
        return topics_page.topic_browser(
            topics.model,
            topics.names,
            terms,
            best,
            shares,
            notes=self.study.display_notes,
            prefix=prefix,
            prevalence=np.nan_to_num(prevalence),
            by=self.study.by,
        )

    def indicators(self, a: str, b: str) -> pd.DataFrame:
        """Named indicators (`compare.indicators.indicators`) of two groups, side by side.

        Returns
        -------
        DataFrame
            indicator, unit, population, kind, year; a, b: what each group states (NaN: not reported); place_a,
            place_b: of which place; sentence_a, sentence_b, if the tables hold text. A group that states several
            values (of several counties, or at several places of the text) has a row for each, in the order of the
            text. What both report comes first, then the order of the file of indicators.
        """
        self._check_pair(a, b)
        sides = []
        for side, group in zip("ab", (a, b), strict=True):
            part = self._indicators(group)
            part = part.assign(nth=part.groupby(SIDES, dropna=False).cumcount())
            names = {"value": side, "place": f"place_{side}", "sentence": f"sentence_{side}"}
            sides.append(part[[*SIDES, "nth", *names]].rename(columns=names))
        both = sides[0].merge(sides[1], on=[*SIDES, "nth"], how="outer")  # years that are not stated are equal here
        order = {rule.indicator: i for i, rule in enumerate(read_indicators())}
        both = both.assign(one=both[["a", "b"]].isna().any(axis=1), rank=both["indicator"].map(order))
        both = both.sort_values(["one", "rank", *SIDES[1:], "nth"], kind="stable", ignore_index=True)
        both = both.fillna({"place_a": "", "place_b": ""})
        sentences = ["sentence_a", "sentence_b"] if self.study.has_text else []  # an edition has offsets instead
        return both[[*SIDES, "a", "b", "place_a", "place_b", *sentences]].round({"a": 6, "b": 6})

    def _indicators(self, group: str) -> pd.DataFrame:
        """Named indicators of a group, found once."""
        if ("indicators", group) not in self._cache:
            study, (facts, own) = self.study, self._parts(group)
            corpus = study.corpus[study.corpus["doc_id"].isin(own["doc_id"])]
            table = study.texts.compute("indicators", indicators, facts, own, corpus)
            table = table.merge(own[["doc_id", "paragraph"]], on=["doc_id", "paragraph"])  # an edition has all groups'
            self._cache["indicators", group] = table
        return self._cache["indicators", group]

    def _parts(self, group: str) -> list[pd.DataFrame]:
        """The quantities and the paragraphs of a group; where each group's are is found once."""
        tables = [self._quantities, self.paragraphs]
        if "places" not in self._cache:
            self._cache["places"] = [table.groupby("group").indices for table in tables]
        return [table.iloc[at.get(group, [])] for table, at in zip(tables, self._cache["places"], strict=True)]

    @functools.cached_property
    def _quantities(self) -> pd.DataFrame:
        """All quantities in the order of the text; sorted when they are first asked for."""
        return sort_rows(self._facts["quantities"], ["group", "doc_id", "paragraph", "start"])

    def _check_pair(self, a: str, b: str) -> None:
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
        order: str = "text",
        most: int | None = None,
    ) -> pd.DataFrame:
        """Quantities that documents state, each with its sentence.

        Parameters
        ----------
        item, scope : str
            Text that the column contains; empty: any.
        unit, kind : str
            Value of the column; empty: any.
        groups : sequence of str
            Empty: all.
        order : str
            text: group, document and place; value: the largest first; item or year.
        most : int, optional
            Maximal number of rows.

        Returns
        -------
        DataFrame
            Columns `QUANTITIES`, and sentence if the tables hold text.

        Raises
        ------
        CrosscityError
            If there is no such order, or a text is none.
        """
        return self.with_sentences(self.stated_rows(item, unit, kind, scope, groups, order, most))

    def stated_rows(
        self,
        item: str = "",
        unit: str = "",
        kind: str = "",
        scope: str = "",
        groups: Sequence[str] = (),
        order: str = "text",
        most: int | None = None,
    ) -> pd.DataFrame:
        """The rows of the table of quantities that `quantities` gives, with their group and without their sentences.

        Raises
        ------
        CrosscityError
            If there is no such order, or a text is none.
        """
        check_text(item + scope)
        table = self._quantities
        keep = np.ones(len(table), dtype=bool)
        for column, text in (("item", item), ("scope", scope)):
            if text:
                keep &= table[column].str.contains(text, regex=False).to_numpy()
        for column, value in (("unit", unit), ("kind", kind)):
            if value:
                keep &= (table[column] == value).to_numpy()
        if len(groups):
            keep &= table["group"].isin(list(groups)).to_numpy()
        if order not in ("text", "value", "item", "year"):
            msg = f"order is {order!r}: give text, value, item or year"
            raise CrosscityError(msg)
        table = table[keep]
        if order != "text":
            table = table.sort_values(order, ascending=order != "value", kind="stable", na_position="last")
        return table.head(most or len(table))

    def with_sentences(self, table: pd.DataFrame) -> pd.DataFrame:
        """Some rows that `stated_rows` gives as `quantities` gives them."""
        found = table[QUANTITIES].reset_index(drop=True)
        if not self.study.has_text:
            return found
        at = self._places.get_indexer(pd.MultiIndex.from_frame(table[["doc_id", "paragraph"]]))
        spans = zip(self.paragraphs["text"].iloc[at], table["start"], table["end"], strict=True)
        return found.assign(sentence=pd.Series([_sentence(*span) for span in spans], dtype=str))

    @functools.cached_property
    def _places(self) -> pd.MultiIndex:
        """Document and number of each paragraph."""
        return pd.MultiIndex.from_frame(self.paragraphs[["doc_id", "paragraph"]])

    def quantities_of_groups(self) -> pd.Series:
        """How many quantities each group states."""
        return self._facts["quantities"]["group"].value_counts()

    def choices(self, column: str) -> list[str]:
        """The values of a column of the quantities, the commonest first, ties by name; without empty cells."""
        counts = self._facts["quantities"][column].value_counts()
        return sorted((v for v in counts.index if v), key=lambda v: (-counts[v], v))

    def changes(self, doc_id: str) -> pd.DataFrame:
        """The changes that cleaning made in a document, by paragraph: `cleaning_changes.locate_changes`.

        Raises
        ------
        CrosscityError
            If there is no such document, or no text.
        """
        if doc_id not in set(self.study.corpus["doc_id"]):
            msg = f"there is no document {doc_id!r} that takes part: see study.corpus"
            raise CrosscityError(msg)
        if not self.study.has_text:
            msg = "these tables hold no text: what cleaning changed is counted in 01-corpus, and not shown"
            raise CrosscityError(msg)
        log = self.study.table("cleaning_log")
        return cleaning_changes.locate_changes(log[log["doc_id"] == doc_id], self.document(doc_id))

    def original(self, doc_id: str) -> pd.DataFrame:
        """A document as it was read, before it was cleaned: `cleaning_changes.restore_original`.

        Raises
        ------
        CrosscityError
            As of `changes`.
        """
        self.changes(doc_id)
        log = self.study.table("cleaning_log")
        return cleaning_changes.restore_original(log[log["doc_id"] == doc_id], self.document(doc_id))

    def document(self, doc_id: str) -> pd.DataFrame:
        """The paragraphs of a document, of every kind, in order: columns paragraph, kind, section, text."""
        own = self.paragraphs[self.paragraphs["doc_id"] == doc_id].sort_values("paragraph")
        return own[["paragraph", "kind", "section", "text"]].reset_index(drop=True)

    def export(
        self, name: str, table: pd.DataFrame, code: str, fig: Figure | None = None, title: str = "", alt: str = ""
    ) -> list[str]:
        """Write an answer to the run's folder: the table, the code that makes it, and the figure if there is one.

        Parameters
        ----------
        name : str
            A number is added, so that no export replaces another.
        table : DataFrame
        code : str
            Of `call`.
        fig : Figure, optional
        title, alt : str
            Of the figure.

        Returns
        -------
        list of str
            Names of the files.
        """
        study, n = self.study, 1
        while list(study.out.glob(f"{name}-{n:02d}.*")):
            n += 1
        name, table = f"{name}-{n:02d}", study.texts.publishable(table)
        if fig is not None:
            save_figure(fig, study.out, name, table, title, alt, study.display_notes)
        else:
            with_notes = table.assign(note="; ".join(study.display_notes)) if study.display_notes else table
            write_output(study.out / f"{name}.csv", frame_to_csv(with_notes, "%.6g"))
        write_output(study.out / f"{name}.py", f"{self.preamble()}\ntable = {code}\n")
        return sorted(p.name for p in study.out.glob(f"{name}.*"))

    def preamble(self) -> str:
        """Code that makes this explorer, as `ask`, in a fresh session."""
        study = self.study
        folder = study.tables.relative_to(PROJECT) if study.tables.is_relative_to(PROJECT) else study.tables
        own = {k: v for k in _PARAMETERS if (v := study.values[k]) != PARAMETERS[k].default}
        arguments = ", ".join(f"{k}={v!r}" for k, v in ({"notebook": "explore", "tables": str(folder)} | own).items())
        lines = ["from crosscity import open_study", "from crosscity.explorer import explore", ""]
        return "\n".join([*lines, f"ask = explore(open_study({arguments}))"])


_PARAMETERS = (  # of a study that an explorer's answers depend on
    *("by", "only", "kinds", "min_df", "mask_places", "stopwords", "codebook", "min_tokens"),
    *("a", "b", "draws", "seed", "language"),
)


def call(name: str, *positional: Any, **named: Any) -> str:
    """The line of code that calls a method of an `Explorer` named ask, without arguments that have their default.

    >>> call("lines", "党建", how="words", groups=[], most=None)
    "ask.lines('党建')"
    """
    method = {"lines": Search.lines, "rates": Search.rates}.get(name) or getattr(Explorer, name)
    defaults = {p.name: p.default for p in inspect.signature(method).parameters.values()}
    arguments = [repr(value) for value in positional]
    for key, value in named.items():
        plain = list(value) if isinstance(value, tuple) else value
        if plain != defaults[key] and not (plain == [] and defaults[key] == ()):
            arguments.append(f"{key}={plain!r}")
    return f"ask.{name}({', '.join(arguments)})"


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence around a place, or its part up to a semicolon."""
    low = max(text.rfind(c, 0, start) for c in STATEMENT_ENDS) + 1
    high = min((at for c in STATEMENT_ENDS if (at := text.find(c, end)) >= 0), default=len(text) - 1) + 1
    return text[low:high].strip()
