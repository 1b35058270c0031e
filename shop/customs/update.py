"""Bring newer rows into a table of customs, after checking every row."""

import csv
from dataclasses import dataclass
from pathlib import Path

from shop.customs import records
from shop.customs.records import COLUMNS, BadTable, Row


@dataclass(frozen=True)
class Change:
    """How many rows of a table are new, newer than before, and older than what is there (and so left out)."""

    table: str
    added: int
    replaced: int
    older: int


def update(path: Path, folder: Path = records.FOLDER, *, dry_run: bool = False) -> Change:
    """Merge a CSV named like a table (duties.csv) into that table; of two rows with one key the newer stays.

    Nothing is written unless every row is right. Raises BadTable.
    """
    table = path.stem
    if table not in COLUMNS:
        raise BadTable(f"{path.name}: the file must be named like a table: {', '.join(sorted(COLUMNS))}.")
    target = folder / f"{table}.csv"
    before = {records.key(table, row): row for row in records.read(target, table)}
    merged, change = _merged(table, before, records.read(path, table))
    if not dry_run and change.added + change.replaced:
        _write(target, table, list(merged.values()))
        records.rows.cache_clear()
        records.known.cache_clear()
    return change


def check(folder: Path = records.FOLDER) -> dict[str, int]:
    """Read every table; how many rows each has. Raises BadTable for a bad row or two rows with one key."""
    counts = {}
    for table in COLUMNS:
        rows = records.read(folder / f"{table}.csv", table)
        seen: dict[tuple[str, ...], int] = {}
        for number, row in enumerate(rows, 2):
            first = seen.setdefault(records.key(table, row), number)
            if first != number:
                raise BadTable(f"{table}.csv, row {number}: it says again what row {first} says.")
        counts[table] = len(rows)
    return counts


def _merged(
    table: str, before: dict[tuple[str, ...], Row], new: tuple[Row, ...]
) -> tuple[dict[tuple[str, ...], Row], Change]:  # fmt: skip
    merged, added, replaced, older = dict(before), 0, 0, 0
    for row in new:
        key = records.key(table, row)
        old = merged.get(key)
        if old is not None and old["as_of"] > row["as_of"]:
            older += 1
            continue
        added, replaced = added + (old is None), replaced + (old is not None and old != row)
        merged[key] = row
    return merged, Change(table, added, replaced, older)


def _write(path: Path, table: str, rows: list[Row]) -> None:
    """Write beside the table, then put it in its place: a half-written table is never read."""
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS[table], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    fresh.replace(path)
