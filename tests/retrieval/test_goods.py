"""A search for what the shop does not have is told from one for what it has."""

import pytest

from retrieval.goods import Goods, names, standing
from retrieval.index import ProductIndex
from tests.retrieval.shelf import small_index, use


@pytest.mark.parametrize(
    ("here", "absent"),
    [("hiking backpack", "car tyres"), ("登山背包", "汽车轮胎"), ("hervidor", "guitarra"), ("زيت زيتون", "غيتار")],
)
def test_what_is_here_stands_above_what_is_not(here: str, absent: str) -> None:
    index = small_index()
    high, low = (index.standing(query, index.search(query, 1)[0]) for query in (here, absent))
    assert high > 0 > low


def test_a_name_that_products_are_near_to_is_not_foreign() -> None:
    assert 0 < len(small_index()._goods.foreign) < len(names())
    assert len(Goods.build(ProductIndex.build([], use())._dense, use()).foreign) == len(names())


def test_words_and_likeness_count_for_a_product_and_foreign_goods_against_it() -> None:
    assert standing(0.5, 1.0, 0.5) > standing(0.5, 0.0, 0.5) > standing(0.5, 0.0, 0.6) > standing(0.4, 0.0, 0.6)
    assert standing(0.5, 2.0, 0.5) == standing(0.5, 1.0, 0.5)
