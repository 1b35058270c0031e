"""Read the periods in a merchant's words, in twelve languages: "since June", "Black Friday", "上个月"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from retrieval.phrases import ENDS, STARTS, expression
from shop.measures.calendar import event, unit
from shop.measures.query import Period

GONE = "\x00"
_N, _A = "\ue005", "\ue006"
_NEAR = 14  # characters between a month and the year that belongs to it
_ARABIC = re.compile(r"^(\(?(?:\?:)?)(?=[\u0600-\u06ff(])")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)(?: ?(?:年|년|yili?\w*|год\w*|г\.?(?!\w)))?")
_ISO = re.compile(r"(?<!\d)(20[0-4]\d)-(\d\d)-(\d\d)(?!\d)")
_ISO_MONTH = re.compile(r"(?<!\d)(20[0-4]\d)[-/](0[1-9]|1[0-2])(?![\d-])")
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_DAY = timedelta(days=1)
_DAY_BEFORE = re.compile(r"(?<![\d.,])(\d{1,2})(?:\.|st|nd|rd|th|er|o)? (?:de |of |di )?$")
_DAY_AFTER = re.compile(r" ?(?:the )?(\d{1,2})(?:st|nd|rd|th)? ?(?:日|일|号)?(?![\d.,]*\d)(?!년|年|个|개|つ|個)")


@dataclass(frozen=True)
class Found:
    """A period where it stands in the text. `year` is a year that it lacks or only is."""

    start: int
    stop: int
    kind: str
    value: str


class Text:
    """A folded text in which what was understood is blanked out."""

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self.masked = folded

    def copy(self) -> "Text":
        """The same text, to be blanked out by itself."""
        other = Text(self.folded)
        other.masked = self.masked
        return other

    def blank(self, start: int, stop: int) -> None:
        """Blank a stretch out."""
        self.masked = self.masked[:start] + GONE * (stop - start) + self.masked[stop:]

    def drop(self, taken: "Taken") -> "Taken":
        """Blank out what was taken, and hand it on."""
        if taken:
            self.blank(*taken[1].span())
        return taken

    def drop_all(self, family: str) -> bool:
        """Blank out every phrase of a family; tells whether there was one."""
        is_there = False
        while self.drop(self.take(family)):
            is_there = True
        return is_there

    def take(self, family: str, only: Sequence[str] | None = None) -> "Taken":
        """Find the value of a family whose longest phrase stands in what is left; it is not blanked out."""
        best: tuple[int, str, re.Match[str]] | None = None
        for value, pattern in patterns(family).items():
            if only is not None and value not in only:
                continue
            for found in pattern.finditer(self.masked):
                size = len(found.group().replace(" ", ""))
                if best is None or size > best[0]:
                    best = size, value, found
        return (best[1], best[2]) if best else None


Taken = tuple[str, re.Match[str]] | None
"""A value of a family and where its phrase stands."""


@cache
def raw() -> Mapping[str, Any]:
    """Read `analytics.yaml`."""
    return dict(yaml.safe_load(files("retrieval").joinpath("analytics.yaml").read_text("utf-8")))


@cache
def patterns(family: str) -> Mapping[str, re.Pattern[str]]:
    """The compiled phrases of a family by value; a family of one list has the value `yes`."""
    data = raw()[family]
    lists = data if isinstance(data, dict) else {"yes": data}
    return {str(value): compiled(str(text)) for value, text in lists.items()}


def compiled(text: str) -> re.Pattern[str]:
    """Compile a list of phrases, the longest first; Arabic words may have one-letter words before them."""
    parts = {_phrase(part) for part in text.split(";") if part.strip()}
    return re.compile(STARTS + "(?:" + "|".join(sorted(parts, key=lambda one: (-len(one), one))) + ")" + ENDS)


def _phrase(part: str) -> str:
    head, gap, tail = part.partition(".{")
    if gap:  # what stands between may be the name of a product: it is looked at, not taken
        part = f"{head.rstrip()}(?=.{{{tail})"
    made = expression(part.replace("N", _N).replace("A", _A))
    if re.search(r"[\u0600-\u06ff]", made):
        made = "(?:[وفبلك]|بال|لل|وال|فال|ال)?" + f"(?:{made})"
    return made.replace(_N, f"(?:\\d{{1,3}}|{_number_words()})").replace(_A, f"{_A}+")


@cache
def _number_words() -> str:
    phrases = [expression(one) for text in raw()["number"].values() for one in str(text).split(";")]
    return "(?:" + "|".join(sorted(phrases, key=lambda one: (-len(one), one))) + ")"


def number(text: str) -> int | None:
    """The first number in a text, in digits or in words."""
    digits = re.search(r"\d{1,4}", text)
    if digits:
        return int(digits.group())
    found = Text(text).take("number")
    return int(found[0]) if found else None


def spans(text: Text, today: date) -> list[tuple[int, Period]]:
    """Take the periods out of a text, in their order, with where each begins."""
    atoms = _atoms(text, today)
    for _, atom in atoms:
        text.masked = text.masked[: atom.start] + _A * (atom.stop - atom.start) + text.masked[atom.stop :]
    joined = _ranges(text, atoms, today)
    text.masked = text.masked.replace(_A, GONE)
    return joined


def _atoms(text: Text, today: date) -> list[tuple[Period, Found]]:
    found = sorted(_found(text), key=lambda one: (one.start, -one.stop))
    years = [one for one in found if one.kind == "year" or one.value in ("last_year", "this_year")]
    atoms: list[tuple[Period, Found]] = []
    used: set[Found] = set()
    for one in found:
        if one.kind not in ("month", "quarter", "season", "event", "date"):
            continue
        near = min((year for year in years if year not in used), key=lambda year: _gap(one, year), default=None)
        if near is not None and _gap(one, near) <= _NEAR:
            used.add(near)
            whole = replace(one, start=min(one.start, near.start), stop=max(one.stop, near.stop))
            atoms.append((_in_year(one, _year(near, today), today), whole))
        else:
            atoms.append((_in_year(one, None, today), one))
    atoms += [(_plain(one, today), one) for one in found if one.kind in ("named", "year", "recent", "day", "iso_month")
              and one not in used]  # fmt: skip
    return sorted(atoms, key=lambda pair: pair[1].start)


def _found(text: Text) -> Iterator[Found]:
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


def _gap(one: Found, other: Found) -> int:
    return max(other.start - one.stop, one.start - other.stop, 0)


def _year(one: Found, today: date) -> int:
    return int(one.value) if one.kind == "year" else today.year - (one.value == "last_year")


def _in_year(one: Found, year: int | None, today: date) -> Period:
    """The month, quarter, season or event in a year; without one the latest that has begun."""
    if year is not None:
        return _at(one, year) or unit("year", date(year, 1, 1))
    among = [period for n in range(3) if (period := _at(one, today.year - n)) and period.first <= today]
    return among[0] if among else unit("month", today)


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


def _plain(one: Found, today: date) -> Period:
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


def _day(text: str, instead: date | None) -> Period | None:
    """One day; a day that no calendar has becomes `instead`."""
    try:
        day: date | None = date.fromisoformat(text)
    except ValueError:
        day = instead
    return Period(day, day, "day") if day else None


def _back(count: int, kind: str, today: date) -> Period:
    """So many days, weeks or months back; today is included, months begin on the same day of the month."""
    if kind == "month":
        place = today.year * 12 + today.month - 1 - count
        first = date(place // 12, place % 12 + 1, min(today.day, 28)) + _DAY
        return Period(first, today)
    days = count * (7 if kind == "week" else 1)
    return Period(today - timedelta(days=days - 1), today)


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


def _ranges(text: Text, atoms: list[tuple[Period, Found]], today: date) -> list[tuple[int, Period]]:
    """Join "from A to B" and "since A"."""
    made: list[tuple[int, Period]] = []
    pairs = [match.span() for match in patterns("between")["yes"].finditer(text.masked)]
    skip = False
    for place, (period, at) in enumerate(atoms):
        if skip:
            skip = False
            continue
        following = atoms[place + 1] if place + 1 < len(atoms) else None
        if following and any(start <= at.start and following[1].stop <= stop for start, stop in pairs):
            first, last = sorted((period, following[0]), key=lambda one: one.first)
            made.append((at.start, Period(first.first, last.last)))
            skip = True
        elif period.kind not in ("all",) and _is_since(text, at):
            made.append((at.start, Period(period.first, max(today, period.first))))
        else:
            made.append((at.start, period))
    for start, stop in pairs:
        text.blank(start, stop)
    return made


def _is_since(text: Text, at: Found) -> bool:
    """Whether a word for "since" stands right before or, in some languages, right after."""
    pattern = patterns("since")["yes"]
    for match in pattern.finditer(text.masked):
        before, after = text.masked[match.end() : at.start], text.masked[at.stop : match.start()]
        is_before = match.end() <= at.start and not before.strip(" ") and match.group() not in _AFTER
        is_after = at.stop <= match.start() and _BETWEEN.fullmatch(after) and match.group() in _AFTER
        if is_before or is_after:
            text.blank(match.start(), match.end())
            return True
    return False


_BETWEEN = re.compile(r"[ '’]*(?:ayi?n?d?a?n?)? *")  # Turkish writes "the month of" between the two
_AFTER = {"以来", "から", "以降", "부터", "이후", "beri", "bu yana", "itibaren", "起", "开始", "至今", "到现在",
          "dan beri", "den beri", "tan beri", "ten beri", "dan itibaren", "den itibaren", "tan itibaren",
          "ten itibaren", "dan bu yana", "den bu yana", "tan bu yana", "ten bu yana"}  # fmt: skip
