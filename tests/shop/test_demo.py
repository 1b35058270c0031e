"""The demo shop has what it promises, and is the same whenever it is built for the same day."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Row, distinct, func, select
from sqlalchemy.orm import Session

from shop.database import Database, connect
from shop.demo import cast
from shop.demo.build import DemoError, build, tell
from shop.demo.reviews import COMMANDS
from shop.demo.scene import Scene
from shop.people import is_password
from shop.tables import (
    Category,
    Interaction,
    Order,
    OrderItem,
    Payment,
    Product,
    ProductText,
    Promotion,
    Review,
    Shop,
    Stock,
    StockOut,
    Ticket,
    TrackingEvent,
    User,
)  # fmt: skip
from tests.shop.demo_shop import NOW, TODAY, built, count


def test_it_is_as_large_as_promised(demo_db: Session) -> None:
    assert count(demo_db, Product.id > 0) >= 640
    assert count(demo_db, Category.code != "") >= 12
    assert count(demo_db, Shop.id > 0) == 5
    assert count(demo_db, ProductText.product_id > 0) == 12 * count(demo_db, Product.id > 0)
    assert count(demo_db, User.role == "shopper") >= 400
    assert count(demo_db, User.role == "shopper", of=func.count(distinct(User.country))) >= 15
    assert count(demo_db, OrderItem.id > 0) >= 40_000
    assert count(demo_db, Interaction.id > 0) >= 150_000
    assert count(demo_db, Review.id > 0) >= 5_000
    assert count(demo_db, Review.id > 0, of=func.count(distinct(Review.text))) >= 5_000
    assert count(demo_db, Review.id > 0, of=func.count(distinct(Review.language))) == 12
    assert count(demo_db, StockOut.id > 0) > 100
    assert count(demo_db, Promotion.id > 0) > 20


def test_the_cast_can_sign_in_and_nobody_else(demo_db: Session) -> None:
    people = list(demo_db.scalars(select(User).where(User.password.is_not(None)).order_by(User.id)))
    assert [one.id for one in people] == list(range(1, 19))
    assert " ".join(one.email.removesuffix("@demo.shop") for one in people) == (
        "emma mei carlos ana louis jonas giulia yuki minho ivan layla deniz nordvik lingxi sakura casaluz maple ops"
    )
    assert " ".join(one.language for one in people) == "en zh es pt fr de it ja ko ru ar tr de zh ja es en en"
    assert [one.shop_id for one in people if one.role == "merchant"] == [1, 2, 3, 4, 5]
    assert is_password(cast.PASSWORD, people[0].password or "")


@pytest.mark.parametrize("k", range(12))
def test_planted_orders_are_in_their_states(demo_db: Session, k: int) -> None:
    planted = list(demo_db.scalars(select(Order).where(Order.buyer_id == k + 1).order_by(Order.id)))
    states = ["delivered", "delivered", "shipped", "paid", "cancelled", "paid"][: 5 + k % 2]
    assert [order.id for order in planted] == [1001 + 10 * k + j for j in range(5 + k % 2)]
    assert [order.status for order in planted] == states
    assert len(planted[0].items) == 1 + k % 2
    assert not {item.product.category for item in planted[0].items} & {"groceries", "beauty"}
    ages = [(TODAY - order.delivered_at.date()).days for order in planted if order.delivered_at]
    assert ages == [5, 200]
    parcel = planted[2].shipments[0]
    assert parcel.tracking[:-2] == f"HT{100_000_000 + planted[2].id}"
    assert parcel.tracking[-2:] == parcel.events[0].country
    assert parcel.events[-1].code == "customs_in"
    assert parcel.promised_at > NOW
    assert not planted[3].shipments
    assert planted[3].ship_by > NOW


def test_planted_orders_hold_the_products_of_the_table(demo_db: Session) -> None:
    for k, orders in enumerate(cast.PLANTED):
        for j, items in enumerate(orders):
            order = demo_db.get_one(Order, 1001 + 10 * k + j)
            assert [f"{item.product.sku} {item.product.kind}" for item in order.items] == list(items)
            assert {item.product.shop_id for item in order.items} == {order.shop_id}
            assert all(sum(shelf.on_hand for shelf in item.product.stock) > 0 for item in order.items)


def test_all_other_orders_are_numbered_in_time_order(demo_db: Session) -> None:
    others = demo_db.execute(select(Order.id, Order.placed_at).where(Order.id > 1116).order_by(Order.id)).all()
    assert [row.id for row in others] == list(range(20_001, 20_001 + len(others)))
    assert [row.placed_at for row in others] == sorted(row.placed_at for row in others)


@pytest.mark.parametrize("shop", range(1, 6))
def test_every_merchant_has_work(demo_db: Session, shop: int) -> None:
    to_ship = (Order.shop_id == shop) & Order.status.in_(("paid", "packed")) & (Order.id > 20_000)
    assert count(demo_db, to_ship) >= 4
    assert count(demo_db, to_ship, Order.ship_by < NOW) >= 2
    tickets = list(demo_db.scalars(select(Ticket.id).where(Ticket.shop_id == shop, Ticket.status == "open")))
    assert sorted(tickets) == [501 + 3 * (shop - 1) + n for n in range(3)]
    shelves = (
        select(func.sum(Stock.on_hand).label("have"), func.sum(Stock.reorder_point).label("point"))
        .join(Product, Product.id == Stock.product_id)
        .where(Product.shop_id == shop)
        .group_by(Product.id)
        .subquery()
    )
    assert count(demo_db, shelves.c.have <= shelves.c.point) >= 5
    assert count(demo_db, shelves.c.have == 0) >= 2


def test_tickets_are_about_orders_of_their_shop_and_buyer(demo_db: Session) -> None:
    rows = demo_db.execute(select(Ticket, Order).join(Order, Ticket.order_id == Order.id)).all()
    assert len(rows) == count(demo_db, Ticket.id > 0) >= 15 + 30
    for ticket, order in rows:
        assert (ticket.shop_id, ticket.user_id) == (order.shop_id, order.buyer_id)
        assert str(order.id) in ticket.messages[0].text
        assert len(ticket.messages) == (1 if ticket.status == "open" else 2)
    assert len({ticket.language for ticket, _ in rows if ticket.status == "open"}) >= 8


def test_hidden_instructions_are_on_products_that_the_cast_bought(demo_db: Session) -> None:
    bought = set(demo_db.scalars(select(OrderItem.product_id).where(OrderItem.order_id < 20_000)))
    for command in COMMANDS:
        review = demo_db.scalars(select(Review).where(Review.text == command.text)).one()
        assert review.product_id in bought


def test_two_builds_of_one_day_are_equal(demo: Database, tmp_path: Path) -> None:
    assert _digest(built(tmp_path)) == _digest(demo)


def _digest(database: Database) -> str:
    """A hash over columns of all kinds of rows; passwords are left out, their salt is fresh."""
    found = hashlib.sha256()
    with database.session() as db:
        for columns in (
            (User.id, User.email, User.name, User.created_at), (Product.id, Product.sku, Product.rating_sum),
            (Order.id, Order.status, Order.goods_minor, Order.tax_minor, Order.placed_at, Order.street),
            (OrderItem.id, OrderItem.product_id, OrderItem.title, OrderItem.shop_minor),
            (Payment.id, Payment.device, Payment.card, Payment.fraud_scenario), (Review.id, Review.text),
            (TrackingEvent.id, TrackingEvent.at, TrackingEvent.code), (Stock.product_id, Stock.on_hand),
            (Interaction.id, Interaction.user_id, Interaction.product_id, Interaction.at), (Ticket.id, Ticket.summary),
        ):  # fmt: skip
            rows: list[Row[tuple[object, ...]]] = list(db.execute(select(*columns).order_by(columns[0], columns[1])))
            found.update(repr(rows).encode())
    return found.hexdigest()


def test_another_day_has_as_much_work_for_every_shop() -> None:
    scene = Scene(date(2026, 3, 2))
    story = tell(scene)
    for shop in range(1, 6):
        waiting = [o for o in story.purchases if o.shop == shop and o.status in {"paid", "packed"} and o.id > 20_000]
        assert len(waiting) >= 4
        assert sum(order.ship_by < scene.now for order in waiting) >= 2


def test_a_database_with_rows_is_refused_and_left_alone(demo: Database) -> None:
    with pytest.raises(DemoError, match="--force"):
        build(demo, today=TODAY)
    with demo.session() as db:
        assert count(db, Order.id > 0) > 20_000


def test_fewer_products_than_written_are_refused_and_nothing_is_left(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'shop.db'}")
    with pytest.raises(DemoError, match="products"):
        build(database, today=TODAY, products=10)
    with database.session() as db:
        assert count(db, Shop.id > 0) == 0
