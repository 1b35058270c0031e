"""How well are payments judged?

`python -m eval risk --data FILE [--test-from DATE] [--roles YAML]`: by the classical protocol on a file of card
payments, with every member trained in this run; other weeks before it tell whether that was luck.
`python -m eval risk`: the shipped score on the demo shop, scenario by scenario, with costs, reasons and speed.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval import risk_protocol as protocol
from eval.report import Metric, Report
from finetune import risk_members as members
from models.risk import events as sources
from models.risk.events import BadEvents, Events, Roles
from models.risk.plan import FDH, Columns, features
from shop.errors import ShopError

PROBLEM = 2
ROLES = Path(__file__).parent.parent / "models" / "risk" / "fdh.yaml"
PUBLISHED = date(2018, 8, 8)
CUTS = 6  # further test weeks, one after the other, before the published one
SEED = 7
DRAWS = 200
_DAYS = ("86400", "604800", "2592000")
CLASSIC = (
    *("amount", "hour", "weekday"), *(f"customer.{what}.{w}" for w in _DAYS for what in ("one", "mean")),
    *(f"terminal.one.{w}" for w in _DAYS), *(f"burnt.fraud_rate.{w}" for w in _DAYS),
)  # fmt: skip
"""The features of the published baselines: counts and means of the customer, counts and risk of the terminal."""

Rows = NDArray[np.float32]


def run(arguments: Sequence[str]) -> int:
    """Measure and print; 2 when the data is bad."""
    parser = argparse.ArgumentParser("python -m eval risk", description=__doc__)
    parser.add_argument("--data", type=Path, help="CSV or Parquet of payments (default: the demo shop)")
    parser.add_argument("--roles", type=Path, default=ROLES, help="YAML that names the columns")
    parser.add_argument(
        "--test-from", type=date.fromisoformat, default=PUBLISHED, help="the first day of the test week"
    )
    parser.add_argument("--cuts", type=int, default=CUTS, help="how many weeks before it are judged as well")
    parser.add_argument("--dev", action="store_true", help="only the weeks before: to choose a recipe on")
    parser.add_argument("--events", type=int, default=200_000, help="events in the database of the speed test")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    try:
        if given.data:
            report = measured(given)
        else:
            from eval.risk_shop import measured as shop

            report = shop(given)
    except (BadEvents, ShopError, OSError) as problem:
        print(problem, file=sys.stderr)
        return PROBLEM
    report.show(as_json=given.json)
    return 0


def measured(given: argparse.Namespace) -> Report:
    """Judge all members on the test week, and the blend beside plain LightGBM on the weeks before."""
    begun = time.monotonic()
    events, columns = _read(given)
    weeks = [given.test_from - timedelta(days=7 * n) for n in range(1, given.cuts + 1)]
    before = [_week(events, columns, week) for week in weeks]
    metrics = _over_weeks(before) if before else {}
    extra: dict[str, object] = {"weeks": {str(week): one for week, one in zip(weeks, before, strict=True)}}
    if not given.dev:
        metrics = _judged(events, columns, given.test_from, extra) | metrics
    return Report("risk", f"{given.data.name} from {given.test_from}", time.monotonic() - begun, metrics, extra)


def _read(given: argparse.Namespace) -> tuple[Events, Columns]:
    roles = Roles.load(given.roles)
    if {"customer", "terminal"} - set(roles.parties):
        raise BadEvents(f"{given.roles}: the protocol needs the parties customer and terminal.")
    events = sources.read(given.data, roles)
    last = (given.test_from - date(1970, 1, 1)).days + protocol.JUDGE
    events = events.take(events.at < last * sources.DAY)
    if not len(events):
        raise BadEvents(f"{given.data}: has no payments before {given.test_from}.")
    return events, features(FDH, events)


def _matrix(columns: Columns, names: Sequence[str], places: NDArray[np.int64]) -> Rows:
    return np.column_stack([columns[name][places] for name in names]).astype(np.float32)


def _week(events: Events, columns: Columns, test_from: date) -> dict[str, dict[str, float]]:
    """The blend, plain LightGBM on the classical features, and plain LightGBM on ours."""
    learn, test = protocol.split(events, test_from)
    found = {}
    for name, make, names in (
        ("blend", lambda rows, labels, _: members.blend(rows, labels), tuple(columns)),
        ("lightgbm", members.plain, CLASSIC), ("lightgbm_same_features", members.plain, tuple(columns)),
    ):  # fmt: skip
        score = make(_matrix(columns, names, learn), events.label[learn], SEED)
        found[name] = _figures(events, test, score(_matrix(columns, names, test)))
    print(f"{test_from}: " + "; ".join(f"{name} {_short(one)}" for name, one in found.items()), flush=True)
    return found


def _short(figures: Mapping[str, float]) -> str:
    return " ".join(f"{value:.4f}" for value in figures.values())


def _figures(events: Events, test: NDArray[np.int64], scores: NDArray[np.float64]) -> dict[str, float]:
    from sklearn.metrics import average_precision_score, roc_auc_score

    truth = events.label[test]
    return {
        "auc": float(roc_auc_score(truth, scores)), "average_precision": float(average_precision_score(truth, scores)),
        "card_precision@100": float(np.mean(protocol.card_precision(events, test, scores))),
    }  # fmt: skip


def _over_weeks(weeks: Sequence[Mapping[str, Mapping[str, float]]]) -> dict[str, Metric]:
    """Mean AP over the weeks, and the least gain of the blend over plain LightGBM in any of them."""
    by = {name: np.array([week[name]["average_precision"] for week in weeks]) for name in weeks[0]}
    gains = by["blend"] - by["lightgbm"]
    same = by["blend"] - by["lightgbm_same_features"]
    baselines = {name: float(values.mean()) for name, values in by.items() if name != "blend"}
    return {
        "mean_average_precision": Metric(float(by["blend"].mean()), len(weeks), baselines=baselines),
        "least_gain": Metric(float(gains.min()), len(weeks), baselines={"same_features": float(same.min())}),
    }


def _judged(events: Events, columns: Columns, test_from: date, extra: dict[str, object]) -> dict[str, Metric]:
    learn, test = protocol.split(events, test_from)
    labels, classic = events.label[learn], (_matrix(columns, CLASSIC, learn), _matrix(columns, CLASSIC, test))
    ours = _matrix(columns, tuple(columns), learn), _matrix(columns, tuple(columns), test)
    plain: Mapping[str, tuple[Callable[..., members.Score], tuple[Rows, Rows]]] = {
        "tree": (members.tree, classic), "logistic": (members.logistic, classic), "forest": (members.forest, classic),
        "lightgbm": (members.plain, classic), "lightgbm_same_features": (members.plain, ours),
        "boosted": (members.boosted, ours), "network": (members.network, ours),
        "isolation": (lambda rows, _, seed: members.isolation(rows, seed), classic),
    }  # fmt: skip
    beside = {name: _figures(events, test, make(x, labels, SEED)(y)) for name, (make, (x, y)) in plain.items()}
    scores = members.blend(ours[0], labels)(ours[1])
    extra["members"] = {"blend": _figures(events, test, scores), **beside}
    for name, one in {"blend": _figures(events, test, scores), **beside}.items():
        print(f"{test_from} {name:<24} {_short(one)}", flush=True)
    return _with_intervals(events, test, scores, beside)


def _with_intervals(
    events: Events, test: NDArray[np.int64], scores: NDArray[np.float64], beside: Mapping[str, Mapping[str, float]]
) -> dict[str, Metric]:
    """Intervals by drawing customers; those of the daily list by drawing days."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    customers, whose = np.unique(events.parties["customer"][test], return_inverse=True)
    rows = np.split(np.argsort(whose, kind="stable"), np.cumsum(np.bincount(whose))[:-1])
    random = np.random.default_rng(SEED)
    truth = events.label[test]
    drawn = [np.concatenate([rows[n] for n in random.integers(0, len(rows), len(rows))]) for _ in range(DRAWS)]
    metrics = {}
    for name, measure in (("auc", roc_auc_score), ("average_precision", average_precision_score)):
        low, high = np.quantile([measure(truth[some], scores[some]) for some in drawn], [0.025, 0.975])
        metrics[name] = Metric(
            float(measure(truth, scores)), len(customers), float(low), float(high), _of(beside, name)
        )
    daily = protocol.card_precision(events, test, scores)
    means = [np.mean(random.choice(daily, len(daily))) for _ in range(DRAWS)]
    low, high = np.quantile(means, [0.025, 0.975])
    name = "card_precision@100"
    metrics[name] = Metric(float(np.mean(daily)), len(daily), float(low), float(high), _of(beside, name))
    metrics["calibration_error"] = Metric(protocol.calibration_error(truth, scores), len(test))
    return metrics


def _of(beside: Mapping[str, Mapping[str, float]], name: str) -> dict[str, float]:
    return {member: figures[name] for member, figures in beside.items()}
