"""Whether what is said hangs on choices that might have been made otherwise: a multiverse of them, and its curve.

A specification is one way to prepare the words and set the models; the multiverse is all of them (Steegen, Tuerlinckx,
Gelman and Vanpaemel 2016), and a statement's specification curve what it comes to in each (Simonsohn, Simmons and
Nelson 2020). No p is given for the curve: specifications look at the same documents, and are no sample of anything.
"""

import re
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from .. import CrosscityError
from ..chinese import HAN
from ..inference import each
from ..language import called, tr
from ..topics.models import match_topics
from ..topics.prevalence import MIN_AGREEMENT, deviations, differs_from_whole
from ..words import Tokenizer, stop_words
from ..words.formulaic import formulas, without
from ..words.matrix import count_matrix
from .distances import distances
from .keyness import keyness, top_terms

STATUSES = ("holds", "not clear", "turned", "lost", "not available")
COLUMNS = ["kind", "subject", "object", "sign", "basis", "words"]  # of statements
SLOW = 2_000_000  # characters: jieba itself takes about eight seconds for them
BUILT, HMM, NO_HMM, BARE, BIGRAMS = "as built", "with HMM", "without HMM", "no dictionary", "bigrams"
_CHINESE = re.compile(f"[{HAN}]+")
OUTCOMES = ["statement", "kind", "specification", "effect", "low", "high", "status"]


def choices(paragraphs, kinds=("body",), min_df=3, mask_places=True, template=0.0, ks=(), hmm=False):
    """What might have been chosen, the run's own first, as a dict; and what is left out, with the reason, as sentences.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns kind, text: how much text there is says how far options may go. Without the column text, words cannot
        be cut otherwise, and formulas, which are left out of the tokens then, not be found anew.
    kinds, min_df, mask_places, template
        The run's. The others are: headings with the body, or without; 10 (5 where there are fewer than 1,000
        paragraphs; 3 if that is the run's); the names of places, or not; formulas of a fifth of the documents left out,
        or nothing. The stop list that is longer has the 100 most frequent words (25) more.
    ks : sequence of int
        Numbers of topics, the chosen first; empty if nothing is said of topics.
    hmm : bool
        Whether the tables were built with it. jieba's HMM is left out where there are more than `SLOW` characters,
        bigrams of characters where there are 1,000 paragraphs.
    """
    tokenizers, notes = [BUILT, NO_HMM if hmm else HMM, BARE, BIGRAMS], []
    own = paragraphs[paragraphs["kind"].isin(kinds)]
    characters, large = int(own["text"].str.len().sum()) if "text" in own else 0, len(own) >= 1000
    if "text" not in own:
        tokenizers, template = [BUILT], None
        notes.append(tr("Other tokenizers, and formulas left in, are not tried: these tables hold no text."))
    elif characters > SLOW and not hmm:
        tokenizers.remove(HMM)
        said = {"n": characters, "most": SLOW}
        notes.append(tr("jieba's HMM is not tried: it is slow on {n:,} characters (more than {most:,}).", **said))
    if large and BIGRAMS in tokenizers:
        tokenizers.remove(BIGRAMS)
        notes.append(
            tr("Bigrams of characters are not tried: 1,000 paragraphs and more have several times as many as words.")
        )
    other = [kind for kind in kinds if kind != "heading"] if "heading" in kinds else [*kinds, "heading"]
    rare = 10 if large else 5
    found = {
        "tokenizer": tokenizers,
        "stop words": ["the run's", "none", f"{100 if large else 25} more"],
        "places": ["masked", "kept"] if mask_places else ["kept", "masked"],
        "formulas": [0.0] if template is None else [float(template), 0.0 if template else 0.2],
        "min_df": [min_df, rare if min_df < rare else 3],
        "kinds": [" + ".join(kinds), *([" + ".join(other)] if other else [])],
    }
    return found | ({"k": list(ks)} if len(ks) else {}), notes


def specifications(options, most=100, seed=1):
    """The multiverse of some choices: all of it, or a part drawn at random.

    Parameters
    ----------
    options : dict of str to list
        Of `choices`; the first of each is the run's own.
    most : int
        Of more, drawn are the run's own, all that change one choice of it (even where that makes more than `most`), and
        others at random, without replacement.
    seed : int

    Returns
    -------
    (DataFrame, str)
        A row a specification, the run's own as row 0, then those that change one choice; a column a choice. How many of
        how many they are, in words.
    """
    shape = [len(of) for of in options.values()]
    total = prod(shape)
    single = [[0] * i + [j] + [0] * (len(shape) - i - 1) for i, n in enumerate(shape) for j in range(1, n)]
    first = np.ravel_multi_index(np.array([[0] * len(shape), *single]).T, shape)
    if total <= most:
        rest, words = np.setdiff1d(np.arange(total), first), tr("All {n} specifications", n=total)
    else:
        others = np.setdiff1d(np.arange(total), first)
        rest = np.sort(np.random.default_rng(seed).choice(others, max(most - len(first), 0), replace=False))
        words = tr(
            "{n} of {all} specifications: the run's own, {single} that change one choice, {drawn} drawn at random",
            n=len(first) + len(rest),
            all=total,
            single=len(single),
            drawn=len(rest),
        )
    every = list(product(*options.values()))
    return pd.DataFrame([every[i] for i in (*first, *rest)], columns=list(options)), words


def keyness_statements(tables, most=3, test=True):
    """That groups use terms more than the rest: the first terms of each, as `keyness.top_terms` has them.

    Parameters
    ----------
    tables : dict
        Of group to its table of `keyness.keyness`.
    most : int
        Terms of a group.
    test : bool
        Whether, where the documents allow a test, a statement holds if the test says so again. Otherwise, and where
        they do not, it holds if its interval leaves out 0. One document against many is never so rare that a test
        corrected for all words sees it; its interval speaks of that document.
    """
    rows = []
    for group, table in tables.items():
        table = table if test else table.assign(p_adjusted=np.nan)
        basis = "test" if table["p_adjusted"].notna().any() else "interval"
        table = table if basis == "test" else table[table["bound"].notna()]  # no interval, no statement
        rows += [
            ("keyness", group, t, 1, basis, tr("{group} uses {term} more", group=group, term=t))
            for t in top_terms(table, n=most)["term"]
        ]
    return pd.DataFrame(rows, columns=COLUMNS)


def nearest_statements(table, most=40):
    """Which group is each group's nearest, of distances between groups, a DataFrame: the `most` clearest."""
    if len(table) < 3:  # of two, each is the other's nearest whatever is chosen
        return pd.DataFrame(columns=COLUMNS)
    others = table.mask(np.eye(len(table), dtype=bool))
    near, two = others.idxmin(axis=1), np.sort(others.to_numpy(), axis=1)[:, :2]
    clear = pd.Series(two[:, 1] - two[:, 0], table.index).sort_values(ascending=False, kind="stable").index[:most]
    rows = [("nearest", a, near[a], 1, "", tr("{a} is nearest to {b}", a=a, b=near[a])) for a in clear]
    return pd.DataFrame(rows, columns=COLUMNS)


def topic_statements(shares, most=40):
    """That groups have more, or less, of a topic than all text: the `most` clear ones that differ most.

    `shares` is of `topics.prevalence.intervals`, with a column `name` of names of topics.
    """
    difference = shares["share"] - shares["whole"]
    part = shares.assign(sign=np.sign(difference).astype(int), size=difference.abs().round(9))[
        differs_from_whole(shares).ravel()
    ]
    part = part.sort_values(["size", "group", "topic"], ascending=[False, True, True]).head(most)
    words = [
        tr("{group} has more of {name}", group=r.group, name=r.name)
        if r.sign > 0
        else tr("{group} has less of {name}", group=r.group, name=r.name)
        for r in part.itertuples(index=False)
    ]
    found = pd.DataFrame({"subject": part["group"], "object": part["topic"], "sign": part["sign"], "words": words})
    return found.assign(kind="topic", basis="").reindex(columns=COLUMNS).reset_index(drop=True)


def run(
    paragraphs, specs, statements, *, places=(), stopwords="", dictionary=(), fit=None, model=None, max_df=1.0,
    permutations=499, comparisons=1, seed=1, jobs=None,
):  # fmt: skip
    """What each statement comes to in each specification.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, group, kind, text, tokens (as built), n_chars; of all kinds that specifications ask for; those
        of a document in their order. Where it has a column stratum, the tests of keyness use it.
    specs : DataFrame
        Of `specifications`.
    statements : DataFrame
        Of `keyness_statements`, `nearest_statements` and `topic_statements`, one after the other.
    places, stopwords, dictionary
        The run's words to mask, file of further stop words, and terms added to the domain dictionary.
    fit, model, max_df
        Of topics: fit(counts, terms, k) gives a TopicModel; the run's own, whose topics statements name; and the
        largest share of paragraphs that may hold a term of it.
    permutations, comparisons, seed : int
        Of `keyness`, where a statement rests on a test.
    jobs : int, optional
        See `inference.each`.

    Returns
    -------
    DataFrame
        statement (its row), kind, specification (its row), effect, low, high, status. The effect is, of keyness, the
        log-ratio, with its interval; of a nearest group, how much farther the nearest of the others is; of a topic, the
        group's share less that of all text. Statuses: holds; not clear (the same sign, but the interval holds 0, or the
        test says no); turned (the other sign: another group is nearer); lost (no topic agrees by `MIN_AGREEMENT`); not
        available (no such term: the words are cut otherwise, it is masked or too rare; no such group; of topics,
        bigrams).
    """
    if statements.empty:
        return pd.DataFrame(columns=OUTCOMES)
    if (statements["kind"] == "topic").any() and (fit is None or model is None or "k" not in specs):
        msg = "statements on topics need fit, model, and specifications with k: give them, or leave the statements out"
        raise CrosscityError(msg)
    settings = {"stop": stop_words(stopwords or None), "places": frozenset(places), "fit": fit, "model": model}
    settings |= {"max_df": max_df, "test": {"permutations": permutations, "comparisons": comparisons, "seed": seed}}
    segmented, arguments = {}, []
    for (how, share, kinds), part in specs.groupby(["tokenizer", "formulas", "kinds"], sort=False):
        if how not in segmented:
            segmented[how] = paragraphs.drop(columns="text", errors="ignore").assign(
                tokens=segment(paragraphs, how, dictionary)
            )
        rows = segmented[how][paragraphs["kind"].isin(kinds.split(" + "))]
        arguments.append((rows, part, share, statements, settings))
    found = pd.concat(each(_part, arguments, "specifications", jobs), ignore_index=True)
    found = found.sort_values(["statement", "specification"], ignore_index=True)
    found[["effect", "low", "high"]] = found[["effect", "low", "high"]].astype(float).round(6)
    return found[OUTCOMES]


def segment(paragraphs, how, dictionary=()):
    """The words of each paragraph by one of the tokenizers that `choices` names."""
    if how == BUILT:
        return paragraphs["tokens"]
    texts = paragraphs["text"].str.replace("\n", " ").tolist()
    if how == BIGRAMS:
        runs = map(_CHINESE.findall, texts)
        return [[run[i : i + 2] for run in of for i in range(len(run) - 1)] for of in runs]
    known: dict[str, dict[str, Any]] = {HMM: {"hmm": True}, NO_HMM: {}, BARE: {"domain": False}}
    if how not in known:
        msg = f"there is no tokenizer {how!r}: it is one of {', '.join((BUILT, *known, BIGRAMS))}"
        raise CrosscityError(msg)
    return Tokenizer(() if how == BARE else dictionary, **known[how]).word_lists(texts).to_pylist()


def _part(paragraphs, specs, share, statements, settings):
    """Results of specifications that differ in nothing before words are counted."""
    tokens = paragraphs["tokens"]
    if share:
        tokens = without(tokens, formulas(tokens, paragraphs["doc_id"], share)[1])
    every, words = count_matrix(tokens, stopwords=False)
    tables = []
    for number, spec in zip(specs.index, specs.to_dict("records"), strict=True):
        counts, terms = _kept(every, words, spec, settings)
        for kind, part in statements.groupby("kind", sort=False):
            found = _MEASURES[kind](paragraphs, counts, terms, spec, part, settings)
            rows = pd.DataFrame(found, part.index, columns=["effect", "low", "high", "status"])
            tables.append(rows.rename_axis("statement").reset_index().assign(kind=kind, specification=number))
    return pd.concat(tables, ignore_index=True)


def _kept(counts, words, spec, settings):
    """Counts of the words that a specification counts, as `words.matrix.count_matrix` would give them."""
    stop = settings["stop"] if spec["stop words"] != "none" else frozenset()
    stop |= settings["places"] if spec["places"] == "masked" else frozenset()
    keep = np.array([word not in stop for word in words], dtype=bool)
    if spec["stop words"].endswith(" more"):
        order = np.argsort(-np.asarray(counts.sum(axis=0)) * keep, kind="stable")  # ties by word
        keep[order[: int(spec["stop words"].split()[0])]] = False
    keep &= np.bincount(counts.indices, minlength=len(words)) >= spec["min_df"]
    return counts[:, keep], words[keep]


def _of_keyness(paragraphs, counts, terms, _, statements, settings):
    where, found = {term: j for j, term in enumerate(terms)}, dict.fromkeys(statements.index, _absent())
    strata = paragraphs.get("stratum")
    for (group, basis), part in statements.groupby(["subject", "basis"], sort=False):
        part = part[part["object"].isin(where)]
        if part.empty:
            continue
        used, names, more = counts, terms, settings["test"]
        if basis == "interval":  # nothing else hangs on the other words than their number
            names, more = part["object"].unique(), {"permutations": 1}
            used = counts[:, [where[t] for t in names]]
            rest = sparse.csr_array((counts.sum(axis=1) - used.sum(axis=1))[:, None])
            used, names = sparse.hstack([used, rest], format="csr"), np.array([*names, ""], dtype=object)
        try:
            of = paragraphs["doc_id"], paragraphs["group"], group
            table = keyness(used, names, *of, strata=strata, **more).set_index("term")
        except CrosscityError:  # the group has no words here, or all words are its own
            continue
        for row in part[part["object"].isin(table.index)].itertuples():
            at = table.loc[row.object]
            clear = at["answer"] in ("more", "less") if basis == "test" else at["low"] > 0 or at["high"] < 0
            found[row.Index] = (at["log_ratio"], at["low"], at["high"], _status(at["log_ratio"], row.sign, not clear))
    return list(found.values())


def _of_nearest(paragraphs, counts, _, __, statements, ___):
    words = pd.Series(counts.sum(axis=1)).groupby(paragraphs["group"].to_numpy()).sum()
    spoken, found = set(words.index[words > 0]), []
    table = distances(counts, paragraphs["group"]).loc[list(spoken), list(spoken)]
    for row in statements.itertuples():
        here = {row.subject, row.object} < spoken
        effect = np.nan
        if here:
            others = table.loc[row.subject].drop([row.subject, row.object])
            effect = round(others.min() - table.loc[row.subject, row.object], 6)
        found.append((effect, np.nan, np.nan, _status(effect, 1, effect == 0)))
    return found


def _of_topics(paragraphs, counts, terms, spec, statements, settings):
    share = np.bincount(counts.indices, minlength=len(terms)) / counts.shape[0]
    keep, own = share <= settings["max_df"], settings["model"]
    try:
        other = settings["fit"](counts[:, keep], terms[keep], int(spec["k"]))
    except CrosscityError:  # too few words are left for so many topics
        other = None
    if other is None or spec["tokenizer"] == BIGRAMS:
        return [_absent()] * len(statements)
    pairs, agreement = match_topics(own, other)
    pairs = dict(pairs[agreement >= MIN_AGREEMENT] + 1)
    table, found = deviations(other, paragraphs["group"], paragraphs["n_chars"]), []
    for row in statements.itertuples():
        there = row.object in pairs and row.subject in table.index
        effect = table.loc[row.subject, pairs[row.object]] if there else np.nan
        found.append((effect, np.nan, np.nan, _status(effect, row.sign, effect == 0) if there else "lost"))
    return found


def _absent():
    return (np.nan, np.nan, np.nan, "not available")


def _status(effect, sign, unclear):
    if np.isnan(effect):
        return "not available"
    return "turned" if effect * sign < 0 else "not clear" if unclear else "holds"


_MEASURES = {"keyness": _of_keyness, "nearest": _of_nearest, "topic": _of_topics}


def curve(table, specs, statements):
    """How each statement fares: a row each, in their order.

    Returns
    -------
    DataFrame
        statement, kind, words; specifications; available; a column of counts for each of `STATUSES`; share (of those
        available in which it holds; NaN if none); own (the run's effect), median, low, high (the range); matters, the
        choice whose options differ most in that share, and by, how much; ties by the order of choices.
    """
    if table.empty:
        names = "statement kind words specifications available share own median low high matters by"
        return pd.DataFrame(columns=[*names.split(), *STATUSES])
    table = table.join(specs, on="specification")
    rows = []
    for number, part in table.groupby("statement"):
        often = part["status"].value_counts().reindex(STATUSES, fill_value=0)
        there = part[part["status"] != "not available"]
        effect, holds = there["effect"], there["status"] == "holds"
        spans = {c: float(np.ptp(holds.groupby(there[c]).mean())) if len(there) else 0.0 for c in specs}
        most = max(spans, key=lambda c: spans[c]) if spans else ""
        row = {"statement": number, "kind": part["kind"].iloc[0], "words": statements["words"][number]}
        row |= {"specifications": len(part), "available": len(there)} | often.to_dict() | {"share": holds.mean()}
        row |= {"own": part.set_index("specification")["effect"].get(0, np.nan), "median": effect.median()}
        row |= {"low": effect.min(), "high": effect.max(), "matters": most if spans[most] else "", "by": spans[most]}
        rows.append(row)
    return pd.DataFrame(rows).round(6)


def told(summary, most=0.9):
    """Sentences on a summary of `curve`, by kind of statement."""
    said = []
    names = {"keyness": tr("on words"), "nearest": tr("on nearest groups"), "topic": tr("on topics")}
    for kind, part in summary.groupby("kind", sort=False):
        of, weak = tr("{n} statements {on}", n=len(part), on=names[kind]), part[part["share"] < 0.5]
        values = {"n": (part["share"] >= most).sum(), "of": of, "most": most, "weak": len(weak)}
        firm = tr("{n} of {of} hold in {most:.0%} of the specifications or more, {weak} in fewer than half", **values)
        if len(weak):
            first = tr("; ").join(weak["words"].head(3)) + (" ..." if len(weak) > 3 else "")
            firm = tr("{name}: {said}", name=firm, said=first)
        said.append(firm + tr("."))
        often = part.loc[part["by"] > 0, "matters"].value_counts()
        if len(often):
            choice = min(often.index, key=lambda name: (-often[name], name))
            named = {"choice": called("choice", choice), "n": often[choice], "of": of}
            said.append(tr("What they hang on most is the choice of {choice} ({n} of {of}).", **named))
    return said
