"""Which tools a message is offered."""

from collections.abc import Callable

import pytest

from agent.choose import MOST, choose, replies, wanted
from shop.people import Role
from tests.world import Scores
from tools import TOOLS

EVEN = {name: 1 / len(TOOLS) for name in TOOLS}


@pytest.mark.parametrize("role", list(Role))
def test_at_most_six_of_the_roles_tools_are_offered(role: Role) -> None:
    for used in ([], ["search_products"], ["my_orders"], ["sales_summary"]):
        chosen = choose(role, EVEN, used)
        assert 0 < len(chosen) <= MOST
        assert all(role in tool.roles for tool in chosen)


def test_what_is_unlikely_is_not_offered() -> None:
    scores = {"track_order": 0.5, "my_orders": 0.3, "cancel_order": 0.2}
    assert [tool.name for tool in choose(Role.SHOPPER, scores, [])] == ["my_orders", "track_order"]


def test_what_follows_the_last_tool_is_offered_too() -> None:
    offered = {tool.name for tool in choose(Role.GUEST, {"find_policy": 0.4}, ["search_products"])}
    assert offered == {"find_policy", "search_products", "show_product", "compare_products"}


def test_a_clear_message_is_understood_without_what_was_before() -> None:
    offered = {tool.name for tool in choose(Role.GUEST, {"find_policy": 0.9}, ["search_products"])}
    assert offered == {"find_policy"}


def test_follow_ups_of_another_role_are_not() -> None:
    assert "compare_products" not in {tool.name for tool in choose(Role.MERCHANT, EVEN, ["search_products"])}


def test_replies_are_offered_by_the_same_measure() -> None:
    assert replies(Role.SHOPPER, {"find_policy": 0.99, "reply:thanks": 0.01}) == ()
    assert replies(Role.SHOPPER, {"reply:thanks": 0.5, "reply:goodbye": 0.3}) == ("thanks", "goodbye")


@pytest.mark.parametrize(
    ("message", "tools"),
    [
        ("Where is order 1004? And who pays the customs duties?", {"track_order", "find_policy"}),
        ("Wo ist Bestellung 1004? Und ich möchte 1002 stornieren.", {"track_order", "cancel_order"}),
        ("Where is my parcel?", set()), ("", set()), ("a. b. c. d. e. f. g.", set()),
    ],
)  # fmt: skip
def test_the_wishes_of_one_message_are_told_apart(intent: Scores, message: str, tools: set[str]) -> None:
    assert {one.tool for one in wanted(Role.SHOPPER, intent, message)} == tools


def test_a_wish_for_another_roles_tool_is_none(intent: Scores) -> None:
    asked = "Where is order 1004? And who pays the customs duties?"
    assert wanted(Role.GUEST, intent, asked) == ()


def test_the_classifier_is_read_once_a_part() -> None:
    seen: list[str] = []

    def count(text: str) -> dict[str, float]:
        seen.append(text)
        return {"my_orders": 0.9}

    look: Callable[[str], dict[str, float]] = count
    assert wanted(Role.SHOPPER, look, "show my orders. show my orders again.") == ()
    assert len(seen) == 2
