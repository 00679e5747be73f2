"""What the pages to browse share: their templates, the checks of their input, and a page around a fragment of HTML."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..language import current_language
from ..pages import environment, standalone

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from jinja2 import Template


@functools.cache
def template(name: str) -> Template:
    """A template of the resources; it escapes its values, and an unknown name is an error."""
    return environment().get_template(name)


def page(fragment: str, title: str, lang: str = "", here: str = "") -> str:
    """A self-contained page around fragments of HTML: it loads nothing, runs nothing and includes its font.

    Its navigation is that of the report, in whose folder of a run it lies.

    Parameters
    ----------
    fragment : str
        HTML of `topics_page.topic_browser` or `concordance.concordance`; not escaped.
    title : str
        Text.
    lang : str
        The language of what does not come from documents; the run's if left out.
    here : str
        Its name in the navigation: matrix, topics, indicators or concordance.
    """
    return standalone(
        "fragment-page.html", title=title, lang=lang or current_language(), fragment=Markup(fragment), here=here
    )


def as_list(notes: str | Iterable[str]) -> list[str]:
    """Notes as a list; a single string is one note."""
    return [notes] if isinstance(notes, str) else list(notes)


def input_problems(table: pd.DataFrame, columns: Iterable[str], name: str, source: str, prefix: str) -> list[str]:
    """What keeps a table from being shown: missing columns, or a prefix that is not an id."""
    missing = [c for c in columns if c not in table]
    problems = prefix_problems(prefix)
    if missing:
        problems.insert(0, f"{name} lacks {', '.join(missing)}: give the table of {source}")
    return problems


def prefix_problems(prefix: str) -> list[str]:
    """Why a prefix cannot begin the ids of a fragment; empty if it can."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", prefix):
        return []
    return [f"prefix is {prefix!r}: give a letter, then letters, digits, - or _"]


def source(group: object, doc_id: str, paragraph: int) -> str:
    """Where a line comes from; the group is left out where it has the document's name."""
    return f"{doc_id} ¶{paragraph}" if str(group) == str(doc_id) else f"{group} · {doc_id} ¶{paragraph}"
