"""Act within limits: hold what the policy holds by itself, and leave the rest to an operator. Always audited."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.risk import desk
from shop import audit, holds, orders
from shop.people import Actor, Role
from shop.tables import Hold, Order

SYSTEM = Actor(Role.OPERATOR, None, None, "US", "EUR", "en")
"""Who holds by the policy: nobody's account; only this file uses it."""


class Acted(NamedTuple):
    """How many orders were held, and how many of the flagged ones wait for an operator."""

    held: int
    left: int


def act(db: Session, now: datetime) -> Acted:
    """Hold the flagged orders under the policy's limit that were not sent; an order is held by itself only once."""
    flagged = {number: one for number, one in desk.scored(db).items() if one.is_flagged}
    before = set(db.scalars(select(Hold.order_id)))
    waiting = select(Order.id).where(Order.id.in_(flagged), Order.status.in_(orders.BEFORE_DISPATCH)).order_by(Order.id)
    open_ = [number for number in db.scalars(waiting) if number not in before]
    small = [number for number in open_ if not desk.policy().needs_operator(flagged[number].amount)]
    for number in small:
        holds.hold(db, SYSTEM, number, "", flagged[number].probability, now)
        arguments = {"order_id": number, "action": "hold", "score": round(flagged[number].probability, 4)}
        audit.record(db, SYSTEM, "hold_order", arguments, "done", None, now)
    return Acted(len(small), len(open_) - len(small))
