"""What a study's documents take up from above: result, sentences, picture, evidence; by hand on invented text."""

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pytest
from crosscity.files import write_text
from crosscity.study.opening import open_study
from crosscity.study.result import Unavailable
from crosscity.tables import build

from tests.helpers.results import check_result

PASSAGE = "建立村口茶水站和流动书车的轮值制度，让赶集的老人歇得下脚、看得上报"
EDITED = "建立村口茶水站和流动医车的轮值制度，让赶集的老人坐得稳、歇得下脚、看得上报"
FORMULA = "让我们把江河两岸的堤坝修得更高更牢，让孩子们在新盖的学校里安心读书"
PADDING = {
    "安徽省": "茶山由三户人家照看，去年的雨水多。老街铺了新的石板，店主们商量着改了门牌。",
    "盐城": "食堂的采购价格每周公开一次。渔港的灯塔在春天重新亮起来。",
    "合肥": "书屋里添了两张长桌。巷口的路灯换成了暖色，夜里走路的人多了起来。",
}


def built(folder, documents, **columns):
    """Tables of documents: title, city, province, year, text."""
    corpus = folder / "documents"
    corpus.mkdir(parents=True)
    rows = ["file,title,city,province,year"]
    for n, (title, city, province, year, text) in enumerate(documents):
        write_text(corpus / f"{n}.txt", f"{title}\n{text}\n")
        rows.append(f"{n}.txt,{title},{city},{province},{year}")
    write_text(corpus / "corpus.csv", "\n".join(rows) + "\n")
    build(corpus, folder / "tables")
    return str(folder / "tables")


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    made = tmp_path_factory.mktemp("diffusion")
    state = [
        ("2009年国务院工作报告", "", "", 2009, f"{FORMULA}。"),
        ("2015年国务院工作报告", "", "", 2015, f"{FORMULA}。"),
        ("2023年国务院工作报告", "", "", 2023, f"{PASSAGE}。\n{FORMULA}。\n继续实施清泉入户提升行动。"),
    ]
    province = [
        (
            "2024年安徽省工作报告",
            "",
            "安徽省",
            2024,
            f"{PASSAGE}。\n实施清泉入户提升行动。\n{3 * PADDING['安徽省']}",
        )
    ]
    cities = [
        ("2025年盐城市工作报告", "盐城", "江苏省", 2025, f"我市要{EDITED}。\n{3 * PADDING['盐城']}"),
        ("2025年合肥市工作报告", "合肥", "安徽省", 2025, f"{FORMULA}。\n实施清泉入户提升行动。\n{3 * PADDING['合肥']}"),
    ]
    made_of = {"state": state, "province": province, "cities": cities}
    return {name: built(made / name, documents) for name, documents in made_of.items()} | {"out": str(made / "kept")}


def opened(tables, **parameters):
    return open_study(notebook="07-shared-text", tables=tables["cities"], out=tables["out"], **parameters)


@pytest.fixture(scope="module")
def diffusion(tables):
    return opened(tables).diffusion(tables["state"], tables["province"])


def test_it_shows_itself_in_both_languages(diffusion):
    check_result(diffusion)


def test_what_it_says(diffusion):
    assert diffusion.sentences() == [
        "3 reference texts are held against 3 documents (1 provincial document, 2 city documents).",
        "In 3 of the documents stands what a reference has, too: passages 2, programmes and slogans 1.",
        "Of these, 2 tell documents apart. The others are formulas that references have said for years (1), or "
        "everyday words and what half of the documents of a level have (0).",
        "Programmes and slogans that most have: 清泉入户提升行动 (since 2023; 1 of 1 provincial document, 1 of 2 city "
        "documents).",
        f"Passages that most have: {PASSAGE} (since 2023; 1 of 1 provincial document, 1 of 2 city documents).",
        "Of 3 places at which a document has a passage, 67% are word for word.",
        "Changed most often: 书→医 (1).",
        "From the first reference to the document it takes 1.5 years (median of those that tell documents apart).",
        "Reference and document may both follow a third text; who copied from whom is not said.",
    ]


def test_the_evidence_has_both_lines(diffusion):
    row = diffusion.table["text"].tolist().index(PASSAGE)
    lines = diffusion.evidence(row).set_index("group")
    assert lines.loc["盐城", "text"] == f"我市要{EDITED}。"
    assert lines.loc["盐城", "source_text"] == f"{PASSAGE}。"
    assert "[书→医]" in lines.loc["盐城", "edited"]
    assert "[+坐得稳]" in lines.loc["盐城", "edited"]
    assert lines.loc["安徽省 (reference)", "edited"].count("[") == 0


def test_what_one_document_has(diffusion):
    names = diffusion.study.corpus.set_index("city")["doc_id"]
    part = diffusion.of_document(names["合肥"])
    assert part["text"].tolist() == [FORMULA, "清泉入户提升行动"]
    assert part["use"].tolist() == ["formula", "distinctive"]


def test_what_is_kept(diffusion, tables):
    assert list(diffusion.tables()) == ["diffusion-items", "take-ups"]
    diffusion.study.keep(diffusion)
    kept = diffusion.study.out
    assert (kept / "diffusion.svg").is_file() or (kept / "diffusion.png").is_file()
    assert "坐得稳" in (kept / "take-ups.csv").read_text(encoding="utf-8")


def test_the_references_of_the_run(tables):
    found = opened(tables, references=tables["state"]).diffusion()
    assert found.levels == {"city": 2}


def test_without_references_it_says_why(tables):
    found = opened(tables).diffusion()
    assert isinstance(found, Unavailable)
    assert found.sentences() == ["No references are named (see the parameter references)."]


def test_references_of_no_higher_level(tables):
    found = opened(tables).diffusion(tables["cities"])
    assert isinstance(found, Unavailable)
    assert found.sentences() == ["No document is of a lower level than the references."]


def test_the_highest_of_the_references_is_the_source(tables):
    found = opened(tables).diffusion(tables["province"])
    assert found.sources == ["安徽省 (reference)"]
    assert set(found.table["text"]) == {PASSAGE, "清泉入户提升行动"}


def test_nothing_taken_up(tables):
    found = opened(tables).diffusion(tables["state"], length=200)
    assert set(found.table["kind"]) == {"programme"}
