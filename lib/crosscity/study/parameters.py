"""What can be set in a run, its types and limits, and how a file of parameters is read."""

import copy
import difflib
import math
import os
from pathlib import Path
from typing import NamedTuple

from .. import PROJECT, CrosscityError, combined_error

_SHOWN = 200  # characters of a wrong value


class Parameter(NamedTuple):
    """One parameter: its default also fixes its type."""

    default: object
    notebooks: str  # names of the notebooks that take it, with spaces; "build" and "plan" for those steps
    about: str
    low: float | None = None
    high: float | None = None
    choices: tuple = ()


_COMPARED = "04-compare 05-profile 06-pair"
_WORDS = f"02-terms 03-topics {_COMPARED} 09-robustness"
_ALL = f"01-corpus {_WORDS} 07-shared-text 08-facts explore"
PARAMETERS = {
    "by": Parameter(
        "auto",
        _ALL,
        "what is compared: city, province, year, unit, genre or any column of corpus; auto: the first that differs",
    ),
    "only": Parameter({}, _ALL, "which documents take part: column: value, or column: [values]"),
    "kinds": Parameter(
        ["body"],
        f"{_WORDS} 07-shared-text explore",
        "kinds of paragraph whose words count",
        choices=("title", "byline", "heading", "body", "note"),
    ),
    "terms": Parameter(10, f"02-terms 03-topics {_COMPARED}", "terms shown for each topic or group", 3, 30),
    "min_df": Parameter(3, f"{_WORDS} explore", "paragraphs that must hold a term for it to count", 1, 1000),
    "mask_places": Parameter(True, f"{_WORDS} explore", "whether the names of the documents' own places are no terms"),
    "stopwords": Parameter("", f"{_WORDS} explore", "a file of further stop words, one a line"),
    "k": Parameter(
        0, "03-topics 09-robustness", "number of topics; 0: chosen from ks by the rule of quality.pick_k", 0, 100
    ),
    "ks": Parameter([3, 5, 8, 12, 16, 20, 25, 30], "03-topics", "numbers of topics that are compared", 2, 200),
    "resamples": Parameter(10, "03-topics", "draws of 80% of the documents behind stability", 2, 1000),
    "refits": Parameter(20, "03-topics 09-robustness", "refits of the model behind the intervals of shares", 5, 1000),
    "method": Parameter(
        "nmf", "03-topics 09-robustness", "the topic model", choices=("nmf", "minibatch", "lda", "gibbs")
    ),
    "template": Parameter(
        0.2,
        f"03-topics {_COMPARED} 07-shared-text 09-robustness",
        "what this share of the documents has in common is template, and left out of counts of words; 0: nothing is",
        0,
        1,
    ),
    "max_df": Parameter(
        0.0,
        "03-topics",
        "largest share of paragraphs that may hold a term of the topic model; 0: 0.06, or 0.3 of fewer than 1,000",
        0,
        1,
    ),
    "codebook": Parameter(
        "",
        "03-topics explore build",
        "themes beside topics: a file, party, report or none; empty: party for few documents, no work reports",
    ),
    "labels": Parameter("", "03-topics", "the file labels.csv of a run, with the names you gave to topics"),
    "answers": Parameter("", "03-topics", "a folder with the key.csv of a run and the answers of raters, a file each"),
    "min_tokens": Parameter(
        5, "03-topics explore", "words that a paragraph must keep to take part in the topic model", 1, 100
    ),
    "prior": Parameter(500.0, _COMPARED, "weight of the prior of the log-odds, in words", 1.0, 1e6),
    "permutations": Parameter(
        1999, f"{_COMPARED} 09-robustness", "arrangements of the documents behind a test of words", 199, 99999
    ),
    "measure": Parameter(
        "cosine",
        "04-compare 05-profile",
        "the distance: cosine (on tf-idf) or js (Jensen-Shannon)",
        choices=("cosine", "js"),
    ),
    "window": Parameter(5, _COMPARED, "words on either side that count as a word's neighbours", 1, 50),
    "a": Parameter("", "06-pair explore", "the first of two groups; empty: that with the most text"),
    "b": Parameter("", "06-pair explore", "the second; empty: of the others that with the most text"),
    "length": Parameter(30, "07-shared-text", "characters of a shared passage at least", 12, 1000),
    "similarity": Parameter(0.7, "07-shared-text", "share of a passage's characters that are equal", 0.67, 1),
    "references": Parameter(
        "", "07-shared-text", "the folder with the tables of another corpus: what was taken up from it"
    ),
    "questions": Parameter(
        "",
        "08-facts",
        "questions put to documents: a file, party or report; empty: report for work reports, else party",
    ),
    "coding": Parameter(
        "", "08-facts", "a folder with the key.csv and codebook.csv of a run and the answers of people"
    ),
    "splits": Parameter(100, "09-robustness", "random splits of the corpus behind rates of error and power", 20, 2000),
    "specifications": Parameter(32, "09-robustness", "combinations of choices that are gone through", 8, 5000),
    "draws": Parameter(
        200, f"03-topics {_COMPARED} 09-robustness explore", "bootstrap draws behind an interval", 50, 20000
    ),
    "seed": Parameter(
        1, f"03-topics {_COMPARED} 08-facts 09-robustness explore", "seed of every random draw", 0, 2**31 - 1
    ),
    "profiles": Parameter(
        [], "plan", "groups that get a profile of their own; empty: those that figures show, up to max_profiles"
    ),
    "max_profiles": Parameter(12, "plan", "profiles at most, where none is named", 0, 10000),
    "language": Parameter("en", _ALL, "the language of titles, labels and captions", choices=("en", "zh")),
    "width": Parameter(
        "page", _ALL, "the width of figures that fit a column of a page of two", choices=("page", "column")
    ),
    "dictionary": Parameter("", "build 02-terms", "a file of further terms for the segmenter, one a line"),
    "hmm": Parameter(False, "build", "whether jieba guesses words that no dictionary has"),
}


FILES = (
    "stopwords",
    "dictionary",
    "codebook",
    "labels",
    "answers",
    "references",
    "questions",
    "coding",
)  # parameters that name what is read besides tables


_SHIPPED = ("none", "party", "report")  # what takes the place of a file, whatever stands in the folder


def read_parameters(path):
    """Parameters of a YAML file, with defaults for those that it leaves out.

    A relative path among them counts from the folder of the file if what it names is there, else from the suite's
    folder, as it does in notebooks.

    Raises
    ------
    CrosscityError
        If the file is absent or no YAML mapping, or names an unknown parameter or a value of the wrong type or range;
        all of these at once.
    """
    from ..files import parse_yaml

    path = Path(path)
    if not path.is_file():
        msg = f"{path} is not there: give a file of parameters, such as PARAMS=params/default.yaml"
        raise CrosscityError(msg)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{path} is not YAML in UTF-8 (byte {error.start} is none): save it as UTF-8 text"
        raise CrosscityError(msg) from None
    values = parse_yaml(text, path)
    values = {} if values is None else values
    if not isinstance(values, dict):
        msg = f"{path} must hold lines such as 'k: 8', one parameter a line"
        raise CrosscityError(msg)
    values = check_parameters(values, path)
    return values | {name: _found_beside(values[name], path.parent) for name in FILES}


def _found_beside(named, folder):
    """The path of a file that a parameter names, if it is there counted from the folder; else as it was given.

    One within the suite's folder stays relative to that, so that what records of a run hold is the same everywhere.
    """
    try:
        if not named or named in _SHIPPED or not (folder / named).exists():
            return named
    except (OSError, ValueError):  # no name that a file could have: what reads it says so
        return named
    found = Path(os.path.abspath(folder / named))  # noqa: PTH100  # links stay as they were given
    return str(found.relative_to(PROJECT) if found.is_relative_to(PROJECT) else found)


def check_parameters(values, where="parameters"):
    """The values with defaults filled in.

    Parameters
    ----------
    values : dict
    where : str or Path
        For error messages.

    Raises
    ------
    CrosscityError
    """
    problems = []
    for name, value in values.items():
        if name not in PARAMETERS:
            close = difflib.get_close_matches(str(name)[:_SHOWN], PARAMETERS, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(PARAMETERS)}"
            problems.append(f"{where}: there is no parameter {str(name)[:_SHOWN]!r}: {hint}")
        elif (problem := _problem(PARAMETERS[name], value)) is not None:
            shown = repr(value)
            shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]} ... ({len(shown):,} characters)"
            problems.append(f"{where}: {name} is {shown}; {problem}")
    if problems:
        raise combined_error(problems)
    filled = copy.deepcopy({name: p.default for name, p in PARAMETERS.items()} | values)
    return {name: float(v) if isinstance(PARAMETERS[name].default, float) else v for name, v in filled.items()}


def _problem(parameter, value):
    default = parameter.default
    if isinstance(default, bool):
        return None if isinstance(value, bool) else "give true or false"
    if isinstance(default, list) and default and isinstance(default[0], int):
        one = parameter._replace(default=default[0])
        fits = isinstance(value, list) and value and all(_problem(one, v) is None for v in value)
        if fits and len(set(value)) < len(value):
            return "give each number once"
        return None if fits else f"give whole numbers from {parameter.low} to {parameter.high}, such as {default[:3]}"
    if isinstance(default, int | float):
        whole = isinstance(default, int)
        fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if fits and parameter.low <= value <= parameter.high:
            return None
        return f"give a {'whole ' if whole else ''}number from {parameter.low} to {parameter.high}"
    if isinstance(default, str):
        if isinstance(value, str) and parameter.choices and value not in parameter.choices:
            return f"the choices are {', '.join(parameter.choices)}"
        return None if isinstance(value, str) else "give text; put quotes around it"
    if isinstance(default, list):
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            return "give a list of texts, such as [body, heading]"
        wrong = [v for v in value if parameter.choices and v not in parameter.choices]
        return f"the choices are {', '.join(parameter.choices)}" if wrong or (parameter.choices and not value) else None
    if not isinstance(value, dict) or not all(isinstance(k, str) for k in value):
        return "give columns with the values to keep, such as {genre: news feature}"
    kept = [w for v in value.values() for w in (v if isinstance(v, list) else [v])]
    wrong = [w for w in kept if isinstance(w, bool) or not isinstance(w, str | int | float) or _is_no_number(w)]
    return f"{wrong[0]!r} is neither text nor a number; put quotes around it" if wrong else None


def _is_no_number(value):
    return isinstance(value, float) and not math.isfinite(value)


def named_paths(values, folder=PROJECT):
    """The files and folders that parameters name, as paths.

    Parameters
    ----------
    values : dict
        Parameters, all or some.
    folder : Path
        That of their file: a relative path may come to mean what is put there.
    """
    names = [values[n] for n in FILES if values.get(n) and values[n] not in _SHIPPED]
    return list(dict.fromkeys(root / name for name in names for root in (folder, PROJECT)))


def of_notebook(name, values):
    """The parameters that a notebook (or a step) takes, out of all."""
    return {n: values[n] for n, p in PARAMETERS.items() if name in p.notebooks.split()}
