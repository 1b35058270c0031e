"""Run a command in a process group of its own, and end the whole group when asked or when the parent is gone.

The parent holds the other end of standard input: it closes by a word of the launcher as well as by the parent's
death of any cause, so that no server is left behind. Only the standard library is used here.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading

PATIENCE = 8.0
"""Seconds between asking the group to end and killing it."""


def main(command: list[str]) -> int:
    """Run the command until it ends or is to end; returns its exit status."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: over.set())
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    threading.Thread(target=_until_closed, args=(over,), daemon=True).start()
    threading.Thread(target=_until_dead, args=(child, over), daemon=True).start()
    over.wait()
    return _end(child)


def _until_closed(over: threading.Event) -> None:
    """Wait for the end of standard input."""
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    over.set()


def _until_dead(child: subprocess.Popen[bytes], over: threading.Event) -> None:
    child.wait()
    over.set()


def _end(child: subprocess.Popen[bytes]) -> int:
    """End every process of the group, gently first; return the child's exit status."""
    _signal(child, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(PATIENCE)
    _signal(child, signal.SIGKILL)
    return child.wait()


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
