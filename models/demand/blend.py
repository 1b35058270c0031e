"""One forecast of several methods, weighted by a rolling backtest, with ranges that past errors calibrate."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.demand.methods import METHODS, Floats

ORIGINS = 3  # past moments from which the methods are tried
POWER = 2.0  # weights are the inverse of the mean absolute error to this power
LEVEL = 0.8
LONGEST = 520  # steps ahead
OFTEN = ("seasonal", "smoothing", "theta", "damped")
RARE = ("seasonal", "mean", "smoothing", "croston")  # for series that are zero at every fifth step or more
ZEROS = 0.2
FEWEST = 4  # observations under which only the mean is used


@dataclass(frozen=True)
class Forecast:
    """A row a series, a column a step. `low` and `high` hold LEVEL of the outcomes; `weights` are by method."""

    mean: Floats
    low: Floats
    high: Floats
    methods: tuple[str, ...]
    weights: Floats

    def best(self, row: int = 0) -> str:
        """The method with the greatest weight for a series."""
        return self.methods[int(self.weights[row].argmax())]


def forecast(
    series: Floats, horizon: int, season: int, methods: Sequence[str] = (), *, floor: float | None = None
) -> Forecast:
    """Forecast each row `horizon` steps ahead.

    The methods are tried from ORIGINS past moments, on what was known then; a method's weight is the inverse squared
    mean absolute error. The range comes from the blend's errors at those moments, in units of its own spread over
    all rows (split conformal prediction, Vovk et al. 2005), widened because the moments are few and chose the weights.
    Without `methods` those for frequent or rare sales are taken by the share of zeros.
    `floor` cuts off what cannot be (sales under zero). Raises ValueError for a horizon out of range.
    """
    if not 1 <= horizon <= LONGEST:
        raise ValueError(f"a horizon of {horizon} is not from 1 to {LONGEST}")
    if series.shape[1] < FEWEST:
        return _short(series, horizon, floor)
    methods = methods or (RARE if (series == 0).mean() >= ZEROS else OFTEN)
    errors, paths, truths = _tried(series, horizon, season, methods)
    weights = _weights(errors)
    past = [np.einsum("km,mkh->kh", weights, path) for path in paths]
    ahead = np.stack([METHODS[name](series, horizon, season) for name in methods])
    mean = np.einsum("km,mkh->kh", weights, ahead)
    wide = _spread(past, truths, series, horizon)
    low, high = mean - wide, mean + wide
    if floor is not None:
        mean, low, high = (np.maximum(part, floor) for part in (mean, low, high))
    return Forecast(mean, low, high, tuple(methods), weights)


def _short(series: Floats, horizon: int, floor: float | None) -> Forecast:
    level = np.repeat(series.mean(axis=1, keepdims=True), horizon, axis=1)
    wide = np.repeat(np.maximum(series.std(axis=1, keepdims=True), np.abs(level[:, :1])), horizon, axis=1)
    low = level - wide if floor is None else np.maximum(level - wide, floor)
    return Forecast(level, low, level + wide, ("mean",), np.ones((len(series), 1)))


def _tried(
    series: Floats, horizon: int, season: int, methods: Sequence[str]
) -> tuple[Floats, list[Floats], list[Floats]]:  # fmt: skip
    """Mean absolute errors by series and method; the forecasts (method, series, step) and truths of each moment."""
    length = series.shape[1]
    step = max(1, min(horizon, (length - FEWEST) // (ORIGINS + 1)))
    paths, truths = [], []
    for back in range(ORIGINS, 0, -1):
        origin = length - back * step
        if origin < FEWEST:
            continue
        ahead = min(horizon, length - origin)
        known = series[:, :origin]
        paths.append(np.stack([METHODS[name](known, ahead, season) for name in methods]))
        truths.append(series[:, origin : origin + ahead])
    errors = np.mean([np.abs(path - true).mean(axis=2) for path, true in zip(paths, truths, strict=True)], axis=0)
    return errors.T, paths, truths


def _weights(errors: Floats) -> Floats:
    scale = errors.mean(axis=1, keepdims=True)
    inverse = (1 / (errors + 0.01 * scale + 1e-9)) ** POWER
    return np.asarray(inverse / inverse.sum(axis=1, keepdims=True))


def _spread(past: Sequence[Floats], truths: Sequence[Floats], series: Floats, horizon: int) -> Floats:
    """Half the range by series and step: the LEVEL quantile of past absolute errors."""
    own = np.concatenate([np.abs(path - true) for path, true in zip(past, truths, strict=True)], axis=1)
    typical = np.maximum(own.mean(axis=1, keepdims=True), 1e-9)
    count = own.size if len(own) > 1 else own.shape[1]
    rank = min(1.0, LEVEL * (1 + 1 / count))
    factor = np.quantile(own / typical, rank)
    few = np.sqrt(1 + 2 / len(past))  # the same moments chose the weights
    return np.repeat(typical * factor * few, horizon, axis=1)


def covered(truth: Floats, found: Forecast) -> NDArray[np.bool_]:
    """Whether each outcome lies within the range."""
    return np.asarray((found.low <= truth) & (truth <= found.high))
