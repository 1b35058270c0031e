"""CSV files of strangers, read strictly: a file is right as a whole, or refused with its row and the rule."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

_DELIMITERS = ",;\t"
_LONGEST_CELL = 1_000_000  # characters; a product's description in HTML can be long


class BadFile(Exception):
    """A file that cannot be read as a whole: one sentence with file, row and rule."""

    def __init__(self, path: Path, row: int | None, rule: str) -> None:
        where = path.name if row is None else f"{path.name}, row {row}"
        super().__init__(f"{where}: {rule}")


@dataclass(frozen=True)
class Line:
    """One row of a file (the header is row 1): the cells that we know, stripped, by our own names."""

    row: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def read(path: Path, names: Mapping[str, Sequence[str]], required: Sequence[str]) -> list[Line]:
    """Read a CSV in UTF-8 with comma, semicolon or tabulator.

    `names` tells for each of our names the headings that mean it. Raises BadFile.
    """
    rows = _rows(path, _text(path))
    if not rows:
        raise BadFile(path, None, "the file is empty; it needs a row of headings.")
    header = [" ".join(heading.lower().split()) for heading in rows[0]]
    places = {
        name: header.index(heading)
        for name, headings in names.items()
        for heading in reversed(headings)
        if heading in header
    }
    for name in required:
        if name not in places:
            raise BadFile(path, 1, f"there is no column “{names[name][0]}”; it is needed.")
    lines = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise BadFile(path, number, f"there are {len(row)} cells under {len(header)} headings.")
        lines.append(Line(number, {name: row[place].strip() for name, place in places.items()}))
    return lines


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile(path, None, f"the file cannot be read ({error.strerror}).") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise BadFile(path, row, "the file is not in UTF-8; please save it as CSV UTF-8.") from error
    before, nul, _ = text.partition("\x00")
    if nul:
        raise BadFile(path, before.count("\n") + 1, "this is not text.")
    return text


def _rows(path: Path, text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise BadFile(path, len(rows) + 1, f"the row is not CSV ({error}).") from error
    return rows
