"""A customer's orders, and a merchant's queue of them."""

import re
from typing import Literal, TypeAlias

from shop import orders
from shop.errors import Unclear
from shop.tables import Order
from shop.wording import Term, supported
from tools.base import SHOPPERS, STAFF, Context, Phrase, ToolResult, phrase, tool
from tools.views import Candidate, Line, OrderView, Question, Stack, Table

Group: TypeAlias = Literal["open", "delivered", "cancelled", "returned", "all"]
NEAR = 0.3  # cosine from which words may mean an order's goods
CLAUSES = 6  # of a message in which they are looked for
_CLAUSE = re.compile(r"[.,;:!?。、，；：！？،؟\n]+")
APART = 0.12  # how much nearer than the next it must be
Queue: TypeAlias = Literal["to_ship", "shipped", "return_requested", "late", "all"]


@tool(roles=SHOPPERS)
def my_orders(ctx: Context, status: Group = "all") -> ToolResult:
    """List the customer's own orders, newest first: what was bought, when, what it cost.

    Args:
        status: open (not delivered yet), delivered, cancelled, returned or all.
    """
    found = orders.mine(ctx.db, ctx.actor, status, limit=5)
    if not found:
        return ToolResult("No orders.", (phrase("say.no_orders"),))
    total = orders.count(ctx.db, ctx.actor, status)
    text = "\n".join(summary(order) for order in found)
    say = (phrase("say.orders", n=total), *(line(ctx, order) for order in found))
    return ToolResult(text, say, Stack(tuple(map(view, found))))


@tool(roles=SHOPPERS, writes=True)
def cancel_order(ctx: Context, order_id: int | None = None) -> ToolResult:
    """Cancel an order that was not sent yet. The customer confirms.

    Args:
        order_id: The order's number, such as 1001; leave out if the customer named none.
    """
    try:
        order = orders.cancel(ctx.db, ctx.actor, order_id, ctx.now)
    except Unclear as unclear:
        meant = by_title(ctx, unclear)
        return ask(ctx, unclear) if meant is None else cancel_order.body(ctx, order_id=meant)
    say = (phrase("say.cancel", order=order.id, title=title(ctx, order), total=order.total),)
    return ToolResult(f"Order {order.id} cancelled: {order.title}.", say, view(order), pinned={"order_id": order.id})


@tool(roles=SHOPPERS, writes=True)
def change_address(
    ctx: Context,
    street: str,
    city: str,
    postal_code: str,
    order_id: int | None = None,
    country: str | None = None,
) -> ToolResult:
    """Change where an order that was not sent yet is delivered. The customer confirms.

    Args:
        street: Street and house number, as the customer wrote it.
        city: City, as the customer wrote it.
        postal_code: Postal code, as the customer wrote it.
        order_id: The order's number, such as 1001; leave out if the customer named none.
        country: Two-letter country code, only if named.
    """
    try:
        order = orders.change_address(ctx.db, ctx.actor, order_id, street, city, postal_code, country, ctx.now)
    except Unclear as unclear:
        return ask(ctx, unclear)
    say = (phrase("say.address", order=order.id, address=_address(order)),)
    text = f"Order {order.id} goes to {_address(order)}."
    return ToolResult(text, say, view(order), pinned={"order_id": order.id})


@tool(roles=STAFF)
def order_queue(ctx: Context, status: Queue = "to_ship") -> ToolResult:
    """List the shop's orders that need work.

    Args:
        status: to_ship (paid, not sent), shipped, return_requested, late or all.
    """
    found = orders.queue(ctx.db, ctx.actor, status, ctx.now, limit=20)
    what = Term(f"queue.{status}")
    if not found:
        return ToolResult("No such orders.", (phrase("say.queue_empty", what=what),))
    columns = ("column.order", "column.status", "column.placed", "column.ship_by", "column.country", "column.total")
    rows = tuple((o.id, Term(f"status.{o.status}"), o.placed_at, o.ship_by, o.country, o.total) for o in found)
    total = orders.queue_count(ctx.db, ctx.actor, status, ctx.now)
    say = (phrase("say.queue", n=total, what=what), *(line(ctx, order) for order in found[:5]))
    return ToolResult("\n".join(map(summary, found)), say, Table(columns, rows))


def by_title(ctx: Context, unclear: Unclear) -> int | None:
    """The one candidate whose goods the person's words name ("the kettle one"), or None."""
    found = [orders.find(ctx.db, ctx.actor, order_id) for order_id in unclear.candidates]
    if not ctx.message or len(found) < 2:
        return None
    said = [ctx.message, *filter(None, map(str.strip, _CLAUSE.split(ctx.message)[:CLAUSES]))]
    titles = [name for order in found for name in (order.title, order.items[0].product.title("en"))]
    vectors = ctx.world.encode([*said, *titles])
    near = (vectors[len(said) :] @ vectors[: len(said)].T).reshape(len(found), -1).max(axis=1)
    first, second = sorted(near, reverse=True)[:2]
    return found[int(near.argmax())].id if first >= NEAR and first - second >= APART else None


def ask(ctx: Context, unclear: Unclear) -> ToolResult:
    """Ask which of several orders is meant."""
    found = [orders.find(ctx.db, ctx.actor, order_id) for order_id in unclear.candidates]
    candidates = tuple(Candidate(order.id, title(ctx, order), str(order.id)) for order in found)
    say = (phrase(unclear.key, **unclear.values), *(line(ctx, order) for order in found))
    text = "Ask which order: " + "; ".join(map(summary, found))
    return ToolResult(text, say, Question(candidates))


def view(order: Order) -> OrderView:
    """Draw an order."""
    lines = tuple(
        Line(item.product_id, item.title, item.quantity, type(order.total)(item.unit_minor, order.currency))
        for item in order.items
    )
    return OrderView(order.id, order.status, order.placed_at, lines, order.total, _address(order))


def summary(order: Order) -> str:
    """An order in the canonical form that the model reads."""
    return f"order {order.id}: {order.title}, {order.status}, placed {order.placed_at:%Y-%m-%d}, {order.total}"


def title(ctx: Context, order: Order) -> str:
    """What an order holds first, in the reader's language; as it was sold, if the product lacks that language."""
    if not order.items:
        return ""
    texts = {text.language: text.title for text in order.items[0].product.texts}
    return texts.get(supported(ctx.actor.language), order.title)


def line(ctx: Context, order: Order) -> Phrase:
    """An order as one line for the reader."""
    return phrase(
        "say.order", order=order.id, title=title(ctx, order), status=Term(f"status.{order.status}"),
        placed=order.placed_at.date(), total=order.total,
    )  # fmt: skip


def _address(order: Order) -> str:
    return f"{order.name}, {order.street}, {order.postal_code} {order.city}, {order.country}"
