import pytest

from agent import mentions
from agent.mentions import Mentions, in_results, in_words


def test_an_order_number_is_read_in_any_digits() -> None:
    assert in_words("where is 1001?").orders == (1001,)
    assert in_words("أين الطلب ١٠٠١").orders == (1001,)
    assert in_words("注文１００１はどこ").orders == (1001,)


def test_a_tracking_number_is_no_order() -> None:
    found = in_words("HT100000103CN please")
    assert found.trackings == ("HT100000103CN",)
    assert found.orders == ()


def test_a_sku_and_a_price_are_no_ids() -> None:
    found = in_words("BAG-0012 for 49.99 or 40L")
    assert found.skus == ("BAG-0012",)
    assert found.orders == found.tickets == ()


def test_results_name_their_ids() -> None:
    found = in_results(["product 12 (BAG-0012): x", "order 1001: y", "ticket 501: z"])
    assert (found.products, found.orders, found.tickets) == ((12,), (1001,), (501,))


def test_the_newer_mention_comes_first() -> None:
    assert (Mentions(orders=(2,)) | Mentions(orders=(1, 2))).orders == (2, 1)


@pytest.mark.parametrize(
    ("text", "order", "product"),
    [
        ("cancel order 1", 1, None), ("track order no. 999999999", 999999999, None), ("取消订单号：7", 7, None),
        ("forecast for product 605", None, 605), ("Artikel Nr. 12 nach Japan", None, 12), ("заказа № 5 нет", 5, None),
        ("where is my order", None, None), ("the order of 2 jackets", None, None),
    ],
)  # fmt: skip
def test_a_number_is_what_it_is_called(text: str, order: int | None, product: int | None) -> None:
    assert (mentions.of_order(text), mentions.of_product(text)) == (order, product)
