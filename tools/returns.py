"""Sending an order back."""

from typing import Literal, TypeAlias

from shop import returns
from shop.errors import Unclear
from shop.wording import Term
from tools import orders
from tools.base import SHOPPERS, Context, ToolResult, phrase, tool

Reason: TypeAlias = Literal[
    "damaged",
    "wrong_item",
    "not_as_described",
    "does_not_fit",
    "changed_mind",
    "defective",
    "arrived_late",
    "other",
]


@tool(roles=SHOPPERS, writes=True)
def return_order(ctx: Context, order_id: int | None = None, reason: Reason = "other", note: str = "") -> ToolResult:
    """Ask for a delivered order to be taken back and refunded. The customer confirms.

    Args:
        order_id: The order's number, such as 1001; leave out if the customer named none.
        reason: Why, as the customer says it; other if no reason was given.
        note: More about it in the customer's own words, if there is more.
    """
    try:
        back = returns.send_back(ctx.db, ctx.actor, order_id, reason, note, ctx.now)
    except Unclear as unclear:
        meant = orders.by_title(ctx, unclear)
        if meant is None:
            return orders.ask(ctx, unclear)
        return return_order.body(ctx, order_id=meant, reason=reason, note=note)
    say = (
        phrase("say.return", order=back.order_id, title=orders.title(ctx, back.order), reason=Term(f"reason.{reason}")),
        phrase("say.refund", refund=back.refund),
    )
    text = f"Return of order {back.order_id} ({back.order.title}) for {reason}; refund {back.refund}."
    return ToolResult(text, say, orders.view(back.order), pinned={"order_id": back.order_id})
