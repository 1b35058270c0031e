"""The adapter between a model's call and the tools' one door: errors become words, a bug becomes a reference."""

import logging
from collections.abc import Mapping
from time import perf_counter
from uuid import uuid4

from agent.provenance import clean
from agent.turn import Call, Turn
from shop import proposals
from shop.errors import Refused, ShopError
from tools import TOOLS
from tools.base import Tool, ToolResult

_log = logging.getLogger(__name__)


def call(turn: Turn, name: str, arguments: Mapping[str, object]) -> Call:
    """Run a call that a model named. Never raises: what went wrong is in the Call."""
    begun = perf_counter()
    plain = dict(arguments)
    try:
        tool = _offered(turn, name)
        plain = clean(turn, name, plain)
        result = tool.run(turn.world, turn.actor, plain, message=turn.message)
        plain |= result.pinned
        proposal_id = _propose(turn, tool, plain, result)
        return Call(name, plain, result, None, _since(begun), None, proposal_id)
    except ShopError as error:
        return Call(name, plain, None, error, _since(begun))
    except Exception:
        reference = uuid4().hex[:8]
        _log.exception("tool %s failed, reference %s", name, reference)
        return Call(name, plain, None, ShopError("error.unavailable", reference=reference), _since(begun), reference)


def _offered(turn: Turn, name: str) -> Tool:
    """A tool outside the catalogue, or of another role, is refused whatever the model says."""
    tool = TOOLS.get(name)
    if tool is None or turn.actor.role not in tool.roles:
        raise Refused("error.role")
    return tool


def _propose(turn: Turn, tool: Tool, arguments: Mapping[str, object], result: ToolResult) -> str | None:
    if not tool.writes or result.asks:
        return None
    with turn.world.database.session() as db:
        now = turn.world.clock()
        return proposals.propose(db, turn.actor, turn.conversation_id, tool.name, arguments, now).id


def _since(begun: float) -> float:
    return round((perf_counter() - begun) * 1000, 1)
