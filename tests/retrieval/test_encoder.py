"""One message gives one vector, however often and in whatever company it is encoded."""

import numpy as np

from tests.retrieval.shelf import use


def test_a_remembered_vector_is_the_same_and_cannot_be_spoilt() -> None:
    first = use().encode(["防水徒步背包"])
    kept = first.copy()
    first[:] = 0.0
    assert np.array_equal(use().encode(["防水徒步背包"]), kept)
    assert np.allclose(use().encode(["防水徒步背包", "kettle"])[0], kept[0], atol=1e-6)


def test_no_text_no_row() -> None:
    assert use().encode([]).shape == (0, use().dim)
