"""Orders: who sees them, which one is meant, and what can still be changed."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, selectinload

from shop import mail
from shop.errors import Missing, ShopError, Unclear
from shop.labels import Country
from shop.people import Actor
from shop.rows import run_by, seen
from shop.tables import Hold, Order, OrderItem, Payment, Shipment, Stock
from shop.text import line
from shop.wording import Term

BEFORE_DISPATCH = ("placed", "paid", "packed")
TO_SHIP = ("paid", "packed")
GROUPS = {
    "open": (*BEFORE_DISPATCH, "shipped"),
    "delivered": ("delivered",),
    "cancelled": ("cancelled",),
    "returned": ("return_requested", "returned"),
}
_NEVER_PAID = ("failed", "declined")
_LIMITS = {"street": 200, "city": 80, "postal_code": 20}  # as wide as the columns


def visible_to(actor: Actor) -> Select[Order]:
    """The orders an actor may see: a shopper's own, a merchant's shop's, all for an operator."""
    return select(Order).where(seen(actor, user=Order.buyer_id, shop=Order.shop_id))


def find(db: Session, actor: Actor, order_id: int) -> Order:
    """Find one visible order. Absent and foreign raise the same Missing `error.order_missing`."""
    order = db.scalar(_whole(visible_to(actor)).where(Order.id == order_id)) if _fits(order_id) else None
    if order is None:
        raise Missing("error.order_missing", order=order_id)
    return order


def known(db: Session, actor: Actor, numbers: Collection[int]) -> tuple[int, ...]:
    """Those of some numbers that are visible orders', in the order given."""
    asked = [number for number in numbers if _fits(number)]
    if not asked:
        return ()
    found = set(db.scalars(visible_to(actor).with_only_columns(Order.id).where(Order.id.in_(asked))))
    return tuple(number for number in asked if number in found)


def many(db: Session, actor: Actor, order_ids: Collection[int]) -> list[Order]:
    """Find the visible ones of some orders; absent and foreign ones are left out."""
    return list(db.scalars(_whole(visible_to(actor)).where(Order.id.in_(order_ids)).order_by(Order.id)))


def mine(db: Session, actor: Actor, group: str = "all", limit: int = 5) -> list[Order]:
    """List visible orders of a group (open, delivered, cancelled, returned, all), newest first."""
    newest = Order.placed_at.desc(), Order.id.desc()
    return list(db.scalars(_whole(_group(actor, group)).order_by(*newest).limit(limit)))


def count(db: Session, actor: Actor, group: str = "all") -> int:
    """Count the visible orders of a group."""
    return _count(db, _group(actor, group))


def pick(db: Session, actor: Actor, order_id: int | None, statuses: Collection[str]) -> Order:
    """Find the order that is meant. Without a number: the only visible one in one of `statuses`.

    Raises Unclear `error.which_order` (candidates newest first) or Missing `error.no_order_fits`. A given
    number is only looked up: the rule at hand says what is wrong with its status.
    """
    if order_id is not None:
        return find(db, actor, order_id)
    fitting = candidates(db, actor, statuses)
    return only(fitting)


def candidates(db: Session, actor: Actor, statuses: Collection[str]) -> list[Order]:
    """List the visible orders in one of the statuses, newest first."""
    among = visible_to(actor).where(Order.status.in_(statuses))
    return list(db.scalars(_whole(among).order_by(Order.placed_at.desc(), Order.id.desc()).limit(50)))


def only(fitting: list[Order]) -> Order:
    """Take the only one; several raise Unclear, none Missing."""
    match fitting:
        case []:
            raise Missing("error.no_order_fits")
        case [order]:
            return order
    raise Unclear("error.which_order", candidates=tuple(order.id for order in fitting))


def cancel(db: Session, actor: Actor, order_id: int | None, now: datetime) -> Order:
    """Cancel an order before dispatch: the goods go back to stock, the money to the buyer, a mail goes out.

    Raises ShopError `error.cannot_cancel` once it was dispatched or is over.
    """
    order = pick(db, actor, order_id, BEFORE_DISPATCH)
    changed = (
        update(Order)
        .where(Order.id == order.id, Order.status.in_(BEFORE_DISPATCH))
        .values(status="cancelled", cancelled_at=now)
        .returning(Order.id)
    )
    if db.scalar(changed) is None:  # the condition is in the UPDATE: two at once cannot both succeed
        raise _too_late(db, "error.cannot_cancel", order)
    _restock(db, order)
    paid = (Payment.order_id == order.id) & Payment.status.not_in(_NEVER_PAID)
    db.execute(update(Payment).where(paid).values(status="refunded"))
    mail.post(db, order.buyer_id, "mail.cancelled", now, order=order.id, amount=order.total)
    db.flush()
    return order


def change_address(
    db: Session, actor: Actor, order_id: int | None, street: str, city: str, postal_code: str,
    country: str | None, now: datetime,
) -> Order:  # fmt: skip
    """Change where an order goes, before dispatch and within its country (None: the same).

    Another country would change duty and freight. Raises
    ShopError `error.cannot_change_address`, `error.address_country`, `error.address_field`.
    """
    order = pick(db, actor, order_id, BEFORE_DISPATCH)
    if order.status not in BEFORE_DISPATCH:
        raise _too_late(db, "error.cannot_change_address", order)
    if country is not None and country.strip().upper() != order.country:
        raise ShopError("error.address_country", order=order.id, country=Country(order.country))
    address = _address(street=street, city=city, postal_code=postal_code)
    changed = (
        update(Order)
        .where(Order.id == order.id, Order.status.in_(BEFORE_DISPATCH))
        .values(**address)
        .returning(Order.id)
    )
    if db.scalar(changed) is None:
        raise _too_late(db, "error.cannot_change_address", order)
    mail.post(db, order.buyer_id, "mail.address_changed", now, order=order.id, **address)
    db.flush()
    return order


def queue(db: Session, actor: Actor, status: str, now: datetime, limit: int = 20) -> list[Order]:
    """List a merchant's work, earliest dispatch date first.

    `status`: to_ship (paid, not dispatched, not held back), shipped, return_requested, late (to ship after
    `ship_by`, or on the way after the promised day) or all of these. Raises Refused for anybody else.
    """
    waiting = _whole(_queue(actor, status, now)).order_by(Order.ship_by, Order.id)
    return list(db.scalars(waiting.limit(limit)))


def queue_count(db: Session, actor: Actor, status: str, now: datetime) -> int:
    """Count what `queue` would list without its limit."""
    return _count(db, _queue(actor, status, now))


def _fits(number: int) -> bool:
    return 0 < number < 2**31  # wider numbers are an error in PostgreSQL, not an empty answer


def _whole(orders: Select[Order]) -> Select[Order]:
    """Load with an order what its views show, in a fixed number of queries."""
    return orders.options(
        selectinload(Order.items).selectinload(OrderItem.product),
        selectinload(Order.shipments).selectinload(Shipment.events),
        selectinload(Order.returns),
        selectinload(Order.shop),
    )


def _group(actor: Actor, group: str) -> Select[Order]:
    orders = visible_to(actor)
    return orders if group == "all" else orders.where(Order.status.in_(GROUPS[group]))


def _count(db: Session, orders: Select[Order]) -> int:
    return db.scalar(select(func.count()).select_from(orders.subquery())) or 0


def _queue(actor: Actor, status: str, now: datetime) -> Select[Order]:
    return select(Order).where(run_by(actor, Order.shop_id), _waiting(status, now))


def _waiting(status: str, now: datetime) -> ColumnElement[bool]:
    held = exists().where(Hold.order_id == Order.id, Hold.released_at.is_(None))
    to_ship = and_(Order.status.in_(TO_SHIP), ~held)
    match status:
        case "to_ship":
            return to_ship
        case "late":
            overdue = exists().where(Shipment.order_id == Order.id, Shipment.promised_at < now)
            return or_(and_(to_ship, Order.ship_by < now), and_(Order.status == "shipped", overdue))
        case "all":
            return or_(to_ship, Order.status.in_(("shipped", "return_requested")))
        case "shipped" | "return_requested":
            return Order.status == status
    raise ValueError(f"{status} is not a queue")


def _too_late(db: Session, key: str, order: Order) -> ShopError:
    db.refresh(order, ["status"])  # somebody else may have changed it since it was read
    return ShopError(key, order=order.id, status=Term(f"status.{order.status}"))


def _restock(db: Session, order: Order) -> None:
    """Put the goods back where the product has its first shelf."""
    for item in sorted(order.items, key=lambda item: item.product_id):  # one order of locks: no deadlock
        first = select(func.min(Stock.warehouse_id)).where(Stock.product_id == item.product_id)
        shelf = (Stock.product_id == item.product_id) & (Stock.warehouse_id == first.scalar_subquery())
        db.execute(update(Stock).where(shelf).values(on_hand=Stock.on_hand + item.quantity))


def _address(**fields: str) -> dict[str, str]:
    address = {name: line(text) for name, text in fields.items()}
    for name, text in address.items():
        if not 0 < len(text) <= _LIMITS[name]:
            raise ShopError("error.address_field", field=Term(f"field.{name}"), limit=_LIMITS[name])
    return address
