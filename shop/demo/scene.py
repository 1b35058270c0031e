"""When the demo plays, and its dice."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
import yaml

SEED = 20_240_611
DAYS = 730  # 24 months up to today
DAY = 86_400
TEXTS = Path(__file__).parent / "texts"
_seed = ContextVar("seed", default=SEED)


@dataclass(frozen=True)
class Scene:
    """The day on which the demo is built. Moments inside the demo are whole seconds since 1970, UTC."""

    today: date

    @cached_property
    def now(self) -> int:
        """The newest moment that the demo may know: six o'clock UTC of its day."""
        return int(datetime.combine(self.today, time(6), UTC).timestamp())

    @cached_property
    def start(self) -> int:
        """The first midnight of the 24 months."""
        return self.midnight(0)

    def midnight(self, day: int) -> int:
        """The moment at which day 0 … 730 begins; day 730 is today."""
        return int(datetime.combine(self.date(day), time(), UTC).timestamp())

    def date(self, day: int) -> date:
        """The calendar date of a day of the demo."""
        return self.today - timedelta(days=DAYS - day)

    def day(self, moment: float) -> int:
        """The day of the demo in which a moment lies; negative before the start."""
        return int((moment - self.start) // DAY)

    def ago(self, days: float) -> int:
        """The moment some days before now."""
        return self.now - int(days * DAY)


def dice(name: str) -> np.random.Generator:
    """Make the generator of one part of the demo, so that parts do not disturb each other."""
    return np.random.default_rng([_seed.get(), zlib.crc32(name.encode())])


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let another story happen inside the block, with other people and orders: to train on, never to show."""
    before = _seed.set(seed)
    try:
        yield
    finally:
        _seed.reset(before)


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as an aware moment."""
    return datetime.fromtimestamp(int(seconds), UTC)


def day_of(seconds: float) -> date:
    """The UTC date of a moment."""
    return moment(seconds).date()


def read(name: str) -> dict[str, dict[str, object]]:
    """Read one of the demo's YAML files: a mapping of mappings."""
    with (TEXTS / name).open(encoding="utf-8") as file:
        content = yaml.load(file, yaml.CSafeLoader)
    assert isinstance(content, dict)
    return content
