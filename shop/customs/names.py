"""Read the country that words name, in the shop's languages."""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from babel import Locale

from shop.customs.lookup import countries
from shop.wording import LANGUAGES

_ALSO = {  # what people also call them, a space within a name as _
    "US": (
        "usa u.s. u.s.a. america the_states eeuu ee.uu. ee._uu. eua amerika сша америк アメリカ 미국 أمريكا امريكا abd"
    ),
    "GB": (
        "uk u.k. britain great_britain england scotland wales 英国 inglaterra angleterre "
        "inghilterra イギリス 영국 англия британия великобритания великобританию великобритании "
        "بريطانيا انجلترا إنجلترا ingiltere reino_unido royaume-uni gran_bretagna "
        "großbritannien grossbritannien regno_unito"
    ),
    "NL": "holland the_netherlands holanda hollande olanda 荷兰 オランダ голланди هولندا hollanda",
    "KR": "korea south_korea 韩国 corea corée coreia 韓国 한국 корея корею корее كوريا kore",
    "AE": (
        "uae dubai emirates 阿联酋 emiratos emirats émirats emirati アラブ首長国 эмират дубай "
        "الإمارات الامارات دبي 迪拜 ドバイ 두바이"
    ),
    "CZ": "czech_republic czechia chequia tschechien",
    "CN": "mainland_china 中国大陆",
    "HK": "hong_kong hongkong 香港 홍콩 гонконг",
    "AU": "호주",
    "TR": "turkey turkiye türkei turquie turquía turquia turchia 터키",
}
_ENDINGS = {"ru": r"(?:[аеиоуыэюяьйё]{0,3}|ией|ами|ах)", "tr": r"['’]?\w{0,5}"}
_ABBREVIATION = 3  # letters: "eau" is a country and water, "bae" is none
_SHORT = frozenset({"usa", "uk", "u.s.", "uae", "eua", "abd", "fas"})
_NEVER = frozenset({"EU", "UN", "EZ", "ZZ", "XA", "XB", "JE", "GG"})  # no countries; jersey and guernsey are clothes
_STEM = 4  # letters that a Russian stem has at least
_JOINED = ("zh", "ja", "ko", "ar")  # names stand inside other letters


class Named(NamedTuple):
    """A country in a text: where it begins, how long the name is, and the country."""

    at: int
    size: int
    code: str


def named(words: str) -> str | None:
    """The country that words name last, by its ISO 3166 code; None if they name none.

    Every country is recognised, also those without rules. "from China to Germany" is Germany: what is said last
    is where it goes.
    """
    plain = _plain(words)
    found = [
        Named(hit.start(), len(hit.group()), code) for pattern, code in _patterns() for hit in pattern.finditer(plain)
    ]
    longest = [
        one for one in found
        if not any(other.at <= one.at and one.at + one.size <= other.at + other.size and other.size > one.size
                   for other in found)
    ]  # fmt: skip
    return max(longest, key=lambda one: one.at).code if longest else None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    made: dict[str, tuple[re.Pattern[str], str]] = {}
    for code, language, name in _names():
        made.setdefault(f"{code} {_pattern(name, language)}", (re.compile(_pattern(name, language)), code))
    return tuple(made.values())


def _names() -> list[tuple[str, str, str]]:
    found = []
    for language in LANGUAGES:
        territories = Locale.parse(language).territories
        for code, name in territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NEVER:
                found.append((code, language, _plain(str(name))))
    for code, names in _ALSO.items():
        found += [(code, _script(name), _plain(name.replace("_", " "))) for name in names.split()]
    return [one for one in found if len(one[2]) > _ABBREVIATION or one[2] in _SHORT or not one[2].isascii()]


def _pattern(name: str, language: str) -> str:
    if language in _JOINED:
        return re.escape(name.removeprefix("ال") if language == "ar" else name)
    if language == "ru":
        stem = re.sub("[аеиоуыэюяьй]+$", "", name)
        stem = stem if len(stem) >= _STEM or stem == name else name[:-1] if len(name) > _STEM else name
        return rf"(?<!\w){re.escape(stem)}{_ENDINGS['ru']}(?!\w)"
    if language == "tr":
        return rf"(?<!\w){re.escape(name)}{_ENDINGS['tr']}(?!\w)"
    return rf"(?<!\w){re.escape(name)}(?!\w)"


def _script(name: str) -> str:
    first = unicodedata.name(next(char for char in name if char.isalpha()), "")
    if first.startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL")):
        return "zh"
    return "ar" if first.startswith("ARABIC") else "ru" if first.startswith("CYRILLIC") else "en"


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("İ", "i").casefold().split())


def covered(words: str) -> str | None:
    """The same, but only a country that has rules."""
    code = named(words)
    return code if code in countries() else None
