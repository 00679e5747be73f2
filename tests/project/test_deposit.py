"""A deposit, and a reviewer who has nothing but its folder: the same bytes again, no sentence, valid descriptions.

The suite is copied with three of its notebooks, so that a run takes half a minute; all commands run in the copy.
"""

import csv
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import jsonschema
import pandas as pd
import pytest
import yaml
from crosscity import CrosscityError
from crosscity.language import in_language
from crosscity.project import deposit, deposit_readme, deposit_source
from crosscity.project.data_package import data_package, meaning
from crosscity.project.deposit_metadata import Description, crate
from crosscity.project.measured import MEASURED, measure, read_measured, write_measured
from crosscity.project.redaction import quotes, shows_quote, text_runs
from crosscity.project.verify import _outputs
from crosscity.tables import builder

from tests.conftest import PROJECT
from tests.helpers.chinese import english_left

NOTEBOOKS = ("01-corpus", "04-compare", "08-facts")
DOCUMENTS = ("朝阳", "合肥", "随州")
PARAMETERS = "permutations: 199\ndraws: 50\nmin_df: 2\nterms: 5\ncodebook: codebook.yaml\n"
AUTHORS = ("--author", "Li, Na (0000-0002-1825-0097)", "--author", "Müller, Jörg", "--date", "2026-12-31")
SOURCE = ("--source", "downloaded from the cities' own sites in May 2026.")
MARK = re.compile("[。！？；\n]")
NOT_CHINESE = re.compile("[^\u4e00-\u9fff]")


def call(*command, cwd):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "CROSSCITY", "PYTHON"))}
    done = subprocess.run(command, cwd=cwd, env=kept, capture_output=True, text=True, timeout=1800, check=False)
    return done.returncode, done.stdout + done.stderr


class Suite:
    """A copy of the suite, a study of three documents beside it, and its finished run."""

    def __init__(self, root):
        self.root, self.code = root, root / "suite"
        for name, path in deposit_source.code_files().items():
            if path.suffix != ".ipynb" or path.stem in NOTEBOOKS:
                (self.code / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, self.code / name)
        self.study, self.corpus = root / "研究 study", root / "研究 study" / "corpus"
        self.corpus.mkdir(parents=True)
        rows = (PROJECT / "data/raw/corpus.csv").read_text(encoding="utf-8").splitlines()
        kept = [f"{rows[0]},rights", *(f"{r}," for r in rows[1:] if r.startswith(DOCUMENTS))]
        (self.corpus / "corpus.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
        for name in DOCUMENTS:
            shutil.copy(PROJECT / "data/raw" / f"{name}.txt", self.corpus)
        (self.study / "params.yaml").write_text(PARAMETERS, encoding="utf-8")
        shutil.copy(PROJECT / "lib/crosscity/facts/resources/codebook-party.yaml", self.study / "codebook.yaml")
        self.results = self.study / "results"
        status, said = self.make(f"CORPUS={self.corpus}", f"OUT={self.results}", f"PARAMS={self.study}/params.yaml")
        assert status == 0, said

    def make(self, *arguments, folder=None):
        return call("make", "-j2", f"PYTHON={sys.executable}", *arguments, cwd=folder or self.code)

    def crosscity(self, *arguments):
        command = "import sys; sys.path.insert(0, 'lib'); from crosscity.cli import main; main()"
        return call(sys.executable, "-X", "utf8", "-c", command, *map(str, arguments), cwd=self.code)

    def deposit(self, out, *arguments):
        status, said = self.crosscity("deposit", self.results, out, *AUTHORS, *arguments)
        assert status == 0, said
        return out


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return Suite(tmp_path_factory.mktemp("deposits"))


@pytest.fixture(scope="module")
def with_text(suite):
    return suite.deposit(suite.root / "with text", "--corpus", suite.corpus, "--rights", "CC BY 4.0", *SOURCE)


@pytest.fixture(scope="module")
def without_text(suite):
    return suite.deposit(suite.root / "without text", "--jobs", "2")


def tree(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def commands(folder):
    """The commands of the README's section Steps."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    return re.search(r"## (?:Instructions for replicators|复现步骤)\n.*?```\n(.*?)```", text, re.DOTALL)[1]


def run_again(folder, target):
    """A reviewer copies the folder and types what the README says; packages come from here, and not from a network."""
    shutil.copytree(folder, target)
    typed = commands(target).replace("make -C code", f"make -C code PYTHON='{sys.executable}'")
    assert typed.startswith(("make -C code", "mkdir"))
    return call("bash", "-euc", typed, cwd=target)


def sentences():
    """Every sentence of the documents that has sixteen Chinese characters or more, by these."""
    found = set()
    for name in DOCUMENTS:
        text = (PROJECT / "data/raw" / f"{name}.txt").read_bytes().decode("utf-8", "replace")
        found |= {NOT_CHINESE.sub("", part) for part in MARK.split(text)}
    return {sentence for sentence in found if len(sentence) >= 16}


def quoting(folder):
    """Files of a deposit, but for the code, in which a sentence of the documents stands."""
    known, found = sentences(), []
    for name, data in tree(folder).items():
        if not name.startswith("code/"):
            text = NOT_CHINESE.sub("", data.decode("utf-8", "replace"))
            found += [name] if any(sentence in text for sentence in known) else []
    return found


def test_a_reviewer_gets_the_same_bytes_from_the_folder_with_documents(with_text, tmp_path):
    status, said = run_again(with_text, tmp_path / "reviewer")
    assert status == 0, said
    lines = (with_text / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert said.count(": OK") == len(lines) > 50
    again = tree(tmp_path / "reviewer/again/reports")
    deposited = {name: data for name, data in tree(with_text / "results").items() if name != "manifest.json"}
    assert {name: again[name] for name in deposited} == deposited
    summed = {line.split("  ", 1)[1] for line in lines}
    assert {n.rpartition(".")[2] for n in set(deposited) - summed} == {"pdf", "md"}
    left = {n for n in again if not n.endswith((".html", ".ipynb")) and "/." not in f"/{n}"} - set(deposited)
    assert left == {"manifest.json"}, "all that is no page is deposited"


def test_a_reviewer_gets_the_same_bytes_from_the_folder_without_text(without_text, tmp_path):
    status, said = run_again(without_text, tmp_path / "reviewer")
    assert status == 0, said
    assert said.count(": OK") == len((without_text / "SHA256SUMS").read_text(encoding="utf-8").splitlines()) > 50
    # What is not the same is seen.
    figure = next((tmp_path / "reviewer/again/reports/04-compare").glob("*.svg"))
    figure.write_bytes(figure.read_bytes() + b" ")
    status, said = call("sha256sum", "-c", "../../SHA256SUMS", cwd=tmp_path / "reviewer/again/reports")
    assert status == 1
    assert f"{figure.name}: FAILED" in said


def test_without_rights_no_sentence_goes_along(with_text, without_text):
    assert len(sentences()) > 30
    assert quoting(without_text) == []
    assert "data/documents/朝阳.txt" in quoting(with_text), "where there are sentences, they are found"
    assert not list(without_text.glob("data/*/*.txt"))
    assert (without_text / "data/edition/edition.json").is_file()
    # Collocations need the order of words: their figure is the one that the documents gave.
    of_text = tree(without_text / "results-of-text")
    assert "04-compare/collocations-figure.png" in of_text
    readme = (without_text / "README.md").read_text(encoding="utf-8")
    assert "(results-of-text/04-compare/collocations-figure.png)" in readme


def test_figures_that_need_no_text_are_those_of_the_run(suite, without_text):
    first = tree(suite.results / "reports")
    figures = {n: d for n, d in tree(without_text / "results").items() if n.endswith(".png")}
    same = [name for name, data in figures.items() if first[name] == data]
    assert "04-compare/distinctive-terms.png" in same
    assert len(same) > len(figures) / 2
    others = tree(without_text / "results-of-text")
    assert all(first[name] == data for name, data in others.items())
    listed = (without_text / "README.md").read_text(encoding="utf-8")
    for name in {n for n in first if n.endswith(".png")} - set(same):
        assert name in others or name.removesuffix(".png") in listed, name


def test_two_deposits_of_a_run_have_the_same_bytes(suite, with_text):
    again = suite.deposit(suite.root / "again", "--corpus", suite.corpus, "--rights", "CC BY 4.0", *SOURCE)
    assert tree(again) == tree(with_text)
    # A second one takes the place of the first, and files of one's own stay in it.
    (again / "cover-letter.txt").write_text("mine", encoding="utf-8")
    suite.deposit(again, "--corpus", suite.corpus, "--rights", "CC BY 4.0", "--title", "Another")
    assert (again / "cover-letter.txt").read_text(encoding="utf-8") == "mine"
    assert (again / "README.md").read_text(encoding="utf-8").startswith("# Another\n")


def test_nothing_in_it_names_this_machine(suite, with_text, without_text):
    names = [str(suite.root), str(PROJECT), f"{tempfile.gettempdir()}/"]
    for folder in (with_text, without_text):
        found = [n for n, d in tree(folder).items() for name in names if name.encode() in d]
        assert found == []


@pytest.mark.parametrize("kind", ["with_text", "without_text"])
def test_the_data_package_is_valid_and_every_column_has_a_meaning(kind, request):
    folder = request.getfixturevalue(kind)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    profile = PROJECT / "tests/helpers/tabular-data-package.json"  # the published one, without its examples; MIT
    jsonschema.validate(package, json.loads(profile.read_text(encoding="utf-8")))
    resources = {r["path"]: r for r in package["resources"]}
    there = {n for n in tree(folder) if n.endswith(".csv") and n.startswith(("data/", "results"))}
    assert set(resources) == {n for n in there if not n.startswith("data/documents/")}
    kinds = {"integer": int, "number": float, "boolean": {"True", "False"}.__contains__, "array": json.loads}
    for path, resource in resources.items():
        data = (folder / path).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        head, *rows = csv.reader(data.decode("utf-8-sig").splitlines(keepends=True))
        fields = resource["schema"]["fields"]
        assert [f["name"] for f in fields] == head
        for i, field in enumerate(fields):
            assert field["description"].strip(), (path, field)
            cells = [row[i] for row in rows]
            assert all(cells) or not field.get("constraints"), (path, field)
            if field["type"] in kinds:
                assert all(kinds[field["type"]](cell) is not False for cell in cells if cell), (path, field)
    if importlib.util.find_spec("frictionless"):
        from frictionless import Package

        assert Package(str(folder / "datapackage.json")).validate().valid


@pytest.mark.parametrize("kind", ["with_text", "without_text"])
def test_the_crate_names_what_is_there_and_what_made_it(kind, request):
    folder = request.getfixturevalue(kind)
    made_of = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert made_of["@context"] == "https://w3id.org/ro/crate/1.1/context"
    entities = {e["@id"]: e for e in made_of["@graph"]}
    assert len(entities) == len(made_of["@graph"])
    descriptor, root = entities["ro-crate-metadata.json"], entities["./"]
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert root["conformsTo"] == {"@id": "https://w3id.org/ro/wfrun/process/0.5"}
    assert root["datePublished"] == "2026-12-31"

    def links(value):
        if isinstance(value, dict):
            yield from [value["@id"]] if set(value) == {"@id"} else [x for v in value.values() for x in links(v)]
        elif isinstance(value, list):
            yield from (x for v in value for x in links(v))

    assert {x for e in made_of["@graph"] for x in links(e)} <= {*entities, "https://w3id.org/ro/crate/1.1"}
    files = [e["@id"] for e in made_of["@graph"] if "File" in e["@type"]]
    assert all((folder / name).is_file() for name in files)
    assert {x["@id"] for x in root["hasPart"]} >= set(files)
    assert {n for n in tree(folder) if n.startswith(("data/", "results", "study/"))} <= set(files)
    made = {n for n in tree(folder / "results") if "/" in n}
    actions = [e for e in made_of["@graph"] if e["@type"] == "CreateAction"]
    assert [a["instrument"]["@id"] for a in actions] == [f"code/notebooks/{n}.ipynb" for n in NOTEBOOKS]
    assert {x["@id"] for a in actions for x in a["result"]} == {f"results/{n}" for n in made}
    assert all({"@id": f"data/{'documents' if kind == 'with_text' else 'edition'}/"} in a["object"] for a in actions)
    assert root["mentions"] == [{"@id": a["@id"]} for a in actions]


def test_authors_licence_and_date_are_the_same_everywhere(with_text):
    cff = yaml.safe_load((with_text / "CITATION.cff").read_text(encoding="utf-8"))
    assert cff["cff-version"] == "1.2.0"
    assert cff["type"] == "dataset"
    assert cff["authors"] == [
        {"family-names": "Li", "given-names": "Na", "orcid": "https://orcid.org/0000-0002-1825-0097"},
        {"family-names": "Müller", "given-names": "Jörg"},
    ]
    assert cff["license"] == "CC-BY-4.0"
    assert str(cff["date-released"]) == "2026-12-31"
    zenodo = json.loads((with_text / ".zenodo.json").read_text(encoding="utf-8"))
    assert zenodo["creators"] == [{"name": "Li, Na", "orcid": "0000-0002-1825-0097"}, {"name": "Müller, Jörg"}]
    assert (zenodo["upload_type"], zenodo["license"]) == ("dataset", "cc-by-4.0")
    assert zenodo["publication_date"] == "2026-12-31"
    software = json.loads((with_text / "codemeta.json").read_text(encoding="utf-8"))
    manifest = json.loads((with_text / "results/manifest.json").read_text(encoding="utf-8"))
    required = {r["name"]: r["version"] for r in software["softwareRequirements"]}
    assert required == manifest["packages"]
    assert software["version"] == manifest["crosscity"]


def test_the_readme_says_what_data_editors_ask_for(suite, with_text):
    text = (with_text / "README.md").read_text(encoding="utf-8")
    heads = re.findall("^## (.*)$", text, re.MULTILINE)
    assert heads == [
        "Overview",
        "Data availability and provenance",
        "Computational requirements",
        "Description of programs",
        "Instructions for replicators",
        "List of tables and figures",
        "References",
        "What is in this folder",
    ]
    for link in re.findall(r"\]\(([^)]+)\)", text):
        assert (with_text / link).is_file() or f"## {link[1:].replace('-', ' ').capitalize()}" in text, link
    n_files = len((with_text / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert f"compares {n_files} files of tables and figures" in text
    assert "How they were obtained: downloaded from the cities' own sites in May 2026." in text
    assert "the parameter `seed`, which is 1 here" in text
    assert "may be passed on: CC BY 4.0." in text
    steps = read_measured(suite.results / "reports")["steps"]
    assert set(steps) == {"tables", *NOTEBOOKS}
    for name, step in steps.items():
        assert f"| {name} | {step['seconds']:,.1f} | {step['megabytes']:,} |" in text
    figures = [line for line in text.splitlines() if line.startswith("| Figure ")]
    assert len(figures) == len(list((with_text / "results").glob("*/*.png")))


def test_what_was_measured_is_in_no_file_that_is_compared(suite):
    assert (suite.results / "reports" / MEASURED).is_file()
    assert not [name for name in _outputs(suite.results) if "measured" in name]
    manifest = (suite.results / "reports/manifest.json").read_text(encoding="utf-8")
    assert "megabytes" not in manifest


def test_a_step_is_measured_unless_it_fails(tmp_path):
    with measure(tmp_path, "01-corpus"):
        held = bytearray(30_000_000)
    with pytest.raises(ValueError), measure(tmp_path, "02-terms"):  # noqa: PT011
        raise ValueError
    del held
    write_measured(tmp_path, tmp_path)
    about = read_measured(tmp_path)
    assert list(about["steps"]) == ["01-corpus"]
    assert about["steps"]["01-corpus"]["megabytes"] > 30
    assert about["machine"]["cores"] == os.cpu_count()
    (tmp_path / MEASURED).write_text("[]", encoding="utf-8")
    assert read_measured(tmp_path) == {"machine": {}, "steps": {}}


# Errors


@pytest.fixture
def copied(suite, tmp_path, monkeypatch):
    """A copy of the results, to spoil; the code is taken for that which made them."""
    shutil.copytree(suite.results, tmp_path / "results")
    manifest = json.loads((suite.results / "reports/manifest.json").read_text(encoding="utf-8"))
    monkeypatch.setattr(deposit_source, "code_version", lambda: manifest["code"])
    return tmp_path / "results"


def refused(folder, out, match, corpus=None, **stated):
    about = deposit.Stated(**{"authors": ("Li, Na",), "date": "2026-12-31"} | stated)
    with pytest.raises(CrosscityError, match=match):
        deposit.write_deposit(folder, out, about, corpus)
    assert not out.exists()


def test_a_folder_without_a_finished_run_is_refused(copied, tmp_path):
    out = tmp_path / "deposit"
    refused(tmp_path / "nowhere", out, "holds no results")
    refused(tmp_path / "results/processed", out, "holds no results")
    (copied / "reports/manifest.json").rename(tmp_path / "manifest.json")
    refused(copied, out, "is not finished: run make|is not finished; run make")
    (copied / "reports/manifest.json").write_text("{}", encoding="utf-8")
    refused(copied, out, "is not the record of a run")


def test_a_run_is_found_by_its_study_its_results_and_its_reports(copied, tmp_path):
    (tmp_path / "suite/data").mkdir(parents=True)  # as OUT=. has it
    shutil.copytree(copied / "processed", tmp_path / "suite/data/processed")
    shutil.copytree(copied / "reports", tmp_path / "suite/reports")
    places = {copied: copied, tmp_path: copied, copied / "reports": copied, tmp_path / "suite": tmp_path / "suite"}
    for given, home in places.items():
        assert deposit_source.find_run(given).reports == home / "reports"
    assert deposit_source.find_run(tmp_path / "suite").tables == tmp_path / "suite/data/processed"


def test_results_that_are_not_as_they_were_made_are_refused(copied, tmp_path):
    out = tmp_path / "deposit"
    table = copied / "reports/04-compare/keyness.csv"
    kept = table.read_bytes()
    table.write_bytes(kept + b"x\n")
    refused(copied, out, r"keyness\.csv: not as the run made it.*run make again")
    table.write_bytes(kept)
    tables = copied / "processed/themes.parquet"
    tables.rename(tmp_path / "themes.parquet")
    refused(copied, out, r"themes\.parquet: not as the run made it")


def test_a_notebook_that_failed_is_named(copied, tmp_path):
    path = copied / "reports/manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["runs"][1]["failed"] = True
    path.write_text(json.dumps(manifest), encoding="utf-8")
    refused(copied, tmp_path / "deposit", "04-compare did not finish")


def test_results_of_other_code_are_refused(copied, tmp_path, monkeypatch):
    code = deposit_source.code_version()
    monkeypatch.setattr(deposit_source, "code_version", lambda: code | {"library": "0" * 64})
    refused(copied, tmp_path / "deposit", r"another version of crosscity \(library changed since\)")


def test_text_goes_along_only_where_its_rights_are_stated(suite, copied, tmp_path):
    refused(copied, tmp_path / "deposit", "nothing says that the text of .*合肥.* may be passed on", suite.corpus)


def test_documents_of_another_run_are_refused(suite, copied, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(suite.corpus, other)
    (other / "合肥.txt").write_text("合肥，另一份文件。", encoding="utf-8")
    refused(copied, tmp_path / "deposit", r"does not hold the documents of this run \(合肥\)", other, rights="CC0")


@pytest.mark.parametrize(
    ("stated", "match"),
    [
        ({"date": "today"}, "give the day of publication as in 2026-12-31"),
        ({"licence": "by nc"}, "SPDX identifier"),
        ({"authors": ()}, "at least one author"),
        ({"authors": ("Li, Na (0000-0002-1825-0098)",)}, "is no ORCID"),
        ({"authors": (", Na",)}, "names no author"),
    ],
)
def test_what_is_stated_wrongly_is_said(tmp_path, stated, match):
    refused(tmp_path, tmp_path / "deposit", match, **stated)


def test_a_folder_in_the_way_stays(copied, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/chapter.txt").write_text("mine", encoding="utf-8")
    about = deposit.Stated(("Li, Na",), "2026-12-31")
    with pytest.raises(CrosscityError, match="crosscity deposit did not make it"):
        deposit.write_deposit(copied, tmp_path / "thesis", about)
    assert tree(tmp_path / "thesis") == {"chapter.txt": b"mine"}


# Parts


def test_orcids_have_a_check_digit():
    """The first two are examples of the ORCID organisation's own documentation."""
    author = deposit_source.checked_author
    assert author("Carberry, Josiah (0000-0002-1825-0097)") == ("Carberry", "Josiah", "0000-0002-1825-0097")
    assert author("X (https://orcid.org/0000-0002-1694-233X)") == ("X", "", "0000-0002-1694-233X")
    assert author("朝阳市委") == ("朝阳市委", "", "")
    for wrong in ("0000-0002-1825-009X", "0000-0002-1825-00", "00000002-1825-0097-1", "abcd-0002-1825-0097"):
        with pytest.raises(CrosscityError, match="no ORCID"):
            author(f"A, B ({wrong})")


def test_an_edition_comes_back_from_its_tables_to_the_byte(tmp_path):
    folder = PROJECT / "data/derived/five-cities"
    builder.build(folder, tmp_path / "processed", progress=False)
    run = deposit_source.Run(tmp_path / "processed", tmp_path, {})
    texts = deposit_source.edition_texts(run, None)
    assert {name: text.encode() for name, text in texts.items()} == {
        p.name: p.read_bytes() for p in folder.glob("[!.]*") if p.name in texts
    }
    assert {"corpus.csv", "counts.csv", "passages.csv", "edition.json"} <= set(texts)
    kept = tmp_path / "processed/of-text/passages.csv"
    kept.write_text(kept.read_text(encoding="utf-8") + "x\n", encoding="utf-8")
    with pytest.raises(CrosscityError, match=r"cannot be had from these tables \(passages\.csv\): give its folder"):
        deposit_source.edition_texts(run, None)
    assert deposit_source.edition_texts(run, folder) == texts


def test_rights_are_each_documents_own_or_those_of_all():
    corpus = pd.DataFrame({"doc_id": ["a", "b"], "rights": ["CC0 ", None]})
    assert list(deposit_source.stated_rights(corpus, "CC BY")) == ["CC0", "CC BY"]
    with pytest.raises(CrosscityError, match="the text of b may be passed on"):
        deposit_source.check_rights(corpus, "")
    assert list(deposit_source.stated_rights(corpus[["doc_id"]], "")) == ["", ""]


def test_types_of_columns_are_those_of_the_contract_or_of_all_cells(tmp_path):
    (tmp_path / "programmes.csv").write_text('doc_id,components\na,"[""一"", ""二""]"\n', encoding="utf-8")
    (tmp_path / "r.csv").write_text("n,x,b,t,'=k\n1,1.5,True,1a,2\n-2,,False,,\n", encoding="utf-8")
    package = data_package(tmp_path, ["programmes.csv", "r.csv"], {}, {"programmes.csv": "programmes"})
    one, two = ({f["name"]: f["type"] for f in r["schema"]["fields"]} for r in package["resources"])
    assert one == {"doc_id": "string", "components": "array"}
    assert two == {"n": "integer", "x": "number", "b": "boolean", "t": "string", "'=k": "integer"}
    assert package["resources"][0]["schema"]["fields"][0]["constraints"] == {"required": True}
    assert meaning("doc_type", "corpus").startswith("type of document, as corpus.csv states it")
    assert meaning("encoding", "corpus") == "found out from the bytes; see cleaning.md"
    assert meaning("region", "corpus") == "region, as it stands in corpus.csv"


def test_a_table_that_parameters_name_loses_what_quotes(tmp_path):
    runs = {"一二三四五六七八九十甲乙丙丁戊己"}
    text = "id,text\n1,一二三四五六七八九十，甲乙丙丁戊己。\n2,短\n"
    for name in ("key.csv", "notes.txt"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    deposit._copy_without_quotes(tmp_path / "key.csv", tmp_path / "out.csv", runs)
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "id,text\n1,一二三四五六七…甲乙丙丁戊己。\n2,短\n"
    with pytest.raises(CrosscityError, match=r"notes\.txt may quote the documents"):
        deposit._copy_without_quotes(tmp_path / "notes.txt", tmp_path / "out.txt", runs)


def test_a_sentence_in_pieces_is_a_quote_and_a_list_of_names_is_none():
    sentence = "全市固定资产投资增长一般公共预算收入增长居民收入增长进出口总额增长"  # 33 characters
    runs = text_runs([sentence])
    assert quotes(sentence[:16], runs)
    assert not quotes(sentence[:15], runs)
    assert quotes("、".join(sentence[:16]), runs), "marks between the characters change nothing"
    lines = [sentence[i : i + 8] for i in range(0, 33, 8)]
    assert shows_quote("<!-- " + " -->\n<!-- ".join(lines) + " -->", runs)
    assert not shows_quote("固定资产投资增长\n一般公共预算收入\n居民收入", runs), "fewer than 32, over several lines"
    assert shows_quote("城市,指标\n合肥,固定资产投资增长一般公共预算收入\n", runs)


def test_names_of_files_are_addresses_in_the_crate():
    about = Description("T", "S", (("Li", "Na", ""),), "2026-12-31", "CC0-1.0", "R")
    manifest = {"platform": {"python": "3.11.7"}, "crosscity": "0.1.0", "code": {}}
    made = crate(about, manifest, {"data/documents/工作 报告#1 100%.txt": 3}, {"data/documents/": "All."}, [])
    files = [e for e in made["@graph"] if e["@type"] == "File"]
    assert [(e["@id"], e["name"]) for e in files] == [
        ("data/documents/工作%20报告%231%20100%25.txt", "工作 报告#1 100%.txt")
    ]
    root = next(e for e in made["@graph"] if e["@id"] == "./")
    assert {"@id": files[0]["@id"]} in root["hasPart"]
    assert root["author"] == {"@id": "#author-1"}


def test_titles_cannot_break_the_readme():
    assert deposit_readme.plain_markdown("a|b\n# <i>*c*") == r"a\|b \# \<i\>\*c\*"


@pytest.mark.parametrize("kind", ["documents", "edition"])
def test_in_chinese_the_readme_says_the_same(kind):
    about = Description("题目", "说明。", (("李", "娜", ""),), "2026-12-31", "CC-BY-4.0", "权利说明。")
    manifest = {
        "platform": {"python": "3.11.7", "system": "Linux", "machine": "x86_64", "libc": "glibc 2.36"},
        "crosscity": "0.1.0",
        "code": {"library": "0" * 64, "commit": "1" * 40, "changed": True},
        "not_as_locked": {"numpy": "2.0 (2.1)"},
        "runs": [{"id": "04-compare"}],
        "documents": [{"doc_id": d, "left_out": r} for d, r in (("a|b", ""), ("c", "一份"), ("d", "一份"))],
        "parameters": {"seed": 7},
    }
    row = {"doc_id": "a|b", "title": "题", "year": 2024, "publisher": "", "rights": ""}
    figure = deposit_readme.Exhibit("图 1", "词", "04-compare", "results/04-compare/tree.png")
    parts = {
        "kind": kind,
        "fresh": kind == "edition",
        "documents": [row] * 23,
        "exhibits": [figure],
        "of_text": [figure] if kind == "edition" else [],
        "withheld": ["08-facts/matrix"] if kind == "edition" else [],
        "named": ["codebook.yaml"],
        "answers": True,
        "n_files": 512,
        "megabytes": 64,
        "source": "",
    }
    measured = {"machine": {"cores": 2, "megabytes": 24106}, "steps": {"tables": {"seconds": 3.5, "megabytes": 1260}}}
    english = deposit_readme.readme(about, manifest, measured=measured, **parts)
    with in_language("zh"):
        chinese = deposit_readme.readme(about, manifest, measured=measured, **parts)
    blocks = [re.findall("```\n(.*?)```", text, re.DOTALL) for text in (english, chinese)]
    assert blocks[0] == blocks[1]
    assert f"CORPUS=../data/{kind} " in blocks[0][0]
    assert "cp -R study/answers again/answers" in blocks[0][0]
    shapes = [
        [re.sub("[^|#]", "", line) for line in text.splitlines() if line[:1] in "|#"] for text in (english, chinese)
    ]
    assert shapes[0] == shapes[1]
    assert english.count(r"| a\|b |") == 20
    numbers = [set(re.findall("[0-9][0-9.,]*", text)) for text in (english, chinese)]
    assert {"1,260", "24,106", "3.5", "512", "64"} <= numbers[0] & numbers[1]
    assert "c, d take no part in comparisons: 一份. " in english
    assert "c、d不参与比较：一份。" in chinese
    assert not re.search("undefined|None|Undefined", english + chinese)
    words = set(english_left(re.sub("```.*?```|`[^`]*`|\\(code[^)]*\\)", "", chinese, flags=re.DOTALL)))
    names = "MIT Python Linux x glibc make crosscity SHA MB GB macOS CSV PDF OK CC BY numpy compare results tree png"
    names += " facts matrix shasum sha sum c d csv corpus"
    assert words <= {*names.split(), "Makefile", "tables", "codebook", "yaml", "a", "b", "code", "notebooks", "ipynb"}
