"""Without a language model: the classifier names the tool, the words give the arguments, a template answers."""

from dataclasses import replace

from agent import cues, mentions, toolbox
from agent.choose import SURE
from agent.schema import REPLIES
from agent.turn import Turn
from shop.people import Role

_ORDERS = ("my_orders", "track_order", "cancel_order", "return_order", "change_address")
_SHORT = 40  # characters of a message that may be no more than a refinement, or the answer to a question


def work(turn: Turn) -> None:
    """Decide on one call a wish, or on a reply, and run it; the record is in the turn."""
    for tool, part in turn.wanted:
        _run(turn, tool, part)
    if turn.wanted:
        return
    label = _best(turn)
    if label.startswith("reply:"):
        turn.reply = label.removeprefix("reply:")
    elif label in _ORDERS and turn.actor.role is Role.GUEST:
        turn.reply = "sign_in"
    else:
        _run(turn, label, turn.message)


def resume(turn: Turn) -> bool:
    """Act on the answer to the last answer's question ("1014", "the kettle one"); no model is needed for that.

    Tells whether it could: the message names one of the ids asked for, or in few words the goods of one.
    """
    asked = turn.asked
    if asked is None or asked.tool == "answer_ticket":
        return False
    other = max((turn.scores.get(name, 0.0) for name in _ORDERS if name != asked.tool), default=0.0)
    named = [number for number in asked.ids if number in mentions.in_words(turn.message).numbers]
    if other >= SURE or len(named) > 1 or (not named and len(turn.message) > _SHORT):
        return False
    values = {**asked.arguments, **({"order_id": named[0]} if named else {})}
    done = toolbox.call(turn, asked.tool, values, is_resumed=True)
    if not named and (done.result is None or done.result.asks):
        return False
    turn.calls.append(done)
    return True


def _run(turn: Turn, tool: str, words: str) -> None:
    values = arguments(turn, tool, words)
    if values is None and not turn.known.products:
        tool, values = "search_products", {"query": words}
    if values is None:
        turn.reply = "which_product"
        return
    turn.calls.append(toolbox.call(replace(turn, message=words, calls=turn.calls), tool, values))


def _best(turn: Turn) -> str:
    """The likeliest label that this person may use; a guest may ask for what needs a sign-in."""
    if turn.ruled:
        return turn.ruled
    names = {tool.name for tool in turn.offered} | {f"reply:{kind}" for kind in REPLIES}
    if turn.actor.role is Role.GUEST:
        names |= set(_ORDERS)
    return max(names, key=lambda name: turn.scores.get(name, 0.0))


def arguments(turn: Turn, tool: str, words: str) -> dict[str, object] | None:
    """Read a tool's arguments out of the words; None where a product must be named and is not."""
    known, own = turn.known, mentions.in_words(words)
    order: dict[str, object] = {"order_id": own.orders[0]} if own.orders else {}
    match tool:
        case "search_products":
            return {"query": words}
        case "show_product":
            chosen = cues.ordinal(words, turn.listed or known.products)
            return None if chosen is None else {"product_id": chosen}
        case "compare_products":
            return {"product_ids": list(known.products[:2])} if len(known.products) > 1 else None
        case "find_policy":
            return {"question": words}
        case "ask_sales" | "explain_change" | "watch_measure":
            return {"question": turn.question or words}
        case "call_human":
            return {"summary": words[:500], **order}
        case "track_order":
            return {"tracking": own.trackings[0]} if own.trackings else order
        case "change_address":
            return {**order, "street": "", "city": "", "postal_code": ""}  # agent.provenance puts the words' own in
        case "classify_goods":
            return {"title": words}
        case "answer_ticket":
            return cues.ticket_answer(words, own.tickets)
        case "review_queue" | "risk_report" | "screen_party":
            return {}
        case _:  # the rest is read by agent.wishes for every turn
            return order
