"""A conversation on the screen: its events drawn, and what must not come through."""

from agent.events import Delta, Failed, Notice, Proposed, Said, Settled, Used
from agent.screen.markup import rich
from agent.screen.talk import Exchange, conversation, exchange, welcome
from shop.wording import say
from tools.base import Citation, ToolResult
from tools.views import Table

PROPOSED = Proposed("p-1", "return_order", {"order_id": 1001}, (), "Return order 1001?")
SETTLED = Settled("p-1", "confirmed", "Done: order 1001 goes back.")


def after(*events: object, asked: str = "hello") -> Exchange:
    one = Exchange(asked)
    for event in events:
        one = one.then(event)  # type: ignore[arg-type]
    return one


def test_a_finished_answer_replaces_its_pieces() -> None:
    one = after(Delta("It is "), Delta("here"), Said("It is here.", "en"))
    assert one.events == (Said("It is here.", "en"),)


def test_what_a_model_writes_cannot_run_or_fetch_anything() -> None:
    html = rich("<script>alert(1)</script> [x](javascript:alert(1)) ![x](http://a.example/x.png) <http://a.example>")
    assert "<script" not in html
    assert "<a" not in html
    assert "<img" not in html


def test_emphasis_lists_and_tables_are_drawn() -> None:
    html = rich("**six**\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert "<strong>six</strong>" in html
    assert "<ol>" in html
    assert "<table>" in html


def test_what_a_person_writes_stays_as_it_was_typed() -> None:
    html = exchange(after(Said("ok", "en"), asked="<b>**bold**</b>"), "en")
    assert "&lt;b&gt;**bold**&lt;/b&gt;" in html


def test_a_proposal_has_two_buttons_until_it_is_settled() -> None:
    assert exchange(after(PROPOSED), "en").count('data-value="p-1"') == 2
    html = exchange(after(PROPOSED, SETTLED), "en")
    assert 'data-value="p-1"' not in html
    assert SETTLED.text in html


def test_what_the_box_says_is_not_said_twice() -> None:
    assert exchange(after(PROPOSED, Said(PROPOSED.text, "en")), "en").count(PROPOSED.text) == 1
    html = exchange(after(PROPOSED, Said(PROPOSED.text, "en"), SETTLED, Said(SETTLED.text, "en")), "en")
    assert PROPOSED.text not in html
    assert html.count(SETTLED.text) == 1


def test_a_change_that_is_only_proposed_is_not_drawn_as_done() -> None:
    table = Table(("view.order",), (("return_requested",),))
    used = Used("return_order", {}, ToolResult("", view=table), 3.0)
    assert "<table" not in exchange(after(used, PROPOSED), "en")
    assert "<table" in exchange(after(used), "en")


def test_how_it_was_answered_names_tool_arguments_and_time() -> None:
    used = Used("track_order", {"order_id": 1002, "tracking": None}, ToolResult(""), 12.4)
    html = exchange(after(used, Said("Here.", "en", source="tool")), "en")
    assert "track_order" in html
    assert "{&#34;order_id&#34;: 1002}" in html
    assert "12 ms" in html


def test_a_citation_can_be_opened_and_names_its_passage() -> None:
    html = exchange(after(Said("14 days.", "en", (Citation("returns.eu", "Returns", "<i>Within 14 days</i>"),))), "en")
    assert "<code>returns.eu</code>" in html
    assert "&lt;i&gt;Within 14 days&lt;/i&gt;" in html


def test_a_failure_is_quoted_with_its_reference() -> None:
    assert "Reference: ab12" in exchange(after(Failed("It did not work.", "ab12")), "en")


def test_a_notice_is_not_repeated_under_itself() -> None:
    told = [after(Notice("ui.no_llm"), Said("a", "en")), after(Notice("ui.no_llm"), Said("b", "en"))]
    assert conversation(told, "en").count(say("ui.no_llm", "en")) == 1


def test_an_answer_can_be_given_a_thumb_only_when_it_is_kept() -> None:
    assert 'data-act="thumb"' not in exchange(after(Said("a", "en")), "en")
    assert 'data-value="5:-1"' in exchange(after(Said("a", "en", turn_id=5)), "en")


def test_while_it_works_the_screen_says_so() -> None:
    assert say("ui.working", "en") in exchange(after(), "en", working=True)


def test_a_welcome_offers_four_questions() -> None:
    assert welcome("en", "shop").count('data-act="ask"') == welcome("en", "merchant").count('data-act="ask"') == 4
