"""Read the periods in a merchant's words, in twelve languages: "since June", "Black Friday", "上个月"."""

import re
from dataclasses import replace
from datetime import date

from retrieval.mentions import Found, mentioned
from retrieval.periods import in_year, plain, year_of
from retrieval.text import GONE, Text
from retrieval.vocabulary import PERIOD, patterns
from shop.measures.query import Period

_NEAR = 14  # characters between a month and the year that belongs to it
_BETWEEN = re.compile(r"[ '’]*(?:ayi?n?d?a?n?)? *")  # Turkish writes "the month of" between the two
_AFTER = {"以来", "から", "以降", "부터", "이후", "beri", "bu yana", "itibaren", "起", "开始", "至今", "到现在",
          "dan beri", "den beri", "tan beri", "ten beri", "dan itibaren", "den itibaren", "tan itibaren",
          "ten itibaren", "dan bu yana", "den bu yana", "tan bu yana", "ten bu yana"}  # fmt: skip


def spans(text: Text, today: date) -> list[tuple[int, Period]]:
    """Take the periods out of a text, in their order, with where each begins."""
    atoms = _atoms(text, today)
    for _, atom in atoms:
        text.masked = text.masked[: atom.start] + PERIOD * (atom.stop - atom.start) + text.masked[atom.stop :]
    joined = _ranges(text, atoms, today)
    text.masked = text.masked.replace(PERIOD, GONE)
    return joined


def _atoms(text: Text, today: date) -> list[tuple[Period, Found]]:
    found = sorted(mentioned(text), key=lambda one: (one.start, -one.stop))
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
            atoms.append((in_year(one, year_of(near, today), today), whole))
        else:
            atoms.append((in_year(one, None, today), one))
    atoms += [(plain(one, today), one) for one in found if one.kind in ("named", "year", "recent", "day", "iso_month")
              and one not in used]  # fmt: skip
    return sorted(atoms, key=lambda pair: pair[1].start)


def _gap(one: Found, other: Found) -> int:
    return max(other.start - one.stop, one.start - other.stop, 0)


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
