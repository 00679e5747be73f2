"""The data contract: what breaks it is an error that names file, column and row."""

import os

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pyarrow.parquet as pq
import pytest
from crosscity import CrosscityError
from crosscity.tables import store
from crosscity.tables.contract import TABLES, contract, validate
from crosscity.tables.store import read_table

from tests.helpers.study_tables import write_table

KEY = {"doc_id": ["a", "a", "b"], "paragraph": [1, 2, 1]}
SPAN = {**KEY, "start": [0, 3, 1], "end": [1, 5, 2]}


def good(name):
    """A table of each kind that keeps the contract."""
    text = {
        column: ["", ""]
        for column in (
            "city",
            "province",
            "date",
            "title",
            "publisher",
            "genre",
            "speaker",
            "level",
            "edition",
            "exclude",
        )
    }
    frames = {
        "corpus": {
            "doc_id": ["a", "b"],
            "file": ["a.txt", "b.txt"],
            **text,
            "year": pd.array([2014, None], dtype="Int64"),
            "doc_type": ["other", "other"],
            "sha256": ["0" * 64, "f" * 64],
            "encoding": ["utf-8", "gb18030"],
            "script": ["hans", "hant"],
            "n_chars": [5, 9],
            "n_paragraphs": [1, 2],
            "n_unread": [0, 3],
            "duplicate_of": ["", "a"],
            "guessed": ["city year", ""],
            "not_guessed": ["title: none is there", ""],
            "mood": ["calm", ""],
        },
        "paragraphs": {
            **KEY,
            "line": [1, 3, 1],
            "unit": ["", "", ""],
            "kind": ["title", "body", "body"],
            "level": [0, 0, 0],
            "section": ["", "", ""],
            "text": ["修路", "修了三条路。", "种树。"],
        },
        "cleaning_log": {
            "doc_id": ["a", "a"],
            "step": [1, 4],
            "line": [1, 2],
            "start": [0, 3],
            "end": [1, 5],
            "rule": ["indent", "damaged"],
            "before": [" ", "?傮"],
            "after": ["", "?傮"],
            "confidence": [1.0, 0.0],
        },
        "tokens": {**KEY, "tokens": [["修路"], ["修", "了", "三条", "路"], []]},
        "quantities": {
            **SPAN,
            "number": ["3", "2成", "一"],
            "value": [3.0, 0.2, 1.0],
            "upper": [5.0, 0.5, 2.0],
            "unit": ["条", "比例", ""],
            "item": ["路", "", "户数"],
            "scope": ["", "甲市", ""],
            "kind": ["actual", "target", "baseline"],
            "qualifier": ["", ">=", "~"],
            "period": ["", "年", "月"],
            "year": pd.array([2014, None, 2015], dtype="Int64"),
        },
        "programmes": {
            **SPAN,
            "name": ["四个一批", "春风行动", "春风行动"],
            "canonical": ["四个一批", "春风行动", "春风行动"],
            "reach": ["unknown", "shared", "shared"],
            "type": ["numbered", "project", "project"],
            "components": [["修路", "架桥"], [], []],
        },
        "citations": {
            **SPAN,
            "title": ["条例", "意见", "办法"],
            "issuer": ["国务院", "", ""],
            "year": pd.array([2018, None, None], dtype="Int64"),
        },
        "themes": {
            **KEY,
            "theme": ["venues", "general", "venues"],
            "leaf": ["rooms", "general", "rooms"],
            "rank": [1, 1, 2],
            "weight": [1.0, 0.0, 0.4],
        },
        "stances": {
            **SPAN,
            "stance": ["achievement", "other", "plan"],
            "voice": ["author", "citizen", "secretary"],
        },
    }
    return pd.DataFrame(frames[name])


@pytest.mark.parametrize("name", TABLES)
def test_a_table_comes_back_as_it_went(name, tmp_path):
    frame = good(name)
    assert write_table(name, frame, tmp_path / "new folder") is True
    back = read_table(name, tmp_path / "new folder")
    assert back.columns.tolist() == frame.columns.tolist()
    for column in {"tokens", "components"} & set(back):
        back[column] = back[column].map(list)
    assert back.to_dict("list") == frame.to_dict("list")
    assert [p.name for p in (tmp_path / "new folder").glob("[!.]*")] == [f"{name}.parquet"]


def test_every_table_has_a_contract():
    assert set(TABLES) == set(contract())


def test_columns_come_in_the_order_of_the_contract():
    frame = good("corpus")
    assert validate("corpus", frame[frame.columns[::-1]], "x").column_names == frame.columns.tolist()


def test_a_column_beyond_the_contract_is_for_the_corpus_alone():
    assert "mood" in validate("corpus", good("corpus"), "x").column_names
    with pytest.raises(CrosscityError, match=r"paragraphs.parquet: .*mood"):
        validate("paragraphs", good("paragraphs").assign(mood="calm"), "paragraphs.parquet")


# Table, column, row, the cell that breaks the contract, what the message says after the column.
CELLS = [
    ("corpus", "year", 1, 14, "row 1: 14 breaks"),
    ("corpus", "year", 0, 20140, "row 0: 20140 breaks"),
    ("corpus", "script", 1, "latn", "row 1: 'latn' breaks"),
    ("corpus", "sha256", 0, "0" * 63, "row 0: '0{63}' breaks"),
    ("corpus", "sha256", 0, "F" * 64, "row 0: 'F{64}' breaks"),
    ("corpus", "n_chars", 1, -1, "row 1: -1 breaks"),
    ("corpus", "n_paragraphs", 0, -1, "row 0: -1 breaks"),
    ("corpus", "doc_id", 1, "a", "row 1: 'a' breaks 'must be unique"),
    ("corpus", "doc_id", 0, "", "row 0: '' breaks 'must not be empty'"),
    ("corpus", "city", 1, None, "row 1: .* breaks 'must not be null'"),
    ("paragraphs", "paragraph", 2, 0, "row 2: 0 breaks"),
    ("paragraphs", "line", 0, 0, "row 0: 0 breaks"),
    ("paragraphs", "kind", 1, "noise", "row 1: 'noise' breaks"),
    ("paragraphs", "level", 0, 4, "row 0: 4 breaks"),
    ("paragraphs", "text", 2, "", "row 2: '' breaks 'must not be empty'"),
    ("paragraphs", "text", 2, None, "row 2: .* breaks 'must not be null'"),
    ("cleaning_log", "confidence", 1, 1.5, "row 1: 1.5 breaks"),
    ("cleaning_log", "confidence", 1, float("nan"), "row 1: None breaks 'must not be null'"),
    ("cleaning_log", "step", 0, 0, "row 0: 0 breaks"),
    ("cleaning_log", "start", 0, -1, "row 0: -1 breaks"),
    ("cleaning_log", "end", 1, -2, "row 1: -2 breaks"),
    ("cleaning_log", "rule", 0, "", "row 0: '' breaks"),
    ("tokens", "doc_id", 0, "", "row 0: '' breaks"),
    ("tokens", "tokens", 1, None, "row 1: .* breaks 'must not be null'"),
    ("tokens", "tokens", 1, "修路", "row 1: '修路' breaks 'must be a list of strings'"),
    ("tokens", "tokens", 1, ["修", 3], "row 1: .* breaks 'must be a list of strings'"),
]


@pytest.mark.parametrize(
    ("name", "column", "row", "value", "message"), CELLS, ids=[f"{c[0]}.{c[1]}={str(c[3])[:8]}" for c in CELLS]
)
def test_a_cell_out_of_range(name, column, row, value, message, tmp_path):
    frame = good(name)
    frame.at[row, column] = value  # noqa: PD008 -- loc would spread a list over cells
    with pytest.raises(CrosscityError, match=f"{name}.parquet: column '{column}', {message}.*; build the tables again"):
        write_table(name, frame, tmp_path)
    assert list(tmp_path.iterdir()) == [], "nothing is written, not even in part"


@pytest.mark.parametrize("name", TABLES)
def test_a_missing_column(name, tmp_path):
    for column in (c for c, of in contract()[name].items() if of.default is None):
        with pytest.raises(
            CrosscityError, match=f"{name}.parquet: column '{column}' is missing; build the tables again"
        ):
            write_table(name, good(name).drop(columns=column), tmp_path)


@pytest.mark.parametrize(
    ("name", "column", "dtype"),
    [
        ("corpus", "year", "float64"),
        ("corpus", "n_chars", "str"),
        ("paragraphs", "level", "float64"),
        ("cleaning_log", "confidence", "str"),
    ],
)
def test_a_column_of_another_type(name, column, dtype, tmp_path):
    frame = good(name).astype({column: dtype})
    with pytest.raises(CrosscityError, match=f"{name}.parquet: column '{column}'.* breaks .*dtype"):
        write_table(name, frame, tmp_path)


@pytest.mark.parametrize("name", ["paragraphs", "tokens"])
def test_a_key_that_stands_twice(name, tmp_path):
    frame = good(name)
    frame.loc[1, "paragraph"] = 1
    with pytest.raises(CrosscityError, match=rf"{name}.parquet: column 'doc_id', row 1: 'a' breaks 'must be unique"):
        write_table(name, frame, tmp_path)


def test_rows_are_counted_whatever_the_index(tmp_path):
    frame = good("paragraphs").set_index(pd.Index([70, 80, 90]))
    frame.loc[90, "level"] = 9
    with pytest.raises(CrosscityError, match="column 'level', row 2: "):
        write_table("paragraphs", frame, tmp_path)


def test_an_identical_table_leaves_the_file_alone(tmp_path):
    path = tmp_path / "paragraphs.parquet"
    write_table("paragraphs", good("paragraphs"), tmp_path)
    os.utime(path, ns=(10**18, 10**18))
    assert write_table("paragraphs", good("paragraphs"), tmp_path) is False
    assert path.stat().st_mtime_ns == 10**18
    changed = good("paragraphs")
    changed.loc[0, "text"] = "养鱼"
    assert write_table("paragraphs", changed, tmp_path) is True
    assert path.stat().st_mtime_ns != 10**18
    assert read_table("paragraphs", tmp_path)["text"][0] == "养鱼"


def test_a_failed_validation_leaves_the_old_file(tmp_path):
    write_table("paragraphs", good("paragraphs"), tmp_path)
    before = (tmp_path / "paragraphs.parquet").read_bytes()
    bad = good("paragraphs")
    bad.loc[0, "kind"] = "noise"
    with pytest.raises(CrosscityError, match="column 'kind', row 0"):
        write_table("paragraphs", bad, tmp_path)
    assert (tmp_path / "paragraphs.parquet").read_bytes() == before
    assert [p.name for p in tmp_path.glob("[!.]*")] == ["paragraphs.parquet"]


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    write_table("paragraphs", good("paragraphs"), tmp_path)
    before = (tmp_path / "paragraphs.parquet").read_bytes()

    def full(self, table, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pyarrow.parquet.ParquetWriter, "write_table", full)
    with pytest.raises(OSError, match="No space left"):
        write_table("paragraphs", good("paragraphs"), tmp_path)
    assert (tmp_path / "paragraphs.parquet").read_bytes() == before
    assert [p.name for p in tmp_path.glob("[!.]*")] == ["paragraphs.parquet"]


def test_an_absent_table(tmp_path):
    with pytest.raises(CrosscityError, match=r"tokens.parquet is not there: build the tables first"):
        read_table("tokens", tmp_path)


@pytest.mark.parametrize("damage", ["nothing", "text", "half", "zeros"])
def test_a_corrupt_file(damage, tmp_path):
    path = tmp_path / "paragraphs.parquet"
    write_table("paragraphs", good("paragraphs"), tmp_path)
    whole = path.read_bytes()
    path.write_bytes(
        {
            "nothing": b"",
            "text": b"doc_id,paragraph\n",
            "half": whole[: len(whole) // 2],
            "zeros": whole[:4] + bytes(len(whole) - 4),
        }[damage]
    )
    with pytest.raises(
        CrosscityError, match=r"paragraphs.parquet is no readable table \(\w+\): remove it and build again"
    ):
        read_table("paragraphs", tmp_path)


def test_a_table_of_another_hand_is_checked_on_reading(tmp_path):
    frame = good("paragraphs")
    frame.loc[1, "level"] = 7
    frame.to_parquet(tmp_path / "paragraphs.parquet")
    with pytest.raises(CrosscityError, match=r"paragraphs.parquet: column 'level', row 1: 7 breaks"):
        read_table("paragraphs", tmp_path)
    good("tokens").to_parquet(tmp_path / "paragraphs.parquet")
    with pytest.raises(CrosscityError, match=r"paragraphs.parquet: column 'line' is missing"):
        read_table("paragraphs", tmp_path)


def test_a_table_of_far_more_rows_than_its_file_can_hold_is_not_unpacked(tmp_path, monkeypatch):
    n = 3_000_000
    zeros = pa.array(np.zeros(n, np.int64))
    pq.write_table(pa.table({"paragraph": zeros}), tmp_path / "themes.parquet", compression="zstd", row_group_size=n)
    assert (tmp_path / "themes.parquet").stat().st_size < n
    monkeypatch.setattr(store.pq, "read_table", lambda *_, **__: pytest.fail("it was unpacked"))
    with pytest.raises(CrosscityError, match=r"themes.parquet says that [\d,]+ bytes hold 3,000,000 rows"):
        read_table("themes", tmp_path)


def test_a_table_that_compresses_well_is_read(tmp_path):
    table = pd.DataFrame({"doc_id": "a", "paragraph": range(1, 2001), "tokens": [[]] * 2000})
    with store.Writer(tmp_path, ["tokens"]) as writer:
        writer.write("tokens", table)
        writer.commit()
    assert len(read_table("tokens", tmp_path)) == 2000


def test_tokens_that_are_bytes_are_no_tokens():
    lists = pa.array([[b"\xff"]], pa.list_(pa.binary()))
    numbered = pa.ListArray.from_arrays(lists.offsets, lists.values.dictionary_encode())
    table = pa.table({"doc_id": ["a"], "paragraph": [1], "tokens": numbered})
    with pytest.raises(CrosscityError, match="must be a list of strings"):
        validate("tokens", table, "tokens.parquet")
