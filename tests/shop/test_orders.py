"""Orders: who sees them, which one is meant, what can be changed."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import orders
from shop.database import Database
from shop.errors import Missing, Refused, ShopError, Unclear
from shop.people import Actor
from shop.tables import Order, Outbox, Payment, Stock
from tests.shop import small


def test_everybody_sees_their_own_rows_only(db: Session, actors: SimpleNamespace) -> None:
    def seen(actor: Actor) -> set[int]:
        return set(db.scalars(orders.visible_to(actor).with_only_columns(Order.id)))

    assert seen(actors.guest) == set()
    assert seen(actors.ann) == set(range(1001, 1010))
    assert seen(actors.merchant) == {*range(1001, 1011), small.CHOS_PAID}
    assert seen(actors.operator) == set(range(1001, 1015))


@pytest.mark.parametrize("order_id", [small.PAID, 4711, 0, -1, 2**40])
def test_a_foreign_order_looks_like_an_absent_one(db: Session, actors: SimpleNamespace, order_id: int) -> None:
    with pytest.raises(Missing) as error:
        orders.find(db, actors.bob, order_id)
    assert error.value.key == "error.order_missing"


def test_a_group_is_listed_newest_first_and_counted(db: Session, actors: SimpleNamespace) -> None:
    assert [o.id for o in orders.mine(db, actors.ann, "open", limit=2)] == [small.PLACED, small.PAID]
    assert orders.count(db, actors.ann, "open") == 4
    assert orders.count(db, actors.ann, "returned") == 2
    assert orders.count(db, actors.guest) == 0


def test_the_only_fitting_order_is_taken(db: Session, actors: SimpleNamespace) -> None:
    assert orders.pick(db, actors.bob, None, ("delivered",)).id == small.MIXED


def test_several_fitting_orders_ask_which(db: Session, actors: SimpleNamespace) -> None:
    with pytest.raises(Unclear) as error:
        orders.pick(db, actors.ann, None, orders.BEFORE_DISPATCH)
    assert error.value.candidates == (small.PLACED, small.PAID, small.PACKED)


def test_no_fitting_order_says_so(db: Session, actors: SimpleNamespace) -> None:
    with pytest.raises(Missing, match="None of your orders fits"):
        orders.pick(db, actors.bob, None, ("cancelled",))


def test_cancelling_gives_back_goods_and_money_and_writes(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    order = orders.cancel(db, actors.ann, small.PAID, now)
    assert (order.status, order.cancelled_at) == ("cancelled", now)
    stock = db.get(Stock, (1, small.JACKET), populate_existing=True)
    assert stock is not None
    assert stock.on_hand == 3 + 1
    assert set(db.scalars(select(Payment.status).where(Payment.order_id == small.PAID))) == {"refunded"}
    mail = db.scalars(select(Outbox)).one()
    assert (mail.user_id, mail.phrase, mail.values["order"]) == (small.ANN, "mail.cancelled", small.PAID)


def test_an_order_is_cancelled_once(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    orders.cancel(db, actors.ann, small.PAID, now)
    with pytest.raises(ShopError) as error:
        orders.cancel(db, actors.ann, small.PAID, now)
    assert str(error.value).startswith("Order 1002 has the status “cancelled”;")
    stock = db.get(Stock, (1, small.JACKET), populate_existing=True)
    assert stock is not None
    assert stock.on_hand == 3 + 1


@pytest.mark.parametrize("order_id", [small.SHIPPED, small.DELIVERED, small.CANCELLED, small.RETURNED])
def test_an_order_on_its_way_or_over_cannot_be_cancelled(
    db: Session, actors: SimpleNamespace, now: datetime, order_id: int
) -> None:
    with pytest.raises(ShopError) as error:
        orders.cancel(db, actors.ann, order_id, now)
    assert error.value.key == "error.cannot_cancel"
    assert db.scalar(select(func.count()).select_from(Outbox)) == 0


def test_a_stranger_cannot_cancel(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    for stranger in (actors.bob, actors.guest, actors.other_merchant):
        with pytest.raises(Missing):
            orders.cancel(db, stranger, small.PAID, now)


def test_a_rolled_back_preview_changes_nothing(database: Database, actors: SimpleNamespace, now: datetime) -> None:
    with pytest.raises(RuntimeError), database.session() as db:
        orders.cancel(db, actors.ann, small.PAID, now)
        raise RuntimeError("preview")
    with database.session() as db:
        assert orders.find(db, actors.ann, small.PAID).status == "paid"
        assert db.scalar(select(func.count()).select_from(Outbox)) == 0


def test_the_address_is_changed_before_dispatch(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    order = orders.change_address(db, actors.ann, small.PAID, "  Elm\tStreet 2 ", "Springfield", "54321", "us", now)
    assert (order.street, order.city, order.postal_code) == ("Elm Street 2", "Springfield", "54321")


def test_the_address_stays_after_dispatch_and_in_its_country(
    db: Session, actors: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(ShopError, match="Order 1004 has the status “shipped”"):
        orders.change_address(db, actors.ann, small.SHIPPED, "Elm 2", "Town", "1", None, now)
    with pytest.raises(ShopError, match="Order 1002 goes to United States"):
        orders.change_address(db, actors.ann, small.PAID, "Elm 2", "Town", "1", "CA", now)


@pytest.mark.parametrize(
    ("street", "city", "code"), [(" ", "Town", "1"), ("Elm", "T" * 81, "1"), ("Elm", "Town", "\x00")]
)
def test_an_empty_or_endless_address_is_refused(
    db: Session, actors: SimpleNamespace, now: datetime, street: str, city: str, code: str
) -> None:
    with pytest.raises(ShopError) as error:
        orders.change_address(db, actors.ann, small.PAID, street, city, code, None, now)
    assert error.value.key == "error.address_field"


def test_a_merchants_queue_begins_with_the_most_urgent(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    def queue(actor: Actor, status: str) -> list[int]:
        return [order.id for order in orders.queue(db, actor, status, now)]

    assert queue(actors.merchant, "to_ship") == [small.PACKED, small.PAID, small.CHOS_PAID]
    assert queue(actors.merchant, "return_requested") == [small.REQUESTED]
    assert queue(actors.merchant, "late") == []
    assert queue(actors.other_merchant, "late") == [small.LATE_PARCEL, small.LATE_TO_SHIP]
    assert orders.queue_count(db, actors.operator, "all", now) == 3 + 1 + 2 + 1


def test_only_the_trade_has_a_queue(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    for actor in (actors.guest, actors.ann):
        with pytest.raises(Refused):
            orders.queue(db, actor, "all", now)
