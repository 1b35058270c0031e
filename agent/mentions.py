"""Ids that stand in the conversation: what the model may name in a call, because somebody wrote it before."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

_TRACKING = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{9}[A-Z]{2}(?![A-Z0-9])")
_SKU = re.compile(r"(?<![A-Z0-9])[A-Z]{2,6}-\d{3,7}(?![A-Z0-9])")
_WHOLE = re.compile(r"(?<!\d[.,])(?<![\dA-Z-])\d{1,9}(?![\d]|[.,]\d|[A-Z-])")
_ORDER = re.compile(r"\border (\d+)")
_PRODUCT = re.compile(r"\bproduct (\d+)")
_TICKET = re.compile(r"\bticket (\d+)")


@dataclass(frozen=True)
class Mentions:
    """Ids by kind. `numbers` are whole numbers in the user's words, which may be an order, a ticket or a product."""

    orders: tuple[int, ...] = ()
    products: tuple[int, ...] = ()
    tickets: tuple[int, ...] = ()
    trackings: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    numbers: frozenset[int] = field(default_factory=frozenset)

    def __or__(self, other: "Mentions") -> "Mentions":
        return Mentions(
            _join(self.orders, other.orders), _join(self.products, other.products),
            _join(self.tickets, other.tickets), _join(self.trackings, other.trackings),
            _join(self.skus, other.skus), self.numbers | other.numbers,
        )  # fmt: skip


_SIGN = (
    r"\s*(?:no\.?|nr\.?|n[°º]|number|nummer|numero|número|numéro|номер|号|番号|번호|رقم|#|№)?\s*[:：]?"
    r"\s*(\d{1,18})(?!\d)"
)
_OF_ORDER = re.compile(
    r"(?:\border|\bbestellung|\bpedido|\bcommande|\bordine|\bencomenda|заказ\w*|sipariş\w*|订单|訂單|注文|주문|(?:ال)?طلب)"
    + _SIGN,
    re.IGNORECASE,
)
_OF_PRODUCT = re.compile(
    r"(?:\bproduct|\bprodukt|\bartikel|\bproducto|\bproduto|\bproduit|\bprodotto|товар\w*|ürün\w*|产品|商品|상품|제품"
    r"|(?:ال)?منتج)" + _SIGN,
    re.IGNORECASE,
)


def of_order(text: str) -> int | None:
    """The number that is called an order's, whatever numbers orders have here."""
    found = _OF_ORDER.search(unicodedata.normalize("NFKC", text))
    return int(found[1]) if found else None


def of_product(text: str) -> int | None:
    """The number that is called a product's."""
    found = _OF_PRODUCT.search(unicodedata.normalize("NFKC", text))
    return int(found[1]) if found else None


def in_words(text: str) -> Mentions:
    """Read the ids in a person's own words: order numbers have four to six digits, tickets three."""
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain)
    trackings = tuple(dict.fromkeys(_TRACKING.findall(plain)))
    plain = _TRACKING.sub(" ", plain)
    skus = tuple(dict.fromkeys(_SKU.findall(plain)))
    numbers = [int(number) for number in _WHOLE.findall(_SKU.sub(" ", plain))]
    return Mentions(
        orders=tuple(n for n in numbers if 1000 <= n <= 9_999_999),
        tickets=tuple(n for n in numbers if 100 <= n <= 999_999),
        trackings=trackings,
        skus=skus,
        numbers=frozenset(numbers),
    )


def none_in(text: str) -> bool:
    """Whether a message names no order."""
    return not in_words(text).orders and of_order(text) is None


def in_results(texts: Iterable[str]) -> Mentions:
    """Read the ids in tools' canonical texts."""
    joined = "\n".join(texts)
    return Mentions(
        orders=_ints(_ORDER, joined), products=_ints(_PRODUCT, joined), tickets=_ints(_TICKET, joined),
        trackings=tuple(dict.fromkeys(_TRACKING.findall(joined))),
    )  # fmt: skip


def _ints(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(number) for number in pattern.findall(text)))


def _join(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*first, *second)))
