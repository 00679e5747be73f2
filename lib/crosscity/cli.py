"""The command line: what the Makefile calls, and what one calls by hand."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import CrosscityError, __version__
from .files import describe_error, describe_shortage, limit_notes, printable, restart_in_utf8

try:
    import click
except ImportError as missing:  # a Python that is named by PYTHON= and was never given the lock
    print(f"error: {describe_shortage(missing) or missing}", file=sys.stderr)
    sys.exit(2)

if TYPE_CHECKING:
    from collections.abc import Callable

_PATH = click.Path(path_type=Path)
_FOLDERS = {
    "--tables": "The folder of the tables.",
    "--reports": "The folder of the reports.",
    "--state": "The folder of make's stamps for this run.",
    "--params": "The file of parameters.",
}


def _folders(*names: str) -> Callable[[Any], Any]:
    """Options that steps of the Makefile share."""

    def add(command: Any) -> Any:
        for name in reversed(names):
            command = click.option(name, type=_PATH, required=True, help=_FOLDERS[name])(command)
        return command

    return add


@click.group(help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
def app() -> None:
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
def build(
    corpus: Path,
    out: Path,
    tables: str,
    params: Path | None,
    jobs: int,
    scheduler: str | None,
    cache: bool,
    state: Path | None,
) -> None:
    """Build the tables of the documents in the folder CORPUS."""
    from .project.build import build_tables

    names = [name.strip() for name in tables.split(",") if name.strip()]
    settings = {"jobs": jobs or os.cpu_count(), "scheduler": scheduler, "cache": cache}
    changed, notes = build_tables(corpus, out, names, params, state, **settings)
    for note in notes:
        click.echo(f"note: {printable(note)}", err=True)
    click.echo(f"{out}: {', '.join(changed) + ' written' if changed else 'nothing changed'}")


@app.command()
@click.argument("tables", type=_PATH)
@click.argument("out", type=_PATH)
@click.option(
    "--derived", is_flag=True, help="An edition without text: what holds a sentence or the order of words is withheld."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["tables", "qda", "doccano", "label-studio", "r", "vertical", "conllu"]),
    help="tables: CSV of all tables. Others: docs/exchange.md. Left out: what the ending of OUT tells, else tables.",
)
@click.option("--params", type=_PATH, help="The file of parameters: which documents take part, what is asked of them.")
def export(tables: Path, out: Path, derived: bool, form: str | None, params: Path | None) -> None:
    """Write what is in the folder TABLES for other programs, into the folder or file OUT."""
    from .project.exchange.formats import format_of, write_format
    from .project.export import export as export_tables
    from .study import read_parameters

    values = read_parameters(params) if params else None
    form = form or format_of(out) or "tables"
    if form == "tables":
        files = export_tables(tables, out, derived, values)
    elif derived:
        msg = f"the format {form} is made of text, and --derived withholds it: leave one of the two out"
        raise CrosscityError(msg)
    else:
        files = write_format(tables, out, form, values)
    click.echo(printable(f"{out}: {len(files)} files" if len(files) > 1 else f"{out} written"))


@app.group()
def coding() -> None:
    """Coding by people: what they change in other programs."""


@coding.command("import")
@click.argument("file", type=_PATH)
@click.option("--tables", type=_PATH, help="The folder of the tables that were exported. Left out: the study's here.")
@click.option("--out", type=_PATH, default=Path("answers/coded"), help="The folder for the answers.", show_default=True)
@click.option("--coder", default="", help="Whose answers they are. Left out: the only user that the file names.")
@click.option("--params", type=_PATH, help="The file of parameters with which the tables were exported.")
def import_coding(file: Path, tables: Path | None, out: Path, coder: str, params: Path | None) -> None:
    """Take what people changed in FILE (.qdpx; .json or .jsonl of doccano and Label Studio) as their answers."""
    from .project.exchange.corrections import change_sentences, corrections, replaced_answers, write_corrections
    from .project.exchange.spans import read_coded
    from .study import read_parameters

    study = read_coded(tables or _tables_here(), read_parameters(params) if params else None)
    result = corrections(file, study, coder)
    if replaced := replaced_answers(result, out):
        result.notes.append(f"other answers of {result.coder} were there, and are replaced: {', '.join(replaced)}")
    write_corrections(result, out)
    for note in result.notes:
        click.echo(printable(f"note: {note}"), err=True)
    items = sum(len(frame) for frame in result.answers.values())
    changed = len(result.changes)
    click.echo(printable("\n".join(change_sentences(result))) if changed else "nothing was changed")
    click.echo(printable(f"{out}: {items} answers of {result.coder}, {changed} unlike the suite's; coding: {out}"))


def _tables_here() -> Path:
    """The tables of the study that one is in, else the suite's."""
    from . import PROJECT
    from .study import find_study

    home = find_study(Path.cwd())
    return home / "results" / "processed" if home else PROJECT / "data" / "processed"


@app.command()
@click.argument("corpus", type=_PATH)
@click.option(
    "--against", type=_PATH, multiple=True, help="Another corpus, none of whose documents should be in this one."
)
def check(corpus: Path, against: tuple[Path, ...]) -> None:
    """Say what is wrong with the folder CORPUS, document by document."""
    from .tables.audit import check as check_corpus

    sentences = check_corpus(corpus, against)
    click.echo(printable("\n".join(sentences)) if sentences else "nothing is odd")


@app.command(name="all")
@click.argument("corpus", type=_PATH)
@_folders("--tables", "--reports", "--state", "--params")
@click.option("--jobs", default=0, help="Notebooks at a time; 0: as the cores allow.")
@click.option("--report/--no-report", "with_report", default=True, help="Gather the report as well.")
@click.pass_context
def all_stages(
    context: click.Context,
    corpus: Path,
    tables: Path,
    reports: Path,
    state: Path,
    params: Path,
    jobs: int,
    with_report: bool,
) -> None:
    """Do what is stale of a study of the documents in CORPUS: tables, notebooks, report."""
    from .project.scheduling import run_all

    folders = {"tables": tables, "reports": reports, "state": state, "params": params}
    stages = {
        "tables": lambda: context.invoke(build, corpus=corpus, out=tables, params=params, state=state),
        "plan": lambda: context.invoke(plan, **folders),
    }
    if with_report:
        stages["report"] = lambda: context.invoke(report, **folders)
    if status := run_all(state, stages, jobs, lambda name: click.echo(f"{name} ..."), guarded):
        sys.exit(status)


@app.command()
@_folders("--tables", "--reports", "--state", "--params")
def plan(tables: Path, reports: Path, state: Path, params: Path) -> None:
    """Work out which notebooks run, and with what."""
    from .project.pipeline import plan as write_plan

    write_plan(params, tables, reports, state)


@app.command()
@click.argument("identity", required=False)
@_folders("--state")
@click.option("--jobs", default=0, help="Notebooks at a time; 0: as the cores allow.")
@click.option("--scheduler", help="Address of a Dask scheduler whose workers make draws and refits: tcp://host:port.")
def run(identity: str | None, state: Path, jobs: int, scheduler: str | None) -> None:
    """Run the notebook that the plan calls IDENTITY, or all that are stale."""
    from .cluster import SCHEDULER

    if scheduler:
        os.environ[SCHEDULER] = scheduler
    if identity:
        from .project.pipeline import run as run_notebook

        click.echo(f"{identity} ...")
        run_notebook(identity, state)
        return
    from .project.scheduling import run_stale

    if run_stale(state, jobs, lambda name: click.echo(f"{name} ..."), guarded):
        sys.exit(2)


@app.command()
@_folders("--tables", "--reports", "--state", "--params")
def report(tables: Path, reports: Path, state: Path, params: Path) -> None:
    """Gather what the notebooks made into index.html."""
    from .project.report import make_report

    click.echo(f"report: {make_report(params, tables, reports, state)[0]}")


@app.command()
@click.argument("folder", type=_PATH)
@click.argument("reference", type=_PATH)
@click.option("--out", type=_PATH, required=True, help="A folder for what is found.")
def verify(folder: Path, reference: Path, out: Path) -> None:
    """Hold the run in FOLDER (with its processed and reports) against the folder REFERENCE."""
    from .project.verify import PAGE, PASSED, summary_lines
    from .project.verify import verify as compare

    comparisons, reasons = compare(folder, reference, out)
    click.echo("\n".join([*summary_lines(comparisons), f"in full: {out / PAGE}"]))
    if any(comparison.verdict not in PASSED for comparison in comparisons):
        lines = ["the two runs differ in:", *(f"    {reason}" for reason in reasons[:12])] if reasons else []
        click.echo("\n".join(lines))
        sys.exit(1)


@app.command()
@click.argument("folder", type=_PATH)
@click.argument("reference", type=_PATH)
def reference(folder: Path, reference: Path) -> None:
    """Keep what the run in FOLDER gave as the folder REFERENCE."""
    from .project.verify import write_reference

    click.echo(f"{reference}: {write_reference(folder, reference)} files")


@app.command()
@click.argument("reports", type=_PATH)
@click.argument("out", type=_PATH)
@click.option("--spec", type=_PATH, help="A file that names tables, numbers and figures; else all are given.")
def paper(reports: Path, out: Path, spec: Path | None) -> None:
    """Write what a paper takes from the report in REPORTS into the folder OUT: figures, tables, numbers, references."""
    from .project.paper import write_paper

    click.echo(f"{out}: {len(write_paper(reports, out, spec))} files")


@app.command()
@click.argument("results", type=_PATH)
@click.argument("out", type=_PATH)
@click.option("--author", multiple=True, metavar="NAME", help='"Family, Given (ORCID)"; once for each. Required.')
@click.option("--date", default="", help="The day of publication: 2026-12-31. Required.")
@click.option("--title", default="", help="Left out: how many documents, compared by what.")
@click.option(
    "--licence", default="CC-BY-4.0", show_default=True, help="Of tables and figures, by its SPDX identifier."
)
@click.option("--rights", default="", help="Under what documents may be passed on, where corpus.csv has no rights.")
@click.option("--source", default="", help="How the documents were obtained, and how others can obtain them.")
@click.option("--corpus", type=_PATH, help="The folder of the documents, to go along. Left out: no text does.")
@click.option("--jobs", default=1, show_default=True, help="Notebooks that run at a time, where no text goes along.")
def deposit(
    results: Path,
    out: Path,
    author: tuple[str, ...],
    date: str,
    title: str,
    licence: str,
    rights: str,
    source: str,
    corpus: Path | None,
    jobs: int,
) -> None:
    """Write a folder to upload into OUT: what the run in RESULTS gave, its code, and how to run it again."""
    from .project.deposit import Stated, write_deposit

    stated = Stated(author, date, title, licence, rights, source)
    files = write_deposit(results, out, stated, corpus, jobs, lambda line: click.echo(printable(line)))
    click.echo(printable(f"{out}: {len(files)} files; nothing was uploaded"))


@app.command()
@click.argument("folder", type=_PATH)
@click.option(
    "--codebook",
    type=click.Choice(["party", "report", "policy"]),
    default="report",
    show_default=True,
    help="Which codebook to copy, to be edited.",
)
@click.option("--practice", is_flag=True, help="Thirty invented documents in practice/, to try.")
def new(folder: Path, codebook: str, practice: bool) -> None:
    """Lay out a study of your own in FOLDER, which must not be there or be empty."""
    from .project.scaffold import create_study

    files = create_study(folder, codebook, practice)
    click.echo(printable(f"{folder}: {len(files)} files; its README.md has the next three steps"))


@app.command()
@click.argument("files", type=_PATH, nargs=-1)
@click.option("--corpus", type=_PATH, help="Left out: ./corpus, or that of the study one is in.")
@click.option("--set", "stated", multiple=True, metavar="COLUMN=VALUE", help="A cell of every new row: year=2024.")
@click.option("--yes", is_flag=True, help="Keep what is guessed without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
def add(files: tuple[Path, ...], corpus: Path | None, stated: tuple[str, ...], yes: bool, dry_run: bool) -> None:
    """Copy documents, the FILES or those of folders, into a corpus, and describe them in its corpus.csv.

    With --yes and no FILES, take guesses that corpus.csv names as unconfirmed for right.
    """
    from .files import lock_folder, sweep_halves
    from .project.intake import commit, confirm_guesses, parse_cells, preview_lines, survey

    if not files and not yes:
        msg = "name documents to add; or --yes alone, to take the guesses in corpus.csv for right"
        raise CrosscityError(msg)

    folder = corpus or _corpus_here()
    if folder.is_dir() and not dry_run:
        lock_folder(folder, "another add", wait=True)  # until this process ends: rows are read, then written
        sweep_halves(folder)
    if not files:
        n = confirm_guesses(folder, write=not dry_run)
        click.echo(printable(f"{folder}: {n} guesses {'would be ' * dry_run}taken as right"))
        return
    result = survey(list(files), folder, parse_cells(stated))
    for note in result.notes:
        click.echo(printable(f"note: {note}"), err=True)
    click.echo(printable("\n".join(preview_lines(result))) or "nothing is new")
    if dry_run or not (result.entries or result.copies):
        return
    guesses = sum(len(entry.guessed) for entry in result.entries)
    answer = "y" if yes or not guesses else _confirm(guesses)
    if answer == "n":
        click.echo("nothing was done")
        return
    commit(result, answer == "y")
    click.echo(printable(f"{folder}: {len(result.copies)} documents copied, {len(result.entries)} rows in corpus.csv"))
    if answer == "y" and guesses:
        click.echo(f"{guesses} guesses taken as right")
    if answer == "e":
        manifest = folder / "corpus.csv"
        click.echo(printable(f"edit {manifest}: its column unconfirmed names guesses; empty it when right"))


def _confirm(guesses: int) -> str:
    """Whether guesses are right (y), nothing is to be done (n), or they are marked (e): nobody there means e."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "e"
    question = f"{guesses} cells with ? are guesses. Keep them? (n: do nothing; e: keep them marked)"
    return click.prompt(question, type=click.Choice(["y", "n", "e"], case_sensitive=False), default="y").lower()


def _corpus_here() -> Path:
    """The folder of documents where none is named."""
    from .study import CORPUS, find_study

    if Path(CORPUS).is_dir():
        return Path(CORPUS)
    if home := find_study(Path.cwd()):
        return home / CORPUS
    msg = "there is no folder corpus here, nor a study: name the folder of documents, --corpus FOLDER"
    raise CrosscityError(msg)


@app.command()
@click.argument("folder", type=_PATH)
def notebooks(folder: Path) -> None:
    """Copy the suite's notebooks into the study in FOLDER, each with the study's parameters and tables."""
    from .project.scaffold import copy_notebooks

    names = copy_notebooks(folder)
    what = f"{', '.join(names)} laid out in notebooks/" if names else "notebooks are there"
    click.echo(printable(f"{folder}: {what}"))


@app.command()
def version() -> None:
    """Print the version."""
    click.echo(__version__)


def console() -> None:
    """Run the command line as a process of its own: in Python's UTF-8 mode, whatever the locale."""
    restart_in_utf8()
    main()


def main() -> None:
    """Run the command line; an error that a user can mend is one message and exit status 2."""
    guarded(lambda: app(prog_name="crosscity"))


def guarded(action: Callable[[], None]) -> None:
    """Call a function; an error that a user can mend is one message and exit status 2."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing half-written stays
    for note in limit_notes():
        click.echo(f"note: {note}", err=True)
    try:
        action()
    except CrosscityError as error:
        click.echo(f"error: {printable(error)}", err=True)
        sys.exit(2)
    except OSError as error:
        # A full disk, a folder that cannot be written: the system's own words name the file.
        click.echo(printable(f"error: {describe_error(error)}"), err=True)
        sys.exit(2)
    except Exception as error:
        if not (said := describe_shortage(error)):
            raise
        click.echo(printable(f"error: {said}"), err=True)
        sys.exit(2)


if __name__ == "__main__":
    console()
