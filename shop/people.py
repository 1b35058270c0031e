"""Who is asking: roles, the actor, and passwords."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import ShopError
from shop.tables import User

_SCRYPT = {"n": 2**14, "r": 8, "p": 1}  # OWASP Password Storage Cheat Sheet, 16 MiB setting


class Role(StrEnum):
    """What a person is to the shop."""

    GUEST = "guest"
    SHOPPER = "shopper"
    MERCHANT = "merchant"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Actor:
    """Who is asking, from the signed-in account, never from text.

    `session` is the server's random id of a visit: what a guest proposed only the same visit can confirm.
    """

    role: Role
    user_id: int | None
    shop_id: int | None
    country: str
    currency: str
    language: str
    session: str = ""


def guest(session: str, *, country: str = "US", currency: str = "USD", language: str = "en") -> Actor:
    """Make the actor of somebody who has not signed in."""
    return Actor(Role.GUEST, None, None, country, currency, language, session)


def hash_password(password: str) -> str:
    """Hash with scrypt and a fresh salt; the text holds salt and digest in hex."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_digest(password, salt)}"


def is_password(password: str, stored: str) -> bool:
    """Compare in constant time."""
    salt, _, digest = stored.partition("$")
    return hmac.compare_digest(_digest(password, bytes.fromhex(salt)), digest)


def sign_in(db: Session, email: str, password: str, session: str) -> Actor:
    """Return the actor of an account. One sentence for every failure, so that no account can be guessed."""
    user = db.scalar(select(User).where(User.email == email.strip().lower(), User.is_active))
    stored = user.password if user and user.password else _NOBODY
    if not is_password(password, stored) or user is None or not user.password:
        raise ShopError("error.sign_in")
    return actor_of(user, session)


def actor(db: Session, user_id: int, session: str) -> Actor:
    """Re-read the actor of a signed-in account; an account that is gone or closed is refused."""
    user = db.get(User, user_id)
    if user is None or not user.is_active:
        raise ShopError("error.sign_in")
    return actor_of(user, session)


def actor_of(user: User, session: str) -> Actor:
    """The actor that an account's row stands for."""
    return Actor(Role(user.role), user.id, user.shop_id, user.country, user.currency, user.language, session)


def _digest(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT).hex()


_NOBODY = "00" * 16 + "$" + "00" * 64
