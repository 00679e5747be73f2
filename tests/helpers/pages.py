"""What may be in a page that is written: text, pictures of its folder; nothing runs but the suite's own two scripts."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

from tests.conftest import PROJECT

POLICY = {
    "default-src 'none'",
    "img-src data:",
    "font-src data:",
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
}
# Pages of the report show pictures that lie beside them; that of the search has a script, by its checksum alone.
BESIDE = {"img-src data: 'self' file:"}
SEARCH = PROJECT / "lib/crosscity/project/resources/search.js"
MATRIX = PROJECT / "lib/crosscity/browse/resources/matrix.js"  # of a page by itself
ALLOWED = """
html head meta title style body main div section nav header h1 h2 h3 h4 h5 h6 p a ul ol li dl dt dd table caption
colgroup col thead tbody tfoot tr th td figure figcaption blockquote img br hr b i em strong small span code pre mark q
bdi ins del details summary label input fieldset legend footer noscript abbr button
"""
_FETCHED = ("src", "srcset", "href", "action", "formaction", "poster", "data", "background", "cite", "ping")
_DATA = re.compile(r"data:(?:image/png|font/woff);base64,[A-Za-z0-9+/=\s]*$")
_URL = re.compile(r"url\(\s*['\"]?([^)'\"]*)")


def checksum(script=SEARCH):
    """Of a script, as a policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.read_bytes()).digest()).decode()


class Page(HTMLParser):
    """A page's elements (tag, attributes), its texts in order, and what is wrong with it.

    Wrong are scripts but the search and the matrix's (`SEARCH`, `MATRIX`, with the checksum in the policy, and data
    that is JSON), handlers, frames and forms, addresses that lead out of the folder, and what a style fetches.
    """

    def __init__(self, text, policy=True):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self.problems, self._open, self.scripts = [], [], [], [], []
        self.feed(text)
        self.close()
        metas = [dict(a) for tag, a in self.elements if tag == "meta"]
        policies = [m["content"] for m in metas if m.get("http-equiv") == "Content-Security-Policy"]
        self.policies = [set(p.split("; ")) for p in policies]
        self._scripts()
        beside = POLICY - {"img-src data:"} | BESIDE
        allowed = [
            POLICY,
            beside,
            beside | {f"script-src '{checksum()}'"},
            POLICY | {f"script-src '{checksum(MATRIX)}'"},
        ]
        if policy and (len(policies) != 1 or self.policies[0] not in allowed[2:] + allowed[:2] * (not self.scripts)):
            self.problems.append(f"policy {policies}")
        # It holds for what stands behind it alone.
        before = [tag for tag, _ in self.elements].index("style") if any(t == "style" for t, _ in self.elements) else 99
        if (
            policy
            and policies
            and before < [dict(a).get("http-equiv") for _, a in self.elements].index("Content-Security-Policy")
        ):
            self.problems.append("a style before the policy")
        if any((m.get("http-equiv") or "").lower() not in ("", "content-security-policy") for m in metas):
            self.problems.append("a meta that is an instruction")

    def _scripts(self):
        """What stands in scripts is the search, once, and its data."""
        for about, text in self.scripts:
            if about == {"type": "application/json", "id": "search-data"}:
                try:
                    json.loads(text)
                except ValueError:
                    self.problems.append("data that are no JSON")
            elif about or text not in [script.read_text(encoding="utf-8") for script in (SEARCH, MATRIX)]:
                self.problems.append(f"<script> {text[:80]!r}")
        if len(self.scripts) > 2:
            self.problems.append("scripts")

    @property
    def text(self):
        return "\n".join(self.texts)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, attrs))
        self._open.append(tag)
        if tag == "script":
            self.scripts.append((dict(attrs), ""))
        elif tag not in ALLOWED.split():
            self.problems.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name == "srcdoc":
                self.problems.append(f"{name}={value!r}")
            if name == "style":
                self._style(value or "")
            if name in _FETCHED:
                plain = re.sub(r"[\x00-\x20]", "", value or "").lower()  # browsers pass over these in addresses
                relative = not re.match(r"[a-z][a-z0-9+.-]*:|//|\\|/", plain) and tag == "a"
                beside = tag == "img" and re.fullmatch(r"(?:[\w%.-]+/)?[\w%.-]+\.(?:png|svg)", value or "")
                if not (relative or beside or (tag == "img" and _DATA.match(value or ""))):
                    self.problems.append(f"{name}={(value or '')[:80]!r}")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if "script" in self._open:
            self.scripts[-1] = self.scripts[-1][0], self.scripts[-1][1] + data
        elif "style" in self._open:
            self._style(data)
        else:
            self.texts.append(data)

    def handle_comment(self, data):
        self.problems.append(f"a comment: {data[:80]!r}")

    def _style(self, text):
        self.problems += [f"url({u[:80]})" for u in _URL.findall(text) if not _DATA.match(u)]
        self.problems += ["@import"] * ("@import" in text) + ["expression"] * ("expression(" in text)
