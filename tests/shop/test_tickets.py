"""Tickets: asking for a person, and answering as one."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import mail, tickets
from shop.errors import Missing, Refused, ShopError
from shop.tables import Outbox
from tests.shop import small


def test_a_ticket_of_an_order_goes_to_its_shop(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    ticket = tickets.open_ticket(db, actors.bob, "  Where is it? ", small.LATE_PARCEL, now)
    assert (ticket.summary, ticket.shop_id, ticket.user_id) == ("Where is it?", small.HANAMI, small.BOB)
    assert ticket in tickets.waiting(db, actors.other_merchant)
    assert ticket not in tickets.waiting(db, actors.merchant)


def test_a_guest_may_ask_but_not_about_somebodys_order(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    ticket = tickets.open_ticket(db, actors.guest, "Help\x00 me", None, now)
    assert (ticket.user_id, ticket.shop_id, ticket.summary) == (None, None, "Help me")
    with pytest.raises(Missing):
        tickets.open_ticket(db, actors.guest, "Help", small.PAID, now)
    with pytest.raises(Missing):
        tickets.find(db, actors.guest, ticket.id)


def test_an_empty_summary_is_refused_and_an_endless_one_cut(
    db: Session, actors: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(ShopError) as error:
        tickets.open_ticket(db, actors.ann, " \n ", None, now)
    assert error.value.key == "error.text_empty"
    assert len(tickets.open_ticket(db, actors.ann, "x" * 100_000, None, now).summary) == 4000


def test_the_desk_lists_the_oldest_first(db: Session, actors: SimpleNamespace) -> None:
    assert [t.id for t in tickets.waiting(db, actors.operator)] == [501, 502, 503]
    assert [t.id for t in tickets.waiting(db, actors.merchant)] == [501]
    assert tickets.waiting_count(db, actors.operator) == 3


def test_an_answer_is_kept_and_mailed(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    ticket = tickets.answer(db, actors.merchant, 501, "On its way.", now)
    assert (ticket.status, ticket.answered_at, ticket.messages[-1].text) == ("answered", now, "On its way.")
    assert tickets.waiting(db, actors.merchant) == []
    sent = db.scalars(select(Outbox)).one()
    assert mail.words(db, sent) == "There is an answer to your request 501: On its way."


def test_a_foreign_ticket_looks_like_an_absent_one(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    for ticket_id in (502, 503, 999, -1, 2**40):
        with pytest.raises(Missing):
            tickets.answer(db, actors.merchant, ticket_id, "Hello", now)


def test_an_operator_answers_the_platforms_tickets(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    assert tickets.answer(db, actors.operator, 503, "Hello", now).status == "answered"
    assert db.scalars(select(Outbox)).all() == []  # a guest has no address


def test_shoppers_have_no_desk(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    for actor in (actors.guest, actors.ann):
        with pytest.raises(Refused):
            tickets.waiting(db, actor)
        with pytest.raises(Refused):
            tickets.answer(db, actor, 501, "Hello", now)


def test_a_closed_ticket_is_not_answered(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    tickets.find(db, actors.ann, 501).status = "closed"
    with pytest.raises(ShopError, match="Request 501 is closed"):
        tickets.answer(db, actors.merchant, 501, "Hello", now)
