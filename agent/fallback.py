"""Without a language model: the classifier names the tool, the words give the arguments, a template answers."""

from collections.abc import Mapping

from agent import cues, toolbox
from agent.schema import REPLIES
from agent.turn import Turn
from shop.people import Role

_ORDERS = ("my_orders", "track_order", "cancel_order", "return_order", "change_address")


def work(turn: Turn, scores: Mapping[str, float]) -> None:
    """Decide on one call or reply and run it; the record is in the turn."""
    label = _best(turn, scores)
    if label.startswith("reply:"):
        turn.reply = label.removeprefix("reply:")
        return
    if label in _ORDERS and turn.actor.role is Role.GUEST:
        turn.reply = "sign_in"
        return
    values = arguments(turn, label)
    if values is None:
        turn.reply = "which_product"
        return
    turn.calls.append(toolbox.call(turn, label, values))


def _best(turn: Turn, scores: Mapping[str, float]) -> str:
    """The likeliest label that this person may use; a guest may ask for what needs a sign-in."""
    names = {tool.name for tool in turn.offered} | {f"reply:{kind}" for kind in REPLIES}
    if turn.actor.role is Role.GUEST:
        names |= set(_ORDERS)
    return max(names, key=lambda name: scores.get(name, 0.0))


def arguments(turn: Turn, tool: str) -> dict[str, object] | None:
    """Read a tool's arguments out of the words; None where a product must be named and is not."""
    known, words = turn.known, turn.message
    order = {"order_id": known.orders[0]} if known.orders and known.orders[0] in known.numbers else {}
    match tool:
        case "search_products":
            return {"query": words}
        case "show_product":
            chosen = cues.ordinal(words, known.products)
            return None if chosen is None else {"product_id": chosen}
        case "compare_products":
            return {"product_ids": list(known.products[:2])} if len(known.products) > 1 else None
        case "find_policy":
            return {"question": words}
        case "call_human":
            return {"summary": words[:500], **order}
        case "track_order":
            return {"tracking": known.trackings[0]} if known.trackings else dict(order)
        case "return_order":
            return {**order, "reason": cues.find("reason", words) or "other", "note": words[:300]}
        case "change_address":
            return {**order, **cues.address(words)}
        case "my_orders":
            return {"status": cues.find("orders", words) or "all"}
        case "sales_summary":
            return {
                "period": cues.find("period", words) or "last_30_days",
                "group_by": cues.find("group", words) or "none",
            }
        case "order_queue":
            return {"status": cues.find("queue", words) or "to_ship"}
        case "answer_ticket":
            return cues.ticket_answer(words, known.tickets)
        case _:
            return dict(order)
