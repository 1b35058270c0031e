"""Build the demo shop into a database, in one transaction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shop.database import Database
from shop.demo import (
    cast,
    catalogue,
    charges,
    fraud,
    interactions,
    orders,
    parcels,
    payments,
    people,
    reviews,
    rows,
    seasons,
    sendbacks,
    stock,
    tastes,
    tickets,
    wares,
)  # fmt: skip
from shop.demo.people import Person
from shop.demo.purchases import Purchase
from shop.demo.scene import DAY, Scene, moment
from shop.tables import (
    Base,
    Category,
    CategoryText,
    Interaction,
    Order,
    OrderItem,
    Payment,
    Product,
    ProductText,
    Promotion,
    Return,
    Review,
    Shipment,
    Shop,
    Stock,
    StockOut,
    Ticket,
    TicketMessage,
    TrackingEvent,
    User,
    Warehouse,
)  # fmt: skip

FIRST_ORDER = 20_001
ROUND = 2_000  # further products that are in memory at once


class DemoError(ValueError):
    """The demo cannot be built here; the sentence says why."""


@dataclass(frozen=True)
class Story:
    """All that happened, before it is written: the market, everybody, all orders in the order of their ids."""

    market: orders.Market
    everybody: list[Person]
    purchases: list[Purchase]
    sales: list[seasons.Sale]
    outs: list[stock.Span]
    low: set[int]
    gone: set[int]


def build(
    database: Database, *, today: date, products: int | None = None, force: bool = False,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, int]:  # fmt: skip
    """Fill an empty database with the demo of a day; return the number of rows by table.

    The same day gives the same rows, but for the salt of the passwords. `products` beyond the written catalogue
    adds further models that nobody bought yet; fewer than the written ones raises DemoError, as does a database
    with rows, unless `force` says to delete them. An error leaves the database as it was.
    """
    database.create()
    with database.session() as db:
        _clear(db, force=force)
        progress("Drawing customers, tastes and two years of orders …")
        story = tell(Scene(today))
        if products is not None and products < len(story.market.wares):
            raise DemoError(f"The demo has {len(story.market.wares)} written products; --products cannot be fewer.")
        counts = dict(_write(db, story, products, progress))
        rows.settle_sequences(db)
    return counts


def tell(scene: Scene) -> Story:
    """Let the two years happen."""
    drafts, kept = list(catalogue.drafts()), cast.skus()
    goods = wares.column(drafts, list(catalogue.shops()), kept)
    low, gone = stock.scarce(goods, kept)
    outs, sold_off = stock.outs(goods, kept, gone), seasons.sales(scene)
    known = cast.shoppers(scene) + people.customers(scene)
    market = orders.Market(
        scene, known, goods, tastes.form(known, goods), seasons.demand(scene, goods.categories),
        goods.percent(sold_off, scene), orders.ready(goods, outs),
    )  # fmt: skip
    strangers = people.strangers(scene)
    bought = _bought(market, strangers)
    planted = cast.planted(known, goods, scene)
    return Story(market, known + strangers, planted + bought, sold_off, outs, low, gone)


def _bought(market: orders.Market, strangers: list[Person]) -> list[Purchase]:
    """All orders but the planted ones: bought, charged, sent, some sent back; numbered in time order."""
    scene, goods = market.scene, market.wares
    bought = orders.buy(market)
    bought += fraud.plant(market, strangers, bought)
    bought = sorted((one for one in bought if one.placed < scene.now), key=lambda one: (one.placed, one.buyer.id))
    orders.finish(bought, goods, scene)
    for number, one in enumerate(bought, FIRST_ORDER):
        one.id = number
        charges.charge(one, goods)
        one.tracking = f"HT{100_000_000 + number}{charges.origin(one, goods)[1]}"
    parcels.send(bought, goods, scene)
    sendbacks.send_back(bought, goods, scene)
    return bought


def _clear(db: Session, *, force: bool) -> None:
    if db.scalar(select(Shop.id).limit(1)) is None and db.scalar(select(User.id).limit(1)) is None:
        return
    if not force:
        raise DemoError("The database has rows already; --force deletes them and builds the demo anew.")
    for table in reversed(Base.metadata.sorted_tables):
        db.execute(delete(table))


def _write(
    db: Session, story: Story, products: int | None, progress: Callable[[str], None]
) -> Iterator[tuple[str, int]]:  # fmt: skip
    """Write everything, parents before children, and tell the counts by table."""
    yield from _write_shops(db, story)
    progress("Writing the catalogue …")
    written = reviews.rows(story.purchases, story.market.wares, story.market.scene)
    yield from _write_goods(db, story, reviews.ratings(written), products, progress)
    progress("Writing orders, parcels and payments …")
    yield from _write_orders(db, story)
    progress("Writing reviews, tickets and visits …")
    yield "reviews", rows.write(db, Review, written)
    asked, messages = tickets.rows(story.purchases, story.market.wares, story.market.scene)
    yield "tickets", rows.write(db, Ticket, asked)
    yield "ticket_messages", rows.write(db, TicketMessage, messages)
    visits = interactions.rows(story.market, len(cast.SHOPPERS), story.purchases)
    yield "interactions", rows.write(db, Interaction, visits)


def _write_shops(db: Session, story: Story) -> Iterator[tuple[str, int]]:
    shops, houses = rows.shops(catalogue.shops())
    codes, names = rows.categories(catalogue.categories())
    yield "shops", rows.write(db, Shop, shops)
    yield "warehouses", rows.write(db, Warehouse, houses)
    staff = [
        {**one, "password": story.everybody[0].password, "created_at": moment(story.market.scene.start - 400 * DAY),
         "is_active": True}
        for one in cast.staff(catalogue.shops())
    ]  # fmt: skip
    yield "users", rows.write(db, User, [*map(rows.user, story.everybody), *staff])
    yield "categories", rows.write(db, Category, codes)
    yield "category_texts", rows.write(db, CategoryText, names)


def _write_goods(
    db: Session, story: Story, ratings: dict[int, tuple[int, int]], products: int | None,
    progress: Callable[[str], None],
) -> Iterator[tuple[str, int]]:  # fmt: skip
    goods, scene = story.market.wares, story.market.scene
    listed = [wares.moment_listed(goods, place, scene) for place in range(len(goods))]
    numbered = [
        rows.product(place + 1, draft, int(goods.shop[place]) + 1, listed[place], ratings.get(place + 1, (0, 0)))
        for place, draft in enumerate(goods.drafts)
    ]  # fmt: skip
    rows.write(db, Product, numbered)
    rows.write(db, ProductText, (row for n, draft in enumerate(goods.drafts, 1) for row in rows.texts(n, draft)))
    rows.write(db, Stock, stock.shelves(goods, story.purchases, story.low, story.gone, scene))
    yield "products", len(goods) + _write_further(db, story, products, progress)
    yield "promotions", rows.write(db, Promotion, rows.promotions(story.sales, [shop.code for shop in goods.shops]))
    yield "stock_outs", rows.write(db, StockOut, rows.stock_outs(story.outs, scene))


def _write_further(db: Session, story: Story, products: int | None, progress: Callable[[str], None]) -> int:
    """The models beyond the written ones, a round at a time."""
    goods, scene = story.market.wares, story.market.scene
    codes = [shop.code for shop in goods.shops]
    more = islice(catalogue.drafts(products), len(goods), products) if products is not None else iter(())
    number = len(goods)
    while some := list(islice(more, ROUND)):
        places = [codes.index(draft.shop) for draft in some]
        numbered = list(enumerate(some, number + 1))
        rows.write(db, Product, (
            rows.product(n, draft, shop + 1, scene.ago(draft.listed_days_ago), (0, 0))
            for (n, draft), shop in zip(numbered, places, strict=True)
        ))  # fmt: skip
        rows.write(db, ProductText, (row for n, draft in numbered for row in rows.texts(n, draft)))
        rows.write(db, Stock, (
            {"warehouse_id": charges.warehouse_id(goods, shop + 1, 0), "product_id": n, "on_hand": 6 + n % 50,
             "reorder_point": 5}
            for (n, _), shop in zip(numbered, places, strict=True)
        ))  # fmt: skip
        number += len(some)
        if number // 100_000 > (number - len(some)) // 100_000:
            progress(f"{number} products …")
    return number - len(goods)


def _write_orders(db: Session, story: Story) -> Iterator[tuple[str, int]]:
    purchases = story.purchases
    yield "orders", rows.write(db, Order, map(rows.order, purchases))
    yield "order_items", rows.write(db, OrderItem, rows.items(purchases, story.market.wares))
    yield "shipments", rows.write(db, Shipment, rows.shipments(purchases))
    yield "tracking_events", rows.write(db, TrackingEvent, rows.scans(purchases))
    yield "payments", rows.write(db, Payment, payments.rows(purchases, story.market.scene))
    yield "returns", rows.write(db, Return, rows.returns(purchases))
