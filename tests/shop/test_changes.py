"""A change is explained exactly: its causes add up to it, and each is what it is called."""

from datetime import date, datetime
from fractions import Fraction
from random import Random
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from shop.errors import ShopError
from shop.measures.catalogue import MEASURES
from shop.measures.changes import MONEY, explain, rounded
from shop.measures.query import Filter, Period, Query
from shop.tables import Order, OrderItem
from tests.shop import busy, small

NOW_HALF, BEFORE = Period(date(2026, 5, 3), date(2026, 11, 2)), Period(date(2025, 11, 3), date(2026, 5, 2))


@pytest.mark.parametrize("measure", [*MONEY, "return_rate", "average_order", "margin_rate"])
def test_the_causes_add_up_to_the_change(db: Session, actors: SimpleNamespace, now: datetime, measure: str) -> None:
    busy.fill(db)
    dice = Random(3)
    for who in ("merchant", "operator", "other_merchant"):
        for currency in (None, "USD"):
            where = dice.choice(((), (Filter("country", ("US", "DE", "JP")),)))
            query = Query(measure, NOW_HALF, where=where, against=BEFORE, currency=currency)
            found = explain(db, getattr(actors, who), query, now)
            assert sum((one.amount for one in found.effects), Fraction(0)) == found.change
            total, shown = found.figures.total, [amount for _, amount in rounded(found)]
            assert len(shown) == len(found.effects)
            if MEASURES[measure].unit == "money":
                places = 0 if found.figures.currency == "JPY" else 2
                cents = [
                    round(Fraction(one or 0) * 10**places + Fraction(1, 10**9)) for one in (total.value, total.before)
                ]
                assert sum(shown) * 10**places == cents[0] - cents[1]


def sell(db: Session, number: int, days: float, items: list[tuple[int, int, int]]) -> None:
    """Sell (product, quantity, price in cents) in a year of its own, before the small shop's orders."""
    db.add(
        Order(
            id=number, buyer_id=small.ANN, shop_id=small.NORDLYS, status="delivered", placed_at=small.ago(days),
            ship_by=small.ago(days), currency="EUR", goods_minor=1, freight_minor=0, duty_minor=0, tax_minor=0,
            name="n", street="s", city="c", postal_code="p", country="US",
            items=[OrderItem(product_id=p, title="x", quantity=n, unit_minor=m, shop_minor=m) for p, n, m in items],
        )
    )  # fmt: skip
    db.flush()


def test_twice_as_many_at_the_same_price_is_volume(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    sell(db, 1, 800, [(small.JACKET, 1, 12000), (small.SOCKS, 1, 1000)])
    sell(db, 2, 700, [(small.JACKET, 2, 12000), (small.SOCKS, 2, 1000)])
    effects = named(db, actors, now)
    assert effects == {"volume": 130, "mix": 0, "price": 0}


def test_a_higher_price_is_price_and_dearer_goods_are_mix(
    db: Session, actors: SimpleNamespace, now: datetime
) -> None:  # fmt: skip
    sell(db, 1, 800, [(small.JACKET, 1, 10000), (small.SOCKS, 1, 1000)])
    sell(db, 2, 700, [(small.JACKET, 2, 11000)])
    # as many units; two jackets at the old price are 90 more than a jacket and socks; each is 10 dearer
    assert named(db, actors, now) == {"volume": 0, "mix": 200 - 110, "price": 20}


def named(db: Session, actors: SimpleNamespace, now: datetime) -> dict[str, Fraction]:
    day = small.ago(750).date()
    later, earlier = Period(day, small.ago(650).date()), Period(small.ago(850).date(), small.ago(751).date())
    found = explain(db, actors.merchant, Query("gross_sales", later, against=earlier), now)
    return {one.name: one.amount for one in found.effects}


def test_nothing_before_is_a_sentence(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    empty = Period(date(2020, 1, 1), date(2020, 2, 1))
    with pytest.raises(ShopError) as refused:
        explain(db, actors.merchant, Query("revenue", NOW_HALF, against=empty), now)
    assert refused.value.key == "error.explain_nothing"
