"""What the words say of a price at the door, a customs code and a forecast."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from agent import cues, opening, wishes
from agent.turn import Turn
from agent.wishes import goods_named
from retrieval.understand import Wishes

Make = Callable[..., Turn]


def test_a_country_that_nobody_named_is_dropped(turn: Make) -> None:
    asked = turn("how much is it all in?")
    assert wishes.read(asked, "landed_cost", {"country": "BR"})["country"] is None
    assert wishes.read(turn("how much is it to Brazil?"), "landed_cost", {})["country"] == "BR"


def test_a_country_named_before_may_be_meant(turn: Make) -> None:
    asked = replace(turn("and three of them?"), said="how much to Brazil?\nand three of them?")
    assert wishes.read(asked, "landed_cost", {"country": "BR"})["country"] == "BR"


def test_the_one_that_is_pointed_at_is_meant(turn: Make) -> None:
    asked = replace(turn("what would the second one cost to Japan by sea?"), listed=(7, 8, 9))
    found = wishes.read(asked, "landed_cost", {})
    assert (found["product_id"], found["service"], found["country"]) == (8, "sea", "JP")


@pytest.mark.parametrize(
    ("words", "weeks"),
    [
        ("forecast the next 8 weeks", 8), ("预测一下未来12周的需求", 12), ("previsión para los próximos 3 meses", 12),
        ("Prognose für 6 Wochen", 6), ("今後2か月の需要", 8), ("прогноз на 4 недели", 4),
        ("how will demand develop", None), ("next week", 1), ("앞으로 8주", 8), ("önümüzdeki 5 hafta", 5),
    ],
)  # fmt: skip
def test_the_horizon_stands_in_the_words(turn: Make, words: str, weeks: int | None) -> None:
    assert wishes.read(turn(words), "forecast_demand", {}).get("weeks") == weeks


@pytest.mark.parametrize(
    ("words", "goods"),
    [
        ("HS code for: steel flask", "steel flask"),
        ("Welche Nummer hat „Wanderschuh aus Leder“?", "Wanderschuh aus Leder"),
        ("hs code leather wallet", "hs code leather wallet"),
    ],
)  # fmt: skip
def test_the_goods_are_what_is_quoted_or_behind_a_colon(words: str, goods: str) -> None:
    assert goods_named(words) == goods


def test_an_ordinal_may_ask_for_the_price_at_the_door() -> None:
    words, nothing = "what would the second one cost to Japan?", Wishes()
    assert opening._ruled(words, nothing, {"landed_cost": 0.8, "show_product": 0.1}, (7, 8), []) == "landed_cost"
    likely = {"landed_cost": 0.2, "show_product": 0.3}
    assert opening._ruled("the second one", nothing, likely, (7, 8), []) == "show_product"


def test_terms_are_named_by_their_letters() -> None:
    assert cues.find("terms", "to Germany DAP please") == "DAP"


@pytest.mark.parametrize(("written", "kept"), [(1049900000000000, 1), (40, 1), (3, None), (25, None)])
def test_a_count_that_nobody_named_is_one(turn: Make, written: int, kept: int | None) -> None:
    asked = turn("what does the set of 25 cost in Brazil with duty?")
    assert wishes.read(asked, "landed_cost", {"quantity": written}).get("quantity") == kept
