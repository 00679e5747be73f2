"""What tests of the explorer share: a parser of pages, hostile text, the input of the topic browser, an explorer."""

from html.parser import HTMLParser

import numpy as np
import pandas as pd
from crosscity import open_study
from crosscity.explorer import explore
from crosscity.topics.models import TopicModel, topic_names

EMPTY = {"input", "meta", "br", "link", "img", "hr", "col"}
HOSTILE = '<script>alert(1)</script></style><img src=x onerror=\'y\'>" onfocus="z" 渔港&amp;{{ 123456*9 }}'


class Tree(HTMLParser):
    """The elements of a page in order, as dicts: tag, @attributes, the elements around, and the text inside."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.all, self.open = [], []
        self.feed(text)
        self.close()
        assert not self.open, "elements are not closed"

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs)
        found = {"tag": tag, "text": "", "around": list(self.open), **{f"@{n}": v for n, v in attrs}}
        self.all.append(found)
        if tag not in EMPTY:
            self.open.append(found)

    def handle_endtag(self, tag):
        assert self.open[-1]["tag"] == tag, f"</{tag}> closes <{self.open[-1]['tag']}>"
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def get(self, tag, inside=None, **attributes):
        wanted = {f"@{n.rstrip('_')}": v for n, v in attributes.items()}
        return [
            e
            for e in self.all
            if e["tag"] == tag
            and wanted.items() <= e.items()
            and (inside is None or any(a.get("@id") == inside for a in e["around"]))
        ]


def browser_input(k=3, groups=("盐城", "合肥"), texts=2):
    """Arguments of `topic_browser` for k topics; term j of topic t is 't词j'."""
    rng = np.random.default_rng(6)
    vocabulary = [f"{t}词{j}" for t in range(1, k + 1) for j in range(6)]
    weights = np.zeros((k, len(vocabulary)))
    for t in range(k):
        weights[t, 6 * t : 6 * t + 6] = np.arange(6, 0, -1) / 21
    model = TopicModel(np.array(vocabulary, dtype=object), weights, rng.dirichlet(np.ones(k), 40))
    terms = pd.DataFrame(
        [
            {"topic": t, "by": by, "rank": rank, "term": f"{t}词{j}", "value": value}
            for by, order in (("weight", (0, 1, 2)), ("frex", (1, 0, 3)), ("lift", (5, 4, 3)))
            for t in range(1, k + 1)
            for rank, (j, value) in enumerate(zip(order, (0.5, 0.25, 0.1), strict=True), start=1)
        ]
    )
    representatives = pd.DataFrame(
        [
            {"topic": t, "rank": r, "doc_id": f"文件{t}{r}", "paragraph": 10 * t + r, "group": groups[0], "share": 0.9}
            | {"text": f"这里说{t}词0和{t}词5，第{r}段。"}
            for t in range(1, k + 1)
            for r in range(1, texts + 1)
        ]
    )
    shares = pd.DataFrame(
        [{"group": g, "topic": t, "share": 1 / (i + t + 1)} for t in range(1, k + 1) for i, g in enumerate(groups)]
    ).assign(low=lambda s: s["share"] / 2, high=lambda s: s["share"] * 1.5)
    return {"model": model, "names": topic_names(model), "terms": terms, "representatives": representatives} | {
        "shares": shares
    }


def open_explorer(folder, out, **parameters):
    return explore(open_study(notebook="explore", tables=str(folder), out=str(out), **parameters))
