"""The provenance of a run: its inputs, code, environment and outputs; and the methods paragraph written from it."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import PROJECT, __version__
from ..files import kept_folder, library_files, own_files, write_output
from ..language import current_language, display_name, tr
from ..study import FILES
from ..study.grouped_corpus import GroupedCorpus
from ..tables import read_table
from .build import NOTES
from .pipeline import MANIFEST, NOTEBOOKS_FOLDER, failed_run, notebook_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

METHODS, REFERENCES = "methods.md", "references.bib"
_MODELS = {
    "nmf": ("non-negative matrix factorisation of tf-idf", "lee1999"),
    "minibatch": ("non-negative matrix factorisation of tf-idf in mini-batches", "lee1999"),
    "lda": ("latent Dirichlet allocation", "blei2003"),
    "gibbs": ("latent Dirichlet allocation by Gibbs sampling", "griffiths2004"),
}
_COMPARED = {"doc_id": "document", "unit": "unit within documents", "voice": "voice", "doc_type": "type of document"}
_DOCUMENT = ("doc_id", "file", "sha256", "edition", "n_chars", "n_paragraphs")
_RESOURCES = Path(__file__).with_name("resources")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "PYTHONHASHSEED")


def write_provenance(
    provenance: Mapping[str, Any], reports: Path | str, runs: Sequence[Mapping[str, Any]], pages: Iterable[Path]
) -> list[Path]:
    """Write manifest.json, methods.md and references.bib beside the report.

    Parameters
    ----------
    provenance : dict
        Of `run_provenance`.
    reports : str or Path
        The folder of the report.
    runs : list of dict
        The plan, with out: what the suite made there is an output.
    pages : list of Path
        Pages of the report.

    Returns
    -------
    list of Path
        The files, the manifest last: it has the checksums of the others.
    """
    reports = Path(reports)
    kept = kept_folder(reports)
    text, keys = methods_paragraphs(provenance)
    write_output(reports / METHODS, text, kept)
    write_output(reports / REFERENCES, bibliography(keys), kept)
    own = [*(p for p in pages if p.parent == reports), reports / METHODS, reports / REFERENCES]
    outputs = {"report": {path.name: _sha256(path) for path in own}}
    outputs |= {run["id"]: _outputs(Path(run["out"])) for run in runs}
    manifest = dict(provenance) | {"outputs": outputs}
    write_output(reports / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", kept)
    return [reports / name for name in (METHODS, REFERENCES, MANIFEST)]


def _outputs(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in own_files(folder)}


def run_provenance(
    values: Mapping[str, Any], tables: Path | str, state: Path | str, runs: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Inputs, code and environment of a run, as plain values.

    Parameters
    ----------
    values : dict
        Of `study.read_parameters`.
    tables, state : str or Path
        Folders.
    runs : list of dict
        The plan: id, notebook, parameters.

    Returns
    -------
    dict
        crosscity, code (checksums of library, notebooks and lock; the commit, where there is one, and whether files
        differ from it), platform, packages (by name; those that are not what the lock says once more), environment,
        parameters, lists (checksums of files that parameters name), by, text (whether the tables hold any), notes,
        reading (what was passed over, and other notes on reading the documents), documents (each with the reason why
        it was left out, if it was), tables, runs (each with its parameters; failed, if its notebook did).
    """
    corpus = GroupedCorpus(tables, values)
    documents = read_table("corpus", tables).astype("object").fillna("")
    reasons = dict(zip(corpus.left_out["doc_id"], corpus.left_out["reason"], strict=True))
    sums = (Path(state) / "tables.sha256").read_text(encoding="utf-8").splitlines()
    packages = installed_versions()
    locked = locked_versions()
    return {
        "crosscity": __version__,
        "code": code_version(),
        "platform": _platform(),
        "packages": packages,
        "not_as_locked": {n: f"{v} (locked: {locked[n]})" for n, v in packages.items() if locked.get(n, v) != v},
        "environment": {name: os.environ.get(name, "") for name in _THREADS},
        "parameters": values,
        "lists": named_files(values),
        "by": corpus.by,
        "text": corpus.has_text,
        "notes": corpus.notes,
        "reading": (Path(state) / NOTES).read_text(encoding="utf-8", errors="replace").splitlines(),
        "documents": [
            {**{c: row[c] for c in _DOCUMENT}, "left_out": reasons.get(row["doc_id"], "")}
            for row in documents.to_dict("records")
        ],
        "tables": {name: digest for digest, _, name in (line.partition("  ") for line in sums)},
        "runs": [_notebook_run(run, Path(state)) for run in runs],
    }


def named_files(values: Mapping[str, Any]) -> dict[str, str]:
    """Checksums of what parameters name besides tables, by parameter and file: of a folder, of all files in it."""
    sums: dict[str, str] = {}
    for name in FILES:
        path = PROJECT / (values[name] or "none")
        if not values[name] or not path.exists():
            continue
        files = [path] if path.is_file() else sorted(p for p in path.rglob("[!.]*") if p.is_file())
        for file in files:
            place = Path(file.name) if file == path else file.relative_to(path)
            sums[f"{name}: {place.as_posix()}"] = _sha256(file)
    return sums


def _notebook_run(run: Mapping[str, Any], state: Path) -> dict[str, Any]:
    about = {
        "id": run["id"],
        "notebook": run["notebook"],
        "source": _sha256(notebook_path(run["notebook"])),
        "parameters": {n: v for n, v in run["parameters"].items() if n not in ("tables", "out")},
    }
    return about | ({"failed": True} if failed_run(state, run["id"]).is_file() else {})


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def code_version() -> dict[str, Any]:
    """Checksums of the library, the notebooks and the lock, and the commit."""
    notebooks = sorted(NOTEBOOKS_FOLDER.glob("*.ipynb"))
    parts = {"library": (Path(__file__).parents[1], library_files()), "notebooks": (PROJECT, notebooks)}
    sums = {}
    for name, (root, files) in parts.items():
        lines = "".join(f"{_sha256(p)}  {p.relative_to(root).as_posix()}\n" for p in files)
        sums[name] = hashlib.sha256(lines.encode()).hexdigest()
    locked = PROJECT / "requirements.lock"
    sums["lock"] = _sha256(locked) if locked.is_file() else ""
    return sums | _commit()


def _commit() -> dict[str, Any]:
    """The commit that the checkout stands at, and whether files differ from it; empty without git or a checkout."""
    if not (PROJECT / ".git").exists() or not shutil.which("git"):
        return {"commit": "", "changed": None}

    def git(*arguments: str) -> str:
        command = ["git", *arguments]
        result = subprocess.run(command, cwd=PROJECT, capture_output=True, encoding="utf-8", check=False)
        return result.stdout.strip() if result.returncode == 0 else ""

    return {"commit": git("rev-parse", "HEAD"), "changed": bool(git("status", "--porcelain", "--untracked-files=no"))}


def _platform() -> dict[str, Any]:
    """Python, the system and the numerical libraries: where bytes differ between machines, these are why."""
    from threadpoolctl import threadpool_info

    keys = ("internal_api", "version", "architecture", "num_threads")
    pools = {tuple(str(pool.get(key, "")) for key in keys) for pool in threadpool_info()}
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "machine": platform.machine(),
        "libc": " ".join(platform.libc_ver()).strip(),
        "threads": [dict(zip(keys, pool, strict=True)) for pool in sorted(pools)],
    }


@functools.cache
def locked_versions() -> dict[str, str]:
    """Versions by package that the lock names for this Python and system; empty without a lock."""
    from packaging.markers import Marker

    path = PROJECT / "requirements.lock"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)(?: *;([^\\\n]*))?", text, re.MULTILINE)
    return {name: version for name, version, marker in lines if not marker or Marker(marker).evaluate()}


def installed_versions() -> dict[str, str]:
    """Versions by package, of those in the lock that are installed."""
    versions = {}
    for name in locked_versions():
        with contextlib.suppress(PackageNotFoundError):  # for another system, or an extra
            versions[name] = version(name)
    return versions


def methods_paragraphs(provenance: Mapping[str, Any], style: str = "pandoc") -> tuple[str, list[str]]:
    """The methods section of a run, in its language.

    Parameters
    ----------
    provenance : dict
        Of `run_provenance`.
    style : str
        Of its citations: pandoc ([@lee1999]) or words (Lee and Seung 1999).

    Returns
    -------
    (str, list of str)
        The text, and the keys that it cites.
    """
    from jinja2 import Environment, StrictUndefined

    keys: list[str] = []
    known = references()

    def cite(*names: str) -> str:
        keys.extend(names)
        if style == "pandoc":
            return "[" + "; ".join(f"@{name}" for name in names) + "]"
        return tr(" ({said})", said=tr("; ").join(known[name][0] for name in names)).strip()

    environment = Environment(trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    name = METHODS if current_language() == "en" else METHODS.replace(".", f"-{current_language()}.")
    documents = provenance["documents"]
    part = [d for d in documents if not d["left_out"]]
    text = environment.from_string((_RESOURCES / name).read_text(encoding="utf-8")).render(
        part=part,
        left=[d for d in documents if d["left_out"]],
        restated=[d for d in part if d["edition"] == "restated"],
        invented=[d for d in part if d["edition"] == "invented"],
        compared=display_name("compared", _COMPARED.get(provenance["by"], provenance["by"])),
        text=provenance["text"],
        p=provenance["parameters"],
        notebooks={run["notebook"] for run in provenance["runs"]},
        models=_MODELS,
        version=provenance["crosscity"],
        python=provenance["platform"]["python"],
        cite=cite,
        called=display_name,
    )
    paragraphs = (re.sub("(?<=[。；]) ", "", " ".join(part.split())) for part in text.split("\n\n"))
    return "\n\n".join(p for p in paragraphs if p) + "\n", sorted(set(keys))


@functools.cache
def references() -> dict[str, tuple[str, str]]:
    """What can be cited, by key: author and year in words, and the BibTeX entry."""
    text = (_RESOURCES / REFERENCES).read_text(encoding="utf-8")
    entries = {}
    for entry in re.findall(r"^@.*$", text, re.MULTILINE):
        key, authors, year = re.findall(r"@\w+\{([^,]+), author = \{(.*?)\}, title.*year = \{([0-9]+)", entry)[0]
        names = [_surname(name) for name in authors.split(" and ")]
        who = " and ".join(names) if len(names) <= 2 else f"{names[0]} et al."
        entries[key] = (f"{who} {year}", entry)
    return entries


def _surname(name: str) -> str:
    plain = re.sub(r"[{}]|\\.", "", name)
    return plain.partition(",")[0]


def bibliography(keys: Iterable[str]) -> str:
    """BibTeX entries of some keys."""
    known = references()
    return "".join(f"{known[key][1]}\n" for key in keys)
