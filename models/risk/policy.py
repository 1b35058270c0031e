"""What is done with a payment: pass, ask the bank (3-D Secure), hold for a person, or block; by what mistakes cost."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from models.risk.plan import Floats

FILE = Path(__file__).parent / "policy.yaml"
ACTIONS = ("pass", "step_up", "review", "block")


@dataclass(frozen=True)
class Policy:
    """Costs in EUR and shares, as explained in policy.yaml."""

    chargeback_fee: float
    margin: float
    review: float
    step_up: float
    caught_by_review: float
    stopped_by_step_up: float
    block_from: float
    automatic_below: float

    @classmethod
    def load(cls, path: Path = FILE) -> "Policy":
        """Read a policy file. Raises ValueError that says what is wrong; nothing is guessed."""
        try:
            read = yaml.safe_load(path.read_text(encoding="utf-8"))
            named = {**read.pop("costs"), **read}
            policy = cls(**{name: float(value) for name, value in named.items()})
        except (OSError, KeyError, TypeError, AttributeError, ValueError, yaml.YAMLError) as problem:
            raise ValueError(f"{path}: is no policy ({problem}).") from None
        shares = (policy.margin, policy.caught_by_review, policy.stopped_by_step_up, policy.block_from)
        if min(vars(policy).values()) < 0 or max(shares) > 1:
            raise ValueError(f"{path}: costs are at least 0, shares at most 1.")
        return policy

    def costs(self, probability: Floats, amount: Floats) -> NDArray[np.float64]:
        """Expected cost in EUR of each action (events, 4), by the probability of fraud and the amount in EUR."""
        fraud, loss = probability, amount + self.chargeback_fee
        kept = 1 - fraud
        by = np.column_stack([
            fraud * loss,
            fraud * (1 - self.stopped_by_step_up) * loss + self.step_up,
            fraud * (1 - self.caught_by_review) * loss + self.review,
            kept * self.margin * amount,
        ])  # fmt: skip
        by[fraud < self.block_from, ACTIONS.index("block")] = np.inf
        return by

    def decide(self, probability: Floats, amount: Floats) -> NDArray[np.int64]:
        """The cheapest action of each payment, as its place in ACTIONS."""
        return np.asarray(self.costs(probability, amount).argmin(axis=1))

    def spent(self, action: NDArray[np.int64], is_fraud: NDArray[np.bool_], amount: Floats) -> Floats:
        """What each decision came to cost, given what the payment turned out to be."""
        truth = is_fraud.astype(np.float64)
        by = self.costs(truth, amount)
        by[:, ACTIONS.index("block")] = np.where(is_fraud, 0.0, self.margin * amount)
        chosen: Floats = by[np.arange(len(action)), action]
        return chosen

    def needs_operator(self, amount: float) -> bool:
        """Whether a hold or block of this amount waits for an operator."""
        return amount >= self.automatic_below
