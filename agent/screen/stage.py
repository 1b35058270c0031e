"""What all parts of the screen share, and how a reader's part of it looks now."""

import logging
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from markupsafe import Markup
from sqlalchemy import select

from agent.events import Event
from agent.screen.talk import Exchange, conversation, welcome
from agent.screen.transcripts import Transcripts
from agent.screen.visits import Seat, Visits
from shop import conversations
from shop.database import Database
from shop.errors import ShopError
from shop.people import Actor, Role, is_password
from shop.tables import User
from shop.wording import say
from tools.base import World

log = logging.getLogger("haitao.screen")
DEMO = "@demo.shop"
MOST_PEOPLE = 40
STAFF = frozenset({Role.MERCHANT, Role.OPERATOR})


class Answers(Protocol):
    """Who answers: the assistant, or a stand-in."""

    def reply(
        self, actor: Actor, conversation_id: str, message: str, photos: Sequence[bytes] = ()
    ) -> Iterator[Event]: ...
    def confirm(self, actor: Actor, conversation_id: str, proposal_id: str) -> Iterator[Event]: ...
    def reject(self, actor: Actor, conversation_id: str, proposal_id: str) -> Iterator[Event]: ...


@dataclass(frozen=True)
class Person:
    """One of the demo's people whom anybody may look around as."""

    email: str
    name: str
    role: Role
    language: str
    country: str


@dataclass(frozen=True)
class Stage:
    """Everything that the handlers need; built once."""

    world: World
    assistant: Answers
    visits: Visits
    transcripts: Transcripts
    people: tuple[Person, ...] = ()
    password: str = ""

    def actor(self, seat: Seat) -> Actor:
        """Read from the database who sits here."""
        with self.world.database.session() as db:
            return seat.actor(db)

    def name(self, user_id: int) -> str:
        """An account's name."""
        with self.world.database.session() as db:
            user = db.get(User, user_id)
            return user.name if user else ""

    def talk(self, seat: Seat, actor: Actor) -> Markup:
        """Draw the seat's conversation, or a welcome."""
        told = self.told(seat, actor)
        if not told:
            return welcome(seat.language, desk_of(actor))
        try:
            return conversation(told, seat.language)
        except Exception as error:  # what cannot be drawn must not shut the conversation: its words are left
            log.error("a view could not be drawn", exc_info=error)
            return conversation([one.bare() for one in told], seat.language)

    def told(self, seat: Seat, actor: Actor) -> list[Exchange]:
        """The exchanges of the seat's conversation."""
        with self.world.database.session() as db:
            return self.transcripts.of(db, actor, seat.conversation_id)

    def resume(self, seat: Seat, actor: Actor) -> Seat:
        """Take up the account's last conversation."""
        with self.world.database.session() as db:
            last = conversations.latest(db, actor, desk_of(actor))
        return self.visits.keep(replace(seat, conversation_id=last.id if last else None))

    def begin(self, seat: Seat, actor: Actor) -> Seat:
        """Begin a conversation if there is none."""
        if seat.conversation_id is not None:
            return seat
        with self.world.database.session() as db:
            begun = conversations.start(db, actor, desk_of(actor), self.world.clock())
        return self.visits.keep(replace(seat, conversation_id=begun.id))


def people_of(database: Database, password: str) -> tuple[Person, ...]:
    """The demo's people, while its password opens their accounts; none in a shop of one's own."""
    cast = select(User).where(User.email.endswith(DEMO), User.password.is_not(None), User.is_active)
    with database.session() as db:
        users = list(db.scalars(cast.order_by(User.id).limit(MOST_PEOPLE)))
    if not users or not is_password(password, users[0].password or ""):
        return ()
    return tuple(Person(u.email, u.name, Role(u.role), u.language, u.country) for u in users)


def desk_of(actor: Actor) -> str:
    """The desk at which an actor talks."""
    return "merchant" if actor.role in STAFF else "shop"


def words(error: Exception, language: str) -> tuple[str, str | None]:
    """Say an error: a ShopError in its own words, a bug of ours with a reference that stands in the log."""
    if isinstance(error, ShopError):
        return error.words(language), None
    reference = secrets.token_hex(4)
    log.error("reference %s", reference, exc_info=error)
    return say("error.unavailable", language, reference=reference), reference
