"""Sums: one SQL statement for each part of a measure, over the rows that the actor runs."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

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
from shop.measures.calendar import TIMES, Label, cut, moments
from shop.measures.calendar import Part as CalendarPart
from shop.measures.catalogue import Part
from shop.measures.desk import Desk
from shop.measures.facts import Column, Fact, columns, facts
from shop.measures.figures import Key
from shop.measures.query import Filter, Period, Query
from shop.people import Actor
from shop.rows import run_by
from shop.tables import Order, Payment, Shipment
from shop.tables.base import Moment

Sums = dict[Key, Fraction]


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
            labels = numbered(parts)
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


def numbered(parts: Sequence[CalendarPart]) -> dict[Label, int]:
    """Number the labels of a calendar in order; parts of one label share its number."""
    labels: dict[Label, int] = {}
    for one in parts:
        labels.setdefault(one.label, len(labels))
    return labels


def _where(fact: Fact, filters: Sequence[Filter]) -> Iterator[ColumnElement[bool]]:
    for one in filters:
        at = fact.dimensions[one.dimension]
        among = [int(value) for value in one.values] if one.dimension == "product" else list(one.values)
        yield at.not_in(among) if one.is_excluding else at.in_(among)
