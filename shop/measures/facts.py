"""Facts: the tables that measures count, with the columns by which each can be grouped and filtered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, and_, case, cast, exists, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from shop.tables import (
    Interaction,
    Order,
    OrderItem,
    Payment,
    Product,
    Return,
    Review,
    Shipment,
    Shop,
    Stock,
    User,
    Warehouse,
)  # fmt: skip

Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Fact:
    """Joined tables. `moment` dates a row (None: it is as of now), `currency` is that of its amounts.

    `dimensions` are the columns of the dimensions that are no part of a calendar. Refunds and first orders are
    joined only `with_` the columns or dimensions that need them.
    """

    source: FromClause
    owner: InstrumentedAttribute[int]
    moment: InstrumentedAttribute[Any] | None
    currency: Column
    dimensions: Mapping[str, Column]

    def with_(self, names: Collection[str]) -> FromClause:
        """The joined tables with what the named columns and dimensions need."""
        source = self.source
        if {"refunded", "cost"} & set(names):
            source = source.outerjoin(_refunds(), _refunds().c.order_id == Order.id)
        if "customer" in names:
            first = _firsts()
            source = source.outerjoin(first, and_(first.c.buyer_id == Order.buyer_id, first.c.shop_id == Order.shop_id))
        return source


@cache
def facts() -> Mapping[str, Fact]:
    """All facts by name: lines of orders, parcels, payments, visits of products, reviews, and stock."""
    return {
        "line": _lines(),
        "parcel": _parcels(),
        "payment": _payments(),
        "visit": _deeds(Interaction, Interaction.at, User.language),
        "review": _deeds(Review, Review.written_at, Review.language),
        "stock": _stock(),
    }


@cache
def columns() -> Mapping[str, Column]:
    """What measures add up or count, by name."""
    money = _big(OrderItem.quantity) * OrderItem.shop_minor
    cost = _big(OrderItem.quantity) * Product.cost_minor
    sent_back = exists().where(Return.order_id == Order.id, Return.status != "refused")
    return {
        "gross": money,
        "refunded": _share(money),
        "cost": cost - _share(cost),
        "quantity": OrderItem.quantity,
        "order": Order.id,
        "buyer": Order.buyer_id,
        "returned_quantity": case((sent_back, OrderItem.quantity), else_=0),
        "returned_order": case((sent_back, Order.id)),
        "cancelled_order": case((Order.status == "cancelled", Order.id)),
        "parcel": Shipment.id,
        "late_parcel": case((Shipment.delivered_at > Shipment.promised_at, Shipment.id)),
        "overdue_parcel": case((Shipment.delivered_at.is_(None), Shipment.id)),
        "paid": _big(Payment.minor),
        "view": case((Interaction.kind == "view", 1), else_=0),
        "buy": case((Interaction.kind == "buy", 1), else_=0),
        "stars": Review.rating,
        "review": Review.id,
        "on_hand": Stock.on_hand,
    }


def _lines() -> Fact:
    source = (
        _orders().join(OrderItem.__table__, OrderItem.order_id == Order.id)
        .join(Product.__table__, OrderItem.product_id == Product.id)
    )  # fmt: skip
    return Fact(source, Order.shop_id, Order.placed_at, Shop.currency, {**_goods(), **_buyer()})


def _parcels() -> Fact:
    source = (
        _orders().join(Shipment.__table__, Shipment.order_id == Order.id)
        .join(Warehouse.__table__, Shipment.warehouse_id == Warehouse.id)
    )  # fmt: skip
    ways: dict[str, Column] = {
        "carrier": Shipment.carrier, "service": Shipment.service, "warehouse": Warehouse.name,
    }  # fmt: skip
    return Fact(source, Order.shop_id, Shipment.promised_at, Shop.currency, {**_buyer(), **ways})


def _payments() -> Fact:
    source = _orders().join(Payment.__table__, Payment.order_id == Order.id)
    return Fact(source, Order.shop_id, Payment.at, Payment.currency, {**_buyer(), "payment": Payment.method})


def _deeds(table: type[Interaction] | type[Review], moment: InstrumentedAttribute[Any], language: Column) -> Fact:
    """What people did to products, from the country of their account."""
    source = (
        table.__table__.join(Product.__table__, table.product_id == Product.id)
        .join(Shop.__table__, Product.shop_id == Shop.id).join(User.__table__, table.user_id == User.id)
    )  # fmt: skip
    who: dict[str, Column] = {"country": User.country, "language": language}
    return Fact(source, Product.shop_id, moment, Shop.currency, {**_goods(), **who})


def _stock() -> Fact:
    source = (
        Stock.__table__.join(Product.__table__, Stock.product_id == Product.id)
        .join(Shop.__table__, Product.shop_id == Shop.id)
        .join(Warehouse.__table__, Stock.warehouse_id == Warehouse.id)
    )  # fmt: skip
    return Fact(source, Product.shop_id, None, Shop.currency, {**_goods(), "warehouse": Warehouse.name})


def _orders() -> Any:
    return Order.__table__.join(Shop.__table__, Order.shop_id == Shop.id).join(
        User.__table__, Order.buyer_id == User.id
    )


def _goods() -> dict[str, Column]:
    return {"product": Product.id, "category": Product.category, "brand": Product.brand, "shop": Shop.name}


def _buyer() -> dict[str, Column]:
    kind = case((Order.placed_at > _firsts().c.placed_at, literal("returning")), else_=literal("new"))
    return {"country": Order.country, "language": User.language, "customer": kind, "shop": Shop.name}


@cache
def _refunds() -> Any:
    """What was paid back, per order, in the buyer's money."""
    paid_back = func.sum(_big(Return.refund_minor)).label("minor")
    done = select(Return.order_id, paid_back).where(Return.refunded_at.is_not(None)).group_by(Return.order_id)
    return done.subquery("refunds")


@cache
def _firsts() -> Any:
    """When each buyer's first order at a shop was placed; cancelled ones do not count."""
    first = func.min(Order.placed_at).label("placed_at")
    sold = select(Order.buyer_id, Order.shop_id, first).where(Order.status != "cancelled")
    return sold.group_by(Order.buyer_id, Order.shop_id).subquery("firsts")


def _share(amount: ColumnElement[Any]) -> ColumnElement[Any]:
    """The part of a line that came back: the share of the order's goods, duty and tax that was paid back.

    Whole minor units, rounded down line by line; never more than the line.
    """
    back = cast(func.coalesce(_refunds().c.minor, 0), BigInteger)
    charged = Order.goods_minor + Order.duty_minor + Order.tax_minor
    return case((back == 0, 0), (back >= charged, amount), else_=amount * back // charged)


def _big(column: InstrumentedAttribute[int]) -> ColumnElement[int]:
    return cast(column, BigInteger)
