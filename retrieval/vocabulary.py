"""The word lists of `analytics.yaml`, as regular expressions over folded text."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from retrieval.phrases import ENDS, STARTS, expression

PERIOD = "\ue006"  # stands in a text for each character of a period that was found there
_N = "\ue005"


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
    made = expression(part.replace("N", _N).replace("A", PERIOD))
    if re.search(r"[\u0600-\u06ff]", made):
        made = "(?:[وفبلك]|بال|لل|وال|فال|ال)?" + f"(?:{made})"
    return made.replace(_N, f"(?:\\d{{1,3}}|{_number_words()})").replace(PERIOD, f"{PERIOD}+")


@cache
def _number_words() -> str:
    phrases = [expression(one) for text in raw()["number"].values() for one in str(text).split(";")]
    return "(?:" + "|".join(sorted(phrases, key=lambda one: (-len(one), one))) + ")"
