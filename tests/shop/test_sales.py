"""Sales and stock: what was sold when, and what runs out."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from shop import orders, sales, stock
from shop.errors import Refused
from shop.labels import Country, Month
from shop.money import Money
from shop.periods import span
from shop.rates import convert
from shop.sales import Label
from shop.tables import Order, Shop
from shop.wording import Term
from tests.shop import small

JACKET, SOCKS, BREAD = 12000, 2 * 990, 450  # what the shop gets for each line of the small shop


def test_a_merchants_summary_leaves_out_what_was_cancelled(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    total = sales.summary(db, actors.merchant, "last_30_days", "none", now)
    # placed, paid, packed, shipped, delivered, requested, mixed, cho's
    revenue = SOCKS + JACKET + SOCKS + JACKET + (JACKET + SOCKS) + SOCKS + (JACKET + BREAD) + JACKET
    assert total.revenue == Money(revenue, "EUR")
    assert (total.orders, total.units) == (8, 2 + 1 + 2 + 1 + 3 + 2 + 2 + 1)
    assert (total.cancelled, total.returned) == (0, 1)
    assert total.average == Money(round(revenue / 8), "EUR")
    assert total.previous_revenue == Money(JACKET - JACKET, "EUR")  # the order of 55 days ago was paid back
    assert total.rows == ()


def test_an_operator_sees_all_shops_in_euro(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    total = sales.summary(db, actors.operator, "all_time", "none", now)
    yen = convert(Money(12000 + 2 * 1500 + 3 * 1500, "JPY"), "EUR", now.date())
    euro = sales.summary(db, actors.merchant, "all_time", "none", now).revenue
    assert total.revenue == euro + yen
    assert (total.currency, total.previous_revenue) == ("EUR", None)


def test_only_the_trade_sees_sales(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    for actor in (actors.guest, actors.ann):
        with pytest.raises(Refused):
            sales.summary(db, actor, "today", "none", now)
        with pytest.raises(Refused):
            stock.low(db, actor, 10, now)


@pytest.mark.parametrize("group", ["day", "week", "month", "category", "product", "country"])
def test_the_rows_add_up_to_the_total(db: Session, actors: SimpleNamespace, now: datetime, group: str) -> None:
    total = sales.summary(db, actors.merchant, "last_30_days", group, now, top=100)
    assert sum(row.revenue.minor for row in total.rows) == total.revenue.minor
    assert sum(row.units for row in total.rows) == total.units


def test_the_rows_are_named(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    def labels(group: str) -> list[Label]:
        return [row.label for row in sales.summary(db, actors.merchant, "last_30_days", group, now).rows]

    assert labels("category") == [Term("category.clothing"), Term("category.groceries")]
    assert labels("country") == [Country("US"), Country("DE"), Country("JP")]
    assert labels("product") == ["Rain jacket (de)", "Wool socks (de)", "Rye bread (de)"]
    assert labels("month") == [Month(date(2026, 10, 1)), Month(date(2026, 11, 1))]
    assert labels("week")[0] == date(2026, 9, 28)
    assert (len(labels("day")), labels("day")[-1]) == (30, date(2026, 11, 2))


def test_a_day_begins_at_midnight_of_the_shops_clock(db: Session, actors: SimpleNamespace) -> None:
    order = orders.find(db, actors.operator, small.LATE_TO_SHIP)
    order.placed_at = datetime(2026, 11, 1, 15, 30, tzinfo=UTC)  # 00:30 of the second in Tokyo
    db.flush()
    later = datetime(2026, 11, 2, 3, tzinfo=UTC)
    assert sales.summary(db, actors.other_merchant, "today", "none", later).orders == 1
    assert sales.summary(db, actors.other_merchant, "yesterday", "none", later).orders == 0
    days = sales.summary(db, actors.other_merchant, "last_7_days", "day", later).rows
    assert [row.orders for row in days] == [0, 0, 0, 0, 0, 0, 1]


def test_a_day_with_a_clock_change_is_counted_once(db: Session, actors: SimpleNamespace) -> None:
    order = orders.find(db, actors.operator, small.CHOS_PAID)
    order.placed_at = datetime(2026, 10, 25, 22, 59, tzinfo=UTC)  # the last minute of a 25-hour day in Berlin
    db.flush()
    rows = sales.summary(db, actors.merchant, "last_month", "day", small.NOW).rows
    assert {row.label: row.orders for row in rows}[date(2026, 10, 25)] == 1


def test_a_zone_of_half_hours_has_its_own_midnight(db: Session, actors: SimpleNamespace) -> None:
    shop = db.get(Shop, small.HANAMI)
    assert shop is not None
    shop.timezone = "Asia/Kolkata"
    orders.find(db, actors.operator, small.LATE_TO_SHIP).placed_at = datetime(2026, 11, 1, 18, 29, tzinfo=UTC)
    orders.find(db, actors.operator, small.FOOD).placed_at = datetime(2026, 11, 1, 18, 30, tzinfo=UTC)
    db.flush()
    days = sales.summary(db, actors.other_merchant, "last_7_days", "day", small.NOW).rows[-2:]
    assert [row.orders for row in days] == [1, 1]


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", date(2026, 11, 2), date(2026, 11, 2)),
        ("yesterday", date(2026, 11, 1), date(2026, 11, 1)),
        ("last_7_days", date(2026, 10, 27), date(2026, 11, 2)),
        ("last_30_days", date(2026, 10, 4), date(2026, 11, 2)),
        ("this_month", date(2026, 11, 1), date(2026, 11, 2)),
        ("last_month", date(2026, 10, 1), date(2026, 10, 31)),
        ("this_year", date(2026, 1, 1), date(2026, 11, 2)),
        ("last_year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_periods(period: str, first: date, last: date) -> None:
    found = span(period, small.NOW, ZoneInfo("Europe/Berlin"))
    assert (found.start.date(), found.end.date()) == (first, last)
    assert found.before().days == found.days
    assert (first - found.before().end.date()).days == 1


def test_an_empty_shop_has_a_summary(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    db.execute(update(Order).values(status="cancelled"))
    total = sales.summary(db, actors.merchant, "all_time", "day", now)
    assert (total.revenue, total.average) == (Money(0, "EUR"), None)


def test_low_stock_begins_with_what_is_gone(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    found = stock.low(db, actors.merchant, 10, now)
    assert [(low.product.id, low.warehouse, low.on_hand) for low in found] == [
        (small.BREAD, "Hamburg", 0),
        (small.JACKET, "Hamburg", 3),
        (small.JACKET, "Lyon", 4),
    ]
    assert found[1].sold_30d == 5
    assert [low.product.id for low in stock.low(db, actors.other_merchant, 10, now)] == [small.HEADPHONES]
