"""Facts do not depend on the marks that a site writes: half-width ones, straight quotation marks, corner brackets."""

import pytest
from crosscity.chinese import chinese_marks
from crosscity.facts import facts_of

from tests.conftest import PROJECT

TEXTS = sorted((PROJECT / "tests" / "facts" / "restated").glob("*.txt"))
FORMS = {
    "half-width marks": str.maketrans("，；：（）！？", ",;:()!?"),
    "straight quotation marks": str.maketrans("“”", '""'),
    "corner brackets": str.maketrans("“”‘’", "「」『』"),
    "all of them": str.maketrans("，；：（）！？“”", ',;:()!?""'),
}


def facts(lines):
    """The five tables of a text whose first line is its title, with marks in one form."""
    paragraphs = {
        "paragraph": list(range(1, len(lines) + 1)),
        "kind": ["title", *["body"] * (len(lines) - 1)],
        "level": [0] * len(lines),
        "unit": [""] * len(lines),
        "section": [""] * len(lines),
        "text": lines,
    }
    row = {"speaker": "", "doc_type": "plan", "year": 2023, "city": "", "province": "", "date": ""}
    tables = facts_of(row, paragraphs, [[] for _ in lines], codebook="none")
    return {
        name: [{k: chinese_marks(v) if isinstance(v, str) else v for k, v in fact.items()} for fact in rows]
        for name, rows in tables.items()
    }


@pytest.mark.parametrize("form", FORMS)
def test_facts_are_the_same_in_other_marks(form):
    found = 0
    for path in TEXTS[::3]:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        if any(mark in line for line in lines for mark in "\"「『'"):
            continue
        if any(line.count("“") != line.count("”") for line in lines):
            continue
        there, here = facts([line.translate(FORMS[form]) for line in lines]), facts(lines)
        assert there == here, path.name
        found += sum(map(len, here.values()))
    assert found > 100


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ('实施"头雁"工程,投入3,000元;', "实施“头雁”工程，投入3,000元；"),
        ("「强基」(试点):『一网』好!", "“强基”（试点）：‘一网’好！"),
        ("开展『八五』普法", "开展“八五”普法"),
        ('他说:"好"?"不好".', "他说：“好”？“不好”."),
        ("2020,2021年", "2020，2021年"),
        ("", ""),
    ],
)
def test_marks_as_in_a_chinese_text(text, marks):
    assert chinese_marks(text) == marks
    assert len(marks) == len(text)
