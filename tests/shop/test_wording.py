"""The phrase catalogues say the same things in every language."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest
from babel import Locale

import shop.wording
from shop.wording import LANGUAGES, catalogue, say

WORDS = Path(shop.wording.__file__).parent / "words"
ENGLISH = catalogue("en")
OTHERS = [language for language in LANGUAGES if language != "en"]
PLURALS = {key.removesuffix(".one") for key in ENGLISH if key.endswith(".one")}


def base(key: str) -> str:
    """The key without its plural form."""
    stem, _, _ = key.rpartition(".")
    return stem if stem in PLURALS else key


def placeholders(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name is not None}


def english(key: str) -> str:
    return ENGLISH[f"{base(key)}.other"] if base(key) in PLURALS else ENGLISH[key]


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_keys(language: str) -> None:
    assert {base(key) for key in catalogue(language)} == {base(key) for key in ENGLISH}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice(language: str) -> None:
    lines = (WORDS / f"{language}.yaml").read_text(encoding="utf-8").splitlines()
    keys = [line.partition(":")[0] for line in lines if re.match(r"[a-z]", line)]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_exactly_the_forms_of_its_language(language: str) -> None:
    forms = set(Locale(language).plural_form.tags) | {"other"}

    for stem in PLURALS:
        there = {key.rpartition(".")[2] for key in catalogue(language) if base(key) == stem}
        assert there == forms, stem


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_are_those_of_the_english_phrase(language: str) -> None:
    for key, phrase in catalogue(language).items():
        meant = placeholders(english(key))
        # Arabic writes none, one and two as words.
        said = {"n"} if language == "ar" and re.search(r"\.(zero|one|two)$", key) else set[str]()
        assert placeholders(phrase) | said == meant | said, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_empty_or_has_loose_ends(language: str) -> None:
    for key, phrase in catalogue(language).items():
        assert phrase, key
        assert phrase == re.sub(" +", " ", phrase).strip(), key


@pytest.mark.parametrize("language", OTHERS)
def test_sentences_are_translated(language: str) -> None:
    shared = [key for key, phrase in catalogue(language).items() if phrase == english(key)]

    assert [key for key in shared if len(re.sub(r"\{\w+\}", "", english(key)).split()) > 2] == []


@pytest.mark.parametrize("language", OTHERS)
def test_numbers_in_a_phrase_are_those_of_the_english_phrase(language: str) -> None:
    for key, phrase in catalogue(language).items():
        assert set(re.findall(r"\d+", phrase)) == set(re.findall(r"\d+", english(key))), key


@pytest.mark.parametrize(
    ("language", "n", "words"),
    [
        ("en", 1, "1 review"), ("en", 2, "2 reviews"), ("ru", 1, "1 отзыв"), ("ru", 3, "3 отзыва"),
        ("ru", 11, "11 отзывов"), ("ru", 21, "21 отзыв"), ("ar", 2, "تقييمان"), ("ar", 5, "5 تقييمات"),
        ("ar", 11, "11 تقييمًا"), ("ja", 1, "レビュー1件"), ("fr", 0, "0 avis"), ("tr", 5, "5 değerlendirme"),
    ],
)  # fmt: skip
def test_the_number_chooses_the_plural_form(language: str, n: int, words: str) -> None:
    assert say("view.reviews", language, n=n) == words


def test_a_fraction_is_written_as_the_language_writes_it() -> None:
    assert say("view.rating", "de", rating=Decimal("4.5")) == "4,5 von 5"


def test_an_unknown_language_is_answered_in_english_and_an_unknown_key_is_an_error() -> None:
    assert say("status.paid", "nl") == "paid"
    with pytest.raises(KeyError):
        say("status.lost_at_sea", "en")
