"""What an order costs at the buyer's door: goods in the buyer's money, freight, duty and tax by simple rules.

The rules are the demo's own and rounded (percentages and thresholds stand in texts/places.yaml): inside a
customs union VAT of the destination on goods and freight; across a border also duty on the goods once their
value passes the country's free limit.
"""

import math

import numpy as np

from shop import rates
from shop.demo.places import distance_km, is_border, places
from shop.demo.purchases import Purchase
from shop.demo.scene import day_of
from shop.demo.wares import Wares
from shop.money import Money

VOLUMETRIC = 5_000_000  # mm³ that count as one kilogram (the air carriers' usual divisor)
SERVICES = ("economy", "standard", "express")
_PRICE = {"economy": 0.75, "standard": 1.0, "express": 1.9}
_HOME_FREE_FROM = 75.0  # euros of goods: then a domestic parcel travels free


def choose_way(order: Purchase, wares: Wares, rng: np.random.Generator) -> None:
    """Choose warehouse (mostly the nearest), service (by how lavish the buyer is) and carrier."""
    shop = wares.shops[order.shop - 1]
    away = [distance_km(house.city, order.address.country) for house in shop.warehouses]
    place = int(np.argmin(away)) if rng.random() < 0.75 else 0
    order.warehouse = warehouse_id(wares, order.shop, place)
    lavish = order.buyer.tier
    odds = np.exp([-0.4 - 0.6 * lavish, 0.3, -0.8 + 0.9 * lavish])
    order.service = str(rng.choice(SERVICES, p=odds / odds.sum()))
    express = order.service == "express"
    order.carrier = shop.carriers[int(rng.random() < (0.85 if express else 0.3))]


def warehouse_id(wares: Wares, shop: int, place: int) -> int:
    """The row id of a shop's n-th warehouse: warehouses are numbered shop by shop."""
    return 1 + sum(len(one.warehouses) for one in wares.shops[: shop - 1]) + place


def origin(order: Purchase, wares: Wares) -> tuple[str, str]:
    """City and country of the warehouse that an order leaves from."""
    shop = wares.shops[order.shop - 1]
    house = shop.warehouses[order.warehouse - warehouse_id(wares, order.shop, 0)]
    return house.city, house.country


def charge(order: Purchase, wares: Wares) -> None:
    """Fill in all amounts, in minor units of the buyer's currency, at the rates of the order's day."""
    day, currency = day_of(order.placed), order.buyer.currency
    own = wares.shops[order.shop - 1].currency
    for line in order.lines:
        line.unit_minor = max(1, rates.convert(Money(line.shop_minor, own), currency, day).minor)
    order.goods = sum(line.unit_minor * line.quantity for line in order.lines)
    worth = float(rates.convert(Money(order.goods, currency), "EUR", day).amount)
    city, country = origin(order, wares)
    freight = _freight(order, wares, distance_km(city, order.address.country), worth)
    if country == order.address.country and worth >= _HOME_FREE_FROM and order.service != "express":
        freight = 0.0
    order.freight = rates.convert(Money.of(round(freight, 2), "EUR"), currency, day).minor
    place = places()[order.address.country]
    order.duty = 0
    if is_border(country, order.address.country) and worth > place.free:
        order.duty = order.goods * place.duty // 100
    order.tax = (order.goods + order.freight + order.duty) * place.vat // 100


def _freight(order: Purchase, wares: Wares, km: float, worth: float) -> float:
    """Freight in euros: a fixed part, and one by chargeable weight and distance."""
    kilos = 0.0
    for line in order.lines:
        draft = wares.drafts[line.product]
        volume = math.prod(draft.size_mm) / VOLUMETRIC
        kilos += line.quantity * max(draft.weight_g / 1000, volume)
    plain = 3.2 + km * 0.0006 + min(kilos, 30.0) * (0.7 + km * 0.00045)
    return min(plain * _PRICE[order.service], 20 + worth)
