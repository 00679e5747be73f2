"""A corpus as the parameters of a run select and group it: documents, paragraphs, counts of terms, facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from .. import CrosscityError, NotEstimableError
from ..documents import local_names, prefectures, short_form
from ..language import display_name, in_language, tr
from ..tables import FACTS, read_table
from ..words.codes import encode
from ..words.matrix import count_matrix
from ..words.variants import join_variants, variants_among
from .groups import WITHIN, corpus_notes, exclusion_reasons, group_labels, plural, resolve_by
from .parameters import default_max_df
from .references import read_references
from .texts import open_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

MOST_WORDS = 6_000_000  # of results that are of a part of a larger text: of some 1,300 reports
_LEAST_DOCUMENTS = 40  # of a part
_MOST_NAMED = 20  # groups that a message lists
_MOST_DISPLAYED = 12
_MOST_PLACES = 6  # that a sentence names
_SPOKEN = ("heading", "body")  # kinds of paragraph in which somebody speaks


class PermutationDesign(NamedTuple):
    """What a permutation test permutes: documents between groups, within strata.

    Attributes
    ----------
    column : str
        The column that the groups are of.
    groups : Series
        The group of each document.
    strata : Series or None
        The stratum of each document; None if all can be exchanged.
    """

    column: str
    groups: pd.Series
    strata: pd.Series | None


class Part(NamedTuple):
    """Some paragraphs, which of all they are, and a sentence on what part that is; empty if they are all."""

    paragraphs: pd.DataFrame
    mask: npt.NDArray[np.bool_]
    sentence: str


class GroupedCorpus:
    """The tables of a corpus, selected and grouped by parameters.

    Parameters
    ----------
    tables : str or Path
        The folder of the tables.
    values : dict
        Parameters, as `check_parameters` gives them.

    Attributes
    ----------
    corpus : DataFrame
        The documents that take part, with the column group.
    left_out : DataFrame
        Those that do not, with the column reason.
    by : str
        The column that is compared.
    texts : Texts
        Results that need the text; of an edition without text, those that it keeps.
    notes : list of str
        Caveats that every figure of the corpus bears, in English, as the manifest has them.
    display_notes : list of str
        The same in the run's language, as figures and tables have them.

    Raises
    ------
    CrosscityError
        If a table is absent or invalid, or no document takes part.
    """

    def __init__(self, tables: Path | str, values: Mapping[str, Any]) -> None:
        self.tables, self.values = Path(tables), values
        self._read_tables: dict[str, pd.DataFrame] = {}
        self._whole: pd.DataFrame | None = None
        self._place_names: frozenset[str] | None = None
        self._build = self._file_states()
        documents = self._read("corpus")
        self.by = resolve_by(values["by"], documents, values["only"])
        reasons = exclusion_reasons(documents, values["only"], self.by)
        self.left_out = documents.assign(reason=reasons)[reasons != ""]
        self.corpus = documents[reasons == ""].reset_index(drop=True)
        if self.corpus.empty:
            msg = f"no document takes part: only is {values['only']!r}, and {len(documents)} are left out"
            raise CrosscityError(msg)
        self.corpus["group"] = group_labels(self.corpus, self.by)
        self.texts = open_texts(self.tables, self.corpus, values, self.by)
        self.display_notes = corpus_notes(self.corpus, self.by)
        with in_language("en"):
            self.notes = corpus_notes(self.corpus, self.by)

    def _read(self, name: str) -> pd.DataFrame:
        """A whole table, validated; all are of one build. Large ones are not kept beside what is made of them."""
        if name in self._read_tables:
            return self._read_tables[name]
        table = read_table(name, self.tables)
        if self._file_states() != self._build:
            msg = f"{self.tables}: the tables were built anew since this notebook began: restart its kernel"
            raise CrosscityError(msg)
        if name not in (*FACTS, "tokens") and (name != "paragraphs" or self._whole is None):
            self._read_tables[name] = table
        return table

    def _file_states(self) -> set[tuple[str, int, int]]:
        states = ((path.name, path.stat()) for path in self.tables.glob("[!.]*.parquet"))
        return {(name, state.st_mtime_ns, state.st_size) for name, state in states}

    def __getitem__(self, parameter: str) -> Any:
        return self.values[parameter]

    def settings(self, *names: str) -> dict[str, Any]:
        """The parameters of these names."""
        return {name: self.values[name] for name in names}

    @property
    def has_text(self) -> bool:
        """Whether the tables hold the documents' text; see `tables.edition`."""
        return not self.texts.withheld

    def groups(self) -> list[str]:
        """Labels of the groups, sorted; of voices, those that say something of their own: an editor's note is none."""
        if self.by not in WITHIN:
            return sorted(self.corpus["group"].unique())
        whole = self._with_groups(self._read("paragraphs")) if self._whole is None else self._whole
        if self.by == "voice":
            own = whole[whole["kind"].isin(_SPOKEN)]
            whole = pd.concat([own, whole[~whole["doc_id"].isin(own["doc_id"])]])
        return sorted(whole["group"].unique())

    def displayed_groups(self, most: int = _MOST_DISPLAYED) -> list[str]:
        """The groups that have a profile, or a panel in figures: all, or as many as a reader can take in.

        Of years, evenly spaced ones from the first to the last; of others, those with the most text.
        """
        groups = self.groups()
        if len(groups) <= most:
            return groups
        if self.by == "year":
            last = len(groups) - 1
            return [groups[round(i * last / max(most - 1, 1))] for i in range(most)]
        sizes = (self.paragraphs() if self.by in WITHIN else self.corpus).groupby("group")["n_chars"].sum()
        return sorted(sorted(groups, key=lambda g: (-sizes.get(g, 0), g))[:most])

    def _with_groups(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows of the documents that take part, with the column group."""
        frame = frame.merge(self.corpus[["doc_id", "group"]], on="doc_id", how="inner", sort=False)
        if self.by in WITHIN and "paragraph" in frame:
            frame["group"] = self._groups_of_paragraphs(frame, self.by)
        return frame

    def _groups_of_paragraphs(self, frame: pd.DataFrame, by: str) -> pd.Series:
        """The unit or voice of each row's paragraph: its unit, else its document's label."""
        documents = self.corpus[["doc_id"]].assign(document=group_labels(self.corpus, by))
        whole = self._read("paragraphs") if self._whole is None else self._whole
        whole = whole[["doc_id", "paragraph", "unit"]].merge(documents, on="doc_id")
        name = whole["unit"]
        if by == "voice":  # two documents may have units of one name, and each speaks for itself
            several = whole[name != ""].groupby("unit")["doc_id"].nunique()
            twice = name.isin(set(several.index[several > 1]))
            name = name.where(~twice, name + " (" + whole["document"] + ")")
        whole["_group"] = name.where(whole["unit"] != "", whole["document"]).astype("str")
        keys = ["doc_id", "paragraph"]
        found = frame[keys].merge(whole[[*keys, "_group"]], on=keys, how="left", validate="m:1")["_group"]
        return found.set_axis(frame.index)

    def voices(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows of paragraphs (doc_id, paragraph) with who speaks in them as the column group, whatever is compared.

        A document speaks with one voice, named as the document is, but where it holds units (reports of several
        secretaries): each of these has its own.
        """
        return frame.assign(group=self._groups_of_paragraphs(frame, "voice"))

    def paragraphs(self, kinds: Iterable[str] | None = None) -> pd.DataFrame:
        """Paragraphs of the documents that take part, with columns group, n_chars and tokens.

        Parameters
        ----------
        kinds : list of str, optional
            All if left out.

        Raises
        ------
        NotEstimableError
            If no paragraph is of these kinds.
        CrosscityError
            If tokens are of other paragraphs.
        """
        frame = self._with_tokens()
        if kinds:
            frame = frame[frame["kind"].isin(kinds)]
        if frame.empty:
            lack = tr(
                "no paragraph is of kind {which}: name other kinds",
                which=tr(" or ").join(display_name("kind", kind) for kind in kinds or ()),
            )
            raise NotEstimableError(lack)
        if frame["tokens"].isna().any():
            msg = f"{self.tables}: tokens lacks words of some paragraphs: build the tables again"
            raise CrosscityError(msg)
        return frame.reset_index(drop=True)

    def _with_tokens(self) -> pd.DataFrame:
        """All paragraphs of the documents that take part, with columns group, tokens and n_chars; made once."""
        if self._whole is None:
            frame = self._with_groups(self._read("paragraphs"))
            frame = frame.merge(self._read("tokens"), on=["doc_id", "paragraph"], how="left", validate="1:1")
            self._whole = frame.assign(n_chars=frame["text"].str.len())
            self._read_tables.pop("paragraphs", None)
        return self._whole

    def in_part(self, paragraphs: pd.DataFrame, most: int = MOST_WORDS) -> Part:
        """Paragraphs of as many documents as hold so many words, at even intervals; all of them, if these hold fewer.

        For results whose cost grows faster than what they gain by more text. The intervals are within each group, which
        keeps two documents, unless the groups are too many; no part has fewer than forty documents.

        Parameters
        ----------
        paragraphs : DataFrame
            With columns doc_id, group and tokens.
        most : int
            Words.
        """
        words = encode(paragraphs["tokens"]).lengths.sum()
        group = paragraphs.drop_duplicates("doc_id").set_index("doc_id")["group"]
        n = max(_LEAST_DOCUMENTS, int(len(group) * most / max(words, 1)))
        if n >= len(group):
            return Part(paragraphs, np.ones(len(paragraphs), dtype=bool), "")
        by_group = [np.array(part.index, dtype=object) for _, part in group.groupby(group, sort=False)]
        if 2 * len(by_group) > n:  # too many to have two of each
            by_group = [np.array(group.index, dtype=object)]
        sizes = [min(len(ids), max(2, round(len(ids) * n / len(group)))) for ids in by_group]
        at = (np.linspace(0, len(ids) - 1, size).round().astype(int) for ids, size in zip(by_group, sizes, strict=True))
        chosen = {doc_id for ids, places in zip(by_group, at, strict=True) for doc_id in ids[places]}
        n = len(chosen)
        said = tr("Based on {n:,} of {all:,} documents, taken at even intervals.", n=n, all=len(group))
        mask = paragraphs["doc_id"].isin(chosen).to_numpy()
        return Part(paragraphs[mask].reset_index(drop=True), mask, said)

    def counts(
        self, paragraphs: pd.DataFrame, max_df: float = 1.0, apart: bool = False
    ) -> tuple[Any, npt.NDArray[Any]]:
        """Counts of terms in paragraphs, by the run's stop words, min_df, mask_places and variants.

        Parameters
        ----------
        paragraphs : DataFrame
            With the column tokens.
        max_df : float
            See `words.matrix.count_matrix`; 0: `default_max_df`.
        apart : bool
            Whether words that say the same are counted apart, whatever the run sets.

        Returns
        -------
        (sparse array, ndarray of str)
            Shapes (n_paragraphs, n_terms) and (n_terms,).

        Raises
        ------
        NotEstimableError
            If no term is left.
        """
        min_df, max_df = self.values["min_df"], max_df or default_max_df(len(paragraphs))
        masked = self.place_names() if self.values["mask_places"] else frozenset()
        together = self.values["variants"] == "together" and not apart
        tokens = join_variants(paragraphs["tokens"]) if together else paragraphs["tokens"]
        counts, terms = count_matrix(tokens, self.values["stopwords"], min_df, max_df, masked)
        if not len(terms):
            lack = tr(
                "no term stands in {least} of {n} paragraphs or more: lower min_df, or add text",
                least=min_df,
                n=len(paragraphs),
            )
            raise NotEstimableError(lack)
        return counts, terms

    def place_names(self) -> frozenset[str]:
        """Words by which the documents that take part name their own cities, counties and provinces.

        Those of a document that states a province and no city are all of the province's.
        """
        if self._place_names is None:
            documents = self.corpus
            whole = set(documents.loc[documents["city"] == "", "province"]) - {""}
            cities = set(documents["city"]) - {""} | {c for p in whole for c in prefectures().get(short_form(p), ())}
            self._place_names = local_names(sorted(cities), sorted(set(documents["province"]) - {""}))
        return self._place_names

    def masking_sentence(self, paragraphs: pd.DataFrame) -> str:
        """A sentence on which names of places are no terms, and how often these occur in the paragraphs."""
        if not self.values["mask_places"]:
            return tr("Names of places count as terms (mask_places is false).")
        frequency = encode(paragraphs["tokens"]).frequencies()
        names = sorted((w for w in self.place_names() if w in frequency), key=lambda w: (-frequency[w], w))
        if not names:
            return tr("No name of the documents' own places stands in their text.")
        total = sum(frequency[w] for w in names)
        words = {"n": len(names), "total": total, "most": "、".join(names[:_MOST_PLACES])}
        return tr(
            "{n} names of the documents' own places are no terms: {total:,} occurrences, most of {most}.", **words
        )

    def variants_sentence(self, paragraphs: pd.DataFrame) -> str:
        """A sentence on which words that say the same are counted together, or apart; empty if there are none."""
        frequency = encode(paragraphs["tokens"]).frequencies()
        found = variants_among(frequency)
        if not any(canonical in frequency or len(variants) > 1 for canonical, variants in found.items()):
            return ""
        said = tr("; ").join(
            "、".join(f"{word} {frequency[word]:,}" for word in (canonical, *variants) if word in frequency)
            for canonical, variants in found.items()
        )
        if self.values["variants"] == "together":
            return tr("Counted together, since they say the same (variants): {said}.", said=said)
        return tr("Counted apart, though they say the same (variants: together joins them): {said}.", said=said)

    def with_references(self, paragraphs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
        """The paragraphs and those of the reference corpus; the corpus table's rows of all; the references' doc_ids.

        A reference is named for its city, province or year, or its doc_id, and "(reference)". Documents that their own
        corpus leaves out are none.
        """
        folder = self.values["references"]
        if not folder:
            return paragraphs, self.corpus, []
        other = read_references([folder], set(paragraphs["kind"]))
        columns = ["doc_id", "paragraph", "text"]
        rows = pd.concat([self.corpus, other.corpus], ignore_index=True)
        return pd.concat([paragraphs[columns], other.paragraphs[columns]], ignore_index=True), rows, other.ids

    def pair(self, a: str = "", b: str = "") -> list[str]:
        """The two groups that are compared: the parameters a and b; where these are empty, those with the most text.

        Parameters
        ----------
        a, b : str
            The run's if left out.

        Raises
        ------
        CrosscityError
            If there is no such group, or both are the same.
        NotEstimableError
            If there are not two.
        """
        sizes = self.paragraphs(self.values["kinds"]).groupby("group")["n_chars"].sum()
        groups = sorted(sizes.index, key=lambda g: (-sizes[g], g))
        every = self.groups()
        listed = ", ".join(every[:_MOST_NAMED])
        pair = [a or self.values["a"], b or self.values["b"]]
        for side, name in zip("ab", pair, strict=True):
            if name and name not in every:
                msg = f"{side} is {name!r}; by {self.by} there are {listed}"
                raise CrosscityError(msg)
        if len(every) < 2 or (len(groups) < 2 and not all(pair)):
            raise NotEstimableError(tr("there is one group, and nothing to compare it with"))
        for i in (0, 1):
            pair[i] = pair[i] or next((g for g in groups if g not in pair), None)
        if pair[0] == pair[1]:
            msg = f"a and b are {pair[0]!r} and {pair[1]!r}; two different groups are needed, "
            msg += f"and by {self.by} there are {listed}"
            raise CrosscityError(msg)
        return pair

    def permutation_design(self) -> PermutationDesign:
        """The groups of documents that a permutation test compares, and strata where there are any.

        Groups are what is compared, where half of its groups have two documents; else provinces, where two of them have
        two cities; else what is compared, for the test to say how little it can. Strata are provinces, where each
        document states one and they are not the groups themselves.
        """
        documents, column = self.corpus, self.by
        sizes = documents["group"].value_counts()
        provinces = documents["province"].replace("", pd.NA)
        if (sizes > 1).mean() < 0.5 and self.by not in WITHIN and (provinces.value_counts() > 1).sum() > 1:
            return PermutationDesign("province", provinces, None)
        stratified = provinces.notna().all() and 1 < provinces.nunique() < len(documents)
        nested = column in ("province", "city", "doc_id", "year", *WITHIN)
        return PermutationDesign(column, documents["group"], provinces if stratified and not nested else None)

    def document_ids(self, paragraphs: pd.DataFrame) -> pd.Series:
        """The document of each paragraph; where units or voices are compared, its unit is a document of its own."""
        if self.by not in WITHIN:
            return paragraphs["doc_id"]
        return paragraphs["doc_id"] + " " + paragraphs["unit"]

    def strata(self, paragraphs: pd.DataFrame) -> pd.Series | None:
        """The stratum of each paragraph's document, within which documents are exchangeable; None if all are.

        Decades, if years are compared; else provinces, if each document states one and there are several. Cities, units
        and single documents lie within provinces, and have no strata.
        """
        documents = self.corpus.set_index("doc_id")
        if self.by == "year":
            decade = pd.to_numeric(documents["year"], errors="coerce") // 10 * 10
            return paragraphs["doc_id"].map(decade.astype("str").where(decade.notna(), tr("not stated")))
        stated = documents["province"].replace("", pd.NA)
        if self.by in ("city", "doc_id", *WITHIN) or stated.isna().any() or not 1 < stated.nunique() < len(documents):
            return None
        return paragraphs["doc_id"].map(stated)

    def years(self) -> tuple[pd.Series, npt.NDArray[np.bool_]]:
        """The year of each document (NaN: not stated), and whether it is of the commonest type: a trend is of one."""
        documents = self.corpus.set_index("doc_id")
        kind = documents["doc_type"]
        return pd.to_numeric(documents["year"], errors="coerce").astype(float), (kind == kind.mode()[0]).to_numpy()

    def table(self, name: str) -> pd.DataFrame:
        """A table's rows of the documents that take part, with the column group."""
        return self._with_groups(self._read(name))

    def coded_themes(self) -> pd.DataFrame | None:
        """The table of themes of the documents that take part; None if the tables were built without it."""
        return self.table("themes") if (self.tables / "themes.parquet").is_file() else None

    def facts(self, paragraphs: pd.DataFrame) -> dict[str, pd.DataFrame]:
        """The tables of facts by name: rows of these paragraphs, with their column group (of units, their own).

        Raises
        ------
        CrosscityError
            If a fact ends beyond its paragraph: the tables are not of one build.
        """
        group = paragraphs[["doc_id", "paragraph", "group"]].assign(_length=paragraphs["text"].str.len())
        facts = {name: self._read(name).merge(group, on=["doc_id", "paragraph"]) for name in FACTS}
        for name, rows in facts.items():
            if "end" in rows and (rows["end"] > rows["_length"]).any():
                row = rows[rows["end"] > rows["_length"]].iloc[0]
                where = f"{row['doc_id']}, paragraph {row['paragraph']}"
                msg = f"{self.tables}: {name} has a row that ends beyond the text of {where}: build the tables again"
                raise CrosscityError(msg)
        return {name: rows.drop(columns="_length") for name, rows in facts.items()}

    def plural(self) -> str:
        """The plural of what is compared: cities, years ..."""
        return plural(self.by)
