"""The audit: one row for every write that was tried."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from shop.people import Actor
from shop.tables import Audit


def record(
    db: Session, actor: Actor, tool: str, arguments: Mapping[str, object], outcome: str,
    proposal_id: str | None, now: datetime,
) -> Audit:  # fmt: skip
    """Write down who tried what and how it ended (`done`, `refused`, `failed` or an error's key).

    Rows are only ever added; nothing in the code changes or deletes one.
    """
    row = Audit(
        at=now, user_id=actor.user_id, role=actor.role.value, tool=tool, arguments=dict(arguments),
        outcome=outcome, proposal_id=proposal_id,
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row
