"""What people say and decide: tickets, conversations, proposals, and the audit."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.tables.base import Base, Code, Id, Language, Uuid


class Ticket(Base):
    """A request for a person; status open, answered or closed. A guest's ticket has no user."""

    __tablename__ = "tickets"

    id: Mapped[Id]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shops.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    summary: Mapped[str] = mapped_column(Text)
    language: Mapped[Language]
    status: Mapped[Code] = mapped_column(index=True)
    opened_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    messages: Mapped[list["TicketMessage"]] = relationship(order_by="TicketMessage.id")


class TicketMessage(Base):
    """One message of a ticket."""

    __tablename__ = "ticket_messages"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Conversation(Base):
    """A chat. It belongs to a user, or to a visit (`session`) of a guest."""

    __tablename__ = "conversations"

    id: Mapped[Uuid]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    session: Mapped[str] = mapped_column(String(64), index=True)
    desk: Mapped[Code]
    started_at: Mapped[datetime]


class Turn(Base):
    """One message in a chat. `calls` holds the tool calls with what the model saw of their results."""

    __tablename__ = "turns"

    id: Mapped[Id]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    role: Mapped[Code]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[Language]
    calls: Mapped[list[object]]
    at: Mapped[datetime]
    thumb: Mapped[int | None]


class Proposal(Base):
    """A change that a model proposed and only its actor can commit, once. Its id is the idempotency key."""

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_conversation_id", "conversation_id"),)

    id: Mapped[Uuid]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    session: Mapped[str] = mapped_column(String(64))
    tool: Mapped[Code]
    arguments: Mapped[dict[str, object]]
    status: Mapped[Code]
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class Audit(Base):
    """Who did what, and how it ended: one row for every write that was tried."""

    __tablename__ = "audit"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None]
    role: Mapped[Code]
    tool: Mapped[Code]
    arguments: Mapped[dict[str, object]]
    outcome: Mapped[Code]
    proposal_id: Mapped[str | None] = mapped_column(String(36))


class Outbox(Base):
    """A mail to be sent after the commit, by whatever delivers mail."""

    __tablename__ = "outbox"

    id: Mapped[Id]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    phrase: Mapped[Code]
    values: Mapped[dict[str, object]]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Watch(Base):
    """A figure that somebody wants to hear of when it passes a limit.

    `filters` are those of shop.measures.query by dimension; `limit` is in the measure's unit (a share: 0.08), money in
    `currency`. It looks at the last `days` days. `fired_at` is when the limit was passed, and None while it is not.
    """

    __tablename__ = "watches"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    measure: Mapped[Code]
    filters: Mapped[list[object]]
    side: Mapped[Code]
    limit: Mapped[float]
    currency: Mapped[str] = mapped_column(String(3))
    days: Mapped[int]
    created_at: Mapped[datetime]
    fired_at: Mapped[datetime | None]
