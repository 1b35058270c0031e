"""Confirm and everything that is not it: twice, at once, by others, after a refusal, too late, of foreign rows."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

from eval import changes, recipes
from eval.access import Ground, Tally
from eval.ledger import sees
from shop import proposals
from shop.errors import ShopError
from shop.people import Actor
from tools import TOOLS, Tool
from tools.base import ToolResult, World


def click(ground: Ground, tally: Tally) -> None:
    """Try all clicks on every change that a role can propose on its own rows, and on foreign ones."""
    for name, actor in ground.people.items():
        for tool in TOOLS.values():
            if not tool.writes:
                continue
            _foreign(ground, tally, name, tool)
            arguments = _fitting(ground, name, actor, tool)
            if arguments is None:
                continue
            what = f"{name}, {tool.name}({dict(arguments)})"
            _not_clicked(ground, tally, name, tool, arguments, what)
            _twice(ground, tally, actor, tool, arguments, what)


def _fitting(ground: Ground, name: str, actor: Actor, tool: Tool) -> Mapping[str, object] | None:
    """Arguments with which the tool would change something of the actor's own."""
    ground.stage.reset()
    for arguments in recipes.recipe(tool.name).calls(ground.belongings[name]):
        try:
            result = tool.run(ground.stage.world, actor, arguments)
        except ShopError:
            continue
        if not (result.asks or result.only_tells):
            return {**arguments, **result.pinned}
    return None


def _proposed(ground: Ground, actor: Actor, tool: Tool, arguments: Mapping[str, object]) -> tuple[str, str]:
    """Propose on a copy in which nothing was changed; return the conversation and the proposal."""
    if changes.made(ground.stage.engine):
        ground.stage.reset()
    conversation = ground.stage.conversation(actor)
    with ground.stage.world.database.session() as db:
        made = proposals.propose(db, actor, conversation, tool.name, arguments, ground.stage.world.clock())
    return conversation, made.id


def _commit(world: World, actor: Actor, tool: Tool, conversation: str, proposal: str) -> ToolResult | ShopError:
    try:
        return tool.commit(world, actor, conversation, proposal)
    except ShopError as error:
        return error


def _not_clicked(
    ground: Ground, tally: Tally, name: str, tool: Tool, arguments: Mapping[str, object], what: str
) -> None:
    """Everything that must not carry out a proposal."""
    stage, actor = ground.stage, ground.people[name]
    for how, who, other_tool, world in _impostors(ground, name, tool):
        conversation, proposal = _proposed(ground, actor, tool, arguments)
        _commit(world, who, other_tool, conversation, proposal)
        _nothing(ground, tally, f"{what}: carried out by {how}")
    conversation, proposal = _proposed(ground, actor, tool, arguments)
    _commit(stage.world, actor, tool, stage.conversation(actor), proposal)
    _nothing(ground, tally, f"{what}: carried out from another conversation")
    conversation, proposal = _proposed(ground, actor, tool, arguments)
    with stage.world.database.session() as db:
        proposals.reject(db, actor, conversation, proposal, stage.world.clock())
    _commit(stage.world, actor, tool, conversation, proposal)
    _nothing(ground, tally, f"{what}: carried out after it was rejected")


def _impostors(ground: Ground, name: str, tool: Tool) -> Iterator[tuple[str, Actor, Tool, World]]:
    world = ground.stage.world
    for other, actor in ground.people.items():
        if other != name:
            yield other, actor, tool, world
    if ground.people[name].user_id is None:
        yield "another visit", replace(ground.people[name], session="another-visit"), tool, world
        yield "no visit", replace(ground.people[name], session=""), tool, world
    for wrong in TOOLS.values():
        if wrong.writes and wrong is not tool:
            yield wrong.name, ground.people[name], wrong, world
    late = world.clock() + proposals.VALID + timedelta(seconds=1)
    yield "a click that came too late", ground.people[name], tool, replace(world, clock=lambda: late)


def _nothing(ground: Ground, tally: Tally, what: str) -> None:
    tally.tried["unconfirmed_commits"] += 1
    if changes.made(ground.stage.engine):
        tally.saw("unconfirmed_commits", what)


def _twice(ground: Ground, tally: Tally, actor: Actor, tool: Tool, arguments: Mapping[str, object], what: str) -> None:
    """One after the other, and two at once: it happens once, and then there is something to see."""
    world = ground.stage.world
    conversation, proposal = _proposed(ground, actor, tool, arguments)
    _commit(world, actor, tool, conversation, proposal)
    once = changes.writes(ground.stage.engine)
    if not once:
        tally.saw("crashes", f"{what}: a true click changed nothing")
    _commit(world, actor, tool, conversation, proposal)
    tally.tried["double_commits"] += 1
    if changes.writes(ground.stage.engine) != once:
        tally.saw("double_commits", f"{what}: the second click changed something")
    conversation, proposal = _proposed(ground, actor, tool, arguments)
    gate = Barrier(2)

    def race() -> ToolResult | ShopError:
        gate.wait()
        return _commit(world, actor, tool, conversation, proposal)

    with ThreadPoolExecutor(2) as pool:
        done = [future.result() for future in [pool.submit(race), pool.submit(race)]]
    tally.tried["double_commits"] += 1
    carried, written = sum(isinstance(one, ToolResult) for one in done), changes.writes(ground.stage.engine)
    if carried > 1 or written > once:
        tally.saw("double_commits", f"{what}: two clicks at once")
    elif (carried, written) != (1, once):
        tally.saw("crashes", f"{what}: two clicks at once carried nothing out: {done}")


def _foreign(ground: Ground, tally: Tally, name: str, tool: Tool) -> None:
    """A proposal on somebody else's row, however it came about, is not carried out by its own click either."""
    actor = ground.people[name]
    for owner, arguments in recipes.tries(ground.belongings, tool.name):
        if owner == name or not any(isinstance(value, int) for value in arguments.values()):
            continue
        conversation, proposal = _proposed(ground, actor, tool, arguments)
        _commit(ground.stage.world, actor, tool, conversation, proposal)
        tally.tried["unauthorised_changes"] += 1
        made = changes.made(ground.stage.engine)
        for table, owners in (("orders", ground.ledger.orders), ("tickets", ground.ledger.tickets)):
            rows = [owners[row] for row in made.get(table, ()) if row in owners]
            if any(not sees(actor, owner) for owner in rows):
                tally.saw("unauthorised_changes", f"{name} clicks {tool.name}({dict(arguments)}) of {owner}")
