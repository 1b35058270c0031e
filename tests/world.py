"""The world of the tests: the small shop with real indexes, and a clock that stands still."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache

from models.sanctions import Entry
from models.screening import SanctionsList
from retrieval.encoder import Encoder
from retrieval.index import ProductIndex
from retrieval.policies import PolicyIndex
from retrieval.source import items
from shop import policies
from shop.database import Database
from shop.wording import LANGUAGES
from tools.base import World

Scores = Callable[[str], dict[str, float]]
"""What the classifier of messages is."""

CATEGORIES = ("clothing", "electronics", "groceries", "home")


def rules(encoder: Encoder) -> PolicyIndex:
    """The index of the shop's rules in all languages."""
    return PolicyIndex.build([passage for tongue in LANGUAGES for passage in policies.passages(tongue)], encoder)


def goods(database: Database, encoder: Encoder) -> ProductIndex:
    """The index of the products that a database has now."""
    with database.session() as db:
        return ProductIndex.build(items(db), encoder)


def at(now: datetime, database: Database, products: ProductIndex, rules: PolicyIndex, encoder: Encoder) -> World:
    """The world at a moment."""
    return World(database, products, rules, lambda: now, encoder.encode, CATEGORIES, listed)


@cache
def listed() -> SanctionsList:
    """A list of parties that do not exist."""
    names = (
        ("VOLKODAVSKY, Arkady Semyonovich", "individual"), ("AL-QARANFULI, Muhannad Yusuf", "individual"),
        ("GOLDEN HERON SHIPPING CO., LTD.", "organisation"), ("QUINTAVALLE, Esteban Ruy", "individual"),
    )  # fmt: skip
    entries = [Entry(n, (name,), kind, "TEST") for n, (name, kind) in enumerate(names, 1)]
    return SanctionsList.of(entries, date(2026, 10, 1))
