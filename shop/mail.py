"""Mail leaves after the commit: a phrase and its values wait in the outbox."""

from datetime import datetime

from sqlalchemy.orm import Session

from shop.money import Money
from shop.tables import Outbox, User
from shop.wording import say


def post(db: Session, user_id: int | None, phrase: str, now: datetime, **values: str | int | Money) -> None:
    """Put a mail into the outbox. Nobody is written to without an account (a guest's ticket)."""
    if user_id is not None:
        packed: dict[str, object] = {name: _pack(value) for name, value in values.items()}
        db.add(Outbox(user_id=user_id, phrase=phrase, values=packed, created_at=now))


def words(db: Session, mail: Outbox) -> str:
    """Write a waiting mail in the language of its reader."""
    user = db.get(User, mail.user_id)
    values = {name: _unpack(value) for name, value in mail.values.items()}
    return say(mail.phrase, user.language if user else "en", **values)


def _pack(value: str | int | Money) -> object:
    return {"minor": value.minor, "currency": value.currency} if isinstance(value, Money) else value


def _unpack(value: object) -> object:
    match value:
        case {"minor": int(minor), "currency": str(currency)}:
            return Money(minor, currency)
    return value
