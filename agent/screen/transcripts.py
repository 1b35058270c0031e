"""What stands on the screens: events while the process lives, the database's turns after that."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from sqlalchemy.orm import Session

from agent import rendering
from agent.events import Event, Notice, Proposed, Said, Settled, Used
from agent.screen.talk import Exchange
from agent.turn import Call
from shop import conversations, proposals
from shop.errors import ShopError
from shop.people import Actor
from shop.tables import Turn
from tools import TOOLS
from tools.base import ToolResult, World

MOST = 1_000
"""Conversations whose events are remembered."""


@dataclass
class Run:
    """An exchange on its way. When it `is_over` nobody waits for more."""

    conversation_id: str
    exchange: Exchange
    is_over: bool = False


class Transcripts:
    """The conversations that were drawn lately."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: OrderedDict[str, list[Exchange]] = OrderedDict()
        self._running: dict[str, Run] = {}
        self._lock = Lock()
        self._deciding = tuple(Lock() for _ in range(64))

    def of(self, db: Session, actor: Actor, conversation_id: str | None) -> list[Exchange]:
        """The exchanges of an own conversation; raises Missing for any other."""
        if conversation_id is None:
            return []
        conversations.find(db, actor, conversation_id)
        with self._lock:
            if conversation_id in self._kept:
                self._kept.move_to_end(conversation_id)
                return list(self._kept[conversation_id])
        told = remembered(conversations.turns(db, actor, conversation_id))
        waiting = _waiting(self._world, db, actor, conversation_id)
        if told and waiting:
            told[-1] = told[-1].then(waiting)
        with self._lock:
            return list(self._kept.setdefault(conversation_id, told))

    def begin(self, conversation_id: str, one: Exchange) -> Run | None:
        """Begin an exchange; None while another one runs in the conversation (Enter was pressed twice)."""
        with self._lock:
            if conversation_id in self._running:
                return None
            self._running[conversation_id] = Run(conversation_id, one)
            return self._running[conversation_id]

    def finish(self, run: Run, *, stopped: bool) -> None:
        """Keep what came of an exchange, once: at its end, or when the stop button was pressed before."""
        with self._lock:
            if self._running.get(run.conversation_id) is not run:
                return
            del self._running[run.conversation_id]
            kept = self._kept.setdefault(run.conversation_id, [])
            kept.append(run.exchange.then(Notice("ui.stopped")) if stopped else run.exchange)
            self._kept.move_to_end(run.conversation_id)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
            run.is_over = True

    def stop(self, conversation_id: str) -> None:
        """Stop what runs in a conversation."""
        run = self._running.get(conversation_id)
        if run is not None:
            self.finish(run, stopped=True)

    def deciding(self, conversation_id: str) -> Lock:
        """One decision at a time in a conversation: a second click finds the first one's outcome."""
        return self._deciding[hash(conversation_id) % len(self._deciding)]

    def is_settled(self, conversation_id: str, proposal_id: str) -> bool:
        """Tell whether a proposal on the screen was decided."""
        return any(
            isinstance(event, Settled) and event.proposal_id == proposal_id
            for one in self._kept.get(conversation_id, ())
            for event in one.events
        )

    def settle(self, conversation_id: str, proposal_id: str, event: Event) -> None:
        """Add what came of a proposal to the exchange in which it was made."""
        with self._lock:
            for n, one in enumerate(self._kept.get(conversation_id, [])):
                if any(isinstance(e, Proposed) and e.proposal_id == proposal_id for e in one.events):
                    self._kept[conversation_id][n] = one.then(event)

    def thumb(self, conversation_id: str, turn_id: int, value: int | None) -> None:
        """Show a thumb."""
        with self._lock:
            for n, one in enumerate(self._kept.get(conversation_id, [])):
                if one.turn_id == turn_id:
                    self._kept[conversation_id][n] = Exchange(one.asked, one.photos, one.events, value)


def remembered(turns: list[Turn]) -> list[Exchange]:
    """Read a conversation back from its turns: texts and calls; views and previews are not kept."""
    told: list[Exchange] = []
    for turn in turns:
        if turn.role == "user" or not told:
            told.append(Exchange(turn.text if turn.role == "user" else ""))
        if turn.role != "user":
            said = Said(turn.text, turn.language, turn_id=turn.id, source="")
            last = told[-1]
            told[-1] = Exchange(last.asked, (), (*last.events, *_calls(turn), said), turn.thumb)
    return told


def _waiting(world: World, db: Session, actor: Actor, conversation_id: str) -> Proposed | None:
    """The proposal that still waits, with a fresh preview; None if the shop would refuse it by now."""
    kept = proposals.pending(db, actor, conversation_id, world.clock())
    if kept is None:
        return None
    try:
        result = TOOLS[kept.tool].run(world, actor, kept.arguments)
    except ShopError:
        return None
    text = rendering.proposal(Call(kept.tool, kept.arguments, result, None, 0.0), actor.language)
    return Proposed(kept.id, kept.tool, kept.arguments, result.say, text)


def _calls(turn: Turn) -> list[Event]:
    calls: list[Event] = []
    for call in turn.calls:
        if isinstance(call, Mapping) and call.get("tool") != "reply":
            arguments = call.get("arguments")
            calls.append(
                Used(
                    str(call.get("tool", "")),
                    arguments if isinstance(arguments, Mapping) else {},
                    ToolResult(""),
                    0.0,
                )  # fmt: skip
            )
    return calls
