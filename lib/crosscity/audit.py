"""What cleaning did, summed up from its log."""

import pandas as pd

# The rules of the log, gathered under what a reader would call them, in the order of figures.
CLASSES = {
    "furniture": "page furniture removed",
    "pinyin": "pinyin removed",
    "script": "traditional to simplified",
    "entity": "entities and stray marks",
    "backslash": "entities and stray marks",
    "end-mark": "entities and stray marks",
    "join": "lines joined",
    "slip": "slipped bytes repaired",
    "damaged": "damaged, left as it is",
    "line-end": "spaces and empty lines",
    "indent": "spaces and empty lines",
    "blank-line": "spaces and empty lines",
}


def summary(log):
    """Changes by document and class.

    Parameters
    ----------
    log : DataFrame
        The table cleaning_log.

    Returns
    -------
    DataFrame
        Columns doc_id, change (a class), changes (their number), characters (that were removed, replaced or, where
        damage was left, concerned); sorted by document and class.
    """
    rule = log["rule"].str.replace(":.*", "", regex=True)
    table = pd.DataFrame(
        {
            "doc_id": log["doc_id"],
            "change": pd.Categorical(rule.map(CLASSES), list(dict.fromkeys(CLASSES.values()))),
            "characters": log["before"].str.len(),
        }
    )
    grouped = table.groupby(["doc_id", "change"], observed=True, sort=True)["characters"]
    return grouped.agg(changes="size", characters="sum").reset_index().astype({"change": "str"})


def dropped_lines(log):
    """Lines that were taken for page furniture: doc_id, line, why, text."""
    rows = log[log["rule"].str.startswith("furniture")]
    why = rows["rule"].str.removeprefix("furniture:")
    return pd.DataFrame(
        {"doc_id": rows["doc_id"], "line": rows["line"], "why": why, "text": rows["before"]}
    ).reset_index(drop=True)
