"""Compare a run with a reference: byte by byte, then value by value."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import itertools
import json
import math
import re
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from .. import CrosscityError
from ..chinese import HAN
from ..files import rows_to_csv, whole_folder, write_text
from ..pages import environment
from ..tables import edition
from .provenance import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from PIL.Image import Image as Picture

SUMS, PAGE = "sums.txt", "verification.html"
RELATIVE, ABSOLUTE = 1e-4, 1e-6  # tolerances of values: other kernels change results by 4e-11
# A column with so many decimals was rounded by a program, where so large a share of its fractions has all of them:
# documents state fewer, and each number with its own.
FEWEST_DECIMALS, LEAST_WRITTEN_OUT = 3, 0.5
COARSEST = Decimal("0.01")  # a step of rounding that is a larger share of the value is a change, if rounding or not
SHADE = 16  # pictures of the reference are kept in steps of so many of the 256 shades
DOT_DIFFERS, MOST_DOTS = 48, 4  # shades from which on a dot differs; how many dots may
LONGEST = 15  # Chinese characters of a cell that the reference keeps as it is
MOST_SUMMARISED, MOST_LISTED = 3, 20  # differences of an output that the summary, and the table, give
VERDICTS = ("identical", "agrees", "follows", "differs", "missing", "new")
PASSED = VERDICTS[:3]
_BYTES = "its bytes differ"
_VERSIONS = "all but the versions that it names"
_CHINESE = re.compile(f"[{HAN}]")
_NUMBER = re.compile(r"[-−+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
_FRACTION = re.compile(r"-?\d+\.(\d+)")
_NOTEBOOK_PYTHON = re.compile(r'("language_info": \{.*?"version": ")[^"]*', re.DOTALL)
_KINDS = {".parquet": "tables", ".csv": "results", ".json": "results", ".png": "pictures", ".svg": "pictures"}
_KINDS[".pdf"] = "pictures"


class Comparison(NamedTuple):
    """An output compared with the reference.

    Attributes
    ----------
    file : str
    verdict : str
        identical, agrees (its values do), follows (it shows such values), or one of the failures.
    what : tuple of str
        The differences.
    picture : str
        The file with old, new and difference, where the output is a picture.
    """

    file: str
    verdict: str
    what: tuple[str, ...] = ()
    picture: str = ""


def write_reference(folder: Path | str, reference: Path | str) -> int:
    """Keep the outputs of a run: the checksums of all files, the values of tables and results, and small pictures.

    Parameters
    ----------
    folder : str or Path
        Of the run: processed and reports stand in it.
    reference : str or Path
        Replaced as a whole, but for a person's files.

    Returns
    -------
    int
        How many files there are.
    """
    folder, reference = Path(folder), Path(reference)
    outputs = _outputs(folder)
    with whole_folder(reference, "reference") as partial:
        for name, path in outputs.items():
            if (text := _values(path)) is not None:
                write_text(partial / "values" / _values_name(name), text)
            elif path.suffix == ".png":
                (partial / "pictures" / name).parent.mkdir(parents=True, exist_ok=True)
                _reduced(path).save(partial / "pictures" / name, optimize=True)
        write_text(partial / SUMS, "".join(f"{_sha256(path)}  {name}\n" for name, path in outputs.items()))
        shutil.copyfile(folder / "reports" / MANIFEST, partial / MANIFEST)
    return len(outputs)


def verify(folder: Path | str, reference: Path | str, out: Path | str) -> tuple[list[Comparison], list[str]]:
    """Compare a run with a reference.

    Parameters
    ----------
    folder, reference : str or Path
        As for `write_reference`.
    out : str or Path
        A folder for verification.html, verification.csv and pictures of what differs; replaced as a whole, but for a
        person's files.

    Returns
    -------
    (list of Comparison, list of str)
        One for each output, by name; and why they may differ: differences of the two runs in code, versions, platform,
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
    outputs = _outputs(folder)
    old, new = (json.loads((p / MANIFEST).read_text(encoding="utf-8")) for p in (reference, folder / "reports"))
    with whole_folder(out, "verify") as partial:
        by_name = {}
        for name in sorted(known.keys() | outputs.keys()):
            if name not in outputs or name not in known:
                by_name[name] = Comparison(name, "missing" if name not in outputs else "new")
            elif _sha256(outputs[name]) == known[name]:
                by_name[name] = Comparison(name, "identical")
            elif _sha256_with_versions(outputs[name], old, new) == known[name]:
                by_name[name] = Comparison(name, "agrees", (_VERSIONS,))
            else:
                by_name[name] = _compare(name, outputs[name], reference, partial, (old, new))
        comparisons = [_with_follower(comparison, by_name) for comparison in by_name.values()]
        reasons = _reasons(old, new)
        _write_page(comparisons, reasons, partial)
    return comparisons, reasons


def summary_lines(comparisons: Sequence[Comparison]) -> list[str]:
    """A table of how many outputs of each kind have which verdict, and the failures, as lines."""
    counts = Counter((_kind(c.file), c.verdict) for c in comparisons)
    width = max(len(kind) for kind, _ in counts)
    lines = [" " * width + "".join(f"{verdict:>11}" for verdict in VERDICTS)]
    lines += [
        f"{kind:<{width}}" + "".join(f"{counts[kind, verdict] or '':>11}" for verdict in VERDICTS)
        for kind in sorted({kind for kind, _ in counts})
    ]
    for c in comparisons:
        if c.verdict not in PASSED:
            lines += [f"{c.verdict}: {c.file}", *(f"    {line}" for line in c.what[:MOST_SUMMARISED])]
    return lines


def _outputs(folder: Path) -> dict[str, Path]:
    """Files that a run promises, by their place in its folder: all but its manifest, which names the platform."""
    paths = [path for part in ("processed", "reports") for path in (folder / part).rglob("*")]
    files = {path.relative_to(folder).as_posix(): path for path in paths}
    return {
        name: files[name]
        for name in sorted(files)
        if not any(part.startswith(".") for part in name.split("/"))
        and files[name].is_file()
        and files[name].name != MANIFEST
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _kind(name: str) -> str:
    return _KINDS.get(Path(name).suffix, "pages")


def _values(path: Path) -> str | None:
    """What a file states, as text: a table as CSV; None of what states nothing that could be compared."""
    if path.suffix in (".csv", ".parquet"):
        is_table = path.suffix == ".parquet"
        text = edition.table_as_csv(path.stem, path.parent) if is_table else path.read_text(encoding="utf-8-sig")
        rows = csv.reader(io.StringIO(text, newline=""))
        return rows_to_csv([[_abridged(cell) for cell in row] for row in rows])
    return path.read_text(encoding="utf-8") if path.suffix in (".json", ".md") else None


def _abridged(cell: str) -> str:
    """A cell as the reference keeps it: of a longer text its ends and a checksum, since documents are not kept."""
    if len(_CHINESE.findall(cell)) <= LONGEST:
        return cell
    return f"{cell[:7]}…{cell[-7:]} {hashlib.sha256(cell.encode()).hexdigest()[:8]}"


def _values_name(name: str) -> str:
    """The file of an output's values in the reference."""
    return name.removesuffix(".parquet") + ".csv" if name.endswith(".parquet") else name


def _sha256_with_versions(path: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The checksum that a page, notebook or drawing would have, did it name the other run's versions; else none."""
    if path.suffix not in (".html", ".ipynb", ".md", ".svg"):
        return ""
    text = _with_versions(path.read_bytes().decode("utf-8", "surrogateescape"), path.suffix, old, new)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _with_versions(text: str, suffix: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """A page, notebook or drawing that names the versions of the old run where it names those of the new one."""
    was, now = _named_versions(old), _named_versions(new)
    if suffix == ".ipynb":
        return _NOTEBOOK_PYTHON.sub(lambda m: m[1] + was["Python"], text) if "Python" in was else text
    between = " v" if suffix == ".svg" else " "  # <dc:title>Matplotlib v3.11.2
    if suffix == ".svg":
        was, now = ({"Matplotlib": versions.get("matplotlib", "")} for versions in (was, now))
    changed = {
        name + between + now[name]: name + between + was[name] for name in now if was.get(name, now[name]) != now[name]
    }
    if not changed:
        return text
    names = "|".join(map(re.escape, changed))
    return re.sub(rf"(?<![A-Za-z-])(?:{names})(?![\w.]*\d)", lambda m: changed[m[0]], text)


def _named_versions(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Versions by the name under which pages and methods have them."""
    own = {"crosscity": manifest.get("crosscity"), "Python": manifest["platform"].get("python")}
    return {name: version for name, version in (manifest["packages"] | own).items() if version}


def _compare(
    name: str, path: Path, reference: Path, out: Path, manifests: tuple[Mapping[str, Any], Mapping[str, Any]]
) -> Comparison:
    if (new := _values(path)) is not None:
        if name.endswith(".md"):
            new = _with_versions(new, ".md", *manifests)
        old = (reference / "values" / _values_name(name)).read_text(encoding="utf-8")
        lines = _differences(old, new, table=not name.endswith((".json", ".md")))
        return Comparison(name, "differs" if lines else "agrees", tuple(lines))
    if path.suffix == ".png":
        return _compare_pictures(name, path, reference / "pictures" / name, out)
    if path.suffix == ".pdf" and not _is_pdf(path.read_bytes()):
        return Comparison(name, "differs", ("it is no whole PDF",))
    return Comparison(name, "differs", (_BYTES,))


def _differences(old: str, new: str, table: bool) -> list[str]:
    """Lines that say where two texts differ in more than the last digits of a number."""
    old_rows, new_rows = _rows(old, table), _rows(new, table)
    steps = rounding_steps(old_rows) if table else []
    if len(old_rows) == len(new_rows):
        head = old_rows[0] if table and old_rows else []
        pairs = enumerate(zip(old_rows, new_rows, strict=True), start=1)
        different = [(n, a, b) for n, (a, b) in pairs if not _is_alike_row(a, b, steps)]
        return [f"line {n}: {_row_difference(head, a, b, steps)}" for n, a, b in different]
    matcher = difflib.SequenceMatcher(None, list(map(tuple, old_rows)), list(map(tuple, new_rows)), autojunk=False)
    lines = [f"{len(new_rows)} lines, in the reference {len(old_rows)}"]
    for how, a, b, c, d in matcher.get_opcodes():
        pairs = zip(old_rows[a:b], new_rows[c:d], strict=False)
        alike = b - a == d - c and all(_is_alike_row(was, now, steps) for was, now in pairs)
        if how != "equal" and not alike:
            lines += [f"gone, line {n + 1}: {_cut(', '.join(old_rows[n]))}" for n in range(a, b)]
            lines += [f"came, line {n + 1}: {_cut(', '.join(new_rows[n]))}" for n in range(c, d)]
    return lines


def _rows(text: str, table: bool) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""))) if table else [[line] for line in text.splitlines()]


def rounding_steps(rows: Sequence[Sequence[str]]) -> list[Decimal | None]:
    """One in the last decimal of each column, where its numbers were rounded to that; None where they are exact."""
    steps: list[Decimal | None] = []
    for column in itertools.zip_longest(*rows[1:], fillvalue=""):
        decimals = Counter(len(m[1]) for cell in column if (m := _FRACTION.fullmatch(cell)))
        most = max(decimals, default=0)
        rounded = most >= FEWEST_DECIMALS and decimals[most] >= LEAST_WRITTEN_OUT * decimals.total()
        steps.append(Decimal(1).scaleb(-most) if rounded else None)
    return steps


def _is_alike_row(old: Sequence[str], new: Sequence[str], steps: Sequence[Decimal | None]) -> bool:
    return len(old) == len(new) and not _different_cells(old, new, steps)


def _different_cells(
    old: Sequence[str], new: Sequence[str], steps: Sequence[Decimal | None]
) -> list[tuple[int, str, str]]:
    """The cells of two rows of a length that are not alike, with their column."""
    cells = itertools.zip_longest(old, new, steps[: len(old)])
    return [(i, a, b) for i, (a, b, step) in enumerate(cells) if not is_alike(a, b, step)]


def is_alike(old: str, new: str, step: Decimal | None = None) -> bool:
    """Whether two texts are the same but for the last digits of the numbers in them.

    Parameters
    ----------
    old, new : str
    step : Decimal, optional
        Of cells: one in the last decimal to which their column was rounded. By so much they may differ.
    """
    if old == new or (step and _is_one_step(old, new, step)):
        return True
    if _NUMBER.sub("#", old) != _NUMBER.sub("#", new):
        return False
    return all(map(_is_near, _NUMBER.findall(old), _NUMBER.findall(new)))


def _is_one_step(old: str, new: str, step: Decimal) -> bool:
    """Whether two cells are numbers that rounding may have parted, and of digits enough for that to be small."""
    if not (_NUMBER.fullmatch(old) and _NUMBER.fullmatch(new)):
        return False
    was, now = (Decimal(cell.replace(",", "").replace("−", "-")) for cell in (old, new))
    return abs(was - now) <= step <= COARSEST * min(abs(was), abs(now))


def _is_near(old: str, new: str) -> bool:
    """Whether two numbers are the same but for the last digits.

    Whole ones are counts, years or places: these agree only where they are the same.
    """
    if {".", "e", "E"} & {*old, *new}:
        return math.isclose(_number(old), _number(new), rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return _number(old) == _number(new)


def _number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def _row_difference(
    head: Sequence[str], old: Sequence[str], new: Sequence[str], steps: Sequence[Decimal | None]
) -> str:
    if len(old) != len(new):
        return f"{_cut(', '.join(old))} → {_cut(', '.join(new))}"
    cells = _different_cells(old, new, steps)
    return "; ".join(f"{head[i] + ': ' if i < len(head) else ''}{_cut(a)} → {_cut(b)}" for i, a, b in cells)


def _cut(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def same_picture(former: Path | IO[bytes], new: Path | IO[bytes]) -> bool:
    """Whether two pictures are of one size, and a reader would see no difference."""
    old, other = _reduced(former), _reduced(new)
    return old.size == other.size and _different_dots(old, other)[0] <= MOST_DOTS


def _reduced(path: Path | IO[bytes]) -> Picture:
    """A picture at half its size, in steps of `SHADE`: what a reader would notice, and little else."""
    from PIL import Image

    with Image.open(path) as file:
        whole = file.convert("RGB")
    small = whole.resize((max(1, whole.width // 2), max(1, whole.height // 2)), Image.Resampling.BOX)
    return small.point(lambda value: value // SHADE * SHADE + SHADE // 2)


def _compare_pictures(name: str, path: Path, former: Path, out: Path) -> Comparison:
    from PIL import Image, ImageChops

    with Image.open(former) as file:
        old, new = _same_size(file.convert("RGB"), _reduced(path))
    dots, difference = _different_dots(old, new)
    if dots <= MOST_DOTS:
        return Comparison(name, "agrees", (f"{dots} dots differ",))
    sheet = Image.new("RGB", (3 * old.width + 20, old.height), "white")
    for i, picture in enumerate((old, new, ImageChops.invert(difference).convert("RGB"))):
        sheet.paste(picture, (i * (old.width + 10), 0))
    target = out / "pictures" / name.replace("/", "-")
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(target, optimize=True)
    share = dots / (old.width * old.height)
    return Comparison(name, "differs", (f"{dots:,} dots differ ({share:.2%})",), f"pictures/{target.name}")


def _different_dots(old: Picture, new: Picture) -> tuple[int, Picture]:
    """How many dots of two pictures of one size differ, and by how much each."""
    from PIL import ImageChops

    red, green, blue = ImageChops.difference(old, new).split()
    difference = ImageChops.lighter(red, ImageChops.lighter(green, blue))
    return sum(difference.histogram()[DOT_DIFFERS:]), difference


def _same_size(old: Picture, new: Picture) -> tuple[Picture, Picture]:
    """Two pictures, on white where the other one is larger."""
    from PIL import Image

    if old.size == new.size:
        return old, new
    size = max(old.width, new.width), max(old.height, new.height)
    frames = Image.new("RGB", size, "white"), Image.new("RGB", size, "white")
    for frame, picture in zip(frames, (old, new), strict=True):
        frame.paste(picture)
    return frames


def _is_pdf(data: bytes) -> bool:
    """Whether a file begins and ends as a PDF does: what was cut short does not."""
    return data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")


def _with_follower(comparison: Comparison, by_name: Mapping[str, Comparison]) -> Comparison:
    """The comparison; of a page, notebook or drawing whose bytes differ, "follows" if what it shows agrees.

    A PDF follows its picture, identical or not: outlines of fonts and compression are of the versions that made it.
    """
    file = comparison.file
    if comparison.what == (_BYTES,) and file.endswith(".pdf"):
        picture = by_name.get(f"{file.removesuffix('.pdf')}.png")
        if picture and picture.verdict in PASSED:
            return comparison._replace(verdict="follows", what=("its picture, which agrees",))
        return comparison
    if comparison.verdict != "differs" or not file.endswith((".html", ".ipynb", ".svg")):
        return comparison
    folder = file.rpartition("/")[0]
    # The report's own pages state the checksums of tables, too.
    places = (f"{folder}/", "processed/") if folder == "reports" else (f"{folder}/",)
    sources = [
        c
        for c in by_name.values()
        if c.file.startswith(places)
        and c is not comparison
        and c.file.endswith((".csv", ".json", ".png", ".parquet"))
        and c.verdict != "identical"
    ]
    if file.endswith(".svg"):
        sources = [c for c in sources if c.file.rpartition(".")[0] == file.rpartition(".")[0]]
    if sources and all(c.verdict == "agrees" for c in sources):
        return comparison._replace(verdict="follows", what=(f"of {len(sources)} that agree",))
    return comparison


def _reasons(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Differences of two runs, by their manifests, that may make their outputs differ."""
    sides = _circumstances(old), _circumstances(new)
    lines = []
    for key in sorted(sides[0].keys() | sides[1].keys()):
        was, now = (side.get(key, "none") for side in sides)
        if sides[0].get(key) != sides[1].get(key):
            lines.append(f"{' '.join(key)}: {_cut(str(was))} → {_cut(str(now))}")
    return lines


def _circumstances(manifest: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """Code, platform, versions, parameters and documents of a run, by kind and name; the commit changes no result."""
    kinds = {"code": "code", "platform": "platform", "packages": "version of", "parameters": "parameter"}
    values = {("version of", "crosscity"): manifest.get("crosscity", "none")}
    values |= {(kind, name): value for part, kind in kinds.items() for name, value in manifest[part].items()}
    values |= {("document", d["file"]): d["sha256"] for d in manifest["documents"]}
    return {key: value for key, value in values.items() if key not in (("code", "commit"), ("code", "changed"))}


def _write_page(comparisons: Sequence[Comparison], reasons: Iterable[str], out: Path) -> None:
    template = environment().get_template(PAGE)
    counts = Counter(c.verdict for c in comparisons)
    words = {"counts": counts, "verdicts": VERDICTS, "reasons": reasons, "passed": PASSED}
    write_text(out / PAGE, template.render(compared=comparisons, **words))
    rows = [("file", "verdict", "what"), *((c.file, c.verdict, " | ".join(c.what[:MOST_LISTED])) for c in comparisons)]
    write_text(out / "verification.csv", rows_to_csv(rows))
