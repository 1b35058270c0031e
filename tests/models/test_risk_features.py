"""Features of payments: nothing of the future, labels when they are known, and the same numbers in serving."""

import heapq
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session

from models.risk.events import DAY, UNKNOWN, BadEvents, Events
from models.risk.plan import FDH, features, matrix
from models.risk.state import State
from models.risk.store import backfill
from shop.database import connect

START = 1_700_000_000


def stream(n: int, seed: int = 1) -> Events:
    """Payments of few customers at few terminals, many in the same second, some labels late, some never."""
    rng = np.random.default_rng(seed)
    at = np.sort(START + rng.integers(0, 40 * DAY, n) // 600 * 600)
    label = rng.choice([0, 0, 0, 0, 1, UNKNOWN], n)
    customer, terminal = rng.integers(0, n // 50 + 2, n), rng.integers(UNKNOWN, n // 40 + 2, n)
    known = at + np.where(rng.random(n) < 0.2, rng.integers(1, 20 * DAY, n), 7 * DAY)
    amount = rng.integers(100, 30_000, n)
    return Events(at, amount, {"customer": customer, "terminal": terminal}, label, known, np.arange(n), {})


def test_serving_computes_what_training_computes(tmp_path: Path) -> None:
    events = stream(10_000)
    trained = features(FDH, events)
    database = connect(f"sqlite:///{tmp_path / 'risk.db'}")
    database.create()
    with database.session() as db:
        served = _served(State(db, FDH), events)
    assert list(served) == list(trained)
    wrong = [name for name in trained if not np.array_equal(trained[name], served[name])]
    assert wrong == []


def _served(state: State, events: Events) -> dict[str, np.ndarray]:
    """Feed the events one after the other; each label when it becomes known."""
    coming: list[tuple[int, int]] = []
    rows = []
    for n in range(len(events)):
        now = int(events.at[n])
        while coming and coming[0][0] <= now:
            known, seq = heapq.heappop(coming)
            state.learn(seq, is_fraud=bool(events.label[seq]), known_at=known)
        event = events.take(np.array([n]))
        rows.append(state.observe(event, n, now))
        if events.label[n] != UNKNOWN:
            heapq.heappush(coming, (int(events.known_at[n]), n))
    return {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}


def test_what_happens_later_changes_nothing() -> None:
    events = stream(2_000)
    half = events.take(np.arange(1_000))
    whole, part = matrix(features(FDH, events)), matrix(features(FDH, half))
    assert np.array_equal(whole[:1_000], part)


def test_labels_that_are_not_known_yet_change_nothing() -> None:
    events = stream(2_000)
    moment = int(events.at[1_200])
    late = events.known_at > moment
    rng = np.random.default_rng(2)
    shuffled = events.label.copy()
    shuffled[late] = rng.permutation(shuffled[late])
    before, after = matrix(features(FDH, events)), matrix(features(FDH, events.relabelled(shuffled)))
    seen = events.at <= moment
    assert np.array_equal(before[seen], after[seen])
    assert not np.array_equal(before, after)


def test_windows_count_what_lies_in_them() -> None:
    at = START + np.array([0, DAY // 2, DAY, 3 * DAY])
    one = np.zeros(4, dtype=np.int64)
    events = Events(at, np.array([100, 200, 400, 800]), {"customer": one, "terminal": one},
                    np.array([1, 0, 0, 0]), at + DAY, np.arange(4), {})  # fmt: skip
    made = features(FDH, events)
    assert made["customer.one.86400"].tolist() == [0, 1, 2, 0]
    assert made["customer.mean"].tolist() == [0, 1.0, (1 + 2) / 2, (1 + 2 + 4) / 3]
    assert made["burnt.fraud"].tolist() == [0, 0, 1, 1]
    assert made["customer.gap"].tolist() == [-1 / 3600, 12, 12, 48]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Session]:
    database = connect(f"sqlite:///{tmp_path / 'risk.db'}")
    database.create()
    with database.session() as opened:
        yield opened


def test_a_clock_in_the_future_is_refused(db: Session) -> None:
    with pytest.raises(BadEvents, match="future"):
        State(db, FDH).observe(stream(1), 0, now=START - DAY)


def test_a_label_needs_an_event_and_comes_once(db: Session) -> None:
    state = State(db, FDH)
    with pytest.raises(BadEvents, match="no event 5"):
        state.learn(5, is_fraud=True, known_at=START)
    state.observe(stream(1), 5, now=START + 99 * DAY)
    state.learn(5, is_fraud=True, known_at=START)
    with pytest.raises(BadEvents, match="known already"):
        state.learn(5, is_fraud=False, known_at=START)


def test_an_event_that_comes_late_enters_at_the_newest_moment(db: Session) -> None:
    events, state = stream(50), State(db, FDH)
    for n in (3, 1, 2):
        state.observe(events.take(np.array([n])), n, START + 99 * DAY)
    known = state.features(events.take(np.array([49])), 49)
    assert np.isfinite(matrix(known)).all()
    same = int(events.parties["customer"][49])
    assert known["customer.one"] == sum(int(events.parties["customer"][n]) == same for n in (1, 2, 3))


def test_a_database_filled_at_once_reads_like_one_that_observed(db: Session) -> None:
    events = stream(1_500)
    backfill(db, FDH, events)
    trained, state = features(FDH, events), State(db, FDH)
    for n in range(0, 1_500, 25):
        served = state.features(events.take(np.array([n])), n)
        assert [name for name in trained if trained[name][n] != served[name][0]] == []
