"""What a model may write: calls of offered tools, with ids that stand in the conversation."""

from collections.abc import Collection
from typing import Any

import pytest

from agent.mentions import Mentions
from agent.schema import FROM_WORDS, REPLIES, step
from shop.people import Role
from tools import TOOLS

KNOWN = Mentions(orders=(1001, 1004), products=(1, 2, 3), tickets=(501,), trackings=("HT000001004DE",))
ALL = tuple(TOOLS.values())
KEYWORDS = {"type", "enum", "const", "properties", "required", "additionalProperties", "anyOf", "items", "minItems",
            "maxItems", "maxLength"}  # fmt: skip


def options(known: Mentions = KNOWN, **more: Any) -> dict[str, Any]:
    """The arguments' schema of each tool that a step may call."""
    form: Any = step(ALL, known, more.pop("replies", REPLIES), ("home",), **more)
    parts = [one["properties"] for one in form["anyOf"]]
    return {part["tool"]["const"]: part["arguments"] for part in parts}


def test_ids_are_those_of_the_conversation() -> None:
    tools = options()
    assert tools["track_order"]["properties"]["order_id"] == {"enum": [1001, 1004]}
    assert tools["track_order"]["properties"]["tracking"] == {"enum": ["HT000001004DE"]}
    assert tools["show_product"]["properties"]["product_id"] == {"enum": [1, 2, 3]}
    assert tools["compare_products"]["properties"]["product_ids"]["items"] == {"enum": [1, 2, 3]}
    assert tools["answer_ticket"]["properties"]["ticket_id"] == {"enum": [501]}


def test_an_id_that_nobody_named_cannot_be_written() -> None:
    tools = options(Mentions())
    assert "order_id" not in tools["cancel_order"]["properties"]
    assert "tracking" not in tools["track_order"]["properties"]


def test_a_tool_that_needs_an_unknown_id_is_not_offered() -> None:
    assert not {"show_product", "compare_products"} & options(Mentions()).keys()
    assert "compare_products" not in options(Mentions(products=(1,)))
    assert "show_product" in options(Mentions(products=(1,)))


def test_a_terse_step_leaves_out_what_the_words_give() -> None:
    tools = options(given=FROM_WORDS)
    assert tools["search_products"]["properties"].keys() == {"query"}
    assert "note" not in tools["return_order"]["properties"]
    assert tools["change_address"]["required"] == ["street", "city", "postal_code"]


def test_replies_are_those_of_the_turn() -> None:
    assert options(replies=("click",))["reply"]["properties"]["kind"]["enum"] == ["click"]
    assert "reply" not in options(replies=())


@pytest.mark.parametrize("given", [(), FROM_WORDS])
@pytest.mark.parametrize("known", [KNOWN, Mentions()])
def test_every_schema_is_one_that_servers_enforce(known: Mentions, given: Collection[str]) -> None:
    """Only plain keywords, no references, every object closed, everything required described."""

    def look(part: Any) -> None:
        assert part
        assert part.keys() <= KEYWORDS
        if part.get("type") == "object":
            assert part["additionalProperties"] is False
            assert set(part["required"]) <= part["properties"].keys()
        for inner in (*part.get("properties", {}).values(), *part.get("anyOf", ()), *filter(None, [part.get("items")])):
            look(inner)

    look(step(ALL, known, REPLIES, ("home",), given=given))


def test_every_enumeration_of_a_signature_is_kept() -> None:
    assert options()["sales_summary"]["properties"]["period"]["enum"][:2] == ["today", "yesterday"]
    assert "damaged" in options()["return_order"]["properties"]["reason"]["enum"]
    assert all(role in Role for tool in ALL for role in tool.roles)
