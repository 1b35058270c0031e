"""The evaluation of figures calls right what is right, wrong what is wrong, and a refusal none."""

import argparse
from datetime import date
from pathlib import Path

import pytest

from agent.assistant import Assistant
from eval.question import Case, Template, Wanted, chosen
from eval.scenario import BadScenario
from eval.stage import Stage
from eval.verdict import judged


def case(line: str, ask: Wanted | None) -> Case:
    return Case(Template(id="one", say={"en": line}, ask=ask, **{"as": "merchant"}), "en", (line,))


@pytest.mark.parametrize(
    ("line", "ask", "outcome"),
    [
        ("How many orders did we get this year?", "orders", "right"),
        ("How many orders did we get this year?", "return_rate", "wrong"),
        ("What is the return rate this year?", "return_rate", "right"),
        ("How satisfied are our employees?", None, "none"),
        ("How many orders did we get this year?", None, "wrong"),
    ],
)
def test_an_answer_is_held_against_the_true_figure(stage: Stage, line: str, ask: str | None, outcome: str) -> None:
    now = stage.world.clock().date()
    wanted = None if ask is None else Wanted(measure=ask, period=(date(now.year, 1, 1), now))
    assistant = Assistant(stage.world, stage.intent)
    assert judged(stage, assistant, case(line, wanted), {}).outcome == outcome


def test_a_broken_file_of_questions_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("- id: one\n  as: maple\n  say: {en: x}\n  wish: y\n")
    given = argparse.Namespace(data=tmp_path / "mine.yaml", part="all", languages=None, limit=None)
    with pytest.raises(BadScenario, match="wish"):
        chosen(given)
