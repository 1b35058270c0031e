"""What the training text promises."""

from collections import Counter, defaultdict

import pytest

from finetune.labelled import OURS, Example, read
from models.intent import LABELS

LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "pt", "ru", "tr", "zh")


@pytest.fixture(scope="module")
def messages() -> list[Example]:
    return read(OURS)


def test_every_label_has_enough_messages_in_every_language(messages: list[Example]) -> None:
    counts = Counter((message.language, message.label) for message in messages)
    assert {pair for pair, _ in counts.items()} == {(code, label) for code in LANGUAGES for label in LABELS}
    assert min(counts.values()) >= 19


def test_every_label_is_held_out_in_every_language(messages: list[Example]) -> None:
    counts = Counter((message.language, message.label) for message in messages if message.part == "dev")
    assert len(counts) == len(LANGUAGES) * len(LABELS)
    assert set(counts.values()) <= {4, 5}


def test_a_message_has_one_label_in_a_language(messages: list[Example]) -> None:
    labels = defaultdict(set)
    for message in messages:
        labels[message.language, message.text.casefold()].add(message.label)
    assert [pair for pair, found in labels.items() if len(found) > 1] == []


def test_no_held_out_message_is_nearly_a_training_message(messages: list[Example]) -> None:
    for code in LANGUAGES:
        mine = [message for message in messages if message.language == code]
        seen = [trigrams(message.text) for message in mine if message.part == "train"]
        held = {message.text: trigrams(message.text) for message in mine if message.part == "dev"}
        assert [text for text, grams in held.items() if any(likeness(grams, other) >= 0.6 for other in seen)] == []


def trigrams(text: str) -> set[str]:
    letters = "^" + "".join(letter for letter in text.casefold() if letter.isalnum()) + "$"
    return {letters[at : at + 3] for at in range(len(letters) - 2)}


def likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0
