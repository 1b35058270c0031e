"""`python -m shop demo | import | migrate | customs | watches | measures`: build the demo, import, migrate, check."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

import settings
from shop.customs import update
from shop.customs.records import BadTable
from shop.database import Database, connect
from shop.errors import ShopError
from shop.importing import orders, products
from shop.importing.report import Report
from shop.importing.sheet import BadFile
from shop.tables import Shop
from shop.wording import LANGUAGES


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when it is done, 2 when what it was given is not right."""
    asked = _parser().parse_args(arguments)
    if asked.command == "customs":
        return _customs(asked)
    database = connect(asked.database or settings.load().database)
    try:
        match asked.command:
            case "demo":
                return _demo(database, asked)
            case "import":
                return _import(database, asked)
            case "measures":
                return _measures()
            case "watches":
                return _watches(database)
        database.create()
        print("The tables are up to date.")
    except (BadFile, ShopError) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


class _DryRun(Exception):
    """Carries the report out of the transaction, which it thereby rolls back."""


def _demo(database: Database, asked: argparse.Namespace) -> int:
    from shop.demo.build import DemoError, build  # numpy and the whole catalogue: only when asked for

    today: date = asked.today or datetime.now(UTC).date()
    try:
        counts = build(database, today=today, products=asked.products, force=asked.force, progress=_say)
    except DemoError as problem:
        print(problem, file=sys.stderr)
        return 2
    _say(", ".join(f"{n} {table}" for table, n in counts.items()))
    return 0


def _measures() -> int:
    """Print the table of the measures."""
    from shop.measures.page import table

    print(table())
    return 0


def _watches(database: Database) -> int:
    """Check every watched figure; whoever's has newly passed its limit gets a mail by the outbox."""
    from shop import watches

    with database.session() as db:
        told = watches.check_all(db, datetime.now(UTC))
        _say(f"{len(told)} watched figures have newly passed their limits.")
    return 0


def _import(database: Database, asked: argparse.Namespace) -> int:
    database.create()
    reports: list[Report] = []
    try:
        with database.session() as db:
            reports.append(_bring(db, asked))
            if asked.dry_run:
                raise _DryRun
    except _DryRun:
        pass
    for line in reports[0].lines():
        _say(line)
    if asked.dry_run:
        _say("Nothing was written (--dry-run).")
    return 0


def _bring(db: Session, asked: argparse.Namespace) -> Report:
    path: Path = asked.file
    shop = db.scalar(select(Shop).where(Shop.code == asked.shop))
    if shop is None:
        codes = ", ".join(db.scalars(select(Shop.code).order_by(Shop.code))) or "none yet"
        raise BadFile(path, None, f"there is no shop “{asked.shop}”; the shops are: {codes}.")
    if asked.what == "orders":
        return orders.bring(db, shop, path, language=asked.language)
    now = datetime.now(UTC)
    return products.bring(db, shop, path, language=asked.language, category=asked.category, now=now)


def _customs(asked: argparse.Namespace) -> int:
    try:
        if asked.what == "check":
            _say(", ".join(f"{table}: {n} rows" for table, n in update.check().items()))
            return 0
        if asked.file is None:
            raise BadTable("Which file? python -m shop customs update FILE")
        change = update.update(asked.file, dry_run=asked.dry_run)
    except BadTable as problem:
        print(problem, file=sys.stderr)
        return 2
    _say(f"{change.table}: {change.added} rows are new, {change.replaced} newer, {change.older} older and left out.")
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shop", description=__doc__)
    parser.add_argument("--database", help="SQLAlchemy URL (default: SHOP_DATABASE_URL or data/shop.db)")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="fill an empty database with the demo")
    demo.add_argument("--products", type=int, help="how many products in all (default: those we wrote)")
    demo.add_argument("--today", type=date.fromisoformat, help="the day on which the demo ends (YYYY-MM-DD)")
    demo.add_argument("--force", action="store_true", help="delete what is in the database first")
    bring = commands.add_parser("import", help="bring in products or orders from a CSV file")
    bring.add_argument("what", choices=("products", "orders"))
    bring.add_argument("file", type=Path)
    bring.add_argument("--shop", required=True, help="code of the shop that gets them")
    bring.add_argument("--language", choices=LANGUAGES, default="en", help="of texts whose language is not told")
    bring.add_argument("--category", help="category where the file names none of ours")
    bring.add_argument("--dry-run", action="store_true", help="report only, write nothing")
    customs = commands.add_parser("customs", help="check the tables of duties and taxes, or bring in newer rows")
    customs.add_argument("what", choices=("check", "update"))
    customs.add_argument("file", type=Path, nargs="?", help="a CSV in the form of a table, named like it")
    customs.add_argument("--dry-run", action="store_true", help="check and count only, write nothing")
    commands.add_parser("watches", help="check the watched figures and tell whose limit was passed (run it by cron)")
    commands.add_parser("measures", help="print the table of the measures that can be asked for")
    commands.add_parser("migrate", help="bring the tables to the newest version")
    return parser


if __name__ == "__main__":
    sys.exit(main())
