"""The shop's rules, quoted with the passage that says so."""

from collections.abc import Callable

import pytest

from shop import policies
from tools.base import ToolResult

Run = Callable[..., ToolResult]


@pytest.mark.parametrize(
    ("who", "question"),
    [
        ("guest", "How long do I have to return something?"), ("bob", "Wer zahlt den Zoll?"),
        ("cho", "送料はいくらですか"), ("merchant", "Quelles sont les frais de la plateforme ?"),
    ],
)  # fmt: skip
def test_a_rule_is_quoted_word_for_word(run: Run, who: str, question: str) -> None:
    result = run(who, "find_policy", question=question)
    said = result.say[0].values
    first = result.citations[0]
    assert (said["passage"], said["text"]) == (first.passage_id, first.text)
    languages = {"bob": "de", "cho": "ja", "merchant": "de"}
    assert policies.find(first.passage_id, languages.get(who, "en")).text == first.text


def test_what_no_rule_says_is_not_invented(run: Run) -> None:
    result = run("ann", "find_policy", question="How tall is the Eiffel tower?")
    assert [phrase.key for phrase in result.say] == ["say.no_rule"]
    assert not result.citations


def test_the_question_is_looked_up_not_what_the_message_quotes(run: Run) -> None:
    message = "They wrote “payment methods”. How long do I have to return it?"
    result = run("ann", "find_policy", question="How long do I have to return it?", message=message)
    assert result.citations[0].passage_id.startswith("returns.")
