"""What raters are asked on topics, and what they found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from ...figures import topics as drawings
from ...language import tr
from ..result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.figure import Figure

    from ...topics.intruders import Tasks
    from .topic_words import FittedTopics


@dataclass(frozen=True, eq=False, repr=False)
class Review(Result):
    """What raters are asked, and what came of it: the questions, or once there are answers, the raters' precision.

    Attributes
    ----------
    topics : FittedTopics
    tasks : Tasks
    scores : (DataFrame, DataFrame) or None
        Of `inference.intrusion_scores`.
    foreign : bool
        Whether answers that were given are to questions on another model.
    """

    topics: FittedTopics
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
