"""A database that is locked, missing or empty: one clear sentence, and the next message works."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from agent.events import Settled
from shop.database import Database, connect
from shop.wording import say
from tests.scripted import call, reply
from tests.talk import Talk

Begin = Callable[..., Talk]
SENTENCE = say("error.database", "en")
TRACK = "where is my order 1004 please?"


@pytest.fixture
def hasty(database: Database) -> Path:
    """The database's file; its connections wait a moment only for a lock."""

    @event.listens_for(database.engine, "connect")
    def _wait_less(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout=20")

    database.engine.dispose()
    path = database.engine.url.database
    assert path is not None
    return Path(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file as a program does that writes for long."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_locked_database_is_one_sentence(talk: Begin, hasty: Path) -> None:
    chat = talk("ann", call("track_order", order_id=1004))
    with locked(hasty):
        assert chat.say(TRACK).failure == SENTENCE
    assert "HT000001004DE" in chat.say(TRACK).text
    with chat.assistant.world.database.session() as db:
        turns = db.connection().exec_driver_sql("SELECT count(*) FROM turns").scalar()
    assert turns == 2


def test_a_click_on_a_locked_database_changes_nothing_and_works_later(talk: Begin, hasty: Path) -> None:
    chat = talk("ann", call("cancel_order", order_id=1002))
    chat.say("please cancel order 1002")
    with locked(hasty):
        assert chat.confirm().failure == SENTENCE
        assert chat.reject().failure == SENTENCE
    assert chat.confirm().one(Settled).outcome == "confirmed"


def test_a_lock_in_mid_turn_proposes_nothing(talk: Begin, hasty: Path) -> None:
    chat = talk("ann", call("cancel_order", order_id=1002))
    intent = chat.assistant.intent
    other = sqlite3.connect(hasty, isolation_level=None)

    def lock_first(text: str) -> dict[str, float]:
        if not other.in_transaction:
            other.execute("BEGIN EXCLUSIVE")
        return intent(text)

    chat.assistant.intent = lock_first
    heard = chat.say("please cancel order 1002")
    other.execute("ROLLBACK")
    assert heard.failure == SENTENCE
    assert not chat.proposal
    chat.assistant.intent = intent
    chat.chat.steps[:] = [call("cancel_order", order_id=1002)]
    assert chat.say("please cancel order 1002").tools == ["cancel_order"]


@pytest.mark.parametrize("content", [None, b"", b"this is no database, it is a text of some length" * 100])
def test_a_database_without_tables_is_one_sentence(talk: Begin, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "other.db"
    if content is not None:
        path.write_bytes(content)
    chat = talk("ann", reply("greeting"), call("track_order", order_id=1004))
    good = chat.assistant.world
    chat.assistant.world = replace(good, database=connect(f"sqlite:///{path}"))
    assert chat.say(TRACK).failure == SENTENCE
    chat.assistant.world = good
    chat.chat.steps[:] = [call("track_order", order_id=1004)]
    assert "HT000001004DE" in chat.say(TRACK).text


def test_a_folder_in_the_databases_place_is_one_sentence(talk: Begin, tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    chat = talk("ann")
    chat.assistant.world = replace(chat.assistant.world, database=connect(f"sqlite:///{tmp_path / 'folder.db'}"))
    assert chat.say(TRACK).failure == SENTENCE


def test_a_postgres_that_is_not_there_is_one_sentence(talk: Begin) -> None:
    chat = talk("ann")
    nowhere = connect("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2")
    chat.assistant.world = replace(chat.assistant.world, database=nowhere)
    assert chat.say(TRACK).failure == SENTENCE


def test_a_postgres_without_tables_is_one_sentence(talk: Begin, small_postgres: str) -> None:
    chat = talk("ann")
    empty = connect(small_postgres.format("postgres"))
    chat.assistant.world = replace(chat.assistant.world, database=empty)
    assert chat.say(TRACK).failure == SENTENCE
    empty.engine.dispose()
