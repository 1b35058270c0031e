"""The till: orders added up by the database, per currency, then exchanged into one."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop.measures.facts import columns, facts
from shop.money import Money
from shop.periods import Bucket, Span
from shop.rates import convert
from shop.tables import Order, OrderItem, Shop

Key = TypeVar("Key")


class Sum(NamedTuple):
    """What some orders come to. `revenue` is what the shops get for the goods that were not paid back."""

    orders: int
    units: int
    revenue: Money


@dataclass(frozen=True)
class Till:
    """The orders that an actor may add up (`mine`), and the currency and day of the rates to do it in."""

    db: Session
    mine: ColumnElement[bool]
    currency: str
    day: date

    def total(self, whole: Span) -> Sum:
        """Add up all orders of a span but the cancelled ones."""
        sums = self._joined(self.db.execute(_sold(literal(0), whole).where(self.mine)).tuples())
        return sums.get(0, Sum(0, 0, Money(0, self.currency)))

    def by(self, whole: Span, key: InstrumentedAttribute[Key]) -> dict[Key, Sum]:
        """Add up by a column of the order, its items or their products."""
        return self._joined(self.db.execute(_sold(key, whole).where(self.mine)).tuples())

    def over_time(self, whole: Span, cut: Sequence[Bucket]) -> list[Sum]:
        """Add up by the parts of a calendar, in their order; a part without orders is zero.

        No two databases share functions for time zones: the database adds up by hours of UTC (by minutes
        where a zone begins its days between two hours), and the hours are told apart here.
        """
        width = 13 if all(part.start.minute == 0 for part in cut) else 16  # of "2026-11-02 12:34:56"
        stamp = func.substr(cast(Order.placed_at, String), 1, width)
        starts = [part.start for part in cut]
        hours = self.db.execute(_sold(stamp, whole).where(self.mine)).tuples()
        sums = self._joined(
            (_place(hour, starts), currency, orders, units, minor) for hour, currency, orders, units, minor in hours
        )
        nothing = Sum(0, 0, Money(0, self.currency))
        return [sums.get(n, nothing) for n in range(len(cut))]

    def counts(self, whole: Span) -> Counter[str]:
        """Count the orders of the span by the status that they have today."""
        found = select(Order.status, func.count(Order.id)).where(self.mine, _in(whole)).group_by(Order.status)
        return Counter(dict(self.db.execute(found).tuples().all()))

    def _joined(self, sold: Iterable[tuple[Key, str, int, int, int]]) -> dict[Key, Sum]:
        """Add up by key; each currency is exchanged once, when it is complete."""
        counts: Counter[tuple[Key, str, str]] = Counter()
        for key, currency, orders, units, minor in sold:
            counts[key, currency, "orders"] += orders
            counts[key, currency, "units"] += int(units)
            counts[key, currency, "minor"] += int(minor)
        sums: dict[Key, Sum] = {}
        for key, currency in {(key, currency): None for key, currency, _ in counts}:
            revenue = convert(Money(counts[key, currency, "minor"], currency), self.currency, self.day)
            past = sums.get(key, Sum(0, 0, Money(0, self.currency)))
            orders, units = counts[key, currency, "orders"], counts[key, currency, "units"]
            sums[key] = Sum(past.orders + orders, past.units + units, past.revenue + revenue)
        return sums


def _place(hour: str, starts: Sequence[datetime]) -> int:
    moment = datetime.fromisoformat(hour if len(hour) == 16 else f"{hour}:00").replace(tzinfo=UTC)
    return bisect_right(starts, moment) - 1


def _sold(key: "InstrumentedAttribute[Key] | ColumnElement[Key]", whole: Span) -> "Select[Key, str, int, int, int]":
    brought = columns()["gross"] - columns()["refunded"]  # the measure `revenue` of shop.measures
    revenue = func.sum(brought)
    return (
        select(key, Shop.currency, func.count(Order.id.distinct()), func.sum(OrderItem.quantity), revenue)
        .select_from(facts()["line"].with_(("refunded",)))
        .where(_in(whole), Order.status != "cancelled")
        .group_by(key, Shop.currency)
    )


def _in(whole: Span) -> ColumnElement[bool]:
    return (Order.placed_at >= whole.start) & (Order.placed_at <= whole.end)
