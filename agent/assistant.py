"""One message, start to end: who asks, what for, which calls, and an answer that can be trusted."""

import logging
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage
from langgraph.graph.state import CompiledStateGraph

from agent import answering, fallback, history, opening, rendering, toolbox
from agent.events import Delta, Event, Failed, Notice, Proposed, Said, Settled, Used
from agent.llm import LanguageModel
from agent.loop import build
from agent.turn import Call, Turn
from models.language import identify
from shop import conversations, proposals
from shop.errors import ShopError
from shop.people import Actor, Role
from shop.tables import Turn as Row
from shop.wording import say, supported
from tools.base import World

_log = logging.getLogger(__name__)


@dataclass
class Assistant:
    """Answers messages over a world, with a language model or without one.

    `intent` scores labels of models.intent for a text; `llm` None means none: intent → tool → template.
    """

    world: World
    intent: Callable[[str], dict[str, float]]
    llm: LanguageModel | None = None
    _agents: dict[Role, CompiledStateGraph[Any, Any, Any, Any]] = field(default_factory=dict)

    def reply(self, actor: Actor, conversation_id: str, message: str, photos: Sequence[bytes] = ()) -> Iterator[Event]:
        """Answer one message. Never raises for what a person can send; `photos` are kept by the screen for now."""
        try:
            yield from self._reply(actor, conversation_id, _clean(message))
        except ShopError as error:
            yield Failed(error.words(supported(identify(_clean(message), actor.language))))

    def confirm(self, actor: Actor, conversation_id: str, proposal_id: str) -> Iterator[Event]:
        """Commit a proposal: called for a click of its actor, and by nothing else."""
        language = self._language(actor, conversation_id)
        done = toolbox.commit(self.world, actor, conversation_id, proposal_id)
        if done.error is not None:
            yield Failed(done.error.words(language), done.reference)
            return
        text = "\n".join([say("say.done", language), *rendering.lines(done, language)])
        yield Settled(proposal_id, "confirmed", text)
        yield self._kept(actor, conversation_id, Said(text, language), [history.stored(done)])

    def reject(self, actor: Actor, conversation_id: str, proposal_id: str) -> Iterator[Event]:
        """Turn a proposal down."""
        language = self._language(actor, conversation_id)
        try:
            with self.world.database.session() as db:
                proposals.reject(db, actor, conversation_id, proposal_id, self.world.clock())
        except ShopError as error:
            yield Failed(error.words(language))
            return
        text = say("say.rejected", language)
        yield Settled(proposal_id, "rejected", text)
        yield self._kept(actor, conversation_id, Said(text, language), [])

    def _reply(self, actor: Actor, conversation_id: str, message: str) -> Iterator[Event]:
        with self.world.database.session() as db:
            rows = conversations.turns(db, actor, conversation_id)
            waiting = proposals.pending(db, actor, conversation_id, self.world.clock())
            language = identify(message, rows[-1].language if rows else actor.language)
            conversations.add(
                db, actor, conversation_id, "user", message[: opening.LONGEST], language, (), self.world.clock()
            )
        answers = self.llm.answers if self.llm else "tools"
        turn = opening.turn(self.world, actor, conversation_id, message, language, rows, self.intent, answers)
        turn.reply = opening.at_once(turn, is_waiting=waiting is not None)
        if turn.reply is None and turn.is_settled:
            if self.llm is None:
                yield Notice("ui.no_llm")
            fallback.work(turn)
        elif turn.reply is None and not fallback.resume(turn):
            yield from self._work(turn, rows, is_waiting=waiting is not None)
        for call in turn.calls:
            yield from _shown(call, turn.language)
        said = yield from answering.answer(turn, self.llm)
        calls = [history.stored(call) for call in turn.calls]
        calls = calls or [{"tool": "reply", "arguments": {"kind": turn.reply or "clarify"}}]
        yield self._keep(actor, conversation_id, said, calls)

    def _work(self, turn: Turn, rows: Sequence[Row], *, is_waiting: bool) -> Iterator[Event]:
        """Let the model choose and the toolbox run; without a model, or when it fails, the classifier chooses."""
        if self.llm is not None:
            turn.replies = opening.replies(turn, is_waiting=is_waiting)
            try:
                yield from self._loop(turn, [*history.messages(rows), HumanMessage(_marked(turn))])
                if turn.calls or turn.reply or turn.wording:
                    return
            except self.llm.failures:
                _log.exception("the language model failed in mid-turn")
        yield Notice("ui.no_llm")
        turn.answers = "tools"
        if not turn.calls:
            fallback.work(turn)

    def _loop(self, turn: Turn, messages: list[BaseMessage]) -> Iterator[Event]:
        assert self.llm is not None
        agent = self._agents.get(turn.actor.role)
        if agent is None:
            agent = build(self.llm.chat, turn.actor.role, is_constrained=self.llm.is_constrained)
            self._agents[turn.actor.role] = agent
        state: Any = {"messages": messages}
        for part in agent.stream(state, context=turn, stream_mode="messages"):
            if not self.llm.is_constrained and isinstance(part, tuple) and isinstance(part[0], AIMessageChunk):
                yield Delta(part[0].text)

    def _language(self, actor: Actor, conversation_id: str) -> str:
        """The language of the conversation so far; the account's, where it cannot be read."""
        try:
            with self.world.database.session() as db:
                rows = conversations.turns(db, actor, conversation_id, limit=1)
        except ShopError:
            rows = []
        return supported(rows[-1].language if rows else actor.language)

    def _kept(self, actor: Actor, conversation_id: str, said: Said, calls: list[dict[str, object]]) -> Said:
        """Keep what was said of a click; the click counts even where that fails."""
        try:
            return self._keep(actor, conversation_id, said, calls)
        except ShopError:
            _log.exception("the answer to a click was not kept")
            return said

    def _keep(self, actor: Actor, conversation_id: str, said: Said, calls: list[dict[str, object]]) -> Said:
        with self.world.database.session() as db:
            row = conversations.add(
                db, actor, conversation_id, "assistant", said.text, said.language, calls, self.world.clock()
            )
            return replace(said, turn_id=row.id)


def _shown(call: Call, language: str) -> Iterator[Event]:
    if call.result is not None:
        yield Used(call.tool, call.arguments, call.result, call.milliseconds)
    if call.proposal_id and call.result:
        text = rendering.proposal(call, language)
        yield Proposed(call.proposal_id, call.tool, call.arguments, call.result.say, text)
    if call.error is not None and call.reference:
        yield Failed(call.error.words(language), call.reference)


def _marked(turn: Turn) -> str:
    """The message with what its article numbers mean."""
    named = zip(turn.known.skus, turn.known.products, strict=False)
    notes = "".join(f" [{sku} = product {number}]" for sku, number in named if sku in turn.message.upper())
    return turn.message + notes


def _clean(message: str) -> str:
    """NFC, without control characters and lone surrogates."""
    plain = unicodedata.normalize("NFC", message.encode("utf-8", "ignore").decode("utf-8"))
    return "".join(
        char for char in plain if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs", "Co")
    ).strip()
