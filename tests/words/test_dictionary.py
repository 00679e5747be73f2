"""A study's dictionary: decisions are kept, once, and the segmenter reads the accepted ones alone."""

import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.words.dictionary import HEADER, add_terms, read_decisions, read_marks
from crosscity.words.tokens import Tokenizer, read_terms


@pytest.fixture
def marks(tmp_path):
    """Writes a marked copy of candidates.csv."""

    def write(text, encoding="utf-8"):
        path = tmp_path / "marked.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


MARKED = "term,accept,count,documents,quoted\n春苗课堂,y,3,2,1\n走出一条,n,4,4,0\n三屏互动,,2,1,0\n支部+基地,是,1,1,1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_marks_are_read(marks, encoding):
    table = read_marks(marks(MARKED, encoding))
    assert list(table["term"]) == ["春苗课堂", "走出一条", "支部+基地"]
    assert list(table["accept"]) == [True, False, True]


def test_accepted_and_rejected(marks, tmp_path):
    path = tmp_path / "params" / "terms.tsv"
    assert read_decisions("") == read_decisions(path) == (frozenset(), frozenset())
    assert add_terms(path, read_marks(marks(MARKED))) == (2, 1)
    assert path.read_text(encoding="utf-8").splitlines() == [
        HEADER,
        "春苗课堂\t\tcandidates\t3 count, 2 documents, 1 quoted",
        "#reject\t走出一条\t\tcandidates\t4 count, 4 documents, 0 quoted",
        "支部+基地\t\tcandidates\t1 count, 1 documents, 1 quoted",
    ]
    assert read_terms(path) == ["春苗课堂", "支部+基地"]
    assert read_decisions(path) == ({"春苗课堂", "支部+基地"}, {"走出一条"})
    words = Tokenizer(path).words("春苗课堂走出一条支部+基地的路")
    assert words[0] == "春苗课堂"
    assert "支部+基地" in words
    assert "走出一条" not in words


def test_twice_is_once(marks, tmp_path):
    path = tmp_path / "terms.tsv"
    table = read_marks(marks(MARKED))
    add_terms(path, table)
    before = path.read_bytes()
    assert add_terms(path, table) == (0, 0)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_what_the_file_holds_stays(marks, tmp_path):
    path = tmp_path / "terms.tsv"
    path.write_text("# my terms\n书屋\tbook room", encoding="utf-8")  # no line end
    add_terms(path, read_marks(marks("term,accept,gloss\n春苗课堂,y,spring class\n")))
    assert path.read_text(encoding="utf-8") == "# my terms\n书屋\tbook room\n春苗课堂\tspring class\tcandidates\t\n"


def test_a_change_of_mind(marks, tmp_path):
    path = tmp_path / "terms.tsv"
    add_terms(path, read_marks(marks("term,accept\n春苗课堂,n\n")))
    assert add_terms(path, read_marks(marks("term,accept\n春苗课堂,y\n"))) == (1, 0)
    assert read_decisions(path) == ({"春苗课堂"}, frozenset())
    before = path.read_bytes()
    with pytest.raises(CrosscityError, match="has the term '春苗课堂', which is marked n: take its line out"):
        add_terms(path, read_marks(marks("term,accept\n春苗课堂,n\n走出一条,n\n")))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("term,accept\n春苗课堂,maybe\n", "row 2: accept is 'maybe'; give y or n"),
        ("term,accept\n山路,\n大学习、深调研,y\n", "row 3: '大学习、深调研' cannot be one word"),
        ("term,accept\n#山路,y\n", "row 2: '#山路' cannot be one word"),
        ("term,accept\n春苗,x\n课堂,z\n", "2 problems"),
        ("term,accept\n春苗,y\n春苗,n\n", "'春苗' is marked both y and n"),
        ("term,count\n春苗,3\n", "has no column accept"),
        ("term|accept\n春苗|y\n", "has no column term"),
        ("", "is empty: save the table again"),
    ],
)
def test_marks_that_are_wrong(marks, text, message):
    with pytest.raises(CrosscityError, match=message):
        read_marks(marks(text))


@pytest.mark.parametrize("mark", [";", "\t"])
def test_marks_as_spreadsheets_of_other_countries_save_them(marks, mark):
    found = read_marks(marks("term,accept\n春苗,y\n课堂,\n山路,N\n".replace(",", mark)))
    assert found[["term", "accept"]].to_numpy().tolist() == [["春苗", True], ["山路", False]]


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(CrosscityError, match=r"marked\.csv is not there: give the name of the file"):
        read_marks(tmp_path / "marked.csv")
    with pytest.raises(CrosscityError, match="no dictionary is named"):
        add_terms("", pd.DataFrame({"term": ["春苗"], "accept": [True]}))
