import hashlib


def run_id(notebook, group=None):
    """A name for a run that make and every file system take: letters, digits, - and _ (Chinese letters are letters)."""
    if group is None:
        return notebook
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in group)[:40]
    plain = safe == group
    return f"{notebook}-{safe}" if plain else f"{notebook}-{safe}-{hashlib.sha256(group.encode()).hexdigest()[:6]}"


def document_label(documents):
    """A short label for each document: its city, province or year, whichever first tells them all apart.

    Where none does, it is the first that tells nine of ten apart, and the doc_id of the others, or of all.
    """
    partial, columns = None, ["city", "province", "year", "doc_type"]
    stated = documents[columns].astype("object").fillna("").astype(str)
    stated["type"] = (stated["year"] + " " + stated["doc_type"]).where(stated["year"] != "", "")
    for names in (["city"], ["province"], ["year"], ["city", "year"], ["province", "year"], ["type"]):
        label = stated[names].agg(" ".join, axis=1).str.strip()
        told = ~label.duplicated(keep=False) & (label != "")
        if told.all():
            return label
        told &= (stated[names] != "").all(axis=1)
        if partial is None and told.mean() > 0.9:
            partial = label.where(told, documents["doc_id"])
    return documents["doc_id"] if partial is None else partial
