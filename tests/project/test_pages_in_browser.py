"""The report in a browser, from its folder: search, keys, widths, print, and axe-core on every kind of page."""

import base64
import gzip
import io
import itertools
import json
import re
from urllib.parse import quote, unquote, urldefrag

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from crosscity import language
from crosscity.browse import concordance, fragments, matrix_page, topics_page
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
    Claim("theme", "themes", "What each gives more room to.", "", 0.9, "matrix.html"),
    Claim("indicator", "pay", "Pay, said again.", "", 0.4),
    Claim("own", "own 合肥", "合肥: a share of 50%.", "", 3.5, "matrix.html"),
    Claim("genre", "genre problem", "How much is admitted goes with genre.", "", 0.0),
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
    """Pages that notebooks write: a concordance, a matrix, topics; sheets of questions."""
    rows = [{"left": "左边", "node": "渔港", "right": "右边" * 30} for _ in range(3)]
    kwic = pd.DataFrame(
        [dict.fromkeys(KWIC_COLUMNS, "合肥") | {"paragraph": 1, "total": 3, "term": "渔港"} | r for r in rows]
    )
    numbers = {"rank": 1, "found": 1, "paragraph": 1, "start": 0, "end": 4, "key": 0}
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
        "topics": topics_page.topic_browser(**browser_input()),
    }
    for name, fragment in made.items():
        (folder / f"{name}.html").write_text(fragments.page(fragment, name), encoding="utf-8")
    voices = [matrix_page.Voice(name, "2014", "", [(5, "pay"), (4, "")], 9) for name in (GROUP, "朝阳")]
    made["matrix"] = matrix_page.matrix_page(answers, voices, "matrix", ["demonstration text"])
    (folder / "matrix.html").write_text(made["matrix"], encoding="utf-8")
    (folder / "summaries").mkdir()
    for name in ("matrix.xlsx", "summaries/matrix.csv"):
        (folder / name).write_text("", encoding="utf-8")
    asked = dict.fromkeys([*intruders.LETTERS, "text", "question", "sheet"], "渔港") | {"task": "Which?", "answer": ""}
    key = pd.DataFrame([{**dict.fromkeys(intruders.KEY_COLUMNS, "a"), "intruder": 1, "sheet": "abc"}])
    intruders.write_tasks(folder / "validation" / "abc", intruders.Tasks(pd.DataFrame([asked]), key, []))
    return [{"name": name, "title": f"To browse: {name}"} for name in made]


NOTES = [f"{n}.xyz was passed over: .xyz is no format that is read here" for n in range(23)]


def made(root, tongue="en", tables=None):
    """A report over the embedded documents whose runs were made by hand: what notebooks compute is no matter here."""
    language.use_language(tongue)
    values = root / "p.yaml"
    values.write_text(f"language: {tongue}\n", encoding="utf-8")
    reports, state = root / "reports", root / "state"
    known = read_parameters(values)
    if tables is None:
        tables = root / "tables"
        build(PROJECT / "data" / "raw", tables, ["corpus", "paragraphs", "quantities", "programmes"], progress=False)
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
    """What the search says to some words, on its page."""
    search = "".join(tab.url.partition("/reports/")[:2]) + "search.html"
    tab.goto("about:blank")
    tab.goto(f"{search}#q={quote(words)}")
    tab.locator("#search-said:not(:empty)").wait_for()  # the policy lets playwright wait by no script
    tab.locator("#search-results h2, #search-said").first.wait_for()
    while tab.inner_text("#search-said").endswith("…"):
        tab.wait_for_timeout(20)
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


def index_of(reports):
    """The packed index of the search, and what stands beside it."""
    data = json.loads(next(t for a, t in Page((reports / "search.html").read_text(encoding="utf-8")).scripts if a))
    return json.loads(gzip.decompress(base64.b64decode(data["index"]))), data


def test_what_the_search_leads_to_is_there(reports):
    index, _ = index_of(reports)
    hrefs = {entry[4] for entry in index["entries"]} | {table["href"] for table in index["tables"]}
    inside = {href for href in hrefs if href.startswith("#p=")}
    assert len(hrefs - inside) > 15
    for href in hrefs - inside:
        file, place = urldefrag(unquote(href))
        page = Page((reports / file).read_text(encoding="utf-8"), policy=False)
        assert not place or place in {v for _, a in page.elements for n, v in a if n == "id"}, href
    numbers = [{0, *(number for number, _ in part)} for part in index["paragraphs"]]
    assert len(inside) > 50
    assert all(int(n) in numbers[int(d)] for d, n in (href[3:].split(".") for href in inside))


def test_every_paragraph_is_in_the_index(reports):
    """Counted by hand in the text, and in what the search reads."""
    index, data = index_of(reports)
    texts = [text for part in index["paragraphs"] for _, text in part]
    table = pd.read_parquet(reports.parent / "tables" / "paragraphs.parquet")
    assert sorted(texts) == sorted(table["text"])
    assert data["readings"]["dang"].count("党") == 1
    assert {"chong", "zhong"} <= {reading for reading, characters in data["readings"].items() if "重" in characters}
    assert ["党建", "party-building"] in data["glosses"]


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
    places = [
        text.index(said) for said in ("How much is admitted", "In short", CLAIMS[1].text, "Pay differs", FOUND[0])
    ]
    assert places == sorted(places)
    assert "Pay, said again." not in text  # the same topic
    assert text.index("What only one of them reports") < text.index(CLAIMS[3].text)
    links = {dict(about).get("href") for tag, about in page.elements if tag == "a"}
    assert {"08-facts/index.html#figure-bars", "08-facts/matrix.html", "preparation.html"} <= links
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
    assert "Tables (4)" in ask(tab, "Distinctive terms")
    assert "Pages (1)" in ask(tab, "browse topics")
    assert "Documents (1)" in ask(tab, "随州")
    assert "渔港449" in ask(tab, "渔港449")
    assert ask(tab, "渔港451") == ""
    assert "No results." in tab.inner_text("#search-said")
    assert "the code of notebooks" in tab.inner_text("main")


# By hand, from the embedded documents: what is asked, and what stands in a paragraph, a programme or an indicator.
ASKED = [
    ("党建", "党建"), ("四议两公开", "四议两公开"), ("村干部 报酬", "报酬"), ("一肩挑", "一肩挑"), ("网格", "网格"),
    ("第一书记", "第一书记"), ("2014年", "2014年"),
    ("dangjian", "党建"), ("dang jian", "党建"), ("wangge", "网格"), ("si yi liang gong kai", "四议两公开"),
    ("hefei", "合肥"), ("shuji", "书记"), ("tuixing", "推行"), ("zhongyao", "重要"),
    ("party-building", "党建"), ("village cadre", "村干部"), ("party school", "党校"), ("grassroots", "基层"),
    ("residents", "居民"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "found"), ASKED)
def test_chinese_pinyin_and_english_are_found_in_paragraphs(tab, words, found):
    told = ask(tab, words)
    assert "Paragraphs (" in told, tab.inner_text("#search-said")
    marked = tab.locator("#search-results mark").all_inner_texts()
    assert any(found in mark or mark in found for mark in marked)
    assert any(found in line for line in told.splitlines())


def test_a_syllable_is_read_as_a_whole(tab):
    """xian is 县 and not 西安 alone; a word that begins like a reading is none."""
    assert ask(tab, "dangjianx") == ""
    assert ask(tab, "dan") == "" or "党" not in "".join(tab.locator("mark").all_inner_texts())


def test_how_often_it_stands_is_counted(tab, reports):
    index, _ = index_of(reports)
    texts = ["".join(text for _, text in part) for part in index["paragraphs"]]
    times, documents = sum(t.count("网格") for t in texts), sum("网格" in t for t in texts)
    ask(tab, "网格")
    assert f"Found {times} times in the text of {documents} of 5 documents." in tab.inner_text("#search-said")


def test_search_lands_on_the_sentence_and_keeps_its_query(tab):
    ask(tab, "网格")
    section = tab.locator("#search-results h2", has_text="Paragraphs")
    link = section.locator("xpath=following-sibling::ol[1]//a").first
    text = link.inner_text().strip("…")
    link.click()
    tab.locator("#search-results p.here").wait_for()
    assert text in tab.inner_text("#search-results p.here")
    assert "网格" in tab.locator("#search-results p.here mark").all_inner_texts()
    assert tab.input_value("#search-box") == "网格"
    assert tab.evaluate(
        "(r => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector('p.here').getBoundingClientRect())"
    )
    tab.go_back()
    tab.locator("#search-results ol").first.wait_for()
    assert tab.input_value("#search-box") == "网格"


def test_search_lands_on_the_row_and_keeps_its_query(tab, reports):
    ask(tab, "渔港449 合肥")
    tab.click("#search-results a")
    tab.locator("#search-results tr.here").wait_for()
    assert tab.locator("#search-results tr.here").inner_text().split("\t")[:2] == ["渔港449", "合肥"]
    assert tab.input_value("#search-box") == "渔港449 合肥"
    tab.click("text=The table on its page")
    assert tab.url.startswith((reports / "01-corpus" / "index.html").as_uri())
    assert tab.url.endswith("#table-keyness")
    tab.go_back()
    tab.locator("#search-results tr.here").wait_for()
    assert tab.input_value("#search-box") == "渔港449 合肥"


def test_typing_asks_and_the_address_keeps_it(tab):
    ask(tab, "渔港451")
    tab.fill("#search-box", "wangge")
    tab.locator("#search-results h2", has_text="Paragraphs").wait_for()
    assert tab.url.endswith("#q=wangge")


def test_a_hostile_title_is_text(tab):
    assert HOSTILE in ask(tab, "onerror").replace("\n", " ")
    assert tab.evaluate("document.querySelectorAll('#search-results img, #search-results script').length") == 0
    assert tab.title() != "ran"


def test_keys_lead_through_the_search(tab):
    focused = "document.activeElement.id || document.activeElement.textContent"
    tab.keyboard.press("Tab")
    assert tab.evaluate(focused) == "Skip to the content"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    ask(tab, "Distinctive terms")
    tab.locator("h1").click()
    tab.keyboard.press("/")
    assert tab.evaluate(focused) == "search-box"
    tab.keyboard.press("ArrowDown")
    first = tab.evaluate(focused)
    assert first == "Distinctive terms"
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
    assert "/01-corpus/" in tab.url


def test_without_scripts_all_can_be_read(chromium, reports):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((reports / "index.html").as_uri())
    assert FOUND[0] in page.inner_text("body")
    page.goto((reports / "search.html").as_uri())
    assert "Search needs scripts" in page.inner_text("body")
    assert not page.is_visible("#search-box")
    context.close()


def test_voices_of_the_matrix_are_chosen_and_rows_pinned_and_the_address_keeps_it(tab, tmp_path):
    names = [f"港{n:02}" for n in range(12)]
    cell = dict.fromkeys(MATRIX_COLUMNS, "") | dict.fromkeys(["rank", "found", "paragraph", "start", "end", "key"], 1)
    asked = [
        cell | {"question": q, "gloss": q, "group": n, "doc_id": n, "text": n} for q in ("pay", "staff") for n in names
    ]
    voices = [matrix_page.Voice(name, "", "", [], 1) for name in names]
    path = tmp_path / "matrix.html"
    path.write_text(matrix_page.matrix_page(pd.DataFrame(asked), voices, "Matrix"), encoding="utf-8")
    shown = "[...document.querySelectorAll('thead th:not([hidden])')].map(th => th.textContent)"
    tab.goto(path.as_uri())
    assert tab.evaluate(shown) == names[:8]
    assert tab.is_disabled("#voices input[value='9']")  # eight at most
    tab.click("#none")
    tab.fill("#find", "港1")
    assert tab.locator("#voices label:visible").count() == 2
    tab.check("#voices input[value='11']")
    assert tab.evaluate(shown) == ["港11"]
    assert tab.locator("tbody td:visible").all_inner_texts() == ["· 港11 ¶1", "· 港11 ¶1"]
    tab.click("tr[data-question=staff] .pin")
    rows = "[...document.querySelectorAll('tbody tr')].map(tr => tr.dataset.question)"
    assert tab.evaluate(rows) == ["staff", "pay"]
    address = tab.url
    tab.goto("about:blank")
    tab.goto(address)
    assert tab.evaluate(shown) == ["港11"]
    assert tab.evaluate(rows) == ["staff", "pay"]


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


def test_axe_finds_nothing_serious_in_dark_pages_and_in_what_is_found(violations, reports):
    names = (
        "index",
        "search",
        "matrix",
        "gallery",
        "04-compare/index",
        "04-compare/notebook",
        "08-facts/topics",
        "08-facts/concordance",
    )
    assert violations([reports / f"{name}.html" for name in names], color_scheme="dark") == {}
    for scheme in ("dark", "light"):
        assert violations([Address(reports / "search.html", "#q=dangjian")], color_scheme=scheme) == {}
        assert violations([Address(reports / "search.html", "#p=0.5&q=党建")], color_scheme=scheme) == {}


class Address:
    """A page with a place in it, as `violations` takes paths."""

    def __init__(self, path, place):
        self.path, self.place, self.name = path, place, path.name

    def as_uri(self):
        return self.path.as_uri() + self.place


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_page_follows_the_colours_that_a_reader_asks_for(chromium, reports, scheme):
    tab = chromium.new_page(color_scheme=scheme)
    for name in ("index", "08-facts/topics"):
        tab.goto((reports / f"{name}.html").as_uri())
        red = tab.evaluate("Number(getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0])")
        assert (red < 64) == (scheme == "dark"), name
        tab.emulate_media(media="print")
        assert tab.evaluate("Number(getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0])") == 255
        tab.emulate_media(media="screen")
    tab.close()


def test_one_navigation_stands_on_every_page(reports):
    wanted = None
    for path in pages(reports):
        if path.name in ("verification.html", "questions.html"):  # of their own
            continue
        text = path.read_text(encoding="utf-8")
        links = re.findall(r"<a [^>]*>([^<]*)</a>", re.search(r"<nav aria-label.*?</nav>", text, re.DOTALL)[0])
        named = [link for link in links if link in NAVIGATION]
        wanted = wanted or named
        assert named[:6] == ["Findings", "Matrix", "Topics", "Indicators", "Concordance", "Figures"], path
        assert named[-2:] == ["Search", "Methods and record"], path


NAVIGATION = ["Findings", "Matrix", "Topics", "Indicators", "Concordance", "Figures", "Search", "Methods and record"]


def test_a_click_enlarges_a_figure_and_closes_it(tab, reports):
    tab.goto((reports / "04-compare" / "index.html").as_uri())
    tab.set_viewport_size({"width": 1600, "height": 900})
    small = tab.locator("#figure-bars .plate img").bounding_box()["width"]
    tab.click("#figure-bars .plate a")
    large = tab.locator("#figure-bars .zoom img").bounding_box()["width"]
    assert large > 1.5 * small
    tab.click("text=Close")
    assert not tab.locator("#figure-bars .zoom").is_visible()


def test_letters_of_a_figure_are_nine_pixels_high_or_more_at_every_width(tab, reports):
    """The bars are drawn 7 inches wide; a page shows 115 pixels an inch, and scrolls what is wider than the window."""
    for width in (400, 1024, 1440):
        tab.set_viewport_size({"width": width, "height": 900})
        for name in ("index", "gallery", "04-compare/index"):
            tab.goto((reports / f"{name}.html").as_uri())
            assert tab.locator(".plate img").first.bounding_box()["width"] >= 7 * 9 / SMALLEST * 72


SMALLEST = 5.7  # points: the smallest letters of any figure


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
