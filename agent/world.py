"""Put a world together: the database, the indexes and the small models, each built once."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from models.intent import Intent
from retrieval import encoder as encoders
from retrieval.encoder import Encoder
from retrieval.live import LiveIndex
from retrieval.policies import PolicyIndex
from shop import policies
from shop.database import Database
from shop.tables import Category
from shop.wording import LANGUAGES
from tools.base import World

INTENT = Path(__file__).parent.parent / "weights" / "intent"


def now() -> datetime:
    """The moment, UTC."""
    return datetime.now(UTC)


def build(database: Database, index: Path, encoder: Encoder, *, clock: Callable[[], datetime] = now) -> World:
    """Load the product index from its folder and index the rules; the database must have its tables."""
    rules = [passage for language in LANGUAGES for passage in policies.passages(language)]
    with database.session() as db:
        categories = tuple(db.scalars(select(Category.code).order_by(Category.code)))
    products = LiveIndex.open(index, encoder)
    return World(database, products, PolicyIndex.build(rules, encoder), clock, encoder.encode, categories)


def intent(encoder: Encoder, folder: Path = INTENT) -> Callable[[str], dict[str, float]]:
    """The classifier of messages on the same encoder: a text in, a probability for each label out."""
    return Intent.load(folder, encoder.encode).scores


def load_encoder(name: str) -> Encoder:
    """The encoder of a name, as in the settings."""
    return encoders.load(name)
