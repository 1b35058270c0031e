"""A question as it is read: what was understood is blanked out, so that nothing is read twice."""

import re
from collections.abc import Sequence

from retrieval.vocabulary import patterns

GONE = "\x00"


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


def number(text: str) -> int | None:
    """The first number in a text, in digits or in words."""
    digits = re.search(r"\d{1,4}", text)
    if digits:
        return int(digits.group())
    found = Text(text).take("number")
    return int(found[0]) if found else None
