"""Displays of answers: whatever documents hold is shown as text."""

import pandas as pd
from crosscity.explorer import answers, cleaning_changes, displays, search
from crosscity.explorer.views.quantities import quantities_table

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def test_what_documents_hold_is_shown_as_text():
    formula = '=HYPERLINK("http://x","y")'
    frame = pd.DataFrame({HOSTILE: [HOSTILE, formula], "n": [1.0, float("nan")]})
    columns = ["step", "start", "end", "rule", "before", "after", "confidence"]
    log = pd.DataFrame([(1, 0, 0, HOSTILE, HOSTILE, "", 1.0)], columns=columns)
    paragraphs = pd.DataFrame({"paragraph": [1], "kind": ["body"], "text": [HOSTILE]})
    quantities = pd.DataFrame(
        [dict.fromkeys(answers.QUANTITIES, HOSTILE) | {"value": 1.0, "upper": None, "year": 2024}]
    )
    quantities = quantities.astype({"year": "Int64", "upper": float}).assign(sentence=HOSTILE)
    shown = [
        displays.line(HOSTILE, HOSTILE, HOSTILE),
        displays.table(frame, bar="n"),
        displays.rates(pd.DataFrame([(HOSTILE, 1, 1, 9, 2.0)], columns=search.RATES), HOSTILE, HOSTILE),
        displays.document(paragraphs, cleaning_changes.locate_changes(log, paragraphs), (1, 0, 5)),
        displays.message(HOSTILE),
        displays.code(HOSTILE),
        quantities_table(quantities),
        displays.original(paragraphs),
        displays.clean(paragraphs, (1, 0, 5)),
        displays.heading_of(HOSTILE, HOSTILE),
    ]
    for text in shown:
        assert "<img" not in text
        assert "<script" not in text
