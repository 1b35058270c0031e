"""What later turns know of earlier ones."""

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from agent import history
from agent.turn import Call
from shop.errors import ShopError
from shop.tables import Turn as Row
from tools.base import ToolResult

SEARCH: dict[str, object] = {
    "tool": "search_products",
    "arguments": {"query": "bag"},
    "text": "product 7 (BAG-1): Bag\nproduct 8 (BAG-2): Sack",
}
TRACK: dict[str, object] = {
    "tool": "track_order",
    "arguments": {"order_id": 1004},
    "text": "order 1004, parcel HT000001004DE, in_transit",
}


def row(number: int, role: str, text: str = "", *calls: dict[str, object]) -> Row:
    return Row(id=number, role=role, text=text, language="en", calls=list(calls))


def talk() -> list[Row]:
    return [row(1, "user", "bags under 40 EUR"), row(2, "assistant", "Here:", SEARCH),
            row(3, "user", "where is 1004?"), row(4, "assistant", "There.", TRACK)]  # fmt: skip


def test_calls_and_results_are_shown_and_the_wording_is_not() -> None:
    said = history.messages(talk())
    assert [type(one) for one in said] == [HumanMessage, AIMessage, ToolMessage] * 2
    assert "Here:" not in "".join(one.text for one in said)
    assert said[2].text == SEARCH["text"]


def test_a_plain_reply_is_shown_as_the_step_that_it_was() -> None:
    said = history.messages([row(1, "assistant", "Hi", {"tool": "reply", "arguments": {"kind": "greeting"}})])
    assert isinstance(said[0], AIMessage)
    assert [(call["name"], call["args"]) for call in said[0].tool_calls] == [("reply", {"kind": "greeting"})]
    assert len(said) == 1


def test_only_the_last_exchanges_are_shown() -> None:
    long = [row(n, "user", f"message {n}") for n in range(50)]
    assert [one.text for one in history.messages(long)] == [f"message {n}" for n in range(44, 50)]


def test_ids_of_words_and_results_are_known_newest_first() -> None:
    known = history.known(talk())
    assert known.orders == (1004,)
    assert known.products == (7, 8)
    assert known.trackings == ("HT000001004DE",)
    assert history.listed(talk()) == (7, 8)


def test_the_currency_named_last_counts() -> None:
    assert history.currency(talk(), "and shoes", "en") == "EUR"
    assert history.currency(talk(), "shoes under 5000 yen", "en") == "JPY"
    assert history.currency([], "shoes", "en") is None


def test_the_last_search_and_the_tools_are_remembered() -> None:
    assert history.last("search_products", talk()) == {"query": "bag"}
    assert history.used(talk()) == ["search_products", "track_order"]
    assert history.last("search_products", []) is None


def test_what_is_stored_is_short_and_holds_errors_too() -> None:
    long = Call("my_orders", {}, ToolResult("x" * 5000), None, 1.0)
    assert len(str(history.stored(long)["text"])) == 700
    failed = Call("track_order", {"order_id": 1}, None, ShopError("error.order_missing", order=1), 1.0)
    assert str(history.stored(failed)["text"]).startswith("ERROR: There is no order 1")


def test_rows_that_hold_something_else_are_passed_over() -> None:
    assert history.calls(Row(id=1, role="assistant", text="", language="en", calls=["x", 3, None])) == []
