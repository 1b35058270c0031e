"""Phrases in the reader's language: one YAML catalogue per language, values written by Babel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Protocol, runtime_checkable

import yaml
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

LANGUAGES = ("en", "zh", "es", "pt", "fr", "de", "it", "ja", "ko", "ru", "ar", "tr")
_WORDS = Path(__file__).parent / "words"


@dataclass(frozen=True)
class Term:
    """A word that is itself a phrase of the catalogue, such as `status.shipped`."""

    key: str


@dataclass(frozen=True)
class Percent:
    """A share, 0.25 for 25 %."""

    share: float


@dataclass(frozen=True)
class Worded:
    """A phrase of the catalogue with its values, where a value or a cell may stand."""

    key: str
    values: Mapping[str, object]

    def words(self, language: str) -> str:
        """Write the phrase in a language."""
        return say(self.key, language, **self.values)


@runtime_checkable
class Spoken(Protocol):
    """A value that knows how to write itself (Money)."""

    def words(self, language: str) -> str: ...


def say(key: str, language: str, **values: object) -> str:
    """Write a phrase. Falls back to English for a language or a key that the catalogue lacks.

    A value `n` picks the plural form by the language's CLDR rule; an unknown key raises KeyError.
    """
    tongue = language if language in LANGUAGES else "en"
    phrase = _pick(key, tongue, values)
    return phrase.format_map({name: _write(value, tongue) for name, value in values.items()})


def has(key: str) -> bool:
    """Tell whether the English catalogue knows a key."""
    return key in catalogue("en")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All phrases of a language, by dotted key."""
    with (_WORDS / f"{language}.yaml").open(encoding="utf-8") as file:
        return {str(key): str(text) for key, text in yaml.load(file, yaml.CSafeLoader).items()}


def supported(language: str) -> str:
    """The catalogue's language nearest to a BCP 47 tag: itself, its base, or English."""
    base = language.split("-")[0].lower()
    return base if base in LANGUAGES else "en"


def _pick(key: str, language: str, values: Mapping[str, object]) -> str:
    for tongue in (language, "en"):
        words = catalogue(tongue)
        if key in words:
            return words[key]
        n = values.get("n")
        if isinstance(n, int | Decimal):
            form = f"{key}.{_locale(tongue).plural_form(n)}"
            if form in words or f"{key}.other" in words:
                return words.get(form, words.get(f"{key}.other", ""))
    raise KeyError(key)


def _write(value: object, language: str) -> str:
    locale = _locale(language)
    match value:
        case Term(key):
            return _term(key, language)
        case Percent(share):
            return format_percent(share, "#,##0.#%", locale=locale)
        case datetime():
            return format_datetime(value, "medium", locale=locale)
        case date():
            return format_date(value, "medium", locale=locale)
        case bool():
            return say("ui.yes" if value else "ui.no", language)
        case float() | Decimal():
            return format_decimal(value, locale=locale)
        case tuple() | list():
            return format_list([_write(one, language) for one in value], locale=locale) if value else ""
        case Spoken():
            return value.words(language)
        case _:
            return str(value)


def _term(key: str, language: str) -> str:
    """A word of the catalogue; a code that the catalogue lacks (an imported category) stands for itself."""
    try:
        return say(key, language)
    except KeyError:
        return key.rpartition(".")[2]


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))
