"""An edition without text: nothing of the text is in it, and what is found in it is what is found with the text."""

import hashlib
import json
import os
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare import answers, arithmetic, indicators, milestones, questions
from crosscity.files.atomic import HALF
from crosscity.project import export, redaction
from crosscity.study.opening import open_study
from crosscity.study.parameters import check_parameters
from crosscity.study.result import Page, Result
from crosscity.tables import edition
from crosscity.tables.builder import build
from crosscity.tables.contract import TABLES, TEXT_RESULTS_FOLDER, WITHHELD
from crosscity.tables.store import read_table
from crosscity.words import formulaic, reuse

from tests.conftest import PROJECT, SHARED

DERIVED = PROJECT / "data" / "derived" / "five-cities"
FORMULA = "各位代表现在我代表人民政府向大会报告工作请予审议"
OWN = (
    "渔港码头新建冷库三座。",
    "山区茶园扩种两万亩。",
    "老旧小区加装电梯五十部。",
    "高新园区引进企业二十家。",
    "博物馆免费开放三百天。",
    "县医院新增床位六十张。",
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Tables of the embedded corpus, its edition without text, and the tables made of that."""
    root = tmp_path_factory.mktemp("study")
    build(PROJECT / "data" / "raw", root / "tables", progress=False)
    export.export(root / "tables", root / "edition")
    build(root / "edition", root / "derived", progress=False)
    return root


@pytest.fixture(scope="module")
def alike(tmp_path_factory):
    """The same of six documents that share a formula, so that there is a template to leave out."""
    root = tmp_path_factory.mktemp("alike")
    (root / "corpus").mkdir()
    for i, own in enumerate(OWN):
        text = f"{FORMULA}。\n{own}{own}\n今年将继续{own}{FORMULA}。\n"
        (root / "corpus" / f"{i}.txt").write_text(text, encoding="utf-8")
    build(root / "corpus", root / "tables", progress=False)
    export.export(root / "tables", root / "edition")
    build(root / "edition", root / "derived", progress=False)
    return root


def run_of(folder, name="08-facts", **parameters):
    return open_study(notebook=name, tables=str(folder), out=str(folder / "out"), **parameters)


def chinese(text):
    return re.sub("[^\u3400-\u9fff]", "", text)


def test_nothing_in_it_is_a_run_of_the_text(study):
    texts = read_table("paragraphs", study / "tables")["text"].map(chinese)
    runs = {text[i : i + 16] for text in texts for i in range(len(text) - 15)}
    known = "|".join(term for of in milestones.read_milestones()["terms"] for term in of)  # the suite's own words
    runs = {run for run in runs if run not in known}
    assert len(runs) > 10_000
    for path in (study / "edition").iterdir():
        said = chinese(path.read_text(encoding="utf-8"))
        assert [said[i : i + 16] for i in range(len(said) - 15) if said[i : i + 16] in runs] == [], path.name


def test_what_would_make_a_run_is_cut_wherever_it_stands():
    text = "建立基层党建工作责任清单制度，推行支部派单，党员接单，群众评单，渔港码头冷库十座。"
    whole = "建立基层党建工作责任清单制度推行"
    frames = {
        "one": pd.DataFrame({"name": [whole, "清单"], "type": ["渔港", "码头"]}),
        "two": pd.DataFrame({"name": [whole], "components": [["支部派单", "党员接单", "群众评单"]]}),
        "three": pd.DataFrame(
            {"item": ["支部派单党员接单", "群众评单渔港", "山区茶园"], "unit": ["", "码头冷库", "座"]}
        ),
    }
    made = redaction.redact_runs(frames, [text])
    assert made["one"].to_numpy().tolist() == [["建立基…度推行", "渔港"], ["清单", "码头"]]
    assert made["two"].to_numpy().tolist() == [
        ["建立基…度推行", ["支部派单", "党员接单", "群众评单"]]
    ]  # twice: its end and the parts made one
    assert made["three"]["item"].tolist() == ["支部派…员接单", "群众评单渔港", "山区茶园"]  # two cells made it together
    assert made["three"]["unit"].tolist() == ["", "码头冷库", "座"]


def test_words_stand_in_no_order_and_none_is_lost(study):
    counts = pd.read_csv(study / "edition" / "counts.csv", keep_default_na=False)
    whole, derived = read_table("tokens", study / "tables"), read_table("tokens", study / "derived")
    assert counts["count"].sum() == whole["tokens"].map(len).sum()
    assert [sorted(words) for words in whole["tokens"]] == [sorted(words) for words in derived["tokens"]]
    assert [list(words) for words in whole["tokens"]] != [list(words) for words in derived["tokens"]]


def test_a_word_is_a_term_whether_or_not_the_order_of_words_is_known(tmp_path):
    """家规 is cut out of 5家规上企业 (five enterprises above the designated size), and then no term; 名单 is one."""
    paragraphs = [
        "新增12家规上企业，培育名单增加30%。",
        "培育5家规上企业，调整名单。",
        "弘扬家规家训，培育20家规上企业。",
    ]
    (tmp_path / "raw").mkdir()
    for city, order in (("合肥", 1), ("随州", -1)):
        (tmp_path / "raw" / f"{city}.txt").write_text("\n".join(paragraphs[::order]), encoding="utf-8")
    build(tmp_path / "raw", tmp_path / "tables")
    export.export(tmp_path / "tables", tmp_path / "edition")
    build(tmp_path / "edition", tmp_path / "derived")
    terms = {}
    for folder in ("tables", "derived"):
        run = run_of(tmp_path / folder, "04-compare", by="doc_id", min_df=1)
        terms[folder] = list(run.counts(run.paragraphs(["body"]))[1])
    assert "家规" in {word for words in read_table("tokens", tmp_path / "tables")["tokens"] for word in words}
    assert terms["derived"] == terms["tables"]
    assert "家规" not in terms["derived"]
    assert "名单" in terms["derived"]


def test_tables_are_those_of_the_documents_but_for_text(study):
    for name in TABLES:
        whole, derived = read_table(name, study / "tables"), read_table(name, study / "derived")
        assert len(whole) == len(derived), name
        withheld = {"paragraphs": ["text", "section"], "cleaning_log": ["before", "after"], "tokens": ["tokens"]}
        cut = {"quantities": ["item", "scope"], "programmes": ["name", "canonical", "components"], "corpus": ["title"]}
        cut["citations"] = ["title"]
        spared = withheld.get(name, []) + cut.get(name, [])
        pd.testing.assert_frame_equal(whole.drop(columns=spared), derived.drop(columns=spared))
        for column in withheld.get(name, []):
            if column not in ("section", "tokens"):
                assert (derived[column] == whole[column].str.len().map(lambda n: WITHHELD * n)).all()
    items = (read_table("quantities", study / folder)["item"] for folder in ("tables", "derived"))
    assert np.mean([a == b for a, b in zip(*items, strict=True)]) > 0.8


def test_headings_are_numbered_in_the_order_of_the_text():
    paths = pd.Series(["", "一", "一 / 甲", "一 / 乙", "二", "二 / 甲", "一 / 乙"])
    assert export._section_numbers(paths).tolist() == ["", "1", "1.1", "1.2", "2", "2.1", "1.2"]


def test_what_is_found_in_text_is_what_was_found_before(study):
    whole, derived = run_of(study / "tables"), run_of(study / "derived")
    assert whole.has_text
    assert not derived.has_text
    paragraphs = whole.paragraphs()
    facts, body = whole.facts(paragraphs), paragraphs[paragraphs["kind"] == "body"].reset_index(drop=True)
    rows = [facts[name] for name in ("themes", "stances", "quantities", "programmes")]
    asked = questions.choose_questions("", whole.corpus, facts["themes"])
    terms = [term for of in milestones.read_milestones()["terms"] for term in of]
    direct = {
        "indicators": indicators.indicators(facts["quantities"], paragraphs, whole.corpus),
        "arithmetic": arithmetic.implied_values(facts["quantities"], paragraphs),
        "answers": answers.find_answers(body, *rows, whole.corpus, path=asked),
        "occurrences": milestones.occurrences(body, terms),
        "matches": reuse.matches(body),
    }
    direct["passages"] = reuse.passages(direct["matches"], body, whole.corpus)
    for name, table in direct.items():
        kept = derived.texts.compute(name, None)
        spared = [c for c in ("text", "sentence", "characters", "why") if c in kept or c in table]
        pd.testing.assert_frame_equal(
            table.drop(columns=spared, errors="ignore"), kept.drop(columns=spared, errors="ignore"), check_dtype=False
        )
    assert (derived.texts.compute("answers", None)["why"] == direct["answers"]["why"]).mean() > 0.9  # but for cut names
    assert len(direct["indicators"]) > 30
    assert len(direct["answers"]) > 100


def test_a_sentence_is_its_place_and_the_cues_that_tell_a_target():
    table = pd.DataFrame({"doc_id": "甲", "paragraph": [2, 2, 2, 3]})
    table["sentence"] = ["今年主要目标是增长6%。", "今年主要目标是增长6%。", "力争达到7%。", "渔港三座。"]
    assert export._without_sentences(table)["sentence"].tolist() == ["2.1 主要目标", "2.1 主要目标", "2.2 力争", "3.1"]


@pytest.mark.parametrize("name", ["formulas", "template_mask"])
def test_the_same_words_are_left_out_without_the_text(alike, name):
    left = []
    for folder in ("tables", "derived"):
        run = run_of(alike / folder, "04-compare", by="doc_id")
        own = run.paragraphs(["body"])
        mask = getattr(run.texts, name)(own)
        mask = mask[1] if isinstance(mask, tuple) else mask
        left.append([sorted(words) for words in formulaic.remove_masked(own["tokens"], mask)])
        assert mask.sum() >= 6 * 10
        none = run_of(alike / folder, "04-compare", by="doc_id", template=0.0)
        mask = getattr(none.texts, name)(own)
        assert not (mask[1] if isinstance(mask, tuple) else mask).any()
    assert left[0] == left[1]


def test_parameters_that_need_the_text_are_refused(study, alike):
    run = run_of(alike / "derived", "04-compare", by="doc_id", template=0.5)
    with pytest.raises(CrosscityError, match=r"template is 0.5, but these tables hold no text.*with 0.2"):
        run.texts.template_mask(run.paragraphs(["body"]))
    run = run_of(study / "derived", "07-shared-text", length=40)
    with pytest.raises(CrosscityError, match=r"length is 40.*found with 30"):
        run.texts.compute("matches", None)
    run = run_of(study / "derived", "07-shared-text", only={"city": ["合肥", "朝阳"]})
    with pytest.raises(CrosscityError, match="matches was found in all their documents"):
        run.texts.compute("matches", None)


class Paged(Result):
    """A result of two pages, one of which quotes documents."""

    name = "paged"

    def pages(self):
        quotes = Page("Words in context", "<p>text</p>")
        return {"quotes": quotes, "topics": Page("Topics", "<p>topics</p>", quotes=False)}


def test_what_would_show_text_is_left_out(study):
    run = run_of(study / "derived")
    run.keep(Paged(run, pd.DataFrame()))
    assert not (run.out / "quotes.html").exists()
    assert (run.out / "topics.html").exists()
    assert run.findings == ["Words in context: left out, since these tables hold no text."]
    run.save_table("rows", pd.DataFrame({"text": [WITHHELD * 5, ""], "city": ["合肥", "朝阳"], "empty": ["", ""]}))
    assert pd.read_csv(run.out / "rows.csv").columns.tolist() == ["city", "empty", "note"]
    assert run.texts.quotable(run.paragraphs()).empty


def test_documents_in_their_place_give_text_again(study, tmp_path):
    build(study / "edition", tmp_path, progress=False)
    assert (tmp_path / TEXT_RESULTS_FOLDER).is_dir()
    changed, _ = build(PROJECT / "data" / "raw", tmp_path, progress=False)
    assert "paragraphs" in changed
    assert edition.has_text(tmp_path)


def test_what_a_killed_load_left_goes_with_the_next(study, tmp_path):
    half = tmp_path / f".{TEXT_RESULTS_FOLDER}.123{HALF}"
    half.mkdir()
    (half / "half.csv").write_text("x", encoding="utf-8")
    build(study / "edition", tmp_path, progress=False)
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(f".{TEXT_RESULTS_FOLDER}")]
    assert not edition.has_text(tmp_path)


def test_the_same_tables_give_the_same_bytes(study, tmp_path):
    export.export(study / "tables", tmp_path / "one")
    again = export.export(study / "tables", tmp_path / "one")  # an export takes the place of one
    for path in again:
        assert path.read_bytes() == (study / "edition" / path.name).read_bytes()


def test_whole_tables_can_be_exported_too(study, tmp_path):
    export.export(study / "tables", tmp_path / "csv", derived=False)
    text = pd.read_csv(tmp_path / "csv" / "paragraphs.csv", keep_default_na=False)["text"]
    assert text.tolist() == read_table("paragraphs", study / "tables")["text"].tolist()
    with pytest.raises(CrosscityError, match=r"edition.json is of no edition that this version reads"):
        build(tmp_path / "csv", tmp_path / "tables", progress=False)


def _edit(path, change):
    path.write_bytes(change(path.read_bytes()))


SPOILED = {
    "a changed cell": (lambda f: _edit(f / "counts.csv", lambda b: b[:-2] + b"9\n"), "counts.csv is not the file"),
    "a missing file": (lambda f: (f / "answers.csv").unlink(), "answers.csv is not there"),
    "no JSON": (lambda f: _edit(f / "edition.json", lambda b: b[:50]), "edition.json is no description of an edition"),
    "another format": (
        lambda f: _edit(f / "edition.json", lambda b: b.replace(b'"format": 1', b'"format": 9')),
        "is of no edition that this version reads",
    ),
}


@pytest.mark.parametrize("case", SPOILED)
def test_what_is_not_as_it_was_exported_is_refused_and_harms_nothing(study, tmp_path, case):
    spoil, message = SPOILED[case]
    shutil.copytree(study / "edition", tmp_path / "edition")
    build(PROJECT / "data" / "raw", tmp_path / "tables", tables=["corpus", "paragraphs"], progress=False)
    before = {p.name: p.read_bytes() for p in (tmp_path / "tables").glob("*.parquet")}
    spoil(tmp_path / "edition")
    with pytest.raises(CrosscityError, match=message):
        build(tmp_path / "edition", tmp_path / "tables", progress=False)
    assert before == {p.name: p.read_bytes() for p in (tmp_path / "tables").glob("*.parquet")}
    assert edition.has_text(tmp_path / "tables")


def test_a_table_that_breaks_the_contract_is_named(study, tmp_path):
    shutil.copytree(study / "edition", tmp_path / "edition")
    path = tmp_path / "edition" / "stances.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("achievement", "success"), encoding="utf-8")
    about = json.loads((tmp_path / "edition" / "edition.json").read_text(encoding="utf-8"))
    about["files"]["stances.csv"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (tmp_path / "edition" / "edition.json").write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(CrosscityError, match=r"stances.csv, column 'stance', row [0-9]+: 'success' must be one of"):
        build(tmp_path / "edition", tmp_path / "tables", progress=False)


def test_an_export_takes_no_other_folder_and_no_edition(study, tmp_path):
    (tmp_path / "mine.txt").write_text("渔港", encoding="utf-8")
    with pytest.raises(CrosscityError, match="did not make it"):
        export.export(study / "tables", tmp_path)
    assert (tmp_path / "mine.txt").exists()
    with pytest.raises(CrosscityError, match="are of an edition without text already"):
        export.export(study / "derived", tmp_path / "new")


def test_the_shipped_edition_loads_and_holds_no_text(tmp_path):
    changed, notes = build(DERIVED, tmp_path, progress=False)
    assert set(changed) == set(TABLES)
    assert notes == ["an edition without text: what shows or reads text is left out"]
    corpus = read_table("corpus", tmp_path)
    assert corpus["city"].tolist() == ["合肥", "朝阳", "盐城", "阳江", "随州"]  # as code points sort
    assert (corpus["edition"] == "original").all()
    assert np.isclose(read_table("quantities", tmp_path)["value"].max(), 1e9, atol=1e10)


def test_whoever_has_the_originals_gets_the_shipped_edition(tmp_path):
    originals = SHARED / "corpora" / "five-cities"
    if not originals.is_dir():
        pytest.skip("five-cities does not stand beside this checkout (../shared/corpora)")
    build(originals, tmp_path / "tables", progress=False)
    made = export.export(tmp_path / "tables", tmp_path / "edition")
    assert {p.name: p.read_bytes() for p in made} == {p.name: p.read_bytes() for p in DERIVED.glob("[!.]*")}


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Documents with a column that looks like a formula, a third, and a passage of another corpus."""
    root = tmp_path_factory.mktemp("odd")
    shared_one = "渔港码头新建冷库三座并向全县渔民开放使用同时修缮旧有防波堤坝两处并添置巡逻快艇。"
    texts = {"a": f"山区茶园扩种三分之一。\n{shared_one}\n", "b": "县医院新增床位六十张。\n"}
    for folder, of in (("corpus", texts), ("others", {"central": f"{shared_one}\n"})):
        (root / folder).mkdir()
        for name, text in of.items():
            (root / folder / f"{name}.txt").write_text(text, encoding="utf-8")
    lines = "file,city,=odd\na.txt,合肥,=1\nb.txt,朝阳,'tis\n"
    (root / "corpus" / "corpus.csv").write_text(lines, encoding="utf-8")
    for folder in ("corpus", "others"):
        build(root / folder, root / f"{folder}-tables", progress=False)
    return root


def test_fractions_and_columns_of_ones_own_come_back_as_they_were(odd):
    export.export(odd / "corpus-tables", odd / "edition")
    build(odd / "edition", odd / "derived", progress=False)
    assert 1 / 3 in read_table("quantities", odd / "derived")["value"].tolist()
    corpus = read_table("corpus", odd / "derived")
    assert corpus["=odd"].tolist() == ["=1", "'tis"]


def test_an_abstract_in_a_column_of_ones_own_is_cut_as_names_are(tmp_path):
    (tmp_path / "corpus").mkdir()
    text = "渔港码头新建冷库三座并向全县渔民开放使用。"
    rows = f"file,section,remark\na.txt,{text},of 2024\n"
    (tmp_path / "corpus" / "a.txt").write_text(f"{text}\n", encoding="utf-8")
    (tmp_path / "corpus" / "corpus.csv").write_text(rows, encoding="utf-8")
    build(tmp_path / "corpus", tmp_path / "tables", progress=False)
    export.export(tmp_path / "tables", tmp_path / "edition")
    made = pd.read_csv(tmp_path / "edition" / "corpus.csv")
    assert made[["section", "remark"]].to_numpy().tolist() == [["渔港码头新建冷…渔民开放使用。", "of 2024"]]


def test_numbers_are_no_longer_than_they_need_be():
    assert [edition._exact(value) for value in (5.0, 0.1, 1 / 3, 12345678901.5)] == [
        "5",
        "0.1",
        "0.3333333333333333",
        "12345678901.5",
    ]


def test_references_are_told_by_what_they_are_and_not_where(odd, tmp_path):
    values = check_parameters({"references": str(odd / "others-tables")})
    export.export(odd / "corpus-tables", odd / "with", parameters=values)
    assert str(odd) not in (odd / "with" / "edition.json").read_text(encoding="utf-8")
    build(odd / "with", tmp_path / "tables", progress=False)
    shutil.copytree(odd / "others-tables", tmp_path / "elsewhere")
    run = run_of(tmp_path / "tables", "07-shared-text", references=str(tmp_path / "elsewhere"))
    assert run.texts.compute("matches", None)["other_doc"].tolist() == ["central (reference)"]
    with pytest.raises(CrosscityError, match="references is ''"):
        run_of(tmp_path / "tables", "07-shared-text").texts.compute("matches", None)


def test_facts_of_documents_that_took_no_part_are_not_passed_over(odd, tmp_path):
    values = check_parameters({"only": {"city": "朝阳"}})
    export.export(odd / "corpus-tables", tmp_path / "edition", parameters=values)
    build(tmp_path / "edition", tmp_path / "tables", progress=False)
    run_of(tmp_path / "tables", only={"city": "朝阳"}).texts.compute("indicators", None)
    with pytest.raises(CrosscityError, match="indicators was found without 'a', which did not take part"):
        run_of(tmp_path / "tables").texts.compute("indicators", None)


def test_formulas_are_left_out_where_units_are_documents_too(alike):
    run = run_of(alike / "derived", "09-robustness", by="unit")
    own = run.paragraphs(["body"])
    own["doc_id"] = run.document_ids(own)
    assert run.texts.formulas(own)[1].sum() >= 6 * 10


def test_an_export_removes_nothing_that_another_put_there(odd, tmp_path):
    export.export(odd / "corpus-tables", tmp_path / "mine")
    (tmp_path / "mine" / "README.md").write_text("of mine", encoding="utf-8")
    export.export(odd / "corpus-tables", tmp_path / "mine")
    assert (tmp_path / "mine" / "README.md").read_text(encoding="utf-8") == "of mine"
    assert len(list((tmp_path / "mine").iterdir())) > len(TABLES)


def test_an_export_that_cannot_be_put_in_place_leaves_the_one_before(odd, tmp_path, monkeypatch):
    made = export.export(odd / "corpus-tables", tmp_path / "mine")
    replace = os.replace

    def fails(one, other):
        if str(one).endswith(HALF):
            raise OSError(28, "No space left on device")
        replace(one, other)

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="No space"):
        export.export(odd / "corpus-tables", tmp_path / "mine")
    assert all(path.is_file() for path in made)


def test_tables_without_phrases_are_not_read_for_runs(monkeypatch):
    read = []
    making = redaction._quoting
    monkeypatch.setattr(redaction, "_quoting", lambda frame, *of: read.append(list(frame)) or making(frame, *of))
    text = "渔港码头新建冷库三座并向全县渔民开放使用"
    frames = {
        "counts": pd.DataFrame({"term": [text]}),
        "cut": pd.DataFrame({"name": [text]}),
        "left": pd.DataFrame({"name": ["茶园"]}),
    }
    made = redaction.redact_runs(frames, [text])
    assert made["cut"]["name"].tolist() == [f"{text[:7]}…{text[-7:]}"]
    assert read == [["name"], ["name"], ["name"]]  # both once, and again the one that changed


@pytest.mark.parametrize("own", [False, True])
def test_questions_are_told_by_what_they_ask(odd, tmp_path, own):
    named = "report"
    if own:
        shutil.copyfile(PROJECT / "lib/crosscity/compare/resources" / "questions-report.yaml", tmp_path / "asked.yaml")
        named = str(tmp_path / "asked.yaml")
    export.export(odd / "corpus-tables", tmp_path / "edition", parameters=check_parameters({"questions": named}))
    assert str(tmp_path) not in (tmp_path / "edition" / "edition.json").read_text(encoding="utf-8")
    build(tmp_path / "edition", tmp_path / "tables", progress=False)
    run_of(tmp_path / "tables", questions=named).texts.compute("answers", None)
    with pytest.raises(CrosscityError, match="answers was found with"):
        run_of(tmp_path / "tables", questions="party").texts.compute("answers", None)


def test_questions_and_codings_count_from_the_folder_of_the_project(odd):
    run = run_of(odd / "corpus-tables", questions="params/asked.yaml", coding="data/coded")
    assert run["questions"] == str(PROJECT / "params" / "asked.yaml")
    assert run["coding"] == str(PROJECT / "data" / "coded")
    asked = questions.read_questions(run_of(odd / "corpus-tables", questions="report")["questions"])
    assert asked == questions.read_questions("report")
