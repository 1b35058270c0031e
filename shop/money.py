"""Amounts of money: whole minor units of one currency."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency, get_currency_precision


@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units (cents, or whole yen) of an ISO 4217 currency."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: str | float | Decimal, currency: str) -> "Money":
        """Make money from an amount in major units, rounded half up to the minor unit (ISO 4217)."""
        scale = Decimal(10) ** get_currency_precision(currency)
        minor = (Decimal(str(amount)) * scale).to_integral_value(ROUND_HALF_UP)
        return cls(int(minor), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units."""
        places = get_currency_precision(self.currency)
        return Decimal(self.minor).scaleb(-places)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def words(self, language: str) -> str:
        """Write the amount as readers of the language do."""
        return format_currency(self.amount, self.currency, locale=language.replace("-", "_"))

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added; convert first")
        return other
