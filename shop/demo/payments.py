"""How orders were paid: device, card and place of each attempt, and what is known of swindle."""

from collections.abc import Iterator

import numpy as np

from shop.demo.people import token
from shop.demo.places import places
from shop.demo.purchases import Purchase
from shop.demo.scene import DAY, Scene, dice, moment

UNKNOWN = 30  # days after which a chargeback is in
_METHODS = {"CN": ("wallet", 0.6), "BR": ("bank_transfer", 0.3), "DE": ("wallet", 0.35), "NL": ("bank_transfer", 0.4),
            "JP": ("bank_transfer", 0.2), "PL": ("bank_transfer", 0.25)}  # fmt: skip


def rows(orders: list[Purchase], scene: Scene) -> Iterator[dict[str, object]]:
    """Rows of Payment in time order; a declined card is tried again."""
    rng = dice("payments")
    for order in orders:
        facts = _facts(order, rng)
        if order.scenario == "card_testing":
            yield from _attempts(order, facts, scene, rng)
        elif facts["card"] and rng.random() < 0.025:
            yield _row(order, {**facts, "status": "declined"}, order.placed, scene)
        yield _row(order, facts, order.placed + 60, scene)


def _facts(order: Purchase, rng: np.random.Generator) -> dict[str, object]:
    """What the payment looked like; people travel, change phones and pay in several ways."""
    buyer = order.buyer
    travels, method = rng.random(2)
    other, share = _METHODS.get(buyer.country, ("wallet", 0.2))
    card = order.card or buyer.cards[int(rng.integers(len(buyer.cards)))]
    is_card = order.card is not None or method >= share
    if order.status == "placed":
        is_card, other = False, "bank_transfer"
    if order.device is None and rng.random() < 0.02:
        buyer.devices[int(rng.integers(len(buyer.devices)))] = token("dev", rng)  # a new phone
    return {
        "method": "card" if is_card else other,
        "card": card[0] if is_card else None,
        "card_country": card[1] if is_card else None,
        "device": order.device or buyer.devices[int(rng.integers(len(buyer.devices)))],
        "ip_country": order.ip or (str(rng.choice(list(places()))) if travels < 0.03 else buyer.country),
        "status": _status(order),
    }


def _status(order: Purchase) -> str:
    if order.status == "placed":
        return "pending"
    if order.status == "cancelled" or (order.returned and order.returned[2] is not None):
        return "refunded"
    return "captured"


def _attempts(
    order: Purchase, facts: dict[str, object], scene: Scene, rng: np.random.Generator
) -> Iterator[dict[str, object]]:  # fmt: skip
    """The declined cards before the one that worked: seconds apart, from everywhere."""
    count = int(rng.integers(4, 9))
    for number in range(count):
        card = {"card": token("card", rng), "card_country": str(rng.choice(list(places()))), "status": "declined"}
        yield _row(order, {**facts, **card}, order.placed - (count - number) * int(rng.integers(20, 60)), scene)


def _row(order: Purchase, facts: dict[str, object], at: int, scene: Scene) -> dict[str, object]:
    at = min(at, scene.now)
    known = at <= scene.now - UNKNOWN * DAY
    return {
        **facts, "order_id": order.id, "minor": order.total, "currency": order.buyer.currency, "at": moment(at),
        "is_fraud": order.scenario is not None if known else None,
        "fraud_scenario": order.scenario if known else None,
    }  # fmt: skip
