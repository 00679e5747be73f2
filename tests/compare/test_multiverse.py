"""The multiverse: what is tried, that the run's own choice gives the run's own result, what statements come to."""

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.compare import distances, keyness, multiverse, statements
from crosscity.compare.multiverse import BARE, BIGRAMS, BUILT, HMM
from crosscity.topics.models import TopicModel
from crosscity.words.codes import as_tokens
from crosscity.words.matrix import count_matrix

WORDS = [a + b for a in "山水田园林草湖海" for b in "风雨云雪雷电"]
OWN = {
    "tokenizer": [BUILT],
    "stop words": ["the run's"],
    "places": ["masked"],
    "formulas": [0.0],
    "min_df": [1],
    "kinds": ["body"],
}


def corpus(groups=4, documents=3, paragraphs=8, seed=0):
    """Paragraphs of made-up words; group g0 says 山风 often, and 盐城 stands in g0 and g3 alone."""
    rng, rows = np.random.default_rng(seed), []
    for g in range(groups):
        usual = rng.dirichlet(np.full(len(WORDS), 0.7))
        for d in range(documents):
            for i in range(paragraphs):
                tokens = rng.choice(WORDS, 30, p=usual).tolist() + ["山风"] * 4 * (g == 0)
                tokens += ["盐城"] * 30 * (g in (0, 3)) + ["的"] * 3
                kind = "heading" if i % 4 == 3 else "body"
                rows.append((f"g{g}d{d}", f"g{g}", kind, "。".join(tokens), tokens, 100 + i))
    return pd.DataFrame(rows, columns=["doc_id", "group", "kind", "text", "tokens", "n_chars"])


def specs(**changes):
    return multiverse.specifications(OWN | changes)[0]


def statement(kind, subject, object_, sign=1, basis=""):
    row = (kind, subject, object_, sign, basis, f"{subject} {object_}")
    return pd.DataFrame([row], columns=statements.COLUMNS)


def test_all_specifications_if_they_are_few_the_run_s_own_first():
    found, words = multiverse.specifications({"a": [1, 2], "b": ["x", "y", "z"]}, max_specifications=6)
    assert words == "All 6 specifications"
    assert found.to_numpy().tolist() == [[1, "x"], [2, "x"], [1, "y"], [1, "z"], [2, "y"], [2, "z"]]


def test_of_many_specifications_all_single_changes_and_a_draw():
    options = {c: list(range(4)) for c in "abcde"}
    found, words = multiverse.specifications(options, max_specifications=50)
    assert words == "50 of 1024 specifications: the run's own, 15 that change one choice, 34 drawn at random"
    assert found.drop_duplicates().shape == (50, 5)
    assert (found.iloc[0] == 0).all()
    assert ((found.iloc[1:16] != 0).sum(axis=1) == 1).all()
    assert ((found.iloc[16:] != 0).sum(axis=1) > 1).all()
    assert found.equals(multiverse.specifications(options, max_specifications=50)[0])
    assert not found.equals(multiverse.specifications(options, max_specifications=50, seed=2)[0])
    assert len(multiverse.specifications(options, max_specifications=3)[0]) == 16  # never without the single changes


def test_choices_begin_with_the_run_s_own_and_say_what_is_left_out(monkeypatch):
    paragraphs = corpus()
    found, notes = multiverse.choices(paragraphs, ["body"], 3, False, 0.2, (8, 5, 12))
    own = {name: options[0] for name, options in found.items()}
    assert own == {"tokenizer": BUILT, "stop words": "the run's", "places": "kept", "formulas": 0.2, "min_df": 3} | {
        "kinds": "body",
        "k": 8,
    }
    assert found["tokenizer"] == [BUILT, HMM, BARE, BIGRAMS]
    assert found["min_df"] == [3, 5]  # few paragraphs: ten would leave next to nothing
    assert notes == []
    monkeypatch.setattr(multiverse, "MAX_HMM_CHARACTERS", 1000)
    found, notes = multiverse.choices(pd.concat([paragraphs] * 20), ["body", "heading"], 10)
    assert found["tokenizer"] == [BUILT, BARE]
    assert found["min_df"] == [10, 3]
    assert found["kinds"] == ["body + heading", "body"]
    assert len(notes) == 2


@pytest.mark.parametrize("kinds", ["body", "body + heading"])
@pytest.mark.parametrize("places", ["masked", "kept"])
def test_keyness_is_what_the_run_itself_would_compute(kinds, places):
    paragraphs = corpus()
    part = paragraphs[paragraphs["kind"].isin(kinds.split(" + "))]
    masked = {"盐城"} if places == "masked" else ()
    counts, terms = count_matrix(part["tokens"], None, 2, 1.0, masked)
    own = keyness.keyness(counts, terms, part["doc_id"], part["group"], "g0", permutations=99).set_index("term")
    asked = pd.concat([statement("keyness", "g0", t, 1, "interval") for t in ("山风", "盐城")], ignore_index=True)
    options = {"kinds": [kinds], "places": [places], "min_df": [2]}
    found = multiverse.outcomes(paragraphs, specs(**options), asked, places={"盐城"}, jobs=1)
    at = own.loc["山风"]
    assert found.loc[0, ["effect", "low", "high"]].tolist() == pytest.approx([at["log_ratio"], at["low"], at["high"]])
    assert found["status"][0] == "holds"
    assert (found["status"][1] == "not available") == (places == "masked")


def test_stop_words_and_rare_words_and_formulas_are_left_out_as_a_specification_says():
    paragraphs = corpus()
    # 我们 is a shipped stop word; 盐城 the most frequent of all others.
    paragraphs["tokens"] = [[*words[:9], "我们", *words[9:]] for words in paragraphs["tokens"]]
    formula = ["春江", "潮水", "连海", "海上", "明月", "共潮", "滟滟", "随波"]
    paragraphs["tokens"] = [[*words, *formula] for words in paragraphs["tokens"]]
    asked = pd.concat(
        [statement("keyness", "g0", t, 1, "interval") for t in ("我们", "春江", "盐城")], ignore_index=True
    )
    options = {"stop words": ["the run's", "none", "1 more"], "formulas": [0.0, 0.2], "min_df": [1, 1000]}
    chosen = specs(**options)
    found = multiverse.outcomes(paragraphs, chosen, asked, jobs=1).join(chosen, on="specification")
    there = found[found["status"] != "not available"]
    assert set(there["min_df"]) == {1}
    few = found[found["min_df"] == 1].pivot_table(
        index="stop words", columns=["statement", "formulas"], values="effect", aggfunc="count"
    )
    assert few.loc["none"].tolist() == [1, 1, 1, 0, 1, 0]  # thirty times 盐城 is a formula too
    assert few.loc["the run's"].tolist() == [0, 0, 1, 0, 1, 0]
    assert few.loc["1 more"].tolist() == [0, 0, 1, 0, 0, 0]


def test_an_interval_that_holds_0_is_not_clear():
    paragraphs = corpus()
    counts, terms = count_matrix(paragraphs["tokens"][paragraphs["kind"] == "body"])
    body = paragraphs[paragraphs["kind"] == "body"]
    own = keyness.keyness(counts, terms, body["doc_id"], body["group"], "g1", permutations=9)
    unclear = own[(own["low"] < 0) & (own["high"] > 0) & (own["log_ratio"] > 0)]["term"].head(3)
    asked = pd.concat([statement("keyness", "g1", t, 1, "interval") for t in unclear], ignore_index=True)
    assert set(multiverse.outcomes(paragraphs, specs(), asked, jobs=1)["status"]) == {"not clear"}


def test_a_statement_that_a_test_made_holds_if_the_test_says_so_again():
    paragraphs = corpus(groups=2, documents=6)
    asked = statement("keyness", "g0", "山风", 1, "test")
    found = multiverse.outcomes(paragraphs, specs(), asked, permutations=999, jobs=1)
    assert found["status"][0] == "holds"
    many = multiverse.outcomes(paragraphs, specs(), asked, permutations=999, comparisons=100, jobs=1)
    assert many["status"][0] == "not clear"
    against = multiverse.outcomes(paragraphs, specs(), asked.assign(sign=-1), permutations=999, jobs=1)
    assert against["status"][0] == "turned"


def test_statements_are_the_first_terms_of_each_group():
    paragraphs = corpus(groups=2, documents=6)
    counts, terms = count_matrix(paragraphs["tokens"], None, 2, 1.0, {"盐城"})
    of = counts, terms, paragraphs["doc_id"], paragraphs["group"]
    tables = {g: keyness.keyness(*of, g, permutations=999) for g in ("g0", "g1")}
    made = statements.keyness_statements(tables, n=2)
    tested = [t for g in tables for t in tables[g][tables[g]["answer"] == "more"].nlargest(2, "bound")["term"]]
    assert made["object"].tolist() == tested
    assert set(made["basis"]) == {"test"}
    untested = statements.keyness_statements({g: t.assign(p_adjusted=np.nan) for g, t in tables.items()}, n=2)
    assert set(untested["basis"]) == {"interval"}
    assert untested["words"][0] == f"g0 uses {untested['object'][0]} more"
    none = {"g0": tables["g0"].assign(p_adjusted=np.nan, bound=np.nan)}
    assert statements.keyness_statements(none).empty  # without an interval nothing is stated


def test_who_is_nearest_and_by_how_much():
    paragraphs = corpus()
    body = paragraphs[paragraphs["kind"] == "body"]
    far = {}
    for places, masked in (("masked", {"盐城"}), ("kept", ())):
        counts = count_matrix(body["tokens"], None, 1, 1.0, masked)[0]
        far[places] = distances.equal_distances(counts, body["group"], draws=multiverse.NEAREST_DRAWS).mean
    asked = statements.nearest_statements(far["masked"])
    pair = asked.set_index("subject")["object"]
    assert pair.to_dict() == {g: row.drop(g).idxmin() for g, row in far["masked"].iterrows()}
    chosen = specs(places=["masked", "kept"])
    found = multiverse.outcomes(paragraphs, chosen, asked, places={"盐城"}, jobs=1).join(
        asked[["subject"]], on="statement"
    )
    for row in found.itertuples():
        apart = far[chosen["places"][row.specification]].loc[row.subject].drop(row.subject)
        others = apart.drop(pair[row.subject])
        assert row.effect == pytest.approx(others.min() - apart[pair[row.subject]], abs=2e-6)
        assert row.status == ("holds" if apart.idxmin() == pair[row.subject] else "turned")
    assert (found["status"] == "turned").any()  # with 盐城, g0 and g3 are nearest to each other
    margins = found[found["specification"] == 0].set_index("subject")["effect"]
    assert margins.loc[asked["subject"]].is_monotonic_decreasing
    assert statements.nearest_statements(far["kept"], 1)["subject"].item() in ("g0", "g3")
    assert statements.nearest_statements(far["kept"].iloc[:2, :2]).empty
    first = asked["subject"].iloc[0]
    left = statements.nearest_statements(far["masked"], aside={first})
    assert first not in {*left["subject"], *left["object"]}
    assert len(left) == sum(first not in pair for pair in asked[["subject", "object"]].to_numpy().tolist())


def topic_model(first, shares):
    """Two topics, the first of some words; its shares of the paragraphs."""
    weights = np.array([[w in first for w in WORDS], [w in WORDS[30:42] for w in WORDS]], dtype=float)
    return TopicModel(np.array(WORDS, dtype=object), weights, np.stack([shares, 1 - shares], axis=1))


def test_topics_hold_turn_and_are_lost():
    paragraphs = corpus(groups=2, documents=2)
    body = paragraphs[paragraphs["kind"] == "body"]
    more = np.where(body["group"] == "g0", 0.8, 0.1)
    models = {
        2: topic_model(WORDS[:10], more),
        3: topic_model(WORDS[:10], 1 - more),
        4: topic_model(WORDS[12:22], more),
    }
    asked = pd.concat([statement("topic", "g0", 1), statement("topic", "g9", 1)], ignore_index=True)
    options = specs(k=[2, 3, 4, 99], tokenizer=[BUILT, BIGRAMS])

    def fit(counts, terms, k):
        if k == 99:
            raise CrosscityError(k)
        return models[k]

    found = multiverse.outcomes(paragraphs, options, asked, fit=fit, model=models[2], jobs=1).join(
        options, on="specification"
    )
    first = found[(found["statement"] == 0) & (found["tokenizer"] == BUILT)].set_index("k")
    assert first["status"].to_dict() == {2: "holds", 3: "turned", 4: "lost", 99: "not available"}
    size = body["n_chars"].to_numpy()
    whole = np.average(more, weights=size)
    assert first["effect"][2] == pytest.approx(0.8 - whole)
    assert set(found.loc[found["tokenizer"] == BIGRAMS, "status"]) == {"not available"}
    assert set(found.loc[(found["statement"] == 1) & (found["k"] == 2), "status"]) <= {"lost", "not available"}


def test_topics_that_are_stated_are_those_whose_interval_lies_on_one_side():
    shares = pd.DataFrame(
        [
            ("a", 1, 0.5, 0.4, 0.6, 0.3),
            ("a", 2, 0.5, 0.1, 0.9, 0.7),
            ("b", 1, 0.1, 0.0, 0.2, 0.3),
            ("b", 2, 0.9, 0.8, 0.99, 0.7),
        ],
        columns=["group", "topic", "share", "low", "high", "whole"],
    ).assign(name=["渔港", "灯塔"] * 2)
    made = statements.topic_statements(shares)
    assert made["words"].tolist() == ["a has more of 渔港", "b has less of 渔港", "b has more of 灯塔"]
    assert made["sign"].tolist() == [1, -1, 1]
    assert len(statements.topic_statements(shares, 2)) == 2


def test_bigrams_stay_within_what_marks_and_letters_part():
    paragraphs = pd.DataFrame({"text": ["山水田、GDP园林", "风"], "tokens": [["x"], ["y"]]})
    assert as_tokens(multiverse.segment(paragraphs, BIGRAMS)).tolist() == [["山水", "水田", "园林"], []]
    assert as_tokens(multiverse.segment(paragraphs, BUILT)).tolist() == [["x"], ["y"]]
    with pytest.raises(CrosscityError, match="no tokenizer 'guess': it is one of as built"):
        multiverse.segment(paragraphs, "guess")


def test_without_the_dictionary_its_terms_are_cut_and_a_study_s_own_are_not_added():
    paragraphs = pd.DataFrame({"text": ["推进放管服改革。渔灯塔港"], "tokens": [[]]})
    (bare,) = as_tokens(multiverse.segment(paragraphs, BARE, ["渔灯塔港"]))
    (guessed,) = as_tokens(multiverse.segment(paragraphs, HMM, ["渔灯塔港"]))
    assert "放管服" not in bare
    assert "渔灯塔港" not in bare
    assert "放管服改革" in guessed or "放管服" in guessed
    assert "渔灯塔港" in guessed


def test_a_curve_sums_up_each_statement():
    chosen = pd.DataFrame({"a": ["x", "x", "y", "y"], "b": [1, 2, 1, 2]})
    statuses = ["holds", "holds", "turned", "not available", "holds", "not clear", "lost", "holds"]
    effects = [3, 2, -1, np.nan, 1, 1, np.nan, 2]
    table = pd.DataFrame({"statement": [0] * 4 + [1] * 4, "kind": ["nearest"] * 4 + ["topic"] * 4})
    table = table.assign(specification=[0, 1, 2, 3] * 2, effect=effects, status=statuses)
    made = pd.concat([statement("nearest", "甲", "乙"), statement("topic", "丙", 1)], ignore_index=True)
    found = multiverse.summary(table, chosen, made)
    counts = found[["specifications", "available", *multiverse.STATUSES]].to_numpy().tolist()
    assert counts == [[4, 3, 2, 0, 1, 0, 1], [4, 4, 2, 1, 0, 1, 0]]
    assert found["share"].tolist() == [0.666667, 0.5]
    assert found["share_of_all"].tolist() == [0.5, 0.5]
    assert found[["own", "median", "low", "high"]].to_numpy().tolist() == [[3, 2, -1, 3], [1, 1, 1, 2]]
    # Of 甲: with x both hold, with y none: 1; with 1 one of two, with 2 one of one: a half. Of 丙 all are alike.
    assert found[["matters", "by"]].to_numpy().tolist() == [["a", 1.0], ["", 0.0]]
    assert multiverse.sentences(found) == [
        "0 of 1 statements on nearest groups hold in 90% of the specifications or more, 0 in fewer than half.",
        "They depend most on the choice of a (1 of 1 statements on nearest groups).",
        "0 of 1 statements on topics hold in 90% of the specifications or more, 0 in fewer than half.",
    ]


def test_a_statement_does_not_hold_where_its_term_is_none():
    # In eight of ten specifications it holds, in two the term is none.
    chosen = pd.DataFrame({"a": range(10)})
    table = pd.DataFrame({"statement": [0] * 10, "kind": ["keyness"] * 10, "specification": range(10)})
    table = table.assign(effect=[1.0] * 8 + [np.nan] * 2, status=["holds"] * 8 + ["not available"] * 2)
    found = multiverse.summary(table, chosen, statement("keyness", "甲", "山风", 1, "interval"))
    assert found[["share", "share_of_all"]].to_numpy().tolist() == [[1, 0.8]]
    assert multiverse.sentences(found)[0] == (
        "0 of 1 statements on words hold in 90% of the specifications or more, 0 in fewer than half."
    )


def test_processes_make_no_difference_and_nothing_given_is_changed():
    paragraphs, asked = corpus(documents=1), statement("keyness", "g0", "山风", 1, "interval")
    before = paragraphs.copy(deep=True)
    chosen = specs(formulas=[0.0, 0.2], kinds=["body", "body + heading"], tokenizer=[BUILT, BIGRAMS])
    one = multiverse.outcomes(paragraphs, chosen, asked, jobs=1)
    assert one.equals(multiverse.outcomes(paragraphs, chosen, asked, jobs=2))
    assert paragraphs.equals(before)
    assert one["specification"].tolist() == list(range(8))


def test_statements_on_topics_need_a_model():
    with pytest.raises(CrosscityError, match="need fit, model, and specifications with k"):
        multiverse.outcomes(corpus(), specs(), statement("topic", "g0", 1), jobs=1)
