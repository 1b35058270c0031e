"""Periods of a calendar: from when to when, and their days, weeks and months, in a shop's time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shop.labels import Month


@dataclass(frozen=True)
class Span:
    """From `start` to `end`, both included, in one time zone."""

    start: datetime
    end: datetime

    @property
    def days(self) -> int:
        """How many calendar days it touches."""
        return (self.end.date() - self.start.date()).days + 1

    def before(self) -> "Span":
        """The span of equal length just before; of a running day the same hours."""
        back = timedelta(days=self.days)
        return Span(self.start - back, self.end - back)  # wall-clock arithmetic: clock changes do not matter


class Bucket(NamedTuple):
    """A part of a span for a chart: from `start` until just before `end`, in UTC."""

    label: date | Month
    start: datetime
    end: datetime


def span(period: str, now: datetime, zone: ZoneInfo, first: datetime | None = None) -> Span:
    """Say from when to when a period lasts. One that is not over ends now; `all_time` begins at `first`."""
    today = now.astimezone(zone).date()
    last = today
    match period:
        case "today":
            start = today
        case "yesterday":
            start = last = today - timedelta(days=1)
        case "last_7_days":
            start = today - timedelta(days=6)
        case "last_30_days":
            start = today - timedelta(days=29)
        case "this_month":
            start = today.replace(day=1)
        case "last_month":
            last = today.replace(day=1) - timedelta(days=1)
            start = last.replace(day=1)
        case "this_year":
            start = today.replace(month=1, day=1)
        case "last_year":
            start, last = date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        case "all_time":
            start = min((first or now).astimezone(zone).date(), today)
        case _:
            raise ValueError(f"{period} is not a period")
    end = now.astimezone(zone) if last == today else datetime.combine(last, time.max, zone)
    return Span(datetime.combine(start, time.min, zone), end)


def buckets(whole: Span, group_by: str) -> list[Bucket]:
    """Cut a span into days, ISO weeks (from Monday) or months; the first and the last may be cut off."""
    zone = whole.start.tzinfo
    found, day = [], whole.start.date()
    while day <= whole.end.date():
        label, following = _part(day, group_by)
        start = datetime.combine(day, time.min, zone).astimezone(UTC)
        found.append(Bucket(label, start, datetime.combine(following, time.min, zone).astimezone(UTC)))
        day = following
    return found


def _part(day: date, group_by: str) -> tuple[date | Month, date]:
    match group_by:
        case "day":
            return day, day + timedelta(days=1)
        case "week":
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=7)
        case "month":
            first = day.replace(day=1)
            return Month(first), (first + timedelta(days=32)).replace(day=1)
    raise ValueError(f"{group_by} is not a part of a calendar")
