"""Returns: what may come back, until when, and what is refunded."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, selectinload

from shop import mail, orders
from shop.errors import Refused, ShopError
from shop.people import Actor
from shop.rows import seen
from shop.tables import Order, Return
from shop.text import LONGEST, storable
from shop.wording import Term, has

_WINDOWS = Path(__file__).parent / "rules" / "windows.yaml"


@dataclass(frozen=True)
class Windows:
    """How long after delivery goods may come back, from `shop/rules/windows.yaml` (sources stand there)."""

    days: dict[str, int]
    default_days: int
    faulty_days: int
    faulty_reasons: frozenset[str]
    not_returnable: frozenset[str]

    def of(self, country: str, reason: str) -> int:
        """Days to return goods delivered to a country; faults have a longer window everywhere."""
        days = self.days.get(country, self.default_days)
        return max(days, self.faulty_days) if reason in self.faulty_reasons else days


@cache
def windows() -> Windows:
    """Read the windows by region."""
    with _WINDOWS.open(encoding="utf-8") as file:
        rules = yaml.load(file, yaml.CSafeLoader)
    regions = rules["regions"].values()
    days = {country: region["days"] for region in regions for country in region["countries"]}
    return Windows(
        days, rules["default_days"], rules["faulty_days"], frozenset(rules["faulty_reasons"]),
        frozenset(rules["not_returnable"]),
    )  # fmt: skip


def visible_to(actor: Actor) -> Select[Return]:
    """The returns of the orders that an actor may see."""
    mine = seen(actor, user=Order.buyer_id, shop=Order.shop_id)
    return select(Return).join(Return.order).where(mine).options(selectinload(Return.order))


def deadline(order: Order, reason: str) -> datetime | None:
    """The last moment to ask: the end (UTC) of the last day of the window. None before delivery, or never."""
    if order.delivered_at is None or not _returnable(order, reason):
        return None
    return _until(order, reason)


def send_back(db: Session, actor: Actor, order_id: int | None, reason: str, note: str, now: datetime) -> Return:
    """Ask for a delivered order to be taken back. Only its buyer can, once, within the window.

    The refund is the value of the returnable goods with their share of duty and tax, without freight.
    Without a number: the only delivered order whose window is open; several raise Unclear.
    """
    if not has(f"reason.{reason}"):
        raise ShopError("error.return_reason", reason=reason)
    order = _meant(db, actor, order_id, reason, now)
    _check(order, actor, reason, now)
    changed = update(Order).where(Order.id == order.id, Order.status == "delivered")
    if db.scalar(changed.values(status="return_requested").returning(Order.id)) is None:
        raise _asked_before(db, order)
    back = Return(
        order_id=order.id, reason=reason, note=storable(note).strip()[:LONGEST], status="requested",
        requested_at=now, refunded_at=None, refund_minor=_refund(order, reason), currency=order.currency,
    )  # fmt: skip
    order.returns.append(back)
    mail.post(db, order.buyer_id, "mail.return_requested", now, order=order.id, amount=back.refund)
    db.flush()
    return back


def _meant(db: Session, actor: Actor, order_id: int | None, reason: str, now: datetime) -> Order:
    if order_id is not None:
        return orders.find(db, actor, order_id)
    delivered = orders.candidates(db, actor, ("delivered",))
    fitting = [order for order in delivered if _is_open(order, reason, now)]
    # With none in its window the newest is taken, so that the answer names the date and the rule.
    return orders.only(fitting or delivered[:1])


def _check(order: Order, actor: Actor, reason: str, now: datetime) -> None:
    if order.buyer_id != actor.user_id:
        raise Refused("error.only_buyer_returns", order=order.id)
    if order.returns:
        raise ShopError("error.return_twice", order=order.id, date=order.returns[0].requested_at.date())
    if order.status != "delivered" or order.delivered_at is None:
        raise ShopError("error.return_not_delivered", order=order.id, status=Term(f"status.{order.status}"))
    if not _returnable(order, reason):
        category = Term(f"category.{order.items[0].product.category}")
        raise ShopError("error.return_category", order=order.id, category=category)
    until = _until(order, reason)
    if now > until:
        delivered = order.delivered_at.date()
        raise ShopError("error.return_too_late", order=order.id, delivered=delivered, until=until.date())


def _asked_before(db: Session, order: Order) -> ShopError:
    first = db.scalar(select(func.min(Return.requested_at)).where(Return.order_id == order.id))
    if first is not None:
        return ShopError("error.return_twice", order=order.id, date=first.date())
    db.refresh(order, ["status"])
    return ShopError("error.return_not_delivered", order=order.id, status=Term(f"status.{order.status}"))


def _is_open(order: Order, reason: str, now: datetime) -> bool:
    until = deadline(order, reason)
    return until is not None and now <= until and not order.returns


def _until(order: Order, reason: str) -> datetime:
    if order.delivered_at is None:
        raise ValueError(f"order {order.id} is not delivered")
    last = order.delivered_at.date() + timedelta(days=windows().of(order.country, reason))
    return datetime.combine(last, time(23, 59, 59), UTC)


def _returnable(order: Order, reason: str) -> int:
    """Value of the goods that may come back, in minor units."""
    rules = windows()
    return sum(
        item.unit_minor * item.quantity
        for item in order.items
        if reason in rules.faulty_reasons or item.product.category not in rules.not_returnable
    )


def _refund(order: Order, reason: str) -> int:
    """Goods that come back, less the same share of an order's discount, plus their share of duty and tax."""
    lines = sum(item.unit_minor * item.quantity for item in order.items)
    charged = order.goods_minor + order.duty_minor + order.tax_minor
    share = Decimal(charged) * _returnable(order, reason) / lines
    return int(share.to_integral_value(ROUND_HALF_UP))
