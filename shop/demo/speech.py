"""Sentences of customers and merchants in twelve languages, from texts/<language>.yaml."""

from functools import cache
from typing import TypedDict, cast

from shop.demo.scene import read

SPACELESS = {"zh", "ja"}


class Aspect(TypedDict):
    """What people say of one side of a product."""

    good: list[str]
    bad: list[str]


class Topic(TypedDict):
    """What a customer asks (with `{order}`) and what the shop answers."""

    ask: list[str]
    answer: list[str]


@cache
def openings(language: str) -> dict[int, list[str]]:
    """First sentences of a review by stars."""
    return cast(dict[int, list[str]], read(f"{language}.yaml")["open"])


@cache
def aspects(language: str) -> dict[str, Aspect]:
    """Sentences about quality, delivery, value, looks, packaging, and by kind of goods."""
    return cast(dict[str, Aspect], read(f"{language}.yaml")["aspects"])


@cache
def closings(language: str) -> dict[str, list[str]]:
    """Last sentences of a review: good, mixed, bad."""
    return cast(dict[str, list[str]], read(f"{language}.yaml")["close"])


@cache
def topics(language: str) -> dict[str, Topic]:
    """What tickets are about."""
    return cast(dict[str, Topic], read(f"{language}.yaml")["tickets"])


def joined(sentences: list[str], language: str) -> str:
    """Sentences as one text."""
    return ("" if language in SPACELESS else " ").join(sentences)
