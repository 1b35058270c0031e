"""Stock: what a shop is running out of."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, selectinload

from shop.people import Actor
from shop.rows import run_by
from shop.tables import Order, OrderItem, Product, Stock, Warehouse

_MONTH = timedelta(days=30)
_FOREVER = 10**9  # days that the stock lasts of what nobody bought


@dataclass(frozen=True)
class Low:
    """A product at or under its reorder point in a warehouse; `sold_30d` counts all warehouses."""

    product: Product
    on_hand: int
    reorder_point: int
    warehouse: str
    sold_30d: int


def count_low(db: Session, actor: Actor) -> int:
    """Count what is to be reordered. Raises Refused as `low` does."""
    found = select(func.count()).select_from(Stock).join(Product, Stock.product_id == Product.id)
    return db.scalar(found.where(*_is_low(actor))) or 0


def low(db: Session, actor: Actor, limit: int, now: datetime) -> list[Low]:
    """List what is to be reordered, first what is sold out soonest at the pace of the last 30 days.

    Raises Refused for anybody but merchants (own shop) and operators.
    """
    sold = (
        select(OrderItem.product_id, func.sum(OrderItem.quantity).label("units"))
        .join(Order, OrderItem.order_id == Order.id)
        .where(Order.placed_at > now - _MONTH, Order.placed_at <= now, Order.status != "cancelled")
        .where(run_by(actor, Order.shop_id))
        .group_by(OrderItem.product_id)
        .subquery()
    )
    units = func.coalesce(sold.c.units, 0)
    days_left = case((Stock.on_hand <= 0, 0), (units > 0, Stock.on_hand * 30.0 / units), else_=_FOREVER)
    urgent = (
        select(Product, Stock.on_hand, Stock.reorder_point, Warehouse.name, units)
        .join(Stock, Stock.product_id == Product.id)
        .join(Warehouse, Stock.warehouse_id == Warehouse.id)
        .outerjoin(sold, sold.c.product_id == Product.id)
        .where(*_is_low(actor))
        .order_by(days_left, units.desc(), Stock.on_hand - Stock.reorder_point, Product.id, Warehouse.id)
        .options(selectinload(Product.texts))
        .limit(limit)
    )
    rows = db.execute(urgent).all()
    return [Low(product, have, point, where, int(n)) for product, have, point, where, n in rows]


def _is_low(actor: Actor) -> list[ColumnElement[bool]]:
    """Say in SQL what is low; through the partial index of low rows, so that a full shelf costs nothing."""
    at_all = Product.id.in_(select(Stock.product_id).where(Stock.on_hand <= Stock.reorder_point))
    return [run_by(actor, Product.shop_id), Product.is_active.is_(True), Stock.on_hand <= Stock.reorder_point, at_all]
