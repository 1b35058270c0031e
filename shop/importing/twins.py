"""Duplicates in one file: the same thing written twice, exactly or nearly."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from rapidfuzz import fuzz

from shop.money import Money

_ALIKE = 90  # of 100: titles as a whole
_TYPO = 85  # of 100: two spellings of one word
_CLOSE = 0.01  # prices this near to each other


class Ware(Protocol):
    """What is compared. `handle` joins the variants of one product, which are never each other's twins."""

    @property
    def row(self) -> int: ...
    @property
    def handle(self) -> str: ...
    @property
    def sku(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def brand(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def price(self) -> Money: ...


class Twin(NamedTuple):
    """A row that repeats an earlier one."""

    row: int
    first: int
    why: str


def twins(wares: Iterable[Ware]) -> list[Twin]:
    """Find the rows that repeat an earlier one: by SKU, by title, or by a title that differs in typing only.

    Titles are compared within brand and category, blanks and case aside. Near ones must cost the same within
    1 % and may differ in misspelt words of four letters and more, never in a size, a number or a colour.
    """
    found: list[Twin] = []
    by_sku: dict[str, Ware] = {}
    shelves: dict[tuple[str, str], list[Ware]] = defaultdict(list)
    for ware in wares:
        same = by_sku.setdefault(ware.sku.casefold(), ware)
        shelf = shelves[ware.brand.casefold(), ware.category]
        twin = Twin(ware.row, same.row, "the same SKU") if same is not ware else _on(shelf, ware)
        if twin:
            found.append(twin)
        else:
            shelf.append(ware)
    return found


def _on(shelf: list[Ware], ware: Ware) -> Twin | None:
    words = _words(ware.title)
    for other in shelf:
        if other.handle and other.handle == ware.handle:
            continue
        if abs(other.price.minor - ware.price.minor) > _CLOSE * max(other.price.minor, ware.price.minor):
            continue
        others = _words(other.title)
        if words == others:
            return Twin(ware.row, other.row, "the same title and price")
        if _near(words, others):
            return Twin(ware.row, other.row, f"nearly the same title (“{other.title}”) and price")
    return None


def _words(title: str) -> list[str]:
    return sorted(title.casefold().split())


def _near(some: list[str], others: list[str]) -> bool:
    only_some, only_others = sorted(set(some) - set(others)), sorted(set(others) - set(some))
    if len(some) != len(others) or len(only_some) != len(only_others):
        return False
    if not all(_is_typo(a, b) for a, b in zip(only_some, only_others, strict=True)):
        return False
    return fuzz.ratio(" ".join(some), " ".join(others)) >= _ALIKE


def _is_typo(word: str, other: str) -> bool:
    spelt = word.isalpha() and other.isalpha() and min(len(word), len(other)) >= 4
    return spelt and fuzz.ratio(word, other) >= _TYPO
