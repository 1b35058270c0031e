"""What a question about figures says, and what it says after a further line."""

from dataclasses import dataclass, replace

from shop.measures.calendar import year_before
from shop.measures.query import Filter, Order, Period


@dataclass(frozen=True)
class Reading:
    """What a question says. `against` is `previous`, `year_before`, a period, or nothing; `rest` what is left over,
    `name` the same with the words for categories: a product may be called by both.

    `quality` tells that the order judges: the best or the worst, and not the most or the least.

    `is_absent` tells that it is about something that no shop's records hold, `is_guess` that the measure was not
    named but follows from the rest (revenue, where best sellers are asked for).
    """

    measure: str | None = None
    by: str | None = None
    where: tuple[Filter, ...] = ()
    period: Period | None = None
    against: Period | str | None = None
    order: Order | None = None
    quality: str | None = None
    top: int | None = None
    currency: str | None = None
    is_why: bool = False
    is_watch: bool = False
    side: str | None = None
    limit: float | None = None
    is_absent: bool = False
    is_guess: bool = True
    rest: str = ""
    name: str = ""

    @property
    def is_something(self) -> bool:
        """Whether any part of a query was found."""
        return any((self.measure, self.by, self.where, self.period, self.against, self.order))


def refined(before: Reading, new: Reading) -> Reading:
    """What a question means after a further line: the parts that the line names replace those before."""
    named = {one.dimension for one in new.where}
    period = new.period or before.period
    if new.period and before.period and _is_same_again(before.period, new.period):
        period = year_before(before.period)
    return replace(
        new,
        measure=before.measure if new.is_guess and before.measure else new.measure,
        is_guess=new.is_guess and before.is_guess,
        by=new.by or before.by,
        where=(*(one for one in before.where if one.dimension not in named), *new.where),
        period=period,
        against=new.against or before.against,
        order=new.order or before.order,
        quality=new.quality if new.order else before.quality,
        top=new.top or before.top,
        currency=new.currency or before.currency,
        rest=f"{before.rest} {new.rest}".strip(),
        name=f"{before.name} {new.name}".strip(),
    )


def _is_same_again(before: Period, new: Period) -> bool:
    """Whether a bare "last year" after a month, a quarter or an event means the same one a year earlier."""
    return new.kind == "year" and before.kind not in ("year", "all") and before.first.year == new.first.year + 1
