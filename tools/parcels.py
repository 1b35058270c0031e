"""Where a parcel is."""

from shop import parcels
from shop.wording import Term
from tools import orders
from tools.base import SHOPPERS, Context, ToolResult, phrase, tool
from tools.views import Parcel, Step


@tool(roles=SHOPPERS)
def track_order(ctx: Context, order_id: int | None = None, tracking: str | None = None) -> ToolResult:
    """Tell where a parcel is and when it comes.

    Args:
        order_id: The order's number, such as 1001; leave out for the newest parcel.
        tracking: The parcel's tracking number, such as HT100000103CN, only if the customer gave one.
    """
    parcel = parcels.track(ctx.db, ctx.actor, order_id, tracking)
    last = parcel.events[-1]
    where = {"event": Term(f"event.{last.code}"), "city": last.city, "country": last.country, "day": last.at}
    say = [
        phrase("say.parcel", order=parcel.order_id, title=orders.title(ctx, parcel.order)),
        phrase("say.parcel_at", **where),
    ]
    if parcel.delivered_at:
        say.append(phrase("say.delivered", day=parcel.delivered_at.date()))
    elif parcel.promised_at < ctx.now:
        say.append(phrase("say.overdue", day=parcel.promised_at.date()))
    else:
        say.append(phrase("say.promised", day=parcel.promised_at.date()))
    say.append(phrase("say.carrier", carrier=parcel.carrier, tracking=parcel.tracking))
    text = (
        f"order {parcel.order_id}, parcel {parcel.tracking}, {parcel.status}: {last.code} in {last.city}, "
        f"{last.country} on {last.at:%Y-%m-%d}; promised {parcel.promised_at:%Y-%m-%d}"
    )
    steps = tuple(Step(event.at, event.code, event.city, event.country) for event in parcel.events)
    view = Parcel(
        parcel.order_id, parcel.tracking, parcel.carrier, parcel.status,
        parcel.promised_at, parcel.delivered_at, steps,
    )  # fmt: skip
    return ToolResult(text, tuple(say), view)
