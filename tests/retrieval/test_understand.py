"""What a shopper asks for is read from the words, in twelve languages."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from retrieval.understand import understand

CASES = yaml.safe_load((Path(__file__).parent / "fixtures" / "wishes.yaml").read_text("utf-8"))
ALL = [case for part in CASES.values() for case in part]


@pytest.mark.parametrize(("text", "language", "wished"), ALL, ids=[f"{c[1]}-{c[0]}" for c in ALL])
def test_the_wishes_are_read(text: str, language: str, wished: dict[str, Any]) -> None:
    found = understand(text, language)
    for name in ("max", "min"):
        expected = Decimal(str(wished[name])) if name in wished else None
        assert getattr(found, f"{name}_price") == expected, name
    for name in ("currency", "sort", "category", "colour"):
        assert getattr(found, name) == wished.get(name), name
    assert found.in_stock == wished.get("in_stock", False)
    assert found.negations == tuple(wished.get("negations", ()))
    if "rest" in wished:
        assert found.rest == wished["rest"]
