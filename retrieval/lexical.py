"""The lexical side of search: which products share the query's rare words, codes and sizes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from retrieval import spelling
from retrieval.words import is_code, tokens

COMMON = 0.2  # a token that more than this share of the products has is no evidence
TITLE_WEIGHT = 3  # a title's token counts as often as three of the body's
CODE_WEIGHT = 1.5  # codes and sizes tell more than words of the same rarity


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the words of a query say: rows with a share of them in 0..1, and the query respelt."""

    rows: NDArray[np.intp]
    shares: NDArray[np.float32]
    text: str


class LexicalIndex:
    """BM25 postings over one document a product."""

    def __init__(self, bm25: Any) -> None:
        self._bm25 = bm25
        self._data: NDArray[np.float32] = bm25.scores["data"]
        self._indices: NDArray[np.int32] = bm25.scores["indices"]
        self._starts: NDArray[np.int64] = np.asarray(bm25.scores["indptr"], dtype=np.int64)
        self._count = int(bm25.scores["num_docs"])
        self._ids: dict[str, int] = bm25.vocab_dict
        found = np.diff(self._starts)
        self._speller = spelling.Speller(
            {token: int(found[i]) for token, i in self._ids.items() if i < len(found)}
        )

    @classmethod
    def build(cls, documents: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Self:
        """Build from (titles and codes, bodies) of each product, in row order."""
        import bm25s  # type: ignore[import-untyped]

        ids: dict[str, int] = {"": 0}
        rows = [[ids.setdefault(token, len(ids)) for token in document(*texts)] for texts in documents]
        bm25 = bm25s.BM25(k1=1.2, b=0.3, method="lucene")
        bm25.index((rows, ids), create_empty_token=False, show_progress=False)
        return cls(bm25)

    def save(self, folder: Path) -> None:
        """Write the postings in bm25s' own format."""
        self._bm25.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        import bm25s

        return cls(bm25s.BM25.load(str(folder), show_progress=False))

    def search(self, query: str) -> Evidence:
        """Weigh the products that share rare tokens with the query.

        A share is the part of the query's weight that a product has: 1 when each token is there.
        A token weighs its inverse document frequency; one in over a fifth of the products weighs nothing.
        """
        respelt = self._speller.respell(query)
        scores = np.zeros(self._count, dtype=np.float32)
        total = 0.0
        for token in dict.fromkeys(tokens(respelt)):
            rows, saturation, weight = self._postings(token)
            total += weight
            if len(rows):
                scores[rows] += weight * saturation
        found = np.flatnonzero(scores)
        return Evidence(found, scores[found] / np.float32(max(total, 1e-9)), respelt)

    def _postings(self, token: str) -> tuple[NDArray[np.int32], NDArray[np.float32], float]:
        """Return rows, how strongly each holds the token (0..1) and the token's weight."""
        i = self._ids.get(token)
        start, end = (int(self._starts[i]), int(self._starts[i + 1])) if i is not None else (0, 0)
        found = end - start
        if found > max(COMMON * self._count, 3):
            return self._indices[:0], self._data[:0], 0.0
        weight = float(np.log1p(self._count / (found + 1))) * (CODE_WEIGHT if is_code(token) else 1.0)
        held = self._data[start:end]
        top = float(held.max()) if found else 1.0
        return self._indices[start:end], held / np.float32(top or 1.0), weight


def document(titles: Sequence[str], bodies: Sequence[str]) -> list[str]:
    """List a product's tokens: those of the titles and codes several times, the body's once."""
    first = {token for text in titles for token in tokens(text)}
    rest = {token for text in bodies for token in tokens(text)} - first
    return sorted(first) * TITLE_WEIGHT + sorted(rest)
