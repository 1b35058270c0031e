"""Two years of baskets: who buys what on which day, from tastes, seasons, sales, prices and what is there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shop.demo.charges import choose_way
from shop.demo.people import Person
from shop.demo.places import Address, address
from shop.demo.purchases import Line, Purchase
from shop.demo.scene import DAYS, Scene, dice
from shop.demo.seasons import FEASTS
from shop.demo.tastes import CONSUMED, Tastes
from shop.demo.wares import Wares

FIRST_DAY, LAST_DAY = 26.0, 47.0  # orders a day at both ends
ELASTICITY = 2.2  # log-demand per unit of reduction: 25 % off sells 1.7 times as much
PRICE_ELASTICITY = 1.4  # log-demand per log of the regular price beside its usual one
BASKET = (0.54, 0.29, 0.11, 0.06)  # one, two, three, four lines
UNPAID = 0.06  # orders of the last two days whose bank transfer is not in
GIFT = 0.03  # orders that go to somebody else
_HOURS = np.array([1, 1, 1, 1, 1, 2, 3, 5, 6, 6, 6, 6, 7, 7, 6, 6, 6, 6, 7, 8, 9, 9, 6, 3], dtype=float)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Market:
    """What all purchases depend on. `demand` feast × category × day, `percent` shop × category × day,
    `open_` product × day: True where a product can be bought."""

    scene: Scene
    people: list[Person]
    wares: Wares
    tastes: Tastes
    demand: Floats
    percent: NDArray[np.int64]
    open_: NDArray[np.bool_]

    def appeal(self, day: int) -> NDArray[np.float32]:
        """How much a day adds to each product's pull: feast × product."""
        wares = self.wares
        off = self.percent[wares.shop, wares.category, day] / 100
        dear = np.log(wares.price[:, day] / wares.price[:, -1])
        push = np.exp(ELASTICITY * off - PRICE_ELASTICITY * dear) * self.open_[:, day]
        result: NDArray[np.float32] = (self.demand[:, wares.category, day] * push).astype(np.float32)
        return result


def buy(market: Market) -> list[Purchase]:
    """Let people buy on every day up to now, in time order."""
    rng, scene = dice("orders"), market.scene
    calendar = _Calendar(market)
    consumed = np.isin(market.wares.category, [i for i, c in enumerate(market.wares.categories) if c in CONSUMED])
    owned = np.ones_like(market.tastes.pull)
    made: list[Purchase] = []
    for day in range(DAYS + 1):
        appeal = market.appeal(day)
        for person, placed in calendar.shoppers(day, rng):
            buyer = market.people[person]
            odds = market.tastes.pull[person] * appeal[FEASTS.index(buyer.place.feast)] * owned[person]
            basket = fill(odds, market, rng)
            if basket and placed <= scene.now:
                made.append(purchase(market, buyer, basket, placed, rng))
                owned[person, basket] = np.where(consumed[basket], 6.0, 0.04)
    return sorted(made, key=lambda one: (one.placed, one.buyer.id))


def fill(odds: NDArray[np.float32], market: Market, rng: np.random.Generator) -> list[int]:
    """Choose a basket: the first thing by its pull, others of the same shop by pull and likeness to the first."""
    first = choose(odds, rng)
    if first is None:
        return []
    basket = [first]
    likely = np.sqrt(odds) * market.tastes.near(first)
    for _ in range(int(rng.choice(len(BASKET), p=BASKET))):
        likely[basket] = 0
        more = choose(likely, rng)
        if more is not None:
            basket.append(more)
    return basket


def choose(odds: NDArray[np.float32], rng: np.random.Generator) -> int | None:
    """Draw a place in proportion to its odds; None if nothing can be had."""
    heap = np.cumsum(odds, dtype=np.float64)
    return int(np.searchsorted(heap, rng.random() * heap[-1], side="right")) if heap[-1] > 0 else None


def purchase(market: Market, buyer: Person, basket: list[int], placed: int, rng: np.random.Generator) -> Purchase:
    """Make the order of a basket: quantities, prices of the day, and the address."""
    wares, day = market.wares, market.scene.day(placed)
    lines = []
    for product in basket:
        off = int(market.percent[wares.shop[product], wares.category[product], day])
        lines.append(Line(product, _quantity(wares, product, rng), wares.paid(product, day, off)))
    return Purchase(buyer, int(wares.shop[basket[0]]) + 1, placed, lines, _destination(buyer, rng))


def _quantity(wares: Wares, product: int, rng: np.random.Generator) -> int:
    often = wares.categories[wares.category[product]] in CONSUMED
    return int(1 + rng.binomial(3, 0.3 if often else 0.05))


def _destination(buyer: Person, rng: np.random.Generator) -> Address:
    """Home, or now and then somebody who gets a present."""
    return address(buyer.name, buyer.country, rng) if rng.random() < GIFT else buyer.home


class _Calendar:
    """Who comes on which day, and when in the day."""

    def __init__(self, market: Market) -> None:
        people = market.people
        self.market = market
        self.rates = np.array([person.rate for person in people])
        self.since = np.array([person.created for person in people])
        self.until = np.array([person.last or 2**40 for person in people])
        feast = np.array([FEASTS.index(person.place.feast) for person in people])
        # Share of demand by feast and category, so that a category's season moves its lovers' visits.
        self.pace = market.demand[feast, market.tastes.favourite, :]
        self.offset = np.array([-person.place.at[1] / 15 for person in people])  # hours behind the sun
        self.clock = _HOURS / _HOURS.sum()

    def shoppers(self, day: int, rng: np.random.Generator) -> list[tuple[int, int]]:
        """The day's buyers with the moment of their order, each person once."""
        midnight = self.market.scene.midnight(day)
        here = (self.since < midnight) & (self.until > midnight) & (self.rates > 0)
        weight = np.where(here, self.rates * self.pace[:, day], 0)
        off = float(self.market.percent[:, :, day].mean()) / 100
        level = FIRST_DAY + (LAST_DAY - FIRST_DAY) * day / DAYS
        season = weight.sum() / max((self.rates * here).sum(), 1e-9)
        count = min(int(rng.poisson(level * season * (1 + 2.0 * off))), int(here.sum()))
        if not count:
            return []
        chosen = rng.choice(len(weight), count, replace=False, p=weight / weight.sum())
        hours = (rng.choice(24, count, p=self.clock) + self.offset[chosen] + rng.random(count)) % 24
        moments = midnight + (hours * 3600).astype(int)
        return [(int(person), int(at)) for person, at in zip(chosen, moments, strict=True)]


def ready(wares: Wares, outs: list[tuple[int, int, int | None]]) -> NDArray[np.bool_]:
    """Where products can be bought: listed (from the day after) and not out of stock; product × day."""
    days = np.arange(DAYS + 1)
    table: NDArray[np.bool_] = days[None, :] > wares.listed[:, None]
    for product, first, last in outs:
        table[product, first : DAYS + 1 if last is None else last + 1] = False
    return table


def finish(orders: list[Purchase], wares: Wares, scene: Scene) -> None:
    """Choose each order's way (a swindler's stays express), and leave a few of the last ones unpaid."""
    rng = dice("ways")
    for order in orders:
        wanted = order.service
        choose_way(order, wares, rng)
        if wanted == "express":
            order.service = wanted
        if rng.random() < UNPAID and order.placed > scene.ago(2) and order.scenario is None:
            order.status = "placed"
