"""The shape of a report, and its intervals."""

import json

import pytest

from eval import report
from eval.report import Metric, Report


def test_the_report_has_the_agreed_shape() -> None:
    metric = Metric(0.431, 7540, 0.422, 0.44, {"bm25": 0.364})
    made = Report("search", "homedepot/dev", 41.23, {"ndcg@10": metric}, {"note": "é"})
    assert json.loads(made.as_json()) == {
        "eval": "search", "data": "homedepot/dev", "seconds": 41.2, "note": "é",
        "metrics": {
            "ndcg@10": {"value": 0.431, "low": 0.422, "high": 0.44, "n": 7540, "baselines": {"bm25": 0.364}}
        },
    }  # fmt: skip
    assert "\n" not in made.as_json()


def test_a_mean_counts_values_and_draws_units() -> None:
    metric = report.measure([[1.0, 1.0, 0.0], [], [1.0]])
    assert metric is not None
    assert (metric.value, metric.n) == (3 / 4, 4)
    assert (metric.low, metric.high) == (2 / 3, 1.0)


def test_turns_of_one_unit_are_not_independent() -> None:
    apart = report.measure([[float(n % 2)] for n in range(40)])
    together = report.measure([[float(unit % 2)] * 10 for unit in range(4)])
    assert apart is not None and together is not None
    assert apart.low is not None and together.low is not None
    assert apart.low > together.low


def test_the_same_values_give_the_same_interval() -> None:
    units = [[0.1 * n] for n in range(20)]
    assert report.measure(units) == report.measure(units)


def test_nothing_measured_is_no_metric() -> None:
    assert report.measure([[], []]) is None


def test_a_ratio_of_medians_is_over_pairs() -> None:
    metric = report.ratio([[8.0], [10.0], [12.0]], [[2.0], [2.5], [3.0]], report.percentile(50))
    assert metric is not None
    assert metric.value == pytest.approx(10.0 / 2.5)
    assert metric.n == 3
