"""Parties against a sanctions list."""

from shop.errors import ShopError
from shop.wording import Percent
from tools.base import STAFF, Context, ToolResult, phrase, tool
from tools.views import Table

LONGEST = 120  # characters of a name that are compared


@tool(roles=STAFF)
def screen_party(ctx: Context, name: str = "") -> ToolResult:
    """Check a buyer's, supplier's or company's name against the sanctions list, in any script.

    Args:
        name: The name as it was written, such as Ivan Petrov or 王伟.
    """
    asked = " ".join(name.split())[:LONGEST]
    if not any(map(str.isalpha, asked)):
        raise ShopError("error.no_name")
    if ctx.world.sanctions is None:
        raise ShopError("error.no_list")
    listed = ctx.world.sanctions()
    hits = listed.search(asked)
    if not hits:
        say = (phrase("say.screen_none", name=asked, day=listed.day),)
        return ToolResult(f"No listed name is like {asked} (list of {listed.day}).", say)
    found = (
        phrase("say.screen", name=asked, day=listed.day, n=len(hits)),
        *(phrase("say.screen_row", listed=h.name, program=h.entry.program, share=Percent(h.score)) for h in hits),
    )
    rows = tuple((hit.name, hit.entry.kind, hit.entry.program, Percent(hit.score)) for hit in hits)
    text = f"Listed names like {asked} (list of {listed.day}): " + "; ".join(f"{h.name} {h.score:.2f}" for h in hits)
    return ToolResult(text, found, Table(("column.listed", "column.kind", "column.program", "column.alike"), rows))
