"""Masks of words that notebooks of one study share: found once, read by all, and found anew when anything changes."""

import numpy as np
import pandas as pd
import pytest
from crosscity import open_study
from crosscity.tables.builder import CACHE, build
from crosscity.tables.kept_results import KeptResults

SHARED = "坚持以经济建设为中心，推动高质量发展取得新的更大的成效，为全面建设现代化新城市而努力奋斗。"


@pytest.fixture
def tables(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    own = ["修路很多，桥梁畅通。", "学校开学，教师到位。", "农田灌溉，粮食丰收。"]
    own += ["港口扩建，货物增加。", "河道治理，水质好转。", "旧房改造，居民满意。"]
    for city, line in zip(["甲市", "乙市", "丙市", "丁市", "戊市", "己市"], own, strict=True):
        (folder / f"{city}.txt").write_text(f"{city}报告\n{SHARED}\n{line}", encoding="utf-8")
    build(folder, tmp_path / "tables")
    return tmp_path / "tables"


def refuse():
    pytest.fail("it was found before")


def paragraphs(tables):
    return open_study(tables, by="doc_id").paragraphs()


def test_what_one_notebook_found_the_next_reads(tables, tmp_path, monkeypatch):
    from crosscity.words import reuse

    first = open_study(tables, by="doc_id", min_df=1, out=tmp_path / "one")
    words, formulas = first.words(), first.texts.formulas(first.paragraphs(["body"]))
    assert words.template > 0.3  # the shared sentence, in each of six documents
    assert len(formulas[0])
    assert set(formulas[1]) == {False, True}
    monkeypatch.setattr(reuse, "template_mask", lambda *_: refuse())
    monkeypatch.setattr("crosscity.study.texts.formulas", lambda *_: refuse())
    second = open_study(tables, by="doc_id", min_df=1, out=tmp_path / "two")
    assert second.words().terms.tolist() == words.terms.tolist()
    again = second.texts.formulas(second.paragraphs(["body"]))
    pd.testing.assert_frame_equal(again[0], formulas[0])
    assert again[1].tolist() == formulas[1].tolist()


def test_other_settings_paragraphs_or_tables_are_found_anew(tables):
    whole = paragraphs(tables)
    n = int(whole["tokens"].map(len).sum())
    masks, found = KeptResults(tables), []

    def find():
        found.append(len(found) % 2 == 0)
        return [["甲", len(found)]], np.full(n, found[-1])

    assert masks.mask("a", whole, find)[0] == [["甲", 1]]
    rows, mask = masks.mask("a", whole, refuse)
    assert (rows, mask.dtype, mask.all(), len(mask)) == ([["甲", 1]], bool, True, n)
    others = [whole.iloc[::-1], whole.assign(doc_id=whole["doc_id"] + " 1"), whole.assign(paragraph=whole.index)]
    for i, other in enumerate(others, start=2):
        assert masks.mask("a", other, find)[0] == [["甲", i]]
    assert masks.mask("b", whole, find)[0] == [["甲", 5]]
    path = tables / "tokens.parquet"
    path.write_bytes(path.read_bytes() + b" ")  # another build's
    assert masks.mask("a", whole, find)[0] == [["甲", 6]]


def test_arrays_are_found_anew_if_anything_that_they_depend_on_differs(tables):
    kept, found = KeptResults(tables), []

    def find():
        found.append(len(found))
        return {"b": np.array([[0.1, np.nan]]), "a": np.arange(len(found))}

    base = ("draws", "crosscity.compare.distances", ("甲\0乙", np.array([1, 2])))
    first, again = kept.arrays(*base, find), KeptResults(tables).arrays(*base, refuse)
    assert list(again) == ["b", "a"]
    assert all(np.array_equal(first[name], again[name], equal_nan=True) for name in first)
    name, module, of = base
    others = [("other", module, of), (name, "crosscity.compare.keyness", of), (name, module, ("甲乙\0", of[1]))]
    others += [(name, module, (of[0], np.array([1, 3]))), (name, module, (of[0], np.array([[1, 2]])))]
    for n, other in enumerate(others, start=2):
        assert len(kept.arrays(*other, find)["a"]) == n


def test_draws_of_distances_are_made_once_for_the_notebooks_of_a_study(tables, tmp_path, monkeypatch):
    from crosscity.compare import distances

    settings = {"by": "doc_id", "min_df": 1, "draws": 50}
    alone = open_study(tables, **settings, out=tmp_path / "one").neighbours("甲市").data()
    whole = open_study(tables, **settings, out=tmp_path / "one").distances().data()
    monkeypatch.setattr(distances, "drawn_distances", lambda *_, **__: refuse())
    pd.testing.assert_frame_equal(open_study(tables, **settings, out=tmp_path / "two").neighbours("甲市").data(), alone)
    pd.testing.assert_frame_equal(open_study(tables, **settings, out=tmp_path / "two").distances().data(), whole)


def test_draws_that_take_too_much_room_are_not_kept(tables, tmp_path, monkeypatch):
    from crosscity.study.results import distances

    settings = {"by": "doc_id", "min_df": 1, "draws": 50}
    kept = open_study(tables, **settings, out=tmp_path / "one").neighbours("甲市").data()
    monkeypatch.setattr(distances, "_MOST_KEPT", 6 * 6 * 50 - 1)
    study = open_study(tables, **settings, out=tmp_path / "two")
    assert distances.draws_of_all(study, "cosine") is None
    pd.testing.assert_frame_equal(study.neighbours("甲市").data(), kept)


def test_a_damaged_mask_is_found_anew_and_a_build_removes_all(tables, tmp_path):
    whole = paragraphs(tables)
    before = {path.name for path in (tables / CACHE).glob("??/*")}
    KeptResults(tables).mask("a", whole, lambda: ([], np.ones(5, dtype=bool)))
    (entry,) = [path for path in (tables / CACHE).glob("??/*") if path.name not in before]
    entry.write_bytes(entry.read_bytes()[:-1] + bytes([entry.read_bytes()[-1] ^ 1]))
    assert not KeptResults(tables).mask("a", whole, lambda: ([], np.zeros(5, dtype=bool)))[1].any()
    assert entry.is_file()
    build(tmp_path / "texts", tables)
    assert {path.name for path in (tables / CACHE).glob("??/*")} == before


def test_nothing_is_kept_where_a_build_keeps_nothing(tables):
    whole = paragraphs(tables)
    for path in sorted((tables / CACHE).rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    (tables / CACHE).rmdir()
    names = {path.name for path in tables.iterdir()}
    assert KeptResults(tables).mask("a", whole, lambda: ([], np.ones(3, dtype=bool)))[1].tolist() == [True] * 3
    assert {path.name for path in tables.iterdir()} == names
