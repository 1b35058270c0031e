"""What a product of the shop costs at a door: the cheapest warehouse, freight, insurance, and the import charges."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import offers, rates
from shop.customs import lookup
from shop.customs.assess import Consignment, Estimate, Item, assess
from shop.customs.freight import Parcel, Quote, cheapest, insurance
from shop.customs.lookup import Barred, barred
from shop.errors import ShopError
from shop.labels import Country
from shop.tables import Product, Warehouse
from shop.wording import Term

MOST = 999  # pieces of one product in one consignment


@dataclass(frozen=True)
class Landed:
    """An estimate for one product: the way it takes, what bars it, and the day of the exchange rates (None: none)."""

    consignment: Consignment
    estimate: Estimate
    way: Quote
    barred: tuple[Barred, ...]
    rates_of: date | None


def landed(
    db: Session, product: Product, quantity: int, destination: str, currency: str, now: datetime, *,
    service: str = "air", terms: str = "DDP",
) -> Landed:  # fmt: skip
    """Say what `quantity` of a product cost at a door, at the price paid now.

    Of the warehouses that have enough (of all, if none has) the one with the cheapest freight counts. Raises ShopError
    for a country without rules, a quantity out of 1 … 999, goods without weight, a service that does not go there, and
    a currency without a rate.
    """
    lookup.country(destination)
    if not 1 <= quantity <= MOST:
        raise ShopError("error.quantity", quantity=quantity, most=MOST)
    day = now.date()
    price = offers.offer(db, product, currency, now).price
    parcel = Parcel(product.weight_g, product.length_mm, product.width_mm, product.height_mm, quantity)
    way = cheapest(_origins(db, product, quantity), destination, parcel, service, currency, day)
    if way is None:
        raise ShopError("error.no_way", service=Term(f"service.{service}"), country=Country(destination))
    hs = product.hs_code if product.hs_code and lookup.is_code(product.hs_code) else None  # imported ones may be odd
    item = Item(price, quantity, hs)
    consignment = Consignment(
        way.origin, destination, (item,), way.price, insurance(price * quantity, way.price), day, terms
    )  # fmt: skip
    is_exchanged = currency != product.currency or currency != "EUR"  # the tariff of freight is in euros
    return Landed(
        consignment, assess(consignment), way, barred(destination, hs),
        rates.dated(day) if is_exchanged else None,
    )  # fmt: skip


def _origins(db: Session, product: Product, quantity: int) -> list[str]:
    """The countries whose warehouses have enough; else those that have any place for it; else the shop's own."""
    shelves = {shelf.warehouse_id: shelf.on_hand for shelf in product.stock}
    houses = db.execute(select(Warehouse.id, Warehouse.country).where(Warehouse.id.in_(shelves))).all()
    enough = [country for number, country in houses if shelves[number] >= quantity and lookup.is_covered(country)]
    return enough or [country for _, country in houses if lookup.is_covered(country)] or [product.shop.country]
