"""The one page: put together, in the reader's language, for whoever sits there."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from agent.screen import account, acts, chat, desk
from agent.screen.header import EVENTS, header
from agent.screen.stage import STAFF, Stage, desk_of
from agent.screen.visits import Seat
from shop.people import Actor

PRIVATE: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True)
class Page:
    """All components of the page."""

    stage: Stage
    seat: gr.State
    top: gr.HTML
    chat: chat.Chat
    desk: desk.Desk
    account: account.Account


def build(stage: Stage) -> gr.Blocks:
    """Build the page; `launch` it with the style of `agent.screen.style`."""
    blocks: gr.Blocks
    with gr.Blocks(title="Haitao 海淘", analytics_enabled=False, fill_width=True) as blocks:
        page = _layout(stage)
        changes = chat.wire(page.chat, page.seat, stage)
        desk.wire(page.desk, page.seat, stage, changes)
        _wire(page, blocks)
    blocks.queue(default_concurrency_limit=16, max_size=256)
    return blocks


def _layout(stage: Stage) -> Page:
    seat = gr.State(Seat())
    top = gr.HTML(js_on_load=EVENTS, elem_id="top", apply_default_css=False)
    with gr.Row(elem_id="floor"):
        with gr.Column(scale=5, min_width=300, elem_id="chat"):
            talk = chat.layout()
        table = desk.layout()
    return Page(stage, seat, top, talk, table, account.layout())


def _wire(page: Page, blocks: gr.Blocks) -> None:
    """Connect everything that changes who sits here, or in which language."""
    stage, form = page.stage, page.account
    everything = _outputs(page)

    def arrive(request: gr.Request) -> dict[Any, Any]:
        cookies, headers = dict(request.cookies), dict(request.headers)
        seat = stage.visits.arrive(cookies.get(stage.visits.cookie, ""), headers.get("accept-language", ""))
        return redraw(page, seat)

    def enter(now: Seat, email: str, password: str) -> dict[Any, Any]:
        seat, error = account.enter(stage, now, email or "", password or "")
        if error:
            return {form.error: str(error)}
        return redraw(page, seat) | {form.panel: gr.update(visible=False), form.password: "", form.error: ""}

    def leave(now: Seat) -> dict[Any, Any]:
        return redraw(page, stage.visits.sign_out(stage.visits.current(now)))

    def language(now: Seat, data: gr.EventData) -> dict[Any, Any]:
        return redraw(page, account.choose_language(stage, now, str(getattr(data, "value", ""))))

    def currency(now: Seat, data: gr.EventData) -> dict[Any, Any]:
        return redraw(page, account.choose_currency(stage, now, str(getattr(data, "value", ""))))

    def person(data: gr.EventData) -> tuple[str, str]:
        email = str(getattr(data, "value", ""))
        return (email, stage.password) if any(one.email == email for one in stage.people) else ("", "")

    blocks.load(arrive, None, everything, **PRIVATE)
    page.top.language(language, [page.seat], everything, **PRIVATE)
    page.top.currency(currency, [page.seat], everything, **PRIVATE)
    page.top.leave(leave, [page.seat], everything, **PRIVATE)
    page.top.account(lambda: (gr.update(visible=True), ""), None, [form.panel, form.error], **PRIVATE)
    form.close.click(lambda: gr.update(visible=False), None, [form.panel], **PRIVATE)
    form.crowd.person(person, None, [form.email, form.password], **PRIVATE)
    for entered in (form.enter.click, form.email.submit, form.password.submit):
        entered(enter, [page.seat, form.email, form.password], everything, **PRIVATE)


def redraw(page: Page, seat: Seat) -> dict[Any, Any]:
    """Draw the whole page for a seat. An account that is gone becomes a guest."""
    stage = page.stage
    try:
        actor = stage.actor(seat)
    except Exception:
        actor, seat = None, stage.visits.sign_out(seat)
    talk = acts.look(stage, seat)
    desk_name = desk_of(actor) if actor else "shop"
    is_staff = actor is not None and actor.role in STAFF
    past, live, _, _ = chat.shown(talk)
    box, new = chat.hints(seat.language, desk_name)
    names = account.texts(stage, seat.language)
    form = page.account
    return {
        page.seat: talk.seat,
        page.top: str(header(seat, actor, _name(stage, actor))),
        page.chat.past: past,
        page.chat.live: live,
        page.chat.box: box,
        page.chat.new: new,
        page.desk.column: gr.update(visible=is_staff),
        page.desk.panels: desk.html(stage, seat) if is_staff else "",
        page.desk.refresh: desk.label(seat.language),
        **dict(zip(_named(form), names, strict=True)),
    }


def _named(form: account.Account) -> tuple[Any, ...]:
    return form.title, form.email, form.password, form.enter, form.close, form.crowd


def _outputs(page: Page) -> list[Any]:
    form = page.account
    return [
        page.seat, page.top, *page.chat.outputs, page.chat.new, page.desk.column, page.desk.panels,
        page.desk.refresh, *_named(form), form.panel, form.error,
    ]  # fmt: skip


def _name(stage: Stage, actor: Actor | None) -> str:
    if actor is None or actor.user_id is None:
        return ""
    return stage.name(actor.user_id)
