"""What is odd about a corpus, and what it covers."""

import pandas as pd
from crosscity.tables import audit


def _odd(documents, **columns):
    """Kinds of oddities by document: texts by name, columns of corpus by name."""
    rows = [
        {
            "doc_id": n,
            "doc_type": "other",
            "city": "",
            "province": "",
            "year": pd.NA,
            "duplicate_of": "",
            "n_unread": 0,
            "n_chars": len(t),
            "exclude": "",
            "genre": "",
        }
        for n, t in documents.items()
    ]
    corpus = pd.DataFrame(rows).assign(**columns)
    paragraphs = pd.DataFrame(
        [(n, "", "heading" if len(x) < 20 else "body", x) for n, t in documents.items() for x in t.split("\n")],
        columns=["doc_id", "unit", "kind", "text"],
    )
    log = pd.DataFrame({"doc_id": ["a"], "rule": ["damaged"], "before": ["?"], "after": ["?"]}).iloc[:0]
    found = audit.oddities(corpus, paragraphs, log)
    return {(r.doc_id, r.kind) for r in found.itertuples()}


ROADS = "".join(f"第{n}村修了一条通往集市的水泥路，村民出门不再踩泥。" for n in "一二三四五六七八九十")
TREES = "".join(f"第{n}组在河边种了两百棵柳树，秋天又补种了一批。" for n in "一二三四五六七八九十")


def test_nothing_is_odd_about_ordinary_documents():
    assert _odd({"a": "扬州" + ROADS, "b": "扬州" + TREES}, city="扬州") == set()


def test_a_document_that_never_names_its_city():
    assert _odd({"a": "扬州" + ROADS, "b": TREES}, city="扬州") == {("b", "place")}


def test_copies_and_near_copies():
    assert _odd({"a": ROADS, "b": ROADS}, duplicate_of=["", "a"]) == {("a", "duplicate"), ("b", "duplicate")}
    long = "".join(chr(0x4E00 + 7919 * i % 20000) for i in range(2000))
    other = "".join(chr(0x4E00 + 7907 * i % 20000) for i in range(2000))
    documents = {"a": long + "。", "b": long[:1500] + other[:500] + "。", "c": long[:500] + other[500:] + "。"}
    # b has three quarters of a, and c a quarter of it.
    assert _odd(documents) == {("b", "near-duplicate")}


def _sentences(documents, **columns):
    """Problems of documents of a kind, in order."""
    names = list(documents)
    corpus = pd.DataFrame({"doc_id": names, "doc_type": "other", "city": "", "province": "", "year": pd.NA})
    corpus = corpus.assign(duplicate_of="", n_unread=0, n_chars=1, exclude="", genre="").assign(**columns)
    paragraphs = pd.DataFrame({"doc_id": names, "unit": "", "kind": "body", "text": list(documents.values())})
    log = pd.DataFrame({"doc_id": ["a"], "rule": ["damaged"], "before": ["?"], "after": ["?"]}).iloc[:0]
    return audit.oddities(corpus, paragraphs, log)


def test_of_many_copies_five_are_named():
    same = dict.fromkeys("甲乙丙丁戊己庚", ROADS)
    found = _sentences(same, duplicate_of=["", *["甲"] * 6])
    said = found[found["kind"] == "duplicate"].set_index("doc_id")["problem"]
    assert said["甲"] == "has the same text as 乙, 丙, 丁, 戊, 己 and 1 more: at most one of them is filed rightly"
    assert said["庚"] == "has the same text as 甲, 乙, 丙, 丁, 戊 and 1 more: at most one of them is filed rightly"
    six = _sentences(dict.fromkeys("甲乙丙丁戊己", ROADS), duplicate_of=["", *["甲"] * 5])
    assert six["problem"][0].startswith("has the same text as 乙, 丙, 丁, 戊, 己: ")


def test_of_many_near_copies_one_is_named():
    long = "".join(chr(0x4E00 + 7919 * i % 20000) for i in range(2000))
    found = _sentences({n: f"{long}{n * 20}。" for n in "甲乙丙丁戊己庚辛"})
    said = found[found["kind"] == "near-duplicate"]
    names = said.groupby("doc_id", sort=False)["problem"].agg(list)
    assert [len(names.get(n, [])) for n in "甲乙丙丁戊己庚辛"] == [0, 1, 2, 3, 4, 5, 1, 1]
    assert [p.rpartition(" ")[2] for p in names["己"]] == list("甲乙丙丁戊")
    assert names["辛"] == ["shares half or more of its passages with 甲 and 5 or more others"]


def test_a_document_far_shorter_than_the_rest():
    texts = {n: ROADS.replace("路", n) + TREES.replace("树", n) for n in "甲乙丙丁"}
    texts = {
        n: t + "".join(chr(0x4E00 + (97 * i * (ord(n) % 89)) % 20000) for i in range(400)) + "。"
        for n, t in texts.items()
    }
    kinds = _odd({**texts, "戊": "只有这一句话，后面的都丢了，前后文也找不到了，再也没有别的。"})
    assert ("戊", "length") in kinds
    assert not {name for name, kind in kinds if kind == "length"} - {"戊"}


def test_a_document_that_breaks_off():
    assert _odd({"a": ROADS + "\n" + TREES[:60].rstrip("。，") + "还"}) == {("a", "broken off")}


def test_a_document_with_a_first_part_and_no_second():
    assert _odd({"a": "一、修路\n" + ROADS}) == {("a", "broken off")}
    assert _odd({"a": "一、修路\n" + ROADS + "\n二、种树\n" + TREES}) == set()
    assert _odd({"a": "（一）修路\n" + ROADS, "b": "修路\n" + TREES}) == set()


def test_a_document_that_does_not_begin_as_the_others_do():
    """Of six, five address the deputies: one within its first sentence, one after twelve headlines."""
    texts = {n: f"各位代表：\n{n}{ROADS}" for n in "甲乙丙"}
    texts |= {
        "丁": f"各位代表，{TREES}",
        "戊": f"{TREES}",
        "己": "\n".join([*"子丑寅卯辰巳午未申酉戌亥", "各位代表：", TREES]),
    }
    found = {name for name, kind in _odd(texts) if kind == "broken off"}
    assert found == set()  # three of six are too few to say how they begin
    texts |= {n: f"各位代表：\n{n}{ROADS}" for n in "一二三四五六七八九十"}
    assert {name for name, kind in _odd(texts) if kind == "broken off"} == {"戊", "己"}


def test_a_city_of_another_province():
    texts = {"a": "扬州" + ROADS}
    assert _odd(texts, city="扬州", province="浙江省") == {("a", "place")}
    assert _odd(texts, city="扬州", province="江苏省") == set()
    assert _odd({"a": "海南" + ROADS}, city="海南", province="青海省") == set()


def test_national_and_provincial_reports_are_known():
    """The State Council's reports are there with a fingerprint each, and no two of them are alike."""
    known = audit.known_fingerprints()
    assert {f"State Council {year} work report" for year in range(1997, 2020)} <= set(known)
    assert {"北京市 2026 work report", "西藏自治区 2026 work report"} <= set(known)
    every = [s for sums in known.values() for s in sums.tolist()]
    assert min(map(len, known.values())) >= 12
    assert len(set(every)) > 0.9 * len(every)


def test_a_document_without_text_is_odd():
    assert ("b", "length") in _odd({"a": ROADS, "b": ""}, duplicate_of="")


def test_what_a_corpus_leaves_out():
    rows = [
        ("a", "扬州", "江苏省", 2019, "report", ""),
        ("b", "苏州", "", 2019, "report", ""),
        ("c", "昆山", "江苏省", 2021, "", ""),
        ("d", "杭州", "浙江省", 2021, "speech", "a copy"),
        ("e", "", "", pd.NA, "", ""),
    ]
    corpus = pd.DataFrame(rows, columns=["doc_id", "city", "province", "year", "genre", "exclude"])
    table = audit.coverage(corpus).set_index(["by", "value"])
    # 昆山 is a county-level city: a document of its province, and none of the 13 cities.
    assert table.loc[("province", "江苏")].tolist() == [3, 2, 13]
    assert table.loc[("province", "浙江")].tolist() == [0, 0, 11]
    assert table.loc["year", "documents"].to_dict() == {"2019": 2, "2020": 0, "2021": 1}
    assert table.loc["genre", "documents"].to_dict() == {"report": 2}
    assert table.loc["province", "of"].sum() == 337  # 333 prefecture-level units and four municipalities
    said = audit.coverage_sentences(corpus)
    assert said[0].startswith(
        "by province: 3 of 4 documents, 1 of 31 provinces; most: 江苏 3 (2 of its 13 cities); none"
    )
    assert said[1:] == [
        "by year: 3 of 4 documents, 2 of 3 years; most: 2019 2, 2021 1; none from 2020",
        "by genre: 2 of 4 documents, 1 genre; most: report 2",
    ]
    assert audit.coverage_sentences(corpus.iloc[4:]) == []


def test_a_report_of_another_year():
    text = "一、2021年工作回顾\n" + ROADS + "\n二、今年的打算\n" + TREES
    assert _odd({"a": text}, doc_type="work report", year=2022) == set()
    assert _odd({"a": text}, doc_type="work report", year=2024) == {("a", "year")}


def _incomplete(documents, planning, doc_type="work report"):
    """Reasons by document: lines by name, of which those that end in 。 are body; `planning` have a plan."""
    rows = [(n, "", "body" if len(x) > 12 else "heading", x) for n, lines in documents.items() for x in lines]
    paragraphs = pd.DataFrame(rows, columns=["doc_id", "unit", "kind", "text"])
    sizes = [sum(map(len, lines)) for lines in documents.values()]
    corpus = pd.DataFrame({"doc_id": list(documents), "doc_type": doc_type, "n_chars": sizes})
    stances = pd.DataFrame(
        {"doc_id": list(documents), "stance": ["plan" if n in planning else "other" for n in documents]}
    )
    return audit.incomplete_documents(corpus, paragraphs, stances)


def test_a_report_that_ends_in_its_review_is_not_whole():
    whole = ["一、过去一年工作", ROADS, "二、今年工作安排", TREES]
    others = dict.fromkeys("甲乙丙丁戊己庚辛壬癸", whole)
    reason = "is less than half as long as others of its kind, and breaks off"
    assert _incomplete({**others, "短": ["一、过去一年工作", ROADS[:60]]}, others) == {"短": reason}
    # Short, but with both its parts and a plan: a short report.
    assert _incomplete({**others, "短": ["一、过去", ROADS[:40], "二、今年", TREES[:30]]}, [*others, "短"]) == {}
    # Where others plan nothing either, that it does not is no sign.
    assert _incomplete({**others, "短": ["工作回顾", ROADS[:60]]}, []) == {}
    # As long as the others, it breaks off unseen; and of four documents none is short.
    assert _incomplete({**others, "长": ["一、过去一年工作", ROADS + TREES]}, others) == {}
    assert _incomplete({**dict.fromkeys("甲乙丙", whole), "短": ["一、过去一年工作", ROADS[:60]]}, "甲乙丙") == {}


def test_a_document_that_ends_in_mid_sentence_is_not_whole():
    assert _incomplete({"甲": [ROADS], "乙": [ROADS[:-1] + "，"]}, []) == {"乙": "ends in mid-sentence"}
    assert _incomplete({"甲": [ROADS + "　谢谢大家！"]}, []) == {}
