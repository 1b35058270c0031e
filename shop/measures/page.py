"""The table of the measures for docs/analytics.md, made from the code: `python -m shop measures`."""

from shop.measures.catalogue import DIMENSIONS, MEASURES, Measure
from shop.measures.facts import facts
from shop.measures.reading import basis, formula
from shop.wording import say


def table() -> str:
    """Every measure with its unit, what it is made of, and the dimensions by which it can be told."""
    head = ["| measure | unit | how it is computed | by |", "|---|---|---|---|"]
    return "\n".join([*head, *map(_row, MEASURES.values())])


def _row(measure: Measure) -> str:
    made = formula(measure)
    how = f"{made.words('en')}. " if made else ""
    how += say(basis(measure).key, "en")
    name = f"`{measure.name}`: {say(f'measure.{measure.name}', 'en')}"
    return f"| {name} | {measure.unit} | {how} | {_dimensions(measure)} |"


def _dimensions(measure: Measure) -> str:
    known = [facts()[part.fact].dimensions for part in measure.parts]
    own = [one for one in DIMENSIONS if all(one in some for some in known)]
    return ", ".join([*own, *(() if measure.is_current else ("time",))])
