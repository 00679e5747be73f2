"""An edition without text: tables that hold no sentence, from which notebooks run where the documents may not go.

In the manner of the extracted features that libraries give of texts in copyright (Jett et al. 2020): words of each
paragraph with their counts, in no order; facts without their sentences; and what only the text could tell (which words
are the genre's template, which passages two documents share), found before and kept. A folder of CSV files with
edition.json, which takes the place of a corpus: `crosscity build` and `make CORPUS=folder` make tables of it, in which
every character of text is withheld.
"""

import hashlib
import io
import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import CrosscityError, __version__
from ..files import frame_text, restored, whole_folder
from ..withholding import broken_up
from .contract import EDITION, FACTS, OF_TEXT, TABLES, WITHHELD, contract, validate
from .store import Writer, read_table

FORMAT = 1

_WHERE = ["doc_id", "paragraph"]
_SPAN = dict.fromkeys(["paragraph", "start", "end"], int)
_SHARED = ("length", "similarity", "references", "kinds")


class Found(NamedTuple):
    """A part of an edition that was found in the text: by which parameters, and the types of what is not text in it."""

    needs: tuple
    types: dict
    whole: bool = False  # found in all documents at once, so that none can be left out of it


FOUND = {
    "left-out": Found(("template", "kinds"), {"paragraph": int, "formulas": int, "template": int}),
    "occurrences": Found(("kinds",), {"paragraph": int, "count": int}),
    "indicators": Found((), {**_SPAN, "value": float, "upper": float, "year": "Int64", "derived": bool}),
    "arithmetic": Found((), _SPAN | dict.fromkeys(["implied", "low", "high", "stated"], float)),
    "answers": Found(("questions",), {**_SPAN, "nth": int, "score": int}),
    "matches": Found(
        _SHARED,
        {**_SPAN, **{f"other_{c}": int for c in _SPAN}, "match": int, "similarity": float, "exact": bool},
        whole=True,
    ),
    "passages": Found(
        _SHARED,
        _SPAN | dict.fromkeys(["passage", "place", "documents", "references", "characters"], int),
        whole=True,
    ),
}


def is_edition(folder):
    """Whether a folder holds an edition without text, in place of documents."""
    return (Path(folder) / EDITION).is_file()


def has_text(tables):
    """Whether the tables of a folder hold the text of the documents."""
    return not (Path(tables) / OF_TEXT).is_dir()


def export(tables, out, derived=True, parameters=None):
    """Write the tables of a folder as CSV; derived, as an edition without text.

    Parameters
    ----------
    tables, out : str or Path
        Folder of the tables; folder for the CSV files, which is made anew.
    derived : bool
        Whether what holds text is withheld.
    parameters : dict, optional
        Of `parameters.read_parameters`: by which the found parts are found, and which documents take part.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    CrosscityError
        If a table is absent, or the folder for the files holds something else.
    """
    out = Path(out)
    if derived and not has_text(tables):
        msg = f"{tables} are of an edition without text already: export the tables of the documents"
        raise CrosscityError(msg)
    if out.exists() and not is_edition(out) and (not out.is_dir() or any(out.iterdir())):
        msg = f"{out} is there and no export: give a folder that is empty, or not there"
        raise CrosscityError(msg)
    if out.exists() and (others := sorted({path.name for path in out.iterdir()} - _written(out))):
        msg = f"{out} holds {others[0]!r}, which no export wrote and a new one would remove: move it away"
        raise CrosscityError(msg)
    frames = {name: read_table(name, tables) for name in TABLES}
    about = {"format": FORMAT, "crosscity": __version__, "derived": derived}
    if derived:
        found, about["parameters"] = _found(tables, parameters)
        frames = broken_up(_without_text(frames) | found, _wholes(frames))
    texts = {f"{name}.csv": _to_csv(frame) for name, frame in frames.items()}
    about["files"] = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    texts[EDITION] = json.dumps(about, ensure_ascii=False, indent=1) + "\n"
    return _put(out, texts)


def _written(folder):
    """Names of the files that an export wrote into a folder."""
    try:
        return {EDITION, *json.loads((folder / EDITION).read_text(encoding="utf-8"))["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {EDITION}


def _put(out, texts):
    """A folder with these files and no others, there as a whole or not at all."""
    with whole_folder(out) as partial:
        for name, text in texts.items():
            (partial / name).write_bytes(text.encode())
    return [out / name for name in texts]


def _without_text(frames):
    """The tables with nothing in them that is a sentence, or the order of words."""
    paragraphs, log = frames["paragraphs"], frames["cleaning_log"]
    section = paragraphs.groupby("doc_id", sort=False)["section"].transform(_numbered)
    tokens = frames["tokens"].explode("tokens").dropna(subset="tokens")
    counts = tokens.groupby([*_WHERE, "tokens"], sort=False).size().rename("count").reset_index()
    counts = counts.rename(columns={"tokens": "term"}).sort_values([*_WHERE, "term"], kind="stable")
    lengths = {f"n_{side}": log[side].str.len() for side in ("before", "after")}
    parts = frames["programmes"]["components"].map(sorted)
    return {
        **{name: frames[name] for name in ("corpus", *FACTS)},
        "programmes": frames["programmes"].assign(components=parts),
        "paragraphs": paragraphs.assign(section=section, n_chars=paragraphs["text"].str.len()).drop(columns="text"),
        "counts": counts,
        "cleaning_log": log.assign(**lengths).drop(columns=["before", "after"]),
    }


def _wholes(frames):
    """The text of each document, with the lines that cleaning dropped."""
    log = frames["cleaning_log"]
    dropped = log[log["rule"].str.startswith("furniture")].rename(columns={"before": "text"})
    lines = pd.concat([table[["doc_id", "line", "text"]] for table in (frames["paragraphs"], dropped)])
    lines = lines.sort_values(["doc_id", "line"], kind="stable")
    return lines.groupby("doc_id", sort=False)["text"].agg("".join)


def _numbered(sections):
    """Paths of headings as numbers, in the order of the text: 1, 1.2 ..."""
    numbers: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for path in dict.fromkeys(sections):
        at = ""
        steps = path.split(" / ") if path else []
        for i in range(len(steps)):
            whole = " / ".join(steps[: i + 1])
            if whole not in numbers:
                seen[at] += 1
                numbers[whole] = f"{at}.{seen[at]}" if at else str(seen[at])
            at = numbers[whole]
    return sections.map(lambda path: numbers.get(path, ""))


def _found(tables, parameters):
    """What only the text tells, by the name of its part, and the parameters by which it was found."""
    from ..compare import arithmetic, indicators, milestones, questions, systems
    from ..notebook import PROJECT, Run
    from ..parameters import check_parameters
    from ..words import formulaic, reuse

    values = dict(check_parameters({}) if parameters is None else parameters)
    values |= {name: str(PROJECT / values[name]) for name in ("references", "questions") if values[name]}  # as `begin`
    run = Run("export", tables, None, values)
    whole = run.paragraphs()
    facts = run.facts(whole)
    own = whole[whole["kind"].isin(values["kinds"])].reset_index(drop=True)
    body = whole[whole["kind"] == "body"].reset_index(drop=True)
    formulas = formulaic.formulas(own["tokens"], own["doc_id"], values["template"] or 1.1)[1]
    masks = {"formulas": formulas, "template": reuse.template_words(own, run.corpus, values["template"])}
    words = own[[*_WHERE, "tokens"]].explode("tokens").dropna(subset="tokens").rename(columns={"tokens": "term"})
    words = words.assign(**masks).groupby([*_WHERE, "term"])[list(masks)].sum().reset_index()
    texts, corpus, references = run.with_references(own)
    pairs = reuse.matches(texts, references, values["length"], values["similarity"])
    places = reuse.passages(pairs, texts, corpus, references)
    asked = questions.of_run(values["questions"], run.corpus)
    found = {
        "left-out": words[words[list(masks)].any(axis=1)],
        "occurrences": milestones.occurrences(own, [t for of in milestones.read_milestones()["terms"] for t in of]),
        "indicators": _cued(indicators.indicators(facts["quantities"], whole, run.corpus)),
        "arithmetic": arithmetic.implied(facts["quantities"], whole),
        "answers": systems.answers(
            body, facts["themes"], facts["stances"], facts["quantities"], facts["programmes"], run.corpus, asked
        ),
        "matches": pairs,
        "passages": places.assign(characters=places["text"].str.len()).drop(columns="text"),
    }
    names = sorted({name for part in FOUND.values() for name in part.needs})
    about = {name: _setting(name, values[name]) for name in names} | {"documents": sorted(run.corpus["doc_id"])}
    return found, about


def _setting(name, value):
    """A parameter as an edition keeps it: a checksum in place of a path, which says much and is nobody else's."""
    if name == "references" and value:
        documents = read_table("corpus", value)[["doc_id", "sha256", "exclude"]].sort_values("doc_id")
        return hashlib.sha256(_to_csv(documents).encode()).hexdigest()
    if name == "questions" and value:
        path = Path(value)
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else path.name
    return value


def as_csv(name, tables):
    """A table of a folder as CSV: lists as JSON."""
    return _to_csv(read_table(name, tables))


def _cued(table):
    """Of each sentence its place, as paragraph and number, and the cues by which results and targets are told apart."""
    from ..compare.targets import CUES

    number = table.groupby(_WHERE)["sentence"].transform(lambda texts: pd.factorize(texts)[0] + 1)
    cues = table["sentence"].str.findall(CUES).str.join(" ")
    place = table["paragraph"].astype(str) + "." + number.astype(str)
    return table.assign(sentence=(place + " " + cues).str.strip())


def _to_csv(frame):
    lists = {c: frame[c].map(_as_json) for c in ("tokens", "components") if c in frame}
    return frame_text(frame.assign(**lists), _exact)


def _exact(value):
    """A number in ten digits where these are all of it (5 for 5.0), else in as many as give it again."""
    short = f"{value:.10g}"
    return short if float(short) == value else repr(float(value))


def _as_json(values):
    return json.dumps(list(values), ensure_ascii=False)


def load(folder, out):
    """Make the tables of an edition without text; what was found in the text stands beside them.

    Parameters
    ----------
    folder, out : str or Path
        The edition; the folder for the tables.

    Returns
    -------
    changed : list of str
        The tables whose content differs from what stood there.
    notes : list of str

    Raises
    ------
    CrosscityError
        If a file is absent or not the one that was exported, or breaks the contract; then no table is touched.
    """
    folder, out = Path(folder), Path(out)
    about = _about(folder)
    read = {name: _read(folder, name, about) for name in (*(t for t in TABLES if t != "tokens"), "counts", *FOUND)}
    n = read["paragraphs"].pop("n_chars").astype(int)
    read["paragraphs"]["text"] = [WITHHELD * size for size in n]
    for side in ("before", "after"):
        read["cleaning_log"][side] = [WITHHELD * int(n) for n in read["cleaning_log"].pop(f"n_{side}")]
    counts = read.pop("counts").astype({"count": int})
    words = (
        counts["term"].repeat(counts["count"]).groupby([counts[c].repeat(counts["count"]) for c in _WHERE]).agg(list)
    )
    keys = pd.MultiIndex.from_frame(read["paragraphs"][_WHERE])
    tokens = [of if isinstance(of, list) else [] for of in words.reindex(keys)]
    read["tokens"] = read["paragraphs"][_WHERE].assign(tokens=tokens)
    programmes = read["programmes"]
    parts = pd.Series(list(map(json.loads, programmes["components"])), dtype=object)
    read["programmes"] = programmes.assign(components=parts)
    tables = {name: _typed(name, read[name], folder) for name in TABLES}
    with Writer(out, TABLES) as writer:
        for name, table in tables.items():
            writer.write(name, table)
        changed = writer.commit()
    kept = {f"{name}.csv": (folder / f"{name}.csv").read_bytes().decode() for name in FOUND}
    _put(out / OF_TEXT, kept | {EDITION: (folder / EDITION).read_bytes().decode()})
    note = "an edition without text: what shows or reads text is left out"
    return changed, [note]


def _about(folder):
    try:
        about = json.loads((folder / EDITION).read_text(encoding="utf-8"))
        files, number = about["files"], about["format"]
    except (OSError, ValueError, KeyError, TypeError):
        msg = f"{folder / EDITION} is no description of an edition: export it again"
        raise CrosscityError(msg) from None
    if number != FORMAT or not about.get("derived") or not isinstance(files, dict):
        msg = f"{folder / EDITION} is of no edition that this version reads (derived, format {FORMAT}): export it again"
        raise CrosscityError(msg)
    return about


def _read(folder, name, about):
    path = folder / f"{name}.csv"
    try:
        data = path.read_bytes()
    except OSError:
        msg = f"{path} is not there: an edition is whole only with it; get it again"
        raise CrosscityError(msg) from None
    if hashlib.sha256(data).hexdigest() != about["files"].get(path.name):
        msg = f"{path} is not the file that was exported (its SHA-256 is another than in {EDITION}): get it again"
        raise CrosscityError(msg)
    return pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False).map(restored).rename(columns=restored)


def _typed(name, frame, folder):
    """A table of text as one in the types of the contract."""
    made = {}
    for column in frame:
        told = contract()[name].get(column)
        kind = str(told.type) if told else "string"
        if kind in ("int64", "double"):
            numbers = pd.to_numeric(frame[column].replace("", None), errors="coerce")
            made[column] = numbers.astype("Int64" if kind == "int64" else float)
        else:
            made[column] = frame[column]
    return validate(name, pd.DataFrame(made), folder / f"{name}.csv")


def found(tables, name, documents, values):
    """What was found in the text of an edition, by its name in `FOUND`.

    Parameters
    ----------
    tables : str or Path
        The folder of its tables.
    name : str
    documents : collection of str
        The documents that take part.
    values : dict
        Parameters of the run.

    Returns
    -------
    DataFrame
        As the function that found it gives it, but for withheld text.

    Raises
    ------
    CrosscityError
        If it was found by other parameters, without one of the documents, or of passages in others besides: without
        the text, that is all there is.
    """
    folder = Path(tables) / OF_TEXT
    about, part = _about(folder), FOUND[name]
    for need in part.needs:
        if need in values and _setting(need, values[need]) != about["parameters"][need]:
            msg = f"{need} is {values[need]!r}, but these tables hold no text, and {name} was found with "
            msg += f"{about['parameters'][need]!r}: set that, or use the documents"
            raise CrosscityError(msg)
    if part.whole and sorted(documents) != about["parameters"]["documents"]:
        msg = f"these tables hold no text, and {name} was found in all their documents: let all take part, or use the "
        msg += "documents"
        raise CrosscityError(msg)
    if unknown := sorted(set(documents) - set(about["parameters"]["documents"])):
        msg = f"these tables hold no text, and {name} was found without {unknown[0]!r}, which did not take part when "
        msg += "they were exported: leave it out (only), or use the documents"
        raise CrosscityError(msg)
    table = _read(folder, name, about)
    for column, kind in part.types.items():
        cells = table[column]
        table[column] = cells == "True" if kind is bool else pd.to_numeric(cells.replace("", None)).astype(kind)
    if "characters" in table:
        table["text"] = pd.Series([WITHHELD * n for n in table["characters"]], dtype=str)
    return table if part.whole else table[table["doc_id"].isin(set(documents))].reset_index(drop=True)


def shown(table):
    """A table without the columns that hold nothing but withheld text."""
    texts = [c for c in table if table[c].map(lambda value: isinstance(value, str)).any()]
    return table.drop(
        columns=[c for c in texts if table[c].any() and not table[c].astype(str).str.strip(WITHHELD).any()]
    )


def left_out(paragraphs, table, column):
    """Which words of an edition's paragraphs are left out: the mask that `words.formulaic.without` takes.

    Parameters
    ----------
    paragraphs : DataFrame
        Columns doc_id, paragraph, tokens (in the order of an edition: by name).
    table : DataFrame
        The part left-out of `found`.
    column : str
        formulas or template.

    Returns
    -------
    ndarray of bool, shape (n_tokens,)
    """
    many = {key[:3]: key[3] for key in table[[*_WHERE, "term", column]].itertuples(index=False, name=None)}
    mask = []
    for doc_id, number, tokens in paragraphs[[*_WHERE, "tokens"]].itertuples(index=False, name=None):
        seen: Counter[str] = Counter()
        for term in tokens:
            seen[term] += 1
            mask.append(seen[term] <= many.get((doc_id, number, term), 0))
    return np.array(mask, dtype=bool)
