"""The demo shop, built once for all tests that look at it."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from shop.database import Database
from tests.shop.demo_shop import built


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The demo of `demo_shop.TODAY`; tests only read it."""
    return built(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def demo_db(demo: Database) -> Iterator[Session]:
    """A session on the demo shop."""
    with demo.session() as session:
        yield session
