"""What documents are about: formulas, themes of a codebook, the number of topics, the topics, and who has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from ... import NotEstimableError
from ...browse import fragments, topics_page
from ...figures import basic
from ...figures import topics as drawings
from ...inference import FEW_DOCUMENTS, clusters
from ...language import LANGUAGES, current_language, display_name, in_language, tr
from ...words import formulaic
from ..result import Page, Result, analysis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt
    from matplotlib.figure import Figure

    from ...topics.intruders import Tasks
    from ...topics.models import TopicModel
    from ..study import Study

_FEW_YEARS = 10  # below which no trend is sought
_DRAWN = 20  # topics whose terms a figure shows
_MAPPED = 4  # topics from which a map of them says something
_WIDE = 0.5  # median width of intervals from which shares are not drawn
_NAMED = 12  # groups that the alt text of shares names
_TERMS = 10  # of a topic, in a display
_LINES = 5  # paragraphs that a share is shown to rest on


class TopicWords:
    """The paragraphs of a study without the genre's formulas, and their terms counted.

    Parameters
    ----------
    study : Study

    Attributes
    ----------
    paragraphs : DataFrame
        Their tokens are those outside formulas.
    documents, groups, sizes : Series
        Of each paragraph; sizes are in characters.
    formulas : DataFrame
    left_out : float
        The share of words that are part of one.
    """

    def __init__(self, study: Study) -> None:
        paragraphs = study.paragraphs(study["kinds"])
        self.formulas, mask = study.texts.formulas(paragraphs)
        self.paragraphs = paragraphs.assign(tokens=formulaic.remove_masked(paragraphs["tokens"], mask))
        self.documents, self.groups = self.paragraphs["doc_id"], self.paragraphs["group"]
        self.sizes, self.left_out = self.paragraphs["n_chars"], float(mask.mean()) if len(mask) else 0.0
        self._study = study

    @cached_property
    def counted(self) -> tuple[Any, npt.NDArray[Any]]:
        """Counts of the terms of topic models, and the terms."""
        return self._study.counts(self.paragraphs, self._study["max_df"])

    @cached_property
    def counted_all(self) -> tuple[Any, npt.NDArray[Any]]:
        """The same, of terms however common."""
        return self._study.counts(self.paragraphs, 1.0)

    def lines(self, model: TopicModel, topic: int, group: str = "", most: int = _LINES) -> pd.DataFrame:
        """The paragraphs, of a group or of all, in which a topic has the greatest share."""
        from ...topics import labels

        part = (self.groups == group).to_numpy() if group else np.ones(len(self.groups), dtype=bool)
        column = model.shares[part][:, [topic - 1]]
        best = labels.representative_paragraphs(
            model._replace(shares=column), self.paragraphs[part], self.sizes[part], most, one_a_document=False
        )
        text = self._study.texts.quotable(self.paragraphs)[["doc_id", "paragraph", "text"]]
        return best.merge(text, on=["doc_id", "paragraph"])[["group", "doc_id", "paragraph", "share", "text"]]


@dataclass(frozen=True, eq=False, repr=False)
class Formulas(Result):
    """Runs of words that many documents share, and that are left out; one a row."""

    share: float

    name: ClassVar[str] = "formulas"
    prepares: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("text", "words", "documents", "occurrences")

    def _title(self) -> str:
        return tr("Formulas of the genre")

    def _sentences(self) -> list[str]:
        if self.rows.empty:
            return [tr("No formula of the genre is left out.")]
        said = tr("; ").join(self.rows["text"].head(3))
        sizes = {"n": len(self.rows), "share": self.share}
        return [tr("{n} formulas of the genre are left out, {share:.1%} of all words: {said}.", said=said, **sizes)]

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        part = self.study.texts.quotable(self.study.paragraphs(self.study["kinds"]))
        part = part[["".join(words).find(row["text"]) >= 0 for words in part["tokens"]]]
        return part[["group", "doc_id", "paragraph", "text"]].reset_index(drop=True)


@dataclass(frozen=True, eq=False, repr=False)
class _Shares(Result):
    """Shares of topics in groups, with intervals: a topic of a group a row.

    Attributes
    ----------
    words : TopicWords
    model : TopicModel
    """

    words: TopicWords
    model: TopicModel

    columns: ClassVar[tuple[str, ...]] = ("group", "name", "share", "low", "high", "whole")

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.words.lines(self.model, row["topic"], row["group"])

    def _shown_rows(self) -> pd.DataFrame:
        """Those that differ most from all text."""
        away = (self.rows["share"] - self.rows["whole"]).abs().round(6)
        return self.rows.loc[away.sort_values(ascending=False, kind="stable").index]


@dataclass(frozen=True, eq=False, repr=False)
class Themes(_Shares):
    """The share of each theme of a codebook in each group.

    Attributes
    ----------
    themes : list of str
    """

    themes: list[str]

    name: ClassVar[str] = "themes"

    def _said(self) -> list[str]:
        from ...topics import prevalence

        named = self.rows.assign(name=np.resize([display_name("theme", t) for t in self.themes], len(self.rows)))
        return prevalence.sentences(named, tr("the weight of theme terms"), _NAMED)

    def _title(self) -> str:
        return tr("Themes of the codebook, with 95% intervals")

    def _alt(self) -> str:
        return tr("Share of each theme. {said}", said=" ".join(self._said()))

    def _sentences(self) -> Iterator[str]:
        if (n := len(self.study.corpus)) < FEW_DOCUMENTS:
            yield tr(
                "No topic model of {n} documents is stable: themes of a codebook lead, topics are exploratory.", n=n
            )
        yield from self._said()

    def _asides(self) -> list[str]:
        said = set(self._said())
        return [sentence for sentence in self._sentences() if sentence not in said]

    def _draw(self) -> Figure:
        return basic.shares(self.rows, "name", "group", tr("share"))


@dataclass(frozen=True, eq=False, repr=False)
class ChoiceOfK(Result):
    """What speaks for each number of topics, a number a row, and which is chosen.

    Attributes
    ----------
    part : str
        A sentence, where a part of the documents was looked at.
    """

    part: str = ""

    name: ClassVar[str] = "choice"
    prepares: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("k", "stability", "topics found again", "coherence", "standard error")

    @property
    def k(self) -> int:
        """The run's number of topics, or else the one that the rule chooses."""
        return self.study["k"] or self._picked()[0]

    @property
    def neighbours(self) -> list[int]:
        """The next smaller and the next larger number that was measured, where there are any."""
        return self.beside(self.k)

    def beside(self, k: int) -> list[int]:
        """The same, of another number of topics."""
        from ...topics import quality

        return quality.neighbouring_k(self.rows, k)

    def _picked(self) -> tuple[int, str]:
        from ...topics import quality

        return quality.pick_k(self.rows)

    def _title(self) -> str:
        return tr("Criteria for the number of topics (dashed: {k}, the number chosen)", k=self.k)

    def _alt(self) -> str:
        return tr("Measures by number of topics. {said}", said=self._picked()[1])

    def _sentences(self) -> list[str]:
        reason, part = self._picked()[1], [self.part] if self.part else []
        if self.study["k"]:
            return [tr("k = {k} was set; the rule would choose {reason}", k=self.k, reason=reason), *part]
        return [tr("The rule chooses {reason}", reason=reason), *part]

    def _draw(self) -> Figure:
        return drawings.choice(self.rows, self.k)

    def _shown_rows(self) -> pd.DataFrame:
        names = {"surviving": "topics found again", "npmi_held": "coherence", "npmi_held_se": "standard error"}
        return self.rows.rename(columns=names)


@dataclass(frozen=True, eq=False, repr=False)
class Topics(Result):
    """A fitted model of topics, a topic a row: its prevalence, how well it is found again, how coherent it is.

    Attributes
    ----------
    words : TopicWords
    model : TopicModel
    fit : callable
        fit(counts, terms, k) gives a TopicModel.
    names : list of str
    notes : dict of str to list of str
        By language, sentences on labels that were given.
    unit : str
        What is drawn for stability.
    """

    words: TopicWords
    model: TopicModel
    fit: Callable[..., TopicModel]
    names: list[str]
    notes: dict[str, list[str]]
    unit: str

    name: ClassVar[str] = "topic-terms-figure"
    columns: ClassVar[tuple[str, ...]] = ("topic", "terms", "prevalence", "stability", "found again")

    @property
    def k(self) -> int:
        """The number of topics."""
        return len(self.names)

    @property
    def unstable(self) -> set[str]:
        """The names of topics that are not found again."""
        return set(self.rows.loc[~self.rows["survives"], "name"])

    @cached_property
    def by_measure(self) -> pd.DataFrame:
        """The first terms of each topic by weight, FREX and lift."""
        from ...topics import labels

        return labels.terms_by_all_measures(self.model, self.words.counted[0], self.study["terms"])

    @analysis
    def map(self) -> TopicMap:
        """Topics in a plane: those with like terms lie near."""
        return TopicMap(self.study, self.rows, self)

    @analysis
    def paragraphs(self, topic: int = 0, most: int = 3) -> TopicParagraphs:
        """The paragraphs that represent each topic best, or one topic.

        Parameters
        ----------
        topic : int
            Its number; all if left out.
        most : int
            Paragraphs of a topic, one a document.
        """
        from ...topics import labels

        words = self.words
        best = labels.representative_paragraphs(self.model, words.paragraphs, words.sizes, most)
        best = best.merge(words.paragraphs[["doc_id", "paragraph", "text"]], on=["doc_id", "paragraph"])
        return TopicParagraphs(self.study, best[best["topic"] == topic] if topic else best, self, topic)

    @analysis
    def by_group(self) -> Prevalence:
        """How much of each group's text each topic takes, with intervals for documents drawn and models fitted anew."""
        from ...topics import prevalence

        words, study = self.words, self.study
        of = (words.documents, words.groups, words.sizes, self.k)
        drawn = study.settings("draws", "refits", "seed")
        shares = prevalence.intervals(self.fit, *words.counted, *of, **drawn, model=self.model)
        return Prevalence(study, shares.assign(name=np.resize(self.names, len(shares))), words, self.model, self)

    @analysis
    def review(self) -> Review:
        """Whether people see what the model sees: questions to raters, and how they answered."""
        from ...topics import intruders

        study = self.study
        if not study.has_text:
            raise NotEstimableError(tr("these tables hold no text that raters could read"))
        tasks = intruders.make_tasks(self.model, self.words.paragraphs, seed=study["seed"])
        if not study["answers"]:
            return Review(study, tasks.questions, self, tasks)
        scores = intruders.score_answers(tasks, study["answers"], study["seed"])
        return Review(study, tasks.questions if scores is None else scores[1], self, tasks, scores, scores is None)

    @analysis
    def browser(self) -> TopicBrowser:
        """A page of the topics: their map, terms, paragraphs and groups."""
        shares, study = self.by_group(), self.study
        if not shares:
            raise NotEstimableError(shares.reason)
        texts = self.paragraphs().rows
        texts = texts.assign(doc_id=texts["doc_id"].map(study.labels()))
        html = topics_page.topic_browser(
            self.model, self.names, self.by_measure, texts, shares.rows, self.rows["stability"],
            self.rows["survives"], study.display_notes, prevalence=self.rows["prevalence"], by=study.by,
        )  # fmt: skip
        return TopicBrowser(study, pd.DataFrame(), html)

    def _title(self) -> str:
        doubt = tr(" (exploratory: few documents)") if len(self.study.corpus) < FEW_DOCUMENTS else ""
        return tr("The terms of the topics") + doubt

    def _alt(self) -> str:
        first = self.rows.head(_DRAWN).itertuples(index=False)
        said = " ".join(tr("{name}: found again {share:.2f}.", name=r.name, share=r.stability) for r in first)
        return tr("Terms of each topic. {said}", said=said)

    def _sentences(self) -> Iterator[str]:
        part = ~np.isnan(self.model.shares[:, 0])
        sizes = {"paragraphs": part.sum(), "terms": len(self.model.terms), "others": (~part).sum()}
        yield tr(
            "{k} topics from {paragraphs:,} paragraphs and {terms:,} terms; {others:,} paragraphs took no part.",
            k=self.k,
            **sizes,
        )
        yield tr(
            "{n} of {k} topics are found again in {draws} draws of 80% of the {unit}; their mean stability is "
            "{mean:.2f}.",
            n=int(self.rows["survives"].sum()),
            k=self.k,
            draws=self.study["resamples"],
            unit=display_name("unit drawn", self.unit),
            mean=self.rows["stability"].mean(),
        )
        yield from self.notes[current_language()]

    def _draw(self) -> Figure:
        drawn = self.data()
        unstable = set(drawn.loc[~drawn["survives"], "panel"])
        return drawings.topic_terms(drawn[drawn["topic"] <= _DRAWN], unstable)

    def _shown_rows(self) -> pd.DataFrame:
        first = self.by_measure[self.by_measure["by"] == "weight"].groupby("topic")["term"]
        found = np.where(self.rows["survives"], tr("yes"), tr("no"))
        terms = self.rows["topic"].map(first.agg(lambda t: "、".join(t[:_TERMS])))
        return self.rows.assign(terms=terms, **{"found again": found})

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.words.lines(self.model, row["topic"])

    def data(self) -> pd.DataFrame:
        """The terms by weight, with what is known of their topics."""
        about = self.rows[["topic", "name", "stability", "survives"]]
        drawn = self.by_measure[self.by_measure["by"] == "weight"].merge(about, on="topic")
        panels = [f"{name} {value:.2f}" for name, value in zip(drawn["name"], drawn["stability"], strict=True)]
        return drawn.assign(panel=panels)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The terms by all measures, and the paragraphs that represent each topic best."""
        return {"topic-terms": self.by_measure, "representatives": self.paragraphs().rows}

    def write_more(self, folder: Path) -> None:
        """Write labels.csv, in which a researcher names topics; no label that it has is lost."""
        from ...topics import labels

        labels.write_labels(folder / "labels.csv", self.model, self.study["labels"] or None)


@dataclass(frozen=True, eq=False, repr=False)
class TopicMap(Result):
    """Topics in a plane, a topic a row."""

    topics: Topics

    name: ClassVar[str] = "map"
    columns: ClassVar[tuple[str, ...]] = ("name", "prevalence", "x", "y")

    @cached_property
    def share(self) -> float:
        """How much of the squared distances between topics the plane shows."""
        from ...topics import models

        return models.map_share(self.topics.model)

    def _title(self) -> str:
        return tr("Map of the topics")

    def _alt(self) -> str:
        return tr("Topics with like terms lie near; {share:.0%} of the distances is shown.", share=self.share)

    def _sentences(self) -> Iterator[str]:
        if len(self.rows) < _MAPPED:
            yield tr("With {n} topics a map shows nothing that their table does not.", n=len(self.rows))

    def _draw(self) -> Figure | None:
        return drawings.topic_map(self.rows, self.share) if len(self.rows) >= _MAPPED else None

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows[:0]

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.topics._evidence(row)


@dataclass(frozen=True, eq=False, repr=False)
class TopicParagraphs(Result):
    """The paragraphs that represent topics best, one a row."""

    topics: Topics
    topic: int

    name: ClassVar[str] = "representatives"
    columns: ClassVar[tuple[str, ...]] = ("topic", "group", "paragraph", "share", "text")

    @property
    def key(self) -> str:
        """With the topic's number, if they are of one."""
        return f"{self.name}-{self.topic}" if self.topic else self.name

    def _title(self) -> str:
        if self.topic:
            return tr("Paragraphs that represent the topic {name} best", name=self.topics.names[self.topic - 1])
        return tr("Paragraphs that represent each topic best")

    def _shown_rows(self) -> pd.DataFrame:
        weights = self.topics.by_measure[self.topics.by_measure["by"] == "weight"]
        terms = weights.groupby("topic")["term"].agg(list)
        pairs = zip(self.rows["topic"], self.rows["text"], strict=True)
        return self.rows.assign(text=[topics_page.excerpt(text, terms.get(topic, ())) for topic, text in pairs])

    def tables(self) -> dict[str, pd.DataFrame]:
        """The paragraphs."""
        return {self.key: self.rows}


@dataclass(frozen=True, eq=False, repr=False)
class Prevalence(_Shares):
    """The share of each topic in each group's text, with intervals."""

    topics: Topics

    name: ClassVar[str] = "prevalence"

    @analysis
    def test(self) -> TopicTests:
        """Whether groups differ in their shares of topics, by permutation of documents; or why that cannot be said."""
        from ...topics import prevalence

        design = self.study.permutation_design()
        if self._over_years() and design.column == "year":
            raise NotEstimableError(tr("years follow one another, and are not exchanged: see the trend"))
        tests = prevalence.compare_groups(self._of_documents(), design.groups, design.strata, seed=self.study["seed"])
        return TopicTests(self.study, tests.assign(name=self.topics.names, by=design.column), self, design.column)

    @analysis
    def trend(self) -> TopicTrends:
        """Which topics rise or fall over the years, of the commonest type of document."""
        from ...topics import prevalence

        years, usual = self.study.years()
        if not self._over_years():
            n = years[usual].nunique()
            raise NotEstimableError(
                tr("a trend needs {least} years, and the documents cover {n}", least=_FEW_YEARS, n=n)
            )
        shares, names = self._of_documents(), self.topics.names
        lines = prevalence.trend(shares, years, usual, seed=self.study["seed"]).assign(name=names)
        yearly = prevalence.yearly_means(shares[usual].set_axis(names, axis=1), years[usual])
        return TopicTrends(self.study, lines, self, yearly)

    @analysis
    def at(self, ks: Sequence[int] = ()) -> OtherNumbers:
        """Whether the same is said with other numbers of topics.

        A statement is that a group has more, or less, of a topic than all text; of ten years or more, that a topic
        rises or falls. It is made again of the topic that has most terms in common.

        Parameters
        ----------
        ks : sequence of int
            The numbers; the next smaller and the next larger one of the run if left out.
        """
        from ...topics import prevalence

        study, words, topics = self.study, self.words, self.topics
        if not ks:
            if not (choice := study.choose_k()):
                raise NotEstimableError(choice.reason)
            ks = choice.beside(topics.k)
        near = {k: topics.fit(*words.counted, k) for k in ks}
        if self._over_years():
            years, usual = study.years()
            stated = (self.trend().rows[["answer"]] == "trend").to_numpy().T
            effect = partial(
                prevalence.slopes, documents=words.documents, sizes=words.sizes.to_numpy(), years=years[usual]
            )
        else:
            effect = partial(prevalence.deviations, labels=words.groups, sizes=words.sizes)
            stated = prevalence.differs_from_whole(self.rows)
        return OtherNumbers(study, prevalence.sign_agreement(self.model, near, effect, stated), self)

    def _of_documents(self) -> pd.DataFrame:
        from ...topics import prevalence

        shares = prevalence.prevalence(self.model, self.words.documents, self.words.sizes)
        return shares.reindex(self.study.corpus["doc_id"])

    def _over_years(self) -> bool:
        years, usual = self.study.years()
        return years[usual].nunique() >= _FEW_YEARS

    def _title(self) -> str:
        n = self.rows["group"].nunique()
        return tr("Prevalence of the topics in {n} {many}", n=n, many=self.study.plural())

    def _alt(self) -> str:
        from ...topics import prevalence

        return tr("Share of each topic. {said}", said=" ".join(prevalence.sentences(self.rows, tr("the text"), _NAMED)))

    def _sentences(self) -> list[str]:
        from ...topics import prevalence

        if self._width > _WIDE:
            said = "The intervals of these shares are {width:.0%} wide (median): they tell no group from another."
            return [tr(said, width=self._width)]
        shown = self.rows[self.rows["group"].isin(self.study.displayed_groups())]
        return prevalence.sentences(shown, tr("the text"))

    @property
    def _width(self) -> float:
        """The median width of the intervals; 0 where there is none."""
        width = (self.rows["high"] - self.rows["low"]).median()
        return 0.0 if np.isnan(width) else float(width)

    def _draw(self) -> Figure | None:
        if self._width > _WIDE:
            return None
        return basic.shares(self.rows, "name", "group", tr("share of text"), self.topics.unstable)


@dataclass(frozen=True, eq=False, repr=False)
class _OfTopics(Result):
    """A result on the shares of topics, a topic a row."""

    shares: Prevalence

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.shares.topics._evidence(row)


@dataclass(frozen=True, eq=False, repr=False)
class TopicTests(_OfTopics):
    """Whether groups of documents differ in each topic."""

    column: str

    name: ClassVar[str] = "tests"
    columns: ClassVar[tuple[str, ...]] = ("name", "spread", "units", "p", "p_adjusted", "answer")

    def _title(self) -> str:
        return tr("Whether groups differ in topics")

    def _sentences(self) -> list[str]:
        from ...topics import prevalence

        where = tr("between groups by {column}", column=display_name("column", self.column))
        return [prevalence.answer_sentence(self.rows, where)]

    def _asides(self) -> list[str]:
        not_testable = self.rows["answer"].str.startswith("not testable").all()
        return self._sentences() if not_testable else []

    def _shown_rows(self) -> pd.DataFrame:
        """Without those that nothing can be said of."""
        from ...inference import answer_label

        rows = self.rows[~self.rows["answer"].str.startswith("not testable")]
        return rows.assign(answer=rows["answer"].map(answer_label)).sort_values("p_adjusted", kind="stable")


@dataclass(frozen=True, eq=False, repr=False)
class TopicTrends(_OfTopics):
    """The slope of each topic's share over the years.

    Attributes
    ----------
    yearly : DataFrame
        Mean shares by year and topic.
    """

    yearly: pd.DataFrame

    name: ClassVar[str] = "trends-figure"
    columns: ClassVar[tuple[str, ...]] = ("name", "slope", "low", "high", "p", "p_adjusted", "answer")

    def _title(self) -> str:
        return tr("Prevalence over the years")

    def _sentences(self) -> list[str]:
        from ...topics import prevalence

        return [prevalence.answer_sentence(self.rows, tr("over the years"))]

    def _draw(self) -> Figure:
        return drawings.trends(self.yearly, self.rows, tr("share of text"), grey=self.shares.topics.unstable)

    def _shown_rows(self) -> pd.DataFrame:
        from ...inference import answer_label

        return self.rows.assign(answer=self.rows["answer"].map(answer_label))

    def data(self) -> pd.DataFrame:
        """Mean shares by year."""
        return self.yearly

    def tables(self) -> dict[str, pd.DataFrame]:
        """The slopes."""
        return {"trends": self.rows}


@dataclass(frozen=True, eq=False, repr=False)
class OtherNumbers(Result):
    """How many statements on topics stand with other numbers of topics, a number a row."""

    shares: Prevalence

    name: ClassVar[str] = "neighbouring-k"

    def _title(self) -> str:
        return tr("Statements on topics with other numbers of topics")

    def _sentences(self) -> Iterable[str]:
        made = self.rows[self.rows["statements"] > 0]
        if made.empty:
            return [tr("No statement on topics is clear enough to be made again with another number of them.")]
        return [
            tr(
                "{kept} of {statements} statements keep their sign with {k} topics; {turned} turn, {lost} have no like "
                "topic.",
                **row,
            )
            for row in made.to_dict("records")
        ]

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows[self.rows["statements"] > 0]


@dataclass(frozen=True, eq=False, repr=False)
class Review(Result):
    """What raters are asked, and what came of it: the questions, or once there are answers, the raters' precision.

    Attributes
    ----------
    topics : Topics
    tasks : Tasks
    scores : (DataFrame, DataFrame) or None
        Of `inference.intrusion_scores`.
    foreign : bool
        Whether answers that were given are to questions on another model.
    """

    topics: Topics
    tasks: Tasks
    scores: tuple[pd.DataFrame, pd.DataFrame] | None = None
    foreign: bool = False

    name: ClassVar[str] = "precision"
    columns: ClassVar[tuple[str, ...]] = (
        *("question", "A", "B", "C", "D", "E", "F"),
        *("task", "measure", "value", "low", "high", "chance", "raters", "alpha"),
    )

    def _title(self) -> str:
        if self.scores is not None:
            return tr("Topics that people recognise")
        if not len(self.tasks.key):
            return tr("There is nothing to ask raters")
        return tr("What raters are asked: {folder}", folder=f"validation/{self.tasks.key['sheet'].iloc[0]}/questions")

    def _alt(self) -> str:
        return tr("Share of raters who found the intruder.")

    def _sentences(self) -> Iterator[str]:
        from pathlib import Path

        from ...topics import intruders

        seed = self.study["seed"]
        yield from intruders.make_tasks(self.topics.model, self.topics.words.paragraphs, seed=seed).notes
        if self.foreign:
            yield tr(
                "The answers in {folder} are to questions on another model, and not shown: send out the new ones.",
                folder=Path(self.study["answers"]).name,
            )
        if self.scores is not None:
            yield from intruders.sentences(self.scores[1])

    def _draw(self) -> Figure | None:
        return drawings.precision(self.data(), "name", 1 / 6) if len(self.data()) else None

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows if self.scores is not None else self.rows[["question", "A", "B", "C", "D", "E", "F"]]

    def data(self) -> pd.DataFrame:
        """How many raters found the word that does not belong to each topic."""
        if self.scores is None:
            return pd.DataFrame()
        words = self.scores[0][self.scores[0]["task"] == "word"]
        return words.assign(name=[self.topics.names[int(n) - 1] for n in words["topic"]])

    def tables(self) -> dict[str, pd.DataFrame]:
        """The raters' precision, if there are answers."""
        return {} if self.scores is None else {"raters": self.scores[1]}

    def write_more(self, folder: Path) -> None:
        """Write the questions and their key into validation, in a folder of their own; what is there is left alone."""
        from ...topics import intruders

        if len(self.tasks.key):
            intruders.write_tasks(folder / "validation" / self.tasks.key["sheet"].iloc[0], self.tasks)


@dataclass(frozen=True, eq=False, repr=False)
class TopicBrowser(Result):
    """The topics to browse: a page, which a notebook shows as it is."""

    html: str

    name: ClassVar[str] = "topics"

    def _title(self) -> str:
        return tr("topics to browse")

    def _html(self, picture: str) -> str:
        return self.html

    def pages(self) -> dict[str, Page]:
        """The page; its paragraphs say that text is withheld, where it is."""
        return {"topics": Page(self._title(), fragments.page(self.html, tr("Topics"), here="topics"), quotes=False)}


class TopicQuestions:
    """What a study can be asked on its topics."""

    @analysis
    def formulas(self: Study) -> Formulas:
        """The runs of words that many documents share: the genre's, and no topic's."""
        words = _words_of(self)
        return Formulas(self, words.formulas, words.left_out)

    @analysis
    def themes(self: Study, codebook: str = "") -> Themes:
        """The shares of themes that a codebook fixes before documents are read.

        Parameters
        ----------
        codebook : str
            A file, party, report or policy; the run's if left out.
        """
        from ...topics import codebook_topics, prevalence

        book = codebook_topics.choose_codebook(codebook or self["codebook"], self.corpus, self.coded_themes())
        if book is None:
            raise NotEstimableError(tr("no codebook was named, and there are documents enough for topics"))
        words, fit = _words_of(self), codebook_topics.make_fit(book, self["min_tokens"])
        model = fit(*words.counted_all, len(book))
        of = (words.documents, words.groups, words.sizes, len(book))
        drawn = self.settings("draws", "refits", "seed")
        found = prevalence.intervals(fit, *words.counted_all, *of, **drawn, model=model)
        names, themes = [display_name("theme", theme) for theme in book["theme"]], list(book["theme"])
        return Themes(self, found.assign(name=np.resize(names, len(found))), words, model, themes)

    @analysis
    def choose_k(self: Study, ks: Sequence[int] = ()) -> ChoiceOfK:
        """How many topics the documents support.

        Parameters
        ----------
        ks : sequence of int
            The numbers that are compared; the run's if left out.
        """
        from ...topics import quality

        tried = [*(ks or self["ks"])]
        words = _words_of(self)
        counts, terms = words.counted
        _, mask, part = self.in_part(words.paragraphs)
        units, _ = clusters(words.documents[mask])
        how: dict[str, Any] = {"fit": _fit_of(self), "error": quality.held_out_error(self["method"])}
        how |= self.settings("resamples", "seed")
        curve = quality.choose_k(counts[mask], terms, units, [*tried, self["k"] or tried[0]], **how)
        if not part:  # `topics` asks for the same
            self._results.setdefault("stability", {}).update(zip(curve["k"], curve["by_topic"], strict=True))
        return ChoiceOfK(self, curve.drop(columns=["by_topic", "seconds"]), part)

    @analysis
    def topics(self: Study, k: int = 0) -> Topics:
        """The topics, and how well each is found again in draws of the documents.

        Parameters
        ----------
        k : int
            Their number; that of the run if left out, or else the one that the rule chooses.
        """
        from ...topics import labels, quality

        k = k or self["k"] or self.choose_k().k
        if isinstance(k, Result):  # there is no choice to be made: it says why
            raise NotEstimableError(next(iter(k.sentences())))
        words, fit = _words_of(self), _fit_of(self)
        (counts, terms), (units, unit) = words.counted, clusters(words.documents)
        model = fit(counts, terms, k)
        drawn = self.settings("resamples", "seed")
        if (stability := self._results.get("stability", {}).get(k)) is None:
            stability, _ = quality.stability(fit, counts, terms, units, k, **drawn, model=model)
        names, _ = labels.name_topics(model, self["labels"])
        notes = {}
        for language in LANGUAGES:
            with in_language(language):
                _, notes[language] = labels.name_topics(model, self["labels"])
        table = quality.summary(model, names, words.sizes, stability, counts)
        return Topics(self, table, words, model, fit, names, notes, unit)


def _words_of(study: Study) -> TopicWords:
    if "topic words" not in study._results:
        study._results["topic words"] = TopicWords(study)
    return study._results["topic words"]


def _fit_of(study: Study) -> Callable[..., TopicModel]:
    from ...topics import models

    return partial(models.fit, **study.settings("min_tokens", "seed", "method"))
