"""What customers asked the shops: three open requests for each, and some that were answered.

Open tickets have fixed numbers, topics and languages (`OPEN`): 501–503 of shop 1, 504–506 of shop 2, and so on.
Who wrote them, and about which order, depends on the day of the demo.
"""

from collections.abc import Iterator

import numpy as np

from shop.demo.purchases import Purchase
from shop.demo.scene import DAY, Scene, dice, moment
from shop.demo.speech import topics

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
    "where": ("shipped",), "late": ("shipped", "delivered"), "damaged": ("delivered",), "size": ("delivered",),
    "cancel": ("paid", "packed"), "invoice": ("delivered", "shipped"),
}  # fmt: skip


def rows(
    orders: list[Purchase], scene: Scene
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:  # fmt: skip
    """Rows of Ticket and of TicketMessage."""
    rng, tickets, messages = dice("tickets"), list[dict[str, object]](), list[dict[str, object]]()
    number = FIRST
    for shop, asked in enumerate(OPEN, 1):
        for topic, language in asked:
            order = _about(orders, shop, topic, language, scene)
            opened = max(order.placed + 3600, scene.ago(0.3 + 2.2 * rng.random()))
            _open(tickets, messages, number, order, (topic, language, min(opened, scene.now)), rng)
            number += 1
    for order, topic in _past(orders, scene, rng):
        opened = (order.delivered or order.placed) + int((0.5 + 3 * rng.random()) * DAY)
        if opened + 2 * DAY > scene.now:
            continue
        _open(tickets, messages, number, order, (topic, order.buyer.language, opened), rng)
        _answer(tickets[-1], messages, order, topic, opened + int((0.1 + rng.random()) * DAY), rng)
        number += 1
    return tickets, messages


def _about(orders: list[Purchase], shop: int, topic: str, language: str, scene: Scene) -> Purchase:
    """The newest order that suits: of the shop, in the language, in a state that fits the topic."""
    others = [order for order in reversed(orders) if order.shop == shop and order.id > 20_000 and not order.scenario]
    spoken = [order for order in others if order.buyer.language == language]
    for among in (spoken, others):
        for order in among:
            is_late = (order.delivered or scene.now) > order.promised
            fits = order.status in _STATES[topic] and (order.delivered or 0) < scene.ago(0.5)
            if fits and (is_late or topic != "late"):
                return order
    return spoken[0]


def _past(
    orders: list[Purchase], scene: Scene, rng: np.random.Generator
) -> Iterator[tuple[Purchase, str]]:  # fmt: skip
    """Delivered orders of the last half year that somebody asked about."""
    recent = [o for o in orders if o.delivered and o.delivered > scene.ago(180) and o.id > 20_000 and not o.scenario]
    for place in np.sort(rng.choice(len(recent), ANSWERED, replace=False)):
        order = recent[int(place)]
        topic = str(rng.choice(["where", "damaged", "size", "invoice"]))
        yield order, "late" if (order.delivered or 0) > order.promised else topic


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
