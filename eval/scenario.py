"""Scenarios: conversations with what should come of them, in YAML that anybody can write.

```yaml
- id: cancel-plain-en
  as: emma                    # somebody who can sign in to the demo, or guest
  tags: [write]
  turns:
    - say: Please cancel order 1004
      expect: cancel_order    # one tool, or a list of acceptable ones
      arguments: {order_id: 1004}
      click: confirm
  state: {orders: {1004: {status: cancelled}}}
```
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from shop.people import Role

HERE = Path(__file__).parent / "scenarios"
PARTS = ("dev", "test")
SALT = 33419
"""Chosen among 60,000 so that both halves have every language, role and tag in about equal shares."""


class BadScenario(Exception):
    """A scenario file that cannot be read; the sentence names the file and the rule."""


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [] if value is None else [value]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Matcher(_Strict):
    """What an argument may be: text that contains one of these, a list that has all of these, or nothing at all.

    A value `$2` stands for the second product that the turn before showed.
    """

    contains: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    absent: bool = False


class Bound(_Strict):
    """A price limit in major units."""

    amount: float
    currency: str = Field(pattern="^[A-Z]{3}$")


class Goods(_Strict):
    """Products by what stands in their rows; every given field must fit one of its values."""

    kind: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    category: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    colour: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    id: Annotated[tuple[int, ...], BeforeValidator(_listed)] = ()


Value: TypeAlias = bool | int | float | str
Expected: TypeAlias = Matcher | list[Value] | Value
Order = Literal["cheapest", "most_expensive", "newest"]
Texts: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Turn(_Strict):
    """One message and what should follow.

    `expect` names acceptable tools, `every` tools that must all be called, `reply` acceptable kinds of a plain
    reply. `asks` wants a question to choose from. `first_is` with `among` wants the first product shown to be the
    cheapest (…) of those goods; `all_at_most` and `all_at_least` bound every product shown, `shows` says what the
    first one is, `finds_nothing` wants to hear that nothing fits, `cites` names the rules that may be quoted first.
    `language` is what the answer should be in, where it is not the scenario's.
    """

    say: str
    expect: Texts = ()
    every: Texts = ()
    reply: Texts = ()
    asks: bool = False
    arguments: dict[str, Expected] = Field(default_factory=dict)
    first_is: Order | None = None
    among: Goods | None = None
    all_at_most: Bound | None = None
    all_at_least: Bound | None = None
    shows: Goods | None = None
    priced_in: str | None = Field(None, pattern="^[A-Z]{3}$")
    finds_nothing: bool = False
    cites: Texts = ()
    click: Literal["confirm", "reject"] | None = None
    language: str | None = None

    @property
    def judges_arguments(self) -> bool:
        """Whether the turn says more than which tool."""
        wanted = (self.first_is, self.all_at_most, self.all_at_least, self.shows, self.priced_in)
        return bool(self.arguments or self.finds_nothing or self.cites or any(one is not None for one in wanted))


class State(_Strict):
    """What the database holds at the end. `tickets` and `watches` count new rows; `ticket` rows are by number."""

    orders: dict[int, dict[str, Value]] = Field(default_factory=dict)
    returns: dict[int, dict[str, Value]] = Field(default_factory=dict)
    ticket: dict[int, dict[str, Value]] = Field(default_factory=dict)
    tickets: int | None = None
    watches: int | None = None
    unchanged: bool = False


class Scenario(_Strict):
    """A conversation. `language` is what is spoken; country and currency are a guest's."""

    id: str = Field(pattern="^[a-z0-9-]+$")
    who: str = Field(alias="as")
    language: str
    tags: Texts = ()
    country: str = "US"
    currency: str = "USD"
    turns: list[Turn] = Field(min_length=1, max_length=6)
    state: State | None = None

    @property
    def role(self) -> Role:
        """The role of who is speaking."""
        if self.who == "guest":
            return Role.GUEST
        if self.who == "ops":
            return Role.OPERATOR
        return Role.MERCHANT if self.who in MERCHANTS else Role.SHOPPER


MERCHANTS = ("nordvik", "lingxi", "sakura", "casaluz", "maple")
_FILE = TypeAdapter(list[Scenario])


def load(path: Path = HERE) -> list[Scenario]:
    """Read a file or every `*.yaml` of a folder. Raises BadScenario."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    found = [scenario for file in files for scenario in _read(file)]
    twice = {one.id for one in found if sum(other.id == one.id for other in found) > 1}
    if twice:
        raise BadScenario(f"{path}: these ids stand there twice: {', '.join(sorted(twice))}.")
    if not found:
        raise BadScenario(f"{path}: there are no scenarios.")
    return found


def part(scenarios: Sequence[Scenario], name: str) -> list[Scenario]:
    """Keep one half, `dev` or `test`, or `all`.

    A scenario's half is a hash of its id alone, so that writing further ones moves none.
    """
    return [one for one in scenarios if name in ("all", PARTS[_bit(one.id)])]


def _bit(scenario_id: str) -> int:
    return sha256(f"{SALT}/{scenario_id}".encode()).digest()[0] % 2


def _read(file: Path) -> list[Scenario]:
    try:
        with file.open(encoding="utf-8") as stream:
            return _FILE.validate_python(yaml.load(stream, yaml.CSafeLoader) or [])
    except (OSError, yaml.YAMLError) as error:
        raise BadScenario(f"{file}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = " → ".join(map(str, first["loc"]))
        raise BadScenario(f"{file}, at {where}: {first['msg']} ({error.error_count()} in all).") from error
