"""Which tool of the trade's figures a message asks for: plain code decides among them, unless the
classifier is sure of another tool.

The overview (`sales_summary`) tells revenue, orders, units and the best sellers of a usual period; everything more
exact is `ask_sales`, a "why" is `explain_change`, a "tell me when" is `watch_measure`.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agent import cues, history
from retrieval import analytics
from retrieval.reading import Reading
from shop.errors import ShopError
from shop.measures.query import Query
from shop.periods import span
from shop.tables import Turn as Row
from tools import TOOLS, measuring
from tools.base import STAFF, Context

FAMILY = ("sales_summary", "ask_sales", "explain_change", "watch_measure")
OTHER = 0.8  # a probability from which a message is for the tool that the classifier names
EVERYDAY = ("orders", "stock", "returns", "late_parcels")
"""Measures whose words stand in many other messages at the desk."""
_OVERVIEW = ("revenue", "orders", "units", "average_order")
_GROUPS = (None, "day", "week", "month", "category", "product", "country")


class Routed(NamedTuple):
    """The tool, and the question with the lines that it refines; `is_settled` where no model can add to it."""

    tool: str
    question: str
    is_settled: bool = True


def route(ctx: Context, words: str, scores: Mapping[str, float], rows: Sequence[Row]) -> Routed | None:
    """Name the tool of the figures that a message asks for; None where it asks for something else."""
    if ctx.actor.role not in STAFF:
        return None
    today, language = measuring.today(ctx), ctx.actor.language
    best = max(scores, key=lambda name: scores[name], default="")
    sure = scores.get(best, 0.0)
    if best in TOOLS and best not in FAMILY and sure >= OTHER:
        return None
    if best == "sales_summary" and sure >= OTHER:
        alone = _chosen(ctx, words, scores)
        if alone is not None and alone.tool == best:
            return alone
    reading = analytics.read_line(words, today, language)
    before = _before(rows)
    if before is not None and analytics.is_follow_up(words, today, language):
        return _chosen(ctx, f"{before}\n{words}", scores, is_joined=True)
    if reading.is_watch and reading.measure and not reading.is_guess:
        return Routed("watch_measure", words)
    if reading.is_absent:
        is_about_figures = reading.measure is not None and not reading.is_guess and (reading.period or reading.by)
        is_figures = is_about_figures or _is_family(scores, also=("low_stock",))
        return Routed("ask_sales", words) if is_figures else None
    if not _is_meant(reading, scores):
        return None
    return _chosen(ctx, words, scores)


def _before(rows: Sequence[Row]) -> str | None:
    """The question that the last answer was about, if it was one about figures."""
    made = [call for row in rows[-1:] for call in history.calls(row)]
    if not made or made[-1]["tool"] not in FAMILY:
        return None
    arguments = made[-1]["arguments"]
    asked = arguments.get("question") if isinstance(arguments, dict) else None
    said = [row.text for row in rows if row.role == "user"]
    return str(asked) if asked else said[-1] if said else None


def _is_meant(reading: Reading, scores: Mapping[str, float]) -> bool:
    """Whether a message is about figures: the classifier says so, or it names a measure and more."""
    if reading.is_something and _is_family(scores):
        return True
    is_named = reading.measure is not None and not reading.is_guess
    parts = sum(map(bool, (reading.period, reading.by, reading.where, reading.against, reading.order)))
    parts += reading.by not in (None, "product")
    return parts >= (3 if not is_named else 2 if reading.measure in EVERYDAY else 1)


def _is_family(scores: Mapping[str, float], also: tuple[str, ...] = ()) -> bool:
    """Whether the classifier thinks of figures rather than of any other tool."""
    family = sum(scores.get(name, 0.0) for name in (*FAMILY, *also))
    return family >= max((scores.get(name, 0.0) for name in TOOLS if name not in (*FAMILY, *also)), default=0.0)


def _chosen(ctx: Context, question: str, scores: Mapping[str, float], *, is_joined: bool = False) -> Routed | None:
    try:
        asked = measuring.asked(ctx, question)
    except ShopError as error:
        reading = analytics.read(question, measuring.today(ctx), ctx.actor.language)
        return Routed("ask_sales", question, error.key != "error.not_measured" or reading.is_absent)
    if asked.reading.is_why and "explain_change" in TOOLS:
        return Routed("explain_change", question)
    if _is_overview(ctx, asked.query, asked.reading, question):
        return None if is_joined else Routed("sales_summary", question)
    return Routed("ask_sales", question)


def _is_overview(ctx: Context, query: Query, reading: Reading, question: str) -> bool:
    """Whether the overview tells all that is asked."""
    is_plain = not (query.where or query.against or query.top or query.currency) and query.order == "most"
    if not is_plain or query.measure not in _OVERVIEW or query.by not in _GROUPS:
        return False
    if reading.period is None:
        return True
    name = cues.find("period", question)
    if name is None:
        return False
    from shop.measures.desk import desk

    usual = span(name, ctx.now, desk(ctx.db, ctx.actor).zone)
    last = min(reading.period.last, measuring.today(ctx))
    return (usual.start.date(), usual.end.date()) == (reading.period.first, last)
