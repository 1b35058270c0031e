import numpy as np
import pytest

from finetune.scoring import judged, macro_f1


def test_macro_f1_is_the_mean_over_labels() -> None:
    true, said = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    assert macro_f1(true, said) == pytest.approx((2 * 2 / (3 + 2) + 2 * 1 / (1 + 2)) / 2)


def test_figures_come_with_interval_group_and_baseline() -> None:
    true, said = ["a", "b", "oos", "oos"], ["a", "oos", "oos", "a"]
    found = judged(true, said, ["de", "de", "en", "en"], range(4), {"plain": ["a"] * 4}, outside="oos", seed=7)
    assert (found["accuracy"].value, found["accuracy"].n, found["accuracy"].baselines) == (2 / 4, 4, {"plain": 1 / 4})
    assert found["accuracy"].low <= found["accuracy"].value <= found["accuracy"].high
    assert (found["accuracy/de"].value, found["accuracy/en"].value) == (1 / 2, 1 / 2)
    assert (found["oos_recall"].value, found["inscope_rejected"].value) == (1 / 2, 1 / 2)


def test_units_that_belong_together_widen_the_interval() -> None:
    true, said, groups = ["a"] * 40, ["a", "b"] * 20, [""] * 40
    alone = judged(true, said, groups, range(40), {}, outside="oos", seed=7)["accuracy"]
    pairs = judged(true, said, groups, [at % 2 for at in range(40)], {}, outside="oos", seed=7)["accuracy"]
    assert (pairs.low, pairs.high) == (0, 1)
    assert 0 < alone.low < alone.high < 1
