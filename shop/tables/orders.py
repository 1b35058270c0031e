"""Orders: what was bought, paid, sent and sent back."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.money import Money
from shop.tables.base import Base, Code, Country, Currency, Id, OrderId, ProductId
from shop.tables.goods import Product
from shop.tables.people import Shop, User


class Order(Base):
    """An order of one buyer at one shop. Amounts are minor units of `currency`, the buyer's.

    `reference` is the number that an imported order had where it came from.
    """

    __tablename__ = "orders"
    __table_args__ = (
        Index("ix_orders_shop_id_placed_at", "shop_id", "placed_at"),
        UniqueConstraint("shop_id", "reference"),
    )

    id: Mapped[Id]
    reference: Mapped[str | None] = mapped_column(String(40))
    buyer_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    status: Mapped[Code] = mapped_column(index=True)
    placed_at: Mapped[datetime] = mapped_column(index=True)
    ship_by: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    currency: Mapped[Currency]
    goods_minor: Mapped[int]
    freight_minor: Mapped[int]
    duty_minor: Mapped[int]
    tax_minor: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    street: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(80))
    postal_code: Mapped[str] = mapped_column(String(20))
    country: Mapped[Country]

    buyer: Mapped[User] = relationship()
    shop: Mapped[Shop] = relationship()
    items: Mapped[list["OrderItem"]] = relationship(cascade="all, delete-orphan", back_populates="order")
    shipments: Mapped[list["Shipment"]] = relationship(back_populates="order")
    returns: Mapped[list["Return"]] = relationship(back_populates="order")

    @property
    def total(self) -> Money:
        """What the buyer paid: goods, freight, duty and tax."""
        minor = self.goods_minor + self.freight_minor + self.duty_minor + self.tax_minor
        return Money(minor, self.currency)

    @property
    def title(self) -> str:
        """The first item's title as sold."""
        return self.items[0].title if self.items else ""


class OrderItem(Base):
    """A line of an order; `title` is as sold, `shop_minor` what the shop gets in its own currency."""

    __tablename__ = "order_items"
    __table_args__ = (Index("ix_order_items_sold", "order_id", "product_id", "quantity", "shop_minor"),)

    id: Mapped[Id]
    order_id: Mapped[OrderId]
    product_id: Mapped[ProductId]
    title: Mapped[str] = mapped_column(String(300))
    quantity: Mapped[int]
    unit_minor: Mapped[int]
    shop_minor: Mapped[int]

    order: Mapped[Order] = relationship(back_populates="items")
    product: Mapped[Product] = relationship()


class Payment(Base):
    """How an order was paid, with what a risk model may look at. `is_fraud` is known late or never."""

    __tablename__ = "payments"

    id: Mapped[Id]
    order_id: Mapped[OrderId]
    method: Mapped[Code]
    status: Mapped[Code]
    minor: Mapped[int]
    currency: Mapped[Currency]
    card: Mapped[str | None] = mapped_column(String(32), index=True)
    card_country: Mapped[str | None] = mapped_column(String(2))
    device: Mapped[str] = mapped_column(String(32), index=True)
    ip_country: Mapped[Country]
    at: Mapped[datetime] = mapped_column(index=True)
    is_fraud: Mapped[bool | None]
    fraud_scenario: Mapped[str | None] = mapped_column(String(40))


class Shipment(Base):
    """A parcel on its way."""

    __tablename__ = "shipments"

    id: Mapped[Id]
    order_id: Mapped[OrderId]
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouses.id"))
    carrier: Mapped[str] = mapped_column(String(80))
    service: Mapped[Code]
    tracking: Mapped[str] = mapped_column(String(40), unique=True)
    status: Mapped[Code]
    shipped_at: Mapped[datetime]
    promised_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(back_populates="shipments")
    events: Mapped[list["TrackingEvent"]] = relationship(order_by="TrackingEvent.at")


class TrackingEvent(Base):
    """One scan of a parcel; `code` is canonical (`customs_in`), its words stand in the catalogue."""

    __tablename__ = "tracking_events"

    id: Mapped[Id]
    shipment_id: Mapped[int] = mapped_column(ForeignKey("shipments.id"), index=True)
    at: Mapped[datetime]
    code: Mapped[Code]
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[Country]


class Return(Base):
    """A wish to send an order back; status requested, approved, received, refunded or refused."""

    __tablename__ = "returns"

    id: Mapped[Id]
    order_id: Mapped[OrderId]
    reason: Mapped[Code]
    note: Mapped[str] = mapped_column(Text)
    status: Mapped[Code]
    requested_at: Mapped[datetime] = mapped_column(index=True)
    refunded_at: Mapped[datetime | None]
    refund_minor: Mapped[int]
    currency: Mapped[Currency]

    order: Mapped[Order] = relationship(back_populates="returns")

    @property
    def refund(self) -> Money:
        """What the buyer gets back."""
        return Money(self.refund_minor, self.currency)
