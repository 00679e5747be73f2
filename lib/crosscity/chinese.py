"""Chinese characters, digits, and the marks that end sentences and statements."""

import re

HAN = "\u3400-\u9fff"  # Chinese characters, as a range within a character class
HAN_CHARACTER = re.compile(f"[{HAN}]")
NUMERALS = "一二三四五六七八九"
DIGITS = {c: i for i, c in enumerate("零" + NUMERALS)} | {"〇": 0, "○": 0, "两": 2, "俩": 2}
SENTENCE_ENDS = "。！？!?\n"
# A statement is a sentence, or a part of it up to a semicolon: in lists of measures each part stands for itself.
STATEMENT_ENDS = SENTENCE_ENDS + "；;"
STATEMENT_END = re.compile(f"[{STATEMENT_ENDS}]")

_MARKS = str.maketrans(";:!?()∶「」﹁﹂„‟＂", '；：！？（）：“”“”“”"')
_INNER, _OUTER = str.maketrans("『』﹃﹄", "‘’‘’"), str.maketrans("『』﹃﹄", "“”“”")
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")  # no separator of thousands


def chinese_marks(text: str) -> str:
    """A text of the same length with the marks that a Chinese one has: commas, colons, brackets, quotation marks.

    Straight quotation marks open and close by turns; a comma between thousands stays.
    """
    is_inner = "「" in text or "﹁" in text
    text = text.translate(_MARKS).translate(_INNER if is_inner else _OUTER)
    if "," in text:
        text = _COMMA.sub("，", text)
    if '"' in text:
        pieces = text.split('"')
        text = pieces[0] + "".join("“”"[i % 2] + piece for i, piece in enumerate(pieces[1:]))
    return text


def numeral_below_100(numeral: str) -> int:
    """The value of a numeral from 一 to 九十九; 0 if it is none.

    >>> [numeral_below_100(n) for n in ("三", "十", "十二", "二十", "九十九")]
    [3, 10, 12, 20, 99]
    """
    tens, ten, ones = numeral.rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)
