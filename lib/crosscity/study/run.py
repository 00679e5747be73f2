"""What a notebook calls: parameters checked, tables read, groups formed, results saved."""

import json
import os
from collections import Counter
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from .. import PROJECT, CrosscityError
from ..documents import local_names, prefectures, short_form
from ..figures.style import save_figure, use_style
from ..files import end_with_parent, frame_to_csv, write_text
from ..language import display_name, in_language, tr, use_language, with_glosses
from ..tables import FACTS, edition, read_table
from ..words.formulaic import COLUMNS, formulas
from ..words.matrix import count_matrix
from .labels import document_label
from .parameters import FILES, PARAMETERS, check_parameters

PLURALS = {"city": "cities", "province": "provinces", "year": "years", "unit": "units", "genre": "genres"}


def begin(name, namespace=None, tables="", out="", **parameters):
    """Start a notebook: check its parameters, set the style, read the corpus table.

    Parameters
    ----------
    name : str
        The notebook's, such as 03-topics.
    namespace : dict, optional
        Where the notebook's parameters are set: globals(). Others are given by name.
    tables, out : str
        Folders of the tables and for what the notebook makes; relative ones count from the project's folder (as do
        files that a parameter names), empty ones are data/processed and reports/lab/NAME.
    **parameters
        As `parameters.PARAMETERS` describes them; `group` besides, in a profile.

    Returns
    -------
    Run

    Raises
    ------
    CrosscityError
        If a parameter is unknown or of the wrong type or range, or a table is absent.
    """
    taken = {n for n, p in PARAMETERS.items() if name in p.notebooks.split()}
    if namespace is not None:
        parameters = {n: namespace[n] for n in (*taken, "group") if n in namespace} | parameters
        tables, out = namespace["tables"], namespace["out"]
    group = parameters.pop("group", None) or None
    values = check_parameters(parameters, name)
    if foreign := sorted(set(parameters) - taken):
        msg = f"{name} takes no parameter {foreign[0]!r}: it takes {', '.join(sorted(taken))}"
        raise CrosscityError(msg)
    for file in FILES:
        if values[file] not in ("", "none"):
            values[file] = str(PROJECT / values[file])
    if parent := os.environ.get("CROSSCITY_PARENT"):
        end_with_parent(int(parent))
    use_style(values["width"])
    use_language(values["language"])
    return Run(name, PROJECT / (tables or "data/processed"), PROJECT / (out or f"reports/lab/{name}"), values, group)


class Run:
    """One run of a notebook over one corpus.

    Attributes
    ----------
    corpus : DataFrame
        The documents that take part, with the column `group`.
    left_out : DataFrame
        Those that do not, with the column `reason`.
    by : str
        The column that is compared.
    notes : list of str
        What every figure must say of the corpus, in English: what the record and the report know it by.
    said : list of str
        The same in the run's language, as figures and tables bear it.
    """

    def __init__(self, name, tables, out, values, group=None):
        self.name, self.tables, self.out, self.values = name, Path(tables), out and Path(out), values
        self.findings, self.figures, self.pages, self._tables, self._places = [], [], [], {}, None
        self._stand = self._ages()
        documents = self._read("corpus")
        self.by = resolve_by(values["by"], documents, values["only"])
        reasons = _reasons_to_leave_out(documents, values["only"], self.by)
        self.left_out = documents.assign(reason=reasons)[reasons != ""]
        self.corpus = documents[reasons == ""].reset_index(drop=True)
        if self.corpus.empty:
            msg = f"no document takes part: only is {values['only']!r}, and {len(documents)} are left out"
            raise CrosscityError(msg)
        column = "doc_id" if self.by == "unit" else self.by
        label = (
            self.corpus["city"].where(self.corpus["city"] != "", self.corpus["doc_id"])
            if self.by == "unit"
            else self.corpus[column]
        )
        stated = label.notna() & (label.astype("str") != "")
        self.corpus["group"] = label.astype("str").where(stated, tr("not stated")).astype("str")
        self.said = _notes(self.corpus, self.by)
        with in_language("en"):
            self.notes = _notes(self.corpus, self.by)
        self.group = group
        if group is not None and group not in self.groups():
            known = ", ".join(self.groups()[:20])
            msg = f"group is {group!r}; by {self.by} there are {known}"
            raise CrosscityError(msg)
        if self.out:
            self.out.mkdir(parents=True, exist_ok=True)

    def _read(self, name):
        """A table as it stands, read and validated once a run; all tables are of one build."""
        if name not in self._tables:
            table = read_table(name, self.tables)
            if self._ages() != self._stand:
                msg = f"{self.tables}: the tables were built anew since this notebook began: restart its kernel"
                raise CrosscityError(msg)
            self._tables[name] = table
        return self._tables[name]

    def _ages(self):
        return {(p.name, (about := p.stat()).st_mtime_ns, about.st_size) for p in self.tables.glob("[!.]*.parquet")}

    def __getitem__(self, parameter):
        return self.values[parameter]

    def settings(self, *names):
        """The parameters of these names, as a dict."""
        return {name: self.values[name] for name in names}

    @property
    def has_text(self):
        """Whether the tables hold the documents' text; see `edition`."""
        return edition.has_text(self.tables)

    def quotable(self, paragraphs):
        """The paragraphs, for what quotes them or asks for the order of words; of an edition without text none."""
        return paragraphs if self.has_text else paragraphs[:0]

    def of_text(self, name, function, *arguments, **settings):
        """What a function finds in the text; in an edition without text, what was found when it was made."""
        if self.has_text:
            return function(*arguments, **settings)
        return edition.found(self.tables, name, self.corpus["doc_id"], self.values)

    def formulas(self, paragraphs):
        """Formulas of the genre in the paragraphs, by the run's template: see `words.formulaic.formulas`."""
        if self.has_text:
            return formulas(paragraphs["tokens"], paragraphs["doc_id"], self["template"] or 1.1)
        return pd.DataFrame(columns=COLUMNS), self._left_out(paragraphs, "formulas")

    def template_words(self, paragraphs):
        """Which words of the paragraphs are the genre's template: see `words.reuse.template_mask`."""
        if self.has_text:
            from ..words.reuse import template_mask

            return template_mask(paragraphs, self.corpus, self["template"])
        return self._left_out(paragraphs, "template")

    def _left_out(self, paragraphs, column):
        if not self["template"]:
            return np.zeros(paragraphs["tokens"].map(len).sum(), dtype=bool)
        if self.by == "unit":  # then `documents` may have named each unit as a document of its own
            own = [d.removesuffix(f" {u}") for d, u in zip(paragraphs["doc_id"], paragraphs["unit"], strict=True)]
            known = paragraphs["doc_id"].isin(self.corpus["doc_id"])
            paragraphs = paragraphs.assign(doc_id=paragraphs["doc_id"].where(known, own))
        return edition.left_out(paragraphs, self.of_text("left-out", None), column)

    def groups(self):
        """Labels of the groups, sorted."""
        if self.by != "unit":
            return sorted(self.corpus["group"].unique())
        return sorted(self._label(self._read("paragraphs"))["group"].unique())

    def shown(self, most=12):
        """The groups that have a profile, or a panel in figures: all, or so many that a reader can take in.

        Of years, evenly spaced ones from the first to the last; of others, those with the most text.
        """
        groups = self.groups()
        if len(groups) <= most:
            return groups
        if self.by == "year":
            last = len(groups) - 1
            return [groups[round(i * last / max(most - 1, 1))] for i in range(most)]
        sizes = (self.paragraphs() if self.by == "unit" else self.corpus).groupby("group")["n_chars"].sum()
        return sorted(sorted(groups, key=lambda g: (-sizes.get(g, 0), g))[:most])

    def _label(self, frame):
        frame = frame.merge(self.corpus[["doc_id", "group"]], on="doc_id", how="inner", sort=False)
        if self.by == "unit" and "unit" in frame:
            frame["group"] = frame["unit"].where(frame["unit"] != "", frame["group"])
        return frame

    def paragraphs(self, kinds=None):
        """Paragraphs of the documents that take part, with columns group, n_chars and tokens.

        Parameters
        ----------
        kinds : list of str, optional
            All if left out.
        """
        frame = self._label(self._read("paragraphs"))
        if kinds:
            frame = frame[frame["kind"].isin(kinds)]
        frame = frame.merge(self._read("tokens"), on=["doc_id", "paragraph"], how="left", validate="1:1")
        if frame.empty:
            msg = f"no paragraph is of kind {' or '.join(kinds)}: name other kinds"
            raise CrosscityError(msg)
        if frame["tokens"].isna().any():
            msg = f"{self.tables}: tokens lacks words of some paragraphs: build the tables again"
            raise CrosscityError(msg)
        return frame.assign(n_chars=frame["text"].str.len()).reset_index(drop=True)

    def counts(self, paragraphs, max_df=1.0):
        """Counts of terms in paragraphs, by the run's stop words, min_df and mask_places; see `words.matrix.count_matrix`.

        A max_df of 0 is that of `largest_share`.

        Raises
        ------
        CrosscityError
            If no term is left.
        """
        min_df, max_df = self.values["min_df"], max_df or largest_share(len(paragraphs))
        masked = self.places() if self.values["mask_places"] else frozenset()
        counts, terms = count_matrix(paragraphs["tokens"], self.values["stopwords"], min_df, max_df, masked)
        if not len(terms):
            message = (
                f"no term stands in min_df = {min_df} of {len(paragraphs)} paragraphs or more: lower it, or add text"
            )
            raise CrosscityError(message)
        return counts, terms

    def places(self):
        """Words by which the documents that take part name their own cities, counties and provinces.

        Those of a document that states a province and no city are all of the province's.
        """
        if self._places is not None:
            return self._places
        documents = self.corpus
        whole = set(documents.loc[documents["city"] == "", "province"]) - {""}
        cities = set(documents["city"]) - {""} | {c for p in whole for c in prefectures().get(short_form(p), ())}
        self._places = local_names(sorted(cities), sorted(set(documents["province"]) - {""}))
        return self._places

    def masking(self, paragraphs):
        """A sentence that says which names of places are no terms, and how often they stand in the paragraphs."""
        if not self.values["mask_places"]:
            return tr("Names of places count as terms (mask_places is false).")
        often = Counter(chain.from_iterable(paragraphs["tokens"]))
        found = sorted((w for w in self.places() if often[w]), key=lambda w: (-often[w], w))
        total = sum(often[w] for w in found)
        if not found:
            return tr("No name of the documents' own places stands in their text.")
        said = {"n": len(found), "total": total, "most": "、".join(found[:6])}
        return tr("{n} names of the documents' own places are no terms: {total:,} occurrences, most of {most}.", **said)

    def with_references(self, paragraphs):
        """The paragraphs and those of the reference corpus; the corpus table's rows of all; the references' doc_ids.

        A reference is named for its city, province or year, or its doc_id, and "(reference)". Documents that their own
        corpus leaves out are none.
        """
        folder = self.values["references"]
        if not folder:
            return paragraphs, self.corpus, []
        other = read_table("corpus", folder)
        other = other[other["exclude"] == ""]
        names = dict(zip(other["doc_id"], document_label(other).astype(str) + " (reference)", strict=True))
        texts = read_table("paragraphs", folder)
        texts = texts[texts["doc_id"].isin(names) & texts["kind"].isin(set(paragraphs["kind"]))]
        texts, other = (table.assign(doc_id=table["doc_id"].map(names)) for table in (texts, other))
        columns = ["doc_id", "paragraph", "text"]
        rows = pd.concat([self.corpus, other], ignore_index=True)
        return pd.concat([paragraphs[columns], texts[columns]], ignore_index=True), rows, sorted(set(texts["doc_id"]))

    def pair(self):
        """The two groups that are compared: the parameters a and b; where they are empty, those with the most text.

        Raises
        ------
        CrosscityError
            If there is no such group, or there are not two.
        """
        sizes = self.paragraphs(self.values["kinds"]).groupby("group")["n_chars"].sum()
        groups = sorted(sizes.index, key=lambda g: (-sizes[g], g))
        pair = [self.values["a"], self.values["b"]]
        for side, name in zip("ab", pair, strict=True):
            if name and name not in groups:
                msg = f"{side} is {name!r}; by {self.by} there are {', '.join(sorted(groups)[:20])}"
                raise CrosscityError(msg)
        for i in (0, 1):
            pair[i] = pair[i] or next((g for g in groups if g not in pair), None)
        if None in pair or pair[0] == pair[1]:
            msg = (
                f"a and b are {pair[0]!r} and {pair[1]!r}; two different groups are needed, and by {self.by} there are "
            )
            msg += ", ".join(sorted(groups)[:20])
            raise CrosscityError(msg)
        return pair

    def tested(self):
        """Groups of documents that a test can tell apart: the column, the group of each document, and strata or None.

        What is compared, where half of its groups have two documents; else provinces, where two of them have two
        cities; else what is compared, for the test to say how little it can. Strata are provinces, where each document
        states one and they are not the groups themselves.
        """
        documents, column = self.corpus, self.by
        many = documents["group"].value_counts()
        provinces = documents["province"].replace("", pd.NA)
        if (many > 1).mean() < 0.5 and self.by != "unit" and (provinces.value_counts() > 1).sum() > 1:
            return "province", provinces, None
        strata = provinces.notna().all() and 1 < provinces.nunique() < len(documents)
        nested = column in ("province", "city", "doc_id", "unit", "year")
        return column, documents["group"], provinces if strata and not nested else None

    def documents(self, paragraphs):
        """The document of each paragraph; where units are compared, its unit is a document of its own."""
        if self.by != "unit":
            return paragraphs["doc_id"]
        return paragraphs["doc_id"] + " " + paragraphs["unit"]

    def strata(self, paragraphs):
        """What makes documents alike whatever their group, for each paragraph; None where nothing is known to.

        Decades, if years are compared; else provinces, if each document states one and there are several, which says
        nothing of single cities.
        """
        documents = self.corpus.set_index("doc_id")
        if self.by == "year":
            decade = pd.to_numeric(documents["year"], errors="coerce") // 10 * 10
            return paragraphs["doc_id"].map(decade.astype("str").where(decade.notna(), tr("not stated")))
        stated = documents["province"].replace("", pd.NA)
        if self.by in ("city", "unit", "doc_id") or stated.isna().any() or not 1 < stated.nunique() < len(documents):
            return None
        return paragraphs["doc_id"].map(stated)

    def years(self):
        """The year of each document (NaN: not stated), and whether it is of the commonest type: a trend is of one."""
        documents = self.corpus.set_index("doc_id")
        kind = documents["doc_type"]
        return pd.to_numeric(documents["year"], errors="coerce").astype(float), (kind == kind.mode()[0]).to_numpy()

    def table(self, name):
        """A table's rows of the documents that take part, with the column group."""
        return self._label(self._read(name))

    def facts(self, paragraphs):
        """The tables of facts by name: rows of these paragraphs, with their column group (of units, their own)."""
        group = paragraphs[["doc_id", "paragraph", "group"]].assign(_length=paragraphs["text"].str.len())
        facts = {name: self._read(name).merge(group, on=["doc_id", "paragraph"]) for name in FACTS}
        for name, rows in facts.items():
            if "end" in rows and (rows["end"] > rows["_length"]).any():
                row = rows[rows["end"] > rows["_length"]].iloc[0]
                where = f"{row['doc_id']}, paragraph {row['paragraph']}"
                msg = f"{self.tables}: {name} has a row that ends beyond the text of {where}: build the tables again"
                raise CrosscityError(msg)
        return {name: rows.drop(columns="_length") for name, rows in facts.items()}

    def many(self):
        """The plural of what is compared: cities, years ..."""
        return plural(self.by)

    def figure(self, fig, name, data, title, alt):
        """Save a figure with its data, terms with their glosses. See `figures.style.save_figure`."""
        data = with_glosses(data if self.has_text else edition.shown(data))
        save_figure(fig, self.out, name, data, title, alt, self.said)
        self.figures.append(name)
        self._tell()

    def page(self, name, text, title, quotes=True):
        """Save a page of HTML; the report links to it. One that quotes the text is left out where there is none."""
        if quotes and not self.has_text:
            self.find(tr("{title}: left out, since these tables hold no text.", title=title))
            return
        write_text(self.out / f"{name}.html", text)
        self.pages.append({"name": name, "title": title})
        self._tell()

    def result(self, name, table):
        """Save a table as CSV, with the corpus's notes as its last column; without columns of withheld text."""
        table = with_glosses(table if self.has_text else edition.shown(table))
        table = table.assign(note="; ".join(self.said)) if self.said else table
        write_text(self.out / f"{name}.csv", frame_to_csv(table, "%.6g"))

    def find(self, *sentences):
        """Say what was found: print it, and keep it for the report."""
        for sentence in sentences:
            print(sentence)
            self.findings.append(sentence)
        self._tell()

    def _tell(self):
        about = {"name": self.name, "group": self.group, "by": self.by, "notes": self.notes}
        about |= {"findings": self.findings, "figures": list(dict.fromkeys(self.figures)), "pages": self.pages}
        write_text(self.out / "findings.json", json.dumps(about, ensure_ascii=False, indent=1) + "\n")


def largest_share(n):
    """The largest share of n paragraphs that may hold a term of a topic model.

    In a large corpus of one genre the words of every document tell topics no more apart than stop words do.
    """
    return 0.06 if n >= 1000 else 0.3


def resolve_by(by, documents, only=None):
    """The column to compare by; auto looks at the documents that take part alone.

    Raises
    ------
    CrosscityError
        If there is no such column, or it is empty throughout.
    """
    if by == "auto":
        part = documents[_reasons_to_leave_out(documents, only or {}, "doc_id") == ""]
        # A column that most documents leave empty would throw them into one group.
        stated = part[["city", "province", "year"]].replace("", pd.NA)
        candidates = [c for c in stated if stated[c].nunique() > 1 and 2 * stated[c].notna().sum() >= len(part)]
        return candidates[0] if candidates else "doc_id"
    if by == "unit":
        return by
    if by not in documents.columns:
        msg = f"by is {by!r}, which corpus has no column for; it has unit, {', '.join(documents.columns)}"
        raise CrosscityError(msg)
    if documents[by].replace("", pd.NA).isna().all():
        msg = f"by is {by!r}, but no document states it: fill the column in corpus.csv, or compare by another"
        raise CrosscityError(msg)
    return by


def _reasons_to_leave_out(documents, only, by):
    index, documents = documents.index, documents.reset_index(drop=True)
    reasons = documents["exclude"].astype("object").copy()
    for column, wanted in only.items():
        if column not in documents.columns:
            msg = f"only names the column {column!r}, which corpus does not have"
            raise CrosscityError(msg)
        wanted = {str(w) for w in (wanted if isinstance(wanted, list) else [wanted])}
        other = (reasons == "") & ~documents[column].astype("str").isin(wanted)
        said = {"column": display_name("column", column), "said": tr(" or ").join(sorted(wanted))}
        reasons[other] = tr("{column} is not {said}", **said)
    text, stated = documents["duplicate_of"].where(documents["duplicate_of"] != "", documents["doc_id"]), reasons == ""
    if by not in ("doc_id", "unit"):
        # One text under several groups is wrong at least once, and nobody can tell where, unless the manifest says it.
        label = documents[by].astype("str").where((documents["exclude"] == "") & (documents[by].astype("str") != ""))
        spread = label.groupby(text).transform("nunique") > 1
        reasons[(reasons == "") & spread] = tr("the same text stands under another {by}", by=display_name("column", by))
        stated = label.notna()
    # Of copies one takes part, one that states its group if there is any: counted twice a text would weigh twice.
    order = pd.DataFrame({"text": text, "stated": ~stated, "doc_id": documents["doc_id"]})[reasons == ""]
    order = order.sort_values("stated", kind="stable")
    copies = order[order["text"].duplicated()]
    kept = order.drop_duplicates("text").set_index("text")["doc_id"]
    reasons[copies.index] = [tr("a copy of {name}", name=name) for name in copies["text"].map(kept)]
    return reasons.set_axis(index)


def _notes(documents, by):
    notes = []
    if (documents["edition"] == "restated").any():
        notes.append(tr("demonstration text"))
    if (documents["edition"] == "invented").any():
        notes.append(tr("invented text"))
    # One group that rests on one document is enough: what sets it apart may be that document's genre or date.
    if (by == "unit" and len(documents) == 1) or (by != "unit" and documents.groupby("group").size().min() > 1):
        return notes
    mixed = [c for c in ("genre", "speaker", "level", "doc_type", "year") if c != by and documents[c].nunique() > 1]
    if mixed or by == "unit":
        many = display_name("many", PLURALS[by]) if by in PLURALS else by
        return [*notes, tr("differences between documents; not attributable to {many}", many=many)]
    single = by in PLURALS and documents.groupby("group").size().max() == 1
    return [*notes, tr("one document a {by}", by=display_name("column", by))] if single else notes


def plural(by):
    """The plural of what is compared, in the run's language: cities, years ..."""
    return display_name("many", PLURALS[by]) if by in PLURALS else tr("values of {by}", by=by)
