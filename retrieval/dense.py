"""The dense side of search: one vector a product in FAISS; a query's mean and spread are known exactly."""

from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.encoder import Vectors

EXACT_UP_TO = 50_000  # below it a half-precision scan takes about 3 ms on one core
PROBED = 32  # one list in so many is read
WIDER = 4  # times more of them under a filter
FEW = 1_000  # allowed rows up to which each is compared
SAMPLE = 64  # training points a list
Rows = NDArray[np.int64]


class DenseIndex:
    """Half-precision vectors: scanned when few, in inverted lists when many."""

    def __init__(self, index: Any, mean: Vectors, covariance: Vectors) -> None:
        faiss = _faiss()
        faiss.omp_set_num_threads(1)
        self._index = index
        self._mean = mean
        self._covariance = covariance
        self.count = int(index.ntotal)
        self._lists = int(getattr(index, "nlist", 0))
        if self._lists:
            index.make_direct_map()  # so that vectors can be read by row

    @classmethod
    def build(cls, vectors: Vectors, exact_up_to: int = EXACT_UP_TO) -> Self:
        """Build from rows of unit length, in row order."""
        faiss = _faiss()
        count, dim = vectors.shape
        half, inner = faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        if count <= exact_up_to:
            index = faiss.IndexScalarQuantizer(dim, half, inner)
        else:
            lists = 2 ** round(float(np.log2(4 * count**0.5)))
            index = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(dim), dim, lists, half, inner, False)
            index.cp.max_points_per_centroid = SAMPLE
        index.train(vectors)
        index.add(vectors)
        mean = vectors.mean(axis=0) if count else np.zeros(dim, dtype=np.float32)
        centred = vectors - mean
        return cls(index, mean, np.asarray(centred.T @ centred / max(count, 1), dtype=np.float32))

    def save(self, folder: Path) -> None:
        """Write the vectors and their moments."""
        faiss = _faiss()
        faiss.write_index(self._index, str(folder / "dense.faiss"))
        np.savez(folder / "moments.npz", mean=self._mean, covariance=self._covariance)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        faiss = _faiss()
        with np.load(folder / "moments.npz", allow_pickle=False) as moments:
            mean, covariance = moments["mean"], moments["covariance"]
        return cls(faiss.read_index(str(folder / "dense.faiss")), mean, covariance)

    def search(self, query: Vectors, k: int, allowed: Rows | None = None) -> Rows:
        """Return the rows nearest to one query vector, at most k, of the allowed ones."""
        if allowed is not None and len(allowed) <= max(k, FEW):
            return allowed[np.argsort(-self.similarities(query, allowed), kind="stable")[:k]]
        _, rows = self._index.search(query[None, :], min(k, self.count), params=self._parameters(allowed))
        found: Rows = rows[0][rows[0] >= 0]
        return found

    def similarities(self, query: Vectors, rows: Rows) -> Vectors:
        """Return the cosine of a query vector with each of these rows."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        return np.asarray(self._index.reconstruct_batch(rows) @ query, dtype=np.float32)

    def stored(self, rows: Rows) -> Vectors:
        """Return the vectors of these rows as they are kept."""
        return np.asarray(self._index.reconstruct_batch(rows), dtype=np.float32)

    def moments(self, query: Vectors) -> tuple[float, float]:
        """Return mean and standard deviation of the query's cosine over all products, without a scan."""
        variance = float(query @ self._covariance @ query)
        return float(query @ self._mean), max(variance, 1e-8) ** 0.5

    def _parameters(self, allowed: Rows | None) -> Any:
        faiss = _faiss()
        chosen = {"sel": _selector(allowed, self.count)} if allowed is not None else {}
        if self._lists:
            probed = max(self._lists // PROBED, 8) * (WIDER if chosen else 1)
            return faiss.SearchParametersIVF(nprobe=min(probed, self._lists), **chosen)
        return faiss.SearchParameters(**chosen) if chosen else None


def _selector(allowed: Rows, count: int) -> Any:
    faiss = _faiss()
    chosen = np.zeros(count, dtype=bool)
    chosen[allowed] = True
    bits = np.packbits(chosen, bitorder="little")
    selector = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
    selector.bits = bits  # the selector only points at them
    return selector


def _faiss() -> Any:
    """Import FAISS late; its type stubs lack half of what is used here."""
    import faiss

    return faiss
