"""Countries by their names in a reader's language, in English, and by other names than CLDR's."""

import re
from functools import cache

from babel import Locale, UnknownLocaleError

from retrieval.phrases import ENDS, STARTS
from retrieval.vocabulary import patterns
from retrieval.words import UNSPACED, fold

_SHORTEST = 4  # letters of a name in a script with spaces: shorter ones are other words too
_NOT_MEANT = {"mali", "man", "chad", "jersey", "guinea", "reunion", "niger", "togo", "cuba libre", "oman"}
_VOWELS = re.compile("[аеиоуыюя]+$")


def countries(folded: str, language: str | None) -> dict[str, re.Pattern[str]]:
    """A pattern for each ISO 3166 code of which a name stands in a folded text."""
    found = {code: pattern for code, pattern in patterns("country").items() if pattern.search(folded)}
    for code, name, tongue in _names((language or "en").split("-")[0]):
        if code not in found and name[: max(len(name) - 2, 3)] in folded:
            found[code] = _pattern(name, tongue)
    return found


@cache
def _names(language: str) -> tuple[tuple[str, str, str], ...]:
    """Code, folded name and language of all territories, in English and in another language."""
    tongues = dict.fromkeys((language, "en"))
    return tuple((code, fold(name), one) for one in tongues for code, name in _territories(one).items())


@cache
def _pattern(name: str, language: str) -> re.Pattern[str]:
    return re.compile(f"{STARTS}(?:{_inflected(name, language)}){ENDS}")


def _territories(language: str) -> dict[str, str]:
    try:
        known = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {
        code: name
        for code, name in known.items()
        if re.fullmatch("[A-Z]{2}", code) and code not in ("ZZ", "EU", "QO", "XA", "XB", "UN", "EZ")
        and (len(name) >= _SHORTEST or re.search(f"[{UNSPACED}]", name)) and fold(name) not in _NOT_MEANT
    }  # fmt: skip


def _inflected(name: str, language: str) -> str:
    if language == "ru":
        return r"\s+".join(_russian(word) for word in name.split())
    ending = r"[^\W\d_]*" if language == "tr" else ""
    prefix = "(?:[وفبلك]|بال|لل|وال|ال)?" if language == "ar" else ""
    return prefix + re.escape(name).replace(r"\ ", r"\s+") + ending


def _russian(word: str) -> str:
    """A word with the endings of its cases; short ones are not inflected."""
    stem = _VOWELS.sub("", word)
    return re.escape(stem) + "[аеиоуыюя]{0,3}" if len(stem) >= _SHORTEST else re.escape(word)
