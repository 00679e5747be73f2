"""A run held against a reference: byte by byte, then value by value, and what differs shown."""

import csv
import difflib
import hashlib
import io
import json
import math
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from .. import CrosscityError
from ..chinese import HAN
from ..files import replace_folder, rows_to_csv, write_text
from ..pages import environment
from ..tables.edition import as_csv
from .provenance import MANIFEST

SUMS, PAGE = "sums.txt", "verification.html"
NEAR, LEAST = 1e-4, 1e-6  # values agree within this share, or this distance: other kernels change results by 4e-11
SHADES, APART, DOTS = 16, 48, 4  # pictures are kept in steps of 16; dots that lie 48 of 255 apart differ; 4 may
LONGEST = 15  # Chinese characters of a cell that the reference keeps as it is
VERDICTS = ("identical", "agrees", "follows", "differs", "missing", "new")
PASSED = VERDICTS[:3]
_BYTES = "its bytes differ"
_CHINESE = re.compile(f"[{HAN}]")
_NUMBER = re.compile(r"[-−+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")


class Compared(NamedTuple):
    """One output held against the reference: identical, agrees (its values do), follows (a page of such), or not."""

    file: str
    verdict: str
    what: tuple = ()  # what differs, a line each
    picture: str = ""  # old, new and difference, where it is a picture


def write_reference(folder, reference):
    """Keep what a run gave: the sums of all files, the values of tables and results, and pictures made small.

    Parameters
    ----------
    folder : str or Path
        Of the run: processed and reports stand in it.
    reference : str or Path
        Replaced as a whole.

    Returns
    -------
    int
        How many files are kept sums of.
    """
    folder, reference = Path(folder), Path(reference)
    found = _outputs(folder)
    _own(reference, SUMS)
    partial = reference.with_name(f".{reference.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    for name, path in found.items():
        if (text := _values(path)) is not None:
            write_text(partial / "values" / _as_kept(name), text)
        elif path.suffix == ".png":
            (partial / "pictures" / name).parent.mkdir(parents=True, exist_ok=True)
            _small(path).save(partial / "pictures" / name, optimize=True)
    write_text(partial / SUMS, "".join(f"{_sum(path)}  {name}\n" for name, path in found.items()))
    shutil.copyfile(folder / "reports" / MANIFEST, partial / MANIFEST)
    replace_folder(partial, reference)
    return len(found)


def verify(folder, reference, out):
    """Hold a run against a reference.

    Parameters
    ----------
    folder, reference : str or Path
        As for `write_reference`.
    out : str or Path
        A folder for verification.html, verification.csv and pictures of what differs; replaced as a whole.

    Returns
    -------
    (list of Compared, list of str)
        An output each, by name; and why they may differ: what the records of both runs say of code, versions, platform,
        parameters and documents.

    Raises
    ------
    CrosscityError
        If there is no reference, or no run, or `out` holds something else.
    """
    folder, reference, out = Path(folder), Path(reference), Path(out)
    for path, needed in ((reference, SUMS), (folder, f"reports/{MANIFEST}")):
        if not (path / needed).is_file():
            msg = f"{path / needed} is not there: make verify runs everything, make reference keeps what it gave"
            raise CrosscityError(msg)
    lines = (reference / SUMS).read_text(encoding="utf-8").splitlines()
    known = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = _outputs(folder)
    _own(out, PAGE)
    shutil.rmtree(out, ignore_errors=True)
    compared = {}
    for name in sorted(known.keys() | found.keys()):
        if name not in found or name not in known:
            compared[name] = Compared(name, "missing" if name not in found else "new")
        elif _sum(found[name]) == known[name]:
            compared[name] = Compared(name, "identical")
        else:
            compared[name] = _compare(name, found[name], reference, out)
    compared = [_followed(one, compared) for one in compared.values()]
    records = (json.loads((p / MANIFEST).read_text(encoding="utf-8")) for p in (reference, folder / "reports"))
    reasons = _reasons(*records)
    _write_page(compared, reasons, out)
    return compared, reasons


def _own(folder, mark):
    """Refuse a folder that is to be replaced and holds something else than what stood there before."""
    if folder.exists() and not (folder / mark).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        msg = f"{folder} is there and has no {mark}: all in it would go; give a folder that is empty, or not there"
        raise CrosscityError(msg)


def told(compared):
    """How many outputs of each kind came out how, and what failed, as lines."""
    counts = Counter((_kind(one.file), one.verdict) for one in compared)
    width = max(len(kind) for kind, _ in counts)
    lines = [" " * width + "".join(f"{verdict:>11}" for verdict in VERDICTS)]
    lines += [
        f"{kind:<{width}}" + "".join(f"{counts[kind, verdict] or '':>11}" for verdict in VERDICTS)
        for kind in sorted({kind for kind, _ in counts})
    ]
    for one in compared:
        if one.verdict not in PASSED:
            lines += [f"{one.verdict}: {one.file}", *(f"    {line}" for line in one.what[:3])]
    return lines


def _outputs(folder):
    """Files that a run promises, by their place in its folder: all but its record, which names the platform."""
    files = {
        p.relative_to(folder).as_posix(): p for part in ("processed", "reports") for p in (folder / part).rglob("*")
    }
    hidden = {name for name in files if any(part.startswith(".") for part in name.split("/"))}
    return {n: files[n] for n in sorted(files.keys() - hidden) if files[n].is_file() and files[n].name != MANIFEST}


def _sum(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _kind(name):
    kinds = {".parquet": "tables", ".csv": "results", ".json": "results", ".png": "pictures", ".svg": "pictures"}
    kinds[".pdf"] = "pictures"
    return kinds.get(Path(name).suffix, "pages")


def _values(path):
    """What a file states, as text: a table as CSV; None of what states nothing that could be compared."""
    if path.suffix in (".csv", ".parquet"):
        text = as_csv(path.stem, path.parent) if path.suffix == ".parquet" else path.read_text(encoding="utf-8")
        rows = csv.reader(io.StringIO(text, newline=""))
        return rows_to_csv([[_known_by(cell) for cell in row] for row in rows])
    return path.read_text(encoding="utf-8") if path.suffix in (".json", ".md") else None


def _known_by(cell):
    """A cell as the reference keeps it: of a longer text its ends and a checksum, since documents are not kept."""
    if len(_CHINESE.findall(cell)) <= LONGEST:
        return cell
    return f"{cell[:7]}…{cell[-7:]} {hashlib.sha256(cell.encode()).hexdigest()[:8]}"


def _as_kept(name):
    return name.removesuffix(".parquet") + ".csv" if name.endswith(".parquet") else name


def _compare(name, path, reference, out):
    if (new := _values(path)) is not None:
        old = (reference / "values" / _as_kept(name)).read_text(encoding="utf-8")
        lines = _unlike(old, new, table=not name.endswith((".json", ".md")))
        return Compared(name, "differs" if lines else "agrees", tuple(lines))
    if path.suffix == ".png":
        return _compare_pictures(name, path, reference / "pictures" / name, out)
    if path.suffix == ".pdf" and not _is_pdf(path.read_bytes()):
        return Compared(name, "differs", ("it is no whole PDF",))
    return Compared(name, "differs", (_BYTES,))


def _unlike(old, new, table):
    """Lines that say where two texts differ in more than the last digits of a number."""
    if table:
        old, new = (list(csv.reader(io.StringIO(text, newline=""))) for text in (old, new))
    else:
        old, new = ([[line] for line in text.splitlines()] for text in (old, new))
    if len(old) == len(new):
        head = old[0] if table and old else []
        pairs = ((n, a, b) for n, (a, b) in enumerate(zip(old, new, strict=True), start=1) if not _alike_rows(a, b))
        return [f"line {n}: {_told_row(head, a, b)}" for n, a, b in pairs]
    matcher = difflib.SequenceMatcher(None, [tuple(r) for r in old], [tuple(r) for r in new], autojunk=False)
    lines = [f"{len(new)} lines, in the reference {len(old)}"]
    for how, a, b, c, d in matcher.get_opcodes():
        if how != "equal" and not (b - a == d - c and all(map(_alike_rows, old[a:b], new[c:d]))):
            lines += [f"gone, line {n + 1}: {_cut(', '.join(old[n]))}" for n in range(a, b)]
            lines += [f"came, line {n + 1}: {_cut(', '.join(new[n]))}" for n in range(c, d)]
    return lines


def _alike_rows(old, new):
    return len(old) == len(new) and all(map(alike, old, new))


def alike(old, new):
    """Whether two texts are the same but for the last digits of the numbers in them."""
    if old == new:
        return True
    if _NUMBER.sub("#", old) != _NUMBER.sub("#", new):
        return False
    return all(map(_near, _NUMBER.findall(old), _NUMBER.findall(new)))


def _near(old, new):
    """Whether two numbers are the same but for the last digits; whole ones are counts, years or places: these agree
    only where they are the same."""
    whole = not {".", "e", "E"} & {*old, *new}
    return (
        _number(old) == _number(new) if whole else math.isclose(_number(old), _number(new), rel_tol=NEAR, abs_tol=LEAST)
    )


def _number(text):
    return float(text.replace(",", "").replace("−", "-"))


def _told_row(head, old, new):
    if len(old) != len(new):
        return f"{_cut(', '.join(old))} → {_cut(', '.join(new))}"
    cells = [(i, a, b) for i, (a, b) in enumerate(zip(old, new, strict=True)) if not alike(a, b)]
    return "; ".join(f"{head[i] + ': ' if i < len(head) else ''}{_cut(a)} → {_cut(b)}" for i, a, b in cells)


def _cut(text, most=80):
    return text if len(text) <= most else text[: most - 1] + "…"


def _small(path):
    """A picture at half its size, in steps of `SHADES`: what a reader would notice, and little else."""
    from PIL import Image

    with Image.open(path) as whole:
        whole = whole.convert("RGB")
    small = whole.resize((max(1, whole.width // 2), max(1, whole.height // 2)), Image.Resampling.BOX)
    return small.point(lambda value: value // SHADES * SHADES + SHADES // 2)


def _compare_pictures(name, path, kept, out):
    from PIL import Image, ImageChops

    new = _small(path)
    with Image.open(kept) as old:
        old = old.convert("RGB")
    if old.size != new.size:
        size = max(old.width, new.width), max(old.height, new.height)
        frames = [Image.new("RGB", size, "white") for _ in range(2)]
        for frame, picture in zip(frames, (old, new), strict=True):
            frame.paste(picture)
        old, new = frames
    red, green, blue = ImageChops.difference(old, new).split()
    apart = ImageChops.lighter(red, ImageChops.lighter(green, blue))
    dots = sum(apart.histogram()[APART:])
    if dots <= DOTS:
        return Compared(name, "agrees", (f"{dots} dots differ",))
    sheet = Image.new("RGB", (3 * old.width + 20, old.height), "white")
    for i, picture in enumerate((old, new, ImageChops.invert(apart).convert("RGB"))):
        sheet.paste(picture, (i * (old.width + 10), 0))
    target = out / "pictures" / name.replace("/", "-")
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(target, optimize=True)
    share = dots / (old.width * old.height)
    return Compared(name, "differs", (f"{dots:,} dots differ ({share:.2%})",), f"pictures/{target.name}")


def _is_pdf(data):
    """Whether a file begins and ends as a PDF does: what was cut short does not."""
    return data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")


def _followed(one, compared):
    """A page, notebook or drawing whose bytes differ follows what it shows, if that agrees without being identical.

    A PDF follows its picture, identical or not: outlines of fonts and compression are of the versions that made it.
    """
    if one.what == (_BYTES,) and one.file.endswith(".pdf"):
        picture = compared.get(f"{one.file.removesuffix('.pdf')}.png")
        passed = picture and picture.verdict in PASSED
        return one._replace(verdict="follows", what=("its picture, which agrees",)) if passed else one
    if one.verdict != "differs" or not one.file.endswith((".html", ".ipynb", ".svg")):
        return one
    folder = one.file.rpartition("/")[0]
    beside = [c for c in compared.values() if c.file.startswith(f"{folder}/") and c is not one]
    shown = [c for c in beside if c.file.endswith((".csv", ".json", ".png")) and c.verdict != "identical"]
    if one.file.endswith(".svg"):
        shown = [c for c in shown if c.file.rpartition(".")[0] == one.file.rpartition(".")[0]]
    if shown and all(c.verdict == "agrees" for c in shown):
        return one._replace(verdict="follows", what=(f"of {len(shown)} that agree",))
    return one


def _reasons(old, new):
    """What the records of two runs say that may make their outputs differ, a line each."""
    kinds = {"code": "code", "platform": "platform", "packages": "version of", "parameters": "parameter"}
    sides = [
        {(what, name): value for part, what in kinds.items() for name, value in about[part].items()}
        | {("document", d["file"]): d["sha256"] for d in about["documents"]}
        for about in (old, new)
    ]
    spared = {("code", "commit"), ("code", "changed")}
    keys = (sides[0].keys() | sides[1].keys()) - spared
    other = sorted(key for key in keys if sides[0].get(key) != sides[1].get(key))
    told_of = ((" ".join(key), *(_cut(str(side.get(key, "none"))) for side in sides)) for key in other)
    return [f"{key}: {was} → {now}" for key, was, now in told_of]


def _write_page(compared, reasons, out):
    template = environment().get_template(PAGE)
    counts = Counter(one.verdict for one in compared)
    about = {"counts": counts, "verdicts": VERDICTS, "reasons": reasons, "passed": PASSED}
    write_text(out / PAGE, template.render(compared=compared, **about))
    rows = [("file", "verdict", "what"), *((one.file, one.verdict, " | ".join(one.what[:20])) for one in compared)]
    write_text(out / "verification.csv", rows_to_csv(rows))
