"""What results claim: sentences with a size, extremes and a caveat, for the first page of a report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from ... import NotEstimableError
from ...language import tr
from ..claims import Claim, best_claims, extremes, spread
from ..result import Result, analysis
from .claim_basis import how_often_right, of_complete_groups
from .claims_of_figures import claims_of_indicators, claims_of_targets
from .claims_of_stances import claims_of_causes, claims_of_stances
from .distances import Distances
from .fact_tables import fact_tables
from .indicators import Indicators
from .own_facts import own_facts
from .programmes import Programmes
from .reuse import Pairs
from .stances import Causes, Stances
from .targets import Targets

if TYPE_CHECKING:
    from ..study import Study


@singledispatch
def claims_of(result: Result) -> list[Claim]:
    """The claims that a result makes; of most kinds of results none.

    Parameters
    ----------
    result : Result

    Returns
    -------
    list of Claim
        In the language that is set.
    """
    return []


@claims_of.register
def _of_targets(result: Targets) -> list[Claim]:
    return claims_of_targets(result)


@claims_of.register
def _of_indicators(result: Indicators) -> list[Claim]:
    return claims_of_indicators(result)


@claims_of.register
def _of_stances(result: Stances) -> list[Claim]:
    return claims_of_stances(result)


@claims_of.register
def _of_causes(result: Causes) -> list[Claim]:
    return claims_of_causes(result)


@claims_of.register
def _of_programmes(result: Programmes) -> list[Claim]:
    """How many programmes groups name for their length, and how few are common."""
    study, rows = result.study, result.rows
    if len(study.groups()) < 2 or type(result) is not Programmes or rows.empty:
        return []
    sizes = fact_tables(study).body.groupby("group")["n_chars"].sum()
    mentions = fact_tables(study).tables["programmes"].groupby("group").size()
    rates = (mentions.reindex(sizes.index).fillna(0) / sizes * 1000).rename_axis("group").rename("rate")
    rates = of_complete_groups(study, rates.reset_index()).set_index("group")["rate"]
    least, greatest, _ = extremes(rates, lambda v: f"{v:.1f}")
    several = int((rows["groups"].map(len) > 1).sum())
    text = tr(
        "Of {n} named programmes, {several} are found in two {many} or more. Most mentions per 1,000 characters: "
        "{greatest}; fewest: {least}.",
        n=f"{len(rows):,}",
        several=f"{several:,}",
        many=study.plural(),
        greatest=greatest,
        least=least,
    )
    caveat = tr("Names are read by rules ({right}).", right=how_often_right(study, "programmes"))
    return [Claim("programme", "programmes", text, caveat, 0.55 * spread(rates), "#figure-programmes-figure")]


@claims_of.register
def _of_pairs(result: Pairs) -> list[Claim]:
    """Who takes most of its text word for word from or with another."""
    groups = result.study.corpus.set_index("doc_id")["group"]
    rows = result.rows.assign(group=result.rows["doc_id"].map(groups))
    firsts = of_complete_groups(result.study, rows).drop_duplicates("doc_id")
    if firsts.empty:
        return []
    first, labels = firsts.iloc[0], result.study.labels()
    values = {
        "a": labels.get(first["doc_id"], first["doc_id"]),
        "b": labels.get(first["other_doc"], first["other_doc"]),
        "share": first["share"],
        "n": len(firsts),
        "all": len(result.study.corpus),
        "median": firsts["share"].median(),
    }
    text = tr(
        "{share:.0%} of the text of {a} stands word for word in {b} as well, the most of all pairs. {n} of {all} "
        "documents share passages with another.",
        **values,
    )
    caveat = tr("Common sources, such as national documents, make passages alike too.")
    return [Claim("reuse", "reuse", text, caveat, min(1.0, 3 * float(first["share"])), "#figure-pairs")]


@claims_of.register
def _of_distances(result: Distances) -> list[Claim]:
    """Whose wording is nearest and farthest."""
    said = list(result._sentences())
    caveat = said[1] if len(said) > 1 else ""
    return [Claim("wording", "distances", said[0], caveat, 0.2, f"#figure-{result.name}")]


@dataclass(frozen=True, eq=False, repr=False)
class Claims(Result):
    """What the documents say first: a claim a row, the best first, with its caveat and what carries it.

    Attributes
    ----------
    asked : tuple of Result
        That make the claims.
    """

    asked: tuple[Result, ...]

    name: ClassVar[str] = "claims"
    columns: ClassVar[tuple[str, ...]] = ("claim", "caveat")

    def _title(self) -> str:
        return tr("In short")

    def _sentences(self) -> list[str]:
        made = [claim for result in self.asked for claim in claims_of(result)]  # anew, in another language
        return [claim.text for claim in best_claims(made, len(self.rows))]


class ClaimQuestions:
    """What a study can be asked to say first."""

    @analysis
    def claims(self: Study, most: int = 5) -> Claims:
        """What the documents say first: the claims of its results that say most.

        Parameters
        ----------
        most : int
            How many.
        """
        stances = self.stances()
        asked = [self.targets(), self.indicators(), stances, self.stances_of_units(), self.programmes()]
        asked += [stances.causes(), self.distances()]
        chosen = best_claims([claim for result in asked for claim in claims_of(result)], most)
        if not chosen:
            raise NotEstimableError(tr("nothing is comparable in these documents"))
        columns = ["family", "topic", "claim", "caveat", "score", "place"]
        return Claims(self, pd.DataFrame(chosen, columns=columns).round({"score": 6}), tuple(asked))


def kept_claims(result: Result) -> list[Claim]:
    """The claims of a result with what one group alone reports, as a kept result has them."""
    return [*claims_of(result), *(own_facts(result) if isinstance(result, Indicators) else [])]
