"""Forecasts: what each method says of series that are easy to reckon, ranges, and frames that cannot be forecast."""

import numpy as np
import pandas as pd
import pytest

from models.demand import METHODS, BadFrame, forecast, lags, panel
from models.demand.blend import LONGEST
from models.demand.censored import repaired
from models.demand.lags import Table

YEAR = 12


def waves(rows: int = 4, years: int = 6, seed: int = 1) -> np.ndarray:
    """Monthly series with a trend and a season."""
    rng = np.random.default_rng(seed)
    steps = np.arange(years * YEAR)
    season = 1 + 0.3 * np.sin(2 * np.pi * steps / YEAR)
    return np.stack([(100 + n + steps * 0.5) * season * rng.normal(1, 0.02, len(steps)) for n in range(rows)])


@pytest.mark.parametrize("name", METHODS)
def test_a_constant_stays_what_it_is(name: str) -> None:
    said = METHODS[name](np.full((2, 40), 7.0), 5, YEAR)
    expected = 7.0 if name != "croston" else 7.0 * 0.95  # Croston's method corrects by half the smoothing
    assert said == pytest.approx(np.full((2, 5), expected), rel=1e-6)


def test_seasonal_repeats_the_last_year() -> None:
    assert METHODS["seasonal"](np.arange(24.0)[None, :], 14, YEAR)[0].tolist() == [*range(12, 24), 12, 13]


def test_theta_goes_on_with_half_the_slope() -> None:
    said = METHODS["theta"](np.arange(1.0, 61.0)[None, :], 3, 1)[0]
    assert np.diff(said) == pytest.approx([0.5, 0.5])


def test_croston_spreads_rare_sales() -> None:
    rare = np.tile([0.0, 0.0, 0.0, 8.0], 12)[None, :]
    assert METHODS["croston"](rare, 2, 1)[0] == pytest.approx([8 / 4 * 0.95] * 2)


def test_the_season_is_seen() -> None:
    series = waves()
    said = forecast(series[:, :-YEAR], YEAR, YEAR).mean
    error, naive = (np.abs(series[:, -YEAR:] - one).mean() for one in (said, series[:, -2 * YEAR : -YEAR]))
    assert error < naive


def test_the_range_holds_about_four_fifths() -> None:
    rng = np.random.default_rng(3)
    series = rng.normal(100, 10, (200, 80))
    found = forecast(series[:, :-8], 8, 1)
    truth = series[:, -8:]
    assert 0.75 < np.mean((found.low <= truth) & (truth <= found.high)) < 0.95


def test_sales_are_not_forecast_below_nothing() -> None:
    falling = np.maximum(np.arange(60.0, 0, -1), 0.5)[None, :]
    found = forecast(falling, 20, 1, floor=0.0)
    assert found.mean.min() >= 0
    assert found.low.min() >= 0


@pytest.mark.parametrize("length", [1, 2, 3, 5, 13])
def test_short_histories_are_forecast_too(length: int) -> None:
    found = forecast(np.full((1, length), 4.0), 6, 52)
    assert found.mean[0] == pytest.approx([4.0] * 6)
    assert (found.low <= found.mean).all()


@pytest.mark.parametrize("horizon", [0, -1, LONGEST + 1, 10_000])
def test_a_horizon_out_of_range_is_refused(horizon: int) -> None:
    with pytest.raises(ValueError, match="horizon"):
        forecast(np.ones((1, 30)), horizon, 1)


def test_weeks_without_goods_get_what_the_open_ones_had() -> None:
    assert repaired([4, 6, 0, 5, 5], [False, False, True, False, False]).tolist() == [4, 6, 5, 5, 5]
    assert repaired([0, 0], [True, True]).tolist() == [0, 0]


def frame(days: list[str], values: list[object], name: str = "a") -> pd.DataFrame:
    return pd.DataFrame({"unique_id": name, "ds": days, "y": values})


def test_a_week_without_a_row_is_a_week_without_sales() -> None:
    found = panel(frame(["2026-01-05", "2026-01-12", "2026-01-26"], [3, 4, 5]))
    assert found.frequency == "W"
    assert found.rows["a"].tolist() == [3, 4, 0, 5]


def test_a_leap_day_is_a_day() -> None:
    found = panel(frame(["2028-02-28", "2028-02-29", "2028-03-01"], [1, 2, 3]))
    assert found.rows["a"].tolist() == [1, 2, 3]


def test_returns_may_make_a_day_negative() -> None:
    assert panel(frame(["2026-01-05", "2026-01-12"], [3, -2])).rows["a"].tolist() == [3, -2]


@pytest.mark.parametrize(
    ("days", "values", "said"),
    [
        (["2026-01-05", "yesterday"], [1, 2], "Row 3: ds is 'yesterday'"),
        (["2026-01-05", "2026-01-12"], [1, "many"], "Row 3: y is 'many'"),
        (["2026-01-05", "2026-01-05"], [1, 2], "Row 3: a has a second value"),
        (["2026-01-01", "2026-02-01", "2026-03-01", "2026-05-01"], [1, 2, 3, 4], "a gap before 2026-05-01"),
        (["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-20"], [1, 2, 3, 4], "mix frequencies"),
    ],
)  # fmt: skip
def test_a_frame_that_cannot_be_forecast_is_named_by_its_row(days: list[str], values: list[object], said: str) -> None:
    with pytest.raises(BadFrame, match=said):
        panel(frame(days, values))


def table(series: np.ndarray) -> Table:
    steps = np.arange(series.shape[1] + YEAR)
    groups = np.arange(len(series))[:, None] % 2
    return Table(series, YEAR, (steps % YEAR)[:, None].astype(float), groups, np.ones(series.shape[1] + YEAR))


def test_what_comes_after_the_origin_changes_no_feature() -> None:
    series = waves(rows=6)
    origin = series.shape[1] - 13
    later = series.copy()
    later[:, origin + 1 :] = 1e6
    found = [lags.features(table(one), origin, 12, lags.smoothed(one[:, : origin + 1], table(one).groups))[0]
             for one in (series, later)]  # fmt: skip
    assert np.array_equal(found[0], found[1], equal_nan=True)


def test_one_model_for_many_series_learns_their_season() -> None:
    series = waves(rows=40)
    data, origin = table(series), series.shape[1] - 13
    said = lags.predict(lags.fit(data, origin, 12, seed=1), data, origin, 12)
    truth = series[:, -12:]
    assert np.abs(truth - said).mean() < np.abs(truth - series[:, -24:-12]).mean()
    again = lags.predict(lags.fit(data, origin, 12, seed=1), data, origin, 12)
    assert np.array_equal(said, again)


def test_a_range_is_as_wide_as_past_errors_were() -> None:
    errors = np.arange(1.0, 101.0)[:, None] * np.ones((100, 2))
    assert lags.widened([errors], np.ones(100), 0.8) == pytest.approx([81, 81], abs=1)
