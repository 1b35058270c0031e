

def test_a_full_width_comma_parts_two_numbers() -> None:
    assert ungrounded("¥5,574.00，6 件", [Decimal("5574.00"), 6]) == []
    assert ungrounded("¥5,574.00，7 件", [Decimal("5574.00"), 6]) == ["7"]
