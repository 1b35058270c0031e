"""Questions about figures: the right one, with its period, its reading and a chart, or a sentence that says why not."""

from collections.abc import Callable
from datetime import date
from typing import get_args

import pytest

from shop.errors import ShopError
from shop.labels import Country
from shop.measures.catalogue import DIMENSIONS, MEASURES
from shop.money import Money
from shop.wording import LANGUAGES, Percent, Term, say
from tests.shop import small
from tests.tools.conftest import BOTH
from tools.base import ToolResult
from tools.measuring import DimensionName, MeasureName
from tools.views import Question, Series, Stack, Table

Run = Callable[..., ToolResult]


def parts(result: ToolResult) -> list[object]:
    return list(result.view.views) if isinstance(result.view, Stack) else [result.view]


def test_a_figure_comes_with_its_period_and_its_reading(run: Run) -> None:
    result = run("merchant", "ask_sales", question="revenue since September 1")
    head, *others = result.say
    assert head.values["value"] == Money(5 * 12000 + 4 * 1980 + 450, "EUR")  # the returned jacket is paid back
    assert (head.values["start"], head.values["end"]) == (date(2026, 9, 1), date(2026, 11, 2))
    assert [one.key for one in others] == ["say.figure_reading"]
    assert "−" in say(others[0].key, "de", **others[0].values)


@BOTH
def test_rows_are_drawn_and_listed(run: Run) -> None:
    result = run("merchant", "ask_sales", question="units by country since October 1")
    chart, table = parts(result)
    assert isinstance(chart, Series) and isinstance(table, Table)
    assert [(row[0], row[1]) for row in table.rows] == [(Country("US"), 11), (Country("DE"), 2), (Country("JP"), 1)]
    assert chart.values == (11.0, 2.0, 1.0) and chart.kind == "bar"
    lines = parts(run("merchant", "ask_sales", question="revenue by month this year"))
    assert isinstance(lines[0], Series) and lines[0].kind == "line" and len(lines[0].values) == 11


def test_follow_ups_stand_on_further_lines(run: Run) -> None:
    question = "orders since October 1\nonly Germany"
    assert run("merchant", "ask_sales", question=question).say[0].values["value"] == 1


def test_a_comparison_shows_both(run: Run) -> None:
    result = run("merchant", "ask_sales", question="orders in October compared with September")
    assert result.say[0].values["value"] == 5  # packed, shipped, delivered, requested, mixed
    assert result.say[1].values["value"] == 1
    assert result.say[1].values["change"] == Percent(4.0)


def test_what_a_product_is_called_chooses_it(run: Run) -> None:
    assert run("merchant", "ask_sales", question="units of socks since October 1").say[0].values["value"] == 8
    sku = run("merchant", "ask_sales", question="units of NL-1 since October 1")
    assert sku.say[0].values["value"] == 5


def test_another_shops_product_is_not_counted(run: Run) -> None:
    result = run("merchant", "ask_sales", question="units of HN-1 since January 2024")
    assert "HN-1" not in result.text
    own = run("other_merchant", "ask_sales", question="units since January 2024 by product")
    assert "jacket" not in str(own.say).casefold()


@pytest.mark.parametrize("question", ["What will the weather be tomorrow?", "revenue by age group", "sing me a song"])
def test_what_no_records_hold_is_refused_with_what_can_be_asked(run: Run, question: str) -> None:
    with pytest.raises(ShopError) as refused:
        run("merchant", "ask_sales", question=question)
    assert refused.value.key == "error.not_measured"
    assert all(say("measure.margin", one) in refused.value.words(one) for one in LANGUAGES)


def test_nothing_is_a_sentence_and_no_zero(run: Run) -> None:
    empty = run("merchant", "ask_sales", question="return rate in March 2024")
    assert [one.key for one in empty.say] == ["say.figure_none"] and empty.view is None
    future = run("merchant", "ask_sales", question="revenue in March 2027")
    assert [one.key for one in future.say] == ["say.figure_future"]


def test_a_model_names_the_measure_only_where_the_words_do_not(run: Run) -> None:
    told = run("merchant", "ask_sales", question="how did it go in Germany since October 1", measure="units")
    assert told.say[0].values["measure"] == Term("measure.units")
    said = run("merchant", "ask_sales", question="orders since October 1", measure="units")
    assert said.say[0].values["measure"] == Term("measure.orders")


def test_a_change_is_explained_in_causes_that_add_up(run: Run) -> None:
    result = run("merchant", "explain_change", question="why did revenue change since 2026-10-15?")
    causes = [one.values["amount"] for one in result.say if one.key == "say.explained_effect"]
    change = result.say[0].values["change"]
    assert isinstance(change, Money)
    assert sum(one.minor for one in causes if isinstance(one, Money)) == change.minor


def test_a_watch_is_a_write_and_the_list_is_not(run: Run) -> None:
    made = run("merchant", "watch_measure", question="tell me when the return rate passes 8 %")
    assert not made.only_tells
    assert made.say[0].values["limit"] == Percent(0.08)
    listed = run("merchant", "watch_measure")
    assert listed.only_tells and listed.say[0].key == "say.watches_none"  # the preview was rolled back
    with pytest.raises(ShopError):
        run("merchant", "watch_measure", question="watch the return rate")


def test_a_model_may_name_every_measure_and_dimension() -> None:
    assert set(get_args(MeasureName)) == set(MEASURES)
    assert set(get_args(DimensionName)) == set(DIMENSIONS)


def test_names_of_several_kinds_of_goods_are_asked_about(run: Run) -> None:
    result = run("operator", "ask_sales", question="units of jacket or lamp since October 1")
    assert isinstance(result.view, Question)
    assert {one.id for one in result.view.candidates} == {small.JACKET, small.LAMP}
    chosen = run("operator", "ask_sales", question=result.view.candidates[0].message)
    assert chosen.say[0].key == "say.figure"
