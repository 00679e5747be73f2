"""The parameters of a run, their types and limits, and how a file of parameters is read."""

from __future__ import annotations

import copy
import difflib
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import PROJECT, CrosscityError, combined_error

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_QUOTED = 200  # characters of a wrong value in a message
_LARGE = 1000  # paragraphs


class Parameter(NamedTuple):
    """One parameter: its default also fixes its type."""

    default: Any
    notebooks: str  # names of the notebooks that take it, with spaces; "build" and "plan" for those steps
    description: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


_COMPARED = "04-compare 05-profile 06-pair"
_WORDS = f"02-terms 03-topics {_COMPARED} 09-robustness"
_ALL = f"01-corpus {_WORDS} 07-shared-text 08-facts explore"
PARAMETERS = {
    "by": Parameter(
        "auto",
        _ALL,
        "what is compared: city, province, year, voice, unit, genre or a column of corpus; auto: first that differs",
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
    "variants": Parameter(
        "apart",
        f"02-terms 03-topics {_COMPARED} explore",
        "words that say the same (党建, 基层党建; words/resources/variants.tsv): counted apart, as which is used is "
        "wording too, or together",
        choices=("apart", "together"),
    ),
    "stopwords": Parameter("", f"{_WORDS} explore", "a file of further stop words, one a line"),
    "k": Parameter(
        0, "03-topics 09-robustness", "number of topics; 0: chosen from ks by the rule of quality.pick", 0, 100
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
        "03-topics 08-facts explore build",
        "themes: a file, party, report, policy or none; empty: what fits each document, or most of a few beside topics",
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
    "match": Parameter(
        ["genre", "doc_type", "year", "level", "n_chars"],
        "04-compare",
        "columns of corpus in which groups are made alike before they are compared; years by five, n_chars by "
        "doublings",
    ),
    "baseline": Parameter(
        "auto",
        "04-compare",
        "the large corpus whose words are compared with these documents'; auto: that of their level, for work reports",
        choices=("auto", "city-reports-2024", "province-reports-2026", "national-reports"),
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
        "questions put to documents: a file, party, policy or report; empty: those that fit the documents",
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
    "read_seconds": Parameter(
        60,
        "build",
        "seconds of processor time that reading one file may take; one that takes more is left out",
        1,
        86_400,
    ),
    "read_memory": Parameter(
        2000, "build", "megabytes of memory that reading one file may take, else it is left out", 50, 10**6
    ),
}

# Parameters that name what is read besides tables.
FILES = ("stopwords", "dictionary", "codebook", "labels", "answers", "references", "questions", "coding")
SHIPPED = ("none", "party", "report", "policy")  # what takes the place of a file, whatever stands in the folder


def read_parameters(path: Path | str) -> dict[str, Any]:
    """Parameters of a YAML file, with defaults for those that it leaves out; see `own_values` for errors.

    A relative path among them counts from the folder of the file if what it names is there, else from the suite's
    folder, as it does in notebooks.
    """
    path = Path(path)
    values = own_values(path)
    return values | {name: _resolve_path(values[name], path.parent) for name in FILES}


def own_values(path: Path | str) -> dict[str, Any]:
    """Parameters of a YAML file with defaults, and with names of files as they stand there.

    Raises
    ------
    CrosscityError
        If the file is absent or no YAML mapping, or names an unknown parameter or a value of the wrong type or range;
        all of these at once.
    """
    from ..documents import decode
    from ..files import parse_yaml

    path = Path(path)
    if not path.is_file():
        msg = f"{path} is not there: give a file of parameters, such as PARAMS=params/default.yaml"
        raise CrosscityError(msg)
    data = path.read_bytes()
    values = parse_yaml(decode(data, path)[0], path) if data.strip() else None
    values = {} if values is None else values
    if not isinstance(values, dict):
        msg = f"{path} must hold lines such as 'k: 8', one parameter a line"
        raise CrosscityError(msg)
    return check_parameters(values, path)


def _resolve_path(name: str, folder: Path) -> str:
    """The path of a file that a parameter names, if it exists relative to the folder; else the name itself.

    One within the suite's folder stays relative to that, so that the manifest of a run is the same everywhere.
    """
    try:
        if not name or name in SHIPPED or not (folder / name).exists():
            return name
    except (OSError, ValueError):  # no name that a file could have: what reads it says so
        return name
    path = Path(os.path.abspath(folder / name))  # noqa: PTH100  # links stay as they were given
    return str(path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path)


def check_parameters(values: Mapping[str, Any], where: Path | str = "parameters") -> dict[str, Any]:
    """The values with defaults filled in.

    Parameters
    ----------
    values : dict
    where : str or Path
        What messages call their source.

    Raises
    ------
    CrosscityError
        If a parameter is unknown, or its value of the wrong type or range; all of these at once.
    """
    problems = []
    for name, value in values.items():
        if name not in PARAMETERS:
            close = difflib.get_close_matches(str(name)[:_MOST_QUOTED], PARAMETERS, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(PARAMETERS)}"
            problems.append(f"{where}: there is no parameter {str(name)[:_MOST_QUOTED]!r}: {hint}")
        elif (problem := _problem(PARAMETERS[name], value)) is not None:
            problems.append(f"{where}: {name} is {_quoted(value)}; {problem}")
    if problems:
        raise combined_error(problems)
    filled = copy.deepcopy({name: p.default for name, p in PARAMETERS.items()} | dict(values))
    return {name: float(v) if isinstance(PARAMETERS[name].default, float) else v for name, v in filled.items()}


def _quoted(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _MOST_QUOTED else f"{text[:_MOST_QUOTED]} ... ({len(text):,} characters)"


def _problem(parameter: Parameter, value: object) -> str | None:
    """What is wrong with the value of a parameter, and what to give instead; None if nothing is."""
    default = parameter.default
    if isinstance(default, bool):
        return None if isinstance(value, bool) else "give true or false"
    if isinstance(default, int | float):
        return _problem_of_number(parameter, value)
    if isinstance(default, str):
        if not isinstance(value, str):
            return "give text; put quotes around it"
        if parameter.choices and value not in parameter.choices:
            return f"the choices are {', '.join(parameter.choices)}"
        return None
    if isinstance(default, list):
        numbers = bool(default) and isinstance(default[0], int)
        return _problem_of_numbers(parameter, value) if numbers else _problem_of_texts(parameter, value)
    return _problem_of_selection(value)


def _problem_of_number(parameter: Parameter, value: object) -> str | None:
    whole = isinstance(parameter.default, int)
    fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if fits and parameter.low <= value <= parameter.high:  # type: ignore[operator]  # a number has limits
        return None
    return f"give a {'whole ' if whole else ''}number from {parameter.low} to {parameter.high}"


def _problem_of_numbers(parameter: Parameter, value: object) -> str | None:
    single = parameter._replace(default=parameter.default[0])
    if not isinstance(value, list) or not value or any(_problem(single, v) is not None for v in value):
        return f"give whole numbers from {parameter.low} to {parameter.high}, such as {parameter.default[:3]}"
    return "give each number once" if len(set(value)) < len(value) else None


def _problem_of_texts(parameter: Parameter, value: object) -> str | None:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        return "give a list of texts, such as [body, heading]"
    if parameter.choices and not (value and set(value) <= set(parameter.choices)):
        return f"the choices are {', '.join(parameter.choices)}"
    return None


def _problem_of_selection(value: object) -> str | None:
    if not isinstance(value, dict) or not all(isinstance(column, str) for column in value):
        return "give columns with the values to keep, such as {genre: news feature}"
    cells = [cell for v in value.values() for cell in (v if isinstance(v, list) else [v])]
    wrong = [c for c in cells if isinstance(c, bool) or not isinstance(c, str | int | float) or _is_infinite(c)]
    return f"{wrong[0]!r} is neither text nor a number; put quotes around it" if wrong else None


def _is_infinite(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def named_paths(values: Mapping[str, Any], folder: Path = PROJECT) -> list[Path]:
    """The files and folders that parameters name.

    Parameters
    ----------
    values : dict
        Parameters, all or some.
    folder : Path
        That of their file: a relative path may come to mean what is put there.
    """
    names = [values[n] for n in FILES if values.get(n) and values[n] not in SHIPPED]
    return list(dict.fromkeys(root / name for name in names for root in (folder, PROJECT)))


def parameter_names(notebook: str) -> list[str]:
    """Names of the parameters that a notebook (or a step: build, plan) takes."""
    return [name for name, parameter in PARAMETERS.items() if notebook in parameter.notebooks.split()]


def notebook_parameters(notebook: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that a notebook (or a step) takes, out of all."""
    return {name: values[name] for name in parameter_names(notebook)}


def default_max_df(n_paragraphs: int) -> float:
    """The largest share of paragraphs that may hold a term of a topic model, where max_df is 0.

    In a large corpus of one genre the words of every document tell topics no more apart than stop words do.
    """
    return 0.06 if n_paragraphs >= _LARGE else 0.3
