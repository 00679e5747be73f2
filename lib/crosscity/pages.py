"""Pages of HTML: templates that escape what they are given, and the font that is part of each page."""

import base64
import functools
import io
import re
from pathlib import Path

from . import language
from .chinese import HAN

_RESOURCES = Path(__file__).with_name("resources")
FONT_FILE = _RESOURCES / "fonts" / "NotoSansSC-crosscity.ttf"
_FONT = "<font>"  # text from documents cannot hold it: there < is escaped
_HAN, _LATIN = re.compile(f"[{HAN}]"), re.compile("[A-Za-z]+")


@functools.cache
def environment():
    """Templates of the resources, which escape what they are given and take an unknown name for an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader([_RESOURCES, *sorted(Path(__file__).parent.glob("*/resources"))]),
    )
    made.filters["lang"] = lang_attribute
    made.globals |= {"tr": language.tr, "heading": language.heading, "language": language.current}
    return made


def lang_attribute(text):
    """The attribute lang of a text that is not in the language of the page: Chinese, or English; else nothing.

    Chinese is a text with more Chinese characters than Latin words; one without either is of the page's language.
    """
    from markupsafe import Markup

    han, latin = len(_HAN.findall(str(text))), len(_LATIN.findall(str(text)))
    told = "zh" if han > latin else "en" if latin else language.current()
    return Markup("") if told == language.current() else Markup(' lang="{}"').format(told)


def render(template, home="", here="", script=None, **values):
    """A page; `with_fonts` puts its font in.

    Parameters
    ----------
    template : str
        Its name in the resources.
    home : str
        What leads from the page to the folder of the report: "" or "../".
    here : str
        The page's own name in the navigation.
    script : dict, optional
        Of `search_script`.
    **values
        What the template shows.

    Returns
    -------
    str
    """
    from markupsafe import Markup

    frame = {"home": home, "here": here, "script": script, "language": language.current(), "font": Markup(_FONT)}
    return environment().get_template(template).render(**frame, **values)


def with_fonts(pages):
    """Pages of `render`, by whatever, each with the font of the Chinese that it shows.

    The whole font is cut once, to what all pages show: of the whole each page would take half a second.
    """
    small = _cut(FONT_FILE.read_bytes(), "".join(pages.values()), None)
    return {name: text.replace(_FONT, _rule(_cut(small, text)), 1) for name, text in pages.items()}


def standalone(template, **values):
    """A page of its own, of a template that takes a font; `render` is for pages of the report."""
    from markupsafe import Markup

    text = environment().get_template(template).render(font=Markup(_FONT), **values)
    return text.replace(_FONT, font_face(text), 1)


def font_face(text):
    """A CSS rule with the vendored font, cut to the Chinese characters of a text, so that a page needs no font."""
    return _rule(_cut(FONT_FILE.read_bytes(), text))


def _cut(font, text, flavor="woff"):
    """A font's bytes with the glyphs of a text's Chinese characters alone."""
    from fontTools import subset

    options = subset.Options(flavor=flavor, layout_features=[], recalc_timestamp=False)
    with subset.load_font(io.BytesIO(font), options) as whole:
        cut = subset.Subsetter(options)
        cut.populate(unicodes={ord(c) for c in text if c >= "\u2e80"} | {0x20})
        cut.subset(whole)
        buffer = io.BytesIO()
        subset.save_font(whole, buffer, options)
    return buffer.getvalue()


def _rule(font):
    data = base64.b64encode(font).decode()
    # First in the pages' lists of fonts, for Chinese alone: behind another it comes too late for the first word.
    source = f"url(data:font/woff;base64,{data}) format('woff')"
    return f"@font-face {{ font-family: crosscity; unicode-range: U+2E80-10FFFF; src: {source}; }}\n"
