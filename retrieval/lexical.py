"""The lexical side of search: which products share the query's rare words, codes and sizes."""

import json
import logging
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from retrieval import spelling
from retrieval.words import is_code, is_spec, tokens

COMMON = 0.2  # a token that more than this share of the products has is no evidence
TITLE_WEIGHT = 3  # a title's token counts as often as three of the body's
SPEC_WEIGHT = 1.5  # sizes tell more than words of the same rarity
FEW = 3  # a code in so few products names them
NAMED = 2.0  # the share of a product that the query names by its code
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s*")

Documents = Iterable[tuple[Sequence[str], Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the words of a query say: rows, and the share of them that each has (0..1; 2 if named by code)."""

    rows: NDArray[np.intp]
    shares: NDArray[np.float32]


class LexicalIndex:
    """BM25 postings over one document a product."""

    def __init__(self, bm25: Any, speller: spelling.Speller) -> None:
        self._bm25, self._speller = bm25, speller
        self._data: NDArray[np.float32] = bm25.scores["data"]
        self._indices: NDArray[np.int32] = bm25.scores["indices"]
        self._starts: NDArray[np.int64] = np.asarray(bm25.scores["indptr"], dtype=np.int64)
        self._count = int(bm25.scores["num_docs"])
        self._ids: dict[str, int] = bm25.vocab_dict

    @classmethod
    def build(cls, documents: Documents) -> Self:
        """Build from (titles and codes, bodies) of each product, in row order."""
        bm25s = _library()
        ids: dict[str, int] = {"": 0}
        found: Counter[str] = Counter()
        rows = []
        for titles, bodies in documents:
            rows.append([ids.setdefault(token, len(ids)) for token in document(titles, bodies)])
            found.update({word for text in titles for word in spelling.words(text)})
        bm25 = bm25s.BM25(k1=1.2, b=0.3, method="lucene")
        bm25.index((rows, ids), create_empty_token=False, show_progress=False)
        return cls(bm25, spelling.Speller(found))

    def save(self, folder: Path) -> None:
        """Write the postings in bm25s' own format, and the words."""
        self._bm25.save(str(folder), show_progress=False)
        (folder / "words.json").write_text(json.dumps(self._speller.found, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        bm25s = _library()
        words = json.loads((folder / "words.json").read_text("utf-8"))
        return cls(bm25s.BM25.load(str(folder), show_progress=False), spelling.Speller(words))

    def search(self, query: str, whole: "LexicalIndex | None" = None) -> Evidence:
        """Weigh the products that share rare tokens with the query; rare in `whole`, if these are a part of it.

        A share is the part of the query's weight that a product has: 1 when each token is there.
        A token weighs its inverse document frequency; one in over a fifth of the products weighs nothing,
        and one that no product has weighs most, so that the shares of the others are small beside it.
        """
        scores = np.zeros(self._count, dtype=np.float32)
        named = [np.zeros(0, dtype=np.int32)]
        total = 1e-9
        whole = whole or self
        for token in dict.fromkeys(tokens(whole._speller.respell(query, self._speller.found))):
            rows, saturation, weight = self._postings(token, whole)
            total += weight
            if len(rows):
                scores[rows] += np.float32(weight) * saturation
            if len(rows) <= FEW and is_code(token):
                named.append(rows)
        scores /= np.float32(total)
        scores[np.concatenate(named)] = NAMED
        found = np.flatnonzero(scores)
        return Evidence(found, scores[found])

    def _span(self, token: str) -> tuple[int, int]:
        i = self._ids.get(token)
        return (int(self._starts[i]), int(self._starts[i + 1])) if i is not None else (0, 0)

    def _postings(
        self, token: str, whole: "LexicalIndex"
    ) -> tuple[NDArray[np.int32], NDArray[np.float32], float]:  # fmt: skip
        """Return rows, how strongly each holds the token (0..1) and the token's weight."""
        start, end = self._span(token)
        first, last = (start, end) if whole is self else whole._span(token)
        found, count = (last - first, whole._count) if whole is self else (last - first + end - start, whole._count + 1)
        if found > max(COMMON * count, 3):
            return self._indices[:0], self._data[:0], 0.0
        weight = float(np.log1p(count / (found + 1))) * (SPEC_WEIGHT if is_spec(token) else 1.0)
        if end == start:
            return self._indices[:0], self._data[:0], weight
        held = self._data[start:end]
        return self._indices[start:end], held / held.max(), weight


def document(titles: Sequence[str], bodies: Sequence[str]) -> list[str]:
    """List a product's tokens: those of the titles and codes several times, the body's once."""
    first = {token for text in titles for token in tokens(text)}
    rest = {token for text in bodies for part in _SENTENCE.split(text) for token in _known(part)} - first
    return sorted(first) * TITLE_WEIGHT + sorted(rest)


@lru_cache(maxsize=100_000)
def _known(sentence: str) -> tuple[str, ...]:
    """Cut a sentence; descriptions share many."""
    return tuple(tokens(sentence))


def _library() -> ModuleType:
    """Import bm25s, whose logger talks at every index unless it is told not to."""
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    module: ModuleType = bm25s
    return module
