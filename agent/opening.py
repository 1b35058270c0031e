"""The beginning of a turn: what the message and the conversation make known, and what needs no thought."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from agent import addresses, choose, cues, figures, history, mentions
from agent.figures import Routed
from agent.mentions import Mentions
from agent.turn import Turn, Wanted
from retrieval.understand import Wishes, understand
from shop import orders, products
from shop.errors import ShopError
from shop.people import Actor, Role
from shop.tables import Turn as Row
from tools import TOOLS, of
from tools.base import CUSTOMERS, SHOPPERS, STAFF, Context, Tool, World

LONGEST = 4000  # characters of a message that is answered
LIKELY = 0.5  # a probability from which a plain reply is given at once, or a guest is told to sign in
_SHOPPING = ("search_products", "show_product", "compare_products", "reply:clarify", "reply:out_of_scope")
REFINEMENT = 60  # characters of a message that may only say how what was found should be
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
    words = choose.plain(message[:LONGEST])
    scores = choose.at_desk(actor.role, intent(words))
    known = _resolved(world, reader, mentions.in_words(message[:LONGEST]) | history.known(rows))
    wanted = choose.wanted(actor.role, intent, words)
    offered = choose.choose(actor.role, scores, history.used(rows), answers)
    wish = understand(words, language)
    last = history.used(rows)[-1:]
    plain = _plainly(message, words, rows)
    routed = _routed(world, reader, words, scores, rows) if not wanted and plain is None else None
    ruled = plain or (routed.tool if routed else _ruled(words, wish, scores, history.listed(rows), last))
    spoken = rows[-2].text if plain == "change_address" and len(rows) > 1 else message[:LONGEST]
    return Turn(
        world, reader, conversation_id, message, history.words(rows, message), language, known,
        offered=(TOOLS[ruled],) if ruled else _fitting(actor.role, offered, known, wish, words, wanted, scores),
        ruled=ruled,
        scores=scores,
        answers=answers,
        listed=history.listed(rows),
        last_search=history.last("search_products", rows),
        last_sales=history.last("sales_summary", rows) if last == ["sales_summary"] else None,
        question=routed.question if routed else None,
        is_settled=routed is not None and routed.is_settled,
        wanted=wanted,
        asked=history.asked(rows),
        own=_own(world, reader, spoken),
    )  # fmt: skip


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
    if (
        turn.answers == "tools"
        and best.startswith("reply:")
        and scores[best] >= LIKELY
        and turn.asked is None
        and not turn.ruled
    ):
        return best.removeprefix("reply:")
    return None


def replies(turn: Turn, *, is_waiting: bool) -> tuple[str, ...]:
    """The kinds of plain reply offered; a guest may have to sign in, and a click may be waited for."""
    if turn.ruled or turn.wanted:
        return ()
    kinds = choose.replies(turn.actor.role, turn.scores, turn.answers)
    own = max(turn.scores.get(name, 0.0) for name, tool in TOOLS.items() if tool.roles == SHOPPERS)
    is_own = own > choose.FLOOR[turn.answers] * max(turn.scores.values(), default=0.0)
    kinds += ("sign_in",) if turn.actor.role is Role.GUEST and is_own else ()
    may_approve = is_waiting and cues.find("approval", turn.message[:LONGEST]) is not None
    return (*kinds, "click") if may_approve else kinds


def _plainly(message: str, words: str, rows: Sequence[Row]) -> str | None:
    """The tool that goes on whatever else the words could mean: the address that was asked for, "and by country?"."""
    if history.awaits_address(rows) and addresses.read(message[:LONGEST]) is not None:
        return "change_address"
    return "sales_summary" if _regrouped(words, history.used(rows)[-1:]) else None


def _routed(
    world: World, actor: Actor, words: str, scores: Mapping[str, float], rows: Sequence[Row]
) -> Routed | None:  # fmt: skip
    if actor.role not in STAFF:
        return None
    with world.database.session() as db:
        return figures.route(Context(actor, db, world, words), words, scores, rows)


def _ruled(
    words: str, wish: Wishes, scores: Mapping[str, float], listed: Sequence[int], last: Sequence[str]
) -> str | None:
    """The tool that the conversation before makes plain: "the second one", "and by country", "in blue?"."""
    best = max(scores, key=lambda name: scores[name], default="")
    if listed and cues.find("ordinal", words) and scores.get("compare_products", 0.0) < choose.SURE:
        others = ("landed_cost", "forecast_demand")  # these, too, may be about one of those listed
        likely = max(("show_product", *others), key=lambda name: scores.get(name, 0.0))
        return likely if scores.get(likely, 0.0) >= LIKELY else "show_product"
    is_short = len(words) <= APPROVAL
    if last == ["search_products"] and len(words) <= REFINEMENT and best in _SHOPPING and wish.narrows:
        return "search_products"
    if last == ["sales_summary"] and is_short and cues.find("period", words):
        return "sales_summary"
    return None


def _regrouped(words: str, last: Sequence[str]) -> bool:
    """Whether a short message asks for the last overview by something else: "and by country?"."""
    return last == ["sales_summary"] and len(words) <= APPROVAL and cues.find("group", words) is not None


def _fitting(
    role: Role,
    offered: Sequence[Tool],
    known: Mentions,
    wish: Wishes,
    words: str,
    wanted: Sequence[Wanted],
    scores: Mapping[str, float],
) -> tuple[Tool, ...]:
    """Mend the choice by what is known: products must be found before they are shown; a price is not about a rule."""
    if wanted:
        return tuple(tool for tool in of(role) if tool.name in {one.tool for one in wanted})
    names = {tool.name for tool in offered}
    if not any(char.isdigit() for char in words) and max(scores, key=lambda one: scores[one]) != "change_address":
        names -= {"change_address"}
    if not known.products and names & {"show_product", "compare_products"}:
        names = names - {"show_product", "compare_products"} | {"search_products"}
    is_shopping = wish.sort is not None or wish.max_price is not None or wish.min_price is not None
    if is_shopping and role in CUSTOMERS:
        names = names - {"find_policy"} | {"search_products"}
    return tuple(tool for tool in of(role) if tool.name in names)


def _own(world: World, actor: Actor, words: str) -> tuple[int, ...]:
    """The order numbers in some words that are the person's to see."""
    named = mentions.in_words(choose.plain(words)).orders
    if not named or actor.role is Role.GUEST:
        return ()
    with world.database.session() as db:
        return orders.known(db, actor, named)


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
