"""Running tools as the people of the small shop, and looking at what is in the database."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from shop import conversations, proposals
from shop.database import Database, connect
from shop.people import Actor
from shop.tables import Base
from tests.calls import Ask
from tests.conftest import _postgres_copy
from tools import TOOLS
from tools.base import ToolResult, World

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
"""Once on each database; the other tests of tools happen on SQLite."""

Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def database(request: pytest.FixtureRequest, small_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """The small shop in a database of its own."""
    if getattr(request, "param", "sqlite") == "postgres":
        yield from _postgres_copy(request.getfixturevalue("small_postgres"))
        return
    shutil.copy(small_sqlite, tmp_path / "shop.db")
    opened = connect(f"sqlite:///{tmp_path / 'shop.db'}")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def run(world: World, actors: SimpleNamespace) -> Callable[..., ToolResult]:
    """Run a tool: `run("ann", "my_orders", status="open")`; `message` are the words of the turn."""

    def call(who: str, tool: str, message: str = "", **arguments: object) -> ToolResult:
        return TOOLS[tool].run(world, getattr(actors, who), arguments, message=message)

    return call


@pytest.fixture
def rows(world: World) -> Callable[[], Rows]:
    """Read every row of every table."""

    def read() -> Rows:
        tables = Base.metadata.sorted_tables
        with world.database.session() as db:
            return {t.name: [tuple(row) for row in db.execute(select(t).order_by(*t.primary_key))] for t in tables}

    return read


@pytest.fixture
def propose(world: World, actors: SimpleNamespace) -> Callable[[Ask], tuple[Actor, str, str]]:
    """Let a call wait for a click; returns its actor, the conversation's id and the proposal's."""

    def wait(ask: Ask) -> tuple[Actor, str, str]:
        actor: Actor = getattr(actors, ask.who)
        with world.database.session() as db:
            talk = conversations.start(db, actor, "shop", world.clock())
            waiting = proposals.propose(db, actor, talk.id, ask.tool, ask.arguments, world.clock())
            return actor, talk.id, waiting.id

    return wait
