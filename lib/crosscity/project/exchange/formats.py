"""The forms in which a study is exported besides its own tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ... import CrosscityError
from ...files import check_replaceable, replace_file, write_whole
from ...study import check_parameters
from ...study.grouped_corpus import GroupedCorpus
from ...tables import edition
from .annotation import doccano_files, label_studio_files
from .corpora import conllu, r_files, vertical
from .refi_qda import project_archive
from .spans import read_coded, require_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Format(NamedTuple):
    """A form of export.

    Attributes
    ----------
    ending : str
        Of the file that it is; empty if it is a folder.
    about : str
        What takes it.
    """

    ending: str
    about: str


FORMATS = {
    "qda": Format(".qdpx", "a REFI-QDA project for MAXQDA, NVivo, ATLAS.ti, QualCoder"),
    "doccano": Format("", "a folder for doccano"),
    "label-studio": Format("", "a folder for Label Studio"),
    "r": Format("", "a folder of CSV for readtext, quanteda, stm and tm"),
    "vertical": Format(".vert", "vertical text for Sketch Engine and CWB"),
    "conllu": Format(".conllu", "words in CoNLL-U"),
}
_WORDS: dict[str, Callable[[GroupedCorpus], Any]] = {"r": r_files, "vertical": vertical, "conllu": conllu}


def format_of(out: Path | str) -> str:
    """The form that the ending of a file tells; empty if it tells none."""
    suffix = Path(out).suffix.lower()
    return next((name for name, form in FORMATS.items() if suffix and form.ending == suffix), "")


def write_format(
    tables: Path | str, out: Path | str, form: str, parameters: Mapping[str, Any] | None = None
) -> list[Path]:
    """Write the documents of a folder of tables in one of `FORMATS`.

    Parameters
    ----------
    tables, out : str or Path
        The folder of the tables; the file or folder to write, by the form.
    form : str
    parameters : dict, optional
        Of `study.read_parameters`: which documents take part, and what is asked of them.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    CrosscityError
        If the tables hold no text, or what is there stands in the way.
    """
    out, ending = Path(out), FORMATS[form].ending
    require_text(tables, f"the format {form}")
    if ending and out.is_dir():
        msg = f"{out} is a folder, and the format {form} is a file: give a name such as {out}/study{ending}"
        raise CrosscityError(msg)
    if ending and out.suffix.lower() != ending:
        msg = f"{out}: the format {form} is a file *{ending}, by which programs know it: name it {out.stem}{ending}"
        raise CrosscityError(msg)
    if not ending:
        check_replaceable(out, edition.MAKER)
    made = _content(tables, form, parameters)
    if isinstance(made, dict):
        return edition.write_folder(out, made)
    write_whole(out, made.encode() if isinstance(made, str) else made, replace_file)
    return [out]


def _content(tables: Path | str, form: str, parameters: Mapping[str, Any] | None) -> bytes | str | dict[str, str]:
    if form in _WORDS:
        values = dict(check_parameters({}) if parameters is None else parameters)
        return _WORDS[form](GroupedCorpus(tables, values))
    study = read_coded(tables, parameters)
    if form == "qda":
        return project_archive(study)
    return doccano_files(study) if form == "doccano" else label_studio_files(study)
