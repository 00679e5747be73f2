"""Files that a run reads beside documents, wrong or hostile, as tables: see test_hostile.py."""

import re
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pandas as pd
from crosscity.compare.questions import read_questions
from crosscity.facts.adjudication import read_coding
from crosscity.tables.store import read_table
from crosscity.topics.intruders import read_key
from crosscity.topics.labels import read_labels
from crosscity.words.dictionary import read_marks
from crosscity.words.tokens import stop_words


class Case(NamedTuple):
    """A file that is spoiled.

    Attributes
    ----------
    content : bytes, str, dict or callable
        Of the file; a folder of files, by name; of a table, what is made of its frame or its bytes. None: no file.
    says : str
        What the message must hold, beside the file's name. None: the file is taken, and nothing of it is run.
    """

    content: object
    says: str | None = None


def _levels(n):
    """A list in n lists."""
    return "[" * n + "]" * n


_BOMB = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9) if i else 'a'}]\n" for i in range(12))
_MERGED = "".join(
    f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9)}]}}\n" if i else "a0: &a0 {k: 1}\n" for i in range(12)
)
YAML = {  # refused alike as parameters, a codebook and questions
    "a tag that makes an object": Case("k: !!python/object/apply:os.system ['touch ran']", "could not determine a"),
    "a tag of the reader's own": Case("k: !include /etc/passwd", "could not determine a constructor for the tag"),
    "aliases that grow": Case(_BOMB, "aliases are not taken here: write the value out"),
    "merged keys that grow": Case(_MERGED, "aliases are not taken here: write the value out"),
    "a list that holds itself": Case("k: &a [*a]", "aliases are not taken here"),
    "100,000 levels": Case("k: " + "[" * 100_000, "more than 20 levels"),
    "900 levels, closed": Case(f"k: {_levels(900)}", "more than 20 levels"),
    "levels by indentation": Case("".join(" " * i + "a:\n" for i in range(500)), "more than 20 levels"),
    "a number of 10,000 digits": Case("k: 0x" + "F" * 10_000, "the number is too large"),
    "a number of 9,000 places of sixty": Case("k: 1" + ":1" * 9000, "the number is too large"),
    "a truth that is none": Case("k: !!bool perhaps", "'perhaps' cannot be read"),
    "a time that is none": Case("k: !!timestamp soon", "'soon' cannot be read"),
    "a day that is none": Case("k: 2024-13-01", "'2024-13-01' cannot be read"),
    "an empty number": Case("k: !!int ''", "cannot be read"),
    "a key that stands twice": Case("k: 8\nk: 9", "k stands twice"),
    "a key that is a list": Case("? [a]\n: b", "unhashable key"),
    "two documents": Case("k: 8\n---\nk: 9", "is not YAML"),
    "an escape for a terminal": Case("k: \x1b[2J", "is not YAML"),
    "zero bytes": Case(b"k: 8\0\0", ""),
    "bytes that are no text": Case(b"\xff\xfe\xff", ""),
    "a folder": Case({}, "is not there: give"),
    "no file": Case(None, "is not there: give"),
}  # fmt: skip

PARAMETERS = {
    "code for a value": Case("k: __import__('os').system('touch ran')", 'k is "__import__'),
    "code for a column": Case("by: __import__('os').system('touch ran')"),
    "a path for a column": Case("by: ../../etc/passwd"),
    "an infinite number": Case("prior: .inf", "prior is inf; give a number from 1.0 to 1000000.0"),
    "a number that is none": Case("max_df: .nan", "max_df is nan; give a number from 0 to 1"),
    "no number among the values kept": Case("only: {year: .nan}", "nan is neither text nor a number"),
    "10,000 numbers": Case(f"ks: [{', '.join(['8'] * 10_000)}]", "give each number once"),
    "a text of a megabyte": Case(f"k: {'a' * 1_000_000}", "(1,000,002 characters); give a whole number"),
    "a list for a mapping": Case("- k\n- 8", "must hold lines such as 'k: 8', one parameter a line"),
    "a name that is a megabyte": Case(f"? {'a' * 1_000_000}\n: 1", "there is no parameter"),
    "a name that there is not": Case("topics: 8", "there is no parameter 'topics'"),
    "UTF-16": Case("k: 8".encode("utf-16")),
    "GB18030": Case("by: 体裁".encode("gb18030")),
    "a full-width colon": Case("k：8\ndraws: 5", "line 1 is not YAML (the colon behind 'k' is a full-width one"),
}

CODEBOOKS = {
    "nothing": Case("", "it must hold groups and leaves; mend the codebook"),
    "an archive": Case(b"PK\x03\x04" + bytes(99), "is a zip archive"),
    "a list of itself": Case("groups: {a: b}\nleaves: [[1]]", "leaf 1 is [1], not a mapping"),
    "terms that are numbers": Case(
        "groups: {a: b}\nleaves: [{code: c, group: a, definition: d, terms: [1, .inf]}]", "leaf c: terms must be words"
    ),
    "a weight without end": Case(
        "groups: {a: b}\nleaves: [{code: c, group: a, definition: d, terms: 茶树, rules: [{term: 茶树, weight: .inf}]}]",  # noqa: E501
        "weight is inf; give a number above 0",
    ),
    "an expression that runs away": Case(
        "groups: {a: b}\nleaves: [{code: c, group: a, definition: d, terms: ['(a+)+$', '(.*)*茶']}]"
    ),
}

QUESTIONS = {
    "nothing": Case("", "is empty: put the text in"),
    "a list of texts": Case("questions: [a, b]", "questions must be a list of mappings"),
    "words that are mappings": Case("questions: [{question: a, gloss: b, terms: {c: d}}]", "terms must be words or a"),
    "an expression that runs away": Case("questions: [{question: a, gloss: b, strong: ['(a+)+$']}]"),
}  # fmt: skip

TERMS = {
    "a picture": Case(b"\x89PNG\r\n\x1a\n", "is a PNG picture, not text"),
    "zero bytes": Case(b"a\0b", "is binary"),
    "a folder": Case({}, "is not there: give the file of terms, one a line"),
    "nothing": Case(""),
    "expressions, code and control characters": Case("(a+)+$\n__import__('os').system('touch ran')\n\x1b[2J\n"),
}

SHEETS = {
    "nothing": Case("", "is empty: save the table again"),
    "an archive": Case(b"PK\x03\x04" + bytes(99), "is a zip archive"),
    "another table": Case("a,b\n1,2\n", "has no column"),
    "a quotation mark that is not closed": Case('term,accept,topic,label,terms,fingerprint\n"a', "is no table ("),
    "no file": Case(None, "is not there: give the name of the file"),
}

_KEY = "sheet,question,task,option,topic,terms,share,intruder,doc_id,paragraph\n"
_CODED = "sheet,task,id,question,machine,weight,doc_id,paragraph,start,end,text\n"
FOLDERS_OF_ANSWERS = {
    "no key": Case({}, "has no key.csv: put the sample's there"),
    "weights that are words": Case(
        {
            "key.csv": f"{_CODED}a,themes,1,theme,b,much,c,1,0,1,d\n",
            "codebook.csv": "task,question,label\nthemes,theme,a\n",
        },
        "weight must be a number",
    ),
}


def of_bytes(change):
    """What a table's file is spoiled by, as a function of its path."""
    return lambda path: path.write_bytes(change(path.read_bytes()))


def of_frame(change):
    """What a table is spoiled by, and written without being checked."""
    return lambda path: change(pd.read_parquet(path).astype({"year": "Int64"})).to_parquet(path)


def _flipped(data):
    at = re.search(b"[\xe4-\xe9][\x80-\xbf]{2}", data).start()  # a Chinese character of a page of values
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _frame(column, value, dtype=None):
    """The table with a value in the first row of a column."""

    def spoil(frame):
        frame = frame.astype({column: dtype}) if dtype else frame.copy()
        frame[column] = [value, *frame[column].tolist()[1:]]
        return frame

    return of_frame(spoil)


DATA = {  # of the table quantities, which has a row or more; read, and checked against its contract
    "nothing": Case(b"", "quantities.parquet is no readable table"),
    "text": Case(b"doc_id,paragraph\n", "remove it and build again"),
    "half of it": Case(of_bytes(lambda data: data[: len(data) // 2]), "is no readable table"),
    "a length without end": Case(of_bytes(lambda data: data[:-8] + b"\xff\xff\xff\x7fPAR1"), "is no readable table"),
    "a flipped bit in its rows": Case(of_bytes(_flipped), "quantities.parquet is no readable table"),
    "a folder": Case({}, "quantities.parquet is not there: build the tables first"),
    "no file": Case(None, "build the tables first (make, or crosscity build CORPUS --out DIR)"),
    "a column that is missing": Case(of_frame(lambda f: f.drop(columns="end")), "column 'end' is missing"),
    "a column too many": Case(of_frame(lambda f: f.assign(a=1)), "column 'a' is not in the contract"),
    "numbers as text": Case(of_frame(lambda f: f.astype({"start": str})), "column 'start': 'large_string' breaks"),
    "text as numbers": Case(of_frame(lambda f: f.assign(number=1)), "column 'number'"),
    "lists as text": Case(of_frame(lambda f: f.assign(unit=[["元"]] * len(f))), "column 'unit'"),
    "an end before its start": Case(_frame("end", 1), "column 'end', row 0: 1 breaks 'must lie behind start"),
    "a negative paragraph": Case(_frame("paragraph", -1), "column 'paragraph', row 0: -1 breaks"),
    "a negative start": Case(_frame("start", -1), "column 'start', row 0: -1 breaks 'must be at least 0'"),
    "a number that is none": Case(_frame("value", np.nan), "column 'value', row 0"),
    "a number without end": Case(_frame("value", np.inf), "column 'value', row 0: inf breaks 'must be finite'"),
    "an empty cell": Case(_frame("doc_id", None, object), "column 'doc_id', row 0: None breaks"),
    "a kind that there is not": Case(_frame("kind", "<b>"), "column 'kind', row 0: '<b>' breaks 'must be one of"),
    "a year beyond the calendar": Case(_frame("year", 3000, "Int64"), "column 'year', row 0: 3000 breaks"),
}  # fmt: skip


def _model():
    return SimpleNamespace(terms=np.array(["茶树"]), weights=np.ones((1, 1)))


# What reads each kind of file: a parameter, whose file a build reads, or a function of a path.
READERS = {
    "parameters": ("params", {**YAML, **PARAMETERS}),
    "codebook": ("codebook", {**YAML, **CODEBOOKS}),
    "questions": (read_questions, {**YAML, **QUESTIONS}),
    "dictionary": ("dictionary", TERMS),
    "stop words": (stop_words, TERMS),
    "marks of candidate terms": (read_marks, SHEETS),
    "labels of topics": (lambda path: read_labels(path, _model()), SHEETS),
    "key of the raters": (read_key, {**SHEETS, "numbers that are words": Case(
        f"{_KEY}a,1,word,A,one,茶,much,0,b,1\n", "topic and share must be numbers")}),
    "coding": (read_coding, FOLDERS_OF_ANSWERS),
    "tables": (lambda path: read_table("quantities", path.parent), DATA),
}  # fmt: skip


def write(path, content):
    """Put a file, a folder of files or nothing there, or spoil the file that is there."""
    if callable(content):
        content(path)
        return
    path.unlink(missing_ok=True)
    if isinstance(content, dict):
        path.mkdir()
        for name, text in content.items():
            write(path / name, text)
    elif content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
