"""How well is demand forecast? `python -m eval demand --data FILE [--json]`.

The last steps are held out, fixed before any choice. What is chosen (the weight of the blend) and calibrated (the
range) is so on the steps before them.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from eval import report
from eval.report import Metric, Report
from finetune.demand import SEED, tabled
from models.demand import BadFrame, forecast, lags
from models.demand.blend import LEVEL
from models.demand.lags import Table
from models.demand.methods import METHODS, Floats
from models.demand.panel import panel, read

PROBLEM = 2
HORIZONS = {52: 8, 12: 12, 4: 4, 7: 14, 1: 4}  # by season
BLENDS = (0.0, 0.1, 0.2, 0.3)
FOREST_ROWS = 30_000


def run(arguments: Sequence[str]) -> int:
    """Print the figures, with `--json` as one object on the last line; 2 if the data cannot be forecast."""
    parser = argparse.ArgumentParser("python -m eval demand", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="CSV or Parquet: unique_id, ds, y, …")
    parser.add_argument("--horizon", type=int, help="steps held out (default: 8 weeks, 12 months, 4 quarters …)")
    parser.add_argument("--no-trees", action="store_true", help="only the methods that need no training")
    parser.add_argument("--against", type=int, default=0, metavar="N", help="time AutoETS and Theta on N series, too")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    try:
        found = measured(given.data, given.horizon, is_plain=given.no_trees, against=given.against)
    except BadFrame as problem:
        print(problem, file=sys.stderr)
        return PROBLEM
    found.show(as_json=given.json)
    return 0


def measured(path: Path, horizon: int | None, *, is_plain: bool, against: int) -> Report:
    """Forecast the held-out steps with every method."""
    begun = time.perf_counter()
    frame = read(path)
    season = panel(frame).season
    steps = horizon or HORIZONS[season]
    table, ids = tabled(frame)
    if table.values.shape[1] <= steps + 4:
        raise BadFrame(f"{path.name}: {table.values.shape[1]} steps are too few to hold {steps} out.")
    origin = table.values.shape[1] - 1 - steps
    said, low, high, seconds = _local(table, origin, steps)
    is_long = origin - 2 * steps >= table.first and season > 1
    if is_long and not is_plain:
        trees, low, high, spent = _trained(table, origin, steps)
        said, seconds = {**said, **trees}, {**seconds, **spent}
    if against:
        said, seconds = _others(table, origin, steps, against, said, seconds)
    chosen = "lightgbm_blend" if "lightgbm_blend" in said else "blend"
    metrics = _metrics(table, origin, steps, said, chosen, low, high)
    metrics["series_per_second"] = Metric(
        len(ids) / max(seconds[chosen], 1e-9), len(ids),
        baselines={name: _rate(name, len(ids), against, spent) for name, spent in seconds.items() if name != chosen},
    )  # fmt: skip
    extra = {"chosen": chosen, "horizon": steps, "series": len(ids), "method_seconds": _rounded(seconds)}
    return Report("demand", path.stem, time.perf_counter() - begun, metrics, extra)


def _local(table: Table, origin: int, steps: int) -> tuple[dict[str, Floats], Floats, Floats, dict[str, float]]:
    """The methods without training, and their weighted blend with its range."""
    known = table.values[:, : origin + 1]
    said, seconds = {}, {}
    for name, method in METHODS.items():
        start = time.perf_counter()
        said[name] = method(known, steps, table.season)
        seconds[name] = time.perf_counter() - start
    start = time.perf_counter()
    found = forecast(known, steps, table.season)
    said["blend"], seconds["blend"] = found.mean, time.perf_counter() - start
    return said, found.low, found.high, seconds


def _trained(table: Table, origin: int, steps: int) -> tuple[dict[str, Floats], Floats, Floats, dict[str, float]]:
    """Linear regression, a random forest and gradient boosting on the same features, and the blend.

    The blend's weight and the range are from models that did not see the steps before the held-out ones.
    """
    start = time.perf_counter()
    before = origin - steps
    past = lags.predict(lags.fit(table, before, steps, SEED), table, before, steps)
    truth = table.values[:, before + 1 : origin + 1]
    plain = forecast(table.values[:, : before + 1], steps, table.season).mean
    share = min(BLENDS, key=lambda one: float((np.abs(truth - (1 - one) * past - one * plain)).mean()))
    ahead = lags.predict(lags.fit(table, origin, steps, SEED), table, origin, steps)
    mean = (1 - share) * ahead + share * forecast(table.values[:, : origin + 1], steps, table.season).mean
    scale = np.maximum(np.abs(table.values[:, origin + 1 - table.season : origin + 1]).mean(axis=1), 1.0)
    rough = _roughness(table.values[:, : origin + 1], table.season) * scale
    wide = lags.widened([truth - (1 - share) * past - share * plain], rough, LEVEL)[None, :] * rough[:, None]
    spent = {"lightgbm": time.perf_counter() - start}
    spent["lightgbm_blend"] = spent["lightgbm"]
    said = {"lightgbm": ahead, "lightgbm_blend": mean}
    for name, (path, seconds) in _plainer(table, origin, steps).items():
        said[name], spent[name] = path, seconds
    return said, mean - wide, mean + wide, spent


def _roughness(known: Floats, season: int) -> Floats:
    """How far a series strays from the year before, in units of its size: what its range is proportional to."""
    change = np.abs(known[:, -26:] - known[:, -26 - season : -season]).mean(axis=1)
    return np.asarray(np.maximum(change / np.maximum(np.abs(known[:, -season:]).mean(axis=1), 1.0), 0.01))


def _plainer(table: Table, origin: int, steps: int) -> dict[str, tuple[Floats, float]]:
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.linear_model import Ridge

    rows = lags.training(table, origin, steps)
    chosen = np.random.default_rng(SEED).permutation(len(rows.target))[:FOREST_ROWS]
    seen, scale = features_at(table, origin, steps)
    filled, ahead = (np.clip(np.nan_to_num(part, nan=0.0), -50, 50) for part in (rows.features, seen))
    found = {}
    for name, model, mine in (
        ("linear", Ridge(1.0), slice(None)),
        ("forest", RandomForestRegressor(40, min_samples_leaf=5, max_features=0.4, random_state=SEED), chosen),
    ):
        start = time.perf_counter()
        ratio = np.clip(rows.target / rows.scale, -5, 10)
        model.fit(filled[mine], ratio[mine], sample_weight=rows.weight[mine])
        flat = model.predict(ahead) * scale
        found[name] = flat.reshape(steps, -1).T, time.perf_counter() - start
    return found


def features_at(table: Table, origin: int, steps: int) -> tuple[Floats, Floats]:
    """The features of the held-out steps and their scale."""
    return lags.features(table, origin, steps, lags.smoothed(table.values[:, : origin + 1], table.groups))


def _others(
    table: Table, origin: int, steps: int, count: int, said: dict[str, Floats], seconds: dict[str, float]
) -> tuple[dict[str, Floats], dict[str, float]]:  # fmt: skip
    """Theta and ETS of statsforecast on the first series, timed after one call that compiles nothing twice."""
    from statsforecast.models import AutoETS, DynamicOptimizedTheta

    for name, make in (("dynamic_theta", DynamicOptimizedTheta), ("auto_ets", AutoETS)):
        model = make(season_length=table.season if table.season <= 24 else 1)
        path = said["blend"].copy()
        model.forecast(table.values[0, : origin + 1], steps)
        start = time.perf_counter()
        for row in range(min(count, len(path))):
            path[row] = model.forecast(table.values[row, : origin + 1], steps)["mean"]
        seconds[name] = time.perf_counter() - start
        if count >= len(path):
            said[name] = path
    return said, seconds


def _metrics(
    table: Table, origin: int, steps: int, said: Mapping[str, Floats], chosen: str, low: Floats, high: Floats
) -> dict[str, Metric]:  # fmt: skip
    truth = table.values[:, origin + 1 : origin + 1 + steps]
    weight = table.weight[origin + 1 : origin + 1 + steps]
    known = table.values[:, : origin + 1]
    season = table.season if known.shape[1] > table.season else 1
    naive = np.maximum(np.abs(known[:, season:] - known[:, :-season]).mean(axis=1), 1e-9)
    by_series = {
        "wmae": lambda path: np.abs(truth - path) @ weight / weight.sum(),
        "mase": lambda path: np.abs(truth - path).mean(axis=1) / naive,
        "smape": lambda path: _smape(truth, path),
    }
    found = {name: _beside(judge, said, chosen) for name, judge in by_series.items()}
    total = np.abs(truth).sum()
    wape = {name: float(np.abs(truth - path).sum() / total) for name, path in said.items()}
    found["wape"] = Metric(wape[chosen], len(truth), baselines={k: v for k, v in wape.items() if k != chosen})
    inside = (low <= truth) & (truth <= high)
    covering = report.measure(inside.astype(float).tolist())
    return found | ({"coverage80": covering} if covering else {})


def _beside(judge: Callable[[Floats], Floats], said: Mapping[str, Floats], chosen: str) -> Metric:
    values = {name: judge(path) for name, path in said.items()}
    own = report.measure(values[chosen][:, None].tolist())
    assert own is not None
    baselines = {name: float(one.mean()) for name, one in values.items() if name != chosen}
    return Metric(own.value, own.n, own.low, own.high, baselines)


def _smape(truth: Floats, path: Floats) -> Floats:
    size = np.abs(truth) + np.abs(path)
    return np.asarray(200 * (np.abs(truth - path) / np.where(size < 1e-9, np.inf, size)).mean(axis=1))


def _rate(name: str, count: int, against: int, spent: float) -> float:
    timed = min(against, count) if name in ("dynamic_theta", "auto_ets") else count
    return timed / max(spent, 1e-9)


def _rounded(seconds: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in seconds.items()}
