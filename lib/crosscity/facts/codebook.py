"""Codebooks: what is measured is fixed before documents are read. Their reader, and themes for a model's topics."""

import math
import re
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from .. import CrosscityError, combined_error
from ..documents import decode
from ..files import parse_yaml

SHIPPED = {"party": "codebook-party.yaml", "report": "codebook-report.yaml"}
WEIGHTS = {"strong": 3.0, "terms": 1.0, "weak": 0.3}  # of a list's terms
_FILE = {"version", "about", "groups", "leaves"}
_LEAF = {"code", "group", "definition", "source", "fallback", "leads", "rules", *WEIGHTS}
_RULE = {"term", "weight", "not in", "not after", "with"}


class Term(NamedTuple):
    """A term as one leaf counts it.

    Attributes
    ----------
    leaf : int
        The row of `Codebook.leaves`.
    weight : float
    companions : tuple of str
        One of these must stand in the same sentence, if there are any.
    after : tuple of str
        The term does not count where one of these stands before it in the same clause.
    """

    leaf: int
    weight: float
    companions: tuple
    after: tuple


class Codebook(NamedTuple):
    """A codebook as it was read.

    Attributes
    ----------
    leaves : DataFrame
        Columns leaf, group, definition, in the file's order.
    groups : DataFrame
        Columns theme, gloss, terms (tuples of str): what `codebook_topics` takes. Terms that need a companion are left
        out, since counts of words cannot tell; so are the group of the fallback, and groups without terms.
    terms : dict of str to list of Term
    starts : dict of str to tuple of str
        All terms, and the phrases in which some do not count, by their first two characters, the longest first.
    within : dict of str to tuple
        For each of these the terms that count there, each with its start in it.
    fallback : int
        The leaf of a paragraph without any other; -1 if there is none.
    leading : frozenset of int
        Leaves whose group comes first below a heading that has one of their terms.
    """

    leaves: pd.DataFrame
    groups: pd.DataFrame
    terms: dict
    starts: dict
    within: dict
    fallback: int
    leading: frozenset


def shipped_codebook(name):
    """The file of a shipped codebook."""
    return Path(__file__).with_name("resources") / SHIPPED[name]


def read_codebook(path=None):
    """A codebook: groups, and leaf codes with their definitions, terms and rules.

    A file is YAML. `groups` maps names to what they mean. `leaves` is a list of codes, each with

    - code, group, definition, and source if there is one;
    - terms, and if need be strong and weak ones (see `WEIGHTS`), as text with spaces or commas between or as a list;
    - rules, a list of mappings with term and any of weight, not in (phrases within which it does not count), not after
      (words that must not stand before it in its clause), with (words of which one must stand in its sentence);
    - fallback: true for the leaf of paragraphs that have no other;
    - leads: true for one that says how a matter stands (problems) and not which: below a heading with one of its terms
      its group comes first, and the others are held against the largest of theirs.

    A term belongs to one leaf; to a further one only by a rule with companions. version and about are for people.

    Parameters
    ----------
    path : str or Path, optional
        A file, or the name of a shipped one, of `SHIPPED`; that of party-building if left out.

    Returns
    -------
    Codebook

    Raises
    ------
    CrosscityError
        If the file is absent, no YAML or no codebook; all faults at once, each with the file and the entry.
    """
    path = Path(str(path or "party"))
    if path.name in SHIPPED and not path.exists():
        path = shipped_codebook(path.name)
    if not path.is_file():
        msg = (
            f"{path} is not there: give a codebook, a YAML file with groups and leaves, or one of {', '.join(SHIPPED)}"
        )
        raise CrosscityError(msg)
    data = path.read_bytes()
    content = parse_yaml(decode(data, path)[0], path) if data.strip() else None
    problems = _shape(content)
    book, further = (None, []) if problems else _codebook(content)
    if problems or further:
        raise combined_error([f"{path}: {problem}; mend the codebook" for problem in problems + further])
    return book


def _shape(content):
    """What keeps a file from being read at all."""
    if not isinstance(content, dict):
        return ["it must hold groups and leaves"]
    groups, leaves = content.get("groups"), content.get("leaves")
    problems = [f"it has {key!r}; keys are {', '.join(sorted(_FILE))}" for key in content if key not in _FILE]
    if not (isinstance(groups, dict) and groups and all(isinstance(g, str) and g for g in groups)):
        problems.append("groups must be a mapping of names to what they mean, such as 'roads: roads and bridges'")
    if not (isinstance(leaves, list) and leaves):
        problems.append("leaves must be a list of codes, and it holds none")
        return problems
    for i, leaf in enumerate(leaves, start=1):
        if not isinstance(leaf, dict):
            problems.append(f"leaf {i} is {leaf!r}, not a mapping with code, group, definition and terms")
        elif not isinstance(leaf.get("code"), str) or not leaf["code"].strip():
            problems.append(f"leaf {i} has no code")
    return problems


def _codebook(content):
    """The codebook, and its faults."""
    groups, problems, seen = content["groups"], [], set()
    terms: dict[str, list[Term]] = {}
    phrases: dict[str, set[str]] = {}
    fallback = -1
    for i, leaf in enumerate(content["leaves"]):
        name = f"leaf {leaf['code']}"
        problems += [f"{name} stands twice"] if leaf["code"] in seen else []
        seen.add(leaf["code"])
        problems += [f"{name} has {key!r}; keys are {', '.join(sorted(_LEAF))}" for key in leaf if key not in _LEAF]
        for key in ("group", "definition"):
            problems += [] if isinstance(leaf.get(key), str) and leaf[key] else [f"{name} has no {key}"]
        if isinstance(leaf.get("group"), str) and leaf["group"] not in groups:
            problems.append(f"{name} is of {leaf['group']}, which is not among the groups {', '.join(groups)}")
        if leaf.get("fallback"):
            problems += [f"{name} is a second fallback"] if fallback >= 0 else []
            fallback = i
        own, faults = _terms(leaf, i)
        problems += [f"{name}{fault}" for fault in faults]
        problems += [] if own or leaf.get("fallback") or faults else [f"{name} has no terms"]
        for term, (entry, hiding) in own.items():
            problems += [f"{name}: {term} has one character; terms have two at least"] if len(term) < 2 else []
            terms.setdefault(term, []).append(entry)
            for phrase in hiding:
                phrases.setdefault(phrase, set()).add(term)
    codes = [leaf["code"] for leaf in content["leaves"]]
    for term, entries in terms.items():
        free = [codes[e.leaf] for e in entries if not e.companions]
        problems += [f"{term} stands twice, under {free[0]} and {free[1]}"] if len(free) > 1 else []
    if problems:
        return None, problems
    leading = frozenset(i for i, leaf in enumerate(content["leaves"]) if leaf.get("leads"))
    leaves = pd.DataFrame(
        [(leaf["code"], leaf["group"], leaf["definition"]) for leaf in content["leaves"]],
        columns=["leaf", "group", "definition"],
    )
    of: dict[str, list[str]] = {group: [] for group in groups}
    for term, entries in terms.items():
        for entry in entries:
            of[leaves["group"][entry.leaf]] += [] if entry.companions else [term]
    rest = leaves["group"][fallback] if fallback >= 0 else None
    rows = [
        (group, str(gloss or ""), tuple(of[group])) for group, gloss in groups.items() if of[group] and group != rest
    ]
    table = pd.DataFrame(rows, columns=["theme", "gloss", "terms"], dtype=object)
    within: dict[str, tuple[tuple[str, int], ...]] = {term: ((term, 0),) for term in terms}
    for phrase in phrases.keys() - terms.keys():
        # A phrase hides the terms that do not count in it, and no others.
        rest = _starts(term for term in terms if term in phrase and term not in phrases[phrase])
        within[phrase] = tuple((term, at) for at, term in occurrences(phrase, rest))
    return Codebook(leaves, table, terms, _starts(within), within, fallback, leading), []


def _starts(words):
    """Words by their first two characters, the longest first."""
    starts: dict[str, tuple[str, ...]] = {}
    for word in sorted(words, key=lambda w: (-len(w), w)):
        starts[word[:2]] = (*starts.get(word[:2], ()), word)
    return starts


def occurrences(text, starts):
    """Where words stand in a text, from left to right, of several at one place the longest; they do not overlap.

    Parameters
    ----------
    text : str
    starts : dict of str to tuple of str
        As of `Codebook`.

    Returns
    -------
    list of (int, str)
    """
    found, free = [], 0
    for at in [at for at, pair in enumerate(map(str.__add__, text, text[1:])) if pair in starts]:
        if at >= free:
            for word in starts[text[at : at + 2]]:
                if text.startswith(word, at):
                    found.append((at, word))
                    free = at + len(word)
                    break
    return found


def _terms(leaf, row):
    """Terms of a leaf with the phrases in which they do not count; and faults."""
    found, problems = {}, []
    for key, weight in WEIGHTS.items():
        words = words_of(leaf.get(key))
        if words is None:
            problems.append(f": {key} must be words with spaces between, or a list of texts")
        for word in words or ():
            problems += [f": {word} stands twice"] if word in found else []
            found[word] = (Term(row, weight, (), ()), ())
    rules = leaf.get("rules") or []
    if not isinstance(rules, list):
        return found, [*problems, ": rules must be a list of mappings"]
    ruled = set()
    for n, rule in enumerate(rules, start=1):
        term = rule.get("term") if isinstance(rule, dict) else None
        if not isinstance(term, str) or not term.strip():
            problems.append(f", rule {n} has no term")
            continue
        where = f", rule {n} ({term})"
        problems += [f"{where} has {key!r}; keys are {', '.join(sorted(_RULE))}" for key in rule if key not in _RULE]
        problems += [f"{where}: the term has a rule already"] if term in ruled else []
        ruled.add(term)
        lists = {key: words_of(rule.get(key)) for key in ("not in", "not after", "with")}
        problems += [f"{where}: {key} must be a list of texts" for key, words in lists.items() if words is None]
        hiding = lists["not in"] or ()
        problems += [f"{where}: {p} does not hold the term" for p in hiding if term not in p or term == p]
        weight = rule.get("weight", found[term][0].weight if term in found else WEIGHTS["terms"])
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not (0 < weight < math.inf):
            problems.append(f"{where}: weight is {weight!r}; give a number above 0")
            continue
        found[term] = (Term(row, float(weight), tuple(lists["with"] or ()), tuple(lists["not after"] or ())), hiding)
    return found, problems


def words_of(value):
    """A tuple of str, from text or a list; None if it is neither."""
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(re.findall(r"[^\s,;，；、]+", value))
    fits = isinstance(value, list) and all(isinstance(v, str) and v.strip() for v in value)
    return tuple(v.strip() for v in value) if fits else None
