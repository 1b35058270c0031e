"""Arguments must come from the conversation: what a small model made up is dropped before a tool sees it."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from agent import wishes
from agent.addresses import Address
from agent.grounding import numbers
from agent.history import NO_ADDRESS
from agent.turn import Turn
from shop.errors import ShopError

_SHARED = 0.5
"""The share of a text argument's words that must stand in the conversation, else the user's own words replace it."""


def clean(turn: Turn, name: str, arguments: dict[str, object]) -> dict[str, object]:
    """Return the arguments without what nobody said. Raises ShopError where something needed was never said."""
    kept = _ids(turn, arguments)
    if name == "change_address":
        _address(turn, kept)
    if turn.answers == "tools":
        kept = _texts(turn, name, _prices(turn, kept))
    if turn.is_terse:
        kept |= wishes.read(turn, name, kept)
    return kept


def _ids(turn: Turn, arguments: dict[str, object]) -> dict[str, object]:
    """Ids must stand in the user's words or in earlier results."""
    known = turn.known
    allowed: dict[str, tuple[object, ...]] = {
        "order_id": (*known.orders, *known.numbers),
        "ticket_id": (*known.tickets, *known.numbers),
        "product_id": (*known.products, *known.numbers),
        "tracking": known.trackings,
    }
    kept = {k: v for k, v in arguments.items() if k not in allowed or v in allowed[k]}
    chosen = kept.get("product_ids")
    if isinstance(chosen, list):
        kept["product_ids"] = [one for one in chosen if one in allowed["product_id"]]
    return kept


def _address(turn: Turn, arguments: dict[str, object]) -> None:
    """An address is changed to what the person wrote, letter by letter."""
    said = _plain(turn.said)
    read = turn.address if turn.is_terse else None
    arguments |= read._asdict() if read else {}
    for part in () if read else Address._fields:
        if not _plain(str(arguments.get(part, ""))) or _plain(str(arguments[part])) not in said:
            raise ShopError(NO_ADDRESS)
    country = arguments.get("country")
    if country and _plain(str(country)) not in said.split() and len(str(country)) == 2:
        arguments.pop("country")


def _prices(turn: Turn, arguments: dict[str, object]) -> dict[str, object]:
    """A price bound must be a number that the person wrote."""
    said = frozenset(numbers(turn.said))
    return {k: v for k, v in arguments.items() if k not in ("max_price", "min_price") or _decimal(v) in said}


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _texts(turn: Turn, name: str, arguments: dict[str, object]) -> dict[str, object]:
    """Free text must be made of the conversation's words."""
    kept = dict(arguments)
    for part, instead in (("query", turn.message), ("question", turn.message), ("summary", turn.message),
                          ("note", ""), ("text", "")):  # fmt: skip
        text = str(kept.get(part, ""))
        if text and _overlap(text, turn.said) < _SHARED:
            kept[part] = instead
    if name == "search_products" and not kept.get("query"):
        kept["query"] = turn.message
    return kept


def _overlap(text: str, said: str) -> float:
    units, known = _units(text), _units(said)
    return len(units & known) / len(units) if units else 1.0


def _units(text: str) -> set[str]:
    """Words, and single characters of scripts that write without spaces."""
    return set(re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+", _plain(text)))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
