"""Tickets: a request for a person, and the person's answer."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from shop import mail, orders
from shop.errors import Missing, ShopError
from shop.people import Actor
from shop.rows import run_by, seen
from shop.tables import Ticket, TicketMessage
from shop.text import prose


def visible_to(actor: Actor) -> Select[Ticket]:
    """The tickets an actor may see. One without a shop is the platform's: its writer and operators see it."""
    mine = seen(actor, user=Ticket.user_id, shop=Ticket.shop_id)
    return select(Ticket).where(mine).options(selectinload(Ticket.messages))


def open_ticket(db: Session, actor: Actor, summary: str, order_id: int | None, now: datetime) -> Ticket:
    """Ask for a person. A guest may; an order must be visible, and its shop gets the ticket.

    Raises ShopError `error.text_empty`, Missing `error.order_missing`.
    """
    text = prose(summary)
    order = orders.find(db, actor, order_id) if order_id is not None else None
    ticket = Ticket(
        user_id=actor.user_id, shop_id=order.shop_id if order else None, order_id=order.id if order else None,
        summary=text, language=actor.language, status="open", opened_at=now, answered_at=None,
    )  # fmt: skip
    ticket.messages = [TicketMessage(author_id=actor.user_id, text=text, at=now)]
    db.add(ticket)
    db.flush()
    return ticket


def find(db: Session, actor: Actor, ticket_id: int) -> Ticket:
    """Find a visible ticket. Absent and foreign raise the same Missing `error.ticket_missing`."""
    return _one(db, visible_to(actor), ticket_id)


def waiting(db: Session, actor: Actor, limit: int = 10) -> list[Ticket]:
    """List the open tickets, oldest first. Raises Refused for anybody but merchants and operators."""
    oldest = _desk(actor).where(Ticket.status == "open").order_by(Ticket.opened_at, Ticket.id)
    return list(db.scalars(oldest.limit(limit)))


def waiting_count(db: Session, actor: Actor) -> int:
    """Count what `waiting` would list without its limit."""
    tickets = _desk(actor).where(Ticket.status == "open").subquery()
    return db.scalar(select(func.count()).select_from(tickets)) or 0


def answer(db: Session, actor: Actor, ticket_id: int, text: str, now: datetime) -> Ticket:
    """Answer a ticket of the own shop, an operator any; its writer gets a mail.

    Raises Refused, Missing `error.ticket_missing`, ShopError `error.ticket_closed` and `error.text_empty`.
    """
    ticket = _one(db, _desk(actor), ticket_id)
    if ticket.status == "closed":
        raise ShopError("error.ticket_closed", ticket=ticket.id)
    words = prose(text)
    ticket.messages.append(TicketMessage(author_id=actor.user_id, text=words, at=now))
    ticket.status, ticket.answered_at = "answered", now
    mail.post(db, ticket.user_id, "mail.ticket_answered", now, ticket=ticket.id, text=words)
    db.flush()
    return ticket


def _one(db: Session, tickets: Select[Ticket], ticket_id: int) -> Ticket:
    ticket = db.scalar(tickets.where(Ticket.id == ticket_id)) if 0 < ticket_id < 2**31 else None
    if ticket is None:
        raise Missing("error.ticket_missing", ticket=ticket_id)
    return ticket


def _desk(actor: Actor) -> Select[Ticket]:
    return select(Ticket).where(run_by(actor, Ticket.shop_id)).options(selectinload(Ticket.messages))
