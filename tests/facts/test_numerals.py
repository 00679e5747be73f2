"""Numbers as prose writes them: by hand, and written by an independent writer of numerals and read back."""

import pytest
from crosscity.facts.quantities.numerals import HALF_WIDTH, NUMBER, Number, read_number
from hypothesis import given, settings
from hypothesis import strategies as st

READ = {
    "8": 8,
    "19.5万": 195_000,
    "1,234,567": 1_234_567,
    "1.2万亿": 1.2e12,
    "3亿5000万": 350_000_000,
    "5千": 5_000,
    "２０": 20,
    "十": 10,
    "十五": 15,
    "二十": 20,
    "一百零五": 105,
    "两百五十": 250,
    "一千〇一": 1_001,
    "一万五千": 15_000,
    "三千二百七十万": 32_700_000,
    "五百九十六亿六千万": 59_660_000_000,
    "一亿零五万": 100_050_000,
    "一万亿": 1e12,
    "二点二": 2.2,
    "三点五亿": 350_000_000,
    "一九八二": 1982,
    "二〇〇五": 2005,
    "百万": 1_000_000,
    "百分之二十三点三": 0.233,
    "百分之百": 1,
    "千分之二": 0.002,
    "三分之一": 1 / 3,
    "四分之三": 0.75,
    "1/3": 1 / 3,
    "百分之5.5": 0.055,
    "千分之4.5": 0.0045,
    "万分之3.2": 0.00032,
}


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_a_number_is_found_whole_and_read(text, value):
    folded = text.translate(HALF_WIDTH)
    assert NUMBER.match(folded)[0] == folded
    assert read_number(text) == Number(pytest.approx(value, rel=1e-12))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("三五", 3, 5),
        ("两三", 2, 3),
        ("一两", 1, 2),
        ("十五六", 15, 16),
        ("七八十", 70, 80),
        ("五六百", 500, 600),
        ("两三万", 20_000, 30_000),
    ],
)
def test_neighbouring_numerals_are_a_range(text, low, high):
    assert read_number(text) == Number(low, high)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3000多万", 3e7),
        ("8000余", 8000),
        ("几十", 10),
        ("数百", 100),
        ("十几", 10),
        ("几千万", 1e7),
        ("二十几万", 2e5),
    ],
)
def test_what_is_vague_is_read_as_the_least_it_can_be(text, value):
    assert read_number(text) == Number(value, None, vague=True)


@pytest.mark.parametrize("text", ["十" * 6, "万" * 100, "零分之三", "1/0", "几"])
def test_what_is_no_number_is_not_read(text):
    assert read_number(text) is None


@pytest.mark.parametrize("text", ["PM2.5", "G20", "3.1.2", "A4", "1234567890123456789"])
def test_digits_that_are_part_of_a_name_are_no_number(text):
    assert NUMBER.findall(text) == []


def test_a_number_ends_before_a_unit_that_begins_like_a_power():
    assert [m[0] for m in NUMBER.finditer("5000多万千瓦、10亿千瓦时、3千米")] == ["5000多万", "10亿", "3"]


def test_the_ends_of_words_are_no_numerals():
    assert NUMBER.findall("人数十分") == ["十"]


def written(number):
    """A whole number in numerals, as a schoolbook teaches it: groups of four, 零 for what is skipped."""
    digits, places, powers = "零一二三四五六七八九", ("", "十", "百", "千"), ("", "万", "亿", "万亿")
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    out = ""
    for power in range(len(groups) - 1, -1, -1):
        group, text = f"{groups[power]:04d}", ""
        for i, c in enumerate(group):
            if c == "0":
                continue
            gap = "零" if (text or out) and group[:i].endswith("0") else ""
            text += gap + digits[int(c)] + places[3 - i]
        out += text + powers[power] if text else ""
    return out[1:] if out.startswith("一十") else out


def test_the_writer_is_right():
    hand = {
        10: "十",
        105: "一百零五",
        1_001: "一千零一",
        20_010: "二万零一十",
        350_000_000: "三亿五千万",
        110: "一百一十",
    }
    assert {number: written(number) for number in hand} == hand


@settings(max_examples=400, derandomize=True, deadline=None)
@given(st.integers(1, 10**12 - 1))
def test_numerals_written_are_read_back(number):
    text = written(number)
    assert NUMBER.fullmatch(text)
    assert read_number(text) == Number(float(number))


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    st.integers(1, 10**6), st.integers(0, 3), st.sampled_from([("", 1), ("千", 10**3), ("万", 10**4), ("亿", 10**8)])
)
def test_digits_with_a_power_are_read_back(number, places, power):
    text = f"{number / 10**places:.{places}f}{power[0]}"
    assert read_number(text).value == pytest.approx(round(number / 10**places, places) * power[1], rel=1e-12)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text("0123456789,./一二两三五十百千万亿零〇点几数多余分之", max_size=60))
def test_nothing_that_is_found_fails_to_be_read(text):
    for m in NUMBER.finditer(text):
        number = read_number(m[0])
        assert number is None or (number.value >= 0 and (number.upper is None or number.upper > number.value))
