"""A folder of documents and its manifest: what is read, and every problem that is reported."""

import hashlib
import json
import unicodedata

import pytest
from crosscity import CrosscityError
from crosscity.documents import corpus as corpus_module
from crosscity.documents.corpus import document_files, read_corpus
from crosscity.documents.manifest import read_manifest

TEXT = "村里把晒谷场改成了篮球场，年轻人晚上有了去处。"
OTHER = "渡口换了新船，过河的人不用再等半天。"


@pytest.fixture
def corpus(tmp_path):
    """Write files into a folder with spaces and Chinese in its name, and give the folder."""

    def write(**files):
        return write_files({name.replace("__", "."): content for name, content in files.items()})

    def write_files(files):
        folder = tmp_path / "我的 corpus"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    write.files = write_files
    return write


def ids(folder):
    return [source.doc_id for source in read_corpus(folder)[0]]


def test_text_files_in_order_of_name(corpus):
    folder = corpus.files({"乙.txt": OTHER, "a.txt": TEXT, "B.TXT": TEXT + OTHER})
    sources, notes = read_corpus(folder)
    assert [(s.doc_id, s.file, s.text) for s in sources] == [
        ("B", "B.TXT", TEXT + OTHER),
        ("a", "a.txt", TEXT),
        ("乙", "乙.txt", OTHER),
    ]
    assert [s.metadata for s in sources] == [{}, {}, {}]
    assert notes == []


def test_sha256_is_that_of_the_bytes(corpus):
    # sha256 of b"abc", as in FIPS 180-2, appendix B.1.
    source = read_corpus(corpus(a__txt="abc"))[0][0]
    assert source.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_what_is_passed_over_is_named(corpus):
    folder = corpus.files(
        {
            "a.txt": TEXT,
            "plan.caj": b"x",
            "README.md": "notes",
            ".hidden.txt": "x",
            "~$a.txt": "x",
            "LIESMICH": "x",
        }
    )
    (folder / "folder.txt").mkdir()
    sources, notes = read_corpus(folder)
    assert [s.doc_id for s in sources] == ["a"]
    assert notes == [
        "LIESMICH was passed over: no suffix is no format that is read here",
        "plan.caj was passed over: it is in CNKI's own format: open it with CAJViewer and save it as PDF",
        "2 hidden files were passed over: .hidden.txt, ~$a.txt",
    ]


def test_manifest_describes_each_file(corpus):
    manifest = "file, city ,date,mood\na.txt, 扬州 ,2024-08-31,calm\nb.txt,,,\n"
    sources, _ = read_corpus(corpus(a__txt=TEXT, b__txt=OTHER, corpus__csv=manifest))
    assert [s.metadata for s in sources] == [{"city": "扬州", "date": "2024-08-31", "mood": "calm"}, {}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_manifest_in_any_encoding(corpus, encoding, end):
    manifest = end.join(["file,city,note", 'a.txt,扬州,"一, 二"', ""])
    sources, _ = read_corpus(corpus(a__txt=TEXT, corpus__csv=manifest.encode(encoding)))
    assert sources[0].metadata == {"city": "扬州", "note": "一, 二"}


def test_without_a_manifest_there_is_none(corpus):
    assert read_manifest(corpus(a__txt=TEXT)) == (None, [])


def test_a_file_that_changed_since_is_a_note(corpus):
    right, wrong = hashlib.sha256(TEXT.encode()).hexdigest().upper(), "0" * 64
    folder = corpus(a__txt=TEXT, b__txt=OTHER, corpus__csv=f"file,sha256\na.txt,{right}\nb.txt,{wrong}\n")
    sources, notes = read_corpus(folder)
    assert notes == ["b.txt is not the file whose SHA-256 corpus.csv states: it has changed since"]
    assert "sha256" not in sources[0].metadata


def test_the_sum_of_a_file_of_records_is_that_of_the_file(corpus):
    lines = "".join(json.dumps({"text": text, "sha256": "mine"}) + "\n" for text in (TEXT, OTHER))
    digest = hashlib.sha256(lines.encode()).hexdigest()
    sources, notes = read_corpus(corpus(a__jsonl=lines, corpus__csv=f"file,sha256\na.jsonl,{digest}\n"))
    assert notes == []
    assert [s.sha256 for s in sources] == [hashlib.sha256(text.encode()).hexdigest() for text in (TEXT, OTHER)]
    assert sources[1].metadata == {"source_sha256": "mine"}


def test_json_lines_are_records(corpus):
    rows = [
        {"content": TEXT, "year": 2024, "source": "县报", "doc_id": "x", "tags": ["a"], "none": None},
        {"content": OTHER},
    ]
    lines = "\r\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\r\n\r\n"
    sources, _ = read_corpus(corpus(年报__jsonl=lines))
    assert [(s.doc_id, s.text) for s in sources] == [("年报#1", TEXT), ("年报#2", OTHER)]
    assert sources[0].metadata == {"year": "2024", "publisher": "县报", "source_doc_id": "x"}


def test_csv_rows_are_records(corpus):
    table = f'title,full_text,n_chars\n通水,"{TEXT}\n{OTHER}",9\n换船,{OTHER},8\n'
    sources, _ = read_corpus(corpus(rows__csv=table.encode("utf-8-sig")))
    assert [(s.doc_id, s.text) for s in sources] == [("rows#1", f"{TEXT}\n{OTHER}"), ("rows#2", OTHER)]
    assert sources[0].metadata == {"title": "通水", "source_n_chars": "9"}


def test_full_text_goes_before_content_and_text(corpus):
    assert read_corpus(corpus(a__csv=f"text,content,full_text\nx,y,{TEXT}\n"))[0][0].text == TEXT
    assert read_corpus(corpus(a__csv=f"text,content\nx,{TEXT}\n"))[0][0].text == TEXT


@pytest.mark.parametrize(("value", "reason"), [("false", None), ('"a copy"', "a copy"), ("true", "True")])
def test_a_record_that_is_not_excluded_takes_part(corpus, value, reason):
    sources, _ = read_corpus(corpus(a__jsonl=f'{{"text": "{TEXT}", "exclude": {value}}}\n'))
    assert sources[0].metadata.get("exclude") == reason


_CELLS = {  # what a record has for year or date, and whether that can be one
    ("year", "2024"): True,
    ("year", 2024.0): True,
    ("year", "２０２３年"): True,
    ("year", 99999): False,
    ("year", -1): False,
    ("year", "abc"): False,
    ("date", "2024-08"): True,
    ("date", "20240805"): True,
    ("date", "2024/3/5 10:00:00"): True,
    ("date", "2024年3月5日"): True,
    ("date", "2024-08-31T09:30:00+08:00"): True,
    ("date", "2023-13-45"): False,
    ("date", "2023-02-29"): False,
    ("date", "20231345"): False,
    ("date", "31/03/2024"): True,
    ("date", "民国113年3月"): True,
    ("date", "113/03/05"): False,
    ("date", "soon"): False,
}


@pytest.mark.parametrize(("column", "value"), _CELLS)
def test_a_record_keeps_no_impossible_date_and_says_so(corpus, column, value):
    sources, notes = read_corpus(corpus(a__jsonl=json.dumps({"text": TEXT, column: value})))
    readable = _CELLS[column, value]
    assert (column in sources[0].metadata) is readable
    assert [note[: len(f"a: {column} ")] for note in notes] == ([] if readable else [f"a: {column} "])


@pytest.mark.parametrize("name", ["one.jsonl", "one.csv", "one.ndjson"])
def test_a_single_record_bears_the_name_of_the_file(corpus, name):
    content = f"text\n{TEXT}\n" if name.endswith("csv") else json.dumps({"text": TEXT})
    assert ids(corpus.files({name: content})) == ["one"]


def test_manifest_goes_before_what_a_record_says(corpus):
    lines = json.dumps({"text": TEXT, "city": "苏州", "genre": "news"})
    sources, _ = read_corpus(corpus(a__jsonl=lines, corpus__csv="file,city\na.jsonl,扬州\n"))
    assert sources[0].metadata == {"city": "扬州", "genre": "news"}


# What is wrong with a folder of documents: its files, and what the message says.
PROBLEMS = {
    "empty file": ({"a.txt": ""}, "a.txt is empty: put the text in, or remove the file"),
    "white space": ({"a.txt": " \n\t\n\u3000"}, "a.txt is empty"),
    "zero bytes": ({"a.txt": b"\0\1" * 99}, "a.txt is binary"),
    "PDF": ({"a.txt": b"%PDF-1.4 ..."}, "a.txt is a PDF, not text"),
    "zip": ({"a.csv": b"PK\x03\x04 ..."}, "a.csv is a zip archive"),
    "PNG": ({"a.txt": b"\x89PNG\r\n\x1a\n"}, "a.txt is a PNG picture"),
    "invalid UTF-8": ({"a.txt": b"text \xff\xfe\xff"}, "a.txt is not valid UTF-8"),
    "nothing to read": (
        {"plan.xyz": "x"},
        r"holds no documents \(plan.xyz was passed over: .xyz is no format that is read here\): put .txt",
    ),
    "manifest alone": ({"corpus.csv": "file\n"}, "holds no documents"),
    "file missing": (
        {"a.txt": TEXT, "corpus.csv": "file\na.txt\nb.txt\n"},
        "corpus.csv names b.txt, which is not there: add the file, or",
    ),
    "file not named": (
        {"a.txt": TEXT, "b.txt": TEXT, "corpus.csv": "file\na.txt\n"},
        "b.txt is not named in corpus.csv: add a row",
    ),
    "two rows": (
        {"a.txt": TEXT, "corpus.csv": "file,year\na.txt,\na.txt,2020\n"},
        "row 3: a.txt has a row already: keep one",
    ),
    "name with ..": (
        {"a.txt": TEXT, "corpus.csv": "file\na.txt\n../b.txt\n"},
        r"row 3: '../b.txt' must be the name of a file in the folder itself",
    ),
    "name is ..": ({"a.txt": TEXT, "corpus.csv": "file\na.txt\n..\n"}, r"row 3: '..' must be the name"),
    "absolute path": (
        {"a.txt": TEXT, "corpus.csv": "file\na.txt\n/etc/hosts\n"},
        "row 3: '/etc/hosts' must be the name",
    ),
    "subfolder": ({"a.txt": TEXT, "corpus.csv": "file\na.txt\nsub/b.txt\n"}, "row 3: 'sub/b.txt' must be the name"),
    "backslash": ({"a.txt": TEXT, "corpus.csv": "file\na.txt\nsub\\b.txt\n"}, "row 3: .* must be the name of a file"),
    "empty name": ({"a.txt": TEXT, "corpus.csv": "file,city\na.txt,甲\n,乙\n"}, "row 3: the cell 'file' is empty"),
    "year with letters": (
        {"a.txt": TEXT, "corpus.csv": "file,year\na.txt,ca. 2014\n"},
        "row 2: year is 'ca. 2014'; write four digits, or leave it",
    ),
    "year of five digits": ({"a.txt": TEXT, "corpus.csv": "file,year\na.txt,20144\n"}, "row 2: year is '20144'"),
    "year that no calendar has": ({"a.txt": TEXT, "corpus.csv": "file,year\na.txt,0024\n"}, "row 2: year is '0024'"),
    "date in words": (
        {"a.txt": TEXT, "corpus.csv": "file,date\na.txt,去年八月\n"},
        "row 2: date is '去年八月'; write 2024, 2024-08 or 2024-08-31",
    ),
    "date that may be two": (
        {"a.txt": TEXT, "corpus.csv": "file,date\na.txt,5/8/2024\n"},
        "row 2: date is '5/8/2024', and it may be 2024-08-05 or 2024-05-08",
    ),
    "thirteenth month": ({"a.txt": TEXT, "corpus.csv": "file,date\na.txt,2024-13\n"}, "row 2: date is '2024-13'"),
    "30 February": ({"a.txt": TEXT, "corpus.csv": "file,date\na.txt,2024-02-30\n"}, "row 2: date is '2024-02-30'"),
    "row too long": (
        {"a.txt": TEXT, "corpus.csv": "file,city\na.txt,甲,乙\n"},
        "row 2: 2 cells are expected, as in the header; quote cells",
    ),
    "row too short": ({"a.txt": TEXT, "corpus.csv": "file,city,year\na.txt,甲\n"}, "row 2: 3 cells are expected"),
    "no column file": (
        {"a.txt": TEXT, "corpus.csv": "name,city\na.txt,甲\n"},
        r"has no column 'file' \(it has name, city\)",
    ),
    "duplicated column": (
        {"a.txt": TEXT, "corpus.csv": "file,city,city \na.txt,甲,乙\n"},
        "has two columns named 'city': rename one",
    ),
    "binary manifest": ({"a.txt": TEXT, "corpus.csv": b"PK\x03\x04 ..."}, "corpus.csv is a zip archive"),
    "empty manifest": ({"a.txt": TEXT, "corpus.csv": ""}, "corpus.csv is empty"),
    "CSV without text": (
        {"a.csv": "title,words\nx,y\n"},
        r"a.csv has no text in a column named full_text, content, text or 正文 \(it has title, words\)",
    ),
    "CSV of a header": ({"a.csv": "title,text\n"}, "a.csv has a header and no rows: add a record, or remove the file"),
    "CSV with an empty text": ({"a.csv": f"title,text\nx,{TEXT}\ny, \n"}, "a.csv, record 2 has no text"),
    "CSV with a short row": ({"a.csv": f"title,text\nx,{TEXT}\ny\n"}, "a.csv, record 2 has no text"),
    "broken JSON": (
        {"a.jsonl": f'{{"text": "{TEXT}"}}\n{{"text": \n'},
        r"a.jsonl, line 2 is not JSON \(.*\): write one object a line",
    ),
    "JSON too deep": ({"a.jsonl": '{"text": "x", "y": ' + "[" * 100_000}, "a.jsonl, line 1 is not JSON"),
    "JSON that is no object": (
        {"a.jsonl": "[1, 2]\n"},
        "a.jsonl, line 1 is not a JSON object: write one object a line",
    ),
    "JSON with a number for text": ({"a.jsonl": '\n{"text": 3}\n'}, "a.jsonl, line 2: the text is int, not a string"),
    "JSON with null for text": ({"a.jsonl": '{"text": null}\n'}, "a.jsonl, line 1: the text is NoneType, not a string"),
    "JSON without text": (
        {"a.jsonl": '{"words": "x"}\n'},
        r"a.jsonl, line 1 has no text in a column .* \(it has words\)",
    ),
    "JSON with half a character": (
        {"a.jsonl": '{"text": "\\ud842"}\n'},
        "a.jsonl, line 1 holds half of a surrogate pair",
    ),
    "one doc_id twice": (
        {"a.txt": TEXT, "a.csv": f"text\n{OTHER}\n"},
        "a.txt and a.csv would both be a: rename one of them",
    ),
    "one doc_id by number": ({"a#1.txt": TEXT, "a.csv": f"text\n{OTHER}\n{TEXT}\n"}, "would both be a#1"),
}


@pytest.mark.parametrize(("files", "message"), PROBLEMS.values(), ids=PROBLEMS)
def test_problem_is_named(corpus, files, message):
    folder = corpus.files(files)
    with pytest.raises(CrosscityError, match=message) as caught:
        read_corpus(folder)
    assert "problems:" not in str(caught.value), "one thing is wrong, and one is reported"


@pytest.mark.parametrize(
    "column", ["doc_id", "encoding", "script", "n_chars", "n_paragraphs", "duplicate_of", "guessed"]
)
def test_a_column_that_the_suite_fills(corpus, column):
    with pytest.raises(
        CrosscityError, match=f"corpus.csv has a column '{column}', which the suite fills itself: rename the column"
    ):
        read_corpus(corpus(a__txt=TEXT, corpus__csv=f"file,{column}\na.txt,1\n"))


def test_the_type_of_a_document_may_be_stated(corpus):
    sources, _ = read_corpus(corpus(a__txt=TEXT, corpus__csv="file,doc_type\na.txt,plan\n"))
    assert sources[0].metadata == {"doc_type": "plan"}
    with pytest.raises(CrosscityError, match="doc_type is 'essai'; write one of regulation, plan, "):
        read_corpus(corpus(a__txt=TEXT, corpus__csv="file,doc_type\na.txt,essai\n"))


@pytest.mark.parametrize("cell", ["2024", "2024-8", "2024-08", "2024-02-29", ""])
def test_good_dates(corpus, cell):
    assert read_manifest(corpus(a__txt=TEXT, corpus__csv=f"file,date\na.txt,{cell}\n"))[1] == []


def test_several_problems_at_once(corpus):
    folder = corpus.files(
        {
            "a.txt": "",
            "b.txt": TEXT,
            "c.jsonl": "[]",
            "corpus.csv": "file,year\na.txt,\nc.jsonl,MMXX\nd.txt,\n/e.txt,\n",
        }
    )
    with pytest.raises(CrosscityError) as caught:
        read_corpus(folder)
    message = str(caught.value)
    assert message.startswith("6 problems:\n  - ")
    for part in (
        "a.txt is empty",
        "b.txt is not named",
        "c.jsonl, line 1 is not a JSON object",
        "year is 'MMXX'",
        "d.txt, which is not there",
        "'/e.txt' must",
    ):
        assert part in message


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(
        CrosscityError, match="nowhere is not a folder: give the folder that holds the documents, as CORPUS=folder"
    ):
        read_corpus(tmp_path / "nowhere")
    file = tmp_path / "file.txt"
    file.write_text(TEXT, encoding="utf-8")
    with pytest.raises(CrosscityError, match=r"file.txt is not a folder"):
        read_corpus(file)


def test_an_empty_folder(tmp_path):
    with pytest.raises(CrosscityError, match="holds no documents"):
        read_corpus(tmp_path)


def test_a_link_out_of_the_folder_is_not_read(corpus, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_bytes(b"%PDF")  # were it read, the message would say so
    folder = corpus(a__txt=TEXT, corpus__csv="file\na.txt\nb.txt\n")
    (folder / "b.txt").symlink_to(secret)
    with pytest.raises(
        CrosscityError, match=r"b.txt is a link that leads out of the folder: copy the file in$"
    ) as caught:
        read_corpus(folder)
    assert "PDF" not in str(caught.value)
    assert "problems:" not in str(caught.value)


def test_a_link_within_the_folder_is_read(corpus):
    folder = corpus(a__txt=TEXT, corpus__csv="file\na.txt\nb.txt\n")
    (folder / "b.txt").symlink_to(folder / "a.txt")
    assert ids(folder) == ["a", "b"]


def test_a_link_to_nothing(corpus):
    folder = corpus(a__txt=TEXT)
    (folder / "b.txt").symlink_to(folder / "gone.txt")
    with pytest.raises(CrosscityError, match=r"b.txt cannot be read \(No such file or directory\)"):
        read_corpus(folder)


@pytest.mark.parametrize("now", ["gone", "a link that leads out"])
def test_a_file_that_goes_while_others_are_read_is_no_file_less(corpus, tmp_path, now):
    folder = corpus(a__txt=TEXT, b__txt=f"{TEXT}路", c__txt=f"{TEXT}桥")
    documents, _ = corpus_module.iter_documents(folder)
    assert next(documents).doc_id == "a"
    (folder / "b.txt").unlink()
    if now != "gone":
        (tmp_path / "secret.txt").write_bytes(b"%PDF")
        (folder / "b.txt").symlink_to(tmp_path / "secret.txt")
    gone, kept = documents
    assert gone.problem.startswith(f"{folder / 'b.txt'} ")
    assert not gone.data
    assert (kept.doc_id, kept.problem) == ("c", "")


def test_documents_in_folders_of_the_corpus_are_counted_and_named(tmp_path):
    for name in ("a.txt", "2023/b.txt", "2023/深/c.html", "2024/notes.md", ".hidden/d.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("去年修路2公里。", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "2023")
    files, notes = document_files(tmp_path)
    assert [path.name for path in files] == ["a.txt"]
    assert notes == [
        "the folder 2023 was passed over with 2 files: move them up, or give 2023 itself",
        "the folder 2024 was passed over with 1 file: move them up, or give 2024 itself",
        "link was passed over: it is a link to a folder: copy its files in",
        "1 hidden file was passed over: .hidden",
    ]


def test_a_folder_full_of_documents_is_not_counted_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(corpus_module, "_MAX_COUNTED", 3)
    (tmp_path / "2023").mkdir()
    for n in range(5):
        (tmp_path / "2023" / f"{n}.txt").write_text("x", encoding="utf-8")
    (note,) = document_files(tmp_path)[1]
    assert note.startswith("the folder 2023 was passed over with 3 or more files: ")


def test_hundreds_of_files_of_no_known_format_are_counted_and_the_first_are_named(tmp_path):
    for n in range(300):
        (tmp_path / f"{n:03}.xyz").write_bytes(b"")
        (tmp_path / f".{n:03}").write_bytes(b"")
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    assert document_files(tmp_path)[1] == [
        "300 files were passed over, of no format that is read here: 000.xyz, 001.xyz, 002.xyz, 003.xyz, 004.xyz and "
        "295 more",
        "300 hidden files were passed over: .000, .001, .002, .003, .004 and 295 more",
    ]


def test_lists_and_objects_in_records_are_counted_and_named(corpus):
    rows = [{"text": TEXT, "tags": ["水", "路"], "place": {"city": "合肥"}}, {"text": TEXT * 2, "tags": []}]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    sources, notes = read_corpus(corpus(a__jsonl=lines, b__jsonl=lines.replace(TEXT, TEXT[::-1])))
    assert len(sources) == 4
    assert notes == [
        f"{name}.jsonl: {cell} is a list or an object and was left out: write it as text"
        for name in "ab"
        for cell in ("'tags' of 2 records", "'place' of 1 record")
    ]


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2024/8/31", "2024-08-31"),
        ("2024年8月", "2024-08"),
        ("31/8/2024", "2024-08-31"),
        ("民國113年8月", "2024-08"),
        ("二〇二四年八月", "2024-08"),
        ("2024.8", "2024-08"),
    ],
)
def test_a_date_of_the_table_is_kept_in_one_form(corpus, cell, iso):
    (source,), notes = read_corpus(corpus(a__txt=TEXT, corpus__csv=f"file,date\na.txt,{cell}\n"))
    assert (source.metadata["date"], notes) == (iso, [])


def test_of_a_date_that_may_be_two_the_year_is_kept_and_it_is_said(corpus):
    (source,), (note,) = read_corpus(corpus(a__jsonl=json.dumps({"text": TEXT, "date": "05/03/2024"})))
    assert source.metadata["date"] == "2024"
    assert note.startswith("a: date '05/03/2024' was read as 2024: it may be 2024-03-05 or 2024-05-03")


NAMES = ["Zürich报告", "Café会议", "Málaga协议", "Ångström单位", "한국報告", "ガイド報告"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("on_disk", "in_table"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_names_are_the_same_in_either_normal_form(tmp_path, name, on_disk, in_table):
    (tmp_path / unicodedata.normalize(on_disk, f"{name}.txt")).write_text(TEXT, encoding="utf-8")
    table = f"file,city\n{unicodedata.normalize(in_table, name)}.txt,苏黎世\n"
    (tmp_path / "corpus.csv").write_text(table, encoding="utf-8")
    (source,), notes = read_corpus(tmp_path)
    assert (source.metadata["city"], notes) == ("苏黎世", [])


def test_two_rows_for_one_name_in_two_normal_forms(tmp_path):
    (tmp_path / "Café.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "corpus.csv").write_text("file\nCafé.txt\nCafe\u0301.txt\n", encoding="utf-8")
    with pytest.raises(CrosscityError, match="has a row already"):
        read_corpus(tmp_path)
