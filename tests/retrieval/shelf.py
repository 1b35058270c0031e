"""A few products that stand near each other, and an encoder, for the tests of the index."""

from functools import cache
from pathlib import Path

import yaml

from retrieval import encoder
from retrieval.index import Item, ProductIndex

TITLES = yaml.safe_load((Path(__file__).parent / "fixtures" / "shelf.yaml").read_text("utf-8"))
ITEMS = [Item(10 + i, texts=tuple(titles), codes=(sku, brand)) for i, (sku, brand, *titles) in enumerate(TITLES)]
SKU = {item.codes[0]: item.id for item in ITEMS}


@cache
def use() -> encoder.Encoder:
    """The default encoder, loaded once."""
    return encoder.load()


@cache
def small_index() -> ProductIndex:
    """The products above, indexed once."""
    return ProductIndex.build(ITEMS, use())
