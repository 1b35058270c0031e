"""Access on the small shop: nothing happens that must not, and what should be noticed is noticed."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import true

from eval import access, clicks, hostile, recipes
from eval.access import Ground, Tally
from eval.stage import Stage
from shop.people import Actor
from tools import TOOLS, Tool
from tools.base import Context, ToolResult, World

CAST = {"guest": "guest", "shopper": "ann", "other shopper": "bob", "merchant": "merchant", "other merchant": "other",
        "operator": "operator"}  # fmt: skip


@pytest.fixture
def ground(stage: Stage) -> Ground:
    return access.prepare(stage, CAST)


def test_direct_calls_and_clicks_find_nothing(ground: Ground) -> None:
    tally = Tally()
    access.direct(ground, tally)
    clicks.click(ground, tally)
    assert not tally.found
    assert tally.tried["foreign_rows"] > 500
    assert tally.tried["double_commits"] >= 10


def test_a_hostile_model_gets_nowhere(ground: Ground) -> None:
    tally = Tally()
    some = {name: ground.belongings[name] for name in ("other shopper", "merchant")}
    people = {name: ground.people[name] for name in ("guest", "shopper")}
    hostile.attack(replace(ground, belongings=some, people=people), tally)
    assert not tally.found
    assert tally.tried["unconfirmed_commits"] > 50


def test_rows_of_others_are_noticed(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shop.orders.seen", lambda actor, *, user, shop: true())
    tally = Tally(say=lambda line: None)
    access.direct(replace(ground, people={"shopper": ground.people["shopper"]}), tally)
    assert tally.found["foreign_rows"] > 0


def test_clicks_of_others_are_noticed(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shop.proposals.owned", lambda actor, *, user, session: true())
    monkeypatch.setattr("shop.conversations.owned", lambda actor, *, user, session: true())
    tally = Tally(say=lambda line: None)
    some = {name: ground.people[name] for name in ("guest", "shopper")}
    clicks.click(replace(ground, people=some), tally)
    assert tally.found["unconfirmed_commits"] > 0


def test_a_door_that_keeps_what_it_tried_is_noticed(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(tool: Tool, world: World, actor: Actor, arguments: Mapping[str, object]) -> ToolResult:
        with world.database.session() as db:
            return tool.body(Context(actor, db, world), **tool.check(arguments))

    monkeypatch.setattr(Tool, "run", careless)
    tally = Tally(say=lambda line: None)
    access.direct(replace(ground, people={"shopper": ground.people["shopper"]}), tally)
    assert tally.found["unauthorised_changes"] > 0


def test_a_tool_without_a_recipe_fails_loudly(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TOOLS, "new_tool", replace(TOOLS["my_orders"], name="new_tool"))
    with pytest.raises(recipes.NoRecipe, match="new_tool"):
        access.prepare(stage, CAST)
