"""A run of a notebook: its parameters checked, its corpus grouped, its findings, figures, tables and pages saved."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import PROJECT, CrosscityError
from ..figures.style import save_figure, use_style
from ..files import end_with_parent, frame_to_csv, write_output
from ..language import use_language, with_glosses
from .grouped_corpus import GroupedCorpus
from .parameters import FILES, check_parameters, parameter_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.figure import Figure


def begin(
    name: str,
    namespace: Mapping[str, Any] | None = None,
    tables: Path | str = "",
    out: Path | str = "",
    **parameters: Any,
) -> Run:
    """Start a notebook: check its parameters, set the style, read the corpus table.

    Parameters
    ----------
    name : str
        The notebook's, such as 03-topics.
    namespace : dict, optional
        Where the notebook's parameters are set: globals(). Others are given by name.
    tables, out : str or Path
        Folders of the tables and for what the notebook makes; relative ones count from the project's folder (as do
        files that a parameter names), empty ones are data/processed and reports/lab/NAME.
    **parameters
        As `parameters.PARAMETERS` describes them; `group` besides, in a profile.

    Returns
    -------
    Run

    Raises
    ------
    CrosscityError
        If a parameter is unknown or of the wrong type or range, or a table is absent.
    """
    known = set(parameter_names(name))
    if namespace is not None:
        parameters = {n: namespace[n] for n in (*known, "group") if n in namespace} | parameters
        tables, out = namespace["tables"], namespace["out"]
    group = parameters.pop("group", None) or None
    values = check_parameters(parameters, name)
    if foreign := sorted(set(parameters) - known):
        msg = f"{name} takes no parameter {foreign[0]!r}: it takes {', '.join(sorted(known))}"
        raise CrosscityError(msg)
    for file in FILES:
        if values[file] not in ("", "none"):
            values[file] = str(PROJECT / values[file])
    if parent := os.environ.get("CROSSCITY_PARENT"):
        end_with_parent(int(parent))
    use_style(values["width"])
    use_language(values["language"])
    return Run(name, PROJECT / (tables or "data/processed"), PROJECT / (out or f"reports/lab/{name}"), values, group)


class Run(GroupedCorpus):
    """One run of a notebook over a corpus, and the folder that it saves to.

    Parameters
    ----------
    name : str
        The notebook's.
    tables, out : str or Path
        Folders of the tables and for what is saved.
    values : dict
        Parameters, as `check_parameters` gives them.
    group : str, optional
        The group that a profile is of.

    Raises
    ------
    CrosscityError
        As `GroupedCorpus`, or if there is no such group.
    """

    def __init__(
        self, name: str, tables: Path | str, out: Path | str, values: Mapping[str, Any], group: str | None = None
    ) -> None:
        super().__init__(tables, values)
        self.name, self.out, self.group = name, Path(out), group
        self.findings: list[str] = []
        self.figures: list[str] = []
        self.pages: list[dict[str, str]] = []
        if group is not None and group not in self.groups():
            msg = f"group is {group!r}; by {self.by} there are {', '.join(self.groups()[:20])}"
            raise CrosscityError(msg)
        self.out.mkdir(parents=True, exist_ok=True)

    def save_figure(self, fig: Figure, name: str, data: pd.DataFrame, title: str, alt: str) -> None:
        """Save a figure with its data, terms with their glosses; see `figures.style.save_figure`."""
        data = with_glosses(self.texts.publishable(data))
        save_figure(fig, self.out, name, data, title, alt, self.display_notes)
        self.figures.append(name)
        self._write_summary()

    def save_page(self, name: str, text: str, title: str, quotes: bool = True) -> None:
        """Save a page of HTML, to which the report links.

        Parameters
        ----------
        name : str
            Of the file, without suffix.
        text : str
            The HTML.
        title : str
        quotes : bool
            Whether it quotes the documents: then it is left out where their text is withheld.
        """
        if quotes and (omission := self.texts.omission(title)):
            self.add_findings(omission)
            return
        write_output(self.out / f"{name}.html", text)
        self.pages.append({"name": name, "title": title})
        self._write_summary()

    def save_table(self, name: str, table: pd.DataFrame) -> None:
        """Save a table as CSV, without columns of withheld text; its last column has the notes on the corpus."""
        table = with_glosses(self.texts.publishable(table))
        if self.display_notes:
            table = table.assign(note="; ".join(self.display_notes))
        write_output(self.out / f"{name}.csv", frame_to_csv(table, "%.6g"))

    def add_findings(self, *sentences: str) -> None:
        """Print sentences, and keep them for the report."""
        for sentence in sentences:
            print(sentence)
            self.findings.append(sentence)
        self._write_summary()

    def _write_summary(self) -> None:
        summary = {
            "name": self.name,
            "group": self.group,
            "by": self.by,
            "notes": self.notes,
            "findings": self.findings,
            "figures": list(dict.fromkeys(self.figures)),
            "pages": self.pages,
        }
        write_output(self.out / "findings.json", json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
