"""At most six tools for a role and a message: a small classifier's guess, and what the conversation suggests."""

from collections.abc import Mapping, Sequence

from agent.loop import of
from shop.people import Role
from tools import Tool

MOST = 6
_FOLLOW_UPS: Mapping[str, tuple[str, ...]] = {
    "search_products": ("show_product", "compare_products", "search_products"),
    "show_product": ("search_products", "compare_products"),
    "compare_products": ("show_product", "search_products"),
    "my_orders": ("track_order", "cancel_order", "return_order"),
    "track_order": ("track_order", "call_human"),
    "sales_summary": ("sales_summary",),
}


def choose(role: Role, scores: Mapping[str, float], used: Sequence[str]) -> tuple[Tool, ...]:
    """Pick tools for a message: by the classifier's scores, with room for what follows the tools used before.

    `scores` are probabilities by label (tools, and `reply:…`, which is always possible and not counted here).
    """
    allowed = {tool.name: tool for tool in of(role)}
    likely = sorted(allowed, key=lambda name: -scores.get(name, 0.0))
    follow = [name for name in _FOLLOW_UPS.get(used[-1] if used else "", ()) if name in allowed]
    first = likely[: MOST - len(follow)]
    chosen = list(dict.fromkeys((*first, *follow, *likely)))[:MOST]
    return tuple(tool for name, tool in allowed.items() if name in chosen)
