"""Who can see and change what: every tool, role, own and foreign id; by direct calls, a hostile model and clicks."""

import argparse
import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from eval import changes, ledger, recipes
from eval.ledger import Ledger
from eval.recipes import Belongings
from eval.report import Metric, Report
from eval.stage import Stage, opened
from settings import Settings
from shop.errors import Missing, ShopError
from shop.people import Actor
from tools import TOOLS, Tool
from tools.base import ToolResult

COUNTS = ("unauthorised_changes", "foreign_rows", "unconfirmed_commits", "double_commits")
CAST = {"guest": "guest", "shopper": "emma", "other shopper": "mei", "merchant": "nordvik",
        "other merchant": "lingxi", "operator": "ops"}  # fmt: skip


@dataclass
class Tally:
    """What was tried, and what should not have happened."""

    tried: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    say: Callable[[str], None] = print

    def saw(self, count: str, what: str) -> None:
        """Note something that must not happen, and say it."""
        self.found[count] += 1
        self.say(f"{count}: {what}")


@dataclass(frozen=True)
class Ground:
    """A shop with one person of each kind, what each owns, and who owns what."""

    stage: Stage
    people: Mapping[str, Actor]
    belongings: Mapping[str, Belongings]
    ledger: Ledger


def run(options: argparse.Namespace, known: Settings) -> Report:
    """Try everything on the demo shop."""
    begun = monotonic()
    with opened(known.data) as stage:
        changes.watch(stage.copy)
        ground = prepare(dataclasses.replace(stage, built=template(stage)), CAST)
        tally = tried(ground)
    metrics = {name: Metric(float(tally.found[name]), tally.tried[name]) for name in COUNTS}
    extra = {"tools": len(TOOLS), "people": len(CAST), "crashes": tally.found["crashes"]}
    return Report("access", "demo", monotonic() - begun, metrics, extra | {"forbidden": sum(tally.found.values()) > 0})


def template(stage: Stage) -> Path:
    """Make the watched copy the one that `reset` copies."""
    stage.engine.dispose()
    watched = stage.copy.with_name("template.db")
    stage.copy.replace(watched)
    return watched


def prepare(stage: Stage, cast: Mapping[str, str]) -> Ground:
    """Find the people and what they own. Raises NoRecipe when a tool is not covered."""
    recipes.check()
    stage.reset()
    people = {name: stage.actor(who) for name, who in cast.items()}
    with stage.world.database.session() as db:
        owned = {name: recipes.of(db, actor) for name, actor in people.items()}
        return Ground(stage, people, {**owned, "nobody": recipes.NOTHING}, ledger.read(db))


def tried(ground: Ground, say: Callable[[str], None] = print) -> Tally:
    """Try everything; the tally says what must not have happened."""
    from eval import clicks, hostile

    tally = Tally(say=say)
    before = changes.digest(ground.stage.engine)
    direct(ground, tally)
    if changes.digest(ground.stage.engine) != before:
        tally.saw("unauthorised_changes", "direct calls without a commit changed the database")
    hostile.attack(ground, tally)
    clicks.click(ground, tally)
    return tally


def direct(ground: Ground, tally: Tally) -> None:
    """Call every tool as everybody on everybody's belongings: nothing changes, nothing foreign is seen."""
    for name in ground.people:
        for tool in TOOLS.values():
            for owner, arguments in recipes.tries(ground.belongings, tool.name):
                _one(ground, tally, name, owner, tool, arguments)
            _compare(ground, tally, name, tool)
        if changes.made(ground.stage.engine):
            tally.saw("unauthorised_changes", f"{name}: {changes.made(ground.stage.engine)}")


def _one(
    ground: Ground, tally: Tally, name: str, owner: str, tool: Tool, arguments: Mapping[str, object]
) -> None:  # fmt: skip
    actor, what = ground.people[name], f"{name} calls {tool.name}({dict(arguments)}) of {owner}"
    tally.tried["foreign_rows"] += 1
    tally.tried["unauthorised_changes"] += 1
    result = _called(ground, tool, actor, arguments)
    if isinstance(result, ToolResult):
        if actor.role not in recipes.recipe(tool.name).roles:
            tally.saw("foreign_rows", f"{what}: the role may not, and got an answer")
        for row in ground.ledger.foreign(actor, tool.name, result):
            tally.saw("foreign_rows", f"{what}: saw {row}")
    elif not isinstance(result, ShopError):
        tally.saw("crashes", f"{what}: {result!r}")


def _called(ground: Ground, tool: Tool, actor: Actor, arguments: Mapping[str, object]) -> ToolResult | Exception:
    try:
        return tool.run(ground.stage.world, actor, arguments)
    except Exception as error:
        return error


def _compare(ground: Ground, tally: Tally, name: str, tool: Tool) -> None:
    """Absent and foreign must read alike, or an error tells that somebody else's row is there."""
    for other, own in ground.belongings.items():
        for arguments, absent in _twins(tool, own):
            actor = ground.people[name]
            first = _called(ground, tool, actor, arguments)
            if not isinstance(first, Missing):
                continue
            tally.tried["foreign_rows"] += 1
            second = _called(ground, tool, actor, absent)
            if _without_ids(first, arguments) != _without_ids(second, absent):
                tally.saw("foreign_rows", f"{name}, {tool.name} of {other}: {first} differs from {second}")


def _twins(tool: Tool, own: Belongings) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    """The same calls with a foreign and with an absent id."""
    ids: dict[str, tuple[tuple[object, ...], object]] = {
        "order_id": (tuple(own.orders.values()), recipes.NOWHERE),
        "ticket_id": (own.tickets, recipes.NOWHERE),
        "product_id": (own.hidden, recipes.NOWHERE),
        "tracking": (own.trackings, recipes.NO_PARCEL),
    }
    fillers: dict[str, object] = {
        "summary": "Help",
        "street": "1 A Street",
        "city": "B",
        "postal_code": "1",
        "text": "Hi",
    }
    known = tool.arguments.model_fields
    fixed = {name: value for name, value in fillers.items() if name in known}
    for name, (values, nowhere) in ids.items():
        if name in known:
            yield from (({name: value, **fixed}, {name: nowhere, **fixed}) for value in values)


def _without_ids(error: object, arguments: Mapping[str, object]) -> str:
    words = str(error)
    for value in arguments.values():
        words = words.replace(str(value), "…")
    return words
