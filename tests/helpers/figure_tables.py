"""Tables that the notebooks draw, invented, for tests of figures: functions of the number of groups, topics or rows."""

import itertools

import numpy as np
import pandas as pd
from crosscity.compare import indicators, multiverse, shifts
from crosscity.compare.distances import ClusterTree
from crosscity.compare.indicators import COLUMNS
from crosscity.compare.questions import STANCES
from crosscity.figures.basic import MANY
from scipy.cluster.hierarchy import leaves_list, linkage

from tests.helpers.figures import CITIES, TERMS


def numbers(*shape):
    return np.random.default_rng(7).gamma(2.0, 1.0, shape)


def document_lengths(n):
    return pd.DataFrame({"label": CITIES[:n], "n_chars": (numbers(n) * 9000).astype(int)}).sort_values(
        "n_chars", ascending=False
    )


def kinds_by_document(n):
    kinds = ["body", "byline", "heading", "note", "title"]
    rows = list(itertools.product(CITIES[:n] if n <= MANY else ["all documents"], kinds))
    return pd.DataFrame(rows, columns=["label", "kind"]).assign(characters=(numbers(len(rows)) * 5000).astype(int))


def changes_by_document(n):
    names = [
        "page furniture removed",
        "pinyin removed",
        "traditional to simplified",
        "entities and stray marks",
        "lines joined",
    ]
    names += ["damaged, left as it is", "spaces and empty lines"]
    rows = list(itertools.product(CITIES[:n] if n <= MANY else ["all documents"], names))
    return pd.DataFrame(rows, columns=["label", "change"]).assign(characters=(numbers(len(rows)) * 300).astype(int))


def term_rates(n):
    return pd.DataFrame(numbers(n, 14) * 4, index=CITIES[:n], columns=TERMS[:14])


def prevalence(n, k=8):
    shares = numbers(n, k)
    names = [f"{i + 1} {'·'.join(TERMS[i : i + 3])}" for i in range(k)]
    return pd.DataFrame(shares / shares.sum(axis=1, keepdims=True), index=CITIES[:n], columns=names)


def topic_shares(n, k=8):
    """As prevalence.intervals has them, with names: every third group has no interval."""
    table = prevalence(n, k).rename_axis("group").reset_index().melt("group", var_name="name", value_name="share")
    table = table.assign(low=table["share"] * 0.4, high=np.minimum(1, table["share"] * 2), whole=1 / k)
    table.loc[table["group"].isin(CITIES[2:n:3]), ["low", "high"]] = np.nan
    return table


def k_choices(n):
    k = np.array([3, 5, 8, 12, 16, 20, 25, 30, 40, 50][:n])
    columns = "stability stability_low stability_high surviving npmi npmi_held npmi_held_se diversity exclusivity"
    values = np.sort(np.random.default_rng(1).random((len(k), 9)), axis=1)[:, [1, 0, 2, 3, 4, 5, 0, 6, 7]]
    table = pd.DataFrame(values, columns=columns.split()).assign(k=k, surviving=k // 2)
    return table.assign(npmi_held_se=np.nan) if n == 1 else table


def yearly_shares(k):
    names = [f"{i + 1} {'·'.join(TERMS[i % 20 : i % 20 + 3])}" for i in range(k)]
    rows = pd.DataFrame(itertools.product(names, range(1954, 2026, 3)), columns=["name", "year"])
    lines = pd.DataFrame({"name": names, "slope": 0.001, "low": 0.0, "high": 0.002, "answer": "no trend shown"})
    lines.loc[::2, "answer"] = "trend"
    lines.loc[1::3, ["low", "high"]] = np.nan
    return rows.assign(share=numbers(len(rows)) / 20), lines


def topic_terms(k):
    table = group_terms([f"{i + 1} {'·'.join(TERMS[i % 20 : i % 20 + 3])} 0.61" for i in range(k)], 10)
    return table.rename(columns={"group": "panel"})


def intruder_precision(k):
    table = pd.DataFrame({"name": topic_terms(k)["panel"].unique(), "precision": np.linspace(0, 1, k)})
    return table.assign(low=table["precision"] * 0.5, high=1 - (1 - table["precision"]) * 0.5)


def distance_table(n):
    x = numbers(n, 6)
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    far = np.round(1 - np.clip(unit @ unit.T, 0, 1), 6)
    np.fill_diagonal(far, 0)
    return pd.DataFrame(far, index=CITIES[:n], columns=CITIES[:n])


def group_terms(groups, each, negative=False):
    rows = [(g, t) for g in groups for t in TERMS[:each]]
    value = np.sort(numbers(len(rows)))[::-1] + 0.5
    table = pd.DataFrame(rows, columns=["group", "term"]).assign(
        value=value, low=value - (1.5 if negative else 0.4), high=value + 0.7
    )
    table.loc[::4, ["low", "high"]] = np.nan
    return table.assign(only_here=[i % 5 == 0 for i in range(len(rows))])


def group_pairs(n):
    """As 04-compare has them for many groups: the twelve nearest and the twelve farthest."""
    names = [f"{a} – {b}" for a, b in itertools.islice(itertools.combinations(CITIES[:n], 2), 24)]
    sets = ["nearest pairs" if i < len(names) / 2 else "farthest pairs" for i in range(len(names))]
    return pd.DataFrame({"set": sets, "pair": names, "distance": np.sort(numbers(len(names))) / 10})


def nearest_pairs(n):
    """As 05-profile has them: one panel, twelve rows at most."""
    return pd.DataFrame({"pair": CITIES[1 : n + 1][:12], "distance": np.sort(numbers(min(n, 12))) / 10}).assign(
        set=f"nearest to {CITIES[0]}"
    )


def passages(n):
    """Half of each document its own text, in the middle what some share, at the ends what many do."""
    classes = ("central", "own", "shared", "own", "reference")
    rows = [
        (name, size * end // 12 - size * part // 12, size * end // 12, kind)
        for name, size in zip(CITIES[:n], 2000 + (numbers(n) * 9000).astype(int), strict=True)
        for end, part, kind in zip((1, 5, 7, 11, 12), (1, 4, 2, 4, 1), classes, strict=True)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "start", "end", "class"])


def topic_places(n, fallen=(), seed=3):
    """A map of n topics, most of them near each other, as classical scaling of many topics puts them."""
    rng = np.random.default_rng(seed)
    shares = np.sort(rng.dirichlet(np.full(n, 2.0)))[::-1]
    names = [f"{t} {'·'.join(TERMS[(t + i) % 20] for i in range(3))}" for t in range(1, n + 1)]
    places = rng.normal(0, 0.15, (n, 2)) * ([1, 0] if n == 2 else [1, 1])
    table = pd.DataFrame({"name": names, "x": places[:, 0], "y": places[:, 1], "prevalence": shares})
    return table.assign(survives=[t not in fallen for t in range(1, n + 1)])


def cluster_tree(n, support=None):
    rng, groups = np.random.default_rng(n), sorted(CITIES[:n])
    linked = linkage(rng.random((n, 4)), "average")
    nodes = pd.DataFrame({"height": linked[:, 2], "support": rng.random(n - 1) if support is None else support})
    nodes.loc[n - 2, "support"] = np.nan
    return ClusterTree(linked, [groups[i] for i in leaves_list(linked)], nodes)


def correspondence_map(n):
    rng = np.random.default_rng(n)
    groups = pd.DataFrame({"group": CITIES[:n], "x": rng.normal(0, 0.2, n), "y": rng.normal(0, 0.15, n)})
    groups = groups.assign(major=rng.gamma(4, 0.03, n), minor=0.04, angle=rng.uniform(0, 180, n))
    groups.loc[::4, ["major", "minor", "angle"]] = np.nan
    terms = pd.DataFrame({"term": TERMS, "x": rng.normal(0, 0.05, 20), "y": rng.normal(0, 0.05, 20)})
    terms["contribution"] = terms["x"] ** 2 + terms["y"] ** 2
    return groups, terms, pd.DataFrame({"axis": [1, 2], "share": [0.3, 0.12]})


def neighbour_table(n):
    distance = np.sort(np.random.default_rng(n).random(n))
    table = pd.DataFrame(
        {"group": CITIES[1 : n + 1], "distance": distance, "low": distance * 0.8, "high": distance * 1.1}
    )
    return table.assign(nearest_in=np.linspace(1, 0, n))


LONG_NAMES = ["新疆维吾尔自治区", "巴音郭楞蒙古自治州", *CITIES]


def answer_matrix(n, questions=11, seed=1):
    values = np.random.default_rng(seed).poisson(3, (questions, n)) * np.random.default_rng(2).integers(0, 2, n)
    names = [f"question {i} of those that are asked" for i in range(questions)]
    return pd.DataFrame(values, index=names, columns=LONG_NAMES[:n])


def stance_table(n, themes=15):
    rng, rows = np.random.default_rng(3), []
    for group, theme in itertools.product(LONG_NAMES[:n], ["all", *[f"theme{t}" for t in range(themes)]]):
        shares, paragraphs = rng.dirichlet(np.ones(len(STANCES))), int(rng.integers(1, 2000))
        for stance, share in zip(STANCES, shares, strict=True):
            row = {"group": group, "theme": theme, "stance": stance, "characters": int(1000 * share)}
            rows.append(row | {"paragraphs": paragraphs, "share": share, "low": np.nan, "high": np.nan})
    return pd.DataFrame(rows)


def programme_table(n, rows=60):
    rng, made = np.random.default_rng(4), []
    for i in range(rows):
        groups = tuple(sorted(rng.choice(LONG_NAMES[:n], rng.integers(1, min(n, 9) + 1), replace=False)))
        row = {"canonical": f"{TERMS[i % 20]}提升三年行动计划{i}", "groups": groups, "mentions": i}
        made.append(row | {"reach": ["own", "shared", "central", "unknown"][i % 4]})
    return pd.DataFrame(made)


NAMES = [*TERMS, *CITIES]


def word_graph(n, edges=None, seed=4):
    """n terms; by default each joined to two others, at random, so that some words stand alone or in small parts."""
    rng = np.random.default_rng(seed)
    if edges is None:
        edges = sorted({tuple(sorted(rng.choice(n, 2, replace=False))) for _ in range(3 * n // 2)}) if n > 1 else []
    pairs = np.array(edges, dtype=int).reshape(-1, 2)
    names = np.array(NAMES[:n], dtype=object)
    table = pd.DataFrame(
        {"a": names[pairs[:, 0]], "b": names[pairs[:, 1]], "weight": np.linspace(0.9, 0.1, len(pairs))}
    )
    nodes = pd.DataFrame({"term": names, "count": rng.integers(3, 900, n), "community": np.arange(n) % 11})
    return nodes, table.assign(kept=np.linspace(1, 0, len(pairs)))


def collocate_table(nodes, each):
    rows = [(n, c) for n in NAMES[:nodes] for c in NAMES[20 : 20 + each]]
    value = 8 + np.sort(np.random.default_rng(2).random(len(rows)))[::-1] * 5
    table = pd.DataFrame(rows, columns=["node", "collocate"]).assign(log_dice=value, low=value - 1, high=value + 0.6)
    table.loc[::5, ["low", "high"]] = np.nan
    return table


def shift_table(n, intervals="narrow", negative=None, longest=""):
    """A table as shifts.shift gives it, of n terms."""
    rng = np.random.default_rng(n)
    size = np.sort(rng.gamma(1.0, 1e-3, n))[::-1]
    sign = np.where(rng.random(n) < 0.5, -1, 1) if negative is None else np.full(n, -1 if negative else 1)
    names = [TERMS[i % 20] + (str(i // 20) if i >= 20 else "") for i in range(n)]
    table = pd.DataFrame({"term": [*([longest] if longest else []), *names][:n], "signed": sign * size})
    table["count_a"], table["count_b"] = np.where(sign < 0, 40, 3), np.where(sign < 0, 0, 20)
    table["contribution"] = size
    table["share"] = size / size.sum()
    table["cumulative"] = table["share"].cumsum()
    half = {"narrow": 0.3, "wide": 40.0, "none": np.nan}[intervals] * size
    return table.assign(low=table["signed"] - half, high=table["signed"] + half)


def divergence(**changed):
    values = {"total": 0.235, "at_random": 0.143, "expected": 0.205, "expected_high": 0.226, "units": 10}
    values |= {"arrangements": 45, "unit": "document", "floor": 0.02, "p": 0.022, "answer": "different"}
    return shifts.Divergence(**(values | changed))


UNTESTED = divergence(expected=np.nan, expected_high=np.nan, p=np.nan, answer="not testable with 2 documents")
GENRES = ["experience report", "news feature", "journal essay", "government work report", "speech", "plan", "notice"]
GENRES += ["opinion", "regulation", "interview"]


def dated_documents(n, dates, genres=1):
    rng = np.random.default_rng(n)
    table = pd.DataFrame({"doc_id": [f"d{i}" for i in range(n)], "group": (CITIES * 2)[:n]})
    table["n_chars"] = (rng.gamma(2.0, 4000, n) + 300).astype(int)
    table["genre"] = [GENRES[i % genres] for i in range(n)]
    every = {
        "year": ["2024"] * n,
        "days": [f"2026-{1 + int(d) // 28:02}-{1 + int(d) % 28:02}" for d in rng.normal(36, 6, n).clip(0, 56)],
        "decades": [str(1954 + i * 71 // max(n - 1, 1)) for i in range(n)],
        "mixed": [f"{2014 + i % 10}" + ("", "-08", "-08-09")[i % 3] for i in range(n)],
        "none": [""] * n,
    }[dates]
    return table.assign(date=every, year=[float(d[:4]) if d else np.nan for d in every])


OPTIONS = {
    "tokenizer": ["as built", "with HMM", "no dictionary", "bigrams"],
    "stop words": ["the run's", "none", "100 more"],
    "places": ["masked", "kept"],
    "formulas": [0.0, 0.2],
    "min_df": [3, 10],
    "kinds": ["body", "body + heading"],
    "k": [8, 5, 12],
}


def specification_results(statements, n):
    specs, _ = multiverse.specifications(OPTIONS, n)
    rng, rows = np.random.default_rng(2), []
    for s in range(statements):
        for i in range(len(specs)):
            effect = rng.normal(0.5, 1)
            status = "turned" if effect < 0 else "not clear" if effect < 0.4 else "holds"
            status = "not available" if i % 7 == 6 else "lost" if i % 9 == 8 else status
            effect = effect if status in ("turned", "not clear", "holds") else np.nan
            rows.append((s, "keyness", i, effect, effect - 0.4, effect + 0.4, status))
    columns = ["statement", "kind", "specification", "effect", "low", "high", "status"]
    return pd.DataFrame(rows, columns=columns), specs


def statement_words(n):
    kinds = ("{} uses {} more", "{} is nearest to {}", "{} has less of 12 {}·固定资产投资·一般公共预算收入")
    return pd.Series([kinds[i % 3].format(CITIES[i], TERMS[i % 20]) for i in range(n)])


def survival_summary(n):
    table, specs = specification_results(n, 24)
    made = pd.DataFrame({"words": statement_words(n)})
    return multiverse.summary(table, specs, made)


def error_rates(n):
    rows = []
    for i in range(n):
        split = ("110 v 110 documents", "11 v 12 whole strata", "documents within strata")[i % 3] + " " * (i // 3)
        for method, share in (("ours", 0.05), ("G2", 0.98)):
            row = {"split": split, "method": method, "answer": "tested", "floor": 0.002}
            for column in ("per_test", "corrected"):
                row |= {column: share, f"{column}_low": share * 0.4, f"{column}_high": min(1, share * 2)}
            rows.append(row)
    rows += [{"split": "2 v 3 documents", "method": m, "answer": "not testable", "floor": 0.1} for m in ("ours", "G2")]
    return pd.DataFrame(rows)


def power_table(n, frequencies=("rare", "middling", "common")):
    rows = []
    for size, frequency in itertools.product([f"{10 * i} v {10 * i} documents" for i in range(1, n + 1)], frequencies):
        for method, factor in itertools.product(("ours", "Welch on root rates"), (1.25, 1.5, 2, 3)):
            row = {"split": size, "frequency": frequency, "method": method, "factor": factor, "answer": "tested"}
            for column, share in (("per_test", factor / 3), ("corrected", factor / 6)):
                row |= {column: share, f"{column}_low": share * 0.8, f"{column}_high": min(1, share * 1.2)}
            rows.append(row | {"floor": 0.002})
    rows += [{"split": "2 v 3 documents", "answer": "not testable", "floor": 0.1}]
    columns = "split frequency method factor per_test per_test_low per_test_high corrected corrected_low corrected_high"
    return pd.DataFrame(rows, columns=[*columns.split(), "answer", "floor"])


def indicator_point(name, doc_id, value, kind="actual", **more):
    rule = next(r for r in indicators.read_indicators() if r.indicator == name)
    row = dict.fromkeys(COLUMNS, "") | {"indicator": name, "doc_id": doc_id, "paragraph": 1, "start": 0, "end": 1}
    row |= {
        "value": value,
        "upper": np.nan,
        "unit": rule.unit,
        "place": f"{doc_id}市",
        "population": "每村",
        "kind": kind,
    }
    return row | {"year": 2014, "derived": False} | more


def indicator_table(*rows):
    return pd.DataFrame(rows, columns=COLUMNS).astype({"year": "Int64"})


FIVE = ["朝阳", "阳江", "盐城", "随州", "合肥"]
LABELS = dict(zip(FIVE, FIVE, strict=True))


def indicator_rows(n_indicators, n_rows):
    rng, rows = np.random.default_rng(3), []
    names = list(dict.fromkeys(r.indicator for r in indicators.read_indicators()))[:n_indicators]
    for name in names:
        for i in range(n_rows):
            kind = ["actual", "target", "standard", "change"][i % 4]
            more = {"qualifier": ["", ">=", "<", "~", ">"][i % 5], "derived": i % 3 == 0}
            more |= {"place": ["曾都区", "广水市"][i % 2], "population": "村（社区）书记、主任"}
            rows.append(indicator_point(name, CITIES[i % len(CITIES)], float(rng.lognormal(8, 2)), kind, **more))
    return indicator_table(*rows)


def target_results(n):
    rng, rows, absent = np.random.default_rng(5), [], []
    for name, unit, scale in (("GDP growth", "%", 6), ("new urban jobs", "万人", 20), ("retail growth", "%", 7)):
        for i in range(n):
            result, target = np.round(scale * rng.lognormal(0, [0.3, 2][unit != "%"], 2), 1) + 0.1 + i / 1000
            row = {"indicator": name, "doc_id": CITIES[i], "city": CITIES[i], "province": f"第{i % 7}省", "unit": unit}
            upper = target + 1 if i % 5 == 0 else np.nan
            row |= {"result": result, "target": target, "target_upper": upper, "gap": np.round(target - result, 6)}
            rows.append(row | {"target_qualifier": ["", ">=", "<="][i % 3]})
        absent += [(name, "result", 3, ""), (name, "target", 4, "")]
    return pd.DataFrame(rows), pd.DataFrame(absent, columns=["indicator", "part", "n", "documents"])
