import hashlib
import json
from collections import Counter
from pathlib import Path

import pandas as pd

from .. import CrosscityError, __version__
from ..tables import EDITION, FACTS, TABLES, read_table
from ..tables.edition import _WHERE, FORMAT, FOUND, _put, _setting, _to_csv, has_text, is_edition
from .redaction import broken_up


def export(tables, out, derived=True, parameters=None):
    """Write the tables of a folder as CSV; derived, as an edition without text.

    Parameters
    ----------
    tables, out : str or Path
        Folder of the tables; folder for the CSV files, which is made anew.
    derived : bool
        Whether what holds text is withheld.
    parameters : dict, optional
        Of `study.parameters.read_parameters`: by which the found parts are found, and which documents take part.

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
    from .. import PROJECT
    from ..compare import answers, arithmetic, indicators, milestones, questions
    from ..study import check_parameters
    from ..study.run import Run
    from ..words import formulaic, reuse

    values = dict(check_parameters({}) if parameters is None else parameters)
    values |= {name: str(PROJECT / values[name]) for name in ("references", "questions") if values[name]}  # as `begin`
    run = Run("export", tables, None, values)
    whole = run.paragraphs()
    facts = run.facts(whole)
    own = whole[whole["kind"].isin(values["kinds"])].reset_index(drop=True)
    body = whole[whole["kind"] == "body"].reset_index(drop=True)
    formulas = formulaic.formulas(own["tokens"], own["doc_id"], values["template"] or 1.1)[1]
    masks = {"formulas": formulas, "template": reuse.template_mask(own, run.corpus, values["template"])}
    words = own[[*_WHERE, "tokens"]].explode("tokens").dropna(subset="tokens").rename(columns={"tokens": "term"})
    words = words.assign(**masks).groupby([*_WHERE, "term"])[list(masks)].sum().reset_index()
    texts, corpus, references = run.with_references(own)
    pairs = reuse.matches(texts, references, values["length"], values["similarity"])
    places = reuse.passages(pairs, texts, corpus, references)
    asked = questions.choose_questions(values["questions"], run.corpus)
    found = {
        "left-out": words[words[list(masks)].any(axis=1)],
        "occurrences": milestones.occurrences(own, [t for of in milestones.read_milestones()["terms"] for t in of]),
        "indicators": _cued(indicators.indicators(facts["quantities"], whole, run.corpus)),
        "arithmetic": arithmetic.implied_values(facts["quantities"], whole),
        "answers": answers.find_answers(
            body, facts["themes"], facts["stances"], facts["quantities"], facts["programmes"], run.corpus, asked
        ),
        "matches": pairs,
        "passages": places.assign(characters=places["text"].str.len()).drop(columns="text"),
    }
    names = sorted({name for part in FOUND.values() for name in part.needs})
    about = {name: _setting(name, values[name]) for name in names} | {"documents": sorted(run.corpus["doc_id"])}
    return found, about


def _cued(table):
    """Of each sentence its place, as paragraph and number, and the cues by which results and targets are told apart."""
    from ..compare.targets import CUES

    number = table.groupby(_WHERE)["sentence"].transform(lambda texts: pd.factorize(texts)[0] + 1)
    cues = table["sentence"].str.findall(CUES).str.join(" ")
    place = table["paragraph"].astype(str) + "." + number.astype(str)
    return table.assign(sentence=(place + " " + cues).str.strip())
