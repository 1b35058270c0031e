"""A language model's server that is missing, slow, dying or talking nonsense: the shop answers without it."""

import json
import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from agent.assistant import Assistant
from agent.events import Failed, Notice
from agent.llm import connect
from tests.agent.servers import Behave, Handler, chunk, free_port, serving
from tests.talk import Talk
from tests.world import Scores
from tools.base import World

ASK = "where is my order 1004 please?"
TRACK = json.dumps({"tool": "track_order", "arguments": {"order_id": 1004}})
Reach = Callable[..., Talk]


@pytest.fixture
def reach(world: World, intent: Scores, actors: SimpleNamespace) -> Reach:
    """Talk over a real client to a server's URL."""

    def begin(url: str, answers: str = "tools", native: bool = False, timeout: float = 5.0) -> Talk:
        llm = connect(url, "model", answers=answers, native_calls=native, timeout=timeout)
        return Talk(Assistant(world, intent, llm), actors.ann)

    return begin


def answering(body: bytes, kind: str = "application/json", status: int = 200) -> Behave:
    return lambda handler: handler.answer(body, kind, status)


def step(text: str | None) -> Behave:
    return lambda handler: handler.say(text)


def check(talk: Talk) -> None:
    """One answer, by the shop itself, that says so; twice, so that the next message works."""
    for _ in range(2):
        heard = talk.say(ASK)
        assert heard.all(Notice) == [Notice("ui.no_llm")]
        assert "HT000001004DE" in heard.text
        assert not heard.all(Failed)


def test_a_good_server_is_used(reach: Reach) -> None:
    with serving(step(TRACK)) as url:
        heard = reach(url).say(ASK)
    assert not heard.all(Notice)
    assert "HT000001004DE" in heard.text


@pytest.mark.parametrize("native", [False, True])
def test_a_missing_server(reach: Reach, native: bool) -> None:
    check(reach(f"http://127.0.0.1:{free_port()}/v1", native=native))


@pytest.mark.parametrize("url", ["http://no-such-host.invalid/v1", "http://127.0.0.1:1/v1"])
def test_a_server_at_a_wrong_address(reach: Reach, url: str) -> None:
    check(reach(url))


@pytest.mark.parametrize("native", [False, True])
def test_a_server_that_never_answers(reach: Reach, native: bool) -> None:
    done = threading.Event()

    def behave(_: Handler) -> None:
        done.wait(20)

    with serving(behave) as url:
        heard = reach(url, native=native, timeout=0.1).say(ASK)
        done.set()
    assert heard.is_without_model
    assert "HT000001004DE" in heard.text


NONSENSE: dict[str, Behave] = {
    "html": answering(b"<html><body>Welcome</body></html>", "text/html"),
    "nothing": answering(b""),
    "half a JSON": answering(b'{"choices": [{"mess'),
    "a JSON of something else": answering(b'{"hello": "world"}'),
    "a list": answering(b"[]"),
    "null": answering(b"null"),
    "no choices": answering(b'{"id": "1", "choices": []}'),
    "null choices": answering(b'{"id": "1", "choices": null}'),
    "an error with status 200": answering(b'{"error": {"message": "out of memory", "code": 500}}'),
    "bytes": answering(bytes(range(256))),
    "status 401": answering(b'{"error": {"message": "no key"}}', status=401),
    "status 404": answering(b"not here", "text/plain", 404),
    "no content": step(""),
    "null content": step(None),
    "prose": step("Sure! Your order is on its way."),
    "a number": step("42"),
    "cut JSON": step('{"tool": "track_order", "argum'),
    "a step without arguments": step('{"tool": "track_order"}'),
    "arguments as a list": step('{"tool": "track_order", "arguments": [1004]}'),
    "a tool that is a number": step('{"tool": 7, "arguments": {}}'),
    "an unknown tool": step('{"tool": "drop_tables", "arguments": {}}'),
    "a tool without a name": step('{"tool": "", "arguments": {}}'),
    "a reply without a kind": step('{"tool": "reply", "arguments": {}}'),
    "endless prose": step("word " * 400_000),
    "deep JSON": step('{"tool": "x", "arguments": ' + '{"a":' * 5000 + "1" + "}" * 5001),
}


@pytest.mark.parametrize("behave", NONSENSE.values(), ids=NONSENSE)
def test_a_server_that_talks_nonsense(reach: Reach, behave: Behave) -> None:
    with serving(behave) as url:
        check(reach(url))


NATIVE_NONSENSE = ("html", "nothing", "half a JSON", "a JSON of something else", "a list", "null", "no choices",
                   "an error with status 200", "bytes", "status 401")  # fmt: skip


@pytest.mark.parametrize("name", NATIVE_NONSENSE)
def test_the_same_with_native_calls(reach: Reach, name: str) -> None:
    with serving(NONSENSE[name]) as url:
        check(reach(url, answers="model", native=True))


WRONG = {
    "an order as a word": {"order_id": "mine"}, "an order as a list": {"order_id": [1004, 1002]},
    "an argument that is not there": {"user_id": 2, "order_id": 1004}, "a null": {"order_id": None},
    "nothing": {}, "a huge number": {"order_id": 10**40}, "a NaN": {"order_id": float("nan")},
}  # fmt: skip


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_arguments_of_wrong_types_end_in_one_sentence(reach: Reach, arguments: dict[str, object]) -> None:
    with serving(step(json.dumps({"tool": "track_order", "arguments": arguments}))) as url:
        talk = reach(url)
        for _ in range(2):
            heard = talk.say(ASK)
            assert heard.text
            assert not heard.all(Failed)


@pytest.mark.parametrize("tool", ["search_products", "call_human", "return_order", "change_address"])
def test_texts_of_any_kind_end_in_one_sentence(reach: Reach, tool: str) -> None:
    odd: dict[str, object] = dict.fromkeys(("query", "summary", "note", "street", "city", "postal_code"), "\x00\ud800")
    with serving(step(json.dumps({"tool": tool, "arguments": odd}))) as url:
        assert reach(url).say(ASK).text


def dying(after: int) -> Behave:
    """Send some good pieces of a stream, then break the connection in the middle of one."""

    def behave(handler: Handler) -> None:
        handler.answer(chunk("Order 1004 ") * after + b"data: {", "text/event-stream", length=10_000)
        handler.close_connection = True

    return behave


@pytest.mark.parametrize("after", [0, 3])
def test_a_server_that_dies_in_mid_stream(reach: Reach, after: int) -> None:
    with serving(dying(after)) as url:
        check(reach(url, answers="model", native=True))


@pytest.mark.parametrize("after", [0, 3])
def test_a_server_that_dies_while_wording_the_answer(reach: Reach, after: int) -> None:
    asked: list[int] = []

    def behave(handler: Handler) -> None:
        asked.append(1)
        good = {1: TRACK, 2: json.dumps({"tool": "reply", "arguments": {"kind": "answer"}})}
        if len(asked) in good:
            handler.say(good[len(asked)])
        else:
            dying(after)(handler)

    with serving(behave) as url:
        heard = reach(url, answers="model").say(ASK)
    assert "HT000001004DE" in heard.text
    assert not heard.all(Failed)


def test_a_server_that_dies_after_a_proposal_leaves_one_proposal(reach: Reach) -> None:
    asked: list[int] = []

    def behave(handler: Handler) -> None:
        asked.append(1)
        if len(asked) == 1:
            handler.say(json.dumps({"tool": "cancel_order", "arguments": {"order_id": 1002}}))
        else:
            handler.answer(b"", status=500)

    with serving(behave) as url:
        heard = reach(url).say("Cancel order 1002. And where is order 1004?")
    assert heard.tools == ["cancel_order"]
    assert heard.text
