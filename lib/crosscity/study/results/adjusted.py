"""Groups made alike in genre, year, level and length, and what still sets them apart: words, themes and stances."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from scipy import sparse

from ... import CrosscityError, NotEstimableError
from ...compare import adjusted, keyness, matching
from ...compare.matching import column_label
from ...figures import basic
from ...figures import comparison as drawing
from ...inference import answer_label
from ...language import display_name, join_items, tr
from ..groups import WITHIN
from ..result import Result, Unavailable, analysis
from .comparison import Keyness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.figure import Figure

    from ...compare.matching import Matching
    from ..study import Study

_KEPT = 50  # terms of a group in the table
_NAMED = 4  # groups, documents and terms that sentences name one by one
_WAYS = ("more", "less")


@dataclass(frozen=True, eq=False, repr=False)
class Matched(Result):
    """Each group matched with the documents of the others: how far they differ before and after, a column a row.

    Attributes
    ----------
    matches : dict of str to Matching
        By group.
    refused : dict of str to str
        Why the other groups cannot be matched.
    by : tuple of str
        The columns that documents are matched by.
    """

    matches: dict[str, Matching]
    refused: dict[str, str]
    by: tuple[str, ...]

    name: ClassVar[str] = "matching"
    columns: ClassVar[tuple[str, ...]] = ("group", "column", "before", "after", "mean", "mean_rest", "mean_rest_after")

    @cached_property
    def documents(self) -> pd.DataFrame:
        """The documents of each comparison: group, doc_id, side, stratum, weight (0: unmatched), lacks."""
        tables = [m.documents.assign(group=group) for group, m in self.matches.items()]
        rows = pd.concat(tables, ignore_index=True)
        rows["side"] = np.where(rows["ours"], "group", "others")
        return rows[["group", "doc_id", "side", "stratum", "weight", "lacks"]].round({"weight": 6})

    @property
    def unmatched(self) -> pd.DataFrame:
        """The documents that no comparison of their own group takes: group, doc_id, lacks."""
        rows = self.documents
        lost = rows[(rows["side"] == "group") & (rows["weight"] == 0)]
        return lost[["group", "doc_id", "lacks"]].reset_index(drop=True)

    @analysis
    def keyness(self, *, terms: int = 0) -> AdjustedKeyness:
        """The terms that set each group apart from documents like its own.

        Parameters
        ----------
        terms : int
            How many a figure shows of each group; the run's if left out.
        """
        words, study = self.study.words(), self.study
        settings = study.settings("permutations", "seed") | {"clusters": study.strata(words.paragraphs)}
        counted, found = (words.counts, words.terms, words.documents), {}
        for group, matched in self.matches.items():
            found[group] = adjusted.adjusted_keyness(*counted, matched, comparisons=len(self.matches), **settings)
        plain = self._plain_keyness()
        tables = []
        for group, table in found.items():
            if group in plain:
                ratios = plain[group].set_index("term")["log_ratio"]
                table["log_ratio_plain"] = table["term"].map(ratios)
            for way in _WAYS:
                rows = keyness.top_terms(table, n=_KEPT, less=way == "less")
                tables.append(rows.assign(group=group, way=way))
        rows = pd.concat(tables, ignore_index=True)
        return AdjustedKeyness(study, rows, found, terms or study["terms"], plain=plain)

    def _plain_keyness(self) -> dict[str, pd.DataFrame]:
        """The tables of the comparison that does not adjust, of the same groups."""
        every = self.study.keyness()
        if isinstance(every, Unavailable):
            return {}
        tables = {group: every.found[group] for group in self.matches if group in every.found}
        for group in self.matches:
            if group not in tables and (one := self.study.keyness(group)):
                tables[group] = one.found[group]
        return tables

    @analysis
    def themes(self) -> AdjustedThemes:
        """How much room each group gives to themes, beside documents like its own."""
        coded, whole = self.study.coded_themes(), self.study.words().whole
        if coded is None or coded.empty:
            raise NotEstimableError(tr("the tables hold no themes: build them with a codebook"))
        first = coded.loc[coded["rank"] == 1, ["doc_id", "paragraph", "theme"]]
        of = whole[["doc_id", "paragraph", "n_chars"]].merge(first, how="left", on=["doc_id", "paragraph"])
        names, codes = _coded(of["theme"])
        size, row = of["n_chars"].to_numpy(), np.flatnonzero(codes >= 0)
        amounts = sparse.csr_array((size[row], (row, codes[row])), shape=(len(of), len(names)))
        return AdjustedThemes(self.study, self._shares(amounts, names, whole["n_chars"].to_numpy()))

    @analysis
    def stances(self) -> AdjustedStances:
        """How much of its text each group gives to what is done, planned, admitted, beside documents like its own."""
        whole = self.study.words().whole
        if not (self.study.tables / "stances.parquet").is_file():
            raise NotEstimableError(tr("the tables hold no stances: build them whole"))
        place = whole[["doc_id", "paragraph"]].assign(row=np.arange(len(whole)))
        of = self.study.table("stances").drop(columns="group").merge(place, on=["doc_id", "paragraph"])
        names, codes = _coded(of["stance"])
        size = (of["end"] - of["start"]).to_numpy()
        amounts = sparse.coo_array((size, (of["row"], codes)), shape=(len(whole), len(names))).tocsr()
        return AdjustedStances(self.study, self._shares(amounts, names, np.asarray(amounts.sum(axis=1))))

    def _shares(self, amounts: sparse.csr_array, names: Any, sizes: Any) -> pd.DataFrame:
        """The tables of `adjusted_shares` of each group, with the difference that there is without adjustment."""
        study, words, tables = self.study, self.study.words(), []
        settings = study.settings("permutations", "seed") | {"clusters": study.strata(words.paragraphs)}
        documents = _compared_documents(study)
        for group, matched in self.matches.items():
            more = settings | {"comparisons": len(self.matches)}
            table = adjusted.adjusted_shares(amounts, names, words.documents, matched, sizes, **more)
            every = matching.match(documents, documents["group"] == group, (), group)
            plain = adjusted.adjusted_shares(amounts, names, words.documents, every, sizes, **more)
            plain = plain[["name", "difference", "answer"]].rename(columns=lambda c: c if c == "name" else f"{c}_plain")
            tables.append(table.merge(plain, on="name", how="left").assign(group=group))
        rows = pd.concat(tables, ignore_index=True)
        rows["bound"] = np.where(rows["low"] > 0, rows["low"], np.where(rows["high"] < 0, rows["high"], 0.0))
        return rows[["group", *rows.columns.drop("group")]]

    def _title(self) -> str:
        return tr("How far groups differ in what they are matched by, before (hollow) and after")

    def _sentences(self) -> Iterator[str]:
        study, columns = self.study, [column_label(c) for c in self.by]
        said = tr("Documents are matched by {columns} (coarsened exact matching).", columns=join_items(columns))
        if study.by in matching.COLUMNS and study.by not in self.by:
            said += " " + tr("They are not matched by {column}, which is compared.", column=column_label(study.by))
        yield said
        varying = set(self.rows["column"])
        if alike := [column_label(c) for c in self.by if c not in varying]:
            yield tr("The same, or not stated, in all documents: {columns}.", columns=join_items(alike))
        if len(self.matches) <= _NAMED:
            for group, matched in self.matches.items():
                yield self._size_sentence(group, matched)
        else:
            yield self._sizes_sentence()
        if len(lost := self.unmatched):
            labels = study.labels()
            named = [self._lacking(row, labels) for row in lost.head(2 * _NAMED).itertuples()]
            more = tr(" and {n} more", n=len(lost) - len(named)) if len(lost) > len(named) else ""
            yield tr(
                "Left out of their own group for want of a match (in brackets: what the nearest differs in): {said}.",
                said=tr("; ").join(named) + more,
            )
        reasons = list(self.refused.values())
        for reason in reasons[:_NAMED]:
            yield tr("Not compared: {reason}.", reason=reason)
        if len(reasons) > _NAMED:
            yield tr("Nor are {n} more {many}.", n=len(reasons) - _NAMED, many=study.plural())

    def _size_sentence(self, group: str, matched: Matching) -> str:
        all_ = matched.balance[matched.balance["column"] == "all"]
        before, after = (all_[c].iloc[0] if len(all_) else 0.0 for c in ("before", "after"))
        return tr(
            "{group}: {a} of {all_a} documents match {b} of {all_b} others, in {strata} strata; L1 falls from "
            "{before:.2f} to {after:.2f}.",
            group=group,
            before=before,
            after=after,
            **matched.sizes(),
        )

    def _sizes_sentence(self) -> str:
        shares = {group: (s := m.sizes())["a"] / s["all_a"] for group, m in self.matches.items()}
        others = [m.sizes()["b"] for m in self.matches.values()]
        low = min(shares, key=lambda g: (shares[g], g))
        sizes = {"n": len(shares), "many": self.study.plural(), "share": shares[low], "group": low}
        return tr(
            "Of each of {n} {many}, {share:.0%} of the documents or more are matched (fewest: {group}), with {least} "
            "to {most} others.",
            least=min(others),
            most=max(others),
            **sizes,
        )

    def _lacking(self, row: Any, labels: dict[str, str]) -> str:
        columns = join_items(column_label(c) for c in row.lacks.split("; ") if c)
        name = labels.get(row.doc_id, row.doc_id)
        return tr("{term} ({said})", term=name, said=columns) if columns else name

    def _asides(self) -> Iterator[str]:
        return self._sentences()

    def _draw(self) -> Figure | None:
        return drawing.balance(self._shown_rows()) if len(self.rows) else None

    def _shown_rows(self) -> pd.DataFrame:
        return self.rows.assign(column=[column_label(c) for c in self.rows["column"]])

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        return self.documents[self.documents["group"] == row["group"]].reset_index(drop=True)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The documents of each comparison, with their strata and weights."""
        return {"matched-documents": self.documents}


@dataclass(frozen=True, eq=False, repr=False)
class AdjustedKeyness(Keyness):
    """The terms that each group uses more, and less, than documents like its own: a term of a group a row.

    Attributes
    ----------
    plain : dict of str to DataFrame
        By group, the terms without adjustment.
    """

    plain: dict[str, pd.DataFrame] | None = None

    name: ClassVar[str] = "adjusted-terms"
    columns: ClassVar[tuple[str, ...]] = (
        "group",
        "term",
        "count",
        "count_rest",
        "log_ratio",
        "low",
        "high",
        "log_ratio_plain",
    )

    def _title(self) -> str:
        sizes = {"n": self.top["group"].nunique(), "all": len(self.study.groups()), "many": self.study.plural()}
        said = "Terms that set {n} of {all} {many} apart from documents like theirs, with 95% intervals"
        if self.way == "less":
            said = "Terms that {n} of {all} {many} use less than documents like theirs, with 95% intervals"
        counted = tr("; the number: documents") if self._several else ""
        return tr(said, **sizes) + counted + (tr("; crosses: without adjustment") if self._beside else "")

    @property
    def _beside(self) -> str | None:
        return "log_ratio_plain" if self.plain else None

    def _sentences(self) -> list[str]:
        said, plain = keyness.sentences(self.found), self.plain or {}
        tested = {g for g in plain if self.found[g]["p"].notna().any()}
        once = [g for g in plain if g not in tested and plain[g]["p"].notna().any()]
        if once:
            names = join_items(once[:_NAMED]) + (tr(" and {n} more", n=len(once) - _NAMED) if once[_NAMED:] else "")
            said.append(tr("Tested without adjustment, and too few to be tested once matched: {names}.", names=names))
        before, after = ({g: _listed(of[g]) for g in plain if g not in once} for of in (plain, self.found))
        lost = {g: [t for t in before[g] if t not in set(after[g])] for g in before}
        new = {g: len(set(after[g]) - set(before[g])) for g in before}
        if len(before) <= _NAMED:
            return said + [self._kept_sentence(g, len(before[g]), lost[g], new[g]) for g in before]
        n = sum(map(len, before.values()))
        sums = {"all": n, "kept": n - sum(map(len, lost.values())), "new": sum(new.values())}
        return [
            *said,
            tr("Of {all} terms that mark a group without adjustment, {kept} still do; {new} others do.", **sums),
        ]

    @staticmethod
    def _kept_sentence(group: str, n: int, lost: list[str], new: int) -> str:
        not_found = tr(" (not: {said})", said="、".join(lost[:_NAMED]) + "…" * (len(lost) > _NAMED)) if lost else ""
        return tr(
            "{group}: of {n} terms found without adjustment, {kept} are found again{lost}; found besides: {new}.",
            group=group,
            n=n,
            kept=n - len(lost),
            lost=not_found,
            new=new,
        )

    def _draw(self) -> Figure | None:
        if self.top.empty:
            return None
        columns, label = ("group", "label", "log_ratio"), tr("log2 ratio of rates")
        return basic.term_panels(
            self.top, *columns, label, "low", "high", "only_here", glossed="term", beside=self._beside
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """The first terms of each group, more and less."""
        return {"adjusted-keyness": self.rows[["group", "way", *self.rows.columns.drop(["group", "way"])]]}


class _AdjustedShares(Result):
    """Shares of text that a group gives to something, beside documents like its own: one of a group a row."""

    columns: ClassVar[tuple[str, ...]] = ("group", "name", "share", "share_rest", "difference", "low", "high", "answer")
    kind: ClassVar[str]

    @cached_property
    def shown(self) -> pd.DataFrame:
        """The rows of the figure: of each group those that differ most, in points of per cent."""
        order = self.rows.assign(size=self.rows["difference"].abs())
        order = order.sort_values(["size", "name"], ascending=[False, True], kind="stable")
        order = order.groupby("group", sort=False).head(self.study["terms"])
        order = order.sort_values(["group", "difference"], ascending=[True, False], kind="stable").drop(columns="size")
        ends = {c: 100 * order[c] for c in ("difference", "low", "high", "difference_plain")}
        return order.assign(**ends, name=[display_name(self.kind, n) for n in order["name"]]).reset_index(drop=True)

    def _sentences(self) -> Iterator[str]:
        first = self.rows.drop_duplicates("group").set_index("group")
        unable = first["answer"].str.startswith("not testable")
        if unable.any():
            answer = tr(" or ").join(dict.fromkeys(map(answer_label, first.loc[unable, "answer"])))
            yield tr("Whether shares differ is {answer}; intervals that exclude 0 are named.", answer=answer)
        for group, rows in self.rows.groupby("group", sort=False):
            yield self._group_sentence(group, rows, bool(unable[group]))

    def _group_sentence(self, group: str, rows: pd.DataFrame, by_interval: bool) -> str:
        parts = []
        for way, sign in (("more", 1), ("less", -1)):
            differs = sign * rows["bound"] > 0 if by_interval else rows["answer"] == way
            order = rows[differs].sort_values("difference", ascending=sign < 0, kind="stable").head(_NAMED)
            cells = zip(order["name"], order["share"], order["share_rest"], strict=True)
            named = [
                tr("{name} ({share:.1%} against {rest:.1%})", name=display_name(self.kind, n), share=a, rest=b)
                for n, a, b in cells
            ]
            if named:
                parts.append(tr("{name}: {said}", name=display_name("way", way), said=join_items(named)))
        before = rows["answer_plain"].isin(_WAYS).sum()
        after = rows["answer"].isin(_WAYS).sum()
        counts = "" if by_interval else tr(" ({before} without adjustment, {after} with)", before=before, after=after)
        said = tr("; ").join(parts) or tr("no difference shown")
        return tr("{group}, {named}{count}.", group=group, named=said, count=counts)

    def _asides(self) -> list[str]:
        first = list(self._sentences())[:1]
        return first if self.rows["answer"].str.startswith("not testable").any() else []

    def _draw(self) -> Figure | None:
        label, columns = tr("difference, percentage points"), ("group", "name", "difference")
        return basic.term_panels(self.shown, *columns, label, "low", "high", beside="difference_plain")

    def _shown_rows(self) -> pd.DataFrame:
        rows = self.rows.loc[self.rows["difference"].abs().sort_values(ascending=False, kind="stable").index]
        names = [display_name(self.kind, name) for name in rows["name"]]
        return rows.assign(name=names, answer=[answer_label(answer) for answer in rows["answer"]])

    def data(self) -> pd.DataFrame:
        """The rows of the figure."""
        return self.shown

    def tables(self) -> dict[str, pd.DataFrame]:
        """All rows."""
        return {f"{self.name}-tests": self.rows}


@dataclass(frozen=True, eq=False, repr=False)
class AdjustedThemes(_AdjustedShares):
    """The room that each group gives to themes, beside documents like its own: a theme of a group a row."""

    name: ClassVar[str] = "adjusted-themes"
    kind: ClassVar[str] = "theme"

    def _title(self) -> str:
        said = tr("Room that groups give to themes, beside documents like theirs, with 95% intervals")
        return said + tr("; crosses: without adjustment")

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        coded = self.study.coded_themes()
        assert coded is not None
        of = coded[(coded["rank"] == 1) & (coded["theme"] == row["name"])][["doc_id", "paragraph"]]
        lines = self.study.texts.quotable(self.study.words().whole).merge(of, on=["doc_id", "paragraph"])
        return lines.loc[lines["group"] == row["group"], ["group", "doc_id", "paragraph", "text"]].reset_index(
            drop=True
        )


@dataclass(frozen=True, eq=False, repr=False)
class AdjustedStances(_AdjustedShares):
    """The room that each group gives to stances, beside documents like its own: a stance of a group a row."""

    name: ClassVar[str] = "adjusted-stances"
    kind: ClassVar[str] = "stance"

    def _title(self) -> str:
        said = tr("Room that groups give to what is done, planned and admitted, beside documents like theirs")
        return said + tr("; crosses: without adjustment")

    def _evidence(self, row: pd.Series[Any]) -> pd.DataFrame:
        of = self.study.table("stances").drop(columns="group")
        lines = self.study.texts.quotable(self.study.words().whole)
        lines = lines.merge(of[of["stance"] == row["name"]], on=["doc_id", "paragraph"])
        lines = lines[lines["group"] == row["group"]].reset_index(drop=True)
        lines["text"] = [t[a:b] for t, a, b in zip(lines["text"], lines["start"], lines["end"], strict=True)]
        return lines[["group", "doc_id", "paragraph", "text"]]


class AdjustedQuestions:
    """What a study can be asked of groups that are made alike."""

    @analysis
    def matched(self: Study, group: str = "", *, match: Sequence[str] = ()) -> Matched:
        """Each group matched with the documents of the others that are like its own, or one group.

        Parameters
        ----------
        group : str
            Each that figures show if left out.
        match : sequence of str
            The columns of corpus in which documents must be alike; the run's if left out, but for what is compared.
        """
        documents = _compared_documents(self)
        columns = tuple(match) or tuple(c for c in self["match"] if c != self.by)
        if group and group not in self.groups():
            msg = f"group is {group!r}; by {self.by} there are {', '.join(self.groups()[:20])}"
            raise CrosscityError(msg)
        matches, refused, with_words = {}, {}, set(documents["group"])
        if len(with_words) < 2:
            raise NotEstimableError(tr("there is one group, and nothing to compare it with"))
        for name in [group] if group else [g for g in self.displayed_groups() if g in with_words]:
            others = sorted(with_words - {name})
            rest = others[0] if len(others) == 1 else tr("the others")
            try:
                matches[name] = matching.match(documents, documents["group"] == name, columns, name, rest)
            except NotEstimableError as error:
                refused[name] = str(error)
        if not matches:
            raise NotEstimableError(_no_group(self, documents, refused, columns))
        rows = pd.concat([m.balance.assign(group=g) for g, m in matches.items()], ignore_index=True)
        return Matched(self, rows[["group", *rows.columns.drop("group")]], matches, refused, columns)


def _compared_documents(study: Study) -> pd.DataFrame:
    """The documents whose words are compared, with what they can be matched by; of units and voices, each of these."""
    words = study.words()
    rows = pd.DataFrame({"of": words.whole["doc_id"], "n_chars": words.whole["n_chars"], "group": words.groups})
    rows = rows.groupby(words.documents.to_numpy(), sort=False).agg({"of": "first", "n_chars": "sum", "group": "first"})
    about = study.corpus.set_index("doc_id").loc[rows["of"]].reset_index(drop=True)
    about["doc_id"], about["group"] = rows.index.to_numpy(), rows["group"].to_numpy()
    if study.by in WITHIN:
        about["n_chars"] = rows["n_chars"].to_numpy()
    return about


def _no_group(study: Study, documents: pd.DataFrame, refused: dict[str, str], columns: Sequence[str]) -> str:
    """Why no group can be matched."""
    if len(refused) > 2 and not documents["group"].duplicated().any():
        said = "each of {n} {many} has one document, and none is matched by two others in {columns}"
        names = join_items(column_label(c) for c in columns)
        return tr(said, n=documents["group"].nunique(), many=study.plural(), columns=names)
    reasons = list(dict.fromkeys(refused.values()))
    if len(refused) == 2 and documents["group"].nunique() == 2:
        reasons = reasons[:1]  # the other says the same with the sides changed
    more = tr(" and {n} more", n=len(reasons) - _NAMED) if len(reasons) > _NAMED else ""
    return tr("; ").join(reasons[:_NAMED]) + more


def _listed(table: pd.DataFrame) -> list[str]:
    """The terms that a table of keyness says to differ: by its test, or by intervals."""
    return [term for way in _WAYS for term in keyness.top_terms(table, less=way == "less")["term"]]


def _coded(names: pd.Series[Any]) -> tuple[Any, Any]:
    """The different names, sorted, and the place of each among them; -1 for none."""
    codes, found = pd.factorize(names, sort=True)
    return np.asarray(found, dtype=object), codes
