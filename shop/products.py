"""Products: who sees them, what they cost, which fit, which are first."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, cast, exists, false, func, or_, select
from sqlalchemy.orm import Session, selectinload

from shop.errors import Missing
from shop.money import Money
from shop.offers import Offer, between, offer, offers, paid, promotions
from shop.people import Actor, Role
from shop.rates import convert
from shop.tables import Product, Shop, Stock
from shop.text import storable

__all__ = [
    "Candidate", "Offer", "by_sku", "candidates", "find", "fitting", "in_stock", "many", "offer", "offers", "ranked",
    "visible_to",
]  # fmt: skip

_CHUNK = 10_000  # under every database's limit of parameters


class Candidate(NamedTuple):
    """What a product is chosen by, read without the rest of it; `on_hand` counts all warehouses."""

    id: int
    shop_id: int
    category: str
    kind: str
    minor: int
    currency: str
    colour: str | None
    listed_at: datetime
    rating_sum: int
    rating_count: int
    on_hand: int

    @property
    def price(self) -> Money:
        """The regular price."""
        return Money(self.minor, self.currency)

    @property
    def rating(self) -> float | None:
        """Mean of the stars, or None without reviews."""
        return round(self.rating_sum / self.rating_count, 1) if self.rating_count else None


def visible_to(actor: Actor) -> Select[Product]:
    """The products an actor may see: active ones; a merchant also the own inactive ones, an operator all."""
    return select(Product).where(_seen(actor))


def find(db: Session, actor: Actor, product_id: int) -> Product:
    """Find one visible product. What is absent or inactive raises Missing `error.product_missing`."""
    found = many(db, actor, [product_id])
    if not found:
        raise Missing("error.product_missing", product=product_id)
    return found[0]


def by_sku(db: Session, actor: Actor, sku: str) -> Product:
    """Find a product by the seller's own number, in a merchant's own shop first. Raises Missing."""
    wanted = storable(sku).strip()
    own_first = (Product.shop_id == (actor.shop_id or 0)).desc()
    found = _whole(visible_to(actor)).where(Product.sku == wanted).order_by(own_first, Product.id).limit(1)
    product = db.scalar(found)
    if product is None:
        raise Missing("error.product_missing", product=wanted)
    return product


def many(db: Session, actor: Actor, ids: Sequence[int]) -> list[Product]:
    """List the visible ones of `ids` in that order, with texts, stock and shop, in a few queries."""
    by_id: dict[int, Product] = {}
    wanted = [one for one in dict.fromkeys(ids) if 0 < one < 2**31]
    for start in range(0, len(wanted), _CHUNK):
        among = _whole(visible_to(actor)).where(Product.id.in_(wanted[start : start + _CHUNK]))
        by_id.update({product.id: product for product in db.scalars(among)})
    return [by_id[one] for one in wanted if one in by_id]


def candidates(db: Session, actor: Actor, ids: Sequence[int]) -> list[Candidate]:
    """List the visible ones of `ids` in that order as what they are chosen by: hundreds cost a millisecond or two."""
    by_id: dict[int, Candidate] = {}
    wanted = [one for one in dict.fromkeys(ids) if 0 < one < 2**31]
    for start in range(0, len(wanted), _CHUNK):
        among = _CHOSEN_BY.where(_seen(actor), Product.id.in_(wanted[start : start + _CHUNK]))
        by_id.update({row[0]: Candidate._make(row) for row in db.execute(among)})
    return [by_id[one] for one in wanted if one in by_id]


def in_stock(product: Product) -> int:
    """How many the warehouses have together."""
    return sum(shelf.on_hand for shelf in product.stock)


def fitting(
    db: Session, actor: Actor, ids: Sequence[int], now: datetime, *, category: str | None = None,
    available: bool = False, minimum: Money | None = None, maximum: Money | None = None,
) -> list[int]:  # fmt: skip
    """Keep the visible ids that fit, in their order.

    `minimum` and `maximum` (both included) bound what is paid now, in any currency; `available` means that a
    warehouse has at least one.
    """
    price = paid(promotions(db, now))
    fits = _fits(db, price, now, category, available=available, minimum=minimum, maximum=maximum)
    keep: set[int] = set()
    wanted = [one for one in dict.fromkeys(ids) if 0 < one < 2**31]
    for start in range(0, len(wanted), _CHUNK):
        chunk = Product.id.in_(wanted[start : start + _CHUNK])
        keep.update(db.scalars(select(Product.id).where(_seen(actor), chunk, *fits)))
    return [one for one in wanted if one in keep]


def ranked(
    db: Session, actor: Actor, sort: str, now: datetime, *, currency: str | None = None,
    category: str | None = None, ids: Sequence[int] | None = None, available: bool = False,
    minimum: Money | None = None, maximum: Money | None = None, limit: int = 10,
) -> list[int]:  # fmt: skip
    """Find the first of all visible products (or of `ids`) by newest, best_rated, cheapest or most_expensive.

    Exact over the whole catalogue: prices are what is paid now, promotions included, in `currency` (the
    reader's unless given). best_rated: mean of the stars, then number of reviews; unrated goods are left out.
    """
    price = paid(promotions(db, now))
    fits = _fits(db, price, now, category, available=available, minimum=minimum, maximum=maximum)
    if ids is not None:
        fits.append(Product.id.in_(list(ids)[:_CHUNK]))
    chosen = select(Product.id).where(_seen(actor), *fits)
    match sort:
        case "newest":
            return list(db.scalars(chosen.order_by(Product.listed_at.desc(), Product.id.desc()).limit(limit)))
        case "best_rated":
            mean = Product.rating_sum * 1.0 / Product.rating_count
            rated = chosen.where(Product.rating_count > 0)
            first = rated.order_by(mean.desc(), Product.rating_count.desc(), Product.id).limit(limit)
            return list(db.scalars(first))
        case "cheapest" | "most_expensive":
            target, is_dearest = currency or actor.currency, sort == "most_expensive"
            return _by_price(db, chosen, price, target, now, limit, is_dearest=is_dearest)
        case _:
            raise ValueError(f"{sort} is not an order")


def _seen(actor: Actor) -> ColumnElement[bool]:
    match actor.role:
        case Role.OPERATOR:
            return or_(Product.is_active, ~Product.is_active)
        case Role.MERCHANT if actor.shop_id is not None:
            return or_(Product.is_active, Product.shop_id == actor.shop_id)
        case Role.GUEST | Role.SHOPPER | Role.MERCHANT:
            return Product.is_active.is_(True)
    return false()


def _whole(products: Select[Product]) -> Select[Product]:
    """Load with a product what its card shows."""
    return products.options(selectinload(Product.texts), selectinload(Product.stock), selectinload(Product.shop))


_ON_HAND = select(func.sum(Stock.on_hand)).where(Stock.product_id == Product.id).scalar_subquery()
_CHOSEN_BY = select(
    Product.id, Product.shop_id, Product.category, Product.kind, Product.minor, Product.currency,
    Product.attributes["colour"].as_string(), Product.listed_at, Product.rating_sum, Product.rating_count,
    cast(func.coalesce(_ON_HAND, 0), Integer),
)  # fmt: skip


def _sold_in(db: Session) -> list[str]:
    return sorted(db.scalars(select(Shop.currency).distinct()))


def _fits(
    db: Session, price: ColumnElement[int], now: datetime, category: str | None, *,
    available: bool, minimum: Money | None, maximum: Money | None,
) -> list[ColumnElement[bool]]:  # fmt: skip
    fits: list[ColumnElement[bool]] = []
    if category is not None:
        fits.append(Product.category == category)
    if available:
        fits.append(exists().where(Stock.product_id == Product.id, Stock.on_hand > 0))
    if minimum is not None or maximum is not None:
        fits.append(between(price, minimum, maximum, _sold_in(db), now.date()))
    return fits


def _by_price(
    db: Session, chosen: Select[int], price: ColumnElement[int], target: str, now: datetime, limit: int, *,
    is_dearest: bool,
) -> list[int]:  # fmt: skip
    """Sort in each currency by SQL, then merge: exchange never changes the order within a currency."""
    found: list[tuple[int, int]] = []
    for currency in _sold_in(db):
        order = price.desc() if is_dearest else price.asc()
        among = chosen.add_columns(price).where(Product.currency == currency)
        rows = db.execute(among.order_by(order, Product.id).limit(limit)).all()
        found += [(convert(Money(minor, currency), target, now.date()).minor, one) for one, minor in rows]
    found.sort(key=lambda pair: (-pair[0] if is_dearest else pair[0], pair[1]))
    return [one for _, one in found[:limit]]
