"""The small shop made busy: some hundred random orders with everything that measures count."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.tables import Interaction, Order, OrderItem, Payment, Product, Return, Review, Shipment
from tests.shop import small

ORDERS = 300
_HOMES = (("US", "USD"), ("DE", "EUR"), ("JP", "JPY"), ("FR", "EUR"), ("GB", "GBP"), ("KR", "KRW"))
_STATUSES = ("paid", "shipped", "delivered", "delivered", "delivered", "return_requested", "returned", "cancelled")


def fill(db: Session, seed: int = 11) -> None:
    """Add the orders. They reach back two years, in many currencies; one in three refunds is a part."""
    dice = Random(seed)
    goods = {product.id: product for product in db.scalars(select(Product))}
    for number in range(2000, 2000 + ORDERS):
        order = _order(dice, number, goods)
        db.add(order)
        db.flush()
        db.add(_payment(dice, order))
    for product in goods:
        for _ in range(20):
            at = small.ago(dice.uniform(0, 700))
            kind = dice.choice(("view", "view", "view", "cart", "buy"))
            user = dice.choice((small.ANN, small.BOB, small.CHO))
            db.add(Interaction(user_id=user, product_id=product, kind=kind, weight=1.0, at=at))
            db.add(
                Review(
                    product_id=product, user_id=user, language="en", rating=dice.randint(1, 5), text="So.",
                    written_at=at,
                )
            )  # fmt: skip
    db.flush()


def _order(dice: Random, number: int, goods: dict[int, Product]) -> Order:
    shop = dice.choice((small.NORDLYS, small.NORDLYS, small.HANAMI))
    buyer = dice.choice((small.ANN, small.BOB, small.CHO))
    country, currency = dice.choice(_HOMES)
    placed = small.ago(dice.uniform(0.1, 730))
    items = [
        OrderItem(product_id=one.id, title="x", quantity=dice.randint(1, 4), unit_minor=dice.randint(100, 9000),
                  shop_minor=dice.randint(100, 9000))
        for one in dice.sample([one for one in goods.values() if one.shop_id == shop], 2)
    ]  # fmt: skip
    total = sum(item.quantity * item.unit_minor for item in items)
    status = dice.choice(_STATUSES)
    order = Order(
        id=number, buyer_id=buyer, shop_id=shop, status=status, placed_at=placed, ship_by=placed + timedelta(days=3),
        currency=currency, goods_minor=total, freight_minor=500, duty_minor=total // 10, tax_minor=total // 7,
        name="n", street="s", city="c", postal_code="p", country=country, items=items,
    )  # fmt: skip
    if status not in ("paid", "cancelled"):
        order.shipments = list(_parcels(dice, order))
    if status in ("return_requested", "returned"):
        order.returns = [_return(dice, order)]
    return order


def _payment(dice: Random, order: Order) -> Payment:
    return Payment(
        order_id=order.id, method=dice.choice(("card", "wallet")), minor=order.goods_minor, currency=order.currency,
        status=dice.choice(("captured", "declined", "refunded")), device="d", ip_country=order.country,
        at=order.placed_at, is_fraud=dice.choice((None, False, False, True)),
    )  # fmt: skip


def _parcels(dice: Random, order: Order) -> Iterator[Shipment]:
    promised = order.placed_at + timedelta(days=9)
    arrived = order.placed_at + timedelta(days=dice.uniform(4, 14))
    is_there = order.status != "shipped" and arrived < small.NOW
    yield Shipment(
        warehouse_id=3 if order.shop_id == small.HANAMI else dice.choice((1, 2)), carrier=dice.choice(("A", "B")),
        service=dice.choice(("economy", "express")), tracking=f"BUSY{order.id}", status="in_transit",
        shipped_at=order.placed_at + timedelta(days=1), promised_at=promised,
        delivered_at=arrived if is_there else None,
    )  # fmt: skip


def _return(dice: Random, order: Order) -> Return:
    charged = order.goods_minor + order.duty_minor + order.tax_minor
    is_paid = order.status == "returned"
    return Return(
        reason="damaged", note="", status="refunded" if is_paid else dice.choice(("requested", "refused")),
        requested_at=order.placed_at, refunded_at=order.placed_at + timedelta(days=9) if is_paid else None,
        refund_minor=dice.choice((charged, charged, charged // 3)), currency=order.currency,
    )  # fmt: skip
