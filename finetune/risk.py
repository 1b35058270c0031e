"""Train the risk score on payments: other stories of the demo, or the labelled payments of your own database."""

import argparse
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from finetune.labelled import BadData
from finetune.risk_members import BOOSTED
from models.card import Card, Metric
from models.risk.events import DAY, UNKNOWN, Events
from models.risk.payments import SHOP, events
from models.risk.plan import features
from models.risk.score import RiskModel, groups
from shop import payments
from shop.database import connect
from shop.demo.build import build
from shop.demo.scene import seeded
from shop.payments import Paid

OUT = Path("weights/risk")
SEED = 7
STORIES = (101, 102, 103, 104)  # seeds of the demo that are trained on; the shipped demo is none of them
HELD = (105, 106)  # calibration
TODAY = date(2026, 6, 1)
WARM_UP = 60 * DAY  # of each story: nobody has a past yet
ROUNDS = 160

Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Payments:
    """Payments with their features (n, features); `is_last` marks the attempt that an order was paid by."""

    paid: tuple[Paid, ...]
    events: Events
    rows: Rows
    names: tuple[str, ...]
    is_last: NDArray[np.bool_]

    @property
    def is_labelled(self) -> NDArray[np.bool_]:
        """Whose label is known, after the warm-up."""
        return np.asarray((self.events.label != UNKNOWN) & (self.events.at >= self.events.at.min() + WARM_UP))


def main(args: Sequence[str]) -> int:
    """Train, write weights and card to `--out`, print the card."""
    parser = argparse.ArgumentParser("python -m finetune risk", description=main.__doc__)
    parser.add_argument("--database", help="SQLAlchemy URL of a shop with labelled payments (default: demo stories)")
    parser.add_argument("--since", type=date.fromisoformat, help="only payments since this day are learned from")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args(args)
    if given.database:
        learned, held = own(given.database, given.since)
        data, licence = "payments of the database", "that of the data"
    else:
        learned, held = [story(seed) for seed in STORIES], [story(seed) for seed in HELD]
        data, licence = "demo stories written for this project, by other seeds than the shipped demo", "as this project"
    model, metrics = train(learned, held)
    model.save(given.out)
    card = _card(data, licence, sum(len(one.paid) for one in learned), metrics, given)
    card.save(given.out)
    print(card.markdown())
    return 0


def story(seed: int, today: date = TODAY) -> Payments:
    """Let the demo happen with another seed, and read its payments."""
    with TemporaryDirectory() as folder, seeded(seed):
        database = connect(f"sqlite:///{folder}/story.db")
        build(database, today=today)
        with database.session() as db:
            made = prepared(payments.read(db))
        database.engine.dispose()
    print(f"story {seed}: {len(made.paid)} payments, {int((made.events.label == 1).sum())} fraud", flush=True)
    return made


def prepared(paid: Sequence[Paid]) -> Payments:
    """Compute the features of payments in time order."""
    known = events(paid)
    columns = features(SHOP, known)
    rows = np.column_stack(list(columns.values())).astype(np.float32)
    return Payments(tuple(paid), known, rows, tuple(columns), last_of_order(known))


def last_of_order(known: Events) -> NDArray[np.bool_]:
    """Which payment is the newest of its order."""
    orders = known.parties["order"]
    _, first = np.unique(orders[::-1], return_index=True)
    is_last = np.zeros(len(orders), dtype=np.bool_)
    is_last[len(orders) - 1 - first] = True
    return is_last


def own(url: str, since: date | None) -> tuple[list[Payments], list[Payments]]:
    """The payments of a database, split by time: the newest quarter of the labelled ones is held out."""
    database = connect(url)
    with database.session() as db:
        made = prepared(payments.read(db)) if payments.newest(db)[0] else None
    if made is None or not (made.events.label == 1).any():
        raise BadData(f"{url}: has no payments that are known to be fraud.")
    if since is not None:
        begin = int(datetime(since.year, since.month, since.day, tzinfo=UTC).timestamp())
        made = part(made, made.events.at >= begin)
    cut = np.quantile(made.events.at[made.events.label != UNKNOWN], 0.75) if len(made.paid) else 0.0
    early, late = part(made, made.events.at < cut), part(made, made.events.at >= cut)
    for name, one in (("older", early), ("newer", late)):
        if not (one.events.label == 1).any() or not (one.events.label == 0).any():
            raise BadData(f"{url}: the {name} payments need both fraud and genuine ones.")
    return [early], [late]


def part(whole: Payments, chosen: NDArray[np.bool_]) -> Payments:
    """Some of the payments, with the features that they had in the whole."""
    paid = tuple(one for one, is_in in zip(whole.paid, chosen, strict=True) if is_in)
    return Payments(paid, whole.events.take(chosen), whole.rows[chosen], whole.names, whole.is_last[chosen])


def train(learned: Sequence[Payments], held: Sequence[Payments]) -> tuple[RiskModel, dict[str, Metric]]:
    """Fit the trees on what is learned, calibrate on what was held out, and say how good they are there."""
    import lightgbm

    rows, labels = _stacked(learned)
    names = learned[0].names
    fixed = {"verbose": -1, "num_threads": 1, "deterministic": True, "seed": SEED}
    trees = lightgbm.train({**BOOSTED, **fixed}, lightgbm.Dataset(rows, labels, feature_name=_plain(names)), ROUNDS)
    later, truth = _stacked(held, only_last=True)
    scores = np.asarray(trees.predict(later, raw_score=True))
    corners, shares = calibrated(scores, truth)
    usual = np.median(rows[labels == 0], axis=0).astype(np.float64)
    return RiskModel(names, trees, corners, shares, usual, groups(names)), judged(scores, truth)


def calibrated(
    scores: NDArray[np.float64], truth: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corners of an isotonic map from log-odds to probabilities, never quite 0 or 1."""
    from sklearn.isotonic import IsotonicRegression

    fitted = IsotonicRegression(out_of_bounds="clip", y_min=1e-4, y_max=0.995).fit(scores, truth)
    return np.asarray(fitted.X_thresholds_, dtype=np.float64), np.asarray(fitted.y_thresholds_, dtype=np.float64)


def judged(scores: NDArray[np.float64], truth: NDArray[np.int64]) -> dict[str, Metric]:
    """AUC, average precision and recall at 1 % flagged, with 95 % bootstrap intervals over payments."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    measures: dict[str, Callable[[NDArray[np.int64], NDArray[np.float64]], float]] = {
        "auc": roc_auc_score, "average_precision": average_precision_score, "recall_at_1_percent": recall_at,
    }  # fmt: skip
    random = np.random.default_rng(SEED)
    drawn = [random.integers(0, len(truth), len(truth)) for _ in range(200)]
    found = {}
    for name, measure in measures.items():
        values = [measure(truth[rows], scores[rows]) for rows in drawn if truth[rows].any()]
        low, high = np.quantile(values, [0.025, 0.975])
        found[name] = Metric(
            round(float(measure(truth, scores)), 4), round(float(low), 4), round(float(high), 4), len(truth)
        )
    return found


def recall_at(truth: NDArray[np.int64], scores: NDArray[np.float64], share: float = 0.01) -> float:
    """The share of fraud among the highest scores, a share of all."""
    top = np.argsort(-scores, kind="stable")[: max(1, int(share * len(scores)))]
    return float(truth[top].sum() / max(truth.sum(), 1))


def _stacked(parts: Sequence[Payments], *, only_last: bool = False) -> tuple[Rows, NDArray[np.int64]]:
    chosen = [one.is_labelled & (one.is_last if only_last else True) for one in parts]
    rows = np.concatenate([one.rows[which] for one, which in zip(parts, chosen, strict=True)])
    return rows, np.concatenate([one.events.label[which] for one, which in zip(parts, chosen, strict=True)])


def _plain(names: Sequence[str]) -> list[str]:
    return [name.replace(".", "_") for name in names]


def _card(data: str, licence: str, seen: int, metrics: dict[str, Metric], given: argparse.Namespace) -> Card:
    return Card(
        name="Risk of a payment",
        task="The probability that a payment turns out to be fraud, from what is known when it is made.",
        data=f"{seen} payments: {data}",
        licence=licence,
        split="by time: the newest quarter is held out" if given.database else "by story: calibrated and measured on "
        f"stories {HELD}, trained on {STORIES}. Real fraud looks different: train on your own payments",
        seed=SEED,
        recipe={"Model": "LightGBM, calibrated by isotonic regression", "Rounds": ROUNDS,
                **{name: str(value) for name, value in BOOSTED.items()}},
        metrics=metrics,
        commit=_commit(),
    )  # fmt: skip


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() or "unknown"
