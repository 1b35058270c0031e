"""The beginning of a turn: what the message and the conversation make known, and what needs no thought."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from agent import choose, cues, history, mentions
from agent.mentions import Mentions
from agent.schema import REPLIES
from agent.turn import Turn
from shop import products
from shop.errors import ShopError
from shop.people import Actor, Role
from shop.tables import Turn as Row
from tools import TOOLS
from tools.base import SHOPPERS, World

LONGEST = 4000  # characters of a message that is answered
LIKELY = 0.5  # a probability from which a guest is told to sign in for what only shoppers can do
APPROVAL = 40  # characters of a message that may be no more than a "yes, do it"


def turn(
    world: World,
    actor: Actor,
    conversation_id: str,
    message: str,
    language: str,
    rows: Sequence[Row],
    intent: Callable[[str], Mapping[str, float]],
    answers: str,
) -> Turn:
    """Gather a turn: the reader's language and currency, the ids that may be named, the tools worth offering."""
    currency = history.currency(rows, message[:LONGEST], language) or actor.currency
    reader = replace(actor, language=language, currency=currency)
    scores = intent(choose.plain(message[:LONGEST]))
    return Turn(
        world,
        reader,
        conversation_id,
        message,
        history.words(rows, message),
        language,
        _resolved(world, reader, mentions.in_words(message[:LONGEST]) | history.known(rows)),
        offered=choose.choose(actor.role, scores, history.used(rows)),
        scores=scores,
        answers=answers,
        listed=history.listed(rows),
        last_search=history.last("search_products", rows),
        last_sales=history.last("sales_summary", rows) if history.used(rows)[-1:] == ["sales_summary"] else None,
        wanted=choose.wanted(actor.role, intent, choose.plain(message[:LONGEST])),
        asked=history.asked(rows),
    )


def at_once(turn: Turn, *, is_waiting: bool) -> str | None:
    """The kind of reply that needs no thought: nothing, too much, what needs a sign-in, or a "yes" that is no click."""
    message, scores = turn.message, turn.scores
    if len(message) > LONGEST:
        return "too_long"
    if not any(char.isalnum() for char in message):
        return "clarify" if message else "empty"
    wants = max((scores.get(name, 0.0) for name in TOOLS), default=0.0)
    if is_waiting and wants < choose.SURE and len(message) <= APPROVAL and cues.find("approval", message):
        return "click"
    best = max(scores, key=lambda name: scores[name], default="")
    if turn.actor.role is Role.GUEST and best in TOOLS and TOOLS[best].roles == SHOPPERS and scores[best] >= LIKELY:
        return "sign_in"
    return None


def replies(turn: Turn, *, is_waiting: bool) -> tuple[str, ...]:
    """The kinds of plain reply offered; a guest may have to sign in, and a click may be waited for."""
    kinds = choose.replies(turn.scores, REPLIES)
    kinds += ("sign_in",) if turn.actor.role is Role.GUEST else ()
    return (*kinds, "click") if is_waiting else kinds


def _resolved(world: World, actor: Actor, known: Mentions) -> Mentions:
    """Turn article numbers in the words into product ids."""
    found: list[int] = []
    with world.database.session() as db:
        for sku in known.skus[:4]:
            try:
                found.append(products.by_sku(db, actor, sku).id)
            except ShopError:
                continue
    return Mentions(products=tuple(found)) | known
