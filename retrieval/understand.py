"""Take prices, order, colour, category and refusals out of a shopper's words, in twelve languages.

Pure functions over the word lists of `words.yaml`; no model, about a millisecond.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from retrieval import amounts, phrases
from retrieval.amounts import Amount
from retrieval.phrases import BARE, GONE, MORE, PRICED
from retrieval.words import fold

Sort = Literal["cheapest", "most_expensive", "newest", "best_rated"]
LONGEST = 500
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff]")
_EDGE = " \t\n,.;:!?¿¡，。、；：！？·—–-…'’"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a shopper asks for; `rest` is the text without the parts that became filters or an order."""

    max_price: Decimal | None = None
    min_price: Decimal | None = None
    currency: str | None = None
    sort: Sort | None = None
    colour: str | None = None
    category: str | None = None
    in_stock: bool = False
    negations: tuple[str, ...] = ()
    rest: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it says how what is looked for should be, be it only its price or place in an order."""
        bounds = self.max_price is not None or self.min_price is not None
        return bounds or bool(self.sort or self.colour or self.in_stock or self.negations)


def understand(text: str, language: str | None = None) -> Wishes:
    """Read the wishes in a text.

    Args:
        text: The shopper's words; only the first 500 characters are read.
        language: BCP 47, where known; it only settles what `¥` means.
    """
    reading = _Reading(_HIDDEN.sub(" ", unicodedata.normalize("NFKC", text[:LONGEST])).replace("~", "〜"), language)
    low, high, currency = _bounds(reading)
    sort = _sort(reading)
    in_stock = bool(reading.drop(phrases.load().in_stock))
    negations = _negations(reading)
    reading.drop(phrases.load().filler)
    colour = _named(phrases.load().colour, reading.masked)
    category = _category(reading)
    return Wishes(high, low, currency, sort, colour, category, in_stock, negations, reading.rest())


class _Reading:
    """A text while it is read: `masked` is folded, amounts are stand-ins, what was understood is blanked."""

    def __init__(self, text: str, language: str | None) -> None:
        self.text = text
        pieces = [fold(c) for c in text]
        self._origin = [i for i, piece in enumerate(pieces) for _ in piece]
        self.masked = "".join(pieces)
        self.amounts = amounts.find(self.masked, language)
        for amount in self.amounts:
            mark = (PRICED if amount.currency else BARE) + MORE * (amount.end - amount.start - 1)
            self.masked = self.masked[: amount.start] + mark + self.masked[amount.end :]

    def drop(self, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
        """Blank every match and return their spans."""
        spans = [match.span() for match in pattern.finditer(self.masked) if match.group()]
        for start, end in spans:
            self.blank(start, end)
        return spans

    def blank(self, start: int, end: int) -> None:
        self.masked = self.masked[:start] + GONE * (end - start) + self.masked[end:]

    def within(self, start: int, end: int) -> list[Amount]:
        """Return the amounts in a span."""
        return [amount for amount in self.amounts if start <= amount.start < end]

    def original(self, start: int, end: int) -> str:
        return self.text[self._origin[start] : self._origin[end - 1] + 1] if end > start else ""

    def rest(self) -> str:
        """Return what was not understood, as it was written."""
        gone = {self._origin[i] for i, c in enumerate(self.masked) if c == GONE}
        kept = "".join("\x00" if i in gone else c for i, c in enumerate(self.text))
        parts = (part.strip(_EDGE) for part in re.split("\x00+", kept))
        return " ".join(" ".join(parts).split())


def _bounds(reading: _Reading) -> tuple[Decimal | None, Decimal | None, str | None]:
    """Read the lowest and highest price and their currency."""
    words = phrases.load()
    for start, end in reading.drop(words.between):
        one, two = reading.within(start, end)[:2]
        shared = two.times if one.times == 1 and one.number < two.number else one.times
        low, high = sorted((one.number * shared, two.value))
        return low, high, one.currency or two.currency
    most = [a for span in reading.drop(words.most) for a in reading.within(*span)]
    least = [a for span in reading.drop(words.least) for a in reading.within(*span)]
    currency = next((a.currency for a in most + least if a.currency), None)
    return (least[0].value if least else None), (most[0].value if most else None), currency


def _sort(reading: _Reading) -> Sort | None:
    """Return the order that is named first, and blank all of them."""
    first: dict[str, int] = {}
    for name, pattern in phrases.load().sort.items():
        spans = reading.drop(pattern)
        if spans:
            first[name] = spans[0][0]
    match min(first, key=lambda name: first[name], default=None):
        case ("cheapest" | "most_expensive" | "newest" | "best_rated") as name:
            return name
    return None


def _negations(reading: _Reading) -> tuple[str, ...]:
    """Return the words that are not wanted, as written, and blank them with their `without`."""
    words, found = phrases.load(), []
    for pattern in words.unwanted:
        for match in list(pattern.finditer(reading.masked)):
            start, end = next(span for i in range(1, match.re.groups + 1) if (span := match.span(i))[0] >= 0)
            if GONE in match.group() or words.not_meant.fullmatch(reading.masked[start:end]):
                continue
            found.append((start, reading.original(start, end)))
            reading.blank(*match.span())
    return tuple(word for _, word in sorted(found))


def _named(patterns: dict[str, re.Pattern[str]], text: str) -> str | None:
    """Return the name whose words come first in a text."""
    found = {name: match.start() for name, pattern in patterns.items() if (match := pattern.search(text))}
    return min(found, key=lambda name: found[name], default=None)


def _category(reading: _Reading) -> str | None:
    """Return a category if the text names just that: `red shoes`, not `shoe rack`."""
    words = phrases.load()
    left = reading.masked
    for pattern in words.colour.values():
        left = pattern.sub(" ", left)
    left = left.replace(GONE, " ").strip(_EDGE)
    bare = words.small.sub(" ", left).strip(_EDGE)
    return next(
        (name for name, p in words.category.items() if p.fullmatch(left) or p.fullmatch(bare)),
        None,
    )
