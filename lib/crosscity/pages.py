"""HTML pages from templates that escape their values, each with the font that it needs; and JupyterLab's style."""

from __future__ import annotations

import base64
import functools
import io
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from . import language
from .chinese import HAN
from .files import write_text, write_whole

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_Key = TypeVar("_Key")
_RESOURCES = Path(__file__).with_name("resources")
FONT_FILE = _RESOURCES / "fonts" / "NotoSansSC-crosscity.ttf"
_FONT = "<font>"  # placeholder; no text from documents can hold it, since < is escaped
_HAN, _LATIN = re.compile(f"[{HAN}]"), re.compile("[A-Za-z]+")


@functools.cache
def environment() -> Environment:
    """The Jinja environment of all templates: it escapes values, and an unknown name is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader([_RESOURCES, *sorted(Path(__file__).parent.glob("*/resources"))]),
    )
    templates.filters["lang"] = lang_attribute
    templates.globals |= {"tr": language.tr, "heading": language.heading, "language": language.current_language}
    return templates


def lang_attribute(text: object) -> Markup:
    """The attribute lang of a text in another language than the page's; empty for one in the page's own.

    A text is Chinese if it has more Chinese characters than Latin words, English if it has Latin words; one without
    either is in the page's language.
    """
    from markupsafe import Markup

    han, latin = len(_HAN.findall(str(text))), len(_LATIN.findall(str(text)))
    code = language.current_language()
    if han > latin:
        code = "zh"
    elif latin:
        code = "en"
    return Markup("") if code == language.current_language() else Markup(' lang="{}"').format(code)


def render(template: str, home: str = "", here: str = "", script: Any = None, **values: Any) -> str:
    """A page of the report; `with_fonts` adds its font.

    Parameters
    ----------
    template : str
        Its name in the resources.
    home : str
        The path from the page to the folder of the report: "" or "../".
    here : str
        The page's own name in the navigation.
    script : dict, optional
        Of `project.report_search`.
    **values
        What the template shows.
    """
    from markupsafe import Markup

    frame = {
        "home": home,
        "here": here,
        "script": script,
        "language": language.current_language(),
        "font": Markup(_FONT),
    }
    return environment().get_template(template).render(**frame, **values)


def with_fonts(pages: Mapping[_Key, str]) -> dict[_Key, str]:
    """Pages from `render`, by any key, each with a font of the Chinese characters that it shows.

    The font is first subset to what all pages show: subsetting the whole font takes half a second a page.
    """
    shared = _subset_font(FONT_FILE.read_bytes(), "".join(pages.values()), None)
    return {key: text.replace(_FONT, _font_face_rule(_subset_font(shared, text)), 1) for key, text in pages.items()}


def standalone(template: str, **values: Any) -> str:
    """A page of its own, with its font, from a template that takes one; `render` is for pages of the report."""
    from markupsafe import Markup

    text = environment().get_template(template).render(font=Markup(_FONT), **values)
    return text.replace(_FONT, _font_face_rule(_subset_font(FONT_FILE.read_bytes(), text)), 1)


def _subset_font(font: bytes, text: str, flavor: str | None = "woff") -> bytes:
    """A font with the glyphs of the Chinese characters of a text alone."""
    from fontTools import subset

    options = subset.Options(flavor=flavor, layout_features=[], recalc_timestamp=False)
    with subset.load_font(io.BytesIO(font), options) as loaded:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes={ord(c) for c in text if c >= "\u2e80"} | {0x20})
        subsetter.subset(loaded)
        buffer = io.BytesIO()
        subset.save_font(loaded, buffer, options)
    return buffer.getvalue()


def _font_face_rule(font: bytes) -> str:
    data = base64.b64encode(font).decode()
    # First in the pages' font lists, for Chinese alone: behind another font it loads too late for the first word.
    source = f"url(data:font/woff;base64,{data}) format('woff')"
    return f"@font-face {{ font-family: crosscity; unicode-range: U+2E80-10FFFF; src: {source}; }}\n"


# JupyterLab's own texts, menus and code take their fonts from these variables, which its themes set on :root.
_LAB_STYLE = """\
@font-face { font-family: crosscity; unicode-range: U+2E80-10FFFF; src: url("%s"); }
body {
  --jp-ui-font-family: crosscity, system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif;
  --jp-content-font-family: crosscity, system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif;
  --jp-code-font-family: crosscity, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --jp-code-font-family-default: crosscity, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --jp-cell-prompt-font-family: crosscity, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --jp-widgets-font-family: crosscity, system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif;
  font-family: var(--jp-ui-font-family);
}
:is(input, select, option, textarea, button) { font-family: var(--jp-ui-font-family); }
/* These name fonts of their own. */
.jupyter-widgets .lm-TabBar.lm-TabBar, .jupyter-widgets .lm-TabBar-tabLabel, .jp-toast-message {
  font-family: var(--jp-ui-font-family);
}
"""


def write_lab_style(config: Path | str) -> Path:
    """Write the style that shows Chinese in JupyterLab, and the font, into a folder of Jupyter's configuration.

    JupyterLab loads them with --custom-css, once; no notebook has to hold a font.

    Parameters
    ----------
    config : str or Path
        JUPYTER_CONFIG_DIR.

    Returns
    -------
    Path
        custom/custom.css there.
    """
    folder = Path(config) / "custom"
    write_whole(folder / FONT_FILE.name, FONT_FILE.read_bytes())
    write_text(folder / "custom.css", _LAB_STYLE % FONT_FILE.name)
    return folder / "custom.css"


if __name__ == "__main__":  # what `make lab` calls
    write_lab_style(sys.argv[1])
