"""The shop's rules, quoted."""

from shop import policies
from tools.base import EVERYONE, Citation, Context, ToolResult, phrase, tool


@tool(roles=EVERYONE)
def find_policy(ctx: Context, question: str) -> ToolResult:
    """Look up a rule of the shop: returns, refunds, shipping times, customs, payment, warranty, privacy, fees.

    Args:
        question: The question in the customer's words.
    """
    asked = ctx.message or question
    hits = ctx.world.policies.search(asked, ctx.actor.language, 2)
    if not hits:
        return ToolResult("No rule says anything about that.", (phrase("say.no_rule"),))
    found = [policies.find(hit.passage_id, ctx.actor.language) for hit in hits]
    citations = tuple(Citation(passage.id, passage.title, passage.text) for passage in found)
    first = citations[0]
    say = (phrase("say.rule", title=first.title, text=first.text, passage=first.passage_id),)
    text = "\n".join(f"[{c.passage_id}] {policies.find(c.passage_id, 'en').text}" for c in citations)
    return ToolResult(text, say, citations=citations)
