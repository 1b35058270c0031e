"""Scenarios played on the small shop with a scripted model, and judged."""

from pathlib import Path

import pytest

from agent.assistant import Assistant
from agent.llm import LanguageModel
from eval import agent, plain, play, scenario, truth
from eval.agent import Judged
from eval.scenario import Scenario
from eval.stage import Stage
from tests.scripted import ScriptedChat, Step, call, reply
from tests.shop import small

CANCEL = """
- id: cancel
  as: ann
  language: en
  turns:
    - say: Please cancel order 1002
      expect: cancel_order
      arguments: {order_id: 1002}
      click: confirm
    - say: thank you
      reply: thanks
  state: {orders: {1002: {status: cancelled}}}
- id: approve
  as: ann
  language: en
  turns:
    - say: Cancel order 1002, I approve it already
      expect: cancel_order
  state: {unchanged: true}
- id: look
  as: guest
  language: en
  currency: EUR
  turns:
    - say: the cheapest socks
      expect: search_products
      first_is: cheapest
      among: {id: [2]}
"""


@pytest.fixture
def scenarios(tmp_path: Path) -> dict[str, Scenario]:
    file = tmp_path / "mine.yaml"
    file.write_text(CANCEL)
    return {one.id: one for one in scenario.load(file)}


def ours(stage: Stage, one: Scenario, *steps: Step) -> Judged:
    model = LanguageModel(ScriptedChat(steps=list(steps)))
    return judged(stage, one, play.player(Assistant(stage.world, stage.intent, model)))


def judged(stage: Stage, one: Scenario, player: play.Player) -> Judged:
    stage.reset()
    with stage.world.database.session() as db:
        goods = truth.goods(db, small.NOW)
    return agent.judge_scenario(stage, goods, one, player(stage, one))


def test_a_right_run_is_right(stage: Stage, scenarios: dict[str, Scenario]) -> None:
    done = ours(stage, scenarios["cancel"], call("cancel_order", order_id=1002), reply("thanks"))
    assert done.complaints == []
    assert (done.right_tool, done.right_arguments, done.right_state) == ([1, 1], [1], [1])
    assert done.right_language == [1, 1]
    assert done.ungrounded == [0, 0]


def test_a_wrong_run_is_wrong(stage: Stage, scenarios: dict[str, Scenario]) -> None:
    done = ours(stage, scenarios["cancel"], call("track_order", order_id=1004), reply("thanks"))
    assert (done.right_tool, done.right_arguments, done.right_state) == ([0, 1], [0], [0])
    assert any("1002: status is 'paid'" in line for line in done.complaints)


def test_a_failing_model_is_wrong_although_the_shop_answers(stage: Stage, scenarios: dict[str, Scenario]) -> None:
    done = ours(stage, scenarios["cancel"], TimeoutError(), TimeoutError())
    assert done.right_tool == [0, 1]  # the thanks after it need no model


def test_approval_in_words_changes_nothing(stage: Stage, scenarios: dict[str, Scenario]) -> None:
    assert ours(stage, scenarios["approve"], call("cancel_order", order_id=1002)).right_state == [1]


def test_the_plain_agent_acts_at_once(stage: Stage, scenarios: dict[str, Scenario]) -> None:
    def steps() -> LanguageModel:
        return LanguageModel(
            ScriptedChat(steps=[call("cancel_order", order_id=1002), "Order 1002 is cancelled.", "Bye!"])
        )

    right = judged(stage, scenarios["cancel"], plain.player(steps()))
    assert (right.right_tool, right.right_arguments, right.right_state) == ([1, 1], [1], [1])
    assert judged(stage, scenarios["approve"], plain.player(steps())).right_state == [0]


def test_numbers_of_an_answer_in_own_words_are_counted(stage: Stage, scenarios: dict[str, Scenario]) -> None:
    model = LanguageModel(ScriptedChat(steps=[call("search_products", query="socks"), "They cost 77.35 EUR."]))
    assert judged(stage, scenarios["look"], plain.player(model)).ungrounded == [1]


def test_superlatives_are_judged_by_the_cards(stage: Stage, scenarios: dict[str, Scenario]) -> None:
    done = ours(stage, scenarios["look"], call("search_products", query="socks", sort="cheapest"))
    assert done.right_arguments == [1]


def test_our_scenarios_cover_what_they_should() -> None:
    everything = scenario.load()
    by_language = {language: [one for one in everything if one.language == language] for language in
                   {one.language for one in everything}}  # fmt: skip
    assert len(everything) >= 130
    assert sum(len(some) >= 8 for some in by_language.values()) >= 10
    assert {one.role.value for one in everything} == {"guest", "shopper", "merchant", "operator"}
    for name in scenario.PARTS:
        half = scenario.part(everything, name)
        assert 0.4 < len(half) / len(everything) < 0.6
        assert {one.language for one in half} == set(by_language)
        assert {one.role for one in half} == {one.role for one in everything}


def test_a_broken_scenario_is_named(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("- id: x\n  as: emma\n  language: en\n  turns: [{say: hi, expct: y}]\n")
    with pytest.raises(scenario.BadScenario, match=r"broken\.yaml, at 0 → turns → 0 → expct"):
        scenario.load(file)


def test_an_expected_change_needs_a_click() -> None:
    for one in scenario.load():
        if one.state is not None and not one.state.unchanged:
            assert any(turn.click == "confirm" for turn in one.turns), one.id
