"""Parcels: where an order is, and when it should come."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from shop import orders
from shop.errors import Missing, ShopError
from shop.people import Actor
from shop.rows import seen
from shop.tables import Order, Shipment
from shop.text import storable


def visible_to(actor: Actor) -> Select[Shipment]:
    """The parcels of the orders that an actor may see, with their order and scans."""
    mine = seen(actor, user=Order.buyer_id, shop=Order.shop_id)
    whole = selectinload(Shipment.events), selectinload(Shipment.order).selectinload(Order.items)
    return select(Shipment).join(Shipment.order).where(mine).options(*whole)


def track(db: Session, actor: Actor, order_id: int | None, tracking: str | None) -> Shipment:
    """Find a parcel by order, by tracking number, or the newest: one on its way before one that arrived.

    Absent and foreign raise the same Missing; an order without a parcel ShopError `error.not_shipped`.
    """
    if tracking is not None:
        return _by_number(db, actor, order_id, "".join(storable(tracking).split()).upper())
    if order_id is not None:
        return _of_order(db, orders.find(db, actor, order_id))
    on_its_way = Shipment.status != "delivered"
    newest = visible_to(actor).order_by(on_its_way.desc(), Shipment.shipped_at.desc(), Shipment.id.desc())
    parcel = db.scalar(newest.limit(1))
    if parcel is not None:
        return parcel
    waiting = orders.candidates(db, actor, orders.BEFORE_DISPATCH)
    if waiting:
        raise _not_shipped(waiting[0])
    raise Missing("error.no_parcel")


def eta(shipment: Shipment, now: datetime) -> datetime | None:
    """When a parcel came, or the promised moment while it lies ahead; None for one that is late."""
    if shipment.delivered_at is not None:
        return shipment.delivered_at
    return shipment.promised_at if now <= shipment.promised_at else None


def _by_number(db: Session, actor: Actor, order_id: int | None, tracking: str) -> Shipment:
    found = visible_to(actor).where(Shipment.tracking == tracking)
    parcel = db.scalar(found if order_id is None else found.where(Shipment.order_id == order_id))
    if parcel is None:
        raise Missing("error.parcel_missing", tracking=tracking)
    return parcel


def _of_order(db: Session, order: Order) -> Shipment:
    if not order.shipments:
        raise _not_shipped(order)
    return max(order.shipments, key=lambda parcel: (parcel.shipped_at, parcel.id))


def _not_shipped(order: Order) -> ShopError:
    if order.status == "cancelled":
        return ShopError("error.cancelled_not_shipped", order=order.id)
    return ShopError("error.not_shipped", order=order.id, ship_by=order.ship_by.date())
