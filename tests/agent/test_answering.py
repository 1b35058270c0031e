"""Answers in the model's own words: checked, repaired once, or replaced by the tool's."""

from collections.abc import Callable

import pytest

from agent.events import Delta, Proposed, Said
from tests.scripted import call, reply
from tests.talk import Talk

Begin = Callable[..., Talk]
GOOD = "Order 1004 with the jacket is on its way to you."
WRONG_NUMBER = "Order 1004 arrives in 77 days."
WRONG_LANGUAGE = "Ihre Bestellung ist unterwegs und kommt bald bei Ihnen an."
CALL = call("track_order", order_id=1004)
DONE = reply("answer")


def ask(talk: Begin, *words: str, message: str = "where is order 1004 now?") -> tuple[Talk, Said]:
    chat = talk("ann", CALL.model_copy(), DONE, *words, answers="model")
    return chat, chat.say(message).one(Said)


def test_a_faithful_wording_is_the_answer(talk: Begin) -> None:
    _, said = ask(talk, GOOD)
    assert (said.text, said.source) == (GOOD, "model")


@pytest.mark.parametrize("wrong", [WRONG_NUMBER, WRONG_LANGUAGE, "", "  \n"])
def test_a_wrong_wording_is_repaired_once(talk: Begin, wrong: str) -> None:
    chat, said = ask(talk, wrong, GOOD)
    assert said.text == GOOD
    assert "Wrong: " in chat.chat.seen[-1][-1].text


def test_the_repair_names_what_was_wrong(talk: Begin) -> None:
    chat, _ = ask(talk, WRONG_NUMBER, GOOD)
    assert "77" in chat.chat.seen[-1][-1].text


@pytest.mark.parametrize("wrong", [WRONG_NUMBER, WRONG_LANGUAGE, "", "word " * 20000])
def test_a_wording_that_stays_wrong_gives_way_to_the_tools(talk: Begin, wrong: str) -> None:
    chat, said = ask(talk, wrong, wrong, GOOD)
    assert said.source == "tool"
    assert "HT000001004DE" in said.text
    assert len(chat.chat.steps) == 1


@pytest.mark.parametrize("failure", [TimeoutError("slow"), ConnectionError("gone")])
def test_a_model_that_dies_while_wording_leaves_the_tools_answer(talk: Begin, failure: Exception) -> None:
    chat = talk("ann", CALL.model_copy(), DONE, failure, answers="model")
    said = chat.say("where is order 1004 now?").one(Said)
    assert said.source == "tool"
    assert "HT000001004DE" in said.text


def test_what_stays_on_the_screen_is_the_checked_answer(talk: Begin) -> None:
    chat = talk("ann", CALL.model_copy(), DONE, WRONG_NUMBER, GOOD, answers="model")
    heard = chat.say("where is order 1004 now?")
    assert any("77" in piece.text for piece in heard.all(Delta))
    assert isinstance(heard.events[-1], Said)
    assert "77" not in heard.text


def test_a_proposal_is_never_in_the_models_words(talk: Begin) -> None:
    chat = talk("ann", call("cancel_order", order_id=1002), "It is cancelled!", answers="model")
    heard = chat.say("please cancel order 1002")
    assert heard.all(Proposed)
    assert heard.one(Said).source == "tool"


def test_a_language_without_a_catalogue_is_worded_by_the_model(talk: Begin) -> None:
    words = "Twoja paczka z zamówieniem 1004 jest już w drodze do ciebie."
    said = talk("ann", CALL.model_copy(), words).say("Gdzie jest teraz moja paczka z zamówieniem 1004?").one(Said)
    assert (said.language, said.text) == ("pl", words)


def test_and_in_english_where_the_model_cannot(talk: Begin) -> None:
    said = talk("ann", CALL.model_copy(), "77", "77").say("Gdzie jest teraz moja paczka z zamówieniem 1004?").one(Said)
    assert said.language == "en"
    assert "HT000001004DE" in said.text
