"""The model card: what a set of weights was made from, how, and how good it is."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

FILE = "card.json"
PAGE = "README.md"


@dataclass(frozen=True)
class Metric:
    """One figure with its 95 % interval, the number of independent units, and what plain methods reach."""

    value: float
    low: float
    high: float
    n: int
    baselines: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """A model card; written by the code that saved the weights, never by hand."""

    name: str
    task: str
    data: str
    licence: str
    split: str
    seed: int
    recipe: Mapping[str, str | int | float]
    metrics: Mapping[str, Metric]
    commit: str

    @classmethod
    def load(cls, folder: Path) -> "Card":
        """Read the card of the weights in `folder`."""
        fields = json.loads((folder / FILE).read_text(encoding="utf-8"))
        metrics = {name: Metric(**metric) for name, metric in fields.pop("metrics").items()}
        return cls(metrics=metrics, **fields)

    def save(self, folder: Path) -> None:
        """Write the card as JSON for programs and as Markdown for people."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")
        (folder / PAGE).write_text(self.markdown(), encoding="utf-8")

    def markdown(self) -> str:
        """Return the card as a page with a table of its metrics."""
        facts = {"Data": self.data, "Licence": self.licence, "Split": self.split, "Seed": self.seed}
        lines = [f"# {self.name}", "", self.task, ""]
        lines += [f"- **{name}**: {value}" for name, value in facts.items()]
        lines += [f"- **{name}**: {value}" for name, value in self.recipe.items()]
        lines += [f"- **Code**: commit `{self.commit}`", ""]
        lines += ["| metric | value | 95 % interval | n | baseline |", "|---|---|---|---|---|"]
        lines += [_row(name, metric) for name, metric in self.metrics.items()]
        return "\n".join(lines) + "\n"


def _row(name: str, metric: Metric) -> str:
    plain = ", ".join(f"{key} {value:.3f}" for key, value in metric.baselines.items()) or "–"
    return f"| {name} | {metric.value:.3f} | {metric.low:.3f}–{metric.high:.3f} | {metric.n} | {plain} |"
