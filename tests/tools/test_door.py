"""The one door: role, arguments, rows, and a transaction that only a click keeps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from shop import people, proposals
from shop.errors import Missing, Refused, ShopError
from shop.people import Actor, Role
from tests.calls import FAILING, GOOD, WRITES, Ask
from tests.shop import small
from tests.tools.conftest import BOTH, Rows
from tools import TOOLS
from tools.base import BadArguments, ToolResult, World

Run = Callable[..., ToolResult]
Propose = Callable[[Ask], tuple[Actor, str, str]]
SOMEBODY = {Role.GUEST: "guest", Role.SHOPPER: "ann", Role.MERCHANT: "merchant", Role.OPERATOR: "operator"}
NO_ROLE = [(ask, role) for ask in GOOD for role in Role if role not in TOOLS[ask.tool].roles]


def name(value: object) -> str:
    return value.tool if isinstance(value, Ask) else str(value)


def test_every_tool_has_a_good_call() -> None:
    assert [ask.tool for ask in GOOD] == sorted(TOOLS, key=[ask.tool for ask in GOOD].index)
    assert {ask.tool for ask in WRITES} == {tool.name for tool in TOOLS.values() if tool.writes}


@BOTH
@pytest.mark.parametrize("ask", GOOD, ids=name)
def test_a_good_call_answers(run: Run, ask: Ask) -> None:
    result = run(ask.who, ask.tool, **ask.arguments)
    assert result.text
    assert result.say
    assert not result.asks


@pytest.mark.parametrize(("ask", "role"), NO_ROLE, ids=name)
def test_another_role_is_refused(run: Run, ask: Ask, role: Role) -> None:
    with pytest.raises(Refused):
        run(SOMEBODY[role], ask.tool, **ask.arguments)


@pytest.mark.parametrize("ask", FAILING, ids=lambda ask: f"{ask.tool}-{FAILING.index(ask)}")
def test_what_cannot_be_done_is_a_sentence(run: Run, ask: Ask) -> None:
    with pytest.raises(ShopError) as error:
        run(ask.who, ask.tool, **ask.arguments)
    assert "{" not in str(error.value)


@BOTH
def test_no_preview_and_no_failure_writes(run: Run, rows: Callable[[], Rows]) -> None:
    before = rows()
    for ask in (*GOOD, *FAILING):
        try:
            run(ask.who, ask.tool, **ask.arguments)
        except ShopError:
            continue
    assert rows() == before


@BOTH
@pytest.mark.parametrize("ask", WRITES, ids=name)
def test_a_confirmed_proposal_is_carried_out_once(
    world: World, propose: Propose, rows: Callable[[], Rows], ask: Ask
) -> None:
    actor, talk, proposal = propose(ask)
    before = rows()
    TOOLS[ask.tool].commit(world, actor, talk, proposal)
    after = rows()
    assert {table for table in after if after[table] != before[table]} - {"proposals", "audit"}
    assert len(after["audit"]) == len(before["audit"]) + 1
    with pytest.raises(ShopError, match="only once"):
        TOOLS[ask.tool].commit(world, actor, talk, proposal)
    assert rows() == after


@BOTH
@pytest.mark.parametrize("ask", WRITES, ids=name)
def test_nobody_else_can_confirm(world: World, actors: SimpleNamespace, propose: Propose, ask: Ask) -> None:
    actor, talk, proposal = propose(ask)
    for other in (*vars(actors).values(), people.guest("another-visit")):
        if other != actor:
            with pytest.raises(ShopError):
                TOOLS[ask.tool].commit(world, other, talk, proposal)
    with world.database.session() as db:
        assert proposals.find(db, actor, talk, proposal).status == "open"


def test_a_guest_confirms_only_in_the_same_visit(world: World, propose: Propose) -> None:
    _, talk, proposal = propose(next(ask for ask in WRITES if ask.who == "guest"))
    with pytest.raises(Missing):
        TOOLS["call_human"].commit(world, people.guest(""), talk, proposal)
    assert TOOLS["call_human"].commit(world, people.guest("visit-guest"), talk, proposal).say


def test_a_proposal_is_of_one_conversation_and_one_tool(world: World, propose: Propose) -> None:
    ask = next(ask for ask in WRITES if ask.tool == "cancel_order")
    actor, talk, proposal = propose(ask)
    _, other_talk, _ = propose(ask)
    with pytest.raises(Missing):
        TOOLS["cancel_order"].commit(world, actor, other_talk, proposal)
    with pytest.raises(Refused):
        TOOLS["return_order"].commit(world, actor, talk, proposal)


def test_a_refused_change_leaves_its_proposal_open(world: World, propose: Propose, rows: Callable[[], Rows]) -> None:
    actor, talk, proposal = propose(Ask("ann", "cancel_order", {"order_id": small.SHIPPED}))
    before = rows()
    with pytest.raises(ShopError, match="before it is dispatched"):
        TOOLS["cancel_order"].commit(world, actor, talk, proposal)
    assert rows() == before


def test_a_proposal_that_would_have_to_ask_is_not_carried_out(
    world: World, propose: Propose, rows: Callable[[], Rows]
) -> None:
    actor, talk, proposal = propose(Ask("ann", "cancel_order", {}))
    before = rows()
    with pytest.raises(Refused):
        TOOLS["cancel_order"].commit(world, actor, talk, proposal)
    assert rows() == before


def test_an_old_proposal_has_expired(world: World, propose: Propose) -> None:
    actor, talk, proposal = propose(WRITES[0])
    late = replace(world, clock=lambda: world.clock() + timedelta(minutes=31))
    with pytest.raises(ShopError, match="expired"):
        TOOLS[WRITES[0].tool].commit(late, actor, talk, proposal)


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("my_orders", {"status": "stolen"}), ("my_orders", {"user_id": 2}), ("show_product", {}),
        ("show_product", {"product_id": "one"}), ("compare_products", {"product_ids": 3}),
        ("search_products", {"query": ["a"]}), ("search_products", {"query": "a" * 2001}),
        ("search_products", {"query": "\ud800"}),
        ("search_products", {"query": "a", "max_price": "cheap"}), ("show_product", {"product_id": 1, "ctx": "x"}),
    ],
)  # fmt: skip
def test_arguments_that_do_not_fit_are_named(run: Run, tool: str, arguments: dict[str, object]) -> None:
    with pytest.raises(BadArguments) as error:
        run("ann", tool, **arguments)
    assert error.value.values["names"] != "?"


def test_nulls_and_empty_texts_count_as_not_given(run: Run) -> None:
    assert run("ann", "track_order", order_id=None, tracking="").text == run("ann", "track_order").text


@pytest.mark.parametrize("number", [0, -1, 2**31, 10**30, 424242])
def test_an_unknown_number_is_a_sentence_too(run: Run, number: int) -> None:
    for tool, argument in (("show_product", "product_id"), ("track_order", "order_id"), ("cancel_order", "order_id")):
        with pytest.raises(Missing):
            run("ann", tool, **{argument: number})
    with pytest.raises(Missing):
        run("merchant", "answer_ticket", ticket_id=number, text="Hello")
