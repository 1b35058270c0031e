"""Swindle, planted: five stories that are labelled once the chargeback or the review is in.

card_testing — a fresh account tries many stolen cards on one cheap order within minutes;
stolen_card — a fresh account buys dear goods with a foreign card and ships express to a freight forwarder;
account_takeover — a good customer's account, suddenly a new device abroad and a new address;
refund_abuse — a few linked accounts (one device) that buy dear goods and claim damage every time;
friendly_fraud — an ordinary customer who later disputes the charge.
"""

import numpy as np

from shop.demo.orders import Market, choose, purchase
from shop.demo.people import Person, token
from shop.demo.places import Address, address, places
from shop.demo.purchases import Purchase
from shop.demo.scene import DAY, DAYS, dice

BURSTS, STOLEN, TAKEN, ABUSERS, CLAIMS, FRIENDLY = 14, 34, 44, 10, 5, 46
FORWARDERS = (
    Address("", "1180 Harbor Transit Way, Suite 4471", "Wilmington", "19801", "US"),
    Address("", "Unit 9, Skyway Cargo Park", "London", "TW6 2GE", "GB"),
    Address("", "荔枝角道 833, Flat B 1207", "香港", "", "HK"),
)


def plant(market: Market, strangers: list[Person], orders: list[Purchase]) -> list[Purchase]:
    """Make the swindlers' orders (to be added to the others), and mark some ordinary ones as disputed."""
    rng, fresh = dice("fraud"), iter(strangers)
    made = [_test_cards(market, next(fresh), rng) for _ in range(BURSTS)]
    made += [_stolen(market, next(fresh), rng) for _ in range(STOLEN)]
    loyal = [p for p in market.people[12:] if p.rate > 1.2 and p.last is None and p.created < market.scene.ago(300)]
    victims = rng.choice(len(loyal), min(TAKEN, len(loyal)), replace=False)
    made += [_take_over(market, loyal[int(v)], rng) for v in victims]
    for ring in range(ABUSERS // 2):
        made += _abuse(market, [next(fresh), next(fresh)], token(f"dev{ring}", rng), rng)
    plain = [order for order in orders if order.status == "paid"]
    for place in rng.choice(len(plain), FRIENDLY, replace=False):
        plain[int(place)].scenario = "friendly_fraud"
    return [order for order in made if order is not None]


def _some_day(rng: np.random.Generator) -> int:
    """A day of the two years; swindle grows like the shop."""
    return int(12 + (DAYS - 14) * rng.beta(1.4, 1.0))


def _basket(market: Market, day: int, rng: np.random.Generator, *, dear: bool) -> list[int]:
    """One product that sells on: dear electronics and bags; or the cheapest thing for testing cards."""
    wares = market.wares
    level = np.exp((2.5 if dear else -2.5) * wares.price_level)
    kinds = np.array([c in {"electronics", "bags", "shoes"} if dear else c != "electronics" for c in wares.categories])
    odds = (level * kinds[wares.category] * market.open_[:, day]).astype(np.float32)
    first = choose(odds, rng)
    return [] if first is None else [first]


def _order(
    market: Market, buyer: Person, day: int, scenario: str, rng: np.random.Generator, *, dear: bool
) -> Purchase | None:  # fmt: skip
    basket = _basket(market, day, rng, dear=dear)
    if not basket:
        return None
    hour = rng.choice([1, 2, 3, 4, 5, 13, 20, 22, 23])
    order = purchase(market, buyer, basket, market.scene.midnight(day) + int((hour + rng.random()) * 3600), rng)
    order.address, order.scenario = buyer.home, scenario
    return order


def _abroad(than: str, rng: np.random.Generator) -> str:
    return str(rng.choice([country for country in places() if country != than]))


def _test_cards(market: Market, buyer: Person, rng: np.random.Generator) -> Purchase | None:
    day = _some_day(rng)
    buyer.created = market.scene.midnight(day) - int(rng.integers(1, 48)) * 1800
    order = _order(market, buyer, day, "card_testing", rng, dear=False)
    if order:
        order.device, order.ip = token("dev", rng), _abroad(buyer.country, rng)
        order.card = (token("card", rng), _abroad(order.ip, rng))
    return order


def _stolen(market: Market, buyer: Person, rng: np.random.Generator) -> Purchase | None:
    day = _some_day(rng)
    buyer.created = market.scene.midnight(day) - int(rng.integers(1, 96)) * 3600
    order = _order(market, buyer, day, "stolen_card", rng, dear=True)
    if order:
        drop = FORWARDERS[int(rng.integers(len(FORWARDERS)))] if rng.random() < 0.75 else buyer.home
        order.address = Address(buyer.name, drop.street, drop.city, drop.postal_code, drop.country)
        order.card = (token("card", rng), _abroad(drop.country, rng))
        order.ip = _abroad(order.card[1], rng) if rng.random() < 0.7 else order.card[1]
        order.device, order.service = token("dev", rng), "express"
        order.lines[0].quantity = int(rng.integers(1, 4))
    return order


def _take_over(market: Market, buyer: Person, rng: np.random.Generator) -> Purchase | None:
    joined = market.scene.day(buyer.created)
    day = int(rng.integers(max(joined + 60, 20), DAYS - 1))
    order = _order(market, buyer, day, "account_takeover", rng, dear=True)
    if order:
        land = _abroad(buyer.country, rng) if rng.random() < 0.5 else buyer.country
        order.address = address(buyer.name, land, rng)
        order.device, order.ip = token("dev", rng), _abroad(buyer.country, rng)
        order.card, order.service = buyer.cards[0], "express"
        order.lines[0].quantity = int(rng.integers(1, 3))
    return order


def _abuse(
    market: Market, ring: list[Person], device: str, rng: np.random.Generator
) -> list[Purchase | None]:  # fmt: skip
    made: list[Purchase | None] = []
    first = int(rng.integers(20, DAYS - 220))
    for buyer in ring:
        buyer.created = market.scene.midnight(first) - 2 * DAY
        for _ in range(CLAIMS):
            order = _order(market, buyer, int(rng.integers(first, first + 200)), "refund_abuse", rng, dear=True)
            if order:
                order.device, order.card, order.ip = device, buyer.cards[0], buyer.country
            made.append(order)
    return made
