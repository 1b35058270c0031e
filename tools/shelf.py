"""From a wish in words to the products that fit it, best first."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from retrieval.index import Hit
from retrieval.understand import understand
from shop import products, rates
from shop.products import Candidate
from tools.base import Context

MOST = 10**12  # no price is higher; it also keeps out what is no number
POOL = 200  # hits looked at before filters and sorting
WIDE = 2000  # products looked at where there are no words to search by
BEST = 60  # hits looked at where only the best are wanted
FLOOR = 2.5  # a best score under this means that the shop has no such thing
CLEAR = 3.0  # under this it is only the nearest that there is, and is called so
ABSENT = -0.3  # a standing under this means that the words are of something else
SURE = -0.05  # under this the nearest is called so, too
SMALL = 200  # products: in fewer, scores stand out too little from one another to tell what is not there
NAMED = 0.5  # lexical evidence that a small catalogue's product is named outright
NEAR = 0.3  # a cosine of words and product: what a small catalogue goes by
KIN = 0.8  # a kind of goods is meant if its best product scores this share of the best of all
TAIL = 0.35  # a product of a meant kind is shown from this share on
# All were chosen on the dev parts of eval/sets, see docs/search.md.

SHADES = {  # what also goes by a colour's name
    "blue": {"blue", "navy", "light-blue", "turquoise"},
    "green": {"green", "olive"},
    "grey": {"grey", "silver"},
    "brown": {"brown", "beige"},
    "yellow": {"yellow", "gold"},
}


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
    colour: str | None = None

    @property
    def named(self) -> dict[str, object]:
        """The arguments of search_products as they were understood, without those that nobody named."""
        bounds = {"max_price": self.max_price, "min_price": self.min_price}
        found: dict[str, object] = {name: float(value) for name, value in bounds.items() if value is not None}
        found |= {"currency": self.currency} if found else {}
        found |= {"category": self.category} if self.category else {}
        found |= {"in_stock": True} if self.in_stock else {}
        return {"query": self.query, "sort": self.sort} | found


@dataclass(frozen=True)
class Found:
    """What is shown, how many fit in all, and what differs if none does."""

    goods: list[Candidate]
    total: int
    differs: str | None = None


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
        colour=words.colour,
    )


def find(ctx: Context, wish: Wish, limit: int) -> Found:
    """Search, filter by price, colour and stock, sort. When nothing fits, the nearest are returned as such."""
    is_choosy = wish.sort != "best_match" or _is_bounded(wish) or bool(wish.colour or wish.category)
    hits = ctx.world.products.search(wish.query, POOL if is_choosy else BEST) if wish.query.strip() else []
    if not hits:
        return _whole_shelf(ctx, wish, limit)
    there = _there(ctx, wish.query, hits[0])
    if there == "nothing":
        return Found([], 0)
    pool = products.candidates(ctx.db, ctx.actor, [hit.id for hit in hits])
    pool = _of_category(_related(pool, hits), wish.category)
    found = _choose(ctx, pool, wish, limit)
    return found if there == "sure" else Found(found.goods[:3], 0, differs="doubt")


def _there(ctx: Context, query: str, best: Hit) -> Literal["sure", "doubt", "nothing"]:
    """Whether the shop has what is looked for, judged by the best hit."""
    if best.lexical > 1.0:  # named by its code
        return "sure"
    standing = ctx.world.products.standing(query, best)
    if len(ctx.world.products) < SMALL:
        return "sure" if best.lexical > NAMED or (best.cosine >= NEAR and standing >= SURE) else "nothing"
    if best.score < FLOOR or standing < ABSENT:
        return "nothing"
    return "sure" if best.score >= CLEAR and standing >= SURE else "doubt"


def _choose(ctx: Context, pool: list[Candidate], wish: Wish, limit: int) -> Found:
    """Keep what fits every bound; else name the first bound that nothing fits, and what is nearest to it."""
    price = _prices(ctx, pool, wish)
    coloured = [p for p in pool if not wish.colour or p.colour in SHADES.get(wish.colour, {wish.colour})]
    if not coloured:
        return Found(_sorted(pool, wish.sort, price)[:3], 0, differs="colour")
    low, high = wish.min_price, wish.max_price
    priced = [p for p in coloured if (low is None or price[p.id] >= low) and (high is None or price[p.id] <= high)]
    if not priced:
        bound = high if high is not None else low or Decimal(0)
        return Found(sorted(coloured, key=lambda p: abs(price[p.id] - bound))[:3], 0, differs="price")
    fits = [p for p in priced if not wish.in_stock or p.on_hand]
    if not fits:
        return Found(_sorted(priced, wish.sort, price)[:3], 0, differs="in_stock")
    return Found(_sorted(fits, wish.sort, price)[:limit], len(fits))


def _prices(ctx: Context, pool: list[Candidate], wish: Wish) -> dict[int, Decimal]:
    """What each costs now in the reader's currency, where that matters."""
    if wish.max_price is None and wish.min_price is None and wish.sort not in ("cheapest", "most_expensive"):
        return {}
    offers = products.offers(ctx.db, pool, wish.currency, ctx.now)
    return {one.id: offers[one.id].price.amount for one in pool}


def _sorted(fits: list[Candidate], sort: str, price: dict[int, Decimal]) -> list[Candidate]:
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


def _related(pool: list[Candidate], hits: Sequence[Hit]) -> list[Candidate]:
    """Keep the kinds that come close to the best hit: a superlative must not reach for unrelated goods."""
    score = {hit.id: hit.score for hit in hits}
    best: dict[str, float] = {}
    for product in pool:
        best.setdefault(product.kind, score[product.id])
    top = max(best.values(), default=0.0)
    return [p for p in pool if best[p.kind] >= KIN * top and score[p.id] >= TAIL * top]


def _of_category(pool: list[Candidate], category: str | None) -> list[Candidate]:
    inside = [p for p in pool if p.category == category]
    return inside or pool


def _whole_shelf(ctx: Context, wish: Wish, limit: int) -> Found:
    """Without words to search by: the best of a category or of everything."""
    sort = "best_rated" if wish.sort == "best_match" else wish.sort
    wide = _is_bounded(wish)
    ids = products.ranked(ctx.db, ctx.actor, sort, ctx.now, currency=wish.currency, category=wish.category,
                          limit=WIDE if wide else limit)  # fmt: skip
    pool = products.candidates(ctx.db, ctx.actor, ids)
    return _choose(ctx, pool, wish, limit) if wide else Found(pool, len(pool))


def _is_bounded(wish: Wish) -> bool:
    return wish.max_price is not None or wish.min_price is not None or wish.in_stock


def _decimal(value: float | None) -> Decimal | None:
    return Decimal(str(value)) if value is not None and 0 < value < MOST else None
