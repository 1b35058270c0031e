"""A chat model whose every call of a tool is valid: bound tools become a JSON schema that the server enforces.

Small models write tool calls that no parser takes; `response_format` with a schema works on llama.cpp and vLLM
alike. Large models call natively instead (`SHOP_LLM_NATIVE_CALLS`), and then LangChain's ChatOpenAI is used as it is.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_openai import ChatOpenAI

STEP_TOKENS = 320
ANSWER_TOKENS = 400
WRITE = (
    AIMessage('{"tool": "reply", "arguments": {}}'),
    HumanMessage("Now write that reply to the person: in plain words, in the language of their last message."),
)
"""What follows a reply in free text, where the schema has no kinds of reply."""


class UnreadableAnswer(Exception):
    """The server's answer is not the JSON that the schema promises."""


class Server(ChatOpenAI):
    """An OpenAI-compatible server. Whatever it sends that is not the API's raises UnreadableAnswer."""

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        with _read():
            return super()._generate(*args, **kwargs)

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        count = 0
        with _read():
            for count, piece in enumerate(super()._stream(*args, **kwargs), 1):  # noqa: B007
                yield piece
        if not count:
            raise UnreadableAnswer("an empty stream")


@contextmanager
def _read() -> Iterator[None]:
    """Neither the client nor LangChain checks what a server sends, or wraps a connection lost in mid-stream."""
    try:
        yield
    except (httpx.HTTPError, ValueError, TypeError, LookupError, AttributeError, AssertionError) as error:
        raise UnreadableAnswer(f"{type(error).__name__}: {error}"[:200]) from error


class ConstrainedChat(BaseChatModel):
    """Wraps an OpenAI-compatible server. With a schema bound it decides on a step, without one it writes text."""

    server: ChatOpenAI

    @property
    def _llm_type(self) -> str:
        return "constrained-chat"

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Bind tools: `schema` (agent.schema.step) if given, else one made of the tools' own signatures."""
        schema = kwargs.pop("schema", None) or _plain_schema(tools)
        return self.bind(schema=schema, **kwargs)

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any,
    ) -> ChatResult:  # fmt: skip
        schema = kwargs.pop("schema", None)
        if schema is not None:
            step = self._step(messages, schema)
            if step.tool_calls or step.response_metadata.get("reply"):
                return ChatResult(generations=[ChatGeneration(message=step)])
            messages = [*messages, *WRITE]
        answer = self.server.invoke(flat(messages), stop=stop, max_tokens=ANSWER_TOKENS)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(str(answer.content)))])

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:  # fmt: skip
        schema = kwargs.pop("schema", None)
        if schema is not None:
            step = self._step(messages, schema)
            if step.tool_calls or step.response_metadata.get("reply"):
                chunk = AIMessageChunk(
                    content="", tool_call_chunks=[
                        {"name": call["name"], "args": json.dumps(call["args"]), "id": call["id"], "index": 0,
                         "type": "tool_call_chunk"}
                        for call in step.tool_calls
                    ],
                    response_metadata=step.response_metadata,
                )  # fmt: skip
                yield ChatGenerationChunk(message=chunk)
                return
            messages = [*messages, *WRITE]
        for part in self.server.stream(flat(messages), stop=stop, max_tokens=ANSWER_TOKENS):
            piece = ChatGenerationChunk(message=AIMessageChunk(content=str(part.content)))
            if run_manager:
                run_manager.on_llm_new_token(str(part.content), chunk=piece)
            yield piece

    def _step(self, messages: list[BaseMessage], schema: dict[str, object]) -> AIMessage:
        form = {"type": "json_schema", "json_schema": {"name": "step", "strict": True, "schema": schema}}
        answer = self.server.invoke(flat(messages), response_format=form, max_tokens=STEP_TOKENS)
        return read_step(str(answer.content))


def read_step(text: str) -> AIMessage:
    """Read a step's JSON into a message with a tool call, or a reply's kind. Raises UnreadableAnswer."""
    try:
        step = json.loads(text)
        name, arguments = step["tool"], step["arguments"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableAnswer(text[:200]) from error
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise UnreadableAnswer(text[:200])
    if name == "reply":
        return AIMessage("", response_metadata={"reply": arguments.get("kind", "")})
    return AIMessage("", tool_calls=[{"name": name, "args": arguments, "id": uuid4().hex[:9]}])


def flat(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Write calls and results as plain messages, in the form that the schema makes the model write."""
    plain: list[BaseMessage] = []
    for message in messages:
        match message:
            case AIMessage(tool_calls=[call, *_]):
                plain.append(
                    AIMessage(json.dumps({"tool": call["name"], "arguments": call["args"]}, ensure_ascii=False))
                )
            case ToolMessage():
                plain.append(HumanMessage(f"RESULT\n{message.text}"))
            case SystemMessage() | HumanMessage() | AIMessage():
                plain.append(message)
    return plain


def _plain_schema(tools: Sequence[Any]) -> dict[str, object]:
    """The schema of tools as they are, and a reply in free text after it: what an ordinary agent would have."""
    options = []
    for tool in tools:
        function = convert_to_openai_tool(tool)["function"]
        options.append(_call(function["name"], function.get("parameters") or {"type": "object", "properties": {}}))
    options.append(_call("reply", {"type": "object", "properties": {}, "additionalProperties": False}))
    return {"anyOf": options}


def _call(name: str, parameters: dict[str, object]) -> dict[str, object]:
    properties = {"tool": {"const": name}, "arguments": parameters}
    return {
        "type": "object",
        "properties": properties,
        "required": ["tool", "arguments"],
        "additionalProperties": False,
    }
