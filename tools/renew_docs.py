"""Write what docs/ has from the code: the library from docstrings, the data dictionary from the contract, the commands.

Run it as `make docs` after a change of a docstring, of `tables.contract.contract`, columns.tsv, a command, a target of
a Makefile or a parameter. A test holds the pages to what this gives.
"""

import ast
import csv
import inspect
import json
import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
LIBRARY = PROJECT / "lib" / "crosscity"
REFERENCE = PROJECT / "tests" / "reference"
_SECTIONS = ("Parameters", "Attributes", "Returns", "Yields", "Raises")


def rooms():
    """Packages and single modules from the ground up, as the library's docstring has them."""
    doc = ast.get_docstring(ast.parse((LIBRARY / "__init__.py").read_text(encoding="utf-8")))
    return re.findall(r"`([a-z]+)`", doc.split("\n\n", 1)[1].split(":", 1)[1])


def modules(room):
    """Files of a package in order of name, its own first; of a single module, that."""
    path = LIBRARY / room
    files = [p for p in sorted(path.rglob("*.py")) if p.name not in ("__init__.py", "__main__.py")]
    return files or [path.with_suffix(".py")]


def _link(name):
    return f"[{name.partition('.')[2] or name}](#{name.replace('.', '')})"


def dotted(path):
    """The name of a module within the library."""
    return ".".join(path.relative_to(LIBRARY).with_suffix("").parts)


def sections(doc):
    """The first paragraph of a docstring, and its sections by name."""
    pieces = re.split(rf"^({'|'.join((*_SECTIONS, 'Notes', 'Examples'))})\n-+\n", inspect.cleandoc(doc), flags=re.M)
    return pieces[0].split("\n\n")[0], dict(zip(pieces[1::2], pieces[2::2], strict=True))


def items(text):
    """A section of a docstring as items of a list: what stands at the margin, and behind it what is indented."""
    found = []
    for line in text.rstrip().splitlines():
        if line and not line.startswith(" "):
            found.append([line.strip(), []])
        elif found and line.strip():
            found[-1][1].append(line.strip())
    return [f"- `{head}`{': ' + ' '.join(more) if more else ''}" for head, more in found]


def told(text):
    """A section that holds sentences, as they stand; one that holds names, as a list."""
    sentences = bool(re.match(r"[A-Z].*[ .]", text)) and not re.match(r"\w+Error\n", text)
    return [" ".join(text.split())] if sentences else items(text)


def signature(node, name):
    """A call, as it stands in the source, without types."""
    if isinstance(node, ast.ClassDef):
        init = next((m for m in node.body if isinstance(m, ast.FunctionDef) and m.name == "__init__"), None)
        if init is None:
            fields = [x for x in node.body if isinstance(x, ast.AnnAssign) and isinstance(x.target, ast.Name)]
            fields = [x for x in fields if not x.target.id.startswith("_")]
            inner = [x.target.id + (f"={ast.unparse(x.value)}" if x.value else "") for x in fields]
            return f"class {name}({', '.join(inner)})"
        node, name = init, f"class {name}"
    arguments = node.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg):
        if argument is not None:
            argument.annotation = None
    inner = ast.unparse(arguments)
    return f"{name}({re.sub(r'^(?:self|cls)(?:, )?', '', inner)})"


def described(node, name, level):
    """A function or class: heading, call, first paragraph, sections."""
    first, parts = sections(ast.get_docstring(node) or "")
    decorators = {getattr(d, "id", getattr(d, "attr", "")) for d in node.decorator_list}
    call = name if "property" in decorators else signature(node, name)
    lines = [
        f"{'#' * level} {name.split('.')[-1] if level > 3 else name}",
        "```",
        call,
        "```",
        *first.splitlines(),
    ]
    for title in _SECTIONS:
        if title in parts:
            lines += ["", f"*{title}*", "", *told(parts[title])]
    lines.append("")
    if isinstance(node, ast.ClassDef):
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and not method.name.startswith("_") and ast.get_docstring(method):
                lines += described(method, f"{name}.{method.name}", level + 1)
    return lines


def api():
    """The text of docs/api.md."""
    lines = [
        "# The library",
        "Every public name, from the docstrings; written by `make docs`. Packages from the ground up; what begins with "
        "an underscore is private.",
        "",
    ]
    for room in rooms():
        names = [dotted(path) for path in modules(room)]
        lines.append(f"- {room}: {', '.join(_link(n) for n in names)}")
    for room in rooms():
        if (door := LIBRARY / room / "__init__.py").is_file():
            about = " ".join((ast.get_docstring(ast.parse(door.read_text(encoding="utf-8"))) or "").split())
            lines += ["", f"# {room}", about]
        for path in modules(room):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            lines += ["", f"## {dotted(path)}", (ast.get_docstring(tree) or "").split("\n\n")[0], ""]
            for node in tree.body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                    lines += described(node, node.name, 3)
    text = "\n".join(lines)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def data_dictionary():
    """The text of docs/data-dictionary.md."""
    from crosscity.tables.contract import KEYS, contract, descriptions

    tables, columns = descriptions()
    lines = [
        "# Data dictionary",
        "The tables in `processed/` of a run, and the tables beside figures. Written by `make docs` from",
        "the contract (`lib/crosscity/tables/contract.py`), which is checked on writing and reading, and from what",
        "`lib/crosscity/tables/resources/columns.tsv` says. `of-text/` beside the tables is of an edition without",
        "text: [reproducibility.md](reproducibility.md).",
        "",
    ]
    for table, named in contract().items():
        key = " and ".join(KEYS.get(table, ()))
        lines += [f"## {table}", f"A row is {tables[table]}.{f' No two have the same {key}.' if key else ''}", ""]
        lines += ["| column | type | must | meaning |", "|---|---|---|---|"]
        for name, column in named.items():
            holds = column.check.rule.removeprefix("must ") if column.check else ""
            holds += " (or be null)" * column.nullable
            lines.append(f"| {name} | {column.type} | {holds} | {columns[table][name]} |")
        if table == "corpus":
            lines.append("| any further column of corpus.csv | string | | as it stands there |")
        lines.append("")
    return "\n".join([*lines, *results(columns["results"])]) + "\n"


def results(known):
    """The tables that notebooks leave beside figures, as the reference has them; and what their columns mean."""
    made = {}
    for path in sorted(REFERENCE.rglob("values/reports/*/*.csv")):
        notebook = re.match("[0-9]{2}-[a-z-]+[a-z]|explore", path.parent.name)[0]
        notebook = "05-profile" if notebook.startswith("05") else notebook
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
        name = re.sub(r"-[0-9]+$", "-N", path.stem)
        made.setdefault(notebook, {}).setdefault(name, {}).update(dict.fromkeys(c for c in header if c != "note"))
    lines = [
        "## Tables beside figures",
        "CSV in `reports/NOTEBOOK/`, as `tests/reference` has them. Data of a figure has its name. The last column,",
        "`note`, is there where a figure must say something of the corpus. Columns named for groups are left out here.",
        "",
    ]
    for notebook, tables in made.items():
        lines += [f"### {notebook}", "| table | columns |", "|---|---|"]
        for name, header in tables.items():
            shown = [c for c in header if c.isascii()]
            lines.append(f"| {name} | {', '.join(shown)} |")
        lines.append("")
    lines += ["### What the columns mean", "| column | meaning |", "|---|---|"]
    used = {c for tables in made.values() for header in tables.values() for c in header}
    lines += [f"| {name} | {about} |" for name, about in sorted(known.items()) if name in used]
    return lines


def named_commands(group):
    """Commands by name, those of a group behind its own: (coding import, ...)."""
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from ((f"{name} {inner}", its) for inner, its in named_commands(command))
        else:
            yield name, command


def commands():
    """The text of docs/commands.md."""
    import click
    from crosscity.cli import app
    from crosscity.study.parameters import PARAMETERS

    lines = [
        "# Commands, targets, parameters",
        "Written by `make docs` from the code. `crosscity` is `.venv/bin/crosscity`.",
        "",
    ]
    for name, command in named_commands(app):
        arguments = [p for p in command.params if isinstance(p, click.Argument)]
        options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
        called = "".join(f" {p.name.upper()}{'...' if p.nargs < 0 else ''}" for p in arguments)
        lines += [f"## crosscity {name}", f"`crosscity {name}{called}`: {inspect.cleandoc(command.help)}", ""]
        lines += ["| option | |", "|---|---|"] if options else []
        for option in options:
            names = ", ".join(f"`{o}`" for o in (*option.opts, *option.secondary_opts))
            shown = (
                option.default not in (None, False, "")
                and not option.multiple
                and isinstance(option.default, str | int)
            )
            default = f" Default: {option.default}." if shown and not option.is_flag else ""
            needed = " Required." if option.required else ""
            lines.append(f"| {names} | {option.help}{needed}{default} |")
        lines.append("")
    for title, path in (
        ("make", PROJECT / "Makefile"),
        ("make in a study", LIBRARY / "project" / "resources" / "study" / "Makefile"),
    ):
        lines += [f"## {title}", "| target | |", "|---|---|"]
        lines += [
            f"| `make {target}` | {about} |"
            for target, about in re.findall(r"^([a-z-]+):.*?## (.*)$", path.read_text(encoding="utf-8"), re.M)
        ]
        lines.append("")
    lines += [
        "## Parameters",
        "A relative path counts from the folder of the parameter file if what it names is there, else",
        "from the suite's folder. Names on the command line count from where it is called.",
        "",
    ]
    lines += ["| parameter | default | meaning | of |", "|---|---|---|---|"]
    for name, parameter in PARAMETERS.items():
        about = parameter.description.replace("|", "\\|")
        if parameter.choices:
            about += f" ({', '.join(map(str, parameter.choices))})"
        elif parameter.low is not None:
            about += f" ({parameter.low:,.10g} to {parameter.high:,.10g})"
        default = json.dumps(parameter.default, ensure_ascii=False)
        lines.append(f"| {name} | `{default}` | {about} | {', '.join(parameter.notebooks.split())} |")
    return "\n".join(lines) + "\n"


FILES = {"api.md": api, "commands.md": commands, "data-dictionary.md": data_dictionary}


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT / "lib"))
    from crosscity.files import restart_in_utf8

    restart_in_utf8()
    for file, write in FILES.items():
        (PROJECT / "docs" / file).write_text(write(), encoding="utf-8")
