"""Plan which notebooks run, with which parameters, and run them through papermill."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import PROJECT, CrosscityError
from ..files import (
    RUNTIME,
    check_replaceable,
    code_inputs,
    describe_failed_cell,
    describe_shortage,
    inputs_of,
    is_own,
    kept_folder,
    remove_outputs,
    step,
    whole_folder,
    write_text,
    write_whole,
)
from ..study import SUMMARIES, named_paths, notebook_parameters, read_parameters
from .measured import measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Planned = dict[str, Any]  # a run: id, notebook, parameters, out

NOTEBOOKS_FOLDER = PROJECT / "notebooks"
MANIFEST = "manifest.json"  # of a report: the record of its run
MAKER = "run"  # of folders of results
SUMMED_UP = "08-facts"  # shows a person's summaries, which may come to be there
PROFILE = "05-profile"  # runs once a group, behind the others
LAST = "explore"  # runs behind the profiles
OF_GROUPS = ("04-compare", PROFILE, "06-pair", "09-robustness")  # one group has nothing to be compared with
_NUMBERED = re.compile("[0-9]{2}-.+")
_LONGEST_GROUP = 40  # characters of a group in the name of its run
_WARNING_PATH = re.compile(r"^.*[/\\](?=[^/\\]+:[0-9]+: \w+: )", re.MULTILINE)


def notebook_names() -> list[str]:
    """Names of the notebooks that run: those in the folder of notebooks with a number, in its order, then the last."""
    names = sorted(path.stem for path in NOTEBOOKS_FOLDER.glob("*.ipynb"))
    return [*(name for name in names if _NUMBERED.fullmatch(name)), *(name for name in names if name == LAST)]


def run_id(notebook: str, group: str | None = None) -> str:
    """A name for a run that make and every file system take: letters (Chinese ones too), digits, - and _."""
    if group is None:
        return notebook
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in group)[:_LONGEST_GROUP]
    if safe == group:
        return f"{notebook}-{safe}"
    return f"{notebook}-{safe}-{hashlib.sha256(group.encode()).hexdigest()[:6]}"


def plan(parameters: Path | str, tables: Path | str, reports: Path | str, state: Path | str) -> list[Planned]:
    """Write the plan of a run: plan.json, the parameters of each notebook, and a stamp.

    Parameters
    ----------
    parameters : str or Path
        The YAML file.
    tables, reports, state : str or Path
        Folders: where the tables are, where reports go, where make's stamps live.

    Returns
    -------
    list of dict
        A run each: id, notebook, parameters, out.

    Raises
    ------
    CrosscityError
        If the parameter profiles names a group that is not there, or the report would replace files that no run made.
    """
    parameters, state = Path(parameters), Path(state)
    files = [parameters, state / "tables.sha256"]
    named = named_paths(read_parameters(parameters), parameters.parent)
    # Of the notebooks, which there are decides.
    inputs = [*inputs_of(files, folders=[NOTEBOOKS_FOLDER], trees=named), *code_inputs()]
    with step(state / "plan.done", inputs) as outputs:
        runs = _planned_runs(parameters, tables, reports)
        _check_reports(Path(reports), runs)
        _write_plan(runs, state)
        outputs.append(state / "plan.json")
        outputs += [state / "parameters" / f"{run['id']}.json" for run in runs]
    return runs


def _planned_runs(parameters: Path, tables: Path | str, reports: Path | str) -> list[Planned]:
    from ..study.grouped_corpus import GroupedCorpus  # here, since a run has no need of it: it takes a second to import

    values = read_parameters(parameters)
    corpus = GroupedCorpus(tables, values)
    groups = corpus.groups()
    if unknown := [g for g in values["profiles"] if g not in groups]:
        msg = f"{parameters}: profiles names {unknown[0]!r}; by {corpus.by} there are {', '.join(groups[:20])}"
        raise CrosscityError(msg)
    names = [name for name in notebook_names() if len(groups) > 1 or name not in OF_GROUPS]
    runs = [planned_run(name, None, values, tables, reports) for name in names if name != PROFILE]
    if PROFILE in names:
        profiles = values["profiles"] or corpus.displayed_groups(values["max_profiles"])
        runs += [planned_run(PROFILE, group, values, tables, reports) for group in profiles]
    return sorted(runs, key=lambda run: run["notebook"] == LAST)


def _check_reports(reports: Path, runs: list[Planned]) -> None:
    """Raise if the report would replace what the suite did not make."""
    for folder in [Path(run["out"]) for run in runs]:
        check_replaceable(folder, MAKER)
    index = reports / "index.html"
    if index.exists() and not (reports / MANIFEST).is_file() and not is_own(index):
        msg = f"{index} is there, and no run made it: move it away, or give another folder (OUT=)"
        raise CrosscityError(msg)


def _write_plan(runs: list[Planned], state: Path) -> None:
    for run in runs:
        write_text(
            state / "parameters" / f"{run['id']}.json", json.dumps(run, ensure_ascii=False, indent=1), "surrogateescape"
        )
    _remove_stale(state, {run["out"] for run in runs})
    write_text(state / "plan.json", json.dumps(runs, ensure_ascii=False, indent=1), "surrogateescape")


def planned_run(
    notebook: str, group: str | None, values: Mapping[str, Any], tables: Path | str, reports: Path | str
) -> Planned:
    """A run of a plan: id, notebook, parameters, out; of a profile with its group."""
    identity = run_id(notebook, group)
    parameters = notebook_parameters(notebook, values) | {"tables": str(tables)}
    if group is not None:
        parameters["group"] = group
    return {"id": identity, "notebook": notebook, "parameters": parameters, "out": str(Path(reports) / identity)}


def _remove_stale(state: Path, current: set[str]) -> None:
    """Remove results of the former plan that the new one lacks: they must not be taken for new ones.

    The former plan is replaced only after that, so that the next call completes one that was killed here.
    """
    try:
        former = json.loads((state / "plan.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    for run in former:
        if run["out"] not in current:
            stamp = state / "runs" / f"{run['id']}.done"
            remove_outputs([stamp, state / "report.done"], within=Path(run["out"]))
            stamp.unlink(missing_ok=True)


def run(identity: str, state: Path | str) -> None:
    """Run one notebook of the plan; its folder under reports/ is replaced as a whole, or not at all.

    Raises
    ------
    CrosscityError
        If a cell fails: with the cell's error, and the place of the notebook as far as it came.
    """
    state = Path(state)
    parameters = state / "parameters" / f"{identity}.json"
    planned = json.loads(parameters.read_text(encoding="utf-8"))
    out = Path(planned["out"])
    files = [parameters, notebook_path(planned["notebook"]), state / "tables.sha256"]
    if planned["notebook"] == SUMMED_UP:
        files.append(kept_folder(out.parent) / SUMMARIES)
    inputs = [*inputs_of(files, trees=named_paths(planned["parameters"])), *code_inputs()]
    failure = failed_run(state, identity)
    from .kernels import forked_kernel

    with step(state / "runs" / f"{identity}.done", inputs) as outputs, measure(state, identity):
        with whole_folder(out, MAKER, kept_folder(out.parent, out.name)) as partial:
            try:
                with forked_kernel():
                    _execute(planned, partial, state)
            except CrosscityError as error:
                write_text(failure, json.dumps({"message": str(error)}, ensure_ascii=False) + "\n")
                raise
            failure.unlink(missing_ok=True)
            made = sorted(path.relative_to(partial) for path in partial.rglob("[!.]*") if path.is_file())
        outputs += [out / path for path in made]


def failed_run(state: Path, identity: str) -> Path:
    """Where the message of a run that failed is kept, for the report; there is none of a run that did not."""
    return state / "failed" / f"{identity}.json"


def notebook_path(name: str) -> Path:
    """The committed notebook of a name, such as 04-compare."""
    return NOTEBOOKS_FOLDER / f"{name}.ipynb"


def _execute(planned: Planned, partial: Path, state: Path) -> None:
    """Run a notebook through papermill into a folder."""
    block_grammar_package()
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    source = notebook_path(planned["notebook"])
    executed = partial / "notebook.ipynb"
    on_terminal = sys.stderr.isatty()  # bars of what takes long come through to it
    if on_terminal:
        os.environ["CROSSCITY_PROGRESS"] = "1"
    os.environ["PYTHONUTF8"] = "1"  # of the kernel, however this process was started
    os.environ["CROSSCITY_PARENT"] = str(os.getpid())
    tempfile.tempdir = str((state / RUNTIME).absolute())  # where jupyter_client notes how a kernel is reached
    Path(tempfile.tempdir).mkdir(parents=True, exist_ok=True)
    try:
        for attempt in (1, 2):
            try:
                papermill.execute_notebook(
                    str(source),
                    str(executed),
                    parameters=planned["parameters"] | {"out": str(partial)},
                    kernel_name="python3",
                    cwd=str(Path.cwd()),
                    progress_bar=False,
                    log_output=False,
                    stderr_file=sys.stderr if on_terminal else None,
                )
                break
            except RuntimeError as error:
                # Kernels that start at once race for ports; the loser dies before its first cell.
                if attempt == 2 or isinstance(error, PapermillExecutionError | DeadKernelError):
                    raise
        _normalize(executed, str(partial), planned["out"])
    except PapermillExecutionError as error:
        value = error.evalue.strip() if error.ename == "CrosscityError" else f"{error.ename}: {error.evalue.strip()}"
        value = describe_failed_cell(error.ename, error.evalue) or value
        msg = f"{source.name} failed in cell {error.exec_count}: {value}"
        with contextlib.suppress(OSError):  # the disk may be full, but the cell's error is the message
            failed = state / "failed" / f"{planned['id']}.ipynb"
            write_whole(failed, executed.read_bytes())
            msg += f"\n  as far as it came: {failed}"
        raise CrosscityError(msg) from None
    except DeadKernelError:
        msg = f"{source.name}: its kernel was killed, most likely for want of memory: run fewer at a time, make -j1"
        raise CrosscityError(msg) from None
    except RuntimeError as error:
        if describe_shortage(error):
            raise
        said = str(error).partition("\n")[0]
        msg = f"{source.name}: its kernel did not start ({said}), most likely for want of memory, processes or open "
        msg += "files: run fewer at a time, make -j1"
        raise CrosscityError(msg) from None
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), error.filename or str(executed)) from None


def block_grammar_package() -> None:
    """Keep jsonschema from building a grammar of addresses that notebooks have no use for: it takes seconds.

    jsonschema does without where the package is absent.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: not to be imported


def _normalize(path: Path, partial: str, out: str) -> None:
    """Name the final folder in an executed notebook, and drop what differs from run to run."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    for n, cell in enumerate(notebook.cells, start=1):
        if "id" in cell:  # drawn anew in each run where the committed notebook states none
            cell.id = f"cell-{n}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "outputs" in cell:  # without bars of progress
            cell.outputs = join_streams(o for o in cell.outputs if o.get("name") != "stderr" or "\r" not in o.text)
            for output in cell.outputs:
                if output.get("name") == "stderr":  # a warning begins with the path of the file that it comes from
                    output.text = _WARNING_PATH.sub("", output.text)
        if cell.cell_type == "code" and "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = cell.source.replace(_quoted(partial), _quoted(out))
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)  # controls that nobody sees, by names drawn anew in each run
    nbformat.write(notebook, path)


def _quoted(path: str) -> str:
    """A path as papermill writes it into a cell."""
    return path.encode("unicode_escape").decode().replace('"', r"\"")


def join_streams(outputs: Iterable[Any]) -> list[Any]:
    """Join what a cell printed in pieces: how it is cut differs from run to run."""
    joined: list[Any] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            joined.append(output)
    return joined
