"""How good rankings are: recall, reciprocal rank and nDCG, with intervals over queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from eval import report
from eval.report import Metric

Id = TypeVar("Id", int, str)


@dataclass(frozen=True)
class Judged(Generic[Id]):
    """A query's ranking (ids, best first) and the grade of every id that has one above nothing."""

    ranking: Sequence[Id]
    gains: Mapping[Id, float]
    relevant: frozenset[Id]


def recall(one: Judged[Id], k: int) -> float:
    """The share of the relevant that is among the first k (1 for one of several at k = 1: what is first is right)."""
    if k == 1:
        return float(bool(one.ranking) and one.ranking[0] in one.relevant)
    return len(one.relevant & set(one.ranking[:k])) / max(len(one.relevant), 1)


def reciprocal(one: Judged[Id]) -> float:
    """One over the place of the first that is relevant, else 0."""
    return next((1 / place for place, id in enumerate(one.ranking, 1) if id in one.relevant), 0.0)


def ndcg(one: Judged[Id], k: int = 10) -> float:
    """Discounted gain of the first k over that of the best order (Järvelin and Kekäläinen, 2002)."""
    discount = 1 / np.log2(np.arange(2, k + 2))
    best = sorted(one.gains.values(), reverse=True)[:k]
    got = [one.gains.get(id, 0.0) for id in one.ranking[:k]]
    return float(np.dot(got, discount[: len(got)]) / max(np.dot(best, discount[: len(best)]), 1e-9))


def measured(values: Sequence[float], baselines: Mapping[str, Sequence[float]]) -> Metric | None:
    """The mean with its interval, beside the means of others on the same queries."""
    found = report.measure([[value] for value in values])
    if found is None:
        return None
    means = {name: float(np.mean(other)) for name, other in baselines.items()}
    return Metric(found.value, found.n, found.low, found.high, means)
