"""One message, start to end: who asks, what for, which calls, and an answer that can be trusted."""

import logging
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage
from langgraph.graph.state import CompiledStateGraph

from agent import answering, cues, fallback, history, mentions, rendering
from agent.choose import SURE, choose, replies, wanted
from agent.events import Delta, Event, Failed, Notice, Proposed, Said, Settled, Used
from agent.llm import LanguageModel
from agent.loop import build
from agent.mentions import Mentions
from agent.schema import REPLIES
from agent.turn import Call, Turn
from models.language import identify
from shop import conversations, products, proposals
from shop.errors import ShopError
from shop.people import Actor, Role
from shop.tables import Turn as Row
from shop.wording import say, supported
from tools import TOOLS
from tools.base import SHOPPERS, World

LONGEST = 4000  # characters of a message that is answered
LIKELY = 0.5  # a probability from which a guest is told to sign in for what only shoppers can do
APPROVAL = 40  # characters of a message that may be no more than a "yes, do it"

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
            yield Failed(error.words(actor.language))

    def confirm(self, actor: Actor, conversation_id: str, proposal_id: str) -> Iterator[Event]:
        """Commit a proposal: called for a click of its actor, and by nothing else."""
        language = supported(actor.language)
        try:
            with self.world.database.session() as db:
                tool = TOOLS[proposals.find(db, actor, conversation_id, proposal_id).tool]
            result = tool.commit(self.world, actor, conversation_id, proposal_id)
        except ShopError as error:
            yield Failed(error.words(language))
            return
        text = "\n".join([say("say.done", language), *rendering.words(result.say, language)])
        yield Settled(proposal_id, "confirmed", text)
        call = Call(tool.name, {}, result, None, 0.0)
        yield self._keep(actor, conversation_id, Said(text, language), [history.stored(call)])

    def reject(self, actor: Actor, conversation_id: str, proposal_id: str) -> Iterator[Event]:
        """Turn a proposal down."""
        language = supported(actor.language)
        try:
            with self.world.database.session() as db:
                proposals.reject(db, actor, conversation_id, proposal_id, self.world.clock())
        except ShopError as error:
            yield Failed(error.words(language))
            return
        text = say("say.rejected", language)
        yield Settled(proposal_id, "rejected", text)
        yield self._keep(actor, conversation_id, Said(text, language), [])

    def _reply(self, actor: Actor, conversation_id: str, message: str) -> Iterator[Event]:
        with self.world.database.session() as db:
            rows = conversations.turns(db, actor, conversation_id)
            waiting = proposals.pending(db, actor, conversation_id, self.world.clock())
            language = identify(message, rows[-1].language if rows else actor.language)
            conversations.add(db, actor, conversation_id, "user", message, language, (), self.world.clock())
        turn = self._turn(actor, conversation_id, message, language, rows, is_waiting=waiting is not None)
        at_once = _at_once(message, actor.role, self.intent(message), is_waiting=waiting is not None)
        if at_once:
            turn.reply = at_once
        else:
            yield from self._work(turn, rows)
        for call in turn.calls:
            yield from _shown(call, turn.language)
        said = yield from answering.answer(turn, self.llm)
        calls = [history.stored(call) for call in turn.calls]
        calls = calls or [{"tool": "reply", "arguments": {"kind": turn.reply or "clarify"}}]
        yield self._keep(actor, conversation_id, said, calls)

    def _turn(
        self, actor: Actor, conversation_id: str, message: str, language: str, rows: Sequence[Row], *,
        is_waiting: bool,
    ) -> Turn:  # fmt: skip
        currency = history.currency(rows, message, language) or actor.currency
        reader = replace(actor, language=language, currency=currency)
        known = self._resolved(reader, mentions.in_words(message) | history.known(rows))
        scores = self.intent(message)
        return Turn(
            self.world, reader, conversation_id, message, history.words(rows, message), language, known,
            offered=choose(actor.role, scores, history.used(rows)),
            replies=self._replies(actor.role, scores, is_waiting=is_waiting),
            answers=self.llm.answers if self.llm else "tools",
            listed=history.listed(rows),
            last_search=history.last_search(rows),
            wanted=wanted(actor.role, self.intent, message),
        )  # fmt: skip

    def _replies(self, role: Role, scores: dict[str, float], *, is_waiting: bool) -> tuple[str, ...]:
        """The kinds of plain reply offered; a guest may have to sign in, and a click may be waited for."""
        kinds = replies(scores, REPLIES)
        kinds += ("sign_in",) if role is Role.GUEST else ()
        return (*kinds, "click") if is_waiting else kinds

    def _work(self, turn: Turn, rows: Sequence[Row]) -> Iterator[Event]:
        """Let the model choose and the toolbox run; without a model, or when it fails, the classifier chooses."""
        if self.llm is not None:
            try:
                yield from self._loop(turn, [*history.messages(rows), HumanMessage(_marked(turn))])
                if turn.calls or turn.reply or turn.wording:
                    return
            except self.llm.failures:
                _log.exception("the language model failed in mid-turn")
        yield Notice("ui.no_llm")
        turn.answers = "tools"
        if not turn.calls:
            fallback.work(turn, self.intent(turn.message))

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

    def _resolved(self, actor: Actor, known: Mentions) -> Mentions:
        """Turn article numbers in the words into product ids."""
        found: list[int] = []
        with self.world.database.session() as db:
            for sku in known.skus[:4]:
                try:
                    found.append(products.by_sku(db, actor, sku).id)
                except ShopError:
                    continue
        return Mentions(products=tuple(found)) | known

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


def _at_once(message: str, role: Role, scores: Mapping[str, float], *, is_waiting: bool) -> str | None:
    """The kind of reply that needs no thought: nothing, too much, what needs a sign-in, or a "yes" that is no click."""
    wants = max((scores.get(name, 0.0) for name in TOOLS), default=0.0)
    if is_waiting and wants < SURE and len(message) <= APPROVAL and cues.find("approval", message):
        return "click"
    if len(message) > LONGEST:
        return "too_long"
    best = max(scores, key=lambda name: scores[name], default="")
    if role is Role.GUEST and best in TOOLS and TOOLS[best].roles == SHOPPERS and scores[best] >= LIKELY:
        return "sign_in"
    if not any(char.isalnum() for char in message):
        return "clarify" if message else "empty"
    return None


def _clean(message: str) -> str:
    """NFC, without control characters and lone surrogates."""
    plain = unicodedata.normalize("NFC", message.encode("utf-8", "ignore").decode("utf-8"))
    return "".join(
        char for char in plain if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs", "Co")
    ).strip()
