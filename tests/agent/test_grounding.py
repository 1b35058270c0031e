from datetime import date
from decimal import Decimal

import pytest

from agent.grounding import readings, ungrounded
from tools.facts import Fact

FACTS: frozenset[Fact] = frozenset(
    {
        Decimal("1234.50"),
        Decimal(3),
        date(2026, 11, 2),
        "Order 1001: BAG-0012",
        Decimal(1001),
        Decimal(120000),
    }
)


@pytest.mark.parametrize(
    "answer",
    [
        "It costs 1,234.50 USD.", "Das kostet 1.234,50 €.", "Cela coûte 1 234,50 €.", "1234.5", "Order 1001",
        "On 2 November 2026", "02.11.2026", "2026年11月2日", "١٢٣٤٫٥٠", "12万", "BAG-0012", "1. first\n2. second", "",
        "1234.50，3 件",
    ],
)  # fmt: skip
def test_facts_may_be_written_in_every_way(answer: str) -> None:
    assert ungrounded(answer, FACTS) == []


@pytest.mark.parametrize(
    "answer", ["It costs 12.34 USD.", "within 14 days", "Order 1002", "BAG-0013", "１５％", "13万"]
)
def test_a_number_that_no_fact_vouches_for_is_found(answer: str) -> None:
    assert ungrounded(answer, FACTS) != []


def test_a_mark_may_stand_for_thousands_or_decimals() -> None:
    assert readings("1,234") == {Decimal(1234), Decimal("1.234")}
