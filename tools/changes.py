"""Why a merchant's figure changed."""

from dataclasses import replace
from fractions import Fraction
from typing import Literal, TypeAlias

from retrieval.periods import named
from shop.errors import Unclear
from shop.measures.calendar import previous
from shop.measures.changes import Effect, Explained, explain, rounded
from shop.measures.query import Period
from shop.money import Money
from shop.wording import Percent, Term
from tools import analytics, measuring
from tools.base import STAFF, Context, Phrase, ToolResult, phrase, tool
from tools.measuring import MeasureName, changed, shown
from tools.views import Cell, Series, Stack, Table

Span: TypeAlias = Literal[
    "this_week", "last_week", "this_month", "last_month", "this_quarter", "last_quarter", "this_year", "last_year"
]


@tool(roles=STAFF)
def explain_change(
    ctx: Context, question: str, measure: MeasureName | None = None, period: Span | None = None
) -> ToolResult:  # fmt: skip
    """Explain why a figure rose or fell: units sold, prices, mix of products, exchange rates, refunds.

    Args:
        question: The merchant's own words, such as "why did revenue drop in October?".
        measure: What changed if the words do not name it, such as revenue.
        period: The span if the words do not name it, such as last_month.
    """
    try:
        asked = measuring.asked(ctx, question, measure or "revenue")
    except Unclear as unclear:
        return analytics.which(ctx, question, unclear)
    query, today = asked.query, measuring.today(ctx)
    if asked.reading.period is None and period is not None:
        query = replace(query, period=named(period, today), against=None)
    against = query.against or previous(query.period, today)
    found = explain(ctx.db, ctx.actor, replace(query, against=against), ctx.now)
    end = min(query.period.last, today)
    return ToolResult(_text(found), tuple(_said(ctx, found, against, end)), _view(found))


def _said(ctx: Context, found: Explained, against: Period, end: object) -> list[Phrase]:
    figures, measure = found.figures, found.figures.measure
    before, after = (shown(one, measure, figures.currency) for one in (figures.total.before, figures.total.value))
    said: list[Phrase] = [
        phrase(
            "say.explained", measure=Term(f"measure.{measure.name}"), before=before, start_before=against.first,
            end_before=against.last, after=after, start=figures.query.period.first, end=end,
            change=_amount(found, found.change),
        ),
        *analytics.filtered(ctx, figures),
    ]  # fmt: skip
    said += [phrase("say.explained_effect", effect=_name(one), amount=amount) for one, amount in _amounts(found)]
    if found.rows:
        labels = tuple(row.label for row in found.rows)
        said.append(phrase("say.explained_most", by=Term(f"by.{found.by}"), labels=labels))
    return [*said, *analytics.reading(ctx, figures)]


def _amounts(found: Explained) -> list[tuple[Effect, Cell]]:
    """The effects as typed values that add up to the change as it is shown."""
    unit, currency = found.figures.measure.unit, found.figures.currency
    made: list[tuple[Effect, Cell]] = []
    for one, value in rounded(found):
        amount: Cell = Money.of(value, currency) if unit == "money" else float(value)
        made.append((one, Percent(float(value)) if unit == "share" else amount))
    return made


def _amount(found: Explained, value: Fraction) -> object:
    """The whole change: as it follows from the two figures that are shown."""
    figures = found.figures
    after, before = (shown(v, figures.measure, figures.currency) for v in (figures.total.value, figures.total.before))
    match after, before:
        case Money(), Money():
            return after - before
        case Percent(), Percent():
            return Percent(round(round(after.share, 3) - round(before.share, 3), 3))
    return shown(value, figures.measure, figures.currency)


def _name(effect: Effect) -> Term:
    return Term(f"effect.{effect.name}")


def _text(found: Explained) -> str:
    figures = found.figures
    head = f"{figures.query.measure} changed by {analytics.brief(_amount(found, found.change))}"
    return "; ".join([head, *(f"{one.name} {analytics.brief(amount)}" for one, amount in _amounts(found))])


def _view(found: Explained) -> Stack:
    """A chart of the causes, their table, and the parts that moved most."""
    figures, measure = found.figures, found.figures.measure
    parts: list[Series | Table] = []
    if found.effects:
        rows = tuple((_name(one), amount) for one, amount in _amounts(found))
        parts.append(Table(("column.effect", "column.change"), rows))
    moved = tuple(
        (row.label, shown(row.value, measure, figures.currency), shown(row.before, measure, figures.currency),
         changed(row.value, row.before))
        for row in found.rows
    )  # fmt: skip
    columns = (f"by.{found.by}", f"measure.{measure.name}", "column.before", "column.change")
    parts.append(Table(columns, moved))
    return Stack(tuple(parts))
