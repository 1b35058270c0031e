"""The protocol of card fraud, and figures by arithmetic."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eval import risk, risk_protocol
from models.risk.events import DAY, BadEvents, Events

FIRST = date(2018, 8, 8)
TEST_DAY = (FIRST - date(1970, 1, 1)).days


def payments(rows: list[tuple[int, int, int]]) -> Events:
    """Payments of (day, customer, label)."""
    day, customer, label = (np.array(column) for column in zip(*rows, strict=True))
    at = day * DAY + 3_600
    return Events(at, np.full(len(at), 100), {"customer": customer, "terminal": customer}, label, at + 7 * DAY,
                  np.arange(len(at)), {})  # fmt: skip


def test_a_week_is_learned_from_and_known_victims_leave_the_test() -> None:
    rows = [
        (TEST_DAY - 15, 1, 1),  # before the week that is learned from
        (TEST_DAY - 14, 2, 1), (TEST_DAY - 8, 3, 0),  # in it
        (TEST_DAY - 7, 4, 1),  # known on the second day of the test
        (TEST_DAY, 1, 1), (TEST_DAY, 2, 1), (TEST_DAY, 4, 0), (TEST_DAY + 1, 4, 1), (TEST_DAY + 6, 3, 1),
        (TEST_DAY + 7, 5, 1),
    ]  # fmt: skip
    learn, test = risk_protocol.split(payments(rows), FIRST)
    assert learn.tolist() == [1, 2]
    assert test.tolist() == [4, 6, 8]


def test_a_week_without_fraud_is_a_sentence() -> None:
    with pytest.raises(BadEvents, match="to be judged on"):
        risk_protocol.split(payments([(TEST_DAY - 10, 1, 1), (TEST_DAY, 2, 0)]), FIRST)


def test_the_daily_list_counts_customers_and_drops_those_found() -> None:
    events = payments([(10, 1, 1), (10, 1, 0), (10, 2, 0), (10, 3, 1), (11, 1, 1), (11, 4, 1), (11, 5, 0)])
    scores = np.array([0.9, 0.1, 0.8, 0.2, 0.9, 0.5, 0.6])
    # day 10 lists 1 and 2, day 11 lists 5 and 4: 1 was found on the day before
    assert risk_protocol.card_precision(events, np.arange(7), scores, listed=2) == [1 / 2, 1 / 2]


def test_calibration_error_is_the_distance_of_told_and_true_shares() -> None:
    truth, told = np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.7, 0.8])
    wanted = (abs(0.15 - 0) * 2 + abs(0.75 - 1) * 2) / 4
    assert risk_protocol.calibration_error(truth, told, bins=2) == pytest.approx(wanted)


def test_stability_is_nought_for_the_same_scores_and_grows_with_a_shift() -> None:
    scores = np.random.default_rng(1).normal(size=5_000)
    assert risk_protocol.stability(scores, scores) == pytest.approx(0, abs=1e-12)
    assert risk_protocol.stability(scores, scores + 1) > 0.25


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": -5.0}, "refunds are no payments"), ({"amount": "x"}, "no number"),
        ({"datetime": "soon"}, "no moment"), ({"datetime": "2150-01-01"}, "no moment"), ({"label": 2}, "0, 1 or empty"),
        ({"transaction_id": 0}, "not unique"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, object], words: str
) -> None:
    frame = pd.DataFrame({
        "transaction_id": [0, 1, 2], "datetime": ["2018-08-08"] * 3, "customer_id": [1, 2, 3],
        "terminal_id": [1, 2, 3], "amount": [1.0, 2.0, 3.0], "label": [0, 1, 0],
    }).astype(object)  # fmt: skip
    for column, value in change.items():
        frame.loc[1, column] = value
    frame.to_csv(tmp_path / "payments.csv", index=False)
    assert risk.run(["--data", str(tmp_path / "payments.csv")]) == 2
    assert words in capsys.readouterr().err


def test_a_missing_column_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pd.DataFrame({"datetime": ["2018-08-08"], "amount": [1]}).to_csv(tmp_path / "payments.csv")
    assert risk.run(["--data", str(tmp_path / "payments.csv")]) == 2
    assert "customer_id" in capsys.readouterr().err
