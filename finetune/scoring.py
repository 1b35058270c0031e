"""Score answers to labelled examples: accuracy and macro F1, with intervals, beside the baselines."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.card import Metric

RESAMPLES = 1000

Labels = NDArray[np.int64]
Measure = Callable[[Labels, Labels], float]


def judged(
    true: Sequence[str],
    said: Sequence[str],
    groups: Sequence[str],
    baselines: Mapping[str, Sequence[str]],
    *,
    seed: int,
) -> dict[str, Metric]:
    """Return `accuracy` and `macro_f1` over all examples, then of each group (`accuracy/de`).

    Intervals are 95 %, by bootstrap over examples; `groups` are languages, empty where unknown.
    """
    names = sorted({*true, *said, *(label for other in baselines.values() for label in other)})
    number = {name: at for at, name in enumerate(names)}
    coded = {
        key: np.array([number[label] for label in labels])
        for key, labels in {"true": true, "said": said, **baselines}.items()
    }
    metrics: dict[str, Metric] = {}
    group_of = np.array(groups)
    for group in ["", *sorted(set(groups) - {""})]:
        mine = group_of == group if group else np.full(len(true), fill_value=True)
        part = {key: labels[mine] for key, labels in coded.items()}
        end = f"/{group}" if group else ""
        for name, measure in (("accuracy", accuracy), ("macro_f1", macro_f1)):
            metrics[name + end] = _metric(measure, part, baselines, seed)
    return metrics


def accuracy(true: Labels, said: Labels) -> float:
    """Return the share of right answers."""
    return float((true == said).mean())


def macro_f1(true: Labels, said: Labels) -> float:
    """Return the mean F1 of the labels that are true or said at least once."""
    size = int(max(true.max(), said.max())) + 1
    right = np.bincount(true[true == said], minlength=size)
    total = np.bincount(true, minlength=size) + np.bincount(said, minlength=size)
    seen = total > 0
    return float((2 * right[seen] / total[seen]).mean())


def _metric(
    measure: Measure, part: Mapping[str, Labels], baselines: Mapping[str, Sequence[str]], seed: int
) -> Metric:
    true, said = part["true"], part["said"]
    random = np.random.default_rng(seed)
    drawn = random.integers(0, len(true), (RESAMPLES, len(true)))
    low, high = np.quantile([measure(true[rows], said[rows]) for rows in drawn], [0.025, 0.975])
    plain = {name: round(measure(true, part[name]), 4) for name in baselines}
    return Metric(
        round(measure(true, said), 4), round(float(low), 4), round(float(high), 4), len(true), plain
    )
