"""Watched figures: one's own, checked by a command, told once until they come back."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import mail, watches
from shop.errors import Refused, ShopError
from shop.measures.query import Filter
from shop.tables import Order, Outbox, User
from tests.shop import small


def test_a_passed_limit_is_told_once_and_again_after_it_was_kept(
    db: Session, actors: SimpleNamespace, now: datetime
) -> None:  # fmt: skip
    watches.add(db, actors.merchant, "orders", (), "above", 5, None, now)
    assert [one.watch.measure for one in watches.check_all(db, now)] == ["orders"]  # eight in thirty days
    assert watches.check_all(db, now) == []
    later = now + timedelta(days=60)
    assert watches.check_all(db, later) == []
    assert len(watches.check_all(db, now)) == 1
    letters = list(db.scalars(select(Outbox)))
    assert len(letters) == 2
    assert "8" in mail.words(db, letters[0]) and "> 5" in mail.words(db, letters[0])


def test_the_same_watch_twice_is_one_with_the_newer_limit(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    for limit in (0.1, 0.2):
        watches.add(db, actors.merchant, "return_rate", (Filter("category", ("clothing",)),), "above", limit, None, now)
    (only,) = watches.of(db, actors.merchant, now)
    assert only.watch.limit == 0.2
    # two socks came back of two, one, two, one, three, two, one and one pieces of clothing
    assert only.value is not None and float(only.value) == pytest.approx(2 / 13)
    assert not only.is_passed


def test_watches_are_ones_own_and_only_of_the_trade(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    watches.add(db, actors.merchant, "revenue", (), "below", 5000, None, now)
    assert watches.of(db, actors.other_merchant, now) == watches.of(db, actors.operator, now) == []
    for who in ("guest", "ann"):
        with pytest.raises(Refused):
            watches.add(db, getattr(actors, who), "revenue", (), "below", 5000, None, now)


def test_each_is_computed_with_its_own_accounts_rows(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    for who in ("merchant", "other_merchant"):
        watches.add(db, getattr(actors, who), "orders", (), "above", 4, None, now)
    told = watches.check_all(db, now)
    assert [(one.watch.user_id, int(one.value or 0)) for one in told] == [(small.MERCHANT, 8)]  # Hanami has three


def test_a_closed_account_is_told_nothing(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    watches.add(db, actors.merchant, "orders", (), "above", 1, None, now)
    user = db.get(User, small.MERCHANT)
    assert user is not None
    user.is_active = False
    db.flush()
    assert watches.check_all(db, now) == []


def test_what_cannot_be_watched_is_refused(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    with pytest.raises(ShopError):
        watches.add(db, actors.merchant, "happiness", (), "above", 1, None, now)
    with pytest.raises(ShopError):
        watches.add(db, actors.merchant, "late_rate", (Filter("product", ("1",)),), "above", 1, None, now)
    assert db.scalar(select(Order.id).limit(1)) is not None
