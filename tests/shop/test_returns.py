"""Returns: windows by region and reason, who may ask, what is refunded."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import orders, returns
from shop.errors import Missing, Refused, ShopError, Unclear
from shop.tables import Outbox
from tests.shop import small


def test_a_delivered_order_goes_back_for_its_goods_duty_and_tax(
    db: Session, actors: SimpleNamespace, now: datetime
) -> None:
    back = returns.send_back(db, actors.ann, small.DELIVERED, "does_not_fit", " too small ", now)
    goods = 13000 + 2 * 1000
    assert (back.refund.minor, back.refund.currency) == (goods + goods // 10 + goods // 5, "USD")
    assert (back.note, back.status, back.requested_at) == ("too small", "requested", now)
    assert orders.find(db, actors.ann, small.DELIVERED).status == "return_requested"
    assert db.scalars(select(Outbox)).one().values["amount"] == {
        "minor": back.refund_minor,
        "currency": "USD",
    }


def test_the_window_names_the_fact_then_the_rule(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    with pytest.raises(ShopError) as error:
        returns.send_back(db, actors.ann, small.TOO_LATE, "changed_mind", "", now)
    delivered = small.ago(200).date()
    assert error.value.values["until"] == delivered + timedelta(days=30)
    assert str(error.value) == ("Order 1006 was delivered on Apr 16, 2026; it could be returned until May 16, 2026.")


def test_the_last_day_counts_to_its_end(db: Session, actors: SimpleNamespace) -> None:
    order = orders.find(db, actors.bob, small.MIXED)  # to Germany: 14 days
    assert order.delivered_at is not None
    last = order.delivered_at.date() + timedelta(days=14)
    assert returns.deadline(order, "changed_mind") == datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=UTC)
    deadline = returns.deadline(order, "other")
    assert deadline is not None
    with pytest.raises(ShopError, match="could be returned until"):
        returns.send_back(db, actors.bob, small.MIXED, "other", "", deadline + timedelta(seconds=1))


def test_a_fault_has_the_longer_window(db: Session, actors: SimpleNamespace) -> None:
    order = orders.find(db, actors.bob, small.MIXED)
    deadline = returns.deadline(order, "defective")
    assert deadline is not None and order.delivered_at is not None
    days = deadline.date() - order.delivered_at.date()
    assert days.days == returns.windows().faulty_days > 14


def test_food_comes_back_only_when_faulty(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    order = orders.find(db, actors.cho, small.FOOD)
    assert returns.deadline(order, "changed_mind") is None
    with pytest.raises(ShopError) as error:
        returns.send_back(db, actors.cho, small.FOOD, "changed_mind", "", now)
    assert error.value.key == "error.return_category"
    goods = 3 * 1500
    assert returns.send_back(db, actors.cho, small.FOOD, "damaged", "", now).refund.minor == goods * 13 // 10


def test_a_mixed_order_refunds_the_returnable_share(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    back = returns.send_back(db, actors.bob, small.MIXED, "changed_mind", "", now)
    charged = 13500 + 1350 + 2700  # goods, duty, tax
    assert back.refund.minor == round(charged * 13000 / 13500)


def test_an_order_is_returned_once(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    returns.send_back(db, actors.ann, small.DELIVERED, "other", "", now)
    with pytest.raises(ShopError, match=r"already requested on Nov 2, 2026"):
        returns.send_back(db, actors.ann, small.DELIVERED, "other", "", now)


def test_only_a_delivered_order_can_be_returned(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    for order_id in (small.PAID, small.SHIPPED, small.CANCELLED):
        with pytest.raises(ShopError, match="only a delivered order can be returned"):
            returns.send_back(db, actors.ann, order_id, "other", "", now)


def test_only_the_buyer_returns(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    for actor in (actors.merchant, actors.operator):
        with pytest.raises(Refused):
            returns.send_back(db, actor, small.DELIVERED, "other", "", now)
    for stranger in (actors.bob, actors.guest):
        with pytest.raises(Missing):
            returns.send_back(db, stranger, small.DELIVERED, "other", "", now)


def test_without_a_number_the_one_in_its_window_is_meant(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    assert returns.send_back(db, actors.ann, None, "other", "", now).order_id == small.DELIVERED


def test_without_a_number_and_none_in_its_window_the_newest_is_explained(
    db: Session, actors: SimpleNamespace, now: datetime
) -> None:
    returns.send_back(db, actors.ann, None, "other", "", now)
    with pytest.raises(ShopError, match="Order 1006 was delivered"):
        returns.send_back(db, actors.ann, None, "other", "", now)


def test_several_in_their_window_ask_which(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    orders.find(db, actors.ann, small.TOO_LATE).delivered_at = small.ago(3)
    with pytest.raises(Unclear):
        returns.send_back(db, actors.ann, None, "other", "", now)


def test_an_unknown_reason_is_refused(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    with pytest.raises(ShopError, match="not a known reason"):
        returns.send_back(db, actors.ann, small.DELIVERED, "boredom", "", now)
