"""Signing in and out: a panel over the page, with the demo's people to click."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from babel import Locale
from markupsafe import Markup

from agent.screen.markup import EMPTY, el
from agent.screen.stage import Stage, words
from agent.screen.visits import Seat
from shop import people, rates
from shop.labels import Country
from shop.wording import LANGUAGES, say

EVENTS = """
element.addEventListener('click', (e) => {
  const button = e.target.closest('button[data-act="person"]');
  if (button) trigger('person', {value: button.dataset.value});
});
"""


@dataclass(frozen=True)
class Account:
    """The panel's components."""

    panel: gr.Column
    title: gr.HTML
    email: gr.Textbox
    password: gr.Textbox
    enter: gr.Button
    close: gr.Button
    error: gr.HTML
    crowd: gr.HTML


def layout() -> Account:
    """Lay the panel out, closed."""
    plain: dict[str, Any] = {"apply_default_css": False}
    with gr.Column(visible=False, elem_id="account") as panel, gr.Column(elem_id="account-card"):
        title = gr.HTML(js_on_load=None, **plain)
        email = gr.Textbox(label="E-mail", type="email", elem_id="email", max_length=200)
        password = gr.Textbox(label="Password", type="password", elem_id="password", max_length=200)
        error = gr.HTML(js_on_load=None, elem_id="account-error", **plain)
        with gr.Row():
            close = gr.Button("Close", elem_id="close")
            enter = gr.Button("Sign in", variant="primary", elem_id="enter")
        crowd = gr.HTML(js_on_load=EVENTS, elem_id="crowd", **plain)
    return Account(panel, title, email, password, enter, close, error, crowd)


def enter(stage: Stage, seat: Seat, email: str, password: str) -> tuple[Seat, Markup]:
    """Sign in and take up the account's last conversation; the sentence tells why not."""
    seat = stage.visits.current(seat)
    try:
        with stage.world.database.session() as db:
            actor = people.sign_in(db, email[:200], password[:200], stage.visits.new_session())
        return stage.resume(stage.visits.sign_in(seat, actor), actor), EMPTY
    except Exception as error:
        return seat, el("p", words(error, seat.language)[0], cls="failed", role="alert")


def choose_language(stage: Stage, seat: Seat, language: str) -> Seat:
    """Sit in another language; one that we do not speak changes nothing."""
    now = stage.visits.current(seat)
    return stage.visits.keep(replace(now, language=language)) if language in LANGUAGES else now


def choose_currency(stage: Stage, seat: Seat, currency: str) -> Seat:
    """Sit with another currency, as a guest; one without a rate changes nothing."""
    now = stage.visits.current(seat)
    return stage.visits.keep(replace(now, currency=currency)) if currency in rates.currencies() else now


def texts(stage: Stage, language: str) -> tuple[Any, ...]:
    """The panel's words: title, email, password, enter, close, crowd."""
    return (
        str(el("h2", say("ui.sign_in", language))),
        gr.update(label=say("ui.email", language)),
        gr.update(label=say("ui.password", language)),
        gr.update(value=say("ui.sign_in", language)),
        gr.update(value=say("ui.close", language)),
        str(_crowd(stage, language)),
    )


def _crowd(stage: Stage, language: str) -> Markup:
    """Draw the demo's people, who fill the form when clicked."""
    if not stage.people:
        return EMPTY
    return el(
        "div",
        el("p", say("ui.demo_people", language), cls="faint"),
        *(
            el(
                "button",
                el("strong", one.name, dir="auto"),
                el(
                    "span", say(f"ui.role.{one.role.value}", language), " · ",
                    Country(one.country).words(language),
                    " · ", el("bdi", str(Locale.parse(one.language).display_name)),
                ),
                type="button", data_act="person", data_value=one.email,
            )
            for one in stage.people
        ),
        cls="crowd",
    )  # fmt: skip
