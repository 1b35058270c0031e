"""A conversation with the assistant, as a test leads it: real shop and small models, a scripted language model."""

from dataclasses import dataclass, field
from typing import TypeVar

from agent.assistant import Assistant
from agent.events import Event, Failed, Notice, Proposed, Said, Used
from agent.llm import LanguageModel
from shop import conversations
from shop.people import Actor
from tests.scripted import ScriptedChat, Step

Kind = TypeVar("Kind")


def scripted(*steps: Step, answers: str = "tools", is_constrained: bool = True) -> LanguageModel:
    """A language model that takes these steps."""
    return LanguageModel(ScriptedChat(steps=list(steps)), answers, is_constrained)


@dataclass
class Heard:
    """The events of one turn."""

    events: list[Event]

    def all(self, kind: type[Kind]) -> list[Kind]:
        """The events of a kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    def one(self, kind: type[Kind]) -> Kind:
        """The only event of a kind."""
        (found,) = self.all(kind)
        return found

    @property
    def text(self) -> str:
        """What was said in the end."""
        return self.one(Said).text

    @property
    def tools(self) -> list[str]:
        """The tools that answered."""
        return [event.tool for event in self.all(Used)]

    @property
    def failure(self) -> str:
        """The one sentence of a turn that failed; nothing was said beside it."""
        assert not self.all(Said)
        return self.one(Failed).text

    @property
    def is_without_model(self) -> bool:
        """Whether the reader was told, once, that the language model is not there, and got one answer."""
        return self.all(Notice) == [Notice("ui.no_llm")] and bool(self.text)


@dataclass
class Talk:
    """A conversation of one person with an assistant."""

    assistant: Assistant
    actor: Actor
    conversation: str = ""
    proposal: str = field(default="", init=False)

    def __post_init__(self) -> None:
        if not self.conversation:
            with self.assistant.world.database.session() as db:
                self.conversation = conversations.start(db, self.actor, "shop", self.assistant.world.clock()).id

    @property
    def chat(self) -> ScriptedChat:
        """The scripted model, with what it was shown."""
        assert self.assistant.llm is not None
        assert isinstance(self.assistant.llm.chat, ScriptedChat)
        return self.assistant.llm.chat

    def say(self, message: str) -> Heard:
        """Write a message; the proposal that comes of it is remembered."""
        heard = Heard(list(self.assistant.reply(self.actor, self.conversation, message)))
        for event in heard.all(Proposed):
            self.proposal = event.proposal_id
        return heard

    def confirm(self, actor: Actor | None = None, proposal: str | None = None) -> Heard:
        """Click Confirm, as oneself or as somebody else."""
        clicked = self.assistant.confirm(actor or self.actor, self.conversation, proposal or self.proposal)
        return Heard(list(clicked))

    def reject(self, actor: Actor | None = None) -> Heard:
        """Click Reject."""
        return Heard(list(self.assistant.reject(actor or self.actor, self.conversation, self.proposal)))
