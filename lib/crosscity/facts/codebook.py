"""Codebooks: the themes to be measured, their leaf codes, terms and rules, and how a file of them is read."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import CrosscityError, combined_error
from ..documents import decode, normalize_term
from ..files import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

SHIPPED_CODEBOOKS = {
    "party": "codebook-party.yaml",
    "report": "codebook-report.yaml",
    "policy": "codebook-policy.yaml",
}
WEIGHTS = {"strong": 3.0, "terms": 1.0, "weak": 0.3}  # of the terms in each list
_FILE_KEYS = {"version", "about", "groups", "leaves"}
_LEAF_KEYS = {"code", "group", "definition", "source", "fallback", "leads", "rules", *WEIGHTS}
_RULE_KEYS = {"term", "weight", "not in", "not after", "with"}


class Leaf(NamedTuple):
    """A leaf code, the group it belongs to, and its definition."""

    code: str
    group: str
    definition: str


class Theme(NamedTuple):
    """A group of leaves as a theme: its name, what it means, and the terms that can be counted for it."""

    name: str
    gloss: str
    terms: tuple[str, ...]


class Term(NamedTuple):
    """A term as one leaf counts it.

    Attributes
    ----------
    leaf : int
        Index into `Codebook.leaves`.
    weight : float
    companions : tuple of str
        If there are any, one of them must occur in the same sentence.
    after : tuple of str
        The term does not count where one of these precedes it in the same clause.
    """

    leaf: int
    weight: float
    companions: tuple[str, ...]
    after: tuple[str, ...]


class Codebook(NamedTuple):
    """A codebook.

    Attributes
    ----------
    leaves : tuple of Leaf
        In the file's order.
    themes : tuple of Theme
        The groups whose terms can be counted. Terms that need a companion are left out, since counts cannot tell; so
        are groups without terms, and the group of the fallback.
    terms : dict of str to list of Term
    by_start : dict of str to tuple of str
        All terms, and the phrases in which some do not count, by their first two characters; the longest first.
    terms_within : dict of str to tuple of (str, int)
        For each of these, the terms that count in it and their offsets.
    fallback : int
        Index of the leaf for paragraphs that have no other; -1 if there is none.
    leading : frozenset of int
        Leaves whose group comes first below a heading that has one of their terms.
    """

    leaves: tuple[Leaf, ...]
    themes: tuple[Theme, ...]
    terms: dict[str, list[Term]]
    by_start: dict[str, tuple[str, ...]]
    terms_within: dict[str, tuple[tuple[str, int], ...]]
    fallback: int
    leading: frozenset[int]


class _Entry(NamedTuple):
    """A term of a leaf, and the phrases in which it does not count."""

    term: Term
    hiding: tuple[str, ...]


def shipped_codebook_path(name: str) -> Path:
    """The file of a shipped codebook."""
    return Path(__file__).with_name("resources") / SHIPPED_CODEBOOKS[name]


def read_codebook(path: Path | str | None = None) -> Codebook:
    """Read a codebook: groups, and leaf codes with their definitions, terms and rules.

    A file is YAML. `groups` maps names to what they mean. `leaves` is a list of codes, each with

    - code, group, definition, and optionally source;
    - terms, and optionally strong and weak ones (see `WEIGHTS`), as text separated by spaces or commas, or as a list;
    - rules, a list of mappings with term and any of weight, not in (phrases within which it does not count), not after
      (words that must not precede it in its clause), with (words of which one must occur in its sentence);
    - fallback: true for the leaf of paragraphs that have no other;
    - leads: true for one that says how a matter stands (problems) and not which it is: below a heading with one of its
      terms its group comes first, and the others are compared with the largest of theirs.

    A term belongs to one leaf, and to a further one only by a rule with companions. version and about are for people.

    Parameters
    ----------
    path : str or Path, optional
        A file, or the name of a shipped one (`SHIPPED_CODEBOOKS`); that of party-building by default.

    Raises
    ------
    CrosscityError
        If the file is absent, not YAML or not a codebook; all faults at once, each with the file and the entry.
    """
    path = Path(str(path or "party"))
    if path.name in SHIPPED_CODEBOOKS and not path.exists():
        path = shipped_codebook_path(path.name)
    if not path.is_file():
        names = ", ".join(SHIPPED_CODEBOOKS)
        msg = f"{path} is not there: give a codebook, a YAML file with groups and leaves, or one of {names}"
        raise CrosscityError(msg)
    data = path.read_bytes()
    content: Any = parse_yaml(decode(data, path)[0], path) if data.strip() else None
    problems = _structure_problems(content)
    if not problems:
        entries, problems = _read_leaves(content)
    if problems:
        raise combined_error([f"{path}: {problem}; mend the codebook" for problem in problems])
    return _build(content, entries)


def _structure_problems(content: Any) -> list[str]:
    """What keeps a file from being read at all."""
    if not isinstance(content, dict):
        return ["it must hold groups and leaves"]
    groups, leaves = content.get("groups"), content.get("leaves")
    problems = _unknown_keys("it", content, _FILE_KEYS)
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


def _unknown_keys(where: str, mapping: Mapping[Any, Any], known: set[str]) -> list[str]:
    return [f"{where} has {key!r}; keys are {', '.join(sorted(known))}" for key in mapping if key not in known]


def _read_leaves(content: Mapping[str, Any]) -> tuple[list[dict[str, _Entry]], list[str]]:
    """The terms of each leaf, and all problems."""
    groups, leaves = content["groups"], content["leaves"]
    entries: list[dict[str, _Entry]] = []
    problems: list[str] = []
    codes = set()
    fallbacks = 0
    for i, leaf in enumerate(leaves):
        name = f"leaf {leaf['code']}"
        if leaf["code"] in codes:
            problems.append(f"{name} stands twice")
        codes.add(leaf["code"])
        problems += _unknown_keys(name, leaf, _LEAF_KEYS)
        for key in ("group", "definition"):
            if not (isinstance(leaf.get(key), str) and leaf[key]):
                problems.append(f"{name} has no {key}")
        if isinstance(leaf.get("group"), str) and leaf["group"] not in groups:
            problems.append(f"{name} is of {leaf['group']}, which is not among the groups {', '.join(groups)}")
        if leaf.get("fallback"):
            fallbacks += 1
            if fallbacks > 1:
                problems.append(f"{name} is a second fallback")
        terms, faults = _leaf_terms(leaf, i)
        problems += [f"{name}{fault}" for fault in faults]
        if not (terms or leaf.get("fallback") or faults):
            problems.append(f"{name} has no terms")
        problems += [f"{name}: {t} has one character; terms have two at least" for t in terms if len(t) < 2]
        entries.append(terms)
    return entries, problems + _repeated_terms(leaves, entries)


def _repeated_terms(leaves: list[Any], entries: list[dict[str, _Entry]]) -> list[str]:
    """Terms that several leaves count without a companion."""
    codes: dict[str, list[str]] = {}
    for leaf, terms in zip(leaves, entries, strict=True):
        for term, entry in terms.items():
            # Listed even with a companion, so that terms come in the order of the file.
            codes.setdefault(term, []).extend([] if entry.term.companions else [leaf["code"]])
    return [f"{term} stands twice, under {of[0]} and {of[1]}" for term, of in codes.items() if len(of) > 1]


def _leaf_terms(leaf: Mapping[str, Any], index: int) -> tuple[dict[str, _Entry], list[str]]:
    """The terms of a leaf, and what is wrong with them."""
    terms: dict[str, _Entry] = {}
    problems = []
    for key, weight in WEIGHTS.items():
        words = split_terms(leaf.get(key))
        if words is None:
            problems.append(f": {key} must be words with spaces between, or a list of texts")
        for word in words or ():
            if word in terms:
                problems.append(f": {word} stands twice")
            terms[word] = _Entry(Term(index, weight, (), ()), ())
    rules = leaf.get("rules") or []
    if not isinstance(rules, list):
        return terms, [*problems, ": rules must be a list of mappings"]
    ruled = set()
    for n, rule in enumerate(rules, start=1):
        term = rule.get("term") if isinstance(rule, dict) else None
        if not isinstance(term, str) or not term.strip():
            problems.append(f", rule {n} has no term")
            continue
        term = normalize_term(term)
        where = f", rule {n} ({term})"
        problems += _unknown_keys(where, rule, _RULE_KEYS)
        if term in ruled:
            problems.append(f"{where}: the term has a rule already")
        ruled.add(term)
        lists = {key: split_terms(rule.get(key)) for key in ("not in", "not after", "with")}
        problems += [f"{where}: {key} must be a list of texts" for key, words in lists.items() if words is None]
        hiding = lists["not in"] or ()
        problems += [f"{where}: {p} does not hold the term" for p in hiding if term not in p or term == p]
        weight = rule.get("weight", terms[term].term.weight if term in terms else WEIGHTS["terms"])
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not (0 < weight < math.inf):
            problems.append(f"{where}: weight is {weight!r}; give a number above 0")
            continue
        terms[term] = _Entry(Term(index, float(weight), lists["with"] or (), lists["not after"] or ()), hiding)
    return terms, problems


def split_words(value: object) -> tuple[str, ...] | None:
    """Words from a text (separated by spaces or commas) or a list of texts; None if the value is neither."""
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(re.findall(r"[^\s,;，；、]+", value))
    if isinstance(value, list) and all(isinstance(v, str) and v.strip() for v in value):
        return tuple(v.strip() for v in value)
    return None


def split_terms(value: object) -> tuple[str, ...] | None:
    """`split_words`, as cleaned text has them: a codebook may be in traditional characters."""
    words = split_words(value)
    return words and tuple(map(normalize_term, words))


def _build(content: Mapping[str, Any], entries: Iterable[Mapping[str, _Entry]]) -> Codebook:
    """The codebook of a file without faults."""
    leaves = tuple(Leaf(leaf["code"], leaf["group"], leaf["definition"]) for leaf in content["leaves"])
    fallback = next((i for i, leaf in enumerate(content["leaves"]) if leaf.get("fallback")), -1)
    leading = frozenset(i for i, leaf in enumerate(content["leaves"]) if leaf.get("leads"))
    terms: dict[str, list[Term]] = {}
    hidden: dict[str, set[str]] = {}
    for own in entries:
        for word, entry in own.items():
            terms.setdefault(word, []).append(entry.term)
            for phrase in entry.hiding:
                hidden.setdefault(phrase, set()).add(word)
    within: dict[str, tuple[tuple[str, int], ...]] = {term: ((term, 0),) for term in terms}
    for phrase in hidden.keys() - terms.keys():
        # A phrase hides the terms that do not count in it, and no others.
        others = _index_by_start(term for term in terms if term in phrase and term not in hidden[phrase])
        within[phrase] = tuple((term, at) for at, term in occurrences(phrase, others))
    themes = _themes(content["groups"], leaves, terms, fallback)
    return Codebook(leaves, themes, terms, _index_by_start(within), within, fallback, leading)


def _themes(
    glosses: Mapping[str, Any], leaves: tuple[Leaf, ...], terms: Mapping[str, list[Term]], fallback: int
) -> tuple[Theme, ...]:
    """`Codebook.themes`."""
    countable: dict[str, list[str]] = {group: [] for group in glosses}
    for word, entries in terms.items():
        for entry in entries:
            if not entry.companions:
                countable[leaves[entry.leaf].group].append(word)
    if fallback >= 0:
        countable[leaves[fallback].group] = []
    return tuple(
        Theme(group, str(gloss or ""), tuple(of)) for group, gloss in glosses.items() if (of := countable[group])
    )


def _index_by_start(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Words by their first two characters, the longest first."""
    index: dict[str, tuple[str, ...]] = {}
    for word in sorted(words, key=lambda w: (-len(w), w)):
        index[word[:2]] = (*index.get(word[:2], ()), word)
    return index


def occurrences(text: str, by_start: Mapping[str, tuple[str, ...]]) -> list[tuple[int, str]]:
    """Where words occur in a text, with their offsets: from left to right, the longest at each place, without overlap.

    Parameters
    ----------
    text : str
    by_start : dict of str to tuple of str
        As in `Codebook`.
    """
    found = []
    free = 0
    for at in [at for at, pair in enumerate(map(str.__add__, text, text[1:])) if pair in by_start]:
        if at >= free:
            for word in by_start[text[at : at + 2]]:
                if text.startswith(word, at):
                    found.append((at, word))
                    free = at + len(word)
                    break
    return found
