"""What a reader can do in the chat, and how the screen looks after it. No Gradio in here."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from agent.events import Delta, Event, Failed
from agent.screen import photos
from agent.screen.markup import EMPTY
from agent.screen.stage import Stage, words
from agent.screen.talk import Exchange, exchange, notices
from agent.screen.transcripts import Run
from agent.screen.visits import Seat
from shop import conversations
from shop.errors import ShopError

SHOWN_CHARACTERS = 4_000
PAUSE = 0.05
"""Seconds between two drawings of an answer that is being written."""


@dataclass(frozen=True)
class Drawing:
    """The screen after an act. None leaves a part as it is."""

    seat: Seat
    past: Markup | None = None
    live: Markup | None = None
    is_busy: bool = False


def ask(stage: Stage, seat: Seat, text: str, files: list[Path]) -> Iterator[Drawing]:
    """Answer a message: first show it, then what happens, then what stays."""
    seat = stage.visits.current(seat)
    shown = text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
    one = Exchange(shown)
    try:
        actor = stage.actor(seat)
        pictures = photos.check(files)
        if not text.strip() and not pictures:
            raise ShopError("ui.empty")
        one = replace(one, photos=tuple(picture.preview for picture in pictures))
        told = stage.told(seat, actor)
        seat = stage.begin(seat, actor)
        run = stage.transcripts.begin(seat.conversation_id or "", one)
        if run is None:
            yield Drawing(seat, is_busy=True)
            return
        jpegs = tuple(picture.jpeg for picture in pictures)
        hushed = notices(told[-1]) if told else frozenset()
        for live in _run(stage, seat, run, lambda: stage.assistant.reply(actor, run.conversation_id, text, jpegs)):
            drawn = exchange(live, seat.language, working=True, hushed=hushed)
            yield Drawing(seat, None if told else EMPTY, drawn, is_busy=True)
        yield Drawing(seat, stage.talk(seat, actor), EMPTY)
    except Exception as error:  # the screen is the border: the reader gets one sentence
        yield Drawing(seat, None, _failure(one, error, seat))


def _run(stage: Stage, seat: Seat, run: Run, reply: Callable[[], Iterator[Event]]) -> Iterator[Exchange]:
    """Follow a reply, with pauses between drawings; the transcript keeps it even if nobody waits for the end."""
    is_stopped = True
    drawn = 0.0
    try:
        yield run.exchange
        for event in reply():
            if run.is_over:
                return
            run.exchange = run.exchange.then(event)
            if not isinstance(event, Delta) or time.monotonic() - drawn > PAUSE:
                drawn = time.monotonic()
                yield run.exchange
        is_stopped = False
    except Exception as error:  # the same border
        run.exchange = run.exchange.then(Failed(*words(error, seat.language)))
        is_stopped = False
    finally:
        stage.transcripts.finish(run, stopped=is_stopped)


def decide(stage: Stage, seat: Seat, proposal_id: str, *, is_confirmed: bool) -> Drawing:
    """Carry out or turn down a proposal. A second click finds it settled and changes nothing."""
    seat = stage.visits.current(seat)
    try:
        actor = stage.actor(seat)
        where = seat.conversation_id or ""
        with stage.transcripts.deciding(where):
            if not stage.transcripts.is_settled(where, proposal_id):
                act = stage.assistant.confirm if is_confirmed else stage.assistant.reject
                for event in act(actor, where, proposal_id):
                    stage.transcripts.settle(where, proposal_id, event)
        return Drawing(seat, stage.talk(seat, actor))
    except Exception as error:
        return Drawing(seat, None, _failure(Exchange(""), error, seat))


def thumb(stage: Stage, seat: Seat, given: str) -> Drawing:
    """Keep a thumb, given as `turn:1` or `turn:-1`; the same thumb again takes it back."""
    seat = stage.visits.current(seat)
    number, _, sign = given.partition(":")
    if not number.isdecimal() or sign not in ("1", "-1"):
        return Drawing(seat)
    try:
        actor = stage.actor(seat)
        with stage.world.database.session() as db:
            told = stage.transcripts.of(db, actor, seat.conversation_id)
            before = next((one.thumb for one in told if one.turn_id == int(number)), None)
            value = None if before == int(sign) else int(sign)
            conversations.thumb(db, actor, int(number), value)
        stage.transcripts.thumb(seat.conversation_id or "", int(number), value)
        return Drawing(seat, stage.talk(seat, actor))
    except Exception as error:
        return Drawing(seat, None, _failure(Exchange(""), error, seat))


def stop(stage: Stage, seat: Seat) -> Drawing:
    """Keep what was said until now."""
    seat = stage.visits.current(seat)
    stage.transcripts.stop(seat.conversation_id or "")
    return look(stage, seat)


def renew(stage: Stage, seat: Seat) -> Drawing:
    """Leave the conversation for a new one, which begins with its first message."""
    seat = stage.visits.current(seat)
    stage.transcripts.stop(seat.conversation_id or "")
    return look(stage, stage.visits.keep(replace(seat, conversation_id=None)))


def look(stage: Stage, seat: Seat) -> Drawing:
    """Draw the conversation as it is."""
    try:
        return Drawing(seat, stage.talk(seat, stage.actor(seat)), EMPTY)
    except Exception as error:
        return Drawing(seat, EMPTY, _failure(Exchange(""), error, seat))


def _failure(one: Exchange, error: Exception, seat: Seat) -> Markup:
    event: Event = Failed(*words(error, seat.language))
    return exchange(one.then(event), seat.language)
