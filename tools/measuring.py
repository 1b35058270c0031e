"""From a merchant's words to a typed query, and from its figures to typed values for a screen."""

import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from sqlalchemy import func, select

from retrieval import analytics, phrases
from retrieval.reading import Reading
from retrieval.titles import head
from retrieval.words import UNSPACED, fold, tokens
from shop.errors import ShopError, Unclear
from shop.labels import Country, Tongue
from shop.measures.calendar import TIMES, previous, year_before
from shop.measures.catalogue import MEASURES, Measure
from shop.measures.desk import desk, first_day
from shop.measures.query import Filter, Period, Query
from shop.money import Money
from shop.rows import run_by
from shop.tables import Product, ProductText
from shop.wording import Percent, Term
from tools.base import Context
from tools.views import Cell

MeasureName: TypeAlias = Literal[
    "revenue", "gross_sales", "refunds", "orders", "units", "buyers", "average_order", "average_price",
    "units_per_order", "margin", "margin_rate", "return_rate", "returns", "cancellations", "cancellation_rate",
    "late_rate", "late_parcels", "views", "conversion", "rating", "stock", "stock_cover", "fraud_loss",
]  # fmt: skip
DimensionName: TypeAlias = Literal[
    "product", "category", "brand", "country", "language", "customer", "carrier", "service", "warehouse", "payment",
    "shop", "day", "week", "month", "quarter", "year", "weekday", "event",
]  # fmt: skip
USUAL_DAYS = 30  # of a question that names no period
COMMON = 0.25  # a word in the names of more products than this share names none of them
ALIKE = 12  # products of one kind that a word may mean together
_SHORTEST = 4  # letters of a word that can name a product
_SKU = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2,6}-\d{1,7}(?![A-Za-z0-9])")
_HEADLINES = ("revenue", "orders", "units", "average_order", "return_rate", "margin", "late_rate", "stock")
_BREAKDOWNS = ("product", "category", "country", "month", "customer")


@dataclass(frozen=True)
class Asked:
    """A question understood: the query, and what was read."""

    query: Query
    reading: Reading


def today(ctx: Context) -> date:
    """The day in the time zone of the actor's shop. Raises Refused for anybody but the trade."""
    return ctx.now.astimezone(desk(ctx.db, ctx.actor).zone).date()


def asked(
    ctx: Context, question: str, measure: MeasureName | None = None, by: DimensionName | None = None
) -> Asked:  # fmt: skip
    """Understand a question; `measure` and `by` fill in what its words leave open.

    Raises ShopError `error.not_measured` where it names nothing that is measured, and Unclear for the name of several
    products.
    """
    day = today(ctx)
    reading = analytics.read(question, day, ctx.actor.language)
    named = measure if reading.is_guess and measure in MEASURES else reading.measure
    if reading.is_absent or named is None:
        raise not_measured()
    goods = _goods(ctx, question, reading)
    is_named = any(one.dimension == "product" for one in goods)
    where = (*(one for one in reading.where if not (is_named and one.dimension == "category")), *goods)
    rows_of: str | None = reading.by or by
    if any(one.dimension == rows_of and not one.is_excluding and len(one.values) == 1 for one in where):
        rows_of = None
    period = _period(ctx, reading, MEASURES[named], day)
    query = Query(
        named, period, rows_of, where, _against(reading, period, day), _order(reading, MEASURES[named]),  # type: ignore[arg-type]
        reading.top, reading.currency,
    )  # fmt: skip
    return Asked(query, reading)


def not_measured() -> ShopError:
    """The refusal of what the records do not hold; it says what can be asked."""
    measures = tuple(Term(f"measure.{name}") for name in _HEADLINES)
    return ShopError("error.not_measured", measures=measures, dimensions=tuple(Term(f"by.{b}") for b in _BREAKDOWNS))


def _period(ctx: Context, reading: Reading, measure: Measure, day: date) -> Period:
    period = reading.period
    if period is None and reading.against == "year_before":
        period = Period(date(day.year, 1, 1), date(day.year, 12, 31), "year")
    if period is None:
        return Period(date.fromordinal(day.toordinal() - USUAL_DAYS + 1), day)
    if period.kind == "all":
        return Period(first_day(ctx.db, ctx.actor, desk(ctx.db, ctx.actor).zone, ctx.now), day, "all")
    return period


def _against(reading: Reading, period: Period, day: date) -> Period | None:
    match reading.against:
        case "previous":
            return previous(period, day)
        case "year_before":
            return year_before(replace(period, last=min(period.last, day)) if period.kind == "span" else period, day)
        case Period():
            return reading.against
    return None


def _order(reading: Reading, measure: Measure) -> str:
    if reading.quality and not measure.is_good and reading.order in ("most", "least"):
        return "least" if reading.quality == "best" else "most"
    return reading.order or "most"


class _Good(NamedTuple):
    """A product by what its name says."""

    id: int
    kind: str
    words: frozenset[str]


def _goods(ctx: Context, question: str, reading: Reading) -> tuple[Filter, ...]:
    """The brands and products that the words name."""
    mine = run_by(ctx.actor, Product.shop_id)
    named = list(dict.fromkeys(code.upper() for code in _SKU.findall(question)))
    skus: dict[str, int] = {}
    if named:
        skus = {sku.upper(): number for sku, number in ctx.db.execute(
            select(Product.sku, Product.id).where(mine, func.upper(Product.sku).in_(named))
        )}  # fmt: skip
    codes = [skus[code] for code in named if code in skus]
    if codes:
        return (Filter("product", tuple(str(code) for code in codes)),)
    folded = f" {fold(question)} "
    brands = [one for one in ctx.db.scalars(select(Product.brand).where(mine).distinct().order_by(Product.brand))
              if re.search(rf"(?<!\w){re.escape(fold(one))}(?!\w)", folded)]  # fmt: skip
    found = (Filter("brand", tuple(brands)),) if brands else ()
    own = {fold(one) for one in brands}
    wanted = _wanted(reading.rest, own)
    goods = _names(ctx) if wanted else []
    if not _rare(wanted, goods):
        return found
    return (*found, *_named(_wanted(reading.name, own), goods, reading.name))


def _wanted(rest: str, brands: set[str]) -> set[str]:
    words = (word for word in rest.split() if word not in brands and _can_name(word))
    return {one for word in words for one in tokens(word) if len(one) > 1}


def _rare(wanted: set[str], goods: list["_Good"]) -> dict[str, float]:
    """The wanted words that stand in a few products' names, with how much each tells (its inverse frequency)."""
    often = Counter(word for one in goods for word in one.words & wanted)
    most = max(COMMON * len(goods), 3)
    return {word: math.log((len(goods) + 1) / n) for word, n in often.items() if n <= most}


def _can_name(word: str) -> bool:
    """Whether a word that is left over may be of a product's name: long enough, and no filler."""
    if re.match(f"[{UNSPACED}]", word):
        return len(word) >= 2 and not re.fullmatch(r"[\u3040-\u309f]+", word)
    return len(word) >= _SHORTEST and not word.isdigit() and not phrases.load().filler.fullmatch(word)


def _names(ctx: Context) -> list[_Good]:
    """What each product is called in the reader's language, or in English where it has no name in that."""
    mine, own = run_by(ctx.actor, Product.shop_id), ctx.actor.language.split("-")[0]
    titles = (
        select(Product.id, Product.kind, Product.brand, ProductText.language, ProductText.title)
        .join(ProductText, ProductText.product_id == Product.id)
        .where(mine, ProductText.language.in_((own, "en")))
        .order_by(ProductText.language == own)
    )
    found: dict[int, _Good] = {}
    for number, kind, brand, _, title in ctx.db.execute(titles):
        words = tokens(head(title, (brand,)))
        found[number] = _Good(number, kind, frozenset(one for one in words if len(one) > 1))
    return list(found.values())


def _named(wanted: set[str], goods: list[_Good], rest: str) -> tuple[Filter, ...]:
    """The products with the rarest of the wanted words in their names."""
    weight = _rare(wanted, goods)
    rare = set(weight)
    scores = {one: sum(weight[word] for word in one.words & rare) for one in goods if one.words & rare}
    best = max(scores.values())
    among = [one for one, score in scores.items() if score >= best - 1e-9]
    if len({one.kind for one in among}) > 1 and len(among) > 1:
        raise Unclear(
            "error.which_product_measured", tuple(one.id for one in among[:6]),
            name=" ".join(word for word in rest.split() if set(tokens(word)) & rare) or rest,
        )  # fmt: skip
    return (Filter("product", tuple(str(one.id) for one in sorted(among))),)


def shown(value: Fraction | None, measure: Measure, currency: str) -> Cell:
    """An exact value as a typed one for a screen: money, a share, a count, or a number of two decimals."""
    if value is None:
        return None
    match measure.unit:
        case "money":
            return Money.of(round(float(value), 9), currency)
        case "share":
            return Percent(round(float(value), 6))
        case "count":
            return int(value)
    return round(float(value), 1 if measure.unit == "days" else 2)


def changed(value: Fraction | None, before: Fraction | None) -> Percent | None:
    """The relative change as a share; nothing where there was nothing before."""
    return None if value is None or not before else Percent(round(float((value - before) / abs(before)), 6))


def names(ctx: Context, one: Filter) -> tuple[object, ...]:
    """The values of a filter as typed labels."""
    match one.dimension:
        case "country":
            return tuple(Country(code) for code in one.values)
        case "language":
            return tuple(Tongue(code) for code in one.values)
        case "category" | "customer" | "service" | "payment":
            return tuple(Term(f"{one.dimension}.{code}") for code in one.values)
        case "product":
            return _titles(ctx, one.values)
    return one.values


def _titles(ctx: Context, ids: tuple[str, ...]) -> tuple[object, ...]:
    """The first products' titles, and how many more."""
    few = [int(one) for one in ids[:3]]
    texts = select(Product).where(Product.id.in_(few), run_by(ctx.actor, Product.shop_id)).order_by(Product.id)
    titles = tuple(product.title(ctx.actor.language) for product in ctx.db.scalars(texts))
    return (*titles, f"+{len(ids) - len(few)}") if len(ids) > len(few) else titles


def is_time(by: str | None) -> bool:
    """Whether rows are parts of a calendar."""
    return by in TIMES
