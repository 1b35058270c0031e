"""Typed values in the reader's language."""

from datetime import date, datetime

from babel import Locale
from babel.numbers import format_compact_decimal, format_decimal

from shop.wording import Term, has, say


def write(value: object, language: str) -> str:
    """Write a value (money, moment, number, term, phrase key) as readers of the language do."""
    match value:
        case None:
            return "–"
        case Term(key) if not has(key):
            return key.rpartition(".")[2].replace("_", " ")
        case datetime():
            return day(value, language)
        case str() if "." in value and has(value):
            return say(value, language)
        case _:
            return say("view.as_is", language, value=value)


def day(moment: datetime, language: str) -> str:
    """Write the day of a moment."""
    return say("view.as_is", language, value=moment.date())


def brief(number: float, language: str) -> str:
    """Write a number without what nobody reads in a chart: 12,345 and 1.2M, but 3.5."""
    locale = Locale.parse(language)
    if abs(number) >= 1_000_000:
        return format_compact_decimal(number, locale=locale, fraction_digits=1)
    return format_decimal(round(number) if abs(number) >= 100 else round(number, 2), locale=locale)


def is_number(value: object) -> bool:
    """Tell whether a cell is to be aligned as a number."""
    return not isinstance(value, str | bool | date) and value is not None and not hasattr(value, "key")


def heading(text: str, language: str) -> str:
    """A heading is a phrase key or stands for itself."""
    return say(text, language) if has(text) else text
