"""Plans: which journals are kept, and how features are made of them. One plan serves training and serving.

Steps happen in order; a fact may look at what the journals before it said, and later journals may add it up.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.risk.events import DAY, Events, Ints
from models.risk.journal import Journal, Seen, before

HOUR = 3_600
ODD = 3  # times a party's own mean from which an amount is odd
ENOUGH = 5  # payments from which a mean says something
WEIGHT = 10.0  # labels that the overall rate counts for in a smoothed rate
MANY = 1_000  # labels from which the dearest genuine payment says something

Floats = NDArray[np.float64]
Columns = dict[str, Floats]


@dataclass(frozen=True)
class Fact:
    """A whole number of each event, made of the event and of what was seen before it."""

    name: str
    make: Callable[[Events, Mapping[str, Ints]], Ints]


@dataclass(frozen=True)
class Plan:
    """Steps, and further features of the event itself."""

    name: str
    steps: tuple[Journal | Fact, ...]
    beside: Callable[[Events, Mapping[str, Ints]], Columns]

    @property
    def journals(self) -> tuple[Journal, ...]:
        """All journals, in order."""
        return tuple(step for step in self.steps if isinstance(step, Journal))


Look = Callable[[Journal, Events, Mapping[str, Ints]], Seen]
"""Reads a journal just before each event: `journal.before` for a frame, `State.look` for the database."""


def walk(plan: Plan, events: Events, look: Look = before) -> tuple[dict[str, Ints], Seen]:
    """Take all steps; return the facts of each event and what all journals said before it."""
    facts: dict[str, Ints] = {
        "one": np.ones(len(events), dtype=np.int64), "amount": events.amount,
        "square": events.amount * events.amount, **events.numbers,
    }  # fmt: skip
    seen: Seen = {}
    for step in plan.steps:
        if isinstance(step, Fact):
            facts[step.name] = step.make(events, seen)
        else:
            seen |= look(step, events, {"odd": np.zeros(len(events), dtype=np.int64), **facts})
    return facts, seen


def features(plan: Plan, events: Events, look: Look = before) -> Columns:
    """The features of each event by name. The same numbers come out for a frame and for one event."""
    _, seen = walk(plan, events, look)
    return derive(plan, events, seen)


def derive(plan: Plan, events: Events, seen: Mapping[str, Ints]) -> Columns:
    """Make features of what the journals said."""
    amount = events.amount.astype(np.float64)
    made: Columns = {"amount": amount / 100}
    for journal in plan.journals:
        made |= dict(_of_labels(journal, seen) if journal.of_labels else _of_past(journal, amount, seen))
    return made | plan.beside(events, seen)


def matrix(columns: Mapping[str, Floats]) -> NDArray[np.float32]:
    """Features as a matrix (events, features) in the order of the names."""
    return np.column_stack([columns[name] for name in columns]).astype(np.float32)


def _of_past(journal: Journal, amount: Floats, seen: Mapping[str, Ints]) -> Iterator[tuple[str, Floats]]:
    name = journal.name
    yield f"{name}.gap", seen[f"{name}.gap"] / HOUR
    for end in ("", *(f".{w}" for w in journal.windows)):
        n = seen[f"{name}.one{end}"].astype(np.float64)
        for add in journal.adds:
            total = seen[f"{name}.{add}{end}"].astype(np.float64)
            if add == "amount":
                mean = total / np.maximum(n, 1)
                yield f"{name}.mean{end}", mean / 100
                yield f"{name}.ratio{end}", amount / np.maximum(mean, 1)
            elif add == "square":
                mean = seen[f"{name}.amount{end}"] / np.maximum(n, 1)
                spread = np.sqrt(np.maximum(total / np.maximum(n, 1) - mean * mean, 0))
                yield f"{name}.z{end}", (amount - mean) / np.maximum(spread, 100)
            else:
                yield f"{name}.{add}{end}", total


def _of_labels(journal: Journal, seen: Mapping[str, Ints]) -> Iterator[tuple[str, Floats]]:
    name = journal.name
    for end in ("", *(f".{w}" for w in journal.windows)):
        n = seen[f"{name}.one{end}"].astype(np.float64)
        for add in journal.adds[1:]:
            total = seen[f"{name}.{add}{end}"].astype(np.float64)
            yield f"{name}.{add}{end}", total
            yield f"{name}.{add}_rate{end}", (total + WEIGHT * 0.01) / (n + WEIGHT)
    for rest in ("newest1", "newest2", "newest3", "newest5", "genuine_since", "run_length"):
        yield f"{name}.{rest}", seen[f"{name}.{rest}"].astype(np.float64)
    for age in ("since", "run"):
        days = seen[f"{name}.{age}"]
        yield f"{name}.{age}", np.where(days < 0, 1e4, days / DAY)


def clock(events: Events) -> Columns:
    """Hour and weekday (Monday 0) in UTC."""
    return {
        "hour": (events.at // HOUR % 24).astype(np.float64),
        "weekday": ((events.at // DAY + 3) % 7).astype(np.float64),
    }


def odd(party: str, labels: str = "known") -> Fact:
    """Whether an amount is thrice the party's mean so far, or above anything known to be genuine."""

    def make(events: Events, seen: Mapping[str, Ints]) -> Ints:
        n, total = seen[f"{party}.one"], seen[f"{party}.amount"]
        is_high = (n >= ENOUGH) & (events.amount * n > ODD * total)
        is_dearest = (seen[f"{labels}.one"] >= MANY) & (events.amount > seen[f"{labels}.top"])
        return (is_high | is_dearest).astype(np.int64)

    return Fact("odd", make)


def _terminals(events: Events, seen: Mapping[str, Ints]) -> Columns:
    top = seen["known.top"].astype(np.float64)
    return clock(events) | {"over_top": np.where(top > 0, events.amount / np.maximum(top, 1), 0)}


FDH = Plan("terminals", (
    Journal("pair", ("customer", "terminal"), ("one",)),
    Journal("known", (), ("one", "fraud"), of_labels=True),
    Journal("customer", ("customer",), ("one", "amount", "square"), (HOUR * 6, DAY, 7 * DAY, 30 * DAY)),
    odd("customer"),
    Journal("unusual", ("customer",), ("one", "odd"), (DAY, 7 * DAY, 14 * DAY)),
    Journal("terminal", ("terminal",), ("one", "amount", "odd"), (DAY, 7 * DAY, 30 * DAY)),
    Journal("burnt", ("terminal",), ("one", "fraud", "plain"), (DAY, 7 * DAY, 14 * DAY, 21 * DAY, 30 * DAY), True,
            "plain"),
    Journal("victim", ("customer",), ("one", "fraud"), (7 * DAY, 14 * DAY, 30 * DAY), True),
), _terminals)  # fmt: skip
