"""Files of an edition are what a stranger wrote: each that is spoiled is refused with its name, row and column."""

import json
import shutil

import numpy as np
import pytest
from crosscity import CrosscityError
from crosscity.tables import edition
from crosscity.tables.builder import build
from crosscity.tables.contract import TEXT_RESULTS_FOLDER
from crosscity.tables.edition_files import read_description, read_file
from crosscity.tables.store import read_table

from tests.helpers import hostile_editions as hostile

NAMES = sorted(path.stem for path in hostile.EDITION.glob("*.csv"))


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the shipped edition, and the tables made of it."""
    folder = tmp_path_factory.mktemp("editions")
    shutil.copytree(hostile.EDITION, folder / "edition")
    build(folder / "edition", folder / "tables", progress=False)
    return folder


@pytest.fixture
def spoiled(copied, tmp_path):
    shutil.copytree(copied / "edition", tmp_path / "edition")
    return tmp_path / "edition"


def read(folder, name):
    hostile.seal(folder)
    return read_file(folder, name, read_description(folder))


@pytest.mark.parametrize("name", NAMES)
def test_each_file_spoiled_in_every_way_is_named(spoiled, name):
    path = spoiled / f"{name}.csv"
    before = path.read_bytes()
    rows = hostile.rows_of(path)
    read(spoiled, name)
    for case, (change, says) in hostile.OF_EVERY_FILE.items():
        hostile.write_rows(path, change(rows))
        with pytest.raises(CrosscityError) as caught:
            read(spoiled, name)
        assert says in str(caught.value), case
        assert f"{name}.csv" in str(caught.value)
    for case, (change, says) in hostile.BYTES_OF_EVERY_FILE.items():
        path.write_bytes(change(before))
        with pytest.raises(CrosscityError) as caught:
            read(spoiled, name)
        assert says in str(caught.value), case
        assert f"{name}.csv" in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_each_number_that_is_none_is_named(spoiled, name):
    path = spoiled / f"{name}.csv"
    header, *rows = hostile.rows_of(path)
    if not rows:
        return
    numbers = read(spoiled, name).select_dtypes(["number", "bool"]).columns
    for column in numbers:
        for value in ("x", "1e400", "-inf", "NaN", "1,000", "９", " 7", "0x10", "1_000"):
            changed = [list(rows[0]), *rows[1:]]
            changed[0][header.index(column)] = value
            hostile.write_rows(path, [header, *changed])
            with pytest.raises(CrosscityError, match=f"{name}.csv, column '{column}', row 2: "):
                read(spoiled, name)
    assert len(numbers) or name == "corpus"


def test_what_is_read_has_the_types_of_its_columns(copied):
    description = read_description(copied / "edition")
    counts = read_file(copied / "edition", "counts", description)
    assert counts.dtypes.astype(str).tolist() == ["str", "int64", "str", "int64"]
    found = read_file(copied / "edition", "indicators", description)
    assert str(found["year"].dtype) == "Int64"
    assert found["derived"].dtype == np.bool_
    assert found["upper"].dtype == np.float64
    passages = read_file(copied / "edition", "passages", description)
    assert str(passages["place"].dtype) == "int64"
    assert str(found["place"].dtype) == "str"


@pytest.mark.parametrize("column", ["doc_id", "end"])
def test_a_result_beside_the_tables_of_a_stranger_is_checked_too(copied, tmp_path, column):
    shutil.copytree(copied / "tables", tmp_path / "tables")
    folder = tmp_path / "tables" / TEXT_RESULTS_FOLDER
    documents = read_table("corpus", tmp_path / "tables")["doc_id"]
    edition.read_result(tmp_path / "tables", "instruments", documents, {})
    hostile.cell("instruments", column, "99999999")(folder)
    seal_results(folder)
    with pytest.raises(CrosscityError, match=f"instruments.csv, column '{column}', row 2"):
        edition.read_result(tmp_path / "tables", "instruments", documents, {})


def seal_results(folder):
    about = json.loads((folder / "edition.json").read_text(encoding="utf-8"))
    assert "counts.csv" in about["files"], "of files that stay with the edition"
    hostile.seal(folder)
