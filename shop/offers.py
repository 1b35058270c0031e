"""Offers: what a product costs now, with promotions, in the reader's currency."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from sqlalchemy import ColumnElement, Integer, and_, case, false, or_, select, type_coerce
from sqlalchemy.orm import Session

from shop import rates
from shop.money import Money
from shop.tables import Product, Promotion

_MOST = 10**12  # minor units; no price of a shop is higher


@dataclass(frozen=True)
class Offer:
    """What a product costs now (`price`), what it costs otherwise, and the promotion's percent."""

    price: Money
    regular: Money
    percent: int | None


class Priced(Protocol):
    """What has a price: a product, or what it is chosen by."""

    @property
    def id(self) -> int: ...
    @property
    def shop_id(self) -> int: ...
    @property
    def category(self) -> str: ...
    @property
    def price(self) -> Money: ...


class Shelf(NamedTuple):
    """Where a promotion holds: a shop's category, or all of the shop."""

    shop_id: int
    category: str | None


def offer(db: Session, product: Product, currency: str, now: datetime) -> Offer:
    """Say what one product costs now, exchanged at the rate of `now`'s day.

    Raises ShopError `error.currency_unknown`.
    """
    return offers(db, [product], currency, now)[product.id]


def offers(db: Session, products: Iterable[Priced], currency: str, now: datetime) -> dict[int, Offer]:
    """Say what products cost now, by product id, in one query. Of several promotions the best one counts."""
    wanted = list(products)
    percents = promotions(db, now, {product.shop_id for product in wanted})
    return {product.id: _offer(product, _best(percents, product), currency, now.date()) for product in wanted}


def promotions(db: Session, now: datetime, shops: Iterable[int] | None = None) -> dict[Shelf, int]:
    """The best percent of every shelf that has a promotion now."""
    running = select(Promotion).where(Promotion.starts_at <= now, Promotion.ends_at > now)
    if shops is not None:
        running = running.where(Promotion.shop_id.in_(list(shops)))
    best: dict[Shelf, int] = {}
    for one in db.scalars(running):
        shelf = Shelf(one.shop_id, one.category)
        best[shelf] = max(one.percent, best.get(shelf, 0))
    return best


def reduced(minor: int, percent: int) -> int:
    """A price less a percentage, rounded half up to the minor unit. `paid` says the same in SQL."""
    return (minor * (100 - percent) * 2 + 100) // 200


def paid(percents: dict[Shelf, int]) -> ColumnElement[int]:
    """What is paid for a product in minor units of its own currency: `reduced` in SQL."""
    whole = {shelf.shop_id: percent for shelf, percent in percents.items() if shelf.category is None}
    cases = [
        (
            and_(Product.shop_id == shelf.shop_id, Product.category == shelf.category),
            max(percent, whole.get(shelf.shop_id, 0)),
        )
        for shelf, percent in percents.items()
        if shelf.category is not None
    ]
    cases += [(Product.shop_id == shop_id, percent) for shop_id, percent in whole.items()]
    if not cases:
        return type_coerce(Product.minor, Integer)
    return (Product.minor * (100 - case(*cases, else_=0)) * 2 + 100) // 200


def between(
    price: ColumnElement[int], minimum: Money | None, maximum: Money | None, sold_in: Sequence[str], day: date
) -> ColumnElement[bool]:
    """Say in SQL that an offer lies between two amounts, both included, whatever the product's currency.

    Exact: exchange and rounding never change the order of two prices of one currency, so each bound has one
    counterpart among the minor units of each currency.
    """
    inside = []
    for currency in sold_in:
        fits = [Product.currency == currency]
        if minimum is not None:
            fits.append(price >= _counterpart(minimum, currency, day, is_upper=False))
        if maximum is not None:
            fits.append(price < _counterpart(maximum, currency, day, is_upper=True))
        inside.append(and_(*fits))
    return or_(false(), *inside)


def _counterpart(bound: Money, currency: str, day: date, *, is_upper: bool) -> int:
    def exchanged(minor: int) -> int:
        return rates.convert(Money(minor, currency), bound.currency, day).minor

    find = bisect_right if is_upper else bisect_left
    return find(range(_MOST), bound.minor, key=exchanged)


def _best(percents: dict[Shelf, int], product: Priced) -> int:
    own = percents.get(Shelf(product.shop_id, product.category), 0)
    return max(own, percents.get(Shelf(product.shop_id, None), 0))


def _offer(product: Priced, percent: int, currency: str, day: date) -> Offer:
    now_paid = Money(reduced(product.price.minor, percent), product.price.currency)
    return Offer(rates.convert(now_paid, currency, day), rates.convert(product.price, currency, day), percent or None)
