"""What happens in one turn of a chat, for the screen and the API to draw."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tools.base import Citation, Phrase, ToolResult


@dataclass(frozen=True)
class Delta:
    """A piece of the answer while it is being written."""

    text: str


@dataclass(frozen=True)
class Said:
    """The whole answer. `source` says who worded it: the model, the tool's own rendering, or a template.

    A `turn_id` can be given a thumb. It replaces the deltas that came before it.
    """

    text: str
    language: str
    citations: tuple[Citation, ...] = ()
    source: str = "tool"
    turn_id: int | None = None


@dataclass(frozen=True)
class Used:
    """A tool was called and answered."""

    tool: str
    arguments: Mapping[str, object]
    result: ToolResult
    milliseconds: float


@dataclass(frozen=True)
class Proposed:
    """A change waits for the click of the same actor. `text` says it in the reader's language, arguments and all."""

    proposal_id: str
    tool: str
    arguments: Mapping[str, object]
    preview: tuple[Phrase, ...]
    text: str


@dataclass(frozen=True)
class Settled:
    """A proposal was confirmed or rejected."""

    proposal_id: str
    outcome: str
    text: str


@dataclass(frozen=True)
class Failed:
    """It did not work, in the reader's words; with a reference to quote where it was our fault."""

    text: str
    reference: str | None = None


@dataclass(frozen=True)
class Notice:
    """Something that the reader should know about the service: a phrase key."""

    key: str


Event: TypeAlias = Delta | Said | Used | Proposed | Settled | Failed | Notice
