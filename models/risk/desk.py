"""The scores of a shop's orders for those who work on them: computed once, again when payments have come."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.risk.payments import SHOP, events
from models.risk.plan import Floats, features
from models.risk.policy import ACTIONS, Policy
from models.risk.score import Reason, RiskModel
from shop import payments
from shop.payments import Paid

WEIGHTS = Path(__file__).parent.parent.parent / "weights" / "risk"
LOW, HIGH = 0.05, 0.5


@dataclass(frozen=True)
class Scored:
    """One order's newest payment, judged. `amount` is in EUR; `loss` is what passing it would cost on average."""

    paid: Paid
    probability: float
    amount: float
    loss: float
    action: str
    row: NDArray[np.float32]

    @property
    def level(self) -> str:
        """low, medium or high."""
        return "low" if self.probability < LOW else "medium" if self.probability < HIGH else "high"

    @property
    def is_flagged(self) -> bool:
        """Whether a person should look."""
        return self.action in ("review", "block")

    def reasons(self, most: int = 3) -> list[Reason]:
        """What speaks for fraud, strongest first."""
        return model().reasons(self.row, most)


@cache
def model() -> RiskModel:
    """The shipped score."""
    return RiskModel.load(WEIGHTS)


@cache
def policy() -> Policy:
    """The shipped policy."""
    return Policy.load()


_known: WeakKeyDictionary[Engine, tuple[tuple[int, int, int], dict[int, Scored]]] = WeakKeyDictionary()


def scored(db: Session) -> dict[int, Scored]:
    """All orders that somebody tried to pay, by number. Raises what reading raises: never an empty answer instead."""
    engine = db.get_bind().engine
    newest = payments.newest(db)
    if engine not in _known or _known[engine][0] != newest:
        _known[engine] = newest, judge(payments.read(db))
    return _known[engine][1]


def judge(paid: list[Paid]) -> dict[int, Scored]:
    """Score payments in time order; of each order the newest attempt counts."""
    if not paid:
        return {}
    known = events(paid)
    rows = model().rows(features(SHOP, known))
    probability = model().probability(rows)
    euros: Floats = known.amount / 100
    action = policy().decide(probability, euros)
    loss = policy().costs(probability, euros)[:, 0]
    return {
        one.order_id: Scored(one, float(probability[n]), float(euros[n]), float(loss[n]), ACTIONS[action[n]], rows[n])
        for n, one in enumerate(paid)
    }
