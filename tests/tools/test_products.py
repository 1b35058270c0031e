"""Goods through the tools: what is found, in which order, at which price."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from shop.errors import Missing, ShopError
from shop.money import Money
from tests.shop import small
from tools.base import ToolResult
from tools.views import Card, Cards, Stack

Run = Callable[..., ToolResult]


def cards(result: ToolResult) -> tuple[Card, ...]:
    parts = result.view.views if isinstance(result.view, Stack) else (result.view,)
    (found,) = (part for part in parts if isinstance(part, Cards))
    return found.items


def test_what_is_named_is_found_first(run: Run) -> None:
    for query, product in (("rain jacket", small.JACKET), ("green tea", small.TEA), ("HN-1", small.HEADPHONES)):
        assert cards(run("guest", "search_products", query=query))[0].product_id == product


def test_a_price_is_what_is_paid_now_in_the_readers_currency(run: Run) -> None:
    card = cards(run("bob", "search_products", query="rain jacket"))[0]
    assert card.price == Money(12000 * 80 // 100, "EUR")
    assert card.regular == Money(12000, "EUR")


def test_titles_are_in_the_readers_language(run: Run) -> None:
    assert cards(run("bob", "show_product", product_id=small.JACKET))[0].title == "Rain jacket (de)"


def test_an_inactive_product_is_shown_to_its_merchant_only(run: Run) -> None:
    assert cards(run("merchant", "show_product", product_id=small.LAMP))
    for who in ("guest", "ann", "other_merchant"):
        with pytest.raises(Missing):
            run(who, "show_product", product_id=small.LAMP)


@pytest.mark.parametrize("query", ["zebra xylophone", "araba lastiği", "洗衣机", "guitarra acústica", "Kühlschrank"])
def test_what_the_shop_does_not_have_is_not_made_up(run: Run, query: str) -> None:
    result = run("guest", "search_products", query=query)
    assert [phrase.key for phrase in result.say] == ["say.nothing"]
    assert result.view is None


def test_when_no_price_fits_the_nearest_is_named_as_such(run: Run) -> None:
    result = run("bob", "search_products", query="rain jacket", max_price=50)
    assert result.say[0].key == "say.nothing_at_price"
    assert result.say[0].values["price"] == Money(5000, "EUR")
    assert cards(result)[0].product_id == small.JACKET


def test_when_none_is_in_stock_that_is_said(run: Run) -> None:
    result = run("bob", "search_products", query="rye bread", in_stock=True)
    assert result.say[0].key == "say.nothing_in_stock"
    assert "sold out" in result.text


def test_the_words_win_over_the_models_numbers(run: Run) -> None:
    words = "rain jacket under 100 EUR"
    result = run("ann", "search_products", words, query="rain jacket", max_price=5, currency="JPY")
    assert cards(result)[0].price == Money(9600, "EUR")


@pytest.mark.parametrize("currency", ["XYZ", "eur", "€", "' OR 1=1"])
def test_a_currency_without_a_rate_falls_back_to_the_readers(run: Run, currency: str) -> None:
    card = cards(run("bob", "search_products", query="rain jacket", currency=currency))[0]
    assert card.price.currency == "EUR"


@pytest.mark.parametrize("query", ["", " ", "🙂🙂", "\x00\x07", "'; DROP TABLE products; --", "a" * 2000])
def test_a_search_for_anything_is_answered(run: Run, query: str) -> None:
    assert run("ann", "search_products", query=query).say


@pytest.mark.parametrize("price", [-1.0, 0.0, 1e300, float("inf"), float("nan")])
def test_an_odd_price_limit_is_answered(run: Run, price: float) -> None:
    assert run("ann", "search_products", query="rain jacket", max_price=price, min_price=price).say


def test_a_comparison_names_the_cheapest_and_the_best_rated(run: Run) -> None:
    result = run("ann", "compare_products", product_ids=[small.JACKET, small.SOCKS, small.TEA])
    said = {phrase.key: phrase.values for phrase in result.say}
    assert said["say.cheapest_is"]["title"] == "Wool socks"
    assert said["say.best_rated_is"] == {"title": "Wool socks", "rating": 5.0}


def test_two_different_products_at_least_are_compared(run: Run) -> None:
    for ids in ([], [small.TEA], [small.TEA, small.TEA], [small.TEA, 4711], [small.TEA, small.LAMP]):
        with pytest.raises(ShopError):
            run("ann", "compare_products", product_ids=ids)


def test_all_money_of_one_answer_is_in_one_currency(run: Run, actors: SimpleNamespace) -> None:
    for who in ("ann", "bob", "cho"):
        found = cards(run(who, "search_products", sort="cheapest"))
        assert {card.price.currency for card in found} == {getattr(actors, who).currency}
