"""Numbers in an answer that nobody vouches for: a plain check, apart from the one the agent makes itself.

A number in the answer is grounded when one of its readings (a mark may part thousands or decimals) is a number of
a tool's result, of a date in it, or of the person's own words.
"""

import calendar
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import list_currencies

from shop.money import Money
from shop.wording import Percent

_TOKEN = re.compile(r"\d(?:[\d.,'’\u066b\u066c]*\d)?")
_CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z-]*\d)(?=[\d-]*[A-Za-z])[A-Za-z0-9-]{4,}(?![A-Za-z0-9])")
_PRICE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z]{3}\d)(" + "|".join(sorted(list_currencies())) + r")(?=\d)")
_COUNTER = re.compile(r"^\s*(?:[-*•]\s*)?\d{1,2}[.)]\s", re.M)
_MARK = re.compile(r"[^\d]")
_WRITTEN = re.compile(r"\b(" + "|".join(calendar.month_abbr[1:]) + r")[a-z]* \d{1,2}, \d{4}")  # a date in English
_MYRIAD = {"万": 10_000, "만": 10_000, "億": 10**8, "亿": 10**8, "억": 10**8}


def ungrounded(answer: str, vouched: Iterable[object]) -> list[str]:
    """List the numbers and codes of an answer that none of `vouched` (results, texts, arguments) holds."""
    texts: list[str] = []
    known: set[Decimal] = set()
    for value in vouched:
        for fact in _walk(value):
            if isinstance(fact, Decimal):
                known |= {abs(fact), abs(round(fact, 1)), abs(round(fact, 2)), abs(fact.to_integral_value())}
            else:
                texts.append(_ascii(fact).upper())
    plain = _PRICE.sub(r"\1 ", _COUNTER.sub(" ", _ascii(answer)))
    everything = "\n".join(texts)
    wrong = [code for code in _CODE.findall(plain) if code.upper() not in everything]
    plain = _CODE.sub(" ", plain)
    for found in _TOKEN.finditer(plain):
        times = _MYRIAD.get(plain[found.end() : found.end() + 1], 1)
        parts = [Decimal(part) for part in _MARK.split(found.group())]
        is_date = len(parts) == 3 and times == 1 and all(part in known for part in parts)
        if not is_date and not any(value * times in known for value in _readings(found.group())):
            wrong.append(found.group())
    return wrong


def _readings(token: str) -> Iterator[Decimal]:
    """What a written number may mean: every mark parts thousands, or the last one parts decimals."""
    digits = _MARK.sub("", token)
    yield Decimal(digits)
    marks = _MARK.findall(token)
    if marks and marks[-1] in ".,\u066b":
        whole, _, part = token.rpartition(marks[-1])
        yield Decimal(f"{_MARK.sub('', whole)}.{part}")


def _walk(value: object) -> Iterator[Decimal | str]:
    match value:
        case None | bool():
            return
        case Money():
            yield value.amount
        case Percent():
            yield Decimal(str(round(value.share * 100, 4)))
        case datetime() | date():
            yield from (Decimal(part) for part in (value.year, value.month, value.day, value.year % 100))
            if isinstance(value, datetime):
                yield from (Decimal(part) for part in (value.hour, value.hour % 12 or 12, value.minute))
        case int() | float() | Decimal():
            yield Decimal(str(value))
        case str():
            yield value
            for month in _WRITTEN.findall(value):  # which other languages write as a number
                yield Decimal(list(calendar.month_abbr).index(month))
            for token in _TOKEN.findall(_ascii(value)):
                yield from _readings(token)
                yield from (Decimal(part) for part in re.findall(r"\d+", token))
            for token in re.findall(r"\d+", _ascii(value)):
                yield Decimal(token)
        case Mapping():
            for part in value.values():
                yield from _walk(part)
        case tuple() | list() | set() | frozenset():
            yield Decimal(len(value))
            for part in value:
                yield from _walk(part)
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from _walk(getattr(value, field.name))
        case _:
            return


def _ascii(text: str) -> str:
    joined = re.sub(r"(?<=\d)[\u00a0\u202f](?=\d)", "'", text)  # NFKC would make plain spaces of them
    joined = joined.replace("，", " , ")  # a full-width comma parts clauses, never digits
    plain = unicodedata.normalize("NFKC", joined)
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain)
