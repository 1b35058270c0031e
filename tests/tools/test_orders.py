"""Orders through the tools: the own ones, the one that is meant, and the shop's queue."""

from collections.abc import Callable

import pytest

from shop.errors import Missing
from shop.tables import Order
from tests.calls import HOME
from tests.shop import small
from tools.base import ToolResult, World
from tools.views import OrderView, Question, Stack, Table

Run = Callable[..., ToolResult]


def candidates(result: ToolResult) -> set[int]:
    assert isinstance(result.view, Question)
    return {candidate.id for candidate in result.view.candidates}


def test_only_the_own_orders_are_listed(run: Run) -> None:
    result = run("bob", "my_orders")
    assert isinstance(result.view, Stack)
    shown = {view.order_id for view in result.view.views if isinstance(view, OrderView)}
    assert shown == {small.MIXED, small.LATE_PARCEL, small.LATE_TO_SHIP}
    assert str(small.PAID) not in result.text


def test_a_list_names_how_many_there_are_and_shows_the_newest_five(run: Run) -> None:
    result = run("ann", "my_orders")
    assert result.say[0].values["n"] == 9
    assert [phrase.values["order"] for phrase in result.say[1:]] == [1001, 1002, 1003, 1004, 1005]


def test_orders_are_listed_by_where_they_stand(run: Run) -> None:
    result = run("ann", "my_orders", status="returned")
    assert [phrase.values["order"] for phrase in result.say[1:]] == [small.REQUESTED, small.RETURNED]
    assert run("bob", "my_orders", status="cancelled").say[0].key == "say.no_orders"


def test_of_several_orders_the_customer_is_asked_which(run: Run) -> None:
    assert candidates(run("ann", "cancel_order")) == {small.PLACED, small.PAID, small.PACKED}
    assert candidates(run("ann", "change_address", **HOME)) == {small.PLACED, small.PAID, small.PACKED}


def test_the_only_order_that_fits_is_meant_and_pinned(run: Run) -> None:
    result = run("cho", "cancel_order")
    assert result.pinned == {"order_id": small.CHOS_PAID}
    assert "1014" in result.text


@pytest.mark.parametrize("tool", ["cancel_order", "return_order", "track_order"])
def test_a_foreign_order_looks_like_an_absent_one(run: Run, tool: str) -> None:
    said = []
    for number in (small.CHOS_PAID, 4711):
        with pytest.raises(Missing) as error:
            run("ann", tool, order_id=number)
        said.append(str(error.value).replace(str(number), "N"))
    assert said[0] == said[1]


def test_a_preview_shows_the_order_as_it_would_be(run: Run, world: World) -> None:
    result = run("ann", "change_address", order_id=small.PAID, **HOME)
    assert isinstance(result.view, OrderView)
    assert result.view.address == "Ann Lee, Oak Street 12, 62704 Springfield, US"
    with world.database.session() as db:
        order = db.get(Order, small.PAID)
        assert order is not None
        assert order.street == "Main Street 1"


def test_a_cancelled_order_says_what_is_paid_back(run: Run) -> None:
    phrase = run("ann", "cancel_order", order_id=small.PAID).say[0]
    assert str(phrase.values["total"]) == f"{(13000 + 700 + 1300 + 2600) / 100:.2f} USD"


@pytest.mark.parametrize(
    ("who", "status", "orders"),
    [
        ("merchant", "to_ship", [small.PAID, small.CHOS_PAID, small.PACKED]),
        ("other_merchant", "to_ship", [small.LATE_TO_SHIP]),
        ("other_merchant", "late", [small.LATE_PARCEL, small.LATE_TO_SHIP]),
        ("merchant", "return_requested", [small.REQUESTED]),
        ("operator", "shipped", [small.LATE_PARCEL, small.SHIPPED]),
    ],
)
def test_a_queue_holds_the_own_shops_orders(run: Run, who: str, status: str, orders: list[int]) -> None:
    view = run(who, "order_queue", status=status).view
    assert isinstance(view, Table)
    assert sorted(row[0] for row in view.rows if isinstance(row[0], int)) == sorted(orders)


def test_an_empty_queue_says_so(run: Run) -> None:
    assert run("other_merchant", "order_queue", status="return_requested").say[0].key == "say.queue_empty"
