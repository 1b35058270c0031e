"""What a merchant is running out of."""

from shop import stock
from tools.base import STAFF, Context, ToolResult, phrase, tool
from tools.views import Table

MOST = 50  # rows shown


@tool(roles=STAFF)
def low_stock(ctx: Context, limit: int = 10) -> ToolResult:
    """List products at or under their reorder point, most urgent first.

    Args:
        limit: How many at most, such as 10.
    """
    found = stock.low(ctx.db, ctx.actor, max(1, min(limit, MOST)), ctx.now)
    if not found:
        return ToolResult("Nothing is low.", (phrase("say.stock_fine"),))
    language = ctx.actor.language
    say = [phrase("say.low", n=stock.count_low(ctx.db, ctx.actor))]
    say += [
        phrase(
            "say.low_row",
            title=low.product.title(language),
            sku=low.product.sku,
            warehouse=low.warehouse,
            left=low.on_hand,
            point=low.reorder_point,
        )
        for low in found[:5]
    ]
    text = "\n".join(map(_line, found))
    return ToolResult(text, tuple(say), _table(found, language))


def _line(low: stock.Low) -> str:
    """A product in the canonical form that the model reads."""
    title = low.product.title("en")
    return f"{low.product.sku} {title} ({low.warehouse}): {low.on_hand} left, reorder at {low.reorder_point}"


def _table(found: list[stock.Low], language: str) -> Table:
    names = ("sku", "product", "warehouse", "on_hand", "reorder_point", "sold_30_days")
    rows = tuple(
        (
            low.product.sku,
            low.product.title(language),
            low.warehouse,
            low.on_hand,
            low.reorder_point,
            low.sold_30d,
        )
        for low in found
    )
    return Table(tuple(f"column.{name}" for name in names), rows)
