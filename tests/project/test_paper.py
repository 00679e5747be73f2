"""What a paper takes from a report: tables, numbers and figures by name, from a report made by hand."""

import itertools
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.project import citations
from crosscity.project.citations import in_braces
from crosscity.project.paper import write_paper
from PIL import Image

KEYNESS = """group,term,count,log_ratio,year,note
合肥,50%_a & b,12000,3.625,2014,demonstration text
合肥,'=1+1,3,-0.5,2015,demonstration text
随州,服务,1,,2016,demonstration text
"""
DOCUMENTS = """doc_id,title,label,group,year,genre,note
a,题目,合肥,合肥,2014,news feature,x
b,,合肥,合肥,2014,,x
c,{brace},朝阳,朝阳,,report,x
"""


@pytest.fixture
def reports(tmp_path):
    """A report of one comparison: two figures, one of them narrow, and a table."""
    folder = tmp_path / "reports"
    for name, text in (
        ("04-compare/keyness", KEYNESS),
        ("04-compare/map", "x\n1\n"),
        ("01-corpus/documents", DOCUMENTS),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    for name, dots in (("map", 1440), ("tree", 700)):
        about = {"name": name, "title": f"A {name} of 50%", "alt": "dots & lines", "notes": ["demonstration text"]}
        (folder / "04-compare" / f"{name}.json").write_text(json.dumps(about), encoding="utf-8")
        Image.new("RGB", (dots, 20)).save(folder / "04-compare" / f"{name}.png", dpi=(200, 200))
        (folder / "04-compare" / f"{name}.pdf").write_bytes(b"%PDF")
    for run, figures in (("04-compare", ["map", "tree"]), ("01-corpus", [])):
        (folder / run / "findings.json").write_text(json.dumps({"figures": figures}), encoding="utf-8")
    documents = [
        {"left_out": "", "n_chars": 1000, "n_paragraphs": 7},
        {"left_out": "", "n_chars": 234, "n_paragraphs": 1},
    ]
    manifest = {
        "documents": [*documents, {"left_out": "a copy", "n_chars": 5, "n_paragraphs": 1}],
        "parameters": {"seed": 1, "draws": 200, "language": "en"},
        "runs": [{"id": "01-corpus"}, {"id": "04-compare"}],
        "outputs": {r: {p.name: "" for p in (folder / r).iterdir()} for r in ("01-corpus", "04-compare")},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for name in ("references.bib", "methods.md"):
        (folder / name).write_text(f"{name}\n", encoding="utf-8")
    return folder


def spec(tmp_path, text):
    path = tmp_path / "paper.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def told(out):
    return {name: n["text"] for name, n in json.loads((out / "numbers.json").read_text(encoding="utf-8")).items()}


def test_without_a_specification_every_table_and_figure_is_there(reports, tmp_path):
    out = tmp_path / "paper"
    made = {path.relative_to(out).as_posix() for path in write_paper(reports, out)}
    assert made == {p.relative_to(out).as_posix() for p in out.rglob("[!.]*") if p.is_file()}
    assert {"figures/04-compare-map.pdf", "figures/04-compare-tree.png", "references.bib", "methods.md"} <= made
    tables = {p.name for p in (out / "tables").iterdir()}
    assert tables == {f"{n}.{s}" for n in ("04-compare-keyness", "01-corpus-documents") for s in ("tex", "html", "csv")}
    assert told(out) == {
        "documents": "2", "documents-left-out": "1", "characters": "1,234", "paragraphs": "8", "draws": "200",
        "seed": "1",
    }  # fmt: skip


def test_latex_is_escaped_and_its_braces_are_even(reports, tmp_path):
    out = tmp_path / "paper"
    write_paper(reports, out)
    table = (out / "tables" / "04-compare-keyness.tex").read_text(encoding="utf-8")
    assert r"合肥 & 50\%\_\allowbreak{}a \& b & 12,000 & 3.62 \\" in table
    assert r"合肥 & =1+1 & 3 & -0.5 \\" in table  # the spreadsheet's apostrophe is gone
    assert r"随州 & 服务 & 1 & – \\" in table
    assert r"group & term & count & log ratio \\" in table
    assert r"\caption{Distinctive terms}" in table
    assert "note" not in table
    for path in out.rglob("*.tex"):
        text = re.sub(r"\\[{}]", "", path.read_text(encoding="utf-8"))
        assert text.count("{") == text.count("}"), path.name


def test_a_table_of_one_group_says_of_which_and_documents_go_by_their_labels(reports, tmp_path):
    manifest = json.loads((reports / "manifest.json").read_text(encoding="utf-8"))
    manifest["runs"][1]["parameters"] = {"group": "合肥"}
    (reports / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (reports / "04-compare" / "outline.csv").write_text("doc_id,section,n_chars\na,一,1200\n", encoding="utf-8")
    manifest["outputs"]["04-compare"]["outline.csv"] = ""
    (reports / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    out = tmp_path / "paper"
    write_paper(reports, out)
    table = (out / "tables" / "04-compare-outline.tex").read_text(encoding="utf-8")
    assert r"\caption{合肥: Sections of the documents}" in table
    assert r"合肥 & 一 & 1,200 \\" in table


def test_tables_that_are_empty_or_of_the_method_alone_are_left_out_unless_named(reports, tmp_path):
    manifest = json.loads((reports / "manifest.json").read_text(encoding="utf-8"))
    for name, text in (("error-rates", "method,any\nours,0.05\n"), ("distances", "a,b,distance\n")):
        (reports / "04-compare" / f"{name}.csv").write_text(text, encoding="utf-8")
        manifest["outputs"]["04-compare"][f"{name}.csv"] = ""
    (reports / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    out = tmp_path / "paper"
    write_paper(reports, out)
    assert {p.stem for p in (out / "tables").iterdir()} == {"04-compare-keyness", "01-corpus-documents"}
    write_paper(reports, out, spec(tmp_path, "tables:\n  errors: {from: 04-compare/error-rates}\n"))
    assert r"ours & 5.0\% \\" in (out / "tables" / "errors.tex").read_text(encoding="utf-8")


def test_a_figure_is_as_wide_as_it_was_drawn(reports, tmp_path):
    out = tmp_path / "paper"
    write_paper(reports, out)
    wide, narrow = (out / "figures.tex").read_text(encoding="utf-8").split("\n\n")
    assert wide.startswith(r"\begin{figure*}")
    assert r"[width=\textwidth, height=0.84\textheight, keepaspectratio, alt={dots \& lines}]" in wide
    assert "]{figures/04-compare-map.pdf}" in wide
    assert r"\caption{A map of 50\%. Demonstration text.}" in wide
    assert narrow.startswith(r"\begin{figure}")
    assert r"width=\columnwidth" in narrow
    assert r"\label{fig:04-compare-tree}" in narrow


def test_documents_have_keys_to_cite_by(reports, tmp_path):
    write_paper(reports, tmp_path / "paper")
    assert (tmp_path / "paper" / "documents.bib").read_text(encoding="utf-8").splitlines() == [
        "@misc{hefei2014, title = {题目}, year = {2014}, note = {news feature}}",
        "@misc{hefei2014-2, title = {b}, year = {2014}}",
        r"@misc{chaoyang, title = {{\textbraceleft}brace{\textbraceright}}, note = {report}}",
    ]


def test_what_is_cited_is_csl_json_as_well(reports, tmp_path):
    (reports / "references.bib").write_text(
        "@article{dunning1993, author = {Dunning, Ted}, title = {Accurate methods}, journal = {Computational "
        "Linguistics}, volume = {19}, number = {1}, year = {1993}, pages = {61--74}}\n"
        "@software{jieba, author = {{The {jieba} developers} and Sun, Junyi}, title = {jieba}, year = {2020}}\n",
        encoding="utf-8",
    )
    write_paper(reports, tmp_path / "paper")
    documents, cited = (
        json.loads((tmp_path / "paper" / name).read_text(encoding="utf-8"))
        for name in ("documents.json", "references.json")
    )
    issued = {"date-parts": [[2014]]}
    assert documents == [
        {
            "id": "hefei2014",
            "type": "document",
            "title": "题目",
            "language": "zh",
            "issued": issued,
            "genre": "news feature",
        },
        {"id": "hefei2014-2", "type": "document", "title": "b", "language": "zh", "issued": issued},
        {"id": "chaoyang", "type": "document", "title": "{brace}", "language": "zh", "genre": "report"},
    ]
    assert cited == [
        {
            "id": "dunning1993", "type": "article-journal", "author": [{"family": "Dunning", "given": "Ted"}],
            "title": "Accurate methods", "container-title": "Computational Linguistics", "volume": "19", "issue": "1",
            "page": "61–74", "issued": {"date-parts": [[1993]]},
        },
        {
            "id": "jieba", "type": "software", "title": "jieba", "issued": {"date-parts": [[2020]]},
            "author": [{"literal": "The jieba developers"}, {"family": "Sun", "given": "Junyi"}],
        },
    ]  # fmt: skip


def test_every_reference_of_the_suite_is_an_item():
    text = (Path(citations.__file__).parent / "resources" / "references.bib").read_text(encoding="utf-8")
    items = json.loads(citations.bibtex_as_csl(text))
    assert [item["id"] for item in items] == re.findall(r"^@\w+{([^,]+)", text, re.MULTILINE)
    for item in items:
        assert {"author", "title", "issued"} <= set(item), item["id"]
        assert not re.search(r"[{}\\]|--", " ".join(v for v in item.values() if isinstance(v, str))), item["id"]


@pytest.mark.parametrize("title", ["一个{括号没有合上", "}, note = {x}} @misc{evil, title={", "}}}}", r"\{"])
def test_braces_of_a_title_end_no_entry_and_begin_none(title):
    made = in_braces(title)
    depths = list(itertools.accumulate((c == "{") - (c == "}") for c in made))
    assert min(depths, default=0) >= 0
    assert depths[-1] == 0


def test_numbers_and_tables_by_name(reports, tmp_path):
    named = spec(
        tmp_path,
        """
tables:
  first:
    {from: 04-compare/keyness, where: {group: 合肥}, columns: [term, log_ratio], rows: 1, decimals: 1, caption: A & B}
numbers:
  ratio: {from: 04-compare/keyness, where: {term: "50%_a & b"}, column: log_ratio, decimals: 2}
  most: {from: 04-compare/keyness, column: count, take: max}
  mean: {from: 04-compare/keyness, column: log_ratio, take: mean}
  rows: {from: 04-compare/keyness, where: {group: [合肥, 随州]}, take: count}
  term: {from: 04-compare/keyness, column: term, take: last}
  year: {from: 04-compare/keyness, column: year, take: first}
  none: {from: 04-compare/keyness, where: {group: 随州}, column: log_ratio}
figures: [04-compare/tree]
""",
    )
    out = tmp_path / "paper"
    write_paper(reports, out, named)
    # By hand: 3.625 to two places is 3.62 (half to even); the mean of 3.625 and -0.5 is 1.5625.
    wanted = {
        "ratio": "3.62",
        "most": "12,000",
        "mean": "1.5625",
        "rows": "3",
        "term": "服务",
        "year": "2014",
        "none": "–",
    }
    assert {name: text for name, text in told(out).items() if name in wanted} == wanted
    macros = (out / "numbers.tex").read_text(encoding="utf-8")
    assert r"\expandafter\def\csname crosscity-ratio\endcsname{3.62}" in macros
    assert (out / "tables" / "first.tex").read_text(encoding="utf-8").count(r"\\") == 2  # heading and one row
    assert r"\caption{A \& B}" in (out / "tables" / "first.tex").read_text(encoding="utf-8")
    assert "<caption>A &amp; B</caption>" in (out / "tables" / "first.html").read_text(encoding="utf-8")
    assert len(pd.read_csv(out / "tables" / "first.csv")) == 2
    assert [p.name for p in (out / "figures").iterdir() if p.suffix == ".png"] == ["04-compare-tree.png"]


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_written(reports, tmp_path):
    wrong = spec(
        tmp_path,
        """
tables:
  a: {from: 04-compare/keynes}
  b: {from: 04-compare/keyness, columns: [terms]}
  d: {from: 04-compare/keyness, where: {group: 合非}}
  c: {from: 04-compare/keyness, rows: 0}
  e: {from: ../../secret}
numbers:
  many: {from: 04-compare/keyness, column: count}
  words: {from: 04-compare/keyness, column: term, take: sum}
  "no name": {from: 04-compare/keyness, column: count}
  other: {from: 04-compare/keyness, column: count, take: median}
  more: {from: 04-compare/keyness, column: count, were: {a: 1}}
figures: [04-compare/trees]
""",
    )
    with pytest.raises(CrosscityError) as caught:
        write_paper(reports, tmp_path / "paper", wrong)
    message = str(caught.value)
    for part in (
        "tables, a: there is no table 04-compare/keynes: there are 04-compare/keyness, 04-compare/map",
        "tables, b: 04-compare/keyness has no column 'terms'; it has group, term",
        "tables, d: group is never '合非' in 04-compare/keyness; it is 合肥, 随州",
        "tables, c: decimals lie between 0 and 12, rows from 1 on",
        "tables, e: there is no table ../../secret",
        "numbers, many: 3 rows of 04-compare/keyness are meant: narrow where, or take one of only, first",
        "numbers, words: term of 04-compare/keyness holds words, of which there is no sum",
        "numbers, no name: give a name of letters",
        "numbers, other: take is 'median'; the choices are only",
        "numbers, more: there is no 'were': it takes column",
        "there is no figure 04-compare/trees; there are 04-compare/map, 04-compare/tree",
    ):
        assert part in message
    assert message.startswith("11 problems:")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["paper.yaml", "reports"]


def test_a_folder_of_another_is_not_replaced_its_own_is(reports, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "thesis.tex").write_text("mine", encoding="utf-8")
    with pytest.raises(CrosscityError, match="did not make it"):
        write_paper(reports, own)
    assert (own / "thesis.tex").read_text(encoding="utf-8") == "mine"
    first = {p.name: p.read_bytes() for p in write_paper(reports, tmp_path / "paper")}
    assert {p.name: p.read_bytes() for p in write_paper(reports, tmp_path / "paper")} == first


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n", "give tables, numbers or figures"),
        ("tabels: {}\n", "give tables, numbers or figures"),
        ("a: [\n", "is not YAML"),
    ],
)
def test_what_is_no_specification_is_said(reports, tmp_path, text, said):
    with pytest.raises(CrosscityError, match=said):
        write_paper(reports, tmp_path / "paper", spec(tmp_path, text))


def test_a_folder_without_a_report_is_said(tmp_path):
    with pytest.raises(CrosscityError, match="holds no report"):
        write_paper(tmp_path, tmp_path / "paper")


def test_the_folder_one_stands_in_is_refused_in_a_sentence(reports, tmp_path, monkeypatch):
    monkeypatch.chdir(reports)
    with pytest.raises(CrosscityError, match="did not make it"):
        write_paper(".", ".")


@pytest.mark.parametrize("text", ["{}", "[]", "3", '{"documents": []}', "{"])
def test_a_manifest_of_something_else_is_no_report(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(CrosscityError, match="holds no report"):
        write_paper(tmp_path, tmp_path / "paper")
