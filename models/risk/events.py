"""Payments as columns: a moment, an amount, who and what took part, and the label with the moment it became known."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import yaml
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pandas import DataFrame, Series

DAY = 86_400
UNKNOWN = -1
LATEST = 4_102_444_800  # 2100: a clock beyond it is wrong
_LARGEST = 10**9  # minor units; the square of more would not fit beside a million others

Ints = NDArray[np.int64]


class BadEvents(ValueError):
    """A sentence that names the file or column, the row and the rule."""


@dataclass(frozen=True)
class Roles:
    """Which column of a file is what. `parties` maps a role (customer, device …) to its column.

    `numbers` are further columns that are known at the moment of payment; `delay` is the number of seconds until a
    label is known; `minor` turns the amount into minor units.
    """

    at: str
    amount: str
    parties: Mapping[str, str]
    label: str | None = None
    known_at: str | None = None
    id: str | None = None
    numbers: tuple[str, ...] = ()
    delay: int = 7 * DAY
    minor: int = 100

    @classmethod
    def load(cls, path: Path) -> "Roles":
        """Read a YAML file with the names above. Raises BadEvents when it does not fit."""
        try:
            named = yaml.safe_load(path.read_text(encoding="utf-8"))
            named["numbers"] = tuple(named.get("numbers", ()))
            return cls(**named)
        except (OSError, TypeError, KeyError, AttributeError, yaml.YAMLError) as problem:
            raise BadEvents(f"{path}: needs at, amount and parties, and knows label, known_at, id, numbers, delay, "
                            f"minor ({problem}).") from None  # fmt: skip


@dataclass(frozen=True)
class Events:
    """n payments in time order. Times are seconds since 1970, amounts minor units, labels 1, 0 or UNKNOWN.

    `parties` holds one whole number or text per event and role; UNKNOWN or "" stands for a missing one.
    """

    at: Ints
    amount: Ints
    parties: Mapping[str, NDArray[np.generic]]
    label: Ints
    known_at: Ints
    ids: NDArray[np.generic]
    numbers: Mapping[str, Ints]

    def __len__(self) -> int:
        return len(self.at)

    def take(self, chosen: NDArray[np.generic]) -> "Events":
        """Some of the events, by a mask or by places."""
        return Events(
            self.at[chosen], self.amount[chosen], {role: one[chosen] for role, one in self.parties.items()},
            self.label[chosen], self.known_at[chosen], self.ids[chosen],
            {name: one[chosen] for name, one in self.numbers.items()},
        )  # fmt: skip

    def relabelled(self, label: Ints) -> "Events":
        """The same events with other labels."""
        return replace(self, label=label)


def read(path: Path, roles: Roles) -> Events:
    """Read CSV or Parquet; rows out of order are sorted. Raises BadEvents."""
    import pandas as pd

    try:
        frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, keep_default_na=False)
    except (OSError, ValueError) as problem:
        raise BadEvents(f"{path}: cannot be read ({problem}).") from None
    return of(frame, roles, str(path))


def of(frame: "DataFrame", roles: Roles, name: str = "the frame") -> Events:
    """Turn a frame into events. Raises BadEvents that names the column, or the first row that is wrong."""
    wanted = [roles.at, roles.amount, *roles.parties.values(), *roles.numbers]
    wanted += [column for column in (roles.label, roles.known_at, roles.id) if column]
    missing = [column for column in wanted if column not in frame.columns]
    if missing:
        raise BadEvents(f"{name}: lacks the columns {', '.join(missing)}.")
    if frame.empty:
        raise BadEvents(f"{name}: has no rows.")
    at = _moments(frame[roles.at], name)
    amount = _amounts(frame[roles.amount], roles, name)
    label = _labels(frame[roles.label], name) if roles.label else np.full(len(frame), UNKNOWN)
    known = _moments(frame[roles.known_at], name) if roles.known_at else at + roles.delay
    ids = frame[roles.id].to_numpy() if roles.id else np.arange(len(frame))
    if len(np.unique(ids)) < len(ids):
        raise BadEvents(f"{name}: {roles.id} is not unique.")
    parties = {role: _party(frame[column]) for role, column in roles.parties.items()}
    numbers = {column: frame[column].fillna(UNKNOWN).to_numpy().astype(np.int64) for column in roles.numbers}
    order = np.lexsort((np.arange(len(at)), at))
    return Events(at, amount, parties, label, np.maximum(known, at + 1), ids, numbers).take(order)


def _moments(column: "Series", name: str) -> Ints:
    import pandas as pd

    moments = pd.to_datetime(column, errors="coerce", utc=True)
    seconds: Ints = moments.dt.tz_localize(None).to_numpy().astype("datetime64[s]").astype(np.int64)
    _refuse(moments.isna().to_numpy() | (seconds > LATEST) | (seconds < 0), name, f"{column.name} is no moment")
    return seconds


def _amounts(column: "Series", roles: Roles, name: str) -> Ints:
    import pandas as pd

    major = pd.to_numeric(column, errors="coerce").to_numpy().astype(np.float64)
    _refuse(~np.isfinite(major), name, f"{column.name} is no number")
    minor = np.rint(major * roles.minor)
    _refuse((minor < 0) | (minor > _LARGEST), name, f"{column.name} must be from 0 to {_LARGEST} minor units; refunds "
            "are no payments")  # fmt: skip
    return np.asarray(minor, dtype=np.int64)


def _labels(column: "Series", name: str) -> Ints:
    import pandas as pd

    known = pd.to_numeric(column.replace("", None), errors="coerce").fillna(UNKNOWN).to_numpy().astype(np.int64)
    _refuse(~np.isin(known, (UNKNOWN, 0, 1)), name, f"{column.name} is 0, 1 or empty")
    return np.asarray(known, dtype=np.int64)


def _party(column: "Series") -> NDArray[np.generic]:
    import pandas as pd

    if pd.api.types.is_integer_dtype(column):
        return np.asarray(column.to_numpy().astype(np.int64))
    return np.asarray(column.fillna("").astype(str).to_numpy())


def _refuse(wrong: NDArray[np.bool_], name: str, rule: str) -> None:
    if wrong.any():
        raise BadEvents(f"{name}, row {int(wrong.argmax()) + 2}: {rule}.")
