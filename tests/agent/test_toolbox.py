"""Between a model's call and the tools: errors become words, a bug becomes a reference."""

import logging
from collections.abc import Callable
from dataclasses import replace

import pytest

from agent import toolbox
from agent.events import Failed, Settled, Used
from agent.turn import Turn
from shop.errors import Refused
from shop.wording import say
from tests.scripted import call
from tests.talk import Talk
from tools import TOOLS
from tools.base import Context, ToolResult

Make = Callable[..., Turn]


def broken(ctx: Context, /, **_: object) -> ToolResult:
    raise ZeroDivisionError("a secret detail")


@pytest.fixture
def bug(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tools with a bug in them."""
    for name in ("track_order", "cancel_order"):
        monkeypatch.setitem(TOOLS, name, replace(TOOLS[name], body=broken))


@pytest.mark.usefixtures("bug")
@pytest.mark.parametrize("tool", ["track_order", "cancel_order"])
def test_a_bug_is_told_with_a_reference_and_logged_once(
    talk: Callable[..., Talk], caplog: pytest.LogCaptureFixture, tool: str
) -> None:
    chat = talk("ann", call(tool, order_id=1004), call("my_orders"))
    with caplog.at_level(logging.ERROR):
        heard = chat.say("please look after my order 1004")
    failed = heard.one(Failed)
    assert failed.reference
    assert failed.reference in failed.text
    assert "secret" not in heard.text + failed.text
    assert sum(failed.reference in record.getMessage() for record in caplog.records) == len(caplog.records) == 1
    assert chat.say("show me all my orders please").one(Used).tool == "my_orders"


def test_a_bug_behind_a_click_is_told_too_and_nothing_is_written(
    talk: Callable[..., Talk], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    chat = talk("ann", call("cancel_order", order_id=1002))
    chat.say("please cancel order 1002")
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setitem(TOOLS, "cancel_order", replace(TOOLS["cancel_order"], body=broken))
        failed = chat.confirm().one(Failed)
    assert failed.reference
    assert len(caplog.records) == 1
    assert chat.confirm().one(Settled).outcome == "confirmed"


@pytest.mark.parametrize("name", ["sales_summary", "answer_ticket", "drop_tables", "", "__class__"])
def test_what_is_not_offered_to_the_role_is_refused(turn: Make, name: str) -> None:
    assert isinstance(toolbox.call(turn("hello"), name, {}).error, Refused)


def test_arguments_that_do_not_fit_are_a_sentence(turn: Make) -> None:
    done = toolbox.call(turn("hello"), "my_orders", {"user_id": 2})
    assert str(done.error) == say("error.arguments", "en", names="user_id", tool="my_orders")
    assert done.text.startswith("ERROR: ")


def test_a_read_makes_no_proposal_and_a_write_one(turn: Make) -> None:
    asked = turn("cancel 1002, where is 1004?")
    assert toolbox.call(asked, "track_order", {"order_id": 1004}).proposal_id is None
    assert toolbox.call(asked, "cancel_order", {"order_id": 1002}).proposal_id


@pytest.mark.parametrize(
    ("order", "named", "fits"),
    [
        (1005, "cancel_order", "return_order"), (1005, "return_order", "return_order"),
        (1002, "return_order", "cancel_order"), (1002, "cancel_order", "cancel_order"),
    ],
)  # fmt: skip
def test_what_is_not_wanted_is_cancelled_or_returned_by_its_state(
    talk: Callable[..., Talk], order: int, named: str, fits: str
) -> None:
    chat = talk("ann", call(named, order_id=order))
    assert chat.say(f"I do not want {order} any more").tools == [fits]


def test_an_order_that_is_over_is_not_meant_by_silence(talk: Callable[..., Talk]) -> None:
    chat = talk("ann", call("cancel_order", order_id=1002), call("return_order", order_id=1002))
    chat.say("please cancel order 1002")
    chat.confirm()
    assert "1002" not in chat.say("I want to send it back, it is too small").text
