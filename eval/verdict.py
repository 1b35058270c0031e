"""Ask a question and judge the answer: whether the figures shown are those that are true."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from agent.assistant import Assistant
from agent.events import Used
from eval import expected
from eval.figures import Books, read
from eval.question import Case, Wanted
from eval.shown import Line, shown
from eval.stage import Stage
from shop.people import Actor
from tools.base import ToolResult
from tools.views import Question

CLOSE = 0.006  # what a figure may differ by: half a unit of the last decimal that is shown
CLOSE_DAYS = 0.051  # the same of days, which have one decimal
LOOKED_AT = 3  # rows of a table that must be right, in order


@dataclass(frozen=True)
class Verdict:
    """How a question was answered: `right`, `wrong` (another figure was shown), `none` (no figure was shown)."""

    case: Case
    outcome: str
    seconds: float
    said: str


Kept = dict[int | None, Books]  # what each shop's figures are computed from, read once


def judged(stage: Stage, assistant: Assistant, case: Case, kept: Kept) -> Verdict:
    """Ask the lines of a question in one conversation, and judge the last answer; `kept` is filled as it is needed."""
    actor = stage.actor(case.template.who)
    conversation = stage.conversation(actor)
    seconds, events = 0.0, list[Any]()
    for line in case.lines:
        begun = perf_counter()
        events = list(assistant.reply(actor, conversation, line))
        seconds = perf_counter() - begun
    results = [event.result for event in events if isinstance(event, Used)]
    said = " / ".join(str(getattr(event, "text", "")) for event in events[-1:])
    with stage.world.database.session() as db:
        outcome = _outcome(stage, db, actor, case, results, kept)
    return Verdict(case, outcome, seconds, said)


def _outcome(stage: Stage, db: Any, actor: Actor, case: Case, results: Sequence[ToolResult], kept: Kept) -> str:
    figures = [one for one in results if not isinstance(one.view, Question) and one.say and _is_figure(one.say[0])]
    if not figures:
        return "none"
    if case.template.ask is None:
        return "wrong"
    if actor.shop_id not in kept:
        kept[actor.shop_id] = read(db.connection(), actor.shop_id, stage.world.clock())
    return "right" if is_right(db, kept[actor.shop_id], case.template.ask, figures[-1]) else "wrong"


def _is_figure(phrase: Any) -> bool:
    return phrase.key.partition(".")[2] not in ("figure_none", "figure_future", "rule", "no_rule", "nothing")


def is_right(db: Any, books: Books, wanted: Wanted, result: ToolResult) -> bool:
    """Whether a result shows the figures that are wanted."""
    titles = expected.titles_of(db)
    total, rows = shown(wanted, result)
    room = CLOSE_DAYS if wanted.measure == "stock_cover" else CLOSE
    if wanted.by is None:
        return total is not None and _is_same(total, expected.total(books, wanted, titles), room)
    true = expected.rows(books, wanted, titles)
    if wanted.top is not None and len(rows) != min(wanted.top, len(true)):
        return False
    looked_at = len(true) if wanted.order is None and wanted.by in ("month", "weekday") else LOOKED_AT
    if len(rows) < min(looked_at, len(true)):
        return False
    by_key = {one.key: one for one in true}
    for place, row in enumerate(rows[:looked_at]):
        keys = titles.get(row.key, {row.key}) if wanted.by == "product" else {row.key}
        among = [by_key[key] for key in keys if key in by_key]
        if not any(_is_same(row, one, room) for one in among):
            return False
        if wanted.order and not _is_tied(true[place], row, wanted.order):
            return False
    return True


def _is_same(row: Line, true: Line, room: float) -> bool:
    pairs = [(row.value, true.value)] + ([(row.before, true.before)] if true.before is not None else [])
    return all(got is not None and real is not None and abs(got - real) <= room for got, real in pairs)


def _is_tied(true: Line, row: Line, order: str) -> bool:
    """Whether a row may stand at the place of the true one: their values by that order are the same."""
    if order in ("rose", "fell"):
        got, real = (row.value or 0) - (row.before or 0), (true.value or 0) - (true.before or 0)
    else:
        got, real = row.value or 0, true.value or 0
    return abs(got - real) <= 2 * CLOSE
