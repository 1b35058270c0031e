"""Names that Babel knows in every language: countries and months. Both write themselves in a phrase."""

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


def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))
