"""Proposals: a change waits for one click of the person for whom it was proposed."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from shop import conversations
from shop.errors import Missing, ShopError
from shop.people import Actor
from shop.rows import owned
from shop.tables import Proposal
from shop.text import storable

VALID = timedelta(minutes=30)


def visible_to(actor: Actor) -> Select[Proposal]:
    """A person's own proposals: the account's, or those of a guest's visit."""
    return select(Proposal).where(owned(actor, user=Proposal.user_id, session=Proposal.session))


def propose(
    db: Session, actor: Actor, conversation_id: str, tool: str, arguments: Mapping[str, object], now: datetime, *,
    beside: Collection[str] = (),
) -> Proposal:  # fmt: skip
    """Keep a change until it is decided. It supersedes what was open before in the conversation, but `beside`.

    These are the ids of the proposals that the same message made: each of them waits for a click of its own.
    """
    owner = conversations.find(db, actor, conversation_id)
    stale = Proposal.conversation_id == owner.id, Proposal.status == "open", Proposal.id.not_in(beside)
    db.execute(update(Proposal).where(*stale).values(status="superseded", decided_at=now))
    proposal = Proposal(
        id=str(uuid4()), conversation_id=owner.id, user_id=actor.user_id, session=actor.session, tool=tool,
        arguments=dict(arguments), status="open", proposed_at=now, decided_at=None,
    )  # fmt: skip
    db.add(proposal)
    db.flush()
    return proposal


def find(db: Session, actor: Actor, conversation_id: str, proposal_id: str) -> Proposal:
    """Find an own proposal of a conversation, whatever became of it. Raises Missing `error.proposal_missing`."""
    meant = Proposal.id == storable(proposal_id), Proposal.conversation_id == storable(conversation_id)
    found = db.scalar(visible_to(actor).where(*meant))
    if found is None:
        raise Missing("error.proposal_missing")
    return found


def pending(db: Session, actor: Actor, conversation_id: str, now: datetime) -> Proposal | None:
    """The proposal that still waits in a conversation, or None."""
    waits = Proposal.status == "open", Proposal.proposed_at > now - VALID
    return db.scalar(visible_to(actor).where(Proposal.conversation_id == storable(conversation_id), *waits))


def take(db: Session, actor: Actor, conversation_id: str, proposal_id: str, now: datetime) -> Proposal:
    """Take a proposal to carry it out: exactly one caller gets it, whatever the number of processes.

    Call it in the transaction of the change itself: if that is rolled back, the proposal is open again.
    Raises Missing `error.proposal_missing`, ShopError `error.proposal_done` or `error.proposal_expired`
    (after 30 minutes).
    """
    return _decide(db, actor, conversation_id, proposal_id, "taken", now)


def reject(db: Session, actor: Actor, conversation_id: str, proposal_id: str, now: datetime) -> Proposal:
    """Turn a proposal down; raises like `take`."""
    return _decide(db, actor, conversation_id, proposal_id, "rejected", now)


def _decide(db: Session, actor: Actor, conversation_id: str, proposal_id: str, status: str, now: datetime) -> Proposal:
    meant = (
        owned(actor, user=Proposal.user_id, session=Proposal.session),
        Proposal.id == storable(proposal_id),
        Proposal.conversation_id == storable(conversation_id),
    )
    open_still = Proposal.status == "open", Proposal.proposed_at > now - VALID
    decided = update(Proposal).where(*meant, *open_still).values(status=status, decided_at=now)
    # The conditions stand in the UPDATE: the database lets one caller through, the others match no row.
    won = db.scalar(decided.returning(Proposal.id))
    proposal = db.scalar(select(Proposal).where(*meant).execution_options(populate_existing=True))
    if proposal is None:
        raise Missing("error.proposal_missing")
    if won is None:
        raise ShopError("error.proposal_expired" if proposal.status == "open" else "error.proposal_done")
    return proposal
