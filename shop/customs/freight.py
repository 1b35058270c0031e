"""Freight by chargeable weight, from the shop's own tariff, and insurance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from shop.customs import lookup, records
from shop.errors import ShopError
from shop.money import Money

SERVICES = ("air", "express", "sea")


@dataclass(frozen=True)
class Parcel:
    """The weight of one piece in grams, its size in millimetres, and how many pieces."""

    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    pieces: int = 1


@dataclass(frozen=True)
class Quote:
    """What a way costs; `kilos` is the chargeable weight, `days` from and to."""

    origin: str
    service: str
    price: Money
    kilos: Decimal
    days: tuple[int, int]
    source: str
    as_of: date


def chargeable(parcel: Parcel, divisor: Decimal, step: Decimal) -> Decimal:
    """The chargeable weight in kg: the greater of actual and volumetric (cm³ / divisor), rounded up to a step.

    The divisors 5000 and 6000 are those usual in air freight (IATA). Raises ShopError `error.weight` for no weight.
    """
    actual = Decimal(parcel.weight_g) / 1000
    volume = Decimal(parcel.length_mm * parcel.width_mm * parcel.height_mm) / 1000 / divisor
    heavier = max(actual, volume) * parcel.pieces
    if heavier <= 0 or parcel.weight_g < 0:
        raise ShopError("error.weight")
    return (heavier / step).to_integral_value(ROUND_CEILING) * step


def quote(origin: str, destination: str, parcel: Parcel, service: str, currency: str, day: date) -> Quote | None:
    """Say what a parcel's way costs, in a currency at the day's rate; None where a service does not go there."""
    row = _tariff(_zone(origin, destination), service)
    if row is None:
        return None
    kilos = chargeable(parcel, Decimal(row["divisor"]), Decimal(row["step_kg"]))
    exact = Decimal(row["base"]) + Decimal(row["per_kg"]) * kilos
    price = Money.of(lookup.exchange(exact, row["currency"], currency, day), currency)
    days = int(row["days_low"]), int(row["days_high"])
    return Quote(origin, service, price, kilos, days, row["source"], date.fromisoformat(row["as_of"]))


def cheapest(
    origins: Iterable[str], destination: str, parcel: Parcel, service: str, currency: str, day: date
) -> Quote | None:  # fmt: skip
    """The cheapest way from one of several countries; None where the service goes from none of them."""
    found = [quote(origin, destination, parcel, service, currency, day) for origin in origins]
    return min((one for one in found if one), key=lambda one: one.price.minor, default=None)


def insurance(goods: Money, freight: Money) -> Money:
    """The premium for goods and freight, by the shop's tariff."""
    row = records.rows("insurance")[0]
    covered = (goods + freight).amount * Decimal(row["of_percent"]) / 100
    return Money.of(covered * Decimal(row["percent"]) / 100, goods.currency)


def _zone(origin: str, destination: str) -> str:
    here, there = lookup.country(origin), lookup.country(destination)
    if origin == destination:
        return "domestic"
    if here.union == there.union:
        return "union"
    return "region" if here.region == there.region else "world"


def _tariff(zone: str, service: str) -> records.Row | None:
    return next(
        (row for row in records.rows("freight") if row["zone"] == zone and row["service"] == service), None
    )  # fmt: skip
