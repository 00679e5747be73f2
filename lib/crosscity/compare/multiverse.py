"""Multiverse analysis: whether statements hold under other choices that might have been made.

A specification is one way to prepare the words and set the models; the multiverse is all of them (Steegen, Tuerlinckx,
Gelman and Vanpaemel 2016), and the specification curve of a statement is its effect in each (Simonsohn, Simmons and
Nelson 2020). No p is given for the curve: specifications share their documents, and are no sample of anything.
"""

from __future__ import annotations

import functools
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from .. import CrosscityError
from ..chinese import HAN
from ..inference import parallel_map
from ..language import display_name, tr
from ..topics.models import match_topics
from ..topics.prevalence import MIN_AGREEMENT, deviations
from ..words import Tokenizer, read_terms, stop_words
from ..words.codes import WordCodes, cut, encode
from ..words.formulaic import formulas
from ..words.matrix import count_matrix
from .distances import drawn_distances
from .keyness import CountedDocuments, keyness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from ..topics.models import TopicModel

STATUSES = ("holds", "not clear", "turned", "lost", "not available")
OUTCOMES = ["statement", "kind", "specification", "effect", "low", "high", "status"]
MAX_HMM_CHARACTERS = 10_000_000  # which take some four seconds
LARGE = 1000  # paragraphs, from which rarer words are left out and bigrams are too many
BUILT, HMM, BARE, BIGRAMS = "as built", "with HMM", "no dictionary", "bigrams"
_TOKENIZERS: dict[str, dict[str, Any]] = {HMM: {"hmm": True}, BARE: {"domain": False}}


NEAREST_DRAWS = 40  # of equal length, by which nearest groups are found under each choice


class _Settings(NamedTuple):
    """What all specifications share."""

    stopwords: frozenset[str]
    places: frozenset[str]
    fit: Callable[..., TopicModel] | None
    model: TopicModel | None
    max_df: float
    test: dict[str, int]  # options of `keyness.keyness`


class _Outcome(NamedTuple):
    effect: float
    low: float
    high: float
    status: str


_NOT_AVAILABLE = _Outcome(np.nan, np.nan, np.nan, "not available")


def choices(
    paragraphs: pd.DataFrame,
    kinds: Sequence[str] = ("body",),
    min_df: int = 3,
    mask_places: bool = True,
    template: float = 0.0,
    ks: Sequence[int] = (),
) -> tuple[dict[str, list[Any]], list[str]]:
    """The options of each choice, the run's own first.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns kind, text: the amount of text decides which options are possible. Without the column text, words cannot
        be segmented otherwise, and formulas, which are then left out of the tokens, cannot be found anew.
    kinds, min_df, mask_places, template
        The run's. The alternatives are: headings with the body, or without; 10 (5 where there are fewer than 1,000
        paragraphs; 3 if that is the run's); place names masked, or not; formulas of a fifth of the documents left out,
        or none. The longer stop list has the 100 most frequent words (25) more.
    ks : sequence of int
        Numbers of topics, the run's first; empty if no statement is on topics.

    Returns
    -------
    options : dict of str to list
    notes : list of str
        Sentences on options that are not tried: jieba's HMM with more than `MAX_HMM_CHARACTERS`, bigrams of characters
        from `LARGE` paragraphs.
    """
    tokenizers, notes = [BUILT, HMM, BARE, BIGRAMS], []
    selected = paragraphs[paragraphs["kind"].isin(kinds)]
    large = len(selected) >= LARGE
    formula_shares = [float(template), 0.0 if template else 0.2]
    if "text" not in selected:
        tokenizers, formula_shares = [BUILT], [0.0]
        notes.append(tr("Other tokenizers, and formulas left in, are not tried: these tables hold no text."))
    elif (n := int(selected["text"].str.len().sum())) > MAX_HMM_CHARACTERS:
        tokenizers.remove(HMM)
        notes.append(
            tr(
                "jieba's HMM is not tried: it is slow on {n:,} characters (more than {most:,}).",
                n=n,
                most=MAX_HMM_CHARACTERS,
            )
        )
    if large and BIGRAMS in tokenizers:
        tokenizers.remove(BIGRAMS)
        notes.append(
            tr("Bigrams of characters are not tried: 1,000 paragraphs and more have several times as many as words.")
        )
    other_kinds = [kind for kind in kinds if kind != "heading"] if "heading" in kinds else [*kinds, "heading"]
    higher_min_df = 10 if large else 5
    options: dict[str, list[Any]] = {
        "tokenizer": tokenizers,
        "stop words": ["the run's", "none", f"{100 if large else 25} more"],
        "places": ["masked", "kept"] if mask_places else ["kept", "masked"],
        "formulas": formula_shares,
        "min_df": [min_df, higher_min_df if min_df < higher_min_df else 3],
        "kinds": [" + ".join(part) for part in (kinds, other_kinds) if part],
    }
    if len(ks):
        options["k"] = list(ks)
    return options, notes


def specifications(
    options: Mapping[str, Sequence[Any]], max_specifications: int = 100, seed: int = 1
) -> tuple[pd.DataFrame, str]:
    """The multiverse of some choices, whole or a random part of it.

    Parameters
    ----------
    options : dict of str to list
        Of `choices`; the first of each is the run's own.
    max_specifications : int
        If there are more, the run's own, all that change one choice of it (even if these alone are more), and a random
        sample of the others.
    seed : int

    Returns
    -------
    table : DataFrame
        A row a specification, the run's own as row 0, then those that change one choice; a column a choice.
    words : str
        How many of how many they are.
    """
    shape = [len(values) for values in options.values()]
    total = prod(shape)
    single = [[0] * i + [j] + [0] * (len(shape) - i - 1) for i, n in enumerate(shape) for j in range(1, n)]
    first = np.ravel_multi_index(np.array([[0] * len(shape), *single]).T, shape)
    if total <= max_specifications:
        rest, words = np.setdiff1d(np.arange(total), first), tr("All {n} specifications", n=total)
    else:
        others = np.setdiff1d(np.arange(total), first)
        rest = np.sort(
            np.random.default_rng(seed).choice(others, max(max_specifications - len(first), 0), replace=False)
        )
        words = tr(
            "{n} of {all} specifications: the run's own, {single} that change one choice, {drawn} drawn at random",
            n=len(first) + len(rest),
            all=total,
            single=len(single),
            drawn=len(rest),
        )
    every = list(product(*options.values()))
    return pd.DataFrame([every[i] for i in (*first, *rest)], columns=list(options)), words


def outcomes(
    paragraphs: pd.DataFrame,
    specs: pd.DataFrame,
    statements: pd.DataFrame,
    *,
    places: Iterable[str] = (),
    stopwords: str | Path = "",
    dictionary: str | Path | Sequence[str] = (),
    fit: Callable[..., TopicModel] | None = None,
    model: TopicModel | None = None,
    max_df: float = 1.0,
    permutations: int = 499,
    comparisons: int = 1,
    seed: int = 1,
    jobs: int | None = None,
) -> pd.DataFrame:
    """The outcome of each statement in each specification.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, group, kind, text, tokens (as built), n_chars; of all kinds that specifications ask for; those
        of a document in their order. If it has the column stratum, the tests of keyness use it.
    specs : DataFrame
        Of `specifications`.
    statements : DataFrame
        Of `statements`: tables of `keyness_statements`, `nearest_statements` and `topic_statements`, concatenated.
    places, stopwords, dictionary
        The run's words to mask, file of further stop words, and terms added to the domain dictionary.
    fit, model, max_df
        For topics: fit(counts, terms, k) gives a TopicModel; the run's own model, to whose topics statements refer; and
        the largest share of paragraphs that may contain a term of it.
    permutations, comparisons, seed : int
        Of `keyness.keyness`, for statements that rest on a test.
    jobs : int, optional
        See `inference.parallel_map`.

    Returns
    -------
    DataFrame
        statement (its row), kind, specification (its row), effect, low, high, status. The effect is, of keyness, the
        log-ratio, with its interval; of a nearest group, how much farther the nearest of the others is; of a topic, the
        group's share less that of all text. Statuses: holds; not clear (the same sign, but the interval contains 0, or
        the test does not confirm it); turned (the other sign: another group is nearer); lost (no topic agrees by
        `MIN_AGREEMENT`); not available (no such term: it is segmented otherwise, masked or too rare; no such group; of
        topics, bigrams).

    Raises
    ------
    CrosscityError
        If statements on topics come without fit, model, or specifications of k.
    """
    if statements.empty:
        return pd.DataFrame(columns=OUTCOMES)
    if (statements["kind"] == "topic").any() and (fit is None or model is None or "k" not in specs):
        msg = "statements on topics need fit, model, and specifications with k: give them, or leave the statements out"
        raise CrosscityError(msg)
    test = {"permutations": permutations, "comparisons": comparisons, "seed": seed}
    settings = _Settings(stop_words(stopwords or None), frozenset(places), fit, model, max_df, test)
    segmented: dict[str, WordCodes] = {}
    labels = paragraphs.drop(columns=["text", "tokens"], errors="ignore")
    for how in specs["tokenizer"].unique():
        segmented[how] = segment(paragraphs, how, dictionary)
    alike = specs.groupby(["tokenizer", "formulas", "kinds"], sort=False)
    shared, arguments = (labels, segmented, statements, settings), [(*how, part) for how, part in alike]
    table = pd.concat(parallel_map(_outcomes, shared, arguments, "specifications", jobs), ignore_index=True)
    table = table.sort_values(["statement", "specification"], ignore_index=True)
    table[["effect", "low", "high"]] = table[["effect", "low", "high"]].astype(float).round(6)
    return table[OUTCOMES]


def segment(paragraphs: pd.DataFrame, how: str, dictionary: str | Path | Sequence[str] = ()) -> WordCodes:
    """The words of each paragraph by one of the tokenizers of `choices`."""
    if how == BUILT:
        return encode(paragraphs["tokens"])
    texts = paragraphs["text"].str.replace("\n", " ").tolist()
    if how == BIGRAMS:
        return _bigrams(texts)
    if how not in _TOKENIZERS:
        msg = f"there is no tokenizer {how!r}: it is one of {', '.join((BUILT, *_TOKENIZERS, BIGRAMS))}"
        raise CrosscityError(msg)
    further = read_terms(dictionary) if isinstance(dictionary, str | Path) else dictionary or ()
    return _word_lists(tuple(texts), how, () if how == BARE else tuple(further))


@functools.lru_cache(maxsize=3)
def _word_lists(texts: tuple[str, ...], how: str, further: tuple[str, ...]) -> WordCodes:
    """Words of texts, cached: statements on words and on topics segment the same text, and HMM is slow."""
    return cut(Tokenizer(further, **_TOKENIZERS[how]).word_lists, texts)


def _bigrams(texts: Sequence[str]) -> WordCodes:
    """Every two Chinese characters that follow one another."""
    character = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    text = np.repeat(np.arange(len(texts)), np.fromiter(map(len, texts), np.int64, len(texts)))
    is_chinese = (character >= ord(HAN[0])) & (character <= ord(HAN[-1]))
    at = np.flatnonzero(is_chinese[:-1] & is_chinese[1:] & (text[:-1] == text[1:]))
    codes, pairs = pd.factorize(character[at].astype(np.int64) << 32 | character[at + 1])
    words = np.array([chr(pair >> 32) + chr(pair & 0xFFFFFFFF) for pair in pairs.tolist()], dtype=object)
    return WordCodes(codes.astype(np.int32), np.bincount(text[at], minlength=len(texts)), words)


def _outcomes(
    paragraphs: pd.DataFrame,
    segmented: Mapping[str, WordCodes],
    statements: pd.DataFrame,
    settings: _Settings,
    how: str,
    share: float,
    kinds: str,
    specs: pd.DataFrame,
) -> pd.DataFrame:
    """Outcomes in specifications that differ only in what happens once words are counted."""
    of_kinds = paragraphs["kind"].isin(kinds.split(" + ")).to_numpy()
    paragraphs, words = paragraphs[of_kinds], segmented[how].of_paragraphs(of_kinds)
    if share:
        words = words.without(formulas(words, paragraphs["doc_id"], share)[1])
    all_counts, all_terms = count_matrix(words, stopwords=False)
    tables = []
    for number, spec in zip(specs.index, specs.to_dict("records"), strict=True):
        counts, terms = _select_terms(all_counts, all_terms, spec, settings)
        for kind, part in statements.groupby("kind", sort=False):
            rows = _OUTCOMES_OF[kind](paragraphs, counts, terms, spec, part, settings)
            table = pd.DataFrame(rows, part.index, columns=["effect", "low", "high", "status"])
            tables.append(table.rename_axis("statement").reset_index().assign(kind=kind, specification=number))
    return pd.concat(tables, ignore_index=True)


def _select_terms(
    counts: sparse.csr_array, terms: npt.NDArray[Any], spec: Mapping[str, Any], settings: _Settings
) -> tuple[sparse.csr_array, npt.NDArray[Any]]:
    """Counts of the terms of a specification, as `words.matrix.count_matrix` would give them."""
    stop = settings.stopwords if spec["stop words"] != "none" else frozenset()
    if spec["places"] == "masked":
        stop |= settings.places
    keep = np.array([term not in stop for term in terms], dtype=bool)
    if spec["stop words"].endswith(" more"):
        order = np.argsort(-np.asarray(counts.sum(axis=0)) * keep, kind="stable")  # ties by term
        keep[order[: int(spec["stop words"].split()[0])]] = False
    keep &= np.bincount(counts.indices, minlength=len(terms)) >= spec["min_df"]
    return counts[:, keep], terms[keep]


def _keyness_outcomes(
    paragraphs: pd.DataFrame,
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    _: Mapping[str, Any],
    statements: pd.DataFrame,
    settings: _Settings,
) -> list[_Outcome]:
    column = {term: j for j, term in enumerate(terms)}
    rows = dict.fromkeys(statements.index, _NOT_AVAILABLE)
    documents, labels, strata = paragraphs["doc_id"], paragraphs["group"], paragraphs.get("stratum")
    counted: CountedDocuments | None = None  # for all groups
    for (group, basis), part in statements.groupby(["subject", "basis"], sort=False):
        part = part[[term in column for term in part["object"]]]
        if part.empty:
            continue
        try:
            if basis == "interval":  # which depends on the other words by their number alone
                names = part["object"].unique()
                used = counts[:, [column[term] for term in names]]
                rest = sparse.csr_array((counts.sum(axis=1) - used.sum(axis=1))[:, None])
                used, names = sparse.hstack([used, rest], format="csr"), np.array([*names, ""], dtype=object)
                table = keyness(used, names, documents, labels, group, strata=strata, permutations=1)
            else:
                counted = counted or CountedDocuments(counts, terms, documents, labels, strata)
                table = counted.keyness(group, **settings.test)
        except CrosscityError:  # the group has no words here, or all words are its own
            continue
        place = {term: i for i, term in enumerate(table["term"])}
        for row in part[[term in place for term in part["object"]]].itertuples():
            at = table.iloc[place[row.object]]
            clear = at["answer"] in ("more", "less") if basis == "test" else at["low"] > 0 or at["high"] < 0
            status = _status(at["log_ratio"], row.sign, not clear)
            rows[row.Index] = _Outcome(at["log_ratio"], at["low"], at["high"], status)
    return list(rows.values())


def _nearest_outcomes(
    paragraphs: pd.DataFrame,
    counts: sparse.csr_array,
    _: npt.NDArray[Any],
    __: Mapping[str, Any],
    statements: pd.DataFrame,
    settings: _Settings,
) -> list[_Outcome]:
    words = pd.Series(counts.sum(axis=1)).groupby(paragraphs["group"].to_numpy()).sum()
    with_words, rows = set(words.index[words > 0]), []
    groups = sorted(paragraphs["group"].unique())
    of = [group for group in groups if group in set(statements["subject"])]
    drawn = drawn_distances(counts, paragraphs["group"], "cosine", NEAREST_DRAWS, settings.test["seed"], of)
    table = pd.DataFrame(drawn.mean(axis=0).round(6), of, groups)[list(with_words)]
    for row in statements.itertuples():
        effect = np.nan
        if {row.subject, row.object} < with_words:
            others = table.loc[row.subject].drop([row.subject, row.object])
            effect = round(others.min() - table.loc[row.subject, row.object], 6)
        rows.append(_Outcome(effect, np.nan, np.nan, _status(effect, 1, effect == 0)))
    return rows


def _topic_outcomes(
    paragraphs: pd.DataFrame,
    counts: sparse.csr_array,
    terms: npt.NDArray[Any],
    spec: Mapping[str, Any],
    statements: pd.DataFrame,
    settings: _Settings,
) -> list[_Outcome]:
    assert settings.fit is not None
    assert settings.model is not None
    share = np.bincount(counts.indices, minlength=len(terms)) / counts.shape[0]
    keep = share <= settings.max_df
    try:
        other = settings.fit(counts[:, keep], terms[keep], int(spec["k"]))
    except CrosscityError:  # too few words are left for so many topics
        other = None
    if other is None or spec["tokenizer"] == BIGRAMS:
        return [_NOT_AVAILABLE] * len(statements)
    pairs, agreement = match_topics(settings.model, other)
    topic = dict(pairs[agreement >= MIN_AGREEMENT] + 1)
    table, rows = deviations(other, paragraphs["group"], paragraphs["n_chars"]), []
    for row in statements.itertuples():
        if row.object in topic and row.subject in table.index:
            effect = table.loc[row.subject, topic[row.object]]
            rows.append(_Outcome(effect, np.nan, np.nan, _status(effect, row.sign, effect == 0)))
        else:
            rows.append(_Outcome(np.nan, np.nan, np.nan, "lost"))
    return rows


def _status(effect: float, sign: int, unclear: bool) -> str:
    if np.isnan(effect):
        return "not available"
    if effect * sign < 0:
        return "turned"
    return "not clear" if unclear else "holds"


_OUTCOMES_OF = {"keyness": _keyness_outcomes, "nearest": _nearest_outcomes, "topic": _topic_outcomes}


def summary(table: pd.DataFrame, specs: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """How each statement fares over all specifications.

    Parameters
    ----------
    table : DataFrame
        Of `outcomes`.
    specs, statements : DataFrame
        As for `outcomes`.

    Returns
    -------
    DataFrame, a row a statement
        statement, kind, words; specifications; available; a column of counts for each of `STATUSES`; share (of those
        available in which it holds; NaN if none), share_of_all (likewise of all: where it is not available it does not
        hold); own (the run's effect), median, low, high (the range); matters, the
        choice whose options differ most in that share (the first of equals), and by, how much.
    """
    if table.empty:
        names = "statement kind words specifications available share share_of_all own median low high matters by"
        return pd.DataFrame(columns=[*names.split(), *STATUSES])
    rows = []
    for number, part in table.join(specs, on="specification").groupby("statement"):
        available = part[part["status"] != "not available"]
        effect, holds = available["effect"], available["status"] == "holds"
        spread = {
            choice: float(np.ptp(holds.groupby(available[choice]).mean())) if len(available) else 0.0
            for choice in specs
        }
        most = max(spread, key=lambda choice: spread[choice]) if spread else ""
        row = {
            "statement": number,
            "kind": part["kind"].iloc[0],
            "words": statements["words"][number],
            "specifications": len(part),
            "available": len(available),
        }
        row |= part["status"].value_counts().reindex(STATUSES, fill_value=0).to_dict()
        row |= {
            "share": holds.mean(),
            "share_of_all": holds.sum() / len(part),
            "own": part.set_index("specification")["effect"].get(0, np.nan),
            "median": effect.median(),
            "low": effect.min(),
            "high": effect.max(),
            "matters": most if spread[most] else "",
            "by": spread[most],
        }
        rows.append(row)
    return pd.DataFrame(rows).round(6)


def sentences(table: pd.DataFrame, firm: float = 0.9) -> list[str]:
    """Sentences on a table of `summary`, by kind of statement.

    `firm` is the share of all specifications from which a statement counts as holding. Where its term is no term, or
    its group has no words, it does not hold.
    """
    result = []
    names = {"keyness": tr("on words"), "nearest": tr("on nearest groups"), "topic": tr("on topics")}
    for kind, part in table.groupby("kind", sort=False):
        statements, weak = tr("{n} statements {on}", n=len(part), on=names[kind]), part[part["share_of_all"] < 0.5]
        sentence = tr(
            "{n} of {of} hold in {most:.0%} of the specifications or more, {weak} in fewer than half",
            n=(part["share_of_all"] >= firm).sum(),
            of=statements,
            most=firm,
            weak=len(weak),
        )
        if len(weak):
            first = tr("; ").join(weak["words"].head(3)) + (" ..." if len(weak) > 3 else "")
            sentence = tr("{name}: {said}", name=sentence, said=first)
        result.append(sentence + tr("."))
        times = part.loc[part["by"] > 0, "matters"].value_counts()
        if len(times):
            choice = min(times.index, key=lambda name: (-times[name], name))
            result.append(
                tr(
                    "They depend most on the choice of {choice} ({n} of {of}).",
                    choice=display_name("choice", choice),
                    n=times[choice],
                    of=statements,
                )
            )
    return result
