"""One database: SQLite by default, PostgreSQL by URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from shop.errors import ShopError

_MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """An engine and what the project does with it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session: committed at the end, rolled back on an error.

        A database that is locked, out of reach, damaged or without its tables raises ShopError `error.database`.
        """
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
        except DatabaseError as error:
            if _is_unusable(error):
                raise ShopError("error.database") from error
            raise

    def create(self) -> None:
        """Bring the tables to the newest migration."""
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with self.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def is_ready(self) -> bool:
        """Tell whether the tables exist."""
        try:
            return inspect(self.engine).has_table("users")
        except OperationalError as error:
            raise ShopError("error.database") from error


def _is_unusable(error: DatabaseError) -> bool:
    """Tell a database that cannot be used from a statement of ours that is wrong.

    SQLite calls a damaged file a DatabaseError and nothing more special; PostgreSQL a missing table 42P01.
    """
    missing = getattr(error.orig, "sqlstate", None) == "42P01"
    return isinstance(error, OperationalError) or type(error) is DatabaseError or missing


def connect(url: str) -> Database:
    """Open a database by SQLAlchemy URL (`sqlite:///data/shop.db`, `postgresql+psycopg://…`)."""
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        if where.database and where.database != ":memory:":
            Path(where.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"timeout": 5, "check_same_thread": False})
        event.listen(engine, "connect", _sqlite)
        return Database(engine)
    return Database(create_engine(url, pool_pre_ping=True))


def _sqlite(connection: object, _record: object) -> None:
    """SQLite leaves foreign keys off and blocks readers while it writes, unless told."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "busy_timeout=5000", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
