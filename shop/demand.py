"""What was sold week by week, and in which weeks it could not be."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import Session

from shop.people import Actor
from shop.rows import run_by
from shop.tables import Order, OrderItem, Product, StockOut

WEEKS = 104  # looked at


@dataclass(frozen=True)
class Sold:
    """Units by product and week, oldest first, of the complete weeks whose Mondays are `weeks`.

    `closed` tells for each product the weeks in which it was out of stock for a day or more.
    """

    weeks: tuple[date, ...]
    units: dict[int, list[float]]
    closed: dict[int, list[bool]]

    def total(self) -> list[float]:
        """The units of all products together."""
        return [sum(column) for column in zip(*self.units.values(), strict=True)] or [0.0] * len(self.weeks)


def weekly(
    db: Session, actor: Actor, now: datetime, *, product_id: int | None = None, category: str | None = None,
    weeks: int = WEEKS,
) -> Sold:  # fmt: skip
    """Add up what the actor's shop (an operator: every shop) sold, by product and week of UTC.

    A cancelled order counts nowhere. Products without a sale are left out, but for one that is asked for by number.
    Raises Refused for anybody but merchants and operators.
    """
    mine = [run_by(actor, Product.shop_id)]
    if product_id is not None:
        mine.append(Product.id == product_id)
    if category is not None:
        mine.append(Product.category == category)
    this_week = now.astimezone(UTC).date() - timedelta(days=now.astimezone(UTC).weekday())
    first = this_week - timedelta(weeks=weeks)
    day = func.substr(cast(Order.placed_at, String), 1, 10)
    rows = db.execute(
        select(OrderItem.product_id, day, func.sum(OrderItem.quantity))
        .join(Order, OrderItem.order_id == Order.id)
        .join(Product, OrderItem.product_id == Product.id)
        .where(Order.placed_at >= _midnight(first), Order.placed_at < _midnight(this_week), *mine)
        .where(Order.status != "cancelled")
        .group_by(OrderItem.product_id, day)
    ).tuples()
    units: dict[int, list[float]] = defaultdict(lambda: [0.0] * weeks)
    if product_id is not None:
        units[product_id] = [0.0] * weeks
    for product, text, count in rows:
        units[product][(date.fromisoformat(text) - first).days // 7] += float(count)
    mondays = tuple(first + timedelta(weeks=week) for week in range(weeks))
    return Sold(mondays, dict(units), _closed(db, mine, first, weeks))


def waits(db: Session, actor: Actor, now: datetime) -> list[float]:
    """How many days it took until goods came back, at each time that something was sold out and came back.

    The shop keeps no record of its suppliers' lead times; this is what it has seen of them.
    """
    ended = (
        select(StockOut.starts_at, StockOut.ends_at)
        .join(Product, StockOut.product_id == Product.id)
        .where(run_by(actor, Product.shop_id), StockOut.ends_at.is_not(None), StockOut.ends_at <= now)
    )
    return [(end - start).total_seconds() / 86400 for start, end in db.execute(ended).tuples() if end is not None]


def _closed(db: Session, mine: list[ColumnElement[bool]], first: date, weeks: int) -> dict[int, list[bool]]:
    found: dict[int, list[bool]] = defaultdict(lambda: [False] * weeks)
    spans = select(StockOut.product_id, StockOut.starts_at, StockOut.ends_at)
    for product, start, end in db.execute(
        spans.join(Product, StockOut.product_id == Product.id).where(*mine)
    ).tuples():  # fmt: skip
        begin = max((start.date() - first).days // 7, 0)
        until = weeks - 1 if end is None else min((end.date() - first).days // 7, weeks - 1)
        for week in range(begin, until + 1):
            found[product][week] = True
    return dict(found)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
