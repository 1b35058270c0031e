"""The demo shops' catalogue: the written products, and as many further ones as a benchmark asks for."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice
from itertools import count as numbers
from typing import cast

from shop.demo.draft import CategoryDraft, Draft, ShopDraft, WarehouseDraft
from shop.demo.kinds import all_categories
from shop.demo.products import further, templates, written
from shop.demo.titles import read
from shop.wording import LANGUAGES

__all__ = ["CategoryDraft", "Draft", "ShopDraft", "WarehouseDraft", "categories", "drafts", "shops"]


def drafts(count: int | None = None) -> Iterator[Draft]:
    """Yield the products in a fixed order: the written ones, then further models, up to `count`.

    Without a count the written catalogue is all. The order mixes the categories; the further products are
    new brand lines, sizes and colours of the written kinds, unique for at least a million. Nothing is random,
    each product is made when it is asked for, and memory does not grow with `count`.
    """
    currencies = {shop.code: shop.currency for shop in shops()}
    serials = dict.fromkeys((category.prefix for category in all_categories()), 0)
    first = (written(template, currencies, serials) for template in templates())
    more = (further(template, turn, currencies, serials) for turn in numbers(1) for template in templates())
    return islice(first if count is None else chain(first, more), count)


@lru_cache(maxsize=1)
def categories() -> tuple[CategoryDraft, ...]:
    """Give the fourteen categories."""
    return tuple(
        CategoryDraft(c.code, dict(zip(LANGUAGES, c.names, strict=True)), dict(zip(LANGUAGES, c.words, strict=True)))
        for c in all_categories()
    )


@lru_cache(maxsize=1)
def shops() -> tuple[ShopDraft, ...]:
    """Give the five shops, in the order of their ids."""
    page = cast(dict[str, list[dict[str, str]]], read("shops"))["shops"]
    places = cast(dict[str, list[dict[str, list[tuple[str, str]]]]], read("shops"))["shops"]
    return tuple(
        ShopDraft(
            shop["code"],
            shop["name"],
            shop["country"],
            shop["currency"],
            shop["timezone"],
            tuple(WarehouseDraft(city, country) for city, country in place["warehouses"]),
            tuple(shop["carriers"]),
        )
        for shop, place in zip(page, places, strict=True)
    )
