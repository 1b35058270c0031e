"""Arguments that the person's own words give."""

from collections.abc import Callable

import pytest

from agent.turn import Turn
from agent.wishes import read

Make = Callable[..., Turn]
BEFORE: dict[str, object] = {"query": "rain jacket", "max_price": 100.0, "currency": "EUR"}


@pytest.mark.parametrize(
    ("tool", "message", "wished"),
    [
        ("my_orders", "which of my orders were cancelled?", {"status": "cancelled"}),
        ("order_queue", "which orders are late?", {"status": "late"}),
        ("order_queue", "show me the queue", {}),
        ("sales_summary", "best sellers of last month", {"period": "last_month", "group_by": "product"}),
        ("sales_summary", "上个月按国家的销售额", {"period": "last_month", "group_by": "country"}),
        ("find_policy", "who pays customs?", {"question": "who pays customs?"}),
        ("call_human", "let me talk to a person", {"summary": "let me talk to a person"}),
        ("low_stock", "what is low?", {}),
    ],
)
def test_words_give_the_arguments(turn: Make, tool: str, message: str, wished: dict[str, object]) -> None:
    assert read(turn(message), tool, {}) == wished


def test_a_reason_is_read_and_its_words_are_kept(turn: Make) -> None:
    assert read(turn("1005 is too small"), "return_order", {}) == {
        "reason": "does_not_fit",
        "note": "1005 is too small",
        "order_id": 1005,
    }


def test_a_query_that_the_model_made_up_gives_way_to_the_words(turn: Make) -> None:
    asked = turn("the cheapest rain jacket under 120 EUR")
    assert read(asked, "search_products", {"query": "rain jacket"}) == {"query": "rain jacket"}
    assert read(asked, "search_products", {"query": "parka"}) == {"query": "rain jacket"}


def test_a_search_that_goes_on_keeps_what_was_wished_before(turn: Make) -> None:
    found = read(turn("and in green?", last_search=BEFORE), "search_products", {"query": "green"})
    assert str(found["query"]).startswith("rain jacket")
    assert (found["max_price"], found["currency"]) == (100.0, "EUR")


def test_a_new_bound_makes_the_old_ones_void(turn: Make) -> None:
    found = read(turn("under 50 EUR", last_search=BEFORE), "search_products", {"query": "x"})
    assert found == {"query": "rain jacket"}


def test_a_new_wish_forgets_the_old_one(turn: Make) -> None:
    found = read(turn("I am looking for green tea", last_search=BEFORE), "search_products", {"query": "green tea"})
    assert "jacket" not in str(found["query"])
    assert "max_price" not in found


def test_the_second_one_is_the_second_that_was_listed(turn: Make) -> None:
    assert read(turn("show me the second one", listed=(7, 8, 9)), "show_product", {}) == {"product_id": 8}
    assert read(turn("show me the ninth one", listed=(7, 8)), "show_product", {}) == {}
