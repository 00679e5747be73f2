"""What was measured: claims, tables, a figure. python bench/results.py writes docs/benchmarks.* anew from their CSV."""

import csv
import operator
import sys
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

DOCS = Path(__file__).resolve().parents[1] / "docs"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
NUMBERS = ("megabytes", "wall", "cpu", "peak", "together")
COLUMNS = ("times", "megabytes", "documents", "cores", "stage", "turn", "wall", "cpu", "peak", "together")
COLUMNS += ("tokens", "words")
_SIGNS = {"≥": operator.ge, ">": operator.gt, "≤": operator.le, "<": operator.lt, "=": operator.eq}
SHOWN = ("loop", "jieba alone", "build, 1 job", "build", "clean", "tokenize", "vectorize", "topics")


class Claim(NamedTuple):
    """What should hold of a number; None where it was not measured."""

    words: str
    sign: str
    bound: float
    value: float | None
    unit: str = ""

    def cells(self):
        """As it is shown: claim, required, measured, whether it holds."""
        required = f"{self.sign} {self.bound:g}{self.unit}"
        if self.value is None:
            return self.words, required, "not measured", ""
        held = "yes" if _SIGNS[self.sign](self.value, self.bound) else "no"
        return self.words, required, f"{_figures(self.value)}{self.unit}", held


def _figures(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def values(rows, stage, times, field):
    """A field of a stage at a size, by turn."""
    found = ((r["turn"], r[field]) for r in rows if (r["stage"], r["times"]) == (stage, times))
    return {turn: value for turn, value in found if value is not None}


def typical(rows, stage, times, field):
    """Its median, or None."""
    found = values(rows, stage, times, field)
    return median(found.values()) if found else None


def ratio(rows, stage, other, times, field="wall", less=None):
    """Median over turns of a stage to another; with `less`, what that stage takes is taken off both."""
    above, below, off = (values(rows, s, times, field) for s in (stage, other, less))
    turns = [t for t in above if t in below and (less is None or t in off)]
    return median((above[t] - off.get(t, 0)) / (below[t] - off.get(t, 0)) for t in turns) if turns else None


def growth(rows, stage, large, small, field="wall", per_megabyte=True):
    """A stage at a size to the same at a smaller one, by the megabyte or as it is."""
    above, below = (typical(rows, stage, n, field) for n in (large, small))
    if above is None or below is None:
        return None
    sizes = {r["times"]: r["megabytes"] for r in rows}
    return above / below / (sizes[large] / sizes[small] if per_megabyte else 1)


def differing(rows):
    """At how many sizes the two engines cut other words; None where not both were measured."""
    cut = {n: [values(rows, s, n, "words") for s in ("tokenize", "tokenize, jieba")] for n in _sizes(rows)}
    both = [set(a.values()) | set(b.values()) for a, b in cut.values() if a and b]
    return sum(len(found) > 1 for found in both) if both else None


def _sizes(rows):
    return sorted({r["times"] for r in rows})


def claims(rows):
    """Every claim, on what was measured."""
    cores = rows[0]["cores"]
    made = []
    for n in (1, 10):
        cpu = ratio(rows, "tokenize, jieba", "tokenize", n, "cpu")
        made.append(Claim(f"tokenizing at {n}x: jieba's processor time to ours", "≥", 18, cpu))
    tokens = typical(rows, "tokenize", 1, "tokens")
    counted = f" ({tokens:,.0f} segments at 1x)" if tokens else ""
    made.append(Claim(f"sizes at which jieba and we cut different words{counted}", "=", 0, differing(rows)))
    for stage, jobs in (("build", f"{cores} jobs, the default here"), ("build, 1 job", "1 job")):
        for other, words, sign, bound in (("jieba alone", "jieba alone", ">", 1), ("loop", "the usual loop", "≥", 5)):
            value = ratio(rows, other, stage, 1)
            made.append(Claim(f"build at 1x, {jobs}: time of {words} to ours", sign, bound, value))
    for stage, jobs in (("build", f"{cores} jobs"), ("build, 1 job", "1 job")):
        for field, words in (("wall", "time"), ("cpu", "processor time")):
            grown = growth(rows, stage, 50, 10, field)
            made.append(Claim(f"build, {jobs}: {words} per MB, 50x to 10x", "≤", 1.2, grown))
    for field, words in (("peak", "of the largest process"), ("together", "of all processes together")):
        rise = growth(rows, "build", 50, 10, field, per_megabyte=False)
        made.append(Claim(f"build, {cores} jobs: peak memory {words}, 50x to 10x", "≤", 1.5, rise))
        held = typical(rows, "build", 50, field)
        made.append(Claim(f"build at 50x, {cores} jobs: peak memory {words}", "<", 2, held and held / 1024, " GiB"))
    again = ratio(rows, "second build", "first build", 10, less="start")
    made.append(Claim("build at 10x once more with a document added, to the first, start taken off", "<", 0.1, again))
    jobs = ratio(rows, "build, 1 job", "build", 10)
    made.append(Claim(f"build at 10x: time of 1 job to {cores} jobs", "≥", 1.3, jobs))
    return made


def tables(rows):
    """The tables of the page: a heading and rows of cells each, the first of which names the columns."""
    sizes = _sizes(rows)
    yield "Claims", [("claim", "required", "measured", "holds"), *(c.cells() for c in claims(rows))]
    yield "Stages", [_head(sizes), *(_stage(rows, s, sizes) for s in dict.fromkeys(r["stage"] for r in rows))]
    yield "To the floor", [("stage: our time to the floor's", *(f"{n}x" for n in sizes)), *_to_the_floor(rows, sizes)]
    yield (
        "Where the processor time of a build goes (1 job)",
        [("part", *(f"{n}x" for n in sizes)), *_shares(rows, sizes)],
    )


def _head(sizes):
    growing = [f"time per MB, {large}x to {small}x" for small, large in pairwise(sizes)]
    return "stage", *growing, *(f"MB/s, {n}x" for n in sizes), *(f"MiB, {n}x" for n in sizes)


def _stage(rows, stage, sizes):
    growing = [growth(rows, stage, large, small) for small, large in pairwise(sizes)]
    megabytes = {r["times"]: r["megabytes"] for r in rows}
    speeds = [(t := typical(rows, stage, n, "wall")) and megabytes[n] / t for n in sizes]
    peaks = [(p := typical(rows, stage, n, "peak")) and f"{p:.0f}" for n in sizes]
    if stage in {"start", "second build"}:  # these do not go through the text
        growing, speeds = [None] * len(growing), [None] * len(speeds)
    if stage.startswith("floor"):  # its parts share a process
        peaks = [None] * len(peaks)
    return stage, *map(_cell, [*growing, *speeds, *peaks])


def _cell(value):
    return value if isinstance(value, str) else "" if value is None else _figures(value)


def _to_the_floor(rows, sizes):
    pairs = {"read": "read", "clean": "clean", "word lists": "tokenize", "vectorize": "vectorize", "topics": "topics"}
    pairs = {stage: f"floor: {step}" for stage, step in pairs.items()}
    for stage, other in {**pairs, "clean, to the usual way": "clean, usual way"}.items():
        yield stage, *(_cell(ratio(rows, stage.split(",")[0], other, n)) for n in sizes)


def _shares(rows, sizes):
    """Shares of the build; what no other measurement accounts for is the last."""
    parts = {"process start": "start", "reading": "read", "cleaning": "clean", "word lists": "word lists"}
    rest = dict.fromkeys(sizes, 1.0)
    for words, stage in parts.items():
        shares = {}
        for n in sizes:
            whole = typical(rows, "build, 1 job", n, "cpu")
            of = [typical(rows, stage, m, "cpu") for m in ([n] if stage != "start" else sizes)]
            part = next((value for value in of if value is not None), None)
            shares[n] = part / whole if whole and part is not None else None
            rest[n] = None if rest[n] is None or shares[n] is None else rest[n] - shares[n]
        yield words, *("" if s is None else f"{s:.0%}" for s in shares.values())
    yield "tables and files", *("" if s is None else f"{s:.0%}" for s in rest.values())


def lines(rows):
    """The tables for a terminal."""
    for heading, cells in tables(rows):
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        yield from ("", heading)
        for first, *others in cells:
            yield "  ".join([first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(others, widths[1:], strict=True))])


def markdown(rows):
    """The tables for the page."""
    sizes = {r["times"]: f"{r['times']}x is {r['megabytes']:.1f} MB in {r['documents']:,} documents" for r in rows}
    said = [f"{'; '.join(sizes.values())}. {rows[0]['cores']} cores, {len(rows)} measurements.", ""]
    for heading, cells in tables(rows):
        head, *body = ["| " + " | ".join(row) + " |" for row in cells]
        said += [f"### {heading}", head, "|" + "---|" * len(cells[0]), *body, ""]
    return "\n".join(said)


def write(rows, docs):
    """Write benchmarks.csv, the tables of benchmarks.md between its two marks, and the figure."""
    from crosscity.files.safe_csv import rows_to_csv

    cells = [[f"{v:.6g}" if isinstance(v := row.get(c, ""), float) else v for c in COLUMNS] for row in rows]
    (docs / "benchmarks.csv").write_text(rows_to_csv([COLUMNS, *cells]), encoding="utf-8", newline="")
    page = docs / "benchmarks.md"
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    page.write_text(f"{before}{BEGIN}\n{markdown(rows)}\n{END}{rest.split(END)[1]}", encoding="utf-8")
    path = docs / "figures" / "benchmarks.png"
    path.parent.mkdir(exist_ok=True)
    figure(rows).savefig(path, metadata={"Software": None})


def load(path):
    """The rows of a CSV that `write` has written."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{k: _value(k, v) for k, v in row.items()} for row in csv.DictReader(file)]


def _value(column, text):
    if column in {"stage", "words"}:
        return text or None
    return None if not text else float(text) if column in NUMBERS else int(text)


def figure(rows):
    """Time and peak memory against the size of the corpus: a line a stage, named at its end."""
    from crosscity.figures.style import COLOURS, WIDTH, use_style
    from matplotlib.figure import Figure

    use_style()
    megabytes = {r["times"]: r["megabytes"] for r in rows}
    fig = Figure(figsize=(WIDTH, 3.4))
    axes = fig.subplots(1, 2)
    for ax, field, label in zip(axes, ("wall", "peak"), ("seconds", "peak memory, MiB"), strict=True):
        ends = []
        for stage, colour in zip(SHOWN, COLOURS, strict=True):
            points = [(megabytes[n], y) for n in sorted(megabytes) if (y := typical(rows, stage, n, field)) is not None]
            if points:
                _ = ax.plot(*zip(*points, strict=True), "o-", ms=3, lw=1.2, color=colour)
                ends.append((points[-1], stage, colour))
        ax.set(xscale="log", yscale="log", xlabel="megabytes of text", title=label)
        ax.set_xticks(list(megabytes.values()), [f"{m:.0f}" for m in megabytes.values()])
        ax.minorticks_off()
        ax.yaxis.set_major_formatter("{x:g}")
        if field == "peak":
            ticks = [2**n for n in range(5, 15) if ax.get_ylim()[0] <= 2**n <= ax.get_ylim()[1]]
            ax.set_yticks(ticks, [str(t) for t in ticks])
        ax.grid(color="#e5e5e5", lw=0.6)
        _name(ax, ends)
    return fig


def _name(ax, ends, gap=0.065):
    """Names right of the axes, at the height of the lines' ends and at least a gap apart."""
    to_axes = ax.transScale + ax.transLimits
    ends = sorted((float(to_axes.transform(point)[1]), point, name, colour) for point, name, colour in ends)
    heights = [y for y, *_ in ends]
    for i in range(1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + gap)
    for i in reversed(range(len(heights))):  # and none above the axes
        heights[i] = min(heights[i], heights[i + 1] - gap if i + 1 < len(heights) else 1)
    for height, (_, point, name, colour) in zip(heights, ends, strict=True):
        ax.annotate(
            name, point, xytext=(1.07, height), textcoords=ax.transAxes, color=colour, fontsize=7.5, va="center",
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.5, "alpha": 0.5, "shrinkA": 1, "shrinkB": 2,
                        "relpos": (0, 0.5)},
        )  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, str(DOCS.parent / "lib"))
    write(load(DOCS / "benchmarks.csv"), DOCS)
