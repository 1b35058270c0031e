"""What customers asked the shops: three open requests for each, and some that were answered.

Open tickets have fixed numbers, topics and languages (`OPEN`): 501–503 of shop 1, 504–506 of shop 2, and so on.
Who wrote them, and about which order, depends on the day of the demo.
"""

from collections.abc import Iterator

import numpy as np

from shop.demo.purchases import Purchase
from shop.demo.scene import DAY, Scene, dice, moment
from shop.demo.speech import topics
from shop.demo.wares import Wares

FIRST = 501
MERCHANT = 12  # user id of shop n's merchant is 12 + n
ANSWERED = 90
# Shop by shop: topic and language of its open tickets.
OPEN = (
    (("late", "de"), ("size", "fr"), ("invoice", "en")),
    (("where", "zh"), ("damaged", "es"), ("cancel", "ru")),
    (("where", "ja"), ("damaged", "ko"), ("late", "en")),
    (("size", "es"), ("late", "pt"), ("where", "it")),
    (("damaged", "en"), ("where", "tr"), ("late", "ar")),
)
# Canonical summaries, as call_human would write them.
SUMMARIES = {
    "where": "Order {order}: the customer asks where the parcel is.",
    "late": "Order {order}: the parcel is late and the customer asks when it comes.",
    "damaged": "Order {order}: the goods arrived damaged and the customer asks what to do.",
    "size": "Order {order}: the size does not fit and the customer asks for an exchange.",
    "cancel": "Order {order}: the customer asks to cancel it before dispatch.",
    "invoice": "Order {order}: the customer asks for an invoice with a tax number.",
}
_STATES = {
    "where": ("shipped",), "late": ("shipped",), "damaged": ("delivered",), "size": ("delivered",),
    "cancel": ("paid", "packed"), "invoice": ("delivered", "shipped"),
}  # fmt: skip
_PATIENCE = 3 * DAY  # before somebody asks where a parcel is


def rows(
    orders: list[Purchase], wares: Wares, scene: Scene
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:  # fmt: skip
    """Rows of Ticket and of TicketMessage."""
    rng, tickets, messages = dice("tickets"), list[dict[str, object]](), list[dict[str, object]]()
    ours = [order for order in orders if order.id > 20_000 and not order.scenario]
    number = FIRST
    for shop, asked in enumerate(OPEN, 1):
        for topic, language in asked:
            order = _about([o for o in ours if o.shop == shop], topic, language, wares, scene)
            opened = max(_earliest(order, topic), scene.ago(0.3 + 2.2 * rng.random()))
            _open(tickets, messages, number, order, (topic, language, min(opened, scene.now - 600)), rng)
            number += 1
    for order, topic in _past(ours, wares, scene, rng):
        opened = _earliest(order, topic) + int(2 * rng.random() * DAY)
        if opened + 2 * DAY > scene.now:
            continue
        _open(tickets, messages, number, order, (topic, order.buyer.language, opened), rng)
        _answer(tickets[-1], messages, order, topic, opened + int((0.1 + rng.random()) * DAY), rng)
        number += 1
    return tickets, messages


def _earliest(order: Purchase, topic: str) -> int:
    """When somebody could first ask this about an order."""
    match topic:
        case "where":
            return (order.dispatched or order.placed) + _PATIENCE
        case "late":
            return order.promised + DAY // 4
        case _:
            return (order.delivered or order.placed) + 3600


def _about(orders: list[Purchase], topic: str, language: str, wares: Wares, scene: Scene) -> Purchase:
    """The newest order in the language that suits the topic by now, else one that nearly does."""
    spoken = [order for order in reversed(orders) if order.buyer.language == language]
    suited = [order for order in spoken if order.status in _STATES[topic] and _is_fit(order, topic, wares)]
    ripe = [order for order in suited if _earliest(order, topic) < scene.ago(0.1)]
    if ripe:
        return ripe[0]
    return min(suited, key=lambda order: _earliest(order, topic)) if suited else spoken[0]


def _is_fit(order: Purchase, topic: str, wares: Wares) -> bool:
    """A size is asked about only for what is worn."""
    kinds = {wares.drafts[line.product].category for line in order.lines}
    return topic != "size" or bool(kinds & {"clothing", "shoes"})


def _past(
    orders: list[Purchase], wares: Wares, scene: Scene, rng: np.random.Generator
) -> Iterator[tuple[Purchase, str]]:  # fmt: skip
    """Delivered orders of the last half year that somebody asked about."""
    recent = [o for o in orders if o.delivered and o.delivered > scene.ago(180)]
    for place in np.sort(rng.choice(len(recent), ANSWERED, replace=False)):
        order = recent[int(place)]
        assert order.delivered is not None
        may = ["late"] * 3 if order.delivered > order.promised + DAY else ["damaged", "invoice"]
        may += ["size"] * 2 if _is_fit(order, "size", wares) else []
        may += ["where"] if order.delivered > _earliest(order, "where") + DAY else []
        yield order, str(rng.choice(may))


def _open(
    tickets: list[dict[str, object]], messages: list[dict[str, object]], number: int, order: Purchase,
    what: tuple[str, str, int], rng: np.random.Generator,
) -> None:  # fmt: skip
    topic, language, at = what
    tickets.append({
        "id": number, "user_id": order.buyer.id, "shop_id": order.shop, "order_id": order.id,
        "summary": SUMMARIES[topic].format(order=order.id), "language": language, "status": "open",
        "opened_at": moment(at), "answered_at": None,
    })  # fmt: skip
    text = str(rng.choice(topics(language)[topic]["ask"])).format(order=order.id)
    messages.append({"ticket_id": number, "author_id": order.buyer.id, "text": text, "at": moment(at)})


def _answer(
    ticket: dict[str, object], messages: list[dict[str, object]], order: Purchase, topic: str, at: int,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    ticket["status"], ticket["answered_at"] = ("closed" if rng.random() < 0.3 else "answered"), moment(at)
    text = str(rng.choice(topics(order.buyer.language)[topic]["answer"])).format(order=order.id)
    author = MERCHANT + order.shop
    messages.append({"ticket_id": ticket["id"], "author_id": author, "text": text, "at": moment(at)})
