"""What is known of one turn while it runs: LangChain's runtime context, and the record of its calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.mentions import Mentions
from shop.errors import ShopError
from shop.people import Actor
from tools import Tool
from tools.base import ToolResult, World

MOST_CALLS = 4


@dataclass(frozen=True)
class Call:
    """A tool call and how it ended: a result, or an error in the shop's words."""

    tool: str
    arguments: Mapping[str, object]
    result: ToolResult | None
    error: ShopError | None
    milliseconds: float
    reference: str | None = None
    proposal_id: str | None = None

    @property
    def text(self) -> str:
        """What the model reads."""
        return self.result.text if self.result else f"ERROR: {self.error}"


@dataclass
class Turn:
    """One message on its way: who, what is offered, what may be named, and the calls so far.

    `said` is all that the person wrote in this conversation. With `answers` "tools" the tools' own renderings are
    the answer; with "model" the model words it, and the wording is checked.
    """

    world: World
    actor: Actor
    conversation_id: str
    message: str
    said: str
    language: str
    known: Mentions
    offered: tuple[Tool, ...]
    replies: tuple[str, ...]
    answers: str = "tools"
    calls: list[Call] = field(default_factory=list)
    reply: str | None = None
    wording: str | None = None

    @property
    def is_answered(self) -> bool:
        """Whether the calls so far end the turn: something waits for a click or an answer, or there were enough."""
        last = self.calls[-1] if self.calls else None
        if last is None:
            return False
        asks = last.result is not None and last.result.asks
        return bool(last.proposal_id) or asks or len(self.calls) >= MOST_CALLS
