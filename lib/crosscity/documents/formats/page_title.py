"""The headline of a web page, and not the name of its site."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from ..characters import line_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_META = re.compile(r"<meta\b", re.IGNORECASE)
_TITLE = re.compile(r"<title\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_SEPARATOR = re.compile(r"\s*(?:[_|｜»>›]|\s[-—–·]\s|—{2,}|--+)\s*")
_WEAK_SEPARATOR = re.compile(r"\s*[-—–_|｜»>›\s]\s*")
# Last words of the names of sites: of a whole title, and of a part of one, which may be a site's section as well.
_SITE = re.compile("(?:(?<![联电路管水])网|网站|门户|首页|主页|公众平台|公众号|日报|晚报|人民政府)$")
_SECTION = re.compile(f"{_SITE.pattern}|(?:在线|频道|平台|客户端|政府|委员会|人大|政协|[信政]\\w公开|专栏|栏目)$")
_LONGEST_SITE = 24  # characters of a site's name


def page_title(page: str, title: str, lines: Sequence[str]) -> str:
    """The headline that a page states of itself, without the names of its site; "" if it states none.

    Parameters
    ----------
    page : str
        Its source, in which it may state the headline and the site apart (as content systems such as TRS have them).
    title : str
        What it calls itself: article and site in one, most often.
    lines : list of str
        What it shows: a part of the title that is a line of its own is the headline.
    """
    stated = _stated(page)
    sites = {line_key(stated[name]) for name in ("sitename", "og:site_name") if stated.get(name)}
    shown = {line_key(line) for line in lines if len(line) < 100}
    for name in ("articletitle", "og:title"):
        if (given := stated.get(name, "")) and not _is_site(given, sites):
            title = given if name == "articletitle" or line_key(given) in shown else title or given
            break
    if _is_site(title, sites) and (shown_as := _title_element(page)) is not None:
        title = " ".join(html.unescape(shown_as).split())
    if not title or line_key(title) in shown:
        return "" if _is_site(title, sites) else title
    for separator in (_SEPARATOR, _WEAK_SEPARATOR):
        parts = [part for part in separator.split(title) if part]
        if found := [part for part in parts if line_key(part) in shown and not _is_site(part, sites, _SECTION)]:
            return max(found, key=len)
    parts = [part for part in _SEPARATOR.split(title) if part]
    while len(parts) > 1 and _is_site(parts[-1], sites, _SECTION):
        parts.pop()
    while len(parts) > 1 and _is_site(parts[0], sites, _SECTION):
        parts.pop(0)
    rest = title[title.find(parts[0]) : title.rfind(parts[-1]) + len(parts[-1])] if parts else ""
    return "" if _is_site(rest, sites) else rest


def tags(page: str, begin: re.Pattern[str]) -> Iterator[str]:
    """Each tag of a page that begins so, up to its end; looked for once, however many have none."""
    position = 0
    while match := begin.search(page, position):
        position = page.find(">", match.end()) + 1
        if not position:
            return
        yield page[match.start() : position]


def _title_element(page: str) -> str | None:
    """What stands in the first element of a title."""
    match = _TITLE.search(page)
    start = page.find(">", match.end()) + 1 if match else 0
    end = page.find("<", start) if start else -1
    return page[start:end] if end >= 0 else None


def _stated(page: str) -> dict[str, str]:
    """What a page's meta elements say, by name in small letters."""
    out: dict[str, str] = {}
    for element in tags(page, _META):
        given = {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(element)}
        name = (given.get("name") or given.get("property") or "").lower()
        if name and (content := given.get("content", "").strip()):
            out.setdefault(name, content)
    return out


def _is_site(title: str, sites: set[str], pattern: re.Pattern[str] = _SITE) -> bool:
    """Whether a title names a site: one that the page states, or by its last word."""
    return line_key(title) in sites or (len(title) <= _LONGEST_SITE and bool(pattern.search(title)))
