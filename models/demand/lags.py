"""One gradient-boosted model for many series at once, direct: a row a series, origin and step, scaled by the series.

What a row knows was known at its origin: last values, the same weeks of the last years (raw, and smoothed by the
largest parts that the series of a group share), growth against a year before of the series and of its groups, the
calendar, and columns known ahead (holidays).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.demand.methods import Floats

if TYPE_CHECKING:
    import lightgbm

Ints = NDArray[np.int64]

RECENT, YEAR_AGO = (1, 2, 4, 8, 13, 26), (1, 2, 4, 8)
PARTS = 6  # singular values kept when a group is smoothed
EVERY = 4  # steps between training origins
SETTINGS: dict[str, object] = {
    "objective": "l1", "learning_rate": 0.08, "num_leaves": 63, "min_data_in_leaf": 60, "max_bin": 63,
    "feature_fraction": 0.6, "bagging_fraction": 0.7, "bagging_freq": 1, "cat_smooth": 20, "verbose": -1,
    "deterministic": True, "force_row_wise": True,
}  # fmt: skip
ROUNDS = 200
_TINY = 1e-9


@dataclass(frozen=True)
class Table:
    """Series side by side: `values` a row a series; `known` a row a step, also of steps to come; `groups` by series.

    `weight` says how much each step's error counts.
    """

    values: Floats
    season: int
    known: Floats
    groups: Ints
    weight: Floats

    @property
    def first(self) -> int:
        """The first origin that knows what a row needs."""
        return self.season + max(YEAR_AGO)


@dataclass(frozen=True)
class Rows:
    """Features, the scale of each row's series, and where it is measured: the value and its weight."""

    features: Floats
    scale: Floats
    target: Floats
    weight: Floats


def fit(table: Table, origin: int, horizon: int, seed: int, *, threads: int = 1) -> "lightgbm.Booster":
    """Train on all origins whose last step is not after `origin` (the place of the last known value)."""
    import lightgbm

    rows = training(table, origin, horizon)
    plain = lightgbm.Dataset(
        rows.features.astype(np.float32), rows.target / rows.scale, weight=rows.weight / rows.weight.mean(),
        categorical_feature=list(range(table.groups.shape[1])), free_raw_data=True,
    )  # fmt: skip
    return lightgbm.train({**SETTINGS, "seed": seed, "num_threads": threads}, plain, ROUNDS)


def training(table: Table, origin: int, horizon: int) -> Rows:
    """The rows to train on, by origin."""
    origins = range(origin - horizon, table.first - 1, -EVERY)
    if not len(origins):
        raise ValueError(f"{origin + 1} steps are too few; {table.first + horizon + 1} are needed")
    smooth = smoothed(table.values[:, : origin + 1], table.groups)
    parts = [measured(table, one, horizon, smooth) for one in origins]
    return Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in Rows.__dataclass_fields__))


def predict(model: "lightgbm.Booster", table: Table, origin: int, horizon: int) -> Floats:
    """Forecast from an origin; a row a series, a column a step."""
    smooth = smoothed(table.values[:, : origin + 1], table.groups)
    found, scale = features(table, origin, horizon, smooth)
    flat = np.asarray(model.predict(found)) * scale
    return flat.reshape(horizon, -1).T


def measured(table: Table, origin: int, horizon: int, smooth: Floats) -> Rows:
    """The rows of one origin with their outcomes."""
    found, scale = features(table, origin, horizon, smooth)
    steps = slice(origin + 1, origin + 1 + horizon)
    target = table.values[:, steps].T.ravel()
    return Rows(found, scale, target, scale * np.repeat(table.weight[steps], len(table.values)))


def features(table: Table, origin: int, horizon: int, smooth: Floats) -> tuple[Floats, Floats]:
    """Features by step and series, and each row's scale: the series' mean size in the last year."""
    known = table.values[:, : origin + 1]
    scale = np.maximum(np.abs(known[:, -table.season :]).mean(axis=1), 1.0)
    same = _same_for_all_steps(table, known, scale)
    parts = [_of_step(table, known, origin, step, smooth, scale) for step in range(1, horizon + 1)]
    count = len(known)
    stepped = [
        np.column_stack([table.groups, np.full(count, step), part, same])
        for step, part in enumerate(parts, 1)
    ]  # fmt: skip
    return np.vstack(stepped), np.tile(scale, horizon)


def smoothed(values: Floats, groups: Ints) -> Floats:
    """Keep what the series of a group share: the largest parts of their singular value decomposition."""
    found = values.copy()
    if not groups.shape[1]:
        return found
    sizes = [len(np.unique(column)) for column in groups.T]
    pool = groups[:, int(np.argmax(sizes))]
    for one in np.unique(pool):
        mine = pool == one
        if mine.sum() > PARTS + 2:
            left, middle, right = np.linalg.svd(values[mine], full_matrices=False)
            found[mine] = (left[:, :PARTS] * middle[:PARTS]) @ right[:PARTS]
    return found


def _same_for_all_steps(table: Table, known: Floats, scale: Floats) -> Floats:
    recent = {size: known[:, -size:].mean(axis=1) for size in RECENT}
    ago = {size: _ago(known, table.season, size) for size in YEAR_AGO}
    columns = [recent[size] / scale for size in RECENT] + [ago[size] / scale for size in YEAR_AGO]
    for size in (4, 8):
        columns.append(recent[size] / np.where(np.abs(ago[size]) < 1, np.nan, ago[size]))
        columns += [_growth(group, recent[size], ago[size]) for group in table.groups.T]
    columns += [known[:, -26:].std(axis=1) / scale, np.log(scale)]
    return np.column_stack(columns)


def _of_step(
    table: Table, known: Floats, origin: int, step: int, smooth: Floats, scale: Floats
) -> Floats:  # fmt: skip
    """What the last year, and the one before, were like around the step, and what is known of it ahead."""
    season, at = table.season, origin + step
    raw = [_at(known, at - season + shift) for shift in (0, 1, -1)]
    soft = [_at(smooth[:, : origin + 1], at - season + shift) for shift in (0, 1, -1)]
    before = _ago(known, season, 8)
    columns = [one / scale for one in (*raw, *soft)]
    columns += [(raw[0] + np.nanmean(np.stack(raw), axis=0)) / 2 / scale, _at(known, at - 2 * season) / scale]
    columns += [(raw[0] - before) / scale, (soft[0] - before) / scale]
    columns += [_growth(table.groups[:, -1], raw[0], before)] if table.groups.shape[1] else []
    ahead = np.concatenate([table.known[at], table.known[at - season], table.known[min(at - season + 1, at)]])
    return np.column_stack([*columns, np.tile(ahead, (len(known), 1))])


def _at(values: Floats, place: int) -> Floats:
    """The values of a step; not a number where it is not known."""
    return values[:, place] if 0 <= place < values.shape[1] else np.full(len(values), np.nan)


def _ago(known: Floats, season: int, size: int) -> Floats:
    """The mean of the last steps as they were a year before."""
    end = known.shape[1] - season
    return np.asarray(known[:, max(end - size, 0) : end].mean(axis=1))


def _growth(group: Ints, now: Floats, before: Floats) -> Floats:
    """How a series' group has grown."""
    places = np.unique(group, return_inverse=True)[1]
    above, below = np.bincount(places, now), np.bincount(places, before)
    growth: Floats = above / np.where(np.abs(below) < _TINY, np.nan, below)
    return np.asarray(growth[places])


def widened(errors: Sequence[Floats], scale: Floats, level: float) -> Floats:
    """The quantile of past absolute errors in units of the scale, by step: half of a conformal range.

    `errors` are matrices (series, steps) of moments that training did not see.
    """
    ratio = np.concatenate([np.abs(one) / scale[:, None] for one in errors])
    count = len(ratio)
    rank = min(1.0, np.ceil((count + 1) * level) / count)
    return np.asarray(np.quantile(ratio, rank, axis=0))
