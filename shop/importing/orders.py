"""Orders come in: with their buyers, items, payment and return."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.importing.baskets import NAMES, REQUIRED, Basket, baskets
from shop.importing.report import Report, RowRefused
from shop.importing.sheet import read
from shop.money import Money
from shop.rates import convert
from shop.tables import Order, OrderItem, Payment, Product, Return, Shop, User

_DISPATCH = timedelta(days=3)  # what an imported order was promised
_PAYMENT = {"placed": "pending", "cancelled": "refunded", "returned": "refunded"}


def bring(db: Session, shop: Shop, path: Path, *, language: str) -> Report:
    """Import an order file into a shop. An order comes in whole, or not at all with the reason reported.

    Buyers that are not known by e-mail get an account without a password, with `language`. An order whose
    number the shop has already is left out, so that a file can be imported again. Stock stays as it is: the
    product file tells what is there. Raises BadFile for a file that is broken as a whole.
    """
    lines = read(path, NAMES, REQUIRED)
    report = Report(len(lines))
    known = {p.sku: p for p in db.scalars(select(Product).where(Product.shop_id == shop.id))}
    buyers = {user.email: user for user in db.scalars(select(User))}
    past = set(db.scalars(select(Order.reference).where(Order.shop_id == shop.id)))
    for basket in baskets(lines, ZoneInfo(shop.timezone), report):
        if basket.reference in past:
            report.note(basket.row, "duplicate", f"order {basket.reference} is in the shop already")
            continue
        try:
            order = _order(shop, basket, known)
        except RowRefused as refused:
            report.note(basket.row, "refused", str(refused))
            continue
        if basket.email not in buyers:
            buyers[basket.email] = _buyer(basket, language)
            report.done["buyers added"] += 1
        order.buyer = buyers[basket.email]
        db.add(order)
        db.flush()
        db.add(_payment(order, basket))
        report.done["added"] += 1
    db.flush()
    return report


def _order(shop: Shop, basket: Basket, known: dict[str, Product]) -> Order:
    goods = basket.total - basket.freight - basket.duty - basket.tax
    if goods.minor < 0:
        raise RowRefused("freight, duty and tax are more than the total")
    order = Order(
        reference=basket.reference, shop_id=shop.id, status=basket.status, placed_at=basket.placed_at,
        ship_by=basket.placed_at + _DISPATCH, delivered_at=basket.delivered_at,
        cancelled_at=(basket.cancelled_at or basket.placed_at) if basket.status == "cancelled" else None,
        currency=basket.total.currency, goods_minor=goods.minor, freight_minor=basket.freight.minor,
        duty_minor=basket.duty.minor, tax_minor=basket.tax.minor, **basket.address,
    )  # fmt: skip
    order.items = _items(shop, basket, known)
    if basket.status == "returned":
        back = basket.delivered_at or basket.placed_at
        order.returns = [
            Return(
                reason="other", note="", status="refunded", requested_at=back, refunded_at=back,
                refund_minor=goods.minor + basket.duty.minor + basket.tax.minor, currency=order.currency,
            )
        ]  # fmt: skip
    return order


def _items(shop: Shop, basket: Basket, known: dict[str, Product]) -> list[OrderItem]:
    items = []
    for entry in basket.entries:
        product = known.get(entry.sku)
        if product is None:
            raise RowRefused(f"the shop has no product with SKU {entry.sku}; import its products first")
        own = convert(entry.unit, shop.currency, basket.placed_at.date())
        items.append(
            OrderItem(
                product_id=product.id, title=entry.title or entry.sku, quantity=entry.quantity,
                unit_minor=entry.unit.minor, shop_minor=own.minor,
            )
        )  # fmt: skip
    return items


def _buyer(basket: Basket, language: str) -> User:
    return User(
        role="shopper", email=basket.email, name=basket.address["name"] or basket.email, password=None,
        country=basket.address["country"], currency=basket.total.currency, language=language,
        created_at=basket.placed_at, is_active=True, shop_id=None,
    )  # fmt: skip


def _payment(order: Order, basket: Basket) -> Payment:
    total: Money = order.total
    return Payment(
        order_id=order.id, method=basket.method, status=_PAYMENT.get(basket.status, "captured"),
        minor=total.minor, currency=total.currency, card=None, card_country=None, device="",
        ip_country=order.country, at=basket.placed_at, is_fraud=None, fraud_scenario=None,
    )  # fmt: skip
