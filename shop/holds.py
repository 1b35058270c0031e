"""Orders held back for a person to look at. Holding is reversible, and nobody but the trade sees why."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from shop import orders
from shop.errors import ShopError
from shop.people import Actor
from shop.rows import run_by
from shop.tables import Hold, Order
from shop.wording import Term


def hold(db: Session, actor: Actor, order_id: int, note: str, score: float | None, now: datetime) -> Hold:
    """Hold an order of the own shop (an operator: any) before it is sent; it leaves the queue of what is to be sent.

    Raises Refused, Missing `error.order_missing`, ShopError `error.cannot_hold` once it was dispatched or is over,
    `error.is_held` when it is held already.
    """
    order = _mine(db, actor, order_id)
    if order.status not in orders.BEFORE_DISPATCH:
        raise ShopError("error.cannot_hold", order=order.id, status=Term(f"status.{order.status}"))
    if current(db, order.id) is not None:
        raise ShopError("error.is_held", order=order.id)
    made = Hold(
        order_id=order.id, score=score, note=note[:500], held_at=now, held_by=actor.user_id, released_at=None,
        released_by=None, outcome=None,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def release(db: Session, actor: Actor, order_id: int, outcome: str, now: datetime) -> Hold:
    """Let a held order go on. Raises like `hold`, and ShopError `error.not_held`."""
    order = _mine(db, actor, order_id)
    open_still = update(Hold).where(Hold.order_id == order.id, Hold.released_at.is_(None))
    decided = open_still.values(released_at=now, released_by=actor.user_id, outcome=outcome).returning(Hold.id)
    number = db.scalar(decided)
    found = None if number is None else db.get(Hold, number, populate_existing=True)
    if found is None:
        raise ShopError("error.not_held", order=order.id)
    return found


def current(db: Session, order_id: int) -> Hold | None:
    """The open hold of an order, or None."""
    return db.scalar(select(Hold).where(Hold.order_id == order_id, Hold.released_at.is_(None)))


def is_held() -> ColumnElement[bool]:
    """The condition on Order that it is held."""
    return exists().where(Hold.order_id == Order.id, Hold.released_at.is_(None))


def waiting(db: Session, actor: Actor) -> list[int]:
    """The numbers of the held orders that the actor runs, oldest hold first. Raises Refused for anybody else."""
    query = select(Hold.order_id).join(Order, Hold.order_id == Order.id)
    return list(
        db.scalars(query.where(run_by(actor, Order.shop_id), Hold.released_at.is_(None)).order_by(Hold.held_at))
    )


def agreement(db: Session, actor: Actor) -> tuple[int, int]:
    """Of the closed holds that the actor runs: how many were found to be fraud, and how many there are."""
    query = select(Hold.outcome).join(Order, Hold.order_id == Order.id)
    closed = list(db.scalars(query.where(run_by(actor, Order.shop_id), Hold.released_at.is_not(None))))
    return sum(outcome == "fraud" for outcome in closed), len(closed)


def _mine(db: Session, actor: Actor, order_id: int) -> Order:
    run_by(actor, Order.shop_id)
    return orders.find(db, actor, order_id)
