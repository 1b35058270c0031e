"""Read a postal address out of a message, in the orders of writing that the shop's countries use.

The postal code is found first; the sentence around it is the address; its other parts are the street (the part with a
number) and the city (beside the code, or before the district where the largest place is written first).
"""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple


class Address(NamedTuple):
    street: str
    city: str
    postal_code: str


_CODE = (
    r"\d{3}-\d{4}|\d{5}-\d{3,4}|\d{4}-\d{3}|\d{2}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d"
    r"|\d{4} ?[A-Z]{2}|\d{3} \d{2}|\d{4,6}"
)
_ALONE = rf"(?<![A-Za-z0-9-])(?P<code>{_CODE})(?![A-Za-z0-9-]|[.,]\d)"
_NAMED = re.compile(
    r"(?:〒|邮编|邮政编码|郵便番号|우편번호|\bCEP\b|\bCAP\b|\bPLZ\b|\bC\.?P\.?(?=\s)|c[óo]digo postal|code postal|"
    r"\bzip(?: ?code)?\b|post(?:al )?code\b|Postleitzahl|الرمز البريدي|(?:почтовый )?индекс|posta kodu)"
    rf"\s*(?:は|是|为|es|é|ist|is)?\s*[:：]?\s*{_ALONE}",
    re.IGNORECASE,
)
_BARE = re.compile(_ALONE)
_END = re.compile(
    r"[!?！？。؟\n]|[:：](?=\s|\D)(?<!No:)(?<!no:)|(?<=\w{4})\.(?=\s|$)|(?<=\))\.|(?<=[A-Z]{2})\.(?=\s+[A-Z]\w)"
)
_PART = re.compile(r"[,;，；、،()（）]|\s[-–—]\s|\s/\s")
_PROSE = re.compile(  # what stands before a street in a sentence
    r"^.*?(?:\b(?:to|an|nach|in(?:\s+(?:die|den|das))?|a|à|au|para|pra|na|no|в|на|по)\s|(?:إلى|الى|في)\s)(?=.*\d)",
    re.IGNORECASE,
)
_TYPED = re.compile(  # streets that begin with their kind
    r"\b(?:calle|c/|avenida|av\.|avda\.?|paseo|plaza|rua|r\.|travessa|alameda|praça|via|viale|piazza|corso|rue|avenue|"
    r"boulevard|place|allée|chemin|quai|impasse|улица|ул\.|проспект|пр\.|переулок|шоссе|набережная|شارع|طريق|حي)\s",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\d+[\w/]*(?:\s+(?:bis|ter))?\s+(?!(?:to|an|nach|in|a|à|para|в|на|по|إلى)\s)[^\W\d_].*$")
_CAPITALS = re.compile(r"(?:[A-ZÀ-ÞА-Я][\w'’.-]*\s+)+(?:No[:.]?\s*)?\d+\s?\w?(?:[/-]\w+)?.*$")
_AT = re.compile(r"^(?P<street>.*\d.*|\d.*)\s(?:à|in|en|em|a|at|в|г\.)\s+(?P<city>[A-ZÀ-ÞА-Я][\w'’ -]+)$")
_EASTERN = (
    re.compile(r"^(?:\S{2,3}?[省州]|\S{2,4}?自治区)?(?P<city>\S{1,6}?市)(?P<street>.+)$"),
    re.compile(r"^(?:\S{2,3}?[都道府県])?(?P<city>\S{1,5}?[市区町村])(?P<street>.+)$"),
    re.compile(r"^(?P<city>\S+?(?:시|도))\s+(?P<street>.+)$"),
)
_ASKED = re.compile(
    r"^.*(?:地址(?:改(?:成|为|到))?[是为]?|[寄送发]到|住所[はを]|宛先[はを]|届け先[はを]|주소는)\s*"
)  # the prose of those
_TAIL = re.compile(r"\s*(?:です|に|へ|まで|입니다|이에요|예요|로요|으로)?\s*$")
_STATE = re.compile(r"^[A-Z]{2}$")
_IN = re.compile(r"\s(?:in|à|a|en|em|at)$")
_AT_STREET = re.compile(_TYPED.pattern + r"|(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|street|road|lane)\b", re.I)
_SMALL = r"d[aeiou]s?|del?a?|la|sur|am|an der|upon"
_PLACE = re.compile(rf"(?:[A-ZÀ-ÞА-Яİ][\w'’.-]*|{_SMALL})(?:\s+(?:[A-ZÀ-ÞА-Яİ][\w'’.-]*|{_SMALL})(?=\s|$))*")
_LONGEST = 600  # characters read


def read(text: str, orders: Collection[int] = ()) -> Address | None:
    """Return the address in a text, each part as it was written there; None where a part is missing.

    `orders` are numbers that stand in the text and are orders', so no codes.
    """
    text = text[:_LONGEST]
    for number in orders:
        text = re.sub(rf"(?<!\d){number}(?!\d)", " ", text, count=1)
    code = _code(text)
    if code is None:
        return None
    start, end = _bounds(text, code)
    before = _parts(text[start : code.start()])
    after = _parts(text[code.end() : end])
    found = _street(before, after, is_named=code.re is _NAMED)
    if found is None:
        return None
    street, cities = found
    city = next((one for one in cities if one), "")
    return Address(street, city, code.group("code")) if city else None


def _code(text: str) -> re.Match[str] | None:
    """The postal code: one that is named so, else the likeliest number by what stands around it."""
    if named := _NAMED.search(text):
        return named
    found = [(_weight(text, match), match.start(), match) for match in _BARE.finditer(text)]
    best = max(found, default=None, key=lambda one: one[:2])
    return best[2] if best and best[0] > 0 else None


def _weight(text: str, match: re.Match[str]) -> int:
    """How much a number looks like a postal code: it is written so, or stands apart, or beside one name only."""
    code = match.group("code")
    head, tail = text[: match.start()], text[match.end() :]
    left, right = re.split(_PART, head)[-1].strip(), re.split(_PART, tail)[0].strip()
    if not code.isdigit():
        return 5
    if not left or _STATE.match(left.split()[-1]):
        return 4 if not right or right[0].isupper() else 3
    if right[:1].isupper() and _IN.search(left):
        return 3
    if _AT_STREET.search(left) or _NUMBERED.match(f"{code} {right}") and not left[-1].isupper():
        return 1 if left[0].isupper() and not right else 0
    return 2 if left[0].isupper() or not left.isascii() else 0


def _bounds(text: str, code: re.Match[str]) -> tuple[int, int]:
    """Where the sentence around the code begins and ends."""
    ends = list(_END.finditer(text))
    start = max((match.end() for match in ends if match.end() <= code.start()), default=0)
    end = min((match.start() for match in ends if match.start() >= code.end()), default=len(text))
    return start, end


def _parts(text: str) -> list[str]:
    return [part.strip(" .،") for part in _PART.split(text)]


def _street(before: Sequence[str], after: Sequence[str], *, is_named: bool) -> tuple[str, Sequence[str]] | None:
    """The street, with the flat behind it, and what may be the city, likeliest first."""
    for parts, is_first in ((before, True), (after, False)):
        places = [at for at, part in enumerate(parts) if any(char.isdigit() for char in part) and _letters(part)]
        if not places:
            continue
        at = places[0]
        street, inside = _trimmed(parts[at])
        flats = [part for n, part in enumerate(parts) if n > at and n in places]
        bare = [_TAIL.sub("", part) for n, part in enumerate(parts) if n not in places and n != at]
        beside = [_TAIL.sub("", part) for part in (after if is_first else before) if not _has_digit(part)]
        near = bare[::-1] if is_first else bare
        named = [part for part in near if _letters(part) > 2 and (part[0].isupper() or not part.isascii())]
        if is_first and not is_named and _place(after[0]) and not _STATE.match(after[0]):
            named = [_place(after[0]), *named]
        elif not is_first and parts[0] and at > 0:
            named = [parts[0], *named]
        others = [_place(part) for part in beside if _letters(part) > 1 and not _STATE.match(part)]
        if not street:
            continue
        return ", ".join([street, *(_TAIL.sub("", flat) for flat in flats)]), [inside, *named, *others]
    return None


def _trimmed(part: str) -> tuple[str, str]:
    """A street without the sentence before it, and a city that stands with it in one part."""
    if part[0] > "\u2e7f":
        part = _TAIL.sub("", _ASKED.sub("", part).replace("　", " "))
        found = next((match for pattern in _EASTERN if (match := pattern.match(part))), None)
        return (found.group("street"), found.group("city")) if found else (part, "")
    typed = list(_TYPED.finditer(part))
    numbered = re.match(r"^.*?(\d+[\w/]*(?:\s+(?:bis|ter))?[, ]+)$", part[: typed[0].start()]) if typed else None
    if numbered:  # "23 bis avenue …"
        part = part[numbered.start(1) :]
    elif typed:
        part = part[typed[0].start() :]
    elif starts := [match for pattern in (_NUMBERED, _CAPITALS) if (match := pattern.search(part))]:
        part = min(starts, key=lambda match: match.start()).group()
    else:
        part = _PROSE.sub("", part)
    part = _IN.sub("", part)
    at = _AT.match(part)
    return (at.group("street"), at.group("city")) if at else (part, "")


def _place(text: str) -> str:
    """The name at the beginning of a text: capitalised words, or the first words of scripts without capitals."""
    if not text:
        return ""
    if text[0] > "\u2e7f" or "\u0590" <= text[0] <= "\u06ff":
        return text.split()[0]
    match = _PLACE.match(text)
    return match.group().strip() if match else ""


def _letters(text: str) -> int:
    return sum(char.isalpha() for char in text)


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)
