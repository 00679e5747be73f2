"""Texts whose passages are known, and tables of them."""

import numpy as np
import pandas as pd

LETTERS = np.array([chr(i) for i in range(0x4E00, 0x9000)])


def text(n, seed):
    """n characters, such that no two texts have six in a row in common."""
    return "".join(np.random.default_rng(seed).choice(LETTERS, n))


def frame(documents):
    """Paragraphs of lists of texts by doc_id."""
    rows = [(name, n, line) for name, lines in documents.items() for n, line in enumerate(lines, 1)]
    return pd.DataFrame(rows, columns=["doc_id", "paragraph", "text"])


def dated(paragraphs, dates=None, years=None):
    names = list(dict.fromkeys(paragraphs["doc_id"]))
    about = {"doc_id": names, "date": [(dates or {}).get(n, "") for n in names]}
    return pd.DataFrame(about | {"year": pd.array([(years or {}).get(n) for n in names], dtype="Int64")})


def places(table):
    """Rows of matches, short: both places."""
    return [(a, p, f"{b}-{c}", d, q, f"{e}-{f}") for _, a, p, b, c, d, q, e, f, *_ in table.itertuples(index=False)]


PASSAGE = text(60, 1)
