"""Read a merchant's question about figures into the parts of a typed query, in twelve languages; no model.

A question may have several lines: each further line refines what the lines before it asked.
"""

import re
from datetime import date

from retrieval import filters, quantities
from retrieval.reading import Reading, refined
from retrieval.spans import spans
from retrieval.text import GONE, Taken, Text
from retrieval.vocabulary import patterns
from retrieval.words import fold
from shop.measures.query import Period

LONGEST = 500
FOLLOW_WORDS, FOLLOW_SIGNS = 7, 16  # the longest follow-up: words, or characters of a script without spaces
_AND = ("and ", "и ", "to ", "of ")  # at the beginning of a follow-up they compare nothing
_ASKS = ("呢", "呢?", "は?", "는?", "은?")  # what a follow-up ends with


def read(question: str, today: date, language: str | None = None) -> Reading:
    """Read a question of one or more lines. `today` is the day in the shop's time zone."""
    whole = Reading()
    for place, line in enumerate(one for one in question.splitlines() if one.strip()):
        reading = read_line(line, today, language)
        whole = refined(whole, reading) if place else reading
    return whole


def read_line(line: str, today: date, language: str | None = None) -> Reading:
    """Read one line by itself."""
    text = Text(_plain(line))
    is_absent = text.take("absent") is not None
    is_why = text.drop_all("why")
    is_watch = text.drop_all("watch")
    kinds = text.drop(text.take("by", ("customer",)))
    customers = list(filters.listed(text, "customers", "customer"))
    compared, split = _against(text)
    period, against = _parted(spans(text, today), compared, split)
    side, limit = quantities.limit(text) if is_watch else (None, None)
    currency = quantities.currency(text)
    change = text.drop(text.take("order", ("fell", "rose")))
    places = tuple(filters.places(text, language))
    measure = _measure(text)
    quality = text.take("quality")
    by = kinds or text.take("by")
    top = quantities.top(text, by)
    rank = text.take("order")
    text.drop(by)
    text.drop(rank)
    named = _rest(text)
    where = (*customers, *places, *filters.listed(text, "category", "category"))
    changed = text.drop(text.take("compare", ("change",)))
    if against is None and (change or (changed and measure)) and not is_watch:
        against = "previous"
    order = (change or rank or (None,))[0]
    guess = "revenue" if by or order or where else None
    return Reading(
        measure[0] if measure else guess, by[0] if by else None, where, period, against,
        order,  # type: ignore[arg-type]
        quality[0] if quality else None, top, currency, is_why, is_watch, side, limit, is_absent, measure is None,
        _rest(text), named,
    )  # fmt: skip


def is_follow_up(line: str, today: date, language: str | None = None) -> bool:
    """Whether a line refines the question before it, and does not stand for itself."""
    folded = _plain(line).strip(" ¿¡\"'“”„«»")
    reading = read_line(line, today, language)
    if not (reading.is_something or reading.currency):
        return False
    size = len(folded.split()) if " " in folded else len(folded) / (FOLLOW_SIGNS / FOLLOW_WORDS)
    begins = patterns("follow_up")["yes"].match(folded) is not None or folded.rstrip("？").endswith(_ASKS)
    is_whole = not reading.is_guess and reading.period is not None
    return size <= (2 * FOLLOW_WORDS if begins else FOLLOW_WORDS) and (begins or not is_whole)


def _plain(line: str) -> str:
    """Folded, without the apostrophe before a Turkish ending, and with a space for each sign that parts words."""
    folded = fold(line[:LONGEST]).replace(GONE, " ")
    return re.sub(r"(?<=\w)'(?=(?:[dt][ae]n?|y?[aeiu]|n?[iu]n|l[ae]r\w*|[dt]eki|[dt]aki)\b)", "", folded)


def _measure(text: Text) -> Taken:
    """The measure that is named; units that are named beside a verb of selling are what is sold."""
    taken = text.drop(text.take("measure"))
    units = text.take("measure", ("units",)) if taken and taken[0] == "revenue" else None
    return text.drop(units) or taken


def _against(text: Text) -> tuple[str | None, int | None]:
    """What is compared with: a name for it, or the place of a "compared with" before another period."""
    for name in ("year_before", "previous"):
        taken = text.take("compare", (name,))
        begins_with_and = taken is not None and taken[1].start() <= 1 and taken[1].group().startswith(_AND)
        if taken and not begins_with_and:
            text.drop(taken)
            return name, None
    taken = text.take("compare", ("with",))
    return (None, taken[1].start()) if text.drop(taken) and taken else (None, None)


def _parted(
    found: list[tuple[int, Period]], against: str | None, split: int | None
) -> tuple[Period | None, Period | str | None]:  # fmt: skip
    """The period asked about, and the one to compare it with: the one behind the word for it, or the second."""
    if against or not found:
        return (found[0][1] if found else None), against
    before = [period for at, period in found if split is None or at < split]
    after = [period for at, period in found if split is not None and at >= split]
    if after and before:
        return before[0], after[0]
    return found[0][1], found[1][1] if len(found) > 1 else None


def _rest(text: Text) -> str:
    """What is left over: perhaps the name of a product."""
    text = text.copy()
    for family in ("follow_up", "without", "since"):
        text.drop_all(family)
    return " ".join(re.sub(r"[^\w\s-]", " ", text.masked.replace(GONE, " ")).split())
