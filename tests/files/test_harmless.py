"""Names and messages are made harmless in one place."""

import sys
import unicodedata

import pytest
from crosscity import CrosscityError
from crosscity.documents import normalize_term
from crosscity.files.harmless import CONTROL, check_text, harmless, harmless_lines, printable, without_invisible

INVISIBLE = "\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f"
INVISIBLE += "\u2060\u2063\ufe00\ufe0f\ufeff\u3164\U000e0041\U000e0100"
OBEYED = "\x00\x07\x08\x1b\x7f\x85\x9b\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\r\n\t\v\f"


@pytest.mark.parametrize("mark", INVISIBLE)
def test_what_nobody_sees_goes(mark):
    assert harmless(f"合{mark}肥") == harmless_lines(f"合{mark}肥") == without_invisible(f"合{mark}肥") == "合肥"
    assert printable(f"合{mark}肥") == f"合{ascii(mark)[1:-1]}肥"


@pytest.mark.parametrize("mark", OBEYED)
def test_what_is_obeyed_is_a_blank_in_a_name_and_a_number_in_a_message(mark):
    assert harmless(f"合{mark}{mark}肥") == "合 肥"
    shown = printable(f"合{mark}肥")
    assert shown == (f"合{mark}肥" if mark in "\n\t" else f"合{ascii(mark)[1:-1]}肥")


def test_every_character_of_the_kinds_that_are_obeyed_or_not_seen_is_gone():
    kinds = {"Cc", "Cf", "Zl", "Zp"}
    marks = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) in kinds]
    left = {c for c in marks if harmless(f"合{c}肥") not in ("合肥", "合 肥")}
    seen = {c for c in left if unicodedata.category(c) == "Cf"}
    # Signs that stand with a number or a syllable, and are drawn: of Arabic, Syriac, Kaithi and hieroglyphs.
    assert left == seen
    assert {unicodedata.name(c).split()[0] for c in seen} <= {"ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("\x1b[31;1m合肥\x1b[0m", "合肥"),
        ("\x9b2J合肥", "合肥"),
        ("\x1b]0;title\x07合肥", "合肥"),
        ("\x1b]8;;http://example.org\x1b\\合肥\x1b]8;;\x1b\\", "合肥"),
        ("合肥\x1b[", "合肥 ["),
        ("👩\u200d🌾", "👩\u200d🌾"),
        ("\u200d🌾甲\u200d乙", "\u200d🌾甲乙"),
    ],
)
def test_a_name_stays_recognisable(name, said):
    assert harmless(name) == said


def test_lines_stay_lines():
    assert harmless_lines("一\r\n二\u2028三\n\t四\x1b[2J\u202e五") == "一\n二\n三\n\t四 五"


def test_a_name_that_is_harmless_is_the_same_object():
    assert all(harmless(name) == name for name in ("合肥", "朝阳 (1)", "ＡＢＣ", "café", "𠀀", "〇"))
    assert not CONTROL.search("合肥 ABC \u3000")


@pytest.mark.parametrize(("text", "place"), [("\ud800", 1), ("合\udfff肥", 2)])
def test_half_a_character_is_refused_wherever_a_term_is_looked_for(text, place):
    for looks in (check_text, normalize_term):
        with pytest.raises(CrosscityError, match=rf"has half a character \(U\+D[8F].., place {place}\)"):
            looks(text)
    check_text("合肥😀")
