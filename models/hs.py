"""Suggest the customs heading (Harmonized System, 4 digits) of goods from their title, in any of the shop's languages.

A title is compared with titles that people labelled and with the official headings, by sentence vectors and by
n-grams; kernel ridge regression on both (Saunders et al. 1998) adds how likely each chapter is. Training is in
`finetune/hs.py`. `nearest` is the baseline: the heading of the nearest labelled title by sentence vector.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.intent import BUCKETS, hashed

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Floats = NDArray[np.float32]

FOLDER = Path(__file__).parent.parent / "weights" / "hs"
WEIGHTS, TEXTS = "hs.safetensors", "hs.json"
OWN_GRAMS, HEAD, HEAD_GRAMS, CHAPTER = 0.5, 0.4, 0.2, 1.2  # weights, chosen by cross-validation on the training titles
SHARP = 8.0  # how steeply a score becomes a share


class Suggestion(NamedTuple):
    """A heading with its official words and a share of confidence; the shares of all headings add up to one."""

    code: str
    words: str
    share: float


@dataclass(frozen=True)
class Headings:
    """The trained suggester.

    `vectors` are unit rows of the labelled titles, then of the official headings, along the `axes` (a column each) on
    which the sentence vectors differ most; `duals` a row each of the kernel ridge, a column a chapter; `labels` the
    headings of the titles, `codes` and `words` all official headings.
    """

    codes: tuple[str, ...]
    words: tuple[str, ...]
    titles: tuple[str, ...]
    labels: NDArray[np.int64]
    axes: Floats
    vectors: Floats
    grams: "csr_matrix"
    rarity: Floats
    duals: Floats
    encode: Encode

    @classmethod
    def load(cls, folder: Path, encode: Encode) -> "Headings":
        """Read the weights; `encode` must be the encoder that they were trained on (named in the card)."""
        from safetensors.numpy import load_file

        texts = json.loads((folder / TEXTS).read_text(encoding="utf-8"))
        arrays = load_file(folder / WEIGHTS)
        place = {code: number for number, code in enumerate(texts["codes"])}
        labels = np.array([place[code] for code in texts["labels"]], dtype=np.int64)
        rarity = arrays["rarity"].astype(np.float32)
        vectors = unit(arrays["vectors"].astype(np.float32))
        grams = matrix([*texts["titles"], *texts["words"]], rarity)
        duals = arrays["duals"].astype(np.float32) * arrays["scale"].astype(np.float32)
        return cls(tuple(texts["codes"]), tuple(texts["words"]), tuple(texts["titles"]), labels,
                   arrays["axes"].astype(np.float32), vectors, grams, rarity, duals, encode)  # fmt: skip

    def save(self, folder: Path) -> None:
        """Write vectors and duals in eight bits, the rest in half precision."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        scale = np.abs(self.duals).max(axis=0, keepdims=True) / 127 + 1e-12
        small = {
            "vectors": np.round(self.vectors / np.abs(self.vectors).max() * 127),
            "duals": np.round(self.duals / scale),
        }
        half = {"rarity": self.rarity, "axes": self.axes}
        save_file({name: array.astype(np.int8) for name, array in small.items()} | {"scale": scale.astype(np.float32)}
                  | {name: array.astype(np.float16) for name, array in half.items()}, folder / WEIGHTS)  # fmt: skip
        named = [self.codes[label] for label in self.labels]
        texts = {"codes": self.codes, "words": self.words, "titles": self.titles, "labels": named}
        (folder / TEXTS).write_text(json.dumps(texts, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")

    def suggest(self, title: str, most: int = 5) -> list[Suggestion]:
        """The likeliest headings of goods, best first."""
        scores = self.scores([title])[0]
        odds = np.exp(SHARP * (scores - scores.max()))
        shares = odds / odds.sum()
        best = np.argsort(-scores, kind="stable")[:most]
        return [Suggestion(self.codes[at], self.words[at], float(shares[at])) for at in best.tolist()]

    def scores(self, titles: Sequence[str]) -> Floats:
        """Score every heading for titles; a row a title, a column a heading in the order of `codes`."""
        close, alike = self._likeness(titles)
        own = len(self.titles)
        chapters = (np.clip(close, 0, 1) ** 2 + alike) @ self.duals
        found = _best(close[:, :own], self.labels, len(self.codes))
        found += OWN_GRAMS * _best(alike[:, :own], self.labels, len(self.codes))
        found += HEAD * close[:, own:] + HEAD_GRAMS * alike[:, own:]
        return np.asarray(found + CHAPTER * chapters[:, chapter_of(self.codes)], dtype=np.float32)

    def nearest(self, titles: Sequence[str]) -> list[str]:
        """The baseline: the label of the nearest title."""
        close, _ = self._likeness(titles)
        return [self.codes[self.labels[at]] for at in close[:, : len(self.titles)].argmax(axis=1)]

    def _likeness(self, titles: Sequence[str]) -> tuple[Floats, Floats]:
        grams = matrix(titles, self.rarity)
        return unit(self.encode(titles) @ self.axes) @ self.vectors.T, np.asarray(
            (grams @ self.grams.T).toarray(), dtype=np.float32
        )


def chapter_of(codes: Sequence[str]) -> NDArray[np.int64]:
    """The place of each heading's chapter among all chapters in order."""
    chapters = sorted({code[:2] for code in codes})
    return np.array([chapters.index(code[:2]) for code in codes], dtype=np.int64)


def matrix(texts: Sequence[str], rarity: Floats) -> "csr_matrix":
    """One sparse unit row a text: its hashed n-grams."""
    from scipy.sparse import csr_matrix

    found, values = zip(*(hashed(text, rarity) for text in texts), strict=True)
    ends = np.concatenate([[0], np.cumsum([len(row) for row in found])])
    return csr_matrix((np.concatenate(values), np.concatenate(found), ends), shape=(len(texts), BUCKETS))


def unit(rows: Floats) -> Floats:
    """Bring rows to length one."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)


@cache
def shipped(encode: Encode) -> Headings:
    """The suggester that comes with the shop, read once for each encoder."""
    return Headings.load(FOLDER, encode)


def _best(likeness: Floats, labels: NDArray[np.int64], size: int) -> Floats:
    """For each heading the likeness of its nearest title; 0 for a heading without titles."""
    found = np.zeros((size, len(likeness)), dtype=np.float32)
    np.maximum.at(found, labels, likeness.T)
    return found.T
