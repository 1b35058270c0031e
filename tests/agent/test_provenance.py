"""What nobody said is dropped before a tool sees it."""

from collections.abc import Callable

import pytest

from agent.mentions import Mentions
from agent.provenance import clean
from agent.turn import Turn
from shop.errors import ShopError

Make = Callable[..., Turn]
WHOLE = "Please send order 1002 to 12 Oak Street, Springfield 62704"
ADDRESS: dict[str, object] = {"street": "12 Oak Street", "city": "Springfield", "postal_code": "62704"}


def test_ids_that_stand_nowhere_are_dropped(turn: Make) -> None:
    asked = turn("where is 1004?", known=Mentions(orders=(1004,), products=(1, 2)), language="xx")
    assert clean(asked, "track_order", {"order_id": 1004, "tracking": "HT000000001XX"}) == {"order_id": 1004}
    assert clean(asked, "track_order", {"order_id": 4711}) == {}
    assert clean(asked, "compare_products", {"product_ids": [1, 2, 99]}) == {"product_ids": [1, 2]}


@pytest.mark.parametrize("made_up", ["1004", [1004], {"id": 1004}, 1004.5, True])
def test_ids_of_another_type_are_dropped(turn: Make, made_up: object) -> None:
    assert clean(turn("where is 1004?", language="xx"), "track_order", {"order_id": made_up}) == {}


@pytest.mark.parametrize(
    ("message", "value"),
    [
        ("a jacket under 120 EUR", 120.0), ("a jacket under 1,500 USD", 1500.0), ("eine Jacke bis 1.500,00 €", 1500.0),
        ("a jacket under 99.50", 99.5), ("jacket, 2500000 KRW at most", 2500000.0), ("٢٥٠ jacket", 250.0),
        ("a jacket under 12345.67", 12345.67),
    ],
)  # fmt: skip
def test_a_price_that_was_written_is_kept(turn: Make, message: str, value: float) -> None:
    kept = clean(turn(message, language="xx"), "search_products", {"query": "jacket", "max_price": value})
    assert kept["max_price"] == value


def test_a_price_that_nobody_named_is_dropped(turn: Make) -> None:
    kept = clean(turn("a cheap jacket", language="xx"), "search_products", {"query": "a cheap jacket", "max_price": 50})
    assert kept == {"query": "a cheap jacket"}


def test_an_address_is_what_was_written(turn: Make) -> None:
    kept = clean(turn(WHOLE), "change_address", {"order_id": 1002, **ADDRESS})
    assert kept == {"order_id": 1002, **ADDRESS}


@pytest.mark.parametrize("part", ["street", "city", "postal_code"])
@pytest.mark.parametrize("made_up", ["Baker Street 221b", "", None])
def test_an_address_that_was_not_written_is_asked_for(turn: Make, part: str, made_up: object) -> None:
    with pytest.raises(ShopError) as error:
        clean(turn(WHOLE, language="xx"), "change_address", {**ADDRESS, part: made_up})
    assert error.value.key == "talk.address"


def test_a_postal_code_is_no_order(turn: Make) -> None:
    asked = turn("send it to 12 Oak Street, Springfield 62704")
    assert clean(asked, "change_address", dict(ADDRESS)) == ADDRESS


def test_an_address_may_be_told_over_several_turns(turn: Make) -> None:
    asked = turn("62704", said="12 Oak Street\nSpringfield\n62704", known=Mentions())
    assert clean(asked, "change_address", dict(ADDRESS)) == ADDRESS


def test_a_country_that_nobody_named_is_dropped(turn: Make) -> None:
    assert "country" not in clean(turn(WHOLE), "change_address", {**ADDRESS, "country": "FR"})
    assert clean(turn(WHOLE + " US"), "change_address", {**ADDRESS, "country": "US"})["country"] == "US"


@pytest.mark.parametrize(
    ("tool", "part"), [("search_products", "query"), ("find_policy", "question"), ("call_human", "summary")]
)
def test_texts_that_nobody_wrote_give_way_to_the_persons_words(turn: Make, tool: str, part: str) -> None:
    asked = turn("my zip is torn", language="xx")
    assert clean(asked, tool, {part: "unrelated words entirely"})[part] == "my zip is torn"
    assert clean(asked, tool, {part: "zip torn"})[part] == "zip torn"


def test_a_note_or_an_answer_that_nobody_wrote_is_dropped(turn: Make) -> None:
    asked = turn("1005 goes back", language="xx")
    assert clean(asked, "return_order", {"note": "the customer is furious"})["note"] == ""
    assert (
        clean(turn("reply to 501", "merchant", language="xx"), "answer_ticket", {"text": "You get a refund"})["text"]
        == ""
    )


def test_a_large_model_may_word_its_queries(turn: Make) -> None:
    asked = turn("something for the rain", answers="model")
    assert clean(asked, "search_products", {"query": "waterproof jacket"})["query"] == "waterproof jacket"
    assert clean(asked, "track_order", {"order_id": 4711}) == {}
