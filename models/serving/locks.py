"""Let one process at a time, of all checkouts, fill a folder of the cache."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.serving.progress import Say, show


@contextmanager
def alone(file: Path, say: Say = show) -> Iterator[None]:
    """Hold the lock file while the body runs; wait, and say so, while another process holds it.

    The kernel frees the lock when its holder dies, so no stale lock can remain.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another process that works in {file.parent}.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
