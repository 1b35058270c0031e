"""Rows of a product file, made into wares: Shopify's headings (old and new) or our own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shop.importing.cleaning import plain, price, whole
from shop.importing.report import Report, RowRefused
from shop.importing.sheet import Line
from shop.money import Money
from shop.tables import Shop
from shop.text import line as one_line

# Our name: the headings that mean it, ours or Shopify's (help.shopify.com, "Using CSV files", 2024 and 2025).
NAMES: Mapping[str, Sequence[str]] = {
    "title": ("title",),
    "price": ("price", "variant price"),
    "handle": ("handle", "url handle"),
    "sku": ("sku", "variant sku"),
    "description": ("description", "body (html)"),
    "brand": ("brand", "vendor"),
    "category": ("category", "product category"),
    "kind": ("kind", "type"),
    "currency": ("currency",),
    "cost": ("cost", "cost per item"),
    "stock": ("stock", "inventory quantity", "variant inventory qty"),
    "reorder_point": ("reorder_point",),
    "weight": ("weight_g", "weight value (grams)", "variant grams"),
    "origin": ("origin", "country of origin"),
    "hs_code": ("hs_code", "hs code"),
    "language": ("language",),
    "status": ("status",),
    "published": ("published", "published on online store"),
    **{f"option{n}": (f"option{n} value",) for n in (1, 2, 3)},
    **{f"option{n}_name": (f"option{n} name",) for n in (1, 2, 3)},
}
REQUIRED = ("title", "price")
_OF_THE_PRODUCT = (
    "title", "description", "brand", "category", "kind", "status", "published", "language", "origin",
    "hs_code", "option1_name", "option2_name", "option3_name",
)  # fmt: skip  # written in the first row of a handle only
_TITLE, _BRAND, _CODE = 300, 80, 40  # as wide as the columns
_WEIGHT_G = 500


@dataclass(frozen=True)
class Ware:
    """One thing to sell, clean; `price` is in the shop's currency."""

    row: int
    handle: str
    sku: str
    title: str
    description: str
    brand: str
    category: str
    kind: str
    price: Money
    cost: Money
    stock: int | None
    reorder_point: int
    weight_g: int
    origin: str
    hs_code: str | None
    language: str
    attributes: dict[str, object]
    is_active: bool


class Defaults(NamedTuple):
    """What fills the gaps: the shop, a language, perhaps a category; and the categories by their names."""

    shop: Shop
    language: str
    category: str | None
    categories: Mapping[str, str]


def wares(lines: Sequence[Line], defaults: Defaults, report: Report) -> list[Ware]:
    """Make a ware of each row that can be sold; the report says why the others cannot."""
    found, first = [], dict[str, Line]()
    for line in lines:
        whole_line = _inherit(line, first)
        if not line["price"] and not line["sku"] and not line["title"]:
            continue  # a further picture of the product above
        try:
            found.append(_ware(whole_line, defaults, report))
        except RowRefused as refused:
            report.note(line.row, "refused", str(refused))
    return found


def _inherit(line: Line, first: dict[str, Line]) -> Line:
    """Shopify writes a product's title once; the rows of its further variants have the handle only."""
    handle = line["handle"]
    if not handle or line["title"]:
        first.setdefault(handle, line)
        return line
    above = first.get(handle, line)
    return Line(line.row, {**line.cells, **{name: line[name] or above[name] for name in _OF_THE_PRODUCT}})


def _ware(line: Line, defaults: Defaults, report: Report) -> Ware:
    shop, filled = defaults.shop, list[str]()

    def fill(name: str, value: str) -> str:
        filled.append(f"{name} {value}")
        return value

    title, options = _title(line), _options(line)
    if line["currency"] and line["currency"].upper() != shop.currency:
        raise RowRefused(f"the price is in {line['currency']}, but {shop.name} sells in {shop.currency}")
    weight, stock = whole(line["weight"]), whole(line["stock"])
    origin = line["origin"].upper()
    made = Ware(
        row=line.row, handle=line["handle"], sku=line["sku"] or fill("SKU", _sku(line, options)), title=title,
        description=plain(line["description"]) or (fill("description", "from the title") and title),
        brand=one_line(plain(line["brand"]))[:_BRAND] or fill("brand", shop.name),
        category=_category(line, defaults) or fill("category", _fallback(line, defaults)),
        kind=_slug(line["kind"])[:_CODE] or _slug(title.split()[-1])[:_CODE] or "other",
        price=price(line["price"], shop.currency),
        cost=price(line["cost"] or "0", shop.currency, may_be_zero=True),
        stock=max(stock, 0) if stock is not None else None,
        reorder_point=max(whole(line["reorder_point"]) or 0, 0),
        weight_g=weight if weight and weight > 0 else int(fill("weight", str(_WEIGHT_G))),
        origin=origin if re.fullmatch("[A-Z]{2}", origin) else shop.country,
        hs_code=re.sub(r"\D", "", line["hs_code"])[:12] or None,
        language=line["language"][:12] or defaults.language,
        attributes=dict(options),
        is_active=line["status"].lower() in ("", "active") and line["published"].lower() != "false",
    )  # fmt: skip
    if len(made.sku) > _CODE:
        raise RowRefused(f"the SKU has {len(made.sku)} characters; {_CODE} fit")
    if made.stock is None:
        fill("stock", "0 or as before")
    if filled:
        report.note(line.row, "filled", ", ".join(filled))
    return made


def _title(line: Line) -> str:
    title = plain(line["title"])
    if not title:
        raise RowRefused("there is no title")
    said = f" {title.casefold()} "
    values = [value for value in _options(line).values() if f" {value.casefold()} " not in said]
    full = f"{title} – {', '.join(values)}" if values else title
    if len(full) > _TITLE:
        raise RowRefused(f"the title has {len(full)} characters; {_TITLE} fit")
    return full


def _options(line: Line) -> dict[str, str]:
    """The variant's choices, such as size; Shopify writes “Default Title” where there is none."""
    names = {n: _slug(line[f"option{n}_name"]) or f"option{n}" for n in (1, 2, 3)}
    values = {n: one_line(line[f"option{n}"]) for n in (1, 2, 3)}
    return {names[n]: value for n, value in values.items() if value and value != "Default Title"}


def _sku(line: Line, options: Mapping[str, str]) -> str:
    made = _slug("-".join([line["handle"] or line["title"], *options.values()]))
    if not made:
        raise RowRefused("there is no SKU and nothing to make one of")
    return made


def _category(line: Line, defaults: Defaults) -> str | None:
    """The category by code or by its name in any language; of “Apparel > Shirts” the last known."""
    parts = [*line["category"].split(">")[::-1], line["kind"]]
    known = (defaults.categories.get(part.strip().casefold()) for part in parts)
    return next((code for code in known if code), None)


def _fallback(line: Line, defaults: Defaults) -> str:
    if defaults.category is None:
        named = line["category"] or line["kind"]
        raise RowRefused(f"“{named}” is no category of ours; --category fills it" if named else "no category")
    return defaults.category


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-")
