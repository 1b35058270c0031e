"""The shipped score and what is done with it."""

from pathlib import Path

import numpy as np
import pytest

from models.card import Card
from models.risk import desk
from models.risk.payments import SHOP
from models.risk.policy import ACTIONS, Policy
from models.risk.score import RiskModel, reason_of


@pytest.fixture(scope="module")
def model() -> RiskModel:
    return desk.model()


def decided(probability: float, amount: float) -> str:
    return ACTIONS[int(Policy.load().decide(np.array([probability]), np.array([amount]))[0])]


def test_dear_and_likely_is_stopped_cheap_and_unlikely_passes() -> None:
    assert decided(0.0001, 50) == "pass"
    assert decided(0.3, 500) == "review"
    assert decided(0.99, 50) == "block"
    assert decided(0.89, 20) != "block"


def test_costs_are_those_of_the_policy() -> None:
    policy = Policy.load()
    costs = policy.costs(np.array([0.5]), np.array([100.0]))[0]
    assert costs[0] == pytest.approx(0.5 * (100 + policy.chargeback_fee))
    assert costs[2] == pytest.approx(
        0.5 * (1 - policy.caught_by_review) * (100 + policy.chargeback_fee) + policy.review
    )
    assert np.isinf(costs[3])


@pytest.mark.parametrize("text", ["", "costs: 5", "costs: {margin: 2}", "block_from: high"])
def test_a_policy_that_does_not_fit_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "policy.yaml").write_text(text)
    with pytest.raises(ValueError, match="is no policy"):
        Policy.load(tmp_path / "policy.yaml")


def test_a_row_that_cannot_be_read_is_certain_fraud(model: RiskModel) -> None:
    rows = np.tile(model.usual.astype(np.float32), (2, 1))
    rows[1, 3] = np.nan
    probability = model.probability(rows)
    assert probability[0] < 0.01
    assert probability[1] == 1.0


def test_the_weights_fit_the_plan_and_have_a_card(model: RiskModel) -> None:
    assert model.trees.num_feature() == len(model.names)
    assert {name.partition(".")[0] for name in model.names if "." in name} == {one.name for one in SHOP.journals}
    card = Card.load(desk.WEIGHTS)
    assert card.licence == "as this project"
    assert card.metrics["auc"].n > 10_000


def test_saving_and_loading_changes_nothing(model: RiskModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = RiskModel.load(tmp_path)
    rows = np.random.default_rng(1).normal(size=(50, len(model.names))).astype(np.float32) * 100
    assert np.array_equal(model.probability(rows), again.probability(rows))


def test_without_its_cause_a_row_scores_lower(model: RiskModel) -> None:
    row = model.usual.astype(np.float32)
    row[list(model.names).index("ip_ship")] = 1
    row[list(model.names).index("card_ship")] = 1
    reasons = model.reasons(row)
    assert reasons[0].name in ("far", "card_abroad")
    assert model.raw(model.without(row, reasons[0].name)[None])[0] < model.raw(row[None])[0]


def test_every_feature_of_a_party_has_a_reason_or_is_about_none() -> None:
    assert reason_of("device.new_card.86400") == "cards"
    assert reason_of("person.ratio") == "amount"
    assert reason_of("known.fraud") == "other"
