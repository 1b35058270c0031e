"""Read a merchant's question about figures into the parts of a typed query, in twelve languages; no model.

A question may have several lines: each further line refines what the lines before it asked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from retrieval import phrases
from retrieval.places import countries
from retrieval.spans import GONE, Taken, Text, number, patterns, raw, spans
from retrieval.words import UNSPACED, fold
from shop.measures.calendar import year_before
from shop.measures.query import Filter, Order, Period

LONGEST = 500
FOLLOW_WORDS, FOLLOW_SIGNS = 7, 16  # the longest follow-up: words, or characters of a script without spaces
_NEAR = 16  # characters between a number and the noun that it counts, or "without" and what is left out
_LIMIT = re.compile(
    r"(?:百分之|yuzde )(?P<a>\d[\d.,]*)|(?P<b>\d[\d.,]*) ?(?P<k>k|mil|tausend|тыс|bin|千|万|만)?(?![^\W\d_])"
    r" ?(?P<p>%|percent|prozent|por ?ciento|por cento|pour ?cent|per cento|процент|パーセント|퍼센트|بالم)?"
)
_TIMES = {"k": 1000, "mil": 1000, "tausend": 1000, "тыс": 1000, "bin": 1000, "千": 1000, "万": 10_000, "만": 10_000}
_COUNTED = re.compile(r"(?<!\d)(\d{1,2}) ?(?:개|個|つ|个|款)")
_AND = ("and ", "и ", "to ", "of ")  # at the beginning of a follow-up they compare nothing
_ASKS = ("呢", "呢?", "は?", "는?", "은?")  # what a follow-up ends with
_IN, _AS = r"(?:in|en|em|au?f|в|用|按|以|بال|ب) ?(?:the |los |les |den )?", r" ?(?:で|로|으로|olarak|cinsinden|计|换算)"


@dataclass(frozen=True)
class Reading:
    """What a question says. `against` is `previous`, `year_before`, a period, or nothing; `rest` what is left over,
    `name` the same with the words for categories: a product may be called by both.

    `quality` tells that the order judges: the best or the worst, and not the most or the least.

    `is_absent` tells that it is about something that no shop's records hold, `is_guess` that the measure was not
    named but follows from the rest (revenue, where best sellers are asked for).
    """

    measure: str | None = None
    by: str | None = None
    where: tuple[Filter, ...] = ()
    period: Period | None = None
    against: Period | str | None = None
    order: Order | None = None
    quality: str | None = None
    top: int | None = None
    currency: str | None = None
    is_why: bool = False
    is_watch: bool = False
    side: str | None = None
    limit: float | None = None
    is_absent: bool = False
    is_guess: bool = True
    rest: str = ""
    name: str = ""

    @property
    def is_something(self) -> bool:
        """Whether any part of a query was found."""
        return any((self.measure, self.by, self.where, self.period, self.against, self.order))


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
    customers = list(_listed(text, "customers", "customer"))
    compared, split = _against(text)
    period, against = _parted(spans(text, today), compared, split)
    side, limit = _limit(text) if is_watch else (None, None)
    currency = _currency(text)
    change = text.drop(text.take("order", ("fell", "rose")))
    places = tuple(_places(text, language))
    measure = _measure(text)
    quality = text.take("quality")
    by = kinds or text.take("by")
    top = _top(text, by)
    rank = text.take("order")
    text.drop(by)
    text.drop(rank)
    named = _rest(text)
    where = (*customers, *places, *_listed(text, "category", "category"))
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


def refined(before: Reading, new: Reading) -> Reading:
    """What a question means after a further line: the parts that the line names replace those before."""
    named = {one.dimension for one in new.where}
    period = new.period or before.period
    if new.period and before.period and _is_same_again(before.period, new.period):
        period = year_before(before.period)
    return replace(
        new,
        measure=before.measure if new.is_guess and before.measure else new.measure,
        is_guess=new.is_guess and before.is_guess,
        by=new.by or before.by,
        where=(*(one for one in before.where if one.dimension not in named), *new.where),
        period=period,
        against=new.against or before.against,
        order=new.order or before.order,
        quality=new.quality if new.order else before.quality,
        top=new.top or before.top,
        currency=new.currency or before.currency,
        rest=f"{before.rest} {new.rest}".strip(),
        name=f"{before.name} {new.name}".strip(),
    )


def _is_same_again(before: Period, new: Period) -> bool:
    """Whether a bare "last year" after a month, a quarter or an event means the same one a year earlier."""
    return new.kind == "year" and before.kind not in ("year", "all") and before.first.year == new.first.year + 1


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


def _limit(text: Text) -> tuple[str | None, float | None]:
    """Whether a watch waits for more or for less, and than what; a percentage becomes a share."""
    above, below = text.drop(text.take("above")), text.drop(text.take("below"))
    found = next((one for one in _LIMIT.finditer(text.masked)), None)
    if found is None:
        return ("below" if below else "above" if above else None), None
    text.blank(found.start(), found.end())
    digits = (found["a"] or found["b"]).rstrip(".,")
    plain = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", digits).replace(",", ".")
    value = float(plain) * _TIMES.get(found["k"] or "", 1)
    is_share = bool(found["a"] or found["p"])
    return ("below" if below and not above else "above"), value / 100 if is_share else value


def _currency(text: Text) -> str | None:
    for code, pattern in _currencies().items():
        found = pattern.search(text.masked)
        if found:
            text.blank(found.start(), found.end())
            return code
    return None


@cache
def _currencies() -> dict[str, re.Pattern[str]]:
    """A currency in which the answer is wanted: "in dollars", "ドルで"."""
    more = raw()["currency"]
    named = {
        code: "|".join(phrases.listed(f"{text};{more.get(code, '')}"))
        for code, text in phrases.raw()["currency"].items()
    }
    return {
        code: re.compile(rf"(?<![^\W{UNSPACED}]){_IN}(?:{one})(?![^\W{UNSPACED}])|(?<![^\W{UNSPACED}])(?:{one}){_AS}")
        for code, one in named.items()
    }


def _top(text: Text, by: Taken) -> int | None:
    """How many rows are wanted: a number right before the noun or its rank, or right after "top"."""
    spots = [one[1] for one in (by, text.take("order")) if one]
    for spot in spots:
        inside = re.search(r"(?<!\d)\d{1,2}(?!\d)", spot.group())
        before, after = text.masked[max(spot.start() - _NEAR, 0) : spot.start()], text.masked[spot.end() :][:8]
        sign = re.search(r"(\d{1,2}|[一-龥])[个款种名位つか]*[^\w]*$", before)
        behind = re.match(r"\W*(\d{1,2})(?!\d)", after)
        counted = _COUNTED.search(text.masked)
        words = [inside and inside.group(), sign and sign[1], *before.split()[-2:][::-1], behind and behind[1],
                 *after.split()[:1], counted and counted[1]]  # fmt: skip
        for part in words:
            count = number(part) if part and (part.isdigit() or _is_number(part)) else None
            if count and 2 <= count <= 50:
                return count
    return None


def _is_number(word: str) -> bool:
    return any(pattern.fullmatch(word) for pattern in patterns("number").values())


def _places(text: Text, language: str | None) -> Iterator[Filter]:
    """The countries that are named; a language that is named is no country."""
    yield from _filters(text, countries(text.masked, language), "country")


def _listed(text: Text, family: str, dimension: str) -> Iterator[Filter]:
    known = dict(patterns(family))
    if family == "category":
        exact = phrases.load().category
        known = {code: re.compile(f"{one.pattern}|{exact[code].pattern}") for code, one in known.items()}
    yield from _filters(text, known, dimension)


def _filters(text: Text, known: dict[str, re.Pattern[str]], dimension: str) -> Iterator[Filter]:
    """Take all values out that are named, the longest first; those beside "without" are left out."""
    kept: list[str] = []
    dropped: list[str] = []
    while True:
        hits = [(len(found.group()), code, found) for code, one in known.items() if (found := one.search(text.masked))]
        if not hits:
            break
        _, code, found = max(hits, key=lambda hit: hit[:2])
        (dropped if _is_without(text, found) else kept).append(code)
        text.blank(found.start(), found.end())
    if kept:
        yield Filter(dimension, tuple(dict.fromkeys(kept)))
    if dropped:
        yield Filter(dimension, tuple(dict.fromkeys(dropped)), is_excluding=True)


def _is_without(text: Text, found: re.Match[str]) -> bool:
    pattern = patterns("without")["yes"]
    before = text.masked[max(found.start() - _NEAR, 0) : found.start()]
    after = text.masked[found.end() : found.end() + 6]
    if any(one.end() >= len(before.rstrip()) - 5 for one in pattern.finditer(before)):
        return True
    return any(one.start() <= 2 and one.group()[0] >= "\u3040" or one.group().startswith(("haric", "disinda"))
               for one in pattern.finditer(after))  # fmt: skip


def _rest(text: Text) -> str:
    """What is left over: perhaps the name of a product."""
    text = text.copy()
    for family in ("follow_up", "without", "since"):
        text.drop_all(family)
    return " ".join(re.sub(r"[^\w\s-]", " ", text.masked.replace(GONE, " ")).split())
