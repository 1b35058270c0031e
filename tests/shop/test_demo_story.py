"""What happens in the demo shop is plausible: seasons, promotions, lateness, returns, swindle, and time itself."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop.tables import (
    Interaction,
    Order,
    OrderItem,
    Payment,
    Product,
    Promotion,
    Return,
    Review,
    Shipment,
    StockOut,
    Ticket,
    TicketMessage,
    TrackingEvent,
    User,
)  # fmt: skip
from tests.shop.demo_shop import NOW, count


def test_seasons_show_in_the_units_sold(demo_db: Session) -> None:
    month = func.extract("month", Order.placed_at)
    units = (
        select(Product.category, month, func.sum(OrderItem.quantity))
        .select_from(OrderItem)
        .join(Order)
        .join(Product)
        .group_by(Product.category, month)
    )
    sold = {(category, int(m)): int(n) for category, m, n in demo_db.execute(units)}
    assert sold["outdoor", 6] + sold["outdoor", 7] > 2 * (sold["outdoor", 1] + sold["outdoor", 2])
    assert sold["toys", 12] > 2 * sold["toys", 7]
    assert sold["stationery", 8] > 1.5 * sold["stationery", 6]


def test_a_product_is_not_sold_while_it_is_out_of_stock_or_before_it_is_listed(demo_db: Session) -> None:
    sold = select(func.count()).select_from(OrderItem).join(Order)
    during = (Order.placed_at >= StockOut.starts_at) & (Order.placed_at < func.coalesce(StockOut.ends_at, NOW))
    assert demo_db.scalar(sold.join(StockOut, StockOut.product_id == OrderItem.product_id).where(during)) == 0
    assert demo_db.scalar(sold.join(Product).where(Order.placed_at < Product.listed_at)) == 0


def test_a_promotion_lowers_the_price_and_raises_the_sales(demo_db: Session) -> None:
    singles = (Promotion.name == "11.11") & (Promotion.shop_id == 2)
    sale = demo_db.scalars(select(Promotion).where(singles).order_by(Promotion.starts_at.desc())).first()
    assert sale is not None
    orders = Order.shop_id == 2
    during = count(demo_db, orders, Order.placed_at >= sale.starts_at, Order.placed_at < sale.ends_at)
    before = count(demo_db, orders, Order.placed_at >= sale.starts_at - 4 * (sale.ends_at - sale.starts_at),
                    Order.placed_at < sale.starts_at)  # fmt: skip
    assert during > 1.5 * before / 4


def test_payments_hold_about_one_percent_of_fraud_of_five_kinds(demo_db: Session) -> None:
    known = count(demo_db, Payment.is_fraud.is_not(None))
    fraud = count(demo_db, Payment.is_fraud.is_(True))
    assert 0.005 <= fraud / known <= 0.015
    kinds = demo_db.execute(
        select(Payment.fraud_scenario, func.count()).where(Payment.is_fraud.is_(True)).group_by("fraud_scenario")
    )
    assert len({kind for kind, n in kinds if n >= 20}) >= 5
    fresh = Payment.at > datetime(2026, 10, 25, 6, tzinfo=UTC)
    assert count(demo_db, fresh, Payment.is_fraud.is_not(None)) == 0
    assert count(demo_db, Payment.is_fraud.is_(False), Payment.fraud_scenario.is_not(None)) == 0


def test_about_six_percent_come_back_and_clothes_more_often(demo_db: Session) -> None:
    delivered = count(demo_db, Order.delivered_at.is_not(None))
    assert 0.04 <= count(demo_db, Return.id > 0) / delivered <= 0.08

    def share(category: str) -> float:
        with_it = select(OrderItem.order_id).join(Product).where(Product.category == category)
        came = count(demo_db, Return.order_id.in_(with_it))
        return came / count(demo_db, Order.id.in_(with_it), Order.delivered_at.is_not(None))

    assert share("shoes") > 2 * share("stationery")


def test_lateness_depends_on_carrier_and_month(demo_db: Session) -> None:
    def late(*where: ColumnElement[bool]) -> float:
        came = count(demo_db, Shipment.delivered_at.is_not(None), *where)
        return count(demo_db, Shipment.delivered_at > Shipment.promised_at, *where) / came

    assert 0.08 < late() < 0.3
    assert late(Shipment.carrier == "Correo Sur") > 1.5 * late(Shipment.carrier == "Kuafu Air")
    december = func.extract("month", Shipment.shipped_at) == 12
    assert late(december) > 1.5 * late(~december)


def test_ratings_of_products_are_those_of_their_reviews(demo_db: Session) -> None:
    stars = select(Review.product_id, func.sum(Review.rating), func.count()).group_by(Review.product_id)
    counted = {product: (int(total), n) for product, total, n in demo_db.execute(stars)}
    for product in demo_db.scalars(select(Product)):
        assert (product.rating_sum, product.rating_count) == counted.get(product.id, (0, 0))


def test_amounts_add_up(demo_db: Session) -> None:
    goods = select(OrderItem.order_id, func.sum(OrderItem.unit_minor * OrderItem.quantity)).group_by("order_id")
    sums = {order: int(n) for order, n in demo_db.execute(goods)}
    assert all(order.goods_minor == sums[order.id] for order in demo_db.scalars(select(Order)))
    paid = select(Payment.minor, Order).join(Order, Payment.order_id == Order.id)
    assert all(minor == order.total.minor for minor, order in demo_db.execute(paid))
    assert count(demo_db, Order.currency != User.currency, Order.buyer_id == User.id) == 0


def test_every_foreign_key_holds(demo_db: Session) -> None:
    assert demo_db.execute(text("PRAGMA foreign_key_check")).all() == []


_TIMES: tuple[InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None], ...] = (
    Order.placed_at, Order.delivered_at, Order.cancelled_at, Payment.at, Shipment.shipped_at, Shipment.delivered_at,
    TrackingEvent.at, Return.requested_at, Return.refunded_at, Review.written_at, Interaction.at, Ticket.opened_at,
    Ticket.answered_at, TicketMessage.at, User.created_at, Product.listed_at, StockOut.starts_at, Promotion.starts_at,
)  # fmt: skip


@pytest.mark.parametrize("column", _TIMES, ids=str)
def test_nothing_lies_in_the_future(
    demo_db: Session, column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]
) -> None:
    newest = demo_db.scalar(select(func.max(column)))
    assert newest is not None
    assert newest <= NOW


def test_moments_are_in_order(demo_db: Session) -> None:
    assert count(demo_db, Order.placed_at < User.created_at, Order.buyer_id == User.id) == 0
    assert count(demo_db, Shipment.shipped_at <= Order.placed_at, Shipment.order_id == Order.id) == 0
    assert count(demo_db, Shipment.delivered_at <= Shipment.shipped_at) == 0
    assert count(demo_db, Return.requested_at <= Order.delivered_at, Return.order_id == Order.id) == 0
    assert count(demo_db, Return.refunded_at <= Return.requested_at) == 0
    assert count(demo_db, Ticket.opened_at < Order.placed_at, Ticket.order_id == Order.id) == 0
    assert count(demo_db, Interaction.at < User.created_at, Interaction.user_id == User.id) == 0
    scans = demo_db.execute(select(TrackingEvent.shipment_id, TrackingEvent.at).order_by(TrackingEvent.id)).all()
    assert scans == sorted(scans, key=lambda scan: (scan.shipment_id, scan.at))
