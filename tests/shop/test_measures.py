"""Measures: right by an independent computation in pandas, on both databases; sums agree; rows are one's own."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from eval.figures import Ask, Books, read
from shop.errors import Refused, ShopError
from shop.labels import Month
from shop.measures import calendar
from shop.measures.calendar import TIMES, previous, unit, year_before
from shop.measures.catalogue import DIMENSIONS, MEASURES
from shop.measures.compute import check, compute
from shop.measures.figures import Figures, Row
from shop.measures.page import table
from shop.measures.query import Filter, Period, Query
from shop.people import Actor
from shop.wording import LANGUAGES, catalogue
from tests.shop import busy, small

QUERIES = 250  # on each database
ALL = Period(date(2024, 1, 1), date(2026, 11, 2))
_VALUES = {
    "country": ("US", "DE", "JP", "FR"), "category": ("clothing", "groceries"), "language": ("en", "de"),
    "customer": ("new", "returning"), "product": ("1", "2", "5"), "carrier": ("A", "B"), "brand": ("Nordlys", "Hanami"),
}  # fmt: skip


@pytest.fixture
def busy_db(db: Session) -> Session:
    """The busy shop on each database."""
    busy.fill(db)
    return db


def books(db: Session, actor: Actor, now: datetime) -> Books:
    return read(db.connection(), actor.shop_id, now)


def fits(query: Query) -> bool:
    try:
        check(query)
    except ShopError:
        return False
    return True


def random_query(dice: Random) -> Query:
    """A query that can be answered."""
    while True:
        first = date(2024, 11, 1) + timedelta(days=dice.randint(0, 700))
        last = first + timedelta(days=dice.choice((0, 6, 30, 90, 400)))
        where = []
        if dice.random() < 0.5:
            dimension = dice.choice(list(_VALUES))
            values = tuple(dice.sample(_VALUES[dimension], dice.randint(1, 2)))
            where = [Filter(dimension, values, is_excluding=dice.random() < 0.25)]
        by = dice.choice((None, *(one for one in DIMENSIONS if one != "event")))
        query = Query(
            dice.choice(list(MEASURES)), Period(first, last), by, tuple(where),
            currency=dice.choice((None, None, "USD", "JPY")),
        )  # fmt: skip
        if fits(query):
            return query


def key_of(figures: Figures, row: Row) -> str:
    label: Any = row.label
    if figures.query.by in ("month", "quarter"):
        return str(label.first)
    if figures.query.by == "year":
        return f"{label}-01-01"
    if figures.query.by == "weekday":
        return str(label.number)
    return str(label) if figures.query.by in ("day", "week") else str(row.key)


def test_random_queries_are_what_pandas_says(busy_db: Session, actors: SimpleNamespace, now: datetime) -> None:
    dice = Random(5)
    truths = {who: books(busy_db, getattr(actors, who), now) for who in ("merchant", "other_merchant", "operator")}
    for _ in range(QUERIES):
        who, query = dice.choice(list(truths)), random_query(dice)
        figures = compute(busy_db, getattr(actors, who), query, now)
        sets = {flag: {f.dimension: f.values for f in query.where if f.is_excluding is flag} for flag in (True, False)}
        ask = Ask(
            query.measure, query.period.first, query.period.last, query.by, sets[False], sets[True], query.currency
        )
        expected = truths[who].answer(ask)
        if query.by is None:
            assert (None if figures.total.value is None else float(figures.total.value)) == pytest.approx(expected)
            continue
        assert isinstance(expected, dict)
        found = {key_of(figures, row): float(row.value) for row in figures.rows if row.value}
        assert found == pytest.approx({k.removesuffix(" 00:00:00"): v for k, v in expected.items() if v}), query


@pytest.mark.parametrize("measure", [name for name, one in MEASURES.items() if not one.is_ratio])
def test_the_rows_of_every_dimension_add_up_to_the_total(
    busy_db: Session, actors: SimpleNamespace, now: datetime, measure: str
) -> None:  # fmt: skip
    for by in DIMENSIONS:
        query = Query(measure, ALL, by)
        is_partition = by != "event" and not (MEASURES[measure].is_distinct and by in ("product", "category", "brand"))
        if not fits(query) or not is_partition or measure == "buyers":
            continue
        figures = compute(busy_db, actors.operator, query, now)
        assert sum((row.value or Fraction(0) for row in figures.rows), Fraction(0)) == figures.total.value, by


def test_the_months_make_the_year(busy_db: Session, actors: SimpleNamespace, now: datetime) -> None:
    year = Period(date(2025, 1, 1), date(2025, 12, 31), "year")
    whole = compute(busy_db, actors.merchant, Query("revenue", year, "month"), now)
    months = [calendar.unit("month", date(2025, n, 5)) for n in range(1, 13)]
    single = [compute(busy_db, actors.merchant, Query("revenue", one), now).total.value for one in months]
    assert [row.label for row in whole.rows] == [Month(date(2025, n, 1)) for n in range(1, 13)]
    assert [row.value for row in whole.rows] == single
    assert sum(value or 0 for value in single) == whole.total.value


def test_what_came_back_is_not_revenue(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    jacket, socks = 120, Fraction("19.80")
    figures = {
        name: compute(db, actors.merchant, Query(name, Period(date(2026, 9, 1), date(2026, 10, 25))), now).total.value
        for name in ("revenue", "gross_sales", "refunds", "orders", "returns")
    }
    # delivered, requested, returned, mixed
    gross = (jacket + socks) + socks + jacket + (jacket + Fraction("4.50"))
    assert figures == {
        "gross_sales": gross, "refunds": jacket, "revenue": gross - jacket, "orders": 4, "returns": 2,
    }  # fmt: skip


def test_money_is_exchanged_at_each_days_rate(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    from shop.rates import rate

    query = Query("gross_sales", Period(date(2026, 10, 1), date(2026, 11, 2)), currency="USD")
    yen = compute(db, actors.other_merchant, query, now).total.value
    sold = {20: 12000, 9: 3000, 8: 4500}
    assert yen == sum(n * Fraction(rate("JPY", "USD", small.ago(days).date())) for days, n in sold.items())


def test_a_merchants_rows_are_the_own_ones(busy_db: Session, actors: SimpleNamespace, now: datetime) -> None:
    for by in ("product", "shop", "brand"):
        own = compute(busy_db, actors.merchant, Query("units", ALL, by), now)
        other = compute(busy_db, actors.other_merchant, Query("units", ALL, by), now)
        assert own.rows and other.rows
        assert not {row.key for row in own.rows} & {row.key for row in other.rows}
    foreign = Query("units", ALL, where=(Filter("product", (str(small.TEA),)),))
    assert compute(busy_db, actors.merchant, foreign, now).total.value == 0


def test_only_the_trade_measures(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    for actor in (actors.guest, actors.ann):
        with pytest.raises(Refused):
            compute(db, actor, Query("revenue", ALL), now)


def test_a_ratio_over_nothing_is_not_zero(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    for period in (Period(date(2020, 1, 1), date(2020, 1, 31)), Period(date(2027, 1, 1), date(2027, 1, 31))):
        figures = compute(db, actors.merchant, Query("return_rate", period, "country"), now)
        assert figures.total.value is None and not figures.has_rows and not figures.rows


def test_what_cannot_be_told_by_a_dimension_is_a_sentence(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    for query in (Query("stock", ALL, "month"), Query("revenue", ALL, "carrier"), Query("late_rate", ALL, "product")):
        with pytest.raises(ShopError) as refused:
            compute(db, actors.merchant, query, now)
        assert refused.value.key == "error.measure_dimension"
        assert all("{" not in refused.value.words(language) for language in LANGUAGES)


def test_the_best_come_first_and_the_losers_by_their_loss(
    busy_db: Session, actors: SimpleNamespace, now: datetime
) -> None:  # fmt: skip
    half, before = Period(date(2026, 5, 3), date(2026, 11, 2)), Period(date(2025, 11, 3), date(2026, 5, 2))
    best = compute(busy_db, actors.operator, Query("revenue", half, "country", top=2), now)
    assert len(best.rows) == 2 and best.rows_in_all > 2
    assert (best.rows[0].value or 0) >= (best.rows[1].value or 0)
    fell = compute(busy_db, actors.operator, Query("revenue", half, "country", (), before, "fell"), now)
    changes = [row.change for row in fell.rows if row.change is not None]
    assert changes == sorted(changes)


def test_periods_before_are_those_of_the_calendar() -> None:
    today = date(2026, 11, 2)
    assert previous(unit("month", date(2026, 10, 9)), today) == unit("month", date(2026, 9, 1))
    running = previous(unit("month", today), today)
    assert (running.first, running.last) == (date(2026, 10, 1), date(2026, 10, 2))
    friday = calendar.event("black_friday", 2025)
    assert friday and (friday.first, friday.last) == (date(2025, 11, 28), date(2025, 11, 30))
    earlier = previous(friday, today)
    assert (earlier.first, earlier.last) == (date(2024, 11, 29), date(2024, 12, 1))
    assert year_before(Period(date(2024, 2, 29), date(2024, 3, 1))).first == date(2023, 2, 28)
    assert previous(Period(date(2026, 6, 1), date(2026, 6, 10)), today).last == date(2026, 5, 31)


def test_the_page_holds_the_table_of_the_measures() -> None:
    assert table() in Path("docs/analytics.md").read_text(encoding="utf-8")


def test_every_measure_and_dimension_has_a_name_in_every_language() -> None:
    keys = [*(f"measure.{name}" for name in MEASURES), *(f"by.{name}" for name in DIMENSIONS)]
    keys += [f"event.{code}" for code in calendar.EVENTS]
    assert all(key in catalogue(language) for key in keys for language in LANGUAGES)
    assert set(TIMES) < set(DIMENSIONS)
