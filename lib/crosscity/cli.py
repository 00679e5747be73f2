"""The command line: what the Makefile calls, and what one calls by hand."""

import contextlib
import hashlib
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import click

from . import CrosscityError, __version__
from .files import describe_error

_PATH = click.Path(path_type=Path)
_FOLDERS = {
    "--tables": "The folder of the tables.",
    "--reports": "The folder of the reports.",
    "--state": "The folder of make's stamps for this run.",
    "--params": "The file of parameters.",
}


def _folders(*names):
    """Options that steps of the Makefile share."""

    def add(command):
        for name in reversed(names):
            command = click.option(name, type=_PATH, required=True, help=_FOLDERS[name])(command)
        return command

    return add


@click.group(help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
def app():
    """Gather the commands."""


@app.command()
@click.argument("corpus", type=_PATH)
@click.option("--out", type=_PATH, required=True, help="The folder for the tables.")
@click.option(
    "--tables",
    default="corpus,paragraphs,cleaning_log,tokens,quantities,programmes,citations,themes,stances",
    help="Which tables, with commas.",
    show_default=True,
)
@click.option("--params", type=_PATH, help="The file of parameters.")
@click.option("--jobs", default=0, help="Documents worked on at a time; 0: as many as there are cores.")
@click.option("--scheduler", help="Address of a Dask scheduler whose workers do the work: tcp://host:port.")
@click.option("--cache/--no-cache", default=True, help="Keep rows beside the tables, and use those kept.")
@click.option("--state", type=_PATH, hidden=True)
def build(corpus, out, tables, params, jobs, scheduler, cache, state):
    """Build the tables of the documents in the folder CORPUS."""
    from .files import step, write_text
    from .study import check_parameters, of_notebook, read_parameters
    from .tables import OF_TEXT
    from .tables import build as build_tables

    values = read_parameters(params) if params else check_parameters({})
    stamped: Any = contextlib.nullcontext([])
    if state:
        stamped = step(state / "tables.done", build_inputs(corpus, params, values))
    with stamped as made:
        names = [name.strip() for name in tables.split(",") if name.strip()]
        how = {"jobs": jobs or os.cpu_count(), "scheduler": scheduler, "cache": cache}
        changed, notes = build_tables(corpus, out, names, **of_notebook("build", values), **how)
        for note in notes:
            click.echo(f"note: {_plain(note)}", err=True)
        click.echo(f"{out}: {', '.join(changed) + ' written' if changed else 'nothing changed'}")
        if state:
            made += [out / f"{name}.parquet" for name in names]
            made += sorted((out / OF_TEXT).glob("*.json"))  # holds the sums of the others
            write_text(state / "tables.sha256", "".join(f"{_sha256(f)}  {f.name}\n" for f in made), "surrogateescape")
            made.append(state / "tables.sha256")


def build_inputs(corpus, params, values):
    """What tables are made of: documents, parameters and the files that they name, and the code."""
    from .files import code_inputs, inputs_of
    from .study import named_paths, of_notebook

    named = named_paths(of_notebook("build", values), params.parent if params else Path())
    code = code_inputs("tables", "study.parameters", "files.stamps")
    own = inputs_of([__file__])[1:]
    return [*inputs_of([params] if params else [], folders=[corpus], trees=named), *own, *code]


def _plain(text):
    """A message in which names of files and cells cannot move the cursor of a terminal, or turn what it shows."""
    return re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", lambda m: ascii(m[0])[1:-1], str(text))


def _sha256(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@app.command()
@click.argument("tables", type=_PATH)
@click.argument("out", type=_PATH)
@click.option(
    "--derived", is_flag=True, help="An edition without text: what holds a sentence or the order of words is withheld."
)
@click.option("--params", type=_PATH, help="The file of parameters by which passages and the like are found.")
def export(tables, out, derived, params):
    """Write the tables in the folder TABLES as CSV files into the folder OUT."""
    from .project.export import export as export_tables
    from .study import read_parameters

    files = export_tables(tables, out, derived, read_parameters(params) if params else None)
    click.echo(f"{out}: {len(files)} files")


@app.command()
@click.argument("corpus", type=_PATH)
@click.option(
    "--against", type=_PATH, multiple=True, help="Another corpus, none of whose documents should be in this one."
)
def check(corpus, against):
    """Say what is wrong with the folder CORPUS, document by document."""
    from .tables.audit import check as check_corpus

    said = check_corpus(corpus, against)
    click.echo(_plain("\n".join(said)) if said else "nothing is odd")


@app.command()
@_folders("--tables", "--reports", "--state", "--params")
def plan(tables, reports, state, params):
    """Work out which notebooks run, and with what."""
    from .files import code_inputs, inputs_of, step
    from .project.pipeline import plan as make_plan
    from .study import named_paths, read_parameters

    named = named_paths(read_parameters(params), params.parent)
    inputs = [*inputs_of([params, state / "tables.sha256"], trees=named), *code_inputs()]
    with step(state / "plan.done", inputs) as made:
        runs = make_plan(params, tables, reports, state)
        made += [state / "plan.json", state / "plan.mk"]
        made += [state / "parameters" / f"{run['id']}.json" for run in runs]


@app.command()
@click.argument("identity")
@_folders("--state")
def run(identity, state):
    """Run the notebook that the plan calls IDENTITY."""
    from .project.pipeline import run as run_notebook

    click.echo(f"{identity} ...")
    run_notebook(identity, state)


@app.command()
@_folders("--tables", "--reports", "--state", "--params")
def report(tables, reports, state, params):
    """Gather what the notebooks made into index.html."""
    from .files import code_inputs, inputs_of, outputs_of, step
    from .project.report import write_report

    results = [path for stamp in sorted((state / "runs").glob("*.done")) for path in outputs_of(stamp)]
    inputs = [*inputs_of([params, state / "plan.json", *results]), *code_inputs()]
    with step(state / "report.done", inputs) as made:
        made += write_report(params, tables, reports, state)
    click.echo(f"report: {made[0]}")


@app.command()
@click.argument("folder", type=_PATH)
@click.argument("reference", type=_PATH)
@click.option("--out", type=_PATH, required=True, help="A folder for what is found.")
def verify(folder, reference, out):
    """Hold the run in FOLDER (with its processed and reports) against the folder REFERENCE."""
    from .project.verify import PASSED, told
    from .project.verify import verify as hold

    compared, reasons = hold(folder, reference, out)
    click.echo("\n".join([*told(compared), f"in full: {out / 'verification.html'}"]))
    if any(one.verdict not in PASSED for one in compared):
        click.echo("\n".join(["the two runs differ in:", *(f"    {r}" for r in reasons[:12])]) if reasons else "")
        sys.exit(1)


@app.command()
@click.argument("folder", type=_PATH)
@click.argument("reference", type=_PATH)
def reference(folder, reference):
    """Keep what the run in FOLDER gave as the folder REFERENCE."""
    from .project.verify import write_reference

    click.echo(f"{reference}: {write_reference(folder, reference)} files")


@app.command()
@click.argument("reports", type=_PATH)
@click.argument("out", type=_PATH)
@click.option("--spec", type=_PATH, help="A file that names tables, numbers and figures; else all are given.")
def paper(reports, out, spec):
    """Write what a paper takes from the report in REPORTS into the folder OUT: figures, tables, numbers, references."""
    from .project.paper import write_paper

    click.echo(f"{out}: {len(write_paper(reports, out, spec))} files")


@app.command()
@click.argument("folder", type=_PATH)
@click.option(
    "--codebook",
    type=click.Choice(["party", "report"]),
    default="report",
    show_default=True,
    help="Which codebook to copy, to be edited.",
)
@click.option("--practice", is_flag=True, help="Thirty invented documents in practice/, to try.")
def new(folder, codebook, practice):
    """Lay out a study of your own in FOLDER, which must not be there or be empty."""
    from .project.scaffold import new as lay_out

    files = lay_out(folder, codebook, practice)
    click.echo(_plain(f"{folder}: {len(files)} files; its README.md has the next three steps"))


@app.command()
@click.argument("files", type=_PATH, nargs=-1, required=True)
@click.option("--corpus", type=_PATH, help="Left out: ./corpus, or that of the study one is in.")
@click.option("--set", "stated", multiple=True, metavar="COLUMN=VALUE", help="A cell of every new row: year=2024.")
@click.option("--yes", is_flag=True, help="Keep what is guessed without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
def add(files, corpus, stated, yes, dry_run):
    """Copy documents, the FILES or those of folders, into a corpus, and describe them in its corpus.csv."""
    from .project.intake import commit, shown, stated_cells, survey

    folder = corpus or _corpus_here()
    found = survey(list(files), folder, stated_cells(stated))
    for note in found.notes:
        click.echo(_plain(f"note: {note}"), err=True)
    click.echo(_plain("\n".join(shown(found))) or "nothing is new")
    if dry_run or not (found.entries or found.copies):
        return
    guesses = sum(map(len, (e.guessed for e in found.entries)))
    answer = "y" if yes or not guesses else "e"
    if answer == "e" and sys.stdin.isatty() and sys.stdout.isatty():
        question = f"{guesses} cells with ? are guesses. Keep them? (n: do nothing; e: keep them marked)"
        answer = click.prompt(question, type=click.Choice(["y", "n", "e"], case_sensitive=False), default="y").lower()
    if answer == "n":
        click.echo("nothing was done")
        return
    commit(found, answer == "y")
    click.echo(_plain(f"{folder}: {len(found.copies)} documents copied, {len(found.entries)} rows in corpus.csv"))
    if answer == "y" and guesses:
        click.echo(f"{guesses} guesses taken as right")
    if answer == "e":
        click.echo(_plain(f"edit {folder / 'corpus.csv'}: its column unconfirmed names guesses; empty it when right"))


def _corpus_here():
    """The folder of documents where none is named."""
    from .project.scaffold import CORPUS, home_of

    if Path(CORPUS).is_dir():
        return Path(CORPUS)
    if home := home_of(Path.cwd()):
        return home / CORPUS
    msg = "there is no folder corpus here, nor a study: name the folder of documents, --corpus FOLDER"
    raise CrosscityError(msg)


@app.command()
@click.argument("folder", type=_PATH)
def notebooks(folder):
    """Copy the suite's notebooks into the study in FOLDER, each with the study's parameters and tables."""
    from .project.scaffold import lay_notebooks

    made = lay_notebooks(folder)
    click.echo(
        _plain(f"{folder}: {', '.join(made)} laid out in notebooks/") if made else f"{folder}: notebooks are there"
    )


@app.command()
def version():
    """Print the version."""
    click.echo(__version__)


def main():
    """Run the command line; an error that a user can mend is one message and exit status 2."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing half-written stays
    try:
        app(prog_name="crosscity")
    except CrosscityError as error:
        click.echo(f"error: {_plain(error)}", err=True)
        sys.exit(2)
    except OSError as error:
        # A full disk, a folder that cannot be written: the system's own words name the file.
        click.echo(_plain(f"error: {describe_error(error)}"), err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
