"""The measurement's own check of numbers."""

from decimal import Decimal

from eval.numbers import ungrounded


def test_a_full_width_comma_parts_two_numbers() -> None:
    assert ungrounded("¥5,574.00，6 件", [Decimal("5574.00"), 6]) == []
    assert ungrounded("¥5,574.00，7 件", [Decimal("5574.00"), 6]) == ["7"]


def test_a_price_may_carry_its_currencys_code() -> None:
    assert ungrounded("TRY4,478.70", [Decimal("4478.70")]) == []
