"""The merchant's desk: what the tools say about the shop, drawn as tables and charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr
from markupsafe import Markup

from agent.screen.cards import draw
from agent.screen.markup import EMPTY, el
from agent.screen.stage import STAFF, Stage, words
from agent.screen.visits import Seat
from shop.people import Actor
from shop.wording import say
from tools import TOOLS
from tools.views import Question, Series, Stack, View

PANELS: tuple[tuple[str, str, Mapping[str, object]], ...] = (
    ("ui.desk.sales", "sales_summary", {"period": "last_30_days", "group_by": "week"}),
    ("ui.desk.categories", "sales_summary", {"period": "last_30_days", "group_by": "category"}),
    ("ui.desk.watches", "watch_measure", {}),
    ("ui.desk.orders", "order_queue", {"status": "to_ship"}),
    ("ui.desk.risk", "review_queue", {"limit": 5}),
    ("ui.desk.stock", "low_stock", {"limit": 8}),
    ("ui.desk.tickets", "answer_ticket", {}),
)
"""Heading, tool and arguments. All pass the tools' one door, so a panel shows what the actor may see."""


@dataclass(frozen=True)
class Desk:
    """The desk's components."""

    column: gr.Column
    panels: gr.HTML
    refresh: gr.Button


def layout() -> Desk:
    """Lay the desk out; it is hidden until a merchant or operator sits here."""
    with gr.Column(visible=False, elem_id="desk", scale=6, min_width=340) as column:
        refresh = gr.Button("⟳", elem_id="refresh", size="sm")
        panels = gr.HTML(elem_id="panels", js_on_load=None, apply_default_css=False)
    return Desk(column, panels, refresh)


def wire(desk: Desk, seat: gr.State, stage: Stage, changes: list[Any]) -> None:
    """Look again on the button's click, and after each decision in the chat."""
    options: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    desk.refresh.click(lambda now: html(stage, now), [seat], [desk.panels], **options)
    for change in changes:
        change.then(lambda now: html(stage, now), [seat], [desk.panels], **options)


def label(language: str) -> Any:
    """The refresh button in the reader's language."""
    return gr.update(value="⟳ " + say("ui.refresh", language))


def html(stage: Stage, seat: Seat) -> str:
    """Draw the panels for the seat's actor; nobody else's desk is ever shown."""
    now = stage.visits.current(seat)
    try:
        return str(panels(stage, stage.actor(now), now.language))
    except Exception as error:
        return str(el("div", words(error, now.language)[0], cls="failed"))


def panels(stage: Stage, actor: Actor, language: str) -> Markup:
    """Draw all panels, each on its own: one that fails leaves the others."""
    if actor.role not in STAFF:
        return EMPTY
    return el(
        "div",
        el("h2", say("ui.desk", language)),
        *(_panel(stage, actor, language, *panel) for panel in PANELS),
        cls="panels",
    )


def _panel(stage: Stage, actor: Actor, language: str, title: str, tool: str, arguments: Mapping[str, object]) -> Markup:
    try:
        view = TOOLS[tool].run(stage.world, actor, arguments).view
        inside = (
            draw(_chart_of(view), language) if _has_content(view) else el("p", say("ui.nothing", language), cls="faint")
        )
    except Exception as error:
        inside = el("p", words(error, language)[0], cls="failed")
    return el("section", el("h3", say(title, language)), inside, cls=f"panel {title.rpartition('.')[2]}")


def _chart_of(view: View | None) -> View | None:
    """A chart alone where there is one: the desk is for a glance, the chat has the table."""
    charts = [one for one in view.views if isinstance(one, Series)] if isinstance(view, Stack) else []
    return charts[0] if charts else view


def _has_content(view: View | None) -> bool:
    match view:
        case None:
            return False
        case Question(candidates):
            return bool(candidates)
        case Stack(views):
            return any(map(_has_content, views))
        case _:
            return True
