"""A question in the form that can be computed: measure, dimension, filters, period, comparison, order, top."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Order = Literal["most", "least", "rose", "fell"]
"""How rows are sorted: by value, or by how much they changed against the comparison."""


@dataclass(frozen=True)
class Period:
    """Calendar days in the shop's time zone, both included.

    `kind` tells which calendar unit it is (`day`, `week`, `month`, `quarter`, `year`, `event:black_friday`), so
    that the one before it can be found; `span` is any other, `all` everything since the first order.
    """

    first: date
    last: date
    kind: str = "span"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Filter:
    """Keep the rows whose dimension has one of the values (canonical codes, or ids of products as text)."""

    dimension: str
    values: tuple[str, ...]
    is_excluding: bool = False


@dataclass(frozen=True)
class Query:
    """One question. `against` is the period to compare with; `currency` None is the shop's own (an operator's EUR)."""

    measure: str
    period: Period
    by: str | None = None
    where: tuple[Filter, ...] = ()
    against: Period | None = None
    order: Order = "most"
    top: int | None = None
    currency: str | None = None
