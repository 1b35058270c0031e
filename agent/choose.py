"""At most six tools for a role and a message: a small classifier's guess, and what the conversation suggests."""

import re
from collections.abc import Callable, Mapping, Sequence

from agent import addresses, mentions
from agent.schema import REPLIES
from agent.turn import Wanted
from shop.people import Role
from tools import Tool, of
from tools.base import STAFF

MOST = 6
FLOOR = {"tools": 0.5, "model": 0.05}
"""The share of the likeliest label's probability under which a label is not offered, by what words the answers.

A small model chooses worse than the classifier, so it decides near ties only; a large one chooses better.
"""

RULES_AT_THE_DESK = 0.5  # merchants ask about rules about half as often as shoppers, on whom the classifier was trained
CLEAR = 0.5  # a probability from which a message is understood without what was said before
SURE = 0.8  # a probability from which a part of a message is a wish of its own
PROBABLE = 0.5  # the same for a part that names an id
QUOTING = 15  # characters that must be left beside a quotation
NAME = 16  # characters of a quotation that may be a name or a number
SHORT = 4  # characters: a shorter part is no wish

_OF_ORDERS = ("my_orders", "track_order", "cancel_order", "return_order", "change_address")
_SEAM = re.compile(  # where one wish may end and the next begin
    r"[.;!?。；！？،؟\n]+|,\s*(?=and |then )|\s+(?:and|then|also|y|e|et|und|ve|и|와)\s+|，"
    r"|、(?=再|并|然后)|\sو(?=\w)|そして|それと|그리고|してから|并且|然后|另外|顺便"
)
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|„[^“”]*[“”]|「[^」]*」|『[^』]*』|\"[^\"]*\"|《[^》]*》")
_INTRODUCED = re.compile(rf"(?:[^.,;!?。，；！？،؛\n]*[:：]\s*)?(?:{_QUOTED.pattern})")
_FOLLOW_UPS: Mapping[str, tuple[str, ...]] = {
    "search_products": ("show_product", "compare_products", "search_products"),
    "show_product": ("search_products", "compare_products"),
    "compare_products": ("show_product", "search_products"),
    "my_orders": ("track_order", "cancel_order", "return_order"),
    "track_order": ("track_order", "call_human"),
    "sales_summary": ("sales_summary",),
}


def choose(role: Role, scores: Mapping[str, float], used: Sequence[str], answers: str = "tools") -> tuple[Tool, ...]:
    """Pick tools for a message: by the classifier's scores, with room for what follows the tools used before.

    `scores` are probabilities by label (tools, and `reply:…`).
    """
    allowed = {tool.name: tool for tool in of(role)}
    top = _top(role, scores)
    floor = FLOOR[answers] * top
    likely = sorted((name for name in allowed if scores.get(name, 0.0) > floor), key=lambda name: -scores[name])
    usual = _FOLLOW_UPS.get(used[-1] if used else "", ()) if top < CLEAR else ()
    follow = [name for name in usual if name in allowed]
    first = likely[: MOST - len(follow)]
    chosen = list(dict.fromkeys((*first, *follow)))[:MOST]
    return tuple(tool for name, tool in allowed.items() if name in chosen)


def replies(role: Role, scores: Mapping[str, float], answers: str = "tools") -> tuple[str, ...]:
    """The kinds of plain reply worth offering, by the same measure."""
    floor = FLOOR[answers] * _top(role, scores)
    return tuple(kind for kind in REPLIES if scores.get(f"reply:{kind}", 0.0) > floor)


def wanted(role: Role, intent: Callable[[str], Mapping[str, float]], message: str) -> tuple[Wanted, ...]:
    """The parts of a message that surely ask for different tools, in order; empty when it is one wish.

    A part that holds an id of its own needs less certainty. Of what is wanted of orders, each must name its own: "it is
    not opened, I send it back" is one wish.
    """
    parts = [part.strip() for part in _SEAM.split(message) if part and len(part.strip()) > SHORT]
    if not 2 <= len(parts) <= 4:
        return ()
    allowed = {tool.name for tool in of(role)}
    found: dict[str, Wanted] = {}
    for part in parts:
        name, score = max(intent(part).items(), key=lambda item: item[1])
        if name == "change_address" and not any(char.isdigit() for char in part):
            continue
        if name in allowed and score >= (PROBABLE if any(char.isdigit() for char in part) else SURE):
            found.setdefault(name, Wanted(name, part))
    ordered = [one for one in found.values() if one.tool in _OF_ORDERS]
    if len(ordered) > 1 and len({_order(one.part) for one in ordered} - {0}) < len(ordered):
        whole = intent(message)
        best = max(ordered, key=lambda one: whole.get(one.tool, 0.0))
        found = {one.tool: one for one in found.values() if one is best or one not in ordered}
    return tuple(found.values()) if len(found) > 1 else ()


def at_desk(role: Role, scores: Mapping[str, float]) -> Mapping[str, float]:
    """The probabilities as they are for a role."""
    if role not in STAFF:
        return scores
    return {**scores, "find_policy": scores.get("find_policy", 0.0) * RULES_AT_THE_DESK}


def _order(part: str) -> int:
    """The order number in a part, 0 for none; a postal code is none."""
    address = addresses.read(part)
    named = [number for number in mentions.in_words(part).orders if not address or str(number) not in str(address)]
    return named[0] if named else 0


def _top(role: Role, scores: Mapping[str, float]) -> float:
    """The probability of the likeliest label that the role may use."""
    labels = [*(tool.name for tool in of(role)), *(f"reply:{kind}" for kind in REPLIES)]
    return max(scores.get(label, 0.0) for label in labels)


def plain(message: str) -> str:
    """A message without what it quotes, where enough is left: a quoted text is not a wish, but a name may be quoted."""
    for quoted in (_INTRODUCED, _QUOTED):
        kept = quoted.sub(lambda quote: quote.group() if len(quote.group()) <= NAME else " ", message)
        rest = " ".join(kept.split())
        if len(rest) >= QUOTING:
            return rest
    return message
