"""Labels: what the keys of an answer's rows are called, a product by its title in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.labels import Country, Tongue
from shop.measures.figures import Key
from shop.people import Actor
from shop.rows import run_by
from shop.tables import Product, ProductText
from shop.wording import Term


def labels(db: Session, actor: Actor, by: str, keys: Sequence[Key]) -> Mapping[Key, Any]:
    """Label the keys of a dimension that is no part of a calendar."""
    match by:
        case "product":
            return _titles(db, actor, [int(key) for key in keys])
        case "country":
            return {key: Country(str(key)) for key in keys}
        case "language":
            return {key: Tongue(str(key)) for key in keys}
        case "category" | "customer" | "service" | "payment":
            return {key: Term(f"{by}.{key}") for key in keys}
    return {key: str(key) for key in keys}


def _titles(db: Session, actor: Actor, ids: Sequence[int]) -> dict[Key, str]:
    wanted = (actor.language.split("-")[0], "en")
    found: dict[Key, tuple[int, str]] = {}
    mine = run_by(actor, Product.shop_id)
    texts = select(ProductText.product_id, ProductText.language, ProductText.title)
    for product, language, title in db.execute(
        texts.join(Product, Product.id == ProductText.product_id).where(mine).order_by(ProductText.language)
    ):
        rank = wanted.index(language) if language in wanted else len(wanted)
        if product not in found or rank < found[product][0]:
            found[product] = (rank, title)
    return {one: found[one][1] if one in found else f"#{one}" for one in ids}
