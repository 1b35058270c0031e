"""Whose row is what: the oracle of the access measurement, read from the tables without the shop's own rules."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.people import Actor, Role
from shop.tables import Order, Product, Shipment, Ticket
from tools.base import ToolResult
from tools.views import Card, OrderView, Parcel

_ORDER = re.compile(r"\border (\d+)")
_TICKET = re.compile(r"\bticket (\d+)")
_TRACKING = re.compile(r"\b[A-Z]{2}\d{9}[A-Z]{2}\b")
_SKU = re.compile(r"\b[A-Z]{2,4}-\d{1,5}\b")

TRADE = frozenset({"low_stock", "sales_summary", "ask_sales", "explain_change", "watch_measure"})
"""Tools whose products are a shop's own business; elsewhere products are public."""


@dataclass(frozen=True)
class Owner:
    """Whose a row is."""

    user: int | None
    shop: int | None


@dataclass(frozen=True)
class Ledger:
    """Owners by order, ticket, parcel, product and private text (street, SKU of a hidden product)."""

    orders: Mapping[int, Owner]
    tickets: Mapping[int, Owner]
    trackings: Mapping[str, Owner]
    skus: Mapping[str, frozenset[int]]
    hidden: Mapping[str, int]
    streets: Mapping[str, frozenset[Owner]]

    def foreign(self, actor: Actor, tool: str, result: ToolResult) -> list[str]:
        """List what a result shows that is not the actor's: each is a row that should not have been seen."""
        texts = list(_texts((result.text, result.say, result.view)))
        joined = "\n".join(texts)
        owners = [(f"order {n}", self.orders.get(n)) for n in _numbers(_ORDER, result.text)]
        owners += [(f"order {n}", self.orders.get(n)) for n in _order_ids(result.view)]
        owners += [(f"ticket {n}", self.tickets.get(n)) for n in _numbers(_TICKET, result.text)]
        owners += [(f"parcel {code}", self.trackings.get(code)) for code in _TRACKING.findall(joined)]
        wrong = {what for what, owner in owners if owner is not None and not sees(actor, owner)}
        if actor.role is not Role.OPERATOR:
            wrong |= {
                f"hidden {sku}" for sku in _SKU.findall(joined) if self.hidden.get(sku, actor.shop_id) != actor.shop_id
            }
            wrong |= {f"street {one}" for one in texts for street, who in self.streets.items()
                      if street in one and not any(sees(actor, owner) for owner in who)}  # fmt: skip
        if tool in TRADE and actor.role is Role.MERCHANT:
            wrong |= {f"sku {sku}" for sku in _SKU.findall(joined) if actor.shop_id not in self.skus.get(sku, ())}
        return sorted(wrong)


def sees(actor: Actor, owner: Owner) -> bool:
    """Whether a row of this owner is the actor's to see."""
    match actor.role:
        case Role.OPERATOR:
            return True
        case Role.MERCHANT:
            return owner.shop is not None and owner.shop == actor.shop_id
        case Role.SHOPPER:
            return owner.user is not None and owner.user == actor.user_id
    return False


def read(db: Session) -> Ledger:
    """Read who owns what."""
    orders: dict[int, Owner] = {}
    streets: dict[str, set[Owner]] = {}
    for number, buyer, shop, street in db.execute(select(Order.id, Order.buyer_id, Order.shop_id, Order.street)):
        orders[number] = Owner(buyer, shop)
        if len(street) > 8 and number < 20_000:  # the cast's own; thousands of others would only cost time
            streets.setdefault(street, set()).add(orders[number])
    tickets = {n: Owner(user, shop) for n, user, shop in db.execute(select(Ticket.id, Ticket.user_id, Ticket.shop_id))}
    parcels = db.execute(select(Shipment.tracking, Shipment.order_id))
    skus: dict[str, set[int]] = {}
    hidden: dict[str, int] = {}
    for sku, shop, is_active in db.execute(select(Product.sku, Product.shop_id, Product.is_active)):
        skus.setdefault(sku, set()).add(shop)
        hidden |= {} if is_active else {sku: shop}
    return Ledger(
        orders, tickets, {code: orders[number] for code, number in parcels},
        {sku: frozenset(shops) for sku, shops in skus.items()}, hidden,
        {street: frozenset(owners) for street, owners in streets.items()},
    )  # fmt: skip


def _numbers(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    return (int(number) for number in pattern.findall(text))


def _order_ids(value: object) -> Iterator[int]:
    """The orders that a view draws, however deep."""
    match value:
        case OrderView() | Parcel():
            yield value.order_id
        case tuple() | list():
            for part in value:
                yield from _order_ids(part)
        case Card():
            return
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from _order_ids(getattr(value, field.name))


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for part in value.values():
                yield from _texts(part)
        case tuple() | list():
            for part in value:
                yield from _texts(part)
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from _texts(getattr(value, field.name))
