"""The tables are the nouns of the domain."""

from shop.tables.base import Base
from shop.tables.desk import Audit, Conversation, Outbox, Proposal, Ticket, TicketMessage, Turn, Watch
from shop.tables.goods import (
    Category,
    CategoryText,
    Interaction,
    Product,
    ProductText,
    Promotion,
    Review,
    Stock,
    StockOut,
)
from shop.tables.orders import Order, OrderItem, Payment, Return, Shipment, TrackingEvent
from shop.tables.people import Shop, User, Warehouse
from shop.tables.risk import Hold, RiskEvent, RiskRow

__all__ = [
    "Audit", "Base", "Category", "CategoryText", "Conversation", "Hold", "Interaction", "Order", "OrderItem",
    "Outbox", "Payment", "Product", "ProductText", "Promotion", "Proposal", "Return", "Review",
    "RiskEvent", "RiskRow",
    "Shipment", "Shop", "Stock", "StockOut", "Ticket", "TicketMessage", "TrackingEvent", "Turn",
    "User", "Warehouse", "Watch",
]  # fmt: skip
