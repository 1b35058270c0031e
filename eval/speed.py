"""What a turn costs beside the language model: language, history, choice, tool, rendering, storing."""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from time import monotonic, perf_counter

from langchain_core.messages import AIMessage

from agent.assistant import Assistant
from agent.events import Used
from agent.llm import LanguageModel
from eval import report, scenario
from eval.report import Metric, Report
from eval.scenario import Matcher, Scenario, Turn
from eval.scripted import ScriptedChat, call, reply
from eval.stage import Stage, opened
from settings import Settings
from tools import TOOLS

WARM_UP = 20
_FROM_WORDS = ("query", "question", "summary")
_FILLERS: Mapping[str, object] = {"product_id": 12, "product_ids": [12, 31], "text": "It is on its way."}


def run(options: argparse.Namespace, known: Settings) -> Report:
    """Answer the scenarios' messages with a model that takes no time, and report what is left."""
    begun = monotonic()
    with opened(known.data, products=options.products) as stage:
        timed = _timed(stage, options.messages)
    whole = [[total] for times in timed.values() for total, _ in times]
    tools = [[tool] for times in timed.values() for _, tool in times]
    metrics: dict[str, Metric | None] = {
        "overhead_p50_ms": report.measure(whole, report.percentile(50)),
        "overhead_p95_ms": report.measure(whole, report.percentile(95)),
        "tool_p50_ms": report.measure(tools, report.percentile(50)),
        "tool_p95_ms": report.measure(tools, report.percentile(95)),
    }
    extra = {"by_step": {step: _summary(times) for step, times in sorted(timed.items())}}
    shown = {name: metric for name, metric in metrics.items() if metric is not None}
    return Report("speed", f"demo of {options.products:,} products", monotonic() - begun, shown, extra)


def _timed(stage: Stage, messages: int) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of whole turns, and of the tool in them, by what the model chose."""
    script = ScriptedChat()
    assistant = Assistant(stage.world, stage.intent, LanguageModel(script))
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    everything = cycle(scenario.load())
    done = 0
    while done < messages + WARM_UP:
        for step, total, tool in _conversation(stage, assistant, script, next(everything)):
            done += 1
            if WARM_UP < done <= messages + WARM_UP:
                times[step].append((total, tool))
    return times


def _conversation(
    stage: Stage, assistant: Assistant, script: ScriptedChat, one: Scenario
) -> Iterator[tuple[str, float, float]]:  # fmt: skip
    actor = stage.actor(one.who, country=one.country, currency=one.currency, language=one.language)
    conversation = stage.conversation(actor)
    for turn in one.turns:
        script.seen.clear()
        script.bound.clear()
        step, script.steps = _step(turn)
        begun = perf_counter()
        events = list(assistant.reply(actor, conversation, turn.say))
        total = (perf_counter() - begun) * 1000
        yield step, total, sum(event.milliseconds for event in events if isinstance(event, Used))


def _step(turn: Turn) -> tuple[str, list[AIMessage]]:
    """What a model would choose that is always right."""
    wanted = turn.every or turn.expect[:1]
    if not wanted:
        kind = turn.reply[0] if turn.reply else "clarify"
        return f"reply:{kind}", [reply(kind)]
    return wanted[0], [call(tool, **_arguments(tool, turn)) for tool in wanted]


def _arguments(tool: str, turn: Turn) -> dict[str, object]:
    """The expected arguments, and the required ones that a scenario leaves open."""
    fields = TOOLS[tool].arguments.model_fields
    given: dict[str, object] = {}
    for name in fields:
        if name in turn.arguments:
            given[name] = _value(turn.arguments[name])
        elif name in _FROM_WORDS:
            given[name] = turn.say[:300]
    for name, field in fields.items():
        if given.get(name) is None and field.is_required():
            given[name] = _FILLERS.get(name, turn.say[:80])
    return {name: value for name, value in given.items() if value is not None}


def _value(expected: object) -> object:
    match expected:
        case Matcher(contains=(first, *_)):
            return first
        case Matcher():
            return None
        case [first, *_]:
            return _value(first)
        case str() if expected.startswith("$"):
            return None
    return expected


def _summary(times: Sequence[tuple[float, float]]) -> dict[str, object]:
    middle, high = report.percentile(50), report.percentile(95)
    whole = report.measure([[total for total, _ in times]], middle)
    worst = report.measure([[total for total, _ in times]], high)
    assert whole is not None
    assert worst is not None
    return {"p50_ms": round(whole.value, 1), "p95_ms": round(worst.value, 1), "n": len(times)}
