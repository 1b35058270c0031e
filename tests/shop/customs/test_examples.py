"""Worked examples: the amounts are arithmetic from the cited rule, written down without the code."""

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shop.customs import Consignment, Estimate, Item, assess, countries, refund
from shop.money import Money

EXAMPLES = list(csv.DictReader((Path(__file__).parent / "examples.csv").open(encoding="utf-8")))


def consignment(row: dict[str, str]) -> Consignment:
    currency = row["currency"]
    items = []
    for part in row["items"].split(";"):
        price, quantity, hs = re.fullmatch(r"([\d.]+)x(\d+)@([\d.]*)", part).groups()  # type: ignore[union-attr]
        items.append(Item(Money.of(price, currency), int(quantity), hs or None))
    freight, insurance = Money.of(row["freight"], currency), Money.of(row["insurance"], currency)
    day = date.fromisoformat(row["day"])
    return Consignment(row["origin"], row["to"], tuple(items), freight, insurance, day, row["terms"])


def worked(text: str, currency: str, duty: Money) -> Money:
    """The value of "(100+10)*19%", with D for the duty; parts that "&" joins are rounded one by one."""
    total = Money(0, currency)
    for part in text.lstrip("?").split("&"):
        plain = re.sub(r"([\d.]+)%", r"\1/100", part or "0").replace("D", str(duty.amount))
        exact = eval(re.sub(r"[\d.]+", r"Decimal('\g<0>')", plain), {"Decimal": Decimal})
        total += Money.of(exact, currency)
    return total


def amount(estimate: Estimate, *kinds: str) -> Money:
    return sum((estimate.amount(kind) for kind in kinds), Money(0, estimate.total.currency))


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row['to']}: {row['why']}")
def test_the_estimate_equals_the_worked_example_to_the_cent(row: dict[str, str]) -> None:
    sent, currency = consignment(row), row["currency"]
    estimate = assess(sent)
    duty = worked(row["duty"], currency, Money(0, currency))
    tax, fee = worked(row["tax"], currency, duty), worked(row["fee"], currency, duty)
    goods = sum((item.price * item.quantity for item in sent.items), Money(0, currency))
    assert amount(estimate, "duty", "parcel_duty") == duty
    assert amount(estimate, "tax") == tax
    assert amount(estimate, "fee") == fee
    assert estimate.total == goods + sent.freight + sent.insurance + duty + tax + fee
    for column, kinds in (("duty", ("duty", "parcel_duty")), ("tax", ("tax",)), ("fee", ("fee",))):
        unknown = any(line.amount is None for line in estimate.lines if line.kind in kinds)
        assert unknown is row[column].startswith("?"), column


def test_there_are_enough_of_them() -> None:
    assert len(EXAMPLES) >= 80
    assert len({row["to"] for row in EXAMPLES}) >= 25
    assert {row["to"] for row in EXAMPLES} == set(countries())


def back(items: str, returned: dict[int, int], **more: str) -> Money:
    row = {"day": "2026-11-02", "origin": "CN", "to": "DE", "terms": "DDP", "currency": "EUR", "items": items,
           "freight": "10", "insurance": "0"}  # fmt: skip
    sent = consignment(row | more)
    return refund(sent, assess(sent), returned)


def test_a_return_gives_back_price_duty_and_tax_but_not_freight() -> None:
    # half of the duty on goods and freight, 12 % of EUR 234 = 28.08; 19 % of price and duty share
    assert back("112x2@6110.20", {0: 1}) == Money.of(112 + 14.04 + 0.19 * (112 + 14.04), "EUR")


def test_all_of_a_small_parcel_gives_back_the_flat_duty_too() -> None:
    assert back("50x2@6110.20", {0: 2}) == Money.of(100 + 3 + 0.19 * 103, "EUR")


def test_one_of_several_items_gives_back_its_own_share() -> None:
    # two subheadings bear EUR 3 each; the books bear 7 %
    assert back("60x1@4901.10;40x1@8516.79", {0: 1}) == Money.of(60 + 3 + 0.07 * 63, "EUR")


def test_a_return_across_no_border_gives_back_the_tax_on_the_goods() -> None:
    assert back("50x1@6109.10", {0: 1}, origin="FR") == Money.of(50 + 9.5, "EUR")
