"""The chat: its layout, and what its buttons do."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import gradio as gr

from agent.screen import acts
from agent.screen.acts import Drawing
from agent.screen.header import RIGHT_TO_LEFT
from agent.screen.stage import Stage
from agent.screen.visits import Seat
from shop.wording import say

Update: TypeAlias = Any
"""What Gradio takes for an output: a value, or `gr.update(…)`, which has no type of its own."""

EVENTS = """
const known = ['ask', 'confirm', 'reject', 'thumb'];
element.addEventListener('click', (e) => {
  const button = e.target.closest('button[data-act]');
  if (!button || !known.includes(button.dataset.act)) return;
  trigger(button.dataset.act, {value: button.dataset.value});
});
"""
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
MANY: dict[str, Any] = {**QUIET, "trigger_mode": "multiple"}


@dataclass(frozen=True)
class Chat:
    """The chat's components."""

    past: gr.HTML
    live: gr.HTML
    box: gr.MultimodalTextbox
    new: gr.Button

    @property
    def outputs(self) -> list[Any]:
        """What an act changes, in the order of `shown`."""
        return [self.past, self.live, self.box]


def layout() -> Chat:
    """Lay the chat out."""
    with gr.Column(elem_id="talk"):
        past = gr.HTML(js_on_load=EVENTS, elem_id="past", apply_default_css=False)
        live = gr.HTML(js_on_load=EVENTS, elem_id="live", apply_default_css=False)
    with gr.Row(elem_id="ask"):
        new = gr.Button("＋", elem_id="new", scale=0, min_width=44)
        box = gr.MultimodalTextbox(
            show_label=False, container=False, file_types=["image"], file_count="multiple",
            sources=["upload"],
            max_plain_text_length=10_000_000, max_lines=6, elem_id="box", scale=1, autofocus=True,
        )  # fmt: skip
    return Chat(past, live, box, new)


def wire(chat: Chat, seat: gr.State, stage: Stage) -> list[Any]:
    """Connect the chat's events; returns those after which a desk should look again."""
    outputs = [*chat.outputs, seat]

    def send(now: Seat, message: dict[str, Any] | None) -> Iterator[tuple[Update, ...]]:
        given = message or {}
        files = [Path(file) for file in given.get("files") or []]
        yield from _stream(acts.ask(stage, now, str(given.get("text") or ""), files), clear=True)

    def click(now: Seat, data: gr.EventData) -> Iterator[tuple[Update, ...]]:
        yield from _stream(acts.ask(stage, now, _clicked(data), []))

    def confirm(now: Seat, data: gr.EventData) -> tuple[Update, ...]:
        return shown(acts.decide(stage, now, _clicked(data), is_confirmed=True))

    def reject(now: Seat, data: gr.EventData) -> tuple[Update, ...]:
        return shown(acts.decide(stage, now, _clicked(data), is_confirmed=False))

    def thumb(now: Seat, data: gr.EventData) -> tuple[Update, ...]:
        return shown(acts.thumb(stage, now, _clicked(data)))

    running: list[Any] = [chat.box.submit(send, [seat, chat.box], outputs, **MANY)]
    decided = []
    for part in (chat.past, chat.live):
        running.append(part.ask(click, [seat], outputs, **MANY))
        decided.append(part.confirm(confirm, [seat], outputs, **MANY))
        part.reject(reject, [seat], outputs, **MANY)
        part.thumb(thumb, [seat], outputs, **MANY)
    chat.box.stop(lambda now: shown(acts.stop(stage, now)), [seat], outputs, cancels=running, **QUIET)
    chat.new.click(lambda now: shown(acts.renew(stage, now)), [seat], outputs, cancels=running, **QUIET)
    return decided


def shown(drawing: Drawing, *, clear: bool = False) -> tuple[Update, ...]:
    """The outputs of an act: past, live, box, seat."""
    box = gr.update(submit_btn=not drawing.is_busy, stop_btn=drawing.is_busy, **({"value": None} if clear else {}))
    return _part(drawing.past), _part(drawing.live), box, drawing.seat


def hints(language: str, desk: str) -> tuple[Update, Update]:
    """The box and the button for a new conversation, in the reader's language."""
    hint = say("ui.message" if desk == "shop" else "ui.message_desk", language)
    new = "＋ " + say("ui.new_conversation", language)
    return gr.update(placeholder=hint, rtl=language in RIGHT_TO_LEFT), gr.update(value=new)


def _stream(drawings: Iterator[Drawing], *, clear: bool = False) -> Iterator[tuple[Update, ...]]:
    for n, drawing in enumerate(drawings):
        yield shown(drawing, clear=clear and n == 0)


def _part(html: str | None) -> Update:
    return gr.skip() if html is None else str(html)


def _clicked(data: gr.EventData) -> str:
    value = getattr(data, "value", "")
    return value if isinstance(value, str) else ""
