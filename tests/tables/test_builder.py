"""From a folder to tables: small corpora written here, and the embedded one."""

import functools
import hashlib
import json
import os
import random

import pandas as pd
import pyarrow as pa
import pytest
from crosscity import CrosscityError
from crosscity.documents.cleaning import replay
from crosscity.documents.corpus import read_corpus
from crosscity.tables import builder as module
from crosscity.tables import document_rows
from crosscity.tables.audit import check
from crosscity.tables.builder import build
from crosscity.tables.contract import TABLES
from crosscity.tables.store import read_table
from crosscity.words.tokens import Tokenizer

from tests.conftest import PROJECT

ORIGINALS = PROJECT.parent / "shared" / "corpora" / "five-cities"

A = "去年秋天，镇里修通了到山上的公路，三个寨子的苹果当天就能运到县城，价钱比往年高了两成。"
B = "老支书说，路通以前，果子要靠人背下山，背到集上已经碰坏了一半，大家都不愿意多种。"
C = "今年春天，合作社又添了冷库，果农可以等到春节前后再卖，一斤能多挣一块多钱。"
YANGZHOU = f"三个寨子通了公路\n2019-03-02 来源：水利报\n\n\u3000\u3000{A}\n一、修路\n{B}\n打印本页\n"
SUZHOU = f"老街修好了石板路\n{C}\n老街的店铺（pù）又開張了，遊客也多了起來，晚上十點還有人在橋上看燈。\n"

_tokenizer = functools.cache(lambda terms, hmm: Tokenizer(terms, hmm))


@pytest.fixture(autouse=True)
def _one_tokenizer(monkeypatch):
    """Setting up jieba takes a second: once for all tests that use the same dictionary."""
    monkeypatch.setattr(document_rows, "_tokenizer", _tokenizer)


@pytest.fixture
def corpus(tmp_path):
    def write(files, name="corpus"):
        folder = tmp_path / name
        folder.mkdir()
        for file, content in files.items():
            (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return write


def tables(out, names=TABLES):
    return {name: read_table(name, out) for name in names}


def test_without_a_manifest(corpus, tmp_path):
    folder = corpus({"扬州2019.txt": YANGZHOU, "苏州.txt": SUZHOU.encode("gb18030"), "plan.xyz": b"x"}, "我的 corpus")
    changed, notes = build(folder, tmp_path / "out put", progress=False)
    assert changed == list(TABLES)
    assert notes == ["plan.xyz was passed over: .xyz is no format that is read here"]
    found = tables(tmp_path / "out put")
    rows = found["corpus"].set_index("doc_id")
    assert rows.index.tolist() == ["扬州2019", "苏州"]
    assert rows.loc[
        "扬州2019", ["file", "city", "title", "encoding", "script", "guessed", "duplicate_of", "edition", "exclude"]
    ].tolist() == [
        "扬州2019.txt",
        "扬州",
        "三个寨子通了公路",
        "utf-8",
        "hans",
        "title city year",
        "",
        "",
        "",
    ]
    assert rows.loc["苏州", ["city", "title", "encoding", "script", "guessed"]].tolist() == [
        "苏州",
        "老街修好了石板路",
        "gb18030",
        "hant",
        "title city",
    ]
    assert rows["year"].tolist() == [2019, pd.NA]
    assert rows["n_paragraphs"].tolist() == [5, 3]
    # The title, the byline, a paragraph, the heading, a paragraph.
    assert rows.loc["扬州2019", "n_chars"] == 8 + 17 + 43 + 4 + 40
    assert rows.loc["苏州", "sha256"] == hashlib.sha256(SUZHOU.encode("gb18030")).hexdigest()


def test_paragraphs(corpus, tmp_path):
    build(corpus({"扬州.txt": YANGZHOU, "苏州.txt": SUZHOU}), tmp_path, progress=False)
    found = read_table("paragraphs", tmp_path)
    assert found.to_dict("split")["data"] == [
        ["扬州", 1, 1, "", "title", 0, "", "三个寨子通了公路"],
        ["扬州", 2, 2, "", "byline", 0, "", "2019-03-02 来源：水利报"],
        ["扬州", 3, 4, "", "body", 0, "", A],
        ["扬州", 4, 5, "", "heading", 1, "一、修路", "一、修路"],
        ["扬州", 5, 6, "", "body", 0, "一、修路", B],
        ["苏州", 1, 1, "", "title", 0, "", "老街修好了石板路"],
        ["苏州", 2, 2, "", "body", 0, "", C],
        ["苏州", 3, 3, "", "body", 0, "", "老街的店铺又开张了，游客也多了起来，晚上十点还有人在桥上看灯。"],
    ]


def test_tokens_and_log_belong_to_the_paragraphs(corpus, tmp_path):
    folder = corpus({"扬州.txt": YANGZHOU, "苏州.txt": SUZHOU})
    build(folder, tmp_path, progress=False)
    found = tables(tmp_path)
    keys = ["doc_id", "paragraph"]
    assert found["tokens"][keys].equals(found["paragraphs"][keys])
    assert found["tokens"]["tokens"][3] == ["一", "修路"]
    for words, text in zip(found["tokens"]["tokens"], found["paragraphs"]["text"], strict=True):
        assert words
        assert all(word in text for word in words)
    for source in read_corpus(folder)[0]:
        log = found["cleaning_log"].query("doc_id == @source.doc_id").to_dict("records")
        paragraphs = found["paragraphs"].query("doc_id == @source.doc_id")["text"]
        assert replay(source.text, log) == "\n".join(paragraphs)


def test_manifest(corpus, tmp_path):
    manifest = "file,city,date,genre,exclude,mood,edition\na.txt,扬州,2018-05,news,,calm,\nb.txt,,,,too short,,draft\n"
    build(
        corpus({"a.txt": YANGZHOU, "b.txt": SUZHOU, "corpus.csv": manifest.encode("gb18030")}), tmp_path, progress=False
    )
    rows = read_table("corpus", tmp_path).set_index("doc_id")
    assert rows.loc["a", ["city", "date", "year", "genre", "exclude", "mood", "edition", "guessed"]].tolist() == [
        "扬州",
        "2018-05",
        2018,
        "news",
        "",
        "calm",
        "",
        "title",
    ]
    assert rows.loc["b", ["city", "exclude", "mood", "edition", "guessed"]].tolist() == [
        "",
        "too short",
        "",
        "draft",
        "title",
    ]
    assert rows["mood"].dtype == rows["city"].dtype


def test_records_are_documents_of_their_own(corpus, tmp_path):
    rows = [{"text": YANGZHOU, "year": 2020, "tag": "x"}, {"text": SUZHOU, "year": None}]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    build(corpus({"年报.jsonl": lines, "one.csv": f"title,text\n通路,{A}\n"}), tmp_path, progress=False)
    found = tables(tmp_path)
    assert found["corpus"]["doc_id"].tolist() == [
        "年报#1",
        "年报#2",
        "one",
    ]  # what is known first
    assert found["corpus"]["file"].tolist() == ["年报.jsonl", "年报.jsonl", "one.csv"]
    assert found["corpus"]["year"].tolist() == [2020, pd.NA, pd.NA]
    assert found["corpus"]["tag"].tolist() == ["x", "", ""]
    assert found["corpus"]["sha256"].tolist() == [
        hashlib.sha256(text.encode()).hexdigest() for text in (YANGZHOU, SUZHOU, A)
    ]
    assert set(found["paragraphs"]["doc_id"]) == {"one", "年报#1", "年报#2"}


def test_duplicates_name_the_first(corpus, tmp_path):
    other = YANGZHOU.replace("打印本页", "关闭窗口").replace("\n", "\r\n")
    files = {"a.txt": YANGZHOU, "b.txt": SUZHOU, "c.txt": other.encode("utf-16"), "d.txt": YANGZHOU}
    folder = corpus(files)
    build(folder, tmp_path, progress=False)
    first = read_table("corpus", tmp_path).set_index("doc_id")["duplicate_of"].to_dict()
    assert first == {"a": "c", "b": "", "c": "", "d": "c"}, "utf-16 sorts before utf-8; a name decides nothing"
    said = check(folder)
    assert "a has the same text as c, d: at most one of them is filed rightly" in said
    assert "c has the same text as a, d: at most one of them is filed rightly" in said
    assert not [sentence for sentence in said if sentence.startswith("b has the same")]


def test_check_says_what_is_guessed_and_damaged(corpus):
    manifest = "file,city,year,title\na.txt,扬州,2019,通路\nb.txt,,,\n"
    files = {
        "a.txt": YANGZHOU,
        "b.txt": SUZHOU + f"{A}收入\ufffd\ufffd元。\n{B}",
        "corpus.csv": manifest,
        "x.xyz": b"%DOC",
    }
    assert check(corpus(files)) == [
        "x.xyz was passed over: .xyz is no format that is read here",
        "a never names 扬州, under which it is filed",
        "a has a part 一 and no other: it breaks off, or the others have no number",
        "b keeps 1 damaged runs in its text; see cleaning_log",
        "b has 2 unknown characters (U+FFFD)",
        "title guessed for b: state it in corpus.csv to be sure",
        "by province: 1 of 2 documents, 1 of 31 provinces; most: 江苏 1 (1 of its 13 cities); none from 河北, 山西, "
        "内蒙古, 辽宁, 吉林, 黑龙江, 浙江, 安徽, 福建, 江西, 山东, 河南 and 18 more",
        "by year: 1 of 2 documents, 1 year; most: 2019 1",
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_text_of_too_many_changes_is_left_out_of_a_check_as_of_a_build(corpus, tmp_path, monkeypatch, jobs):
    monkeypatch.setattr("crosscity.documents.cleaning.MOST_CHANGES", 20)
    monkeypatch.setattr("crosscity.tables.builder._SMALL", 0)
    monkeypatch.setattr("os.cpu_count", lambda: jobs)
    folder = corpus({"a.txt": YANGZHOU, "b.txt": SUZHOU, "坏.txt": "村&amp;路。" * 21})
    note = f"left out: {folder / '坏.txt'} needs more than 20 changes in cleaning: take out what is no text"
    said = check(folder)
    assert said[0] == note
    assert not [sentence for sentence in said if sentence.startswith("坏 ")]
    assert note in build(folder, tmp_path, progress=False, jobs=jobs)[1]
    assert read_table("corpus", tmp_path)["doc_id"].tolist() == ["a", "b"]
    for name in ("a.txt", "b.txt"):
        (folder / name).unlink()
    with pytest.raises(CrosscityError, match=r"坏\.txt needs more than 20 changes in cleaning"):
        check(folder)


def test_check_against_another_corpus(tmp_path):
    """A document of another corpus is found under whatever name it is filed; one that shares a passage is not."""
    rng = random.Random(1)
    one, two = ("".join(rng.choices([chr(0x4E00 + i) for i in range(3000)], k=9000)) + "。" for _ in range(2))
    for folder, files in {"甲": {"扬州": one, "苏州": two + one[:2000]}, "乙": {"戊": f"声明\n{one}", "己": B}}.items():
        (tmp_path / folder).mkdir()
        for name, text in files.items():
            (tmp_path / folder / f"{name}.txt").write_text(text, encoding="utf-8")
    said = check(tmp_path / "甲", against=[tmp_path / "乙"])
    assert [s for s in said if "known" in s] == [f"扬州 is a document known from elsewhere: {tmp_path / '乙' / '戊'}"]
    assert not [s for s in check(tmp_path / "甲") if "known" in s]


def test_editions_by_sum(corpus, tmp_path, monkeypatch):
    """What originals.sha256 lists is an original unless the manifest says otherwise; one more byte, and it is none."""
    data = tmp_path / "project" / "data" / "raw"
    data.mkdir(parents=True)
    digest = hashlib.sha256(YANGZHOU.encode()).hexdigest()
    (data / "originals.sha256").write_text(f"# sums\n\n{digest}  扬州\n", encoding="utf-8")
    monkeypatch.setattr(module, "PROJECT", tmp_path / "project")
    files = {
        "a.txt": YANGZHOU,
        "b.txt": YANGZHOU + "\n",
        "c.txt": YANGZHOU,
        "corpus.csv": "file,edition\na.txt,\nb.txt,\nc.txt,second\n",
    }
    build(corpus(files), tmp_path / "out", progress=False)
    assert read_table("corpus", tmp_path / "out")["edition"].tolist() == ["original", "", "second"]
    monkeypatch.setattr(module, "PROJECT", tmp_path)
    assert module.known_originals() == {}


def test_embedded_corpus_is_marked_as_restated(tmp_path):
    build(PROJECT / "data" / "raw", tmp_path, tables=["corpus"], progress=False)
    rows = read_table("corpus", tmp_path)
    assert rows["edition"].tolist() == ["restated"] * 5
    assert sorted(rows["city"]) == sorted(["朝阳", "阳江", "盐城", "随州", "合肥"])
    assert rows["guessed"].str.contains("city|year").sum() == 0


def test_originals_are_known(tmp_path):
    if not ORIGINALS.is_dir():
        pytest.skip(f"the original documents are not at {ORIGINALS}")
    build(ORIGINALS, tmp_path, tables=["corpus"], progress=False)
    assert read_table("corpus", tmp_path)["edition"].tolist() == ["original"] * 5


def test_a_second_build_changes_nothing(corpus, tmp_path):
    folder = corpus({"a.txt": YANGZHOU, "b.txt": SUZHOU})
    out = tmp_path / "out"
    build(folder, out, progress=False)
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in out.glob("*.parquet")}
    assert build(folder, out, progress=False)[0] == []
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in out.glob("*.parquet")} == before
    (folder / "b.txt").write_text(SUZHOU + A, encoding="utf-8")
    assert set(TABLES[:4]) <= set(build(folder, out, progress=False)[0])
    assert build(folder, tmp_path / "other", progress=False)[0] == list(TABLES)
    assert {p.name: p.read_bytes() for p in out.glob("*.parquet")} == {
        p.name: p.read_bytes() for p in (tmp_path / "other").glob("*.parquet")
    }


def test_some_tables_only(corpus, tmp_path):
    folder = corpus({"a.txt": YANGZHOU})
    assert build(folder, tmp_path / "out", tables=["paragraphs", "corpus"], progress=False)[0] == [
        "paragraphs",
        "corpus",
    ]
    assert sorted(p.name for p in (tmp_path / "out").glob("*.parquet")) == ["corpus.parquet", "paragraphs.parquet"]
    with pytest.raises(
        CrosscityError, match="there is no table 'topics': the tables are corpus, paragraphs, cleaning_log, tokens"
    ):
        build(folder, tmp_path / "out", tables=["corpus", "topics"], progress=False)


def test_a_table_is_named_once_or_twice_but_not_never(corpus, tmp_path):
    folder = corpus({"a.txt": YANGZHOU, "b.txt": SUZHOU})
    build(folder, tmp_path / "out", tables=["corpus", "corpus"], progress=False)
    assert set(read_table("corpus", tmp_path / "out")["doc_id"]) == {"a", "b"}
    with pytest.raises(CrosscityError, match="there is no table '': the tables are corpus"):
        build(folder, tmp_path / "out", tables=[], progress=False)


def test_every_problem_of_the_manifest_is_told(corpus, tmp_path):
    files = {"a.txt": YANGZHOU, "b.txt": SUZHOU, "corpus.csv": "file\na.txt\nx.txt\ny.txt\n"}
    with pytest.raises(
        CrosscityError, match=r"(?s)3 problems:.*x.txt, which is not.*y.txt, which is not.*b.txt is not named"
    ):
        build(corpus(files), tmp_path / "out", progress=False)


@pytest.mark.parametrize(
    ("there", "message"),
    [
        ("out", "out is a file: give a folder for the tables"),
        ("out/tokens.parquet/", "tokens.parquet is a folder: move it"),
    ],
)
def test_what_stands_where_the_tables_go(corpus, tmp_path, there, message):
    if there.endswith("/"):
        (tmp_path / there).mkdir(parents=True)
    else:
        (tmp_path / there).write_bytes(b"x")
    with pytest.raises(CrosscityError, match=message):
        build(corpus({"a.txt": YANGZHOU}), tmp_path / "out", progress=False)
    assert list(tmp_path.glob("out/*.parquet")) == [p for p in [tmp_path / "out" / "tokens.parquet"] if p.is_dir()]


def test_a_file_name_that_is_no_text(corpus, tmp_path):
    folder = corpus({"a.txt": YANGZHOU})
    try:
        (folder / os.fsdecode(b"\xff.txt")).write_text(SUZHOU, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes names of text alone")
    with pytest.raises(CrosscityError, match=r"xff|dcff.*the file's name is no text: rename it"):
        build(folder, tmp_path / "out", progress=False)


def test_a_term_that_can_be_no_word_is_named(corpus, tmp_path):
    (tmp_path / "terms.txt").write_text("山上的公路\n修路、种树\n", encoding="utf-8")
    folder = corpus({"a.txt": YANGZHOU})
    _, notes = build(folder, tmp_path / "out", dictionary=tmp_path / "terms.txt", progress=False)
    assert notes == ["'修路、种树' of the dictionary can be no word: jieba ends words there"]


def test_a_dictionary_of_the_study(corpus, tmp_path):
    (tmp_path / "terms.txt").write_text("山上的公路\n", encoding="utf-8")
    build(corpus({"a.txt": YANGZHOU}), tmp_path, tables=["tokens"], dictionary=tmp_path / "terms.txt", progress=False)
    assert "山上的公路" in [word for words in read_table("tokens", tmp_path)["tokens"] for word in words]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"b.txt": ""}, "b.txt is empty"),
        ({"corpus.csv": "file\nc.txt\na.txt\n"}, "c.txt, which is not there"),
        (
            {"b.jsonl": '{"text": "\u200b\u200b"}'},
            "b.jsonl holds no text once page furniture is removed: remove the file",
        ),
        ({"a.csv": f"text\n{A}\n"}, "would both be a"),
    ],
)
def test_an_error_leaves_the_earlier_tables(corpus, tmp_path, files, message):
    folder = corpus({"a.txt": YANGZHOU})
    out = tmp_path / "out"
    build(folder, out, progress=False)
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in out.glob("*.parquet")}
    (folder / "a.txt").write_text(SUZHOU, encoding="utf-8")
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(CrosscityError, match=message):
        build(folder, out, progress=False)
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in out.glob("*.parquet")} == before


def test_an_error_in_a_later_table_leaves_the_earlier_ones(corpus, tmp_path, monkeypatch):
    folder = corpus({"a.txt": YANGZHOU})
    build(folder, tmp_path / "out", progress=False)
    before = {p.name: p.read_bytes() for p in (tmp_path / "out").glob("*.parquet")}
    (folder / "a.txt").write_text(SUZHOU, encoding="utf-8")
    read = module.read_tables

    def broken(*args):
        found = read(*args)
        frame = found["tokens"].to_pandas()
        frame.loc[0, "paragraph"] = 0
        return {**found, "tokens": pa.Table.from_pandas(frame, schema=found["tokens"].schema)}

    monkeypatch.setattr(module, "read_tables", broken)
    with pytest.raises(CrosscityError, match=r"tokens.parquet: column 'paragraph', row 0: 0 breaks"):
        build(folder, tmp_path / "out", progress=False)
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").glob("*.parquet")} == before


NOTICE = "本页文字可以自由取用，请注明水利网及日期。"


def test_what_documents_of_one_site_end_with_is_furniture(corpus, tmp_path):
    """A notice at the end of several files goes; the same line within a text stays."""
    bodies = [f"{A}\n甲村也一样。", f"{B}\n乙村也一样。", f"{C}\n{NOTICE}\n丙村也一样。", f"{B}{C}\n丁村也一样。"]
    files = {f"{n}.txt": f"{body}\n{NOTICE}\n" if n < 3 else f"{body}\n" for n, body in enumerate(bodies)}
    build(corpus(files), tmp_path, progress=False)
    texts = read_table("paragraphs", tmp_path).groupby("doc_id")["text"].agg("\n".join)
    assert texts.tolist() == bodies
    log = read_table("cleaning_log", tmp_path).query("rule == 'furniture:shared'")
    assert sorted(log[["doc_id", "before"]].to_numpy().tolist()) == [["0", NOTICE], ["1", NOTICE], ["2", NOTICE]]


def test_what_one_document_ends_with_is_its_own_however_often_it_was_found(corpus, tmp_path):
    """Copies of one report with different headers share their last paragraphs, and keep them."""
    body = f"{A}{B}\n{C}\n桥也要修，渠也要修，钱要一笔一笔记清楚。\n山上的事情就说到这里，请大家提出意见。"
    build(
        corpus(
            {
                f"{n}.txt": f"{title}\n{body}\n"
                for n, title in enumerate(["老支书说修路的事", "山上公路修通以后", "修路记在账本上了"])
            }
        ),
        tmp_path,
        progress=False,
    )
    texts = read_table("paragraphs", tmp_path).groupby("doc_id")["text"].agg("\n".join)
    assert [text.endswith(body) for text in texts] == [True] * 3


def test_a_short_line_of_several_documents_whose_words_are_not_theirs_is_furniture(corpus, tmp_path):
    """What a site sets between paragraphs goes where three documents have it; what is in the text's words stays."""
    foreign, own = "骑鹤楼台烛影摇红", "山上公路通车"
    bodies = [f"{p}{own}。\n{foreign}\n{q}\n{own}\n{r}" for p, q, r in ((A, B, C), (B, C, A), (C, A, B))]
    folder = corpus({f"{n}.txt": body for n, body in enumerate(bodies)})
    build(folder, tmp_path, progress=False)
    texts = read_table("paragraphs", tmp_path).groupby("doc_id")["text"].agg("\n".join)
    assert texts.tolist() == [body.replace(f"{foreign}\n", "") for body in bodies]
    (folder / "2.txt").unlink()
    build(folder, tmp_path, progress=False)
    assert foreign in read_table("paragraphs", tmp_path)["text"].tolist()


def test_two_documents_make_no_site(corpus, tmp_path):
    build(corpus({"a.txt": f"{A}\n{NOTICE}", "b.txt": f"{B}\n{NOTICE}", "c.txt": C}), tmp_path, progress=False)
    texts = read_table("paragraphs", tmp_path).groupby("doc_id")["text"].agg(list)
    assert texts.to_dict() == {"a": [A, NOTICE], "b": [B, NOTICE], "c": [C]}
