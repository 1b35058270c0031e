"""Rows of people, products, orders and parcels, and writing many of them quickly."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import cast

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from shop.demo.catalogue import CategoryDraft, Draft, ShopDraft
from shop.demo.people import Person
from shop.demo.purchases import Purchase
from shop.demo.scene import Scene, moment
from shop.demo.seasons import Sale, moments
from shop.demo.stock import Span
from shop.demo.wares import Wares
from shop.tables import Base

BATCH = 5_000

Row = dict[str, object]


def write(db: Session, table: type[Base], rows: Iterable[Row]) -> int:
    """Insert rows in batches, so that memory does not grow with their number; say how many."""
    count, rest = 0, iter(rows)
    while batch := list(islice(rest, BATCH)):
        db.connection().execute(insert(cast(Table, table.__table__)), batch)
        count += len(batch)
    return count


def settle_sequences(db: Session) -> None:
    """After rows with ids of ours, let PostgreSQL's sequences go on behind them."""
    if db.get_bind().dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        key = table.primary_key.columns.values()
        if len(key) == 1 and key[0].name == "id" and key[0].type.python_type is int:
            newest = db.scalar(select(func.max(key[0])))
            if newest is not None:
                name = db.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
                db.execute(text("select setval(:name, :newest)"), {"name": name, "newest": newest})


def categories(drafts: Iterable[CategoryDraft]) -> tuple[list[Row], list[Row]]:
    """Rows of Category and of CategoryText."""
    codes: list[Row] = []
    texts: list[Row] = []
    for draft in drafts:
        codes.append({"code": draft.code})
        texts += [{"category": draft.code, "language": lang, "name": name} for lang, name in draft.names.items()]
    return codes, texts


def shops(drafts: Iterable[ShopDraft]) -> tuple[list[Row], list[Row]]:
    """Rows of Shop and of Warehouse, numbered in order."""
    made: list[Row] = []
    houses: list[Row] = []
    for number, draft in enumerate(drafts, 1):
        made.append({
            "id": number, "code": draft.code, "name": draft.name, "country": draft.country,
            "currency": draft.currency, "timezone": draft.timezone,
        })  # fmt: skip
        for house in draft.warehouses:
            name = f"{draft.name} · {house.city}"
            houses.append({
                "id": len(houses) + 1, "shop_id": number, "name": name, "city": house.city,
                "country": house.country,
            })  # fmt: skip
    return made, houses


def user(person: Person) -> Row:
    """A shopper's row of User."""
    return {
        "id": person.id, "role": "shopper", "email": person.email, "name": person.name,
        "password": person.password, "country": person.country, "currency": person.currency,
        "language": person.language, "shop_id": None, "created_at": moment(person.created), "is_active": True,
    }  # fmt: skip


def product(number: int, draft: Draft, shop: int, listed: int, rating: tuple[int, int]) -> Row:
    """A row of Product; `rating` is the sum and the count of its stars. What it costs the shop is our guess:
    between 45 and 70 percent of the price."""
    share = 45 + sum(draft.sku.encode()) % 26
    length, width, height = draft.size_mm
    return {
        "id": number, "shop_id": shop, "sku": draft.sku, "brand": draft.brand, "category": draft.category,
        "kind": draft.kind, "minor": draft.price_minor, "currency": draft.currency,
        "cost_minor": draft.price_minor * share // 100, "weight_g": draft.weight_g, "length_mm": length,
        "width_mm": width, "height_mm": height, "origin": draft.origin, "hs_code": draft.hs_code,
        "attributes": dict(draft.attributes), "listed_at": moment(listed), "is_active": True,
        "rating_sum": rating[0], "rating_count": rating[1],
    }  # fmt: skip


def texts(number: int, draft: Draft) -> Iterator[Row]:
    """Rows of ProductText, one a language."""
    for language, title in draft.titles.items():
        description = draft.descriptions[language]
        yield {"product_id": number, "language": language, "title": title, "description": description}


def order(one: Purchase) -> Row:
    """A row of Order."""
    where = one.address
    return {
        "id": one.id, "buyer_id": one.buyer.id, "shop_id": one.shop, "status": one.status,
        "placed_at": moment(one.placed), "ship_by": moment(one.ship_by),
        "delivered_at": moment(one.delivered) if one.delivered else None,
        "cancelled_at": moment(one.cancelled) if one.cancelled else None, "currency": one.buyer.currency,
        "goods_minor": one.goods, "freight_minor": one.freight, "duty_minor": one.duty, "tax_minor": one.tax,
        "name": where.name, "street": where.street, "city": where.city, "postal_code": where.postal_code,
        "country": where.country,
    }  # fmt: skip


def items(orders: Iterable[Purchase], wares: Wares) -> Iterator[Row]:
    """Rows of OrderItem, titled in the buyer's language."""
    for one in orders:
        for line in one.lines:
            yield {
                "order_id": one.id, "product_id": line.product + 1, "quantity": line.quantity,
                "title": wares.drafts[line.product].titles[one.buyer.language],
                "unit_minor": line.unit_minor, "shop_minor": line.shop_minor,
            }  # fmt: skip


def shipments(orders: Iterable[Purchase]) -> Iterator[Row]:
    """Rows of Shipment, numbered in the order of the orders that were dispatched."""
    for number, one in enumerate((one for one in orders if one.dispatched), 1):
        assert one.dispatched is not None
        yield {
            "id": number, "order_id": one.id, "warehouse_id": one.warehouse, "carrier": one.carrier,
            "service": one.service, "tracking": one.tracking,
            "status": "delivered" if one.delivered else "in_transit", "shipped_at": moment(one.dispatched),
            "promised_at": moment(one.promised), "delivered_at": moment(one.delivered) if one.delivered else None,
        }  # fmt: skip


def scans(orders: Iterable[Purchase]) -> Iterator[Row]:
    """Rows of TrackingEvent; shipments are numbered as in `shipments`."""
    for number, one in enumerate((one for one in orders if one.dispatched), 1):
        for scan in one.scans:
            yield {
                "shipment_id": number, "at": moment(scan.at), "code": scan.code, "city": scan.city,
                "country": scan.country,
            }  # fmt: skip


def returns(orders: Iterable[Purchase]) -> Iterator[Row]:
    """Rows of Return: goods, duty and tax come back, freight does not."""
    for one in orders:
        if one.returned:
            reason, asked, paid = one.returned
            under_way = ("requested", "approved", "received")[one.id % 3]
            yield {
                "order_id": one.id, "reason": reason, "note": "", "status": "refunded" if paid else under_way,
                "requested_at": moment(asked), "refunded_at": moment(paid) if paid else None,
                "refund_minor": one.goods + one.duty + one.tax, "currency": one.buyer.currency,
            }  # fmt: skip


def promotions(sales: Iterable[Sale], shops: list[str]) -> Iterator[Row]:
    """Rows of Promotion."""
    for sale in sales:
        starts, ends = moments(sale)
        yield {
            "shop_id": shops.index(sale.shop) + 1, "category": sale.category, "name": sale.name,
            "percent": sale.percent, "starts_at": moment(starts), "ends_at": moment(ends),
        }  # fmt: skip


def stock_outs(spans: Iterable[Span], scene: Scene) -> Iterator[Row]:
    """Rows of StockOut; days become midnights."""
    for place, first, last in spans:
        yield {
            "product_id": place + 1, "starts_at": moment(scene.midnight(first)),
            "ends_at": None if last is None else moment(scene.midnight(last + 1)),
        }  # fmt: skip
