"""The log of an index's changes: a line is on disk before it counts, and a half-written one never counts."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

LOG, LOCK = "changes.jsonl", "lock"


class Entry(NamedTuple):
    """A product as it is now (`texts`, `codes`, `bodies` as in an Item), or None where it is gone."""

    id: int
    parts: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] | None


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from writing to a folder's log or changing its index; a kill sets them free."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def append(folder: Path, entries: Mapping[int, Entry]) -> None:
    """Write entries to the end of the log; when this returns, they survive a kill.

    Raises:
        OSError: the disk is full or cannot be written; then no entry counts.
    """
    lines = "".join(json.dumps([e.id, e.parts], ensure_ascii=True) + "\n" for e in entries.values())
    with locked(folder), (folder / LOG).open("ab") as file:
        end = _whole(folder)
        file.truncate(end)
        try:
            file.write(lines.encode())
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.truncate(folder / LOG, end)
            raise


def state(folder: Path) -> tuple[int, int]:
    """Return what changes when the log is cut, and its length in bytes."""
    try:
        found = (folder / LOG).stat()
    except OSError:
        return 0, 0
    return found.st_ino, found.st_size


def read(folder: Path, start: int) -> tuple[dict[int, Entry], int]:
    """Return the newest entry of each product after the first `start` bytes, and where the whole lines end."""
    try:
        with (folder / LOG).open("rb") as file:
            file.seek(start)
            text = file.read()
    except OSError:
        return {}, 0
    text = text[: text.rfind(b"\n") + 1]
    found: dict[int, Entry] = {}
    for line in text.splitlines():
        id, parts = json.loads(line)
        found.pop(id, None)  # so that the newest comes last
        found[id] = Entry(id, None if parts is None else (tuple(parts[0]), tuple(parts[1]), tuple(parts[2])))
    return found, start + len(text)


def cut(folder: Path, start: int | None) -> None:
    """Keep what comes after the first `start` bytes, nothing if None; in one step. The folder is locked."""
    log = folder / LOG
    if not log.exists():
        return
    kept = b"" if start is None else log.read_bytes()[start:]
    rest = folder / f"{LOG}.{os.getpid()}"
    rest.write_bytes(kept)
    rest.replace(log)


def _whole(folder: Path) -> int:
    """Return where the last whole line ends: what a kill left half-written stands after it."""
    log = folder / LOG
    text = log.read_bytes()[-(1 << 20) :] if log.exists() else b""
    return state(folder)[1] - (len(text) - (text.rfind(b"\n") + 1))
