"""People: calling one, and answering as one."""

from shop import tickets
from tools.base import CUSTOMERS, STAFF, Context, ToolResult, phrase, tool
from tools.views import Candidate, Question


@tool(roles=CUSTOMERS, writes=True)
def call_human(ctx: Context, summary: str, order_id: int | None = None) -> ToolResult:
    """Hand over to a person of the shop, when the customer wants one or complains.

    Args:
        summary: What the person should know, one sentence in the customer's words.
        order_id: The order it is about, only if the customer named one.
    """
    ticket = tickets.open_ticket(ctx.db, ctx.actor, summary, order_id, ctx.now)
    return ToolResult(f"Ticket for a person: {summary}", (phrase("say.ticket", summary=ticket.summary),))


@tool(roles=STAFF, writes=True)
def answer_ticket(ctx: Context, ticket_id: int | None = None, text: str = "") -> ToolResult:
    """List the customers' open tickets, or answer one of them. The merchant confirms.

    Args:
        ticket_id: The ticket's number, such as 501; leave out to list the open ones.
        text: The answer to the customer, in the merchant's words; leave out to list.
    """
    if ticket_id is None or not text:
        return _waiting(ctx, ticket_id)
    ticket = tickets.answer(ctx.db, ctx.actor, ticket_id, text, ctx.now)
    say = (phrase("say.answer", ticket=ticket.id, summary=ticket.summary, text=text),)
    return ToolResult(f"Answer to ticket {ticket.id}: {text}", say, pinned={"ticket_id": ticket.id})


def _waiting(ctx: Context, ticket_id: int | None) -> ToolResult:
    found = tickets.waiting(ctx.db, ctx.actor)
    if ticket_id is not None:
        found = [tickets.find(ctx.db, ctx.actor, ticket_id)]
    say = [phrase("say.tickets", n=len(found))]
    say += [phrase("say.open_ticket", ticket=t.id, summary=t.summary, day=t.opened_at.date()) for t in found]
    lines = "\n".join(f"ticket {t.id} ({t.opened_at:%Y-%m-%d}): {t.summary}" for t in found)
    candidates = tuple(Candidate(t.id, t.summary, str(t.id)) for t in found)
    return ToolResult(lines or "No open tickets.", tuple(say), Question(candidates))
