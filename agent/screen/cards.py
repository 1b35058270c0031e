"""Views of tools' results as HTML, in the reader's language."""

from markupsafe import Markup

from agent.screen.charts import chart
from agent.screen.drawings import picture
from agent.screen.markup import EMPTY, el
from agent.screen.values import day, heading, is_number, write
from shop.labels import Country
from shop.wording import has, say
from tools.views import Card, Cards, Cell, OrderView, Parcel, Question, Series, Stack, Step, Table, View

_AHEAD = ("customs_out", "out_for_delivery", "delivered")
"""What a parcel still has before it, in order."""
MOST_ROWS = 60


def draw(view: View | None, language: str) -> Markup:
    """Draw any view."""
    match view:
        case None:
            return EMPTY
        case Cards(items):
            return el("div", *(_card(card, language) for card in items), cls="cards")
        case Table():
            return _table(view, language)
        case Parcel():
            return _parcel(view, language)
        case OrderView():
            return _order(view, language)
        case Series():
            return chart(view, language)
        case Question():
            return _question(view, language)
        case Stack(views):
            return el("div", *(draw(one, language) for one in views), cls="stack")


def _card(card: Card, language: str) -> Markup:
    was = (
        el("s", write(card.regular, language), title=say("view.was", language, price=card.regular), cls="was")
        if card.regular
        else EMPTY
    )
    stock = say("view.in_stock", language, n=card.in_stock) if card.in_stock else say("view.out_of_stock", language)
    return el(
        "article",
        el("div", picture(card.category, card.colour, card.product_id), _reduced(card), cls="picture"),
        el("h4", card.title),
        el("p", el("bdi", card.brand), " · ", el("bdi", card.shop), cls="maker"),
        el("p", el("strong", write(card.price, language)), " ", was, cls="price"),
        _stars(card, language),
        el("p", stock, cls="stock" if card.in_stock else "stock out"),
        el("p", card.note, cls="note") if card.note else EMPTY,
        el("p", say("view.number", language, id=card.product_id), " · ", el("bdi", card.sku), cls="id"),
        cls="card",
    )


def _reduced(card: Card) -> Markup:
    if card.regular is None or card.regular.minor <= 0 or card.regular.currency != card.price.currency:
        return EMPTY
    percent = round(100 * (1 - card.price.minor / card.regular.minor))
    return el("span", f"−{percent} %", cls="reduced", dir="ltr") if percent > 0 else EMPTY


def _stars(card: Card, language: str) -> Markup:
    if card.rating is None:
        return el("p", say("view.no_reviews", language), cls="rating none")
    filled = el("span", "★★★★★", style=f"inline-size:{card.rating / 5 * 100:.0f}%")
    spoken = say("view.rating", language, rating=card.rating)
    return el(
        "p",
        el("span", filled, "★★★★★", cls="stars", role="img", aria_label=spoken),
        f" {write(card.rating, language)} · ",
        say("view.reviews", language, n=card.reviews),
        cls="rating",
    )


def _table(table: Table, language: str) -> Markup:
    first = table.rows[0] if table.rows else ()
    kinds = ["number" if n < len(first) and is_number(first[n]) else None for n in range(len(table.columns))]
    named = zip(table.columns, kinds, strict=True)
    head = el("tr", *(el("th", heading(column, language), scope="col", cls=kind) for column, kind in named))
    rows = (el("tr", *(_cell(cell, language) for cell in row)) for row in table.rows[:MOST_ROWS])
    title = el("figcaption", heading(table.title, language)) if table.title else EMPTY
    grid = el("table", el("thead", head), el("tbody", *rows))
    return el("figure", title, el("div", grid, cls="scroll", tabindex=0), cls="table")


def _cell(cell: Cell, language: str) -> Markup:
    return el("td", write(cell, language), cls="number" if is_number(cell) else None, dir="auto")


def _order(order: OrderView, language: str) -> Markup:
    lines = (
        el(
            "li",
            el("span", line.title, dir="auto"),
            el("span", f"{line.quantity} × ", write(line.unit, language), cls="amount"),
        )
        for line in order.lines
    )
    return el(
        "article",
        el(
            "header",
            el("strong", say("view.order_number", language, id=order.order_id)),
            _status(order.status, language),
        ),
        el("p", say("view.placed_on", language, date=order.placed_at.date()), cls="faint"),
        el("ul", *lines),
        el(
            "p",
            el("span", say("view.total_sum", language)),
            el("strong", write(order.total, language)),
            cls="sum",
        ),
        el("p", say("view.ship_to", language), ": ", el("bdi", order.address), cls="faint"),
        cls="order",
    )


def _status(status: str, language: str) -> Markup:
    return el("span", _term(f"status.{status}", status, language), cls=f"status {status}")


def _parcel(parcel: Parcel, language: str) -> Markup:
    done = {step.code for step in parcel.steps}
    ahead = () if parcel.delivered_at else tuple(code for code in _AHEAD if code not in done)
    if parcel.delivered_at:
        due = say("view.delivered_on", language, date=parcel.delivered_at.date())
    else:
        due = say("view.expected", language, date=parcel.promised_at.date())
    return el(
        "article",
        el(
            "header",
            el("strong", say("view.parcel_number", language, tracking=parcel.tracking)),
            _status(parcel.status, language),
        ),
        el("p", el("bdi", parcel.carrier), " · ", due, cls="faint"),
        el(
            "ol",
            *(_step(step, step is parcel.steps[-1], language) for step in parcel.steps),
            *(_open(code, language) for code in ahead),
            cls="steps",
        ),
        cls="order parcel",
    )


def _step(step: Step, is_last: bool, language: str) -> Markup:
    return el(
        "li",
        el("strong", _term(f"event.{step.code}", step.code, language)),
        el(
            "span",
            el("bdi", step.city),
            ", ",
            Country(step.country).words(language),
            " · ",
            day(step.at, language),
        ),
        cls="done now" if is_last else "done",
    )


def _open(code: str, language: str) -> Markup:
    still = say("view.still_to_come", language)
    return el("li", el("strong", _term(f"event.{code}", code, language)), el("span", still), cls="open")


def _question(question: Question, language: str) -> Markup:
    """Draw what can be meant as buttons; a click says it in the chat."""
    if not question.candidates:
        return EMPTY
    return el(
        "div",
        *(
            el(
                "button",
                el("strong", say("view.number", language, id=one.id)),
                el("span", one.title, dir="auto"),
                type="button", data_act="ask", data_value=one.message, cls="candidate",
            )
            for one in question.candidates
        ),
        cls="candidates",
    )  # fmt: skip


def _term(key: str, code: str, language: str) -> str:
    return say(key, language) if has(key) else code.replace("_", " ")
