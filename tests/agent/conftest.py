"""The assistant's tests happen on SQLite; that both databases do the same is shown by tests/shop and tests/tools."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shop.database import Database, connect


@pytest.fixture
def database(small_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """The small shop in a file of its own."""
    shutil.copy(small_sqlite, tmp_path / "shop.db")
    opened = connect(f"sqlite:///{tmp_path / 'shop.db'}")
    yield opened
    opened.engine.dispose()
