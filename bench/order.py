"""The same results in another order of files: `make` on a corpus, and on a copy whose files sort the other way round.

    python bench/order.py CORPUS [--params FILE] [--out FOLDER]

Every table, picture and result of the two runs is compared, once the names of files in the second are those in the
first. Pages and notebooks, which hold pictures with the names of files inside, are not, and neither is the record.
"""

import argparse
import csv
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SPARED = ("manifest.json",)  # the record of a run: checksums of files with names in them


def turn_round(corpus, out):
    """Copy a corpus so that its documents sort the other way round.

    Files are numbered, the last one first; corpus.csv follows, its rows turned as well. The lines of JSON Lines, whose
    documents have no names but their numbers, are turned.

    Returns
    -------
    dict of str
        The doc_id that each document had, by the one that it has now.
    """
    corpus, out = Path(corpus), Path(out)
    out.mkdir(parents=True)
    files = sorted((p for p in corpus.iterdir() if p.is_file() and p.name != "corpus.csv"), key=lambda p: p.name)
    names, renamed = {}, {}
    for n, path in enumerate(files):
        renamed[path.name] = f"{len(files) - n:03}_{path.name}"
        target = out / renamed[path.name]
        if path.suffix == ".jsonl":
            lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
            target.write_text("\n".join(reversed(lines)) + "\n", encoding="utf-8")
            names |= {f"{target.stem}#{len(lines) + 1 - i}": f"{path.stem}#{i}" for i in range(1, len(lines) + 1)}
        else:
            shutil.copy(path, target)
        names[target.stem] = path.stem
    if (corpus / "corpus.csv").is_file():
        with (corpus / "corpus.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        with (out / "corpus.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows({**row, "file": renamed[row["file"]]} for row in reversed(rows))
    return names


def with_former_names(text, names):
    """A text of the turned corpus with the former doc_ids in place of the new ones."""
    pattern = re.compile("(?:" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + ")(?![0-9])")
    return pattern.sub(lambda name: names[name[0]], text)


def results(folder, names=None):
    """Checksum of every table, picture and result under a folder, by path, with names of files as they were."""
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if (
            path.suffix not in (".csv", ".json", ".png")
            or path.name in SPARED
            or any(p[0] == "." for p in inside.parts)
        ):
            continue
        data = path.read_bytes()
        if names and path.suffix != ".png":
            data = with_former_names(data.decode(), names).encode()
        inside = with_former_names(inside.as_posix(), names) if names else inside.as_posix()
        found[inside] = hashlib.sha256(data).hexdigest()
    return found


def run(corpus, params, out):
    """Run make on a corpus."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "CROSSCITY"))}
    command = ["make", "-j2", f"PYTHON={sys.executable}", f"CORPUS={corpus}", f"PARAMS={params}", f"OUT={out}"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{corpus}: make failed\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


def main():
    """Run a corpus both ways, and name what differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--params", type=Path, default=PROJECT / "bench" / "quick.yaml")
    parser.add_argument("--out", type=Path, default=Path("order"), help="a folder that is not there yet")
    given = parser.parse_args()
    corpus, params, out = given.corpus.resolve(), given.params.resolve(), given.out.resolve()
    # Both under one name, since results say where they are from.
    sides = [(out / side / corpus.name, out / side / "results") for side in ("as it is", "turned")]
    shutil.copytree(corpus, sides[0][0])
    names = turn_round(corpus, sides[1][0])
    for folder, made in sides:
        run(folder, params, made)
    first, second = results(sides[0][1]), results(sides[1][1], names)
    other = sorted(p for p in first.keys() | second.keys() if first.get(p) != second.get(p))
    print(f"{corpus.name}: {len(first)} files, {len(other)} differ", *other, sep="\n", flush=True)
    return int(bool(other))


if __name__ == "__main__":
    sys.exit(main())
