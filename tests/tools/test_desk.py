"""A merchant's tools: sales, stock and tickets of the own shop."""

from collections.abc import Callable

import pytest

from shop.errors import Missing
from shop.labels import Country
from shop.money import Money
from tests.shop import small
from tools.base import ToolResult
from tools.views import Question, Series, Stack, Table

Run = Callable[..., ToolResult]


def table(result: ToolResult) -> Table:
    parts = result.view.views if isinstance(result.view, Stack) else (result.view,)
    (found,) = (part for part in parts if isinstance(part, Table))
    return found


def test_sales_are_the_own_shops_in_its_currency(run: Run) -> None:
    own = run("other_merchant", "sales_summary", period="last_30_days").say[0].values
    # the parcel and the tea that bob bought, and cho's food
    assert own["revenue"] == Money(12000 + 2 * 1500 + 3 * 1500, "JPY")
    assert (own["n"], own["units"]) == (3, 1 + 2 + 3)


def test_the_best_sellers_come_first_with_what_they_brought(run: Run) -> None:
    rows = table(run("other_merchant", "sales_summary", period="last_30_days", group_by="product")).rows
    assert [(row[0], row[1]) for row in rows] == [
        ("Headphones", Money(12000, "JPY")), ("Green tea", Money(7500, "JPY")),
    ]  # fmt: skip


def test_sales_by_country_name_countries_and_time_is_drawn_as_a_line(run: Run) -> None:
    rows = table(run("other_merchant", "sales_summary", group_by="country")).rows
    assert {row[0] for row in rows} == {Country("DE"), Country("JP")}
    view = run("merchant", "sales_summary", group_by="week").view
    assert isinstance(view, Stack)
    assert [part.kind for part in view.views if isinstance(part, Series)] == ["line"]


def test_an_operator_sees_all_shops_in_one_currency(run: Run) -> None:
    revenue = run("operator", "sales_summary", period="last_30_days").say[0].values["revenue"]
    assert isinstance(revenue, Money)
    assert revenue.currency == "EUR"


def test_low_stock_is_the_own_shops_most_urgent_first(run: Run) -> None:
    result = run("merchant", "low_stock")
    assert {row[0] for row in table(result).rows} == {"NL-1", "NL-3"}
    assert result.say[0].values["n"] == len(table(result).rows)
    assert {row[0] for row in table(run("other_merchant", "low_stock")).rows} == {"HN-1"}


@pytest.mark.parametrize("limit", [-5, 0, 1, 10**6])
def test_any_limit_lists_something(run: Run, limit: int) -> None:
    assert table(run("merchant", "low_stock", limit=limit)).rows


def test_open_tickets_are_listed_with_what_to_click(run: Run) -> None:
    view = run("merchant", "answer_ticket").view
    assert isinstance(view, Question)
    assert [candidate.id for candidate in view.candidates] == [501]
    everything = run("operator", "answer_ticket").view
    assert isinstance(everything, Question)
    assert [candidate.id for candidate in everything.candidates] == [501, 502, 503]


def test_another_shops_ticket_cannot_be_read_or_answered(run: Run) -> None:
    for more in ({}, {"text": "Hello"}):
        with pytest.raises(Missing):
            run("merchant", "answer_ticket", ticket_id=502, **more)


def test_a_ticket_about_an_order_goes_to_its_shop_and_a_foreign_order_to_nobody(run: Run) -> None:
    assert run("ann", "call_human", summary="It is torn", order_id=small.DELIVERED).say[0].key == "say.ticket"
    with pytest.raises(Missing):
        run("guest", "call_human", summary="It is torn", order_id=small.DELIVERED)


def test_a_message_to_a_person_is_kept_whole(run: Run) -> None:
    assert run("guest", "call_human", summary="x" * 2000).say[0].values["summary"] == "x" * 2000
