"""Every question, asked of corpora that are too small for most: each gives a result, or says why there is none."""

import inspect
import re

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pytest
from crosscity import open_study
from crosscity.study.result import Result, Unavailable

from tests.helpers.small_corpora import built

A = """全市渔港建设工作会议
渔港修缮在春天开工，今年安排资金3.2亿元，新建灯塔12座，码头的老工人都来看。
渔民合作社登记船只230艘，冬天组织培训八期，参加培训的渔民增长15%。
我们坚持服务渔民，推进渔港建设，完善码头管理制度，明年新建冷库5座。
"""
B = """茶山管护情况报告
茶山由三户人家照看，去年采茶4.5吨，收入比上年增长8%，茶农都很高兴。
茶农合作社推进茶山建设，完善采茶管理制度，坚持服务茶农，计划新修步道6公里。
"""
C = """老街修缮简报
老街铺了新的石板，书屋开了门，居民读书会每周举办一次，参加居民120人。
老街建设坚持服务居民，完善书屋管理制度，明年计划修缮老屋20间。
"""
D = """学校食堂工作总结
食堂公开采购价格，家长轮流检查，全年检查42次，发现问题9个，整改率达到100%。
学校坚持服务学生，完善食堂管理制度，推进厨房建设，投入资金60万元。
"""
WORDLESS = """好。
是的，我们会的。
"""
SHORT = """通知
老街书屋周六开门。
渔港周日休息。
"""
CORPORA = {
    "one document": {"盐城": A},
    "two documents": {"盐城": A, "合肥": B},
    "two identical ones": {"盐城": A, "合肥": A},
    "one of five without a counted word": {"盐城": A, "合肥": B, "随州": C, "朝阳": D, "阳江": WORDLESS},
    "sixty groups of one short paragraph": {
        f"第{n}号": f"{'茶山渔港老街食堂'[n % 8 :][:2]}建设第{n}期完工，投入资金{n}万元。\n" for n in range(60)
    },
    "two short paragraphs left": {"盐城": A, "合肥": B, "随州": SHORT},
}
SETTINGS = {"two short paragraphs left": {"only": {"city": "随州"}}}
SLOW = {("sixty groups of one short paragraph", 1)}  # and the same as with 3
# Small numbers for what is drawn, refitted or permuted: here it matters that it runs.
QUICK = {"draws": 50, "permutations": 199, "resamples": 2, "refits": 5, "specifications": 8, "splits": 20, "ks": [2, 3]}
UNREADABLE = re.compile(r"\b(nan|inf|None|array|shape|dtype|ndim|axis|numpy|Series|DataFrame|\w+Error)\b|\{\w*\}")


def given(question, study):
    """Arguments of a question that it cannot do without."""
    known = {"group": study.groups()[0], "topic": 1, "term": "建设", "a": study.groups()[0], "b": study.groups()[-1]}
    required = [p for p in inspect.signature(question).parameters.values() if p.default is p.empty]
    required = [p for p in required if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    return {p.name: known[p.name] for p in required if p.name != "self"}


def questions(owner):
    """Names of the questions that a study or a result can be asked: the methods that are an analysis."""
    methods = {n: getattr(type(owner), n, None) for n in dir(type(owner)) if not n.startswith("_")}
    return [n for n, m in methods.items() if inspect.isfunction(m) and m.__code__.co_name == "computed"]


def answers(study, owner=None, path="", depth=0):
    """Each result that a study gives, and that these give in turn, with the names of the questions."""
    for name in questions(owner or study):
        if depth > 1 or name in path.split("."):
            continue
        question = getattr(owner or study, name)
        result = question(**given(inspect.unwrap(question), study))
        where = f"{path}.{name}".lstrip(".")
        yield where, result
        if isinstance(result, Result) and not isinstance(result, Unavailable):
            yield from answers(study, result, where, depth + 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Tables of each corpus, built once."""
    made = tmp_path_factory.mktemp("small corpora")
    for name, texts in CORPORA.items():
        built(made / name, texts, year=[2024] * len(texts))
    return made


def opened(folder, name, **parameters):
    settings = QUICK | SETTINGS.get(name, {}) | parameters
    return open_study(tables=str(folder / name / "tables"), out=str(folder / name / "kept"), **settings)


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


# With min_df = 3, as it is set, next to no word of these corpora counts, but of the sixty groups; with 1 each does.
@pytest.mark.parametrize(
    ("name", "min_df"), [(n, min_df) for n in CORPORA for min_df in (3, 1) if (n, min_df) not in SLOW]
)
def test_every_question_has_an_answer_that_shows_itself(folder, name, min_df):
    study, unreadable, asked = opened(folder, name, min_df=min_df), [], []
    assert study.sentences()
    for where, result in answers(study):
        asked.append(where)
        assert isinstance(result, Result), where
        said = [result.title, *result.sentences(), *result.sentences("zh"), result.alt]
        unreadable += [f"{where}: {text}" for text in said if UNREADABLE.search(text)]
        assert repr(result), where
        assert "crosscity-" in result.to_html(), where
        assert result.table is not result.table, where
        if isinstance(result, Unavailable):
            assert len(result.reason) > 15, where
            assert result.anything.at_all(1) is result, where  # what is asked of it says the same
    assert unreadable == []
    assert set(questions(study)) <= set(asked)


def test_a_group_without_a_counted_word_is_left_out_and_named(folder):
    study = opened(folder, "one of five without a counted word", min_df=1)
    said = "Left out, since no word of theirs is counted: 阳江."
    assert said in study.preparation().sentences()
    assert said in study.term_counts().sentences()
    assert set(study.keyness().table["group"]) == {"盐城", "合肥", "随州", "朝阳"}
    assert "阳江" not in set(study.distances().table[["a", "b"]].to_numpy().ravel())
    assert "阳江" not in set(study.term_counts().frequent().table["group"])


@pytest.mark.parametrize(
    ("name", "question", "reason"),
    [
        ("one document", "text_reuse", "There is one document, and no other to compare it with."),
        ("two identical ones", "text_reuse", "There is one document, and no other to compare it with."),
        ("one document", "keyness", "There is one group, and nothing to compare it with."),
        ("two documents", "map", "A map needs three groups or more."),
    ],
)
def test_what_is_not_available_says_why(folder, name, question, reason):
    result = getattr(opened(folder, name, min_df=1), question)()
    assert isinstance(result, Unavailable)
    assert result.sentences() == [reason]


def test_a_copy_is_left_out_and_said_to_be_one(folder):
    study = opened(folder, "two identical ones")
    assert "Left out: 1 because a copy of 合肥." in study.documents().sentences()


def test_of_many_groups_fewer_draws_are_made_and_it_is_said(folder, monkeypatch):
    from crosscity.compare import distances

    assert [distances.affordable_draws(n, 200) for n in (2, 387, 388, 1000, 3000)] == [200, 200, 199, 30, 20]
    study = opened(folder, "one of five without a counted word", min_df=1, draws=60)
    assert not any("draws are made" in said for said in study.distances().sentences())
    monkeypatch.setattr(distances, "MAX_CELLS", 16 * 25)  # four groups, each with words
    few = opened(folder, "one of five without a counted word", min_df=1, draws=60).distances()
    assert len(few.found.drawn) == 25
    assert any("Of 4 " in said and "25 draws are made, not 60" in said for said in few.sentences())


def test_of_very_many_groups_some_are_held_against_each_other_and_it_is_said(folder, monkeypatch):
    from crosscity.study.results import distances

    whole = opened(folder, "one of five without a counted word", min_df=1, draws=60).distances()
    assert not any("even intervals" in said for said in whole.sentences())
    monkeypatch.setattr(distances, "_COMPARED", 3)
    some = opened(folder, "one of five without a counted word", min_df=1, draws=60).distances()
    names = sorted(whole.matrix.index)
    assert len(names) == 4
    assert list(some.matrix.index) == [names[i] for i in (0, 2, 3)]
    assert "Based on 3 of 4 cities, taken at even intervals." in some.sentences()
    assert len(some.tree().rows) == 2


def test_of_a_tree_with_many_leaves_the_last_branches_are_drawn(folder, monkeypatch):
    from crosscity.study.results import distances

    tree = opened(folder, "one of five without a counted word", min_df=1, draws=60).distances().tree()
    assert not any("branches" in said for said in tree.sentences())
    monkeypatch.setattr(distances, "_LEAVES", 3)
    monkeypatch.setattr(distances, "_BRANCHES", 2)
    tree = opened(folder, "one of five without a counted word", min_df=1, draws=60).distances().tree()
    assert tree.sentences()[-1] == ("The picture has the last 2 branches: the number of further cities is in brackets.")
    assert any("(+" in text.get_text() for text in tree.figure().axes[0].texts)
