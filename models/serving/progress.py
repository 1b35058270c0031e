"""Tell the person at the terminal how far a long step is."""

from collections.abc import Callable

Say = Callable[[str], None]


def show(line: str) -> None:
    """Print one line at once, also where the output is a file or a pipe."""
    print(line, flush=True)
