"""Figures that a merchant wants to hear of."""

from fractions import Fraction

from retrieval.analytics import read
from shop import watches
from shop.errors import ShopError, Unclear
from shop.measures.catalogue import MEASURES
from shop.watches import State
from shop.wording import Term
from tools import analytics, measuring
from tools.base import STAFF, Context, Phrase, ToolResult, phrase, tool
from tools.measuring import MeasureName, shown
from tools.views import Cell, Table

_COLUMNS = ("column.detail", "column.value", "column.limit", "column.state")


@tool(roles=STAFF, writes=True)
def watch_measure(ctx: Context, question: str = "", measure: MeasureName | None = None) -> ToolResult:
    """Tell the merchant later, once a figure has passed a limit; without a question list what is watched.

    Args:
        question: The merchant's own words, such as "tell me when the return rate of shoes passes 8 %".
        measure: What is watched if the words do not name it, such as return_rate.
    """
    said = read(question, measuring.today(ctx), ctx.actor.language)
    if said.limit is None and said.is_guess:
        return _listed(ctx)
    try:
        asked = measuring.asked(ctx, question, measure)
    except Unclear as unclear:
        return analytics.which(ctx, question, unclear)
    reading, query = asked.reading, asked.query
    if reading.limit is None or reading.side is None:
        raise ShopError("error.watch_limit")
    limit = reading.limit / 100 if MEASURES[query.measure].unit == "share" and reading.limit > 1 else reading.limit
    state = watches.add(
        ctx.db, ctx.actor, query.measure, query.where, reading.side, limit, query.currency, ctx.now
    )  # fmt: skip
    lines = (_said(state), *analytics.filtered(ctx, state.figures), _current(state))
    return ToolResult(f"watch {query.measure} {reading.side} {limit:g}", lines)


def _listed(ctx: Context) -> ToolResult:
    states = watches.of(ctx.db, ctx.actor, ctx.now)
    if not states:
        return ToolResult("nothing is watched", (phrase("say.watches_none"),), only_tells=True)
    said = [one for state in states[:5] for one in (_said(state), _current(state))]
    rows = tuple(
        (Term(f"measure.{state.watch.measure}"), _value(state, state.value), _value(state, _limit(state)),
         Term("watch.passed" if state.is_passed else "watch.quiet"))
        for state in states
    )  # fmt: skip
    text = "; ".join(f"{state.watch.measure} {state.watch.side} {state.watch.limit:g}" for state in states)
    return ToolResult(f"watched: {text}", tuple(said), Table(_COLUMNS, rows), only_tells=True)


def _said(state: State) -> Phrase:
    watch = state.watch
    return phrase(
        "say.watch", measure=Term(f"measure.{watch.measure}"), side=">" if watch.side == "above" else "<",
        limit=_value(state, _limit(state)), days=watch.days,
    )  # fmt: skip


def _current(state: State) -> Phrase:
    value = _value(state, state.value)
    return phrase("say.watch_current", value="–" if value is None else value)


def _limit(state: State) -> Fraction:
    return Fraction(state.watch.limit).limit_denominator(10**6)


def _value(state: State, value: Fraction | None) -> Cell:
    return shown(value, MEASURES[state.watch.measure], state.watch.currency)
