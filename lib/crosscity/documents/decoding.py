"""Bytes to text, in whichever encoding a file is."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from .. import CrosscityError
from ..chinese import HAN_CHARACTER
from .characters import log_likelihood, simplify

# First bytes of files that are no text.
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
_USER_AREA = re.compile("[\ue000-\ue5e4\ue5e6-\uf8ff]")  # but GBK's blank
_NOT_ASCII = re.compile("[^\x00-\x7f]+")


def decode(data: bytes, name: Path | str) -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    Parameters
    ----------
    data : bytes
    name : str or Path
        The file, for error messages.

    Returns
    -------
    text : str
        Without a byte-order mark; line ends as they stand.
    encoding : str
        utf-8, utf-8-sig, utf-16, utf-16-le, utf-16-be, utf-32, gb18030, big5hkscs or another that charset-normalizer
        detects; hz, utf-7 or iso-2022-jp, which write Chinese in ASCII; "utf-8, cut" where the last character is
        incomplete and left out; "utf-8 + gb18030" for a file that mixes them line by line; "utf-8 read as gb18030" for
        one that was saved after it had been read so, "utf-8 read as gb18030, 3 lost" if characters were lost by it.

    Raises
    ------
    CrosscityError
        If the file is empty or blank, is not text, or decodes to plausible text in no encoding.
    """
    text, encoding = _decode(data, name) if data.strip() else ("", "")
    if not text.strip():
        msg = f"{name} is empty: put the text in, or remove the file (and its row in corpus.csv)"
        raise CrosscityError(msg)
    return text, encoding


def _decode(data: bytes, name: Path | str) -> tuple[str, str]:
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            msg = f"{name} is {kind}, not text: save it as UTF-8 text, or remove it"
            raise CrosscityError(msg)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding, name), encoding
    if b"\0" in data:
        for encoding in ("utf-16-le", "utf-16-be"):
            if _plausibility(data, encoding):
                return data.decode(encoding), encoding
        msg = f"{name} is binary (it holds zero bytes): save it as UTF-8 text, or remove it"
        raise CrosscityError(msg)
    try:
        text = data.decode("utf-8")
        return _in_seven_bits(data) or _misread(text) or (text, "utf-8")
    except UnicodeDecodeError as error:
        invalid_at = error.start
    # Chinese in UTF-16 without a mark need not hold a zero byte.
    shares = {e: _plausibility(data, e) for e in ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda e: shares[e])
    if sum(share > 0 for share in shares.values()) > 1:  # of a few words, such as a list of terms
        best = max((e for e in shares if shares[e]), key=lambda e: _likelihood(data, e))
    if shares[best]:
        return data.decode(best), best
    for encoding in ("utf-8", "gb18030", "big5hkscs"):
        complete = _complete_characters(data, encoding)
        if complete and _plausibility(complete, encoding):
            return complete.decode(encoding), f"{encoding}, cut"
    if mixed := _decode_lines(data):
        return mixed
    from charset_normalizer import from_bytes

    guess = from_bytes(data).best()
    if guess is not None and HAN_CHARACTER.search(str(guess)) and _plausibility(data, guess.encoding):
        return str(guess), guess.encoding
    msg = (
        f"{name} is not valid UTF-8 (byte {invalid_at}) and reads as no other encoding (UTF-16, GB18030 and Big5 were "
        "tried): save it as UTF-8 text"
    )
    raise CrosscityError(msg)


# What begins Chinese in an encoding that writes it in ASCII.
_SEVEN_BIT = {"hz": b"~{", "utf-7": b"+", "iso2022_jp_2": b"\x1b$", "iso2022_kr": b"\x1b$)C"}


def _in_seven_bits(data: bytes) -> tuple[str, str] | None:
    """The text of a file in an encoding that writes Chinese in ASCII; None if it is in none of these."""
    if not data.isascii():
        return None
    for encoding, mark in _SEVEN_BIT.items():
        if mark in data and _plausibility(data, encoding):
            return data.decode(encoding), encoding.replace("iso2022_", "iso-2022-").replace("_2", "")
    return None


def _misread(text: str) -> tuple[str, str] | None:
    """The text of a file that was UTF-8, was read as GBK and saved so; None if it was not.

    Two bytes of UTF-8 were taken for a character of GBK. Where one had no partner it was lost, and the character that
    it was of is U+FFFD.
    """
    if "锛" not in text and "銆" not in text and "鐨" not in text:  # ，。的 read so
        return None
    raw = b"".join(_gbk_bytes(c) for c in text)
    # The rest of a character whose byte was lost counts as one with it.
    recovered = re.sub("\ufffd{1,3}", "\ufffd", raw.decode("utf-8", "replace"))
    han, before = len(HAN_CHARACTER.findall(recovered)), len(HAN_CHARACTER.findall(text))
    lost = recovered.count("\ufffd")
    if not before or lost > han or not _plausibility(recovered.encode(), "utf-8"):
        return None
    if _share_of_frequent(recovered) < _share_of_frequent(text) + 0.2:
        return None
    return recovered, "utf-8 read as gb18030" + (f", {lost} lost" if lost else "")


def _gbk_bytes(character: str) -> bytes:
    return b"\xff" if character == "\ufffd" else character.encode("gb18030", "replace")


def _complete_characters(data: bytes, encoding: str) -> bytes | None:
    """The data without an incomplete character at the end; None if it is invalid elsewhere."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return data[: error.start] if error.start >= len(data) - 3 else None
    return data


def _decode_lines(data: bytes) -> tuple[str, str] | None:
    """The text of a file in which lines of UTF-8 and GB18030 were pasted together; None if it is no such file."""
    lines, encodings = [], set()
    for line in data.split(b"\n"):
        for encoding in ("utf-8", "gb18030"):
            try:
                lines.append(line.decode(encoding))
            except UnicodeDecodeError:
                continue
            if not line.isascii():
                encodings.add(encoding)
            break
        else:
            return None
    text = "\n".join(lines)
    if encodings == {"utf-8", "gb18030"} and _plausibility(text.encode(), "utf-8"):
        return text, "utf-8 + gb18030"
    return None


def _strict(data: bytes, encoding: str, name: Path | str) -> str:
    """The text of a file that states its encoding by a byte-order mark."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        msg = f"{name} says that it is {encoding}, but byte {error.start} is not: save it as UTF-8 text"
        raise CrosscityError(msg) from None


def _plausibility(data: bytes, encoding: str) -> float:
    """The share of frequent characters among the Chinese ones of the text, or 0 if it does not decode to Chinese.

    Frequent are the 3,755 characters of GB 2312's first level, after conversion to simplified ones; a wrong encoding
    gives characters from all over the code table. ASCII does not count in encodings that include it, since a manifest
    may be mostly that.
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
    # A wrong encoding gives characters of the user area too.
    share = _share_of_frequent(han) * len(han) / (len(han) + len(_USER_AREA.findall(sample)))
    # A manifest with a few place names may hold rare characters.
    return share if share > (0.85 if len(han) >= 200 else 0.7) else 0


def _likelihood(data: bytes, encoding: str) -> tuple[bool, float]:
    """Whether a text has no character of the user area; and the mean log-probability of those that are not ASCII."""
    runs = _NOT_ASCII.findall(data.decode(encoding)[:20_000])
    return not _USER_AREA.search("".join(runs)), sum(map(log_likelihood, runs)) / max(1, sum(map(len, runs)))


def _share_of_frequent(text: str) -> float:
    """The share of characters of GB 2312's first level among the Chinese ones of a text."""
    han = HAN_CHARACTER.findall(text)
    codes = (c.encode("gb18030") for c in han)
    return sum(0xB0 <= code[0] <= 0xD7 and len(code) == 2 for code in codes) / max(1, len(han))
