"""Conversations: what was said, kept for the person who said it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from shop.errors import Missing
from shop.people import Actor
from shop.rows import owned
from shop.tables import Conversation, Turn
from shop.text import storable


def visible_to(actor: Actor) -> Select[Conversation]:
    """A person's own conversations: the account's, or those of a guest's visit."""
    mine = owned(actor, user=Conversation.user_id, session=Conversation.session)
    return select(Conversation).where(mine)


def start(db: Session, actor: Actor, desk: str, now: datetime) -> Conversation:
    """Begin a conversation at a desk (`shop` or `merchant`, as the application calls them)."""
    conversation = Conversation(
        id=str(uuid4()), user_id=actor.user_id, session=actor.session, desk=desk, started_at=now
    )
    db.add(conversation)
    db.flush()
    return conversation


def find(db: Session, actor: Actor, conversation_id: str) -> Conversation:
    """Find an own conversation. Absent and foreign raise the same Missing `error.conversation_missing`."""
    found = db.scalar(visible_to(actor).where(Conversation.id == storable(conversation_id)))
    if found is None:
        raise Missing("error.conversation_missing")
    return found


def latest(db: Session, actor: Actor, desk: str) -> Conversation | None:
    """The conversation that was begun last at a desk, or None."""
    mine = visible_to(actor).where(Conversation.desk == desk)
    return db.scalar(mine.order_by(Conversation.started_at.desc(), Conversation.id).limit(1))


def add(
    db: Session, actor: Actor, conversation_id: str, role: str, text: str, language: str,
    calls: Sequence[object], now: datetime,
) -> Turn:  # fmt: skip
    """Add a turn of `user` or `assistant`; `calls` must be JSON."""
    owner = find(db, actor, conversation_id)
    turn = Turn(
        conversation_id=owner.id, role=role, text=storable(text), language=language, calls=list(calls),
        at=now, thumb=None,
    )  # fmt: skip
    db.add(turn)
    db.flush()
    return turn


def turns(db: Session, actor: Actor, conversation_id: str, limit: int = 50) -> list[Turn]:
    """List the last turns, oldest first."""
    owner = find(db, actor, conversation_id)
    said = select(Turn).where(Turn.conversation_id == owner.id)
    return list(db.scalars(said.order_by(Turn.id.desc()).limit(limit)))[::-1]


def thumb(db: Session, actor: Actor, turn_id: int, value: int | None) -> Turn:
    """Keep what a person thinks of an answer: 1, -1, or None to take it back. Raises Missing."""
    if value not in (1, -1, None):
        raise ValueError("a thumb is 1, -1 or None")
    mine = owned(actor, user=Conversation.user_id, session=Conversation.session)
    told = select(Turn).join(Conversation, Turn.conversation_id == Conversation.id).where(mine)
    turn = db.scalar(told.where(Turn.id == turn_id)) if 0 < turn_id < 2**31 else None
    if turn is None:
        raise Missing("error.conversation_missing")
    turn.thumb = value
    db.flush()
    return turn
