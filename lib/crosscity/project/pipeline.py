"""From parameters to runs: which notebooks run, with what, and one of them run through papermill."""

import contextlib
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from .. import PROJECT, CrosscityError
from ..files import RUNTIME, code_inputs, inputs_of, replace_folder, step, write_text, write_whole
from ..study import named_paths, of_notebook, read_parameters

NOTEBOOKS = (
    "01-corpus",
    "02-terms",
    "03-topics",
    "04-compare",
    "06-pair",
    "07-shared-text",
    "08-facts",
    "09-robustness",
    "explore",
)
OF_GROUPS = ("04-compare", "06-pair", "09-robustness")  # one group has nothing to be compared with
PROFILE = "05-profile"
LAST = "explore"  # of a run, behind the profiles
_WARNING = re.compile(r"^.*[/\\](?=[^/\\]+:[0-9]+: \w+: )", re.MULTILINE)


def plan(parameters, tables, reports, state):
    """Write the plan of a run: plan.json, plan.mk for make, and the parameters of each notebook.

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
    """
    from ..study.run import Run, resolve_by  # here, since a run has no need of them: tables take a second to import
    from ..tables import read_table

    values = read_parameters(parameters)
    documents = read_table("corpus", tables)
    by = resolve_by(values["by"], documents, values["only"])
    corpus = Run(PROFILE, tables, None, values)
    groups = corpus.groups()
    unknown = [g for g in values["profiles"] if g not in groups]
    if unknown:
        message = f"{parameters}: profiles names {unknown[0]!r}; by {by} there are {', '.join(groups[:20])}"
        raise CrosscityError(message)
    chosen = values["profiles"] or corpus.shown(values["max_profiles"])
    several = len(groups) > 1
    chosen = chosen if several else []
    runs = [_run(name, None, values, tables, reports) for name in NOTEBOOKS if several or name not in OF_GROUPS]
    runs += [_run(PROFILE, group, values, tables, reports) for group in chosen]
    runs.sort(key=lambda about: about["notebook"] == LAST)
    state = Path(state)
    for run in runs:
        write_text(
            state / "parameters" / f"{run['id']}.json", json.dumps(run, ensure_ascii=False, indent=1), "surrogateescape"
        )
    _remove_stale(state, {run["out"] for run in runs})
    write_text(state / "plan.json", json.dumps(runs, ensure_ascii=False, indent=1), "surrogateescape")
    stamps = {run["id"]: f"{state}/runs/{run['id']}.done" for run in runs}
    write_text(state / "plan.mk", f"RUNS := {' '.join(stamps.values())}\n", "surrogateescape")
    return runs


def _run(notebook, group, values, tables, reports):
    from ..study.labels import run_id

    identity = run_id(notebook, group)
    parameters = of_notebook(notebook, values) | {"tables": str(tables)}
    if group is not None:
        parameters["group"] = group
    return {"id": identity, "notebook": notebook, "parameters": parameters, "out": str(Path(reports) / identity)}


def _remove_stale(state, current):
    """Results of the former plan that the new one lacks: they must not stand beside the new ones.

    The former plan is there until they are gone, so that one that is killed here is made good by the next.
    """
    try:
        former = json.loads((state / "plan.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    for run in former:
        if run["out"] not in current:
            (state / "runs" / f"{run['id']}.done").unlink(missing_ok=True)
            shutil.rmtree(run["out"], ignore_errors=True)


def run(identity, state):
    """Run one notebook of the plan; its folder under reports/ is replaced as a whole, or not at all.

    Raises
    ------
    CrosscityError
        If a cell fails: with the cell's error, and the place of the notebook as far as it came.
    """
    state = Path(state)
    parameters = state / "parameters" / f"{identity}.json"
    about = json.loads(parameters.read_text(encoding="utf-8"))
    out = Path(about["out"])
    # Its number in the name: what an earlier one left running cannot write here.
    partial = out.parent / f".{identity}.{os.getpid()}.partial"
    files = [parameters, _notebook(about), state / "tables.sha256"]
    inputs = [*inputs_of(files, trees=named_paths(about["parameters"])), *code_inputs()]
    with step(state / "runs" / f"{identity}.done", inputs) as made:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        try:
            _execute(about, partial, state)
            replace_folder(partial, out)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        made += sorted(p for p in out.rglob("*") if p.is_file())


def _notebook(about):
    return PROJECT / "notebooks" / f"{about['notebook']}.ipynb"


def _execute(about, partial, state):
    """Run a notebook through papermill into a folder."""
    spare_grammar()
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    source = _notebook(about)
    executed = partial / "notebook.ipynb"
    shows = sys.stderr.isatty()  # bars of what takes long come through to a terminal
    if shows:
        os.environ["CROSSCITY_PROGRESS"] = "1"
    os.environ["CROSSCITY_PARENT"] = str(os.getpid())
    tempfile.tempdir = str((state / RUNTIME).absolute())  # where jupyter_client notes how a kernel is reached
    Path(tempfile.tempdir).mkdir(parents=True, exist_ok=True)
    try:
        for attempt in (1, 2):
            try:
                papermill.execute_notebook(
                    str(source),
                    str(executed),
                    parameters=about["parameters"] | {"out": str(partial)},
                    kernel_name="python3",
                    cwd=str(Path.cwd()),
                    progress_bar=False,
                    log_output=False,
                    stderr_file=sys.stderr if shows else None,
                )
                break
            except RuntimeError as error:
                # Kernels that start at once race for ports; the loser dies before its first cell.
                if attempt == 2 or isinstance(error, PapermillExecutionError | DeadKernelError):
                    raise
        _finish(executed, str(partial), about["out"])
    except PapermillExecutionError as error:
        value = error.evalue.strip() if error.ename == "CrosscityError" else f"{error.ename}: {error.evalue.strip()}"
        msg = f"{source.name} failed in cell {error.exec_count}: {value}"
        with contextlib.suppress(OSError):  # the disk may be full, which is not what is to be said then
            failed = state / "failed" / f"{about['id']}.ipynb"
            write_whole(failed, executed.read_bytes())
            msg += f"\n  as far as it came: {failed}"
        raise CrosscityError(msg) from None
    except DeadKernelError:
        msg = f"{source.name}: its kernel was killed, most likely for want of memory: run fewer at a time, make -j1"
        raise CrosscityError(msg) from None
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), error.filename or str(executed)) from None


def spare_grammar():
    """Keep jsonschema from building a grammar of addresses that notebooks have no use for: it takes seconds.

    It does without where the package is absent.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: not to be imported


def _finish(path, partial, out):
    """Name the final folder in the executed notebook, and drop what differs from run to run."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    for n, cell in enumerate(notebook.cells, start=1):
        if "id" in cell:  # drawn anew in each run where the committed notebook states none
            cell.id = f"cell-{n}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "outputs" in cell:  # bars of progress
            cell.outputs = joined(o for o in cell.outputs if o.get("name") != "stderr" or "\r" not in o.text)
            for output in cell.outputs:
                if output.get("name") == "stderr":  # a warning begins with the path of the file that it comes from
                    output.text = _WARNING.sub("", output.text)
        if cell.cell_type == "code" and "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = cell.source.replace(_quoted(partial), _quoted(out))
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)  # controls that nobody sees, by names drawn anew in each run
    nbformat.write(notebook, path)


def _quoted(path):
    """A path as papermill writes it into a cell."""
    return path.encode("unicode_escape").decode().replace('"', r"\"")


def joined(outputs):
    """Outputs of a cell with what was printed in pieces, as it happened to come, made one."""
    whole: list[Any] = []
    for output in outputs:
        before = whole[-1] if whole else {}
        if output["output_type"] == "stream" and before.get("name") == output["name"]:
            before["text"] += output["text"]
        else:
            whole.append(output)
    return whole
