"""What docs/ names is there, and what is there is named: links, commands, targets, parameters, generated pages."""

import re
from collections import Counter
from pathlib import Path

import click
import pytest
import renew_docs
from crosscity.cli import app
from crosscity.study.parameters import PARAMETERS
from crosscity.tables.contract import contract, descriptions

from tests.conftest import PROJECT

PAGES = sorted(
    p for p in PROJECT.rglob("*.md") if not {".venv", ".make", "node_modules"} & set(p.relative_to(PROJECT).parts)
)
WRITTEN = [p for p in PAGES if p.name not in (*renew_docs.FILES, "CHANGELOG.md") and "resources" not in p.parts]
TEXT = {p: p.read_text(encoding="utf-8") for p in PAGES}
ALL = "\n".join(text for page, text in TEXT.items() if page in WRITTEN)
# Commands stand in code: fenced, or between backticks.
CODE = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", ALL, re.DOTALL))


def commands():
    """Each command with its options, as they are written; what is hidden is the Makefile's alone."""
    for name, command in renew_docs.named_commands(app):
        taken = [
            o
            for p in command.params
            if isinstance(p, click.Option) and not p.hidden
            for o in (*p.opts, *p.secondary_opts)
        ]
        yield name, taken


def targets(makefile):
    """Targets of a Makefile that its help lists."""
    return re.findall(r"^([a-z-]+):.*## ", Path(makefile).read_text(encoding="utf-8"), re.MULTILINE)


def anchors(text):
    """What a page can be linked to: its headings as GitHub turns them into names."""
    heads = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(PROJECT)))
def test_links_lead_to_what_is_there(page):
    if "resources" in page.parts:  # templates, which stand elsewhere when they are read
        return
    text = re.sub(r"```.*?```", "", TEXT[page], flags=re.DOTALL)
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text)):
        file, _, anchor = link.partition("#")
        if re.match("[a-z]+:", link):
            continue
        target = (page.parent / file) if file else page
        inside = target.resolve().is_relative_to(PROJECT)
        if not inside or not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("name", sorted(renew_docs.FILES))
def test_pages_made_from_the_code_are_up_to_date(name):
    page = (PROJECT / "docs" / name).read_text(encoding="utf-8")
    assert page == renew_docs.FILES[name](), f"docs/{name} is not what the code says now: run `make docs`"


def test_every_room_of_the_library_is_in_its_docstring_and_every_package_in_the_readme():
    library = PROJECT / "lib" / "crosscity"
    rooms = {p.stem for p in library.glob("[!_]*.py")} | {p.parent.name for p in library.glob("*/__init__.py")}
    assert sorted(renew_docs.rooms()) == sorted(rooms)
    table = TEXT[PROJECT / "README.md"].partition("## Where things are")[2].partition("\n## ")[0]
    named = re.findall(r"^\| `lib/crosscity/(\w+)/` \|", table, re.MULTILINE)
    assert named == [room for room in renew_docs.rooms() if (library / room).is_dir()]


def test_every_column_of_the_contract_has_a_meaning_and_no_other():
    tables, columns = descriptions()
    assert set(tables) == set(contract())
    for table, named in contract().items():
        assert set(columns[table]) == set(named)
    assert set(columns) == {*contract(), "results"}


def test_every_command_and_option_is_in_the_reference():
    page = TEXT[PROJECT / "docs" / "commands.md"]
    for name, taken in commands():
        part = page.partition(f"\n## crosscity {name}\n")[2].partition("\n## ")[0]
        assert [o for o in taken if f"`{o}`" not in part] == [], name
        assert part, name


def test_every_command_and_option_that_the_docs_name_is_there():
    known = dict(commands())
    wrong = []
    groups = "|".join({name.split()[0] for name in known if " " in name})
    for name, rest in re.findall(rf"(?<!from )\bcrosscity ((?:(?:{groups}) )?[a-z][a-z-]*)\b([^`\n]*)", CODE):
        if name not in known:
            wrong.append(name)
        else:
            # What follows a pipe or a mark of comment is another command's.
            own = re.split(r"[|#;&]| -m ", rest)[0]
            wrong += [f"{name} {o}" for o in re.findall(r"(?<!\S)--[a-z-]+", own) if o not in [*known[name], "--help"]]
    assert not wrong


def test_every_target_is_in_the_reference_and_every_one_named_is_there():
    there = {*targets(PROJECT / "Makefile"), *targets(PROJECT / "lib/crosscity/project/resources/study/Makefile")}
    named = set()
    for line in re.findall(r"(?:^|[`·;&] ?|\n)make((?: +[^\s`·#;&|]+)*)", CODE):
        named |= {word for word in line.split() if re.fullmatch("[a-z][a-z-]*", word)}
    assert named - there == set()
    assert {t for t in there if f"| `make {t}` |" not in TEXT[PROJECT / "docs" / "commands.md"]} == set()


def test_every_parameter_that_an_example_sets_is_there():
    """Lines such as `by: region` in blocks of YAML, and in how-to's between backticks."""
    blocks = re.findall(
        r"```yaml\n(.*?)```",
        "\n".join(TEXT[p] for p in WRITTEN if not {"codebook", "themes", "papers"} & set(p.stem.split("-"))),
        re.DOTALL,
    )
    names = {name for block in blocks for name in re.findall(r"^([a-z_]+):", block, re.MULTILINE)}
    assert names <= set(PARAMETERS)


def test_no_page_names_a_machine():
    # What stands for a folder of the reader's is written without a leading slash.
    found = {
        str(p.relative_to(PROJECT)): m
        for p, t in TEXT.items()
        if (m := re.findall(r"(?<![\w.<])/(?:home|root|Users|work|tmp|opt)/\w\S*", t))
    }
    assert found == {}


def test_every_page_of_docs_is_in_its_index():
    index = TEXT[PROJECT / "docs" / "README.md"]
    here = [p for p in PAGES if p.is_relative_to(PROJECT / "docs") and p.name != "README.md"]
    missing = [
        str(p.relative_to(PROJECT / "docs")) for p in here if f"({p.relative_to(PROJECT / 'docs')})" not in index
    ]
    assert not missing
    assert len(index.splitlines()) <= 60


def test_error_rates_in_the_docs_are_those_of_the_library():
    """Each row of resources/error-rates.tsv stands in docs/validation.md, rounded, and no other does."""
    lines = (PROJECT / "lib/crosscity/facts/resources/error-rates.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    expected = [
        (task, measure, f"{float(value):.2f}", items)
        for task, measure, value, _, items, genre, *_ in rows
        if genre == "party-building"
    ]
    part = TEXT[PROJECT / "docs" / "validation.md"].partition("| task |")[2].partition("\n\n")[0]
    assert [tuple(c.strip() for c in row.split("|")[1:5]) for row in part.splitlines()[2:]] == expected


def _table(page, heading):
    """The rows of the first Markdown table whose header begins so, cell by cell."""
    part = TEXT[PROJECT / "docs" / page].partition(heading)[2].partition("\n\n")[0]
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in part.splitlines()[2:]]


def test_error_rates_of_other_genres_in_the_docs_are_those_of_the_library():
    lines = (PROJECT / "lib/crosscity/facts/resources/error-rates.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    expected = [
        [genre, task, measure, f"{float(value):.2f}", items, documents]
        for task, measure, value, documents, items, genre, *_ in rows
        if genre != "party-building"
    ]
    assert _table("validation.md", "| genre |") == expected


def test_the_table_of_types_has_every_document_that_a_reader_typed():
    lines = (PROJECT / "bench/types.tsv").read_text(encoding="utf-8").splitlines()
    types = [line.split("\t")[2] for line in lines if not line.startswith("#")][1:]
    rows = _table("validation.md", "| read as |")
    assert sum(int(cell or 0) for row in rows for cell in row[1:-1]) == len(types)
    # A row may gain documents of which several types are right.
    least = Counter(kind for kind in types if "|" not in kind)
    assert all(sum(int(cell or 0) for cell in row[1:-1]) >= least[row[0]] for row in rows)


def test_figures_of_the_page_on_errors_stand_where_it_says_they_come_from():
    """Each percentage and each number with decimals in a section is on one of the pages that the section names."""
    lines = (PROJECT / "lib/crosscity/facts/resources/error-rates.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    rates = " ".join(f"{float(row[2]):.2f}" for row in rows)
    strange = {}
    for part in re.split("^## ", TEXT[PROJECT / "docs" / "validation.md"], flags=re.MULTILINE)[1:]:
        named = re.findall(r"\(([a-z-]+\.md)\)", part)
        known = " ".join([rates if "error-rates.tsv" in part else "", *(TEXT[PROJECT / "docs" / n] for n in named)])
        figures = set(re.findall(r"(?<![\w.-])\d+(?:[.,]\d+)+%?|(?<![\w.-])\d+%", part))
        lost = {f for f in figures if not re.search(rf"(?<![\d.,]){re.escape(f.rstrip('%'))}(?!\d)", known)}
        strange |= {part.splitlines()[0]: lost} if lost else {}
    assert strange == {}
