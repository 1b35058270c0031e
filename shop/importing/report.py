"""What an import did, row by row where it mattered."""

from collections import Counter
from dataclasses import dataclass, field


class RowRefused(Exception):
    """A row that is left out; the sentence says why."""


@dataclass
class Report:
    """Counts of what was done, and a note for each row that was refused, dropped or filled."""

    rows: int = 0
    done: Counter[str] = field(default_factory=Counter)
    notes: list[tuple[int, str, str]] = field(default_factory=list)

    def note(self, row: int, kind: str, what: str) -> None:
        """Keep a note on a row; kind is refused, duplicate or filled."""
        self.notes.append((row, kind, what))

    def lines(self) -> list[str]:
        """Say it for the terminal: the notes in the order of the rows, then one line of counts."""
        kinds = Counter(kind for _, kind, _ in self.notes)
        counts = [f"{n} {what}" for what, n in (self.done + kinds).items()]
        said = [f"row {row}: {kind}: {what}" for row, kind, what in sorted(self.notes)]
        return [*said, f"{self.rows} rows read: {', '.join(counts) or 'nothing done'}"]
