"""What to reorder, how much of it, and what may run out before it comes."""

from dataclasses import dataclass

import numpy as np

from models.demand import forecast
from models.demand.censored import repaired
from shop import demand, products, reorder
from shop.money import Money
from shop.rates import convert
from shop.reorder import Demand
from shop.tables import Product
from shop.wording import Percent
from tools.base import STAFF, Context, ToolResult, phrase, tool
from tools.views import Series, Stack, Table

HISTORY = 52  # weeks looked at
HORIZON = 4  # weeks ahead whose mean is the demand
YEAR = 52
LEAD_DAYS, LEAD_SD_DAYS = 21.0, 7.0  # where fewer than FEW waits were seen
FEW = 5
LISTED = 20
RISKY = 0.2


@dataclass(frozen=True)
class Position:
    """A product with its demand a week, its stock, and when and how much to order."""

    product: Product
    demand: Demand
    on_hand: int
    point: int
    units: int

    @property
    def risk(self) -> float:
        """The chance to run out before new goods come."""
        return reorder.out_risk(self.demand, self.on_hand)

    @property
    def days(self) -> int:
        """For how many days the stock lasts."""
        return round(min(self.on_hand / self.demand.mean * 7, 999)) if self.demand.mean > 0 else 999


@tool(roles=STAFF)
def plan_reorder(ctx: Context, service: float = 0.95) -> ToolResult:
    """Plan what to buy from suppliers: which products, how many units, at which reorder point, and what it costs.

    Args:
        service: The share of cycles that should not run out of stock, such as 0.95.
    """
    wanted = [one for one in _positions(ctx, min(max(service, 0.5), 0.999)) if one.units]
    if not wanted:
        return ToolResult("Nothing has to be reordered.", (phrase("say.reorder_none"),))
    wanted.sort(key=lambda one: (-one.risk, -one.units))
    cost = _cost(ctx, wanted)
    say = [phrase("say.reorder", count=len(wanted))]
    say += [
        phrase(
            "say.reorder_row", title=one.product.title(ctx.actor.language), sku=one.product.sku, units=one.units,
            on_hand=one.on_hand, point=one.point, weekly=round(one.demand.mean, 1),
        )
        for one in wanted[:3]
    ]  # fmt: skip
    columns = ("column.sku", "column.product", "column.on_hand", "column.reorder_point", "column.order_units")
    rows = tuple(
        (one.product.sku, one.product.title(ctx.actor.language), one.on_hand, one.point, one.units)
        for one in wanted[:LISTED]
    )
    lines = [f"{one.product.sku} {one.product.title('en')}: order {one.units}, {one.on_hand} in stock, reorder at "
             f"{one.point}" for one in wanted[:LISTED]]  # fmt: skip
    text = "\n".join([f"{len(wanted)} products to reorder for {cost}", *lines])
    return ToolResult(text, (*say, phrase("say.reorder_sum", cost=cost)), Table(columns, rows))


@tool(roles=STAFF)
def stock_risk(ctx: Context, limit: int = 10) -> ToolResult:
    """Tell which products may sell out before new goods arrive: days of stock left, days of supply, and the risk.

    Args:
        limit: How many at most, such as 10.
    """
    risky = [one for one in _positions(ctx, reorder.SERVICE) if one.risk >= RISKY]
    if not risky:
        return ToolResult("No product is likely to run out.", (phrase("say.risk_none"),))
    risky.sort(key=lambda one: (-one.risk, one.days, -one.demand.mean))
    shown = risky[: max(1, min(limit, 50))]
    language, lead = ctx.actor.language, round(shown[0].demand.lead * 7)
    say = [phrase("say.stock_risk", count=len(risky))]
    say += [
        phrase("say.risk_row", title=one.product.title(language), sku=one.product.sku, days=one.days, lead=lead,
               risk=Percent(round(one.risk, 2)))
        for one in shown[:3]
    ]  # fmt: skip
    columns = (
        "column.sku",
        "column.product",
        "column.on_hand",
        "column.cover_days",
        "column.lead_days",
        "column.out_risk",
    )
    rows = tuple(
        (one.product.sku, one.product.title(language), one.on_hand, one.days, lead, Percent(round(one.risk, 2)))
        for one in shown
    )
    chart = Series(
        "column.cover_days", tuple(one.product.sku for one in shown), tuple(float(one.days) for one in shown), ""
    )
    text = "\n".join(f"{one.product.sku} {one.product.title('en')}: {one.days} days of stock, {lead} days of supply, "
                     f"risk {one.risk:.0%}" for one in shown)  # fmt: skip
    return ToolResult(text, tuple(say), Stack((chart, Table(columns, rows))))


def _positions(ctx: Context, service: float) -> list[Position]:
    """Every product that was sold in the last year, with the order that its stock calls for."""
    sold = demand.weekly(ctx.db, ctx.actor, ctx.now, weeks=HISTORY)
    if not sold.units:
        return []
    closed = [False] * HISTORY
    history = np.array([repaired(units, sold.closed.get(one, closed)) for one, units in sold.units.items()])
    ahead = forecast(history, HORIZON, YEAR, ("mean", "smoothing", "croston"), floor=0.0).mean.mean(axis=1)
    spread = history[:, -26:].std(axis=1, ddof=1)
    lead, lead_sd = _lead(ctx)
    goods = {one.id: one for one in products.many(ctx.db, ctx.actor, list(sold.units))}
    found = []
    for number, mean, sd in zip(sold.units, ahead.tolist(), spread.tolist(), strict=True):
        if number in goods and goods[number].is_active:
            found.append(_position(ctx, goods[number], Demand(mean, sd, lead, lead_sd), service))
    return found


def _lead(ctx: Context) -> tuple[float, float]:
    """Weeks until goods come, and their standard deviation, as the shop has seen them."""
    waits = demand.waits(ctx.db, ctx.actor, ctx.now)
    if len(waits) < FEW:
        return LEAD_DAYS / 7, LEAD_SD_DAYS / 7
    return float(np.mean(waits)) / 7, float(np.std(waits, ddof=1)) / 7


def _position(ctx: Context, product: Product, expected: Demand, service: float) -> Position:
    on_hand = products.in_stock(product)
    point = round(reorder.reorder_point(expected, service))
    if expected.mean <= 0 or on_hand > point:
        return Position(product, expected, on_hand, point, 0)
    fixed = convert(Money.of(reorder.ORDERING, "EUR"), product.currency, ctx.now.date()).minor
    holding = max(product.cost_minor, 1) * reorder.HOLDING / reorder.WEEKS_OF_YEAR
    batch = reorder.economic_order_quantity(fixed, holding, expected.mean)
    return Position(product, expected, on_hand, point, reorder.order_size(max(batch, point - on_hand)))


def _cost(ctx: Context, wanted: list[Position]) -> Money:
    """What the goods cost, in the currency of the merchant's account."""
    day, currency = ctx.now.date(), ctx.actor.currency
    costs = [Money(one.product.cost_minor * one.units, one.product.currency) for one in wanted]
    parts = [convert(cost, currency, day) for cost in costs]
    return sum(parts[1:], parts[0])
