"""Journals: running totals per party, so that any window up to any moment is a difference of two rows.

`Journal` says what is added up for whom. This file computes the totals for a whole frame at once (training);
`models/risk/state.py` keeps the same rows in the database and reads the same values for one event (serving).
Everything is whole numbers, so both are equal to the last bit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.risk.events import UNKNOWN, Events, Ints

NEVER = -1
NEWEST = (1, 2, 3, 5)  # of labels: how many of the newest are fraud
CARRIED = ("marked_at", "run_at", "genuine_at_mark", "marked_at_run", "top")


@dataclass(frozen=True)
class Journal:
    """Totals of `adds` for each value of the `key` roles; () keeps one for everything.

    A journal of labels counts what is known of the past: `one`, `fraud` and `plain` fraud (that an odd amount does
    not explain) enter when they become known; `marks` says which of the last two starts a run.
    """

    name: str
    key: tuple[str, ...]
    adds: tuple[str, ...]
    windows: tuple[int, ...] = ()
    of_labels: bool = False
    marks: str = "fraud"

    @property
    def columns(self) -> tuple[str, ...]:
        """What a row holds, in order."""
        return (*self.adds, *CARRIED) if self.of_labels else self.adds


Seen = dict[str, Ints]
"""Whole numbers by name, one for each event."""


def codes(events: Events, key: Sequence[str]) -> Ints:
    """Number the values of the key's roles; an event that lacks one of them is UNKNOWN and keeps no journal."""
    found = np.zeros(len(events), dtype=np.int64)
    lacking = np.zeros(len(events), dtype=np.bool_)
    for role in key:
        values = events.parties[role]
        lacking |= (values == "") if values.dtype.kind in "OUS" else (values == UNKNOWN)
        distinct, place = np.unique(values, return_inverse=True)
        pair = found * len(distinct) + place
        found = np.unique(pair, return_inverse=True)[1].astype(np.int64)
    return np.where(lacking, UNKNOWN, found)


def before(journal: Journal, events: Events, facts: Mapping[str, Ints]) -> Seen:
    """What the journal says just before each event. `facts` holds what is added, one whole number an event."""
    keys = codes(events, journal.key)
    seen = _labels(journal, events, keys, facts) if journal.of_labels else _past(journal, events, keys, facts)
    return {f"{journal.name}.{name}": np.where(keys == UNKNOWN, NEVER, values) for name, values in seen.items()}


@dataclass(frozen=True)
class _Sorted:
    """Rows by key and moment; `line` maps both to one growing number."""

    order: Ints
    line: Ints
    first: Ints
    span: int
    origin: int

    @classmethod
    def by(cls, keys: Ints, at: Ints, span: int, origin: int) -> "_Sorted":
        order = np.lexsort((np.arange(len(at)), at, keys))
        ranked = keys[order]
        is_first = np.append(True, ranked[1:] != ranked[:-1])
        first = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
        return cls(order, ranked * span + at[order] - origin, first, span, origin)

    def place(self, keys: Ints, moment: Ints, side: str) -> Ints:
        """How many rows lie before a moment, over all keys; clipped to the key's own."""
        inside = np.clip(moment - self.origin, 0, self.span - 1)
        return np.searchsorted(self.line, keys * self.span + inside, side)  # type: ignore[call-overload,no-any-return]


def _frame(events: Events) -> tuple[int, int]:
    origin = int(events.at.min()) - 1
    return int(max(events.at.max(), events.known_at.max())) - origin + 2, origin


def _past(journal: Journal, events: Events, keys: Ints, facts: Mapping[str, Ints]) -> Seen:
    span, origin = _frame(events)
    rows = _Sorted.by(keys, events.at, span, origin)
    mine = np.empty(len(events), dtype=np.int64)
    mine[rows.order] = np.arange(len(events))  # an event's own row; the one above is its past
    start = np.empty(len(events), dtype=np.int64)
    start[rows.order] = rows.first
    seen: Seen = {}
    edges = {w: np.maximum(rows.place(keys, events.at - w, "left"), start) for w in journal.windows}
    for name in journal.adds:
        total = np.concatenate([[0], np.cumsum(facts[name][rows.order])])
        seen[name] = total[mine] - total[start]
        seen |= {f"{name}.{w}": total[mine] - total[edge] for w, edge in edges.items()}
    newest = rows.order[np.maximum(mine - 1, 0)]
    seen["gap"] = np.where(mine > start, events.at - events.at[newest], NEVER)
    return seen


def _labels(journal: Journal, events: Events, keys: Ints, facts: Mapping[str, Ints]) -> Seen:
    table = label_table(journal, events, keys, facts)
    rows = table.rows
    upto = rows.place(keys, events.at, "right")
    start = rows.place(keys, np.full(len(events), rows.origin), "left")
    seen: Seen = {}
    totals = {name: np.concatenate([[0], np.cumsum(values)]) for name, values in table.added.items()}
    for name, total in totals.items():
        seen[name] = total[upto] - total[start]
        for w in journal.windows:
            edge = np.maximum(rows.place(keys, events.at - w, "right"), start)
            seen[f"{name}.{w}"] = total[upto] - total[edge]
    for k in NEWEST:
        seen[f"newest{k}"] = totals["fraud"][upto] - totals["fraud"][np.maximum(upto - k, start)]
    has = upto > start
    for name, values in zip(CARRIED, table.carried, strict=True):
        seen[name] = np.where(has, values[np.maximum(upto - 1, 0)] if len(values) else NEVER, NEVER)
    return runs(seen, events.at, journal.marks)


@dataclass(frozen=True)
class LabelTable:
    """The labels of a frame in the order in which they become known: places of their events, what each adds, and
    what is carried after it.
    """

    known: Ints
    rows: _Sorted
    added: Mapping[str, Ints]
    carried: tuple[Ints, ...]


def label_table(journal: Journal, events: Events, keys: Ints, facts: Mapping[str, Ints]) -> LabelTable:
    """Sort the known labels of a journal of labels by party and by when they become known."""
    span, origin = _frame(events)
    known = np.flatnonzero((events.label != UNKNOWN) & (keys != UNKNOWN))
    rows = _Sorted.by(keys[known], events.known_at[known], span, origin)
    label = events.label[known][rows.order]
    added = {name: contribution(name, label, facts["odd"][known][rows.order]) for name in journal.adds}
    return LabelTable(known[rows.order], rows, added, _carried(journal, events, known, rows, added))


def contribution(name: str, label: Ints, odd: Ints) -> Ints:
    """What a label adds: one, fraud, or plain fraud."""
    match name:
        case "one":
            return np.ones_like(label)
        case "fraud":
            return label
        case "plain":
            return label * (1 - odd)
    raise ValueError(f"{name} is not counted of labels")


def _carried(
    journal: Journal, events: Events, known: Ints, rows: _Sorted, added: Mapping[str, Ints]
) -> tuple[Ints, ...]:  # fmt: skip
    """The newest mark and the run that it belongs to, after each label."""
    at, amount = events.at[known][rows.order], events.amount[known][rows.order]
    place, first = np.arange(len(at)), rows.first
    is_mark, is_genuine = added[journal.marks] > 0, added["fraud"] == 0
    mark = _newest(is_mark, place)
    genuine = _newest(is_genuine, place)
    earlier = np.append(NEVER, mark[:-1]) if len(mark) else mark
    begins = is_mark & ((earlier < first) | (genuine > earlier))
    run = _newest(begins, place)
    good = np.concatenate([[0], np.cumsum(is_genuine)])
    marks = np.concatenate([[0], np.cumsum(is_mark)])
    base = first
    has, ran = mark >= first, run >= first
    ranked = np.cumsum(np.append(True, first[1:] != first[:-1])) if len(first) else first
    wide = ranked * (2**40) + np.where(is_genuine, amount, 0)
    return (
        np.where(has, at[np.maximum(mark, 0)], NEVER) if len(at) else at,
        np.where(ran, at[np.maximum(run, 0)], NEVER) if len(at) else at,
        np.where(has, good[np.maximum(mark, 0) + 1] - good[base], 0),
        np.where(ran, marks[np.maximum(run, 0)] - marks[base], 0),
        np.maximum.accumulate(wide) - ranked * (2**40) if len(at) else at,
    )  # fmt: skip


def _newest(is_it: NDArray[np.bool_], place: Ints) -> Ints:
    return np.maximum.accumulate(np.where(is_it, place, NEVER)) if len(place) else place


def runs(seen: Seen, at: Ints, marks: str) -> Seen:
    """Turn carried values into ages and counts: of the newest mark, of its run, of genuine ones since."""
    marked = seen["marked_at"] >= 0
    genuine = seen["one"] - seen["fraud"]
    rest = {name: values for name, values in seen.items() if name not in CARRIED}
    return rest | {
        "since": np.where(marked, at - seen["marked_at"], NEVER),
        "run": np.where(marked, at - seen["run_at"], NEVER),
        "genuine_since": np.where(marked, genuine - seen["genuine_at_mark"], NEVER),
        "run_length": np.where(marked, seen[marks] - seen["marked_at_run"], 0),
        "top": np.maximum(seen["top"], 0),
    }
