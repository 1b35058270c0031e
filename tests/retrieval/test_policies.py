"""The rule that answers is found in any language, and no rule where none answers."""

from pathlib import Path

import pytest
import yaml

from retrieval.policies import PolicyIndex
from shop import policies
from shop.wording import LANGUAGES
from tests.retrieval.shelf import use

ASKED = Path(__file__).parents[2] / "eval" / "sets" / "questions.yaml"
QUESTIONS = yaml.safe_load((Path(__file__).parent / "fixtures" / "questions.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def rules() -> PolicyIndex:
    return PolicyIndex.build((p for language in LANGUAGES for p in policies.passages(language)), use())


def test_most_questions_find_their_rule_and_few_find_a_wrong_one(rules: PolicyIndex) -> None:
    answered = [(want, rules.search(text, language)) for language, text, want in QUESTIONS]
    right = [bool(hits) and hits[0].passage_id == want for want, hits in answered if want != "~"]
    wrong = [bool(hits) for want, hits in answered if want == "~"]
    assert sum(right) / len(right) >= 0.92
    assert sum(wrong) / len(wrong) <= 0.05


def test_hard_questions_of_the_dev_part_are_answered(rules: PolicyIndex) -> None:
    asked = [
        (language, text, want)
        for language, questions in yaml.safe_load(ASKED.read_text("utf-8")).items()
        for text, want in questions[::2]
    ]
    found = [(want, rules.search(text, language)) for language, text, want in asked]
    right = [bool(hits) and hits[0].passage_id == want for want, hits in found if want != "~"]
    wrong = [bool(hits) for want, hits in found if want == "~"]
    assert sum(right) / len(right) >= 0.85
    assert sum(wrong) / len(wrong) <= 0.05


def test_every_hit_resolves_in_every_language(rules: PolicyIndex) -> None:
    for hit in rules.search("How long do I have to return an order?", "en", k=5):
        assert all(policies.find(hit.passage_id, language).text for language in LANGUAGES)


def test_the_best_rule_comes_first(rules: PolicyIndex) -> None:
    hits = rules.search("退货期限是多少天？", "zh", k=3)
    assert hits[0].passage_id == "returns.window"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("question", ["", "???", "🎒", "qwrtplkj zzxv"])
def test_nonsense_has_no_rule(rules: PolicyIndex, question: str) -> None:
    assert rules.search(question, "en") == []


def test_no_passages_no_rule() -> None:
    assert PolicyIndex.build([], use()).search("Can I return this?", "en") == []
