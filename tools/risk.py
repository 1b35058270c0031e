"""Risk: what an order's payment looks like, which orders wait for a look, and holding one back."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from models.risk import desk
from models.risk.desk import Scored
from models.risk.events import DAY
from models.risk.payments import MATURE
from shop import holds, orders, sales
from shop.errors import Missing
from shop.money import Money
from shop.people import Role
from shop.rates import convert
from shop.tables import Order
from shop.wording import Percent, Term
from tools.base import STAFF, Context, Phrase, ToolResult, phrase, tool
from tools.orders import title, view
from tools.sales import Period
from tools.views import Candidate, Question, Series, Stack, Table

Doing: TypeAlias = Literal["hold", "release", "fraud"]
UNLESS = 2.0  # a reason is told to reviewers as decisive when the score falls by this factor without it


@tool(roles=STAFF)
def score_order(ctx: Context, order_id: int | None = None) -> ToolResult:
    """Tell how risky an order's payment is (fraud, stolen card), why, and what to do.

    Args:
        order_id: The order's number, such as 20123; leave out if none was named.
    """
    if order_id is None:
        return _which(ctx)
    order = orders.find(ctx.db, ctx.actor, order_id)
    found = desk.scored(ctx.db).get(order.id)
    if found is None:
        unknown = phrase("say.risk_unscored", order=order.id)
        return ToolResult(f"order {order.id}: no payment to score; review it.", (unknown,), view(order))
    reasons = found.reasons()
    say = (_verdict(ctx, order, found), *(_reason(ctx, one.name, one.without, found) for one in reasons))
    text = f"order {order.id}: {found.level} risk, {found.probability:.1%}, {found.action}; " + ", ".join(
        one.name for one in reasons
    )
    return ToolResult(text, say, view(order))


@tool(roles=STAFF)
def review_queue(ctx: Context, limit: int = 10) -> ToolResult:
    """List the suspicious orders that should be checked before they are sent, the largest expected loss first.

    Args:
        limit: How many at most, such as 10.
    """
    found = _suspicious(ctx)
    shown = found[: max(1, min(limit, 50))]
    if not found:
        return ToolResult("No suspicious orders.", (phrase("say.review_empty"),))
    say = (phrase("say.review", n=len(found)), *(_line(ctx, order, one) for order, one in shown[:5]))
    columns = ("order", "status", "risk", "total", "expected_loss", "why", "advice")
    rows = tuple(
        (order.id, Term("risk.held") if is_held else Term(f"status.{order.status}"), Percent(one.probability),
         order.total, _money(ctx, one.loss), _first(one), Term(f"risk.do.{one.action}"))
        for (order, one), is_held in zip(shown, _held(ctx, shown), strict=True)
    )  # fmt: skip
    text = "\n".join(f"order {order.id}: {one.probability:.1%}, {one.action}, {order.total}" for order, one in shown)
    return ToolResult(text, say, Table(tuple(f"column.{name}" for name in columns), rows))


@tool(roles=STAFF)
def risk_report(ctx: Context, period: Period = "last_30_days") -> ToolResult:
    """Sum up fraud and risk in a period: orders flagged, fraud that was found out, losses.

    Args:
        period: The span of time, such as last_month.
    """
    whole = sales.spanned(ctx.db, ctx.actor, period, ctx.now)
    mine = [one for one in _mine(ctx) if whole.start <= one.paid.at <= whole.end]
    sums = _Sums.of(mine)
    say = [phrase("say.risk_report", start=whole.start.date(), end=whole.end.date(), n=sums.orders,
                  flagged=sums.flagged, share=Percent(sums.flagged / max(sums.orders, 1)))]  # fmt: skip
    say.append(
        phrase("say.risk_fraud", n=sums.fraud, caught=sums.caught, lost=_money(ctx, sums.lost), days=MATURE // DAY)
    )
    agreed, closed = holds.agreement(ctx.db, ctx.actor)
    if closed:
        say.append(phrase("say.risk_agreed", n=closed, fraud=agreed))
    by = {action: sum(one.action == action for one in mine) for action in ("pass", "step_up", "review", "block")}
    chart = Series("column.orders", tuple(Term(f"risk.do.{one}") for one in by), tuple(map(float, by.values())), "")
    text = f"{period}: {sums.orders} orders, {sums.flagged} flagged, {sums.fraud} fraud, {sums.caught} of them flagged"
    rows = tuple((Term(f"risk.do.{one}"), n) for one, n in by.items())
    return ToolResult(text, tuple(say), Stack((chart, Table(("column.advice", "column.orders"), rows))))


@tool(roles=STAFF, writes=True)
def hold_order(ctx: Context, order_id: int | None = None, action: Doing = "hold", note: str = "") -> ToolResult:
    """Hold a suspicious order back so that it is not sent, or release a held one. The merchant confirms.

    Args:
        order_id: The order's number, such as 20123; leave out if none was named.
        action: hold to stop it, release to let it go on, fraud to close a held order as fraud.
        note: Why, in the merchant's words; leave out if nothing was said.
    """
    if order_id is None:
        return _which(ctx)
    order = orders.find(ctx.db, ctx.actor, order_id)
    found = desk.scored(ctx.db).get(order.id) if action == "hold" else None
    if action == "hold":
        holds.hold(ctx.db, ctx.actor, order.id, note, found.probability if found else None, ctx.now)
    else:
        holds.release(ctx.db, ctx.actor, order.id, "fraud" if action == "fraud" else "released", ctx.now)
    done = {"hold": "say.hold", "release": "say.release", "fraud": "say.hold_fraud"}[action]
    say = (phrase(done, order=order.id, title=title(ctx, order), total=order.total),)
    return ToolResult(f"order {order.id}: {action}.", say, view(order), pinned={"order_id": order.id})


@dataclass(frozen=True)
class _Sums:
    """Counts of orders, and EUR lost to fraud that is known."""

    orders: int
    flagged: int
    fraud: int
    caught: int
    lost: float

    @classmethod
    def of(cls, mine: list[Scored]) -> "_Sums":
        fraud = [one for one in mine if one.paid.is_fraud]
        return cls(
            len(mine), sum(one.is_flagged for one in mine), len(fraud), sum(one.is_flagged for one in fraud),
            sum(one.amount for one in fraud),
        )  # fmt: skip


def _mine(ctx: Context) -> list[Scored]:
    """The judged orders that the actor runs: a merchant the shop's, an operator all."""
    everything = desk.scored(ctx.db).values()
    if ctx.actor.role is Role.OPERATOR:
        return list(everything)
    return [one for one in everything if ctx.actor.shop_id is not None and one.paid.shop_id == ctx.actor.shop_id]


def _suspicious(ctx: Context) -> list[tuple[Order, Scored]]:
    """Open orders that are flagged or held, the largest expected loss first."""
    waiting = {*holds.waiting(ctx.db, ctx.actor)}
    known = {one.paid.order_id: one for one in _mine(ctx)}
    meant = [n for n, one in known.items() if one.is_flagged or n in waiting]
    among = orders.many(ctx.db, ctx.actor, meant)
    found = [(order, known[order.id]) for order in among if order.status in orders.BEFORE_DISPATCH]
    return sorted(found, key=lambda pair: (-pair[1].loss, pair[0].id))


def _held(ctx: Context, shown: list[tuple[Order, Scored]]) -> list[bool]:
    waiting = {*holds.waiting(ctx.db, ctx.actor)}
    return [order.id in waiting for order, _ in shown]


def _which(ctx: Context) -> ToolResult:
    """Ask which order, offering the suspicious ones. Raises Missing when there is none."""
    found = _suspicious(ctx)[:5]
    if not found:
        raise Missing("error.no_order_fits")
    say = (phrase("error.which_order"), *(_line(ctx, order, one) for order, one in found))
    asked = tuple(Candidate(order.id, title(ctx, order), str(order.id)) for order, _ in found)
    return ToolResult("Ask which order: " + ", ".join(f"order {order.id}" for order, _ in found), say, Question(asked))


def _verdict(ctx: Context, order: Order, found: Scored) -> Phrase:
    return phrase(
        "say.risk", order=order.id, level=Term(f"risk.level.{found.level}"), share=Percent(found.probability),
        total=order.total, loss=_money(ctx, found.loss), advice=Term(f"risk.do.{found.action}"),
    )  # fmt: skip


def _reason(ctx: Context, name: str, without: float, found: Scored) -> Phrase:
    """A reason; an operator also learns how the score would be without it."""
    why = Term(f"risk.why.{name}")
    if ctx.actor.role is Role.OPERATOR and without * UNLESS < found.probability:
        return phrase("say.risk_unless", why=why, share=Percent(without))
    return phrase("say.risk_why", why=why)


def _line(ctx: Context, order: Order, one: Scored) -> Phrase:
    return phrase(
        "say.review_row", order=order.id, title=title(ctx, order), total=order.total, share=Percent(one.probability),
        why=_first(one),
    )  # fmt: skip


def _first(one: Scored) -> Term:
    reasons = one.reasons(1)
    return Term(f"risk.why.{reasons[0].name}" if reasons else "risk.why.none")


def _money(ctx: Context, euros: float) -> Money:
    return convert(Money.of(round(euros, 2), "EUR"), ctx.actor.currency, ctx.now.date())
