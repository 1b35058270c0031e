"""Find amounts of money in a text: digits, Chinese and Korean numerals, separators, currencies."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from retrieval import phrases
from retrieval.words import UNSPACED

LONGEST = 30  # a longer run of digits is no price
_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"两": 2, "〇": 0}
_DIGITS |= dict(zip("일이삼사오육칠팔구", range(1, 10), strict=True))
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10000, "십": 10, "백": 100, "천": 1000, "만": 10000}
_PREFIXES = re.compile(r"[a-z]{3}|.*[$€£₩₺₽].*")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that may be a price, where it stands in the text, and its currency if one is named."""

    start: int
    end: int
    number: Decimal
    times: int
    currency: str | None

    @property
    def value(self) -> Decimal:
        """The number with its multiplier (`5万` is 50000)."""
        return self.number * self.times


def find(text: str, language: str | None) -> list[Amount]:
    """List the amounts in a folded text; sizes (`40L`), codes and order numbers are not among them."""
    pattern, before = _patterns()
    found = []
    for match in pattern.finditer(text):
        if match.end() - match.start() <= LONGEST and not before.search(text, 0, match.start()):
            found.append(_amount(match, language))
    return found


def _amount(match: re.Match[str], language: str | None) -> Amount:
    named = match.groupdict()
    number = spelled(match["spelled"]) if match["spelled"] else parsed(match["number"])
    times = next((int(m[1:]) for m in ("x1000", "x10000", "x1000000") if match[m]), 1)
    if match["rest"]:
        number, times = number * times + parsed(match["rest"]) * (1000 if match["thousand"] else 1), 1
    currency = next((name for name in _currencies() if named.get("a" + name) or named.get("b" + name)), None)
    if match["yen"] or match["yen2"]:
        currency = "CNY" if language == "zh" else "JPY"
    return Amount(match.start(), match.end(), number, times, currency)


def parsed(digits: str) -> Decimal:
    """Read `1.299,90`, `1,299.90`, `1 299` and `1'299`: three digits after a lone separator are thousands."""
    digits = re.sub(r"[\s'’]", "", digits)
    marks = re.findall(r"[.,]", digits)
    if not marks:
        return Decimal(digits)
    whole, _, part = digits.rpartition(marks[-1])
    grouped = len(part) == 3 and len(set(marks)) == 1 and not whole.startswith("0")
    if grouped or marks.count(marks[-1]) > 1:
        return Decimal(re.sub(r"[.,]", "", digits))
    return Decimal(re.sub(r"[.,]", "", whole) + "." + part)


def spelled(numeral: str) -> Decimal:
    """Read a Chinese or Korean numeral: 两百五十 is 250, 오만 is 50000."""
    total, section, digit = 0, 0, 0
    for c in numeral:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif _TENS[c] == 10000:
            total, section, digit = (total + section + digit or 1) * 10000, 0, 0
        else:
            section, digit = section + (digit or 1) * _TENS[c], 0
    return Decimal(total + section + digit)


@cache
def _currencies() -> dict[str, list[str]]:
    return {name: phrases.listed(text) for name, text in phrases.raw()["currency"].items()}


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compile the pattern of an amount and that of the words which make a number a size or an order."""
    data, ends, letter = phrases.raw(), phrases.ENDS, rf"[^\W{UNSPACED}]"
    times = _either({f"x{k}": phrases.listed(text) for k, text in data["multiplier"].items()})
    after = _either({"a" + name: words for name, words in _currencies().items()})
    ahead = _either({"b" + name: [w for w in words if _is_prefix(w)] for name, words in _currencies().items()})
    words, joined = ("|".join(phrases.listed(data["unit"][kind])) for kind in ("words", "joined"))
    digits = r"(?P<number>(?>\d{1,3}(?:[ ’']\d{3})+(?!\d)|\d+(?:[.,]\d+)*))(?!\d)"
    rest = r"(?:\s?(?P<rest>\d+(?:,\d+)?)(?P<thousand>[千천])?)?"
    numeral = "".join([*_DIGITS, *_TENS])
    pattern = re.compile(
        rf"(?<!{letter})(?<![a-z]-)(?<!\d[.,:/])(?<!#)(?:(?:(?P<yen>¥)|{ahead})\s?)?"
        rf"(?:{digits}(?:\s?{times}{ends}{rest})?|(?P<spelled>[{numeral}]+)(?=\s?{_unnamed(after)}))"
        rf"(?:\s?(?:(?P<yen2>¥)|{after}){ends}"
        rf"|(?!\s?-?(?:{words})(?!{letter}))(?!\s?(?:{joined}))(?!{letter}))"
    )
    before = "|".join(phrases.listed(data["unit"]["before"]))
    return pattern, re.compile(rf"{phrases.STARTS}(?:{before})\s*$")


def _either(named: dict[str, list[str]]) -> str:
    return "(?:" + "|".join(f"(?P<{name}>{'|'.join(words)})" for name, words in named.items() if words) + ")"


def _unnamed(pattern: str) -> str:
    return re.sub(r"\?P<\w+>", "?:", pattern)


def _is_prefix(word: str) -> bool:
    return bool(_PREFIXES.fullmatch(word)) and word != "try"
