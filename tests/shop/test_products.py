"""Products: who sees them, what they cost, which are first."""

from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from shop import products, rates
from shop.database import Database
from shop.errors import Missing, ShopError
from shop.money import Money
from shop.offers import reduced
from shop.tables import Product
from tests.shop import small

ALL = [small.JACKET, small.SOCKS, small.BREAD, small.LAMP, small.HEADPHONES, small.TEA]


def ids(found: list[Product]) -> list[int]:
    return [product.id for product in found]


def test_an_inactive_product_is_seen_by_its_own_merchant(db: Session, actors: SimpleNamespace) -> None:
    for actor in (actors.guest, actors.ann, actors.other_merchant):
        with pytest.raises(Missing):
            products.find(db, actor, small.LAMP)
    assert products.find(db, actors.merchant, small.LAMP).sku == "NL-4"
    assert products.by_sku(db, actors.operator, " NL-4 ").id == small.LAMP


def test_many_keeps_the_order_and_drops_what_is_absent(db: Session, actors: SimpleNamespace) -> None:
    wanted = [small.TEA, 4711, small.LAMP, -1, small.JACKET, small.TEA, 2**70]
    assert ids(products.many(db, actors.ann, wanted)) == [small.TEA, small.JACKET]


def test_many_asks_the_database_the_same_number_of_times(database: Database, actors: SimpleNamespace) -> None:
    def queries(wanted: list[int]) -> int:
        asked: list[int] = []
        with database.session() as db:
            event.listen(database.engine, "after_cursor_execute", lambda *_: asked.append(1))
            for product in products.many(db, actors.ann, wanted):
                assert product.title("en") and product.shop.name and products.in_stock(product) >= 0
        return len(asked)

    assert queries([small.JACKET]) == queries(ALL)


def test_candidates_are_the_products_themselves(db: Session, actors: SimpleNamespace) -> None:
    found = products.candidates(db, actors.ann, [*ALL, 4711, -1, 2**70])
    goods = products.many(db, actors.ann, ALL)
    assert [(c.id, c.price, c.rating, c.on_hand, c.kind, c.listed_at, c.colour) for c in found] == [
        (p.id, p.price, p.rating, products.in_stock(p), p.kind, p.listed_at, p.attributes.get("colour")) for p in goods
    ]
    assert products.offers(db, found, "EUR", small.NOW) == products.offers(db, goods, "EUR", small.NOW)
    assert small.LAMP not in {one.id for one in found}


def test_stock_is_that_of_all_warehouses(db: Session, actors: SimpleNamespace) -> None:
    assert products.in_stock(products.find(db, actors.ann, small.JACKET)) == 3 + 4


def test_the_best_promotion_counts_and_then_the_rate_of_the_day(
    db: Session, actors: SimpleNamespace, now: datetime
) -> None:
    jacket = products.find(db, actors.ann, small.JACKET)
    offer = products.offer(db, jacket, "EUR", now)
    assert (offer.price, offer.regular, offer.percent) == (Money(9600, "EUR"), Money(12000, "EUR"), 20)
    dollars = products.offer(db, jacket, "USD", now)
    assert dollars.price == rates.convert(Money(9600, "EUR"), "USD", now.date())


def test_a_promotion_of_the_whole_shop_and_one_that_is_over(
    db: Session, actors: SimpleNamespace, now: datetime
) -> None:
    offers = products.offers(db, products.many(db, actors.ann, ALL), "EUR", now)
    assert (offers[small.BREAD].percent, offers[small.BREAD].price.minor) == (5, 428)  # 427.5 rounds up
    assert offers[small.TEA].percent is None
    assert small.LAMP not in offers


def test_an_unknown_currency_is_refused(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    with pytest.raises(ShopError, match="no exchange rate for XXX"):
        products.offer(db, products.find(db, actors.ann, small.TEA), "XXX", now)


@pytest.mark.parametrize("percent", [0, 1, 5, 33, 50, 99, 100])
def test_reduced_rounds_half_up(percent: int) -> None:
    for minor in (0, 1, 5, 99, 450, 12345):
        assert reduced(minor, percent) == int(minor * (100 - percent) / 100 + 0.5 + 1e-9)


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KRW"])
@pytest.mark.parametrize("sort", ["cheapest", "most_expensive"])
def test_a_superlative_of_price_is_exact_in_every_currency(
    db: Session, actors: SimpleNamespace, now: datetime, sort: str, currency: str
) -> None:
    offers = products.offers(db, products.many(db, actors.ann, ALL), currency, now)
    sign = 1 if sort == "cheapest" else -1
    expected = sorted(offers, key=lambda one: (sign * offers[one].price.minor, one))
    reader = replace(actors.ann, currency=currency)
    assert products.ranked(db, reader, sort, now, limit=10) == expected
    assert products.ranked(db, reader, sort, now, limit=2) == expected[:2]


def test_newest_and_best_rated(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    assert products.ranked(db, actors.ann, "newest", now, limit=2) == [small.TEA, small.HEADPHONES]
    best = products.ranked(db, actors.ann, "best_rated", now)
    assert best == [small.SOCKS, small.TEA, small.JACKET, small.HEADPHONES]


def test_ranked_within_a_category_and_within_ids(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    assert products.ranked(db, actors.ann, "cheapest", now, category="clothing", limit=1) == [small.SOCKS]
    among = [small.JACKET, small.TEA]
    assert products.ranked(db, actors.ann, "newest", now, ids=among) == [small.TEA, small.JACKET]


def test_fitting_keeps_the_order_of_the_search(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    found = [small.TEA, small.BREAD, small.LAMP, small.SOCKS, small.JACKET]
    assert products.fitting(db, actors.ann, found, now) == [small.TEA, small.BREAD, small.SOCKS, small.JACKET]
    groceries = products.fitting(db, actors.ann, found, now, category="groceries")
    assert groceries == [small.TEA, small.BREAD]
    assert products.fitting(db, actors.ann, groceries, now, available=True) == [small.TEA]


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KRW"])
def test_a_price_limit_is_exact_to_the_minor_unit(
    db: Session, actors: SimpleNamespace, now: datetime, currency: str
) -> None:
    offers = products.offers(db, products.many(db, actors.ann, ALL), currency, now)
    for one, offer in offers.items():
        price, cent = offer.price, Money(1, currency)
        assert products.fitting(db, actors.ann, [one], now, minimum=price, maximum=price) == [one]
        assert products.fitting(db, actors.ann, [one], now, maximum=price - cent) == []
        assert products.fitting(db, actors.ann, [one], now, minimum=price + cent) == []
