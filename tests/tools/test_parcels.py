"""Where a parcel is."""

from collections.abc import Callable

import pytest

from shop.errors import Missing, ShopError
from tests.shop import small
from tools.base import ToolResult
from tools.views import Parcel

Run = Callable[..., ToolResult]


def parcel(result: ToolResult) -> Parcel:
    assert isinstance(result.view, Parcel)
    return result.view


def keys(result: ToolResult) -> list[str]:
    return [phrase.key for phrase in result.say]


def test_a_parcel_is_found_by_order_by_number_and_as_the_newest(run: Run) -> None:
    by_order = run("ann", "track_order", order_id=small.SHIPPED)
    assert parcel(by_order).tracking == "HT000001004DE"
    assert run("ann", "track_order", tracking="ht 000001004 de").text == by_order.text
    assert run("ann", "track_order").text == by_order.text


def test_its_scans_come_oldest_first(run: Run) -> None:
    assert [step.code for step in parcel(run("ann", "track_order")).steps] == ["picked_up", "customs_in"]


def test_a_late_parcel_is_called_late_and_an_early_one_promised(run: Run) -> None:
    assert "say.overdue" in keys(run("bob", "track_order", order_id=small.LATE_PARCEL))
    assert "say.promised" in keys(run("ann", "track_order", order_id=small.SHIPPED))
    assert "say.delivered" in keys(run("ann", "track_order", order_id=small.DELIVERED))


def test_a_foreign_parcel_is_not_shown(run: Run) -> None:
    with pytest.raises(Missing):
        run("bob", "track_order", tracking="HT000001004DE")


def test_an_order_that_was_not_sent_says_when_it_should_be(run: Run) -> None:
    with pytest.raises(ShopError, match="not dispatched yet"):
        run("ann", "track_order", order_id=small.PAID)
