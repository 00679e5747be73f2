"""Small tables, and runs over them."""

import hashlib
import re

import pandas as pd
from crosscity.study.opening import open_study
from crosscity.tables.store import Writer

CONFOUNDED = "differences between documents; not attributable to cities"
SENTENCES = ("渔港在春天修好了，岸边的灯塔重新亮了起来。", "茶山由三户人家照看。", "老街铺了新的石板，书屋也开了门。")


def write_table(name, table, folder):
    """Validate a table and write it to folder/name.parquet; whether the file changed."""
    with Writer(folder, [name]) as writer:
        writer.write(name, table)
        return bool(writer.commit())


def document(doc_id, city="", **about):
    """A row of corpus with what a test says of it; the rest is alike for all."""
    row = dict.fromkeys(
        ("province", "date", "title", "publisher", "genre", "speaker", "level", "edition", "exclude"), ""
    )
    row |= {
        "doc_type": "other",
        "sha256": hashlib.sha256(doc_id.encode()).hexdigest(),
        "encoding": "utf-8",
        "script": "hans",
    }
    row |= {
        "year": None,
        "n_chars": 100,
        "n_paragraphs": 3,
        "n_unread": 0,
        "duplicate_of": "",
        "guessed": "",
        "not_guessed": "",
    }
    return row | {"doc_id": doc_id, "file": f"{doc_id}.txt", "city": city} | about


def tables(folder, documents, units=None, texts=None):
    """Tables of these documents: a heading and two paragraphs each; `units` maps doc_id to the units of its lines.

    `texts` maps doc_id to paragraphs of its own, all of the body; words are two characters long.
    """
    corpus = pd.DataFrame(documents)
    corpus["year"] = corpus["year"].astype("Int64")
    write_table("corpus", corpus.astype({c: "str" for c in corpus if corpus[c].dtype == object}), folder)
    lines, words, log = [], [], []
    for row in documents:
        own = [("body", text) for text in (texts or {}).get(row["doc_id"], ())]
        for n, (kind, text) in enumerate(own or zip(("heading", "body", "body"), SENTENCES, strict=True), start=1):
            unit = (units or {}).get(row["doc_id"], [""] * n)[n - 1]
            lines.append((row["doc_id"], n, n, unit, kind, int(n == 1), SENTENCES[0], text))
            words.append((row["doc_id"], n, re.findall("[\u4e00-\u9fff]{2}", text)))
        log.append((row["doc_id"], 1, 1, 0, 1, "indent", "\u3000", "", 1.0))
    columns = ["doc_id", "paragraph", "line", "unit", "kind", "level", "section", "text"]
    frame = pd.DataFrame(lines, columns=columns).astype(
        dict.fromkeys(("doc_id", "unit", "kind", "section", "text"), "str")
    )
    write_table("paragraphs", frame, folder)
    write_table(
        "tokens", pd.DataFrame(words, columns=["doc_id", "paragraph", "tokens"]).astype({"doc_id": "str"}), folder
    )
    columns = ["doc_id", "step", "line", "start", "end", "rule", "before", "after", "confidence"]
    frame = pd.DataFrame(log, columns=columns).astype(dict.fromkeys(("doc_id", "rule", "before", "after"), "str"))
    write_table("cleaning_log", frame, folder)
    return folder


def started(tmp_path, documents, units=None, name="02-terms", texts=None, **parameters):
    folder = tables(tmp_path / "表 tables", documents, units, texts)
    return open_study(notebook=name, tables=str(folder), out=str(tmp_path / "out"), **parameters)


TWO = [document("甲", "盐城", year=2014, n_chars=50), document("乙", "合肥", year=2014, n_chars=70)]

# Two provinces of three documents each; of twelve paragraphs ten are of words of the one, and two of the other.
_WORDS = ("头雁支书能人书记换届配强班子选举选优选派", "代办便民为民办事窗口居民好评便捷跑腿帮办")
_NAMES = ("合肥", "芜湖", "安庆", "盐城", "徐州", "南通")
SIX = [document(c, c, province=("安徽", "江苏")[i // 3], year=2014, n_chars=204) for i, c in enumerate(_NAMES)]


def _paragraph(words, turn):
    """Seven of ten words of two characters, another three left out each turn: fewer than make a formula."""
    ten = [words[i : i + 2] for i in range(0, 20, 2)]
    return "".join(w for i, w in enumerate(ten) if (i - turn) % 10 not in (0, 3, 7)) + "。"


PLANTED = {c: [_paragraph(_WORDS[(n >= 10) ^ (i // 3)], n + i) for n in range(12)] for i, c in enumerate(_NAMES)}

UNITS = {"甲": ("", "随县", "广水市")}
