"""A small coded text, as the tables of the contract that answers and stances take."""

import pandas as pd

# Of each paragraph: document, number, group, kind, leaf by rank, and its sentences, each with its stance.
TEXT = [
    ("a", 1, "东港", "body", ["duty", "rooms"], [("书记落实责任制。", "achievement"), ("书记分工。", "plan")]),
    ("a", 2, "东港", "body", ["rooms", "duty"], [("书记分工。", "plan"), ("责任制由部门落实。", "achievement")]),
    ("a", 3, "东港", "body", ["rooms"], [("书记废除旧责任制。", "achievement"), ("书记没有责任制。", "problem")]),
    ("a", 4, "东港", "note", ["duty"], [("书记落实责任制。", "achievement")]),
    ("b", 1, "西港", "body", ["rooms"], [("到明年建五个灯塔和九个码头。", "plan"), ("灯塔计划。", "plan")]),
]


def tables(text=TEXT):
    """Paragraphs with groups, themes, stances, quantities, programmes and corpus."""
    paragraphs, themes, stances = [], [], []
    for doc, n, group, kind, leaves, sentences in text:
        joined = "".join(s for s, _ in sentences)
        paragraphs.append({"doc_id": doc, "paragraph": n, "group": group, "kind": kind, "text": joined})
        for rank, leaf in enumerate(leaves, start=1):
            themes.append({"doc_id": doc, "paragraph": n, "theme": f"{leaf}s", "leaf": leaf, "rank": rank})
        at = 0
        for sentence, stance in sentences:
            where = {"doc_id": doc, "paragraph": n, "start": at, "end": at + len(sentence)}
            stances.append({**where, "stance": stance, "voice": "author"})
            at += len(sentence)
    where = {"doc_id": "b", "paragraph": 1}
    quantities = [
        {**where, "start": 4, "end": 6, "item": "灯塔", "number": "五", "unit": "个", "kind": "target"},
        {**where, "start": 9, "end": 11, "item": "码头", "number": "九", "unit": "个", "kind": "target"},
        {**where, "start": 9, "end": 11, "item": "码头", "number": "九", "unit": "个", "kind": "actual"},
        {
            "doc_id": "a",
            "paragraph": 4,
            "start": 0,
            "end": 2,
            "item": "书记",
            "number": "一",
            "unit": "",
            "kind": "target",
        },
    ]
    programme = {"start": 14, "end": 18, "name": "灯塔计划", "canonical": "灯塔计划", "reach": "own", "type": "project"}
    programmes = [{**where, **programme, "components": []}]
    frames = map(pd.DataFrame, (paragraphs, themes, stances, quantities, programmes))
    return (*frames, pd.DataFrame({"doc_id": ["a", "b"]}))
