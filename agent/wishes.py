"""Arguments that stand in the person's own words: period, reason, place in a list. The words win over the model."""

import re
import unicodedata
from collections.abc import Mapping

from agent import cues, mentions
from agent.choose import plain
from agent.turn import Turn
from retrieval import phrases
from retrieval.understand import Wishes, understand
from retrieval.words import fold
from shop import customs

SHARED = 0.5  # of the weight of a search's rare words that a product has
SPELLED = 12  # up to here a count is often spelled out
MEANT = 3  # letters: with fewer left, a message names no goods
_NUMBER = re.compile(r"(?<!\d)(\d{1,3})(?!\d)")
_BOUNDS = ("max_price", "min_price", "currency")  # what a refined search keeps of the one before


def read(turn: Turn, tool: str, arguments: dict[str, object]) -> dict[str, object]:
    """Return the arguments of a tool that the words of this turn, or of the search before it, give."""
    words = turn.words(tool)
    where = f"{arguments.get('street')} {arguments.get('postal_code')}"  # its numbers are no order's
    order = _order(turn, words, where)
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
            return {
                "reason": cues.find("reason", words) or arguments.get("reason") or "other",
                "note": words[:300],
            } | order
        case "track_order" if not arguments.get("tracking"):
            return order
        case "cancel_order" | "change_address":
            return order
        case "my_orders":
            return {"status": cues.find("orders", words) or arguments.get("status") or "all"}
        case "landed_cost":
            return _landed(turn, words, arguments)
        case _:
            return _at_the_desk(turn, tool, words, order)


def _at_the_desk(turn: Turn, tool: str, words: str, order: dict[str, object]) -> dict[str, object]:
    """The same for the tools that only merchants and operators have."""
    match tool:
        case "order_queue":
            return _first("status", cues.find("queue", words))
        case "ask_sales" | "explain_change" | "watch_measure":
            return {"question": turn.question or words}
        case "sales_summary":
            named = _first("period", cues.find("period", words)) | _first("group_by", cues.find("group", words))
            return {**(turn.last_sales or {}), **named} if named else named
        case "risk_report":
            return _first("period", cues.find("period", words))
        case "score_order":
            return order
        case "hold_order":
            return {"action": cues.find("hold", words) or "hold", "note": words[:300]} | order
        case "screen_party":
            return {"name": cues.party(words)}
        case "classify_goods":
            return {"title": goods_named(words)}
        case "forecast_demand":
            return (
                _first("category", understand(words, turn.language).category)
                | _one_product(turn, words)
                | _horizon(words)
            )
        case _:
            return {}


def _landed(turn: Turn, words: str, arguments: Mapping[str, object]) -> dict[str, object]:
    """The product that is pointed at, the way, and a country only if somebody named it in this conversation."""
    named = customs.named(words) or customs.named(turn.said)
    country = named if customs.named(words) or arguments.get("country") == named else None
    ways = _first("service", cues.find("service", words)) | _first("terms", cues.find("terms", words))
    said = mentions.in_words(words).numbers
    many = arguments.get("quantity")
    is_said = many in said or (isinstance(many, int) and 1 <= many <= SPELLED)
    count: dict[str, object] = {} if is_said else {"quantity": 1}  # the tool reads "3 pieces" itself
    return {"country": country} | count | _one_product(turn, words) | ways


def _one_product(turn: Turn, words: str) -> dict[str, object]:
    """The product that "the second one" or "it" means among those listed last."""
    if mentions.in_words(words).skus and turn.known.products:
        return {"product_id": turn.known.products[0]}
    if (number := mentions.of_product(words)) is not None:
        return {"product_id": number}
    if not turn.listed or not (cues.find("ordinal", words) or cues.find("pointing", words)):
        return {}
    return {"product_id": cues.ordinal(words, turn.listed)}


def _horizon(words: str) -> dict[str, object]:
    """How many weeks ahead the words name: a number, with what is counted."""
    unit = cues.find("span", words)
    number = _NUMBER.search(unicodedata.normalize("NFKC", words))
    if unit is None:
        return {}
    return {"weeks": (int(number[1]) if number else 1) * int(unit)}


def goods_named(words: str) -> str:
    """The goods in a question for a customs code: what stands in quotes or behind a colon, else all of it."""
    if said := cues.quoted(words):
        return said
    tail = re.split("[:：]", words)[-1].strip()
    return tail if len(tail) >= MEANT else words


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
    if turn.ruled == "search_products" and not _names_goods(turn, _uncoloured(rest, wish.colour)):
        return True
    if sum(map(str.isalpha, rest)) < MEANT:
        return True
    return cues.find("follow_up", turn.message) is not None and len(rest) <= 40


def _uncoloured(rest: str, colour: str | None) -> str:
    """Words without the name of a colour, folded."""
    return phrases.load().colour[colour].sub(" ", fold(rest)) if colour else rest


def _names_goods(turn: Turn, rest: str) -> bool:
    """Whether words share a rare one with a product, so that they name what is looked for, not how it should be."""
    hits = turn.world.products.search(rest, 1) if sum(map(str.isalpha, rest)) >= MEANT else []
    return bool(hits) and hits[0].lexical >= SHARED


def _order(turn: Turn, words: str, where: str) -> dict[str, object]:
    """The one order that is named; if some are the person's own, other numbers are amounts or parts of an address."""
    numbers = [number for number in mentions.in_words(plain(words)).orders if str(number) not in where]
    named = [number for number in numbers if number in turn.own] or numbers or list(turn.own)
    if not named and (number := mentions.of_order(words)) is not None:
        return {"order_id": number}
    return {"order_id": named[0]} if len(named) == 1 else {}


def _first(name: str, value: str | None) -> dict[str, object]:
    return {} if value is None else {name: value}
