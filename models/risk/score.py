"""The shipped score: LightGBM with a calibrated probability, and what speaks for it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.risk.plan import Columns, Floats, matrix

if TYPE_CHECKING:
    from lightgbm import Booster

TREES, FACTS = "risk.txt", "risk.json"
OTHER = "other"
REASONS: Mapping[str, tuple[str, ...]] = {
    "tried": ("attempts.", "order_card."),
    "new_device": ("person_device.", "person.new_person"),
    "new_address": ("person_address.", "person.new_resident", "other_name"),
    "new_card": ("person_card.", "person.new_owner"),
    "new_place": ("person_ip.",),
    "cards": ("device.new_card", "device_card.", "device.declined", "person.declined", "card.new_owner"),
    "shared_device": ("device.one", "device.new_person", "device.gap", "device_address."),
    "shared_address": ("address.",),
    "card_abroad": ("card_ip", "card_ship", "home_card"),
    "far": ("ip_ship", "home_ip"),
    "ships_abroad": ("home_ship", "shop_ship"),
    "forwarder": ("warehouse_words",),
    "new_account": ("age_hours", "person.one", "person.gap"),
    "amount": ("amount", "each", "quantity", "person.amount", "person.mean", "person.ratio", "person.z",
               "device.mean", "device.ratio", "card.mean", "card.ratio", "category.mean", "category.ratio",
               "category.z"),
    "claims": ("claims", "device.claims"),
    "fraud_before": ("device_known.", "address_known.", "person_known."),
    "hour": ("hour", "weekday"),
    "express": ("freight_permille",),
    "used_card": ("card.",),
}  # fmt: skip
"""Reasons with the beginnings of the features that speak for them; the first that fits counts."""


@dataclass(frozen=True)
class Reason:
    """A reason: what it adds to the log-odds, its strongest feature, and the probability without it."""

    name: str
    weight: float
    feature: str
    value: float
    without: float


@dataclass(frozen=True)
class RiskModel:
    """Names of the features in order, the trees, the calibration's corners, and what is usual for each feature."""

    names: tuple[str, ...]
    trees: "Booster"
    scores: Floats
    shares: Floats
    usual: Floats
    _groups: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> "RiskModel":
        """Read what `save` wrote."""
        from lightgbm import Booster

        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        trees = Booster(model_str=(folder / TREES).read_text(encoding="utf-8"))
        names = tuple(facts["names"])
        scores, shares, usual = (np.array(facts[name], dtype=np.float64) for name in ("scores", "shares", "usual"))
        return cls(names, trees, scores, shares, usual, groups(names))

    def save(self, folder: Path) -> None:
        """Write the trees as text and the rest as JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        self.trees.save_model(str(folder / TREES))
        facts = {"names": self.names, "scores": self.scores.tolist(), "shares": self.shares.tolist(),
                 "usual": self.usual.tolist()}  # fmt: skip
        (folder / FACTS).write_text(json.dumps(facts) + "\n", encoding="utf-8")

    def rows(self, columns: Columns) -> NDArray[np.float32]:
        """The matrix that the trees read, (events, features). Raises KeyError for a feature that is lacking."""
        return matrix({name: columns[name] for name in self.names})

    def raw(self, rows: NDArray[np.float32]) -> Floats:
        """Log-odds by the trees, not calibrated."""
        return np.asarray(self.trees.predict(rows, raw_score=True, num_threads=1), dtype=np.float64)

    def probability(self, rows: NDArray[np.float32]) -> Floats:
        """The calibrated probability of fraud; a row that is not finite is certain fraud (it fails closed)."""
        share = np.interp(self.raw(np.nan_to_num(rows)), self.scores, self.shares)
        return np.where(np.isfinite(rows).all(axis=1), share, 1.0)

    def reasons(self, row: NDArray[np.float32], most: int = 3) -> list[Reason]:
        """What speaks most for fraud in one row, strongest first, by TreeSHAP (Lundberg et al. 2020)."""
        parts = np.asarray(self.trees.predict(row[None], pred_contrib=True, num_threads=1))[0, :-1]
        found = []
        for name, places in self._groups.items():
            weight = float(parts[places].sum())
            if weight > 0 and name != OTHER:
                top = int(places[parts[places].argmax()])
                without = float(self.probability(self.without(row, name)[None])[0])
                found.append(Reason(name, weight, self.names[top], float(row[top]), without))
        return sorted(found, key=lambda reason: -reason.weight)[:most]

    def without(self, row: NDArray[np.float32], reason: str) -> NDArray[np.float32]:
        """The row with what is usual in place of a reason's features."""
        changed = row.copy()
        changed[self._groups[reason]] = self.usual[self._groups[reason]]
        return changed


def groups(names: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    """Which features belong to which reason."""
    of = [reason_of(name) for name in names]
    return {reason: np.flatnonzero([one == reason for one in of]) for reason in (*REASONS, OTHER) if reason in of}


def reason_of(name: str) -> str:
    """The reason that a feature belongs to."""
    for reason, beginnings in REASONS.items():
        if any(name == one or name.startswith(one if one.endswith(".") else f"{one}.") for one in beginnings):
            return reason
    return OTHER
