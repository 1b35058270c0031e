"""Does planning by forecast and safety stock cost less than a fixed rule? `python -m eval stock [--json]`.

On the demo shop's last 26 weeks, product by product: each week's real demand meets the stock, orders arrive after
lead times drawn from how long goods took to come back in the past, unmet demand is lost. The policies know only what
was sold before. The fixed rule: when stock and orders under way are less than 4 weeks of the last 8 weeks' mean, fill
up to that.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from eval import report
from eval.report import Metric, Report
from eval.stage import Stage, opened
from models.demand import forecast
from models.demand.censored import repaired
from models.demand.methods import Floats
from settings import Settings
from shop import demand, products, reorder
from shop.money import Money
from shop.rates import convert
from shop.reorder import Demand
from shop.tables import Product

WEEKS, HISTORY, COVER = 26, 104, 4
SEED = 7
DRAWS = 5  # runs with other lead times
METHODS = ("mean", "smoothing", "croston")
LOST = 1.0  # of the margin: what an unsold unit costs beside it is not counted

Policy = Callable[["Item", Floats, float, float], tuple[float, float]]


@dataclass(frozen=True)
class Item:
    """A product's demand by week, its cost and margin in euros, and the shop's lead times in weeks."""

    wanted: Floats
    cost: float
    margin: float
    leads: Floats


@dataclass
class Result:
    """What a policy cost in euros, and how much of what was wanted it could sell."""

    holding: float = 0.0
    lost: float = 0.0
    ordering: float = 0.0
    sold: float = 0.0
    wanted: float = 0.0

    @property
    def total(self) -> float:
        """All costs."""
        return self.holding + self.lost + self.ordering


def run(options: argparse.Namespace, known: Settings) -> Report:
    """Simulate both policies and report the saving and the fill rates."""
    begun = time.monotonic()
    with opened(known.data) as stage:
        items = [item for shop in ("nordvik", "lingxi", "sakura", "casaluz", "maple") for item in _items(stage, shop)]
    ahead = _expected(np.stack([item.wanted for item in items]))
    ours = [_simulated(item, planned, place, ahead[place]) for place, item in enumerate(items)]
    fixed = [_simulated(item, covered, place, ahead[place]) for place, item in enumerate(items)]
    metrics = {
        "cost_saved": _saved(ours, fixed),
        "fill_rate": Metric(_fill(ours), len(items), baselines={"four_weeks_of_cover": _fill(fixed)}),
        "cost_eur": Metric(_sum(ours, "total"), len(items), baselines={"four_weeks_of_cover": _sum(fixed, "total")}),
    }
    for part in ("holding", "lost", "ordering"):
        metrics[f"{part}_eur"] = Metric(
            _sum(ours, part), len(items), baselines={"four_weeks_of_cover": _sum(fixed, part)}
        )  # fmt: skip
    return Report("stock", "demo, last 26 weeks", time.monotonic() - begun, metrics)


def planned(item: Item, seen: Floats, position: float, ahead: float) -> tuple[float, float]:
    """Ours: a reorder point with safety stock for the forecast, and the economic order quantity."""
    expected = Demand(ahead, float(seen[-26:].std(ddof=1)), float(item.leads.mean()), float(item.leads.std(ddof=1)))
    holding = item.cost * reorder.HOLDING / reorder.WEEKS_OF_YEAR
    if expected.mean <= 0:
        return 0.0, 0.0
    batch = reorder.economic_order_quantity(reorder.ORDERING, holding, expected.mean)
    review = Demand(expected.mean, expected.sd, expected.lead + 1, expected.lead_sd)  # the stock is seen once a week
    per_cycle = LOST * item.margin
    service = per_cycle / (per_cycle + holding * batch / expected.mean)
    point = reorder.reorder_point(review, float(np.clip(service, 0.5, 0.995)))
    return point, float(reorder.order_size(max(batch, point - position)))


def covered(item: Item, seen: Floats, position: float, ahead: float) -> tuple[float, float]:
    """The fixed rule: fill up to four weeks of the last eight weeks' mean."""
    level = COVER * float(seen[-8:].mean())
    return level, float(reorder.order_size(level - position))


def _simulated(item: Item, policy: Policy, place: int, ahead: Floats) -> Result:
    result = Result()
    for draw in range(DRAWS):
        _one_run(item, policy, ahead, np.random.default_rng((SEED, place, draw)), result)
    return result


def _one_run(item: Item, policy: Policy, ahead: Floats, rng: np.random.Generator, result: Result) -> None:
    """26 weeks: goods arrive, demand meets stock, the policy may order. Both policies see the same lead times."""
    start = len(item.wanted) - WEEKS
    leads = rng.choice(item.leads, WEEKS)
    stock = COVER * float(item.wanted[start - 8 : start].mean())
    coming = np.zeros(WEEKS + int(np.ceil(item.leads.max())) + 2)
    for week in range(WEEKS):
        stock += coming[week]
        wanted = float(item.wanted[start + week])
        sold = min(stock, wanted)
        stock -= sold
        result.sold, result.wanted = result.sold + sold, result.wanted + wanted
        result.lost += (wanted - sold) * item.margin * LOST
        result.holding += stock * item.cost * reorder.HOLDING / reorder.WEEKS_OF_YEAR
        position = stock + float(coming[week + 1 :].sum())
        point, size = policy(item, item.wanted[: start + week + 1], position, float(ahead[week]))
        if position <= point and size > 0:
            result.ordering += reorder.ORDERING
            coming[week + max(1, round(leads[week]))] += size


def _expected(wanted: Floats) -> Floats:
    """The forecast of weekly demand at each of the last weeks, by series, from what was known then."""
    start = wanted.shape[1] - WEEKS
    columns = [
        forecast(wanted[:, : start + week + 1], 4, 52, METHODS, floor=0.0).mean.mean(axis=1)
        for week in range(0, WEEKS, 4)
    ]
    return np.repeat(np.stack(columns, axis=1), 4, axis=1)[:, :WEEKS]


def _items(stage: Stage, shop: str) -> list[Item]:
    """The products of a shop that sold something in the year before the simulation."""
    actor, now = stage.actor(shop), stage.world.clock()
    with stage.world.database.session() as db:
        sold = demand.weekly(db, actor, now, weeks=HISTORY)
        leads = np.array(demand.waits(db, actor, now)) / 7
        goods = {one.id: one for one in products.many(db, actor, list(sold.units))}
        found = []
        for number, units in sold.units.items():
            wanted = repaired(units, sold.closed.get(number, [False] * HISTORY))
            if number in goods and wanted[:-WEEKS][-52:].sum() >= 4:
                cost, price = _euros(goods[number], now.date())
                found.append(Item(wanted, cost, max(price - cost, 0.0), leads))
    return found


def _euros(product: Product, day: date) -> tuple[float, float]:
    cost, price = (
        convert(Money(minor, product.currency), "EUR", day).amount for minor in (product.cost_minor, product.minor)
    )
    return float(cost), float(price)


def _saved(ours: list[Result], fixed: list[Result]) -> Metric:
    """The share of the fixed rule's cost that is saved, by bootstrap over products."""
    pairs = np.array([(one.total, other.total) for one, other in zip(ours, fixed, strict=True)])
    drawn = np.random.default_rng(SEED).integers(0, len(pairs), (report.DRAWS, len(pairs)))
    sums = pairs[drawn].sum(axis=1)
    low, high = np.quantile(1 - sums[:, 0] / sums[:, 1], [0.025, 0.975])
    whole = pairs.sum(axis=0)
    return Metric(float(1 - whole[0] / whole[1]), len(pairs), float(low), float(high))


def _fill(results: list[Result]) -> float:
    return sum(one.sold for one in results) / sum(one.wanted for one in results)


def _sum(results: list[Result], part: str) -> float:
    return float(sum(getattr(one, part) for one in results)) / DRAWS
