"""The days that a mention of a period means, seen from today."""

from contextlib import suppress
from datetime import date, timedelta

from retrieval.mentions import Found
from shop.measures.calendar import event, unit
from shop.measures.query import Period

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_DAY = timedelta(days=1)


def in_year(one: Found, year: int | None, today: date) -> Period:
    """The month, quarter, season or event in a year; without one the latest that has begun."""
    if year is not None:
        return _at(one, year) or unit("year", date(year, 1, 1))
    among = [period for n in range(3) if (period := _at(one, today.year - n)) and period.first <= today]
    return among[0] if among else unit("month", today)


def plain(one: Found, today: date) -> Period:
    """A period that needs no year beside it: a year, a day, the last so many days, or a name."""
    match one.kind:
        case "year":
            return unit("year", date(int(one.value), 1, 1))
        case "day":
            return _day(one.value, today) or unit("day", today)
        case "iso_month":
            return unit("month", date(int(one.value[:4]), int(one.value[5:7]), 1))
        case "recent":
            count, kind = one.value.split()
            return _back(int(count), kind, today)
    return named(one.value, today)


def year_of(one: Found, today: date) -> int:
    """The year that a mention names."""
    return int(one.value) if one.kind == "year" else today.year - (one.value == "last_year")


def named(name: str, today: date) -> Period:
    """The period of a name: `today`, `yesterday`, `this_…` and `last_…` week, month, quarter or year, `all_time`."""
    if name == "all_time":
        return Period(date(2000, 1, 1), today, "all")
    if name in ("today", "yesterday"):
        day = today - _DAY * (name == "yesterday")
        return Period(day, day, "day")
    which, _, kind = name.partition("_")
    this = unit(kind, today)
    return this if which == "this" else unit(kind, this.first - _DAY)


def _at(one: Found, year: int) -> Period | None:
    match one.kind:
        case "month":
            return unit("month", date(year, int(one.value), 1))
        case "date":
            return _day(f"{year}-{one.value}", None)
        case "quarter":
            return unit("quarter", date(year, int(one.value) * 3 - 2, 1))
        case "season":
            first = date(year, _SEASONS[one.value], 1)
            last = unit("month", first + timedelta(days=62)).last
            return Period(first, last)
    return event(one.value, year)


def _day(text: str, instead: date | None) -> Period | None:
    """One day; a day that no calendar has becomes `instead`."""
    day = instead
    with suppress(ValueError):
        day = date.fromisoformat(text)
    return Period(day, day, "day") if day else None


def _back(count: int, kind: str, today: date) -> Period:
    """So many days, weeks or months back; today is included, months begin on the same day of the month."""
    if kind == "month":
        place = today.year * 12 + today.month - 1 - count
        first = date(place // 12, place % 12 + 1, min(today.day, 28)) + _DAY
        return Period(first, today)
    days = count * (7 if kind == "week" else 1)
    return Period(today - timedelta(days=days - 1), today)
