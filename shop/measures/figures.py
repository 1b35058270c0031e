"""Figures: the answer to a query, exact and with its rows labelled."""

from dataclasses import dataclass
from fractions import Fraction

from shop.labels import Country, Tongue
from shop.measures.calendar import Label
from shop.measures.catalogue import MEASURES, Measure
from shop.measures.query import Query

Key = str | int


@dataclass(frozen=True)
class Row:
    """A row of an answer: `key` is the canonical value; `before` is the value in the period compared with.

    None is a ratio whose divisor is zero: there was nothing to measure.
    """

    key: Key
    label: Label | Country | Tongue
    value: Fraction | None
    before: Fraction | None = None

    @property
    def change(self) -> Fraction | None:
        """The difference against the period before."""
        return None if self.value is None or self.before is None else self.value - self.before


@dataclass(frozen=True)
class Figures:
    """The answer to a query: exact values; money in major units of `currency`. `rows_in_all` counts before `top`.

    `has_rows` tells whether there was anything at all in the period.
    """

    query: Query
    currency: str
    total: Row
    rows: tuple[Row, ...]
    rows_in_all: int
    has_rows: bool

    @property
    def measure(self) -> Measure:
        """The measure that was asked for."""
        return MEASURES[self.query.measure]
