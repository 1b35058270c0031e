"""Sending an order back."""

from collections.abc import Callable

import pytest

from shop.errors import ShopError
from tests.shop import small
from tools.base import ToolResult

Run = Callable[..., ToolResult]


def test_a_return_names_the_order_the_reason_and_the_refund(run: Run) -> None:
    result = run("ann", "return_order", order_id=small.DELIVERED, reason="damaged")
    goods = 13000 + 2 * 1000
    assert str(result.say[1].values["refund"]) == f"{(goods + goods // 10 + goods // 5) / 100:.2f} USD"
    assert result.pinned == {"order_id": small.DELIVERED}


def test_the_only_order_within_its_window_is_meant(run: Run) -> None:
    assert run("ann", "return_order", reason="changed_mind").pinned == {"order_id": small.DELIVERED}


def test_food_comes_back_only_if_it_is_faulty(run: Run) -> None:
    with pytest.raises(ShopError, match="only if they are faulty"):
        run("cho", "return_order", reason="changed_mind")
    assert run("cho", "return_order", reason="damaged").pinned == {"order_id": small.FOOD}


def test_a_merchant_cannot_return_a_customers_order(run: Run) -> None:
    with pytest.raises(ShopError):
        run("merchant", "return_order", order_id=small.DELIVERED, reason="damaged")
