"""Facts: the numbers, dates, ids and names that a tool's result vouches for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from shop.money import Money
from shop.wording import Percent

Fact: TypeAlias = Decimal | date | str

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def collect(value: object) -> frozenset[Fact]:
    """Gather every fact in a value, however deep."""
    return frozenset(_walk(value))


def numbers_in(text: str) -> Iterator[Decimal]:
    """Read the numbers in canonical text (point for decimals, comma or nothing for thousands)."""
    for found in _NUMBER.findall(text):
        plain = found.replace(",", "")
        if plain.count(".") <= 1:
            yield Decimal(plain)
        else:
            yield from (Decimal(part) for part in plain.split("."))


def _walk(value: object) -> Iterator[Fact]:
    match value:
        case None | bool():
            return
        case Money():
            yield value.amount
        case Percent(share):
            yield round(Decimal(repr(share)) * 100, 1)
        case datetime():
            yield value.date()
            hours = (value.hour, value.hour % 12 or 12)  # some languages say 9 pm for 21
            yield from (Decimal(part) for part in (*hours, value.minute, value.second))
        case date():
            yield value
        case int() | float() | Decimal():
            yield Decimal(str(value))
        case str():
            yield value
            yield from numbers_in(value)
        case Mapping():
            for part in value.values():
                yield from _walk(part)
        case tuple() | list() | frozenset():
            yield Decimal(len(value))
            for part in value:
                yield from _walk(part)
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from _walk(getattr(value, field.name))
        case _:
            return
