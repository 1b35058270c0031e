"""A stage on the small shop."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import settings
from agent import world
from eval import changes
from eval.stage import Stage
from retrieval import encoder as encoders
from retrieval import source
from retrieval.encoder import Encoder
from retrieval.index import ProductIndex
from shop.database import connect
from tests.shop import small


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return encoders.load()


@pytest.fixture(scope="session")
def small_index(small_sqlite: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small shop's search index."""
    folder = tmp_path_factory.mktemp("index")
    database = connect(f"sqlite:///{small_sqlite}")
    with database.session() as db:
        ProductIndex.build(source.items(db), encoder).save(folder)
    database.engine.dispose()
    return folder


@pytest.fixture
def stage(small_sqlite: Path, small_index: Path, encoder: Encoder, tmp_path: Path) -> Iterator[Stage]:
    """The small shop, watched, at small.NOW."""
    built = tmp_path / "template.db"
    shutil.copyfile(small_sqlite, built)
    changes.watch(built)
    copy = tmp_path / "shop.db"
    shutil.copyfile(built, copy)
    database = connect(f"sqlite:///{copy}")
    made = world.build(database, small_index, encoder, clock=lambda: small.NOW)
    yield Stage(made, world.intent(encoder, settings.load().cache), built, copy, encoder, domain="small.shop")
    database.engine.dispose()
