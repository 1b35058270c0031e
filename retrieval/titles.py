"""Find the part of a title that says what the thing is, without brand, sizes and extras."""

import re
from collections.abc import Sequence

_CUT = re.compile(r"[,،、(（\[/|;；]| [-–—] ")
_NUMBER = re.compile(r"(?<!\w)\d")


def without_brand(title: str, codes: Sequence[str]) -> str:
    """Take the brand and other codes of a product out of its title."""
    for code in codes:
        if code:
            title = re.sub(rf"(?i)(?<!\w){re.escape(code)}(?!\w)", " ", title)
    return " ".join(title.split()).strip(" ,،-")


def head(title: str, codes: Sequence[str]) -> str:
    """Return what a title names: `Nordvik Hiking Backpack 40 L, waterproof` → `Hiking Backpack`.

    The name ends at the first comma, bracket or number that something stands before. Sentence encoders weigh
    all words alike; without this, two green things are nearer than two backpacks.
    """
    name = without_brand(title, codes)
    start = _CUT.split(name)[0]
    number = _NUMBER.search(start)
    if number and len(start[: number.start()].strip()) >= 2:
        start = start[: number.start()]
    return start.strip() or name
