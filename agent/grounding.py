"""The check of an answer in the model's own words: every number in it is a fact, and the language is the reader's."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from babel.numbers import list_currencies

from models.language import identify
from tools.facts import Fact

_NUMBER = re.compile(r"\d+(?:[.,'’\u00a0\u202f\u066b\u066c ]\d+)*")
_ID = re.compile(r"(?<![A-Z0-9])(?=[A-Z0-9-]*\d)[A-Z]{2,}[A-Z0-9-]*\d[A-Z0-9-]*(?![A-Za-z0-9])")
_PRICE = re.compile(rf"(?<![A-Z0-9])({'|'.join(sorted(list_currencies()))})(?=\d)")
_ORDINAL = re.compile(r"^\s*\d{1,2}[.)、．]\s", re.M)
_BIG = {"万": 10_000, "만": 10_000, "億": 10**8, "亿": 10**8, "억": 10**8, "千": 1000}


def ungrounded(answer: str, facts: Iterable[Fact]) -> list[str]:
    """List the numbers, dates and ids of an answer that no fact vouches for."""
    plain = _PRICE.sub(r"\1 ", _ORDINAL.sub("", _ascii_digits(answer)))
    known = frozenset(facts)
    texts = {text.upper() for text in known if isinstance(text, str)}
    bad = [code for code in _ID.findall(plain) if not any(code in text for text in texts)]
    plain = _ID.sub(" ", plain)
    allowed = _numbers(known)
    for match in _NUMBER.finditer(plain):
        times = _BIG.get(plain[match.end() : match.end() + 1], 1)
        if not _is_known(match.group(), times, allowed):
            bad.append(match.group())
    return bad


def numbers(text: str) -> Iterator[Decimal]:
    """Read every value that the numbers of a text may have, whole and by their parts."""
    plain = _ascii_digits(text)
    for match in _NUMBER.finditer(plain):
        times = _BIG.get(plain[match.end() : match.end() + 1], 1)
        yield from (value * times for value in readings(match.group()))
        yield from (Decimal(part) for part in re.split(r"\D", match.group()))


def is_in_language(answer: str, language: str) -> bool:
    """Tell whether an answer is in the reader's language; one without words is."""
    return bool(identify(answer, language).split("-")[0] == language.split("-")[0])


def _is_known(token: str, times: int, allowed: frozenset[Decimal]) -> bool:
    if any(value * times in allowed for value in readings(token)):
        return True
    parts = re.split(r"\D", token)
    return len(parts) > 1 and times == 1 and all(Decimal(part) in allowed for part in parts)


def readings(token: str) -> set[Decimal]:
    """Every value that a written number may have, whatever mark stands for thousands or decimals."""
    marks = [char for char in token if not char.isdigit()]
    values = {re.sub(r"\D", "", token)} if _is_grouped(token) else set()
    if not marks:
        values.add(token)
    elif marks[-1] in ".,\u066b":
        head, _, tail = token.rpartition(marks[-1])
        if marks[-1] not in head:
            values.add(f"{re.sub(chr(92) + 'D', '', head)}.{tail}")
    found = set()
    for value in values:
        try:
            found.add(Decimal(value))
        except InvalidOperation:
            continue
    return found


def _is_grouped(token: str) -> bool:
    return re.fullmatch(r"\d{1,3}(?:\D\d{3})+|\d+", token) is not None


def _numbers(facts: Iterable[Fact]) -> frozenset[Decimal]:
    allowed: set[Decimal] = set()
    for fact in facts:
        match fact:
            case Decimal():
                allowed |= {
                    abs(fact),
                    abs(round(fact, 1)),
                    abs(round(fact, 2)),
                    abs(fact.to_integral_value()),
                }
            case date():
                allowed |= {
                    Decimal(fact.year),
                    Decimal(fact.month),
                    Decimal(fact.day),
                    Decimal(fact.year % 100),
                }
    return frozenset(allowed)


def _ascii_digits(text: str) -> str:
    text = re.sub("(?<=[0-9])，", ", ", text)  # the comma of a sentence, not of a number
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", text))
