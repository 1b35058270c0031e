"""Dated exchange rates: the European Central Bank's reference rates, shipped with `currencyconverter`."""

from datetime import date
from decimal import Decimal
from functools import cache

from currency_converter import CurrencyConverter

from shop.errors import ShopError
from shop.money import Money


@cache
def _bank() -> CurrencyConverter:
    return CurrencyConverter(fallback_on_missing_rate=True, fallback_on_missing_rate_method="last_known")


@cache
def currencies() -> frozenset[str]:
    """The currencies that have a rate today: those whose series reaches the newest day."""
    newest = _bank().bounds["USD"].last_date
    return frozenset(c for c, bounds in _bank().bounds.items() if bounds.last_date == newest) | {"EUR"}


def dated(day: date) -> date:
    """Tell the day whose rates are used for `day`: itself, or the newest day known before it."""
    bounds = _bank().bounds["USD"]
    first: date = bounds.first_date
    newest: date = bounds.last_date
    return max(min(day, newest), first)


@cache
def rate(source: str, target: str, day: date) -> Decimal:
    """Tell how many `target` one `source` buys on a day. Raises ShopError for a currency without rates."""
    for currency in (source, target):
        if currency not in currencies():
            raise ShopError("error.currency_unknown", currency=currency)
    if source == target:
        return Decimal(1)
    return Decimal(repr(_bank().convert(1.0, source, target, date=dated(day))))


def convert(money: Money, currency: str, day: date) -> Money:
    """Exchange money into another currency at the rate of a day."""
    if money.currency == currency:
        return money
    return Money.of(money.amount * rate(money.currency, currency, day), currency)
