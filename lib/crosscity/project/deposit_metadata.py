"""What describes a deposit to machines: an RO-Crate of the run, codemeta.json, CITATION.cff, .zenodo.json."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from .. import PROJECT
from ..files import parse_yaml
from ..language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CRATE, CODEMETA, CITATION, ZENODO = "ro-crate-metadata.json", "codemeta.json", "CITATION.cff", ".zenodo.json"
_CRATE_VERSION = "https://w3id.org/ro/crate/1.1"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_MIT = "https://spdx.org/licenses/MIT"
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f%#?\"<>\\^`{|}\[\]]")
_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".bib": "application/x-bibtex",
    ".ipynb": "application/x-ipynb+json",
    ".yaml": "application/yaml",
    ".cff": "application/yaml",
    ".lock": "text/plain",
    ".toml": "application/toml",
}


class Description(NamedTuple):
    """What a deposit says of itself.

    Attributes
    ----------
    title, summary : str
    authors : tuple of (str, str, str)
        Family name, given name, ORCID.
    date : str
        Of publication: 2026-12-31.
    licence : str
        Of tables and figures, by its SPDX identifier.
    rights : str
        What is said of the documents, in a sentence.
    """

    title: str
    summary: str
    authors: tuple[tuple[str, str, str], ...]
    date: str
    licence: str
    rights: str


def _names(author: tuple[str, str, str]) -> str:
    return ", ".join(part for part in author[:2] if part)


def citation(about: Description) -> str:
    """CITATION.cff of a deposit."""
    authors = []
    for family, given, orcid in about.authors:
        author = {"family-names": family, "given-names": given} if given else {"name": family}
        if orcid:
            author["orcid"] = f"https://orcid.org/{orcid}"
        authors.append(author)
    suite = _suite()
    software = {key: suite[key] for key in ("title", "authors", "version", "license") if key in suite}
    content: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them as below.",
        "type": "dataset",
        "title": about.title,
        "abstract": about.summary,
        "authors": authors,
        "date-released": about.date,
        "license": about.licence,
        "references": [{"type": "software", **software}],
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)


def _suite() -> dict[str, Any]:
    """What the suite's own CITATION.cff says."""
    path = PROJECT / CITATION
    return parse_yaml(path.read_text(encoding="utf-8"), path)


def codemeta(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """codemeta.json: the software of a run, and what it requires in which version."""
    suite = _suite()
    about = {
        "@context": "https://doi.org/10.5063/schema/codemeta-2.0",
        "@type": "SoftwareSourceCode",
        "name": "crosscity",
        "description": " ".join(str(suite["abstract"]).split()),
        "version": manifest["crosscity"],
        "license": _MIT,
        "author": [{"@type": "Organization", "name": author["name"]} for author in suite["authors"]],
        "dateModified": str(suite["date-released"]),
        "keywords": suite["keywords"],
        "programmingLanguage": {"@type": "ComputerLanguage", "name": "Python", "url": "https://www.python.org"},
        "runtimePlatform": f"{manifest['platform']['implementation']} {manifest['platform']['python']}",
        "operatingSystem": f"{manifest['platform']['system']} {manifest['platform']['machine']}",
        "softwareRequirements": [
            {"@type": "SoftwareApplication", "name": name, "version": version}
            for name, version in manifest["packages"].items()
        ],
    }
    commit = manifest["code"].get("commit")
    return about | ({"identifier": commit} if commit else {})


def zenodo(about: Description) -> dict[str, Any]:
    """.zenodo.json: what Zenodo fills its form with."""
    creators = [{"name": _names(a)} | ({"orcid": a[2]} if a[2] else {}) for a in about.authors]
    return {
        "upload_type": "dataset",
        "title": about.title,
        "description": f"<p>{html.escape(about.summary)}</p><p>{html.escape(about.rights)}</p>",
        "creators": creators,
        "publication_date": about.date,
        "access_right": "open",
        "license": about.licence.lower(),
        "keywords": list(_suite()["keywords"]),
    }


class Action(NamedTuple):
    """A notebook's run as the crate has it: with what went in, and what came out.

    Attributes
    ----------
    identity, name, description, instrument : str
        The run; what it is called; what it was; the notebook.
    objects, results : tuple of str
        Files and folders, by their place in the deposit.
    """

    identity: str
    name: str
    description: str
    instrument: str
    objects: tuple[str, ...]
    results: tuple[str, ...]


def crate(
    about: Description,
    manifest: Mapping[str, Any],
    sizes: Mapping[str, int],
    folders: Mapping[str, str],
    actions: Sequence[Action],
) -> dict[str, Any]:
    """ro-crate-metadata.json: RO-Crate 1.1, by the profile Process Run Crate.

    Parameters
    ----------
    about : Description
    manifest : dict
        The record of the run.
    sizes : dict of int
        Bytes of the files that it describes, by their place in the deposit.
    folders : dict of str
        What the folders among them hold, by their place, each with a stroke at its end.
    actions : sequence of Action
    """
    licence = f"https://spdx.org/licenses/{about.licence}"
    people = [
        f"https://orcid.org/{author[2]}" if author[2] else f"#author-{n}" for n, author in enumerate(about.authors, 1)
    ]
    instruments = {action.instrument for action in actions}
    entities: list[dict[str, Any]] = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": _CRATE_VERSION},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "conformsTo": {"@id": _PROFILE},
            "name": about.title,
            "description": about.summary,
            "datePublished": about.date,
            "license": {"@id": licence},
            "author": [{"@id": person} for person in people] if len(people) > 1 else {"@id": people[0]},
            "conditionsOfAccess": about.rights,
            "hasPart": _links([*sizes, *folders]),
            "mentions": [{"@id": f"#{action.identity}"} for action in actions],
        },
        {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {
            "@id": licence,
            "@type": "CreativeWork",
            "name": about.licence,
            "description": tr("The licence of tables and figures."),
        },
        {"@id": _MIT, "@type": "CreativeWork", "name": "MIT", "description": tr("The licence of the code.")},
        {
            "@id": "https://www.python.org/",
            "@type": ["ComputerLanguage", "SoftwareApplication"],
            "name": "Python",
            "version": manifest["platform"]["python"],
            "url": "https://www.python.org/",
        },
        {
            "@id": "#crosscity",
            "@type": "SoftwareApplication",
            "name": "crosscity",
            "version": manifest["crosscity"],
            "license": {"@id": _MIT},
        },
    ]
    entities += [
        {"@id": link, "@type": "Person", "name": " ".join(part for part in (author[1], author[0]) if part)}
        for link, author in zip(people, about.authors, strict=True)
    ]
    for name, description in folders.items():
        entities.append({"@id": name, "@type": "Dataset", "name": name.rstrip("/"), "description": description})
    for name, size in sizes.items():
        kind = _TYPES.get(Path(name).suffix.lower(), "application/octet-stream")
        entity: dict[str, Any] = {
            "@id": _identifier(name),
            "@type": "File",
            "name": name.rpartition("/")[2],
            "encodingFormat": kind,
        }
        entity["contentSize"] = str(size)
        if name in instruments:
            entity |= {
                "@type": ["File", "SoftwareSourceCode"],
                "programmingLanguage": {"@id": "https://www.python.org/"},
                "softwareRequirements": {"@id": "#crosscity"},
                "version": manifest["crosscity"],
                "license": {"@id": _MIT},
            }
        entities.append(entity)
    for action in actions:
        entities.append(
            {
                "@id": f"#{action.identity}",
                "@type": "CreateAction",
                "name": action.name,
                "description": action.description,
                "instrument": {"@id": action.instrument},
                "object": _links(action.objects),
                "result": _links(action.results),
                "agent": {"@id": people[0]},
                "actionStatus": "http://schema.org/CompletedActionStatus",
            }
        )
    return {"@context": f"{_CRATE_VERSION}/context", "@graph": entities}


def _links(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": _identifier(name)} for name in names]


def _identifier(name: str) -> str:
    """A path as an identifier: what may not stand in an address is written by its number."""
    return _NOT_IN_ADDRESS.sub(lambda match: f"%{ord(match[0]):02X}", name)
