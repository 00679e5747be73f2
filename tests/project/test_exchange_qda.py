"""A study as a REFI-QDA project: by the standard's schema, by a reader of its own, and there and back again.

The schema is the published one, Project.xsd of QDA-XML 1.0 (REFI, www.qdasoftware.org, 18 March 2019; MIT). The reader
takes nothing from the suite: it is what another program would do with the file.
"""

import re
import zipfile
from xml.etree import ElementTree

import pytest
from crosscity import CrosscityError
from crosscity.facts.adjudication import agreements, error_rates, read_coding
from crosscity.project.exchange.corrections import (
    change_sentences,
    corrections,
    replaced_answers,
    write_corrections,
)
from crosscity.project.exchange.formats import write_format
from crosscity.project.exchange.spans import read_coded
from crosscity.project.export import export
from crosscity.tables import build, edition, read_table
from lxml import etree

from tests.conftest import PROJECT

NS = "{urn:QDA-XML:project:1.0}"
GUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SCHEMA = etree.XMLSchema(etree.parse(PROJECT / "tests/helpers/refi-qda-project.xsd"))


def faults(root):
    """What in a project is not as the schema has it."""
    SCHEMA.validate(etree.fromstring(ElementTree.tostring(root)))
    return [entry.message.replace(NS, "") for entry in SCHEMA.error_log]


def reference_faults(root):
    """Identifiers that stand twice, and references to what is not there."""
    made = [e.get("guid") for e in root.iter() if "guid" in e.attrib]
    kinds = {
        "CodeRef": "Code", "MemberCode": "Code", "SourceRef": "TextSource", "SelectionRef": "PlainTextSelection",
        "VariableRef": "Variable",
    }  # fmt: skip
    dangling = [
        e.get("targetGUID")
        for name, kind in kinds.items()
        for e in root.iter(NS + name)
        if e.get("targetGUID") not in {k.get("guid") for k in root.iter(NS + kind)}
    ]
    return [g for g in made if made.count(g) > 1], dangling


def opened(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist()[0] == "project.qde"
        texts = {name.removeprefix("Sources/"): archive.read(name) for name in archive.namelist()[1:]}
        return ElementTree.fromstring(archive.read("project.qde")), texts


def read_by_another(path):
    """(document, start, end, code, words) of all codings, as a program sees them that knows the standard alone."""
    root, texts = opened(path)
    codes = {code.get("guid"): code.get("name") for code in root.iter(NS + "Code")}
    rows = []
    for source in root.iter(NS + "TextSource"):
        text = texts[source.get("plainTextPath").removeprefix("internal://")].decode("utf-8")
        for selection in source.iter(NS + "PlainTextSelection"):
            start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
            of_span = [codes[code.get("targetGUID")] for code in selection.iter(NS + "CodeRef")]
            rows += [(source.get("name"), start, end, code, text[start:end]) for code in of_span]
    return rows


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The tables of the embedded documents, and their project."""
    root = tmp_path_factory.mktemp("study")
    build("data/raw", root / "tables")
    write_format(root / "tables", root / "study.qdpx", "qda")
    return root


@pytest.fixture(scope="module")
def coded(study):
    return read_coded(study / "tables")


def rewritten(path, out, change=lambda root: None, texts=lambda data: data):
    """The project as another program saves it after a change."""
    root, sources = opened(path)
    change(root)
    ElementTree.register_namespace("", NS[1:-1])
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in sources.items():
            archive.writestr(f"sources/{name}", texts(data))
        archive.writestr("project.qde", ElementTree.tostring(root, encoding="utf-8"))
    return out


def selections(root, code):
    """Selections that bear a code, each with its coding."""
    identity = next(c.get("guid") for c in root.iter(NS + "Code") if c.get("name") == code)
    for selection in root.iter(NS + "PlainTextSelection"):
        for coding in selection.findall(NS + "Coding"):
            if coding.find(NS + "CodeRef").get("targetGUID") == identity:
                yield selection, coding


def recode(root, coding, code):
    coding.find(NS + "CodeRef").set(
        "targetGUID", next(c.get("guid") for c in root.iter(NS + "Code") if c.get("name") == code)
    )


def test_the_project_is_valid(study):
    root, texts = opened(study / "study.qdpx")
    assert faults(root) == []
    assert reference_faults(root) == ([], [])
    # Sources are files named by an identifier, as the standard has it (8.4), which a schema cannot say.
    paths = [source.get("plainTextPath") for source in root.iter(NS + "TextSource")]
    assert sorted(paths) == sorted(f"internal://{name}" for name in texts)
    assert all(GUID.fullmatch(name.removesuffix(".txt")) for name in texts)
    for data in texts.values():
        assert not data.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in data
    root.find(f"{NS}CodeBook/{NS}Codes/{NS}Code").attrib.pop("isCodable")
    assert faults(root) == ["Element 'Code': The attribute 'isCodable' is required but missing."]
    project, cases = opened(study / "study.qdpx")[0], f"{NS}Cases"
    part = project.find(cases)
    project.remove(part)
    project.append(part)
    assert len(faults(project)) == 1, "the order of parts counts"


def test_the_same_study_gives_the_same_bytes(study, tmp_path):
    write_format(study / "tables", tmp_path / "other name.qdpx", "qda")
    assert (tmp_path / "other name.qdpx").read_bytes() == (study / "study.qdpx").read_bytes()


def test_another_program_reads_all_facts_on_their_words(study):
    found = read_by_another(study / "study.qdpx")
    paragraphs = read_table("paragraphs", study / "tables").set_index(["doc_id", "paragraph"])["text"]
    for table, group, column in (
        ("stances", "stance", "stance"), ("stances", "voice", "voice"), ("quantities", "quantity", "kind"),
        ("programmes", "programme", "type"),
    ):  # fmt: skip
        rows = read_table(table, study / "tables")
        expected = sorted(
            (r["doc_id"], f"{group}: {r[column]}", paragraphs[r["doc_id"], r["paragraph"]][r["start"] : r["end"]])
            for r in rows.to_dict("records")
        )
        assert sorted((d, code, words) for d, _, _, code, words in found if code.startswith(f"{group}: ")) == expected
    themes = read_table("themes", study / "tables")
    own = [words for *_, code, words in found if code.startswith("theme: ")]
    assert sorted(own) == sorted(
        paragraphs[d, p] for d, p in themes.loc[themes["rank"] == 1, ["doc_id", "paragraph"]].to_numpy()
    )
    assert len([1 for *_, code, _ in found if code.startswith("question: ")]) > 20


def test_voices_are_cases_with_attributes_and_questions_a_set(study):
    root, _ = opened(study / "study.qdpx")
    variables = {v.get("guid"): v.get("name") for v in root.iter(NS + "Variable")}
    cases = {}
    for case in root.iter(NS + "Case"):
        values = {
            variables[v.find(NS + "VariableRef").get("targetGUID")]: v[1].text for v in case.iter(NS + "VariableValue")
        }
        cases[case.get("name")] = values
        assert case.findall(NS + "SourceRef") or case.findall(NS + "SelectionRef")
    assert {"随县", "广水市", "曾都区", "合肥"} <= set(cases)
    assert cases["随县"]["city"] == "随州"
    assert cases["合肥"]["year"].isdigit()
    members = {m.get("targetGUID") for m in root.iter(NS + "MemberCode")}
    asked = {c.get("guid") for c in root.iter(NS + "Code") if c.get("name").startswith("question: ")}
    assert members == asked
    assert len(members) > 5
    # What a county's secretary reports is that county's, to the character.
    spans = {s.get("guid"): s for s in root.iter(NS + "PlainTextSelection")}
    (case,) = (c for c in root.iter(NS + "Case") if c.get("name") == "广水市")
    of_county = [spans[r.get("targetGUID")] for r in case.iter(NS + "SelectionRef")]
    length = sum(int(s.get("endPosition")) - int(s.get("startPosition")) for s in of_county)
    paragraphs = read_table("paragraphs", study / "tables")
    own = paragraphs[paragraphs["unit"] == "广水市"]
    assert length == own["text"].str.len().sum() + len(own) - len(of_county)


def test_an_unchanged_project_changes_nothing(study, coded):
    result = corrections(study / "study.qdpx", coded, "anna")
    assert result.changes.empty
    assert result.notes == []
    assert (result.key["weight"] == 1).all()


def test_three_changes_come_back_as_three_answers_and_nothing_else(study, coded, tmp_path):
    """One code changed, one taken away, one set on words that had none."""
    expected = {}

    def change(root):
        selection, coding = list(selections(root, "stance: plan"))[3]
        recode(root, coding, "stance: norm")
        expected["stance"] = (selection.get("startPosition"), selection.get("endPosition"))
        selection, coding = list(selections(root, "programme: method"))[2]
        selection.remove(coding)
        expected["type"] = (selection.get("startPosition"), selection.get("endPosition"))
        source = list(root.iter(NS + "TextSource"))[1]
        new = ElementTree.SubElement(source, NS + "PlainTextSelection", guid="1" * 8 + "-1111-1111-1111-" + "1" * 12)
        new.attrib.update({"startPosition": "40", "endPosition": "44"})
        one = ElementTree.SubElement(new, NS + "Coding", guid="2" * 8 + "-1111-1111-1111-" + "1" * 12)
        ElementTree.SubElement(one, NS + "CodeRef")
        recode(root, one, "quantity: target")
        expected["kind"] = ("40", "44")
        root.find(f"{NS}Users/{NS}User").set("name", "Anna Li")

    result = corrections(rewritten(study / "study.qdpx", tmp_path / "back.qdpx", change), coded)
    assert result.coder == "Anna Li"
    rows = result.changes.set_index("question")
    assert rows[["machine", "answer"]].to_dict("index") == {
        "stance": {"machine": "plan", "answer": "norm"},
        "type": {"machine": "method", "answer": "none"},
        "kind": {"machine": "none", "answer": "target"},
    }
    offsets = coded.paragraphs.set_index(["doc_id", "paragraph"])["offset"]
    for question, row in rows.iterrows():
        at = offsets[row["doc_id"], row["paragraph"]]
        assert (str(at + row["start"]), str(at + row["end"])) == expected[question]
        assert coded.texts()[row["doc_id"]][at + row["start"] : at + row["end"]] == row["text"]
    assert len(change_sentences(result)) == 3

    write_corrections(result, tmp_path / "coded")
    answers, key = read_coding(tmp_path / "coded")
    assert set(answers["coder"]) == {"Anna Li"}
    both = answers.merge(key, on=["task", "id", "question"])
    wrong = both[both["answer"] != both["machine"]]
    assert sorted(zip(wrong["question"], wrong["machine"], wrong["answer"], strict=True)) == [
        ("kind", "none", "target"), ("named", "yes", "no"), ("stance", "plan", "norm"), ("type", "method", "none"),
    ]  # fmt: skip
    rates = error_rates(answers, key).query("question == 'stance'").set_index("label")
    n = (read_table("stances", study / "tables")["stance"] == "plan").sum()
    assert rates.loc["plan", ["n", "right"]].tolist() == [n, n - 1]
    assert set(agreements(answers, key, draws=20)["between"]) == {"Anna Li and machine"}


def test_another_coder_comes_beside_the_first(study, coded, tmp_path):
    def anna(root):
        recode(root, next(selections(root, "stance: plan"))[1], "stance: norm")

    for name, change in (("anna", anna), ("bo", lambda _: None)):
        back = rewritten(study / "study.qdpx", tmp_path / f"{name}.qdpx", change)
        write_corrections(corrections(back, coded, name), tmp_path / "coded")
    answers, key = read_coding(tmp_path / "coded")
    assert set(answers["coder"]) == {"anna", "bo"}
    alphas = agreements(answers, key, draws=20).set_index(["question", "between"])
    assert alphas.loc[("stance", "coders"), "share"] < 1
    assert alphas.loc[("stance", "bo and machine"), "share"] == 1


def test_a_second_file_of_a_coder_replaces_the_first_and_says_so(study, coded, tmp_path):
    def change(root):
        recode(root, next(selections(root, "stance: plan"))[1], "stance: norm")

    first = corrections(study / "study.qdpx", coded, "anna")
    other = corrections(rewritten(study / "study.qdpx", tmp_path / "b.qdpx", change), coded, "anna")
    assert replaced_answers(first, tmp_path / "coded") == []
    write_corrections(first, tmp_path / "coded")
    assert replaced_answers(first, tmp_path / "coded") == [], "the same answers again"
    assert replaced_answers(other, tmp_path / "coded") == ["stances-anna.csv"]


def test_what_is_noted_of_a_quantity_is_an_answer(study, coded, tmp_path):
    def change(root):
        (selection, _), (other, _) = list(selections(root, "quantity: actual"))[:2]
        note = selection.find(NS + "Description")
        note.text = re.sub("item: .*", "item: 村卫生室", note.text)
        other.remove(other.find(NS + "Description"))  # as programs do that know no notes of spans

    result = corrections(rewritten(study / "study.qdpx", tmp_path / "back.qdpx", change), coded, "anna")
    assert result.changes[["question", "answer"]].to_numpy().tolist() == [["item", "村卫生室"]]
    assert (result.answers["quantities"]["item"] == "").sum() == 1 + (
        read_table("quantities", study / "tables")["item"] == ""
    ).sum()


def add_code(root, name):
    branch = root.find(f"{NS}CodeBook/{NS}Codes")
    ElementTree.SubElement(
        branch, NS + "Code", guid="3" * 8 + "-1111-1111-1111-" + "1" * 12, name=name, isCodable="true"
    )


def with_foreign_code(root):
    add_code(root, "my idea")
    for _, coding in list(selections(root, "stance: plan"))[:2]:
        recode(root, coding, "my idea")


def with_two(root):
    selection, coding = next(selections(root, "stance: plan"))
    again = ElementTree.fromstring(ElementTree.tostring(coding))
    selection.append(again)
    recode(root, again, "stance: problem")


def outside(root):
    next(selections(root, "stance: plan"))[0].set("endPosition", "99999999")


def without_users(root):
    root.find(f"{NS}Users/{NS}User").set("name", "crosscity")


@pytest.mark.parametrize(
    ("change", "coder", "message"),
    [
        (with_two, "anna", r"has stance: p\w+ and stance: p\w+, of which one can be"),
        (outside, "anna", "lie outside the text"),
        (without_users, "", "names nobody who coded: say whose answers it holds"),
    ],
)
def test_what_cannot_be_taken_is_an_error_that_says_where(study, coded, tmp_path, change, coder, message):
    back = rewritten(study / "study.qdpx", tmp_path / "back.qdpx", change)
    with pytest.raises(CrosscityError, match=message):
        corrections(back, coded, coder)


def without_codes(root):
    for source in root.iter(NS + "TextSource"):
        for selection in source.findall(NS + "PlainTextSelection"):
            source.remove(selection)


def moved(root):
    for selection in root.iter(NS + "PlainTextSelection"):
        for name in ("startPosition", "endPosition"):
            selection.set(name, str(int(selection.get(name)) + 2))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without_codes, "none of its texts has a code: export it with its codings"),
        (moved, r"only \d+ of \d+ codes lie where one was exported: the program moved the spans"),
    ],
)
def test_a_project_whose_spans_did_not_come_back_is_not_read_as_a_coder_who_took_all_away(
    study, coded, tmp_path, change, message
):
    with pytest.raises(CrosscityError, match=message):
        corrections(rewritten(study / "study.qdpx", tmp_path / "back.qdpx", change), coded, "anna")


def test_codes_of_two_people_are_one_coders_only_with_a_note(study, coded, tmp_path):
    def of_two(root):
        for i, coding in enumerate(list(root.iter(NS + "Coding"))[:2]):
            user = ElementTree.SubElement(root.find(NS + "Users"), NS + "User")
            user.set("guid", f"{i}0000000-0000-0000-0000-000000000000")
            user.set("name", ("Anna", "Ben")[i])
            coding.set("creatingUser", user.get("guid"))

    back = rewritten(study / "study.qdpx", tmp_path / "back.qdpx", of_two)
    with pytest.raises(CrosscityError, match="has codes of Anna, Ben: say whose answers it holds"):
        corrections(back, coded)
    assert corrections(back, coded, "Anna").notes == [
        "it has codes of Anna, Ben, which were all read as answers of Anna"
    ]


def test_codes_of_the_coder_are_named_and_leave_no_answer(study, coded, tmp_path):
    result = corrections(rewritten(study / "study.qdpx", tmp_path / "b.qdpx", with_foreign_code), coded, "anna")
    assert result.notes == ["'my idea' is no code of the study: 2 codings not taken"]
    assert result.changes.empty


def test_codes_are_known_by_name_where_a_program_renews_identifiers(study, coded, tmp_path):
    """And by identifier where people rename them."""

    def renew(root):
        for i, code in enumerate(root.iter(NS + "Code")):
            old, new = code.get("guid"), f"{i:08d}-0000-0000-0000-000000000000"
            code.set("guid", new)
            for reference in root.iter(NS + "CodeRef"):
                if reference.get("targetGUID") == old:
                    reference.set("targetGUID", new)

    def rename(root):
        next(c for c in root.iter(NS + "Code") if c.get("name") == "stance: plan").set("name", "Plan")

    assert corrections(rewritten(study / "study.qdpx", tmp_path / "a.qdpx", renew), coded, "anna").changes.empty
    result = corrections(rewritten(study / "study.qdpx", tmp_path / "b.qdpx", rename), coded, "anna")
    assert result.changes.empty
    assert result.notes == ["'stance: plan' was called 'Plan', and was read as 'stance: plan'"]


def test_changes_of_what_nobody_is_asked_are_told(study, coded, tmp_path):
    def change(root):
        asked = next(c.get("name") for c in root.iter(NS + "Code") if c.get("name").startswith("question: "))
        selection, coding = next(selections(root, asked))
        selection.remove(coding)

    (note,) = corrections(rewritten(study / "study.qdpx", tmp_path / "b.qdpx", change), coded, "anna").notes
    assert note.startswith("Questions of the matrix: 1 codes taken away and 0 set, which were not taken")


def test_a_changed_text_is_named_with_the_place(study, coded, tmp_path):
    back = rewritten(
        study / "study.qdpx",
        tmp_path / "b.qdpx",
        texts=lambda d: d.decode()[:30].encode() + b"!" + d.decode()[30:].encode(),
    )
    with pytest.raises(CrosscityError, match=r"the text of \S+ was changed, at character 30: .* was exported"):
        corrections(back, coded, "anna")


def test_another_study_is_told_as_such(study, coded, tmp_path):
    def rename(root):
        for source in root.iter(NS + "TextSource"):
            source.set("name", "x" + source.get("name"))

    back = rewritten(study / "study.qdpx", tmp_path / "b.qdpx", rename, lambda _: "别的文字。".encode())
    with pytest.raises(CrosscityError, match="is of another study: none of its texts is a document's"):
        corrections(back, coded, "anna")


def test_a_document_that_did_not_come_back_has_no_answers(study, coded, tmp_path):
    def leave_out(root):
        sources = root.find(NS + "Sources")
        sources.remove(sources[0])

    result = corrections(rewritten(study / "study.qdpx", tmp_path / "b.qdpx", leave_out), coded, "anna")
    assert result.notes[0].startswith("did not come back, and have no answers: ")
    assert result.changes.empty
    assert result.key["doc_id"].nunique() == coded.paragraphs["doc_id"].nunique() - 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: p.write_bytes(b"no zip"), "is no REFI-QDA project"),
        (lambda p: zipfile.ZipFile(p, "w").close(), "it has no project.qde"),
        (lambda p: None, "is not there"),
    ],
)
def test_other_archives_are_refused(coded, tmp_path, make, message):
    path = tmp_path / "x.qdpx"
    make(path)
    with pytest.raises(CrosscityError, match=message):
        corrections(path, coded, "anna")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.mx24", r"a program's own file, which no other program reads: export a REFI-QDA project \(\.qdpx\) from it"),
        ("a.NVPX", "a program's own file"),
        ("a.qdc", "a codebook without texts: export the whole project"),
        ("anna.xlsx", r"put it beside key\.csv and codebook\.csv, and name that folder in the parameters \(coding:\)"),
        ("admin.zip", "unpack it, and give the file of one annotator"),
        ("a.conll", r"give a REFI-QDA project \(\.qdpx\), or \.json or \.jsonl of doccano or Label Studio"),
    ],
)
def test_other_files_are_told_what_to_do(coded, tmp_path, name, message):
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(CrosscityError, match=message):
        corrections(tmp_path / name, coded, "anna")


def test_a_project_is_written_with_the_ending_by_which_programs_know_it(study, tmp_path):
    with pytest.raises(CrosscityError, match=r"name it study\.qdpx"):
        write_format(study / "tables", tmp_path / "study", "qda")
    assert not list(tmp_path.iterdir())


def test_entities_of_a_project_are_not_followed(study, coded, tmp_path):
    (tmp_path / "secret.txt").write_text("秘密", encoding="utf-8")
    entity = f'<!DOCTYPE Project [<!ENTITY x SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    qde = f'{entity}<Project xmlns="{NS[1:-1]}" name="x"><Description>&x;</Description></Project>'
    with zipfile.ZipFile(tmp_path / "x.qdpx", "w") as archive:
        archive.writestr("project.qde", qde)
    with pytest.raises(CrosscityError, match="document type of its own"):
        corrections(tmp_path / "x.qdpx", coded, "anna")


# Characters beyond U+FFFF, marks that combine, tabs, and every way to end a line; the words are invented.
HARD = (
    "𠮷野村工作报告\r\n"
    "一、𠀋村的渠\r"
    "去年𠮷野村新修水渠12公里,\t惠及农户300户。é县支持2.5万元。\r\n"
    "\r\n"
    "今年计划新建“𠮷祥工程”冷库5座,🌾产量提高10%。\n"
    "下一步要补齐短板,存在的主要问题是人手不足。\u2028村民都说好。\n"
)


@pytest.fixture(scope="module")
def hard(tmp_path_factory):
    root = tmp_path_factory.mktemp("hard")
    (root / "raw").mkdir()
    (root / "raw" / "a.txt").write_bytes(HARD.encode("utf-8"))
    (root / "raw" / "b.txt").write_bytes(
        HARD.replace("\r\n", "\n").replace("\r", "\n").replace("渠", "路").encode("utf-16")
    )
    build(root / "raw", root / "tables")
    write_format(root / "tables", root / "study.qdpx", "qda")
    return root


@pytest.fixture(scope="module")
def hard_coded(hard):
    return read_coded(hard / "tables")


def test_positions_count_code_points_whatever_the_characters(hard):
    found = {(code, words) for *_, code, words in read_by_another(hard / "study.qdpx")}
    texts = " ".join(words for _, words in found)
    assert "𠮷" in texts
    quantities = read_table("quantities", hard / "tables")
    paragraphs = read_table("paragraphs", hard / "tables").set_index(["doc_id", "paragraph"])["text"]
    assert len(quantities) >= 6
    for row in quantities.to_dict("records"):
        words = paragraphs[row["doc_id"], row["paragraph"]][row["start"] : row["end"]]
        assert row["number"] in words
        assert (f"quantity: {row['kind']}", words) in found
    behind = quantities[
        [("𠮷" in paragraphs[d, p][:s]) for d, p, s in quantities[["doc_id", "paragraph", "start"]].to_numpy()]
    ]
    assert len(behind) >= 4, "quantities stand behind a character of two units of UTF-16"


def shifted(root, texts, wide, double, last):
    """Positions as a program counts that takes a character beyond U+FFFF, or the end of a line, for two.

    With `last` the end is the position of the last character.
    """
    for source in root.iter(NS + "TextSource"):
        text = texts[source.get("plainTextPath").removeprefix("internal://")].decode()
        for selection in source.iter(NS + "PlainTextSelection"):
            for name in ("startPosition", "endPosition"):
                before = text[: int(selection.get(name))]
                more = wide * sum(ord(c) > 0xFFFF for c in before) + double * before.count("\n")
                less = last and name == "endPosition"
                selection.set(name, str(len(before) + more - less))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize(("wide", "double"), [(False, False), (True, False), (False, True), (True, True)])
@pytest.mark.parametrize("last", [False, True])
def test_programs_that_count_otherwise_are_understood(hard, hard_coded, tmp_path, mark, ends, wide, double, last):
    if double and ends != b"\r\n":
        return
    path = hard / "study.qdpx"
    _, texts = opened(path)
    back = rewritten(
        path,
        tmp_path / "b.qdpx",
        lambda root: shifted(root, texts, wide, double, last),
        lambda d: mark + d.replace(b"\n", ends),
    )
    result = corrections(back, hard_coded, "anna")
    assert result.changes.empty, change_sentences(result)
    assert any("positions count" in note for note in result.notes) == (wide or double or last)


def test_spans_are_taken_without_the_white_space_that_a_mouse_takes_along(hard, tmp_path):
    coded = read_coded(hard / "tables")

    def widen(root):
        source = next(root.iter(NS + "TextSource"))
        _, texts = opened(hard / "study.qdpx")
        text = texts[source.get("plainTextPath").removeprefix("internal://")].decode()
        chosen = [s for s, _ in selections(root, "stance: achievement") if s in list(source)]
        selection = next(s for s in chosen if text[int(s.get("endPosition")) :][:1] == "\n")
        selection.set("endPosition", str(int(selection.get("endPosition")) + 1))

    assert corrections(rewritten(hard / "study.qdpx", tmp_path / "b.qdpx", widen), coded, "anna").changes.empty


def test_an_edition_without_text_is_not_exported(study, tmp_path):
    export(study / "tables", tmp_path / "edition", derived=True)
    edition.build_from_edition(tmp_path / "edition", tmp_path / "derived")
    with pytest.raises(CrosscityError, match="are of an edition without text, and the format qda is made of text"):
        write_format(tmp_path / "derived", tmp_path / "study.qdpx", "qda")
    assert not (tmp_path / "study.qdpx").exists()


def test_a_file_of_the_same_name_that_is_a_persons_is_kept(study, tmp_path):
    path = tmp_path / "study.qdpx"
    path.write_bytes(b"what anna sent back")
    write_format(study / "tables", path, "qda")
    assert (tmp_path / "kept" / "study.qdpx").read_bytes() == b"what anna sent back"
    assert read_by_another(path)
