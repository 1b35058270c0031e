"""A merchant's sales in figures."""

from typing import Literal, TypeAlias

from shop import sales
from shop.wording import Percent, Term
from tools.base import STAFF, Context, ToolResult, phrase, tool
from tools.views import Series, Stack, Table

Period: TypeAlias = Literal[
    "today", "yesterday", "last_7_days", "last_30_days", "this_month", "last_month", "this_year", "last_year",
    "all_time",
]  # fmt: skip
Group: TypeAlias = Literal["none", "day", "week", "month", "category", "product", "country"]


@tool(roles=STAFF)
def sales_summary(ctx: Context, period: Period = "last_30_days", group_by: Group = "none") -> ToolResult:
    """Tell the shop's sales of a period: revenue, orders, units, average, and the best sellers.

    Args:
        period: The span of time, such as last_month.
        group_by: product for best sellers, category, country, day, week or month; none for the totals.
    """
    total = sales.summary(ctx.db, ctx.actor, period, group_by, ctx.now)
    span = {"start": total.start.date(), "end": total.end.date()}
    say = [phrase("say.sales", revenue=total.revenue, n=total.orders, units=total.units, **span)]
    if total.average is not None:
        say.append(
            phrase("say.sales_average", average=total.average, cancelled=total.cancelled, returned=total.returned)
        )
    if total.previous_revenue is not None and total.previous_revenue.minor:
        change = total.revenue.minor / total.previous_revenue.minor - 1
        say.append(phrase("say.sales_change", change=Percent(change), previous=total.previous_revenue))
    say += [phrase("say.sales_row", label=row.label, revenue=row.revenue, units=row.units) for row in total.rows[:5]]
    text = (
        f"{period} ({span['start']} to {span['end']}): revenue {total.revenue}, {total.orders} orders, "
        f"{total.units} units"
    )
    text += "".join(f"; {_plain(row.label)}: {row.revenue}, {row.units} units" for row in total.rows[:5])
    return ToolResult(text, tuple(say), _view(total, group_by))


def _plain(label: sales.Label) -> str:
    return label.key.rpartition(".")[2] if isinstance(label, Term) else str(label)


def _view(total: sales.Summary, group_by: str) -> Stack | None:
    if not total.rows:
        return None
    columns = (f"column.{group_by}", "column.revenue", "column.orders", "column.units")
    table = Table(columns, tuple((row.label, row.revenue, row.orders, row.units) for row in total.rows))
    kind = "line" if group_by in ("day", "week", "month") else "bar"
    values = tuple(float(row.revenue.amount) for row in total.rows)
    return Stack((Series("column.revenue", tuple(r.label for r in total.rows), values, total.currency, kind), table))
