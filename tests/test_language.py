"""What is shown in the language of a run: the catalogue, and what falls back to English."""

import pytest
from crosscity import CrosscityError, language


@pytest.fixture(autouse=True)
def english():
    yield
    language.use_language("en")


def test_english_is_the_template_itself_with_its_values():
    assert language.tr("{n} of {all} {what}", n=3, all=5, what="{x}") == "3 of 5 {x}"
    assert language.tr("braces {stay} where no value is given") == "braces {stay} where no value is given"


def test_a_text_that_the_catalogue_lacks_stays_english():
    language.use_language("zh")
    assert language.tr("no such template {n}", n=1) == "no such template 1"


def test_another_language_is_refused():
    with pytest.raises(CrosscityError, match="language is 'de'; the choices are en, zh"):
        language.use_language("de")
    assert language.current() == "en"
