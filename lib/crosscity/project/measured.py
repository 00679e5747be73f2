"""How long the steps of a run took, and the memory they held: kept beside the report, in no file that is compared."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files import MEASUREMENTS, write_text

if TYPE_CHECKING:
    from collections.abc import Iterator

MEASURED = ".crosscity.measured"  # in the folder of a report; hidden, so that no comparison of runs reads it
TABLES_STEP = "tables"
_MEGABYTE = 2**20


@contextlib.contextmanager
def measure(state: Path | str, step: str) -> Iterator[None]:
    """Measure a block, and note in the state its seconds and the memory of its largest process; an error notes nothing.

    Parameters
    ----------
    state : str or Path
        The folder of make's stamps.
    step : str
        `TABLES_STEP`, or a run of the plan.
    """
    begun = time.perf_counter()
    yield
    noted = {"seconds": round(time.perf_counter() - begun, 1), "megabytes": _peak_megabytes()}
    write_text(Path(state) / MEASUREMENTS / f"{step}.json", json.dumps(noted) + "\n")


def _peak_megabytes() -> int:
    """The most memory that this process, or one that it started and that has ended, held at a time."""
    import resource

    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(most * (1 if sys.platform == "darwin" else 1024) / _MEGABYTE)


def write_measured(state: Path | str, reports: Path | str) -> Path:
    """Gather what the steps of a state took into a hidden file of the report, and return its path."""
    paths = sorted((Path(state) / MEASUREMENTS).glob("*.json"))
    steps = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    machine = {"cores": os.cpu_count(), "megabytes": round(memory / _MEGABYTE)}
    path = Path(reports) / MEASURED
    write_text(path, json.dumps({"machine": machine, "steps": steps}, ensure_ascii=False, indent=1) + "\n")
    return path


def read_measured(reports: Path | str) -> dict[str, Any]:
    """What a report's steps took: machine (cores, megabytes) and steps (seconds, megabytes); empty where none is noted.

    Parameters
    ----------
    reports : str or Path
    """
    try:
        noted = json.loads((Path(reports) / MEASURED).read_text(encoding="utf-8"))
        return {"machine": dict(noted["machine"]), "steps": dict(noted["steps"])}
    except (OSError, ValueError, LookupError, TypeError):
        return {"machine": {}, "steps": {}}
