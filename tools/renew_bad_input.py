"""Write the tables of docs/bad-input.md anew from the cases of test_hostile.py: python tools/renew_bad_input.py."""

import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs" / "bad-input.md"
BEGIN, END = "<!-- cases -->\n", "<!-- end of cases -->\n"
_THEN = {"refused": "refused", "left out": "left out", "noted": "read, with a note", "read": "read"}


def tables():
    """The cases as Markdown: a heading a table, a row a case."""
    from tests.helpers.hostile_editions import EDITIONS
    from tests.helpers.hostile_files import READERS
    from tests.helpers.hostile_folders import CACHES
    from tests.project.test_hostile import FOLDERS

    lines = []
    for title, cases in {**FOLDERS, "cache": CACHES}.items():
        rows = [(name, _THEN[case.then], case.says) for name, case in cases.items()]
        lines += _table(f"Documents: {title}" if title != "cache" else "What is kept between builds", rows)
    lines += _table("Editions without text", _taken_or_refused(EDITIONS))
    for title, (_, cases) in READERS.items():
        lines += _table(f"Files: {title}", _taken_or_refused(cases))
    return "\n".join(lines) + "\n"


def _taken_or_refused(cases):
    return [(name, "taken" if case.says is None else "refused", case.says or "") for name, case in cases.items()]


def _table(title, rows):
    cells = [f"| {name} | {then} | {_code(says)} |" for name, then, says in rows]
    return [f"### {title}", "| case | what happens | what is said |", "|---|---|---|", *cells, ""]


def _code(text):
    return f"`` {text.replace('|', chr(92) + '|')} ``" if text else ""


if __name__ == "__main__":
    sys.path[:0] = [str(DOCS.parents[1] / folder) for folder in ("", "tools", "lib")]
    from crosscity.files import restart_in_utf8

    restart_in_utf8()
    before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    DOCS.write_text(before + BEGIN + tables() + END + rest.partition(END)[2], encoding="utf-8")
