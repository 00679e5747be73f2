"""Every plot at the sizes that the notebooks call it with: no warning, nothing that overlaps, nothing cut off."""

import itertools
import warnings

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from crosscity.figures import basic, topics
from crosscity.figures.style import set_notes, use_style

_CITIES = """
朝阳 阳江 盐城 随州 合肥 乌鲁木齐 呼和浩特 齐齐哈尔 克拉玛依 石家庄 哈尔滨 秦皇岛 唐山 邯郸 邢台 保定
承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁 包头
乌海 赤峰 通辽 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛
长春 吉林 四平 辽源 通化 白山 松原 白城 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江
黑河 绥化 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 扬州 镇江 泰州 宿迁 杭州 宁波
温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆
黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩
宁德 南昌
"""
_TERMS = """
高质量发展 乡村振兴 营商环境 科技创新 基层组织 党员干部 村级集体经济 公共服务 生态环境 就业创业
招商引资 战斗堡垒 产业园区 社会保障 文化旅游 城市更新 农村公路 数字经济 养老服务 安全生产
"""
CITIES, TERMS = _CITIES.split(), _TERMS.split()
NOTES = ("demonstration text", "differences between documents; not attributable to cities")


def numbers(*shape):
    return np.random.default_rng(7).gamma(2.0, 1.0, shape)


def lengths(n):
    return pd.DataFrame({"label": CITIES[:n], "n_chars": (numbers(n) * 9000).astype(int)}).sort_values(
        "n_chars", ascending=False
    )


def by_kind(n):
    kinds = ["body", "byline", "heading", "note", "title"]
    rows = list(itertools.product(CITIES[:n] if n <= basic.MANY else ["all documents"], kinds))
    return pd.DataFrame(rows, columns=["label", "kind"]).assign(characters=(numbers(len(rows)) * 5000).astype(int))


def by_change(n):
    names = [
        "page furniture removed",
        "pinyin removed",
        "traditional to simplified",
        "entities and stray marks",
        "lines joined",
    ]
    names += ["damaged, left as it is", "spaces and empty lines"]
    rows = list(itertools.product(CITIES[:n] if n <= basic.MANY else ["all documents"], names))
    return pd.DataFrame(rows, columns=["label", "change"]).assign(characters=(numbers(len(rows)) * 300).astype(int))


def rates(n):
    return pd.DataFrame(numbers(n, 14) * 4, index=CITIES[:n], columns=TERMS[:14])


def prevalence(n, k=8):
    shares = numbers(n, k)
    names = [f"{i + 1} {'·'.join(TERMS[i : i + 3])}" for i in range(k)]
    return pd.DataFrame(shares / shares.sum(axis=1, keepdims=True), index=CITIES[:n], columns=names)


def topics_of(n, k=8):
    """As prevalence.intervals has them, with names: every third group has no interval."""
    table = prevalence(n, k).rename_axis("group").reset_index().melt("group", var_name="name", value_name="share")
    table = table.assign(low=table["share"] * 0.4, high=np.minimum(1, table["share"] * 2), whole=1 / k)
    table.loc[table["group"].isin(CITIES[2:n:3]), ["low", "high"]] = np.nan
    return table


def shares_of(n, k=8):
    wide = prevalence(n, k)
    return basic.spread(wide, "share", 2, wide * 0.4, wide * 2, set(wide.columns[::3]), "{x:.0%}")


def choices(n):
    k = np.array([3, 5, 8, 12, 16, 20, 25, 30, 40, 50][:n])
    columns = "stability stability_low stability_high surviving npmi npmi_held npmi_held_se diversity exclusivity"
    values = np.sort(np.random.default_rng(1).random((len(k), 9)), axis=1)[:, [1, 0, 2, 3, 4, 5, 0, 6, 7]]
    table = pd.DataFrame(values, columns=columns.split()).assign(k=k, surviving=k // 2)
    return table.assign(npmi_held_se=np.nan) if n == 1 else table


def over_years(k):
    names = [f"{i + 1} {'·'.join(TERMS[i % 20 : i % 20 + 3])}" for i in range(k)]
    rows = pd.DataFrame(itertools.product(names, range(1954, 2026, 3)), columns=["name", "year"])
    lines = pd.DataFrame({"name": names, "slope": 0.001, "low": 0.0, "high": 0.002, "answer": "no trend shown"})
    lines.loc[::2, "answer"] = "trend"
    lines.loc[1::3, ["low", "high"]] = np.nan
    return rows.assign(share=numbers(len(rows)) / 20), lines


def first_terms(k):
    table = terms_of([f"{i + 1} {'·'.join(TERMS[i % 20 : i % 20 + 3])} 0.61" for i in range(k)], 10)
    return table.rename(columns={"group": "panel"})


def recognised(k):
    table = pd.DataFrame({"name": first_terms(k)["panel"].unique(), "precision": np.linspace(0, 1, k)})
    return table.assign(low=table["precision"] * 0.5, high=1 - (1 - table["precision"]) * 0.5)


def apart(n):
    x = numbers(n, 6)
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    far = np.round(1 - np.clip(unit @ unit.T, 0, 1), 6)
    np.fill_diagonal(far, 0)
    return pd.DataFrame(far, index=CITIES[:n], columns=CITIES[:n])


def terms_of(groups, each, negative=False):
    rows = [(g, t) for g in groups for t in TERMS[:each]]
    value = np.sort(numbers(len(rows)))[::-1] + 0.5
    table = pd.DataFrame(rows, columns=["group", "term"]).assign(
        value=value, low=value - (1.5 if negative else 0.4), high=value + 0.7
    )
    table.loc[::4, ["low", "high"]] = np.nan
    return table.assign(only_here=[i % 5 == 0 for i in range(len(rows))])


def named_pairs(n):
    """As 04-compare has them for many groups: the twelve nearest and the twelve farthest."""
    names = [f"{a} – {b}" for a, b in itertools.islice(itertools.combinations(CITIES[:n], 2), 24)]
    sets = ["nearest pairs" if i < len(names) / 2 else "farthest pairs" for i in range(len(names))]
    return pd.DataFrame({"set": sets, "pair": names, "distance": np.sort(numbers(len(names))) / 10})


def neighbours(n):
    """As 05-profile has them: one panel, twelve rows at most."""
    return pd.DataFrame({"pair": CITIES[1 : n + 1][:12], "distance": np.sort(numbers(min(n, 12))) / 10}).assign(
        set=f"nearest to {CITIES[0]}"
    )


def passages_of(n):
    """Half of each document its own text, in the middle what some share, at the ends what many do."""
    classes = ("central", "own", "shared", "own", "reference")
    rows = [
        (name, size * end // 12 - size * part // 12, size * end // 12, kind)
        for name, size in zip(CITIES[:n], 2000 + (numbers(n) * 9000).astype(int), strict=True)
        for end, part, kind in zip((1, 5, 7, 11, 12), (1, 4, 2, 4, 1), classes, strict=True)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "start", "end", "class"])


# What the notebooks draw, by name: a function of the number of groups, and the numbers of groups it is drawn for. Of
# more than twelve groups panels show twelve (Run.shown), a profile's neighbours are twelve at most, and beyond thirty
# documents stacked bars show all of them in one.
DRAWN = {
    "01-lengths": (lambda n: basic.bars(lengths(n), "label", "n_chars", "characters"), (1, 5, 12, 30)),
    "01-lengths-many": (lambda n: basic.distribution(lengths(n), "label", "n_chars", "characters"), (31, 60, 113)),
    "01-kinds": (lambda n: basic.bars(by_kind(n), "label", "characters", "characters", parts="kind"), (1, 5, 12, 60)),
    "01-cleaning": (
        lambda n: basic.bars(by_change(n), "label", "characters", "characters changed", parts="change"),
        (1, 5, 12, 60),
    ),
    "02-common": (lambda n: basic.heat(rates(n), "in 1,000 words", "{:.1f}"), (1, 5, 12, 60)),
    "02-common-many": (lambda n: basic.spread(rates(n), "in 1,000 words (line: median)"), (61, 113)),
    "02-frequent": (
        lambda n: basic.term_panels(terms_of(CITIES[: min(n, 12)], 10), "group", "term", "value", "in 1,000 words"),
        (1, 5, 12),
    ),
    "03-choice": (lambda n: topics.choice(choices(n), 8), (1, 3, 10)),
    "03-terms": (lambda k: topics.topic_terms(first_terms(k), set(first_terms(k)["panel"][::20])), (2, 5, 20)),
    "03-prevalence": (lambda n: basic.interval_panels(topics_of(n), "name", "group", "share of text"), (1, 2, 5, 12)),
    "03-prevalence-topics": (
        lambda k: basic.interval_panels(topics_of(5, k), "name", "group", "share of text (line: all)", grey=TERMS),
        (2, 3, 16, 40),
    ),
    "03-prevalence-many": (shares_of, (13, 61, 113)),
    "03-prevalence-many-topics": (lambda k: shares_of(60, k), (3, 40)),
    "03-trends": (lambda k: topics.trends(*over_years(k), "share of text"), (2, 5, 16, 30)),
    "03-precision": (lambda k: topics.precision(recognised(k), "name", 1 / 6), (2, 20)),
    "04-terms": (
        lambda n: basic.term_panels(
            terms_of(CITIES[: min(n, 12)], 10, True),
            "group",
            "term",
            "value",
            "log2 ratio of rates",
            "low",
            "high",
            "only_here",
        ),
        (1, 5, 12),
    ),
    "04-distances": (lambda n: basic.heat(apart(n), "cosine distance", "{:.2f}"), (2, 5, 12, 60)),
    "04-distances-many": (lambda n: basic.pairs(named_pairs(n), "distance", "cosine distance"), (61, 113)),
    "05-marks": (
        lambda n: basic.term_panels(
            terms_of(CITIES[:1], min(n, 20)),
            "group",
            "term",
            "value",
            "log2 ratio of rates",
            "low",
            "high",
            "only_here",
            columns=1,
        ),
        (1, 5, 20),
    ),
    "strips": (lambda n: basic.strips(passages_of(n)), (1, 5, 30, 31, 113)),
    "05-neighbours": (lambda n: basic.pairs(neighbours(n), "distance", "cosine distance"), (1, 5, 12)),
}
CASES = [(name, n) for name, (_, sizes) in DRAWN.items() for n in sizes]


@pytest.fixture(autouse=True)
def style():
    use_style()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    plt.close("all")


def tick_labels(fig):
    """The drawn tick labels of each axis, as boxes in pixels."""
    renderer = fig.canvas.get_renderer()
    for ax in fig.axes:
        if not ax.get_visible():
            continue
        for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            low, high = sorted(limits)
            shown = [
                label
                for place, label in zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=False)  # shared: none
                if label.get_text() and label.get_visible() and low <= place <= high
            ]
            yield [(label, label.get_window_extent(renderer)) for label in shown]


def corners(label, box, renderer):
    """The four corners of a label as it is drawn: a turned one fills its box only along the diagonal."""
    angle = label.get_rotation()
    if angle == 0:
        return np.array([(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)])
    label.set_rotation(0)
    flat = label.get_window_extent(renderer)
    label.set_rotation(angle)
    x, y = label.get_transform().transform(label.get_position())
    turn = np.deg2rad(angle)
    plain = np.array([(flat.x0, flat.y0), (flat.x1, flat.y0), (flat.x1, flat.y1), (flat.x0, flat.y1)]) - (x, y)
    return plain @ np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))]) + (x, y)


def apart_by_an_axis(a, b):
    """Whether some line parts two convex shapes (the theorem of the separating axis)."""
    for shape in (a, b):
        for p, q in zip(shape, np.roll(shape, -1, axis=0), strict=True):
            normal = np.array([q[1] - p[1], p[0] - q[0]])
            if (a @ normal).max() <= (b @ normal).min() + 1e-6 or (b @ normal).max() <= (a @ normal).min() + 1e-6:
                return True
    return False


def overlaps(fig):
    """Pairs of tick labels of one axis that overlap."""
    fig.canvas.draw()
    renderer = fig.canvas.get_renderer()
    found = []
    for labels in tick_labels(fig):
        shapes = [(label.get_text(), corners(label, box, renderer)) for label, box in labels]
        found += [(a, b) for (a, x), (b, y) in itertools.combinations(shapes, 2) if not apart_by_an_axis(x, y)]
    return found


def sticks_out(fig, tolerance=1.0):
    """How many pixels beyond the figure, as it was drawn last, something lies, or 0."""
    inches = fig.get_tightbbox(fig.canvas.get_renderer())
    box = inches.transformed(fig.dpi_scale_trans)
    width, height = fig.canvas.get_width_height()
    out = max(-box.x0, -box.y0, box.x1 - width, box.y1 - height)
    return out if out > tolerance else 0


@pytest.mark.parametrize("width", ["page", "column"])
@pytest.mark.parametrize(("name", "n"), CASES)
def test_drawn_without_a_warning_overlap_or_cut(name, n, width):
    draw, _ = DRAWN[name]
    use_style(width)
    fig = draw(n)
    set_notes(fig, NOTES)
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0
    sizes = [[label.get_size() for label in labels()] for ax in fig.axes for labels in (ax.get_yticklabels,)]
    assert min(itertools.chain([9], *sizes)) >= 7  # as small as can be printed
    assert min([9, *(label.get_size() for label in fig.axes[0].get_xticklabels())]) > 4.5  # sixty columns leave no more


def test_what_does_not_hold_is_grey_and_nothing_else_is():
    table = topics_of(5, 4)
    names = list(table["name"].unique())
    fig = basic.interval_panels(table, "name", "group", "share of text", grey={names[1]})
    panels = [ax for ax in fig.axes if ax.get_visible()]
    assert [ax.lines[1].get_color() == basic.GREY for ax in panels] == [False, True, False, False]
    fig = topics.topic_terms(first_terms(3), {first_terms(3)["panel"][10]})
    colours = [ax.patches[0].get_facecolor() for ax in fig.axes if ax.get_visible()]
    assert colours[0] == colours[2] != colours[1]


def test_shares_of_many_groups_are_one_panel_with_intervals():
    assert len([ax for ax in basic.shares(topics_of(12, 4), "name", "group", "share").axes if ax.get_visible()]) == 4
    many = topics_of(13, 4).assign(low=lambda t: t["share"] / 2, high=lambda t: t["share"] * 1.5)
    (ax,) = basic.shares(many, "name", "group", "share", {many["name"][0]}).axes
    assert len(ax.get_yticks()) == 4
    first = many[many["name"] == many["name"][0]].nlargest(2, "share")
    ends = np.array([segment[:, 0] for segment in ax.collections[0].get_segments()])
    assert ends == pytest.approx(first[["low", "high"]].to_numpy())


def test_a_group_without_an_interval_is_hollow():
    fig = basic.interval_panels(topics_of(3, 2), "name", "group", "share of text")
    _, sure, hollow = fig.axes[0].lines
    assert list(sure.get_ydata()) == [0, 1]
    assert list(hollow.get_ydata()) == [2]
    assert hollow.get_markerfacecolor() == "white"


def test_a_line_of_years_is_solid_where_there_is_a_trend():
    fig = topics.trends(*over_years(2), "share of text")
    styles = [ax.lines[1].get_linestyle() for ax in fig.axes]
    assert styles == ["-", ":"]
    # The line goes through the middle: mean year, mean share.
    x, y = fig.axes[0].lines[1].get_data()
    dots = fig.axes[0].lines[0]
    assert np.interp(dots.get_xdata().mean(), x, y) == pytest.approx(dots.get_ydata().mean())


def test_the_checks_see_what_overlaps_and_what_sticks_out():
    fig, ax = plt.subplots(figsize=(1.5, 1.5))
    ax.set_xticks(range(6), CITIES[5:11])
    ax.set_xlim(-0.5, 5.5)
    assert (CITIES[5], CITIES[6]) in overlaps(fig)
    ax.tick_params(axis="x", rotation=60, labelsize=5)
    plt.setp(ax.get_xticklabels(), ha="right", rotation_mode="anchor")
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0
    ax.text(1.4, 0.5, "村级集体经济", transform=ax.transAxes)
    fig.set_layout_engine("none")
    fig.canvas.draw()
    assert sticks_out(fig) > 5


@pytest.mark.parametrize("n", [5, 12])
@pytest.mark.parametrize("size", [3, 5, 8])
def test_columns_of_a_heat_map_never_overlap_however_long_their_names(n, size):
    names = ["".join(TERMS)[i : i + size] for i in range(n)]
    table = pd.DataFrame(numbers(n, n), index=names, columns=names)
    fig = basic.heat(table, "share", "{:.2f}")
    assert overlaps(fig) == []
    assert sticks_out(fig) == 0


def test_bars_show_the_values_in_the_order_of_the_table():
    table = pd.DataFrame({"城市": ["盐城", "合肥", "随州"], "n": [1200, 30, 5]})
    (ax,) = basic.bars(table, "城市", "n", "characters").axes
    assert [bar.get_width() for bar in ax.patches] == [1200, 30, 5]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["盐城", "合肥", "随州"]
    assert [text.get_text().strip() for text in ax.texts] == ["1,200", "30", "5"]
    assert ax.yaxis_inverted()  # the first on top
    assert ax.get_xlabel() == "characters"


def test_stacked_bars_begin_where_the_last_part_ends():
    table = pd.DataFrame(
        [("盐城", "body", 10), ("盐城", "note", 4), ("合肥", "note", 7), ("随州", "body", 1)],
        columns=["label", "kind", "n"],
    )
    fig = basic.bars(table, "label", "n", "characters", parts="kind")
    (ax,) = fig.axes
    assert [(bar.get_x(), bar.get_width()) for bar in ax.patches] == [(0, 10), (0, 0), (0, 1), (10, 4), (0, 7), (1, 0)]
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["body", "note"]


def test_strips_are_as_long_as_the_text_and_in_the_order_of_the_table():
    table = pd.DataFrame(
        [("盐城", 0, 6, "own"), ("盐城", 6, 10, "shared"), ("合肥", 0, 3, "central"), ("盐城", 10, 30, "own")],
        columns=["city", "start", "end", "class"],
    )
    fig = basic.strips(table, "city")
    (ax,) = fig.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["盐城", "合肥"]
    assert ax.yaxis_inverted()
    drawn = {}
    for bars in ax.collections:
        boxes = [path.get_extents() for path in bars.get_paths()]
        middle = {round((box.y0 + box.y1) / 2, 6) for box in boxes}
        drawn[middle.pop(), tuple(bars.get_facecolor()[0])] = [(round(b.x0), round(b.x1)) for b in boxes]
        assert middle == set()
    colour = {kind: mpl.colors.to_rgba(basic.STRIPS[kind][0]) for kind in ("own", "shared", "central")}
    own, shared, central = colour["own"], colour["shared"], colour["central"]
    assert drawn == {(0, own): [(0, 6), (10, 30)], (0, shared): [(6, 10)], (1, central): [(0, 3)]}
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["in many documents", "in some", "own"]


def test_strips_of_many_documents_stand_beside_each_other():
    fig = basic.strips(passages_of(113))
    shown = [[label.get_text() for label in ax.get_yticklabels()] for ax in fig.axes]
    assert [len(part) for part in shown] == [57, 56]
    assert shown[0] + shown[1] == CITIES[:113]
    assert fig.get_size_inches()[1] < 10.5  # a page


def test_parts_beyond_the_colours_are_told_apart_by_hatching():
    table = pd.DataFrame({"label": "盐城", "part": [f"p{i}" for i in range(10)], "n": 1.0})
    (ax,) = basic.bars(table, "label", "n", "characters", parts="part").axes
    looks = [(bar.get_facecolor(), bar.get_hatch()) for bar in ax.patches]
    assert len(set(looks)) == 10


def test_a_distribution_counts_every_row_and_names_the_ends():
    table = pd.DataFrame({"label": CITIES[:40], "n": range(40)})
    (ax,) = basic.distribution(table, "label", "n", "characters").axes
    assert sum(bar.get_height() for bar in ax.patches) == 40
    assert (
        ax.get_title(loc="left")
        == f"smallest: 朝阳 0, 阳江 1, 盐城 2\nlargest: {CITIES[39]} 39, {CITIES[38]} 38, {CITIES[37]} 37"
    )


def test_panels_hold_each_group_s_terms_in_order_with_intervals_and_hollow_dots():
    table = pd.DataFrame(
        [
            ("盐城", "渔港", 2.0, 1.0, 3.0, False),
            ("盐城", "灯塔", 1.5, np.nan, np.nan, True),
            ("合肥", "茶山", 0.5, -1.0, 1.0, False),
        ],
        columns=["group", "term", "value", "low", "high", "only"],
    )
    fig = basic.term_panels(table, "group", "term", "value", "log2", "low", "high", "only")
    left, right = fig.axes
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["盐城", "合肥"]
    assert [t.get_text() for t in left.get_yticklabels()] == ["渔港", "灯塔"]
    ends = left.collections[0].get_segments()
    assert ends[0][:, 0].tolist() == [1, 3]
    full, hollow = (line for line in left.lines if line.get_marker() == "o")
    assert (full.get_xdata().tolist(), full.get_ydata().tolist()) == ([2.0], [0])
    assert (hollow.get_xdata().tolist(), hollow.get_ydata().tolist()) == ([1.5], [1])
    assert mpl.colors.to_hex(hollow.get_markerfacecolor()) == "#ffffff" != mpl.colors.to_hex(full.get_markerfacecolor())
    assert left.get_ylim()[0] > left.get_ylim()[1]  # the first on top
    assert left.get_xlim() == right.get_xlim()
    assert left.get_ylim() == right.get_ylim()


def test_panels_that_are_not_needed_are_not_shown():
    table = terms_of(CITIES[:5], 3)
    wide = basic.term_panels(table, "group", "term", "value", "rate")  # two columns, where terms have glosses
    assert [bool(ax.get_xlabel()) for ax in wide.axes] == [False, False, False, True, True, False]
    fig = basic.term_panels(table.assign(term="甲" + table["term"]), "group", "term", "value", "rate")
    assert [ax.get_visible() for ax in fig.axes] == [True] * 5 + [False]
    assert [bool(ax.get_xlabel()) for ax in fig.axes] == [False, False, True, True, True, False]


def test_a_heat_map_shows_its_numbers_and_leaves_what_is_not_known_empty():
    table = pd.DataFrame([[0.123, np.nan], [0.5, 0.0]], index=["盐城", "合肥"], columns=["1 渔港", "2 茶山"])
    ax = basic.heat(table, "share of text").axes[0]
    assert [text.get_text() for text in ax.texts if text.get_text()] == ["12%", "50%", "0%"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["1 渔港", "2 茶山"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["盐城", "合肥"]
    assert ax.collections[0].get_clim()[0] == 0


def test_a_large_heat_map_has_no_numbers():
    assert len(basic.heat(apart(60), "distance", "{:.2f}").axes[0].texts) == 0


def test_a_spread_shows_every_group_the_median_and_the_largest():
    table = pd.DataFrame({"渔港": [1.0, 5.0, 2.0], "茶山": [4.0, np.nan, 3.0]}, index=["盐城", "合肥", "随州"])
    (ax,) = basic.spread(table, "rate").axes
    dots = [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "o"]
    assert [sorted(d) for d in dots] == [[1, 2, 5], [3, 4]]
    assert [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "|"] == [2, 3.5]
    assert [text.get_text() for text in ax.texts] == ["合肥、随州", "盐城、随州"]


def test_pairs_stand_in_the_order_of_the_table_from_zero():
    (ax,) = basic.pairs(neighbours(5), "distance", "cosine distance").axes
    assert [t.get_text() for t in ax.get_yticklabels()] == CITIES[1:6]
    assert ax.get_xlim()[0] == 0
    assert ax.lines[0].get_xdata().tolist() == neighbours(5)["distance"].tolist()
    assert ax.get_title(loc="left") == "nearest to 朝阳"
    assert ax.yaxis_inverted()


def test_pairs_at_distance_zero_are_drawn():
    table = pd.DataFrame({"set": "near", "pair": ["甲 – 乙"], "distance": [0.0]})
    basic.pairs(table, "distance", "cosine distance").canvas.draw()


def mapped(n, fallen=(), seed=3):
    """A map of n topics, most of them near each other, as classical scaling of many topics puts them."""
    rng = np.random.default_rng(seed)
    shares = np.sort(rng.dirichlet(np.full(n, 2.0)))[::-1]
    names = [f"{t} {'·'.join(TERMS[(t + i) % 20] for i in range(3))}" for t in range(1, n + 1)]
    places = rng.normal(0, 0.15, (n, 2)) * ([1, 0] if n == 2 else [1, 1])
    table = pd.DataFrame({"name": names, "x": places[:, 0], "y": places[:, 1], "prevalence": shares})
    return table.assign(survives=[t not in fallen for t in range(1, n + 1)])


def circles(fig):
    (ax,) = fig.axes
    return [p for p in ax.patches if isinstance(p, mpl.patches.Circle)]


@pytest.mark.parametrize("n", [1, 2, 8, 25, 40, 60, 100])
def test_a_map_of_topics_is_readable(n):
    fig = topics.topic_map(mapped(n, fallen=(1,)), 0.2)
    fig.supxlabel(" · ".join(NOTES), x=0.01, ha="left", fontsize=7)
    fig.canvas.draw()
    (ax,), found = fig.axes, circles(fig)
    assert len(found) == n
    for a, b in itertools.combinations(found, 2):
        assert np.hypot(*np.subtract(a.center, b.center)) > a.radius + b.radius
    assert sticks_out(fig) == 0
    renderer = fig.canvas.get_renderer()
    texts = [t for t in [*ax.texts, fig._supxlabel] if t.get_text()]
    boxes = [t.get_window_extent(renderer) for t in texts]
    frame = ax.patches[0].get_window_extent()
    for (one, a), (other, b) in itertools.combinations(zip(texts, boxes, strict=True), 2):
        assert min(a.x1, b.x1) - max(a.x0, b.x0) < 1 or min(a.y1, b.y1) - max(a.y0, b.y0) < 1, (one, other)
    assert all(frame.x0 < p.get_window_extent().x0 and p.get_window_extent().x1 < frame.x1 for p in found)
    assert all(b.x0 > frame.x1 or b.y1 < frame.y0 for b in boxes[n:]), "the key and what is said stand beside"
    assert min(t.get_size() for t in texts) >= 7
    assert fig.get_size_inches()[1] < 8


def test_circles_of_a_map_have_the_area_of_their_prevalence():
    table = mapped(8)
    radii = np.array([p.radius for p in circles(topics.topic_map(table))])
    ratio = radii**2 / table["prevalence"]
    np.testing.assert_allclose(ratio, ratio[0], rtol=5e-3)


def test_topics_that_do_not_survive_are_grey_and_dashed_and_have_a_mark():
    fig = topics.topic_map(mapped(8, fallen=(3, 7)), 0.193)
    looks = {(p.get_linestyle() != "-" and p.get_linestyle() != "solid", p.get_edgecolor()) for p in circles(fig)}
    assert [p.get_linestyle() not in ("-", "solid") for p in circles(fig)] == [t in (3, 7) for t in range(1, 9)]
    assert len(looks) == 2
    said = [t.get_text() for t in fig.axes[0].texts]
    assert said.count("†") == 2
    assert said[8] == mapped(8)["name"][0]
    assert said[9] == f"{mapped(8)['prevalence'][0]:.1%}"
    assert "the plane shows 19%" in " ".join(said)
    assert "†, grey and dashed: does not survive resampling." in " ".join(said)
    plain = " ".join(t.get_text() for t in topics.topic_map(mapped(8).drop(columns="survives")).axes[0].texts)
    assert "†" not in plain
    assert "plane" not in plain


def test_a_map_says_how_many_circles_are_moved():
    places = [[0, 0], [0.001, 0], [5, 5]]  # two on one place, the third far off
    centres, radii, moved = topics.map_layout(places, [0.4, 0.4, 0.2], 100, 80, 3)
    assert moved == 2
    assert np.hypot(*(centres[0] - centres[1])) >= 2 * radii[0]
    assert "; 2 of 3 circles are moved, so that none overlap." in topics.map_caption(moved, 3)
    assert "moved" not in topics.map_caption(0, 3)
    alone, _, moved = topics.map_layout([[0, 0], [4, 0], [0, 3]], [0.4, 0.4, 0.2], 100, 80, 1)
    assert moved == 0  # and the distances are as they were
    sides = [np.hypot(*(alone[i] - alone[j])) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert np.array(sides) / sides[2] == pytest.approx([0.8, 0.6, 1], abs=0.01)


def test_a_small_push_is_no_move():
    # Equal circles, as wide as they may be: a radius of 80 / 8, and 80 / 200 of room, so 0.6 more than the 20.2 between
    # the first two, of 79.2 between the outer ones.
    places = [[0, 0], [20.2 / 79.2, 0], [1, 0]]
    centres, radii, moved = topics.map_layout(places, [1, 1, 1], 100, 80, 1)
    assert radii.tolist() == [10, 10, 10]
    assert 20.6 < centres[1, 0] - centres[0, 0] < 21
    assert moved == 0


@pytest.mark.parametrize("far", [0, 1, 5])
def test_circles_that_need_more_than_the_box_begin_nearer_to_each_other(far):
    places = np.random.default_rng(8).normal(0, 1, (40, 2)) * [1, 0.1]
    places[0] = far
    shares = np.random.default_rng(9).dirichlet(np.full(40, 3.0))
    centres, radii, _ = topics.map_layout(places, shares, 100, 80, 1)
    assert (centres - radii[:, None] > 0).all()
    assert (centres + radii[:, None] < [100, 80]).all()
    assert np.pi * (radii**2).sum() == pytest.approx(100 * 80 / 5, rel=0.01)  # and are not made smaller


def test_circles_on_one_place_are_pushed_apart_the_same_way_each_time():
    one = topics.map_layout(np.zeros((30, 2)), np.full(30, 1 / 30), 100, 80, 3)
    again = topics.map_layout(np.zeros((30, 2)), np.full(30, 1 / 30), 100, 80, 3)
    assert one[0].tobytes() == again[0].tobytes()
    for (a, p), (b, q) in itertools.combinations(zip(*one[:2], strict=True), 2):
        assert np.hypot(*(a - b)) > p + q


def test_names_in_the_key_are_no_formulas_and_have_room():
    table = mapped(2).assign(name=["1 $x^2$ 与 $", "2 " + "长" * 80])
    written = topics.topic_map(table).axes[0].texts
    texts = [t.get_text() for t in written]
    assert not written[texts.index("1 $x^2$ 与 $")].get_parse_math()
    assert any(t.startswith("2 长") and t.endswith("…") for t in texts)
    many = [t.get_text() for t in topics.topic_map(mapped(60)).axes[0].texts]
    assert "and 16 more" in many
    assert mapped(60)["name"][43] in many
    assert mapped(60)["name"][44] not in many
