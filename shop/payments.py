"""Payments with all that was known at the moment of paying, for those who judge risk. No query here asks an actor:
what is read must not reach a person but through `shop/holds.py` or a tool that starts from `orders.visible_to`.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from shop.tables import Hold, Order, OrderItem, Payment, Product, Return, Shop, User

CLAIMS = ("damaged", "defective", "not_as_described", "wrong_item")


@dataclass(frozen=True)
class Paid:
    """One attempt to pay. Amounts are minor units of `currency`; `claims` counts the buyer's complaints before.

    `reviewed_at` is when a person closed a hold of the order as fraud, unless a chargeback said something first.
    """

    id: int
    order_id: int
    shop_id: int
    buyer_id: int
    at: datetime
    minor: int
    currency: str
    method: str
    status: str
    card: str | None
    card_country: str | None
    device: str
    ip_country: str
    ship_country: str
    home_country: str
    shop_country: str
    address: str
    is_other_name: bool
    email: str
    joined: datetime
    goods_minor: int
    freight_minor: int
    quantity: int
    category: str
    claims: int
    language: str
    is_fraud: bool | None
    scenario: str | None
    reviewed_at: datetime | None = None


def read(db: Session, order_ids: Collection[int] | None = None) -> list[Paid]:
    """Read all payments, or those of some orders, in time order."""
    rows = db.execute(_query(order_ids)).all()
    claims = _claims(db, None if order_ids is None else {row.buyer_id for row in rows})
    closed = select(Hold.order_id, Hold.released_at).where(Hold.outcome == "fraud")
    found: dict[int, datetime | None] = dict(db.execute(closed).tuples().all())
    return [_paid(row, claims.get(row.buyer_id, ()), found.get(row.order_id)) for row in rows]


def newest(db: Session) -> tuple[int, int, int]:
    """The number of payments, the largest id, and the number of reviewed frauds: has anything come since?"""
    count, last = db.execute(select(func.count(Payment.id), func.max(Payment.id))).one()
    decided = db.scalar(select(func.count(Hold.id)).where(Hold.outcome == "fraud"))
    return int(count), int(last or 0), int(decided or 0)


def _query(order_ids: Collection[int] | None):  # type: ignore[no-untyped-def]
    basket = (
        select(
            OrderItem.order_id, func.sum(OrderItem.quantity).label("quantity"),
            func.min(Product.category).label("category"),
        ).join(Product, OrderItem.product_id == Product.id).group_by(OrderItem.order_id)
    )  # fmt: skip
    if order_ids is not None:
        basket = basket.where(OrderItem.order_id.in_(order_ids))
    lines = basket.subquery()
    query = (
        select(
            Payment.id, Payment.order_id, Order.shop_id, Order.buyer_id, Payment.at, Payment.minor, Payment.currency,
            Payment.method, Payment.status, Payment.card, Payment.card_country, Payment.device, Payment.ip_country,
            Order.country.label("ship_country"), User.country.label("home_country"), Shop.country.label("shop_country"),
            Order.street, Order.postal_code, Order.name.label("named"), User.name, User.email, User.created_at,
            Order.goods_minor, Order.freight_minor, lines.c.quantity, lines.c.category, User.language,
            Payment.is_fraud, Payment.fraud_scenario,
        )
        .join(Order, Payment.order_id == Order.id).join(User, Order.buyer_id == User.id)
        .join(Shop, Order.shop_id == Shop.id).outerjoin(lines, lines.c.order_id == Order.id)
        .order_by(Payment.at, Payment.id)
    )  # fmt: skip
    return query if order_ids is None else query.where(Payment.order_id.in_(order_ids))


def _claims(db: Session, buyers: Collection[int] | None) -> dict[int, list[datetime]]:
    query = select(Order.buyer_id, Return.requested_at).join(Order, Return.order_id == Order.id)
    query = query.where(Return.reason.in_(CLAIMS))
    found: dict[int, list[datetime]] = defaultdict(list)
    for buyer, at in db.execute(query if buyers is None else query.where(Order.buyer_id.in_(buyers))):
        found[buyer].append(at)
    return found


def _paid(row: "Row[tuple[object, ...]]", claims: Sequence[datetime], reviewed_at: datetime | None) -> Paid:
    return Paid(
        id=row.id, order_id=row.order_id, shop_id=row.shop_id, buyer_id=row.buyer_id, at=row.at, minor=row.minor,
        currency=row.currency, method=row.method, status=row.status, card=row.card, card_country=row.card_country,
        device=row.device, ip_country=row.ip_country, ship_country=row.ship_country, home_country=row.home_country,
        shop_country=row.shop_country, address=f"{row.street}|{row.postal_code}|{row.ship_country}".casefold(),
        is_other_name=row.named != row.name, email=row.email, joined=row.created_at, goods_minor=row.goods_minor,
        freight_minor=row.freight_minor, quantity=int(row.quantity or 0), category=row.category or "",
        claims=sum(at < row.at for at in claims), language=row.language, is_fraud=row.is_fraud,
        scenario=row.fraud_scenario, reviewed_at=reviewed_at if row.is_fraud is None else None,
    )  # fmt: skip
