"""How far to believe a comparison: its statements under other choices, and how often its tests err or find nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from ... import NotEstimableError
from ...figures import robustness as drawings
from ...language import display_name, tr
from ..parameters import PARAMETERS, default_max_df
from ..result import Result, analysis
from .checked_words import CheckedWords

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.figure import Figure

    from ...topics.models import TopicModel
    from ..study import Study

_LARGE, _MANY, _USUAL = 1000, 20, 8  # of so many paragraphs so many topics; of fewer, so many at most
_EACH = 8  # paragraphs for each topic of a small corpus
_TOPICS_DRAWN = 30  # statements on topics that a figure has room for
_LEAST = 8  # specifications of statements on topics, each of which needs a model
_OF_PART = 12  # specifications where a part of the documents is checked
_LEAST_SPLITS = 20
_BUDGET = 48_000_000  # words that specifications count together: all 32 of a text of a million and a half


@dataclass(frozen=True, eq=False, repr=False)
class Statements(Result):
    """What the comparison says, a statement a row: of a group, and of a term, another group or a topic.

    Attributes
    ----------
    words : CheckedWords
    model : TopicModel or None
        Whose topics statements are on.
    names : list of str
        Of these topics.
    part : str
        A sentence, where a part of the documents is checked.
    """

    words: CheckedWords
    model: TopicModel | None = None
    names: tuple[str, ...] = ()
    part: str = ""

    name: ClassVar[str] = "statements"
    columns: ClassVar[tuple[str, ...]] = ("statement", "basis")

    @property
    def key(self) -> str:
        """Apart for statements on words and on topics."""
        return f"topic-{self.name}" if self.model else self.name

    def in_words(self) -> list[str]:
        """The statements as sentences have them."""
        from ...compare import statements

        rows = self.rows[["kind", "subject", "object", "sign"]].itertuples(index=False, name=None)
        return [
            statements.in_words(kind, group, self.names[other - 1] if kind == "topic" else other, sign)
            for kind, group, other, sign in rows
        ]

    @analysis
    def under_other_choices(self, specifications: int = 0) -> Survival:
        """How often each statement holds across specifications: other tokenizers, stop words, kinds of paragraph ...

        Parameters
        ----------
        specifications : int
            How many are gone through; if left out the run's, or, where that is the default and the text long, as many
            as a budget of words allows, or twelve where a part of the documents is checked; of statements on topics a
            third.
        """
        from ...compare import multiverse
        from ...topics import models

        if self.model is not None and self.rows.empty:
            raise NotEstimableError(self._nothing())
        study, most = self.study, specifications or self._within_budget()
        if self.model is not None and not specifications:
            most = max(_LEAST, most // 3)
        chosen = self._specifications(most)[0]
        settings: dict[str, Any] = _tests(study) | {"places": study.place_names(), "stopwords": study["stopwords"]}
        if self.model is not None:
            fit = partial(models.fit, **study.settings("method", "seed"))
            settings |= {"fit": fit, "model": self.model, "max_df": default_max_df(len(self.words.paragraphs))}
        outcomes = multiverse.outcomes(self.words.everything, chosen, self.rows, **settings)
        summary = multiverse.summary(outcomes, chosen, self.rows)
        of = TopicSurvival if self.model is not None else Survival
        return of(study, summary, self, chosen, outcomes, most)

    def _within_budget(self) -> int:
        """Specifications that are gone through where no number was asked for: fewer of a long text."""
        most, words = self.study["specifications"], max(int(self.words.counts.sum()), 1)
        if most != PARAMETERS["specifications"].default:
            return int(most)
        return int(min(most, _OF_PART if self.part else max(_LEAST, _BUDGET // words)))

    def _specifications(self, most: int) -> tuple[pd.DataFrame, str, list[str]]:
        """The specifications, how many of how many they are, and which options are not tried."""
        from ...compare import multiverse

        study, k = self.study, len(self.names)
        ks = [k, max(2, k - k // 4), k + k // 4] if k else []
        own = study.settings("kinds", "min_df", "mask_places", "template")
        options, notes = multiverse.choices(self.words.everything, **own, ks=ks)
        if most == self._within_budget() < study["specifications"]:
            notes.append(
                tr(
                    "For {words:,} words they are {n}, not {usual}: set specifications to go through more.",
                    words=int(self.words.counts.sum()),
                    n=most,
                    usual=study["specifications"],
                )
            )
        if k:  # bigrams of characters are no topics' terms
            options["tokenizer"] = [t for t in options["tokenizer"] if t != multiverse.BIGRAMS]
        return *multiverse.specifications(options, most, study["seed"]), notes

    def _nothing(self) -> str:
        return tr("No group has clearly more or less of one of {k} topics than all text.", k=len(self.names))

    def _title(self) -> str:
        return tr("What is stated on topics") if self.model else tr("What is stated on words and nearest groups")

    def _sentences(self) -> list[str]:
        n = len(self.rows)
        if self.model is None:
            words = (self.rows["kind"] == "keyness").sum()
            said = tr("{words} statements on words, {nearest} on nearest groups.", words=words, nearest=n - words)
        else:
            said = self.count() if n else self._nothing()
        return [said, *filter(None, [self.part])]

    def _shown_rows(self) -> pd.DataFrame:
        rows = self.rows.assign(statement=self.in_words())
        if not rows["basis"].any():  # of topics, all rest on intervals
            return rows.drop(columns="basis")
        return rows.assign(basis=[display_name("basis", basis) for basis in rows["basis"]])

    def count(self) -> str:
        """How many statements on topics there are, as a sentence."""
        n, k = len(self.rows), len(self.names)
        return tr("{n} statements on {k} topics.", n=n, k=k) if n > 1 else tr("{n} statement on {k} topics.", n=n, k=k)

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        if row["kind"] == "keyness":
            lines = self.study.lines(row["object"])
            return lines[lines["group"] == row["subject"]].reset_index(drop=True)
        return super()._evidence(row)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Its statements, a row each, under their own name."""
        return {self.key: self.rows}


@dataclass(frozen=True, eq=False, repr=False)
class Survival(Result):
    """How each statement fares in all specifications, a statement a row.

    Attributes
    ----------
    stated : Statements
    specifications, outcomes : DataFrame
        Of `compare.multiverse`: a specification a row; a statement in a specification a row.
    most : int
        Specifications that were asked for.
    """

    stated: Statements
    specifications: pd.DataFrame
    outcomes: pd.DataFrame
    most: int

    name: ClassVar[str] = "survival"
    columns: ClassVar[tuple[str, ...]] = (
        "statement",
        "holds in",
        "available in",
        "of",
        "effect",
        "least",
        "greatest",
        "hangs on",
    )

    @analysis
    def curve(self) -> SpecificationCurve:
        """What the statements on words that hold least, and most, come to under each choice."""
        of_words = self.rows[(self.rows["kind"] == "keyness") & (self.rows["available"] > 1)]
        if of_words.empty:
            raise NotEstimableError(tr("no statement on words can be made under another choice"))
        of_words = of_words.sort_values(["share", "statement"], kind="stable")
        ends = list(dict.fromkeys([of_words["statement"].iloc[-1], of_words["statement"].iloc[0]]))
        part = self.outcomes[self.outcomes["statement"].isin(ends)]
        return SpecificationCurve(
            self.study, part.sort_values("statement", key=lambda c: c.map(ends.index), kind="stable"), self, ends
        )

    def _said(self) -> list[str]:
        from ...compare import multiverse

        words = self.stated.in_words()
        return multiverse.sentences(self.rows.assign(words=[words[n] for n in self.rows["statement"]]))

    def _title(self) -> str:
        return tr("How often each statement holds across specifications")

    def _alt(self) -> str:
        said = " ".join(self._said())
        return tr("Share of specifications under which each statement holds. {said}", said=said)

    def _sentences(self) -> Iterator[str]:
        _, words, notes = self.stated._specifications(self.most)
        yield tr("{n} statements on words and nearest groups. {words}.", n=len(self.stated.rows), words=words)
        yield from notes
        yield from filter(None, [self.stated.part])
        yield from self._said()

    def _asides(self) -> list[str]:
        said = set(self._said())
        return [sentence for sentence in self._sentences() if sentence not in said]

    def _draw(self) -> Figure | None:
        return drawings.survival(self.rows) if len(self.rows) else None

    def _shown_rows(self) -> pd.DataFrame:
        """Those that hold least, first."""
        rows, words = self.rows.sort_values(["share", "statement"], kind="stable"), self.stated.in_words()
        names = {
            "holds": "holds in",
            "available": "available in",
            "specifications": "of",
            "own": "effect",
            "low": "least",
            "high": "greatest",
        }
        hangs_on = [display_name("choice", choice) for choice in rows["matters"]]
        rows = rows.assign(statement=[words[n] for n in rows["statement"]])
        return rows.rename(columns=names).assign(**{"hangs on": hangs_on})

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.stated.evidence(row["statement"])

    def tables(self) -> dict[str, pd.DataFrame]:
        """The specifications, and what became of each statement in each."""
        return {"specifications": self.specifications, "outcomes": self.outcomes}


@dataclass(frozen=True, eq=False, repr=False)
class TopicSurvival(Survival):
    """How each statement on topics fares in all specifications, a statement a row."""

    name: ClassVar[str] = "topics-survival"

    def _title(self) -> str:
        return tr("How often each statement on topics holds across specifications")

    def _alt(self) -> str:
        said = " ".join(self._said())
        return tr("Share of specifications under which each statement on topics holds. {said}", said=said)

    def _sentences(self) -> Iterator[str]:
        _, words, _ = self.stated._specifications(self.most)
        yield tr("{said} {words}.", said=self.stated.count(), words=words)
        yield from filter(None, [self.stated.part])
        yield from self._said()

    def _draw(self) -> Figure | None:
        return drawings.survival(self.rows, _TOPICS_DRAWN)

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: the figure's data say what there is to say."""
        return {}


@dataclass(frozen=True, eq=False, repr=False)
class SpecificationCurve(Result):
    """What one or two statements come to in each specification, a statement in a specification a row.

    Attributes
    ----------
    survival : Survival
    statements : list of int
        Their rows in the table of statements.
    """

    survival: Survival
    statements: list[int]

    name: ClassVar[str] = "specification-curve"
    columns: ClassVar[tuple[str, ...]] = ("specification", "effect", "low", "high", "status")

    def _title(self) -> str:
        return tr("Two statements under each choice")

    def _alt(self) -> str:
        said = (tr("{words}: {holds} of {specifications}, {low:.1f} to {high:.1f}", **row) for row in self._ranges())
        return tr("; ").join(said) + tr(".")

    def _sentences(self) -> list[str]:
        return [
            tr(
                "{words} in {holds} of {specifications} specifications (in {lacking} the term is none), with a log2 "
                "ratio of rates from {low:.1f} to {high:.1f}.",
                **row,
                lacking=row["specifications"] - row["available"],
            )
            for row in self._ranges()
        ]

    def _ranges(self) -> list[dict[str, Any]]:
        """What each statement comes to, and in how many specifications."""
        words, rows = self.survival.stated.in_words(), self.survival.rows
        rows = rows[rows["statement"].isin(self.statements)]
        return rows.assign(words=[words[n] for n in rows["statement"]]).to_dict("records")

    def _draw(self) -> Figure:
        words = dict(enumerate(self.survival.stated.in_words()))
        label = tr("log2 ratio of rates")
        return drawings.specification_curve(self.rows, self.survival.specifications, words, label)

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows[:0]

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.survival.stated.evidence(row["statement"])


@dataclass(frozen=True, eq=False, repr=False)
class ErrorRates(Result):
    """How often tests call words different in random splits of the documents, a split and a method a row."""

    part: str = ""

    name: ClassVar[str] = "error-rates"
    prepares: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("split", "method", "splits", "tests", "per_test", "any", "corrected")

    def _title(self) -> str:
        return tr("How often tests of words err on random splits")

    def _sentences(self) -> list[str]:
        from ...compare import calibration

        return [*calibration.sentences(self.rows), *filter(None, [self.part])]

    def _draw(self) -> Figure | None:
        return drawings.error_rates(self.rows) if (self.rows["answer"] == "tested").any() else None

    def _shown_rows(self) -> pd.DataFrame:
        return _named(self.rows)


@dataclass(frozen=True, eq=False, repr=False)
class Power(Result):
    """Which differences the tests of words detect: a size of split, a frequency and a factor a row."""

    part: str = ""

    name: ClassVar[str] = "power"
    prepares: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("split", "frequency", "factor", "method", "per_test", "corrected")

    def _title(self) -> str:
        return tr("Which differences the tests of words detect")

    def _sentences(self) -> list[str]:
        from ...compare import calibration

        return [*calibration.sentences(powers=self.rows), *filter(None, [self.part])]

    def _draw(self) -> Figure | None:
        return drawings.power_curves(self.rows) if (self.rows["answer"] == "tested").any() else None

    def _shown_rows(self) -> pd.DataFrame:
        rows = _named(self.rows)
        return rows.assign(frequency=[display_name("frequency", f"{name} words") for name in rows["frequency"]])

    def tables(self) -> dict[str, pd.DataFrame]:
        """None: where nothing can be tested, the table of error rates says so."""
        return {}


class RobustnessQuestions:
    """What a study can be asked on how far to believe it."""

    @analysis
    def statements(self: Study) -> Statements:
        """The headline statements on words: the first terms of each group, and the group that is nearest to each."""
        from ...compare import distances, keyness, multiverse, statements

        words = _words_of(self)
        document, group, with_words = words.paragraphs["doc_id"], words.paragraphs["group"], words.groups_with_words()
        if len(with_words) < 2:
            raise NotEstimableError(tr("statements compare two groups with words or more"))
        counted = keyness.CountedDocuments(words.counts, words.terms, document, group, words.strata)
        shown = [name for name in self.displayed_groups() if name in with_words]
        found = {name: counted.keyness(name, **_tests(self)) for name in shown}
        drawn = {"draws": multiverse.NEAREST_DRAWS, "seed": self["seed"]}
        mean = distances.equal_distances(words.counts, group, **drawn).mean
        nearest = statements.nearest_statements(mean, aside=self.incomplete())
        rows = pd.concat([statements.keyness_statements(found), nearest], ignore_index=True)
        return Statements(self, rows, words, part=words.part)

    @analysis
    def topic_statements(self: Study, k: int = 0) -> Statements:
        """Which groups have clearly more, or less, of a topic than all text.

        Parameters
        ----------
        k : int
            Topics of the model that is fitted; the run's if left out, or else a number that goes by the paragraphs.
        """
        from ...compare import statements
        from ...topics import models, prevalence

        words, paragraphs = _words_of(self), _words_of(self).paragraphs
        n = len(paragraphs)
        k = k or self["k"] or (_MANY if n >= _LARGE else min(_USUAL, max(2, n // _EACH)))
        fit: Callable[..., TopicModel] = partial(models.fit, **self.settings("method", "seed"))
        counts, terms = self.counts(paragraphs, default_max_df(n))
        model, drawn = fit(counts, terms, k), self.settings("draws", "refits", "seed")
        of = (paragraphs["doc_id"], paragraphs["group"], paragraphs["n_chars"], k)
        shares, names = prevalence.intervals(fit, counts, terms, *of, **drawn, model=model), models.topic_names(model)
        rows = statements.topic_statements(shares.assign(name=np.resize(names, len(shares))))
        return Statements(self, rows, words, model, tuple(names), words.part)

    @analysis
    def error_rates(self: Study) -> ErrorRates:
        """How often tests of words call random halves of the documents different."""
        from ...compare import calibration

        words = _words_of(self)
        counted = (words.counts, words.terms, words.paragraphs["doc_id"], words.strata)
        found = calibration.false_positives(*counted, **self.settings("splits", "seed"))
        if found.empty:
            raise NotEstimableError(_one_document())
        return ErrorRates(self, found, words.part)

    @analysis
    def power(self: Study) -> Power:
        """Which difference tests of words would find, in words planted so many times as frequent on one side."""
        from ...compare import calibration

        words = _words_of(self)
        counted, splits = (words.counts, words.terms, words.paragraphs["doc_id"]), self["splits"] // 2
        found = calibration.power(*counted, splits=max(_LEAST_SPLITS, splits), seed=self["seed"])
        if found.empty:
            raise NotEstimableError(_one_document())
        return Power(self, found, words.part)


def _words_of(study: Study) -> CheckedWords:
    if "checked words" not in study._results:
        study._results["checked words"] = CheckedWords(study)
    return study._results["checked words"]


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of splits that were tested, splits and methods as readers know them."""
    from ...compare.calibration import split_name

    table = table[table["answer"] == "tested"]
    methods = [display_name("method", method) for method in table["method"]]
    return table.assign(split=[split_name(split) for split in table["split"]], method=methods)


def _tests(study: Study) -> dict[str, Any]:
    """How single words are tested: corrected for as many groups as figures show."""
    return {"comparisons": len(study.displayed_groups())} | study.settings("permutations", "seed")


def _one_document() -> str:
    return tr("documents cannot be split: there is one")
