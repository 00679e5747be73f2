"""Tables of documents: which column is the text, what the others are, and what is left out."""

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from crosscity import CrosscityError
from crosscity.documents import read_corpus
from crosscity.documents.formats import UnreadableError
from crosscity.documents.records import column_named, read_csv, read_json, read_workbook
from crosscity.documents.sources import read_sources

A = "村里的水渠修了三公里，梯田都浇上了水。" * 4
B = "老井旁边又立了一块新碑，上面刻着捐款人的名字。" * 4


def workbook(**sheets):
    """A workbook with cells of strings; None is an empty cell. A sheet may be a pair of rows and merged ranges."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packaging = "http://schemas.openxmlformats.org/package/2006"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{packaging}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{packaging}/relationships">'
        f'<Relationship Id="r" Type="{r}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    }
    names, relations = "", ""
    for n, (name, content) in enumerate(sheets.items(), start=1):
        rows, merged = content if isinstance(content, tuple) else (content, ())
        xml = ""
        for i, row in enumerate(rows, start=1):
            cells = "".join(
                f'<c r="{chr(64 + j)}{i}" t="inlineStr"><is><t xml:space="preserve">{cell}</t></is></c>'
                for j, cell in enumerate(row, start=1)
                if cell is not None
            )
            xml += f'<row r="{i}">{cells}</row>'
        ranges = "".join(f'<mergeCell ref="{place}"/>' for place in merged)
        xml = f"<sheetData>{xml}</sheetData>" + (f"<mergeCells>{ranges}</mergeCells>" if ranges else "")
        files[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{main}">{xml}</worksheet>'
        names += f'<sheet name="{name}" sheetId="{n}" r:id="s{n}"/>'
        relations += f'<Relationship Id="s{n}" Type="{r}/worksheet" Target="worksheets/sheet{n}.xml"/>'
    files["xl/workbook.xml"] = f'<workbook xmlns="{main}" xmlns:r="{r}"><sheets>{names}</sheets></workbook>'
    files["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{packaging}/relationships">{relations}</Relationships>'
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()


def test_a_workbook_is_read_by_its_columns_names():
    data = workbook(
        政策=[
            ["城市", "发布日期", "标题", "正文"],
            ["望江", "2023-05-01", "修渠", A],
            ["桐城", "2024-01-02", "立碑", B],
        ]
    )
    first, second = read_sources(Path("p.xlsx"), {}, data)
    assert (first.doc_id, first.text, first.encoding) == ("p#1", A, "xlsx")
    assert second.metadata == {"city": "桐城", "date": "2024-01-02", "title": "立碑"}


def test_the_names_may_stand_below_a_title_and_merged_cells_are_each_rows():
    rows = [["望江县政策汇编", None, None], ["城市", "标题", "内容"], ["望江", "修渠", A], [None, "立碑", B]]
    records = read_workbook(Path("p.xlsx"), workbook(s=(rows, ["A3:A4"])))
    assert [(row["城市"], row["标题"], body) for row, body in records.rows] == [
        ("望江", "修渠", A),
        ("望江", "立碑", B),
    ]


def test_a_column_of_text_is_found_by_its_texts_and_named():
    records = read_workbook(Path("p.xlsx"), workbook(s=[["序号", "材料"], ["1", A], ["2", B]]))
    assert [body for _, body in records.rows] == [A, B]
    assert records.notes == ["sheet 's' was read by its column '材料', which holds the longest texts"]


def test_all_sheets_with_texts_are_read_and_others_are_named():
    data = workbook(甲=[["正文", "x"], [A, "1"]], 乙=[["编码", "名"], ["1", "二"]], 丙=[["正文", "x"], [B, "2"]])
    records = read_workbook(Path("p.xlsx"), data)
    assert [(row["sheet"], body) for row, body in records.rows] == [("甲", A), ("丙", B)]
    assert records.notes == ["sheet '乙' was passed over: none of its 2 columns is one of text"]


def test_rows_without_text_and_cells_that_are_full_are_said():
    data = workbook(s=[["标题", "正文"], ["修渠", "渠" * 32_767], ["缺", None]])
    records = read_workbook(Path("p.xlsx"), data)
    assert len(records.rows) == 1
    assert records.notes == [
        "sheet 's' has 1 row without text, which is left out",
        "sheet 's' has 1 text of 32,767 characters, the most that a cell holds: cut off there",
    ]


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", workbook(s=[["编码", "名"], ["1", "二"]])], ids=["empty", "cut", "no text"]
)
def test_a_workbook_without_texts_is_left_out(data):
    with pytest.raises(UnreadableError, match=r"p\.xlsx "):
        read_workbook(Path("p.xlsx"), data)


def test_two_columns_of_like_texts_are_not_guessed_between():
    text = f"甲,乙\n{A},{B}\n"
    with pytest.raises(CrosscityError, match=r"p.csv has no text in a column named .* \(it has 甲, 乙\)"):
        read_csv(Path("p.csv"), text.encode())


JSON = {
    "a list": ([{"content": A}, {"content": B}], [A, B]),
    "one object": ({"content": A, "title": "修渠"}, [A]),
    "a list within an object": ({"count": 2, "items": [{"content": A}, {"content": B}]}, [A, B]),
}  # fmt: skip


@pytest.mark.parametrize(("content", "texts"), JSON.values(), ids=JSON)
def test_json_is_read(content, texts):
    records = read_json(Path("p.json"), json.dumps(content, ensure_ascii=False).encode())
    assert [body for _, body in records.rows] == texts


def test_json_that_holds_no_documents_is_left_out_and_the_rest_goes_on(tmp_path):
    (tmp_path / "settings.json").write_text('{"a": [1, 2]}', encoding="utf-8")
    (tmp_path / "水渠.txt").write_text(A, encoding="utf-8")
    sources, notes = read_corpus(tmp_path)
    assert [source.doc_id for source in sources] == ["水渠"]
    assert len(notes) == 1
    assert "settings.json, object 1 has no text" in notes[0]


@pytest.mark.parametrize(
    ("name", "column"), [("发布时间", "date"), ("Release Time", "date"), ("发文机关", "publisher"), ("颜色", "颜色")]
)
def test_columns_are_told_by_their_names(name, column):
    assert column_named(name) == column


def archived(files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_an_archive_of_documents_is_read(tmp_path):
    files = {
        "文件/修渠.txt": A,
        "文件/立碑.csv": f"content,城市\n{B},桐城\n",
        "__MACOSX/._x.txt": "x",
        "图.png": b"x",
        "坏.pdf": b"x",
    }
    (tmp_path / "包.zip").write_bytes(archived(files))
    sources, notes = read_corpus(tmp_path)
    assert [(s.doc_id, s.file, s.text) for s in sources] == [
        ("修渠", "包.zip/修渠.txt", A),
        ("立碑", "包.zip/立碑.csv", B),
    ]
    assert sources[1].metadata == {"city": "桐城"}
    assert notes[0] == "包.zip: 图.png was passed over: it is a picture: run OCR on it and give the text"
    assert notes[1].startswith("包.zip: left out: ")
    assert "坏.pdf cannot be read as a PDF" in notes[1]


def test_names_in_an_archive_may_be_in_gbk():
    name, data = "修渠.txt".encode("gb18030"), A.encode()
    head = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0, zlib.crc32(data), len(data), len(data), len(name), 0)
    local = b"PK\x03\x04" + head + name + data
    central = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    (source,) = read_sources(Path("p.zip"), {}, local + central + end)
    assert source.doc_id == "修渠"


def test_an_archive_without_documents_is_left_out():
    with pytest.raises(UnreadableError, match=r"p\.zip holds no documents"):
        read_sources(Path("p.zip"), {}, archived({"图.png": "x"}))
