"""Any input to any parser: a result that keeps what is promised, or a message; never another error.

HYPOTHESIS_PROFILE=deep tries a hundred times as many inputs (some minutes).
"""

import json
import os

from crosscity import CrosscityError
from crosscity.compare.questions import read_questions
from crosscity.documents.corpus import read_corpus
from crosscity.documents.decoding import decode
from crosscity.documents.formats import read_docx, read_html
from crosscity.documents.headlines import Headline
from crosscity.documents.manifest import read_manifest
from crosscity.documents.metadata import describe_document
from crosscity.documents.sources import Source
from crosscity.facts.codebook import read_codebook
from crosscity.study.parameters import check_parameters, read_parameters
from crosscity.tables.document_rows import Settings, rows_from_source
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.hostile_documents import _P, _WORD, docx_with

FEW = 2500 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 25
MANY = 4 * FEW
quick = settings(
    derandomize=True, database=None, deadline=None, max_examples=MANY,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
slow = settings(quick, max_examples=FEW)

TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "村里",
                "修了",
                "12",
                "三",
                "公里",
                "，",
                "。",
                "\n",
                "“一岗双责”",
                "《条例》",
                "2020年",
                "(",
                "十三五",
                "%",
                "是",
            ]
        ),
        max_size=30,
    ).map("".join),
)
BYTES = st.one_of(
    st.binary(max_size=80),
    st.builds(str.encode, TEXT, st.sampled_from(["utf-8", "utf-16", "gb18030"]), st.just("replace")),
)
YAML = st.one_of(
    TEXT,
    st.lists(
        st.sampled_from(
            [
                *(": ", "\n", "  ", "- ", "&a ", "!!int ", "!!bool ", "!!timestamp ", "'", '"', "*a", "<<", "0x"),
                *("groups", "leaves", "questions", "code", "terms", "only", "ks", "1:1", "2024-01-01", *"[]{}|>8"),
            ]
        ),
        max_size=25,
    ).map("".join),
)  # fmt: skip


def names(error, file):
    """That a message names the file."""
    assert file in str(error)


@quick
@given(BYTES)
def test_bytes_are_text_or_a_message(data):
    try:
        text, encoding = decode(data, "a.txt")
    except CrosscityError as error:
        names(error, "a.txt ")
        return
    assert text.strip()
    assert encoding
    text.encode()


@slow
@given(TEXT, st.sampled_from(["a.txt", "扬州2020.txt", "江苏省政府工作报告.txt"]))
def test_any_text_gives_rows_whose_spans_lie_in_it(text, name):
    made = rows_from_source(Source("a", name, text, "utf-8", "0" * 64, {}), Settings())
    texts = dict(zip(*(made.tables["paragraphs"][c].to_pylist() for c in ("paragraph", "text")), strict=True))
    for table in ("quantities", "programmes", "citations", "stances"):
        for row in made.tables[table].to_pylist():
            assert 0 <= row["start"] < row["end"] <= len(texts[row["paragraph"]])


@quick
@given(TEXT, TEXT, st.dictionaries(st.sampled_from(["year", "date", "city", "province", "title"]), st.text(max_size=8)))
def test_any_metadata_give_a_year_and_guesses(text, title, stated):
    found = describe_document(
        Source("a", f"{title[:20].replace('/', '')}.txt", text, "utf-8", "", stated),
        text,
        Headline(title, is_sure=True),
    )
    assert found["year"] is None or 1000 <= found["year"] <= 2999
    assert all(found[name] for name in found["guessed"].split())


@quick
@given(YAML, st.sampled_from([read_parameters, read_codebook, read_questions]))
def test_any_yaml_is_read_or_named(tmp_path, text, reader):
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8", errors="replace")
    try:
        made = reader(path)
    except CrosscityError as error:
        names(error, "a.yaml")
        return
    if reader is read_parameters:
        assert check_parameters(json.loads(json.dumps(made, allow_nan=False))) == made


@quick
@given(BYTES)
def test_any_manifest_is_read_or_named(tmp_path, data):
    (tmp_path / "corpus.csv").write_bytes(data)
    try:
        rows, problems = read_manifest(tmp_path)
    except CrosscityError as error:
        problems = [str(error)]
        rows = {}
    assert all("corpus.csv" in p for p in problems)
    assert not any("/" in file or "\\" in file for file in rows)


RECORD = st.one_of(
    st.dictionaries(
        st.one_of(st.just("text"), st.text(max_size=6)), st.one_of(TEXT, st.floats(), st.integers())
    ).map(json.dumps),
    TEXT,
)  # fmt: skip


@quick
@given(st.lists(RECORD, max_size=4).map("\n".join), st.sampled_from(["jsonl", "csv"]))
def test_any_records_are_read_or_named(tmp_path, text, suffix):
    for old in tmp_path.iterdir():
        old.unlink()
    (tmp_path / f"a.{suffix}").write_text(text, encoding="utf-8", errors="replace", newline="")
    try:
        sources, _ = read_corpus(tmp_path)
    except CrosscityError as error:
        names(error, f"a.{suffix}")
        return
    assert all(s.text.strip() and s.doc_id.startswith("a") for s in sources)


TAGS = st.sampled_from(
    ["<p>", "</p>", "<div>", "<table>", "<tr>", "<td>", "<b>", "</td>", "<br>", "&lt;", "&#0;", "<!--", "<html"]
)


@slow
@given(st.lists(st.one_of(TAGS, TEXT), max_size=25).map("".join))
def test_any_page_gives_lines_or_a_message(text):
    try:
        made, encoding, *_ = read_html(text.encode(errors="replace"), "a.html")
    except CrosscityError as error:
        names(error, "a.html")
        return
    assert made.strip()
    assert encoding.startswith("html, ")


@slow
@given(TEXT, st.binary(max_size=6), st.integers(0, 40_000))
def test_any_word_document_gives_lines_or_a_message(text, bytes_, at):
    xml = _WORD.format(_P.format(text.replace("&", "").replace("<", "")))
    data = docx_with(xml.encode("utf-8", "replace"))
    data = data[: at % len(data)] + bytes_ + data[at % len(data) + len(bytes_) :]
    try:
        assert read_docx(data, "a.docx")[1] == "docx"
    except CrosscityError as error:
        names(error, "a.docx")
