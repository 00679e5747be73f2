"""The same bytes under other conditions: `make` again and again, and every table and figure compared.

    python bench/conditions.py [--corpus FOLDER] [--params FILE] [--only "NAME;NAME"] [--out RESULT.csv]

Each condition runs `make` into a fresh folder, with this interpreter, and is held against the first one. What may
differ by what it is (the record of a run names its platform) is left out; what differs is listed by name. A row a
condition goes to the result file.
"""

import argparse
import csv
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
THREADS = [f"{name}_NUM_THREADS=2" for name in ("OMP", "OPENBLAS")]
# Name: arguments of make, environment. A checkout of its own where the folder is what changes.
CONDITIONS = {
    "one run, -j1": (["-j1"], {}),
    "again, -j1": (["-j1"], {}),
    "-j2": (["-j2"], {}),
    "2 threads, -j2": (["-j2", *THREADS], {}),
    "PYTHONHASHSEED=1": (["-j2", "PYTHONHASHSEED=1"], {}),
    "PYTHONHASHSEED=random": (["-j2", "PYTHONHASHSEED=random"], {}),
    "TZ=Asia/Shanghai LANG=C": (["-j2"], {"TZ": "Asia/Shanghai", "LANG": "C", "LC_ALL": "C"}),
    "TZ=America/New_York LANG=zh_CN.UTF-8": (["-j2"], {"TZ": "America/New_York", "LANG": "zh_CN.UTF-8", "LC_ALL": ""}),
    "another folder": (["-j2"], {}),
    "another home": (["-j2"], {"HOME": "", "USER": "someone", "LOGNAME": "someone"}),
}
FOLDER = "另一个 folder's"
SPARED = ("manifest.json",)  # the record of a run: names its platform


def sums(folder):
    """SHA-256 of every file under a folder, by path; kept rows and the record apart."""
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and path.name not in SPARED and not any(p.startswith(".") for p in inside.parts):
            found[inside.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def run(name, corpus, params, root):
    """Run make under one condition; the sums of what came out, and the seconds."""
    arguments, changed = CONDITIONS[name]
    checkout = root / (FOLDER if name == "another folder" else "checkout")
    shutil.copytree(
        PROJECT, checkout, ignore=shutil.ignore_patterns(".venv", ".make", "reports", ".git", "__pycache__")
    )
    home = root / "a home"
    home.mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "CROSSCITY", "LC_"))}
    environment |= {k: v or str(home) for k, v in changed.items() if k != "LC_ALL" or v}
    # The corpus under one name, since results say where they are from.
    shutil.copytree(corpus, checkout / "corpus", dirs_exist_ok=True)
    command = ["make", *arguments, f"PYTHON={sys.executable}", "CORPUS=corpus", f"PARAMS={params}", "OUT=out"]
    started = time.monotonic()
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name}: make failed\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return sums(checkout / "out"), time.monotonic() - started


def kind(path):
    """What a file is, for the counts."""
    if path.endswith(".parquet"):
        return "tables"
    if path.endswith((".png", ".svg")):
        return "pictures"
    return "data of figures and results" if path.endswith((".csv", ".json")) else "pages and notebooks"


def main():
    """Run the conditions asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=PROJECT / "data" / "raw")
    parser.add_argument("--params", type=Path, default=PROJECT / "params" / "default.yaml")
    parser.add_argument("--only", default="", help="names of conditions, with semicolons; the first is always run")
    parser.add_argument("--out", type=Path, default=Path("conditions.csv"))
    given = parser.parse_args()
    chosen = [n for n in given.only.split(";") if n]
    names = [n for i, n in enumerate(CONDITIONS) if i == 0 or not chosen or n in chosen]
    first, rows = None, []
    for name in names:
        root = Path(tempfile.mkdtemp(prefix="conditions-"))
        root.chmod(0o755)
        try:
            found, seconds = run(name, given.corpus.resolve(), given.params.resolve(), root)
        finally:
            shutil.rmtree(root, ignore_errors=True)
        first = first or found
        other = sorted(p for p in first.keys() | found.keys() if first.get(p) != found.get(p))
        row = {"corpus": given.corpus.name, "condition": name, "files": len(found)}
        row |= {
            k: f"{sum(kind(p) == k and p not in other for p in found)} of {sum(kind(p) == k for p in found)}"
            for k in ("tables", "data of figures and results", "pictures", "pages and notebooks")
        }
        rows.append(row | {"differ": "; ".join(other)})
        print(f"{name}: {len(found)} files, {len(other)} differ ({seconds:.0f} s) {'; '.join(other[:8])}", flush=True)
        with given.out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return int(any(row["differ"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
