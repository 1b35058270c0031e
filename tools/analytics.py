"""A merchant's questions about figures."""

from shop.errors import Unclear
from shop.measures.compute import compute
from shop.measures.desk import desk
from shop.measures.figures import Figures, Row
from shop.measures.reading import basis, formula
from shop.wording import Percent, Term
from tools import measuring
from tools.base import STAFF, Context, Phrase, ToolResult, phrase, tool
from tools.measuring import DimensionName, MeasureName, changed, is_time, shown
from tools.views import Candidate, Cell, Question, Series, Stack, Table, View

SAID = 5  # rows that the answer says; the table has the rest
LISTED = 1000  # rows of a table


@tool(roles=STAFF)
def ask_sales(
    ctx: Context, question: str, measure: MeasureName | None = None, by: DimensionName | None = None
) -> ToolResult:  # fmt: skip
    """Answer one question about the shop's figures: margin, return rate, late parcels, revenue in one country.

    Args:
        question: The merchant's own words, such as "return rate of shoes in Germany since June".
        measure: What is measured if the words do not name it, such as return_rate.
        by: One row for each product, category, country or month, such as category.
    """
    try:
        asked = measuring.asked(ctx, question, measure, by)
    except Unclear as unclear:
        return which(ctx, question, unclear)
    figures = compute(ctx.db, ctx.actor, asked.query, ctx.now)
    say = tuple(_said(ctx, figures))
    return ToolResult(_text(figures), say, _view(figures) if _has_figures(figures) else None)


def which(ctx: Context, question: str, unclear: Unclear) -> ToolResult:
    """Ask which product is meant; a click asks the question again with its number."""
    from shop import products

    line = question.splitlines()[-1]
    found = products.many(ctx.db, ctx.actor, unclear.candidates)
    candidates = tuple(Candidate(one.id, one.title(ctx.actor.language), f"{line} ({one.sku})") for one in found)
    say = phrase("error.which_product_measured", **unclear.values)
    return ToolResult(f"which product? {', '.join(f'product {one.id}' for one in found)}", (say,), Question(candidates))


def _has_figures(figures: Figures) -> bool:
    return figures.has_rows or figures.measure.is_current or bool(figures.total.before)


def _said(ctx: Context, figures: Figures) -> list[Phrase]:
    """The answer: the figure or its absence, what it is compared with, the first rows, and how it was computed."""
    query, measure = figures.query, figures.measure
    start, today = query.period.first, measuring.today(ctx)
    if start > today:
        return [phrase("say.figure_future", start=start)]
    end = min(query.period.last, today)
    if not _has_figures(figures):
        return [phrase("say.figure_none", start=start, end=end), *filtered(ctx, figures)]
    name, value = Term(f"measure.{measure.name}"), shown(figures.total.value, measure, figures.currency)
    key = "say.figure_now" if measure.is_current else "say.figure"
    span = {} if measure.is_current else {"start": start, "end": end}
    said = [phrase(key, measure=name, value="–" if value is None else value, **span), *filtered(ctx, figures)]
    if query.against is not None:
        said.append(_compared(figures))
    said += [_row(figures, row) for row in figures.rows[:SAID]]
    if figures.rows_in_all > SAID:
        said.append(phrase("say.figure_shown", shown=min(len(figures.rows), SAID), all=figures.rows_in_all))
    return [*said, *reading(ctx, figures)]


def filtered(ctx: Context, figures: Figures) -> list[Phrase]:
    """Say which rows were counted, and which were left out."""
    kept = [name for one in figures.query.where if not one.is_excluding for name in measuring.names(ctx, one)]
    dropped = [name for one in figures.query.where if one.is_excluding for name in measuring.names(ctx, one)]
    said = [phrase("say.figure_only", filters=tuple(kept))] if kept else []
    return said + ([phrase("say.figure_without", filters=tuple(dropped))] if dropped else [])


def _compared(figures: Figures) -> Phrase:
    against, total = figures.query.against, figures.total
    assert against is not None
    before = shown(total.before, figures.measure, figures.currency)
    change = changed(total.value, total.before)
    return phrase(
        "say.figure_before", start=against.first, end=against.last, value="–" if before is None else before,
        change="–" if change is None else change,
    )  # fmt: skip


def _row(figures: Figures, row: Row) -> Phrase:
    value = shown(row.value, figures.measure, figures.currency)
    plain = {"label": row.label, "value": "–" if value is None else value}
    if figures.query.against is None:
        return phrase("say.figure_row", **plain)
    before, change = shown(row.before, figures.measure, figures.currency), changed(row.value, row.before)
    return phrase(
        "say.figure_row_before", **plain, before="–" if before is None else before,
        change="–" if change is None else change,
    )  # fmt: skip


def reading(ctx: Context, figures: Figures) -> list[Phrase]:
    """Say how the figure was computed."""
    measure = figures.measure
    made, counted = formula(measure), basis(measure)
    name = Term(f"measure.{measure.name}")
    said = [
        phrase("say.figure_basis", basis=counted) if made is None
        else phrase("say.figure_reading", measure=name, formula=made, basis=counted)
    ]  # fmt: skip
    own = desk(ctx.db, ctx.actor).own_currency
    is_exchanged = measure.unit == "money" and (own != figures.currency or measure.name == "fraud_loss")
    return said + ([phrase("say.figure_rates", currency=figures.currency)] if is_exchanged else [])


def _text(figures: Figures) -> str:
    """What the model reads, and later turns know."""
    query, total = figures.query, figures.total
    text = f"{query.measure} {query.period.first} to {query.period.last}"
    text += "".join(f" {'not ' * f.is_excluding}{f.dimension} {','.join(f.values)}" for f in query.where)
    text += f": {brief(shown(total.value, figures.measure, figures.currency))}"
    if query.against:
        before = shown(total.before, figures.measure, figures.currency)
        text += f"; {query.against.first} to {query.against.last}: {brief(before)}"
    rows = (
        f"{_plain(row)}: {brief(shown(row.value, figures.measure, figures.currency))}" for row in figures.rows[:SAID]
    )
    return "; ".join([text, *rows])


def brief(value: object) -> str:
    """A typed value as canonical text."""
    return f"{value.share:.1%}" if isinstance(value, Percent) else str(value)


def _plain(row: Row) -> str:
    return row.label.key.rpartition(".")[2] if isinstance(row.label, Term) else str(row.label)


def _view(figures: Figures) -> View | None:
    """A chart and a table of the rows; without rows a table of the two periods that are compared."""
    query, measure = figures.query, figures.measure
    if not figures.rows:
        return _pair(figures) if query.against else None
    name = f"measure.{measure.name}"
    columns = [f"by.{query.by}", name, *(("column.before", "column.change") if query.against else ())]
    rows = tuple(tuple(_cells(figures, row)) for row in figures.rows[:LISTED])
    kind = "line" if is_time(query.by) and query.by not in ("weekday", "event") and query.top is None else "bar"
    scale = 100 if measure.unit == "share" else 1
    drawn = [row for row in figures.rows if row.value is not None]
    values = tuple(float(row.value or 0) * scale for row in drawn)
    unit = {"money": figures.currency, "share": "%"}.get(measure.unit, "")
    return Stack((Series(name, tuple(row.label for row in drawn), values, unit, kind), Table(tuple(columns), rows)))


def _cells(figures: Figures, row: Row) -> list[Cell]:
    value = shown(row.value, figures.measure, figures.currency)
    if figures.query.against is None:
        return [row.label, value]
    return [row.label, value, shown(row.before, figures.measure, figures.currency), changed(row.value, row.before)]


def _pair(figures: Figures) -> Table:
    total = figures.total
    cells = [shown(one, figures.measure, figures.currency) for one in (total.value, total.before)]
    return Table(
        (f"measure.{figures.measure.name}", "column.before", "column.change"),
        ((cells[0], cells[1], changed(total.value, total.before)),),
    )
