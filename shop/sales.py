"""Sales: what a shop, or for operators the whole platform, has sold in a period."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import products
from shop.labels import Country, Month
from shop.measures.desk import PLATFORM
from shop.money import Money
from shop.people import Actor
from shop.periods import Span, buckets, span
from shop.rows import run_by
from shop.tables import Order, OrderItem, Product, Shop
from shop.till import Sum, Till
from shop.wording import Term

Label = str | Term | date | Month | Country


@dataclass(frozen=True)
class Row:
    """One line: a day, the Monday of a week, a month, a category, a product's title or a country."""

    label: Label
    units: int
    orders: int
    revenue: Money


@dataclass(frozen=True)
class Summary:
    """Sales of the orders placed in a period. A cancelled one counts nowhere but in `cancelled`.

    `start` and `end` are the first and last moment that counts, in the shop's time zone; `revenue` is what
    the shop gets for the goods that were not paid back; `average` is per order; `returned` counts orders coming back.
    """

    start: datetime
    end: datetime
    currency: str
    orders: int
    units: int
    revenue: Money
    average: Money | None
    returned: int
    cancelled: int
    previous_revenue: Money | None
    rows: tuple[Row, ...]


def summary(db: Session, actor: Actor, period: str, group_by: str, now: datetime, top: int = 10) -> Summary:
    """Sum up a period in the time zone and currency of the merchant's shop.

    Operators get all shops in UTC and EUR, exchanged at the rate of `now`'s day. `previous_revenue` is that
    of the span of equal length before, None for all_time. Days, weeks and months come complete and in order,
    the other groups by revenue, `top` at most. Raises Refused for anybody else.
    """
    whole = spanned(db, actor, period, now)
    shop = db.get(Shop, actor.shop_id) if actor.shop_id is not None else None
    currency = shop.currency if shop else PLATFORM
    till = Till(db, run_by(actor, Order.shop_id), currency, now.date())
    total, counts = till.total(whole), till.counts(whole)
    return Summary(
        whole.start, whole.end, currency, total.orders, total.units, total.revenue, _average(total),
        returned=counts["return_requested"] + counts["returned"], cancelled=counts["cancelled"],
        previous_revenue=None if period == "all_time" else till.total(whole.before()).revenue,
        rows=tuple(_rows(till, actor, whole, group_by, top)),
    )  # fmt: skip


def spanned(db: Session, actor: Actor, period: str, now: datetime) -> Span:
    """Say from when to when a period lasts for the actor: in the shop's time zone, for operators in UTC."""
    mine = run_by(actor, Order.shop_id)
    shop = db.get(Shop, actor.shop_id) if actor.shop_id is not None else None
    first = db.scalar(select(func.min(Order.placed_at)).where(mine)) if period == "all_time" else None
    return span(period, now, ZoneInfo(shop.timezone if shop else "UTC"), first)


def _rows(till: Till, actor: Actor, whole: Span, group_by: str, top: int) -> list[Row]:
    match group_by:
        case "none":
            return []
        case "day" | "week" | "month":
            cut = buckets(whole, group_by)
            sums = till.over_time(whole, cut)
            return [_row(part.label, sold) for part, sold in zip(cut, sums, strict=True)]
        case "category":
            kinds = till.by(whole, Product.category)
            return _best([_row(Term(f"category.{code}"), sold) for code, sold in kinds.items()], top)
        case "country":
            return _best([_row(Country(to), sold) for to, sold in till.by(whole, Order.country).items()], top)
        case "product":
            goods = till.by(whole, OrderItem.product_id)
            first = sorted(goods, key=lambda one: (-goods[one].revenue.minor, one))[:top]
            titles = {p.id: p.title(actor.language) for p in products.many(till.db, actor, first)}
            return [_row(titles.get(one, f"#{one}"), goods[one]) for one in first]
    raise ValueError(f"{group_by} is not a group")


def _row(label: Label, sold: Sum) -> Row:
    return Row(label, sold.units, sold.orders, sold.revenue)


def _best(rows: list[Row], top: int) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.revenue.minor, str(row.label)))[:top]


def _average(total: Sum) -> Money | None:
    if not total.orders:
        return None
    minor = (Decimal(total.revenue.minor) / total.orders).to_integral_value(ROUND_HALF_UP)
    return Money(int(minor), total.revenue.currency)
