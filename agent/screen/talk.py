"""A conversation as HTML: what was asked, and the events that answered it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from agent.events import Delta, Event, Failed, Notice, Proposed, Said, Settled, Used
from agent.screen.cards import draw
from agent.screen.drawings import THUMB
from agent.screen.markup import EMPTY, el, join, rich
from shop.wording import has, say
from tools.base import Citation
from tools.views import View

DRAWN = 40
"""Exchanges of a long conversation that are drawn: the last ones."""


@dataclass(frozen=True)
class Exchange:
    """A message with its pictures (data URIs) and what came of it."""

    asked: str
    photos: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    thumb: int | None = None

    def then(self, event: Event) -> "Exchange":
        """The exchange after one more event; a finished answer replaces the pieces it was made of."""
        kept = self.events
        if isinstance(event, Said | Failed):
            kept = tuple(e for e in kept if not isinstance(e, Delta))
        elif isinstance(event, Delta) and kept and isinstance(kept[-1], Delta):
            return replace(self, events=(*kept[:-1], Delta(kept[-1].text + event.text)))
        return replace(self, events=(*kept, event))

    def bare(self) -> "Exchange":
        """The exchange without anything to be seen."""
        return replace(self, events=tuple(e for e in self.events if not isinstance(e, Used)))

    @property
    def turn_id(self) -> int | None:
        """The answer's number, to which a thumb can be given."""
        return next((e.turn_id for e in reversed(self.events) if isinstance(e, Said)), None)


def conversation(exchanges: Sequence[Exchange], language: str) -> Markup:
    """Draw the last exchanges; a notice that stands above already is not repeated."""
    shown = exchanges[-DRAWN:]
    said_before = [frozenset[str](), *(notices(one) for one in shown)]
    last = len(shown) - 1
    return join(
        *(
            exchange(one, language, hushed=hushed, is_last=n == last)
            for n, (one, hushed) in enumerate(zip(shown, said_before, strict=False))
        )
    )


def exchange(
    one: Exchange,
    language: str,
    *,
    working: bool = False,
    hushed: frozenset[str] = frozenset(),
    is_last: bool = True,
) -> Markup:
    """Draw one exchange: words, what there is to see, what is to be decided; `working`: it goes on."""
    settled = {e.proposal_id: e for e in one.events if isinstance(e, Settled)}
    answer = el(
        "div",
        *(el("p", say(key, language), cls="notice", role="status") for key in _new_notices(one, hushed)),
        *(_words(event, language) for event in _worded(one)),
        *(draw(view, language) for view in _views(one)),
        *(_proposal(e, settled.get(e.proposal_id), language) for e in one.events if isinstance(e, Proposed)),
        _working(language) if working else _end(one, language),
        cls="answer", aria_label=say("ui.assistant", language),
    )  # fmt: skip
    has_answer = one.events or working
    return el(
        "section",
        _asked(one, language),
        answer if has_answer else EMPTY,
        cls="exchange last" if is_last else "exchange",
    )


def notices(one: Exchange) -> frozenset[str]:
    """The keys of an exchange's notices."""
    return frozenset(e.key for e in one.events if isinstance(e, Notice))


def _new_notices(one: Exchange, hushed: frozenset[str]) -> list[str]:
    keys = dict.fromkeys(e.key for e in one.events if isinstance(e, Notice))
    return [key for key in keys if key not in hushed or key == "ui.stopped"]


def _worded(one: Exchange) -> list[Event]:
    """What is to be read, without what a proposal's box says anyway."""
    boxed = {e.text.strip() for e in one.events if isinstance(e, Proposed | Settled)}
    words = [e for e in one.events if isinstance(e, Said | Failed | Delta)]
    if not boxed:
        return [*words]
    return [e for e in words if not isinstance(e, Delta) and e.text.strip() not in boxed]


def _views(one: Exchange) -> list[View]:
    """What is to be seen; a change that is only proposed is not drawn as if it were done."""
    proposed = {e.tool for e in one.events if isinstance(e, Proposed)}
    used = [e.result.view for e in one.events if isinstance(e, Used) and e.tool not in proposed]
    return [view for view in used if view is not None]


def _end(one: Exchange, language: str) -> Markup:
    return join(_sources(one, language), _trace(one, language), _thumbs(one, language))


def _working(language: str) -> Markup:
    return el("p", el("span", cls="dots"), say("ui.working", language), cls="working", role="status")


def welcome(language: str, desk: str) -> Markup:
    """Draw what stands in an empty conversation: a greeting and questions to click."""
    suffix = "" if desk == "shop" else "_desk"
    examples = (say(f"ui.example{suffix}.{n}", language) for n in range(1, 5))
    return el(
        "div",
        el("h2", say(f"ui.welcome{suffix}", language)),
        el("div", *(_ask(example) for example in examples), cls="examples"),
        cls="welcome",
    )


def _ask(text: str) -> Markup:
    return el("button", text, type="button", data_act="ask", data_value=text, dir="auto")


def _asked(one: Exchange, language: str) -> Markup:
    if not one.asked and not one.photos:
        return EMPTY
    photos = (
        el("img", src=uri, alt=say("ui.photo", language, number=n), loading="lazy")
        for n, uri in enumerate(one.photos, 1)
    )
    text = el("p", one.asked, dir="auto") if one.asked else EMPTY
    pictures = el("div", *photos, cls="photos") if one.photos else EMPTY
    return el("div", pictures, text, cls="asked", aria_label=say("ui.you", language))


def _words(event: Event, language: str) -> Markup:
    match event:
        case Delta(text):
            return el("div", rich(text), cls="said writing", dir="auto")
        case Said():
            return el("div", rich(event.text), cls="said", dir="auto", lang=event.language)
        case Failed(text, reference):
            shows = reference is not None and reference not in text
            quoted = el("small", say("ui.reference", language, reference=reference)) if shows else EMPTY
            return el("div", el("p", text, dir="auto"), quoted, cls="failed", role="alert")
        case _:
            return EMPTY


def _proposal(event: Proposed, settled: Settled | None, language: str) -> Markup:
    """Draw a proposal in the words that name its exact arguments, with two buttons until it is decided."""
    if settled is None:
        end = el(
            "div",
            _button("confirm", event.proposal_id, say("ui.confirm", language), "primary"),
            _button("reject", event.proposal_id, say("ui.reject", language), "secondary"),
            cls="decide",
        )
    else:
        end = el("p", settled.text, cls=f"settled {settled.outcome}", role="status", dir="auto")
    lines = [line for line in event.text.splitlines() if line.strip()]
    if settled is not None:  # the first line invites to click; a confirmed change is told by its outcome
        lines = [] if settled.outcome == "confirmed" else lines[1:]
    return el("div", *(el("p", line, dir="auto") for line in lines), end, cls="proposal")


def _button(act: str, value: str, text: str, cls: str) -> Markup:
    return el("button", text, type="button", data_act=act, data_value=value, cls=cls)


def _sources(one: Exchange, language: str) -> Markup:
    said = [c for e in one.events if isinstance(e, Said) for c in e.citations]
    used = [c for e in one.events if isinstance(e, Used) for c in e.result.citations]
    quoted: dict[str, Citation] = {c.passage_id: c for c in said or used}
    if not quoted:
        return EMPTY
    return el(
        "div",
        el("span", say("ui.sources", language), cls="faint"),
        *(
            el(
                "details",
                el("summary", el("span", c.title, dir="auto"), el("code", c.passage_id)),
                el("blockquote", c.text, dir="auto"),
            )
            for c in quoted.values()
        ),
        cls="sources",
    )


def _trace(one: Exchange, language: str) -> Markup:
    """Draw how it was answered: tools, exact arguments, time, and who worded it."""
    calls = [e for e in one.events if isinstance(e, Used)]
    source = next((e.source for e in one.events if isinstance(e, Said)), None)
    if not calls:
        return EMPTY
    worded = f"ui.source.{source}"
    return el(
        "details",
        el("summary", say("ui.how", language)),
        el("ol", *(_call(call, language) for call in calls)),
        el("p", say(worded, language)) if has(worded) else EMPTY,
        cls="trace",
    )


def _call(call: Used, language: str) -> Markup:
    arguments = {name: value for name, value in call.arguments.items() if value not in (None, "")}
    took = say("ui.milliseconds", language, time=round(call.milliseconds)) if call.milliseconds else None
    written = json.dumps(arguments, ensure_ascii=False, default=str)
    return el("li", el("code", call.tool), " ", el("code", written, dir="ltr"), " ", el("span", took, cls="faint"))


def _thumbs(one: Exchange, language: str) -> Markup:
    if one.turn_id is None:
        return EMPTY
    buttons = (
        el(
            "button", THUMB, type="button", cls=cls, data_act="thumb", data_value=f"{one.turn_id}:{value}",
            title=say(key, language), aria_label=say(key, language),
            aria_pressed=str(one.thumb == value).lower(),
        )
        for cls, value, key in (("up", 1, "ui.helpful"), ("down", -1, "ui.not_helpful"))
    )  # fmt: skip
    thanks = el("span", say("ui.thumb_thanks", language), cls="faint") if one.thumb else EMPTY
    return el("div", *buttons, thanks, cls="thumbs")
