"""From parameters to runs: which notebooks run, with what, and one of them run through papermill."""

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

from . import CrosscityError
from .notebook import PROJECT, Run, resolve_by, run_id
from .parameters import FILES, of_notebook, read_parameters
from .state import write_if_changed, write_stamp
from .tables import read_table

NOTEBOOKS = (
    "01-corpus",
    "02-terms",
    "03-topics",
    "04-compare",
    "06-pair",
    "07-shared-text",
    "08-facts",
    "09-robustness",
)
OF_GROUPS = ("04-compare", "06-pair", "09-robustness")  # one group has nothing to be compared with
PROFILE = "05-profile"


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
    values = read_parameters(parameters)
    documents = read_table("corpus", tables)
    by = resolve_by(values["by"], documents, values["only"])
    groups = Run(PROFILE, tables, None, values).groups()
    unknown = [g for g in values["profiles"] if g not in groups]
    if unknown:
        message = f"{parameters}: profiles names {unknown[0]!r}; by {by} there are {', '.join(groups[:20])}"
        raise CrosscityError(message)
    chosen = values["profiles"] or groups[: values["max_profiles"]]
    several = len(groups) > 1
    chosen = chosen if several else []
    runs = [_run(name, None, values, tables, reports) for name in NOTEBOOKS if several or name not in OF_GROUPS]
    runs += [_run(PROFILE, group, values, tables, reports) for group in chosen]
    state = Path(state)
    for run in runs:
        write_if_changed(state / "parameters" / f"{run['id']}.json", json.dumps(run, ensure_ascii=False, indent=1))
    _remove_stale(state, Path(reports), {run["id"] for run in runs})
    write_if_changed(state / "plan.json", json.dumps(runs, ensure_ascii=False, indent=1))
    stamps = {run["id"]: f"{state}/runs/{run['id']}.done" for run in runs}
    lines = [f"RUNS := {' '.join(stamps.values())}\n"]
    for run in runs:
        needs = f"notebooks/{run['notebook']}.ipynb {state}/tables.sha256 {state}/parameters/{run['id']}.json"
        lines.append(f"{stamps[run['id']]}: {needs}\n")
    write_if_changed(state / "plan.mk", "".join(lines))
    return runs


def _run(notebook, group, values, tables, reports):
    identity = run_id(notebook, group)
    parameters = of_notebook(notebook, values) | {"tables": str(tables)}
    if group is not None:
        parameters["group"] = group
    about = {"id": identity, "notebook": notebook, "parameters": parameters, "out": str(Path(reports) / identity)}
    # Their content, so that a run whose list of words was edited is out of date.
    lists = [PROJECT / parameters[n] for n in FILES if parameters.get(n)]
    files = [file for p in lists for file in (sorted(p.rglob("*")) if p.is_dir() else [p]) if file.is_file()]
    sums = {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    return about | {"lists": sums} if sums else about


def _remove_stale(state, reports, current):
    """Runs of an earlier plan that the new one lacks: their pages must not stand beside the new ones."""
    for stamp in (state / "runs").glob("*.done"):
        if stamp.stem not in current:
            shutil.rmtree(reports / stamp.stem, ignore_errors=True)
            stamp.unlink()


def run(identity, state):
    """Run one notebook of the plan; its folder under reports/ is replaced as a whole, or not at all.

    Raises
    ------
    CrosscityError
        If a cell fails: with the cell's error, and the place of the notebook as far as it came.
    """
    spare_grammar()
    import papermill
    from papermill.exceptions import PapermillExecutionError

    state = Path(state)
    about = json.loads((state / "parameters" / f"{identity}.json").read_text(encoding="utf-8"))
    out = Path(about["out"])
    partial = out.parent / f".{identity}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    source = PROJECT / "notebooks" / f"{about['notebook']}.ipynb"
    executed = partial / "notebook.ipynb"
    shows = sys.stderr.isatty()  # bars of what takes long come through to a terminal
    if shows:
        os.environ["CROSSCITY_PROGRESS"] = "1"
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
                if attempt == 2 or isinstance(error, PapermillExecutionError):
                    raise
        _finish(executed, str(partial), str(out))
    except PapermillExecutionError as error:
        failed = state / "failed" / f"{identity}.ipynb"
        failed.parent.mkdir(parents=True, exist_ok=True)
        os.replace(executed, failed)
        shutil.rmtree(partial, ignore_errors=True)
        value = error.evalue.strip() if error.ename == "CrosscityError" else f"{error.ename}: {error.evalue.strip()}"
        msg = f"{source.name} failed in cell {error.exec_count}: {value}\n  as far as it came: {failed}"
        raise CrosscityError(msg) from None
    old = out.parent / f".{identity}.old"
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        os.replace(out, old)
    os.replace(partial, out)
    shutil.rmtree(old, ignore_errors=True)
    write_stamp(state / "runs" / f"{identity}.done", sorted(p for p in out.iterdir() if p.is_file()))


def spare_grammar():
    """Keep jsonschema from building a grammar of addresses that notebooks have no use for: it takes seconds.

    It does without where the package is absent.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: not to be imported


def _finish(path, partial, out):
    """Name the final folder in the executed notebook, and drop what differs from run to run."""
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "outputs" in cell:  # bars of progress
            cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr" or "\r" not in o.text]
        if cell.cell_type == "code" and "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = cell.source.replace(
                json.dumps(partial, ensure_ascii=False), json.dumps(out, ensure_ascii=False)
            )
            cell.source = cell.source.replace(partial, out)
    notebook.metadata.pop("papermill", None)
    nbformat.write(notebook, path)
