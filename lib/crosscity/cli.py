"""The command line: what the Makefile calls, and what one calls by hand."""

import hashlib
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from . import CrosscityError, __version__

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
_ParametersFile = Annotated[Path, typer.Option("--params", help="The file of parameters.")]
_State = Annotated[Path, typer.Option(help="The folder of make's stamps for this run.")]


@app.command()
def build(
    corpus: Annotated[Path, typer.Argument(help="The folder of documents.")],
    out: Annotated[Path, typer.Option(help="The folder for the tables.")],
    tables: Annotated[str, typer.Option(help="Which tables, with commas.")] = "corpus,paragraphs,cleaning_log,tokens",
    params: Annotated[Path | None, typer.Option(help="The file of parameters.")] = None,
    jobs: Annotated[int, typer.Option(help="Documents worked on at a time; 0: as many as there are cores.")] = 0,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler whose workers do the work: tcp://host:port.")
    ] = None,
    cache: Annotated[bool, typer.Option(help="Keep rows in the folder of the tables, and use those kept.")] = True,
    state: Annotated[Path | None, typer.Option(hidden=True)] = None,
):
    """Build the tables of a corpus."""
    from .build import build as build_tables
    from .parameters import check_parameters, of_notebook, read_parameters

    values = read_parameters(params) if params else check_parameters({})
    names = [name.strip() for name in tables.split(",") if name.strip()]
    chosen = {**of_notebook("build", values), "jobs": jobs or os.cpu_count(), "scheduler": scheduler, "cache": cache}
    changed, notes = build_tables(corpus, out, names, **chosen)
    for note in notes:
        typer.echo(f"note: {note}", err=True)
    typer.echo(f"{out}: {', '.join(changed) + ' written' if changed else 'nothing changed'}")
    if state:
        from .state import write_if_changed, write_stamp

        files = [out / f"{name}.parquet" for name in names]
        sums = "".join(f"{_sha256(f)}  {f.name}\n" for f in files)
        write_if_changed(state / "tables.sha256", sums)
        write_stamp(state / "tables.done", files)


def _sha256(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@app.command()
def check(
    corpus: Annotated[Path, typer.Argument(help="The folder of documents.")],
    against: Annotated[
        list[Path] | None, typer.Option(help="Another corpus, none of whose documents should be in this one.")
    ] = None,
):
    """Say what is wrong with a corpus, document by document."""
    from .audit import check as check_corpus

    said = check_corpus(corpus, against or ())
    typer.echo("\n".join(said) if said else "nothing is odd")


@app.command()
def plan(
    tables: Annotated[Path, typer.Option(help="The folder of the tables.")],
    reports: Annotated[Path, typer.Option(help="The folder for the reports.")],
    state: _State,
    params: _ParametersFile,
):
    """Work out which notebooks run, and with what."""
    from .pipeline import plan as make_plan
    from .state import write_stamp

    make_plan(params, tables, reports, state)
    write_stamp(state / "plan.done", [state / "plan.json", state / "plan.mk"])


@app.command()
def run(
    identity: Annotated[str, typer.Argument(help="The run, as plan.json names it.")],
    state: _State,
):
    """Run one notebook of the plan."""
    from .pipeline import run as run_notebook

    typer.echo(f"{identity} ...")
    run_notebook(identity, state)


@app.command()
def report(
    tables: Annotated[Path, typer.Option(help="The folder of the tables.")],
    reports: Annotated[Path, typer.Option(help="The folder of the reports.")],
    state: _State,
    params: _ParametersFile,
):
    """Gather what the notebooks made into index.html."""
    from .report import write_report
    from .state import write_stamp

    pages = write_report(params, tables, reports, state)
    write_stamp(state / "report.done", pages)
    typer.echo(f"report: {pages[0]}")


@app.command()
def version():
    """Print the version."""
    typer.echo(__version__)


def main():
    """Run the command line; an error that a user can mend is one message and exit status 2."""
    try:
        app()
    except CrosscityError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        # A full disk, a folder that cannot be written: the system's own words name the file.
        typer.echo(f"error: {error.strerror}: {error.filename}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
