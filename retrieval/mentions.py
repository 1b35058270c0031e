"""Find where a text speaks of a period: months, quarters, seasons, shopping events, days and names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.text import Text, number

_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)(?: ?(?:年|년|yili?\w*|год\w*|г\.?(?!\w)))?")
_ISO = re.compile(r"(?<!\d)(20[0-4]\d)-(\d\d)-(\d\d)(?!\d)")
_ISO_MONTH = re.compile(r"(?<!\d)(20[0-4]\d)[-/](0[1-9]|1[0-2])(?![\d-])")
_DAY_BEFORE = re.compile(r"(?<![\d.,])(\d{1,2})(?:\.|st|nd|rd|th|er|o)? (?:de |of |di )?$")
_DAY_AFTER = re.compile(r" ?(?:the )?(\d{1,2})(?:st|nd|rd|th)? ?(?:日|일|号)?(?![\d.,]*\d)(?!년|年|个|개|つ|個)")


@dataclass(frozen=True)
class Found:
    """A period where it stands in the text; `kind` tells how its `value` is to be read."""

    start: int
    stop: int
    kind: str
    value: str


def mentioned(text: Text) -> Iterator[Found]:
    """Take the mentions of periods out of a text, family by family."""
    for kind, pattern in (("day", _ISO), ("iso_month", _ISO_MONTH)):
        for match in pattern.finditer(text.masked):
            yield _note(text, match, kind, match.group())
    for family, kind in (("recent", "recent"), ("event", "event"), ("quarter", "quarter"), ("month", "month"),
                         ("period", "named"), ("season", "season")):  # fmt: skip
        while (taken := text.take(family)) is not None:
            value, match = taken
            if kind == "month" and (day := _of_month(text, match, value)):
                yield day
                continue
            if kind == "recent":
                value = f"{number(match.group()) or 1} {value}"
            yield _note(text, match, kind, value)
    for match in _YEAR.finditer(text.masked):
        yield _note(text, match, "year", match[1])


def _of_month(text: Text, match: re.Match[str], month: str) -> Found | None:
    """The day of a month that stands beside its name: "15 October", "October 15th", "10月15日"."""
    before = _DAY_BEFORE.search(text.masked[: match.start()])
    after = _DAY_AFTER.match(text.masked[match.end() :])
    number_ = before or after
    if number_ is None or not 1 <= int(number_[1]) <= 31:
        return None
    start = match.start() - (len(before.group()) if before else 0)
    stop = match.end() + (0 if before or not after else after.end())
    text.blank(start, stop)
    return Found(start, stop, "date", f"{int(month):02d}-{int(number_[1]):02d}")


def _note(text: Text, match: re.Match[str], kind: str, value: str) -> Found:
    text.blank(match.start(), match.end())
    return Found(match.start(), match.end(), kind, value)
