"""The tools' own words in the reader's language."""

from collections.abc import Iterable, Mapping

from agent.turn import Call
from shop.wording import has, say
from tools.base import Citation, Phrase


def lines(call: Call, language: str) -> list[str]:
    """Say how a call ended, one line a phrase."""
    if call.error is not None:
        return [call.error.words(language)]
    return words(call.result.say, language) if call.result else []


def words(phrases: Iterable[Phrase], language: str) -> list[str]:
    """Write phrases in a language."""
    return [say(phrase.key, language, **phrase.values) for phrase in phrases]


def proposal(call: Call, language: str) -> str:
    """Say what would be done, with its exact arguments."""
    head = say("say.proposed", language)
    return "\n".join([head, *lines(call, language), *arguments(call.arguments, language)])


def arguments(values: Mapping[str, object], language: str) -> list[str]:
    """Write a proposal's arguments, each with its name."""
    return [
        f"{say(f'argument.{name}', language)}: {_argument(name, value, language)}"
        for name, value in values.items()
        if value not in (None, "") and has(f"argument.{name}")
    ]


def citations(calls: Iterable[Call]) -> tuple[Citation, ...]:
    """All passages that the calls rest on, each once."""
    found = (citation for call in calls if call.result for citation in call.result.citations)
    return tuple(dict.fromkeys(found))


def _argument(name: str, value: object, language: str) -> str:
    if name == "reason" and has(f"reason.{value}"):
        return say(f"reason.{value}", language)
    return str(value)
