"""The shop's own rules: short passages in every language, quoted word for word."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shop.errors import Missing
from shop.wording import supported

_RULES = Path(__file__).parent / "rules"
_PASSAGE = re.compile(r"^## (?P<title>.+) \{#(?P<id>[a-z_.]+)\}\n+(?P<text>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Passage:
    """One rule. `id` is `topic.name` and the same in all languages; `text` is one plain paragraph."""

    id: str
    topic: str
    title: str
    text: str
    language: str


def passages(language: str) -> tuple[Passage, ...]:
    """All passages in one language, by topic and then as written; a language we lack is answered in English."""
    return tuple(_by_id(supported(language)).values())


def find(passage_id: str, language: str) -> Passage:
    """Return one passage. Raises Missing `say.no_rule` for an id that no rule has."""
    passage = _by_id(supported(language)).get(passage_id)
    if passage is None:
        raise Missing("say.no_rule")
    return passage


@cache
def _by_id(language: str) -> Mapping[str, Passage]:
    files = sorted((_RULES / language).glob("*.md"))
    read = (passage for file in files for passage in _read(file, language))
    return {passage.id: passage for passage in read}


def _read(file: Path, language: str) -> list[Passage]:
    found = _PASSAGE.finditer(file.read_text(encoding="utf-8"))
    return [Passage(part["id"], file.stem, part["title"], part["text"].strip(), language) for part in found]
