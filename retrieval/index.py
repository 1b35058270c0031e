"""The product index: dense and lexical search, fused; built from items, kept in a folder."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from retrieval import goods, store, titles
from retrieval.dense import DenseIndex, Rows
from retrieval.encoder import Encoder, Vectors, normalised
from retrieval.lexical import LexicalIndex
from retrieval.store import IndexMismatch, Manifest

__all__ = ["Hit", "IndexMismatch", "Item", "ProductIndex", "fingerprint"]

# Chosen on eval/sets/search_dev.jsonl, see docs/search.md.
LEXICAL_WEIGHT = 12.0
LEXICAL_POWER = 2.5  # a product with half of the query's rare words counts for less than half
EVIDENCE_POWER = 1.5  # the same, in what a hit tells of its words
WHOLE_TITLE_WEIGHT = 0.35  # beside what the titles name, in the dense vector
CANDIDATES = 100
LONGEST_QUERY = 400
_BATCH = 4096

Progress = Callable[[int, int], None]
Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Item:
    """What the index reads of a product.

    `texts` are its titles in all languages, the shop's main language first; `codes` its SKU, brand, model;
    `bodies` its descriptions.
    """

    id: int
    texts: tuple[str, ...]
    codes: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()


class Hit(NamedTuple):
    """A product that was found.

    `score` and `dense` are in standard deviations of the query's similarities, `cosine` is the similarity itself;
    `lexical` is the share of the query's rare words (over 1 if a code names the product).
    """

    id: int
    score: float
    dense: float
    lexical: float
    cosine: float


class ProductIndex:
    """Search over products. Reading is thread-safe; a change is a new index."""

    def __init__(
        self, ids: NDArray[np.int64], keys: Keys, dense: DenseIndex, lexical: LexicalIndex, encoder: Encoder, rows: str
    ) -> None:
        self._ids, self._keys, self._dense, self._lexical, self._encoder = ids, keys, dense, lexical, encoder
        self.fingerprint = rows

    @cached_property
    def _goods(self) -> goods.Goods:
        return goods.Goods.build(self._dense, self._encoder)

    def __len__(self) -> int:
        return len(self._ids)

    @classmethod
    def build(
        cls, items: Iterable[Item], encoder: Encoder, progress: Progress | None = None, known: Sequence[Self] = ()
    ) -> Self:
        """Encode and index items; `progress` is called with (texts done, texts in all).

        What an index of `known` has the vector of is not encoded again.
        """
        ordered = sorted(items, key=lambda item: item.id)
        keys = np.array([_keys(item) for item in ordered], dtype=np.uint64).reshape(-1, 2)
        vectors = _vectors(ordered, keys, encoder, progress, known)
        lexical = LexicalIndex.build((item.texts + item.codes, item.bodies) for item in ordered)
        ids = np.array([item.id for item in ordered], dtype=np.int64)
        return cls(ids, keys, DenseIndex.build(vectors), lexical, encoder, fingerprint(ordered))

    def save(self, folder: Path, log_from: int | None = None) -> None:
        """Put the index into a folder in one step: a reader sees the old one or the new one.

        Of the folder's log of changes it is taken to hold the first `log_from` bytes (all, if None).
        """
        manifest = Manifest.of(self._encoder, count=len(self), fingerprint=self.fingerprint)
        with store.fresh(folder, manifest, log_from) as place:
            np.save(place / "ids.npy", self._ids)
            np.save(place / "keys.npy", self._keys)
            self._dense.save(place)
            self._lexical.save(place / "lexical")

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> Self:
        """Open an index.

        Raises:
            IndexMismatch: there is none, it is damaged, or another encoder or version wrote it.
        """
        place, manifest = store.current(folder, encoder)
        try:
            ids, keys = (np.load(place / f"{name}.npy", allow_pickle=False) for name in ("ids", "keys"))
            dense, lexical = DenseIndex.load(place), LexicalIndex.load(place / "lexical")
        except (OSError, RuntimeError, ValueError) as error:
            raise IndexMismatch(
                f"The search index in {folder} cannot be read; rebuild it with `{store.REBUILD} --force`."
            ) from error
        return cls(ids, keys, dense, lexical, encoder, manifest.fingerprint)

    def search(
        self, query: str, k: int, allowed: Collection[int] | None = None, beside: "ProductIndex | None" = None
    ) -> list[Hit]:
        """Return at most k products, best first, of the allowed ids (all, if None).

        The score is the z-scored cosine, and what the product has of the query's rare words and codes.
        A query without a letter or digit finds nothing. Of a few products that belong to a larger index, how near
        and how rare something is, is judged by that one, `beside`.
        """
        query = query[:LONGEST_QUERY]
        if k < 1 or not len(self) or not any(c.isalnum() for c in query):
            return []
        keep = self._rows(allowed) if allowed is not None else None
        if keep is not None and not len(keep):
            return []
        return self._fused(query, k, keep, beside or self)

    def _fused(self, query: str, k: int, keep: Rows | None, whole: "ProductIndex") -> list[Hit]:
        evidence = self._lexical.search(query, whole._lexical)
        vector = self._encoder.encode([query])[0]
        lexical = np.zeros(len(self), dtype=np.float32)
        lexical[evidence.rows] = evidence.shares
        shared = evidence.rows if keep is None else np.intersect1d(evidence.rows, keep, assume_unique=True)
        if len(shared) > CANDIDATES + k:
            shared = shared[np.argpartition(-lexical[shared], CANDIDATES + k)[: CANDIDATES + k]]
        rows = np.union1d(self._dense.search(vector, CANDIDATES + k, keep), shared)
        mean, spread = whole._dense.moments(vector)
        cosines = self._dense.similarities(vector, rows)
        dense = (cosines - mean) / spread
        scores = dense + LEXICAL_WEIGHT * lexical[rows] ** LEXICAL_POWER
        words = lexical[rows] ** EVIDENCE_POWER
        best = np.argsort(-scores, kind="stable")[:k]
        ids = self._ids[rows]
        return [Hit(int(ids[i]), *(float(part[i]) for part in (scores, dense, words, cosines))) for i in best]

    def alone(self, part: Literal["dense", "lexical"], query: str, k: int) -> list[int]:
        """Return what one part of the index would find by itself, best first: for measuring."""
        query = query[:LONGEST_QUERY]
        if part == "dense":
            return [int(self._ids[row]) for row in self._dense.search(self._encoder.encode([query])[0], k)]
        evidence = self._lexical.search(query)
        return [int(self._ids[row]) for row in evidence.rows[np.argsort(-evidence.shares, kind="stable")[:k]]]

    def standing(self, query: str, hit: Hit) -> float:
        """Tell how surely the query means this product, and not goods that are not here; under 0 it hardly does."""
        foreign = self._goods.nearness(self._encoder.encode([query[:LONGEST_QUERY]])[0])
        return goods.standing(hit.cosine, hit.lexical, foreign)

    @property
    def ids(self) -> NDArray[np.int64]:
        """The products' ids, ascending."""
        return self._ids

    def differing(self, items: Iterable[Item]) -> list[Item]:
        """List the items that the index does not have as they are."""
        known = dict(zip(self._ids.tolist(), self._keys[:, 0].tolist(), strict=True))
        return [item for item in items if known.get(item.id) != _keys(item)[0]]

    def vectors(self) -> tuple[NDArray[np.uint64], DenseIndex]:
        """Return what vectors go by, in row order, and where they are."""
        return self._keys[:, 1], self._dense

    def _rows(self, allowed: Collection[int]) -> Rows:
        wanted = np.fromiter(allowed, dtype=np.int64, count=len(allowed))
        return np.flatnonzero(np.isin(self._ids, wanted))


def fingerprint(items: Iterable[Item]) -> str:
    """Return a hash of everything that the index reads, the same for any order of the items."""
    digest = hashlib.sha256()
    for item in sorted(items, key=lambda item: item.id):
        row = [item.id, item.texts, item.codes, item.bodies]
        digest.update(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"))
    return digest.hexdigest()[:32]


def _keys(item: Item) -> tuple[int, int]:
    """Return hashes of an item: of all that is read of it, and of what its vector comes from."""
    rows = ([item.texts, item.codes, item.bodies], [item.texts, item.codes])
    digests = (hashlib.sha256(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")) for row in rows)
    whole, meaning = (int.from_bytes(digest.digest()[:8], "little") for digest in digests)
    return whole, meaning


def _vectors(
    items: Sequence[Item], keys: Keys, encoder: Encoder, progress: Progress | None, known: Sequence[ProductIndex]
) -> Vectors:
    """Return a direction for each product, in the precision that is kept: from another index, or encoded."""
    rows = np.zeros((len(items), encoder.dim), dtype=np.float32)
    is_new = np.ones(len(items), dtype=bool)
    for index in known:
        theirs, dense = index.vectors()
        place = {key: row for row, key in enumerate(theirs.tolist())}
        shared = [(row, place[key]) for row, key in enumerate(keys[:, 1].tolist()) if is_new[row] and key in place]
        if shared:
            here, there = np.array(shared, dtype=np.int64).T
            rows[here], is_new[here] = dense.stored(there), False
    new = np.flatnonzero(is_new)
    if len(new):
        rows[new] = _encoded([items[row] for row in new.tolist()], encoder, progress)
    return rows.astype(np.float16).astype(np.float32)


def _encoded(items: Sequence[Item], encoder: Encoder, progress: Progress | None) -> Vectors:
    """Return a direction for each product: the mean of what its titles name, and its first title in full."""
    heads = [list(dict.fromkeys(titles.head(text, item.codes) for text in item.texts)) for item in items]
    whole = [titles.without_brand(item.texts[0], item.codes) if item.texts else "" for item in items]
    texts = list(dict.fromkeys([text for names in heads for text in names] + whole))
    rows = np.zeros((len(texts), encoder.dim), dtype=np.float32)
    for start in range(0, len(texts), _BATCH):
        rows[start : start + _BATCH] = encoder.encode(texts[start : start + _BATCH])
        if progress:
            progress(min(start + _BATCH, len(texts)), len(texts))
    place = {text: i for i, text in enumerate(texts)}
    means = np.zeros((len(items), encoder.dim), dtype=np.float32)
    for i, names in enumerate(heads):
        if names:
            means[i] = rows[[place[name] for name in names]].mean(axis=0)
    return normalised(normalised(means) + WHOLE_TITLE_WEIGHT * rows[[place[text] for text in whole]])
