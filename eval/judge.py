"""Whether a turn came out as its scenario says: the same judge for every agent."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from eval.scenario import Expected, Matcher, Turn
from eval.truth import Good, extremes
from shop.rates import convert
from tools import TOOLS
from tools.base import ToolResult
from tools.views import Card, Cards, OrderView, Parcel, Question, Stack, View

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Called:
    """A call that was made; `text` is what the model read of it, `result` None when it ended in an error."""

    tool: str
    arguments: Mapping[str, object]
    text: str = ""
    result: ToolResult | None = None

    @property
    def settled(self) -> dict[str, object]:
        """Which order the tool took where the call left it open."""
        match self.result.view if self.result else None:
            case Parcel() as parcel:
                return {"order_id": parcel.order_id, "tracking": parcel.tracking}
            case OrderView() as order:
                return {"order_id": order.order_id}
        return {}


@dataclass(frozen=True)
class Heard:
    """What came of one message, whoever answered. `failure` says what broke on our side or the model's."""

    calls: tuple[Called, ...]
    reply: str | None
    text: str
    seconds: float
    first: float | None
    is_template: bool = False
    failure: str | None = None

    @property
    def results(self) -> list[ToolResult]:
        """What the calls brought."""
        return [call.result for call in self.calls if call.result is not None]


@dataclass(frozen=True)
class Market:
    """What the judge knows of the shop and of who is reading."""

    goods: Mapping[int, Good]
    currency: str
    now: datetime
    shown: tuple[int, ...] = ()
    """Products shown in the turn before, in their order: `$2` in an argument is the second of them."""


def is_right_tool(turn: Turn, heard: Heard) -> bool:
    """Whether the calls, or the plain reply, are acceptable. A writing tool that nobody asked for never is."""
    if heard.failure:
        return False
    named = [call.tool for call in heard.calls]
    wanted = {*turn.expect, *turn.every}
    if not named:
        return not wanted and not turn.reply or bool(turn.reply) and heard.reply in (*turn.reply, None)
    if any(TOOLS[name].writes for name in named if name in TOOLS and name not in wanted):
        return False
    if turn.asks and not any(isinstance(result.view, Question) for result in heard.results):
        return False
    if turn.every:
        return set(turn.every) <= set(named)
    return bool(wanted & set(named))


def wrong_arguments(turn: Turn, heard: Heard, market: Market) -> list[str]:
    """List what differs from the expected arguments and from what should be shown; empty when all is right."""
    wrong = [] if not turn.arguments or _fits_some_call(turn, heard, market) else [f"arguments {turn.arguments}"]
    if turn.cites:
        quoted = [citation.passage_id for result in heard.results for citation in result.citations[:1]]
        wrong += [] if set(quoted) & set(turn.cites) else [f"quotes {quoted}, not {turn.cites}"]
    shown = list(cards(heard.results))
    if turn.finds_nothing:
        return wrong + ([] if _found_nothing(heard) else ["finds_nothing"])
    wanted = (turn.first_is, turn.shows, turn.all_at_most, turn.all_at_least, turn.priced_in)
    if all(one is None for one in wanted):
        return wrong
    if not shown:
        return [*wrong, "no product was shown"]
    return wrong + list(_wrong_cards(turn, shown, market))


def cards(results: Iterable[ToolResult]) -> Iterator[Card]:
    """Every product card of the results, in the order of the screen."""
    for result in results:
        yield from _cards(result.view)


def _cards(view: View | None) -> Iterator[Card]:
    match view:
        case Cards(items):
            yield from items
        case Stack(views):
            for one in views:
                yield from _cards(one)


def _fits_some_call(turn: Turn, heard: Heard, market: Market) -> bool:
    wanted = {*turn.expect, *turn.every}
    calls = [call for call in heard.calls if call.tool in wanted]
    if turn.every:  # the expected arguments may be spread over several calls
        joined: dict[str, object] = {}
        for call in calls:
            joined |= _whole(call)
        return all(fits(value, joined.get(name), market.shown) for name, value in turn.arguments.items())
    return any(
        all(fits(value, _whole(call).get(name), market.shown) for name, value in turn.arguments.items())
        for call in calls
    )


def _whole(call: Called) -> dict[str, object]:
    """A call's arguments with what its signature adds by itself and what the tool settled."""
    known = TOOLS[call.tool].arguments.model_fields if call.tool in TOOLS else {}
    given = {name: value for name, value in call.arguments.items() if value not in (None, "", [])}
    return {name: field.default for name, field in known.items() if not field.is_required()} | call.settled | given


def fits(expected: Expected, got: object, shown: Sequence[int] = ()) -> bool:
    """Whether an argument is what a scenario expects: a value, one of several, text that contains, or nothing."""
    match expected:
        case Matcher(absent=True):
            return got in (None, "", [])
        case Matcher(contains=parts, has=rows):
            if rows:
                return isinstance(got, list) and all(any(_same(row, one, shown) for one in got) for row in rows)
            return any(_plain(part) in _plain(str(got or "")) for part in parts)
        case list():
            return any(_same(one, got, shown) for one in expected)
        case _:
            return _same(expected, got, shown)


def _same(expected: object, got: object, shown: Sequence[int]) -> bool:
    if isinstance(expected, str) and expected.startswith("$"):
        place = int(expected[1:]) - 1
        return place < len(shown) and str(got) == str(shown[place])
    if isinstance(expected, str):
        return got is not None and _plain(expected) == _plain(str(got))
    if isinstance(expected, int | float) and not isinstance(expected, bool):
        try:
            return float(str(got)) == float(expected)
        except ValueError:
            return False
    return expected == got


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _found_nothing(heard: Heard) -> bool:
    """Whether the tool said that nothing fits; an answer in free words that shows no product counts as well."""
    said = [phrase.key for result in heard.results for phrase in result.say[:1]]
    return any(key.startswith("say.nothing") for key in said) or not list(cards(heard.results))


def _wrong_cards(turn: Turn, shown: Sequence[Card], market: Market) -> Iterator[str]:
    first = market.goods.get(shown[0].product_id)
    if first is None:
        yield f"product {shown[0].product_id} is not on sale"
        return
    if turn.shows is not None and not first.is_one_of(turn.shows):
        yield f"first is {first.kind} ({first.colour}), not {turn.shows.model_dump(exclude_defaults=True)}"
    if turn.priced_in is not None and {card.price.currency for card in shown} != {turn.priced_in}:
        yield f"prices in {shown[0].price.currency}, not {turn.priced_in}"
    if turn.first_is is not None:
        currency = shown[0].price.currency
        among = [good for good in market.goods.values() if turn.among is None or good.is_one_of(turn.among)]
        if first.id not in extremes(among, turn.first_is, currency, market.now):
            yield f"product {first.id} is not the {turn.first_is}"
    yield from _wrong_prices(turn, shown, market)


def _wrong_prices(turn: Turn, shown: Sequence[Card], market: Market) -> Iterator[str]:
    for card in shown:
        good = market.goods.get(card.product_id)
        if good is None:
            yield f"product {card.product_id} is not on sale"
            continue
        if abs(convert(good.price, card.price.currency, market.now.date()).amount - card.price.amount) > _CENT:
            yield f"product {good.id} does not cost {card.price}"
        for bound, is_over in ((turn.all_at_most, True), (turn.all_at_least, False)):
            if bound is None:
                continue
            price, limit = good.costs(bound.currency, market.now), Decimal(str(bound.amount))
            if price > limit + _CENT if is_over else price < limit - _CENT:
                yield f"product {good.id} costs {price} {bound.currency}"
