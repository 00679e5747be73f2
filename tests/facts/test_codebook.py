"""Codebooks: the files and their faults, and shares worked out by hand."""

import re

import pytest
from crosscity import CrosscityError
from crosscity.facts.codebook import SHIPPED_CODEBOOKS, occurrences, read_codebook
from crosscity.words.matrix import count_matrix
from crosscity.words.tokens import Tokenizer, stop_words

THEMES = "responsibility leadership education economy venues funding coverage governance service rectification"
THEMES = [*THEMES.split(), "revitalisation", "digital", "ideology", "problems"]
SEA = "groups: {sea: the sea}\nleaves:\n- {code: harbours, group: sea, definition: where ships lie, terms: 渔港}\n"


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        (tmp_path / "own.yaml").write_text(text, encoding=encoding)
        return tmp_path / "own.yaml"

    return write


@pytest.mark.parametrize("name", SHIPPED_CODEBOOKS)
def test_shipped_codebooks(name):
    book = read_codebook(name)
    assert len({leaf.code for leaf in book.leaves}) == len(book.leaves)
    assert all(leaf.definition for leaf in book.leaves)
    assert book.leaves[book.fallback].group == "general"
    assert {book.leaves[i].group for i in book.leading} <= {"problems"}
    assert bool(book.leading) == (name != "policy")
    if name == "party":
        assert {leaf.group for leaf in book.leaves} == {*THEMES, "general"}
        assert [theme.name for theme in book.themes] == THEMES


def test_leaves_finer_than_the_groups():
    book = read_codebook()
    of = {leaf.code: leaf.group for leaf in book.leaves}
    fine = {"pay": "funding", "performance-pay": "funding", "pensions": "funding", "promotion": "leadership"}
    fine |= {"dispatch": "leadership", "new-groups": "coverage", "discipline": "governance", "democracy": "governance"}
    fine |= {"mass-line": "service", "burden": "governance", "models": "general", "united-front": "general"}
    assert fine.items() <= of.items()


@pytest.mark.parametrize("name", SHIPPED_CODEBOOKS)
def test_themes_of_a_codebook_can_be_counted(name):
    """Of every group ten terms and a third at least are single words of the tokenizer, and no stop words."""
    tokenizer, stop = Tokenizer(), stop_words()
    book = read_codebook(name)
    for theme, _, terms in book.themes:
        words = [t for t in terms if tokenizer.words(t) == [t] and t not in stop]
        assert len(words) >= max(10, len(terms) / 3), theme
        _, found = count_matrix([words])
        assert set(words) == set(found), theme


FORM = """
# a comment
version: "1"
groups: {水务: water, 道路: roads, rest: else}
leaves:
- {code: lakes, group: 水务, definition: who looks after water, terms: 河长  湖长、水库, strong: [河湖]}
- code: roads
  group: 道路
  definition: roads
  source: general usage
  terms: 公路
  weak: 道路
  rules:
  - {term: 公路, not in: [公路局], not after: [水毁]}
  - {term: 水库, with: [大坝, 公路], weight: 2}
- {code: rest, group: rest, definition: else, fallback: true}
"""


def test_own_codebook_in_its_order(written):
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        book = read_codebook(written(FORM, encoding))
        assert [(theme.name, theme.gloss, set(theme.terms)) for theme in book.themes] == [
            ("水务", "water", {"河湖", "河长", "湖长", "水库"}),
            ("道路", "roads", {"公路", "道路"}),  # the rest has no words to be counted
        ]
        assert [leaf.code for leaf in book.leaves] == ["lakes", "roads", "rest"]
        assert book.fallback == 2
    assert [(e.leaf, e.weight, e.companions) for e in book.terms["水库"]] == [(0, 1.0, ()), (1, 2.0, ("大坝", "公路"))]
    assert [(e.weight, e.after) for e in book.terms["公路"]] == [(1.0, ("水毁",))]
    assert [book.terms[t][0].weight for t in ("河湖", "道路")] == [3.0, 0.3]
    assert book.terms_within["公路局"] == ()


def test_a_phrase_hides_only_what_does_not_count_in_it(written):
    rules = "rules: [{term: 服务, not in: [服务专项经费]}]"
    first = f"- {{code: s, group: g, definition: d, terms: 服务, {rules}}}\n"
    second = "- {code: m, group: h, definition: d, terms: 专项经费}\n"
    book = read_codebook(written("groups: {g: x, h: y}\nleaves:\n" + first + second))
    assert book.terms_within["服务专项经费"] == (("专项经费", 2),)


def test_occurrences_are_the_longest_and_do_not_overlap():
    starts = {"党组": ("党组织书记", "党组织"), "书记": ("书记",), "织书": ("织书",)}
    assert occurrences("党组织和党组织书记、书记", starts) == [(0, "党组织"), (4, "党组织书记"), (10, "书记")]
    assert occurrences("党", starts) == occurrences("", starts) == []


def leaf(**keys):
    """A codebook of one leaf with these keys instead of the usual ones."""
    keys = {"code": "a", "group": "g", "definition": "d", "terms": "公路"} | keys
    return "groups: {g: x}\nleaves:\n- {" + ", ".join(f"{k}: {v}" for k, v in keys.items() if v is not None) + "}\n"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["it must hold groups and leaves"]),
        ("- a\n", ["it must hold groups and leaves"]),
        ("groups: [a]\nleaves: {}\n", ["groups must be a mapping", "leaves must be a list"]),
        ("groups: {g: x}\nleaves:\n- text\n- {group: g}\n", ["leaf 1 is 'text'", "leaf 2 has no code"]),
        (leaf() + "leafs: 1\n", ["it has 'leafs'; keys are about, groups, leaves, version"]),
        (leaf(group="h"), ["leaf a is of h, which is not among the groups g"]),
        (leaf(definition=None, group=None), ["leaf a has no group", "leaf a has no definition"]),
        (leaf(terms=None), ["leaf a has no terms"]),
        (leaf(terms="[1, 公路]"), ["leaf a: terms must be words"]),
        (leaf(term="公路"), ["leaf a has 'term'; keys are"]),
        (leaf(terms="公路 路"), ["leaf a: 路 has one character"]),
        (leaf(strong="公路"), ["leaf a: 公路 stands twice"]),
        (leaf() + leaf()[leaf().index("- ") :], ["leaf a stands twice", "公路 stands twice, under a and a"]),
        (leaf(rules="公路"), ["leaf a: rules must be a list"]),
        (leaf(rules="[{weight: 2}]"), ["leaf a, rule 1 has no term"]),
        (leaf(rules="[{term: 公路, weight: -1}]"), [r"leaf a, rule 1 \(公路\): weight is -1; give a number above 0"]),
        (leaf(rules="[{term: 公路, weight: true}]"), [r"leaf a, rule 1 \(公路\): weight is True"]),
        (leaf(rules="[{term: 公路, not_in: [公路局]}]"), [r"leaf a, rule 1 \(公路\) has 'not_in'; keys are not after"]),
        (leaf(rules="[{term: 公路, not in: [大桥]}]"), [r"leaf a, rule 1 \(公路\): 大桥 does not hold the term"]),
        (leaf(rules="[{term: 公路, with: 7}]"), [r"leaf a, rule 1 \(公路\): with must be a list of texts"]),
        (leaf(rules="[{term: 公路}, {term: 公路}]"), [r"leaf a, rule 2 \(公路\): the term has a rule already"]),
        (
            leaf(fallback="true") + leaf(code="b", terms="桥梁", fallback="true")[len("groups: {g: x}\nleaves:\n") :],
            ["leaf b is a second fallback"],
        ),
    ],
)
def test_faults_are_named_with_the_file(written, text, faults):
    path = written(text)
    with pytest.raises(CrosscityError) as error:
        read_codebook(path)
    for fault in faults:
        assert re.search(f"own.yaml: {fault}", str(error.value)), (fault, str(error.value))
    assert str(error.value).count("own.yaml") == len(faults)


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ("groups: {g: x}\nleaves: [\n", 3, "did not find|expected the node"),
        ("groups: {g: x}\nleaves:\n- code: a\n  terms: 公路\n  terms: 桥梁\n", 5, "terms stands twice"),
    ],
)
def test_no_yaml(written, text, line, fault):
    path = written(text)
    with pytest.raises(
        CrosscityError, match=rf"own\.yaml, line {line} is not YAML \((?:{fault}).*\): correct the line"
    ):
        read_codebook(path)


def test_no_file(tmp_path):
    with pytest.raises(CrosscityError, match=r"none\.yaml is not there: give a codebook"):
        read_codebook(tmp_path / "none.yaml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
def test_a_codebook_in_traditional_characters_is_that_in_simplified_ones(written, encoding):
    words = "groups: {sea: s}\nleaves:\n- code: harbours\n  group: sea\n  definition: 碼頭和漁船\n  terms: 漁港 碼頭\n"
    rule = "  rules:\n  - {term: 漁船, not in: [休漁船], with: [開]}\n"
    book = read_codebook(written(words + rule, encoding))
    assert {*book.terms} == {"渔港", "码头", "渔船"}
    assert book.terms["渔船"][0].companions == ("开",)
    assert "休渔船" in book.terms_within


def test_a_full_width_colon_of_a_codebook_is_named_with_its_line(written):
    with pytest.raises(CrosscityError, match=r"own.yaml, line 3 is not YAML \(the colon behind 'code' is a full-width"):
        read_codebook(written("groups: {sea: the sea}\nleaves:\n- code：harbours\n  group: sea\n"))
