"""Compute a typed query: one statement for each part of the measure, over the rows that the actor runs."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    String,
    and_,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    values,
)
from sqlalchemy.orm import Session

from shop import rates
from shop.errors import ShopError
from shop.labels import Country, Tongue, Weekday
from shop.measures.calendar import TIMES, Label, cut, moments
from shop.measures.calendar import Part as CalendarPart
from shop.measures.catalogue import MEASURES, Measure, Part
from shop.measures.facts import Column, Fact, columns, facts
from shop.measures.query import Filter, Period, Query
from shop.people import Actor
from shop.rows import run_by
from shop.tables import Order, Payment, Product, ProductText, Shipment, Shop
from shop.tables.base import Moment
from shop.wording import Term

PLATFORM = "EUR"  # what an operator's figures are in: the currency that the rates are quoted against
Key = str | int
Sums = dict[Key, Fraction]


@dataclass(frozen=True)
class Row:
    """A row of an answer: `key` is the canonical value; `before` is the value in the period compared with.

    None is a ratio whose divisor is zero: there was nothing to measure.
    """

    key: Key
    label: Label | Country | Tongue
    value: Fraction | None
    before: Fraction | None = None

    @property
    def change(self) -> Fraction | None:
        """The difference against the period before."""
        return None if self.value is None or self.before is None else self.value - self.before


@dataclass(frozen=True)
class Figures:
    """The answer to a query: exact values; money in major units of `currency`. `rows_in_all` counts before `top`.

    `has_rows` tells whether there was anything at all in the period.
    """

    query: Query
    currency: str
    total: Row
    rows: tuple[Row, ...]
    rows_in_all: int
    has_rows: bool

    @property
    def measure(self) -> Measure:
        """The measure that was asked for."""
        return MEASURES[self.query.measure]


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


def compute(db: Session, actor: Actor, query: Query, now: datetime) -> Figures:
    """Answer a query, exactly. Raises Refused for anybody but the trade, ShopError for what cannot be combined.

    Rows of a calendar come in its order and complete; others by value or change, those without a value last.
    """
    measure = check(query)
    here = desk(db, actor)
    if query.currency is not None:
        here = replace(here, currency=query.currency)
        rates.rate(query.currency, PLATFORM, now.date())
    run = Run(db, actor, here, now)
    total, has_rows = _total(run, measure, query)
    rows = _rows(run, measure, query) if query.by else []
    ordered = rows if query.by in TIMES and query.top is None else _sorted(rows, query)
    shown = ordered[: query.top] if query.top else ordered
    return Figures(query, here.currency, total, tuple(shown), len(rows), has_rows)


def check(query: Query) -> Measure:
    """Return the measure of a query. Raises ShopError where it cannot be told by a dimension."""
    measure = MEASURES[query.measure]
    for dimension in (query.by, *(one.dimension for one in query.where)):
        if dimension is None:
            continue
        fits = all(_has(part, dimension) for part in measure.parts)
        if not fits or (measure.is_current and dimension in TIMES):
            raise ShopError(
                "error.measure_dimension", measure=Term(f"measure.{measure.name}"), by=Term(f"by.{dimension}")
            )
    return measure


def _has(part: Part, dimension: str) -> bool:
    fact = facts()[part.fact]
    return fact.moment is not None if dimension in TIMES else dimension in fact.dimensions


@dataclass(frozen=True)
class Run:
    """One computation: who asks, from where, and when."""

    db: Session
    actor: Actor
    desk: Desk
    now: datetime

    def sums(self, part: Part, query: Query, period: Period, by: str | None, *, is_local: bool = False) -> Sums:
        """Add a part up by a dimension; money is exchanged at the rate of each row's day, unless it stays local."""
        fact = facts()[part.fact]
        is_foreign = part.is_money and not (part.fact == "line" and self.desk.own_currency == self.desk.currency)
        found: Sums = defaultdict(Fraction)
        for key, currency, day, amount in self.db.execute(self._statement(part, fact, query, period, by, is_foreign)):
            is_money = part.is_money and amount is not None
            found[key] += self._worth(amount, currency, day, is_local=is_local) if is_money else int(amount or 0)
        return found

    def added(
        self, plus: Sequence[Part], minus: Sequence[Part], query: Query, period: Period, by: str | None
    ) -> Sums:  # fmt: skip
        """Add parts up and take others off."""
        found: Sums = defaultdict(Fraction)
        for sign, parts in ((1, plus), (-1, minus)):
            for part in parts:
                for key, value in self.sums(part, query, period, by).items():
                    found[key] += sign * value
        return dict(found)

    def cut(self, period: Period, by: str) -> list[CalendarPart]:
        """The parts of a period that have begun."""
        today = self.now.astimezone(self.desk.zone).date()
        return cut(replace(period, last=min(period.last, today)), by, self.desk.zone)

    def _worth(self, minor: Any, currency: str, day: str, *, is_local: bool) -> Fraction:
        amount = Fraction(int(minor), 10 ** get_currency_precision(currency))
        if is_local or currency == self.desk.currency:
            return amount
        return amount * Fraction(rates.rate(currency, self.desk.currency, date.fromisoformat(day)))

    def _statement(
        self, part: Part, fact: Fact, query: Query, period: Period, by: str | None, is_foreign: bool
    ) -> Any:  # fmt: skip
        needs = {part.column, by or "", *(one.dimension for one in query.where)}
        source: FromClause = fact.with_(needs)
        key: Column = literal(0)
        if by in TIMES and fact.moment is not None:
            parts = self.cut(period, by)
            labels = _numbered(parts)
            calendar = values(column("n", Integer), column("start", Moment()), column("stop", Moment())).data(
                [(labels[one.label], one.start, one.stop) for one in parts]
            ).cte("calendar")  # fmt: skip
            begun = fact.moment >= calendar.c.start
            source, key = calendar.join(source, and_(begun, fact.moment < calendar.c.stop)), calendar.c.n
        elif by:
            key = fact.dimensions[by]
        day = func.substr(cast(fact.moment, String), 1, 10) if is_foreign else literal("")
        inner = (
            select(key.label("key"), fact.currency.label("currency"), day.label("day"),
                   columns()[part.column].label("value"))
            .select_from(source)
            .where(run_by(self.actor, fact.owner), *self._only(part), *self._within(part, fact, period))
            .where(*_where(fact, query.where))
            .subquery()
        )  # fmt: skip
        add = func.count(inner.c.value.distinct()) if part.how == "distinct" else func.sum(inner.c.value)
        groups = (inner.c.key, inner.c.currency, inner.c.day)
        if part.how == "distinct":  # one that is counted once must not be parted by currency
            return select(inner.c.key, literal(""), literal(""), add).group_by(inner.c.key)
        return select(*groups, add).group_by(*groups)

    def _within(self, part: Part, fact: Fact, period: Period) -> Iterator[ColumnElement[bool]]:
        if fact.moment is None:
            return
        start, end = moments(period, self.desk.zone, self.now)
        if part.last_days is not None:
            start, end = self.now - timedelta(days=part.last_days), self.now
        yield fact.moment >= start
        yield fact.moment <= end

    def _only(self, part: Part) -> Iterator[ColumnElement[bool]]:
        match part.only:
            case "sold":
                yield Order.status != "cancelled"
            case "fraud":
                yield Payment.is_fraud.is_(True)
                yield Payment.status != "declined"
            case "due":
                yield or_(Shipment.delivered_at.is_not(None), Shipment.promised_at < self.now)


def _numbered(parts: Sequence[CalendarPart]) -> dict[Label, int]:
    labels: dict[Label, int] = {}
    for one in parts:
        labels.setdefault(one.label, len(labels))
    return labels


def _where(fact: Fact, filters: Sequence[Filter]) -> Iterator[ColumnElement[bool]]:
    for one in filters:
        at = fact.dimensions[one.dimension]
        among = [int(value) for value in one.values] if one.dimension == "product" else list(one.values)
        yield at.not_in(among) if one.is_excluding else at.in_(among)


def _total(run: Run, measure: Measure, query: Query) -> tuple[Row, bool]:
    sums = _measured(run, measure, query, query.period, None)
    before = _measured(run, measure, query, query.against, None) if query.against else {}
    value = sums.get(0, None if measure.is_ratio else Fraction(0))
    earlier = before.get(0, None if measure.is_ratio or not query.against else Fraction(0))
    return Row(0, "", value, earlier), bool(_any(run, measure, query))


def _any(run: Run, measure: Measure, query: Query) -> Fraction:
    """Whether the period has rows of the kind that the measure counts."""
    part = (measure.per or measure.plus)[0]
    counted = replace(part, column={"line": "order", "payment": "paid"}.get(part.fact, part.column))
    counted = replace(counted, how="distinct" if counted.column == "order" else counted.how, is_money=False)
    return run.sums(counted, query, query.period, None).get(0, Fraction(0))


def _rows(run: Run, measure: Measure, query: Query) -> list[Row]:
    now = _measured(run, measure, query, query.period, query.by)
    before = _measured(run, measure, query, query.against, query.by) if query.against else {}
    absent = None if measure.is_ratio else Fraction(0)
    if query.by in TIMES:
        return _times(run, query, now, before, absent)
    keys = list(dict.fromkeys((*now, *before)))
    labels_of = _labels(run, str(query.by), keys)
    return [
        Row(key, labels_of[key], now.get(key, absent), before.get(key, absent) if query.against else None)
        for key in keys
    ]


def _times(
    run: Run, query: Query, now: Mapping[Key, Fraction | None], before: Mapping[Key, Fraction | None],
    absent: Fraction | None,
) -> list[Row]:  # fmt: skip
    """The parts of a calendar in order, each beside the part at the same place of the period compared with."""
    labels = _numbered(run.cut(query.period, str(query.by)))
    earlier = _numbered(run.cut(query.against, str(query.by))) if query.against else {}
    is_named = query.by in ("weekday", "event")
    rows = []
    for label, n in sorted(labels.items(), key=lambda one: one[0].number if isinstance(one[0], Weekday) else one[1]):
        place = earlier.get(label) if is_named else n if n < len(earlier) else None
        past = before.get(place, absent) if place is not None else None
        rows.append(Row(n, label, now.get(n, absent), past))
    return rows


def _measured(run: Run, measure: Measure, query: Query, period: Period, by: str | None) -> dict[Key, Fraction | None]:
    """The measure by key; a ratio over nothing is None."""
    above = run.added(measure.plus, measure.minus, query, period, by)
    if not measure.is_ratio:
        return {key: value * measure.factor for key, value in above.items()}
    below = run.added(measure.per, measure.per_minus, query, period, by)
    return {
        key: above.get(key, Fraction(0)) * measure.factor / below[key] if below.get(key) else None
        for key in dict.fromkeys((*below, *above))
    }


def _labels(run: Run, by: str, keys: Sequence[Key]) -> Mapping[Key, Any]:
    match by:
        case "product":
            return _titles(run, [int(key) for key in keys])
        case "country":
            return {key: Country(str(key)) for key in keys}
        case "language":
            return {key: Tongue(str(key)) for key in keys}
        case "category" | "customer" | "service" | "payment":
            return {key: Term(f"{by}.{key}") for key in keys}
    return {key: str(key) for key in keys}


def _titles(run: Run, ids: Sequence[int]) -> dict[Key, str]:
    wanted = (run.actor.language.split("-")[0], "en")
    found: dict[Key, tuple[int, str]] = {}
    mine = run_by(run.actor, Product.shop_id)
    texts = select(ProductText.product_id, ProductText.language, ProductText.title)
    for product, language, title in run.db.execute(
        texts.join(Product, Product.id == ProductText.product_id).where(mine).order_by(ProductText.language)
    ):
        rank = wanted.index(language) if language in wanted else len(wanted)
        if product not in found or rank < found[product][0]:
            found[product] = (rank, title)
    return {one: found[one][1] if one in found else f"#{one}" for one in ids}


def _sorted(rows: Sequence[Row], query: Query) -> list[Row]:
    """By value or change, the largest or smallest first; ties by label; without a value last."""
    is_change, is_descending = query.order in ("rose", "fell"), query.order in ("most", "rose")

    def place(row: Row) -> tuple[bool, Fraction, str]:
        value = row.change if is_change else row.value
        return value is None, (-value if is_descending else value) if value is not None else Fraction(0), str(row.label)

    return sorted(rows, key=place)
