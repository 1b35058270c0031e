"""Read a sanctions list in OFAC's file format."""

import csv
import gzip
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

COLUMNS = ("ent_num", "name", "type", "program", "title", "call_sign", "vessel_type", "tonnage", "grt", "vessel_flag",
           "vessel_owner", "remarks")  # fmt: skip
_ALIAS = re.compile(r"a\.k\.a\. '([^']+)'")
_EMPTY = ("", "-0-")


class BadList(ValueError):
    """A sentence that names the file, the row and the rule."""


@dataclass(frozen=True)
class Entry:
    """A listed party: its number, names (the main one first), kind (individual, vessel, aircraft, organisation)."""

    number: int
    names: tuple[str, ...]
    kind: str
    program: str


def read(path: Path) -> tuple[list[Entry], date]:
    """Read a CSV (or .csv.gz) with OFAC's columns, with or without a head, and the day of its snapshot or file.

    Raises BadList.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8", errors="replace", newline="") as file:
            rows = list(csv.reader(file))
        stamp = datetime.fromtimestamp(path.stat().st_mtime).date()
    except (OSError, csv.Error) as problem:
        raise BadList(f"{path}: cannot be read ({problem}).") from None
    head = rows[0] if rows and "name" in rows[0] else list(COLUMNS)
    body = rows[1:] if rows and "name" in rows[0] else rows
    entries = list(_entries(path, head, body))
    if not entries:
        raise BadList(f"{path}: has no names.")
    if "snapshot" in head:
        stamp = date.fromisoformat(max(row[head.index("snapshot")] for row in body if len(row) == len(head)))
    return entries, stamp


def _entries(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Entry]:
    for at, row in enumerate(rows, start=2 if "snapshot" in head else 1):
        if len(row) < len(COLUMNS):
            if any(cell.strip("\x1a ") for cell in row):
                raise BadList(f"{path}, row {at}: has {len(row)} columns, and OFAC's format has {len(COLUMNS)}.")
            continue
        known = dict(zip(head, (cell.strip() for cell in row), strict=False))
        if not known["ent_num"].isdigit() or known["name"] in _EMPTY:
            raise BadList(f"{path}, row {at}: needs a number and a name.")
        kind = "organisation" if known["type"] in _EMPTY else known["type"]
        aliases = _ALIAS.findall(known.get("remarks", ""))
        yield Entry(int(known["ent_num"]), (known["name"], *aliases), kind, known["program"])
