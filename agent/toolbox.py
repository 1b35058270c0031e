"""The adapter between a model's call and the tools' one door: errors become words, a bug becomes a reference."""

import logging
from collections.abc import Mapping
from time import perf_counter
from uuid import uuid4

from agent import mentions
from agent.provenance import clean
from agent.turn import Call, Turn
from shop import orders, proposals
from shop.errors import Refused, ShopError
from shop.people import Actor
from tools import TOOLS
from tools.base import Tool, ToolResult, World

_OF_OPEN = ("track_order", "cancel_order", "change_address", "return_order")
_log = logging.getLogger(__name__)


def call(turn: Turn, name: str, arguments: Mapping[str, object], *, is_resumed: bool = False) -> Call:
    """Run a call that a model named. Never raises: what went wrong is in the Call.

    A resumed call has its arguments from an earlier turn, where they were checked already.
    """
    begun = perf_counter()
    plain = dict(arguments)
    try:
        tool = _offered(turn, name)
        plain = plain if is_resumed else clean(turn, name, plain)
        other = _by_status(turn, name, plain.get("order_id"))
        if other != name:
            name, tool = other, _offered(turn, other)
            plain = clean(turn, name, {"order_id": plain["order_id"]})
        elif not is_resumed and not _fits(turn, name, plain.get("order_id")):
            del plain["order_id"]
        result = tool.run(turn.world, turn.actor, plain, message=turn.words(name))
        plain |= result.pinned
        proposal_id = _propose(turn, tool, plain, result)
        return Call(name, plain, result, None, _since(begun), None, proposal_id)
    except ShopError as error:
        return Call(name, plain, None, error, _since(begun))
    except Exception:
        return _broken(name, plain, begun)


def commit(world: World, actor: Actor, conversation_id: str, proposal_id: str) -> Call:
    """Carry out a proposal for a click of its actor. Never raises: what went wrong is in the Call."""
    begun, name = perf_counter(), ""
    try:
        with world.database.session() as db:
            name = proposals.find(db, actor, conversation_id, proposal_id).tool
        result = TOOLS[name].commit(world, actor, conversation_id, proposal_id)
        return Call(name, {}, result, None, _since(begun))
    except ShopError as error:
        return Call(name, {}, None, error, _since(begun))
    except Exception:
        return _broken(name, {}, begun)


def _broken(name: str, arguments: Mapping[str, object], begun: float) -> Call:
    """A bug of ours: logged with the reference that the reader can quote."""
    reference = uuid4().hex[:8]
    _log.exception("tool %s failed, reference %s", name, reference)
    return Call(name, arguments, None, ShopError("error.unavailable", reference=reference), _since(begun), reference)


def _offered(turn: Turn, name: str) -> Tool:
    """A tool outside the catalogue, or of another role, is refused whatever the model says."""
    tool = TOOLS.get(name)
    if tool is None or turn.actor.role not in tool.roles:
        raise Refused("error.role")
    return tool


def _by_status(turn: Turn, name: str, order_id: object) -> str:
    """Who does not want an order that was delivered means a return, and a cancellation before it is sent."""
    is_open = turn.is_terse and not turn.wanted and name in ("cancel_order", "return_order")
    if not is_open or not isinstance(order_id, int):
        return name
    with turn.world.database.session() as db:
        if not orders.known(db, turn.actor, [order_id]):
            return name
        status = orders.find(db, turn.actor, order_id).status
    if status in orders.BEFORE_DISPATCH:
        return "cancel_order"
    return "return_order" if status == "delivered" else name


def _fits(turn: Turn, name: str, order_id: object) -> bool:
    """Whether an order that this message does not name, and a small model took from those before, can be meant."""
    is_guess = turn.is_terse and name in _OF_OPEN and mentions.none_in(turn.message)
    if not is_guess or not isinstance(order_id, int):
        return True
    with turn.world.database.session() as db:
        known = orders.known(db, turn.actor, [order_id])
        return not known or orders.find(db, turn.actor, order_id).status not in ("cancelled", "returned")


def _propose(turn: Turn, tool: Tool, arguments: Mapping[str, object], result: ToolResult) -> str | None:
    if not tool.writes or result.asks or result.only_tells:
        return None
    beside = [call.proposal_id for call in turn.calls if call.proposal_id]
    with turn.world.database.session() as db:
        now = turn.world.clock()
        return proposals.propose(db, turn.actor, turn.conversation_id, tool.name, arguments, now, beside=beside).id


def _since(begun: float) -> float:
    return round((perf_counter() - begun) * 1000, 1)
