"""The tables of customs: CSV files beside this one, each row with its source and the day it was true."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import TypeVar

FOLDER = Path(__file__).parent
COLUMNS = {
    "countries": ("country", "union", "region", "duty_on", "threshold_on", "tax", "tax_on", "source", "as_of"),
    "facts": ("country", "rule", "value", "currency", "valid_from", "valid_to", "source", "as_of"),
    "duties": ("who", "hs", "rate", "source", "as_of"),
    "taxes": ("country", "hs", "rate", "source", "as_of"),
    "restrictions": ("who", "hs", "kind", "what", "source", "as_of"),
    "freight": (
        "zone", "service", "base", "per_kg", "step_kg", "divisor", "days_low", "days_high", "currency", "source",
        "as_of",
    ),
    "insurance": ("percent", "of_percent", "source", "as_of"),
    "pegs": ("currency", "units", "anchor", "source", "as_of"),
}  # fmt: skip
KEYS = {  # the columns that tell rows of a table apart
    "countries": ("country",), "facts": ("country", "rule", "valid_from"), "duties": ("who", "hs"),
    "taxes": ("country", "hs"), "restrictions": ("who", "hs", "what"), "freight": ("zone", "service"),
    "insurance": (), "pegs": ("currency",),
}  # fmt: skip
NUMBERS = frozenset({"value", "rate", "base", "per_kg", "step_kg", "divisor", "days_low", "days_high", "percent",
                     "of_percent", "units"})  # fmt: skip
EMPTY = frozenset({"value", "rate", "currency", "valid_from", "valid_to", "tax"})  # cells that may be empty
CHOICES = {
    "duty_on": ("cif", "fob"), "threshold_on": ("goods", "cif"), "tax_on": ("cif_duty", "goods_duty", "none"),
    "kind": ("forbidden", "restricted"), "service": ("air", "express", "sea"),
    "zone": ("domestic", "union", "region", "world"),
}  # fmt: skip

T = TypeVar("T")
Row = dict[str, str]


class BadTable(Exception):
    """A table of customs that breaks a rule; the sentence names the file, the row and the rule."""


@dataclass(frozen=True)
class Land:
    """How a country taxes imports.

    `duty_on` and `threshold_on`: the price of the goods (fob, goods) or with freight and insurance (cif). `tax_on`:
    what the tax is taken of. `union`: the customs union, within which there is no border.
    """

    code: str
    union: str
    region: str
    duty_on: str
    threshold_on: str
    tax: str
    tax_on: str
    source: str
    as_of: date


@dataclass(frozen=True)
class Fact:
    """One rule of a country: a percentage, or an amount in `currency`; None where it is known not to be known."""

    rule: str
    value: Decimal | None
    currency: str
    first: date
    last: date
    source: str
    as_of: date


@dataclass(frozen=True)
class Rate:
    """A percentage for the goods of some HS codes; None where it is known to depend on more than these digits."""

    who: str
    first: str
    last: str
    percent: Decimal | None
    source: str
    as_of: date

    def covers(self, hs: str) -> int:
        """How many digits of a code this row decides; 0 when it is about other goods, 1 for all goods."""
        if not self.first:
            return 1
        size = len(self.first)
        return size if len(hs) >= size and self.first <= hs[:size] <= self.last else 0


@cache
def rows(table: str) -> tuple[Row, ...]:
    """Read a table of this folder. Raises BadTable."""
    return read(FOLDER / f"{table}.csv", table)


def read(path: Path, table: str) -> tuple[Row, ...]:
    """Read and check a file in the form of a table. Raises BadTable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            found = [dict(row) for row in reader]
            columns = tuple(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise BadTable(f"{path.name} cannot be read: {problem}.") from problem
    if columns != COLUMNS[table]:
        raise BadTable(f"{path.name}: the columns must be {', '.join(COLUMNS[table])}.")
    for number, row in enumerate(found, 2):
        _check(path.name, number, row, table)
    return tuple(found)


def key(table: str, row: Row) -> tuple[str, ...]:
    """What tells a row from the others of its table."""
    return tuple(row[name] for name in KEYS[table])


@cache
def known(table: str, make: Callable[[Row], T]) -> tuple[T, ...]:
    """Read a table into values."""
    return tuple(make(row) for row in rows(table))


def land(row: Row) -> Land:
    """Make a country's rules of a row."""
    return Land(
        row["country"], row["union"], row["region"], row["duty_on"], row["threshold_on"], row["tax"], row["tax_on"],
        row["source"], date.fromisoformat(row["as_of"]),
    )  # fmt: skip


def fact(row: Row) -> Fact:
    """Make a fact of a row."""
    value = Decimal(row["value"]) if row["value"] else None
    first, last = _day(row["valid_from"], date.min), _day(row["valid_to"], date.max)
    return Fact(row["rule"], value, row["currency"], first, last, row["source"], date.fromisoformat(row["as_of"]))


def rate(row: Row) -> Rate:
    """Make a rate of a row of duties or taxes, or of restrictions (which have no percentage)."""
    first, last = span(row["hs"])
    percent = Decimal(row["rate"]) if row.get("rate") else None
    who = row.get("who") or row["country"]
    return Rate(who, first, last, percent, row["source"], date.fromisoformat(row["as_of"]))


def span(hs: str) -> tuple[str, str]:
    """The first and last code that "all", "61", "25-34" or "8516.79" stands for, as digits."""
    if hs == "all":
        return "", ""
    first, _, last = hs.replace(".", "").partition("-")
    return first, last or first


def _day(text: str, otherwise: date) -> date:
    return date.fromisoformat(text) if text else otherwise


def _check(name: str, number: int, row: Row, table: str) -> None:
    """Raise BadTable unless a row keeps the rules of its table."""
    for column in COLUMNS[table]:
        text = row.get(column)
        if text is None or None in row:
            raise BadTable(f"{name}, row {number}: it must have {len(COLUMNS[table])} cells.")
        problem = _problem(column, text)
        if problem:
            raise BadTable(f"{name}, row {number}: {column} “{text}” {problem}.")


def _problem(column: str, text: str) -> str | None:
    if not text:
        return None if column in EMPTY else "must not be empty"
    if column in CHOICES and text not in CHOICES[column]:
        return f"must be one of {', '.join(CHOICES[column])}"
    if column in NUMBERS and not _is_number(text):
        return "must be a number of 0 or more, such as 12.5"
    if column in ("as_of", "valid_from", "valid_to") and not _is_day(text):
        return "must be a day, such as 2026-01-31"
    if column == "hs" and text != "all" and not all(one.isdigit() and 2 <= len(one) <= 10 for one in span(text)):
        return "must be digits of an HS code, such as 61, 8516.79 or 25-34"
    return None


def _is_number(text: str) -> bool:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    return number.is_finite() and number >= 0


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
