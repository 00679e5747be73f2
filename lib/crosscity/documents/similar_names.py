"""Names of a corpus that look alike without being the same: ABC and ＡＢＣ, 台北 and 臺北, А of Cyrillic and A."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any

from .characters import simplify
from .sources import METADATA_COLUMNS, RESERVED_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LONGEST = 40  # characters of a name; what is longer is a sentence
_MOST = 5  # sets of names of a column that are told
_OTHER_COLUMNS = {*RESERVED_COLUMNS, "file", "sha256", "title", "date", "year", "exclude", "unconfirmed"}
# Letters of other alphabets that are drawn as Latin ones.
_DRAWN_ALIKE = str.maketrans("аеорсухіјѕԁԛԝһвкмнтαορνυικγχ", "aeopcyxijsdqwhbkmhtaopvuikyx")
_MARK = r"[\s·•・‧∙_.\-‐-―−－]"
_MARKS = re.compile(f"(?<![0-9]){_MARK}+|{_MARK}+(?![0-9])")  # those between figures tell 1.2 from 12
_FEW = 20  # names of a column; of more, a column of one's own in which most stand once is one of numbers or addresses


def _looks(names: Sequence[str]) -> list[str]:
    """How names look: without width, case, blanks, dots and dashes, in simplified characters and Latin letters."""
    plain = (_MARKS.sub("", unicodedata.normalize("NFKC", name).casefold()).translate(_DRAWN_ALIKE) for name in names)
    return simplify("\n".join(plain)).split("\n") if names else []  # at once, which is faster by far


def similar_names(names: Iterable[str]) -> list[list[str]]:
    """Sets of different names that look alike, each sorted, in order of their first name."""
    different = sorted({name.replace("\n", " ") for name in names})
    alike: dict[str, list[str]] = {}
    for name, look in zip(different, _looks(different), strict=True):
        alike.setdefault(look, []).append(name)
    return [those for look, those in alike.items() if look and len(those) > 1]


def short_names(row: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a row of corpus that are names: those that documents may be compared by."""
    own = {name: value for name, value in row.items() if name in METADATA_COLUMNS or name not in RESERVED_COLUMNS}
    return {
        name: value
        for name, value in own.items()
        if name not in _OTHER_COLUMNS and isinstance(value, str) and value and len(value) <= _LONGEST
    }


def similar_name_notes(rows: Iterable[Mapping[str, Any]], table: str) -> list[str]:
    """A sentence for each set of names that look alike in a column of corpus, and of columns that do.

    Parameters
    ----------
    rows : iterable of dict
        Of corpus, or what `short_names` gives of them.
    table : str
        The file in which names are made the same.
    """
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        for column, name in short_names(row).items():
            counts.setdefault(column, Counter())[name] += 1
    notes = [
        f"{len(those)} columns whose names look alike: {', '.join(those)}; give them one name in {table}"
        for those in similar_names(counts)
    ]
    for column, of in counts.items():
        if column not in METADATA_COLUMNS and len(of) > _FEW and 2 * len(of) > of.total():
            continue
        sets = similar_names(of)
        for those in sets[:_MOST]:
            said = ", ".join(f"{name} ({of[name]:,})" for name in those)
            notes.append(f"{len(those)} names that look alike in {column}: {said}; spell them alike in {table}")
        if len(sets) > _MOST:
            notes.append(f"and {len(sets) - _MOST:,} more sets of names that look alike in {column}")
    return notes
