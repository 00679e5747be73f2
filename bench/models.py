"""Topic models side by side, on one corpus, prepared once, by one measure: ours, and the LDA of three packages.

    python bench/models.py [FOLDER] [--docs]     a corpus or its tables; the city reports if left out
    python bench/models.py --help                what can be set: topics, resamples, seeds ...

In an environment with the extra `bench`; a package that is not there is left out. Each model is fitted to all
paragraphs with five seeds, the models by turns, and to ten draws of 80% of the documents. Measures are those of
`quality`, of the first ten terms; held out is what a draw leaves out. Time is that of the processor, in one thread, so
that other work on the machine counts little; the ratio to Gibbs LDA is the median over the turns. Every fit is kept as
it ends (--kept), so that a run that was cut short goes on where it was. --choose N measures the choice of k, N times.
--docs writes docs/topic-models.md, topic-models.csv and figures/topic-models.png.
"""

import argparse
import contextlib
import functools
import hashlib
import importlib.util
import itertools
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import stages
from crosscity import open_study
from crosscity.files.safe_csv import frame_to_csv
from crosscity.topics import models as models_module
from crosscity.topics import quality
from crosscity.words import formulaic
from results import BEGIN, DOCS, END, Claim
from scipy import sparse

KEPT = stages.PROJECT / "reports" / "topic-models.jsonl"
MIN_DF, MAX_DF, MIN_TOKENS = 3, 0.06, 5
KS, RESAMPLES, JOBS = (5, 8, 10, 12, 15, 20, 25, 30, 40, 50), 20, 2  # of the choice of k
CHOICE = f"choice of k ({len(KS)} values, {RESAMPLES} resamples, {JOBS} jobs)"
COLUMNS = ("model", "npmi", "npmi_held", "diversity", "exclusivity", "stability", "stability_low", "stability_high")
COLUMNS += ("jaccard", "jaccard_low", "jaccard_high", "seeds_agree", "seconds", "to_gibbs", "wall")
# What a model has to reach, a panel each: column, heading, sign and bound (none on documents left out).
PANELS = (
    ("npmi", "NPMI", "≥", 0.5),
    ("npmi_held", "NPMI held out", None, None),
    ("diversity", "diversity", "≥", 0.9),
    ("stability", "stability", "≥", 0.78),
    ("to_gibbs", "time (Gibbs: 1)", "≤", 0.05),
)


class Texts(NamedTuple):
    """What every model is given: counts of terms in paragraphs, the terms, each paragraph's document."""

    counts: sparse.csr_array
    terms: np.ndarray
    documents: np.ndarray


def prepare(tables):
    """Body paragraphs without formulas and names of places, of five kept words or more; terms of few, but not too few.

    Documents that are given under several cities take no part, as in the notebooks.
    """
    with tempfile.TemporaryDirectory(prefix="crosscity-bench-") as out:
        run = open_study(notebook="03-topics", tables=str(Path(tables).resolve()), out=out, min_df=MIN_DF)
    paragraphs = run.paragraphs(["body"])
    _, mask = formulaic.formulas(paragraphs["tokens"], paragraphs["doc_id"])
    paragraphs["tokens"] = formulaic.remove_masked(paragraphs["tokens"], mask)
    counts, terms = run.counts(paragraphs, MAX_DF)
    used = counts.sum(axis=1) >= MIN_TOKENS
    return Texts(counts[used], terms, paragraphs["doc_id"].to_numpy(dtype=object)[used])


def gensim_lda(counts, terms, k, seed=1):
    """gensim's LDA, online variational (Hoffman, Blei and Bach 2010), as a TopicModel; no measure needs its order.

    Both priors are learnt. With 50 passes instead of 20, NPMI on the city reports is the same to 0.004; batches of 500
    paragraphs instead of gensim's 2,000 lower it by 0.05.
    """
    from gensim.models import LdaModel
    from threadpoolctl import threadpool_limits

    rows = sparse.csr_array(counts)
    spans = itertools.pairwise(rows.indptr)
    bags = [list(zip(rows.indices[a:b].tolist(), rows.data[a:b].tolist(), strict=True)) for a, b in spans]
    settings = {"passes": 20, "iterations": 100, "alpha": "auto", "eta": "auto", "eval_every": None}
    with threadpool_limits(limits=1):
        model = LdaModel(bags, k, dict(enumerate(terms)), random_state=seed, **settings)
        loadings, _ = model.inference(bags)
    weights, shares = (m / m.sum(axis=1, keepdims=True) for m in (model.get_topics().astype(float), loadings))
    return models_module.TopicModel(terms, weights, shares)


def _ours(method, **more):
    return lambda counts, terms, k, seed: models_module.fit(counts, terms, k, MIN_TOKENS, seed, method, **more)


NMF, FINER, GIBBS = "NMF", "NMF, tolerance 1e-05", "LDA, Gibbs (tomotopy)"
# fit(counts, terms, k, seed) gives a TopicModel.
MODELS = {
    NMF: _ours("nmf"),
    FINER: _ours("nmf", tol=1e-5),
    "NMF in batches": _ours("minibatch"),
    "LDA (scikit-learn)": _ours("lda"),
    GIBBS: _ours("gibbs"),
    "LDA (gensim)": gensim_lda,
}


def installed():
    """The models whose packages are there."""
    needs = {GIBBS: "tomotopy", "LDA (gensim)": "gensim"}
    return {m: fit for m, fit in MODELS.items() if m not in needs or importlib.util.find_spec(needs[m])}


def measure(texts, models, kept, k=20, resamples=10, share=0.8, seed=1, seeds=5):
    """Fit every model to all paragraphs with each seed, then to each draw with the first, unless it is kept.

    Parameters
    ----------
    texts : Texts
    models : dict of callable
    kept : Path
        A line of JSON a fit, of any corpus and settings; those of others are passed over.

    Returns
    -------
    list of dict
        A row a fit: model, draw (0: all), seed, cpu and wall in seconds, measures, tops (the terms in order).
    """
    from tqdm import tqdm

    key = _key(texts, k, share, seed)
    done = {(r["model"], r["draw"], r["seed"]): r for r in load(kept, key)}
    draws = quality.sample_documents(texts.documents, texts.counts, resamples, share, seed)
    draws = [np.ones(len(texts.documents), dtype=bool), *draws]
    plan = [(m, 0, seed + turn) for turn in range(seeds) for m in models]
    plan += [(m, draw, seed) for draw in range(1, len(draws)) for m in models]
    for fit in models.values() if set(plan) - set(done) else ():  # what is loaded once is loaded
        fit(texts.counts[:500], texts.terms, 2, seed)
    for at in (bar := tqdm([at for at in plan if at not in done], desc="fits", file=sys.stderr)):
        model, draw, its_seed = at
        bar.set_postfix_str(model)
        done[at] = {"model": model, "draw": draw, "seed": its_seed}
        done[at] |= _fitted(functools.partial(models[model], k=k, seed=its_seed), texts, draws[draw])
        _keep(kept, key, done[at])
    return [done[at] for at in plan]


def _fitted(fit, texts, rows):
    """What one fit gives: coherence is in the paragraphs left out, if there are any."""
    counts, others = texts.counts[rows], texts.counts if rows.all() else texts.counts[~rows]
    cpu, wall = time.process_time(), time.perf_counter()
    model = fit(counts, texts.terms)
    found = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    tops = models_module.top_term_indices(model)
    found |= {"npmi": float(np.nanmean(quality.coherence(tops, others))), "diversity": float(quality.diversity(tops))}
    found["exclusivity"] = float(np.nanmean(quality.exclusivity(model, tops)))
    return found | {"tops": [[texts.terms[j] for j in row if j >= 0] for row in tops]}


def choose(texts, kept, times, share=0.8, seed=1):
    """Time the choice of k, by the clock, as it takes several processes: rows of model, draw, wall, k, reason."""
    key = _key(texts, 0, share, seed)
    done = [r for r in load(kept, key) if r["model"] == CHOICE]
    for time_ in range(len(done), times):
        start = time.perf_counter()
        table = quality.choose_k(*texts, KS, RESAMPLES, share, seed, jobs=JOBS)
        wall, (k, reason) = time.perf_counter() - start, quality.pick_k(table)
        done.append({"model": CHOICE, "draw": time_, "wall": wall, "k": k, "reason": reason})
        _keep(kept, key, done[-1])
    return done


def _key(texts, *settings):
    """What a fit hangs on besides the model, in short."""
    said = json.dumps([*settings, *texts.terms, *texts.documents]).encode()
    return hashlib.sha256(said + texts.counts.indices.tobytes() + texts.counts.data.tobytes()).hexdigest()


def _keep(kept, key, row):
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps({"of": key, **row}))  # the last one may have been cut short


def load(kept, key):
    """The rows that are kept of this corpus and these settings; a line that was cut short is none."""
    rows = []
    for line in kept.read_text(encoding="utf-8").splitlines() if kept.is_file() else ():
        with contextlib.suppress(ValueError):
            rows.append(json.loads(line))
    return [row for row in rows if row.pop("of") == key]


def summarise(rows):
    """One row a model, in order, of `COLUMNS`; the choice of k, if timed, has its wall time alone.

    stability and jaccard: agreement with the model of all, by depths and of the ten terms; mean over draws, 2.5th and
    97.5th percentiles. seeds_agree: of the ten terms, mean over pairs of seeds. seconds, to_gibbs: of the processor.
    """
    table, cpu = [], {(r["model"], r["seed"]): r["cpu"] for r in rows if r.get("cpu") and not r["draw"]}
    for name in dict.fromkeys(r["model"] for r in rows):
        fits = [r for r in rows if r["model"] == name]
        found = {"model": name, "wall": np.median([r["wall"] for r in fits if not r["draw"] or name == CHOICE])}
        if name != CHOICE:
            whole, parts = [r for r in fits if not r["draw"]], [r for r in fits if r["draw"]]
            models, again = [_ranked(r["tops"]) for r in whole], [_ranked(r["tops"]) for r in parts]
            found |= {measure: whole[0][measure] for measure in ("npmi", "diversity", "exclusivity")}
            found["npmi_held"] = np.mean([r["npmi"] for r in parts])
            for column, by in (("stability", "depths"), ("jaccard", "top")):
                agreement = [models_module.match_topics(models[0], other, by=by)[1].mean() for other in again]
                low, high = np.percentile(agreement, [2.5, 97.5])
                found |= {column: np.mean(agreement), f"{column}_low": low, f"{column}_high": high}
            pairs = [models_module.match_topics(a, b, by="top")[1].mean() for a, b in itertools.combinations(models, 2)]
            found["seeds_agree"] = np.mean(pairs) if pairs else np.nan
            found["seconds"] = np.median([r["cpu"] for r in whole])
            turns = [r["cpu"] / cpu[GIBBS, r["seed"]] for r in whole if (GIBBS, r["seed"]) in cpu]
            found["to_gibbs"] = np.median(turns) if turns else np.nan
        table.append(found)
    return pd.DataFrame(table, columns=COLUMNS).round(4)


def _ranked(tops):
    """A model with these first terms, in this order, which is all that `topics.models.match_topics` looks at."""
    terms = sorted(set(itertools.chain(*tops)))
    weights = np.zeros((len(tops), len(terms)))
    for row, topic in zip(weights, tops, strict=True):
        row[[terms.index(t) for t in topic]] = np.arange(len(topic), 0, -1) / models_module.TOP
    return models_module.TopicModel(np.array(terms, dtype=object), weights, None)


def claims(table):
    """What our model has to reach, and what choosing k may take."""
    rows = table.set_index("model")
    made = [
        Claim(f"{NMF}: {heading}", sign, bound, float(rows.loc[NMF, column]))
        for column, heading, sign, bound in PANELS
        if sign and NMF in rows.index and not np.isnan(rows.loc[NMF, column])
    ]
    return made + [Claim(f"{m}: time", "<", 5, rows.loc[m, "wall"] / 60, " min") for m in rows.index if m == CHOICE]


def markdown(table):
    """The claims and the table, for the page."""
    said = []
    shown = [c for c in COLUMNS if c not in {"stability_low", "stability_high", "jaccard_low", "jaccard_high", "wall"}]
    body = [_cells(row, shown) for _, row in table[table["model"] != CHOICE].iterrows()]
    for heading, head, cells in (
        ("Claims", ("claim", "required", "measured", "holds"), [c.cells() for c in claims(table)]),
        ("Models", [c.replace("_", " ") for c in shown], body),
    ):
        lines = ["| " + " | ".join(row) + " |" for row in (head, *cells)]
        said += [f"### {heading}", lines[0], "|" + "---|" * len(head), *lines[1:], ""]
    return "\n".join(said)


def _cells(row, columns):
    """Measures to two places, those of draws with their range, times to three digits."""
    for column in columns:
        value = row[column]
        if column in {"stability", "jaccard"}:
            yield f"{value:.2f} ({row[f'{column}_low']:.2f} to {row[f'{column}_high']:.2f})"
        elif isinstance(value, str):
            yield value
        else:
            yield "" if np.isnan(value) else f"{value:.3g}" if column in {"seconds", "to_gibbs"} else f"{value:.2f}"


def figure(table):
    """A panel a measure, a row a model; dashed: what is required; the bar of stability: 95% of the draws."""
    from crosscity.figures.style import COLOURS, WIDTH, use_style
    from matplotlib.figure import Figure

    use_style()
    rows = table[table["model"] != CHOICE]
    y, colours = np.arange(len(rows)), [COLOURS[0 if m.startswith("NMF") else 1] for m in rows["model"]]
    fig = Figure(figsize=(WIDTH, 0.9 + 0.24 * len(rows)))
    for ax, (column, heading, _, bound) in zip(fig.subplots(1, len(PANELS), sharey=True), PANELS, strict=True):
        if column == "stability":
            _ = ax.hlines(y, rows["stability_low"], rows["stability_high"], color=colours, lw=1.2)
        _ = ax.scatter(rows[column], y, color=colours, s=16, zorder=3)
        if bound:
            _ = ax.axvline(bound, color="#666666", lw=0.8, ls=(0, (4, 3)))
        ax.set_title(heading)
        ax.grid(color="#e5e5e5", lw=0.6)
        ax.tick_params(axis="y", length=0)
        if column == "to_gibbs":
            ax.set(xscale="log")
            ax.xaxis.set_major_formatter("{x:g}")
            ax.minorticks_off()
        else:
            ax.set_xlim(0, 1.04)
            ax.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    ax.set_yticks(y, rows["model"])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    return fig


def write(table, docs):
    """Write topic-models.csv, the tables of topic-models.md between its two marks, and the figure."""
    (docs / "topic-models.csv").write_text(frame_to_csv(table, "%.6g"), encoding="utf-8", newline="")
    page = docs / "topic-models.md"
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    page.write_text(f"{before}{BEGIN}\n{markdown(table)}\n{END}{rest.split(END)[1]}", encoding="utf-8")
    path = docs / "figures" / "topic-models.png"
    path.parent.mkdir(exist_ok=True)
    figure(table).savefig(path, metadata={"Software": None})


def main(arguments):
    """Measure, print what was found, and write it down if asked to."""
    parser = argparse.ArgumentParser(description="Compare topic models on one corpus.")
    default = stages.REPORTS if stages.REPORTS.is_dir() else stages.PROJECT / "data" / "raw"
    parser.add_argument("folder", nargs="?", type=Path, default=default, help="a corpus, or tables built from it")
    for name, value in (("k", 20), ("resamples", 10), ("share", 0.8), ("seed", 1), ("seeds", 5), ("choose", 0)):
        parser.add_argument(f"--{name}", type=type(value), default=value, help=f"{value} if left out")
    parser.add_argument("--kept", type=Path, default=KEPT, help="where fits are kept until all are made")
    parser.add_argument("--docs", action="store_true", help="write docs/topic-models.*")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="crosscity-bench-") as work:
        built = (options.folder / "corpus.parquet").is_file()
        if not built:
            stages.run(stages.build(options.folder, work))
        texts = prepare(options.folder if built else work)
    about = (len(set(texts.documents)), *texts.counts.shape, options.k)
    print("{:,} documents, {:,} paragraphs, {:,} terms; k = {}".format(*about), flush=True)
    draws = {name: getattr(options, name) for name in ("share", "seed")}
    rows = measure(texts, installed(), options.kept, options.k, options.resamples, seeds=options.seeds, **draws)
    rows += (choice := choose(texts, options.kept, options.choose, **draws))
    table = summarise(rows)
    print(markdown(table), *(f"{r['wall']:.0f} s; {r['reason']}" for r in choice), sep="\n")
    if options.docs:
        write(table, DOCS)
        print("written: docs/topic-models.csv, docs/topic-models.md, docs/figures/topic-models.png")
    options.kept.unlink()  # another run measures anew


if __name__ == "__main__":
    main(sys.argv[1:])
