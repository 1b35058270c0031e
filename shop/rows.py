"""Whose rows are these: the one condition with which every query begins."""

from sqlalchemy import ColumnElement, false, true
from sqlalchemy.orm import InstrumentedAttribute

from shop.errors import Refused
from shop.people import Actor, Role

Owner = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


def seen(actor: Actor, *, user: Owner, shop: Owner) -> ColumnElement[bool]:
    """Say which rows an actor may see: a shopper the own ones, a merchant the shop's, an operator all.

    Fails closed: a guest, or an account without its id, sees none (`NULL = NULL` never opens a row).
    """
    match actor.role:
        case Role.OPERATOR:
            return true()
        case Role.MERCHANT if actor.shop_id is not None:
            return shop == actor.shop_id
        case Role.SHOPPER if actor.user_id is not None:
            return user == actor.user_id
        case _:
            return false()


def run_by(actor: Actor, shop: Owner) -> ColumnElement[bool]:
    """Say which rows of the trade an actor runs: a merchant the shop's, an operator all.

    Raises Refused `error.merchants_only` for anybody else.
    """
    match actor.role:
        case Role.OPERATOR:
            return true()
        case Role.MERCHANT if actor.shop_id is not None:
            return shop == actor.shop_id
    raise Refused("error.merchants_only")


def owned(actor: Actor, *, user: Owner, session: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Say which rows belong to the person: the account's, or for a guest the visit's."""
    if actor.user_id is not None:
        return user == actor.user_id
    if actor.role is Role.GUEST and actor.session:
        return user.is_(None) & (session == actor.session)
    return false()
