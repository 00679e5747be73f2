"""The style and what saving a figure leaves behind."""

import csv
import io
import json
import re
import struct
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from crosscity.figures import style as style_module
from crosscity.figures.style import (
    COLOURS,
    FONT,
    STYLE_FILE,
    MissingGlyphWarning,
    figure_width,
    panel_grid,
    save_figure,
    set_notes,
    use_style,
)
from crosscity.files.atomic import write_text
from crosscity.pages import FONT_FILE
from matplotlib import font_manager
from matplotlib.figure import Figure
from PIL import Image

from tests.conftest import PROJECT

NOTES = ["demonstration text", "differences between documents; not attributable to cities"]
DATA = pd.DataFrame({"city": ["盐城", "合肥"], "share": [0.123456789, 0.5]})


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def draw(title="修缮渔港 −1 · Ω", bars=(3, 5)):
    fig, ax = plt.subplots()
    ax.bar(["盐城", "合肥"], bars)
    ax.set_title(title)
    return fig


def save(folder, fig=None, notes=(), data=DATA, name="灯塔"):
    save_figure(fig or draw(), folder, name, data, "标题", "两座城市的柱形图。", notes)
    return folder


def test_the_style_s_chinese_family_is_the_vendored_file():
    family = mpl.rcParams["font.family"][0]
    assert family == FONT
    found = Path(font_manager.findfont(font_manager.FontProperties(family=family), fallback_to_default=False))
    assert found.resolve() == (PROJECT / "lib/crosscity/resources/fonts/NotoSansSC-crosscity.ttf").resolve()
    assert found.resolve() == FONT_FILE.resolve()


def test_the_font_has_gb_2312():
    from fontTools.ttLib import TTFont

    characters = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                characters.add(bytes([row, cell]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    assert len(characters) == 7445  # GB 2312-80: 6,763 Han characters and 682 others
    font = TTFont(FONT_FILE)
    lacking = {c for c in characters if ord(c) not in font.getBestCmap()}
    assert sorted(lacking) == []
    assert font["name"].getDebugName(1) == FONT
    assert "Source" not in "".join(
        str(font["name"].getDebugName(i)) for i in (1, 3, 4, 6, 16)
    )  # the licence's reserved name


def test_the_style_can_be_set_twice_and_spares_how_figures_show():
    before = (mpl.get_backend(), mpl.is_interactive())
    try:
        mpl.interactive(True)  # as it is in a notebook, whose figures do not show otherwise
        use_style()
        assert mpl.is_interactive()
        assert mpl.get_backend() == before[0]
    finally:
        mpl.interactive(before[1])
    assert sum(f.name == FONT for f in font_manager.fontManager.ttflist) == 1


def test_the_style_does_not_depend_on_what_was_set_before():
    mpl.rcParams.update({"lines.linewidth": 9, "axes.grid": True, "savefig.dpi": 30})
    use_style()
    assert mpl.rcParams["lines.linewidth"] == mpl.rcParamsDefault["lines.linewidth"]
    assert not mpl.rcParams["axes.grid"]
    assert mpl.rcParams["savefig.dpi"] == 200


def test_five_files_and_no_temporary_one(tmp_path):
    save(tmp_path / "新 folder", notes=NOTES)
    assert sorted(p.name for p in (tmp_path / "新 folder").iterdir()) == [
        ".crosscity.sums",
        "灯塔.csv",
        "灯塔.json",
        "灯塔.pdf",
        "灯塔.png",
        "灯塔.svg",
    ]


def test_a_figure_that_cannot_be_drawn_leaves_nothing(tmp_path):
    fig = draw()
    savefig = fig.savefig

    def breaks(path, **said):
        if isinstance(path, io.BytesIO):
            savefig(path, **said)
            return
        Path(path).write_text("half a figure")
        raise OSError(28, "No space left on device")

    fig.savefig = breaks
    with pytest.raises(OSError, match="No space left"):
        save(tmp_path, fig)
    assert list(tmp_path.iterdir()) == []


def test_chinese_greek_and_the_minus_sign_are_drawn_without_a_warning(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save(tmp_path, notes=NOTES)


@pytest.mark.parametrize(("character", "code"), [("\U0001f9e6", r"U\+1F9E6"), ("\U00020000", r"U\+20000")])
def test_a_missing_glyph_is_named(tmp_path, character, code):
    with pytest.warns(MissingGlyphWarning, match=f"figure 灯塔: no font has {character} \\({code}\\)$"):
        save(tmp_path, draw(f"灯{character}塔"))


def test_missing_glyphs_are_named_once_each_in_order(tmp_path):
    with pytest.warns(MissingGlyphWarning) as caught:
        save(tmp_path, draw("\U0001f9e6\U00020000\U0001f9e6"))
    assert [str(w.message) for w in caught] == ["figure 灯塔: no font has \U0001f9e6 (U+1F9E6) \U00020000 (U+20000)"]


def test_other_warnings_are_passed_on(tmp_path):
    fig = draw()
    whole = fig.savefig

    def warns(*args, **kwargs):
        warnings.warn("the axis is odd", RuntimeWarning, stacklevel=1)
        whole(*args, **kwargs)

    fig.savefig = warns
    with pytest.warns(RuntimeWarning, match="the axis is odd"):
        save(tmp_path, fig)


def test_two_saves_give_the_same_bytes(tmp_path):
    one, two = save(tmp_path / "1", notes=NOTES), save(tmp_path / "2", notes=NOTES)
    other = save(tmp_path / "3", draw(bars=(3, 6)), notes=NOTES)
    for suffix in ("svg", "png", "pdf", "csv", "json"):
        data = (one / f"灯塔.{suffix}").read_bytes()
        assert data == (two / f"灯塔.{suffix}").read_bytes()
        assert len(data) > 20
    for suffix in ("svg", "png", "pdf"):
        assert (one / f"灯塔.{suffix}").read_bytes() != (other / f"灯塔.{suffix}").read_bytes()


def test_the_same_figure_saved_twice_gives_the_same_bytes(tmp_path):
    fig = draw()
    save(tmp_path / "1", fig, NOTES)
    save(tmp_path / "2", fig, NOTES)
    for suffix in ("svg", "png", "pdf"):
        assert (tmp_path / "1" / f"灯塔.{suffix}").read_bytes() == (tmp_path / "2" / f"灯塔.{suffix}").read_bytes()


def test_another_process_gives_the_same_bytes(tmp_path):
    code = "import sys, tests.figures.test_style as t\nt.use_style()\nt.save(t.Path(sys.argv[1]), notes=t.NOTES)"
    environment = {
        "PYTHONPATH": f"{PROJECT / 'lib'}:{PROJECT}",
        "PYTHONHASHSEED": "77",
        "MPLCONFIGDIR": mpl.get_configdir(),
        "TZ": "Asia/Shanghai",
    }
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "2")], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    save(tmp_path / "1", notes=NOTES)
    for suffix in ("svg", "png", "pdf", "csv", "json"):
        assert (tmp_path / "1" / f"灯塔.{suffix}").read_bytes() == (tmp_path / "2" / f"灯塔.{suffix}").read_bytes()


def test_the_svg_is_well_formed_and_holds_no_date(tmp_path):
    text = (save(tmp_path, notes=NOTES) / "灯塔.svg").read_text(encoding="utf-8")
    assert ET.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    assert "dc:date" not in text
    assert re.search(r"\d{4}-\d\d-\d\d|\d\d:\d\d", text) is None


def chunks(data):
    position = 8
    while position < len(data):
        (length,) = struct.unpack(">I", data[position : position + 4])
        yield data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        position += length + 12


def test_the_png_holds_neither_date_nor_version(tmp_path):
    found = list(chunks((save(tmp_path) / "灯塔.png").read_bytes()))
    assert {name for name, _ in found} <= {b"IHDR", b"pHYs", b"IDAT", b"IEND"}
    assert zlib.decompress(b"".join(body for name, body in found if name == b"IDAT"))


def test_the_pdf_holds_its_text_its_glyphs_and_no_date(tmp_path):
    pypdfium2 = pytest.importorskip("pypdfium2")
    path = save(tmp_path, notes=NOTES) / "灯塔.pdf"
    data = path.read_bytes()
    assert len(data) < 60_000  # the font is 2 MB
    assert b"CreationDate" not in data
    assert mpl.__version__.encode() not in data
    (page,) = pypdfium2.PdfDocument(path)
    text = page.get_textpage().get_text_range()
    assert {"修缮渔港 −1 · Ω", " · ".join(NOTES)} <= set(text.splitlines())
    # The title is drawn: glyphs that are not embedded would be boxes, or nothing.
    fig = plt.figure(figsize=(5, 1))
    fig.text(0.1, 0.4, "渔")
    (other,) = pypdfium2.PdfDocument(save(tmp_path / "2", fig) / "灯塔.pdf")
    drawn = other.render(scale=4).to_numpy()[..., :3].min(axis=2) < 128
    assert 150 < drawn.sum() < 2000
    box = plt.figure(figsize=(5, 1))
    box.text(0.1, 0.4, "港")
    (third,) = pypdfium2.PdfDocument(save(tmp_path / "3", box) / "灯塔.pdf")
    assert (drawn != (third.render(scale=4).to_numpy()[..., :3].min(axis=2) < 128)).sum() > 50


def rows(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def test_notes_stand_in_the_picture_the_data_and_the_text(tmp_path):
    save(tmp_path, notes=NOTES)
    assert rows(tmp_path / "灯塔.csv") == [
        ["city", "share", "note"],
        ["盐城", "0.123457", "; ".join(NOTES)],
        ["合肥", "0.5", "; ".join(NOTES)],
    ]
    assert json.loads((tmp_path / "灯塔.json").read_text(encoding="utf-8")) == {
        "name": "灯塔",
        "title": "标题",
        "alt": "两座城市的柱形图。",
        "notes": NOTES,
    }
    # Text is drawn as outlines; matplotlib writes what they say as a comment before them.
    svg = (tmp_path / "灯塔.svg").read_text(encoding="utf-8")
    assert f"<!-- {' · '.join(NOTES)} -->" in svg


def test_notes_are_seen_in_the_png(tmp_path):
    plain, noted = (save(tmp_path / name, notes=notes) / "灯塔.png" for name, notes in (("1", ()), ("2", NOTES)))
    strips = [plt.imread(path)[-40:, :200, :3] for path in (plain, noted)]
    assert [int((strip.min(axis=2) < 0.6).sum() > 300) for strip in strips] == [0, 1]


def test_what_is_on_the_screen_is_what_is_saved_and_is_drawn_once(tmp_path, monkeypatch):
    drawn, savefig = [], Figure.savefig
    monkeypatch.setattr(
        Figure, "savefig", lambda fig, to, **said: (drawn.append(said["format"]), savefig(fig, to, **said))
    )
    fig = style_module.detached(draw())
    shown = style_module.screen_png(fig)
    save(tmp_path, fig)
    assert drawn == ["png", "svg", "pdf"]
    on_screen = Image.open(io.BytesIO(shown)).convert("L")
    half = Image.open(tmp_path / "灯塔.png").convert("L").reduce(2)
    assert on_screen.size == half.size
    apart = [abs(a - b) for a, b in zip(on_screen.tobytes(), half.tobytes(), strict=True)]
    assert max(apart) < 40  # 128 colours
    fresh = save(tmp_path / "fresh")
    assert (fresh / "灯塔.png").read_bytes() == (tmp_path / "灯塔.png").read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda fig: fig.axes[0].set_title("别的"),
        lambda fig: fig.axes[0].text(0.5, 1, "注"),
        lambda fig: fig.axes[0].patches[0].set_height(9),
        lambda fig: fig.set_size_inches(3, 3),
        lambda fig: fig.axes[0].patch.set_facecolor("#eeeeee"),
    ],
)
def test_a_figure_that_has_changed_since_it_was_shown_is_drawn_anew(tmp_path, change):
    fig = style_module.detached(draw())
    style_module.screen_png(fig)
    save(tmp_path / "before", fig)
    change(fig)
    save(tmp_path / "after", fig)
    assert (tmp_path / "before" / "灯塔.png").read_bytes() != (tmp_path / "after" / "灯塔.png").read_bytes()


def test_without_notes_there_is_no_column_of_them(tmp_path):
    save(tmp_path)
    assert rows(tmp_path / "灯塔.csv")[0] == ["city", "share"]
    assert json.loads((tmp_path / "灯塔.json").read_text(encoding="utf-8"))["notes"] == []


def test_the_data_that_is_given_stays_as_it_is(tmp_path):
    data = DATA.copy()
    save(tmp_path, notes=NOTES, data=data)
    pd.testing.assert_frame_equal(data, DATA)


def test_text_that_does_not_change_keeps_its_age(tmp_path):
    path = tmp_path / "deep" / "a.json"
    write_text(path, "一\r\n二\n")
    assert path.read_bytes() == "一\r\n二\n".encode()
    age = path.stat()
    write_text(path, "一\r\n二\n")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (age.st_mtime_ns, age.st_ino)
    write_text(path, "一\n二\n")
    assert path.read_bytes() == "一\n二\n".encode()
    assert [p.name for p in path.parent.iterdir()] == ["a.json"]


def test_colours_are_eight_and_differ():
    assert len(set(style_module.COLOURS)) == 8


def test_a_column_has_fewer_panels_and_what_is_too_tall_for_it_takes_the_page():
    use_style("column")
    assert figure_width() == 3.5
    # Four panels of 2.3 inches: one beside the other on a page of 7.2, one under the other in a column of 3.5.
    assert panel_grid(4, 3, 2.0, 0.5) == (4, 1, (3.5, 8.5))
    assert panel_grid(5, 3, 2.0, 0.5) == (2, 3, (7.2, 4.5))
    use_style()
    assert panel_grid(4, 3, 2.0, 0.5) == (2, 3, (7.2, 4.5))


def test_the_style_file_holds_the_style_and_its_colours():
    mpl.rcdefaults()
    mpl.style.use(STYLE_FILE)
    assert [
        f"#{c}" if not c.startswith("#") else c for c in mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    ] == COLOURS
    assert mpl.rcParams["figure.figsize"] == [7.2, 4]
    assert mpl.rcParams["svg.hashsalt"] == "crosscity"
    assert mpl.rcParams["text.parse_math"] is False


def test_notes_fill_as_many_lines_as_the_figure_is_narrow():
    for inches, lines in ((7.2, 1), (3.5, 2)):
        fig = plt.figure(figsize=(inches, 2))
        set_notes(fig, ["demonstration text", "differences between documents; not attributable to cities"])
        assert fig.get_supxlabel().count("\n") == lines - 1
