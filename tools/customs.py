"""The true price at somebody's door: duty, tax, freight; and which customs code goods have."""

import re
from decimal import Decimal
from typing import Literal, TypeAlias

from models import hs
from shop import products
from shop.customs import Line, names
from shop.customs.door import Landed, landed
from shop.errors import Missing, ShopError
from shop.labels import Country
from shop.tables import Product
from shop.wording import Percent, Term, Worded
from tools import shelf
from tools.base import EVERYONE, STAFF, Context, Phrase, ToolResult, phrase, tool
from tools.views import Cell, Table

Terms: TypeAlias = Literal["DDP", "DAP"]
Service: TypeAlias = Literal["air", "express", "sea"]

CLEAR = 0.4  # a share of confidence under which a heading is only the nearest
_COUNT = re.compile(  # "3 of them", "5x", "两" is left to the model
    r"(?<![\w.,-])(\d{1,3})\s*(?:x|×|of\b|pcs|pieces|units|items|pairs?|个|件|台|只|双|套|個|つ|点|枚|足|개|벌|켤레|шт|штук|пар"
    r"|adet|tane|çift|unidades|unités|pièces|pezzi|stück|st\.|stk|paar|paia|pares|قطع|قطعة|حبات|حبة)",
    re.IGNORECASE,
)


@tool(roles=EVERYONE)
def landed_cost(
    ctx: Context,
    product_id: int | None = None,
    quantity: int = 1,
    country: str | None = None,
    terms: Terms = "DDP",
    service: Service = "air",
) -> ToolResult:
    """Work out what a product really costs at the door in a country: price, freight, customs duty, VAT, fees, total.

    Args:
        product_id: The product's number as listed before, such as 12; leave out if it is only described.
        quantity: How many pieces, such as 3.
        country: Where it goes, two letters such as BR, only if the customer named a country.
        terms: DDP (the shop pays duty and tax to customs) or DAP (the buyer pays them at the door).
        service: air, express or sea.
    """
    product = _product(ctx, product_id)
    destination = names.named(ctx.message) or _code(country) or ctx.actor.country
    counted = _COUNT.search(ctx.message)
    many = int(counted[1]) if counted else quantity
    found = landed(
        ctx.db, product, many, destination, ctx.actor.currency, ctx.now, service=service, terms=terms
    )  # fmt: skip
    pinned = {"product_id": product.id, "quantity": many, "country": destination}
    return ToolResult(_text(product, found), _say(ctx, product, found), _table(found), pinned=pinned)


@tool(roles=STAFF)
def classify_goods(ctx: Context, title: str = "") -> ToolResult:
    """Suggest the customs code (HS heading) of goods from their title, for a person to confirm.

    Args:
        title: The goods in the merchant's words, such as "stainless steel vacuum flask 500 ml".
    """
    wanted = title or ctx.message
    if not wanted.strip():
        raise ShopError("error.text_empty")
    found = hs.shipped(ctx.world.encode).suggest(wanted)
    best = found[0]
    head = "say.hs" if best.share >= CLEAR else "say.hs_unsure"
    first = {"hs": best.code, "goods": best.words, "confidence": Percent(best.share)}
    say = [phrase(head, title=wanted, **first)]
    say += [
        phrase("say.hs_row", hs=one.code, goods=one.words, confidence=Percent(one.share))
        for one in (found[1:3] if best.share >= CLEAR else found[:3])
    ]
    rows = tuple((one.code, one.words, Percent(round(one.share, 3))) for one in found)
    text = "; ".join(f"HS {one.code} {one.words} ({one.share:.0%})" for one in found)
    view = Table(("column.hs", "column.goods", "column.confidence"), rows)
    return ToolResult(text, (*say, phrase("say.hs_confirm")), view)


def _product(ctx: Context, product_id: int | None) -> Product:
    """The product of a number, or the best hit of the words."""
    if product_id is not None:
        return products.find(ctx.db, ctx.actor, product_id)
    wish = shelf.wish(ctx, ctx.message, None, None, None, None, "best_match", in_stock=False)
    found = shelf.find(ctx, wish, 1)
    if not found.goods or found.differs:
        raise Missing("talk.which_product")
    return products.find(ctx.db, ctx.actor, found.goods[0].id)


def _code(country: str | None) -> str | None:
    """The country that an argument names, by code or by name."""
    if country is None:
        return None
    return country.upper() if len(country) == 2 else names.named(country)


def _say(ctx: Context, product: Product, found: Landed) -> tuple[Phrase, ...]:
    estimate, sent = found.estimate, found.consignment
    where, count = Country(sent.destination), sent.items[0].quantity
    head = "say.landed" if estimate.is_complete else "say.landed_least"
    title = product.title(ctx.actor.language)
    say = [phrase(head, title=title, quantity=count, country=where, total=estimate.total)]
    for line in estimate.lines:
        key = "say.landed_unknown" if line.amount is None else "say.landed_line"
        say.append(phrase(key, what=Term(f"cost.{line.kind}"), amount=line.amount, why=_why(found, line)))
    for one in found.barred:
        say.append(phrase(f"say.{one.kind}", what=Term(f"barred.{one.what}"), country=where))
    if found.consignment.terms == "DAP":
        say.append(phrase("say.landed_door", amount=estimate.at_door))
    if found.rates_of:
        say.append(phrase("say.landed_rates", day=found.rates_of))
    return (*say, phrase("say.landed_estimate"))


def _why(found: Landed, line: Line) -> Worded:
    """The rule of a line in words."""
    values: dict[str, object] = {"hs": line.rule.hs and _dotted(line.rule.hs), "amount": line.rule.amount}
    if line.rule.percent is not None:
        values["percent"] = Percent(float(line.rule.percent / 100))
    if line.kind == "freight":
        way = found.way
        values |= {"kilos": way.kilos.normalize() + Decimal(0), "service": Term(f"service.{way.service}")}
        values |= {"origin": Country(way.origin), "low": way.days[0], "high": way.days[1]}
    return Worded(line.rule.key, values)


def _dotted(hs: str) -> str:
    """8516.79 for the digits 851679."""
    return f"{hs[:4]}.{hs[4:]}" if len(hs) > 4 else hs


def _table(found: Landed) -> Table:
    columns = ("column.cost", "column.amount", "column.rule", "column.source", "column.as_of")
    rows: list[tuple[Cell, ...]] = []
    for line in found.estimate.lines:
        is_own = line.kind in ("goods", "freight", "insurance")  # the shop's own prices need no source
        source = (None, None) if is_own else (line.rule.source, line.rule.as_of)
        rows.append((Term(f"cost.{line.kind}"), line.amount or Term("cost.unknown"), _why(found, line), *source))
    for one in found.barred:
        rows.append((Term(f"barred.{one.what}"), None, None, one.source, one.as_of))
    rows.append((Term("cost.total"), found.estimate.total, None, None, None))
    return Table(columns, tuple(rows))


def _text(product: Product, found: Landed) -> str:
    """The estimate in the canonical form that the model reads."""
    sent, estimate = found.consignment, found.estimate
    lines = [f"{line.kind} {line.amount or 'not known'}" for line in estimate.lines]
    least = "" if estimate.is_complete else "at least "
    bars = "".join(f"; {one.kind} there: {one.what}" for one in found.barred)
    return (
        f"product {product.id} ({product.sku}) {product.title('en')}, {sent.items[0].quantity} pieces to "
        f"{sent.destination}, {sent.terms}: total {least}{estimate.total} ({', '.join(lines)}){bars}"
    )
