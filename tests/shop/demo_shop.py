"""The day for which the tests build the demo shop, and counting in it."""

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from shop.database import Database, connect
from shop.demo.build import build

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def built(folder: Path) -> Database:
    """Build the demo into a new SQLite file."""
    database = connect(f"sqlite:///{folder / 'shop.db'}")
    build(database, today=TODAY)
    return database


def count(db: Session, *where: ColumnElement[bool], of: ColumnElement[int] | None = None) -> int:
    """Count rows (or `of`) where all of this holds."""
    return db.scalar(select(func.count() if of is None else of).where(*where)) or 0
