"""Does the assistant do what people ask? Scenarios through the whole application, beside a plain agent."""

import argparse
import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from agent import llm as llms
from agent.assistant import Assistant
from agent.llm import LanguageModel
from eval import changes, judge, plain, play, report, scenario, state, tongue, truth
from eval.judge import Heard, Market
from eval.numbers import ungrounded
from eval.play import Player
from eval.report import Metric, Report
from eval.scenario import Scenario, Turn
from eval.stage import Stage, opened
from models.serving import engines
from models.serving.launch import launch
from settings import Settings

OURS = "ours"
RATES = ("right_tool", "right_arguments", "right_state", "right_language")
TIMES = ("seconds_p50", "seconds_p95", "first_token_p50")


@dataclass(frozen=True)
class Judged:
    """One scenario as one agent played it: a list of verdicts (1 or 0) or of values by metric."""

    scenario: Scenario
    right_tool: list[float]
    right_arguments: list[float]
    right_state: list[float]
    right_language: list[float]
    ungrounded: list[float]
    seconds: list[float]
    first: list[float]
    unconfirmed: int
    complaints: list[str]


def run(options: argparse.Namespace, known: Settings) -> Report:
    """Play the chosen scenarios and report. Prints a line for each turn that came out wrong."""
    chosen = _chosen(options)
    begun = monotonic()
    with ExitStack() as started:
        model = None if options.no_llm else started.enter_context(language_model(options, known))
        stage = started.enter_context(opened(known.data))
        changes.watch(stage.copy)
        stage = dataclasses.replace(stage, built=_template(stage))
        ours = play.player(Assistant(stage.world, stage.intent, model))
        players = {OURS: ours} | ({"plain": plain.player(model)} if options.baseline and model else {})
        if model is not None:
            _warm(stage, players, chosen)
        judged = _played(stage, players, chosen)
    return _report(options, chosen, judged, monotonic() - begun)


@contextmanager
def language_model(options: argparse.Namespace, known: Settings) -> Iterator[LanguageModel]:
    """Connect to the server that was named, or start the local one for as long as the block lasts."""
    url, name = options.url or known.llm_url, options.model or known.llm_model
    if url:
        yield llms.connect(
            url, name or "local", key=known.llm_key, answers=known.llm_answers or "tools",
            native_calls=known.llm_native_calls, timeout=known.llm_timeout,
        )  # fmt: skip
        return
    engine = engines.choose(options.engine or known.engine)
    with launch(engine, cache=known.cache, gguf=known.llm_gguf, model=name) as server:
        if server is None:
            raise scenario.BadScenario("The engine `none` has no language model: say --no-llm.")
        yield llms.connect(
            server.url, server.model, answers=known.llm_answers or "tools", native_calls=server.native_calls,
            timeout=known.llm_timeout,
        )  # fmt: skip


def _chosen(options: argparse.Namespace) -> list[Scenario]:
    everything = scenario.load(options.data or scenario.HERE)
    found = everything if options.data else scenario.part(everything, options.part)
    if options.languages:
        found = [one for one in found if one.language in options.languages]
    if options.ids:
        found = [one for one in everything if one.id in options.ids]
    if options.tags:
        found = [one for one in found if set(options.tags) & set(one.tags)]
    found.sort(key=lambda one: (one.role.value, one.id))  # a role's prompt stays cached from one to the next
    if options.limit:
        found = _spread(found, options.limit)
    if not found:
        raise scenario.BadScenario("No scenario is left by that choice.")
    return found


def _spread(found: list[Scenario], limit: int) -> list[Scenario]:
    """Take every so many-th, so that a short run has all roles and languages."""
    step = max(len(found) / limit, 1.0)
    return [found[int(place * step)] for place in range(min(limit, len(found)))]


def _warm(stage: Stage, players: Mapping[str, Player], chosen: Sequence[Scenario]) -> None:
    """Say hello as every role, untimed: a server that runs has its prompts cached."""
    stage.reset()
    for one in {one.role: one for one in chosen}.values():
        hello = one.model_copy(update={"turns": [Turn(say="Hello!")], "state": None})
        for player in players.values():
            player(stage, hello)


def _template(stage: Stage) -> Path:
    """The watched copy, from which every scenario's copy is made."""
    stage.engine.dispose()
    template = stage.copy.with_name("template.db")
    stage.copy.replace(template)
    return template


def _played(stage: Stage, players: Mapping[str, Player], chosen: Sequence[Scenario]) -> dict[str, list[Judged]]:
    stage.reset()
    with stage.world.database.session() as db:
        goods = truth.goods(db, stage.world.clock())
    judged: dict[str, list[Judged]] = {name: [] for name in players}
    for place, one in enumerate(chosen):
        order = list(players) if place % 2 == 0 else list(players)[::-1]
        for name in order:
            stage.reset()
            done = judge_scenario(stage, goods, one, players[name](stage, one))
            judged[name].append(done)
            for line in done.complaints:
                print(f"[{place + 1}/{len(chosen)}] {name} {one.id}: {line}", flush=True)
    return judged


def judge_scenario(stage: Stage, goods: Mapping[int, truth.Good], one: Scenario, heard: Sequence[Heard]) -> Judged:
    """Judge all turns of a scenario and the database that they left behind."""
    judged = Judged(one, [], [], [], [], [], [], [], 0, [])
    market = Market(goods, stage.actor(one.who, currency=one.currency).currency, stage.world.clock())
    vouched: list[object] = []
    for turn, came in zip(one.turns, heard, strict=True):
        _judge_turn(judged, turn, came, market, vouched)
        listed = tuple(card.product_id for card in judge.cards(came.results))
        market = dataclasses.replace(market, shown=listed or market.shown)
    made = changes.made(stage.engine)
    with stage.world.database.session() as db:
        wrong = state.wrong(db, one, made)
    if one.state is not None:
        judged.right_state.append(float(not wrong))
    judged.complaints.extend(wrong)
    return dataclasses.replace(judged, unconfirmed=int(one.state is None and bool(wrong)))


def _judge_turn(judged: Judged, turn: Turn, heard: Heard, market: Market, vouched: list[object]) -> None:
    is_right = judge.is_right_tool(turn, heard)
    judged.right_tool.append(float(is_right))
    wrong: list[str] = []
    if turn.judges_arguments:
        wrong = judge.wrong_arguments(turn, heard, market)
        judged.right_arguments.append(float(not wrong))
    vouched += [turn.say, *heard.results]
    vouched += [part for call in heard.calls for part in (call.text, call.arguments)]
    names = [text for one in vouched for text in tongue.names_in(one)]
    languages = [turn.language or judged.scenario.language]
    in_language = tongue.is_right(heard.text, languages, names)
    if in_language is not None:
        judged.right_language.append(float(in_language))
    loose = [] if heard.is_template else ungrounded(heard.text, vouched)
    judged.ungrounded.append(float(len(loose)))
    judged.seconds.append(heard.seconds)
    judged.first.extend([heard.first] if heard.first is not None else [])
    if not is_right or wrong or in_language is False or loose:
        got = ", ".join(f"{call.tool}({_plain(call.arguments)})" for call in heard.calls) or f"reply {heard.reply}"
        wanted = "|".join((*turn.every, *turn.expect, *(f"reply:{kind}" for kind in turn.reply)))
        notes = [*wrong, *(["language"] if in_language is False else []), *(f"ungrounded {one}" for one in loose)]
        notes += [heard.failure] if heard.failure else []
        verdict = "" if is_right else " WRONG TOOL"
        judged.complaints.append(
            f"“{turn.say[:100]}” wants {wanted}{' asking' if turn.asks else ''}, got {got}{verdict}"
            f" {'; '.join(notes)} ⇒ {heard.text[:160]!r}"
        )


def _plain(arguments: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value!r}"[:60] for name, value in arguments.items())


def _report(
    options: argparse.Namespace, chosen: Sequence[Scenario], judged: Mapping[str, Sequence[Judged]], seconds: float
) -> Report:
    metrics = _metrics(judged[OURS])
    extra: dict[str, object] = {"languages": _by_language(judged[OURS]), "scenarios": len(chosen)}
    extra["unconfirmed_changes"] = sum(one.unconfirmed for one in judged[OURS])
    if "plain" in judged:
        others = _metrics(judged["plain"])
        metrics = {
            name: dataclasses.replace(metric, baselines={"plain": others[name].value} if name in others else {})
            for name, metric in metrics.items()
        }
        median = report.percentile(50)
        faster = report.ratio([o.seconds for o in judged["plain"]], [o.seconds for o in judged[OURS]], median)
        metrics |= {"times_faster_p50": faster} if faster else {}
        extra["plain_unconfirmed_changes"] = sum(one.unconfirmed for one in judged["plain"])
    wanted = options.at_least
    if wanted is not None and (metrics["right_tool"].value < wanted or extra["unconfirmed_changes"]):
        print(
            f"Right tools are {metrics['right_tool'].value:.2f}, and must be {wanted} at least, with no change unasked."
        )
        extra["forbidden"] = True
    data = str(options.data) if options.data else f"scenarios/{options.part}"
    return Report("agent", data, seconds, metrics, extra)


def _metrics(judged: Sequence[Judged]) -> dict[str, Metric]:
    found = {name: report.measure([getattr(one, name) for one in judged]) for name in RATES}
    seconds, first = [one.seconds for one in judged], [one.first for one in judged]
    found["seconds_p50"] = report.measure(seconds, report.percentile(50))
    found["seconds_p95"] = report.measure(seconds, report.percentile(95))
    found["first_token_p50"] = report.measure(first, report.percentile(50))
    metrics = {name: metric for name, metric in found.items() if metric is not None}
    return metrics | {"ungrounded": report.total([n for one in judged for n in one.ungrounded])}


def _by_language(judged: Sequence[Judged]) -> dict[str, dict[str, object]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.scenario.language].append(one)
    counts = Counter(one.scenario.language for one in judged)
    return {
        language: {"scenarios": counts[language]}
        | {name: round(metric.value, 3) for name, metric in _metrics(some).items() if name in RATES}
        for language, some in sorted(groups.items())
    }
