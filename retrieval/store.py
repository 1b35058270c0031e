"""Keep an index in a folder so that a reader sees a whole one at any moment, even after a kill."""

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from retrieval import changes
from retrieval.encoder import Encoder

VERSION = 2  # raise it when tokens, files or vectors change their meaning
REBUILD = "python -m retrieval build"
_MANIFEST = "manifest.json"


class IndexMismatch(Exception):
    """The index on disk cannot serve; str() says why and names the command that rebuilds it."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made with and from."""

    version: int
    encoder: str
    dim: int
    count: int
    fingerprint: str
    place: str = ""

    @classmethod
    def of(cls, encoder: Encoder, *, count: int, fingerprint: str) -> Self:
        """Describe an index of this code's version."""
        place = f"{fingerprint[:12]}-{uuid.uuid4().hex[:8]}"
        return cls(VERSION, encoder.name, encoder.dim, count, fingerprint, place)


def stamp(folder: Path) -> tuple[int, int]:
    """Return what changes whenever another index takes a folder's place."""
    try:
        state = (folder / _MANIFEST).stat()
    except OSError:
        return 0, 0
    return state.st_ino, state.st_mtime_ns


def read(folder: Path) -> Manifest | None:
    """Return the manifest of a folder, or None where there is no readable one."""
    try:
        return Manifest(**json.loads((folder / _MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def current(folder: Path, encoder: Encoder) -> tuple[Path, Manifest]:
    """Return where the files of a folder's index are, after checking that this encoder may read them."""
    manifest = read(folder)
    if manifest is None:
        raise IndexMismatch(f"There is no search index in {folder}; build it with `{REBUILD}`.")
    if manifest.version != VERSION:
        raise IndexMismatch(
            f"The search index in {folder} has version {manifest.version} and this program reads {VERSION}; "
            f"rebuild it with `{REBUILD}`."
        )
    if (manifest.encoder, manifest.dim) != (encoder.name, encoder.dim):
        raise IndexMismatch(
            f"The search index in {folder} was built with the encoder {manifest.encoder} and this program "
            f"uses {encoder.name}; rebuild it with `{REBUILD}`."
        )
    place = folder / manifest.place
    if not place.is_dir():
        raise IndexMismatch(f"Files of the search index in {folder} are missing; rebuild it with `{REBUILD}`.")
    return place, manifest


@contextmanager
def fresh(folder: Path, manifest: Manifest, log_from: int | None = None) -> Iterator[Path]:
    """Give an empty place to write to; the folder turns to it when the block ends well, else forgets it.

    The log keeps what was appended after its first `log_from` bytes; all of it is dropped if None. A kill between
    the two steps leaves entries that are read once more, which changes nothing.
    """
    place = folder / manifest.place
    place.mkdir(parents=True)
    try:
        yield place
        with changes.locked(folder):
            pointer = folder / f"{_MANIFEST}.{os.getpid()}"
            pointer.write_text(json.dumps(asdict(manifest), indent=1), "utf-8")
            pointer.replace(folder / _MANIFEST)
            changes.cut(folder, log_from)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    for old in folder.iterdir():
        if old.is_dir() and old != place:
            shutil.rmtree(old, ignore_errors=True)
