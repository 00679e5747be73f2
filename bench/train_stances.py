"""Learn the weights of stances: python bench/train_stances.py OUT CODED... [--tables TABLES[:N]...] [--folds N]

CODED are JSON Lines, a document a line: "genre" (a document type), "rows" ([section, [[sentence, label], ...]] for each
paragraph; label null where nobody coded), and, if need be, "year", "weight" and "whole" (whether the rows follow one
another, and are no excerpts). TABLES are folders as `crosscity build` makes them, whose stances are taken as they are,
each sentence for SILVER of a coded one: they hold a genre where it is while other genres are learned. With --folds the
accuracy on documents left out in turn is printed, and nothing is written. OUT is resources/stance-weights.tsv.

The model is a linear-chain conditional random field with a quadratic penalty; n-grams of fewer than LEAST_DOCUMENTS
documents are left out, and so are those that matter least, before the weights are learned anew.
"""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from crosscity.facts.observations import Observation, observe
from crosscity.facts.weights import STANCES, decoded, names_of, ngrams_of
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import logsumexp

SILVER, UNTYPED, PARTED = 0.1, 0.25, 0.5  # weights: of uncoded tables, without the type, of the penalty on links
MOST_OF_TABLES = 24  # documents of a folder, evenly spaced
PENALTY, STEPS = 2.0, 50
RARE = {"cause": 0.6, "problem": 0.15}  # added to stances that are found too seldom otherwise, by documents left out
LEAST_DOCUMENTS, LARGEST = 3, 14_000  # n-grams that are kept
SCALE = 100  # of the whole numbers that are written
LINKS = ("sentence", "paragraph", "list", "section")
UNTYPED_NAME = "unknown"


class Document(NamedTuple):
    """A coded document: what is seen of its sentences, and the label of each, or None."""

    name: str
    genre: str
    weight: float
    seen: list[Observation]
    labels: list[str | None]
    coded: list[list[tuple[str, int]]]  # of each sentence: the labels of its parts and their lengths
    source: str


class Sentences(NamedTuple):
    """Sentences as the model takes them: a matrix of what is seen, labels, links, sequences and their weights."""

    seen: csr_matrix
    columns: list
    labels: np.ndarray
    links: np.ndarray
    sequences: list[list[int]]
    weights: list[float]
    documents: list[int]
    is_copy: list[bool]


def coded_documents(path):
    """Documents of a file of coded sentences."""
    for n, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        paragraphs, parts = {"paragraph": [], "kind": [], "section": [], "text": [], "unit": []}, {}
        for i, (section, pieces, *unit) in enumerate(row["rows"]):
            text = "".join(piece for piece, _ in pieces)
            values = (i, "body", section or "", text, unit[0] if unit else "")
            for column, value in zip(paragraphs, values, strict=True):
                paragraphs[column].append(value)
            ends = np.cumsum([len(piece) for piece, _ in pieces])
            parts[i] = [
                (int(end) - len(piece), int(end), label) for end, (piece, label) in zip(ends, pieces, strict=True)
            ]
        seen = observe(paragraphs, "", row["genre"], row.get("year"))
        if not row.get("whole"):
            seen = [one._replace(link="" if one.link != "sentence" else one.link) for one in seen]
        labels, coded = [], []
        for one in seen:
            shares, here = Counter(), []
            for start, end, label in parts[one.paragraph]:
                common = min(one.end, end) - max(one.start, start)
                if common > 0 and label:
                    shares[label] += common
                    here.append((label, common))
            labels.append(max(shares, key=shares.get) if shares else None)
            coded.append(here)
        name = row.get("group") or f"{Path(path).stem}-{n}"
        yield Document(name, row["genre"], row.get("weight", 1.0), seen, labels, coded, Path(path).stem)


def documents_of_tables(named):
    """Documents of a folder of tables, with the stances that stand there; FOLDER:N takes so many of them."""
    folder, _, number = named.partition(":")
    most = int(number or MOST_OF_TABLES)
    corpus, paragraphs, stances = (
        pd.read_parquet(Path(folder) / f"{name}.parquet") for name in ("corpus", "paragraphs", "stances")
    )
    by_document = dict(list(paragraphs.groupby("doc_id")))
    stated = defaultdict(dict)
    for row in stances.itertuples():
        stated[row.doc_id][row.paragraph, row.start] = row.stance
    for row in corpus.sort_values("doc_id").iloc[:: -(-len(corpus) // most)].itertuples():
        table = {name: list(by_document[row.doc_id][name]) for name in ("paragraph", "kind", "section", "text", "unit")}
        year = None if pd.isna(row.year) else int(row.year)
        seen = observe(table, row.speaker, row.doc_type, year)
        labels = [stated[row.doc_id].get((one.paragraph, one.start)) for one in seen]
        coded = [[(label, 1)] if label else [] for label in labels]
        yield Document(f"{Path(folder).name}-{row.doc_id}", row.doc_type, SILVER, seen, labels, coded, "tables")


def prepared(documents):
    """The documents' labelled sentences, each also as one of a document of no known type."""
    columns, of_columns, rows, cells = {}, [], [], []
    labels, links, sequences, weights, owners, is_copy = [], [], [], [], [], []
    for d, document in enumerate(documents):
        if not document.seen:
            continue
        owner, numbers = ngrams_of([one.text for one in document.seen])
        grams = defaultdict(list)
        for i, number in zip(owner.tolist(), numbers.tolist(), strict=True):
            grams[i].append(number)
        versions = [(document.genre, document.weight, False)]
        if document.genre != UNTYPED_NAME and document.source != "tables":
            versions.append((UNTYPED_NAME, document.weight * UNTYPED, True))
        for genre, weight, copy in versions:
            current = []
            for i, one in enumerate(document.seen):
                if document.labels[i] is None or not one.link:
                    current = []
                if document.labels[i] is None:
                    continue
                if not current:
                    sequences.append(current)
                    weights.append(weight)
                links.append(LINKS.index(one.link) + 1 if current else 0)
                current.append(len(labels))
                for name in {*names_of(one, genre), *grams[i]}:
                    rows.append(len(labels))
                    if name not in columns:
                        columns[name] = len(of_columns)
                        of_columns.append(name)
                    cells.append(columns[name])
                labels.append(STANCES.index(document.labels[i]))
                owners.append(d)
                is_copy.append(copy)
    seen = csr_matrix((np.ones(len(rows)), (rows, cells)), shape=(len(labels), len(of_columns)))
    return Sentences(seen, of_columns, np.array(labels), np.array(links), sequences, weights, owners, is_copy)


def common_columns(data, documents, least):
    """Columns of things that are seen in at least so many documents, by their place."""
    groups = {name: n for n, name in enumerate(sorted({document.name for document in documents}))}
    of = np.array([groups[documents[d].name] for d in data.documents])
    pairs = data.seen.tocoo()
    unique = np.unique(pairs.col.astype(np.int64) * len(groups) + of[pairs.row]) // len(groups)
    return np.nonzero(np.bincount(unique, minlength=data.seen.shape[1]) >= least)[0]


def packed_batches(sequences, weights, n_rows):
    """Sequences of like lengths together, with their weights; and the weight of each sentence."""
    batches, of_rows = [], np.zeros(n_rows)
    for i in sorted(range(len(sequences)), key=lambda i: len(sequences[i])):
        if not batches or len(sequences[i]) > 1.5 * len(sequences[batches[-1][0]]) + 1:
            batches.append([])
        batches[-1].append(i)
        of_rows[sequences[i]] = weights[i]
    packed = []
    for batch in batches:
        places = np.full((len(batch), max(len(sequences[i]) for i in batch)), -1)
        for row, i in enumerate(batch):
            places[row, : len(sequences[i])] = sequences[i]
        packed.append((places, np.array([weights[i] for i in batch])))
    return packed, of_rows


def learned(data, sequences, weights, columns):
    """The weights of these columns (rows: columns; columns: stances) and of the links (link, before, after)."""
    matrix = data.seen[:, columns].tocsr()
    turned, kinds, n_links = matrix.T.tocsr(), len(STANCES), len(LINKS) + 1
    packed, row_weights = packed_batches(sequences, weights, matrix.shape[0])
    truth = np.eye(kinds)[data.labels]
    split = matrix.shape[1] * kinds

    def loss(theta):
        of_seen, of_links = theta[:split].reshape(-1, kinds), theta[split:].reshape(n_links, kinds, kinds)
        scores = matrix @ of_seen
        shares, slope, total = np.zeros_like(scores), np.zeros_like(of_links), 0.0
        for places, weight in packed:
            total += _batch_loss(places, weight, scores, of_links, data, shares, slope)
        slope[0] = 0
        total += 0.5 * PENALTY * ((of_seen**2).sum() + PARTED * (of_links**2).sum())
        of_rows = turned @ ((shares - truth) * row_weights[:, None]) + PENALTY * of_seen
        return total, np.concatenate([of_rows.ravel(), (slope + PENALTY * PARTED * of_links).ravel()])

    start = np.zeros(split + n_links * kinds**2)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return found[:split].reshape(-1, kinds), found[split:].reshape(n_links, kinds, kinds)


def _batch_loss(places, weight, scores, of_links, data, shares, slope):
    """The loss of sequences of like lengths; adds to the shares of the stances and to the slope of the links."""
    is_there = places >= 0
    here = np.where(is_there[..., None], scores[places], 0)
    moves = of_links[np.where(is_there, data.links[places], 0)]
    ahead, behind = np.zeros_like(here), np.zeros_like(here)
    ahead[:, 0] = here[:, 0]
    for t in range(1, places.shape[1]):
        grown = logsumexp(ahead[:, t - 1, :, None] + moves[:, t], axis=1) + here[:, t]
        ahead[:, t] = np.where(is_there[:, t, None], grown, ahead[:, t - 1])
    for t in range(places.shape[1] - 2, -1, -1):
        grown = logsumexp(moves[:, t + 1] + (here[:, t + 1] + behind[:, t + 1])[:, None, :], axis=2)
        behind[:, t] = np.where(is_there[:, t + 1, None], grown, 0)
    whole = logsumexp(ahead[:, -1], axis=1)
    shares[places[is_there]] = np.exp(ahead + behind - whole[:, None, None])[is_there]
    labels = np.where(is_there, data.labels[places], 0)
    stated = (np.take_along_axis(here, labels[..., None], 2)[..., 0] * is_there).sum(axis=1)
    if places.shape[1] > 1:
        both = is_there[:, 1:]
        of = data.links[places][:, 1:]
        stated += (of_links[np.where(both, of, 0), labels[:, :-1], labels[:, 1:]] * both).sum(axis=1)
        pairs = np.exp(
            ahead[:, :-1, :, None]
            + moves[:, 1:]
            + (here[:, 1:] + behind[:, 1:])[:, :, None, :]
            - whole[:, None, None, None]
        )
        pairs *= (both * weight[:, None])[..., None, None]
        rows, steps = np.nonzero(both)
        pairs[rows, steps, labels[rows, steps], labels[rows, steps + 1]] -= weight[rows]
        np.add.at(slope, of[both], pairs[both])
    return float((weight * (whole - stated)).sum())


def weighed(data, documents, sequences, weights):
    """Columns, their weights and the links', after the n-grams that matter least are left out."""
    columns = common_columns(data, documents, LEAST_DOCUMENTS)
    of_seen, of_links = learned(data, sequences, weights, columns)
    is_gram = np.array([isinstance(data.columns[c], int) for c in columns])
    often = np.asarray(data.seen[:, columns].sum(axis=0)).ravel()
    matters = np.abs(of_seen).max(axis=1) * np.sqrt(np.minimum(often, 50))
    matters[~is_gram] = np.inf
    kept = np.sort(np.argsort(-matters, kind="stable")[: LARGEST + int((~is_gram).sum())])
    of_seen, of_links = learned(data, sequences, weights, columns[kept])
    always = [n for n, c in enumerate(columns[kept]) if data.columns[c] in ("first", "later")]  # one of them holds
    for stance, more in RARE.items():
        of_seen[always, STANCES.index(stance)] += more
    return columns[kept], of_seen, of_links


def write(path, data, columns, of_seen, of_links):
    """The table of weights, as whole numbers."""
    lines = [
        "# Weights of stances, learned from coded sentences by bench/train_stances.py (docs/codebook.md); hundredths.",
        "# mark: what holds of a sentence, |type where it is of that type of document, in XY where its heading has XY;",
        "# ngram: characters (^ its start, $ its end, 0 digits); next: the stance of the sentence before, by how both",
        "# hang together.",
        "\t".join(["kind", "name", *STANCES]),
    ]
    table = [
        ("ngram" if isinstance(data.columns[c], int) else "mark", data.columns[c], row)
        for c, row in zip(columns, of_seen, strict=True)
    ]
    table = [(kind, decoded(name) if isinstance(name, int) else name, row) for kind, name, row in table]
    for link, rows in zip(LINKS, of_links[1:], strict=True):
        table += [(f"next {link}", stance, row) for stance, row in zip(STANCES, rows, strict=True)]
    for kind, name, row in sorted(table, key=lambda entry: entry[:2]):
        whole = [round(SCALE * float(cell)) for cell in row]
        if any(whole) or kind.startswith("next"):
            lines.append("\t".join([kind, name, *(str(cell) if cell else "" for cell in whole)]))
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def decided(data, columns, of_seen, of_links, sequences):
    """The likeliest stances of sequences, by place."""
    scores, found = data.seen[:, columns] @ of_seen, {}
    for sequence in sequences:
        best, back = scores[sequence[0]], []
        for i in sequence[1:]:
            sums = best[:, None] + of_links[data.links[i]]
            back.append(sums.argmax(axis=0))
            best = sums.max(axis=0) + scores[i]
        k = int(best.argmax())
        path = [k]
        for came in reversed(back):
            path += [k := int(came[k])]
        found |= dict(zip(sequence, reversed(path), strict=True))
    return found


def left_out(data, documents, folds, held=None):
    """(source, genre, found, coded) of each coded part of a sentence, each by weights from other documents."""
    groups = sorted({document.name for document in documents})
    fold = dict(zip(groups, np.random.default_rng(0).permutation(len(groups)) % folds, strict=True))
    pairs = []
    for k in range(folds):
        train, test = [], []
        for sequence, weight in zip(data.sequences, data.weights, strict=True):
            document = documents[data.documents[sequence[0]]]
            if fold[document.name] != k or document.source == "tables":
                train.append((sequence, weight))
            elif not data.is_copy[sequence[0]]:
                test.append(sequence)
        found = decided(data, *weighed(data, documents, *zip(*train, strict=True)), test)
        first = {}
        for i, d in enumerate(data.documents):
            first.setdefault((d, data.is_copy[i]), i)
        for sequence in test:
            d = data.documents[sequence[0]]
            labelled = [i for i, label in enumerate(documents[d].labels) if label is not None]
            for i in sequence:
                for label, _ in documents[d].coded[labelled[i - first[d, False]]]:
                    pairs.append((documents[d].source, documents[d].genre, STANCES[found[i]], label))
    return pairs


def report(pairs):
    """Accuracy, macro-F1 and count, in all, by source and by genre, as lines."""
    for name, of in (("all", lambda _: "all"), ("source", lambda pair: pair[0]), ("genre", lambda pair: pair[1])):
        groups = defaultdict(list)
        for pair in pairs:
            groups[of(pair)].append(pair[2:])
        for key, members in sorted(groups.items()):
            right = Counter(found for found, coded in members if found == coded)
            n = Counter(found for found, _ in members) + Counter(coded for _, coded in members)
            f1 = [2 * right[label] / n[label] for label in {coded for _, coded in members}]
            yield f"{name}\t{key}\t{sum(right.values()) / len(members):.3f}\t{sum(f1) / len(f1):.3f}\t{len(members)}"


def main(arguments):
    """Learn and write, or learn and report."""
    folds = int(arguments[arguments.index("--folds") + 1]) if "--folds" in arguments else 0
    files = [a for a in arguments[1:] if a.endswith(".jsonl")]
    folders = arguments[arguments.index("--tables") + 1 :] if "--tables" in arguments else []
    documents = [document for path in files for document in coded_documents(path)]
    documents += [
        document
        for folder in folders
        if Path(folder.partition(":")[0]).is_dir()
        for document in documents_of_tables(folder)
    ]
    data = prepared(documents)
    if folds:
        print(*report(left_out(data, documents, folds)), sep="\n")
        return
    write(arguments[0], data, *weighed(data, documents, data.sequences, data.weights))


if __name__ == "__main__":
    main(sys.argv[1:])
