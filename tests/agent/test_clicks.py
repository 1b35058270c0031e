"""A change is proposed by a message and made by a click."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from agent.events import Proposed, Said, Settled, Used
from shop import people
from shop.tables import Audit, Order, Ticket
from shop.wording import say
from tests.scripted import call, reply
from tests.shop import small
from tests.talk import Talk

Begin = Callable[..., Talk]


def status(talk: Talk, order_id: int = small.PAID) -> str:
    with talk.assistant.world.database.session() as db:
        order = db.get(Order, order_id)
        assert order is not None
        return order.status


@pytest.fixture
def waiting(talk: Begin) -> Talk:
    """A conversation of ann's in which the cancelling of order 1002 waits."""
    chat = talk("ann", call("cancel_order", order_id=small.PAID), reply("click"), reply("thanks"))
    chat.say("please cancel order 1002")
    return chat


def test_a_proposal_shows_what_would_be_done_and_does_nothing(talk: Begin) -> None:
    chat = talk("ann", call("return_order", order_id=1005))
    proposed = chat.say("1005 came damaged, I want to return it").one(Proposed)
    assert proposed.arguments["order_id"] == small.DELIVERED
    assert proposed.text.startswith(say("say.proposed", "en"))
    assert "damaged" in proposed.text
    assert status(chat, small.DELIVERED) == "delivered"


def test_a_click_makes_it_once(waiting: Talk) -> None:
    settled = waiting.confirm().one(Settled)
    assert (settled.outcome, status(waiting)) == ("confirmed", "cancelled")
    assert waiting.confirm().failure == say("error.proposal_done", "en")
    with waiting.assistant.world.database.session() as db:
        assert db.query(Audit).count() == 1


@pytest.mark.parametrize("words", ["I approve", "yes", "confirm", "ok, do it", "好的，确认", "sí, adelante", "да"])
def test_an_approval_in_words_changes_nothing(waiting: Talk, words: str) -> None:
    heard = waiting.say(words)
    assert heard.text
    assert not heard.all(Settled)
    assert status(waiting) == "paid"
    assert waiting.confirm().one(Settled).outcome == "confirmed"


def test_a_rejected_proposal_is_over(waiting: Talk) -> None:
    assert waiting.reject().one(Settled).outcome == "rejected"
    assert waiting.confirm().failure == say("error.proposal_done", "en")
    assert status(waiting) == "paid"


def test_nobody_else_can_click(waiting: Talk, actors: SimpleNamespace) -> None:
    for who in ("bob", "guest", "merchant", "operator"):
        assert waiting.confirm(getattr(actors, who)).failure == say(
            "error.proposal_missing", getattr(actors, who).language
        )
        assert waiting.reject(getattr(actors, who)).failure
    assert status(waiting) == "paid"


@pytest.mark.parametrize("proposal", ["", "nonsense", "\x00", "\ud800", "1' OR '1'='1", "x" * 100_000])
def test_an_unknown_proposal_is_a_sentence(waiting: Talk, proposal: str) -> None:
    assert waiting.confirm(proposal=proposal or "none").failure == say("error.proposal_missing", "en")


def test_a_guest_clicks_in_the_same_visit_only(talk: Begin) -> None:
    chat = talk("guest", call("call_human", summary="x"))
    chat.say("I want to talk to a person about a gift")
    assert chat.confirm(people.guest("somebody-elses-visit")).failure
    assert chat.confirm().one(Settled).outcome == "confirmed"
    with chat.assistant.world.database.session() as db:
        assert db.query(Ticket).where(Ticket.status == "open").count() == 4


def test_a_newer_proposal_takes_the_place_of_an_older(talk: Begin) -> None:
    chat = talk("ann", call("cancel_order", order_id=1002), call("cancel_order", order_id=1003))
    first = chat.say("please cancel order 1002").one(Proposed)
    chat.say("no, please cancel order 1003 instead")
    assert chat.confirm(proposal=first.proposal_id).failure
    assert chat.confirm().one(Settled)
    assert (status(chat, 1002), status(chat, 1003)) == ("paid", "cancelled")


def test_two_changes_in_one_message_can_both_be_confirmed(talk: Begin) -> None:
    chat = talk("ann", call("cancel_order", order_id=1002), call("return_order", order_id=1005))
    heard = chat.say("Cancel order 1002. I also want to return order 1005, it is damaged.")
    for proposed in heard.all(Proposed):
        assert chat.confirm(proposal=proposed.proposal_id).one(Settled)


def test_a_click_is_answered_in_the_conversations_language(talk: Begin) -> None:
    chat = talk("ann", call("cancel_order", order_id=1002))
    chat.say("请取消订单1002，谢谢")
    heard = chat.confirm()
    assert heard.one(Settled).text.startswith(say("say.done", "zh"))
    assert heard.one(Said).language == "zh"


def test_after_a_click_the_conversation_goes_on(waiting: Talk) -> None:
    waiting.confirm()
    waiting.chat.steps[:] = [call("track_order", order_id=1004)]
    assert waiting.say("where is order 1004?").one(Used).tool == "track_order"
