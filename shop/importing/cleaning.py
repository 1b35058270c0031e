"""Cells made clean: text without tags, prices with either decimal sign, moments with a zone."""

import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from shop.importing.report import RowRefused
from shop.money import Money
from shop.text import line

_AMOUNT = re.compile(r"-?[\d.,]+")
_HIGHEST = Decimal(10**7)  # major units; what is higher is a slip of the decimal sign


class _Plain(HTMLParser):
    """Collects the text between the tags, but for scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style") and self.hidden > 0
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def plain(html: str) -> str:
    """Text without tags and entities, every blank a single space."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    return line("".join(parser.parts))


def price(text: str, currency: str, *, may_be_zero: bool = False) -> Money:
    """Read “1,234.50”, “1.234,50”, “€ 12,5” or “1 234”. Raises RowRefused.

    The last of two different signs is the decimal one. A single sign followed by exactly three digits
    separates thousands, unless a lone zero stands before it.
    """
    clean = re.sub(r"[\s'\u2019]", "", unicodedata.normalize("NFKC", text))
    found = _AMOUNT.search(clean)
    if found is None or _AMOUNT.search(clean, found.end()):
        raise RowRefused(f"“{text}” is not a price")
    try:
        amount = Decimal(_point(found.group()))
    except ArithmeticError as error:
        raise RowRefused(f"“{text}” is not a price") from error
    if amount < 0 or (amount == 0 and not may_be_zero) or amount > _HIGHEST:
        raise RowRefused(f"the price {text} is not between 0 and {_HIGHEST:,}")
    return Money.of(amount, currency)


def whole(text: str) -> int | None:
    """Read a number of pieces or grams; None where there is none."""
    try:
        number = Decimal(text.replace(",", "."))
    except ArithmeticError:
        return None
    return int(number) if number.is_finite() and abs(number) < 10**9 else None


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Read an ISO 8601 moment, also as Shopify writes it (“2026-03-01 10:00:00 +0100”).

    Without an offset it is one of `zone`. Raises RowRefused.
    """
    try:
        read = datetime.fromisoformat(re.sub(r"\s+([+-]\d)", r"\1", text.replace(" UTC", "+00:00")))
    except ValueError as error:
        raise RowRefused(f"“{text}” is not a moment such as 2026-03-01 10:00") from error
    return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)


def _point(number: str) -> str:
    """Write a number with a decimal point and no separators of thousands."""
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return number
    before, after = number[:last], number[last + 1 :]
    sign = number[last]
    is_separator = sign in before or (len(after) == 3 and before not in ("0", "-0") and not re.search(r"[.,]", before))
    if is_separator:
        return re.sub(r"[.,]", "", number)
    return f"{re.sub(r'[.,]', '', before)}.{after}"
