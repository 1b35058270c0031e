"""`python -m retrieval build` indexes the database once, and again only when something changed."""

from pathlib import Path

import pytest
from sqlalchemy import select

from retrieval import source
from retrieval.__main__ import build
from retrieval.index import ProductIndex
from shop.database import Database, connect
from shop.tables import Product, ProductText
from tests.retrieval.shelf import use


def test_every_product_on_sale_becomes_an_item(database: Database) -> None:
    with database.session() as session:
        found = {item.id: item for item in source.items(session)}
        on_sale = session.scalars(select(Product).where(Product.is_active)).all()
        assert set(found) == {product.id for product in on_sale}
        for product in on_sale:
            assert found[product.id].texts[0] == product.title("en")
            assert found[product.id].codes == (product.sku, product.brand)


def test_the_index_is_built_once_and_again_after_a_change(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    build(url, tmp_path / "index", "use", force=False)
    assert "Indexed" in capsys.readouterr().out
    build(url, tmp_path / "index", "use", force=False)
    assert "up to date" in capsys.readouterr().out
    with database.session() as session:
        text = session.scalars(select(ProductText).where(ProductText.language == "en")).first()
        assert text is not None
        text.title, changed = "Quartz zither", text.product_id
    build(url, tmp_path / "index", "use", force=False)
    assert ProductIndex.load(tmp_path / "index", use()).search("quartz zither", 1)[0].id == changed


def test_a_database_without_a_shop_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="python -m shop demo"):
        build(f"sqlite:///{tmp_path / 'nothing.db'}", tmp_path / "index", "use", force=False)
    assert not (tmp_path / "index").exists()
    assert connect(f"sqlite:///{tmp_path / 'nothing.db'}").is_ready() is False
