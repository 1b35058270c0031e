"""Watched figures: who wants to hear of which when it passes what, and the check that tells them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import mail, people
from shop.errors import ShopError
from shop.measures.catalogue import MEASURES
from shop.measures.compute import check, compute
from shop.measures.desk import desk
from shop.measures.figures import Figures
from shop.measures.query import Filter, Period, Query
from shop.money import Money
from shop.people import Actor
from shop.rows import run_by
from shop.tables import Order, Watch
from shop.wording import say

DAYS = 30  # how far back a watched figure looks
MOST = 50  # watches of one account


@dataclass(frozen=True)
class State:
    """A watch and how its figure stands; `value` None where there is nothing to measure."""

    watch: Watch
    figures: Figures
    is_passed: bool

    @property
    def value(self) -> Fraction | None:
        """The figure now."""
        return self.figures.total.value


def add(
    db: Session, actor: Actor, measure: str, filters: Sequence[Filter], side: str, limit: float, currency: str | None,
    now: datetime,
) -> State:  # fmt: skip
    """Watch a measure for its actor. Raises Refused for anybody but the trade, ShopError for too many watches.

    Two watches of the same thing are one: the newer limit holds.
    """
    run_by(actor, Order.shop_id)
    if actor.user_id is None or measure not in MEASURES or side not in ("above", "below"):
        raise ShopError("error.watch_limit")
    kept: list[object] = [[one.dimension, list(one.values), one.is_excluding] for one in filters]
    mine = list(db.scalars(select(Watch).where(Watch.user_id == actor.user_id).order_by(Watch.id)))
    same = next((one for one in mine if (one.measure, one.filters, one.side) == (measure, kept, side)), None)
    if same is None and len(mine) >= MOST:
        raise ShopError("error.watch_limit")
    watch = same or Watch(
        user_id=actor.user_id, measure=measure, filters=kept, side=side, days=DAYS, created_at=now, fired_at=None
    )
    watch.limit, watch.currency = limit, currency or desk(db, actor).currency
    check(_query(watch, now))
    db.add(watch)
    db.flush()
    return state(db, actor, watch, now)


def of(db: Session, actor: Actor, now: datetime) -> list[State]:
    """The actor's own watches, oldest first, as they stand."""
    run_by(actor, Order.shop_id)
    mine = select(Watch).where(Watch.user_id == (actor.user_id or 0)).order_by(Watch.id)
    return [state(db, actor, one, now) for one in db.scalars(mine)]


def state(db: Session, actor: Actor, watch: Watch, now: datetime) -> State:
    """How a watched figure stands for its actor."""
    figures = compute(db, actor, _query(watch, now), now)
    value = figures.total.value
    limit = Fraction(Decimal(repr(watch.limit)))
    is_passed = figures.has_rows and value is not None and (value > limit if watch.side == "above" else value < limit)
    return State(watch, figures, is_passed)


def check_all(db: Session, now: datetime) -> list[State]:
    """Check every watch, and post a mail for each that has newly passed its limit; one that came back is armed again.

    Each is computed as its own account, re-read now: closed accounts and lost roles are passed over.
    """
    told: list[State] = []
    for watch in db.scalars(select(Watch).order_by(Watch.id)):
        try:
            account = people.actor(db, watch.user_id, "")
            found = state(db, account, watch, now)
        except ShopError:
            continue
        if found.is_passed and watch.fired_at is None:
            watch.fired_at = now
            mail.post(db, watch.user_id, "mail.watch", now, **_words(found, account.language))
            told.append(found)
        elif not found.is_passed:
            watch.fired_at = None
    db.flush()
    return told


def _query(watch: Watch, now: datetime) -> Query:
    day = now.date()
    filters = tuple(
        Filter(str(dimension), tuple(map(str, values)), bool(is_excluding))
        for dimension, values, is_excluding in cast("list[tuple[str, list[str], bool]]", watch.filters)
    )
    period = Period(day - timedelta(days=watch.days - 1), day)
    return Query(watch.measure, period, where=filters, currency=watch.currency)


def _words(found: State, language: str) -> dict[str, str]:
    """The mail's values, plain enough to be stored."""
    watch, unit = found.watch, MEASURES[found.watch.measure].unit

    def plain(value: float) -> str:
        if unit == "money":
            return str(Money.of(round(value, 2), watch.currency))
        return f"{value:.1%}" if unit == "share" else f"{value:g}"

    side = ">" if watch.side == "above" else "<"
    name = say(f"measure.{watch.measure}", language)
    return {"measure": name, "value": plain(float(found.value or 0)), "side": side, "limit": plain(watch.limit)}
