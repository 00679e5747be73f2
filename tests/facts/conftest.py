"""Tables of facts worked out by hand, and a sample of them."""

import numpy as np
import pandas as pd
import pytest
from crosscity.facts.coding import draw_sample

TEXT = "甲区推进先锋工程。新建社区30个。下一步要补短板。"


SPANS = [(0, 9), (9, 17), (17, 25)]


@pytest.fixture(scope="module")
def tables():
    """Two documents of ten paragraphs each; one theme is rare."""
    where = [(d, p) for d in ("甲", "乙") for p in range(1, 11)]
    ids = pd.DataFrame(where, columns=["doc_id", "paragraph"])
    theme = ["service" if w == ("乙", 7) else "economy" for w in where]
    stances = [(*w, *s, x) for w in where for s, x in zip(SPANS, ("norm", "achievement", "plan"), strict=True)]
    spot = ids.assign(start=13, end=15, kind="actual", year=2020.0, unit="个", item="社区数")
    return {
        "paragraphs": ids.assign(text=TEXT),
        "themes": ids.assign(theme=theme, rank=1),
        "stances": pd.DataFrame(stances, columns=["doc_id", "paragraph", "start", "end", "stance"]).assign(
            voice="author"
        ),
        "quantities": spot.assign(year=[2020.0, np.nan] * 10),
        "programmes": ids.assign(start=4, end=8, type="project"),
    }


@pytest.fixture(scope="module")
def sample(tables):
    return draw_sample(tables, {"甲": "东", "乙": "西"}, n=12, seed=4)
