"""The browser of topics: text stays text, buttons have labels and open something, and what is not known is said."""

import re
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from crosscity import CrosscityError
from crosscity.browse import fragments, topics_page

from tests.helpers.explorer import HOSTILE, Tree, browser_input


@pytest.fixture(scope="module")
def shown():
    return Tree(
        topics_page.topic_browser(**browser_input(), stability=[0.9, 0.42, np.nan], survives=[True, False, None])
    )


def test_every_radio_button_has_a_label_and_one_of_each_set_is_chosen(shown):
    radios = shown.get("input")
    assert {r["@type"] for r in radios} == {"radio"}
    labels = Counter(label["@for"] for label in shown.get("label"))
    assert set(labels) == {r["@id"] for r in radios}
    assert [labels[f"topics-t{t}"] for t in (1, 2, 3)] == [2, 2, 2], "one in the list, one on the map"
    chosen = [r["@id"] for r in radios if "@checked" in r]
    assert chosen == ["topics-t1", "topics-by-weight"]
    assert Counter(r["@name"] for r in radios) == {"topics-topic": 3, "topics-by": 3}
    assert all(any(e["tag"] == "fieldset" for e in r["around"]) for r in radios)


def test_ids_are_unique_and_prefixed_and_what_refers_to_one_finds_it():
    text = topics_page.topic_browser(**browser_input(), prefix="a") + topics_page.topic_browser(
        **browser_input(), prefix="b"
    )
    tree = Tree(text)
    ids = [e["@id"] for e in tree.all if "@id" in e]
    assert len(ids) == len(set(ids)) == 2 * (3 + 3 + 3 + 3)
    assert {i.split("-")[0] for i in ids} == {"a", "b"}
    for name in ("@for", "@aria-controls", "@aria-labelledby"):
        assert {e[name] for e in tree.all if name in e} <= set(ids)
    assert {e["@name"] for e in tree.get("input")} == {"a-topic", "a-by", "b-topic", "b-by"}
    first, second = (style["text"] for style in tree.get("style"))
    assert "#b-" not in first
    assert "#a-" not in second


def test_the_style_opens_the_section_of_the_chosen_topic_and_no_other(shown):
    style = re.sub(r"\s+", " ", shown.get("style")[0]["text"])
    assert ":is(section, .terms) { display: none; }" in style
    opens = re.findall(r":has\(#topics-t(\d+):checked\) #topics-s(\d+)", style)
    assert opens == [("1", "1"), ("2", "2"), ("3", "3")]
    assert re.findall(r":has\(#topics-by-(\w+):checked\) \.by-(\w+)", style) == [(o, o) for o in topics_page.ORDERS]
    assert re.findall(r":checked\) \.map \[for=topics-t(\d)\]", style) == ["1", "2", "3"]
    # Only where it can be opened again, and not in print: elsewhere all topics are shown.
    head = style[: style.index(":is(section, .terms)")]
    assert head.endswith("@media screen { @supports selector(:has(*)) { " + 3 * ".crosscity-topics" + " ")


def test_the_style_is_scoped(shown):
    style = re.sub(r"@(media|supports)[^{]*\{", "", shown.get("style")[0]["text"])
    for selectors in re.findall(r"([^{}]+)\{[^{}]*\}", style):
        for selector in re.split(r",(?![^()]*\))", selectors):
            assert selector.strip().startswith(".crosscity-topics")


@pytest.mark.parametrize("t", [1, 2, 3])
def test_each_topic_has_its_terms_and_paragraphs(shown, t):
    (section,) = shown.get("section", id=f"topics-s{t}")
    assert shown.get("h3", inside=f"topics-s{t}")[0]["text"] == f"{t} {t}词0·{t}词1·{t}词2"
    lists = [e["text"] for e in shown.get("ol", inside=f"topics-s{t}")]
    orders = [[f"{t}词{j}" for j in order] for order in ((0, 1, 2), (1, 0, 3), (5, 4, 3))]
    assert [re.findall(r"\d词\d", text) for text in lists] == orders
    assert "0.5" in lists[0]
    assert [re.search(r"--w:(\d+)", e["@style"])[1] for e in shown.get("li", inside=f"topics-s{t}")] == [
        "100", "50", "20"
    ] * 3  # fmt: skip
    quotes = [e["text"] for e in shown.get("blockquote", inside=f"topics-s{t}")]
    assert quotes == [f"这里说{t}词0和{t}词5，第{r}段。" for r in (1, 2)]
    sources = [e["text"] for e in shown.get("figcaption", inside=f"topics-s{t}")]
    assert sources == [f"盐城 · 文件{t}{r} ¶{10 * t + r}, 90% this topic" for r in (1, 2)]
    assert [e["text"] for e in shown.get("mark", inside=f"topics-s{t}")] == [f"{t}词0", f"{t}词5"] * 2
    assert section["@aria-labelledby"] == f"topics-h{t}"


def test_stability_and_what_follows_from_it_are_said_in_words(shown):
    facts = [e["text"] for e in shown.get("p", class_="facts")]
    assert re.fullmatch(r"\d+\.\d% of the paragraphs, stability 0\.90, survives resampling", facts[0])
    assert re.fullmatch(r"\d+\.\d% of the paragraphs, stability 0\.42, does not survive resampling", facts[1])
    assert re.fullmatch(r"\d+\.\d% of the paragraphs", facts[2])
    assert [e["@title"][0] for e in shown.get("label", class_="fallen")] == ["2"]
    assert ["†" in e["text"] for e in shown.get("li") if any(a["tag"] == "fieldset" for a in e["around"])] == [
        False, True, False
    ]  # fmt: skip
    said = Tree(topics_page.topic_browser(**browser_input())).all[0]["text"]
    assert "Stability was not measured." in said
    assert "survive" not in re.sub(r"\.crosscity-topics.*", "", said)


def test_prevalence_is_the_mean_share_or_as_given():
    data = browser_input()
    expected = [f"{p:.1%} of the paragraphs" for p in data["model"].shares.mean(axis=0)]
    assert [e["text"] for e in Tree(topics_page.topic_browser(**data)).get("p", class_="facts")] == expected
    given = Tree(topics_page.topic_browser(**data, prevalence=[0.5, 0.3, 0.2]))
    assert [e["text"] for e in given.get("p", class_="facts")] == [f"{n}.0% of the corpus" for n in (50, 30, 20)]
    # The areas on the map are as 5 to 3 to 2.
    wide = [float(re.search(r"width:([\d.]+)%", e["@style"])[1]) for e in given.get("label") if "@style" in e]
    assert np.square(wide) / wide[2] ** 2 == pytest.approx([2.5, 1.5, 1], rel=0.01)


def test_labels_that_a_researcher_gave():
    tree = Tree(topics_page.topic_browser(**browser_input(), labels={2: "海洋经济 <b>"}))
    heads = [e["text"] for e in tree.get("h3")]
    assert heads[1] == "2 海洋经济 <b>"
    assert heads[0] == "1 1词0·1词1·1词2"
    assert "2 2词0·2词1·2词2" in tree.get("section", id="topics-s2")[0]["text"]
    assert tree.get("input", id="topics-t2")[0]["@aria-label"].startswith("2 海洋经济 <b>: ")


def test_hostile_text_stays_text():
    data = browser_input(groups=(HOSTILE, "合肥"))
    plain = Counter(
        e["tag"] for e in Tree(topics_page.topic_browser(**browser_input(), notes=["甲"], labels={1: "乙"})).all
    )
    data["terms"].loc[data["terms"]["rank"] == 2, "term"] = HOSTILE
    data["names"][1] = HOSTILE
    text = f"<b>一{HOSTILE}<i>二</i>"  # before, in and after what is marked
    data["representatives"]["text"] = text
    data["representatives"]["doc_id"] = HOSTILE
    data["shares"].loc[0, ["low", "high"]] = np.nan
    data["shares"]["reason"] = HOSTILE
    shown = topics_page.topic_browser(**data, notes=[HOSTILE], labels={1: HOSTILE}, by=HOSTILE)
    tree = Tree(shown)
    assert Counter(e["tag"] for e in tree.all) - Counter({"mark": 99}) == plain - Counter({"mark": 99})
    assert not [name for e in tree.all for name in e if name.startswith("@on")]
    assert "<script" not in shown
    assert shown.count("</style>") == 1
    assert "1111104" not in shown  # nor is it a template
    assert tree.get("blockquote")[0]["text"] == text
    assert HOSTILE in [e["text"] for e in tree.get("mark")]
    assert tree.get("th")[0]["text"] == HOSTILE
    assert tree.get("div", class_="notes")[0]["text"] == HOSTILE
    assert f"({HOSTILE})" in tree.get("section")[0]["text"]


def test_nothing_is_loaded_and_nothing_runs():
    page = fragments.page(topics_page.topic_browser(**browser_input()), "主题 <1>")
    for text in (topics_page.topic_browser(**browser_input()), page):
        # All that a page has besides is the report's navigation.
        text = re.sub(r'<a class="skip".*?</header>', "", text, count=1, flags=re.DOTALL)
        tree = Tree(text)
        assert not {e["tag"] for e in tree.all} & {"script", "link", "img", "iframe", "object", "a", "form", "base"}
        assert not [n for e in tree.all for n in e if n.startswith("@on") or n in ("@src", "@href", "@action")]
        assert "http" not in text.replace("http-equiv", "")
        assert "@import" not in text
        assert not re.search(r"url\((?!data:font/woff;base64,)", text)
        assert "javascript" not in text.lower()


def test_a_page_has_its_policy_its_language_and_its_font():
    page = fragments.page(topics_page.topic_browser(**browser_input()), "主题 <1>")
    tree = Tree(page)
    assert tree.all[0]["@lang"] == "en"
    assert tree.get("title")[0]["text"] == tree.get("h1")[0]["text"] == "主题 <1>"
    policy = tree.get("meta", **{"http-equiv": "Content-Security-Policy"})[0]["@content"]
    assert set(policy.split("; ")) == {
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "font-src data:",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    }
    assert tree.get("meta", name="viewport")
    assert page.count("@font-face") == 1
    assert page == fragments.page(topics_page.topic_browser(**browser_input()), "主题 <1>")


def test_notes_come_first(shown):
    tree = Tree(topics_page.topic_browser(**browser_input(), notes=("demonstration text", "one document a city")))
    assert [e["text"] for e in tree.get("p") if e["around"][-1].get("@class") == "notes"] == [
        "demonstration text",
        "one document a city",
    ]
    assert not shown.get("div", class_="notes")
    assert "demonstration text" in topics_page.topic_browser(**browser_input(), notes="demonstration text")


def rows_of(tree, t=1):
    return [e["text"].split("\n")[0] for e in tree.get("tr", inside=f"topics-s{t}")]


def test_shares_are_listed_with_intervals_the_largest_first():
    data = browser_input(groups=("盐城", "合肥", "随州"))
    tree = Tree(topics_page.topic_browser(**data, by="city"))
    assert rows_of(tree) == ["盐城50.0% (25.0–75.0%)", "合肥33.3% (16.7–50.0%)", "随州25.0% (12.5–37.5%)"]
    assert tree.get("section")[0]["text"].count("Share by city") == 1
    bars = [e["@style"] for e in tree.get("i", inside="topics-s1") if "@style" in e]
    assert bars[0] == "--s:66.7%;--l:33.3%;--w:66.7%"  # of a scale to 75%
    assert "Bars from 0 to 75.0%; lines: intervals." in tree.get("section")[0]["text"]


def test_an_interval_that_is_missing_is_said_with_its_reason():
    data = browser_input(groups=("盐城", "合肥", "随州", "朝阳"))
    table = data["shares"].assign(reason="", speaks_of="this document")
    table.loc[table["group"].isin(["合肥", "随州"]), ["low", "high"]] = np.nan
    table.loc[table["group"].isin(["合肥", "随州"]), "reason"] = "5 paragraphs; an interval needs 8"
    table.loc[table["group"] == "朝阳", ["share", "low", "high"]] = np.nan
    tree = Tree(topics_page.topic_browser(**data | {"shares": table}))
    assert rows_of(tree) == ["盐城50.0% (25.0–75.0%)", "合肥33.3% no interval", "随州25.0% no interval"]
    said = tree.get("section")[0]["text"]
    assert "No interval (5 paragraphs; an interval needs 8): 合肥, 随州." in said
    assert "No text of 朝阳 took part." in said
    assert "Intervals speak of this document." in said
    known = [e.get("@class") for e in tree.get("i", inside="topics-s1") if "@style" in e]
    assert known == ["known", None, None]
    none = Tree(topics_page.topic_browser(**data | {"shares": table.assign(low=np.nan, high=np.nan, reason="")}))
    assert "lines: intervals" not in none.all[0]["text"]
    assert "No interval: all." in none.get("section")[0]["text"]


@pytest.mark.parametrize(("n", "listed"), [(12, 12), (13, 13), (14, 14), (300, 14)])
def test_of_many_groups_the_first_and_the_last_are_listed(n, listed):
    groups = [f"市{i:03d}" for i in range(n)]
    rows = rows_of(Tree(topics_page.topic_browser(**browser_input(groups=groups))))
    assert len(rows) == listed
    assert [r[:4] for r in rows[:10]] == groups[:10]
    if n > 13:
        assert rows[10] == f"{n - 13} more between these"
        assert [r[:4] for r in rows[11:]] == groups[-3:]
    else:
        assert [r[:4] for r in rows] == groups


def test_a_long_paragraph_is_cut_where_most_of_its_terms_are():
    data = browser_input(texts=1)
    long = "甲" * 150 + "。" + "乙" * 40 + "1词0。" + "1词0说1词1，" * 5 + "丙" * 300 + "1词0。"
    data["representatives"].loc[0, "text"] = long
    quote = Tree(topics_page.topic_browser(**data)).get("blockquote")[0]["text"]
    # The second sentence and what follows it hold six of the first three terms; the first sentence's window none.
    assert quote == "…" + long[151:351] + "…"
    data["representatives"].loc[0, "text"] = "丁" * 250
    assert Tree(topics_page.topic_browser(**data)).get("blockquote")[0]["text"] == "丁" * 200 + "…"
    data["representatives"].loc[0, "text"] = "戊" * 200
    assert Tree(topics_page.topic_browser(**data)).get("blockquote")[0]["text"] == "戊" * 200


def test_of_terms_that_begin_alike_the_longest_is_marked():
    data = browser_input(texts=1)
    data["terms"].loc[data["terms"]["topic"] == 1, "term"] = [
        "村",
        "村干部",
        "干部",
        "甲",
        "乙",
        "丙",
        "丁",
        "戊",
        "己",
    ]
    data["representatives"].loc[0, "text"] = "村干部与干部在村里"
    marks = Tree(topics_page.topic_browser(**data)).get("mark", inside="topics-s1")
    assert [e["text"] for e in marks] == ["村干部", "干部", "村"]


def test_a_topic_without_paragraphs_says_so():
    data = browser_input()
    data["representatives"] = data["representatives"].query("topic != 2")
    tree = Tree(topics_page.topic_browser(**data))
    assert "None: no paragraph has a share of it." in tree.get("section", id="topics-s2")[0]["text"]
    assert "None:" not in tree.get("section", id="topics-s1")[0]["text"]


def test_the_bytes_are_the_same_twice_whatever_the_order_of_rows():
    data = browser_input(groups=[f"市{i}" for i in range(20)])
    text = topics_page.topic_browser(**data)
    mixed = {n: t.sample(frac=1, random_state=1) if isinstance(t, pd.DataFrame) else t for n, t in data.items()}
    assert topics_page.topic_browser(**mixed) == text


def test_the_map_says_what_it_is(shown):
    said = shown.all[0]["text"]
    assert "The area of a circle is the topic's prevalence." in said
    assert "of whose squares the plane shows 100%" in said  # three topics lie in a plane
    places = [re.findall(r"([\d.]+)%", e["@style"]) for e in shown.get("label") if "@style" in e]
    assert len(places) == 3
    assert all(0 < float(p) < 100 for place in places for p in place)


def test_forty_topics_of_three_hundred_groups_are_no_large_page():
    groups = [f"某某自治州{i}" for i in range(300)]
    data = browser_input(40, groups, texts=5)
    data["representatives"]["text"] = [("1词0、" * 20 + "建设" * 150) for _ in range(len(data["representatives"]))]
    extra = [data["terms"].assign(rank=lambda t, i=i: t["rank"] + 3 * i) for i in range(4)]
    text = topics_page.topic_browser(**data | {"terms": pd.concat(extra).query("rank <= 10")})
    assert len(text.encode()) < 400_000


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"names": ["1"]}, "names has 1 entries for 3 topics: give one a topic"),
        ({"stability": [0.5]}, "stability has 1 entries for 3 topics"),
        ({"prefix": "1 a"}, "prefix is '1 a': give a letter"),
        ({"prefix": "a\n"}, "prefix is 'a\\n': give a letter"),
        ({"terms": pd.DataFrame({"topic": [1]})}, "terms lacks by, rank, term, value: it needs topic, by, rank"),
        ({"shares": pd.DataFrame({"topic": [1]})}, "shares lacks group, share, low, high: it needs"),
    ],
)
def test_what_is_wrong_is_named(change, message):
    with pytest.raises(CrosscityError, match=re.escape(message)):
        topics_page.topic_browser(**browser_input() | change)


def test_an_order_that_there_is_not_and_a_paragraph_without_text():
    data = browser_input()
    with pytest.raises(CrosscityError, match="terms has by 'score': it is one of weight, frex, lift"):
        topics_page.topic_browser(**data | {"terms": data["terms"].replace("frex", "score")})
    data["representatives"].loc[2, "text"] = None
    with pytest.raises(CrosscityError, match="representatives has paragraphs without text: join it on doc_id"):
        topics_page.topic_browser(**data)
