"""The judge's matchers, and its checks of numbers and languages."""

from datetime import UTC, datetime

import pytest

from eval import judge, numbers, tongue
from eval.judge import Called, Heard, Market
from eval.scenario import Bound, Goods, Matcher, Turn
from eval.truth import Good, extremes
from shop.money import Money
from tools.base import ToolResult, phrase
from tools.views import Candidate, Card, Cards, Parcel, Question

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


def good(number: int, minor: int, *, kind: str = "kettle", on_hand: int = 5, days: int = 0) -> Good:
    listed = datetime(2026, 1, 1 + days, tzinfo=UTC)
    return Good(number, kind, "kitchen", "red", Money(minor, "EUR"), listed, on_hand)


def card(number: int, minor: int) -> Card:
    return Card(
        number, f"K-{number}", f"Kettle {number}", "B", "S", "kitchen", "red", Money(minor, "EUR"), None, None, 0, 3
    )


def heard(*calls: Called, reply: str | None = None, failure: str | None = None) -> Heard:
    return Heard(calls, reply, "Fine.", 1.0, 0.5, failure=failure)


MARKET = Market({1: good(1, 3000), 2: good(2, 2000), 3: good(3, 1000, kind="mug")}, "EUR", NOW, shown=(7, 9))


@pytest.mark.parametrize(
    ("expected", "got", "is_fit"),
    [
        (1004, "1004", True),
        (1004, 1005, False),
        ("Lyon", " lyon ", True),
        (["damaged", "defective"], "defective", True),
        (["damaged", "defective"], "other", False),
        (Matcher(contains=("beim Zoll",)), "Ihr Paket ist BEIM  ZOLL.", True),
        (Matcher(contains=("beim Zoll",)), None, False),
        (Matcher(absent=True), "", True),
        (Matcher(absent=True), 5, False),
        ("$2", 9, True),
        ("$3", 9, False),
        (Matcher(has=("$1", "$2")), [9, 7], True),
        (Matcher(has=("$1", "$2")), [9], False),
        (True, True, True),
    ],
)
def test_arguments_fit(expected: object, got: object, is_fit: bool) -> None:
    assert judge.fits(expected, got, MARKET.shown) is is_fit  # type: ignore[arg-type]


def test_any_of_the_expected_tools_is_right() -> None:
    turn = Turn(say="?", expect=("my_orders", "track_order"))
    assert judge.is_right_tool(turn, heard(Called("track_order", {})))
    assert not judge.is_right_tool(turn, heard(Called("find_policy", {})))
    assert not judge.is_right_tool(turn, heard())
    assert not judge.is_right_tool(turn, heard(Called("track_order", {}), failure="the model failed"))


def test_every_wish_of_a_message_must_be_served() -> None:
    turn = Turn(say="?", every=("track_order", "cancel_order"), arguments={"order_id": 1})
    both = heard(Called("track_order", {"order_id": 2}), Called("cancel_order", {"order_id": 1}))
    assert judge.is_right_tool(turn, both)
    assert judge.wrong_arguments(turn, both, MARKET) == []
    assert not judge.is_right_tool(turn, heard(Called("cancel_order", {"order_id": 1})))


def test_a_change_that_nobody_asked_for_is_never_right() -> None:
    turn = Turn(say="?", expect=("track_order",))
    assert not judge.is_right_tool(turn, heard(Called("track_order", {}), Called("cancel_order", {})))


def test_a_plain_reply_is_right_by_its_kind() -> None:
    turn = Turn(say="hi", reply=("greeting",))
    assert judge.is_right_tool(turn, heard(reply="greeting"))
    assert judge.is_right_tool(turn, heard())  # an agent without kinds of replies
    assert not judge.is_right_tool(turn, heard(reply="out_of_scope"))
    assert not judge.is_right_tool(turn, heard(Called("find_policy", {})))


def test_asking_needs_a_question_to_choose_from() -> None:
    turn = Turn(say="cancel", expect=("cancel_order",), asks=True)
    asked = ToolResult("Which?", view=Question((Candidate(1, "A", "1"), Candidate(2, "B", "2"))))
    assert judge.is_right_tool(turn, heard(Called("cancel_order", {}, "Which?", asked)))
    assert not judge.is_right_tool(turn, heard(Called("cancel_order", {}, "Done", ToolResult("Done"))))


def test_an_omitted_order_is_what_the_tool_took() -> None:
    turn = Turn(say="where?", expect=("track_order",), arguments={"order_id": 1003})
    parcel = ToolResult("…", view=Parcel(1003, "HT1", "X", "shipped", NOW, None, ()))
    assert judge.wrong_arguments(turn, heard(Called("track_order", {}, "…", parcel)), MARKET) == []
    assert judge.wrong_arguments(turn, heard(Called("track_order", {})), MARKET)


def shows(*items: Card) -> Heard:
    return heard(Called("search_products", {}, "", ToolResult("", view=Cards(items))))


def test_superlatives_are_compared_with_the_tables() -> None:
    turn = Turn(say="cheapest kettle", expect=("search_products",), first_is="cheapest", among=Goods(kind=("kettle",)))
    assert judge.wrong_arguments(turn, shows(card(2, 2000), card(1, 3000)), MARKET) == []
    assert judge.wrong_arguments(turn, shows(card(1, 3000)), MARKET)
    assert judge.wrong_arguments(turn, heard(Called("search_products", {})), MARKET)


def test_the_cheapest_may_be_the_cheapest_in_stock() -> None:
    among = [good(1, 1000, on_hand=0), good(2, 2000), good(3, 3000)]
    assert extremes(among, "cheapest", "EUR", NOW) == {1, 2}
    assert extremes([good(1, 1, days=1), good(2, 1, days=3)], "newest", "EUR", NOW) == {2}


def test_limits_hold_for_every_card_and_prices_are_true() -> None:
    turn = Turn(say="under 25", expect=("search_products",), all_at_most=Bound(amount=25, currency="EUR"))
    assert judge.wrong_arguments(turn, shows(card(2, 2000)), MARKET) == []
    assert judge.wrong_arguments(turn, shows(card(2, 2000), card(1, 3000)), MARKET)
    assert judge.wrong_arguments(turn, shows(card(2, 1500)), MARKET)


def test_finding_nothing_is_said_not_shown() -> None:
    turn = Turn(say="a piano", expect=("search_products",), finds_nothing=True)
    near = ToolResult("", (phrase("say.nothing_at_price", query="x"),), Cards((card(1, 3000),)))
    assert judge.wrong_arguments(turn, heard(Called("search_products", {}, "", near)), MARKET) == []
    assert judge.wrong_arguments(turn, shows(card(1, 3000)), MARKET)


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("It costs 1.234,50 € and comes on 01.10.2026.", []),
        ("1. It costs 1,234.5\n2. Order 1004", []),
        ("Il coûte 1\u202f234,50 €", []),
        ("그것은 12만원", []),
        ("Order 1005", ["1005"]),
        ("It is HT100001003DE", []),
        ("It is HT100001009DE", ["HT100001009DE"]),
        ("%12.5", []),
        ("٢٠٢٦", []),
    ],
)
def test_numbers_that_nobody_vouches_for(answer: str, wrong: list[str]) -> None:
    result = ToolResult(
        "order 1004, parcel HT100001003DE",
        (phrase("x", price=Money(123450, "EUR"), day=datetime(2026, 10, 1, tzinfo=UTC), n=120000, share=12.5),),
    )
    assert numbers.ungrounded(answer, [result]) == wrong


@pytest.mark.parametrize(
    ("answer", "language", "is_right"),
    [
        ("Order 1004 was cancelled and the money is on its way.", "en", True),
        ("La commande 1004 est annulée et vous êtes remboursé.", "fr", True),
        ("La commande 1004 est annulée et vous êtes remboursé.", "es", False),
        ("注文1004をキャンセルしました。", "ja", True),
        ("注文1004をキャンセルしました。", "zh", False),
        ("订单1004已取消，款项将退回。", "zh", True),
        ("Заказ отменён, деньги вернутся.", "ru", True),
        ("تم إلغاء الطلب وسيعود المبلغ.", "ar", True),
        ("Order 1004 was cancelled and the money is on its way.", "ko", False),
        ("Oriqo X9: 12", "de", None),
    ],
)
def test_languages_of_answers(answer: str, language: str, is_right: bool | None) -> None:
    assert tongue.is_right(answer, [language], ["Oriqo X9"]) is is_right
