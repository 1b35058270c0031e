"""Serving: the journals' rows in the database. Reads what training computes, for one event, in one statement."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b

import numpy as np
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from models.risk.events import UNKNOWN, BadEvents, Events, Ints
from models.risk.journal import CARRIED, NEVER, NEWEST, Journal, Seen, contribution, runs
from models.risk.plan import Columns, Plan, derive, walk
from shop.tables import RiskEvent, RiskRow

AHEAD = 300  # seconds by which an event's clock may be ahead of ours
_DEPTH = max(NEWEST) + 1

Row = tuple[int, list[int]]
"""A row's moment and its totals."""


@dataclass
class State:
    """The journals of a plan in one database session; nothing is kept in the process."""

    db: Session
    plan: Plan

    def features(self, event: Events, seq: int) -> Columns:
        """The features of one event just before it happened; writes nothing."""
        seen = self._walk(event, seq)[1]
        return derive(self.plan, event, seen)

    def observe(self, event: Events, seq: int, now: int) -> Columns:
        """Add an event to the journals of its parties and return its features. One that comes late enters at its
        party's newest moment.

        Raises BadEvents when its clock is more than five minutes ahead of `now`.
        """
        if int(event.at[0]) > now + AHEAD:
            raise BadEvents(f"Event {seq} lies in the future; the clock of its sender is wrong.")
        facts, seen, rows = self._walk(event, seq)
        made = []
        for journal in self.plan.journals:
            key = _key(self.plan, journal, event)
            if key is None or journal.of_labels:
                continue
            newest = rows[journal.name].newest
            at, totals = newest[0] if newest else (0, [0] * len(journal.adds))
            sums = [total + int(facts[name][0]) for total, name in zip(totals, journal.adds, strict=True)]
            made.append({"key": key, "at": max(at, int(event.at[0])), "seq": seq, "totals": written(sums)})
        keys = {j.name: _key(self.plan, j, event) for j in self.plan.journals if j.of_labels}
        self.db.execute(insert(RiskRow), made)
        is_odd = int(facts["odd"][0]) if "odd" in facts else 0
        self.db.execute(insert(RiskEvent).values(
            seq=seq, at=int(event.at[0]), amount=int(event.amount[0]), odd=is_odd, keys=keys, label=None
        ))  # fmt: skip
        return derive(self.plan, event, seen)

    def learn(self, seq: int, *, is_fraud: bool, known_at: int) -> None:
        """Enter a label when it becomes known. Raises BadEvents for an event that nobody observed, or a second time."""
        event = self.db.get(RiskEvent, seq)
        if event is None:
            raise BadEvents(f"There is no event {seq}; a label needs a payment that was observed.")
        if event.label is not None:
            raise BadEvents(f"The label of event {seq} is known already.")
        for journal in self.plan.journals:
            key = event.keys.get(journal.name)
            if journal.of_labels and isinstance(key, int):
                self._enter(journal, key, event, int(is_fraud), known_at)
        self.db.execute(update(RiskEvent).where(RiskEvent.seq == seq).values(label=int(is_fraud)))
        self.db.expire(event)

    def _enter(self, journal: Journal, key: int, event: RiskEvent, label: int, known_at: int) -> None:
        newest = self._read([_Ask(journal, key, None, 2**60, 2**60)])[0]
        at, totals = newest[0] if newest else (0, [0] * len(journal.adds) + [NEVER, NEVER, 0, 0, 0])
        row = _entered(journal, totals, event, label)
        self.db.execute(
            insert(RiskRow),
            [{"key": key, "at": max(at, known_at), "seq": event.seq, "totals": written(row)}],
        )

    def _walk(self, event: Events, seq: int) -> tuple[dict[str, Ints], Seen, dict[str, "_Rows"]]:
        rows = self._rows(event, seq)

        def look(journal: Journal, one: Events, _facts: Mapping[str, Ints]) -> Seen:
            return _seen(journal, one, rows[journal.name])

        facts, seen = walk(self.plan, event, look)
        return facts, seen, rows

    def _rows(self, event: Events, seq: int) -> dict[str, "_Rows"]:
        asks = [ask for journal in self.plan.journals for ask in _asks(self.plan, journal, event, seq)]
        found: dict[str, _Rows] = {journal.name: _Rows(False) for journal in self.plan.journals}
        for ask, rows in zip(asks, self._read(asks), strict=True):
            mine = found[ask.journal.name]
            mine.has_key = True
            if ask.window is None:
                mine.newest = rows
            else:
                mine.edges[ask.window] = rows[0][1] if rows else None
        return found

    def _read(self, asks: Sequence["_Ask"]) -> list[list[Row]]:
        """Read the newest rows before each ask's moment: one statement of index seeks."""
        found: list[list[Row]] = [[] for _ in asks]
        if not asks:
            return found
        connection = self.db.connection()
        mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        statement = _statement(len(asks), mark)
        values = tuple(value for ask in asks for value in (ask.key, ask.at, ask.seq, ask.depth))
        rows = connection.exec_driver_sql(statement, values).all()
        read = sorted(rows, key=lambda row: (row[1], row[2]), reverse=True)
        for n, at, _, totals in read:
            found[n].append((at, [int(total) for total in totals.split()]))
        return found


@cache
def _statement(n: int, mark: str) -> str:
    """Seek n times in the index, in one statement."""
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT {place} AS n, at, seq, totals FROM risk_rows "  # noqa: S608
        f"WHERE key = {mark} AND (at, seq) < ({mark}, {mark}) ORDER BY at DESC, seq DESC LIMIT {mark}) AS q{place}"
        for place in range(n)
    )


def written(totals: Iterable[int]) -> str:
    """Totals as they are stored."""
    return " ".join(map(str, totals))


@dataclass(frozen=True)
class _Ask:
    journal: Journal
    key: int
    window: int | None
    at: int
    seq: int

    @property
    def depth(self) -> int:
        return _DEPTH if self.journal.of_labels and self.window is None else 1


@dataclass
class _Rows:
    """What was read for one journal: the newest rows first, and the totals at each window's beginning."""

    has_key: bool
    newest: list[Row] = field(default_factory=list)
    edges: dict[int, list[int] | None] = field(default_factory=dict)


def _key(plan: Plan, journal: Journal, event: Events) -> int | None:
    """A whole number for a journal and a party; None when the event lacks the party."""
    values = [event.parties[role][0] for role in journal.key]
    return None if any(value in ("", UNKNOWN) for value in values) else key_of(plan, journal, values)


def key_of(plan: Plan, journal: Journal, values: Sequence[object]) -> int:
    """The number under which a party's journal is stored: a hash of 64 bits."""
    named = "\x1f".join([plan.name, journal.name, *map(str, values)])
    return int.from_bytes(blake2b(named.encode(), digest_size=8).digest(), "big", signed=True)


def _asks(plan: Plan, journal: Journal, event: Events, seq: int) -> Iterator[_Ask]:
    key = _key(plan, journal, event)
    if key is None:
        return
    at = int(event.at[0])
    last = 2**60  # labels known at this very second count, whatever their number
    yield _Ask(journal, key, None, at, last if journal.of_labels else seq)
    for window in journal.windows:
        yield _Ask(journal, key, window, at - window, last if journal.of_labels else -(2**60))


def _seen(journal: Journal, event: Events, rows: _Rows) -> Seen:
    """What `journal.before` says, of rows that were read."""
    names = journal.columns
    zero = [0] * len(names)
    now = rows.newest[0][1] if rows.newest else zero
    seen = {name: now[n] for n, name in enumerate(journal.adds)}
    for window in journal.windows:
        edge = rows.edges.get(window) or zero
        seen |= {f"{name}.{window}": now[n] - edge[n] for n, name in enumerate(journal.adds)}
    if journal.of_labels:
        fraud = journal.adds.index("fraud")
        for k in NEWEST:
            seen[f"newest{k}"] = now[fraud] - (rows.newest[k][1][fraud] if len(rows.newest) > k else 0)
        carried = dict(zip(CARRIED, now[len(journal.adds) :], strict=True))
        seen |= carried if rows.newest else dict.fromkeys(CARRIED, NEVER)
    else:
        seen["gap"] = int(event.at[0]) - rows.newest[0][0] if rows.newest else NEVER
    made = {name: np.array([value], dtype=np.int64) for name, value in seen.items()}
    made = runs(made, event.at, journal.marks) if journal.of_labels else made
    lacking = np.array([NEVER], dtype=np.int64)
    return {f"{journal.name}.{name}": value if rows.has_key else lacking for name, value in made.items()}


def _entered(journal: Journal, totals: list[int], event: RiskEvent, label: int) -> list[int]:
    """The row after a label: totals, and what is carried of the newest mark, its run and the dearest genuine one."""
    n = len(journal.adds)
    one = np.array([label], dtype=np.int64)
    added = {name: int(contribution(name, one, np.array([event.odd]))[0]) for name in journal.adds}
    sums = [total + added[name] for total, name in zip(totals[:n], journal.adds, strict=True)]
    marked_at, run_at, genuine_at_mark, marked_at_run, top = totals[n:]
    by_name = dict(zip(journal.adds, sums, strict=True))
    genuine = by_name["one"] - by_name["fraud"]
    if added[journal.marks]:
        if marked_at == NEVER or genuine > genuine_at_mark:
            run_at, marked_at_run = event.at, by_name[journal.marks] - 1
        marked_at, genuine_at_mark = event.at, genuine
    return [*sums, marked_at, run_at, genuine_at_mark, marked_at_run, top if label else max(top, event.amount)]
