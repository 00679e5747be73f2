"""How fast facts are read out, beside cutting words: python bench/facts.py FOLDER

Each extraction is timed alone, in one process, on cleaned paragraphs that are there already, three times; the least
time counts. The last column is against cutting the same text with the suite's tokenizer, rjieba, in the same run.
"""

import sys
import time
from pathlib import Path

import pandas as pd
from crosscity.documents.corpus import read_corpus
from crosscity.facts.citations import citations
from crosscity.facts.codebook import SHIPPED_CODEBOOKS, read_codebook
from crosscity.facts.extract import fitting_codebook
from crosscity.facts.programmes import programmes
from crosscity.facts.quantities import quantities
from crosscity.facts.stances import stances
from crosscity.facts.themes import themes
from crosscity.tables.builder import make_tables
from crosscity.words.tokens import Tokenizer

TURNS = 3


def documents(folder):
    """Row of corpus, columns of paragraphs and words of each document."""
    tables = make_tables(read_corpus(folder)[0], ("corpus", "paragraphs", "tokens"))
    words = dict(list(tables["tokens"].groupby("doc_id")["tokens"]))
    rows = tables["corpus"].astype(object).where(tables["corpus"].notna(), None).to_dict("records")
    parts = dict(list(tables["paragraphs"].groupby("doc_id")))
    names = ["paragraph", "kind", "section", "unit", "text"]
    return [(row, parts[row["doc_id"]][names].to_dict("list"), words[row["doc_id"]].tolist()) for row in rows]


def measured(found):
    """Seconds and characters a second of each extraction, and of cutting words, over all documents."""
    book = {name: read_codebook(name) for name in SHIPPED_CODEBOOKS}
    tokenizer = Tokenizer()

    def as_rows(columns):
        return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]

    work = {
        "quantities": lambda row, columns, _: quantities(as_rows(columns), row["year"], row["city"], row["date"]),
        "programmes": lambda _, columns, __: programmes(as_rows(columns)),
        "citations": lambda _, columns, __: citations(as_rows(columns)),
        "themes": lambda row, columns, words: themes(
            columns, words, book[fitting_codebook(row["doc_type"], columns["text"])]
        ),
        "stances": lambda row, columns, _: stances(columns, row["speaker"]),
        "cutting words": lambda _, columns, __: tokenizer.word_lists(columns["text"]),
    }
    size, rows = sum(len(text) for _, columns, _ in found for text in columns["text"]), []
    for name, function in work.items():
        seconds = []
        for _ in range(TURNS):
            start = time.process_time()
            for row, columns, words in found:
                function(row, columns, words)
            seconds.append(time.process_time() - start)
        rows.append((name, min(seconds), size / max(min(seconds), 1e-9)))
    table = pd.DataFrame(rows, columns=["what", "seconds", "characters a second"])
    total = table["seconds"][:-1].sum()
    table.loc[len(table)] = ("all facts", total, size / max(total, 1e-9))
    return table.assign(
        **{"share of rjieba's speed": table["characters a second"] / table["characters a second"].iloc[-2]}
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(measured(documents(Path(sys.argv[1]))).round(3).to_string(index=False))
