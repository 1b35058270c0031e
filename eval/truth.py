"""What is true in the shop, asked of the tables themselves and not of the code that is measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eval.scenario import Goods
from shop import rates
from shop.money import Money
from shop.tables import Product, Promotion, Stock


@dataclass(frozen=True)
class Good:
    """A product as it stands in the tables: what is paid now, since when it is sold, how many there are."""

    id: int
    kind: str
    category: str
    colour: str
    price: Money
    listed_at: datetime
    on_hand: int

    def is_one_of(self, wanted: Goods) -> bool:
        """Whether it fits a scenario's description."""
        pairs = ((wanted.kind, self.kind), (wanted.category, self.category), (wanted.colour, self.colour))
        return all(not allowed or own in allowed for allowed, own in pairs) and self.id in (wanted.id or (self.id,))

    def costs(self, currency: str, now: datetime) -> Decimal:
        """What it costs in a currency at the day's rate."""
        return rates.convert(self.price, currency, now.date()).amount


def goods(db: Session, now: datetime, ids: Sequence[int] | None = None) -> dict[int, Good]:
    """Read products on sale, all or some, by id."""
    percents = _percents(db, now)
    shelves = select(Stock.product_id, func.sum(Stock.on_hand)).group_by(Stock.product_id)
    on_hand = {product: int(n) for product, n in db.execute(shelves)}
    chosen = select(Product).where(Product.is_active)
    if ids is not None:
        chosen = chosen.where(Product.id.in_(ids))
    return {one.id: _good(one, percents, on_hand.get(one.id, 0)) for one in db.scalars(chosen)}


def extremes(among: Sequence[Good], order: str, currency: str, now: datetime) -> set[int]:
    """The products that may stand first: of all, or of those in stock; ties within half a minor unit count alike."""
    best: set[int] = set()
    for some in (among, [one for one in among if one.on_hand]):
        if not some:
            continue
        if order == "newest":
            latest = max(one.listed_at for one in some)
            best |= {one.id for one in some if one.listed_at == latest}
        else:
            pick = min if order == "cheapest" else max
            bound = pick(one.costs(currency, now) for one in some)
            best |= {one.id for one in some if one.costs(currency, now) == bound}
    return best


def _percents(db: Session, now: datetime) -> dict[tuple[int, str | None], int]:
    running = select(Promotion).where(Promotion.starts_at <= now, Promotion.ends_at > now)
    found: dict[tuple[int, str | None], int] = {}
    for one in db.scalars(running):
        key = (one.shop_id, one.category)
        found[key] = max(one.percent, found.get(key, 0))
    return found


def _good(row: Product, percents: dict[tuple[int, str | None], int], on_hand: int) -> Good:
    percent = max(percents.get((row.shop_id, row.category), 0), percents.get((row.shop_id, None), 0))
    minor = int((Decimal(row.minor) * (100 - percent) / 100 + Decimal("0.5")) // 1)
    colour = str(row.attributes.get("colour") or "")
    price = Money(minor, row.currency)
    return Good(row.id, row.kind, row.category, colour, price, row.listed_at, on_hand)
