"""Play a scenario through the application: messages in, events out, clicks where the scenario clicks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from time import perf_counter

from agent.assistant import Assistant
from agent.events import Delta, Event, Failed, Notice, Proposed, Said, Used
from eval.judge import Called, Heard
from eval.scenario import Scenario, Turn
from eval.stage import Stage
from shop import conversations
from shop.people import Actor

Player = Callable[[Stage, Scenario], list[Heard]]


@dataclass
class _Taken:
    """The events of one turn, sorted."""

    results: list[Used] = field(default_factory=list)
    proposals: list[str] = field(default_factory=list)
    text: str = ""
    source: str = ""
    first: float | None = None
    failures: list[str] = field(default_factory=list)
    lost_model: bool = False

    def take(self, events: Iterable[Event], begun: float) -> None:
        """Read events to their end."""
        for event in events:
            match event:
                case Delta(text) if text and self.first is None:
                    self.first = perf_counter() - begun
                case Used():
                    self.results.append(event)
                case Proposed():
                    self.proposals.append(event.proposal_id)
                case Said():
                    self.text, self.source = event.text, event.source
                case Failed():
                    self.failures.append(event.text)
                case Notice("ui.no_llm"):
                    self.lost_model = True


def player(assistant: Assistant) -> Player:
    """Make a player of the application."""

    def play(stage: Stage, scenario: Scenario) -> list[Heard]:
        actor = stage.actor(
            scenario.who, country=scenario.country, currency=scenario.currency, language=scenario.language
        )
        conversation = stage.conversation(actor)
        return list(_turns(assistant, actor, conversation, scenario.turns))

    return play


def _turns(assistant: Assistant, actor: Actor, conversation: str, turns: Iterable[Turn]) -> Iterator[Heard]:
    waiting: str | None = None
    for turn in turns:
        taken, begun = _Taken(), perf_counter()
        taken.take(assistant.reply(actor, conversation, turn.say), begun)
        seconds = perf_counter() - begun
        calls = list(_last_calls(assistant, actor, conversation, taken.results))
        waiting = taken.proposals[-1] if taken.proposals else waiting
        said = taken.text or "\n".join(taken.failures)
        clicked = _Taken()
        if turn.click and waiting:
            settle = assistant.confirm if turn.click == "confirm" else assistant.reject
            clicked.take(settle(actor, conversation, waiting), perf_counter())
            waiting = None
        yield Heard(
            calls=tuple(call for call in calls if call.tool != "reply"),
            reply=next((str(call.arguments.get("kind")) for call in calls if call.tool == "reply"), None),
            text="\n".join(filter(None, (said, clicked.text))),
            seconds=seconds,
            first=taken.first,
            is_template=taken.source == "template",
            failure=_failure(assistant, taken),
        )


def _failure(assistant: Assistant, taken: _Taken) -> str | None:
    if assistant.llm is not None and taken.lost_model:
        return "the language model failed"
    if not taken.text:
        return "; ".join(taken.failures) or "there was no answer"
    return None


def _last_calls(assistant: Assistant, actor: Actor, conversation: str, results: list[Used]) -> Iterator[Called]:
    """What the conversation's last row says was called: refused and failed calls stand there too."""
    with assistant.world.database.session() as db:
        rows = conversations.turns(db, actor, conversation)
        calls = rows[-1].calls if rows and rows[-1].role == "assistant" else []
    left = list(results)
    for call in calls:
        if not isinstance(call, dict):
            continue
        tool, text = str(call["tool"]), str(call.get("text", ""))
        is_own = bool(left) and left[0].tool == tool and not text.startswith("ERROR")
        result = left.pop(0).result if is_own else None
        yield Called(tool, dict(call.get("arguments") or {}), text, result)
