"""Products come in: new ones are added, those whose SKU the shop has are updated."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from shop.importing.report import Report
from shop.importing.sheet import BadFile, read
from shop.importing.twins import twins
from shop.importing.wares import NAMES, REQUIRED, Defaults, Ware, wares
from shop.tables import Category, CategoryText, Product, ProductText, Shop, Stock, Warehouse


def bring(db: Session, shop: Shop, path: Path, *, language: str, category: str | None, now: datetime) -> Report:
    """Import a product file into a shop. Rows that cannot be sold and duplicates are left out, and reported.

    `language` is that of the texts and `category` that of the goods where the file does not say.
    Raises BadFile for a file that is broken as a whole.
    """
    lines = read(path, NAMES, REQUIRED)
    report = Report(len(lines))
    found = wares(lines, _defaults(db, shop, path, language, category), report)
    repeated = {twin.row: twin for twin in twins(found)}
    for twin in repeated.values():
        report.note(twin.row, "duplicate", f"repeats row {twin.first}: {twin.why}")
    warehouse, known = _warehouse(db, shop), _known(db, shop)
    for ware in found:
        if ware.row not in repeated:
            product = known.get(ware.sku)
            report.done["updated" if product else "added"] += 1
            _store(db, shop, warehouse, product, ware, now)
    db.flush()
    return report


def _defaults(db: Session, shop: Shop, path: Path, language: str, category: str | None) -> Defaults:
    categories = {code.casefold(): code for code in db.scalars(select(Category.code))}
    names = {text.name.casefold(): text.category for text in db.scalars(select(CategoryText))}
    if category is not None and category not in categories:
        raise BadFile(path, None, f"--category {category} is not one of {', '.join(sorted(categories))}.")
    return Defaults(shop, language, category, {**names, **categories})


def _warehouse(db: Session, shop: Shop) -> Warehouse:
    """The shop's first warehouse; a shop without one gets it."""
    mine = select(Warehouse).where(Warehouse.shop_id == shop.id).order_by(Warehouse.id)
    warehouse = db.scalar(mine.limit(1))
    if warehouse is None:
        warehouse = Warehouse(shop_id=shop.id, name=shop.name, city="", country=shop.country)
        db.add(warehouse)
        db.flush()
    return warehouse


def _known(db: Session, shop: Shop) -> dict[str, Product]:
    whole = selectinload(Product.texts), selectinload(Product.stock)
    mine = select(Product).where(Product.shop_id == shop.id).options(*whole)
    return {product.sku: product for product in db.scalars(mine)}


def _store(db: Session, shop: Shop, warehouse: Warehouse, product: Product | None, ware: Ware, now: datetime) -> None:
    if product is None:
        product = Product(
            shop_id=shop.id, sku=ware.sku, listed_at=now, length_mm=0, width_mm=0, height_mm=0, rating_sum=0,
            rating_count=0, texts=[], stock=[],
        )  # fmt: skip
        db.add(product)
    product.brand, product.category, product.kind = ware.brand, ware.category, ware.kind
    product.minor, product.currency, product.cost_minor = ware.price.minor, shop.currency, ware.cost.minor
    product.weight_g, product.origin, product.hs_code = ware.weight_g, ware.origin, ware.hs_code
    product.attributes = {**(product.attributes or {}), **ware.attributes}
    product.is_active = ware.is_active
    _tell(product, ware)
    _shelve(product, warehouse, ware)


def _tell(product: Product, ware: Ware) -> None:
    text = next((text for text in product.texts if text.language == ware.language), None)
    if text is None:
        text = ProductText(language=ware.language)
        product.texts.append(text)
    text.title, text.description = ware.title, ware.description


def _shelve(product: Product, warehouse: Warehouse, ware: Ware) -> None:
    shelf = next((shelf for shelf in product.stock if shelf.warehouse_id == warehouse.id), None)
    if shelf is None:
        shelf = Stock(warehouse_id=warehouse.id, on_hand=0, reorder_point=ware.reorder_point)
        product.stock.append(shelf)
    if ware.stock is not None:
        shelf.on_hand = ware.stock
