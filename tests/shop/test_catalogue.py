"""The written catalogue: complete in twelve languages, unique, plausible, and extensible without end."""

import re
from collections import Counter
from itertools import islice

import pytest

from shop.demo.catalogue import Draft, categories, drafts, shops
from shop.demo.figures import minor_units
from shop.demo.kinds import all_kinds, brands
from shop.demo.titles import CatalogueError, noun, parse_model, spec_texts
from shop.wording import LANGUAGES

DEAREST = {"EUR": 150_000, "USD": 165_000, "CNY": 1_000_000, "JPY": 220_000}
CHEAPEST = {"EUR": 50, "USD": 50, "CNY": 250, "JPY": 90}
SCRIPTS = {
    "zh": r"[\u4e00-\u9fff]",
    "ja": r"[\u3040-\u30ff\u4e00-\u9fff]",
    "ko": r"[\uac00-\ud7af]",
    "ru": r"[\u0400-\u04ff]",
    "ar": r"[\u0600-\u06ff]",
}
WORN = {
    "dress": ("summer-dress", "evening-dress", "knit-dress"),
    "hat": ("sun-hat", "baseball-cap", "beanie"),
    "long sleeve": ("long-sleeve-top", "base-layer"),
    "outerwear": ("rain-jacket", "winter-coat", "down-jacket"),
    "trousers": ("jeans", "chinos"),
    "shirt": ("shirt",),
    "shorts": ("shorts",),
    "skirt": ("skirt",),
    "t-shirt": ("t-shirt",),
}
FRESH = (
    *("apples", "avocados", "bananas", "kiwi", "lemons", "limes", "mango", "melon", "nectarines", "oranges"),
    *("papaya", "passion-fruit", "peaches", "pears", "pineapple", "plums", "pomegranate", "grapefruit"),
    *("satsumas", "asparagus", "aubergine", "cabbage", "carrots", "cucumber", "garlic", "ginger", "leek"),
    *("mushrooms", "onions", "peppers", "potatoes", "beetroot", "tomatoes", "courgette", "milk", "oat-milk"),
    *("soy-milk", "yoghurt", "oat-yoghurt", "sour-cream", "orange-juice", "apple-juice", "green-tea"),
    *("coffee", "rice", "noodles", "olive-oil", "honey"),
)


@pytest.fixture(scope="module")
def written() -> list[Draft]:
    return list(drafts())


def test_the_written_catalogue_is_wide(written: list[Draft]) -> None:
    assert len(written) >= 640
    assert len(Counter(draft.kind for draft in written)) >= 150
    per_category = Counter(draft.category for draft in written)
    assert set(per_category) == {category.code for category in categories()} and len(per_category) == 14
    assert min(per_category.values()) >= 40


def test_every_shop_sells_at_least_a_hundred_goods(written: list[Draft]) -> None:
    per_shop = Counter(draft.shop for draft in written)
    assert [shop.code for shop in shops()] == ["nordvik", "lingxi", "sakura", "casaluz", "maple"]
    assert all(per_shop[shop.code] >= 100 for shop in shops())


def test_clothing_and_groceries_hold_what_photographs_show(written: list[Draft]) -> None:
    per_kind = Counter(draft.kind for draft in written)
    assert all(sum(per_kind[kind] for kind in kinds) >= 3 for kinds in WORN.values())
    assert [kind for kind in FRESH if kind not in per_kind] == []


def test_a_sku_is_unique_and_starts_with_its_category(written: list[Draft]) -> None:
    assert len({draft.sku for draft in written}) == len(written)
    prefixes = {draft.category: draft.sku[:3] for draft in written}
    assert len(set(prefixes.values())) == 14
    assert all(re.fullmatch(rf"{prefixes[draft.category]}-\d{{4,}}", draft.sku) for draft in written)


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_unique_in_each_language(written: list[Draft], language: str) -> None:
    repeated = [title for title, n in Counter(draft.titles[language] for draft in written).items() if n > 1]
    assert repeated == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_kinds_have_different_names_in_each_language(language: str) -> None:
    names = Counter(noun(kind.names[LANGUAGES.index(language)])[0] for kind in all_kinds())
    assert [name for name, n in names.items() if n > 1] == []


def test_every_text_is_there_in_every_language(written: list[Draft]) -> None:
    for draft in written:
        assert tuple(draft.titles) == LANGUAGES == tuple(draft.descriptions)
        texts = [*draft.titles.values(), *draft.descriptions.values()]
        assert all(text == text.strip() and not re.search(r"[{}|]|  |,,|, ,|None|/[mfnp]\b", text) for text in texts)


@pytest.mark.parametrize("language", SCRIPTS)
def test_titles_are_in_the_script_of_their_language(written: list[Draft], language: str) -> None:
    marks = {mark for kind in all_kinds() for model in kind.models for spec in model.specs for mark in spec.split()}
    latin = marks | {part for brand in brands() for part in brand.name.split()}
    for draft in (draft for draft in written if not draft.hostile):
        title = draft.titles[language]
        assert re.search(SCRIPTS[language], title)
        for word in re.findall(r"[A-Za-z][A-Za-z0-9.+-]*[A-Za-z]", title):
            assert (
                word in latin
                or re.search(rf"\d{word}|{word}\d", title)
                or word in ("USB", "RFID", "LED", "SSD", "RC", "IH", "Wi-Fi", "Polo")
            ), title


def test_prices_are_plausible_and_whole(written: list[Draft]) -> None:
    for draft in written:
        assert CHEAPEST[draft.currency] <= draft.price_minor <= DEAREST[draft.currency], draft.titles["en"]
    assert minor_units(24.7, "EUR") == 2499
    assert minor_units(24.7, "JPY") == 3680
    assert minor_units(24.7, "CNY") == 15_900


def test_the_figures_of_a_product_keep_their_bounds(written: list[Draft]) -> None:
    for draft in written:
        assert 2 <= draft.weight_g <= 30_000 and all(1 <= side <= 2_500 for side in draft.size_mm)
        assert re.fullmatch(r"\d{4}\.\d{2}", draft.hs_code) and re.fullmatch(r"[A-Z]{2}", draft.origin)
        assert 1 <= draft.listed_days_ago <= 900 and draft.popularity >= 1 and 3.2 <= draft.rating_bias <= 4.8
    assert 10 <= sum(draft.listed_days_ago <= 30 for draft in written) <= 60


def test_near_neighbours_differ_by_one_property(written: list[Draft]) -> None:
    packs = [draft for draft in written if draft.kind == "hiking-backpack"]
    forty = [draft for draft in packs if draft.attributes["capacity"] == "40 L"]
    assert {draft.attributes.get("features") for draft in forty} == {
        None,
        "waterproof",
        "waterproof, rain-cover",
    }


def test_three_descriptions_and_one_title_give_orders_to_the_model(written: list[Draft]) -> None:
    hostile = [draft for draft in written if draft.hostile]
    assert len(hostile) == 4
    assert sum("[SYSTEM" in draft.titles["en"] for draft in hostile) == 1
    assert all(len(draft.descriptions["en"]) > 100 for draft in hostile)


def test_the_order_mixes_the_categories() -> None:
    assert len({draft.category for draft in drafts(14)}) == 14


def test_fifty_thousand_products_are_unique_and_the_same_each_time(written: list[Draft]) -> None:
    skus: set[str] = set()
    titles: set[str] = set()
    for draft in drafts(50_000):
        skus.add(draft.sku)
        titles.add(draft.titles["zh"])
    assert len(skus) == len(titles) == 50_000
    assert list(islice(drafts(50_000), 2_000)) == list(drafts(2_000))
    assert list(islice(drafts(50_000), len(written))) == written


def test_further_products_are_not_hostile_and_keep_all_languages(written: list[Draft]) -> None:
    further = list(islice(drafts(4_000), len(written), None))
    assert len(further) == 4_000 - len(written)
    assert all(all(draft.titles.values()) and not draft.hostile for draft in further)


def test_a_number_is_written_as_the_language_writes_it() -> None:
    titles = dict(zip(LANGUAGES, spec_texts(("1.5 L", "IP68"))[0], strict=True))
    assert titles["en"] == " 1.5 L, IP68" and titles["de"] == " 1,5 L, IP68"
    assert titles["ja"] == " 1.5L IP68" and titles["ru"] == " 1,5 л, IP68"


def test_an_unknown_word_in_a_model_is_refused_by_name() -> None:
    with pytest.raises(CatalogueError, match=r"bags\.yaml wallet: 'lether' is not in words\.yaml"):
        parse_model("lether, black", "bags.yaml wallet")


def test_categories_have_names_and_search_words_in_every_language() -> None:
    for category in categories():
        assert tuple(category.names) == LANGUAGES
        assert all(len(category.words[language]) >= 3 for language in LANGUAGES)
