"""An index that takes changes while it is read: the built one, and beside it small ones of what changed since.

Changes are written to a log first (`changes.py`); every process that has the index open reads on before it searches.
`python -m retrieval build` folds them into a new index.
"""

import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from retrieval import changes, store
from retrieval.changes import Entry
from retrieval.encoder import Encoder
from retrieval.index import Hit, Item, ProductIndex

SMALL = 64  # two indexes as small as this are joined
WIDER = 4  # and two of which the older is at most so many times as large
MOST_GONE = 500  # so many more hits are looked at to make up for products that changed since


@dataclass(frozen=True)
class Segment:
    """Some changed products; those in `items` are as they are now, others changed again."""

    index: ProductIndex
    items: dict[int, Item]

    def without(self, ids: Collection[int]) -> "Segment":
        """Take out what changed again."""
        return replace(self, items={id: item for id, item in self.items.items() if id not in ids})


@dataclass(frozen=True)
class _State:
    base: ProductIndex
    stamp: tuple[int, int]
    read: int
    log: tuple[int, int]
    segments: tuple[Segment, ...] = ()
    gone: frozenset[int] = frozenset()


class LiveIndex:
    """A folder's index with all changes up to now. Thread-safe; a search sees all of a change or nothing."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._folder, self._encoder, self._lock = folder, encoder, threading.Lock()
        self._state = self._opened()
        self._now()

    @classmethod
    def open(cls, folder: Path, encoder: Encoder) -> Self:
        """Open a folder's index.

        Raises:
            IndexMismatch: there is none, it is damaged, or another encoder or version wrote it.
        """
        return cls(folder, encoder)

    def __len__(self) -> int:
        state = self._now()
        return len(state.base) - len(state.gone) + sum(len(segment.items) for segment in state.segments)

    def put(self, items: Iterable[Item]) -> None:
        """Add products, or change those that have an id; seen by the next search of any process."""
        self._write({item.id: Entry(item.id, (item.texts, item.codes, item.bodies)) for item in items})

    def remove(self, ids: Iterable[int]) -> None:
        """Take products out; an id that is not there is no error."""
        self._write({id: Entry(id, None) for id in ids})

    def search(self, query: str, k: int, allowed: Collection[int] | None = None) -> list[Hit]:
        """Return at most k products, best first, as ProductIndex.search does."""
        state = self._now()
        more = min(len(state.gone), MOST_GONE)
        hits = [hit for hit in state.base.search(query, k + more, allowed) if hit.id not in state.gone][:k]
        for segment in state.segments:
            live = segment.items.keys() if allowed is None else segment.items.keys() & set(allowed)
            hits += segment.index.search(query, k, live, beside=state.base)
        return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:k] if state.segments else hits

    def standing(self, query: str, hit: Hit) -> float:
        """Tell how surely the query means this product, as ProductIndex.standing does."""
        return self._state.base.standing(query, hit)

    def differing(self, items: Sequence[Item]) -> tuple[list[Item], list[int]]:
        """Compare with what the products are now: list those to put, and the ids to remove."""
        state = self._now()
        ours = {id: item for segment in state.segments for id, item in segment.items.items()}
        unlike = {item.id for item in state.base.differing(items)}
        put = [
            item
            for item in items
            if (ours[item.id] != item if item.id in ours else item.id in unlike or item.id in state.gone)
        ]
        known = (set(state.base.ids.tolist()) - state.gone) | ours.keys()
        return put, sorted(known - {item.id for item in items})

    def _write(self, entries: dict[int, Entry]) -> None:
        if entries:
            changes.append(self._folder, entries)
            self._now()

    def _now(self) -> _State:
        """Read on, if the folder has changed, and return how things are."""
        state = self._state
        if state.log == changes.state(self._folder) and state.stamp == store.stamp(self._folder):
            return state
        with self._lock:
            state, log = self._state, changes.state(self._folder)
            if state.stamp != store.stamp(self._folder) or (state.read and state.log[0] != log[0]):
                state = self._opened()
            entries, read = changes.read(self._folder, state.read)
            state = replace(_changed(state, entries, self._encoder), read=read or state.read, log=log)
            self._state = state
            return state

    def _opened(self) -> _State:
        stamp = store.stamp(self._folder)
        return _State(ProductIndex.load(self._folder, self._encoder), stamp, read=0, log=(0, -1))


def _changed(state: _State, entries: dict[int, Entry], encoder: Encoder) -> _State:
    """Put changed products into an index of their own and join small ones, so that there are never many."""
    if not entries:
        return state
    there = frozenset(entries.keys() & set(state.base.ids.tolist()))
    segments = [part for segment in state.segments if (part := segment.without(entries)).items]
    items = {id: Item(id, *entry.parts) for id, entry in entries.items() if entry.parts is not None}
    known: list[ProductIndex] = []
    while segments and (len(segments[-1].items) <= SMALL or len(segments[-1].items) <= WIDER * len(items)):
        last = segments.pop()
        known.append(last.index)
        items = last.items | items
    if items:
        segments.append(Segment(ProductIndex.build(items.values(), encoder, known=known), items))
    return replace(state, segments=tuple(segments), gone=state.gone | there)
