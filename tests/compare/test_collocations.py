"""Words in context against counts by hand, a paper's figures and slow independent code."""

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.browse import concordance, fragments
from crosscity.compare import collocations, network
from crosscity.compare.term_measures import g2
from crosscity.words.matrix import count_matrix
from scipy import stats

from tests.helpers.explorer import Tree

WORDS = ["渔港", "茶山", "灯塔", "学校", "医院", "公路", "的"]


def table(*rows):
    """Paragraphs of (doc_id, words with marks): what stands between spaces is a word, unless it is a mark."""
    made, seen = [], Counter()
    for doc_id, line in rows:
        seen[doc_id] += 1
        words = [w for w in line.split() if w.isalnum()]
        made.append((doc_id, seen[doc_id], f"组{doc_id[0]}", line.replace(" ", ""), words))
    return pd.DataFrame(made, columns=["doc_id", "paragraph", "group", "text", "tokens"])


def random_table(n=6, each=12, seed=3):
    rng = np.random.default_rng(seed)
    return table(*[(f"d{i % n}", " ".join(rng.choice(WORDS, rng.integers(1, 14)))) for i in range(n * each)])


def test_a_line_is_cut_from_the_text_with_its_marks_and_stays_in_its_paragraph():
    lines = collocations.kwic(table(("a1", "今年 ， 渔港 建成 。 明年 ： 渔港"), ("b1", "渔港 ！")), ["渔港"], width=3)
    assert lines["left"].tolist() == ["今年，", "明年：", ""]
    assert lines["right"].tolist() == ["建成。", "", "！"]
    assert lines[["start", "end"]].to_numpy().tolist() == [[3, 5], [11, 13], [0, 2]]
    assert lines["group"].tolist() == ["组a", "组a", "组b"]
    assert lines["total"].tolist() == [3, 3, 3]
    assert lines["in_group"].tolist() == [2, 2, 1]
    assert tuple(lines.columns) == collocations.KWIC_COLUMNS


@pytest.mark.parametrize("term", ["渔港", "漁港"])
def test_a_term_in_traditional_characters_is_found(term):
    assert collocations.kwic(table(("a1", "今年 ， 渔港 建成")), term)["node"].tolist() == ["渔港"]


def test_a_term_in_full_width_characters_is_found():
    assert collocations.kwic(table(("a1", "今年 ， AI 产业")), "ＡＩ")["node"].tolist() == ["AI"]


def test_a_word_inside_a_longer_one_is_no_occurrence():
    lines = collocations.kwic(table(("a1", "党员 教育 、 党员教育 、 教育")), ["教育", "党员"])
    assert lines[["term", "start"]].to_numpy().tolist() == [["教育", 2], ["教育", 10], ["党员", 0]]


def test_every_line_is_its_place_in_the_text_left_to_right():
    paragraphs = random_table()
    lines = collocations.kwic(paragraphs, WORDS, width=4)
    assert len(lines) == sum(map(len, paragraphs["tokens"]))
    texts = paragraphs.set_index(["doc_id", "paragraph"])["text"]
    for row in lines.to_dict("records"):
        text = texts[row["doc_id"], row["paragraph"]]
        assert text[row["start"] : row["end"]] == row["node"] == row["term"]
        assert row["left"] + row["node"] + row["right"] == text[max(row["start"] - 4, 0) : row["end"] + 4]


def test_documents_take_turns():
    rows = [("a1", "渔港 渔港 渔港 渔港")] + [(f"b{i}", "渔港 。 渔港") for i in range(1, 4)]
    few = collocations.kwic(table(*rows), ["渔港"], max_lines=6)
    assert few["doc_id"].value_counts().to_dict() == {"a1": 2, "b1": 1, "b2": 2, "b3": 1}  # 4, then 2 of 4, evenly
    assert few["total"].unique().tolist() == [10]
    assert collocations.kwic(table(*rows), ["渔港"], max_lines=8)["doc_id"].value_counts().tolist() == [2, 2, 2, 2]
    assert len(collocations.kwic(table(*rows), ["渔港"], max_lines=9)) == 9
    assert len(collocations.kwic(table(*rows), ["渔港"], max_lines=99)) == 10
    grouped = collocations.kwic(table(*rows), ["渔港"], max_lines=3, per_group=True)
    assert grouped["doc_id"].tolist() == ["a1", "a1", "a1", "b1", "b2", "b3"]
    assert grouped["in_group"].tolist() == [4, 4, 4, 6, 6, 6]


def test_the_order_of_paragraphs_within_documents_does_not_matter():
    paragraphs = random_table()
    shuffled = paragraphs.sample(frac=1, random_state=1).sort_values("doc_id", kind="stable")
    for make in (
        lambda p: collocations.kwic(p, WORDS[:3], max_lines=5),
        lambda p: collocations.collocations(p, WORDS, WORDS[:3], 2, 1),
    ):
        pd.testing.assert_frame_equal(make(paragraphs), make(shuffled))


def test_no_line_is_an_empty_table():
    lines = collocations.kwic(random_table(), ["大桥"], max_lines=3)
    assert (len(lines), tuple(lines.columns)) == (0, collocations.KWIC_COLUMNS)


def test_what_cannot_be_is_an_error():
    paragraphs = random_table()
    with pytest.raises(CrosscityError, match="width is 0"):
        collocations.kwic(paragraphs, ["渔港"], width=0)
    with pytest.raises(CrosscityError, match="max_lines 0"):
        collocations.kwic(paragraphs, ["渔港"], max_lines=0)
    with pytest.raises(CrosscityError, match=r"a1, paragraph 1: '渔港' is not in its text"):
        collocations.kwic(table(("a1", "渔港")).assign(text="茶山"), ["渔港"])
    with pytest.raises(CrosscityError, match="window is 0"):
        collocations.collocations(paragraphs, WORDS, "渔港", window=0)
    with pytest.raises(CrosscityError, match="'大桥' is no word"):
        collocations.collocations(paragraphs, WORDS, "大桥")
    with pytest.raises(CrosscityError, match="'大桥' is not among"):
        network.network(*count_matrix(paragraphs["tokens"]), paragraphs["doc_id"], ["大桥"])


def by_hand(paragraphs, node, word, window):
    """Count, windows, words in windows: by loops over paragraphs."""
    count = windows = span = 0
    for words in paragraphs["tokens"]:
        for i, w in enumerate(words):
            near = [*words[max(i - window, 0) : i], *words[i + 1 : i + 1 + window]]
            span += w != node and node in near
            count += w == word and node in near
            windows += w == node and word in near
    return count, windows, span


@pytest.mark.parametrize("window", [1, 3, 20])
def test_collocations_are_those_of_plain_loops(window):
    paragraphs = random_table()
    f = Counter(w for words in paragraphs["tokens"] for w in words)
    found = collocations.collocations(paragraphs, WORDS, "渔港", window, min_documents=1)
    seen = 0
    for word in set(WORDS) - {"渔港"}:
        count, windows, span = by_hand(paragraphs, "渔港", word, window)
        n = f.total() - f["渔港"]
        row = found[found["collocate"] == word]
        assert len(row) == (count > f[word] * span / n)
        if len(row):
            seen, row = seen + 1, row.iloc[0]
            assert (row["count"], row["windows"], row["f_node"], row["f_collocate"]) == (
                count, windows, f["渔港"], f[word],
            )  # fmt: skip
            assert row["expected"] == pytest.approx(f[word] * span / n, abs=1e-6)
            cells = np.array([[count, span - count], [f[word] - count, n - span - f[word] + count]])
            independent = stats.chi2_contingency(cells, correction=False, lambda_="log-likelihood").statistic
            assert row["g2"] == pytest.approx(independent, abs=1e-5)
            dice = 14 + math.log2(2 * min(count, windows) / (f["渔港"] + f[word]))
            assert row["log_dice"] == pytest.approx(dice, abs=1e-6)
    assert seen > 0
    assert (found["log_dice"].diff().dropna() <= 0).all()


def test_g2_is_that_of_dunnings_table():
    # Dunning (1993), the table of 30,000 words of a bank's reports: the swiss, can be, mineral water.
    cells = ((110, 2442, 111, 29114, 270.72), (29, 13, 123, 31612, 263.90), (10, 0, 3, 31764, 167.23))
    for both, first, second, neither, expected in cells:
        found = g2(np.array([both]), np.array([second]), both + first, second + neither)
        assert found[0] == pytest.approx(expected, abs=0.005)


def test_windows_end_with_the_paragraph_and_the_most_log_dice_is_14():
    paragraphs = table(
        ("a1", "渔港 灯塔 。 的 的"), ("a1", "茶山"), ("b1", "的 灯塔 渔港"), ("b1", "茶山 的 的"), ("c1", "学校")
    )
    found = collocations.collocations(paragraphs, WORDS, "渔港", min_documents=1)
    assert found.loc[found["collocate"] == "灯塔", "log_dice"].tolist() == [14]
    assert (found["high"] <= 14).all()
    assert "茶山" not in set(found["collocate"])


def test_one_word_between_many_nodes_cannot_exceed_14():
    # Six words stand near one node: without the lesser of the two counts this would be 14 + log2(12 / 7).
    paragraphs = table(("a1", "灯塔 灯塔 灯塔 渔港 灯塔 灯塔 灯塔"), ("b1", "的 的 的 的"))
    (row,) = collocations.collocations(paragraphs, WORDS, "渔港", min_documents=1).to_dict("records")
    assert (row["count"], row["windows"]) == (6, 1)
    assert row["log_dice"] == pytest.approx(14 + math.log2(2 / 7), abs=1e-6)


def test_words_that_are_no_terms_keep_their_places():
    paragraphs = table(("a1", "渔港 的 的 灯塔"), ("b1", "茶山 的 公路 公路"))
    assert "灯塔" not in set(collocations.collocations(paragraphs, ["灯塔"], "渔港", 2, 1)["collocate"])
    assert collocations.collocations(paragraphs, ["灯塔"], "渔港", 3, 1)["collocate"].tolist() == ["灯塔"]


def test_min_documents_counts_documents_that_hold_the_pair():
    rows = [(d, "渔港 灯塔 。 的 的 的 的 的 的") for d in ("a1", "a1", "b1")]
    paragraphs = table(*rows, ("c1", "灯塔"), ("c1", "渔港"), ("d1", "的 学校"))
    assert collocations.collocations(paragraphs, WORDS[:-1], "渔港", 1, 2)["documents"].tolist() == [2]
    assert collocations.collocations(paragraphs, WORDS[:-1], "渔港", 1, 3).empty


def test_an_interval_knows_that_documents_are_drawn():
    even = table(*[(f"d{i}", "渔港 灯塔 的 的 公路 公路 渔港 公路") for i in range(8)])
    burst = table(
        *[("d0", " ".join(["渔港 灯塔 的 的"] * 8)), *[(f"d{i}", "渔港 的 灯塔 公路 公路") for i in range(1, 8)]]
    )
    (a,), (b,) = (collocations.collocations(t, ["灯塔"], "渔港", 1, 1).to_dict("records") for t in (even, burst))
    # Of the burst by hand: ratio 8/15; off by 56/15 in one document and -8/15 in seven.
    variance = 8 / 7 * (56**2 + 7 * 8**2) / 15**2 / 8**2
    expected = stats.t.ppf(0.975, 7) * math.sqrt(variance) / math.log(2)
    assert b["log_dice"] - b["low"] == pytest.approx(expected, abs=1e-5)
    assert a["speaks_of"] == "documents like these"
    # Where every document is like the others, what is left is the chance of eight occurrences.
    half = stats.t.ppf(0.975, 7) / math.sqrt(8.5) / math.log(2)
    assert a["log_dice"] - a["low"] == pytest.approx(half, abs=1e-5)


def test_the_interval_is_near_that_of_drawing_documents_again():
    paragraphs = random_table(30, 6, 5)
    wide = collocations.collocations(paragraphs, WORDS, "渔港", 1, 1)
    row = wide.iloc[0]
    parts = []
    for _, part in paragraphs.groupby("doc_id"):
        counts = by_hand(part, "渔港", row["collocate"], 1)
        f = Counter(w for words in part["tokens"] for w in words)
        parts.append((counts[0] if row["count"] <= row["windows"] else counts[1], f["渔港"] + f[row["collocate"]]))
    parts = np.array(parts)
    draws = parts[np.random.default_rng(1).integers(30, size=(4000, 30))].sum(axis=1)
    sd = np.log2(draws[:, 0] / draws[:, 1]).std()
    assert (row["high"] - row["low"]) / 2 / stats.t.ppf(0.975, 29) == pytest.approx(sd, rel=0.15)


def test_one_document_speaks_of_itself_and_needs_eight_paragraphs():
    for n, known in ((7, False), (8, True)):
        one = table(*[("a1", "渔港 灯塔 的 的 公路 公路 学校 学校 学校")] * n)
        (row,) = collocations.collocations(one, ["灯塔"], "渔港", 2).to_dict("records")
        assert row["speaks_of"] == "this document"
        assert pd.notna(row["low"]) is known
        assert pd.notna(row["high"]) is known


def test_npmi_is_1_for_what_is_never_apart_0_for_chance_and_minus_1_for_what_never_meets():
    assert network.npmi([5, 2, 0, 10], [5, 4, 5, 10], [5, 5, 5, 10], 10).tolist() == [1, 0, -1, 0]
    # p = 3/10, of 4/10 and 5/10: ln(0.3 / 0.2) / -ln 0.3.
    assert network.npmi(3, 4, 5, 10) == pytest.approx(0.336772, abs=1e-6)


def two_circles(n=6):
    """Documents in which 渔港, 灯塔, 茶山 stand together, and 学校, 医院, 公路; in one document all six."""
    rows = [(f"d{i}", line) for i in range(n) for line in ("渔港 灯塔 茶山", "学校 医院 公路 学校", "渔港 灯塔", "的")]
    return table(*rows, ("d0", "渔港 学校"))


def graph(paragraphs, chosen=WORDS[:6], **more):
    counts, terms = count_matrix(paragraphs["tokens"])
    return network.network(counts, terms, paragraphs["doc_id"], chosen, **more)


def test_a_network_joins_what_stands_together_in_enough_documents():
    nodes, edges = graph(two_circles())
    assert {frozenset(e) for e in edges[["a", "b"]].to_numpy()} == {
        frozenset(p)
        for p in [
            ("渔港", "灯塔"),
            ("渔港", "茶山"),
            ("灯塔", "茶山"),
            ("学校", "医院"),
            ("学校", "公路"),
            ("医院", "公路"),
        ]
    }
    row = edges[(edges["a"] == "渔港") | (edges["b"] == "渔港")]
    row = row[(row["a"] == "灯塔") | (row["b"] == "灯塔")].iloc[0]
    assert (row["paragraphs"], row["documents"]) == (12, 6)
    p = (12 / 25, 13 / 25, 12 / 25)
    assert row["weight"] == pytest.approx(math.log(p[0] / p[1] / p[2]) / -math.log(p[0]), abs=1e-6)
    communities = nodes.groupby("community")["term"].apply(set).tolist()
    assert sorted(communities, key=len) == communities
    assert {"渔港", "灯塔", "茶山"} in communities
    assert {"学校", "医院", "公路"} in communities
    assert nodes.set_index("term")["count"]["学校"] == 13
    assert nodes["degree"].tolist() == [2] * 6
    assert (edges["kept"] == 1).all()


def test_a_pair_of_one_document_is_no_edge_unless_asked_for():
    burst = table(*[("d0", "渔港 灯塔")] * 5, *[(f"d{i}", "学校") for i in range(1, 6)])
    assert graph(burst, ["渔港", "灯塔"])[1].empty
    nodes, edges = graph(burst, ["渔港", "灯塔"], min_documents=1)
    assert len(edges) == 1
    # In the draws without that document the edge is not there: (5/6) ** 6 = 0.335.
    assert edges["kept"].iloc[0] == pytest.approx(0.665, abs=0.1)
    nodes, _ = graph(burst, ["渔港", "灯塔"])
    assert nodes["community"].tolist() == [0, 0]


def test_a_network_has_at_most_so_many_edges_a_term_and_keeps_the_strongest():
    paragraphs = random_table(8, 40, 2)
    counts, terms = count_matrix(paragraphs["tokens"])
    holds = pd.DataFrame((counts > 0).toarray(), columns=terms)
    for k in (1, 2):
        _, edges = network.network(counts, terms, paragraphs["doc_id"], WORDS[:6], neighbours=k, min_documents=1)
        assert 0 < len(edges) <= 6 * k
        weight = {
            frozenset((a, b)): network.npmi((holds[a] & holds[b]).sum(), holds[a].sum(), holds[b].sum(), len(holds))
            for i, a in enumerate(WORDS[:6])
            for b in WORDS[i + 1 : 6]
        }
        first = set()
        for a in WORDS[:6]:
            own = sorted((p for p in weight if a in p and weight[p] > 0), key=lambda p: -weight[p])
            first |= set(own[:k])
        assert {frozenset(e) for e in edges[["a", "b"]].to_numpy()} == first


def test_the_order_of_terms_and_paragraphs_does_not_change_the_network():
    paragraphs = random_table(8, 40, 2)
    shuffled = paragraphs.sample(frac=1, random_state=3).sort_values("doc_id", kind="stable")
    for one, other in zip(graph(paragraphs), graph(shuffled, WORDS[5::-1]), strict=True):
        pd.testing.assert_frame_equal(one, other)


HOSTILE = '<script>alert(1)</script></details>"&amp;{{7*7}}'


def test_the_page_shows_each_line_with_its_source_and_how_many_there_are():
    paragraphs = table(("a1", "今年 ， 渔港 建成 。 渔港"), ("b1", "渔港 ！ 灯塔"))
    lines = collocations.kwic(paragraphs, ["渔港", "灯塔"], max_lines=2)
    page = Tree(
        fragments.page(concordance.concordance(lines, ["灯塔", "渔港", "大桥"], "one document a city"), "Lines")
    )
    parts = page.get("details")
    assert [p["@id"] for p in parts] == ["lines-1", "lines-2", "lines-3"]
    said = [" ".join(s["text"].split()) for s in page.get("summary")]
    assert said == ["灯塔1 of 1 line, from 1 document", "渔港2 of 3 lines, from 2 documents", "大桥no line"]
    cells = [c["text"] for c in page.get("td", inside="lines-2")]
    assert cells == ["组a · a1 ¶1", "今年，", "渔港", "建成。渔港", "组b · b1 ¶1", "", "渔港", "！灯塔"]
    assert page.get("p", class_="notes")[0]["text"] == "one document a city"
    assert not page.get("script")


def test_text_of_documents_stays_text():
    lines = collocations.kwic(table(("a1", "渔港 灯塔")), ["渔港"])
    lines = lines.assign(left=HOSTILE, right=HOSTILE, group=HOSTILE, node=HOSTILE, term=HOSTILE)
    text = concordance.concordance(lines, notes=[HOSTILE])
    assert "<script" not in text
    tree = Tree(text)
    assert len(tree.get("details")) == 1
    assert [c["text"] for c in tree.get("td")] == [f"{HOSTILE} · a1 ¶1", HOSTILE, HOSTILE, HOSTILE]


def test_a_table_that_is_none_or_a_prefix_that_is_no_id_is_an_error():
    lines = collocations.kwic(table(("a1", "渔港 灯塔")), ["渔港"])
    with pytest.raises(CrosscityError, match="lines lacks total"):
        concordance.concordance(lines.drop(columns="total"))
    with pytest.raises(CrosscityError, match="prefix is '1'"):
        concordance.concordance(lines, prefix="1")


def test_places_of_a_table_stand_in_their_text():
    texts = [("a", 1, "甲", "全市修路八百公里，建桥二十座。"), ("b", 1, "乙", "种树。")]
    paragraphs = pd.DataFrame(texts, columns=["doc_id", "paragraph", "group", "text"])
    table = pd.DataFrame({"doc_id": ["a", "a"], "paragraph": 1, "start": [4, 11], "end": [8, 14], "what": ["路", "桥"]})
    lines = collocations.spans_in_context(table, paragraphs, "what", width=2)
    assert lines[["term", "group", "left", "node", "right", "total"]].to_numpy().tolist() == [
        ["路", "甲", "修路", "八百公里", "，建", 1],
        ["桥", "甲", "建桥", "二十座", "。", 1],
    ]
