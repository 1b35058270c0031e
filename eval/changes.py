"""Which rows changed: a log that the database itself keeps, so that nothing escapes it."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from shop.tables import Base

TALK = frozenset({"conversations", "turns", "proposals"})
"""What every message writes: the conversation itself. Everything else changes only by a click."""

_LOG = "eval_changes"


def watch(file: Path) -> None:
    """Make a SQLite file log which rows of which tables change, but for those of TALK."""
    connection = sqlite3.connect(file)
    connection.execute(f"CREATE TABLE IF NOT EXISTS {_LOG} (name TEXT, row INTEGER)")
    for name in sorted(set(Base.metadata.tables) - TALK):
        for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            head = f"CREATE TRIGGER IF NOT EXISTS {_LOG}_{name}_{event} AFTER {event} ON {name} "
            connection.execute(head + f"BEGIN INSERT INTO {_LOG} VALUES ('{name}', {row}.rowid); END")  # noqa: S608
    connection.commit()
    connection.close()


def made(engine: Engine) -> Mapping[str, frozenset[int]]:
    """The rows that were written since the copy was made, by table."""
    found: dict[str, set[int]] = defaultdict(set)
    with engine.connect() as connection:
        for name, row in connection.exec_driver_sql(f"SELECT name, row FROM {_LOG}"):  # noqa: S608
            found[name].add(row)
    return {name: frozenset(rows) for name, rows in found.items()}


def writes(engine: Engine) -> int:
    """How many rows were written since the copy was made, each time counted."""
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {_LOG}").scalar_one())  # noqa: S608


def digest(engine: Engine, *, without: frozenset[str] = frozenset()) -> str:
    """A hash of every row of every table, the same for the same rows."""
    whole = sha256()
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in without:
                continue
            keys = ", ".join(column.name for column in table.primary_key)
            rows = connection.exec_driver_sql(f"SELECT * FROM {table.name} ORDER BY {keys}")  # noqa: S608
            for row in rows:
                whole.update(repr(tuple(row)).encode())
            whole.update(table.name.encode())
    return whole.hexdigest()
