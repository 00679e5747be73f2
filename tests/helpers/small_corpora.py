"""Corpora that a test writes and builds: texts by city."""

from crosscity.tables import build


def built(folder, texts, **columns):
    """The tables of documents, each a file; `columns` are further ones of corpus.csv, a value for each document."""
    corpus = folder / "documents"
    corpus.mkdir(parents=True)
    names = ["file", "city", *columns]
    rows = [",".join(names)]
    for n, (city, text) in enumerate(texts.items()):
        (corpus / f"{city}.txt").write_text(text, encoding="utf-8")
        rows.append(",".join([f"{city}.txt", city, *(str(values[n]) for values in columns.values())]))
    (corpus / "corpus.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    build(corpus, folder / "tables")
    return str(folder / "tables")
