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
from retrieval.lexical import LexicalIndex

NONE = "none"
# Chosen on tests/retrieval/fixtures/questions.yaml and the dev part of eval/sets/questions.yaml, see docs/search.md.
THRESHOLD = 0.42  # below it no rule answers
SUPPORT = 0.3  # the weight of a rule's four nearest texts beside its nearest one
NEAREST = 4
LEARNT = 0.6  # the weight of a linear reading of the question, fitted to the same texts
SMOOTH = 10.0  # its ridge
WORDS = 0.1  # the weight of rare words that question and rule share
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
    """All rules, by their titles and sentences in all languages and the questions people ask.

    A rule's score joins three readings of the question: how near the rule's nearest texts are, what a ridge
    regression fitted to all texts says, and the rare words shared. `none` is scored as if it were a rule.
    """

    def __init__(self, texts: list[tuple[str, str]], encoder: Encoder) -> None:
        self._ids = [*sorted({owner for owner, _ in texts} - {NONE}), NONE]
        owners = np.array([self._ids.index(owner) for owner, _ in texts], dtype=np.int64)
        self._rows = [np.flatnonzero(owners == i) for i in range(len(self._ids))]
        self._encoder, self._vectors = encoder, encoder.encode([text for _, text in texts])
        self._weights = _ridge(self._vectors, owners, len(self._ids))
        self._words = LexicalIndex.build(([texts[row][1] for row in rows], ()) for rows in self._rows)

    @classmethod
    def build(cls, passages: Iterable[Passage], encoder: Encoder) -> Self:
        """Encode passages of any number of languages; the same id in two languages is one rule. About 3 s."""
        return cls(_texts(list(passages)), encoder)

    def search(self, question: str, language: str | None = None, k: int = 1) -> list[PolicyHit]:
        """Return at most k rules that answer, best first; nothing if none does.

        Nothing is found when the nearest rule is too far, or when questions that no rule answers are nearer.
        Any language may be asked in; `language` is the reader's, in which the caller quotes the passage.
        """
        if k < 1 or not any(c.isalnum() for c in question):
            return []
        scores = self._scores(question[:LONGEST])
        floor = max(THRESHOLD, float(scores[-1]))
        found = (PolicyHit(self._ids[i], float(scores[i])) for i in np.argsort(-scores, kind="stable")[:k])
        return [hit for hit in found if hit.score > floor]

    def _scores(self, question: str) -> Vectors:
        vector = self._encoder.encode([question])[0]
        similar = self._vectors @ vector
        scores = np.array([_score(similar[rows]) for rows in self._rows], dtype=np.float32)
        shared = self._words.search(question)
        scores[shared.rows] += WORDS * np.minimum(shared.shares, 1.0)
        return np.asarray(scores + LEARNT * (vector @ self._weights), dtype=np.float32)


def _score(similar: Vectors) -> float:
    if not len(similar):
        return -1.0
    nearest = np.sort(similar)[::-1][:NEAREST]
    return float((1 - SUPPORT) * nearest[0] + SUPPORT * nearest.mean())


def _ridge(vectors: Vectors, owners: NDArray[np.int64], rules: int) -> Vectors:
    """Fit one column a rule: 1 for its own texts and 0 for all others."""
    wanted = np.eye(rules, dtype=np.float32)[owners]
    square = vectors.T @ vectors + SMOOTH * np.eye(vectors.shape[1], dtype=np.float32)
    return np.asarray(np.linalg.solve(square, vectors.T @ wanted), dtype=np.float32)


def _texts(passages: list[Passage]) -> list[tuple[str, str]]:
    """List (rule, text): titles and sentences in all languages, and what people ask."""
    texts = [(passage.id, passage.title) for passage in passages]
    texts += [(p.id, sentence.strip()) for p in passages for sentence in _SENTENCE.findall(p.text)]
    known = {owner for owner, _ in texts} | {NONE}
    texts += [(owner, text) for owner, asked in _asked().items() if owner in known for text in asked]
    return list(dict.fromkeys(texts))


@cache
def _asked() -> dict[str, list[str]]:
    return dict(yaml.safe_load(files("retrieval").joinpath("questions.yaml").read_text("utf-8")))
