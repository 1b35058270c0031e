"""Without a language model: the classifier names the tool, the words give its arguments."""

from collections.abc import Callable

import pytest

from agent.events import Notice, Proposed
from shop.wording import say
from tests.talk import Talk


@pytest.fixture
def alone(talk: Callable[..., Talk]) -> Callable[[str], Talk]:
    """A conversation with an assistant that has no language model."""

    def begin(who: str) -> Talk:
        chat = talk(who)
        chat.assistant.llm = None
        return chat

    return begin


@pytest.mark.parametrize(
    ("who", "message", "tool"),
    [
        ("ann", "where is my parcel with order 1004?", "track_order"), ("ann", "我的包裹现在在哪里？", "track_order"),
        ("bob", "Zeig mir alle meine Bestellungen", "my_orders"), ("ann", "cancel order 1002 please", "cancel_order"),
        ("guest", "I am looking for a rain jacket", "search_products"), ("cho", "関税は誰が払いますか", "find_policy"),
        ("ann", "I want to talk to a human being", "call_human"),
        ("merchant", "Welche Produkte gehen zur Neige?", "low_stock"),
        ("merchant", "Umsatz im letzten Monat", "sales_summary"),
        ("merchant", "Zeig mir die offenen Tickets", "answer_ticket"),
        ("operator", "which orders have to be shipped?", "order_queue"),
        ("ann", "I want to return order 1005, it is damaged", "return_order"),
    ],
)  # fmt: skip
def test_the_plain_wishes_are_served(alone: Callable[[str], Talk], who: str, message: str, tool: str) -> None:
    heard = alone(who).say(message)
    assert heard.tools == [tool]
    assert heard.all(Notice) == [Notice("ui.no_llm")]


def test_a_change_is_proposed_here_too(alone: Callable[[str], Talk]) -> None:
    proposed = alone("ann").say("I want to return order 1005, it is damaged").one(Proposed)
    assert (proposed.arguments["order_id"], proposed.arguments["reason"]) == (1005, "damaged")


def test_an_address_without_its_parts_is_asked_for(alone: Callable[[str], Talk]) -> None:
    heard = alone("ann").say("change the delivery address of order 1002")
    assert heard.text == say("talk.address", "en")
    assert not heard.all(Proposed)


def test_a_guest_is_asked_to_sign_in(alone: Callable[[str], Talk]) -> None:
    assert alone("guest").say("where is my order 1004?").text == say("talk.sign_in", "en")


def test_a_greeting_is_returned(alone: Callable[[str], Talk]) -> None:
    assert alone("bob").say("Guten Morgen!").text == say("talk.greeting", "de")
