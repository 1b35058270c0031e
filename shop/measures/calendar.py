"""Calendar of the questions: from when to when, the span before, and the parts of a span for a chart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shop.labels import Month, Quarter, Weekday
from shop.measures.query import Period
from shop.wording import Term

TIMES = ("day", "week", "month", "quarter", "year", "weekday", "event")
"""The dimensions that are parts of a calendar."""
MOST_PARTS = 1100
_DAY = timedelta(days=1)
_SPRING_FESTIVAL = {  # first day of the Chinese year (Hong Kong Observatory, Gregorian-Lunar Calendar tables)
    2020: (1, 25), 2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17),
    2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11),
}  # fmt: skip
EVENTS = (
    "valentines", "spring_festival", "golden_week", "mid_year", "singles_day", "black_friday", "cyber_monday",
    "double_twelve", "christmas",
)  # fmt: skip

Label = str | date | Month | Quarter | Weekday | Term


@dataclass(frozen=True)
class Part:
    """A stretch of time that counts towards a label: from `start` until just before `stop`, UTC."""

    label: Label
    start: datetime
    stop: datetime


def event(code: str, year: int) -> Period | None:
    """Say when a trade event is in a year. Black Friday lasts to Sunday; None where its date is not known."""
    kind = f"event:{code}"
    match code:
        case "valentines":
            return Period(date(year, 2, 14), date(year, 2, 14), kind)
        case "golden_week":
            return Period(date(year, 4, 29), date(year, 5, 5), kind)
        case "mid_year":
            return Period(date(year, 6, 18), date(year, 6, 18), kind)
        case "singles_day":
            return Period(date(year, 11, 11), date(year, 11, 11), kind)
        case "double_twelve":
            return Period(date(year, 12, 12), date(year, 12, 12), kind)
        case "christmas":
            return Period(date(year, 12, 1), date(year, 12, 25), kind)
        case "spring_festival" if year in _SPRING_FESTIVAL:
            first = date(year, *_SPRING_FESTIVAL[year])
            return Period(first, first + 6 * _DAY, kind)
        case "black_friday" | "cyber_monday":
            november = date(year, 11, 1)
            thursday = november + timedelta(days=(3 - november.weekday()) % 7 + 21)
            friday = thursday + _DAY
            if code == "black_friday":
                return Period(friday, friday + 2 * _DAY, kind)
            return Period(friday + 3 * _DAY, friday + 3 * _DAY, kind)
    return None


def moments(period: Period, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """From the first moment of a period to its last that has been, UTC; the end comes first where none has been."""
    start = datetime.combine(period.first, time.min, zone).astimezone(UTC)
    stop = datetime.combine(period.last + _DAY, time.min, zone).astimezone(UTC)
    return start, min(stop - timedelta(microseconds=1), now)


def unit(kind: str, day: date) -> Period:
    """The calendar day, ISO week, month, quarter or year that a day is in."""
    match kind:
        case "day":
            return Period(day, day, kind)
        case "week":
            monday = day - timedelta(days=day.weekday())
            return Period(monday, monday + 6 * _DAY, kind)
        case "month":
            first = day.replace(day=1)
            return Period(first, _following(first, 1) - _DAY, kind)
        case "quarter":
            first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
            return Period(first, _following(first, 3) - _DAY, kind)
        case "year":
            return Period(date(day.year, 1, 1), date(day.year, 12, 31), kind)
    raise ValueError(f"{kind} is not a part of a calendar")


def previous(period: Period, today: date) -> Period:
    """The period before: of a calendar unit or an event the one before, else the days of equal number.

    A unit that is not over is compared with as many days of the one before.
    """
    if period.kind.startswith("event:"):
        return year_before(period)
    if period.kind not in ("week", "month", "quarter", "year"):
        return Period(period.first - period.days * _DAY, period.first - _DAY)
    before = unit(period.kind, period.first - _DAY)
    return _as_far(before, period, today)


def year_before(period: Period, today: date | None = None) -> Period:
    """The same days a year earlier; of an event the one of the year before; 29 February becomes the 28th."""
    if period.kind.startswith("event:"):
        return event(period.kind.removeprefix("event:"), period.first.year - 1) or _back(period)
    if period.kind == "week":
        return Period(period.first - 52 * 7 * _DAY, period.last - 52 * 7 * _DAY, "week")
    if period.kind in ("month", "quarter", "year"):
        before = unit(period.kind, _year_back(period.first))
        return _as_far(before, period, today or period.last)
    return _back(period)


def cut(period: Period, by: str, zone: ZoneInfo) -> list[Part]:
    """Cut a period into the parts of a calendar, in order; parts of one label may be many (all Mondays)."""
    parts = [
        Part(label, _moment(max(one.first, period.first), zone), _moment(min(one.last, period.last) + _DAY, zone))
        for label, one in _units(period, by)
    ]
    return parts[-MOST_PARTS:]


def _units(period: Period, by: str) -> Iterator[tuple[Label, Period]]:
    if by == "event":
        for year in range(period.first.year, period.last.year + 1):
            for code in EVENTS:
                found = event(code, year)
                if found and found.first <= period.last and found.last >= period.first:
                    yield Term(f"event.{code}"), found
        return
    day = period.first
    while day <= period.last:
        one = unit("day" if by == "weekday" else by, day)
        yield _label(by, one.first), one
        day = one.last + _DAY


def _label(by: str, first: date) -> Label:
    match by:
        case "month":
            return Month(first)
        case "quarter":
            return Quarter(first)
        case "year":
            return str(first.year)
        case "weekday":
            return Weekday(first.weekday())
    return first


def _as_far(before: Period, period: Period, today: date) -> Period:
    """The earlier unit whole, or as many of its days as the running one has had."""
    if today >= period.last or today < period.first:
        return before
    return Period(before.first, min(before.first + (today - period.first), before.last), before.kind)


def _back(period: Period) -> Period:
    return Period(_year_back(period.first), _year_back(period.last), period.kind)


def _year_back(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _following(first: date, months: int) -> date:
    place = first.month - 1 + months
    return date(first.year + place // 12, place % 12 + 1, 1)


def _moment(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
