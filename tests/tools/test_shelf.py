"""Superlatives and price limits over a full shelf: as true as the same question asked of the database."""

import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from retrieval.encoder import Encoder
from retrieval.policies import PolicyIndex
from shop import products
from shop.database import connect
from shop.people import Actor
from shop.tables import Product, ProductText, Stock
from tests import world as worlds
from tests.shop import small
from tools import TOOLS
from tools.base import ToolResult, World
from tools.views import Card, Cards

KINDS = ("backpack", "kettle", "keyboard")
OTHERS = ("umbrella", "pillow", "guitar", "sandal", "telescope")
WORDS = ("Alpine", "Basic", "City", "Delta", "Evo", "Forest", "Grand", "Hike", "Iron", "Joy", "Kite", "Lux")
Find = Callable[..., tuple[Card, ...]]


@pytest.fixture(scope="module")
def full(
    small_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, rule_index: PolicyIndex
) -> World:
    """The small shop with twelve more products of each kind, about half of them priced in euros and half in yen."""
    path = tmp_path_factory.mktemp("shelf") / "shop.db"
    shutil.copy(small_sqlite, path)
    database = connect(f"sqlite:///{path}")
    chance = random.Random(7)
    named = [(kind, word) for kind in (*KINDS, *OTHERS) for word in WORDS]
    with database.session() as db:
        db.add_all(_product(100 + n, kind, word, chance) for n, (kind, word) in enumerate(named))
    return worlds.at(small.NOW, database, worlds.goods(database, encoder), rule_index, encoder)


def _product(number: int, kind: str, word: str, chance: random.Random) -> Product:
    is_euro = chance.random() < 0.5
    stars = chance.randrange(0, 30)
    title = f"{word} {kind}"
    return Product(
        id=number, shop_id=small.NORDLYS if is_euro else small.HANAMI, sku=f"SH-{number}", brand="Shelf",
        category="home", kind=kind, minor=chance.randrange(1000, 20000), currency="EUR" if is_euro else "JPY",
        cost_minor=1, weight_g=1, length_mm=1, width_mm=1, height_mm=1, origin="DE", hs_code=None, attributes={},
        listed_at=small.NOW - timedelta(days=chance.randrange(1000)), is_active=True,
        rating_sum=stars * 4 - chance.randrange(0, stars + 1), rating_count=stars,
        texts=[ProductText(language="en", title=title, description=f"A {kind}.")],
        stock=[Stock(warehouse_id=1 if is_euro else 3, on_hand=chance.choice((0, 5)), reorder_point=1)],
    )  # fmt: skip


@pytest.fixture
def find(full: World, actors: SimpleNamespace) -> Find:
    """Search as ann, who pays in dollars; returns the cards."""

    def search(query: str, who: str = "ann", message: str = "", **arguments: object) -> tuple[Card, ...]:
        asked = {"query": query, **arguments}
        result: ToolResult = TOOLS["search_products"].run(full, getattr(actors, who), asked, message=message)
        assert isinstance(result.view, Cards)
        return result.view.items

    return search


def truth(full: World, actor: Actor, kind: str) -> list[tuple[float, Product]]:
    """Every product of a kind with what it costs the actor now, cheapest first, straight from the database."""
    with full.database.session() as db:
        found = list(db.scalars(select(Product).where(Product.kind == kind, Product.is_active)))
        offers = products.offers(db, found, actor.currency, small.NOW)
        prices = [(float(offers[one.id].price.amount), one) for one in found]
    return sorted(prices, key=lambda pair: pair[0])


@pytest.mark.parametrize("who", ["ann", "bob", "cho"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_superlatives_are_the_databases(
    full: World, find: Find, actors: SimpleNamespace, kind: str, who: str
) -> None:
    prices = truth(full, getattr(actors, who), kind)
    goods = [product for _, product in prices]
    rated = max(goods, key=lambda p: (p.rating or 0, p.rating_count))
    assert float(find(kind, who, sort="cheapest")[0].price.amount) == prices[0][0]
    assert float(find(kind, who, sort="most_expensive")[0].price.amount) == prices[-1][0]
    assert find(kind, who, sort="newest")[0].product_id == max(goods, key=lambda p: p.listed_at).id
    assert find(kind, who, sort="best_rated")[0].product_id == rated.id


@pytest.mark.parametrize("kind", KINDS)
def test_a_price_limit_is_kept_and_says_how_many_fit(
    full: World, find: Find, actors: SimpleNamespace, kind: str
) -> None:
    prices = [price for price, _ in truth(full, actors.ann, kind)]
    low, high = prices[3], prices[8]
    found = find(kind, max_price=high, min_price=low, sort="cheapest")
    assert [float(card.price.amount) for card in found] == prices[3:9]
    result = TOOLS["search_products"].run(full, actors.ann, {"query": kind, "max_price": high})
    assert result.say[0].values["n"] == 9


def test_a_superlative_does_not_reach_for_other_goods(find: Find) -> None:
    for kind in KINDS:
        for sort in ("cheapest", "most_expensive", "newest", "best_rated"):
            assert {card.title.split()[1] for card in find(kind, sort=sort)} == {kind}


def test_only_what_is_in_stock_is_shown_when_asked(find: Find) -> None:
    found = find("kettle", in_stock=True, sort="cheapest")
    assert found
    assert all(card.in_stock for card in found)


def test_a_limit_in_the_words_is_kept_whatever_the_model_says(find: Find) -> None:
    found = find("kettle", message="kettle under 60 USD", max_price=1.0, sort="most_expensive")
    assert all(card.price.amount <= 60 for card in found)


def test_the_cheapest_of_everything_is_the_cheapest(full: World, find: Find) -> None:
    with full.database.session() as db:
        every = db.scalars(select(Product).where(Product.is_active)).all()
        offers = products.offers(db, every, "USD", small.NOW)
    found = find("", sort="cheapest")
    assert found[0].price == min((offer.price for offer in offers.values()), key=lambda price: price.minor)
