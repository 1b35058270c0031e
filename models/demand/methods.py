"""Forecasting methods that need no training. All take a matrix of series (a row each, oldest first) and are vectorised.

`season` is the length of a year in steps (52, 12, 4), 1 for none. What is returned has a row a series, a column a step.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Method = Callable[[Floats, int, int], Floats]

_ALPHAS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98)
_TRENDS = (0.02, 0.1, 0.25)
_DAMPED = (0.9, 0.98)
_RECENT = 8  # steps of the moving average
_CROSTON = 0.1  # smoothing of sizes and intervals (Croston 1972; Syntetos and Boylan 2005 correct by 1 - alpha / 2)
_TINY = 1e-9


def seasonal(series: Floats, horizon: int, season: int) -> Floats:
    """Repeat the last year; without a year of history, the last value."""
    length = season if 1 < season <= series.shape[1] else 1
    return np.take(series[:, -length:], np.arange(horizon) % length, axis=1)


def mean(series: Floats, horizon: int, season: int) -> Floats:
    """The mean of the last steps."""
    return np.repeat(series[:, -_RECENT:].mean(axis=1, keepdims=True), horizon, axis=1)


def smoothing(series: Floats, horizon: int, season: int) -> Floats:
    """Simple exponential smoothing of the seasonally adjusted series, by the parameter that fits each best."""
    plain, factors = adjusted(series, season)
    level, _ = _smoothed(plain)
    return _seasoned(np.repeat(level[:, None], horizon, axis=1), factors, series.shape[1])


def theta(series: Floats, horizon: int, season: int) -> Floats:
    """The Theta method (Assimakopoulos and Nikolopoulos 2000) in the form of Hyndman and Billah (2003).

    Simple exponential smoothing with half the slope of the linear trend as drift, on the adjusted series.
    """
    plain, factors = adjusted(series, season)
    level, alpha = _smoothed(plain)
    length = plain.shape[1]
    steps = np.arange(length) - (length - 1) / 2
    slope = plain @ steps / max((steps**2).sum(), _TINY)
    ahead = np.arange(horizon)[None, :] + (1 - (1 - alpha[:, None]) ** length) / alpha[:, None]
    return _seasoned(level[:, None] + slope[:, None] / 2 * ahead, factors, length)


def damped(series: Floats, horizon: int, season: int) -> Floats:
    """Exponential smoothing with a damped trend (Gardner and McKenzie 1985) of the adjusted series."""
    plain, factors = adjusted(series, season)
    best = np.full(len(plain), np.inf)
    found = np.zeros((len(plain), horizon))
    for alpha in _ALPHAS[1::2]:
        for beta in _TRENDS:
            for phi in _DAMPED:
                error, level, trend = _holt(plain, alpha, beta, phi)
                better = error < best
                best = np.where(better, error, best)
                path = level[:, None] + trend[:, None] * np.cumsum(phi ** np.arange(1, horizon + 1))
                found = np.where(better[:, None], path, found)
    return _seasoned(found, factors, series.shape[1])


def croston(series: Floats, horizon: int, season: int) -> Floats:
    """Croston's method with the correction of Syntetos and Boylan (2005), for rare sales."""
    size, gap = np.zeros(len(series)), np.ones(len(series))
    since, begun = np.zeros(len(series)), np.zeros(len(series), dtype=bool)
    for now in series.T:
        since += 1
        sold = now > 0
        first = sold & ~begun
        size = np.where(first, now, np.where(sold, size + _CROSTON * (now - size), size))
        gap = np.where(first, since, np.where(sold, gap + _CROSTON * (since - gap), gap))
        since, begun = np.where(sold, 0, since), begun | sold
    rate = (1 - _CROSTON / 2) * size / np.maximum(gap, 1)
    return np.repeat(rate[:, None], horizon, axis=1)


METHODS: Mapping[str, Method] = {
    "seasonal": seasonal, "mean": mean, "smoothing": smoothing, "theta": theta, "damped": damped, "croston": croston,
}  # fmt: skip


def adjusted(series: Floats, season: int) -> tuple[Floats, Floats | None]:
    """Take the season out by classical decomposition; None where there are not two years or no season to see.

    Multiplicative where all values are above zero, else not adjusted. A season counts only if the autocorrelation at
    its lag is significant at 90 %, as in the Theta method.
    """
    length = series.shape[1]
    if season < 2 or length < 2 * season:
        return series, None
    is_seasonal = _has_season(series, season) & (series > 0).all(axis=1)
    if not is_seasonal.any():
        return series, None
    ratio = series / np.maximum(_centred(series, season), _TINY)
    places = np.arange(length) % season
    factors = np.stack([np.nanmean(ratio[:, places == place], axis=1) for place in range(season)], axis=1)
    factors *= season / np.maximum(factors.sum(axis=1, keepdims=True), _TINY)
    factors = np.where(is_seasonal[:, None], np.maximum(factors, 0.01), 1.0)
    return series / factors[:, places], factors


def _has_season(series: Floats, season: int) -> NDArray[np.bool_]:
    centred = series - series.mean(axis=1, keepdims=True)
    power = np.maximum((centred**2).sum(axis=1), _TINY)
    lags = [
        (centred[:, lag:] * centred[:, : series.shape[1] - lag]).sum(axis=1) / power for lag in range(1, season + 1)
    ]
    limit = 1.645 * np.sqrt((1 + 2 * sum(lag**2 for lag in lags[:-1])) / series.shape[1])
    return np.asarray(np.abs(lags[-1]) > limit)


def _centred(series: Floats, season: int) -> Floats:
    """The moving average over a year, centred; not a number at both ends."""
    width = season + 1 if season % 2 == 0 else season
    weights = np.ones(width)
    if season % 2 == 0:
        weights[[0, -1]] = 0.5
    windows = np.lib.stride_tricks.sliding_window_view(series, width, axis=1) @ (weights / season)
    found = np.full(series.shape, np.nan)
    found[:, width // 2 : width // 2 + windows.shape[1]] = windows
    return found


def _seasoned(path: Floats, factors: Floats | None, length: int) -> Floats:
    if factors is None:
        return path
    places = (length + np.arange(path.shape[1])) % factors.shape[1]
    return path * factors[:, places]


def _smoothed(series: Floats) -> tuple[Floats, Floats]:
    """The last level, and the parameter with which one step ahead was forecast best."""
    best = np.full(len(series), np.inf)
    level, chosen = series[:, -1].copy(), np.full(len(series), _ALPHAS[-1])
    for alpha, error, last in _levels(series):
        better = error < best
        best, level = np.where(better, error, best), np.where(better, last, level)
        chosen = np.where(better, alpha, chosen)
    return level, chosen


def _levels(series: Floats) -> Iterator[tuple[float, Floats, Floats]]:
    for alpha in _ALPHAS:
        level = series[:, : min(4, series.shape[1])].mean(axis=1)
        error = np.zeros(len(series))
        for now in series.T:
            error += (now - level) ** 2
            level = level + alpha * (now - level)
        yield alpha, error, level


def _holt(series: Floats, alpha: float, beta: float, phi: float) -> tuple[Floats, Floats, Floats]:
    first = min(4, series.shape[1])
    level = series[:, :first].mean(axis=1)
    trend = (series[:, first - 1] - series[:, 0]) / max(first - 1, 1)
    error = np.zeros(len(series))
    for now in series.T:
        ahead = level + phi * trend
        error += (now - ahead) ** 2
        fresh = ahead + alpha * (now - ahead)
        trend = phi * trend + beta * (fresh - level - phi * trend)
        level = fresh
    return error, level, trend
