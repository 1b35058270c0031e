"""Compute a typed query: its measure in all and by row, beside the period that it is compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from shop import rates
from shop.errors import ShopError
from shop.labels import Weekday
from shop.measures.calendar import TIMES
from shop.measures.catalogue import MEASURES, Measure, Part
from shop.measures.desk import PLATFORM, desk
from shop.measures.facts import facts
from shop.measures.figures import Figures, Key, Row
from shop.measures.labels import labels
from shop.measures.query import Period, Query
from shop.measures.sums import Run, numbered
from shop.people import Actor
from shop.wording import Term


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
    labels_of = labels(run.db, run.actor, str(query.by), keys)
    return [
        Row(key, labels_of[key], now.get(key, absent), before.get(key, absent) if query.against else None)
        for key in keys
    ]


def _times(
    run: Run, query: Query, now: Mapping[Key, Fraction | None], before: Mapping[Key, Fraction | None],
    absent: Fraction | None,
) -> list[Row]:  # fmt: skip
    """The parts of a calendar in order, each beside the part at the same place of the period compared with."""
    places = numbered(run.cut(query.period, str(query.by)))
    earlier = numbered(run.cut(query.against, str(query.by))) if query.against else {}
    is_named = query.by in ("weekday", "event")
    rows = []
    for label, n in sorted(places.items(), key=lambda one: one[0].number if isinstance(one[0], Weekday) else one[1]):
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


def _sorted(rows: Sequence[Row], query: Query) -> list[Row]:
    """By value or change, the largest or smallest first; ties by label; without a value last."""
    is_change, is_descending = query.order in ("rose", "fell"), query.order in ("most", "rose")

    def place(row: Row) -> tuple[bool, Fraction, str]:
        value = row.change if is_change else row.value
        return value is None, (-value if is_descending else value) if value is not None else Fraction(0), str(row.label)

    return sorted(rows, key=place)
