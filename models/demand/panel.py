"""A long frame `unique_id, ds, y` as matrices: checked, regular in time, one matrix for each length of history."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.demand.methods import Floats

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("unique_id", "ds", "y")
SEASONS = {"YS": 1, "QS": 4, "MS": 12, "W": 52, "D": 7}
_DAYS = {"D": 1, "W": 7}
_MONTHS = {"MS": 1, "QS": 3, "YS": 12}


class BadFrame(Exception):
    """A frame that cannot be forecast; the sentence names the row and the rule."""


@dataclass(frozen=True)
class Panel:
    """Series of one frequency: `rows` by id, oldest value first, all ending where `last` says by id."""

    frequency: str
    rows: dict[str, Floats]

    @property
    def season(self) -> int:
        """Steps of a year (of a week for days)."""
        return SEASONS[self.frequency]


def read(path: Path) -> "pd.DataFrame":
    """Read a CSV or Parquet file. Raises BadFrame."""
    import pandas as pd

    try:
        frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except (OSError, ValueError) as problem:
        raise BadFrame(f"{path.name} cannot be read: {problem}") from problem
    missing = [name for name in COLUMNS if name not in frame]
    if missing:
        raise BadFrame(f"{path.name}: the column {missing[0]} is missing; unique_id, ds and y are needed.")
    return frame


def panel(frame: "pd.DataFrame") -> Panel:
    """Check a frame and turn it into series; a gap is filled with zero sales for days and weeks, else refused.

    Raises BadFrame for a date or a number that is none, a series twice on a day, and steps that do not fit.
    """
    import pandas as pd

    days = pd.to_datetime(frame["ds"], errors="coerce")
    values = pd.to_numeric(frame["y"], errors="coerce")
    for column, read_as in (("ds", days), ("y", values)):
        if read_as.isna().any():
            row = int(np.flatnonzero(read_as.isna())[0])
            raise BadFrame(f"Row {row + 2}: {column} is {frame[column].iloc[row]!r}; it must be {_KIND[column]}.")
    plain = pd.DataFrame({"unique_id": frame["unique_id"].astype(str), "ds": days, "y": values.astype(float)})
    twice = plain.duplicated(["unique_id", "ds"])
    if twice.any():
        row = int(np.flatnonzero(twice)[0])
        first = plain.iloc[row]
        raise BadFrame(f"Row {row + 2}: {first['unique_id']} has a second value on {first['ds']:%Y-%m-%d}.")
    plain = plain.sort_values(["unique_id", "ds"])
    frequency = _frequency(plain)
    rows = {str(name): _regular(str(name), part, frequency) for name, part in plain.groupby("unique_id", sort=False)}
    return Panel(frequency, rows)


_KIND = {"ds": "a date such as 2026-01-31", "y": "a number"}


def _frequency(plain: "pd.DataFrame") -> str:
    """The step that most values have to the one before them."""
    steps = plain.groupby("unique_id")["ds"].diff().dropna().dt.days
    if steps.empty:
        return "W"
    usual = float(steps.median())
    limits = (("D", 3), ("W", 20), ("MS", 45), ("QS", 200))
    return next((name for name, most in limits if usual <= most), "YS")


def _regular(name: str, part: "pd.DataFrame", frequency: str) -> Floats:
    ordinal = _ordinals(part, frequency)
    steps = np.diff(ordinal)
    if len(steps) and (steps <= 0).any():
        when = part["ds"].iloc[int(np.flatnonzero(steps <= 0)[0]) + 1]
        raise BadFrame(f"{name}: {when:%Y-%m-%d} does not fit the steps of the others; do not mix frequencies.")
    if frequency not in _DAYS and len(steps) and steps.max() > 1:
        when = part["ds"].iloc[int(steps.argmax()) + 1]
        raise BadFrame(f"{name}: there is a gap before {when:%Y-%m-%d}; every month, quarter or year needs a value.")
    filled = np.zeros(int(ordinal[-1] - ordinal[0]) + 1)
    filled[(ordinal - ordinal[0]).astype(int)] = part["y"].to_numpy()
    return filled


def _ordinals(part: "pd.DataFrame", frequency: str) -> Floats:
    days = part["ds"]
    if frequency in _DAYS:
        since = (days - days.iloc[0]).dt.days.to_numpy(dtype=float)
        return np.asarray(np.round(since / _DAYS[frequency]))
    months = (days.dt.year * 12 + days.dt.month).to_numpy(dtype=float)
    return np.asarray((months - months[0]) // _MONTHS[frequency])
