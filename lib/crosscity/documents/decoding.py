"""Bytes to text: which encoding a file is in, found out and not assumed."""

import codecs
import re

from .. import CrosscityError
from ..chinese import HAN_CHARACTER
from .characters import simplify

# What a file begins with when it is no text, and what to do about it.
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive (docx, xlsx, epub ...)",
    b"\xd0\xcf\x11\xe0": "an old Office file (doc, xls)",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet table",
    b"\x7fELF": "a program",
}
_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_NOT_ASCII = re.compile("[^\x00-\x7f]+")


def decode(data, name):
    """Text of a file and the name of its encoding.

    Parameters
    ----------
    data : bytes
    name : str
        The file, for error messages.

    Returns
    -------
    text : str
        Without a byte-order mark; line ends as they stand.
    encoding : str
        utf-8, utf-8-sig, utf-16, utf-16-le, utf-16-be, utf-32, gb18030, big5hkscs or what charset-normalizer names;
        "utf-8, cut" where the last character is incomplete and was left out; "utf-8 + gb18030" for a file that mixes
        them line by line.

    Raises
    ------
    CrosscityError
        If the file is empty or blank, is no text, or decodes in no encoding to plausible text.
    """
    text, encoding = _decode(data, name) if data.strip() else ("", "")
    if not text.strip():
        msg = f"{name} is empty: put the text in, or remove the file (and its row in corpus.csv)"
        raise CrosscityError(msg)
    return text, encoding


def _decode(data, name):
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            msg = f"{name} is {what}, not text: save it as UTF-8 text, or remove it"
            raise CrosscityError(msg)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding, name), encoding
    if b"\0" in data:
        for encoding in ("utf-16-le", "utf-16-be"):
            if _plausible(data, encoding):
                return data.decode(encoding), encoding
        msg = f"{name} is binary (it holds zero bytes): save it as UTF-8 text, or remove it"
        raise CrosscityError(msg)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        broken_at = error.start
    # Chinese in UTF-16 without a mark need not hold a zero byte.
    shares = {e: _plausible(data, e) for e in ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda e: shares[e])
    if shares[best]:
        return data.decode(best), best
    for encoding in ("utf-8", "gb18030", "big5hkscs"):
        whole = _cut(data, encoding)
        if whole and _plausible(whole, encoding):
            return whole.decode(encoding), f"{encoding}, cut"
    mixed = _by_lines(data)
    if mixed:
        return mixed
    from charset_normalizer import from_bytes

    guess = from_bytes(data).best()
    if guess is not None and HAN_CHARACTER.search(str(guess)) and _plausible(data, guess.encoding):
        return str(guess), guess.encoding
    msg = (
        f"{name} is not valid UTF-8 (byte {broken_at}) and reads as no other encoding (UTF-16, GB18030 and Big5 were "
        "tried): save it as UTF-8 text"
    )
    raise CrosscityError(msg)


def _cut(data, encoding):
    """The data less the last bytes of a character that was cut off at the end; None where they break elsewhere."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return data[: error.start] if error.start >= len(data) - 3 else None
    return data


def _by_lines(data):
    """Text of a file of which some lines are UTF-8 and some GB18030, as pasted together; None where one is neither."""
    lines, found = [], set()
    for line in data.split(b"\n"):
        for encoding in ("utf-8", "gb18030"):
            try:
                lines.append(line.decode(encoding))
            except UnicodeDecodeError:
                continue
            found |= {encoding} if not line.isascii() else set()
            break
        else:
            return None
    text = "\n".join(lines)
    return (text, "utf-8 + gb18030") if found == {"utf-8", "gb18030"} and _plausible(text.encode(), "utf-8") else None


def _strict(data, encoding, name):
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"{name} says that it is {encoding}, but byte {error.start} is not: save it as UTF-8 text"
        raise CrosscityError(message) from None


def _plausible(data, encoding):
    """Share of frequent characters among the Han of the text, or 0 where it does not decode to Chinese.

    Frequent are the 3,755 of GB 2312's first level, after conversion to simplified characters; a wrong encoding gives
    characters from all over the code table. What is ASCII says nothing in the encodings that hold ASCII: a manifest may
    be mostly that.
    """
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0
    sample = text[:20_000] if encoding.startswith("utf-16") else "".join(_NOT_ASCII.findall(text))[:20_000]
    han = simplify("".join(HAN_CHARACTER.findall(sample)))
    others = len(sample) // (5 if encoding.startswith("utf-16") else 2)
    if len(han) < max(2, others):
        return 0
    frequent = sum(0xB0 <= c.encode("gb18030")[0] <= 0xD7 and len(c.encode("gb18030")) == 2 for c in han)
    share = frequent / len(han)
    # A manifest with a few place names may hold rare characters.
    return share if share > (0.85 if len(han) >= 200 else 0.7) else 0
