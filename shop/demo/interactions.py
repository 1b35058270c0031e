"""What people looked at: sessions before purchases, and many that end without one."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from shop.demo.orders import Market
from shop.demo.people import Person
from shop.demo.purchases import Purchase
from shop.demo.scene import DAYS, dice, moment
from shop.demo.seasons import FEASTS

WEIGHTS = {"view": 1.0, "wish": 2.0, "cart": 3.0, "buy": 5.0}
IDLE_SESSIONS = 12_000
CAST_SESSIONS = 14


class Event(NamedTuple):
    """Somebody met a product (its place in Wares)."""

    at: int
    person: int
    product: int
    kind: str


def rows(market: Market, cast: int, orders: list[Purchase]) -> Iterator[dict[str, object]]:
    """Rows of Interaction in time order; the first `cast` people browse a fixed number of times."""
    rng = dice("interactions")
    places = {person.id: place for place, person in enumerate(market.people)}
    events: list[Event] = []
    for order in orders:
        person = places.get(order.buyer.id)
        events += _before(market, order, person, rng)
    events += _idle(market, cast, rng)
    for event in sorted(events):
        who = market.people[event.person].id if event.person >= 0 else -event.person
        yield {
            "user_id": who, "product_id": event.product + 1, "kind": event.kind, "weight": WEIGHTS[event.kind],
            "at": moment(event.at),
        }  # fmt: skip


def _before(market: Market, order: Purchase, person: int | None, rng: np.random.Generator) -> Iterator[Event]:
    """The session that led to an order; a swindler (who has no tastes) looks at nothing else."""
    who = -order.buyer.id if person is None else person
    begin = max(order.placed - int(rng.integers(300, 2700)), order.buyer.created)
    span = max(order.placed - begin, 4)
    for line in order.lines:
        looked, put = begin + int(span * rng.uniform(0.05, 0.5)), begin + int(span * rng.uniform(0.55, 0.95))
        if rng.random() < 0.92:
            yield Event(looked, who, line.product, "view")
        if rng.random() < 0.8:
            yield Event(put, who, line.product, "cart")
        yield Event(order.placed, who, line.product, "buy")
    if person is not None:
        count = int(rng.poisson(1.4))
        odds = market.tastes.pull[person] * market.open_[:, market.scene.day(begin)]
        near = odds * (0.2 + market.tastes.near(order.lines[0].product))
        for product in _several(near, count, rng):
            yield Event(begin + int(span * rng.random()), who, product, "view")


def _idle(market: Market, cast: int, rng: np.random.Generator) -> Iterator[Event]:
    """Sessions without an order, more of eager people; the newest customers were here once."""
    people, scene = market.people, market.scene
    rates = np.array([person.rate for person in people])
    rates[:cast] = 0
    counts = rng.poisson(IDLE_SESSIONS * rates / rates.sum())
    counts[:cast] = CAST_SESSIONS
    for place, person in enumerate(people):
        new = person.created > scene.ago(60)
        since, until = max(person.created, scene.start), min(person.last or scene.now, scene.now)
        for _ in range(0 if since >= until else 1 if new else max(int(counts[place]), 1)):
            begin = min(int(rng.integers(since, until)), scene.now - 60)
            views = int(rng.integers(1, 3)) if new else 1 + int(rng.poisson(2.6))
            yield from _session(market, place, person, max(begin, since), views, rng)


def _session(
    market: Market, place: int, person: Person, begin: int, views: int, rng: np.random.Generator
) -> Iterator[Event]:  # fmt: skip
    day = min(max(market.scene.day(begin), 0), DAYS)
    appeal = market.appeal(day)[FEASTS.index(person.place.feast)]
    for number, product in enumerate(_several(market.tastes.pull[place] * appeal, views, rng)):
        at = min(begin + number * int(rng.integers(15, 240)), market.scene.now)
        yield Event(at, place, product, "view")
        chance = rng.random()
        if chance < 0.1 and views > 2:
            yield Event(min(at + 9, market.scene.now), place, product, "cart" if chance < 0.05 else "wish")


def _several(odds: np.ndarray, count: int, rng: np.random.Generator) -> list[int]:
    """Draw products in proportion to their odds."""
    heap = np.cumsum(odds, dtype=np.float64)
    if not count or heap[-1] <= 0:
        return []
    return [int(p) for p in np.searchsorted(heap, rng.random(count) * heap[-1], side="right")]
