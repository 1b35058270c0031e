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
    units: Sequence[int],
    baselines: Mapping[str, Sequence[str]],
    *,
    outside: str,
    seed: int,
) -> dict[str, Metric]:
    """Return `accuracy` and `macro_f1` over all examples, then of each group (`accuracy/de`).

    Intervals are 95 %, by bootstrap over `units`: examples with the same number, such as translations of one
    message, are drawn together. `groups` are languages, empty where unknown. Where the label
    `outside` occurs: `oos_recall` is the share of its examples that were told so, `inscope_rejected` of the others.
    """
    names = sorted({*true, *said, outside, *(label for other in baselines.values() for label in other)})
    number = {name: at for at, name in enumerate(names)}
    coded = {
        key: np.array([number[label] for label in labels])
        for key, labels in {"true": true, "said": said, **baselines}.items()
    } | {"unit": np.unique(np.array(units), return_inverse=True)[1]}
    rejected = number[outside]
    metrics: dict[str, Metric] = {}
    groups_of = np.array(groups)
    for group in ["", *sorted(set(groups) - {""})]:
        part = _rows(coded, groups_of == group) if group else coded
        end = f"/{group}" if group else ""
        for name, measure in (("accuracy", accuracy), ("macro_f1", macro_f1)):
            metrics[name + end] = _metric(measure, part, baselines, seed)
    is_outside = coded["true"] == rejected
    if is_outside.any() and not is_outside.all():
        inside = _rows(coded, ~is_outside)
        metrics["oos_recall"] = _metric(accuracy, _rows(coded, is_outside), baselines, seed)
        metrics["inscope_rejected"] = _metric(lambda _, said: accuracy(said, rejected), inside, baselines, seed)
    return metrics


def _rows(coded: Mapping[str, Labels], chosen: NDArray[np.bool_]) -> dict[str, Labels]:
    return {key: labels[chosen] for key, labels in coded.items()}


def accuracy(true: Labels, said: Labels | int) -> float:
    """Return the share of right answers."""
    return float(np.mean(true == said))


def macro_f1(true: Labels, said: Labels) -> float:
    """Return the mean F1 of the labels that are true or said at least once."""
    size = int(max(true.max(), said.max())) + 1
    right = np.bincount(true[true == said], minlength=size)
    total = np.bincount(true, minlength=size) + np.bincount(said, minlength=size)
    seen = total > 0
    return float((2 * right[seen] / total[seen]).mean())


def _metric(measure: Measure, part: Mapping[str, Labels], baselines: Mapping[str, Sequence[str]], seed: int) -> Metric:
    true, said = part["true"], part["said"]
    members = [np.flatnonzero(part["unit"] == unit) for unit in np.unique(part["unit"])]
    random = np.random.default_rng(seed)
    values = []
    for drawn in random.integers(0, len(members), (RESAMPLES, len(members))):
        rows = np.concatenate([members[unit] for unit in drawn])
        values.append(measure(true[rows], said[rows]))
    low, high = np.quantile(values, [0.025, 0.975])
    plain = {name: round(measure(true, part[name]), 4) for name in baselines}
    return Metric(round(measure(true, said), 4), round(float(low), 4), round(float(high), 4), len(true), plain)
