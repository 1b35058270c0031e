"""Tell whether a search means something that a shop does not have, by the names of what other shops sell.

A similarity alone cannot tell: of a thousand products one is always the nearest. But a search for car tyres is
nearer to the words "car tyre" than to any product here, and no product here is near to those words.
"""

from functools import cache
from importlib.resources import files

import yaml

from retrieval.dense import DenseIndex
from retrieval.encoder import Encoder, Vectors

SOLD = 0.70  # a cosine of a name and a product from which on the shop sells it
LEXICAL = 0.64  # what shared rare words count beside a cosine
FOREIGN = 2.25  # what the nearness to foreign goods counts
BIAS = 0.70
# Those of `standing` are a logistic regression on eval/sets/search_dev.jsonl and the dev part of eval/sets/absent.yaml.


class Goods:
    """The names of goods that no product of an index is near to."""

    def __init__(self, foreign: Vectors) -> None:
        self.foreign = foreign

    @classmethod
    def build(cls, dense: DenseIndex, encoder: Encoder) -> "Goods":
        """Hold the names against the products; about a second."""
        vectors = encoder.encode(names())
        return cls(vectors[[not _is_sold(dense, vector) for vector in vectors]])

    def nearness(self, query: Vectors) -> float:
        """Return the cosine of a query with the nearest foreign goods."""
        return float((self.foreign @ query).max(initial=0.0))


def standing(cosine: float, lexical: float, foreign: float) -> float:
    """Weigh a product's nearness to a query against that of foreign goods; under 0 the query hardly means it."""
    return cosine + LEXICAL * min(lexical, 1.0) - FOREIGN * foreign + BIAS


@cache
def names() -> list[str]:
    """Return the names of `goods.yaml`."""
    data: dict[str, str] = yaml.safe_load(files("retrieval").joinpath("goods.yaml").read_text("utf-8"))
    return list(dict.fromkeys(name.strip() for line in data.values() for name in line.split(";")))


def _is_sold(dense: DenseIndex, name: Vectors) -> bool:
    return bool(dense.similarities(name, dense.search(name, 1)).max(initial=-1.0) >= SOLD) if dense.count else False
