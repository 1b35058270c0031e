"""The one door: what a tool is, and how it is run."""

import inspect
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, get_type_hints

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from sqlalchemy.orm import Session

from retrieval.index import Hit
from retrieval.policies import PolicyIndex
from shop import audit, proposals
from shop.database import Database
from shop.errors import Refused, ShopError
from shop.people import Actor, Role
from tools.facts import Fact, collect
from tools.views import Question, View

if TYPE_CHECKING:
    from models.screening import SanctionsList

EVERYONE = frozenset(Role)
CUSTOMERS = frozenset({Role.GUEST, Role.SHOPPER})
SHOPPERS = frozenset({Role.SHOPPER})
STAFF = frozenset({Role.MERCHANT, Role.OPERATOR})


class Catalogue(Protocol):
    """What searches products: an index as it was built, or one that takes changes."""

    def __len__(self) -> int: ...

    def search(self, query: str, k: int, allowed: Collection[int] | None = None) -> list[Hit]: ...

    def standing(self, query: str, hit: Hit) -> float: ...


@dataclass(frozen=True)
class World:
    """Everything that lives as long as the process: built once, shared by all calls.

    `encode` makes unit vectors (n, d) of texts in any language; `sanctions` reads the list when it is first needed.
    """

    database: Database
    products: Catalogue
    policies: PolicyIndex
    clock: Callable[[], datetime]
    encode: Callable[[Sequence[str]], NDArray[np.float32]]
    categories: tuple[str, ...] = ()
    sanctions: "Callable[[], SanctionsList] | None" = None


@dataclass(frozen=True)
class Context:
    """One call. The language model fills in none of it.

    `message` holds the user's own words of this turn, from which bounds and wishes are read.
    """

    actor: Actor
    db: Session
    world: World
    message: str = ""

    @property
    def now(self) -> datetime:
        """The moment of the call, UTC."""
        return self.world.clock()


@dataclass(frozen=True)
class Phrase:
    """A sentence of the catalogue with its typed values."""

    key: str
    values: Mapping[str, object]


def phrase(key: str, **values: object) -> Phrase:
    """Make a phrase."""
    return Phrase(key, values)


@dataclass(frozen=True)
class Citation:
    """A passage that an answer rests on; the id resolves in shop.policies."""

    passage_id: str
    title: str
    text: str


@dataclass(frozen=True)
class ToolResult:
    """What came out: `text` for the model, `say` for the reader, `view` for the screen.

    `pinned` are arguments that the tool settled itself (which order was meant): a proposal shows and stores them.
    `only_tells` marks the result of a writing tool that had nothing to write: it is shown, and not proposed.
    """

    text: str
    say: tuple[Phrase, ...] = ()
    view: View | None = None
    citations: tuple[Citation, ...] = ()
    pinned: Mapping[str, object] = field(default_factory=dict)
    only_tells: bool = False

    @property
    def asks(self) -> bool:
        """Whether the tool could not act and asks which row is meant."""
        return isinstance(self.view, Question)

    @property
    def facts(self) -> frozenset[Fact]:
        """The numbers, dates, ids and names that an answer may state."""
        return collect((self.text, self.say, self.view, self.citations))


class Body(Protocol):
    """A tool's function: a context and plain arguments in, a result out."""

    __name__: str

    def __call__(self, ctx: Context, /, **arguments: object) -> ToolResult: ...


@dataclass(frozen=True)
class Tool:
    """A function with the roles that may call it."""

    name: str
    roles: frozenset[Role]
    writes: bool
    summary: str
    arguments: type[BaseModel]
    body: Body

    def run(self, world: World, actor: Actor, arguments: Mapping[str, object], *, message: str = "") -> ToolResult:
        """Check the role and the arguments, run the body, and roll back whatever it changed.

        So a read cannot write, and a write is a true preview with the shop's true errors; only `commit` keeps
        a change. Raises Refused for a role that may not, BadArguments for arguments that do not fit, and
        ShopError for what the shop's rules say.
        """
        plain = self._admit(actor, arguments)
        try:
            with world.database.session() as db:
                raise _Preview(self.body(Context(actor, db, world, message), **plain))
        except _Preview as preview:
            return preview.result

    def commit(self, world: World, actor: Actor, conversation_id: str, proposal_id: str) -> ToolResult:
        """Carry out a proposal of the same actor, once: taking it and the change are one transaction."""
        with world.database.session() as db:
            proposal = proposals.take(db, actor, conversation_id, proposal_id, world.clock())
            if proposal.tool != self.name:
                raise Refused("error.role")
            plain = self._admit(actor, proposal.arguments)
            result = self.body(Context(actor, db, world), **plain)
            if result.asks or result.only_tells:
                raise Refused("error.proposal_missing")
            audit.record(db, actor, self.name, proposal.arguments, "done", proposal.id, world.clock())
            return result

    def _admit(self, actor: Actor, arguments: Mapping[str, object]) -> dict[str, object]:
        if actor.role not in self.roles:
            raise Refused("error.role")
        return self.check(arguments)

    def check(self, arguments: Mapping[str, object]) -> dict[str, object]:
        """Validate arguments against the signature; empty strings and nulls count as not given."""
        given = {name: value for name, value in arguments.items() if value not in (None, "", [])}
        try:
            return self.arguments.model_validate(given).model_dump()
        except ValidationError as error:
            wrong = ", ".join(sorted({str(part["loc"][0]) for part in error.errors() if part["loc"]}))
            raise BadArguments("error.arguments", tool=self.name, names=wrong or "?") from error


class BadArguments(ShopError):
    """The arguments do not fit the tool's signature."""


class _Preview(Exception):
    """Carries a preview's result out of the transaction, which it thereby rolls back."""

    def __init__(self, result: ToolResult) -> None:
        super().__init__()
        self.result = result


def tool(*, roles: frozenset[Role], writes: bool = False) -> Callable[[Callable[..., ToolResult]], Tool]:
    """Make a Tool of a function: the signature is the schema, the docstring the prompt."""

    def make(body: Callable[..., ToolResult]) -> Tool:
        summary, helps = _read(inspect.getdoc(body) or "")
        return Tool(body.__name__, roles, writes, summary, _schema(body, helps), body)

    return make


def _schema(body: Callable[..., ToolResult], helps: Mapping[str, str]) -> type[BaseModel]:
    hints = get_type_hints(body, include_extras=True)
    fields = {}
    for name, parameter in list(inspect.signature(body).parameters.items())[1:]:
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[name] = (hints[name], Field(default, description=helps.get(name)))
    config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_max_length=2000)
    model: type[BaseModel] = create_model(body.__name__, __config__=config, **fields)  # type: ignore[call-overload]
    return model


def _read(doc: str) -> tuple[str, dict[str, str]]:
    """Split a docstring into its text and what it says of each argument."""
    summary, _, arguments = doc.partition("\nArgs:")
    helps = re.findall(r"^ {4}(\w+): (.+?)(?=^ {4}\w+: |\Z)", arguments, re.M | re.S)
    return summary.strip(), {name: " ".join(text.split()) for name, text in helps}
