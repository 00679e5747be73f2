"""Figures that measure the same thing: a table, pictures of some at a time, and the sentences they stand in."""

import json

import pytest

from tests.helpers.results import check_result


@pytest.fixture
def study(asked, of_towns):
    return asked(of_towns)


def test_indicators(study):
    found = study.indicators()
    check_result(found)
    assert found.table[["indicator", "doc_id", "value"]].values.tolist() == [["people trained", "乙", 120]]
    assert found.sentences() == ["1 of 7 quantities belong to 1 named indicators."]
    assert list(found.evidence(0)["text"]) == ["深入实施“头雁工程”，培训村党组织书记120名。"]
    assert "120名" in found.pages()["indicators"].html
    assert found.parts() == []  # no indicator has two figures


def test_pictures_of_indicators_are_parts_with_names_of_their_own(built, asked):
    lines = [f"村党组织书记培训{n}名。" for n in (120, 150)]
    of_two = built({c: (f"{c}市", [line, "老街铺了石板。"]) for c, line in zip("甲乙", lines, strict=True)}, "city")
    study = asked(of_two, min_df=1)
    found = study.indicators()
    check_result(found)
    [part] = found.parts()
    assert (part.name, part.alt) == ("indicators-1", "people trained: 2 figures.")
    assert part.title.startswith("Indicators 1 (quantities right on 196")
    assert found.figure().get_figwidth() == part.figure().get_figwidth()
    study.keep(found)
    kept = json.loads((study.out / "findings.json").read_text(encoding="utf-8"))
    assert kept["figures"] == ["indicators-1"]
    assert {"indicators.csv", "indicators.html", "indicators-1.svg", "indicators-1.json"} <= {
        path.name for path in study.out.iterdir()
    }
    assert part.title in repr(found)
    assert found.to_html().count("data:image/png") == 1
