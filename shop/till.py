"""The till: orders added up by the database, per currency, then exchanged into one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, column, func, literal, select, values
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop.money import Money
from shop.periods import Bucket, Span
from shop.rates import convert
from shop.tables import Order, OrderItem, Product, Shop
from shop.tables.base import Moment

Key = TypeVar("Key")


class Sum(NamedTuple):
    """What some orders come to. `revenue` is what the shops get for the goods."""

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
        sums = self._joined(_sold(literal(0), whole).where(self.mine))
        return sums.get(0, Sum(0, 0, Money(0, self.currency)))

    def by(self, whole: Span, key: InstrumentedAttribute[Key]) -> dict[Key, Sum]:
        """Add up by a column of the order, its items or their products."""
        return self._joined(_sold(key, whole).where(self.mine))

    def over_time(self, whole: Span, cut: Sequence[Bucket]) -> list[Sum]:
        """Add up by the parts of a calendar, in their order; a part without orders is zero."""
        parts = values(column("n", Integer), column("starts", Moment), column("ends", Moment), name="parts")
        rows = parts.data([(n, bucket.start, bucket.end) for n, bucket in enumerate(cut)]).cte("parts")
        inside = (Order.placed_at >= rows.c.starts) & (Order.placed_at < rows.c.ends)
        sums = self._joined(_sold(rows.c.n, whole).join(rows, inside).where(self.mine))
        nothing = Sum(0, 0, Money(0, self.currency))
        return [sums.get(n, nothing) for n in range(len(cut))]

    def count(self, whole: Span, *statuses: str) -> int:
        """Count the orders of the span that have one of the statuses today."""
        found = select(func.count(Order.id)).where(self.mine, _in(whole), Order.status.in_(statuses))
        return self.db.scalar(found) or 0

    def _joined(self, sold: "Select[Key, str, int, int, int]") -> dict[Key, Sum]:
        sums: dict[Key, Sum] = {}
        for key, currency, orders, units, minor in self.db.execute(sold).all():
            revenue = convert(Money(int(minor), currency), self.currency, self.day)
            past = sums.get(key, Sum(0, 0, Money(0, self.currency)))
            sums[key] = Sum(past.orders + orders, past.units + int(units), past.revenue + revenue)
        return sums


def _sold(
    key: "InstrumentedAttribute[Key] | ColumnElement[Key]", whole: Span
) -> "Select[Key, str, int, int, int]":
    revenue = func.sum(OrderItem.quantity * OrderItem.shop_minor)
    return (
        select(key, Shop.currency, func.count(Order.id.distinct()), func.sum(OrderItem.quantity), revenue)
        .select_from(Order)
        .join(OrderItem, OrderItem.order_id == Order.id)
        .join(Product, OrderItem.product_id == Product.id)
        .join(Shop, Order.shop_id == Shop.id)
        .where(_in(whole), Order.status != "cancelled")
        .group_by(key, Shop.currency)
    )


def _in(whole: Span) -> ColumnElement[bool]:
    return (Order.placed_at >= whole.start) & (Order.placed_at <= whole.end)
