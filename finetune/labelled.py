"""Read labelled text: CSV or JSONL with `text`, `label` and, if known, `language` and `part`."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

OURS = Path(__file__).parent / "messages"
TRAIN = "train"
PARTS = frozenset({"", TRAIN, "dev", "test"})


class Example(NamedTuple):
    text: str
    label: str
    language: str
    part: str


class BadData(Exception):
    """A sentence that names the file, the row and the rule."""


def read(path: Path) -> list[Example]:
    """Read one file, or every CSV and JSONL of a folder in the order of their names."""
    if path.is_dir():
        files = sorted([*path.glob("*.csv"), *path.glob("*.jsonl")])
        return [example for file in files for example in read(file)]
    try:
        examples = [_example(path, at, row) for at, row in _rows(path)]
    except OSError as error:
        raise BadData(f"{path}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise BadData(f"{path}: is not UTF-8 text.") from None
    if not examples:
        raise BadData(f"{path}: has no rows.")
    return examples


def divide(examples: Iterable[Example], seed: int) -> tuple[list[Example], list[Example]]:
    """Return train and held-out examples: by `part` where it is given, else 85 : 15 within each label."""
    from sklearn.model_selection import train_test_split

    given = list(examples)
    if any(example.part for example in given):
        return [e for e in given if e.part == TRAIN], [e for e in given if e.part not in ("", TRAIN)]
    labels = [example.label for example in given]
    try:
        train, held = train_test_split(given, test_size=0.15, random_state=seed, stratify=labels)
    except ValueError:
        raise BadData("Training needs at least seven examples of each label.") from None
    return list(train), list(held)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        if path.suffix != ".jsonl":
            yield from enumerate(csv.DictReader(file), start=2)
            return
        for at, line in enumerate(file, start=1):
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                raise BadData(f"{path}, row {at}: is not JSON.") from None
            yield at, row if isinstance(row, dict) else {}


def _example(path: Path, at: int, row: Mapping[str, object]) -> Example:
    text, label, language, part = (str(row.get(name) or "").strip() for name in ("text", "label", "language", "part"))
    if not text or not label:
        raise BadData(f"{path}, row {at}: needs a text and a label.")
    if part not in PARTS:
        raise BadData(f"{path}, row {at}: part is train, dev or test, not {part!r}.")
    return Example(text, label, language, part)
