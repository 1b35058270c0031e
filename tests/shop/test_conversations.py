"""Conversations, proposals and the audit: whose they are, and that a change is taken once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import audit, conversations, proposals
from shop.database import Database
from shop.errors import Missing, ShopError
from shop.tables import Audit


@pytest.fixture
def chat(database: Database, actors: SimpleNamespace, now: datetime) -> str:
    """A conversation of ann's."""
    with database.session() as db:
        return conversations.start(db, actors.ann, "shop", now).id


@pytest.fixture
def proposal(database: Database, actors: SimpleNamespace, chat: str, now: datetime) -> str:
    """A change that waits for ann."""
    with database.session() as db:
        return proposals.propose(db, actors.ann, chat, "cancel_order", {"order_id": 1002}, now).id


def test_a_conversation_survives_and_is_the_accounts(
    db: Session, actors: SimpleNamespace, chat: str, now: datetime
) -> None:
    conversations.add(db, actors.ann, chat, "user", "Hi \x00\ud800!", "en", [], now)
    conversations.add(db, actors.ann, chat, "assistant", "Hello", "en", [{"tool": "x"}], now)
    other_visit = replace(actors.ann, session="another")
    assert [t.text for t in conversations.turns(db, other_visit, chat)] == ["Hi !", "Hello"]
    assert [t.text for t in conversations.turns(db, actors.ann, chat, limit=1)] == ["Hello"]
    latest = conversations.latest(db, actors.ann, "shop")
    assert latest is not None
    assert latest.id == chat


def test_a_foreign_conversation_looks_like_an_absent_one(
    db: Session, actors: SimpleNamespace, chat: str, now: datetime
) -> None:
    for actor in (actors.bob, actors.guest, actors.operator):
        with pytest.raises(Missing):
            conversations.find(db, actor, chat)
    with pytest.raises(Missing):
        conversations.add(db, actors.bob, chat, "user", "Hi", "en", [], now)
    assert conversations.latest(db, actors.bob, "shop") is None


def test_a_guests_conversation_belongs_to_the_visit(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    mine = conversations.start(db, actors.guest, "shop", now)
    assert conversations.find(db, actors.guest, mine.id) is mine
    for stranger in (replace(actors.guest, session="other"), replace(actors.guest, session=""), actors.ann):
        with pytest.raises(Missing):
            conversations.find(db, stranger, mine.id)


def test_a_thumb_is_for_ones_own_turn(db: Session, actors: SimpleNamespace, chat: str, now: datetime) -> None:
    turn = conversations.add(db, actors.ann, chat, "assistant", "Hello", "en", [], now)
    assert conversations.thumb(db, actors.ann, turn.id, -1).thumb == -1
    with pytest.raises(Missing):
        conversations.thumb(db, actors.bob, turn.id, 1)


def test_a_proposal_is_taken_once(
    db: Session, actors: SimpleNamespace, chat: str, proposal: str, now: datetime
) -> None:
    pending = proposals.pending(db, actors.ann, chat, now)
    assert pending is not None
    assert pending.id == proposal
    taken = proposals.take(db, actors.ann, chat, proposal, now)
    assert (taken.status, taken.arguments) == ("taken", {"order_id": 1002})
    with pytest.raises(ShopError) as error:
        proposals.take(db, actors.ann, chat, proposal, now)
    assert error.value.key == "error.proposal_done"


def test_of_many_clicks_at_once_one_wins(
    database: Database, actors: SimpleNamespace, chat: str, proposal: str, now: datetime
) -> None:
    def click(_: int) -> str:
        try:
            with database.session() as db:
                return proposals.take(db, actors.ann, chat, proposal, now).status
        except ShopError as error:
            return error.key

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(click, range(8)))
    assert outcomes == ["error.proposal_done"] * 7 + ["taken"]


def test_a_change_that_fails_leaves_the_proposal_open(
    database: Database, actors: SimpleNamespace, chat: str, proposal: str, now: datetime
) -> None:
    with pytest.raises(RuntimeError), database.session() as db:
        proposals.take(db, actors.ann, chat, proposal, now)
        raise RuntimeError("the change failed")
    with database.session() as db:
        assert proposals.take(db, actors.ann, chat, proposal, now).status == "taken"


def test_nobody_else_takes_it(db: Session, actors: SimpleNamespace, chat: str, proposal: str, now: datetime) -> None:
    for stranger in (actors.bob, actors.guest, actors.operator):
        with pytest.raises(Missing):
            proposals.take(db, stranger, chat, proposal, now)
    with pytest.raises(Missing):
        proposals.take(db, actors.ann, "another conversation", proposal, now)
    assert proposals.take(db, actors.ann, chat, proposal, now).status == "taken"


def test_it_expires_after_half_an_hour(
    db: Session, actors: SimpleNamespace, chat: str, proposal: str, now: datetime
) -> None:
    late = now + timedelta(minutes=30)
    for decide in (proposals.take, proposals.reject):
        with pytest.raises(ShopError) as error:
            decide(db, actors.ann, chat, proposal, late)
        assert error.value.key == "error.proposal_expired"


def test_a_rejected_one_cannot_be_taken(
    db: Session, actors: SimpleNamespace, chat: str, proposal: str, now: datetime
) -> None:
    assert proposals.reject(db, actors.ann, chat, proposal, now).decided_at == now
    with pytest.raises(ShopError) as error:
        proposals.take(db, actors.ann, chat, proposal, now)
    assert error.value.key == "error.proposal_done"


def test_a_newer_proposal_supersedes(
    db: Session, actors: SimpleNamespace, chat: str, proposal: str, now: datetime
) -> None:
    newer = proposals.propose(db, actors.ann, chat, "cancel_order", {"order_id": 1003}, now)
    with pytest.raises(ShopError):
        proposals.take(db, actors.ann, chat, proposal, now)
    assert proposals.take(db, actors.ann, chat, newer.id, now).status == "taken"


def test_the_audit_says_who_tried_what(db: Session, actors: SimpleNamespace, now: datetime) -> None:
    audit.record(db, actors.guest, "call_human", {"summary": "hi"}, "done", None, now)
    row = db.scalars(select(Audit)).one()
    assert (row.user_id, row.role, row.tool, row.outcome, row.at) == (
        None,
        "guest",
        "call_human",
        "done",
        now,
    )
