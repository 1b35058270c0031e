"""The shop's rules, quoted."""

from retrieval.policies import PolicyHit
from shop import policies
from tools.base import EVERYONE, STAFF, Citation, Context, ToolResult, phrase, tool

CLOSE = 0.2  # of a score: a merchants' rule this close to the best comes first for staff
MERCHANTS = "merchants"  # the topic of rules between the platform and its merchants


@tool(roles=EVERYONE)
def find_policy(ctx: Context, question: str) -> ToolResult:
    """Look up a rule of the shop: returns, refunds, shipping times, customs, payment, warranty, privacy, fees.

    Args:
        question: The question in the customer's words.
    """
    found = _for_role(ctx, ctx.world.policies.search(question, ctx.actor.language, 6))
    if not found:
        return ToolResult("No rule says anything about that.", (phrase("say.no_rule"),))
    citations = tuple(Citation(passage.id, passage.title, passage.text) for passage in found[:2])
    first = citations[0]
    say = (phrase("say.rule", title=first.title, text=first.text, passage=first.passage_id),)
    text = "\n".join(f"[{c.passage_id}] {policies.find(c.passage_id, 'en').text}" for c in citations)
    return ToolResult(text, say, citations=citations)


def _for_role(ctx: Context, hits: list[PolicyHit]) -> list[policies.Passage]:
    """Merchants' rules are for staff only, and come first for them when they answer about as well."""
    is_staff = ctx.actor.role in STAFF
    ranked = sorted(hits, key=lambda hit: -(hit.score + (CLOSE if is_staff and _is_merchants(hit) else 0.0)))
    return [policies.find(hit.passage_id, ctx.actor.language) for hit in ranked if is_staff or not _is_merchants(hit)]


def _is_merchants(hit: PolicyHit) -> bool:
    return hit.passage_id.startswith(f"{MERCHANTS}.")
