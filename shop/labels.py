"""Names that Babel knows in every language: countries, languages, parts of a calendar. All write themselves."""

from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_skeleton


@dataclass(frozen=True)
class Country:
    """A country by its ISO 3166 code."""

    code: str

    def __str__(self) -> str:
        return self.words("en")

    def words(self, language: str) -> str:
        """The country's name in a language, or the code if CLDR has no name."""
        return str(_locale(language).territories.get(self.code, self.code))


@dataclass(frozen=True, order=True)
class Month:
    """A month, by its first day."""

    first: date

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    def words(self, language: str) -> str:
        """The month and the year as readers of the language write them."""
        return format_skeleton("yMMM", self.first, locale=_locale(language))


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year, by its first day."""

    first: date

    def __str__(self) -> str:
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}"

    def words(self, language: str) -> str:
        """The quarter and the year as readers of the language write them."""
        return format_skeleton("yQQQ", self.first, locale=_locale(language))


@dataclass(frozen=True, order=True)
class Weekday:
    """A day of the week, Monday 0."""

    number: int

    def __str__(self) -> str:
        return self.words("en")

    def words(self, language: str) -> str:
        """The day's name in a language."""
        return str(_locale(language).days["stand-alone"]["wide"][self.number])


@dataclass(frozen=True)
class Tongue:
    """A language by its BCP 47 code."""

    code: str

    def __str__(self) -> str:
        return self.words("en")

    def words(self, language: str) -> str:
        """The language's name in a language, or the code if CLDR has no name."""
        return str(_locale(language).languages.get(self.code, self.code))


def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))
