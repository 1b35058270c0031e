"""What every measurement prints: values with intervals, next to a baseline, as one JSON object."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

DRAWS = 1000
SEED = 7
LEVEL = 0.95

Statistic = Callable[[NDArray[np.float64]], float]


@dataclass(frozen=True)
class Metric:
    """A measured value; `low` and `high` bound its 95 % interval, `n` counts what was judged."""

    value: float
    n: int
    low: float | None = None
    high: float | None = None
    baselines: Mapping[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The metric's part of the report; an interval that nobody drew is left out."""
        shown: dict[str, object] = {"value": _short(self.value)}
        if self.low is not None and self.high is not None:
            shown |= {"low": _short(self.low), "high": _short(self.high)}
        shown["n"] = self.n
        if self.baselines:
            shown["baselines"] = {name: _short(value) for name, value in self.baselines.items()}
        return shown


@dataclass(frozen=True)
class Report:
    """One measurement. `extra` are further keys beside the fixed ones, such as a breakdown."""

    name: str
    data: str
    seconds: float
    metrics: Mapping[str, Metric]
    extra: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> str:
        """The report on one line."""
        fixed: dict[str, object] = {"eval": self.name, "data": self.data, "seconds": round(self.seconds, 1)}
        fixed["metrics"] = {name: metric.as_json() for name, metric in self.metrics.items()}
        return json.dumps(fixed | dict(self.extra), ensure_ascii=False)

    def show(self, *, as_json: bool) -> None:
        """Print it for a reader, and on the last line as JSON if that is asked for."""
        print("\n".join(self.lines()))
        if as_json:
            print(self.as_json())

    def lines(self) -> list[str]:
        """The report for a reader, one line a metric."""
        return [f"{self.name} on {self.data}: {self.seconds:.0f} s", *map(_line, self.metrics.items())]


def measure(units: Sequence[Sequence[float]], statistic: Statistic | None = None) -> Metric | None:
    """Summarise values by a statistic (the mean, unless given) with a 95 % bootstrap interval.

    `units` holds the values of each independent unit: whole units are drawn with replacement, so that the turns
    of one conversation are not counted as independent. None where no unit has a value.
    """
    judge = statistic or _mean
    filled = [np.asarray(values, dtype=np.float64) for values in units if len(values)]
    if not filled:
        return None
    everything = np.concatenate(filled)
    low, high = _interval(filled, judge)
    return Metric(judge(everything), len(everything), low, high)


def ratio(above: Sequence[Sequence[float]], below: Sequence[Sequence[float]], statistic: Statistic) -> Metric | None:
    """Compare two measurements of the same units: the statistic of `above` over that of `below`, with an interval."""
    pairs = [
        (np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64))
        for one, other in zip(above, below, strict=True)
        if len(one) and len(other)
    ]
    if not pairs:
        return None

    def over(chosen: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]]) -> float:
        top, bottom = np.concatenate([one for one, _ in chosen]), np.concatenate([other for _, other in chosen])
        return statistic(top) / max(statistic(bottom), 1e-9)

    draws = [over(chosen) for chosen in _resampled(pairs)]
    low, high = np.percentile(draws, _TAILS)
    return Metric(over(pairs), len(pairs), float(low), float(high))


def percentile(share: float) -> Statistic:
    """The statistic below which a share (in percent) of the values lie."""
    return lambda values: float(np.percentile(values, share))


def total(values: Sequence[float]) -> Metric:
    """A count with how many things were counted over; no interval."""
    return Metric(float(sum(values)), len(values))


_TAILS = [50 * (1 - LEVEL), 100 - 50 * (1 - LEVEL)]


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean())


def _interval(units: Sequence[NDArray[np.float64]], judge: Statistic) -> tuple[float, float]:
    draws = [judge(np.concatenate(chosen)) for chosen in _resampled(units)]
    low, high = np.percentile(draws, _TAILS)
    return float(low), float(high)


def _resampled(units: Sequence[T]) -> list[list[T]]:
    """Draw as many units as there are, with replacement, DRAWS times."""
    rng = np.random.default_rng(SEED)
    places = rng.integers(len(units), size=(DRAWS, len(units)))
    return [[units[place] for place in drawn] for drawn in places]


def _line(item: tuple[str, Metric]) -> str:
    name, metric = item
    between = "" if metric.low is None else f" [{_short(metric.low)}, {_short(metric.high or 0.0)}]"
    beside = "".join(f", {other} {_short(value)}" for other, value in metric.baselines.items())
    return f"  {name:<22} {_short(metric.value)}{between} (n = {metric.n}{beside})"


def _short(value: float) -> float | int:
    """Four significant decimals are enough; a whole number is printed as one."""
    return int(value) if float(value).is_integer() and abs(value) >= 2 else round(float(value), 4)
