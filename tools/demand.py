"""What will be sold in the coming weeks."""

from datetime import date, timedelta

import numpy as np

from models.demand import Forecast, forecast
from models.demand.censored import repaired
from shop import demand, products
from shop.errors import ShopError
from shop.wording import Term
from tools.base import STAFF, Context, ToolResult, phrase, tool
from tools.views import Series, Stack, Table

MOST = 26  # weeks ahead
YEAR = 52
SHOWN = 18  # weeks of history in the chart
Label = str | Term


@tool(roles=STAFF)
def forecast_demand(
    ctx: Context, product_id: int | None = None, category: str | None = None, weeks: int = 8
) -> ToolResult:  # fmt: skip
    """Forecast how many units will be sold in the coming weeks: of one product, of a category, or of the whole shop.

    Args:
        product_id: The product's number as listed before, such as 12, only if one product is meant.
        category: Kind of goods, such as electronics, only if a whole category is meant.
        weeks: How many weeks ahead, such as 8.
    """
    if not 1 <= weeks <= MOST:
        raise ShopError("error.horizon", weeks=weeks, most=MOST)
    what = _what(ctx, product_id, category)
    sold = demand.weekly(ctx.db, ctx.actor, ctx.now, product_id=product_id, category=category)
    if not any(map(any, sold.units.values())):
        raise ShopError("error.no_sales", what=what)
    wanted = [repaired(units, sold.closed.get(one, [False] * len(units))) for one, units in sold.units.items()]
    history = _since_first(np.sum(wanted, axis=0))
    found = forecast(history[None, :], weeks, YEAR, floor=0.0)
    return _told(what, sold.weeks, history, found, weeks)


def _what(ctx: Context, product_id: int | None, category: str | None) -> Label:
    if product_id is not None:
        return products.find(ctx.db, ctx.actor, product_id).title(ctx.actor.language)
    return Term(f"category.{category}") if category else Term("demand.shop")


def _since_first(units: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> np.ndarray[
    tuple[int, ...], np.dtype[np.float64]
]:  # fmt: skip
    """The weeks since the first sale: before it the product was not there."""
    return units[int(np.flatnonzero(units > 0)[0]) :]


def _told(
    what: Label, mondays: tuple[date, ...], history: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    found: Forecast, weeks: int,
) -> ToolResult:  # fmt: skip
    mean, low, high = (tuple(round(float(one), 1) for one in part[0]) for part in (found.mean, found.low, found.high))
    total, least, most = _sums(found)
    ahead = [mondays[-1] + timedelta(weeks=step) for step in range(1, weeks + 1)]
    before = round(float(history[-weeks:].sum()))
    say = (
        phrase("say.forecast", what=what, weeks=weeks, total=total, low=least, high=most),
        phrase("say.forecast_before", weeks=min(weeks, len(history)), before=before),
        phrase("say.forecast_method", method=Term(f"method.{_METHOD[found.best()]}"), seen=len(history)),
    )
    past = tuple(float(one) for one in history[-SHOWN:])
    chart = Series(
        "column.units", (*mondays[-len(past) :], *ahead), (*past, *mean), "", "line",
        low=(*past, *low), high=(*past, *high),
    )  # fmt: skip
    columns = ("column.week", "column.forecast", "column.low", "column.high")
    table = Table(columns, tuple(zip(ahead, mean, low, high, strict=True)))
    name = what.key.rpartition(".")[2] if isinstance(what, Term) else what
    text = (
        f"{name}, next {weeks} weeks from {ahead[0]}: {total} units ({least} to {most}); {before} in the weeks before"
    )
    return ToolResult(text, say, Stack((chart, table)))


def _sums(found: Forecast) -> tuple[int, int, int]:
    """The sum of the weeks and its range: independent weeks' ranges add up like standard deviations."""
    mean = float(found.mean[0].sum())
    down, up = (float(np.sqrt(((found.mean[0] - part[0]) ** 2).sum())) for part in (found.low, found.high))
    return round(mean), max(0, round(mean - down)), round(mean + up)


_METHOD = {"seasonal": "seasonal", "theta": "theta", "damped": "theta", "smoothing": "smoothing",
           "croston": "croston", "mean": "mean"}  # fmt: skip
