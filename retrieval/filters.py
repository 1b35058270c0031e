"""Read what a question is limited to: countries, categories, kinds of customers, and what it leaves out."""

import re
from collections.abc import Iterator

from retrieval import phrases
from retrieval.places import countries
from retrieval.text import Text
from retrieval.vocabulary import patterns
from shop.measures.query import Filter

_NEAR = 16  # characters between "without" and what is left out


def places(text: Text, language: str | None) -> Iterator[Filter]:
    """The countries that are named; a language that is named is no country."""
    yield from _filters(text, countries(text.masked, language), "country")


def listed(text: Text, family: str, dimension: str) -> Iterator[Filter]:
    """The values of a dimension that are named with the phrases of a family."""
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
