"""The steps of a turn."""

from collections.abc import Callable

from agent.events import Used
from agent.turn import MOST_CALLS
from tests.scripted import call, reply
from tests.talk import Talk

Begin = Callable[..., Talk]
TWO = "Where is order 1004? And who pays the customs duties?"


def test_one_wish_takes_one_step(talk: Begin) -> None:
    chat = talk("ann", call("my_orders"), call("my_orders"))
    assert chat.say("show me my orders please").tools == ["my_orders"]
    assert len(chat.chat.seen) == 1


def test_two_wishes_of_one_message_are_both_served(talk: Begin) -> None:
    chat = talk("ann", call("track_order", order_id=1004), call("find_policy"))
    heard = chat.say(TWO)
    assert heard.tools == ["track_order", "find_policy"]
    assert "HT000001004DE" in heard.text
    assert heard.text.strip().endswith("]")


def test_the_second_step_is_offered_what_is_still_missing(talk: Begin) -> None:
    chat = talk("ann", call("track_order", order_id=1004), call("find_policy"))
    chat.say(TWO)
    offered = [one["properties"]["tool"]["const"] for one in chat.chat.bound[1]["schema"]["anyOf"]]
    assert offered == ["find_policy"]


def test_a_turn_has_four_calls_at_most(talk: Begin) -> None:
    chat = talk("ann", *(call("my_orders") for _ in range(20)), answers="model")
    assert len(chat.say("show me my orders please").tools) == MOST_CALLS


def test_many_calls_in_one_step_are_no_way_around_that(talk: Begin) -> None:
    many = call("my_orders")
    many.tool_calls = [{**many.tool_calls[0], "id": str(n)} for n in range(50)]
    heard = talk("ann", many, answers="model", is_constrained=False).say("show me my orders please")
    assert len(heard.all(Used)) <= MOST_CALLS


def test_a_question_back_ends_the_turn(talk: Begin) -> None:
    chat = talk("ann", call("cancel_order"), call("cancel_order", order_id=1002))
    heard = chat.say("please cancel my order")
    assert heard.tools == ["cancel_order"]
    assert heard.one(Used).result.asks


def test_the_prompt_begins_alike_at_every_turn(talk: Begin) -> None:
    chat = talk("ann", call("my_orders"), reply("thanks"))
    chat.say("show me my orders please")
    chat.say("is there any news of what I ordered last week")
    assert chat.chat.seen[0][0].text == chat.chat.seen[1][0].text


def test_native_calls_run_and_the_models_words_are_checked(talk: Begin) -> None:
    chat = talk("ann", call("track_order", order_id=1004), "Order 1004 is on its way.", answers="model",
                is_constrained=False)  # fmt: skip
    heard = chat.say("where is order 1004?")
    assert heard.tools == ["track_order"]
    assert heard.text == "Order 1004 is on its way."


def test_native_words_with_an_invented_number_give_way_to_the_facts(talk: Begin) -> None:
    chat = talk("ann", call("track_order", order_id=1004), "It comes in 77 days.", "It comes in 77 days.",
                "It comes in 77 days.", answers="model", is_constrained=False)  # fmt: skip
    heard = chat.say("where is order 1004?")
    assert "77" not in heard.text
    assert "HT000001004DE" in heard.text
