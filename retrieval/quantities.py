"""Read the numbers of a question: the limit of a watch, how many rows are wanted, and the currency of the answer."""

import re
from functools import cache

from retrieval import phrases
from retrieval.text import Taken, Text, number
from retrieval.vocabulary import patterns, raw
from retrieval.words import UNSPACED

_NEAR = 16  # characters between a number and the noun that it counts
_LIMIT = re.compile(
    r"(?:百分之|yuzde )(?P<a>\d[\d.,]*)|(?P<b>\d[\d.,]*) ?(?P<k>k|mil|tausend|тыс|bin|千|万|만)?(?![^\W\d_])"
    r" ?(?P<p>%|percent|prozent|por ?ciento|por cento|pour ?cent|per cento|процент|パーセント|퍼센트|بالم)?"
)
_TIMES = {"k": 1000, "mil": 1000, "tausend": 1000, "тыс": 1000, "bin": 1000, "千": 1000, "万": 10_000, "만": 10_000}
_COUNTED = re.compile(r"(?<!\d)(\d{1,2}) ?(?:개|個|つ|个|款)")
_IN, _AS = r"(?:in|en|em|au?f|в|用|按|以|بال|ب) ?(?:the |los |les |den )?", r" ?(?:で|로|으로|olarak|cinsinden|计|换算)"


def limit(text: Text) -> tuple[str | None, float | None]:
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


def top(text: Text, by: Taken) -> int | None:
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


def currency(text: Text) -> str | None:
    """The currency in which the answer is wanted."""
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
