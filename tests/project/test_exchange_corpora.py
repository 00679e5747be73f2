"""Documents and words for R and corpus tools, and texts for annotation: read back by readers of their own."""

import csv
import json
import re
import shutil
import subprocess
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from crosscity import CrosscityError
from crosscity.cli import app
from crosscity.project.exchange.corpora import pieces, sentences
from crosscity.project.exchange.corrections import corrections
from crosscity.project.exchange.formats import FORMATS, write_format
from crosscity.project.exchange.spans import read_coded
from crosscity.project.export import export
from crosscity.tables import build, edition, read_table


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The tables of the embedded documents, and all forms of them."""
    root = tmp_path_factory.mktemp("study")
    build("data/raw", root / "tables")
    for name, form in FORMATS.items():
        write_format(root / "tables", root / f"{name}{form.ending}", name)
    return root


@pytest.fixture(scope="module")
def words(study):
    """The words of each document."""
    found = {}
    for row in read_table("tokens", study / "tables").itertuples():
        found.setdefault(row.doc_id, []).extend(row.tokens)
    return found


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_begins_with_an_identifier_and_the_text(study, words):
    documents, parts = rows(study / "r" / "documents.csv"), rows(study / "r" / "paragraphs.csv")
    assert list(documents[0])[:2] == list(parts[0])[:2] == ["doc_id", "text"]
    assert {"city", "year"} <= set(documents[0])
    paragraphs = read_table("paragraphs", study / "tables")
    assert [r["text"] for r in parts] == paragraphs["text"].tolist()
    assert len({r["doc_id"] for r in parts}) == len(paragraphs)
    assert [r["text"] for r in documents] == paragraphs.groupby("doc_id", sort=False)["text"].agg("\n".join).tolist()
    counted = {r["doc_id"]: r["text"].split() for r in rows(study / "r" / "documents-words.csv")}
    assert counted == words


def test_vertical_text_has_all_words_and_marks_in_structures(study, words):
    text = (study / "vertical.vert").read_text(encoding="utf-8")
    lines = text.splitlines()
    tags = [line for line in lines if line.startswith("<")]
    depth = []
    for tag in tags:  # structures nest: doc, p, s
        name = re.match("</?([a-z]+)", tag)[1]
        if tag.startswith("</"):
            assert depth.pop() == name
        else:
            assert depth == ["doc", "p", "s"][: len(depth)]
            depth.append(name)
    assert depth == []
    # A corpus tool reads the lines as XML does, which is how marks such as < are told from structures.
    root = ElementTree.fromstring(f"<corpus>{text}</corpus>")
    found, whole = {}, {}
    for doc in root:
        tokens = [line.split("\t") for s in doc.iter("s") for line in s.text.strip().splitlines()]
        found[doc.get("id")] = [form for form, kind in tokens if kind == "w"]
        whole[doc.get("id")] = "".join(form for form, _ in tokens)
        assert doc.get("city")
    assert found == words
    texts = read_table("paragraphs", study / "tables").groupby("doc_id", sort=False)["text"].agg("".join)
    assert whole == {d: re.sub(r"\s", "", t) for d, t in texts.items()}


def test_conllu_gives_its_text_again(study, words):
    blocks = (study / "conllu.conllu").read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    found, document, seen = {}, "", set()
    for block in blocks:
        comments = dict(line[2:].split(" = ", 1) for line in block.splitlines() if line.startswith("#"))
        document = comments.get("newdoc id", document)
        assert comments["sent_id"] not in seen
        seen.add(comments["sent_id"])
        tokens = [line.split("\t") for line in block.splitlines() if not line.startswith("#")]
        assert {len(token) for token in tokens} == {10}
        assert [token[0] for token in tokens] == [str(i + 1) for i in range(len(tokens))]
        text = "".join(t[1] + ("" if t[9] == "SpaceAfter=No" else " ") for t in tokens).rstrip()
        assert text == comments["text"] == comments["text"].strip()
        found.setdefault(document, []).extend(t[1] for t in tokens if t[3] != "PUNCT")
    assert found == words


def test_pieces_and_sentences():
    got = pieces("他说:“好。” <甲>走了！ ", ["他", "说", "好", "甲", "走", "了"])
    assert [p.form for p in got] == ["他", "说", ":", "“", "好", "。", "”", "<", "甲", ">", "走", "了", "！"]
    assert [p.form for p in got if p.space] == ["”", "！"]
    assert ["".join(p.form for p in s) for s in sentences(got)] == ["他说:“好。”", "<甲>走了！"]
    with pytest.raises(CrosscityError, match="does not stand in its paragraph"):
        pieces("他说", ["她"])


@pytest.mark.parametrize("name", FORMATS)
def test_all_forms_are_the_same_bytes_again(study, tmp_path, name):
    out = tmp_path / f"{name}{FORMATS[name].ending}"
    for path in write_format(study / "tables", out, name):
        assert path.read_bytes() == (study / path.relative_to(tmp_path)).read_bytes()


@pytest.fixture(scope="module")
def derived(study):
    export(study / "tables", study / "edition", derived=True)
    edition.build_from_edition(study / "edition", study / "derived")
    return study / "derived"


@pytest.mark.parametrize("name", FORMATS)
def test_no_form_is_made_of_tables_without_text(derived, tmp_path, name):
    with pytest.raises(CrosscityError, match=rf"edition without text, and the format {name} is made of text"):
        write_format(derived, tmp_path / "out", name)
    assert not list(tmp_path.iterdir())


def test_the_ending_tells_the_form_and_withheld_text_stays_withheld(study, tmp_path):
    call = CliRunner().invoke
    assert call(app, ["export", str(study / "tables"), str(tmp_path / "a.conllu")]).exit_code == 0
    assert (tmp_path / "a.conllu").read_bytes() == (study / "conllu.conllu").read_bytes()
    result = call(app, ["export", str(study / "tables"), str(tmp_path / "b.qdpx"), "--derived"])
    assert isinstance(result.exception, CrosscityError)
    assert "--derived withholds it" in str(result.exception)
    (tmp_path / "folder").mkdir()
    result = call(app, ["export", str(study / "tables"), str(tmp_path / "folder"), "--format", "vertical"])
    assert "is a folder, and the format vertical is a file" in str(result.exception)


@pytest.fixture(scope="module")
def coded(study):
    return read_coded(study / "tables")


def doccano_as_returned(study, tmp_path, change):
    lines = [json.loads(line) for line in (study / "doccano" / "texts.jsonl").read_text(encoding="utf-8").splitlines()]
    for number, line in enumerate(lines, start=1):
        line["id"], line["Comments"] = number, []
    change([line["label"] for line in lines])
    path = tmp_path / "admin.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def doccano_with_relations(study, tmp_path, change):
    """The form of projects that allow relations."""
    path = doccano_as_returned(study, tmp_path, change)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        keys = ("start_offset", "end_offset", "label")
        line["entities"] = [{"id": i, **dict(zip(keys, e, strict=True))} for i, e in enumerate(line.pop("label"))]
        line["relations"] = []
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def label_studio_as_returned(study, tmp_path, change, as_lines=False):
    tasks = json.loads((study / "label-studio" / "tasks.json").read_text(encoding="utf-8"))
    results = [task["predictions"][0]["result"] for task in tasks]
    spans = [[[r["value"]["start"], r["value"]["end"], r["value"]["labels"][0]] for r in result] for result in results]
    change(spans)
    for number, (task, of_task) in enumerate(zip(tasks, spans, strict=True), start=1):
        regions = [
            {"type": "labels", "from_name": "label", "to_name": "text",
             "value": {"start": start, "end": end, "text": task["data"]["text"][start:end], "labels": [code]}}
            for start, end, code in of_task
        ]  # fmt: skip
        task["id"] = number
        task["annotations"] = [
            {"id": number, "completed_by": {"id": 1, "email": "anna@example.org"}, "result": regions}
        ]
    path = tmp_path / ("tasks.jsonl" if as_lines else "tasks.json")
    text = "\n".join(map(json.dumps, tasks)) if as_lines else json.dumps(tasks)
    path.write_text(text, encoding="utf-8")
    return path


def three_changes(labels):
    """One changed, one taken away, one set."""
    done = 0
    for of_text in labels:
        for label in of_text:
            if label[2] == "stance: plan" and not done:
                label[2], done = "stance: norm", 1
    of_text = next(x for x in labels if any(label[2] == "programme: method" for label in x))
    of_text.remove(next(label for label in of_text if label[2] == "programme: method"))
    labels[3].append([2, 5, "quantity: target"])


@pytest.mark.parametrize(
    ("back", "coder"),
    [
        (doccano_as_returned, "admin"),
        (doccano_with_relations, "admin"),
        (label_studio_as_returned, ""),
        (lambda *a: label_studio_as_returned(*a, as_lines=True), ""),
    ],
)
def test_three_changes_come_back_from_annotation(study, coded, tmp_path, back, coder):
    result = corrections(back(study, tmp_path, three_changes), coded, coder)
    assert result.coder == (coder or "anna@example.org")
    assert result.notes == []
    assert sorted(result.changes[["question", "machine", "answer"]].itertuples(index=False, name=None)) == [
        ("kind", "none", "target"), ("stance", "plan", "norm"), ("type", "method", "none"),
    ]  # fmt: skip
    (row,) = result.changes[result.changes["question"] == "kind"].to_dict("records")
    paragraph = read_table("paragraphs", study / "tables").iloc[3]
    assert (row["doc_id"], row["paragraph"], row["start"], row["end"]) == (
        paragraph["doc_id"],
        paragraph["paragraph"],
        2,
        5,
    )
    assert row["text"] == paragraph["text"][2:5]


def test_unchanged_annotations_change_nothing(study, coded, tmp_path):
    assert corrections(doccano_as_returned(study, tmp_path, lambda _: None), coded, "a").changes.empty
    assert corrections(label_studio_as_returned(study, tmp_path, lambda _: None), coded).changes.empty


def test_records_that_are_left_out_have_no_answers(study, coded, tmp_path):
    path = doccano_as_returned(study, tmp_path, lambda _: None)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:10]), encoding="utf-8")
    result = corrections(path, coded, "a")
    assert result.changes.empty
    assert len(result.key[["doc_id", "paragraph"]].drop_duplicates()) == 10
    assert result.notes[0].startswith("did not come back, and have no answers: ")


def test_tasks_that_nobody_annotated_have_no_answers(study, coded, tmp_path):
    with pytest.raises(CrosscityError, match=r"none of its \d+ records is annotated"):
        corrections(study / "label-studio" / "tasks.json", coded, "anna")
    path = label_studio_as_returned(study, tmp_path, lambda _: None)
    tasks = json.loads(path.read_text(encoding="utf-8"))
    tasks[0]["annotations"], tasks[1]["annotations"][0]["was_cancelled"] = [], True
    again = {**tasks[2]["annotations"][0], "completed_by": 7, "result": []}
    tasks[2]["annotations"].append(again)
    path.write_text(json.dumps(tasks), encoding="utf-8")
    result = corrections(path, coded, "anna")
    place = ["doc_id", "paragraph"]
    left = {(task["data"]["doc_id"], task["data"]["paragraph"]) for task in tasks[:2]}
    answered = set(result.key[place].itertuples(index=False, name=None))
    asked = coded.codings[~coded.codings["code"].str.match("further theme|question")]
    assert answered == set(asked[place].itertuples(index=False, name=None)) - left
    assert set(result.changes["answer"]) == {"none"}, "the last annotation of the third is empty"
    assert result.notes[0].endswith(
        "record 3 has 2 annotations (anna@example.org, annotator-7), of which the last is taken"
    )
    assert result.notes[1] == "2 records are not annotated, and have no answers"
    of_first = corrections(path, coded, "anna@example.org")
    assert of_first.changes.empty, "the annotation of the coder who is named is taken"
    assert of_first.notes == ["2 records are not annotated, and have no answers"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no records"),
        ("{", "is not JSON"),
        ('{"text": "甲"}', "record 1 lacks text, doc_id or paragraph: keep them when you export"),
        ('{"text": "别的", "doc_id": "甲", "paragraph": 1, "label": []}', "is of another study"),
        ('{"text": "甲", "doc_id": "甲", "paragraph": 1, "label": [[0]]}', "record 1: its labels are no spans; export"),
        ('{"text": "甲", "doc_id": "甲", "paragraph": 1, "labels": ["x"]}', "doccano project of sequence labelling"),
    ],
)
def test_other_files_are_refused(coded, tmp_path, text, message):
    (tmp_path / "x.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(CrosscityError, match=message):
        corrections(tmp_path / "x.jsonl", coded, "a")


def test_a_record_that_is_there_twice_is_an_error(study, coded, tmp_path):
    path = doccano_as_returned(study, tmp_path, lambda _: None)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[0]]), encoding="utf-8")
    with pytest.raises(CrosscityError, match=r"paragraph 1 is there twice: keep one"):
        corrections(path, coded, "a")


def test_annotations_that_are_no_labels_are_told(study, coded, tmp_path):
    path = label_studio_as_returned(study, tmp_path, lambda _: None)
    tasks = json.loads(path.read_text(encoding="utf-8"))
    tasks[0]["annotations"][0]["result"].append({"type": "choices", "value": {"choices": ["odd"]}})
    path.write_text(json.dumps(tasks), encoding="utf-8")
    result = corrections(path, coded)
    assert result.notes == ["1 annotation is no label of a span, and not read"]
    assert result.changes.empty


SCRIPT = """
library(tm)
read <- function(name) read.csv(file.path(folder, name), encoding = "UTF-8", colClasses = "character")
words <- function(corpus) lapply(corpus, function(d) Filter(nzchar, strsplit(as.character(d), "[ \\n]+")[[1]]))
corpus <- VCorpus(DataframeSource(read("documents-words.csv")))
matrix <- TermDocumentMatrix(corpus, control = list(
  tokenize = function(d) unlist(words(list(paste(as.character(d), collapse = "\\n")))), tolower = FALSE,
  wordLengths = c(1, Inf)))
sums <- slam::row_sums(matrix)
write.csv(data.frame(term = names(sums), n = as.integer(sums)), file.path(folder, "counted.csv"), row.names = FALSE,
  fileEncoding = "UTF-8")
cat(length(corpus), nrow(meta(corpus)), names(meta(corpus))[1])
"""


def test_r_counts_the_same_words(study, words, tmp_path):
    """The package tm takes documents-words.csv as it is, with what is known of documents as its metadata."""
    if not (rscript := shutil.which("Rscript")):
        pytest.skip("R is not installed: its package tm counts the words of documents-words.csv")
    folder = tmp_path / "r"
    shutil.copytree(study / "r", folder)
    call = [rscript, "--vanilla", "-e", f'folder <- "{folder}"', "-e", SCRIPT]
    done = subprocess.run(
        call, capture_output=True, text=True, encoding="utf-8", check=False, env={"LC_ALL": "C.UTF-8"}
    )
    if "there is no package" in done.stderr:
        pytest.skip("R has no package tm")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(len(words)), str(len(words)), "city"]
    counted = {row["term"]: int(row["n"]) for row in rows(folder / "counted.csv")}
    every = [word for of in words.values() for word in of]
    assert counted == {word: every.count(word) for word in set(every)}
