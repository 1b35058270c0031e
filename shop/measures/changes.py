"""Why a figure changed: an exact additive decomposition between two periods.

Money that products brought is volume, mix, price, exchange rates, refunds and costs; a ratio is the change within its
groups and the shift between them. Everything is computed with fractions, so the effects add up to the change.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from babel.numbers import get_currency_precision
from sqlalchemy.orm import Session

from shop.errors import ShopError
from shop.measures.catalogue import MEASURES, Measure, Part
from shop.measures.compute import check, compute
from shop.measures.desk import desk
from shop.measures.figures import Figures, Row
from shop.measures.query import Period, Query
from shop.measures.sums import Run
from shop.people import Actor

MONEY = ("revenue", "gross_sales", "margin")
"""Measures that are split into volume, mix, price, exchange rates, refunds and costs."""
_GROSS, _REFUNDED, _COST = (Part("line", name, is_money=True) for name in ("gross", "refunded", "cost"))
_UNITS = Part("line", "quantity")
_ZERO = Fraction(0)
_PLACES = {"count": 0, "share": 3, "number": 2, "days": 1}  # decimals that are shown; a share is written in percent


@dataclass(frozen=True)
class Effect:
    """One cause of a change: its name (`volume`) and what it adds, in the measure's unit."""

    name: str
    amount: Fraction


@dataclass(frozen=True)
class Explained:
    """A change and its causes, which add up to it exactly; `rows` are the parts that moved most."""

    figures: Figures
    effects: tuple[Effect, ...]
    by: str
    rows: tuple[Row, ...]

    @property
    def change(self) -> Fraction:
        """The whole change."""
        total = self.figures.total
        return (total.value or _ZERO) - (total.before or _ZERO)


@dataclass(frozen=True)
class _Cell:
    """One product (in one currency) in one period: units, sales in the shop's money and in the reader's."""

    units: Fraction = _ZERO
    local: Fraction = _ZERO
    worth: Fraction = _ZERO


def explain(db: Session, actor: Actor, query: Query, now: datetime, top: int = 3) -> Explained:
    """Say why the measure differs between `query.against` and `query.period`.

    Raises ShopError `error.explain_nothing` where the earlier period holds nothing, Refused for anybody but the trade.
    """
    measure, against = check(query), query.against
    if against is None:
        raise ValueError("a change needs two periods")
    plain = replace(query, by=None, top=None, order="most")
    figures = compute(db, actor, plain, now)
    if not figures.total.before or figures.total.value is None:
        raise ShopError("error.explain_nothing", start=against.first, end=against.last)
    by = _by(plain, measure)
    parts = compute(db, actor, replace(plain, by=by), now)
    run = Run(db, actor, replace(desk(db, actor), currency=figures.currency), now)
    if measure.name in MONEY:
        effects = _money(run, plain, against, measure)
    elif measure.is_ratio:
        effects = _ratio(run, plain, against, measure, by)
    else:
        effects = ()
    moved = sorted((row for row in parts.rows if row.change), key=lambda row: (-abs(row.change or 0), str(row.label)))
    return Explained(figures, effects, by, tuple(moved[:top]))


def _by(query: Query, measure: Measure) -> str:
    """The dimension whose parts are named: products, or what the measure can be told by."""
    taken = {one.dimension for one in query.where if len(one.values) == 1}
    is_of_orders = measure.is_ratio and measure.is_distinct  # an order with goods of two categories is in both
    for by in ("country", "customer") if is_of_orders else ("product", "category", "country"):
        try:
            check(replace(query, by=by))
        except ShopError:
            continue
        if by not in taken and not (measure.is_ratio and by == "product"):
            return by
    return "language"


def _money(run: Run, query: Query, against: Period, measure: Measure) -> tuple[Effect, ...]:
    """Volume, mix, price and exchange rates of the sales; then what was paid back, and the costs."""
    old, new = _cells(run, query, against), _cells(run, query, query.period)
    units = [sum((one.units for one in cells.values()), _ZERO) for cells in (old, new)]
    worth = [sum((one.worth for one in cells.values()), _ZERO) for cells in (old, new)]
    volume = (units[1] - units[0]) * worth[0] / units[0] if units[0] else worth[1] - worth[0]
    price = rates = _ZERO
    for key in old.keys() & new.keys():
        was, has = old[key], new[key]
        if not (was.units and has.units and was.local and has.local):
            continue
        rate = was.worth / was.local
        price += has.units * (has.local / has.units - was.local / was.units) * rate
        rates += has.local * (has.worth / has.local - rate)
    mix = worth[1] - worth[0] - volume - price - rates
    effects = [Effect("volume", volume), Effect("mix", mix), Effect("price", price), Effect("currency", rates)]
    for name, part, only in (("returns", _REFUNDED, ("revenue", "margin")), ("cost", _COST, ("margin",))):
        if measure.name in only:
            sums = [sum(run.sums(part, query, one, None).values(), _ZERO) for one in (against, query.period)]
            effects.append(Effect(name, sums[0] - sums[1]))
    return tuple(one for one in effects if one.amount or one.name in ("volume", "price", "mix"))


def _cells(run: Run, query: Query, period: Period) -> Mapping[object, _Cell]:
    """Units and sales by product; a product has one currency, its shop's."""
    units = run.sums(_UNITS, query, period, "product")
    worth = run.sums(_GROSS, query, period, "product")
    local = run.sums(_GROSS, query, period, "product", is_local=True)
    return {key: _Cell(units[key], local.get(key, _ZERO), worth.get(key, _ZERO)) for key in units}


def _ratio(run: Run, query: Query, against: Period, measure: Measure, by: str) -> tuple[Effect, ...]:
    """The change within the groups, each weighted as now, and the shift of weight between them.

    A group that is new, or gone, belongs to the shift.
    """
    old, new = (_quotients(run, query, period, measure, by) for period in (against, query.period))
    below = [sum((pair[1] for pair in some.values()), _ZERO) for some in (old, new)]
    if not all(below):
        return ()
    within = _ZERO
    for key in old.keys() & new.keys():
        (was, was_per), (has, has_per) = old[key], new[key]
        if was_per and has_per:
            within += has_per / below[1] * (has / has_per - was / was_per)
    whole = [sum((pair[0] for pair in some.values()), _ZERO) / per for some, per in zip((old, new), below, strict=True)]
    return (Effect("within", within), Effect("weights", whole[1] - whole[0] - within))


def _quotients(
    run: Run, query: Query, period: Period, measure: Measure, by: str
) -> dict[object, tuple[Fraction, Fraction]]:  # fmt: skip
    above = run.added(measure.plus, measure.minus, query, period, by)
    below = run.added(measure.per, measure.per_minus, query, period, by)
    return {key: (above.get(key, _ZERO), below.get(key, _ZERO)) for key in {**above, **below}}


def rounded(explained: Explained) -> tuple[tuple[Effect, Decimal], ...]:
    """The effects in whole units of the last shown decimal, which still add up to the rounded change.

    The largest remainders are rounded up, as seats are given to parties (Hare and Niemeyer).
    """
    figures = explained.figures
    measure = MEASURES[figures.query.measure]
    places = get_currency_precision(figures.currency) if measure.unit == "money" else _PLACES[measure.unit]
    scale = 10**places
    total = figures.total
    whole = _whole((total.value or _ZERO) * scale) - _whole((total.before or _ZERO) * scale)
    exact = [one.amount * scale for one in explained.effects]
    if not exact:
        return ()
    floors = [one.numerator // one.denominator for one in exact]
    left = whole - sum(floors)
    order = sorted(range(len(exact)), key=lambda n: floors[n] - exact[n])
    for n in range(abs(left)):
        floors[order[n % len(order)]] += 1 if left > 0 else -1
    return tuple((one, Decimal(n).scaleb(-places)) for one, n in zip(explained.effects, floors, strict=True))


def _whole(amount: Fraction) -> int:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return int(exact.to_integral_value(ROUND_HALF_UP))
