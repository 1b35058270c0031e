"""What is known of one turn while it runs: LangChain's runtime context, and the record of its calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from agent import addresses
from agent.addresses import Address
from agent.mentions import Mentions
from shop.errors import ShopError
from shop.people import Actor
from shop.wording import supported
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


class Wanted(NamedTuple):
    """A tool that a part of the message asks for."""

    tool: str
    part: str


class Asked(NamedTuple):
    """The question that the last answer put: the call that could not act, and the ids it may be answered with."""

    tool: str
    arguments: Mapping[str, object]
    ids: tuple[int, ...]


@dataclass
class Turn:
    """One message on its way: who, what is offered, what may be named, and the calls so far.

    `said` is all that the person wrote in this conversation; `scores` are the classifier's probabilities. With
    `answers` "tools" the tools' own renderings are the answer; with "model" the model words it, and the wording is
    checked. `listed` are the products that the last result showed, in order; `last_search` and `last_sales` the
    arguments of the last such call; `wanted` the tools that the parts of the message ask for, when they are
    several; `question` what is asked about figures, with the lines that it refines; `is_settled` that its
    words name all that the tool needs; `asked` the question that this message may answer; `ruled` the tool that
    the conversation or plain code makes plain, whatever the classifier says; `own` the order numbers of this
    message that the person may see, or of the one before, where this one only goes on with it.
    """

    world: World
    actor: Actor
    conversation_id: str
    message: str
    said: str
    language: str
    known: Mentions
    offered: tuple[Tool, ...]
    scores: Mapping[str, float] = field(default_factory=dict)
    replies: tuple[str, ...] = ()
    answers: str = "tools"
    listed: tuple[int, ...] = ()
    last_search: Mapping[str, object] | None = None
    last_sales: Mapping[str, object] | None = None
    question: str | None = None
    is_settled: bool = False
    wanted: tuple[Wanted, ...] = ()
    asked: Asked | None = None
    ruled: str | None = None
    own: tuple[int, ...] = ()
    calls: list[Call] = field(default_factory=list)
    reply: str | None = None
    wording: str | None = None

    @property
    def is_terse(self) -> bool:
        """Whether the model is a small one that names the tool and copies ids, and the words give the rest."""
        return self.answers == "tools" and supported(self.language) == self.language.split("-")[0].lower()

    @cached_property
    def address(self) -> Address | None:
        """The postal address that the message holds, whole."""
        return addresses.read(self.words("change_address"), self.own)

    def words(self, tool: str) -> str:
        """What the person wrote for a tool: of several wishes that one's part, else the whole message."""
        return next((one.part for one in self.wanted if one.tool == tool), self.message)

    @property
    def missing(self) -> tuple[str, ...]:
        """The tools that the message asks for and that were not called yet."""
        used = {call.tool for call in self.calls}
        return tuple(one.tool for one in self.wanted if one.tool not in used)

    @property
    def is_answered(self) -> bool:
        """Whether the calls so far end the turn: a question waits for its answer, or there were enough."""
        last = self.calls[-1] if self.calls else None
        if last is None:
            return False
        if (last.result is not None and last.result.asks) or len(self.calls) >= MOST_CALLS:
            return True
        return not self.missing and (self.answers == "tools" or bool(last.proposal_id))
