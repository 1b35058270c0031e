"""The rules say the same in every language, and the same as the numbers that the code reads."""

import re
from pathlib import Path

import pytest
import yaml

import shop.policies
from shop import policies
from shop.errors import Missing
from shop.wording import LANGUAGES

RULES = Path(shop.policies.__file__).parent / "rules"
WINDOWS = yaml.safe_load((RULES / "windows.yaml").read_text(encoding="utf-8"))
OTHERS = [language for language in LANGUAGES if language != "en"]


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_becomes_a_passage(language: str) -> None:
    headings = sum(file.read_text(encoding="utf-8").count("## ") for file in (RULES / language).glob("*.md"))

    assert len(policies.passages(language)) == headings > 30


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_ids(language: str) -> None:
    assert [p.id for p in policies.passages(language)] == [p.id for p in policies.passages("en")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_passage_is_empty_and_each_lies_under_its_topic(language: str) -> None:
    for passage in policies.passages(language):
        assert passage.title
        assert len(passage.text) > 40, passage.id
        assert passage.id.startswith(f"{passage.topic}.")
        assert passage.language == language


@pytest.mark.parametrize("language", OTHERS)
def test_translations_have_the_numbers_of_the_english_text(language: str) -> None:
    for passage in policies.passages(language):
        assert numbers(passage.text) == numbers(policies.find(passage.id, "en").text), passage.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_passages_share_a_title(language: str) -> None:
    titles = [passage.title for passage in policies.passages(language)]

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_id_resolves(language: str) -> None:
    assert all(policies.find(p.id, language) == p for p in policies.passages(language))


def test_an_unknown_id_is_missing() -> None:
    with pytest.raises(Missing):
        policies.find("returns.gift_wrapping", "en")


def test_a_language_that_we_lack_is_answered_in_english() -> None:
    assert policies.find("returns.window", "nl").language == "en"
    assert policies.find("returns.window", "pt-BR").language == "pt"


def test_the_windows_are_those_that_the_rules_quote() -> None:
    days = {region["days"] for region in WINDOWS["regions"].values()} | {WINDOWS["default_days"]}

    assert {str(n) for n in days} == numbers(policies.find("returns.window", "en").text)
    assert {str(WINDOWS["faulty_days"])} == numbers(policies.find("returns.faulty", "en").text)


def test_the_eu_has_27_countries_and_no_country_is_in_two_regions() -> None:
    countries = [country for region in WINDOWS["regions"].values() for country in region["countries"]]

    assert len(WINDOWS["regions"]["eu"]["countries"]) == 27
    assert len(set(countries)) == len(countries) == 27 + 3 + 3 + 4
    assert all(re.fullmatch("[A-Z]{2}", country) for country in countries)
