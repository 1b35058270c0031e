"""The rows of figures that an answer showed, whichever tool made it."""

from dataclasses import dataclass

from eval.question import Wanted
from shop.labels import Country, Month, Quarter, Tongue, Weekday
from shop.money import Money
from shop.wording import Percent, Term
from tools.base import ToolResult
from tools.views import Stack, Table

_OVERVIEW = {"revenue": "revenue", "orders": "n", "units": "units"}


@dataclass(frozen=True)
class Line:
    """A row of figures as it was shown or should have been."""

    key: str
    value: float | None
    before: float | None = None


def shown(wanted: Wanted, result: ToolResult) -> tuple[Line | None, list[Line]]:
    """The headline and the rows of a result, whichever tool made it."""
    head = result.say[0]
    parts = result.view.views if isinstance(result.view, Stack) else (result.view,)
    table = next((one for one in parts if isinstance(one, Table)), None)
    if head.key == "say.sales":
        value = head.values.get(_OVERVIEW.get(wanted.measure, ""))
        is_span = wanted.period == (head.values["start"], head.values["end"])
        column = {"revenue": 1, "orders": 2, "units": 3}.get(wanted.measure, 1)
        rows = [Line(key_of(row[0]), number(row[column])) for row in table.rows] if table and is_span else []
        return (Line("", number(value)) if is_span and value is not None else None), rows
    if not head.key.startswith("say.figure"):
        return None, []
    compared = next((one for one in result.say if one.key == "say.figure_before"), None)
    before = number(compared.values["value"]) if compared else None
    rows = [
        Line(key_of(row[0]), number(row[1]), number(row[2]) if len(row) > 2 else None)
        for row in (table.rows if table and not table.columns[0].startswith("measure.") else ())
    ]
    return Line("", number(head.values["value"]), before), rows


def number(cell: object) -> float | None:
    """A typed value as a number."""
    match cell:
        case Money():
            return float(cell.amount)
        case Percent(share):
            return share
        case int() | float():
            return float(cell)
    return None


def key_of(label: object) -> str:
    """The canonical value of a row's label."""
    match label:
        case Country(code) | Tongue(code):
            return code
        case Term(key):
            return key.partition(".")[2]
        case Month(first) | Quarter(first):
            return str(first)
        case Weekday(day):
            return str(day)
    return str(label)
