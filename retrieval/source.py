"""Read the products of a shop as items of the index."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from retrieval.index import Item
from shop.tables import Product, ProductText

MAIN = "en"
Texts = dict[int, tuple[list[str], list[str]]]


def items(session: Session) -> list[Item]:
    """Return every product on sale, with its titles, descriptions, SKU and brand, by id."""
    texts = _texts(session)
    rows = session.execute(select(Product.id, Product.sku, Product.brand).where(Product.is_active).order_by(Product.id))
    return [Item(id, tuple(texts[id][0]), (sku, brand), tuple(texts[id][1])) for id, sku, brand in rows]


def _texts(session: Session) -> Texts:
    """Collect titles and descriptions by product, English first; what two languages share counts once."""
    found: Texts = defaultdict(lambda: ([], []))
    query = select(ProductText.product_id, ProductText.title, ProductText.description)
    for product, title, description in session.execute(
        query.order_by(ProductText.product_id, ProductText.language != MAIN, ProductText.language)
    ):
        titles, bodies = found[product]
        if title and title not in titles:
            titles.append(title)
        if description and description not in bodies:
            bodies.append(description)
    return found
