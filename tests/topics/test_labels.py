"""Labels follow their topics and are never lost; terms and paragraphs that show a topic, worked by hand."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.documents.spreadsheets import letter_digest, read_spreadsheet, spreadsheet_text
from crosscity.topics import models
from crosscity.topics.labels import (
    name_topics,
    read_labels,
    representative_paragraphs,
    terms_by_all_measures,
    terms_by_measure,
    write_labels,
)
from crosscity.topics.models import TopicModel
from scipy import sparse

WORDS = [f"{a}{b}" for a in "学校道路村庄" for b in "一二三四五六七八九十"]  # six tens: 学一 学二 ... 庄十


def model_of(weights, terms, shares=((1.0,),)):
    return TopicModel(np.array(terms, dtype=object), np.array(weights, dtype=float), np.array(shares, dtype=float))


def tens(*parts):
    """A model whose topics have the given ten words each, of falling weight."""
    weights = np.zeros((len(parts), len(WORDS)))
    for row, words in zip(weights, parts, strict=True):
        row[[WORDS.index(w) for w in words]] = np.arange(10, 0, -1) / 55
    return model_of(weights, WORDS)


A, B, C, D = WORDS[:10], WORDS[10:20], WORDS[20:30], WORDS[30:40]


def test_names_are_the_labels_given_or_the_first_terms(tmp_path):
    model, path = tens(A, B), tmp_path / "labels.csv"
    assert name_topics(model, "") == (["1 学一·学二·学三", "2 校一·校二·校三"], [])
    write_labels(path, model)
    fill(path, {"2": "学校"})
    assert name_topics(model, path) == (["1 学一·学二·学三", "2 学校"], [])
    # What was given is in the file of the next run, so that no label is typed twice.
    write_labels(tmp_path / "next.csv", model, path)
    assert "学校" in (tmp_path / "next.csv").read_text(encoding="utf-8-sig")
    names, notes = name_topics(tens(B, C), path)
    assert names[0] == "1 学校"
    assert notes == ["The label '学校' of topic 2 has moved to topic 1, which has 10 of its 10 terms."]


def test_terms_in_three_ways():
    counts = sparse.csr_array(np.ones((3, 60), dtype=int))
    table = terms_by_all_measures(tens(A, B), counts, 4)
    assert list(dict.fromkeys(table["by"])) == ["weight", "frex", "lift"]
    assert table.groupby(["by", "topic"]).size().tolist() == [4] * 6
    lift = table[table["by"] == "lift"].drop(columns="by").reset_index(drop=True)
    pd.testing.assert_frame_equal(lift, terms_by_measure(tens(A, B), counts, "lift", 4))


def fill(path, given, encoding="utf-8-sig", mark=","):
    """Save a table of labels as a spreadsheet does, with labels by topic put in."""
    rows = [row for _, row in read_spreadsheet(path, ["topic"])]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), delimiter=mark, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({**row, "label": given.get(row["topic"], row["label"])} for row in rows)
    path.write_bytes(buffer.getvalue().encode(encoding))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "labels.csv"


# b: topic 1 has 甲 .5, 乙 .3, 丙 .2; topic 2 has 甲 .5, 丙 .1, 丁 .4.
SMALL = model_of([[0.5, 0.3, 0.2, 0.0], [0.5, 0.0, 0.1, 0.4]], ["甲", "乙", "丙", "丁"])
COUNTS = sparse.csr_array(np.array([[4, 0, 2, 3], [0, 1, 3, 7]]))  # shares .2, .05, .25, .5


def listed(table, topic):
    part = table[table["topic"] == topic]
    assert part["rank"].tolist() == list(range(1, len(part) + 1))
    return list(zip(part["term"], part["value"].round(4), strict=True))


def test_frex_by_hand():
    table = terms_by_measure(SMALL, COUNTS, "frex", 4)
    # Exclusivity .5, 1, .667: ranks 1/3, 1, 2/3; frequency: 1, 2/3, 1/3. 乙: 1 / (.5 / 1 + .5 / (2/3)) = .8.
    assert listed(table, 1) == [("乙", 0.8), ("甲", 0.5), ("丙", 0.4444)]
    # Exclusivity .5, .333, 1: ranks 2/3, 1/3, 1; frequency 1, 1/3, 2/3.
    assert listed(table, 2) == [("丁", 0.8), ("甲", 0.8), ("丙", 0.3333)]


def test_frex_of_terms_equally_exclusive():
    # Both are found here alone: both have the empirical distribution function at 1, not at the mean of their ranks.
    table = terms_by_measure(model_of([[0.6, 0.4]], ["甲", "乙"]), COUNTS, "frex")
    assert listed(table, 1) == [("甲", 1.0), ("乙", 0.6667)]


def test_lift_by_hand():
    table = terms_by_measure(SMALL, COUNTS, "lift", 4)
    assert listed(table, 1) == [("乙", 6.0), ("甲", 2.5), ("丙", 0.8)]
    assert listed(table, 2) == [("甲", 2.5), ("丁", 0.8), ("丙", 0.4)]


def test_weight_is_that_of_top_terms():
    table, top = terms_by_measure(SMALL, COUNTS, n=2), models.top_terms(SMALL, 2)
    assert table["term"].tolist() == top["term"].tolist() == ["甲", "乙", "甲", "丁"]
    assert table["value"].tolist() == top["weight"].tolist()


@pytest.mark.parametrize("by", ["weight", "frex", "lift"])
def test_ties_by_term(by):
    model = model_of([[0.25, 0.25 + 4e-11, 0.25 - 4e-11, 0.25]], ["丁", "丙", "乙", "甲"])
    table = terms_by_measure(model, sparse.csr_array(np.ones((1, 4))), by)
    assert table["term"].tolist() == ["丁", "丙", "乙", "甲"]


def test_no_other_order():
    with pytest.raises(CrosscityError, match="by is 'score': give weight, frex or lift"):
        terms_by_measure(SMALL, COUNTS, "score")


def test_representatives_by_hand():
    nan = np.nan
    shares = [[0.9, 0.1], [0.8, 0.2], [1.0, 0.0], [0.5, 0.5], [nan, nan], [nan, nan]]
    model = model_of([[1, 0], [0, 1]], ["甲", "乙"], shares)
    frame = pd.DataFrame(
        {"doc_id": list("aabcde"), "paragraph": [1, 2, 1, 1, 1, 1], "group": list("xxyzzz")}, index=[7, 5, 3, 1, 0, 2]
    )
    table = representative_paragraphs(model, frame, [100, 200, 10, 100, 9999, 9999], 3)
    # The median is 100. Worth: a1 .9, a2 .8 (of the same document), b1 1 * 10 / 100, c1 .5; d and e took no part.
    found = list(table[table["topic"] == 1].itertuples(index=False, name=None))
    assert found == [
        (1, 1, "a", 1, "x", 0.9, 100),
        (1, 2, "c", 1, "z", 0.5, 100),
        (1, 3, "b", 1, "y", 1.0, 10),
    ]
    assert table.loc[table["topic"] == 2, ["doc_id", "paragraph"]].to_numpy().tolist() == [["c", 1], ["a", 2]]


def test_a_new_table(path):
    assert write_labels(path, tens(A, B)) == []
    assert path.read_bytes().startswith(b"\xef\xbb\xbftopic,label,terms,fingerprint\n1,,")
    rows = [row for _, row in read_spreadsheet(path, [])]
    assert [row["terms"] for row in rows] == [" ".join(A), " ".join(B)]
    assert all(row["fingerprint"].isalpha() for row in rows)  # 12e45678 would come back as a number
    assert read_labels(path, tens(A, B)) == ({}, [])
    write_labels(path.with_suffix(".tsv"), tens(A, B))
    assert path.with_suffix(".tsv").read_text(encoding="utf-8-sig").startswith("topic\tlabel\tterms\tfingerprint\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_as_spreadsheets_save_it(path, encoding, mark):
    write_labels(path, tens(A, B))
    fill(path, {"1": "教育, 学校; 培训", "2": '"路"'}, encoding, mark)
    assert read_labels(path, tens(A, B)) == ({1: "教育, 学校; 培训", 2: '"路"'}, [])


def test_a_label_follows_its_topic(path):
    write_labels(path, tens(A, B, C))
    fill(path, {"1": "教育", "3": "乡村"})
    labels, notes = read_labels(path, tens(B, C, A))
    assert labels == {2: "乡村", 3: "教育"}
    assert notes == [
        "The label '教育' of topic 1 has moved to topic 3, which has 10 of its 10 terms.",
        "The label '乡村' of topic 3 has moved to topic 2, which has 10 of its 10 terms.",
    ]


@pytest.mark.parametrize(("common", "kept"), [(9, True), (7, True), (6, False), (0, False)])
def test_a_topic_that_changed(path, common, kept):
    write_labels(path, tens(A, B))
    fill(path, {"1": "教育", "2": "道路"})
    labels, notes = read_labels(path, tens([*A[:common], *D[common:]], B))
    assert labels == ({1: "教育", 2: "道路"} if kept else {2: "道路"})
    [note] = notes
    if kept:
        assert note.startswith("The label '教育' of topic 1 is kept, but")
        assert f"{common} of its 10 terms" in note
    else:
        assert note.startswith("The label '教育' of topic 1 is not used: its topic has changed; the nearest is topic 1")
        assert f"{common} of its 10 terms (Jaccard {common / (20 - common):.2f}, below 0.5)" in note


def test_a_label_does_not_take_the_topic_of_another(path):
    write_labels(path, tens(A, [*A[:7], *D[:3]]))  # the two are alike
    fill(path, {"2": "新"})
    labels, notes = read_labels(path, tens(A, B))
    assert labels == {}  # topic 1 is what the row without label was written for
    assert "another row is nearer" in notes[0]


def test_labels_are_never_lost(path):
    write_labels(path, tens(A, B))
    text = path.read_text(encoding="utf-8-sig").replace("fingerprint\n", "fingerprint,note\n", 1)
    first, *rest = text.splitlines()
    path.write_text("\n".join([first, *(f"{line},mine" for line in rest)]), encoding="utf-8")
    fill(path, {"1": "教育"})
    notes = write_labels(path, tens(C, B))  # topic 1 is no more
    assert "is not used" in notes[0]
    rows = [row for _, row in read_spreadsheet(path, [])]
    assert [(r["topic"], r["label"], r["terms"].split()[0], r["note"]) for r in rows] == [
        ("1", "", C[0], ""),
        ("2", "", B[0], "mine"),
        ("", "教育", A[0], "mine"),
    ]
    before = path.read_bytes()
    write_labels(path, tens(C, B))
    assert path.read_bytes() == before
    notes = write_labels(path, tens(C, A))  # and is there again
    assert "of topic no number has moved to topic 2" in notes[0]
    assert read_labels(path, tens(C, A)) == ({2: "教育"}, [])


def test_from_a_former_file(path, tmp_path):
    former = tmp_path / "former.csv"
    write_labels(former, tens(A, B))
    fill(former, {"1": "教育"})
    kept = former.read_bytes()
    assert "has moved to topic 2" in write_labels(path, tens(B, A), former)[0]
    assert former.read_bytes() == kept
    fill(path, {"1": "道路"})
    write_labels(path, tens(B, A), former)  # what is in the file goes before
    assert read_labels(path, tens(B, A)) == ({1: "道路", 2: "教育"}, [])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["former.csv", "labels.csv"]


def test_no_formula(path):
    write_labels(path, tens(A, B))
    fill(path, {"1": "+互联网", "2": "=1+1"})
    write_labels(path, tens(A, B))
    assert ",'+互联网," in path.read_text(encoding="utf-8")
    assert ",'=1+1," in path.read_text(encoding="utf-8")
    assert read_labels(path, tens(A, B))[0] == {1: "+互联网", 2: "=1+1"}


def test_the_same_label_twice(path):
    write_labels(path, tens(A, B, C))
    fill(path, {"1": "教育", "3": "教育"})
    assert read_labels(path, tens(A, B, C)) == (
        {1: "教育", 3: "教育"},
        ["Topics 1 and 3 have the same label, '教育'."],
    )


def line(topic, words, label="x"):
    return f"{topic},{label},{' '.join(words)},{letter_digest(' '.join(words))}\n"


HEAD = "topic,label,terms,fingerprint\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + line(1, A) + "9,健康,,\n", "row 3: topic '9' is unknown: each of the 2 topics has a row"),
        (HEAD + line("first", A), "row 2: topic 'first' is unknown"),
        (HEAD + line(0, A), "row 2: topic '0' is unknown"),
        (HEAD + line(1, A) + line("1.0", B), "row 3: topic 1 has a row already, 2: keep one"),
        (HEAD + line(1, A).replace("学一", "学二"), "row 2: terms or fingerprint are not as written"),
        (HEAD + line(1, ["?" * 4]).replace("????", "??"), "if Chinese is lost, save as CSV UTF-8"),
        (HEAD + "9,健康,,\n" + "8,健康,,\n", "2 problems"),
        (HEAD, "has no row below its first"),
        (HEAD + ",,,\n", "has no row below its first"),
        ("", "is empty"),
        ("\ufeff\n", "is empty"),
        ("topic,label\n1,x\n", "has no column terms in its first row"),
        ("topic,label,label,terms,fingerprint\n", "has two columns label"),
        (HEAD + '1,"x', "is no table"),
    ],
)
def test_files_that_are_wrong(path, text, message):
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CrosscityError, match=message):
        read_labels(path, tens(A, B))
    with pytest.raises(CrosscityError, match=message):
        write_labels(path, tens(A, B))
    assert path.read_text(encoding="utf-8") == text  # what cannot be read is not written over


def test_files_that_are_no_text(path):
    with pytest.raises(CrosscityError, match="is not there"):
        read_labels(path, tens(A, B))
    path.write_bytes(b"PK\x03\x04xlsx")
    with pytest.raises(CrosscityError, match="zip archive"):
        read_labels(path, tens(A, B))
    write_labels(path.with_name("lost.csv"), tens(A, B))
    lost = path.with_name("lost.csv").read_text(encoding="utf-8-sig").encode("cp1252", "replace")
    path.write_bytes(lost)  # as a spreadsheet of another language saves Chinese
    with pytest.raises(CrosscityError, match="if Chinese is lost, save as CSV UTF-8"):
        read_labels(path, tens(A, B))


def test_cells_of_a_sheet_come_back(path):
    cells = ["a,b", 'c"d', "e;f", "=g", "'h", "-1", "好\t好", ""]
    path.write_text(
        spreadsheet_text([{str(i): c for i, c in enumerate(cells)}], [str(i) for i in range(8)]), encoding="utf-8"
    )
    [(number, row)] = read_spreadsheet(path, ["7"])
    assert number == 2
    assert list(row.values()) == cells
