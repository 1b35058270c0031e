"""Does a merchant get the right figure? Questions in twelve languages, judged by an independent pandas computation.

`python -m eval analytics [--part dev|test|all] [--no-llm] [--data FILE] [--json]`
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select

from agent.assistant import Assistant
from agent.events import Used
from eval import report
from eval.agent import language_model
from eval.figures import Ask, Books, read
from eval.report import Metric, Report
from eval.scenario import BadScenario
from eval.stage import Stage, opened
from settings import Settings
from shop.labels import Country, Month, Quarter, Tongue, Weekday
from shop.money import Money
from shop.people import Actor
from shop.tables import ProductText
from shop.wording import Percent, Term
from tools.base import ToolResult
from tools.views import Question, Stack, Table

HERE = Path(__file__).parent / "questions" / "analytics.yaml"
CLOSE = 0.006  # what a figure may differ by: half a unit of the last decimal that is shown
CLOSE_DAYS = 0.051  # the same of days, which have one decimal
LOOKED_AT = 3  # rows of a table that must be right, in order
_OVERVIEW = {"revenue": "revenue", "orders": "n", "units": "units"}


class Wanted(BaseModel):
    """What a question asks for, in canonical form."""

    model_config = ConfigDict(extra="forbid")

    measure: str
    period: tuple[date, date] | None = None
    against: tuple[date, date] | None = None
    now: bool = False
    by: str | None = None
    keep: dict[str, list[str]] = Field(default_factory=dict)
    drop: dict[str, list[str]] = Field(default_factory=dict)
    name: str | None = None
    order: str | None = None
    top: int | None = None
    currency: str | None = None


class Template(BaseModel):
    """One meaning in several languages; without `ask` it cannot be answered."""

    model_config = ConfigDict(extra="forbid")

    id: str
    who: str = Field(alias="as")
    part: Literal["dev", "test"] = "dev"
    ask: Wanted | None = None
    say: dict[str, str | list[str]]


@dataclass(frozen=True)
class Case:
    """One question in one language."""

    template: Template
    language: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """How a question was answered: `right`, `wrong` (another figure was shown), `none` (no figure was shown)."""

    case: Case
    outcome: str
    seconds: float
    said: str


@dataclass(frozen=True)
class Line:
    """A row of figures as it was shown or should have been."""

    key: str
    value: float | None
    before: float | None = None


def run(options: argparse.Namespace, known: Settings) -> Report:
    """Ask all questions of a part and report. Prints a line for each that came out wrong."""
    cases = chosen(options)
    begun = monotonic()
    with ExitStack() as started:
        model = None if options.no_llm else started.enter_context(language_model(options, known))
        stage = started.enter_context(opened(known.data))
        assistant = Assistant(stage.world, stage.intent, model)
        verdicts = [judged(stage, assistant, case) for case in cases]
    for one in verdicts:
        if one.outcome != ("none" if one.case.template.ask is None else "right"):
            print(f"{one.case.template.id} [{one.case.language}] {one.outcome}: {one.case.lines} ⇒ {one.said[:300]!r}")
    name = str(options.data) if options.data else f"questions/{options.part}"
    return Report("analytics", name, monotonic() - begun, metrics(verdicts), _extra(verdicts))


def chosen(options: argparse.Namespace) -> list[Case]:
    """The questions of a part. Raises BadScenario for a file that is not right."""
    path = options.data or HERE
    try:
        templates = [Template.model_validate(one) for one in yaml.safe_load(path.read_text("utf-8"))]
    except (ValidationError, yaml.YAMLError, TypeError, OSError) as error:
        raise BadScenario(f"{path}: {error}") from error
    wanted = [one for one in templates if options.data or options.part in ("all", one.part)]
    cases = [
        Case(one, language, tuple([said] if isinstance(said, str) else said))
        for one in wanted for language, said in one.say.items()
        if not options.languages or language in options.languages
    ]  # fmt: skip
    if not cases:
        raise BadScenario("No question is left by that choice.")
    return cases[:: max(len(cases) // options.limit, 1)][: options.limit] if options.limit else cases


def judged(stage: Stage, assistant: Assistant, case: Case) -> Verdict:
    """Ask the lines of a question in one conversation, and judge the last answer."""
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
        outcome = _outcome(stage, db, actor, case, results)
    return Verdict(case, outcome, seconds, said)


def _outcome(stage: Stage, db: Any, actor: Actor, case: Case, results: Sequence[ToolResult]) -> str:
    shown = [one for one in results if not isinstance(one.view, Question) and one.say and _is_figure(one.say[0])]
    if not shown:
        return "none"
    if case.template.ask is None:
        return "wrong"
    books = _books(stage, db, actor)
    return "right" if is_right(db, books, case.template.ask, shown[-1]) else "wrong"


def _is_figure(phrase: Any) -> bool:
    return phrase.key.partition(".")[2] not in ("figure_none", "figure_future", "rule", "no_rule", "nothing")


_BOOKS: dict[int | None, Books] = {}


def _books(stage: Stage, db: Any, actor: Actor) -> Books:
    if actor.shop_id not in _BOOKS:
        _BOOKS[actor.shop_id] = read(db.connection(), actor.shop_id, stage.world.clock())
    return _BOOKS[actor.shop_id]


def is_right(db: Any, books: Books, wanted: Wanted, result: ToolResult) -> bool:
    """Whether a result shows the figures that are wanted."""
    titles = _titles(db)
    total, rows = _shown(wanted, result)
    room = CLOSE_DAYS if wanted.measure == "stock_cover" else CLOSE
    if wanted.by is None:
        return total is not None and _is_same(total, _total(books, wanted, titles), room)
    expected = _expected(books, wanted, titles)
    if wanted.top is not None and len(rows) != min(wanted.top, len(expected)):
        return False
    looked_at = len(expected) if wanted.order is None and wanted.by in ("month", "weekday") else LOOKED_AT
    if len(rows) < min(looked_at, len(expected)):
        return False
    by_key = {one.key: one for one in expected}
    for place, row in enumerate(rows[:looked_at]):
        keys = titles.get(row.key, {row.key}) if wanted.by == "product" else {row.key}
        among = [by_key[key] for key in keys if key in by_key]
        if not any(_is_same(row, one, room) for one in among):
            return False
        if wanted.order and not _is_tied(expected[place], row, wanted.order):
            return False
    return True


def _total(books: Books, wanted: Wanted, titles: Mapping[str, set[str]]) -> Line:
    value, before = (_answer(books, wanted, span, None, titles) for span in (wanted.period, wanted.against))
    return Line("", value, before)  # type: ignore[arg-type]


def _expected(books: Books, wanted: Wanted, titles: Mapping[str, set[str]]) -> list[Line]:
    """All rows that are true, in the order that was asked for."""
    now = _answer(books, wanted, wanted.period, wanted.by, titles)
    before = _answer(books, wanted, wanted.against, wanted.by, titles) if wanted.against else {}
    assert isinstance(now, dict)
    assert isinstance(before, dict)
    rows = [Line(key, now.get(key, 0.0), before.get(key, 0.0) if wanted.against else None) for key in {**now, **before}]
    is_change = wanted.order in ("rose", "fell")
    sign = -1 if wanted.order in ("most", "rose") else 1
    return sorted(rows, key=lambda one: sign * ((one.value or 0) - ((one.before or 0) if is_change else 0)))


def _answer(
    books: Books, wanted: Wanted, span: tuple[date, date] | None, by: str | None, titles: Mapping[str, set[str]]
) -> dict[str, float] | float | None:
    if span is None and not wanted.now:
        return None
    first, last = span or (date(2000, 1, 1), books.now.date())
    keep = dict(wanted.keep)
    if wanted.name:
        own = set(books.lines["product"]) | {str(one) for one in books._goods().product_id}
        keep["product"] = [key for title, keys in titles.items() if wanted.name in title.casefold() for key in keys
                           if key in own]  # fmt: skip
    found = books.answer(Ask(wanted.measure, first, last, by, keep, wanted.drop, wanted.currency))
    if not isinstance(found, dict):
        return found
    return {str(key)[:10] if by in ("month", "day", "week") else key: value for key, value in found.items()}


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


def _shown(wanted: Wanted, result: ToolResult) -> tuple[Line | None, list[Line]]:
    """The headline and the rows of a result, whichever tool made it."""
    head = result.say[0]
    parts = result.view.views if isinstance(result.view, Stack) else (result.view,)
    table = next((one for one in parts if isinstance(one, Table)), None)
    if head.key == "say.sales":
        value = head.values.get(_OVERVIEW.get(wanted.measure, ""))
        is_span = wanted.period == (head.values["start"], head.values["end"])
        column = {"revenue": 1, "orders": 2, "units": 3}.get(wanted.measure, 1)
        rows = [Line(key_of(row[0]), number(row[column])) for row in table.rows] if table and is_span else []
        return (Line("", number(value)) if is_span and value is not None else None), rows
    if not head.key.startswith("say.figure"):
        return None, []
    compared = next((one for one in result.say if one.key == "say.figure_before"), None)
    before = number(compared.values["value"]) if compared else None
    rows = [
        Line(key_of(row[0]), number(row[1]), number(row[2]) if len(row) > 2 else None)
        for row in (table.rows if table and not table.columns[0].startswith("measure.") else ())
    ]
    return Line("", number(head.values["value"]), before), rows


def number(cell: object) -> float | None:
    """A typed value as a number."""
    match cell:
        case Money():
            return float(cell.amount)
        case Percent(share):
            return share
        case int() | float():
            return float(cell)
    return None


def key_of(label: object) -> str:
    """The canonical value of a row's label."""
    match label:
        case Country(code) | Tongue(code):
            return code
        case Term(key):
            return key.partition(".")[2]
        case Month(first) | Quarter(first):
            return str(first)
        case Weekday(day):
            return str(day)
    return str(label)


def _titles(db: Any) -> dict[str, set[str]]:
    """The ids of the products that have a title in any language."""
    found: dict[str, set[str]] = defaultdict(set)
    for product, title in db.execute(select(ProductText.product_id, ProductText.title)):
        found[title].add(str(product))
    return found


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
