"""Counterparts: what another voice says on the same is found by rare words and by what instruments both name."""

import pandas as pd
import pytest
from crosscity.compare import counterparts as matching
from crosscity.words import Tokenizer

TEXTS = [
    ("东县", "今年新建党群服务中心十二个，由县财政补助。村民都说渔港的灯塔很漂亮，远近闻名。"),
    ("西县", "对改建的党群服务中心，财政给予补助，共计二十万元。老街的石板铺得整整齐齐，游人很多。"),
    ("南县", "组织书记开展述职，由群众代表当场测评打分。石榴园里的果子熟了，家家户户忙采摘。"),
    ("北县", "书记年终述评，代表投票，排名靠后的要说明原因。海边的渔港修好了，灯塔也亮了。"),
]


@pytest.fixture(scope="module")
def paragraphs():
    cut = Tokenizer().words
    rows = [(voice, f"d{n}", 1, text, list(cut(text))) for n, (voice, text) in enumerate(TEXTS)]
    return pd.DataFrame(rows, columns=["voice", "doc_id", "paragraph", "text", "tokens"])


def marks(*rows):
    return pd.DataFrame(rows, columns=["doc_id", "paragraph", "start", "mark"])


def test_the_same_in_another_voice_comes_first_and_the_rest_not_at_all(paragraphs):
    said = matching.weigh(paragraphs, marks())
    assert said.rows["voice"].tolist() == ["东县", "东县", "西县", "西县", "南县", "南县", "北县", "北县"]
    found = matching.counterparts(said, [0])
    assert found["voice"].tolist() == ["西县"]
    assert found["rank"].tolist() == [1]
    assert "服务中心" in "".join(found["shared"][0])
    assert found["text"][0] == "对改建的党群服务中心，财政给予补助，共计二十万元。"
    assert matching.counterparts(said, [5]).empty  # of orchards nobody else speaks
    assert list(matching.counterparts(said, [5]).columns) == matching.COLUMNS


def test_an_instrument_that_both_name_matches_what_words_do_not(paragraphs):
    assert matching.counterparts(matching.weigh(paragraphs, marks()), [4]).empty
    named = marks(("d2", 1, TEXTS[2][1].index("述职"), "述职评议"), ("d3", 1, TEXTS[3][1].index("述评"), "述职评议"))
    found = matching.counterparts(matching.weigh(paragraphs, named), [4])
    assert found[["voice", "text"]].to_numpy().tolist() == [["北县", "书记年终述评，代表投票，排名靠后的要说明原因。"]]
    assert found["shared"][0][0] == "述职评议"


def test_scores_are_cosines_damped_by_length():
    text = "灯塔渔港灯塔渔港。"
    columns = ["voice", "doc_id", "paragraph", "text", "tokens"]
    one = pd.DataFrame([(v, v, 1, text, ["灯塔", "渔港"] * 2) for v in "甲乙"], columns=columns)
    said = matching.weigh(one, marks())
    # by hand: each word in both of two sentences, and rarer in the large corpus: -ln(2.5 / 202) = 4.391977
    assert max(matching.background().counts[w] for w in ("灯塔", "渔港")) / matching.background().n < 2.5 / 202
    score = (said.weights[[0]] @ said.weights[[1]].T).toarray()[0, 0]
    assert score == pytest.approx(38.578924 / (38.578924 + 144), abs=1e-6)  # 2 * 4.391977 ** 2; 12 ** 2


def test_a_voice_is_never_its_own_counterpart_and_paragraphs_can_be_asked(paragraphs):
    doubled = pd.concat([paragraphs, paragraphs.assign(doc_id=paragraphs["doc_id"] + "x")], ignore_index=True)
    said = matching.weigh(doubled, marks())
    assert "东县" not in set(matching.counterparts(said, [0, 1])["voice"])
    found = matching.counterparts(said, [0, 1], most=1, least=0.05)
    assert set(found["voice"]) == {"西县", "北县"}  # the centre by one, the harbour by the other
    assert found["score"].is_monotonic_decreasing


def test_the_sentence_that_most_speak_of_names_an_instrument(paragraphs):
    assert matching.widest(matching.weigh(paragraphs, marks())) is None  # nothing but words
    named = marks(*[(f"d{n}", 1, 0, "约谈") for n in (1, 2, 3)])
    assert matching.widest(matching.weigh(paragraphs, named)) in (2, 4, 6)
    assert matching.widest(matching.weigh(paragraphs[:0], marks())) is None


def test_shipped_frequencies_are_counts_of_words_only():
    large = matching.background()
    assert large.n > 10_000
    assert large.counts["发展"] > large.counts["灯塔"] > 0
    assert max(map(len, large.counts)) <= 6
