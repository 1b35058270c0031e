"""Find the rule that answers a question, in any language, or find that no rule does."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple, Protocol, Self

import numpy as np
import yaml
from numpy.typing import NDArray

from retrieval.encoder import Encoder, Vectors

NONE = "none"
MAIN = "en"
# Chosen on tests/retrieval/fixtures/questions.yaml, see docs/search.md.
THRESHOLD = 0.42  # below it no rule answers
SUPPORT = 0.3  # the weight of a rule's four nearest texts beside its nearest one
NEAREST = 4
LONGEST = 400
_SENTENCE = re.compile(r"[^.。!?！？؟]{12,}[.。!?！？؟]?")


class Passage(Protocol):
    """What a passage of `shop.policies` has."""

    @property
    def id(self) -> str:
        """The rule, the same in all languages."""

    @property
    def title(self) -> str:
        """Its heading."""

    @property
    def text(self) -> str:
        """Its words."""

    @property
    def language(self) -> str:
        """BCP 47."""


class PolicyHit(NamedTuple):
    """A rule that answers; `score` is near a cosine."""

    passage_id: str
    score: float


class PolicyIndex:
    """All rules, by their titles in all languages, their sentences and the questions people ask."""

    def __init__(self, owners: NDArray[np.int64], vectors: Vectors, ids: list[str], encoder: Encoder) -> None:
        self._rows = [np.flatnonzero(owners == i) for i in range(len(ids))]
        self._vectors, self._ids, self._encoder = vectors, ids, encoder

    @classmethod
    def build(cls, passages: Iterable[Passage], encoder: Encoder) -> Self:
        """Encode passages of any number of languages; the same id in two languages is one rule."""
        texts = _texts(list(passages))
        ids = [*sorted({owner for owner, _ in texts} - {NONE}), NONE]
        owners = np.array([ids.index(owner) for owner, _ in texts], dtype=np.int64)
        return cls(owners, encoder.encode([text for _, text in texts]), ids, encoder)

    def search(self, question: str, language: str | None = None, k: int = 1) -> list[PolicyHit]:
        """Return at most k rules that answer, best first; nothing if none does.

        Nothing is found when the nearest rule is too far, or when questions that no rule answers are nearer.
        Any language may be asked in; `language` is the reader's, in which the caller quotes the passage.
        """
        if k < 1 or not any(c.isalnum() for c in question):
            return []
        similar = self._vectors @ self._encoder.encode([question[:LONGEST]])[0]
        scores = np.array([_score(similar[rows]) for rows in self._rows])
        floor = max(THRESHOLD, float(scores[-1]))
        found = (PolicyHit(self._ids[i], float(scores[i])) for i in np.argsort(-scores, kind="stable")[:k])
        return [hit for hit in found if hit.score > floor]


def _score(similar: Vectors) -> float:
    if not len(similar):
        return -1.0
    nearest = np.sort(similar)[::-1][:NEAREST]
    return float((1 - SUPPORT) * nearest[0] + SUPPORT * nearest.mean())


def _texts(passages: list[Passage]) -> list[tuple[str, str]]:
    """List (rule, text): titles in all languages, sentences in one, and what people ask."""
    texts = [(passage.id, passage.title) for passage in passages]
    by_main = sorted(passages, key=lambda passage: passage.language != MAIN)
    for passage in {passage.id: passage for passage in reversed(by_main)}.values():
        texts += [(passage.id, sentence.strip()) for sentence in _SENTENCE.findall(passage.text)]
    known = {owner for owner, _ in texts} | {NONE}
    texts += [(owner, text) for owner, asked in _asked().items() if owner in known for text in asked]
    return list(dict.fromkeys(texts))


@cache
def _asked() -> dict[str, list[str]]:
    return dict(yaml.safe_load(files("retrieval").joinpath("questions.yaml").read_text("utf-8")))
