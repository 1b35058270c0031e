"""Train one gradient-boosted model on many series, and say how good it is on the last steps."""

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from finetune.intent import commit
from finetune.labelled import BadData
from models.card import Card, Metric
from models.demand import lags
from models.demand.lags import Ints, Table
from models.demand.methods import Floats
from models.demand.panel import SEASONS, BadFrame, read
from models.demand.panel import panel as panelled

if TYPE_CHECKING:
    import pandas as pd

SEED = 7
HOLIDAY = 5.0  # how much an error in a holiday week counts, as in WMAE
FLAG = "is_holiday"
_FEASTS = ((12, 25), (7, 4), (10, 31))  # beside Easter
_FIXED = ("unique_id", "ds", "y", FLAG)


def main(args: Sequence[str]) -> int:
    """Train on `--data` without its last `--horizon` steps, write weights and card to `--out`, print the figures."""
    parser = argparse.ArgumentParser("python -m finetune demand", description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="CSV or Parquet: unique_id, ds, y, …")
    parser.add_argument("--out", type=Path, default=Path("data/demand"))
    parser.add_argument("--horizon", type=int, default=8)
    given = parser.parse_args(args)
    try:
        table, _ = tabled(read(given.data))
    except BadFrame as problem:
        raise BadData(str(problem)) from problem
    origin = table.values.shape[1] - 1 - given.horizon
    if origin - given.horizon < table.first:
        raise BadData(f"{given.data}: {table.values.shape[1]} steps are too few for a horizon of {given.horizon}.")
    model = lags.fit(table, origin, given.horizon, SEED)
    said = lags.predict(model, table, origin, given.horizon)
    given.out.mkdir(parents=True, exist_ok=True)
    model.save_model(str(given.out / "demand.txt"))
    (given.out / "demand.json").write_text(json.dumps({"season": table.season, "horizon": given.horizon}) + "\n")
    card = _card(given, table, _wmae(table, said, origin))
    card.save(given.out)
    print(card.markdown())
    return 0


def tabled(frame: "pd.DataFrame") -> tuple[Table, list[str]]:
    """Put the series that have every step side by side; columns that do not change within a series are its groups.

    A column `is_holiday` weighs a step HOLIDAY times. Raises BadFrame, also where no series is complete.
    """
    import pandas as pd

    checked = panelled(frame)
    longest = max(len(one) for one in checked.rows.values())
    whole = frame.assign(unique_id=frame["unique_id"].astype(str), ds=pd.to_datetime(frame["ds"]))
    counts = whole.groupby("unique_id")["ds"].count()
    ids = [name for name, one in checked.rows.items() if len(one) == longest == counts[name]]
    if not ids:
        raise BadFrame("No series has a value for every step.")
    values = np.array([checked.rows[name] for name in ids])
    days = pd.DatetimeIndex(sorted(whole.loc[whole["unique_id"] == ids[0], "ds"]))
    flags = np.zeros(longest)
    if FLAG in whole:
        flags = whole.groupby("ds")[FLAG].max().reindex(days).fillna(0).to_numpy(float)
    groups = _groups(whole, ids)
    season = SEASONS[checked.frequency]
    return Table(values, season, calendar(days, flags), groups, 1 + (HOLIDAY - 1) * flags), ids


def calendar(days: "pd.DatetimeIndex", flags: Floats) -> Floats:
    """What is known ahead of each step: week, day, holiday, and weeks to Easter, Christmas and two more feasts."""
    from dateutil.easter import easter

    rows = []
    for day, flag in zip(days, flags, strict=True):
        feasts = [_weeks_to([easter(year) for year in _around(day.year)], day.date())]
        feasts += [_weeks_to([date(year, *feast) for year in _around(day.year)], day.date()) for feast in _FEASTS]
        rows.append([day.isocalendar().week, day.day, flag, *feasts])
    return np.array(rows, dtype=float)


def _around(year: int) -> tuple[int, int, int]:
    return year - 1, year, year + 1


def _weeks_to(days: Sequence[date], day: date) -> float:
    """Weeks since the nearest of some days, negative before it."""
    return min(((day - one).days for one in days), key=abs) / 7


def _groups(whole: "pd.DataFrame", ids: list[str]) -> Ints:
    """Codes of the columns that stay the same within each series and differ between some."""
    columns = []
    by_id = whole.groupby("unique_id")
    for name in whole.columns.difference(_FIXED):
        if whole[name].dtype.kind in "iOUb" and (by_id[name].nunique(dropna=False) == 1).all():
            codes = by_id[name].first().loc[ids].astype("category").cat.codes.to_numpy()
            columns.append((len(np.unique(codes)), codes))
    columns.sort(key=lambda pair: pair[0])
    return np.array([codes for size, codes in columns if size > 1], dtype=np.int64).T.reshape(len(ids), -1)


def _wmae(table: Table, said: Floats, origin: int) -> dict[str, Metric]:
    """Weighted mean absolute error of the held-out steps, by bootstrap over series; beside seasonal naive."""
    steps = slice(origin + 1, origin + 1 + said.shape[1])
    weight = table.weight[steps]
    last_year = table.values[:, origin + 1 - table.season : origin + 1 - table.season + said.shape[1]]
    own, other = (np.abs(table.values[:, steps] - one) @ weight / weight.sum() for one in (said, last_year))
    drawn = own[np.random.default_rng(SEED).integers(0, len(own), (1000, len(own)))].mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    metric = Metric(float(own.mean()), float(low), float(high), len(own), {"seasonal_naive": float(other.mean())})
    return {"wmae": metric}


def _card(given: argparse.Namespace, table: Table, metrics: dict[str, Metric]) -> Card:
    return Card(
        name="Demand of many series",
        task=f"The next {given.horizon} steps of each series.",
        data=f"{given.data.name}: {len(table.values)} complete series of {table.values.shape[1]} steps",
        licence="that of the data",
        split=f"the last {given.horizon} steps are held out",
        seed=SEED,
        recipe={
            "Model": "LightGBM, direct, absolute error",
            "Rounds": lags.ROUNDS,
            "Steps between origins": lags.EVERY,
        },
        metrics=metrics,
        commit=commit(),
    )
