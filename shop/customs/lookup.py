"""Which rule applies: by country, HS code and day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from shop import rates
from shop.customs import records
from shop.customs.records import Fact, Land, Rate
from shop.errors import ShopError
from shop.labels import Country
from shop.money import Money

DIGITS = (4, 6, 8, 10)  # how many an HS code may have
_FINE = Decimal("0.000001")  # rates come as binary fractions; their last digits must not carry over a threshold


@dataclass(frozen=True)
class Rule:
    """Why a line is what it is: a phrase `rule.…` with its values, the source and the day it was true."""

    key: str
    source: str
    as_of: date
    percent: Decimal | None = None
    amount: Money | None = None
    hs: str | None = None


@dataclass(frozen=True)
class Barred:
    """A limit on importing goods: `kind` is forbidden or restricted, `what` the kind of goods."""

    kind: str
    what: str
    source: str
    as_of: date


@cache
def countries() -> dict[str, Land]:
    """The countries whose rules are known, by ISO 3166 code."""
    return {one.code: one for one in records.known("countries", records.land)}


def is_covered(code: str) -> bool:
    """Whether there are rules for a country."""
    return code in countries()


def country(code: str) -> Land:
    """The rules of a country. Raises ShopError `error.country_rules` for one that is not covered."""
    found = countries().get(code)
    if found is None:
        raise ShopError("error.country_rules", country=Country(code))
    return found


def is_border(origin: str, destination: str) -> bool:
    """Whether customs stands between two countries."""
    one = countries().get(origin)
    return one is None or one.union != country(destination).union


def fact(code: str, rule: str, day: date) -> Fact | None:
    """The rule of a country that is in force on a day, the newest first; None if there is none."""
    found = [one for one in _facts().get((code, rule), ()) if one.first <= day <= one.last]
    return max(found, key=lambda one: one.first, default=None)


def duty(code: str, hs: str | None) -> Rate | None:
    """The duty on goods of an HS code: of the rows that cover it the one with most digits, None without one."""
    return _best("duties", country(code).union, hs) if hs else None


def reduced(code: str, hs: str | None) -> Rate | None:
    """The reduced tax rate on goods of an HS code, None if no row says there is one."""
    return _best("taxes", code, hs) if hs else None


def barred(code: str, hs: str | None) -> tuple[Barred, ...]:
    """What stands in the way of importing goods of an HS code into a country."""
    if hs is None:
        return ()
    who = {code, country(code).union, "all"}
    return tuple(
        Barred(row["kind"], row["what"], row["source"], date.fromisoformat(row["as_of"]))
        for row in records.rows("restrictions")
        if row["who"] in who and records.rate(row).covers(digits(hs))
    )


def is_code(hs: str) -> bool:
    """Whether a text is an HS code of 4, 6, 8 or 10 digits."""
    plain = hs.replace(".", "").replace(" ", "")
    return plain.isascii() and plain.isdigit() and len(plain) in DIGITS


def digits(hs: str) -> str:
    """The digits of an HS code. Raises ShopError `error.hs_code` unless it has 4, 6, 8 or 10."""
    if not is_code(hs):
        raise ShopError("error.hs_code", code=hs)
    return hs.replace(".", "").replace(" ", "")


def exchange(money: Decimal, source: str, target: str, day: date) -> Decimal:
    """Exchange an amount at the dated rate; a currency that is fixed to another one by that one's rate."""
    if source == target:
        return money
    pegs = _pegs()
    if source in pegs:
        units, anchor = pegs[source]
        return exchange(money / units, anchor, target, day)
    if target in pegs:
        units, anchor = pegs[target]
        return exchange(money, source, anchor, day) * units
    return (money * rates.rate(source, target, day)).quantize(_FINE)


def _best(table: str, who: str, hs: str) -> Rate | None:
    code = digits(hs)
    found = [(one.covers(code), one) for one in records.known(table, records.rate) if one.who == who]
    size, best = max(found, key=lambda pair: pair[0], default=(0, None))
    return best if size else None


@cache
def _facts() -> dict[tuple[str, str], list[Fact]]:
    found: dict[tuple[str, str], list[Fact]] = {}
    for row in records.rows("facts"):
        found.setdefault((row["country"], row["rule"]), []).append(records.fact(row))
    return found


@cache
def _pegs() -> dict[str, tuple[Decimal, str]]:
    return {row["currency"]: (Decimal(row["units"]), row["anchor"]) for row in records.rows("pegs")}
