"""Goods: find, show, compare."""

from decimal import Decimal
from typing import Literal, TypeAlias

from shop import products
from shop.errors import Missing
from shop.money import Money
from shop.tables import Product
from tools import shelf
from tools.base import CUSTOMERS, EVERYONE, Context, Phrase, ToolResult, phrase, tool
from tools.views import Card, Cards, Cell, Stack, Table

Sort: TypeAlias = Literal["best_match", "cheapest", "most_expensive", "newest", "best_rated"]

SHOWN = 6


@tool(roles=EVERYONE)
def search_products(
    ctx: Context,
    query: str = "",
    max_price: float | None = None,
    min_price: float | None = None,
    currency: str | None = None,
    category: str | None = None,
    sort: Sort = "best_match",
    in_stock: bool = False,
) -> ToolResult:
    """Find products to buy.

    Args:
        query: What is wanted, in the customer's own words, such as "waterproof hiking backpack 40L".
        max_price: Highest price, only if the customer named one.
        min_price: Lowest price, only if the customer named one.
        currency: Currency of the prices, such as EUR, only if named.
        category: Kind of goods, only if the customer named a whole category.
        sort: cheapest, most_expensive, newest or best_rated, only if asked for.
        in_stock: true if only goods in stock are wanted.
    """
    wish = shelf.wish(ctx, query, max_price, min_price, currency, category, sort, in_stock)
    found = shelf.find(ctx, wish, SHOWN)
    if not found.goods:
        say = (phrase("say.nothing", query=wish.query),)
        return ToolResult(f"Nothing found for {wish.query!r}.", say, pinned=wish.named)
    shown = products.many(ctx.db, ctx.actor, [one.id for one in found.goods])
    cards = _cards(ctx, shown, wish.currency)
    return ToolResult(
        "\n".join(_line(card) for card in cards),
        (*_heading(wish, found), *(_said(n, card) for n, card in enumerate(cards[:3], 1))),
        Cards(cards),
        pinned=wish.named,
    )


@tool(roles=EVERYONE)
def show_product(ctx: Context, product_id: int) -> ToolResult:
    """Show one product: price, stock, size, material, reviews.

    Args:
        product_id: The product's number as listed before, such as 12.
    """
    product = products.find(ctx.db, ctx.actor, product_id)
    card = _cards(ctx, [product], ctx.actor.currency)[0]
    details = tuple((name.capitalize(), str(value)) for name, value in product.attributes.items())
    text = product.description(ctx.actor.language)
    say = (
        _said(None, card),
        phrase("say.description", text=text),
        phrase("say.stock_left", n=card.in_stock) if card.in_stock else phrase("say.sold_out"),
    )
    view = Stack((Cards((card,)), Table(("column.detail", "column.value"), details)))
    return ToolResult(f"{_line(card)}. {product.description('en')}", say, view)


@tool(roles=CUSTOMERS)
def compare_products(ctx: Context, product_ids: list[int]) -> ToolResult:
    """Compare two to four products side by side.

    Args:
        product_ids: The products' numbers as listed before, such as [12, 31].
    """
    chosen = products.many(ctx.db, ctx.actor, list(dict.fromkeys(product_ids))[:4])
    if len(chosen) < 2:
        raise Missing("error.compare_two")
    cards = _cards(ctx, chosen, ctx.actor.currency)
    cheapest = min(cards, key=lambda card: card.price.minor)
    rated = [card for card in cards if card.rating is not None]
    say = [phrase("say.compared", n=len(cards))]
    say += [_said(n, card) for n, card in enumerate(cards, 1)]
    say.append(phrase("say.cheapest_is", title=cheapest.title, price=cheapest.price))
    if rated:
        best = max(rated, key=lambda card: (card.rating or 0.0, card.reviews))
        say.append(phrase("say.best_rated_is", title=best.title, rating=best.rating))
    return ToolResult("\n".join(map(_line, cards)), tuple(say), Stack((Cards(cards), _side_by_side(chosen, cards))))


def _side_by_side(chosen: list[Product], cards: tuple[Card, ...]) -> Table:
    names = list(dict.fromkeys(name for product in chosen for name in product.attributes))
    rows: list[tuple[Cell, ...]] = [
        ("column.price", *(card.price for card in cards)),
        ("column.rating", *(card.rating for card in cards)),
    ]
    rows += [(name.capitalize(), *(str(p.attributes.get(name, "–")) for p in chosen)) for name in names]
    return Table(("column.detail", *(card.title for card in cards)), tuple(rows))


def _cards(ctx: Context, chosen: list[Product], currency: str) -> tuple[Card, ...]:
    offers = products.offers(ctx.db, chosen, currency, ctx.now)
    return tuple(_card(ctx, product, offers[product.id]) for product in chosen)


def _card(ctx: Context, product: Product, offer: products.Offer) -> Card:
    colour = product.attributes.get("colour")
    return Card(
        product.id, product.sku, product.title(ctx.actor.language), product.brand, product.shop.name,
        product.category, str(colour) if colour else None, offer.price,
        offer.regular if offer.percent else None, product.rating, product.rating_count,
        products.in_stock(product),
    )  # fmt: skip


def _line(card: Card) -> str:
    """A product in the canonical form that the model reads."""
    rated = f", rated {card.rating} of 5 ({card.reviews})" if card.rating is not None else ""
    stock = f"{card.in_stock} in stock" if card.in_stock else "sold out"
    return f"product {card.product_id} ({card.sku}): {card.title}, {card.price}{rated}, {stock}"


def _said(n: int | None, card: Card) -> Phrase:
    key = "say.product" if card.rating is None else "say.product_rated"
    key = key if card.in_stock else "say.product_sold_out"
    number = f"{n}. " if n else ""
    return phrase(key, number=number, title=card.title, price=card.price, rating=card.rating)


def _heading(wish: shelf.Wish, found: shelf.Found) -> tuple[Phrase, ...]:
    """Say what was found, and what differs when nothing fits exactly."""
    query = wish.query or "…"
    bound = wish.max_price if wish.max_price is not None else wish.min_price
    if found.differs == "price" and bound is not None:
        return (phrase("say.nothing_at_price", query=query, price=_money(bound, wish.currency)),)
    if found.differs:
        return (phrase(f"say.nothing_{found.differs}", query=query),)
    head = phrase(f"say.found_{wish.sort}", n=found.total, query=query)
    if wish.max_price is not None:
        return head, phrase("say.up_to", price=_money(wish.max_price, wish.currency))
    if wish.min_price is not None:
        return head, phrase("say.at_least", price=_money(wish.min_price, wish.currency))
    return (head,)


def _money(amount: Decimal, currency: str) -> Money:
    return Money.of(amount, currency)
