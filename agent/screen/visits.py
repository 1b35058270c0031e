"""Visits: which browser is whose. It holds only a random cookie; who that stands for stays on the server."""

import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from threading import Lock

from babel.core import get_global
from babel.numbers import get_territory_currencies
from sqlalchemy.orm import Session
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shop import people, rates
from shop.people import Actor
from shop.wording import LANGUAGES, supported

MOST = 10_000
"""Visits that are remembered; the longest unused one goes first."""


@dataclass(frozen=True)
class Seat:
    """Where somebody sits: kept in the page's state on the server, never sent to the browser."""

    visit: str = ""
    session: str = ""
    user_id: int | None = None
    conversation_id: str | None = None
    language: str = "en"
    country: str = "US"
    currency: str = "USD"

    def actor(self, db: Session) -> Actor:
        """Read anew from the database who asks; the menu's language is the reader's."""
        if self.user_id is None:
            return people.guest(self.session, country=self.country, currency=self.currency, language=self.language)
        return replace(people.actor(db, self.user_id, self.session), language=self.language)


class Visits:
    """The seats of all browsers, by cookie. What is not in here is nobody's."""

    def __init__(self, cookie: str = "haitao_visit") -> None:
        self.cookie = cookie
        self._seats: OrderedDict[str, Seat] = OrderedDict()
        self._lock = Lock()

    def begin(self) -> str:
        """Begin a visit and return its cookie."""
        visit = secrets.token_urlsafe(32)
        self.keep(Seat(visit=visit, session=self.new_session(), language=""))
        return visit

    @staticmethod
    def new_session() -> str:
        """Make the server's id of a session."""
        return secrets.token_hex(16)

    def knows(self, visit: str) -> bool:
        """Tell whether we gave out this cookie."""
        return visit in self._seats

    def keep(self, seat: Seat) -> Seat:
        """Remember a seat for the next page of the same browser."""
        with self._lock:
            self._seats[seat.visit] = seat
            self._seats.move_to_end(seat.visit)
            while len(self._seats) > MOST:
                self._seats.popitem(last=False)
        return seat

    def arrive(self, visit: str, accepts: str) -> Seat:
        """Seat a browser that opens the page: where it sat before, or as a guest in its own language."""
        known = self._seats.get(visit) or self._seats[self.begin()]
        if known.language:
            return known
        language, country = preferred(accepts)
        return self.keep(replace(known, language=language, country=country, currency=currency_of(country)))

    def current(self, seat: Seat) -> Seat:
        """The seat as it is now: somebody may have signed in or out in another window."""
        known = self._seats.get(seat.visit)
        if known is not None and known.session == seat.session:
            return replace(seat, user_id=known.user_id)
        fresh = known or self._seats[self.begin()]
        return self.keep(replace(fresh, language=seat.language, country=seat.country, currency=seat.currency))

    def sign_in(self, seat: Seat, actor: Actor) -> Seat:
        """Seat an account under a fresh session, so that nothing of the guest's visit can be used again."""
        mine = replace(seat, language=supported(actor.language), country=actor.country, currency=actor.currency)
        return self.keep(replace(mine, session=actor.session, user_id=actor.user_id, conversation_id=None))

    def sign_out(self, seat: Seat) -> Seat:
        """Seat a guest again."""
        return self.keep(replace(seat, session=self.new_session(), user_id=None, conversation_id=None))


class VisitCookie:
    """Gives each browser that opens the page a cookie that scripts cannot read; accepts none but its own."""

    def __init__(self, app: ASGIApp, visits: Visits) -> None:
        self._app = app
        self._visits = visits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the cookie to a page of HTML."""
        if scope["type"] != "http" or self._visits.knows(self._sent(scope)):
            await self._app(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    secure = "; Secure" if scope["scheme"] == "https" else ""
                    cookie = f"{self._visits.cookie}={self._visits.begin()}"
                    headers.append("set-cookie", f"{cookie}; HttpOnly; SameSite=Lax; Path=/{secure}")
            await send(message)

        await self._app(scope, receive, with_cookie)

    def _sent(self, scope: Scope) -> str:
        lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"]
        found = SimpleCookie("; ".join(lines)).get(self._visits.cookie)
        return found.value if found else ""


def preferred(accepts: str) -> tuple[str, str]:
    """Read Accept-Language (RFC 9110): the first of our languages, and the country it points to."""
    wishes = []
    for part in accepts[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
            wishes.append((-float(weight) if re.fullmatch(r"[01](\.\d{0,3})?", weight) else -1.0, tag))
    for _, tag in sorted(wishes, key=lambda wish: wish[0]):
        if tag.split("-")[0].lower() in LANGUAGES:
            return supported(tag), _country(tag)
    return "en", "US"


def currency_of(country: str) -> str:
    """The currency that is paid with in a country (CLDR), or USD where it has no exchange rate."""
    paid: list[str] = get_territory_currencies(country)
    return next((currency for currency in paid if currency in rates.currencies()), "USD")


def _country(tag: str) -> str:
    """The country in a tag, else the one where most speakers of the language live (CLDR's likely subtags)."""
    language, *rest = tag.split("-")
    named = next((part.upper() for part in rest if re.fullmatch("[A-Za-z]{2}", part)), None)
    likely: dict[str, str] = get_global("likely_subtags")  # type: ignore[assignment]
    return named or likely.get(language.lower(), "en_Latn_US").rpartition("_")[2]
