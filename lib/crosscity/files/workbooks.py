"""Workbooks: tables as an .xlsx file that a spreadsheet opens, written with the standard library alone.

Cells hold texts and numbers, and no formulas: a text that begins with = stays a text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from .archives import zip_archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # XML 1.0 has no such characters
_MOST = 32_767  # characters of a cell
_LINE, _HIGHEST = 13.5, 409  # points of a line; the most that a row can have
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Cell formats: 0 plain, 1 of a heading (bold, on grey), 2 of a text (wrapped, from the top).
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="10"/><name val="Calibri"/></font>'
    '<font><b/><sz val="10"/><name val="Calibri"/></font></fonts><fills count="3"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid">'
    '<fgColor rgb="FFEEF1F4"/></patternFill></fill></fills><borders count="1"><border><left/><right/><top/><bottom/>'
    '<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    '</cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" '
    'applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs></styleSheet>'
)


class Choices(NamedTuple):
    """Where the cells of a column have their list from: rows of another sheet, counted from 1 with the heading.

    Attributes
    ----------
    sheet : str
    column, first, last : int
    """

    sheet: str
    column: int
    first: int
    last: int


class Sheet(NamedTuple):
    """A sheet of a workbook.

    Attributes
    ----------
    name : str
    rows : sequence of sequences of str, int or float
        The first is the heading, which stays in sight; so does the first column.
    widths : sequence of float
        Of columns, in characters; the last one holds for those beyond.
    choices : mapping of str to Choices
        Columns by their heading whose cells are filled in from a list, which a spreadsheet drops down.
    fitted : bool
        Whether rows are as high as their texts; else that is left to the spreadsheet, and not all see to it.
    """

    name: str
    rows: Sequence[Sequence[str | float]]
    widths: Sequence[float] = (16,)
    choices: Mapping[str, Choices] = {}
    fitted: bool = False


class RowsOfFrame(Sequence[list[Any]]):
    """Rows of a table with its heading before them, made as they are read: all of them at once take much room.

    Parameters
    ----------
    frame : DataFrame
    at : ndarray of int
        Which rows.
    shown : callable
        Gives some rows as they are to be written: a DataFrame of as many.
    """

    _AT_ONCE = 2_000

    def __init__(self, frame: pd.DataFrame, at: Any, shown: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        self._frame, self._at, self._shown = frame, at, shown

    def __len__(self) -> int:
        return 1 + len(self._at)

    def __getitem__(self, at: Any) -> Any:
        return list(self)[at] if at else list(self._shown(self._frame.iloc[:0]).columns)

    def __iter__(self) -> Iterator[list[Any]]:
        yield self[0]
        for start in range(0, len(self._at), self._AT_ONCE):
            part = self._shown(self._frame.iloc[self._at[start : start + self._AT_ONCE]])
            yield from part.astype(object).to_numpy().tolist()


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The bytes of an .xlsx file of these sheets, the same for the same content; they print on A3, landscape."""
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
    )
    listed = "".join(
        f'<sheet name={quoteattr(_sheet_name(sheet.name))} sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    styles = f'<Relationship Id="rId{len(sheets) + 1}" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        f'"application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}{styles}'
        "</Relationships>",
    }
    texts: dict[str, str | Iterator[str]] = {name: _HEAD + text for name, text in parts.items()}
    texts["xl/styles.xml"] = _STYLES
    texts.update((f"xl/worksheets/sheet{n}.xml", _sheet_xml(sheet)) for n, sheet in zip(numbers, sheets, strict=True))
    return zip_archive(texts)


def _sheet_name(name: str) -> str:
    """A name that a sheet may have: 31 characters at most, and none of []:*?/\\."""
    return re.sub(r"[\[\]:*?/\\]", " ", _FORBIDDEN.sub("", name))[:31] or "sheet"


def _sheet_xml(sheet: Sheet) -> Iterator[str]:
    """A sheet row by row: whole, a large one takes as much room as all that it is made of."""
    most = max(map(len, sheet.rows), default=1)
    widths = [*sheet.widths, *[sheet.widths[-1]] * most][:most]
    columns = "".join(f'<col min="{i}" max="{i}" width="{w}" customWidth="1"/>' for i, w in enumerate(widths, start=1))
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView '
        'workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
    )
    for r, row in enumerate(sheet.rows, start=1):
        cells = "".join(_cell(value, r, c) for c, value in enumerate(row, start=1))
        yield f'<row r="{r}"{_height(row, widths) if sheet.fitted else ""}>{cells}</row>'
    yield (
        f"</sheetData>{_validations(sheet)}"
        '<pageSetup paperSize="8" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>'
    )


def _height(row: Sequence[str | float], widths: Sequence[float]) -> str:
    """The height of a row in points, by how many lines its texts take; a Chinese character is as wide as two."""
    lines = 1
    for value, width in zip(row, widths, strict=False):
        columns = (sum(2 if char > "\u2e7f" else 1 for char in line) for line in str(value).split("\n"))
        lines = max(lines, sum(max(1, math.ceil(1.1 * n / width)) for n in columns))
    return f' ht="{min(_LINE * lines + 2, _HIGHEST):g}" customHeight="1"'


def _validations(sheet: Sheet) -> str:
    """The lists that cells drop down; a spreadsheet warns of what is in none of them."""
    heading = [str(cell) for cell in sheet.rows[0]] if sheet.rows else []
    found = []
    for name, choices in sheet.choices.items():
        letters = _letters(heading.index(name) + 1)
        column = _letters(choices.column)
        quoted = _sheet_name(choices.sheet).replace("'", "''")
        source = escape(f"'{quoted}'!${column}${choices.first}:${column}${choices.last}")
        found.append(
            '<dataValidation type="list" allowBlank="1" showErrorMessage="1" errorStyle="warning" '
            f'sqref="{letters}2:{letters}{max(len(sheet.rows), 2)}"><formula1>{source}</formula1></dataValidation>'
        )
    return f'<dataValidations count="{len(found)}">{"".join(found)}</dataValidations>' if found else ""


def _cell(value: str | float, row: int, column: int) -> str:
    style = 1 if row == 1 or column == 1 else 2
    where = f'r="{_letters(column)}{row}" s="{style}"'
    if isinstance(value, int | float) and not isinstance(value, bool) and value == value:
        return f"<c {where}><v>{value}</v></c>"
    text = escape(_FORBIDDEN.sub("", "" if value != value else str(value))[:_MOST])
    return f'<c {where} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(column: int) -> str:
    """The letters of a column: A to Z, AA ..."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
