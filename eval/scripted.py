"""A chat model that says what it was told to say, at once: for tests, for hostile models, for timing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import uuid4

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

Step: TypeAlias = AIMessage | str | Exception
"""One answer of the model: a message (see `call`, `reply`), plain text, or a failure to raise."""


def call(tool: str, /, **arguments: object) -> AIMessage:
    """Make the step that calls a tool."""
    return AIMessage("", tool_calls=[{"name": tool, "args": arguments, "id": uuid4().hex[:9]}])


def reply(kind: str) -> AIMessage:
    """Make the step that ends a turn without a tool, as agent.chat_model reads it."""
    return AIMessage("", response_metadata={"reply": kind})


class ScriptedChat(BaseChatModel):
    """Takes its steps in order; when they are used up it says nothing more.

    `seen` and `bound` hold what each step was given: messages, and the keyword arguments of its binding.
    """

    steps: list[Any] = Field(default_factory=list)
    seen: list[list[BaseMessage]] = Field(default_factory=list)
    bound: list[Mapping[str, Any]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any) -> Any:
        """Bind nothing: the script knows what it calls."""
        return self.bind(**kwargs) if kwargs else self

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any,
    ) -> ChatResult:  # fmt: skip
        return ChatResult(generations=[ChatGeneration(message=self._next(messages, kwargs))])

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:  # fmt: skip
        message = self._next(messages, kwargs)
        yield ChatGenerationChunk(message=_chunk(message))

    def _next(self, messages: list[BaseMessage], kwargs: Mapping[str, Any]) -> AIMessage:
        self.seen.append(list(messages))
        self.bound.append(dict(kwargs))
        step = self.steps.pop(0) if self.steps else ""
        if isinstance(step, Exception):
            raise step
        return AIMessage(step) if isinstance(step, str) else step


def _chunk(message: AIMessage) -> AIMessageChunk:
    return AIMessageChunk(
        content=message.content, tool_calls=message.tool_calls, response_metadata=message.response_metadata
    )
