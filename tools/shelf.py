"""From a wish in words to the products that fit it, best first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from retrieval.index import Hit
from retrieval.understand import understand
from shop import products, rates
from shop.tables import Product
from tools.base import Context

POOL = 200  # hits looked at before filters and sorting
KINSHIP = 5  # the kinds of the first hits are what a superlative chooses among


@dataclass(frozen=True)
class Wish:
    """What is looked for. Prices are major units of `currency`."""

    query: str
    max_price: Decimal | None
    min_price: Decimal | None
    currency: str
    category: str | None
    sort: str
    in_stock: bool


@dataclass(frozen=True)
class Found:
    """The products shown, how many fit in all, and whether they are only the nearest."""

    products: list[Product]
    total: int
    is_near: bool = False


def wish(
    ctx: Context, query: str, max_price: float | None, min_price: float | None, currency: str | None,
    category: str | None, sort: str, in_stock: bool,
) -> Wish:  # fmt: skip
    """Join the model's arguments with the bounds that stand in the user's own words; the words win."""
    words = understand(ctx.message or query, ctx.actor.language)
    own = understand(query, ctx.actor.language)
    named = words.currency or (currency or "").upper()
    return Wish(
        query=own.rest or words.rest or query,
        max_price=words.max_price if words.max_price is not None else _decimal(max_price),
        min_price=words.min_price if words.min_price is not None else _decimal(min_price),
        currency=named if named in rates.currencies() else ctx.actor.currency,
        category=words.category or (category if category in ctx.world.categories else None),
        sort=words.sort or sort,
        in_stock=words.in_stock or in_stock,
    )


def find(ctx: Context, wish: Wish, limit: int) -> Found:
    """Search, filter by price and stock, sort. When nothing fits, the nearest are returned as such."""
    hits = ctx.world.products.search(wish.query, POOL) if wish.query.strip() else []
    if not hits:
        return _whole_shelf(ctx, wish, limit)
    pool = products.many(ctx.db, ctx.actor, [hit.id for hit in hits])
    pool = _related(pool, hits, is_strict=wish.sort != "best_match" or _is_bounded(wish))
    pool = _of_category(pool, wish.category)
    return _choose(ctx, pool, wish, limit)


def _choose(ctx: Context, pool: list[Product], wish: Wish, limit: int) -> Found:
    offers = products.offers(ctx.db, pool, wish.currency, ctx.now)
    price = {p.id: offers[p.id].price.amount for p in pool}
    low, high = wish.min_price, wish.max_price
    fits = [
        p for p in pool
        if (low is None or price[p.id] >= low)
        and (high is None or price[p.id] <= high)
        and (not wish.in_stock or products.in_stock(p))
    ]  # fmt: skip
    if fits:
        return Found(_sorted(fits, wish.sort, price)[:limit], len(fits))
    bound = high if high is not None else low or Decimal(0)
    return Found(sorted(pool, key=lambda p: abs(price[p.id] - bound))[:3], 0, is_near=True)


def _sorted(fits: list[Product], sort: str, price: dict[int, Decimal]) -> list[Product]:
    match sort:
        case "cheapest":
            return sorted(fits, key=lambda p: price[p.id])
        case "most_expensive":
            return sorted(fits, key=lambda p: -price[p.id])
        case "newest":
            return sorted(fits, key=lambda p: p.listed_at, reverse=True)
        case "best_rated":
            return sorted(fits, key=lambda p: (-(p.rating or 0), -p.rating_count))
        case _:
            return fits


def _related(pool: list[Product], hits: Sequence[Hit], *, is_strict: bool) -> list[Product]:
    """Keep what is of the wanted kind: a superlative or a bound must not reach for unrelated goods."""
    if not is_strict:
        return pool[:20]
    score = {hit.id: hit.score for hit in hits}
    kinds = Counter(p.kind for p in pool[:KINSHIP])
    floor = score[pool[0].id] * 0.5 if pool else 0.0
    return [p for p in pool if p.kind in kinds and score[p.id] >= floor]


def _of_category(pool: list[Product], category: str | None) -> list[Product]:
    inside = [p for p in pool if p.category == category]
    return inside or pool


def _whole_shelf(ctx: Context, wish: Wish, limit: int) -> Found:
    """Without words to search by: the best of a category or of everything."""
    sort = "best_rated" if wish.sort == "best_match" else wish.sort
    wide = _is_bounded(wish)
    pool = products.ranked(ctx.db, ctx.actor, sort, ctx.now, currency=wish.currency, category=wish.category,
                           limit=2000 if wide else limit)  # fmt: skip
    if not wide:
        return Found(pool, len(pool))
    return _choose(ctx, pool, wish, limit)


def _is_bounded(wish: Wish) -> bool:
    return wish.max_price is not None or wish.min_price is not None or wish.in_stock


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None or value <= 0 else Decimal(str(value))
