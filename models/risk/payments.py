"""The shop's payments as events, and the plan of their features."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from models.risk.events import DAY, UNKNOWN, Events, Ints
from models.risk.journal import Journal
from models.risk.plan import HOUR, Columns, Fact, Plan, clock
from shop.errors import ShopError
from shop.payments import Paid
from shop.rates import rate

MATURE = 30 * DAY  # after which a charge that nobody disputed counts as genuine
_METHODS = ("card", "wallet", "bank_transfer")
_WAREHOUSE = re.compile(
    r"\b(?:suite|ste|unit|flat|dock|cargo|freight|forward\w*|logistic\w*|transit|warehouse|depot|port|skyway"
    r"|p\.? ?o\.? box)\b",
    re.IGNORECASE,
)
"""Words that stand in the addresses of freight forwarders and mail drops more often than in homes."""
_DAYS_2, _DAYS_7, _DAYS_30, _DAYS_90 = 2 * DAY, 7 * DAY, 30 * DAY, 90 * DAY

NUMBERS = (
    *("age_hours", "card_ip", "card_ship", "ip_ship", "home_ship", "home_ip", "home_card", "shop_ship"),
    *("method", "quantity", "freight_permille", "claims", "other_name", "warehouse_words", "each"),
)  # fmt: skip


def events(paid: Sequence[Paid]) -> Events:
    """Turn payments in time order into events. Amounts become minor units of EUR at the day's rate."""
    at = np.array([int(one.at.timestamp()) for one in paid], dtype=np.int64)
    amount = np.array([_euros(one) for one in paid], dtype=np.int64)
    label = np.array([_label(one) for one in paid], dtype=np.int64)
    known_at = np.array([_known_at(one) for one in paid], dtype=np.int64)
    parties: Mapping[str, list[object]] = {
        "order": [one.order_id for one in paid], "person": [one.buyer_id for one in paid],
        "card": [one.card or "" for one in paid], "device": [one.device or "" for one in paid],
        "address": [one.address for one in paid], "ip": [one.ip_country for one in paid],
        "category": [one.category for one in paid], "shop": [one.shop_id for one in paid],
    }  # fmt: skip
    numbers = np.array([_numbers(one, int(euro)) for one, euro in zip(paid, amount, strict=True)], dtype=np.int64)
    numbers = numbers.reshape(len(paid), len(NUMBERS) + 1)
    named = {name: numbers[:, n] for n, name in enumerate((*NUMBERS, "declined"))}
    ids = np.array([one.id for one in paid])
    return Events(at, amount, {r: np.array(v) for r, v in parties.items()}, label, known_at, ids, named)


def _label(one: Paid) -> int:
    """What a chargeback or a reviewer said; a release proves nothing."""
    if one.is_fraud is None:
        return UNKNOWN if one.reviewed_at is None else 1
    return int(one.is_fraud)


def _known_at(one: Paid) -> int:
    at = int(one.at.timestamp())
    return at + MATURE if one.reviewed_at is None else max(at + 1, int(one.reviewed_at.timestamp()))


def _euros(one: Paid) -> int:
    """Minor units of EUR; an unknown currency counts as it stands."""
    from shop.money import Money

    amount = Money(one.minor, one.currency).amount
    try:
        factor = rate(one.currency, "EUR", one.at.date())
    except ShopError:
        factor = Decimal(1)
    return max(0, int(amount * factor * 100))


def _numbers(one: Paid, euro: int) -> tuple[int, ...]:
    return (
        max(0, int((one.at - one.joined).total_seconds()) // HOUR),
        _apart(one.card_country, one.ip_country), _apart(one.card_country, one.ship_country),
        _apart(one.ip_country, one.ship_country), _apart(one.home_country, one.ship_country),
        _apart(one.home_country, one.ip_country), _apart(one.home_country, one.card_country),
        _apart(one.shop_country, one.ship_country),
        _METHODS.index(one.method) if one.method in _METHODS else len(_METHODS),
        one.quantity, 1000 * one.freight_minor // max(one.goods_minor, 1), one.claims, int(one.is_other_name),
        len(_WAREHOUSE.findall(one.address)), euro // max(one.quantity, 1), int(one.status in ("declined", "failed")),
    )  # fmt: skip


def _apart(one: str | None, other: str | None) -> int:
    return UNKNOWN if not one or not other else int(one != other)


def _first(name: str, pair: str) -> Fact:
    """Whether two parties meet for the first time."""

    def make(_: Events, seen: Mapping[str, Ints]) -> Ints:
        return np.asarray(seen[f"{pair}.one"] == 0, dtype=np.int64)

    return Fact(name, make)


def _numbers_as_features(events: Events, seen: Mapping[str, Ints]) -> Columns:
    return clock(events) | {name: events.numbers[name].astype(np.float64) for name in NUMBERS}


SHOP = Plan("shop", (
    Journal("attempts", ("order",), ("one", "declined"), (HOUR,)),
    Journal("order_card", ("order", "card"), ("one",)),
    Journal("person_device", ("person", "device"), ("one",)), _first("new_person", "person_device"),
    Journal("person_card", ("person", "card"), ("one",)), _first("new_owner", "person_card"),
    Journal("person_address", ("person", "address"), ("one",)), _first("new_resident", "person_address"),
    Journal("person_ip", ("person", "ip"), ("one",)),
    Journal("device_card", ("device", "card"), ("one",)), _first("new_card", "device_card"),
    Journal("device_address", ("device", "address"), ("one",)),
    Journal("person", ("person",), ("one", "amount", "square", "declined", "new_owner", "new_person", "new_resident"),
            (HOUR, DAY, _DAYS_7, _DAYS_30)),
    Journal("device", ("device",), ("one", "amount", "new_person", "new_card", "declined", "claims"),
            (HOUR, DAY, _DAYS_30)),
    Journal("card", ("card",), ("one", "amount", "new_owner"), (HOUR, DAY, _DAYS_30)),
    Journal("address", ("address",), ("one", "new_resident"), (DAY, _DAYS_30)),
    Journal("category", ("category",), ("one", "amount", "square"), (_DAYS_30,)),
    Journal("shop", ("shop",), ("one", "declined"), (HOUR, DAY)),
    Journal("known", (), ("one", "fraud"), (_DAYS_90,), of_labels=True),
    Journal("device_known", ("device",), ("one", "fraud"), (_DAYS_90,), of_labels=True),
    Journal("address_known", ("address",), ("one", "fraud"), (_DAYS_90,), of_labels=True),
    Journal("person_known", ("person",), ("one", "fraud"), (_DAYS_90,), of_labels=True),
    Journal("category_known", ("category",), ("one", "fraud"), (_DAYS_90,), of_labels=True),
), _numbers_as_features)  # fmt: skip
