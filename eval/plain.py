"""The baseline: what anybody builds in an afternoon with LangChain's `create_agent` and the same tools.

All tools of the role, written into the prompt as a chat template would, a reasonable prompt, the same
schema-constrained calls (this server parses no native ones), the whole history, answers in the model's own words.
A change is made when the model calls for it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.tools import StructuredTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langgraph.errors import GraphRecursionError

from agent.llm import LanguageModel
from eval.judge import Called, Heard
from eval.play import Player
from eval.scenario import Scenario
from eval.stage import Stage
from shop import proposals
from shop.errors import ShopError
from shop.people import Actor, Role
from tools import TOOLS, Tool
from tools.base import ToolResult, World

MOST_STEPS = 9  # of the graph: four calls, as many as our own agent has, and an answer

PROMPT = """\
You are the assistant of an international online shop. Use the tools to look things up and to carry out what is asked; \
never invent products, prices, orders or rules. A message that begins with RESULT is what a tool brought: as soon \
as it holds what was asked, call reply, and never call the same tool with the same arguments twice. Also call reply \
when no tool is needed. After reply, answer briefly, in the language of the last message.

One step is one JSON object, such as {{"tool": "search_products", "arguments": {{"query": "umbrella"}}}}, and after \
its RESULT {{"tool": "reply", "arguments": {{}}}}.

# Tools
{tools}

# The customer
A {role} from {country}, who pays in {currency}. Today is {today}."""


@dataclass
class Tray:
    """What the tools of one scenario are given, and what they leave behind."""

    world: World
    actor: Actor
    conversation: str
    calls: list[Called] = field(default_factory=list)

    def run(self, tool: Tool, arguments: Mapping[str, object]) -> str:
        """Run a tool through its one door, and commit at once what it would change."""
        try:
            result = tool.run(self.world, self.actor, arguments)
            if tool.writes and not (result.asks or result.only_tells):
                result = self._commit(tool, {**arguments, **result.pinned})
        except ShopError as error:
            text = f"ERROR: {error}"
            self.calls.append(Called(tool.name, arguments, text))
            return text
        self.calls.append(Called(tool.name, {**arguments, **result.pinned}, result.text, result))
        return result.text

    def _commit(self, tool: Tool, arguments: Mapping[str, object]) -> ToolResult:
        with self.world.database.session() as db:
            now = self.world.clock()
            made = proposals.propose(db, self.actor, self.conversation, tool.name, arguments, now)
        return tool.commit(self.world, self.actor, self.conversation, made.id)


def player(llm: LanguageModel) -> Player:
    """Make a player of the plain agent."""

    def play(stage: Stage, scenario: Scenario) -> list[Heard]:
        actor = stage.actor(
            scenario.who, country=scenario.country, currency=scenario.currency, language=scenario.language
        )
        tray = Tray(stage.world, actor, stage.conversation(actor))
        agent = build(llm.chat, tray)
        history: list[BaseMessage] = []
        return [_turn(agent, llm, tray, history, turn.say) for turn in scenario.turns]

    return play


def build(model: BaseChatModel, tray: Tray) -> Any:
    """Make the agent for one scenario."""
    tools = [_ordinary(tool, tray) for tool in _of(tray.actor.role)]
    return create_agent(model, tools, system_prompt=prompt(tray))


def prompt(tray: Tray) -> str:
    """The system prompt: what is the same for everybody of a role comes first, so that its prefix stays cached."""
    actor = tray.actor
    functions = [convert_to_openai_tool(_ordinary(tool, tray))["function"] for tool in _of(actor.role)]
    tools = "\n".join(json.dumps(function, ensure_ascii=False) for function in functions)
    role = "shop owner" if actor.role is Role.MERCHANT else actor.role.value
    today = f"{tray.world.clock():%Y-%m-%d}"
    return PROMPT.format(tools=tools, role=role, country=actor.country, currency=actor.currency, today=today)


def _of(role: Role) -> list[Tool]:
    return [tool for tool in TOOLS.values() if role in tool.roles]


def _ordinary(tool: Tool, tray: Tray) -> StructuredTool:
    def run(**arguments: object) -> str:
        return tray.run(tool, arguments)

    return StructuredTool.from_function(
        run, name=tool.name, description=tool.summary, args_schema=tool.arguments, handle_validation_error=True
    )


def _turn(agent: Any, llm: LanguageModel, tray: Tray, history: list[BaseMessage], message: str) -> Heard:
    tray.calls = []
    history.append(HumanMessage(message))
    begun, first, failure = perf_counter(), None, None
    try:
        for piece in _pieces(agent, history):
            if piece and first is None:
                first = perf_counter() - begun
    except llm.failures as error:
        failure = f"the language model failed: {error!r}"[:200]
    except GraphRecursionError:
        failure = "it went round in circles"
    seconds = perf_counter() - begun
    last = history[-1]
    text = last.text if isinstance(last, AIMessage) and not failure else ""
    return Heard(
        tuple(tray.calls), None, text, seconds, first,
        failure=failure or (None if text.strip() else "there was no answer"),
    )  # fmt: skip


def _pieces(agent: Any, history: list[BaseMessage]) -> Iterator[str]:
    """Stream the answer's pieces; the messages of the turn are appended to the history at its end."""
    final: list[BaseMessage] = []
    config = {"recursion_limit": MOST_STEPS}
    for mode, part in agent.stream({"messages": list(history)}, config, stream_mode=["messages", "values"]):
        if mode == "values":
            final = part["messages"]
        elif isinstance(part[0], AIMessageChunk):
            yield part[0].text
    history[:] = final
