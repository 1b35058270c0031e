"""Arguments that stand in the person's own words: bounds, order, period, reason. The words win over the model."""

from decimal import Decimal

from agent import cues
from agent.turn import Turn
from retrieval.understand import Wishes, understand

_BOUNDS = ("max_price", "min_price", "currency")


def read(turn: Turn, tool: str, arguments: dict[str, object]) -> dict[str, object]:
    """Return the arguments of a tool that the words of this turn, or of the search before it, give."""
    words = turn.message
    match tool:
        case "search_products":
            return _search(turn, str(arguments.get("query") or words))
        case "show_product" if turn.listed and cues.find("ordinal", words):
            chosen = cues.ordinal(words, turn.listed)
            return {"product_id": chosen} if chosen else {}
        case "find_policy":
            return {"question": words}
        case "call_human":
            return {"summary": words[:500]}
        case "return_order":
            return {"reason": cues.find("reason", words) or "other", "note": words[:300]}
        case "my_orders":
            return {"status": cues.find("orders", words) or arguments.get("status") or "all"}
        case "order_queue":
            return _first("status", cues.find("queue", words))
        case "sales_summary":
            return _first("period", cues.find("period", words)) | _first("group_by", cues.find("group", words))
        case _:
            return {}


def _search(turn: Turn, query: str) -> dict[str, object]:
    wish = understand(turn.message, turn.language)
    before = turn.last_search or {}
    found = _bounds(wish)
    if before and _goes_on(turn, wish):
        query = f"{before.get('query', '')} {wish.rest}".strip()
        if not {"max_price", "min_price"} & found.keys():
            found = {name: before[name] for name in _BOUNDS if before.get(name) is not None} | found
    else:
        query = understand(query, turn.language).rest or wish.rest or query
    return {"query": query} | found


def _bounds(wish: Wishes) -> dict[str, object]:
    named: dict[str, object] = {
        "max_price": _number(wish.max_price), "min_price": _number(wish.min_price), "currency": wish.currency,
        "sort": wish.sort, "category": wish.category, "in_stock": wish.in_stock or None,
    }  # fmt: skip
    return {name: value for name, value in named.items() if value is not None}


def _goes_on(turn: Turn, wish: Wishes) -> bool:
    """Whether a search refines the one before it: little is left of the message without its bounds."""
    rest = wish.rest.strip()
    if not rest:
        return True
    return cues.find("follow_up", turn.message) is not None and len(rest) <= 40


def _first(name: str, value: str | None) -> dict[str, object]:
    return {} if value is None else {name: value}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
