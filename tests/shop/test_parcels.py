"""Parcels: which one is meant, and when it comes."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from shop import parcels
from shop.errors import Missing, ShopError
from shop.tables import Shipment
from tests.shop import small


def test_a_parcel_is_found_by_order_and_by_number_however_it_is_written(db: Session, actors: SimpleNamespace) -> None:
    by_order = parcels.track(db, actors.ann, small.SHIPPED, None)
    assert parcels.track(db, actors.ann, None, " ht 000001004 de").id == by_order.id
    assert [event.code for event in by_order.events] == ["picked_up", "customs_in"]


def test_without_a_number_the_parcel_on_its_way_comes_first(db: Session, actors: SimpleNamespace) -> None:
    assert parcels.track(db, actors.ann, None, None).order_id == small.SHIPPED
    assert parcels.track(db, actors.cho, None, None).order_id == small.FOOD


@pytest.mark.parametrize("tracking", ["HT000001004DE", "HT999999999DE", "", "💥\x00"])
def test_a_foreign_parcel_looks_like_an_absent_one(db: Session, actors: SimpleNamespace, tracking: str) -> None:
    for stranger in (actors.bob, actors.guest):
        with pytest.raises(Missing) as error:
            parcels.track(db, stranger, None, tracking)
        assert error.value.key == "error.parcel_missing"


def test_order_and_number_must_agree(db: Session, actors: SimpleNamespace) -> None:
    with pytest.raises(Missing):
        parcels.track(db, actors.ann, small.DELIVERED, "HT000001004DE")


def test_an_order_without_a_parcel_names_the_dispatch_day(db: Session, actors: SimpleNamespace) -> None:
    with pytest.raises(ShopError, match=r"Order 1002 is not dispatched yet; .* by Nov 4, 2026"):
        parcels.track(db, actors.ann, small.PAID, None)
    with pytest.raises(ShopError, match="Order 1007 was cancelled before dispatch"):
        parcels.track(db, actors.ann, small.CANCELLED, None)


def test_a_guest_has_no_parcel(db: Session, actors: SimpleNamespace) -> None:
    with pytest.raises(Missing, match="You have no parcel yet"):
        parcels.track(db, actors.guest, None, None)


def test_only_orders_that_wait_name_the_newest(db: Session, actors: SimpleNamespace) -> None:
    parcels.track(db, actors.cho, None, None).order.buyer_id = small.BOB
    db.flush()
    with pytest.raises(ShopError, match="Order 1014 is not dispatched yet"):
        parcels.track(db, actors.cho, None, None)


def test_the_eta_is_the_promise_until_it_is_broken(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    assert parcels.eta(parcels.track(db, actors.ann, small.SHIPPED, None), now) == small.ago(-4)
    assert parcels.eta(parcels.track(db, actors.bob, small.LATE_PARCEL, None), now) is None
    arrived = parcels.track(db, actors.ann, small.DELIVERED, None)
    assert parcels.eta(arrived, now) == arrived.delivered_at


def test_a_merchant_sees_the_shops_parcels(db: Session, actors: SimpleNamespace) -> None:
    assert db.scalar(parcels.visible_to(actors.other_merchant).where(Shipment.order_id == small.SHIPPED)) is None
    assert parcels.track(db, actors.merchant, small.SHIPPED, None).order_id == small.SHIPPED
