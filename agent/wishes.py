"""Arguments that stand in the person's own words: period, reason, place in a list. The words win over the model."""

from collections.abc import Mapping

from agent import cues, mentions
from agent.choose import plain
from agent.turn import Turn
from retrieval.understand import Wishes, understand

MEANT = 3  # letters: with fewer left, a message names no goods
_BOUNDS = ("max_price", "min_price", "currency")  # what a refined search keeps of the one before


def read(turn: Turn, tool: str, arguments: dict[str, object]) -> dict[str, object]:
    """Return the arguments of a tool that the words of this turn, or of the search before it, give."""
    words = turn.words(tool)
    where = f"{arguments.get('street')} {arguments.get('postal_code')}"  # its numbers are no order's
    own = [number for number in mentions.in_words(words).orders if str(number) not in where]
    order: dict[str, object] = {"order_id": own[0]} if len(own) == 1 else {}
    match tool:
        case "search_products":
            return _search(turn, str(arguments.get("query") or words))
        case "show_product" if turn.listed and cues.find("ordinal", words):
            chosen = cues.ordinal(words, turn.listed)
            return {"product_id": chosen} if chosen else {}
        case "find_policy":
            return {"question": plain(words)}
        case "call_human":
            return {"summary": words[:500]} | order
        case "return_order":
            return {"reason": cues.find("reason", words) or "other", "note": words[:300]} | order
        case "track_order" if not arguments.get("tracking"):
            return order
        case "change_address":
            return _street(words.replace(str(own[0]), "", 1) if own else words, arguments) | order
        case "cancel_order":
            return order
        case "my_orders":
            return {"status": cues.find("orders", words) or arguments.get("status") or "all"}
        case "order_queue":
            return _first("status", cues.find("queue", words))
        case "ask_sales" | "explain_change" | "watch_measure":
            return {"question": turn.question or words}
        case "sales_summary":
            named = _first("period", cues.find("period", words)) | _first("group_by", cues.find("group", words))
            return {**(turn.last_sales or {}), **named} if named else named
        case _:
            return {}


def _search(turn: Turn, query: str) -> dict[str, object]:
    """Join a search that refines the last one with that one; the tool itself reads bounds out of the words."""
    wish = understand(turn.message, turn.language)
    before = turn.last_search
    if not before or not _goes_on(turn, wish):
        copied = set(query.casefold().split()) <= set(turn.message.casefold().split())
        return {"query": query if copied else wish.rest or query}
    kept: dict[str, object] = {"query": f"{before.get('query', '')} {wish.rest}".strip()}
    if wish.max_price is None and wish.min_price is None:
        kept |= {name: before[name] for name in _BOUNDS if before.get(name) is not None}
    return kept


def _goes_on(turn: Turn, wish: Wishes) -> bool:
    """Whether a search refines the one before it: little is left of the message without its bounds."""
    rest = wish.rest.strip()
    if sum(map(str.isalpha, rest)) < MEANT:
        return True
    return cues.find("follow_up", turn.message) is not None and len(rest) <= 40


def _street(words: str, arguments: Mapping[str, object]) -> dict[str, object]:
    """The street with its number, where the model left the number out."""
    street = str(cues.address(words)["street"])
    return {"street": street} if str(arguments.get("street", "")) in street else {}


def _first(name: str, value: str | None) -> dict[str, object]:
    return {} if value is None else {name: value}
