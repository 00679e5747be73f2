"""How processor time and memory of the tables and of every notebook grow with the number of documents.

    python bench/growth.py FOLDER [N ...]           a corpus that the made documents are like; 113 and 1130 if left out
    python bench/growth.py --write FOLDER [N ...]   the same, into docs/growth.csv and docs/benchmarks.md
    python bench/growth.py --kept FILE [N ...]      the table of a run that was kept, as CSV

The documents are made: each by a chain of words, two before the third, over two documents of the corpus; so they are
distinct, as long as theirs, and share phrases as theirs do. What they say means nothing. Each measurement has a process
of its own and one core; notebooks run cell by cell without a kernel, and their pictures are drawn once, as one looks at
them, and once more where they are kept. Beside them, what one would take on the same words: jieba, scikit-learn, and
gensim, tomotopy, topica and pycorpdiff where they are installed. cntext wants a numpy before 2, and cannot be.
"""

import csv
import itertools
import json
import math
import os
import random
import sys
import tempfile
from pathlib import Path

import stages

NOTEBOOKS = ("01-corpus", "02-terms", "03-topics", "04-compare", "05-profile", "06-pair", "07-shared-text", "08-facts")
NOTEBOOKS += ("09-robustness",)
OTHERS = ("jieba", "scikit-learn counts", "scikit-learn tf-idf", "scikit-learn NMF", "scikit-learn LDA", "gensim LDA")
OTHERS += ("tomotopy LDA", "topica LDA", "pycorpdiff keyness")
SIZES = [113, 1130]
COLUMNS = ("documents", "megabytes", "stage", "wall", "cpu", "peak")
BEGIN, END = "<!-- growth: begin -->", "<!-- growth: end -->"
_DOCS = stages.PROJECT / "docs"
_TOPICS, _MIN_DF, _SHORT, _LONGER = 20, 3, 25, 1.5
# Processes of joblib are not waited for, so that their time would be missing.
stages._ENVIRONMENT["LOKY_MAX_CPU_COUNT"] = "1"


def make_documents(folder, n, out, seed=7):
    """Write n documents, a file each, and corpus.csv with a city and a year."""
    import rjieba
    from crosscity.documents.corpus import read_corpus

    sources = [source for source in read_corpus(Path(folder))[0] if source.text.count("\n") > 3]
    lines = [[line.strip() for line in source.text.split("\n") if line.strip()] for source in sources]
    cut = [[rjieba.cut(line, hmm=False) for line in of_one] for of_one in lines]
    rng, rows, out = random.Random(seed), [["file", "city", "year"]], Path(out)
    out.mkdir(parents=True)
    for i in range(int(n)):
        one, two = rng.sample(range(len(sources)), 2)
        chain = _chain(cut[one] + cut[two])
        city = f"{sources[one].doc_id}市"
        text = [f"{city}政府工作报告"]
        for words, line in zip(cut[one][3:], lines[one][3:], strict=True):
            text.append(line if len(words) < _SHORT else "".join(_walk(chain, len(words) * _LONGER, rng)))
        name = f"{i:05d}.txt"
        (out / name).write_text("\n".join(text), encoding="utf-8")
        rows.append([name, city, str(2005 + i % 20)])
    with (out / "corpus.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def _chain(lines):
    """What follows two words, by these; a line begins and ends with None."""
    chain = {}
    for words in lines:
        padded = [None, None, *words, None]
        for a, b, c in zip(padded, padded[1:], padded[2:], strict=False):
            chain.setdefault((a, b), []).append(c)
    return chain


def _walk(chain, most, rng):
    """Words of a line, until it ends or has so many."""
    a, b, words = None, None, []
    while len(words) < most and (c := rng.choice(chain[a, b])) is not None:
        words.append(c)
        a, b = b, c
    return words


def run_notebook(path, tables, out):
    """The cells of a notebook, one after the other; what the last line of a cell names is shown, as a kernel would."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance(colors="NoColor", quiet=True)
    cells = [c for c in json.loads(Path(path).read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    own = f"\ntables, out = {tables!r}, {out!r}\n"  # behind the defaults, as papermill has it
    for i, cell in enumerate(cells):
        with capture_output():
            done = shell.run_cell("".join(cell["source"]) + own * (i == 0))
            done.raise_error()
            if done.result is not None:
                shell.display_formatter.format(done.result)
        plt.close("all")


def run_other(name, folder):
    """What others do with the same text; what jieba cut is kept beside the folder for the rest."""
    kept = Path(f"{folder}-words.txt")
    if name == "jieba":
        import jieba

        texts = (path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.txt")))
        with kept.open("w", encoding="utf-8") as file:
            for text in texts:
                for line in filter(None, text.split("\n")):
                    file.write(" ".join(w for w in jieba.cut(line, HMM=False) if len(w) > 1) + "\n")
        return
    words = [line.split() for line in kept.read_text(encoding="utf-8").splitlines()]
    if name == "gensim LDA":
        from gensim.corpora import Dictionary
        from gensim.models import LdaModel

        dictionary = Dictionary(words)
        dictionary.filter_extremes(_MIN_DF, 1.0, None)
        LdaModel([dictionary.doc2bow(line) for line in words], _TOPICS, dictionary, random_state=1)
    elif name == "tomotopy LDA":
        import tomotopy

        model = tomotopy.LDAModel(k=_TOPICS, min_df=_MIN_DF, seed=1)
        for line in filter(None, words):
            model.add_doc(line)
        model.train(1000, workers=1, show_progress=False)
    elif name == "topica LDA":
        import topica

        topica.LDA(num_topics=_TOPICS, seed=1).fit(words)
    elif name == "pycorpdiff keyness":
        _run_pycorpdiff(words)
    else:
        _run_sklearn(name.removeprefix("scikit-learn "), words)


def _run_pycorpdiff(words):
    """Keyness of the first half of the lines against the second."""
    import pandas as pd
    import pycorpdiff

    lines, half = pd.DataFrame({"text": [" ".join(line) for line in words]}), len(words) // 2
    one, two = (pycorpdiff.from_dataframe(part, tokenizer=str.split) for part in (lines[:half], lines[half:]))
    pycorpdiff.compare(one, two).keyness(min_count=_MIN_DF)


def _run_sklearn(name, words):
    from sklearn.decomposition import NMF, LatentDirichletAllocation
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    how = CountVectorizer if name in ("counts", "LDA") else TfidfVectorizer
    matrix = how(analyzer=list, min_df=_MIN_DF).fit_transform(words)
    if name == "NMF":
        NMF(_TOPICS, init="nndsvda", random_state=1, max_iter=1000).fit(matrix)
    if name == "LDA":
        LatentDirichletAllocation(_TOPICS, random_state=1).fit(matrix)


def measure(folder, sizes, say=print):
    """Measure everything; a row a stage and size, with the columns `COLUMNS`; wall is NaN where it failed."""
    own, rows = [sys.executable, Path(__file__)], []
    with tempfile.TemporaryDirectory(prefix="crosscity-growth-") as work:
        stages._ENVIRONMENT["TMPDIR"] = work
        for n in sizes:
            texts, tables = (Path(work) / f"{n}-{part}" for part in ("texts", "tables"))
            stages.run([*own, "--make", folder, n, texts])
            size = sum(path.stat().st_size for path in texts.glob("*.txt")) / 1e6
            commands = {"tables": [sys.executable, "-m", "crosscity.cli", "build", texts, "--out", tables, "--jobs", 1]}
            for name in NOTEBOOKS:
                path = stages.PROJECT / "notebooks" / f"{name}.ipynb"
                commands[name] = [*own, "--notebook", path, tables, Path(work) / f"{n}-{name}"]
            commands |= {name: [*own, "--other", name, texts] for name in OTHERS}
            for stage, command in commands.items():
                row = {"documents": n, "megabytes": size, "stage": stage}
                try:
                    rows.append(row | {k: v for k, v in stages.run(command)[1].items() if k in COLUMNS})
                except RuntimeError as error:
                    rows.append(row | dict.fromkeys(("wall", "cpu", "peak"), math.nan))
                    say(str(error).splitlines()[-1])
                say(f"{n:>6} {stage:<22}{rows[-1]['cpu']:>9.1f} s {rows[-1]['peak']:>7.0f} MiB")
    return rows


def lines(rows):
    """A table in Markdown: processor time and memory by stage, a column a size, and the exponents of growth."""
    sizes = sorted({row["documents"] for row in rows})
    at = {(row["stage"], row["documents"]): row for row in rows}
    heads = [f"{n:,}: {what}" for n in sizes for what in ("s", "MiB")]
    exponents = [f"exponent, {a:,} to {b:,}" for a, b in itertools.pairwise(sizes)]
    yield f"| stage | {' | '.join([*heads, *exponents])} |"
    yield "|---" * (1 + len(heads) + len(exponents)) + "|"
    for stage in dict.fromkeys(row["stage"] for row in rows):
        of = [at.get((stage, n)) for n in sizes]
        cells = [_cell(row, key, how) for row in of for key, how in (("cpu", ".1f"), ("peak", ".0f"))]
        if not any(cells):
            cells[0] = "not measured"
        cells += [_exponent(a, b) for a, b in itertools.pairwise(of)]
        yield f"| {stage} | {' | '.join(cells)} |"


def _cell(row, key, how):
    return f"{row[key]:{how}}" if _is_known(row) else ""


def _exponent(one, other):
    if not _is_known(one) or not _is_known(other):
        return ""
    return f"{math.log(other['cpu'] / one['cpu']) / math.log(other['megabytes'] / one['megabytes']):.2f}"


def _is_known(row):
    return row is not None and not math.isnan(row["cpu"])


def write(rows):
    """Write growth.csv, and the table of benchmarks.md between its two marks."""
    with (_DOCS / "growth.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: f"{v:.6g}" if isinstance(v, float) else v for k, v in row.items()} for row in rows)
    page = _DOCS / "benchmarks.md"
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    text = "\n".join([f"{before}{BEGIN}", *lines(rows), f"{END}{rest.split(END)[1]}"])
    page.write_text(text, encoding="utf-8", newline="\n")


def read(path):
    """The rows of a file that `write` wrote."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return [
            {"documents": int(row["documents"]), "stage": row["stage"]}
            | {k: float(row[k]) for k in ("megabytes", "wall", "cpu", "peak")}
            for row in csv.DictReader(file)
        ]


def main(arguments):
    """Do one stage, or measure all of them."""
    if arguments[:1] == ["--make"]:
        make_documents(*arguments[1:])
    elif arguments[:1] == ["--notebook"]:
        run_notebook(*arguments[1:])
    elif arguments[:1] == ["--other"]:
        run_other(*arguments[1:])
    elif arguments[:1] == ["--kept"]:
        chosen = {int(n) for n in arguments[2:]}
        print("\n".join(lines([row for row in read(arguments[1]) if not chosen or row["documents"] in chosen])))
    else:
        keep, given = arguments[:1] == ["--write"], [a for a in arguments if a != "--write"]
        if not given:
            sys.exit(__doc__)
        folder, sizes = Path(given[0]).resolve(), [int(n) for n in given[1:]] or SIZES
        os.chdir(stages.PROJECT)
        rows = measure(folder, sizes, lambda line: print(line, flush=True))
        print("\n".join(lines(rows)))
        if keep:
            write(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
