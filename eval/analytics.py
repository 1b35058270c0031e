"""Does a merchant get the right figure? Questions in twelve languages, judged by an independent pandas computation.

`python -m eval analytics [--part dev|test|all] [--no-llm] [--data FILE] [--json]`
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from time import monotonic

from agent.assistant import Assistant
from eval import report
from eval.agent import language_model
from eval.question import chosen
from eval.report import Metric, Report
from eval.stage import opened
from eval.verdict import Kept, Verdict, judged
from settings import Settings


def run(options: argparse.Namespace, known: Settings) -> Report:
    """Ask all questions of a part and report. Prints a line for each that came out wrong."""
    cases = chosen(options)
    begun = monotonic()
    with ExitStack() as started:
        model = None if options.no_llm else started.enter_context(language_model(options, known))
        stage = started.enter_context(opened(known.data))
        assistant = Assistant(stage.world, stage.intent, model)
        kept: Kept = {}
        verdicts = [judged(stage, assistant, case, kept) for case in cases]
    for one in verdicts:
        if one.outcome != ("none" if one.case.template.ask is None else "right"):
            print(f"{one.case.template.id} [{one.case.language}] {one.outcome}: {one.case.lines} ⇒ {one.said[:300]!r}")
    name = str(options.data) if options.data else f"questions/{options.part}"
    return Report("analytics", name, monotonic() - begun, metrics(verdicts), _extra(verdicts))


def metrics(verdicts: Sequence[Verdict]) -> dict[str, Metric]:
    """The shares of right answers, refusals and wrong figures, with intervals over templates."""
    answerable = _by_template(one for one in verdicts if one.case.template.ask is not None)
    others = _by_template(one for one in verdicts if one.case.template.ask is None)
    follow = _by_template(one for one in verdicts if one.case.template.ask and len(one.case.lines) > 1)
    found = {
        "right_answer": report.measure(_shares(answerable, "right")),
        "right_follow_up": report.measure(_shares(follow, "right")),
        "refused_unanswerable": report.measure(_shares(others, "none")),
        "wrong_shown": report.measure([
            [float(one.outcome == "wrong") for one in some] for some in (*answerable.values(), *others.values())
        ]),
        "seconds_p50": report.measure([[one.seconds] for one in verdicts], report.percentile(50)),
        "seconds_p95": report.measure([[one.seconds] for one in verdicts], report.percentile(95)),
    }  # fmt: skip
    return {name: metric for name, metric in found.items() if metric is not None}


def _by_template(verdicts: Iterator[Verdict]) -> dict[str, list[Verdict]]:
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for one in verdicts:
        groups[one.case.template.id].append(one)
    return groups


def _shares(groups: Mapping[str, Sequence[Verdict]], outcome: str) -> list[list[float]]:
    return [[float(one.outcome == outcome) for one in some] for some in groups.values()]


def _extra(verdicts: Sequence[Verdict]) -> dict[str, object]:
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for one in verdicts:
        count[one.case.language] += 1
        right[one.case.language] += one.outcome == ("none" if one.case.template.ask is None else "right")
    return {"questions": len(verdicts), "languages": {one: round(right[one] / count[one], 3) for one in sorted(count)}}
