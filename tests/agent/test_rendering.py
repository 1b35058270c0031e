"""Every answer that a tool can give, in every language."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from agent import rendering
from agent.answering import talk
from agent.grounding import ungrounded
from agent.schema import REPLIES
from agent.turn import Call, Turn
from retrieval.encoder import Encoder
from retrieval.index import ProductIndex
from retrieval.policies import PolicyIndex
from shop import people
from shop.database import connect
from shop.errors import ShopError
from shop.people import Actor
from shop.tables import User
from shop.wording import LANGUAGES
from tests import world as worlds
from tests.calls import FAILING, GOOD, OTHER, Ask
from tests.shop import small
from tools import TOOLS
from tools.base import World

MARKS = "{}"


@pytest.fixture(scope="module")
def calls(
    small_sqlite: Path,
    tmp_path_factory: pytest.TempPathFactory,
    small_index: ProductIndex,
    rule_index: PolicyIndex,
    encoder: Encoder,
) -> list[Call]:
    """All calls of tests.calls, made once."""
    path = tmp_path_factory.mktemp("rendering") / "shop.db"
    shutil.copy(small_sqlite, path)
    world = worlds.at(small.NOW, connect(f"sqlite:///{path}"), small_index, rule_index, encoder)
    with world.database.session() as db:
        cast = {user.name.lower(): people.actor_of(user, "visit") for user in db.scalars(select(User))}
    cast |= {"guest": people.guest("visit"), "other_merchant": cast["other"]}
    return [made(world, cast[ask.who], ask) for ask in (*GOOD, *OTHER, *FAILING)]


def made(world: World, actor: Actor, ask: Ask) -> Call:
    try:
        result = TOOLS[ask.tool].run(world, actor, ask.arguments)
        return Call(ask.tool, {**ask.arguments, **result.pinned}, result, None, 1.0)
    except ShopError as error:
        return Call(ask.tool, ask.arguments, None, error, 1.0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_said_without_gaps(calls: list[Call], language: str) -> None:
    for call in calls:
        lines = rendering.lines(call, language)
        assert all(line.strip() for line in lines), call.tool
        assert not any(mark in line for line in lines for mark in MARKS), call.tool


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_that_is_said_is_a_fact(calls: list[Call], language: str) -> None:
    for call in calls:
        if call.result:
            said = "\n".join(rendering.lines(call, language))
            assert ungrounded(said, call.result.facts) == [], (call.tool, call.arguments)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_proposal_shows_each_of_its_arguments(calls: list[Call], language: str) -> None:
    for call in calls[: len(GOOD)]:
        if TOOLS[call.tool].writes:
            text = rendering.proposal(call, language)
            told = [value for name, value in call.arguments.items() if name != "reason"]
            assert all(str(value) in text for value in told), call.tool
            assert "damaged" not in text or language == "en"


@pytest.mark.parametrize("language", [*LANGUAGES, "xx", "zh-TW"])
@pytest.mark.parametrize("who", ["ann", "merchant"])
def test_every_plain_reply_has_words(world: World, actors: SimpleNamespace, language: str, who: str) -> None:
    for kind in (*REPLIES, "sign_in", "click", "too_long", "empty", "which_product", "nonsense", None):
        turn = Turn(world, getattr(actors, who), "", "", "", language, None, (), (), reply=kind)  # type: ignore[arg-type]
        assert talk(turn, language).strip()


def test_a_passage_is_cited_once(calls: list[Call]) -> None:
    policy = [call for call in calls if call.tool == "find_policy" and call.result and call.result.citations]
    assert rendering.citations(policy * 2) == rendering.citations(policy)
