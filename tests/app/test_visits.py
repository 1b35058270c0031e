"""Who sits where: the browser's cookie, languages, signing in and out."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from agent.screen.visits import MOST, Seat, VisitCookie, Visits, currency_of, preferred
from shop.people import Actor, Role

ANN = Actor(Role.SHOPPER, 1, None, "DE", "EUR", "de-AT", "s-1")


@pytest.mark.parametrize(
    ("accepts", "language", "country"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh", "CN"),
        ("zh-Hant-TW", "zh", "TW"),
        ("ja", "ja", "JP"),
        ("ar", "ar", "EG"),
        ("nl,fr;q=0.3,de;q=0.5", "de", "DE"),
        ("pt", "pt", "BR"),
        ("nl", "en", "US"),
        ("", "en", "US"),
        ("*;q=x,,;;==<script>", "en", "US"),
    ],
)
def test_a_guest_is_met_in_the_browsers_language(accepts: str, language: str, country: str) -> None:
    assert preferred(accepts) == (language, country)


def test_a_guest_pays_in_the_countrys_currency_where_it_has_a_rate() -> None:
    assert [currency_of(country) for country in ("CN", "DE", "JP", "EG")] == ["CNY", "EUR", "JPY", "USD"]


def test_a_browser_comes_back_to_its_seat() -> None:
    visits = Visits()
    seat = visits.arrive(visits.begin(), "fr")
    visits.sign_in(seat, ANN)
    assert visits.arrive(seat.visit, "ja").user_id == ANN.user_id
    assert visits.arrive(seat.visit, "ja").language == "de"


def test_a_cookie_that_we_did_not_give_is_a_strangers() -> None:
    visits = Visits()
    visits.sign_in(visits.arrive(visits.begin(), ""), ANN)
    assert visits.arrive("made-up", "").user_id is None
    assert visits.arrive("made-up", "").visit != "made-up"


def test_signing_in_begins_a_new_session() -> None:
    visits = Visits()
    guest = visits.arrive(visits.begin(), "")
    assert visits.sign_in(guest, ANN).session == ANN.session != guest.session


def test_signing_out_in_one_window_signs_out_the_other() -> None:
    visits = Visits()
    window = visits.sign_in(visits.arrive(visits.begin(), ""), ANN)
    visits.sign_out(window)
    assert visits.current(window).user_id is None
    assert visits.current(window).session != window.session


def test_a_seat_out_of_nowhere_is_a_guests() -> None:
    forged = Seat(visit="x", session="y", user_id=1)
    assert Visits().current(forged).user_id is None


def test_the_longest_unused_visit_is_forgotten_first() -> None:
    visits = Visits()
    first = visits.begin()
    for _ in range(MOST):
        visits.begin()
    assert not visits.knows(first)


def cookies_for(visits: Visits, kind: bytes, sent: bytes = b"") -> list[str]:
    """Ask through the middleware; returns the cookies that came back."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})

    got: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        got.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {}

    scope = {"type": "http", "scheme": "https", "headers": [(b"cookie", sent)] if sent else []}
    asyncio.run(VisitCookie(app, visits)(scope, receive, send))
    return [value.decode() for name, value in got[0]["headers"] if name == b"set-cookie"]


def test_a_page_comes_with_a_cookie_that_scripts_cannot_read() -> None:
    (cookie,) = cookies_for(Visits(), b"text/html; charset=utf-8")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" in cookie


def test_only_a_page_gives_a_cookie_and_only_once() -> None:
    visits = Visits()
    assert cookies_for(visits, b"application/json") == []
    known = f"{visits.cookie}={visits.begin()}".encode()
    assert cookies_for(visits, b"text/html", known) == []
    assert cookies_for(visits, b"text/html", b"%s=made-up; x" % visits.cookie.encode()) != []
