"""What documents are about: formulas, themes of a codebook, the number of topics, the topics, and who has them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from ... import NotEstimableError
from ...browse import fragments, topics_page
from ...figures import topics as drawings
from ...inference import FEW_DOCUMENTS, clusters
from ...language import LANGUAGES, current_language, display_name, in_language, tr
from ..result import Page, Result, analysis
from .topic_review import Review
from .topic_shares import Prevalence, Themes
from .topic_words import FittedTopics, Formulas, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from matplotlib.figure import Figure

    from ...topics.models import TopicModel
    from ..study import Study

_FEW_YEARS = 10  # below which no trend is sought
_DRAWN = 20  # topics whose terms a figure shows
_MAPPED = 4  # topics from which a map of them says something
_WIDE = 0.5  # median width of intervals from which shares are not drawn
_NAMED = 12  # groups that the alt text of shares names
_TERMS = 10  # of a topic, in a display
_LINES = 5  # paragraphs that a share is shown to rest on


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
class Topics(FittedTopics):
    """The topics of a study, a topic a row: its prevalence, how well it is found again, how coherent it is."""

    name: ClassVar[str] = "topic-terms-figure"
    columns: ClassVar[tuple[str, ...]] = ("topic", "terms", "prevalence", "stability", "found again")

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
        words = words_of(self)
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
        words, fit = words_of(self), codebook_topics.make_fit(book, self["min_tokens"])
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
        words = words_of(self)
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
        words, fit = words_of(self), _fit_of(self)
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


def _fit_of(study: Study) -> Callable[..., TopicModel]:
    from ...topics import models

    return partial(models.fit, **study.settings("min_tokens", "seed", "method"))
