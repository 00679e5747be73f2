"""The report in a browser, from its folder: search, keys, widths, print, and axe-core on every kind of page."""

import base64
import io
import itertools
import json
import re
from urllib.parse import unquote, urldefrag

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from crosscity import language
from crosscity.browse import concordance, fragments, systems_page, topics_page
from crosscity.compare.answers import MATRIX_COLUMNS
from crosscity.compare.collocations import KWIC_COLUMNS
from crosscity.figures.style import save_figure, use_style
from crosscity.files import whole_folder
from crosscity.pages import FONT_FILE
from crosscity.project import report, verify
from crosscity.project.pipeline import MAKER, planned_run
from crosscity.study.claims import Claim
from crosscity.study.parameters import read_parameters
from crosscity.tables.builder import build
from crosscity.topics import intruders
from fontTools.ttLib import TTFont

from tests.conftest import PROJECT
from tests.helpers.explorer import browser_input
from tests.helpers.pages import Page

HOSTILE = "</script><script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\">{{ 7*191 }}"
GROUP = "合肥"
TERMS = pd.DataFrame(
    [{"term": f"渔港{i}", "group": GROUP, "rate": 0.5 * i, "note": "demonstration text"} for i in range(1, 451)]
)
CLAIMS = [
    Claim("indicator", "pay", f"Pay differs 2-fold. {HOSTILE}", "Of different years.", 0.5, "#figure-bars"),
    Claim("theme", "themes", "What each gives more room to.", "", 0.9, "system.html"),
    Claim("indicator", "pay", "Pay, said again.", "", 0.4),
    Claim("own", "own 合肥", "合肥: a share of 50%.", "", 3.5, "system.html"),
    Claim("genre", "genre problem", "Genre decides how much is admitted.", "", 0.0),
]
PREPARED = "20 names of the documents' own places are no terms."
FOUND = ["合肥, more: 灯塔、茶山.", "5 documents state 12 quantities.", f"渔港 <b>{HOSTILE}"]


def of_notebook(folder):
    """An executed notebook with a wide table and a picture."""
    wide = pd.DataFrame({f"a long heading {i}": ["渔港" * 6] for i in range(12)})
    picture = base64.b64encode((folder / "bars.png").read_bytes()).decode()
    outputs = [
        nbformat.v4.new_output("display_data", {"text/html": wide.to_html(), "text/plain": "table"}),
        nbformat.v4.new_output("display_data", {"image/png": picture, "text/plain": "figure"}),
        nbformat.v4.new_output("stream", name="stdout", text="x" * 300),
    ]
    code = "if 1 in [1] and not None:\n    print('a')  # said"
    cells = [nbformat.v4.new_markdown_cell("# 04 · Title\n\n## Part"), nbformat.v4.new_code_cell(code, outputs=outputs)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "notebook.ipynb")


def of_pages(folder):
    """Pages that notebooks write: a concordance, a system, topics; sheets of questions."""
    rows = [{"left": "左边", "node": "渔港", "right": "右边" * 30} for _ in range(3)]
    kwic = pd.DataFrame(
        [dict.fromkeys(KWIC_COLUMNS, "合肥") | {"paragraph": 1, "total": 3, "term": "渔港"} | r for r in rows]
    )
    numbers = {"rank": 1, "found": 1, "paragraph": 1, "start": 0, "end": 4}
    answers = pd.DataFrame(
        [
            dict.fromkeys(MATRIX_COLUMNS, "")
            | {"question": q, "gloss": q, "group": g, "text": "渔港修缮。", "doc_id": g}
            | numbers
            for q in ("pay", "staff")
            for g in (GROUP, "朝阳")
        ]
    )
    made = {
        "concordance": concordance.concordance(kwic, ["渔港", "茶山"], ["demonstration text"]),
        "system": systems_page.system_page(answers, ["demonstration text"]),
        "topics": topics_page.topic_browser(**browser_input()),
    }
    for name, fragment in made.items():
        (folder / f"{name}.html").write_text(fragments.page(fragment, name), encoding="utf-8")
    asked = dict.fromkeys([*intruders.LETTERS, "text", "question", "sheet"], "渔港") | {"task": "Which?", "answer": ""}
    key = pd.DataFrame([{**dict.fromkeys(intruders.KEY_COLUMNS, "a"), "intruder": 1, "sheet": "abc"}])
    intruders.write_tasks(folder / "validation" / "abc", intruders.Tasks(pd.DataFrame([asked]), key, []))
    return [{"name": name, "title": f"To browse: {name}"} for name in made]


NOTES = [f"{n}.wps was passed over: .wps is no format that is read here" for n in range(23)]


def made(root, tongue="en", tables=None):
    """A report over the embedded documents whose runs were made by hand: what notebooks compute is no matter here."""
    language.use_language(tongue)
    values = root / "p.yaml"
    values.write_text(f"language: {tongue}\n", encoding="utf-8")
    reports, state = root / "reports", root / "state"
    known = read_parameters(values)
    if tables is None:
        tables = root / "tables"
        build(PROJECT / "data" / "raw", tables, ["corpus", "paragraphs"], progress=False)
    plan = [planned_run(name, None, known, tables, reports) for name in ("01-corpus", "04-compare", "08-facts")]
    plan.append(planned_run("05-profile", GROUP, known, tables, reports))
    use_style()
    for i, run in enumerate(plan):
        with whole_folder(reports / run["id"], MAKER) as folder:
            fig, ax = plt.subplots(figsize=(7, 3))
            ax.bar(["盐城", GROUP], [1, 2 + i])
            title = HOSTILE if i == 2 else "Bars of 渔港"
            save_figure(
                fig, folder, "bars", TERMS.head(2), title, f"A tall bar of {GROUP}. {title}", ["demonstration text"]
            )
            plt.close(fig)
            of_notebook(folder)
            (folder / "keyness.csv").write_text(TERMS.to_csv(index=False), encoding="utf-8")
            (folder / "empty.csv").write_text("term,group\n", encoding="utf-8")
            pages = of_pages(folder) if run["id"] == "08-facts" else []
            told = {"findings": FOUND, "figures": ["bars"], "pages": pages}
            if run["id"] == "08-facts":
                told |= {"claims": [claim._asdict() for claim in CLAIMS], "preparation": [PREPARED]}
            (folder / "findings.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    state.mkdir()
    (state / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    (state / "notes.txt").write_text("".join(f"{note}\n" for note in NOTES), encoding="utf-8")
    (state / "tables.sha256").write_text(f"{'0' * 64}  corpus.parquet\n", encoding="utf-8")
    report.write_report(values, tables, reports, state)
    verify._write_page([verify.Comparison("reports/a.csv", "differs", ("line 1: a → b",))], ["code: a → b"], reports)
    return reports


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    yield made(tmp_path_factory.mktemp("site 一"))
    language.use_language("en")


@pytest.fixture
def tab(chromium, reports):
    """A tab on the first page; what it asked for outside the folder, and what its console said, are faults."""
    page = chromium.new_page(viewport={"width": 1400, "height": 900})
    faults = []
    page.on("request", lambda r: r.url.startswith(("file:", "data:")) or faults.append(r.url))
    page.on("console", lambda m: faults.append(m.text))
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.goto((reports / "index.html").as_uri())
    yield page
    assert page.title() != "ran"
    page.close()
    assert faults == []


def ask(tab, words):
    tab.fill(
        "#search-box", ""
    )  # and wait until what was found before is gone: the policy lets playwright wait by no script
    tab.locator("#search-said:empty").wait_for(state="attached")
    tab.fill("#search-box", words)
    tab.locator("#search-said:not(:empty)").wait_for()
    return tab.inner_text("#search-results")


def pages(folder):
    return sorted(folder.rglob("*.html"))


def test_every_address_leads_to_a_file_and_every_place_is_there(reports):
    read = {path.resolve(): Page(path.read_text(encoding="utf-8"), policy=False) for path in pages(reports)}
    ids = {path: {v for _, a in page.elements for n, v in a if n == "id"} for path, page in read.items()}
    wrong, seen = [], set()
    for path, page in read.items():
        for tag, attributes in page.elements:
            for name, value in attributes:
                if name in ("href", "src") and not value.startswith("data:"):
                    file, place = urldefrag(unquote(value))
                    target = (path.parent / file).resolve() if file else path
                    seen.add(target.suffix)
                    raw = urldefrag(value)[1]
                    if not target.is_file() or (place and not {place, raw} & ids[target]):
                        wrong.append((path.name, tag, value))
    assert wrong == []
    assert {".csv", ".svg", ".png", ".pdf", ".ipynb", ".json", ".bib", ".md", ".html"} <= seen


def test_what_the_search_leads_to_is_there(reports):
    data = json.loads(next(t for a, t in Page((reports / "index.html").read_text(encoding="utf-8")).scripts if a))
    hrefs = {entry[4] for entry in data["entries"]} | {table["href"] for table in data["tables"]}
    assert len(hrefs) > 15
    for href in hrefs:
        file, place = urldefrag(unquote(href))
        page = Page((reports / file).read_text(encoding="utf-8"), policy=False)
        assert not place or place in {v for _, a in page.elements for n, v in a if n == "id"}, href


def test_headings_are_in_order_and_there_is_one_of_the_first(reports):
    for path in (p for p in pages(reports) if p.name in ("index.html", "gallery.html")):
        page = Page(path.read_text(encoding="utf-8"))
        assert page.problems == []
        levels = [int(tag[1]) for tag, _ in page.elements if tag in ("h1", "h2", "h3", "h4")]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), path


def test_the_first_page_leads_with_claims_and_says_what_was_compared(reports):
    page = Page((reports / "index.html").read_text(encoding="utf-8"))
    text = " ".join(page.text.split())
    for said in ("5 documents, compared by city", "Demonstration text:", "What sets the cities apart", *FOUND[:2]):
        assert said in text
    assert "合肥, 朝阳, 盐城, 阳江, 随州; 2014–2023" in text
    places = [text.index(said) for said in ("Genre decides", "In short", CLAIMS[1].text, "Pay differs", FOUND[0])]
    assert places == sorted(places)
    assert "Pay, said again." not in text  # the same topic
    assert text.index("What only one of them reports") < text.index(CLAIMS[3].text)
    links = {dict(about).get("href") for tag, about in page.elements if tag == "a"}
    assert {"08-facts/index.html#figure-bars", "08-facts/system.html", "preparation.html"} <= links
    assert "Of different years." in text
    assert PREPARED not in text


def test_preparation_has_a_page_of_its_own(reports):
    text = " ".join(Page((reports / "preparation.html").read_text(encoding="utf-8")).text.split())
    assert PREPARED in text
    assert f"Notes on reading the documents {' '.join(NOTES[:20])} and 3 more, in manifest.json" in text
    assert "mask_places" in text
    assert "0" * 64 in text


def test_a_second_writing_gives_the_same_bytes(reports):
    before = {p: p.read_bytes() for p in pages(reports) if p.name != "verification.html"}
    root = reports.parent
    report.write_report(root / "p.yaml", root / "tables", reports, root / "state")
    assert [p.name for p in before if p.read_bytes() != before[p]] == []


def test_search_finds_findings_figures_tables_rows_pages_and_documents(tab):
    assert "Findings (4)" in ask(tab, "灯塔 合肥")
    assert "Figures (4)" in ask(tab, "tall BAR")
    found = ask(tab, "渔港7 ")
    assert "Rows of tables" in found
    assert "term: 渔港7" in found
    assert "rate: 3.5" in found
    assert "Tables (4)" in ask(tab, "KEYNESS")
    assert "Pages (1)" in ask(tab, "browse topics")
    assert "Documents (1)" in ask(tab, "随州")
    assert "first 400 rows" in tab.inner_text("#search-said")
    assert ask(tab, "渔港449") == ""
    assert "Nothing is found." in tab.inner_text("#search-said")


def test_search_leads_to_the_page_where_it_stands(tab, reports):
    ask(tab, "渔港7 合肥")
    tab.click("#search-results a")
    assert tab.url.startswith((reports / "01-corpus" / "index.html").as_uri())
    assert tab.url.endswith("#table-keyness")


def test_a_hostile_title_is_text(tab):
    assert HOSTILE in ask(tab, "onerror").replace("\n", " ")
    assert tab.evaluate("document.querySelectorAll('#search-results img, #search-results script').length") == 0
    assert tab.title() != "ran"


def test_keys_lead_through_the_search(tab):
    focused = "document.activeElement.id || document.activeElement.textContent"
    tab.keyboard.press("Tab")
    assert tab.evaluate(focused) == "Skip to the content"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    tab.keyboard.press("/")
    assert tab.evaluate(focused) == "search-box"
    ask(tab, "keyness")
    tab.keyboard.press("ArrowDown")
    first = tab.evaluate(focused)
    assert first == "keyness"
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowUp")
    assert tab.evaluate("document.activeElement === document.querySelector('#search-results a')")
    tab.keyboard.press("ArrowUp")
    assert tab.evaluate(focused) == "search-box"
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement === document.querySelector('#search-results a')")
    tab.keyboard.press("Escape")
    assert tab.evaluate(focused) == "search-box"
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**#table-keyness")


def test_without_scripts_all_can_be_read(chromium, reports):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((reports / "index.html").as_uri())
    text = page.inner_text("body")
    assert "Search needs scripts" in text
    assert FOUND[0] in text
    assert not page.is_visible("#search-box")
    context.close()


@pytest.mark.parametrize("width", [320, 380, 1400])
def test_no_page_scrolls_sideways(tab, reports, width):
    tab.set_viewport_size({"width": width, "height": 800})
    wide = {}
    for path in pages(reports):
        tab.goto(path.as_uri())
        more = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if more > 0:
            wide[path.name] = more
    assert wide == {}


def test_every_picture_is_there(tab, reports):
    for path in pages(reports):
        tab.goto(path.as_uri())
        tab.evaluate("for (const i of document.images) i.loading = 'eager'")
        tab.evaluate("Promise.all([...document.images].map(i => i.decode().catch(() => 0)))")
        assert tab.evaluate("[...document.images].filter(i => !i.naturalWidth || !i.alt).length") == 0, path


def test_a_page_prints_without_what_leads_elsewhere(tab, reports):
    import pypdfium2

    tab.goto((reports / "04-compare" / "index.html").as_uri())
    document = pypdfium2.PdfDocument(tab.pdf())
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "What sets them apart" in text
    assert "渔港1" in text
    assert "Skip to the content" not in text
    assert "data (CSV)" not in text
    assert "file:" not in text


def test_axe_finds_nothing_serious(violations, reports):
    one_of_each = [path for path in pages(reports) if path.parent.name not in ("04-compare", f"05-profile-{GROUP}")]
    assert len(one_of_each) > 8
    assert violations(one_of_each) == {}


def test_axe_sees_what_is_planted(violations, tmp_path):
    page = tmp_path / "bad.html"
    page.write_text(
        "<!DOCTYPE html><html><title>x</title><body><img src='a.png'>"
        "<p style='color:#ccc;background:#fff'>some words in grey</p>",
        "utf-8",
    )
    assert {rule for rule, _ in violations([page])["bad.html"]} >= {"image-alt", "color-contrast", "html-has-lang"}


def lacking(reports):
    """Chinese characters that pages show and their own font has not, by page; a page without a font lacks all."""
    found = {}
    for path in pages(reports):
        text = path.read_text(encoding="utf-8")
        font = re.search(r"font-family: crosscity;[^}]*url\(data:font/woff;base64,([^)]*)\)", text)
        has = set(TTFont(io.BytesIO(base64.b64decode(font[1]))).getBestCmap()) if font else set()
        shown = {c for c in Page(text).text if c >= "\u2e80"}
        if missing := {c for c in shown if ord(c) not in has}:
            found[path.relative_to(reports).as_posix()] = "".join(sorted(missing))
    return found


def test_a_page_that_gains_a_character_after_its_font_is_found(tmp_path):
    page = fragments.page("<p>渔港</p>", "渔港")
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    assert lacking(tmp_path) == {}
    (tmp_path / "index.html").write_text(page.replace("</main>", "<p>图機</p></main>"), encoding="utf-8")
    assert lacking(tmp_path) == {"index.html": "图機"}


@pytest.mark.parametrize("text", ["機開頁夠繪黨員鄉村振興", "金秋时节", "（试行）“一”、《二》"])
def test_the_font_has_what_documents_quote(text):
    """The log of cleaning shows traditional characters as they were."""
    has = TTFont(FONT_FILE).getBestCmap()
    assert [c for c in text if ord(c) not in has] == []


def test_chinese_pages_are_chinese(chromium, violations, reports, tmp_path):
    reports = made(tmp_path, "zh", reports.parent / "tables")
    language.use_language("en")
    assert lacking(reports) == {}
    first = (reports / "index.html").read_text(encoding="utf-8")
    assert '<html lang="zh">' in first
    assert "比较" in Page(first).text
    assert "Findings" not in Page(first).text
    assert '<li lang="en">5 documents state' in first
    tab = chromium.new_page()
    tab.goto((reports / "index.html").as_uri())
    assert "发现（4）" in ask(tab, "灯塔 合肥") or "发现 (4)" in ask(tab, "灯塔 合肥")
    tab.close()
    assert violations([reports / "index.html"]) == {}
