"""Risk: the running totals that features are read from, the events behind them, and orders held back."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from shop.tables.base import Base, Code, Id, OrderId


class RiskRow(Base):
    """Running totals of one party after one event; the meaning of `totals` is said by models/risk/plan.py.

    `key` is a hash of the journal's name and the party; `at` is in seconds since 1970, `seq` the event's number.
    """

    __tablename__ = "risk_rows"
    __table_args__ = {"sqlite_with_rowid": False}

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    totals: Mapped[str] = mapped_column(Text)


class RiskEvent(Base):
    """What must be kept of an event until its label is known: its moment, amount, parties and facts."""

    __tablename__ = "risk_events"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(BigInteger)
    odd: Mapped[int]
    keys: Mapped[dict[str, object]] = mapped_column(JSON)
    label: Mapped[int | None]


class Hold(Base):
    """An order that was held back for a person to look at, and how that ended; rows are only ever added or closed.

    `outcome` is None while it is held, then released or fraud.
    """

    __tablename__ = "holds"
    __table_args__ = (Index("ix_holds_order_id_released_at", "order_id", "released_at"),)

    id: Mapped[Id]
    order_id: Mapped[OrderId]
    score: Mapped[float | None]
    note: Mapped[str] = mapped_column(Text)
    held_at: Mapped[datetime]
    held_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    released_at: Mapped[datetime | None]
    released_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    outcome: Mapped[Code | None]
