"""What a model server or its files may fail with."""

from pathlib import Path


class LaunchError(Exception):
    """A server, its environment or its weights could not be made ready: one sentence, then the log's end."""

    def __init__(self, sentence: str, log: Path | None = None) -> None:
        self.sentence = sentence
        self.log = log
        lines = tail(log) if log else []
        shown = "".join(f"\n    {line}" for line in lines)
        super().__init__(f"{sentence} The log is {log}; it ends:{shown}" if lines else sentence)


def tail(log: Path, lines: int = 8) -> list[str]:
    """Return the last non-empty lines of a log; none if it cannot be read."""
    try:
        with log.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 16_384))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip()][-lines:]
