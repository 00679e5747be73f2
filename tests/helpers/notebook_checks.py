"""What must hold of a committed notebook before nbval has anything to compare.

A check takes a notebook as JSON and returns its complaints, a sentence each, so that notebooks and planted faults go
through the same functions. nbval runs the notebooks and compares what they print; it leaves alone a cell without an
execution count, one that is marked, pictures, and all prose.
"""

import ast
import inspect
import re
from importlib import import_module

from tests.conftest import PROJECT

FLAGS = ("--nbval", "--nbval-current-env")  # strict: outputs are compared in every cell, and nothing is sanitized
TAGS = {"parameters"}
WIDTH, LINES = 88, 6  # characters of a line, lines of a cell
PLUMBING = {"tr", "join_items", "display_name", "print", "globals().update"}
OPEN = {"crosscity.explorer"}  # packages that a notebook may enter besides the library's own door

# Numbers that are set in the library: where they stand there. The numbers of the phrase must be the value.
LIBRARY = PROJECT / "lib" / "crosscity"
STATED = {
    "intervals are of 95%": "topics.prevalence.intervals(level)",
    "intervals of 95%": "topics.prevalence.intervals(level)",
    "ellipses of 95%": "compare.correspondence.confidence_ellipses(level)",
    "draws of 80% of the": "topics.quality.choose_k(share)",
    "of eight words or more": "words.formulaic.formulas(min_words)",
    "first ten terms": "topics.models.TOP",
    "it is 0.6 or more": "topics.quality.SURVIVES",
    "more than twelve groups the figure shows twelve": "study.grouped_corpus.GroupedCorpus.displayed_groups(most)",
    "passages of thirty characters": "words.matching.LENGTH",
    "up to twelve unless": "study.parameters.PARAMETERS[max_profiles]",
    "more than nine places": "words.alignment.MAX_ALL_PAIRS",
    "none below eight": "inference.MIN_PARAGRAPHS",
}
# Numbers that belong to a definition: no run could find another one.
DEFINED = {
    "in a thousand kept words": "a unit",
    "in 10,000 words": "a unit",
    "base 2": "of a logarithm",
    "lies nearest 0": "no difference",
    "not available there, and not zero": "no rate, and none of 0",
    "0 is the same mixture": "the least distance",
    "it is never 0": "the least divergence",
    "half a count": "added to either side of a ratio, keyness.py",
    "two words go together": "a collocation is a pair",
    "14 at most": "log Dice, Rychlý 2008",
    "which of six words": "word intrusion, Chang et al. 2009",
    "which of four topics": "topic intrusion, Chang et al. 2009",
    "sets two groups apart": "what the notebook compares",
    "two cities (or years, or provinces) against each other": "what the notebook compares",
    "goes together with the two": "what the notebook compares",
    "divergence of the two": "what the notebook compares",
    "two documents": "a passage is shared by at least so many",
    "three hand-coded documents": "the documents of resources/error-rates.tsv",
    "45 degrees": "a line on which both are equal",
    "two questions": "the next sentences ask them",
}

_SMALL = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_VALUES = {word: i for i, word in enumerate(_SMALL) if word != "one"}  # one is a pronoun, too
_VALUES |= {"half": 0.5, "twice": 2, "dozen": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_VALUES |= {"hundred": 100, "thousand": 1000}
_NUMBER = re.compile(rf"(?<![A-Za-z0-9_.])\d+(?:,\d{{3}})*(?:\.\d+)?%?|\b(?:{'|'.join(_VALUES)})\b", re.IGNORECASE)
_CITATION = re.compile(r"\([A-Z][^()\d]* (?:1[89]|20)\d\d\)")
_FLOAT = re.compile(r"(?<![\w.])\d[\d,]*\.\d+(?:[eE][-+]?\d+)?(?![\w.])")


def cells(notebook, kind="code"):
    """Cells of a kind, in order."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def source(cell):
    """The text of a cell."""
    return "".join(cell["source"])


def shown(output):
    """All text of an output, by its kind: text of a stream, or each representation of data."""
    if output["output_type"] == "stream":
        return {output["name"]: "".join(output["text"])}
    return {kind: "".join(value) for kind, value in output.get("data", {}).items()}


def order(notebook):
    """Each code cell was run, in order, from a fresh kernel; else nbval would not compare it, or not with this."""
    counts = [cell["execution_count"] for cell in cells(notebook)]
    found = []
    if counts != list(range(1, len(counts) + 1)):
        found.append(f"cells were run as {counts}: run the notebook in order from a fresh kernel")
    for cell in cells(notebook):
        results = [o["execution_count"] for o in cell["outputs"] if o["output_type"] == "execute_result"]
        if any(count != cell["execution_count"] for count in results):
            found.append(f"{cell['id']}: its result is of run {results}, the cell of {cell['execution_count']}")
    if notebook["metadata"].get("kernelspec", {}).get("name") != "python3":
        found.append("the kernel is not python3")
    return found


def outputs(notebook):
    """Outputs are there where a cell surely has some, pictures as PNG among them, and neither errors nor warnings."""
    found = []
    for cell in cells(notebook):
        have = set()
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                found.append(f"{cell['id']}: an error is stored")
            have.add("output")
            kinds = shown(output)
            if re.match(r"\[.+\]$|<Figure ", kinds.get("text/plain", "")) and "image/png" not in kinds:
                found.append(f"{cell['id']}: a picture is named, and none is stored")
            for kind, text in kinds.items():
                if kind == "stderr":
                    found.append(f"{cell['id']}: stderr is stored: {text[:60]}")
                if kind.startswith("image/") and kind != "image/png":
                    found.append(f"{cell['id']}: a picture is stored as {kind}: PNG is compared")
                if not text.strip():
                    found.append(f"{cell['id']}: an output is empty ({kind})")
        if _shows(cell) and not have:
            found.append(f"{cell['id']}: what it shows is not stored")
    if sum(len(text) for cell in cells(notebook) for o in cell["outputs"] for text in _texts(o).values()) <= 100:
        found.append("next to no text outputs are stored, so nbval would compare nothing")
    return found


def _texts(output):
    return {kind: text for kind, text in shown(output).items() if not kind.startswith("image/")}


def _shows(cell):
    """Whether a cell ends with a value, which Jupyter shows."""
    body = ast.parse(source(cell)).body
    last = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    return last is not None and not (isinstance(last, ast.Call) and ast.unparse(last.func) == "s.keep")


def plain(notebook):
    """Cells are short, their lines fit a page, nothing is worded or drawn by hand, and each result is shown."""
    found, shown_names, given = [], set(), set()
    for cell in notebook["cells"]:
        found += [f"{cell['id']}: {line!r} is too long" for line in source(cell).splitlines() if len(line) > WIDTH]
    for cell in cells(notebook):
        if "parameters" in cell["metadata"].get("tags", []):
            continue
        tree, lines = ast.parse(source(cell)), [line for line in source(cell).splitlines() if line.strip()]
        if len(lines) > LINES:
            found.append(f"{cell['id']}: {len(lines)} lines")
        names = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        found += [f"{cell['id']}: calls {name}, which is the library's" for name in sorted(names & PLUMBING)]
        found += [
            f"{cell['id']}: has a {type(node).__name__.lower()}"
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.For | ast.While)
        ]
        found += [
            f"{cell['id']}: imports of the library's inside: {node.module}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("crosscity.")
            and node.module not in OPEN
        ]  # fmt: skip
        given |= {
            t.id for n in tree.body if isinstance(n, ast.Assign) and _of_study(n.value) for t in n.targets
            if isinstance(t, ast.Name)
        }  # fmt: skip
        if tree.body and isinstance(tree.body[-1], ast.Expr) and isinstance(tree.body[-1].value, ast.Name):
            shown_names.add(tree.body[-1].value.id)
    return [*found, *(f"{name} is a result that no cell shows" for name in sorted(given - shown_names - {"s"}))]


def _of_study(node):
    """Whether an expression asks a study, or a result of one."""
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id == "s"


def unmarked(notebook):
    """No cell is marked for nbval to skip it, or its output; the one tag is that of the parameters."""
    found = []
    for cell in cells(notebook):
        if tags := set(cell["metadata"].get("tags", [])) - TAGS:
            found.append(f"{cell['id']}: tagged {', '.join(sorted(tags))}")
        if mark := re.search(r"nbval|pytest_validate|%%capture|%%script|clear_output", source(cell), re.IGNORECASE):
            found.append(f"{cell['id']}: {mark[0]} keeps its output from being compared")
    return found


def rounded(notebook, digits=6):
    """No stored output has a decimal number of more significant digits than these: the last are the machine's."""
    found = []
    for cell in cells(notebook):
        for output in cell["outputs"]:
            for kind, text in _texts(output).items():
                long = [n for n in _FLOAT.findall(text) if _significant(n) > digits]
                if long:
                    found.append(f"{cell['id']}: {kind} has {', '.join(long[:4])}: round it")
    return found


def _significant(number):
    return len(re.sub(r"[eE].*|\D", "", number).lstrip("0"))


def numbers(text):
    """Numbers in prose that no phrase of STATED or DEFINED accounts for, each with what stands around it.

    Left out are code spans, the year of a citation in brackets, and the numbers of a list. A number within a name
    (G2, log2) is none.
    """
    text = re.sub(r"^ *\d+\. ", "", text, flags=re.MULTILINE)
    text = _CITATION.sub("", re.sub(r"`[^`]*`", "", re.sub(r"\s+", " ", text)))
    covered = [m.span() for phrase in (*STATED, *DEFINED) for m in re.finditer(re.escape(phrase), text, re.IGNORECASE)]
    return [
        f"{m[0]!r} in {text[max(0, m.start() - 30) : m.end() + 30]!r}"
        for m in _NUMBER.finditer(text)
        if not any(start <= m.start() and m.end() <= end for start, end in covered)
    ]


def typed_numbers(notebook, stem):
    """Numbers typed by hand in prose, and in strings of code cells: results are formatted, not typed."""
    found = []
    for cell in cells(notebook, "markdown"):
        text = re.sub(rf"\A# {stem[:2]} · ", "# ", source(cell))
        found += [f"{cell['id']}: {number}" for number in numbers(text)]
    literal = set()
    for cell in cells(notebook):
        tree = ast.parse(source(cell))
        if "parameters" in cell["metadata"].get("tags", []):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and _is_number(node.value):
                literal |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        for text in _strings(tree):
            if text != stem:
                found += [f"{cell['id']}: {number}" for number in numbers(text)]
        for value in _formatted(tree):
            if _is_number(value) or (isinstance(value, ast.Name) and value.id in literal):
                found.append(f"{cell['id']}: {ast.unparse(value)} is a number typed by hand, and is formatted")
    return found


def _is_number(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _strings(tree):
    """What strings say, with what is formatted into them left out: a name of a format's own is no number."""
    parts = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts |= {id(part) for part in node.values}
            yield "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
        if isinstance(node, ast.FormattedValue) and node.format_spec:
            parts |= {id(part) for part in ast.walk(node.format_spec)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield re.sub(r"\{[^{}]*\}", "", node.value)


def _formatted(tree):
    """Expressions that become text: fields of f-strings, and what is handed to functions that print or format."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue):
            yield node.value
        if isinstance(node, ast.Call) and ast.unparse(node.func) in (
            "str",
            "repr",
            "format",
            "print",
            "s.keep",
        ):
            yield from node.args


def values(phrase):
    """Numbers of a phrase, as numbers.

    >>> values("draws of 80% of ten terms, 1,000 words")
    [0.8, 10.0, 1000.0]
    """
    return [
        _VALUES[m.lower()] * 1.0
        if m.lower() in _VALUES
        else float(m.rstrip("%").replace(",", "")) / (100 if m.endswith("%") else 1)
        for m in _NUMBER.findall(phrase)
    ]


def value(place):
    """What the library has at a place of STATED: a constant, a parameter's default, or that of a notebook's parameter.

    >>> value("topics.models.TOP"), value("topics.quality.choose_k(share)")
    (10, 0.8)
    >>> value("study.parameters.PARAMETERS[max_profiles]")
    12
    """
    path, parameter, bracket = re.fullmatch(r"([\w.]+?)(?:[(\[](\w+)([)\]]))?", place).groups()
    names = path.split(".")
    depth = next(n for n in range(len(names), 0, -1) if (LIBRARY.joinpath(*names[:n]).with_suffix(".py")).is_file())
    found = import_module(f"crosscity.{'.'.join(names[:depth])}")
    for name in names[depth:]:
        found = getattr(found, name)
    if bracket == ")":
        return inspect.signature(found).parameters[parameter].default
    return found[parameter].default if bracket else found
