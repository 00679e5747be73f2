"""What is shown in the language of a run: nothing is left in English, nothing in a catalogue is without use."""

import ast
import itertools
import json
import re
import string
import warnings
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from crosscity import CrosscityError, inference, language, pages
from crosscity.compare import calibration, milestones, multiverse, programmes, questions
from crosscity.compare import targets as targets_compare
from crosscity.documents import places
from crosscity.documents.document_types import DOCUMENT_TYPES
from crosscity.facts import adjudication, codebook
from crosscity.figures import basic, comparison, facts, indicators, maps, robustness, style, targets, timeline, topics
from crosscity.figures import text as text_module
from crosscity.figures.text import ems, wrap
from crosscity.language import display_name, gloss, heading, tr, with_glosses
from crosscity.project import report
from crosscity.project.result_tables import table_forms
from crosscity.tables import cleaning_summary
from fontTools.ttLib import TTFont
from matplotlib.text import Text

from tests.helpers import figure_tables
from tests.helpers.chinese import LATIN, english_left
from tests.helpers.figures import CITIES, overlaps, sticks_out
from tests.helpers.pages import Page
from tests.project import test_pages_in_browser

PROJECT = Path(__file__).resolve().parents[1]
LIBRARY = PROJECT / "lib" / "crosscity"


@pytest.fixture(autouse=True)
def english():
    style.use_style()
    yield
    language.use_language("en")
    plt.close("all")


# The catalogue.


def sources():
    """All Python that may call tr, by name: the library's modules, and the cells of each notebook."""
    for path in sorted(LIBRARY.rglob("*.py")):
        yield path.name, path.read_text(encoding="utf-8")
    for path in sorted((PROJECT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for number, cell in enumerate(cells):
            if cell["cell_type"] == "code":
                yield f"{path.name}, cell {number}", "".join(cell["source"])


def templates(text, where="given"):
    """Literal templates of calls of tr. One that is put together is a complaint: no catalogue can have it."""
    found, complaints = [], []
    for node in ast.walk(ast.parse(text)):
        name = getattr(node, "func", None)
        if isinstance(node, ast.Call) and getattr(name, "id", getattr(name, "attr", "")) == "tr":
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.append(first.value)
            elif not isinstance(first, ast.Name | ast.Attribute):
                complaints.append(f"{where}: {ast.unparse(node)} is no literal")
    return found, complaints


def constants(text):
    """All strings of a source: what a name stands for that tr is given."""
    return {n.value for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def of_pages():
    """Templates in pages of HTML: `_("...")` or `tr("...")`."""
    for path in sorted(LIBRARY.rglob("resources/*.html")):
        text = path.read_text(encoding="utf-8")
        yield from (m[2] for m in re.finditer(r"""\b(?:_|tr)\(\s*(["'])(.*?)\1""", text, re.DOTALL))


def rows(file, n):
    """Lines of a table of the resources, each in n cells."""
    lines = (LIBRARY / "resources" / file).read_text(encoding="utf-8").splitlines()
    cells = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    assert all(len(row) == n and row[-1].strip() for row in cells), [row for row in cells if len(row) != n]
    return cells


def fields(template):
    return sorted({name for _, name, _, _ in string.Formatter().parse(template) if name})


def lacking(used, catalogue):
    """What is called for and not there, what is there and not called for, and where fields differ."""
    found = [f"not in the catalogue: {t!r}" for t in used if t not in catalogue]
    found += [f"without use: {t!r}" for t in catalogue if t not in used]
    return found + [f"other fields: {t!r}" for t in used if t in catalogue and fields(t) != fields(catalogue[t])]


def test_every_text_is_in_the_catalogue_with_its_fields_and_nothing_else_is():
    used, complaints = {*of_pages(), *(form.title for form in table_forms().values())}, []
    for where, text in sources():
        found, wrong = templates(text, where)
        used |= set(found)
        complaints += wrong
        used |= constants(text) & language.catalogue("zh").keys()
    assert len(used) > 150
    assert complaints == []
    assert lacking(used, language.catalogue("zh")) == []


def test_planted_faults_of_the_catalogue_are_found():
    assert templates('x = tr("{n} documents", n=n) + language.tr("ours")')[0] == ["{n} documents", "ours"]
    assert templates("tr(f'{n} documents')")[1] == ["given: tr(f'{n} documents') is no literal"]
    assert templates("tr('by ' + name)")[1]
    assert constants("x = {'a': ('The corpus', 3)}") == {"a", "The corpus"}
    assert lacking({"{n} of {all}"}, {"{n} of {all}": "{all} 中的 {n}"}) == []
    assert lacking({"{n} of {all}"}, {}) == ["not in the catalogue: '{n} of {all}'"]
    assert lacking(set(), {"x": "甲"}) == ["without use: 'x'"]
    assert lacking({"{n} of {all}"}, {"{n} of {all}": "{n}"}) == ["other fields: '{n} of {all}'"]


def test_no_line_stands_twice_and_no_template_has_lost_its_values():
    for file, n in (("zh.tsv", 2), ("zh-names.tsv", 3), ("glossary.tsv", 2)):
        keys = [row[:-1] for row in rows(file, n)]
        assert len(keys) == len(set(keys)), file
    for english_text, other in language.catalogue("zh").items():
        numbers = dict.fromkeys(fields(english_text), 7)
        assert english_text.format(**numbers) if numbers else english_text
        assert "{" not in (other.format(**numbers) if numbers else other)


def test_the_vendored_font_has_every_character():
    has = TTFont(pages.FONT_FILE).getBestCmap()
    said = [*language.catalogue("zh").values(), *language.value_names("zh").values(), *language.glossary()]
    assert {c for text in said for c in text if ord(c) not in has} <= {"†"}  # which DejaVu Sans has


def test_chinese_has_no_english_in_it():
    for text in [*language.catalogue("zh").values(), *language.value_names("zh").values()]:
        assert english_left(re.sub(r"\{.*?\}", "", text)) == [], text


def test_chinese_pages_to_browse_have_no_english_in_them(tmp_path):
    language.use_language("zh")
    given = {"concordance", "matrix", "topics", "lines", "pay", "staff", "demonstration", "text"}  # by the test itself
    for page in test_pages_in_browser.of_pages(tmp_path):
        said = Page((tmp_path / f"{page['name']}.html").read_text(encoding="utf-8")).text
        assert set(english_left(said)) <= given, page["name"]


def test_values_of_tables_are_called_in_chinese_where_a_page_shows_them(tmp_path):
    path = tmp_path / "others.csv"
    answer = "not testable with 5 documents and 5 comparisons"
    path.write_text(f"term,way,answer,speaks_of,unit\n党建,more,{answer},this document,document\n", encoding="utf-8")
    assert report._table(path)["rows"][0][1:3] == ["more", answer]
    language.use_language("zh")
    said = ["党建", "较多", "仅有 5 个文件而有 5 项比较，无法检验", "本文件", "文件"]
    assert report._table(path)["rows"] == [said]
    assert report._table(path)["columns"] == ["term", "way", "answer", "speaks_of", "unit"]  # of which heads are made


# Names of values.


def of(kind):
    return {english_name for other, english_name in language.value_names("zh") if other == kind}


def test_every_value_that_the_library_writes_has_a_name():
    books = [codebook.read_codebook(codebook.shipped_codebook_path(name)) for name in codebook.SHIPPED_CODEBOOKS]
    assert {"all", "general", *(theme.name for book in books for theme in book.themes)} == of("theme")
    asked = [question.gloss for path in questions.SHIPPED for question in questions.read_questions(path)]
    assert set(asked) == of("question")
    assert set(questions.STANCES) == of("stance")
    assert {leaf.code for book in books for leaf in book.leaves} == of("leaf")
    assert set(programmes.REACHES) == of("reach")
    assert set(cleaning_summary.CLASSES.values()) == of("change")
    assert set(robustness.STANDS) == of("status")
    assert set(indicators.MARKS.values()) == of("mark")
    assert {f"{frequency} words" for frequency in calibration.FREQUENCIES} == of("frequency")
    assert {name for _, name in basic.STRIPS.values()} <= of("class")
    assert set(basic.STRIPS) <= of("class")
    assert {*DOCUMENT_TYPES, adjudication.PARTY} == of("doc_type")
    measures = set(adjudication.shipped_rates()["measure"])
    assert {m for m in measures if not m.startswith("macro")} <= of("measure")
    text = pd.DataFrame({"kind": ["body"], "text": ["党建"]})
    for size in (1, 1000):
        options, _ = multiverse.choices(pd.concat([text] * size), ks=[3])
        assert set(options) <= of("choice")
        said = {o for name, of_one in options.items() for o in of_one if isinstance(o, str) and name != "kinds"}
        assert said <= of("option")


def test_names_are_english_in_english_and_a_study_s_own_stay_as_they_are():
    assert display_name("stance", "plan") == "plan"
    assert heading("log_ratio") == "log_ratio"
    language.use_language("zh")
    assert display_name("stance", "plan") == "计划"
    assert display_name("stance", "of their own") == "of their own"
    assert heading("log_ratio") == "对数比"
    assert inference.answer_label("not testable with 2 documents") == "仅有 2 个文件，无法检验"
    assert inference.answer_label("different") == "存在差异"
    assert indicators.indicator_name("village head pay") == "村干部报酬"
    assert indicators.indicator_name("of their own") == "of their own"


# The functions.


def test_english_is_the_template_itself_with_its_values():
    assert tr("{n} of {all} {what}", n=3, all=5, what="{x}") == "3 of 5 {x}"
    assert tr("braces {stay} where no value is given") == "braces {stay} where no value is given"


def test_a_text_that_the_catalogue_lacks_stays_english():
    language.use_language("zh")
    assert tr("no such template {n}", n=1) == "no such template 1"
    assert language.join_items(["甲", 2]) == "甲、2"


def test_another_language_is_refused():
    with pytest.raises(CrosscityError, match="language is 'de'; the choices are en, zh"):
        language.use_language("de")
    assert language.current_language() == "en"


def test_another_language_for_a_while():
    def break_off():
        with language.in_language("zh"):
            raise ValueError(tr("topics"))

    with pytest.raises(ValueError, match="主题数"):
        break_off()
    assert tr("topics") == "topics"


def test_lines_are_folded_by_width_and_not_before_what_closes():
    assert wrap("one two three", 7) == ["one two", "three"]
    language.use_language("zh")
    lines = wrap("未提及：朝阳、阳江、盐城（市）、随州的 95% 置信区间，合肥。", 20)
    assert "".join(lines).replace(" ", "") == "未提及：朝阳、阳江、盐城（市）、随州的95%置信区间，合肥。"
    assert all(ems(line) <= 11 and line[0] not in "，。；：、）" for line in lines)
    assert wrap("", 20) == []


# Glosses.


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("党建", "party-building"),
        ("乡村振兴", "rural revitalisation"),
        ("营商环境", "business environment"),
        ("软弱涣散", "weak and lax"),
        ("第一书记", "first secretary"),
        ("四个现代化", "four modernisations"),
        ("碳达峰", "carbon peaking"),
        ("朝阳", ""),
        ("龘龘", ""),
    ],
)
def test_known_terms_have_their_glosses_in_english_alone(term, said):
    assert gloss(term) == said
    language.use_language("zh")
    assert gloss(term) == ""


def test_a_gloss_is_one_to_three_words_and_a_term_no_sentence():
    for term, said in rows("glossary.tsv", 2):
        assert re.fullmatch("[\u4e00-\u9fff]{1,12}", term), term
        assert re.fullmatch(r"[A-Za-z0-9][\x20-\x7e]*", said), term
        assert 1 <= len(said.split()) <= 3, (term, said)
        assert len(said) <= 32, (term, said)


def test_names_of_places_have_no_gloss():
    named = {short for name in places.prefectures() for short in (name,)}
    named |= {city for cities in places.prefectures().values() for city in cities}
    assert named & set(language.glossary()) == set()


def test_tables_of_terms_get_a_column_of_glosses_behind_each_column_of_terms():
    table = pd.DataFrame({"group": ["甲"], "term": ["党建"], "n": [1]})
    assert list(with_glosses(table)) == ["group", "term", "gloss", "n"]
    assert list(with_glosses(table)["gloss"]) == ["party-building"]
    assert list(table) == ["group", "term", "n"]
    edges = pd.DataFrame({"a": ["党建"], "b": ["龘龘"], "weight": [0.5]})
    assert with_glosses(edges).iloc[0].tolist() == ["党建", "party-building", "龘龘", "", 0.5]
    pairs = pd.DataFrame({"a": ["朝阳"], "b": ["盐城"], "distance": [0.5]})
    assert list(with_glosses(pairs)) == ["a", "b", "distance"]
    asked = pd.DataFrame({"term": ["党建"], "gloss": ["what it is"]})
    assert with_glosses(asked).equals(asked)
    to_fill = pd.DataFrame({"term": ["党建"], "accept": [""]})
    assert with_glosses(to_fill) is to_fill
    language.use_language("zh")
    assert with_glosses(table) is table


def inside(fig):
    """The glosses of a figure as boxes, by axes."""
    fig.canvas.draw()
    renderer = fig.canvas.get_renderer()
    for ax in fig.axes:
        yield ax, [t.get_window_extent(renderer) for t in ax.texts if t.get_color() == text_module.GLOSS["color"]]


@pytest.mark.parametrize("n", [1, 5, 12])
def test_glosses_stand_between_terms_and_axis_and_touch_neither(n):
    table = figure_tables.group_terms(CITIES[:n], 10, True)
    fig = basic.term_panels(table, "group", "term", "value", "share")
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0
    seen = 0
    for ax, boxes in inside(fig):
        terms = [t.get_window_extent() for t in ax.get_yticklabels()]
        left = ax.get_window_extent().x0
        assert all(box.x1 < left for box in boxes)
        assert not any(box.overlaps(term) for box in boxes for term in terms)
        assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
        seen += len(boxes)
    assert seen >= 7 * n
    fitted, width = text_module.fit_glosses(["乡村振兴", "党建"], 40)
    assert fitted[0].endswith("…")
    assert width <= 40
    assert text_module.fit_glosses(["乡村振兴"], 3) == ([""], 0)


def test_without_glosses_panels_are_as_ever():
    table = figure_tables.group_terms(CITIES[:5], 10, True).assign(term=list("天地玄黄宇宙洪荒日月") * 5)
    fig = basic.term_panels(table, "group", "term", "value", "share")
    assert not any(boxes for _, boxes in inside(fig))
    assert len({round(ax.get_position().x0, 3) for ax in fig.axes if ax.get_visible()}) == 3


# Pictures.


def named(table):
    return table.assign(set="前者文字见于后者的比例")


def questions_of(n):
    table = figure_tables.answer_matrix(n)
    return table.set_axis(sorted(of("question"))[: len(table)])


def themes_of(n):
    table = figure_tables.stance_table(n, 10)
    known = ["all", *sorted(of("theme") - {"all"})]
    return table.assign(theme=table["theme"].map(dict(zip(dict.fromkeys(table["theme"]), known, strict=False))))


def documents(n):
    table = figure_tables.dated_documents(n, "days", 3)
    lanes = ["news feature", "experience report", "work report", "resolution"]
    genres = {g: lanes[i % 4] for i, g in enumerate(dict.fromkeys(table["genre"]))}
    return table.assign(genre=table["genre"].map(genres))


def curve(n):
    table, specs = figure_tables.specification_results(n, 40)
    words = pd.Series([tr("{group} uses {term} more", group="盐城", term="党建")] * n)
    return robustness.specification_curve(table, specs, words, tr("log2 ratio of rates"))


def survival(n):
    return robustness.survival(figure_tables.survival_summary(n).assign(words=[f"盐城与随州{i}最近" for i in range(n)]))


PICTURES = {
    "lengths": lambda: basic.bars(figure_tables.document_lengths(5), "label", "n_chars", tr("characters")),
    "distribution": lambda: basic.distribution(
        figure_tables.document_lengths(40), "label", "n_chars", tr("characters")
    ),
    "kinds": lambda: basic.bars(
        figure_tables.kinds_by_document(5), "label", "characters", tr("characters"), parts="kind"
    ),
    "cleaning": lambda: basic.bars(
        figure_tables.changes_by_document(5), "label", "characters", tr("characters"), parts="change"
    ),
    "common": lambda: basic.heat(figure_tables.term_rates(5), tr("in 1,000 counted words"), "{:.1f}", glossed=True),
    "common, many": lambda: basic.spread(
        figure_tables.term_rates(70), tr("in 1,000 counted words (line: median)"), glossed=True
    ),
    "frequent": lambda: basic.term_panels(
        figure_tables.group_terms(CITIES[:5], 10), "group", "term", "value", tr("in 1,000 counted words")
    ),
    "choice": lambda: topics.choice(figure_tables.k_choices(6), 8),
    "topics": lambda: topics.topic_terms(figure_tables.topic_terms(5)),
    "shares": lambda: basic.shares(figure_tables.topic_shares(5), "name", "group", tr("share of text")),
    "shares, many": lambda: basic.shares(figure_tables.topic_shares(20), "name", "group", tr("share of text")),
    "trends": lambda: topics.trends(*figure_tables.yearly_shares(5), tr("share of text")),
    "precision": lambda: topics.precision(figure_tables.intruder_precision(3), "name", 1 / 6),
    "pairs": lambda: basic.pairs(named(figure_tables.group_pairs(8)), "distance", tr("share of characters")),
    "strips": lambda: basic.strips(figure_tables.passages(5)),
    "network": lambda: maps.network(*figure_tables.word_graph(12)),
    "tree": lambda: maps.dendrogram(figure_tables.cluster_tree(12), tr("cosine distance")),
    "ca-map": lambda: maps.ca_map(*figure_tables.correspondence_map(12)),
    "neighbours": lambda: maps.neighbours(figure_tables.neighbour_table(40), tr("cosine distance")),
    "shift": lambda: comparison.word_shift(figure_tables.shift_table(36), "盐城", "随州", figure_tables.divergence()),
    "shift, untested": lambda: comparison.word_shift(
        figure_tables.shift_table(9), "盐城", "随州", figure_tables.UNTESTED
    ),
    "timeline": lambda: timeline.timeline(documents(12), milestones.read_milestones()),
    "presence": lambda: facts.presence(questions_of(5)),
    "presence, many": lambda: facts.presence(questions_of(20)),
    "stances": lambda: facts.theme_by_stance(themes_of(3)),
    "stances, many": lambda: facts.theme_by_stance(themes_of(20)),
    "reach": lambda: facts.programmes_by_reach(figure_tables.programme_table(40)),
    "shared": lambda: facts.shared_programmes(figure_tables.programme_table(20)),
    "curve": lambda: curve(2),
    "survival": lambda: survival(6),
    "errors": lambda: robustness.error_rates(figure_tables.error_rates(3)),
    "power": lambda: robustness.power_curves(figure_tables.power_table(2)),
    "indicators": lambda: indicators.indicator_panels(figure_tables.indicator_rows(5, 7), figure_tables.LABELS),
    "targets": lambda: targets.results_against_targets(*figure_tables.target_results(12)),
    "gaps": lambda: targets.gaps_by_province(targets_compare.gaps(figure_tables.target_results(10)[0])),
    "no indicators": lambda: indicators.indicator_panels(figure_tables.indicator_table(), figure_tables.LABELS),
}


def english_in(fig):
    """Texts of a figure with three Latin letters or more in a row that are no word of `LATIN`."""
    texts = {t.get_text() for t in fig.findobj(Text) if t.get_visible()}
    return sorted(t for t in texts if set(re.findall("[A-Za-z]{3,}", t)) - LATIN)


@pytest.mark.parametrize("name", PICTURES)
def test_a_chinese_figure_has_no_english_in_it(name):
    language.use_language("zh")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", ".*deprecated", DeprecationWarning)
        fig = PICTURES[name]()
        fig.supxlabel(tr("demonstration text"), x=0.01, ha="left", fontsize=7)
        assert overlaps(fig) == []
        assert sticks_out(fig) == 0
    assert english_in(fig) == []


def test_english_that_is_left_is_found():
    language.use_language("zh")
    fig = basic.bars(figure_tables.document_lengths(5), "label", "n_chars", "characters")
    assert english_in(fig) == ["characters"]
