"""Where measurements happen: the demo shop of one fixed day, built once, fresh for every scenario."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import Engine, select

import settings
from agent import world
from retrieval import encoder as encoders
from retrieval import source, store
from retrieval.encoder import Encoder
from retrieval.index import ProductIndex
from shop import conversations, people
from shop.database import Database, connect
from shop.people import Actor
from shop.tables import User
from tools.base import World

TODAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
_MADE_BY = ("demo", "tables", "migrations")  # folders of shop/ on which the demo depends


@dataclass
class Stage:
    """An open demo shop. `reset` brings the database back to how it was built."""

    world: World
    intent: Callable[[str], dict[str, float]]
    built: Path
    copy: Path
    encoder: Encoder
    domain: str = "demo.shop"

    @property
    def engine(self) -> Engine:
        """The engine of the copy that is played with."""
        return self.world.database.engine

    def reset(self) -> None:
        """Put a fresh copy of the database in place."""
        self.engine.dispose()
        for rest in ("-wal", "-shm"):
            Path(f"{self.copy}{rest}").unlink(missing_ok=True)
        shutil.copyfile(self.built, self.copy)

    def actor(self, who: str, *, country: str = "US", currency: str = "USD", language: str = "en") -> Actor:
        """Sign somebody of the demo in by the first part of the e-mail; `guest` is a new visit."""
        session = uuid4().hex
        if who == "guest":
            return people.guest(session, country=country, currency=currency, language=language)
        with self.world.database.session() as db:
            user = db.scalar(select(User.id).where(User.email == f"{who}@{self.domain}"))
            if user is None:
                raise KeyError(f"there is no account {who}@{self.domain}")
            return people.actor(db, user, session)

    def conversation(self, actor: Actor) -> str:
        """Begin a conversation and return its id."""
        with self.world.database.session() as db:
            return conversations.start(db, actor, "shop", self.world.clock()).id


@contextmanager
def opened(
    data: Path, encoder: Encoder | None = None, *, products: int | None = None, say: Callable[[str], None] = print
) -> Iterator[Stage]:
    """Open the demo under `data`/eval, building it and its index when there is none of this code.

    The clock stands still at noon UTC of the demo's day.
    """
    encoder = encoder or encoders.load()
    folder = built(data, encoder, products=products, say=say)
    with TemporaryDirectory(prefix="haitao-eval-") as place:
        copy = Path(place) / "shop.db"
        shutil.copyfile(folder / "shop.db", copy)
        database = connect(f"sqlite:///{copy}")
        made = world.build(database, folder / "index", encoder, clock=lambda: NOW)
        yield Stage(made, world.intent(encoder, settings.load().cache), folder / "shop.db", copy, encoder)
        database.engine.dispose()


def built(data: Path, encoder: Encoder, *, products: int | None, say: Callable[[str], None]) -> Path:
    """Return the folder with the demo's database and index, after making it if it is missing."""
    folder = data / "eval" / f"demo-{products or 'written'}-{_version()}"
    if not (folder / "shop.db").exists():
        say(f"Building the demo of {TODAY} in {folder}")
        _build(folder, products, say)
    there = store.read(folder / "index")
    if there is None or (there.version, there.encoder) != (store.VERSION, encoder.name):
        say("Building its search index")
        _index(folder, encoder, say)
    return folder


def _build(folder: Path, products: int | None, say: Callable[[str], None]) -> None:
    from shop.demo.build import build

    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"draft-{os.getpid()}.db"
    database: Database = connect(f"sqlite:///{draft}")
    build(database, today=TODAY, products=products, progress=say)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    for rest in ("-wal", "-shm"):
        Path(f"{draft}{rest}").unlink(missing_ok=True)
    draft.replace(folder / "shop.db")


def _index(folder: Path, encoder: Encoder, say: Callable[[str], None]) -> None:
    database = connect(f"sqlite:///{folder / 'shop.db'}")
    with database.session() as session:
        items = source.items(session)
    database.engine.dispose()

    def progress(done: int, total: int) -> None:
        say(f"  {done:,} of {total:,} texts")

    ProductIndex.build(items, encoder, progress).save(folder / "index")


def _version() -> str:
    """A hash of the code that makes the demo: another demo gets another folder."""
    digest = sha256()
    root = Path(world.__file__).parents[1] / "shop"
    for folder in _MADE_BY:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix in (".py", ".yaml"):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:10]
