"""LangChain's loop: the model chooses a step, the toolbox runs it, until the turn is answered."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain.agents.middleware.types import ToolCallRequest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.graph.state import CompiledStateGraph

from agent import schema, toolbox
from agent.chat_model import UnreadableAnswer
from agent.turn import MOST_CALLS, Turn
from shop.people import Role
from tools import TOOLS, Tool, of
from tools.base import CUSTOMERS, STAFF

PROMPTS = Path(__file__).parent / "prompts"


def build(model: BaseChatModel, role: Role, *, is_constrained: bool) -> CompiledStateGraph[Any, Any, Any, Any]:
    """Make the agent of a role. It takes 30–45 ms: one per role, kept by the caller."""
    tools = [adapter(tool) for tool in of(role)]
    policy = Policy(is_constrained=is_constrained)
    return create_agent(model, tools, system_prompt=prompt(role), middleware=[policy], context_schema=Turn)


@cache
def prompt(role: Role) -> str:
    """The system prompt of a role: the same text at every turn, so that servers keep its prefix cached.

    Guests and shoppers share one, merchants and operators another: what a role may do is narrowed in the schema.
    """
    desk, roles = ("customer", CUSTOMERS) if role in CUSTOMERS else ("staff", STAFF)
    words = (PROMPTS / f"{desk}.md").read_text(encoding="utf-8")
    tools = [describe(tool) for tool in TOOLS.values() if tool.roles & roles]
    return words.replace("{tools}", "\n".join(tools))


def describe(tool: Tool) -> str:
    """One tool for the prompt: its first sentence and what its arguments mean."""
    fields = tool.arguments.model_fields.items()
    hints = "; ".join(f"{name}: {field.description}" for name, field in fields)
    return f"- {tool.name}: {tool.summary.split(chr(10))[0]} ({hints})"


class Policy(AgentMiddleware[Any, Turn]):
    """Narrows each step to what this turn offers, runs calls through the toolbox, and ends an answered turn."""

    def __init__(self, *, is_constrained: bool) -> None:
        super().__init__()
        self._is_constrained = is_constrained

    def wrap_model_call(
        self, request: ModelRequest[Turn], handler: Callable[[ModelRequest[Turn]], ModelResponse[Any]]
    ) -> ModelResponse[Any] | AIMessage:
        """Ask the model for the next step, unless the turn is answered."""
        turn = request.runtime.context
        if turn.is_answered:
            return AIMessage("")
        names = turn.missing[:1] if turn.calls and turn.missing else [tool.name for tool in turn.offered]
        offered: list[BaseTool | dict[str, Any]] = [
            one for one in request.tools if isinstance(one, BaseTool) and one.name in names
        ]
        if not self._is_constrained:
            return _noting_words(turn, handler(request.override(tools=offered)))
        more = () if turn.missing else ("answer",)
        replies = more if turn.calls else turn.replies
        tools = [tool for tool in of(turn.actor.role) if tool.name in names]
        form = schema.step(tools, turn.known, replies, turn.world.categories, given=_given(turn))
        return _noting_reply(turn, handler(request.override(tools=offered, model_settings={"schema": form})))

    def wrap_tool_call(self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Any]) -> ToolMessage:
        """Run a call through the toolbox; the adapters themselves do nothing."""
        turn = cast("Turn", request.runtime.context)
        if request.tool_call["name"] not in TOOLS:
            raise UnreadableAnswer(f"there is no tool {request.tool_call['name'][:40]!r}")
        done = toolbox.call(turn, request.tool_call["name"], request.tool_call["args"])
        turn.calls.append(done)
        return ToolMessage(done.text, tool_call_id=request.tool_call["id"] or "")


def adapter(tool: Tool) -> StructuredTool:
    """Show a tool to LangChain by name and schema. It has no way to run but Policy.wrap_tool_call."""

    def closed(**_: object) -> str:
        raise RuntimeError("tools run through the toolbox only")

    return StructuredTool.from_function(closed, name=tool.name, description=tool.summary, args_schema=tool.arguments)


def _given(turn: Turn) -> frozenset[str]:
    """The arguments that plain code reads better and faster than a small model writes them."""
    if not turn.is_terse:
        return frozenset()
    return schema.FROM_WORDS | frozenset(turn.address._fields if turn.address else ())


def _noting_reply(turn: Turn, response: ModelResponse[Any]) -> ModelResponse[Any]:
    """Keep the kind of a constrained model's reply."""
    last = response.result[-1]
    if isinstance(last, AIMessage) and not last.tool_calls:
        turn.reply = str(last.response_metadata.get("reply") or "") or None
    return response


def _noting_words(turn: Turn, response: ModelResponse[Any]) -> ModelResponse[Any]:
    """Keep what a model that calls natively says in its own words, and of its calls no more than a turn has."""
    last = response.result[-1]
    if isinstance(last, AIMessage):
        last.tool_calls = last.tool_calls[: MOST_CALLS - len(turn.calls)]
        turn.wording = None if last.tool_calls else last.text.strip() or None
    return response
