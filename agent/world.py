"""Put a world together: the database, the indexes and the small models, each built once."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import select

from models import tuned
from models.intent import Intent
from models.screening import SanctionsList
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


def build(
    database: Database, index: Path, encoder: Encoder, *, clock: Callable[[], datetime] = now,
    sanctions: Path | None = None,
) -> World:  # fmt: skip
    """Load the product index from its folder and index the rules; the database must have its tables.

    `sanctions` is a list in OFAC's file format, read when somebody is first compared with it.
    """
    rules = [passage for language in LANGUAGES for passage in policies.passages(language)]
    with database.session() as db:
        categories = tuple(db.scalars(select(Category.code).order_by(Category.code)))
    products = LiveIndex.open(index, encoder)
    listed = cache(lambda: SanctionsList.load(sanctions)) if sanctions is not None else None
    return World(database, products, PolicyIndex.build(rules, encoder), clock, encoder.encode, categories, listed)


def intent(encoder: Encoder, cache: Path, folder: Path = INTENT) -> Callable[[str], dict[str, float]]:
    """The classifier of messages on the same encoder: a text in, a probability for each label out.

    Its fine-tuned reader is made once per machine, in `cache`.
    """
    return Intent.load(folder, encoder.encode, tuned.reader(folder, cache)).scores


def load_encoder(name: str) -> Encoder:
    """The encoder of a name, as in the settings."""
    return encoders.load(name)
