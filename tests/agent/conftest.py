"""The assistant's tests happen on SQLite; that both databases do the same is shown by tests/shop and tests/tools."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.assistant import Assistant
from agent.mentions import in_words
from agent.schema import REPLIES
from agent.turn import Turn
from shop import conversations
from shop.database import Database, connect
from tests.scripted import Step
from tests.talk import Talk
from tools import of
from tools.base import World


@pytest.fixture
def database(small_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """The small shop in a file of its own."""
    shutil.copy(small_sqlite, tmp_path / "shop.db")
    opened = connect(f"sqlite:///{tmp_path / 'shop.db'}")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def turn(world: World, actors: SimpleNamespace) -> Callable[..., Turn]:
    """Make a turn: `turn("where is 1004?", "ann", known=…)`; what is named in the message is known."""

    def make(message: str, who: str = "ann", **fields: Any) -> Turn:
        actor = getattr(actors, who)
        with world.database.session() as db:
            talk = conversations.start(db, actor, "shop", world.clock()).id
        given: dict[str, Any] = {
            "known": in_words(message), "offered": tuple(of(actor.role)), "replies": REPLIES, "said": message,
            "language": actor.language,
        }  # fmt: skip
        return Turn(world=world, actor=actor, conversation_id=talk, message=message, **given | fields)

    return make


@pytest.fixture
def talk(assistant: Callable[..., Assistant], actors: SimpleNamespace) -> Callable[..., Talk]:
    """Begin a conversation: `talk("ann", call("my_orders"), reply("thanks"), answers="model")`."""

    def begin(who: str, *steps: Step, **options: Any) -> Talk:
        return Talk(assistant(*steps, **options), getattr(actors, who))

    return begin
