"""Documents, their lengths, lines, cleaning, oddities and coverage, on a corpus of which every number is known."""

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from crosscity.files import write_text
from crosscity.study.opening import open_study
from crosscity.study.result import Unavailable

from tests.helpers.results import check_result
from tests.helpers.study_tables import SENTENCES, TWO, document, tables, write_table

RULES = [  # of 甲: rule, before, after
    ("furniture:widget", "打印本页", ""),
    ("furniture:widget", "分享", ""),
    ("script", "漁", "渔"),
    ("script", "漁", "渔"),
    ("script", "燈", "灯"),
    ("pinyin", "(yú)", ""),
    ("damaged", "?洗", "?洗"),
    ("indent", "\u3000", ""),
]


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def write_log(folder, rules=RULES):
    rows = [("甲", n, n, 0, len(b), rule, b, after, 1.0) for n, (rule, b, after) in enumerate(rules, 1)]
    columns = ["doc_id", "step", "line", "start", "end", "rule", "before", "after", "confidence"]
    kinds = dict.fromkeys(columns, "int64") | dict.fromkeys(("doc_id", "rule", "before", "after"), "str")
    log = pd.DataFrame(rows, columns=columns).astype(kinds | {"confidence": "float64"})
    write_table("cleaning_log", log, folder)


def opened(tmp_path, documents=TWO, rules=RULES, **parameters):
    folder = tables(tmp_path / "tables", documents)
    write_log(folder, rules)
    out = str(tmp_path / "out")
    return open_study(notebook="01-corpus", tables=str(folder), out=out, **parameters)


@pytest.fixture
def study(tmp_path):
    return opened(tmp_path)


QUESTIONS = ["documents", "lengths", "kinds", "cleaning", "oddities", "coverage"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_result_shows_itself_in_both_languages(study, question):
    check_result(getattr(study, question)())


def test_changes_show_themselves_in_both_languages(study):
    check_result(study.cleaning().examples())
    check_result(study.cleaning().dropped_lines())


def test_documents_are_counted_and_what_is_guessed_is_said(tmp_path):
    study = opened(tmp_path, [*TWO, document("丙", "随州", n_chars=80, exclude="a draft", guessed="year")])
    assert study.documents().sentences() == [
        "2 documents by city: 2 cities, 120 characters.",
        "Left out: 1 because a draft.",
        "The manifest or the records state all metadata used.",
    ]
    assert list(study.documents().table["doc_id"]) == ["甲", "乙"]


def test_one_document_or_one_group_is_said_in_words_of_its_own(tmp_path):
    one = opened(tmp_path / "one", TWO[:1])
    assert one.documents().sentences()[0] == "1 document of 50 characters."
    assert one.lengths().sentences() == ["盐城 has 50 characters."]
    alike = [document("甲", "盐城", genre="news"), document("乙", "合肥", genre="news")]
    same = opened(tmp_path / "same", alike, by="genre")
    assert same.documents().sentences()[0] == "2 documents of one genre: 200 characters."


def test_why_documents_are_left_out_is_said_in_the_language_that_is_asked_for(tmp_path):
    study = opened(tmp_path, only={"city": "盐城"})
    assert study.documents().sentences("en")[1] == "Left out: 1 because city is not 盐城."
    assert study.documents().sentences("zh")[1] == "未纳入：1 份（城市不是盐城）。"


def test_lengths_go_from_the_longest_and_their_ratio_is_said(study):
    assert study.lengths().table["n_chars"].tolist() == [70, 50]
    assert study.lengths().sentences() == ["The longest (合肥) has 1.4 times the characters of the shortest (盐城)."]
    assert list(study.lengths().data().columns) == ["label", "n_chars"]
    assert study.lengths().evidence(0)["text"].tolist() == list(SENTENCES)


def test_a_document_without_text_has_no_ratio(tmp_path):
    study = opened(tmp_path, [TWO[0], document("乙", "合肥", n_chars=0)])
    assert study.lengths().sentences() == ["The longest (盐城) has 50 characters, the shortest (合肥) has none."]


def test_kinds_are_counted_by_document(study):
    kinds = study.kinds().table.set_index(["label", "kind"])
    heading, first, second = map(len, SENTENCES)
    assert kinds.loc[("合肥", "body")].tolist() == [2, first + second]
    assert kinds.loc[("盐城", "heading")].tolist() == [1, heading]
    share = (first + second) / (heading + first + second)
    assert study.kinds().sentences() == [f"{share:.1%} of the characters are body text."]
    assert study.kinds().evidence(0)["text"].tolist() == list(SENTENCES[1:])


def test_of_many_documents_kinds_and_changes_are_summed(tmp_path):
    many = [TWO[0], *(document(f"d{n}", f"第{n}城") for n in range(30))]
    study = opened(tmp_path, many)
    assert set(study.kinds().table["label"]) == {"all documents"}
    assert study.kinds().table["lines"].tolist() == [62, 31]
    assert set(study.cleaning().table["label"]) == {"all documents"}
    assert "in the 1 documents" in study.cleaning().examples().title
    assert len(study.lengths().figure().axes) == 1


def test_cleaning_is_summed_by_kind_of_change(study):
    cleaning = study.cleaning()
    changes = cleaning.table.set_index("change")[["changes", "characters"]]
    assert changes.loc["page furniture removed"].tolist() == [2, 6]
    assert changes.loc["traditional to simplified"].tolist() == [3, 3]
    assert changes.loc["spaces and empty lines"].tolist() == [1, 1]
    assert cleaning.sentences()[0].startswith("Changes: damaged, left as it is 1, page furniture removed 2,")
    row = list(cleaning.table["change"]).index("traditional to simplified")
    assert cleaning.evidence(row)[["before", "after"]].to_numpy().tolist() == [["漁", "渔"], ["漁", "渔"], ["燈", "灯"]]
    assert list(cleaning.tables()) == ["cleaning"]  # of one document a bar would say less


def test_the_balance_adds_up_and_shows_what_is_odd(study, tmp_path):
    balance = study.balance()
    row = balance.rows.set_index("doc_id").loc["乙"]
    assert row["read"] - row["removed"] + row["added"] == row["remaining"] == sum(map(len, SENTENCES))
    assert balance.sentences()[-1] == "No balance is odd."
    check_result(balance)
    assert balance.tables()["balance-by-rule"]["removed"].sum() == balance.rows["removed"].sum()
    odd = opened(tmp_path, [{**TWO[0], "n_unread": 5000}, TWO[1]]).balance()
    assert odd.rows["odd"].tolist() == ["has 5,000 characters that could not be read or were left out on reading", ""]
    assert odd.sentences()[2:] == [
        "5,000 more could not be read or were left out on reading.",
        "盐城 has 5,000 characters that could not be read or were left out on reading.",
    ]


def test_blanks_alone_are_no_picture(tmp_path):
    cleaning = opened(tmp_path, rules=[("indent", "\u3000", "")]).cleaning()
    assert cleaning._drawn is None
    assert cleaning.sentences() == ["Changes: spaces and empty lines 1."]


def test_a_corpus_without_changes_says_so(tmp_path):
    cleaning = opened(tmp_path, rules=[]).cleaning()
    assert cleaning.sentences() == ["Changes: none."]
    assert cleaning.examples().table.empty
    assert cleaning.dropped_lines().sentences() == ["No line was removed as page furniture."]
    check_result(cleaning.examples())


def test_changes_are_struck_out_and_marked(study):
    examples = study.cleaning().examples()
    html = examples.to_html()
    assert "打印本页</del>" in html
    assert "渔</ins> ×2" in html
    assert "漁 → 渔 ×2 · 燈 → 灯" in repr(examples)
    assert list(examples.tables()) == ["before-after"]
    first = list(examples.table["change"]).index("pinyin removed")
    assert examples.evidence(first)["before"].tolist() == ["(yú)"]


def test_hostile_changes_are_escaped(tmp_path):
    study = opened(tmp_path, rules=[("furniture:widget", "<script>x</script>", "")])
    assert "<script>" not in study.cleaning().examples().to_html()
    assert "<script>" not in study.cleaning().dropped_lines().to_html()


def test_dropped_lines_are_listed_with_their_reason(study):
    dropped = study.cleaning().dropped_lines()
    assert dropped.table.to_numpy().tolist() == [["甲", 1, "widget", "打印本页"], ["甲", 2, "widget", "分享"]]
    assert dropped.sentences() == ["Lines removed as page furniture: 2, in 1 of 2 documents."]
    assert dropped.evidence(1)["before"].tolist() == ["分享"]


def test_oddities_name_documents_and_say_how_many_more_there_are(tmp_path):
    study = opened(tmp_path, [document(f"d{n}", f"第{n}城") for n in range(7)], rules=[])
    (said,) = study.oddities().sentences()
    assert said.startswith("Place: 第0城 never names 第0城, under which it is filed; ")
    assert said.endswith("第4城 never names 第4城, under which it is filed and 2 more.")
    assert study.oddities().evidence(0)["text"].tolist() == list(SENTENCES)


def test_nothing_odd_is_said_to_be_so(tmp_path):
    assert opened(tmp_path, [document("甲")], rules=[]).oddities().sentences() == ["No oddities were found."]


def test_coverage_names_what_is_there(study):
    coverage = study.coverage()
    there = coverage.table[coverage.table["documents"] > 0]
    assert dict(zip(there["value"], there["documents"], strict=True)) == {"江苏": 1, "安徽": 1, "2014": 2}
    row = int(there.index[there["value"] == "安徽"][0])
    assert coverage.evidence(row)["doc_id"].tolist() == ["乙"]
    assert coverage.sentences() == []  # that a handful leaves most out is plain
    assert list(coverage.tables()) == ["coverage"]


def test_coverage_of_nothing_says_so(tmp_path):
    assert opened(tmp_path, [document("甲")]).coverage().sentences() == [
        "No document states a province, a year or a genre."
    ]


def test_what_is_kept(study):
    cleaning = study.cleaning()
    study.keep(
        study.documents(), study.lengths(), study.kinds(), cleaning.examples(), cleaning.dropped_lines(), cleaning
    )
    kept = {path.name for path in study.out.glob("*.csv")}
    assert kept == {
        "documents.csv",
        "lengths.csv",
        "kinds.csv",
        "before-after.csv",
        "dropped-lines.csv",
        "cleaning.csv",
    }


def test_tables_without_text_say_why_changes_are_not_shown(tmp_path):
    folder = tables(tmp_path / "tables", TWO)
    write_log(folder)
    write_text(folder / "of-text" / "edition.json", "{}")  # by which tables without text are known
    study = open_study(notebook="01-corpus", tables=str(folder), out=str(tmp_path / "out"))
    said = ["These tables hold no text: what cleaning changed is counted, and not shown."]
    for result in (study.cleaning().examples(), study.cleaning().dropped_lines()):
        assert isinstance(result, Unavailable)
        assert result.sentences() == said
    assert isinstance(study.oddities(), Unavailable)
    for result in (study.documents(), study.lengths(), study.kinds(), study.cleaning()):
        assert result.evidence(0).empty
