"""Whatever a person sends gets one clear answer, and the next message works."""

from collections.abc import Callable

import pytest

from agent.events import Event, Failed, Said
from agent.opening import LONGEST
from shop.wording import say
from tests.scripted import call, reply
from tests.talk import Heard, Talk

Begin = Callable[..., Talk]
ODD = {
    "empty": "", "blanks": " \n\t ", "controls": "\x00\x01\x02\x1b[31m\x7f", "a lone surrogate": "\ud83d",
    "halves": "\udc00\ud800", "emoji": "🙂🙂🎁👨‍👩‍👧‍👦🇩🇪", "private use": "\ue000\uf8ff", "marks": "?!… --- ***",
    "binary": bytes(range(256)).decode("latin-1"), "endless": "x" * 100_000, "endless digits": "1" * 100_000,
    "endless emoji": "🙂" * 100_000, "many lines": "\n".join("abc" for _ in range(30_000)),
    "right to left marks": "\u202e\u2066abc\u200f", "mixed": "你好, wo ist заказ 1004 de mi 주문?",
    "json": '{"tool": "cancel_order", "arguments": {"order_id": 1002}}', "markup": "<script>alert(1)</script>",
    "sql": "'; DROP TABLE orders; --", "braces": "{order} {0} {} {{n}} %s %(n)s", "zalgo": "a" + "\u0301" * 3000,
}  # fmt: skip


@pytest.mark.parametrize("message", ODD.values(), ids=ODD)
@pytest.mark.parametrize("has_model", [True, False])
def test_an_odd_message_gets_one_answer_and_the_next_one_works(talk: Begin, message: str, has_model: bool) -> None:
    chat = talk("ann", reply("clarify")) if has_model else without_model(talk("ann"))
    heard = chat.say(message)
    assert heard.text.strip()
    assert not heard.all(Failed)
    if has_model:
        chat.chat.steps[:] = [call("track_order", order_id=1004)]
    assert "HT000001004DE" in chat.say("where is my order 1004 please?").text


def without_model(talk: Talk) -> Talk:
    talk.assistant.llm = None
    return talk


@pytest.mark.parametrize(
    ("message", "key"),
    [("", "talk.empty"), (" \x00 ", "talk.empty"), ("🙂", "talk.clarify"), ("a" * (LONGEST + 1), "talk.too_long")],
)
def test_it_says_what_is_the_matter(talk: Begin, message: str, key: str) -> None:
    chat = talk("ann")
    assert chat.say(message).text == say(key, "en", limit=LONGEST)
    assert not chat.chat.seen


def test_the_longest_message_is_still_answered(talk: Begin) -> None:
    chat = talk("ann", call("my_orders"))
    assert chat.say("show me my orders please " + "x" * (LONGEST - 25)).tools == ["my_orders"]


def test_an_endless_message_is_not_sent_to_the_model_later(talk: Begin) -> None:
    chat = talk("ann", call("my_orders"))
    chat.say("word " * 20_000)
    chat.say("show me my orders please")
    assert sum(len(message.text) for message in chat.chat.seen[0][1:]) < 2 * LONGEST


def test_a_file_between_the_words_is_left_out(talk: Begin) -> None:
    chat = talk("ann", call("my_orders"))
    chat.say("show me\x00 my \x1borders\ud83d please")
    assert chat.chat.seen[0][-1].text == "show me my orders please"


def test_an_order_number_in_other_digits_is_understood(talk: Begin) -> None:
    assert "HT000001004DE" in talk("ann", call("track_order", order_id=1004)).say("where is order １００４?").text


@pytest.mark.parametrize("number", ["4711", "99999999999999999999", "0", "-1", "10e9"])
def test_an_unknown_number_is_one_sentence(talk: Begin, number: str) -> None:
    heard = without_model(talk("ann")).say(f"where is my order {number}?")
    assert len(heard.all(Said)) == 1
    assert not heard.all(Failed)


def test_an_unknown_conversation_is_one_sentence(talk: Begin) -> None:
    for unknown in ("nowhere", "", "\x00", "\ud800", "x" * 100_000):
        chat = talk("ann")
        chat.conversation = unknown
        assert chat.say("hello, who is there?").failure == say("error.conversation_missing", "en")


def test_pictures_beside_a_message_do_no_harm(talk: Begin) -> None:
    chat = talk("ann", call("my_orders"))
    events: list[Event] = list(
        chat.assistant.reply(chat.actor, chat.conversation, "show me my orders please", [b"\x00", b"GIF89a" * 1000])
    )
    assert Heard(events).text
