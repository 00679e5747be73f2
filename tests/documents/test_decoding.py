"""Bytes to text: each encoding gives exactly the text, and what is no text is an error that says so."""

import io
import zipfile

import pytest
from crosscity import CrosscityError
from crosscity.documents.decoding import decode
from hypothesis import given, settings
from hypothesis import strategies as st

SIMPLIFIED = "这个镇去年修好了三条水渠，村民浇地不再排队。\n今年还要给卫生室添两台机器，让老人看病少走路。"
TRADITIONAL = "這個鎮去年修好了三條水渠，村民澆地不再排隊。\n今年還要給衛生室添兩臺機器，讓老人看病少走路。"
TEXTS = {"simplified": SIMPLIFIED, "traditional": TRADITIONAL}
# How the file is written, and the name under which it is to be recognised.
ENCODINGS = {
    "utf-8": ("utf-8", b""),
    "utf-8-sig": ("utf-8", b"\xef\xbb\xbf"),
    "utf-16 little-endian, marked": ("utf-16-le", b"\xff\xfe"),
    "utf-16 big-endian, marked": ("utf-16-be", b"\xfe\xff"),
    "utf-32 little-endian, marked": ("utf-32-le", b"\xff\xfe\0\0"),
    "utf-32 big-endian, marked": ("utf-32-be", b"\0\0\xfe\xff"),
    "utf-16 little-endian, bare": ("utf-16-le", b""),
    "utf-16 big-endian, bare": ("utf-16-be", b""),
    "gb18030": ("gb18030", b""),
}
NAMES = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16 little-endian, marked": "utf-16",
    "utf-16 big-endian, marked": "utf-16",
    "utf-32 little-endian, marked": "utf-32",
    "utf-32 big-endian, marked": "utf-32",
    "utf-16 little-endian, bare": "utf-16-le",
    "utf-16 big-endian, bare": "utf-16-be",
    "gb18030": "gb18030",
}


@pytest.mark.parametrize("script", TEXTS)
@pytest.mark.parametrize("kind", ENCODINGS)
def test_every_encoding_gives_exactly_the_text(kind, script):
    encoding, mark = ENCODINGS[kind]
    assert decode(mark + TEXTS[script].encode(encoding), "a.txt") == (TEXTS[script], NAMES[kind])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("script", TEXTS)
def test_utf_16_that_holds_no_zero_byte(script, encoding):
    text = TEXTS[script].replace("\n", "").replace("，", "、")
    data = text.encode(encoding)
    assert b"\0" not in data
    assert decode(data, "a.txt") == (text, encoding)


def test_big5():
    assert decode(TRADITIONAL.encode("big5"), "a.txt") == (TRADITIONAL, "big5hkscs")


def test_gb18030_holds_what_gbk_does_not():
    text = SIMPLIFIED + "㐂𠀀€"
    assert decode(text.encode("gb18030"), "a.txt") == (text, "gb18030")


def test_line_ends_are_left_as_they_stand():
    text = SIMPLIFIED.replace("\n", "\r\n") + "\r\n"
    assert decode(text.encode("gb18030"), "a.txt")[0] == text
    assert decode(text.encode("utf-8"), "a.txt")[0] == text


def test_text_that_is_mostly_ascii():
    """A manifest: names of files, sums and dates, and a few characters of Chinese."""
    text = "file,sha256,city\n" + "".join(f"doc{n}.txt,{n:064x},扬州\n" for n in range(5))
    for encoding in ("utf-8", "gb18030", "gbk"):
        assert decode(text.encode(encoding), "corpus.csv")[0] == text


NO_TEXT = {
    "nothing": (b"", "a.txt is empty: put the text in"),
    "white space": (b" \t\r\n\n ", "a.txt is empty: put the text in"),
    "full-width spaces": ("\u3000\n\u3000".encode(), "a.txt is empty"),
    "a mark of UTF-8 alone": (b"\xef\xbb\xbf", "a.txt is empty"),
    "a mark of UTF-16 alone": (b"\xff\xfe", "a.txt is empty"),
    "blanks in UTF-16": ("\ufeff \n".encode("utf-16-le"), "a.txt is empty"),
    "zero bytes": (b"\0\1\2\3" * 50, r"a.txt is binary \(it holds zero bytes\): save it as UTF-8 text"),
    "a zero byte in text": ("城市\0报告".encode(), "a.txt is binary"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a.txt is a PDF, not text: save it as UTF-8 text"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.txt is a PNG picture, not text"),
    "JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF", "a.txt is a JPEG picture, not text"),
    "old Office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.txt is an old Office file"),
    "gzip": (b"\x1f\x8b\x08\0\0\0\0\0", "a.txt is a gzip archive, not text"),
    "truncated UTF-16": (b"\xff\xfe\x2d", "a.txt says that it is utf-16, but byte 2 is not"),
    "broken UTF-8 with a mark": (b"\xef\xbb\xbf\xff\xfe\xff", "a.txt says that it is utf-8-sig, but byte"),
    "invalid UTF-8": (
        b"plain text \xff\xfe\xff\xfe and more",
        r"a.txt is not valid UTF-8 \(byte 11\) and reads as no other",
    ),
    "Latin-1": (
        "Über die Städte am Flußufer".encode("latin-1"),
        r"not valid UTF-8 \(byte 0\) and reads as no other encoding",
    ),
    "Chinese cut by half a character": (SIMPLIFIED.encode()[:-1] + b"(" + b"\xff" * 3, "is not valid UTF-8"),
}


@pytest.mark.parametrize(("data", "message"), NO_TEXT.values(), ids=NO_TEXT)
def test_what_is_no_text_is_an_error(data, message):
    with pytest.raises(CrosscityError, match=message):
        decode(data, "a.txt")


def test_a_zip_archive_is_an_error():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", SIMPLIFIED)
    with pytest.raises(CrosscityError, match=r"报告.txt is a zip archive \(docx, xlsx, epub ...\), not text"):
        decode(buffer.getvalue(), "报告.txt")


# Sentences to build texts from: everyday official prose, none of it anyone's.
SENTENCES = [
    "县里把十二个村的旧井都换成了自来水，入冬以前全部通水。",
    "新来的医生每周到山上的两个寨子坐诊，药费当场报销。",
    "街道请居民推选楼长，楼长记下大家的难处，月底一起商量。",
    "桥修好以后，孩子们上学的路短了四里，家长放心多了。",
    "果农把合作社的账本贴在墙上，谁都可以来查。",
]


@settings(derandomize=True, database=None, deadline=None)
@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8),
    st.sampled_from(["gb18030", "utf-16-le", "utf-16-be", "utf-8"]),
)
def test_any_run_of_sentences_comes_back(sentences, encoding):
    text = "\n".join(sentences)
    assert decode(text.encode(encoding), "a.txt") == (text, encoding)


_PROSE = "全镇各村党组织按时召开会议，讨论修路和种树的安排。\n群众提出的意见当场记下，书记逐条答复。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_cut_in_a_character_is_read_as_far_as_it_goes(encoding):
    assert decode(_PROSE.strip().encode(encoding)[:-1], "a.txt") == (_PROSE.strip()[:-1], f"{encoding}, cut")


def test_a_file_of_two_encodings_is_read_line_by_line():
    first, second, _ = _PROSE.split("\n")
    data = first.encode() + b"\n" + second.encode("gb18030") + b"\n" + first.encode()
    assert decode(data, "a.txt") == (f"{first}\n{second}\n{first}", "utf-8 + gb18030")


def test_a_byte_broken_in_the_middle_is_no_cut():
    data = bytearray(_PROSE.encode())
    data[30] = 0xFF
    with pytest.raises(CrosscityError, match=r"a\.txt is not valid UTF-8 \(byte 30\)"):
        decode(bytes(data), "a.txt")
