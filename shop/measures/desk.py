"""From where figures are looked at: a time zone, a currency, and the first day that there is anything to count."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.people import Actor
from shop.rows import run_by
from shop.tables import Order, Shop

PLATFORM = "EUR"  # what an operator's figures are in: the currency that the rates are quoted against


@dataclass(frozen=True)
class Desk:
    """From where somebody looks: the shop's time zone and currency, an operator's UTC and EUR."""

    zone: ZoneInfo
    currency: str
    own_currency: str | None


def desk(db: Session, actor: Actor) -> Desk:
    """The time zone and currency of an actor's figures. Raises Refused for anybody but the trade."""
    run_by(actor, Order.shop_id)
    shop = db.get(Shop, actor.shop_id) if actor.shop_id is not None else None
    if shop is None:
        return Desk(ZoneInfo("UTC"), PLATFORM, None)
    return Desk(ZoneInfo(shop.timezone), shop.currency, shop.currency)


def first_day(db: Session, actor: Actor, zone: ZoneInfo, now: datetime) -> date:
    """The day of the first order that the actor may count, else today."""
    first = db.scalar(select(func.min(Order.placed_at)).where(run_by(actor, Order.shop_id)))
    return (first or now).astimezone(zone).date()
