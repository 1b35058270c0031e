"""Fill the journals of a database from a frame of past events, as if each had been observed when it happened."""

from collections.abc import Iterator, Mapping

import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.risk.events import UNKNOWN, Events, Ints
from models.risk.journal import Journal, codes, label_table
from models.risk.plan import Plan, walk
from models.risk.state import key_of, written
from shop.tables import RiskRow

BATCH = 20_000


def backfill(db: Session, plan: Plan, events: Events) -> int:
    """Write the journals' rows; the events' places are their numbers. Returns how many rows were written.

    Labels that are not known yet are not kept for later: `State.learn` knows only events that it observed.
    """
    facts, seen = walk(plan, events)
    facts = {"odd": np.zeros(len(events), dtype=np.int64), **facts}
    written = 0
    for journal in plan.journals:
        rows = _of_labels if journal.of_labels else _of_past
        batch = []
        for row in rows(plan, journal, events, facts, seen):
            batch.append(row)
            if len(batch) == BATCH:
                written += _write(db, batch)
                batch = []
        written += _write(db, batch)
    return written


def _write(db: Session, batch: list[dict[str, object]]) -> int:
    if batch:
        db.connection().execute(insert(RiskRow), batch)
    return len(batch)


def _keys(plan: Plan, journal: Journal, events: Events) -> tuple[Ints, Ints]:
    """The code and the stored key of each event's party; UNKNOWN where it lacks one."""
    found = codes(events, journal.key)
    distinct, first, place = np.unique(found, return_index=True, return_inverse=True)
    keys = [0 if code == UNKNOWN else key_of(plan, journal, [events.parties[role][n] for role in journal.key])
            for code, n in zip(distinct.tolist(), first.tolist(), strict=True)]  # fmt: skip
    return found, np.array(keys, dtype=np.int64)[place]


def _of_past(
    plan: Plan, journal: Journal, events: Events, facts: Mapping[str, Ints], seen: Mapping[str, Ints]
) -> Iterator[dict[str, object]]:
    found, keys = _keys(plan, journal, events)
    sums = np.column_stack([seen[f"{journal.name}.{name}"] + facts[name] for name in journal.adds]).tolist()
    for n in np.flatnonzero(found != UNKNOWN).tolist():
        yield {"key": int(keys[n]), "at": int(events.at[n]), "seq": n, "totals": written(sums[n])}


def _of_labels(
    plan: Plan, journal: Journal, events: Events, facts: Mapping[str, Ints], seen: Mapping[str, Ints]
) -> Iterator[dict[str, object]]:
    found, keys = _keys(plan, journal, events)
    table = label_table(journal, events, found, facts)
    total = [np.cumsum(table.added[name]) for name in journal.adds]
    start = table.rows.first
    sums = [one - np.where(start > 0, one[start - 1], 0) for one in total]
    rows = np.column_stack([*sums, *table.carried]).tolist()
    for n, row in zip(table.known.tolist(), rows, strict=True):
        yield {"key": int(keys[n]), "at": int(events.known_at[n]), "seq": n, "totals": written(row)}
