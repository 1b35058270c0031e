"""What a merchant is running out of."""

from shop import stock
from tools.base import STAFF, Context, ToolResult, phrase, tool
from tools.views import Table


@tool(roles=STAFF)
def low_stock(ctx: Context, limit: int = 10) -> ToolResult:
    """List products at or under their reorder point, most urgent first.

    Args:
        limit: How many at most, such as 10.
    """
    found = stock.low(ctx.db, ctx.actor, max(1, min(limit, 50)), ctx.now)
    if not found:
        return ToolResult("Nothing is low.", (phrase("say.stock_fine"),))
    language = ctx.actor.language
    columns = ("column.sku", "column.product", "column.on_hand", "column.reorder_point", "column.sold_30_days")
    rows = tuple(
        (low.product.sku, low.product.title(language), low.on_hand, low.reorder_point, low.sold_30d) for low in found
    )
    say = [phrase("say.low", n=len(found))]
    say += [
        phrase("say.low_row", title=title, sku=sku, left=left, point=point) for sku, title, left, point, _ in rows[:5]
    ]
    text = "\n".join(f"{sku} {title}: {left} left, reorder at {point}" for sku, title, left, point, _ in rows)
    return ToolResult(text, tuple(say), Table(columns, rows))
