"""What tests of figures share: names, and checks that nothing overlaps or is cut off."""

import itertools

import numpy as np

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


def texts_with_boxes(fig):
    """Texts but tick labels, with their boxes."""
    renderer = fig.canvas.get_renderer()
    found = [t for ax in fig.axes if ax.get_visible() for t in [*ax.texts, ax.title, ax._left_title, ax.xaxis.label]]
    found += [*fig.texts, *(t for legend in fig.legends for t in legend.get_texts())]
    found += [fig._supxlabel] if fig._supxlabel is not None and fig._supxlabel not in found else []
    return [(t.get_text(), t.get_window_extent(renderer)) for t in found if t.get_text() and t.get_visible()]


def covering(fig):
    """Pairs of texts that cover each other by more than a pixel."""
    return [
        (a, b)
        for (a, x), (b, y) in itertools.combinations(texts_with_boxes(fig), 2)
        if min(x.x1, y.x1) - max(x.x0, y.x0) > 1 and min(x.y1, y.y1) - max(x.y0, y.y0) > 1
    ]


def check_page(fig):
    """Nothing of a figure for a page overlaps or is cut off, with its notes."""
    fig.supxlabel(" · ".join(NOTES), x=0.01, ha="left", fontsize=7)  # as save_figure sets them
    assert overlaps(fig) == []
    assert covering(fig) == []
    assert sticks_out(fig) == 0
    assert fig.get_size_inches()[0] == 7.2
    assert fig.get_size_inches()[1] < 10  # a page
