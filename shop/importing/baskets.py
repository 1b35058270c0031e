"""Rows of an order file, made into baskets: Shopify's headings or our own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from shop import rates
from shop.importing.cleaning import moment, plain, price, whole
from shop.importing.report import Report, RowRefused
from shop.importing.sheet import Line
from shop.money import Money
from shop.text import line as one_line

# Our name: the headings that mean it, ours or Shopify's (help.shopify.com, "Exporting orders", 2025).
NAMES: Mapping[str, Sequence[str]] = {
    "order": ("order", "name"),
    "email": ("email",),
    "placed_at": ("placed_at", "created at"),
    "status": ("status",),
    "financial": ("financial status",),
    "fulfilment": ("fulfillment status",),
    "paid_at": ("paid_at", "paid at"),
    "shipped_at": ("shipped_at", "fulfilled at"),
    "delivered_at": ("delivered_at",),
    "cancelled_at": ("cancelled_at", "cancelled at"),
    "currency": ("currency",),
    "freight": ("freight", "shipping"),
    "duty": ("duty", "duties"),
    "tax": ("tax", "taxes"),
    "total": ("total",),
    "method": ("method", "payment method"),
    "sku": ("sku", "lineitem sku"),
    "title": ("title", "lineitem name"),
    "quantity": ("quantity", "lineitem quantity"),
    "unit_price": ("unit_price", "lineitem price"),
    "buyer": ("buyer", "shipping name", "billing name"),
    "street": ("street", "shipping address1", "shipping street", "billing address1"),
    "city": ("city", "shipping city", "billing city"),
    "postal_code": ("postal_code", "shipping zip", "billing zip"),
    "country": ("country", "shipping country", "billing country"),
}
REQUIRED = ("order", "email", "placed_at", "currency", "sku", "quantity", "unit_price", "total", "country")
_STATUSES = ("placed", "paid", "packed", "shipped", "delivered", "cancelled", "returned")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,130}\.[^@\s.]{2,}")


@dataclass(frozen=True)
class Entry:
    """One line of a basket; `unit` is in the buyer's currency."""

    sku: str
    title: str
    quantity: int
    unit: Money


@dataclass(frozen=True)
class Basket:
    """One order, clean. All amounts are in the buyer's currency."""

    row: int
    reference: str
    email: str
    placed_at: datetime
    status: str
    shipped_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    total: Money
    freight: Money
    duty: Money
    tax: Money
    method: str
    address: dict[str, str]
    entries: tuple[Entry, ...]


def baskets(lines: Sequence[Line], zone: ZoneInfo, report: Report) -> list[Basket]:
    """Make a basket of the rows in a row with one order number; it is refused as a whole."""
    found: list[Basket] = []
    first: dict[str, int] = {}
    for reference, rows in groupby(lines, lambda line: line["order"]):
        some = list(rows)
        try:
            if reference in first:
                raise RowRefused(f"order {reference} stands in row {first[reference]} already")
            found.append(_basket(some, zone))
            first[reference] = some[0].row
        except RowRefused as refused:
            report.note(some[0].row, "refused", str(refused))
    return found


def _basket(lines: list[Line], zone: ZoneInfo) -> Basket:
    head = lines[0]
    reference, email, currency = head["order"], head["email"].casefold(), head["currency"].upper()
    if not 0 < len(reference) <= 40:
        raise RowRefused("an order's number has 1 to 40 characters")
    if not _EMAIL.fullmatch(email):
        raise RowRefused(f"“{head['email']}” is not an e-mail address")
    if currency not in rates.currencies():
        raise RowRefused(f"there is no exchange rate for “{currency}”")
    shipped_at, cancelled_at = _moment(head, "shipped_at", zone), _moment(head, "cancelled_at", zone)
    status = _status(head)
    delivered_at = _moment(head, "delivered_at", zone)
    if status in ("delivered", "returned") and delivered_at is None:
        delivered_at = shipped_at or moment(head["placed_at"], zone)
    return Basket(
        head.row, reference, email, moment(head["placed_at"], zone), status, shipped_at, delivered_at,
        cancelled_at, _amount(head, "total", currency), _amount(head, "freight", currency),
        _amount(head, "duty", currency), _amount(head, "tax", currency), head["method"][:40] or "unknown",
        _address(head), tuple(_entry(line, currency) for line in lines),
    )  # fmt: skip


def _status(head: Line) -> str:
    """Our own status, or what Shopify's columns say.

    Shopify does not know of delivery: what was fulfilled counts as delivered on that day.
    """
    own = head["status"].lower()
    if own in _STATUSES:
        return own
    if own:
        raise RowRefused(f"“{own}” is no status; it is one of {', '.join(_STATUSES)}")
    is_fulfilled = head["fulfilment"].lower() == "fulfilled"
    match head["financial"].lower():
        case _ if head["cancelled_at"]:
            return "cancelled"
        case "refunded":
            return "returned" if is_fulfilled else "cancelled"
        case "voided" | "expired":
            return "cancelled"
        case _ if is_fulfilled:
            return "delivered"
        case "paid" | "partially_refunded":
            return "paid"
    return "placed"


def _moment(head: Line, name: str, zone: ZoneInfo) -> datetime | None:
    return moment(head[name], zone) if head[name] else None


def _amount(head: Line, name: str, currency: str) -> Money:
    return price(head[name] or "0", currency, may_be_zero=True)


def _entry(line: Line, currency: str) -> Entry:
    quantity = whole(line["quantity"])
    if quantity is None or not 0 < quantity < 100_000:
        raise RowRefused(f"row {line.row}: “{line['quantity']}” is not a number of pieces")
    if not line["sku"]:
        raise RowRefused(f"row {line.row}: there is no SKU")
    unit = price(line["unit_price"], currency, may_be_zero=True)
    return Entry(line["sku"], plain(line["title"])[:300], quantity, unit)


def _address(head: Line) -> dict[str, str]:
    country = head["country"].upper()
    if not re.fullmatch("[A-Z]{2}", country):
        raise RowRefused(f"“{head['country']}” is not a country in two letters (ISO 3166)")
    widths = {"name": 120, "street": 200, "city": 80, "postal_code": 20}
    cells = {"name": head["buyer"], **{name: head[name] for name in ("street", "city", "postal_code")}}
    # Excel keeps a leading zero of a postal code by an apostrophe
    clean = {name: one_line(text).removeprefix("'")[: widths[name]] for name, text in cells.items()}
    return {**clean, "country": country}
