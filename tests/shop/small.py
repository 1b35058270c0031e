"""A small shop, made by hand, in which the tests happen at `NOW`."""

from datetime import UTC, datetime, timedelta

from shop.database import Database
from shop.demo.rows import settle_sequences
from shop.people import hash_password
from shop.tables import (
    Category,
    Order,
    OrderItem,
    Payment,
    Product,
    ProductText,
    Promotion,
    Return,
    Review,
    Shipment,
    Shop,
    Stock,
    Ticket,
    TicketMessage,
    TrackingEvent,
    User,
    Warehouse,
)  # fmt: skip

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
PASSWORD = "small-shop"
NORDLYS, HANAMI = 1, 2
ANN, BOB, CHO, MERCHANT, OTHER_MERCHANT, OPERATOR = 1, 2, 3, 4, 5, 6
JACKET, SOCKS, BREAD, LAMP, HEADPHONES, TEA = 1, 2, 3, 4, 5, 6

# ann's orders, one in every status
PLACED, PAID, PACKED, SHIPPED, DELIVERED, TOO_LATE, CANCELLED, REQUESTED, RETURNED = range(1001, 1010)
# bob's and cho's
MIXED, LATE_PARCEL, LATE_TO_SHIP, FOOD, CHOS_PAID = 1010, 1011, 1012, 1013, 1014

_CURRENCY = {NORDLYS: "EUR", HANAMI: "JPY"}
_HOME = {ANN: ("US", "USD", "Ann Lee"), BOB: ("DE", "EUR", "Bob Kern"), CHO: ("JP", "JPY", "Cho Sato")}


def ago(days: float) -> datetime:
    """A moment before NOW."""
    return NOW - timedelta(days=days)


def build(database: Database) -> None:
    """Fill an empty database."""
    with database.session() as db:
        db.add_all(_shops())
        db.flush()
        db.add_all(_people())
        db.add_all(_goods())
        db.flush()
        sold = _orders()
        db.add_all([*sold, *_reviews()])
        db.flush()
        db.add_all([*_tickets(), *(_payment(order) for order in sold if order.status != "placed")])
        settle_sequences(db)


def _shops() -> list[object]:
    return [
        Shop(id=NORDLYS, code="nordlys", name="Nordlys", country="DE", currency="EUR", timezone="Europe/Berlin"),
        Shop(id=HANAMI, code="hanami", name="Hanami", country="JP", currency="JPY", timezone="Asia/Tokyo"),
        *(Category(code=code) for code in ("clothing", "groceries", "home", "electronics")),
        Warehouse(id=1, shop_id=NORDLYS, name="Hamburg", city="Hamburg", country="DE"),
        Warehouse(id=2, shop_id=NORDLYS, name="Lyon", city="Lyon", country="FR"),
        Warehouse(id=3, shop_id=HANAMI, name="Osaka", city="Osaka", country="JP"),
    ]


def _people() -> list[object]:
    def user(user_id: int, role: str, name: str, home: tuple[str, str, str], shop_id: int | None = None) -> User:
        country, currency, language = home
        return User(
            id=user_id, role=role, email=f"{name}@small.shop", name=name.title(), country=country,
            currency=currency, language=language, shop_id=shop_id, created_at=ago(400), is_active=True,
            password=hash_password(PASSWORD) if name in ("ann", "merchant") else None,
        )  # fmt: skip

    return [
        user(ANN, "shopper", "ann", ("US", "USD", "en")),
        user(BOB, "shopper", "bob", ("DE", "EUR", "de")),
        user(CHO, "shopper", "cho", ("JP", "JPY", "ja")),
        user(MERCHANT, "merchant", "merchant", ("DE", "EUR", "de"), NORDLYS),
        user(OTHER_MERCHANT, "merchant", "other", ("JP", "JPY", "ja"), HANAMI),
        user(OPERATOR, "operator", "operator", ("US", "USD", "en")),
    ]


def _goods() -> list[object]:
    return [
        # id, shop, sku, category, price in minor units, listed days ago, (stars, reviews), {warehouse: stock}
        _product(JACKET, NORDLYS, "NL-1", "clothing", 12000, 300, (9, 2), {1: 3, 2: 4}, title="Rain jacket"),
        _product(SOCKS, NORDLYS, "NL-2", "clothing", 990, 200, (5, 1), {1: 40}, title="Wool socks"),
        _product(BREAD, NORDLYS, "NL-3", "groceries", 450, 100, (0, 0), {1: 0}, title="Rye bread"),
        _product(LAMP, NORDLYS, "NL-4", "home", 3000, 50, (0, 0), {1: 9}, title="Old lamp", is_active=False),
        _product(HEADPHONES, HANAMI, "HN-1", "electronics", 12000, 20, (4, 1), {3: 2}, title="Headphones"),
        _product(TEA, HANAMI, "HN-2", "groceries", 1500, 10, (5, 1), {3: 100}, title="Green tea"),
        # 20 % on clothing beats the 5 % on all of Nordlys
        Promotion(id=1, shop_id=NORDLYS, category=None, name="Autumn", percent=5, starts_at=ago(1), ends_at=ago(-1)),
        Promotion(
            id=2,
            shop_id=NORDLYS,
            category="clothing",
            name="Wool",
            percent=20,
            starts_at=ago(1),
            ends_at=ago(-1),
        ),
        Promotion(id=3, shop_id=HANAMI, category=None, name="Over", percent=50, starts_at=ago(9), ends_at=ago(8)),
    ]


def _product(
    product_id: int, shop_id: int, sku: str, category: str, minor: int, listed: int, stars: tuple[int, int],
    stock: dict[int, int], *, title: str, is_active: bool = True,
) -> Product:  # fmt: skip
    return Product(
        id=product_id, shop_id=shop_id, sku=sku, brand="Nordlys" if shop_id == NORDLYS else "Hanami",
        category=category, kind=category, minor=minor, currency=_CURRENCY[shop_id], cost_minor=minor // 2,
        weight_g=500, length_mm=300, width_mm=200, height_mm=100, origin="DE" if shop_id == NORDLYS else "JP",
        hs_code=None, attributes={"colour": "green"}, listed_at=ago(listed), is_active=is_active,
        rating_sum=stars[0], rating_count=stars[1],
        texts=[
            ProductText(language="en", title=title, description=f"{title}, well made."),
            ProductText(language="de", title=f"{title} (de)", description=f"{title}, gut gemacht."),
        ],
        stock=[Stock(warehouse_id=where, on_hand=n, reorder_point=5) for where, n in stock.items()],
    )  # fmt: skip


def _orders() -> list[Order]:
    jacket, socks, bread = (JACKET, 1, 13000, 12000), (SOCKS, 2, 1000, 990), (BREAD, 1, 500, 450)
    return [
        _order(PLACED, ANN, NORDLYS, "placed", 0.5, [socks]),
        _order(PAID, ANN, NORDLYS, "paid", 1, [jacket]),
        _order(PACKED, ANN, NORDLYS, "packed", 2, [socks]),
        _order(SHIPPED, ANN, NORDLYS, "shipped", 6, [jacket], promised=4, events=("picked_up", "customs_in")),
        _order(DELIVERED, ANN, NORDLYS, "delivered", 15, [jacket, socks], delivered=5),
        _order(TOO_LATE, ANN, NORDLYS, "delivered", 210, [socks], delivered=200),
        _order(CANCELLED, ANN, NORDLYS, "cancelled", 30, [jacket]),
        _order(REQUESTED, ANN, NORDLYS, "return_requested", 20, [socks], delivered=10, returned="requested"),
        _order(RETURNED, ANN, NORDLYS, "returned", 55, [jacket], delivered=50, returned="refunded"),
        _order(MIXED, BOB, NORDLYS, "delivered", 12, [jacket, bread], delivered=6),
        _order(LATE_PARCEL, BOB, HANAMI, "shipped", 20, [(HEADPHONES, 1, 7500, 12000)], promised=-3),
        _order(LATE_TO_SHIP, BOB, HANAMI, "paid", 9, [(TEA, 2, 950, 1500)]),
        _order(FOOD, CHO, HANAMI, "delivered", 8, [(TEA, 3, 1500, 1500)], delivered=2),
        _order(CHOS_PAID, CHO, NORDLYS, "paid", 1, [(JACKET, 1, 19000, 12000)]),
    ]


def _order(
    order_id: int, buyer: int, shop_id: int, status: str, placed: float,
    items: list[tuple[int, int, int, int]], *, delivered: float | None = None, promised: float = 0,
    events: tuple[str, ...] = (), returned: str | None = None,
) -> Order:  # fmt: skip
    """Make an order of (product, quantity, unit in the buyer's money, unit in the shop's) placed days ago."""
    country, currency, name = _HOME[buyer]
    goods = sum(quantity * unit for _, quantity, unit, _ in items)
    order = Order(
        id=order_id, buyer_id=buyer, shop_id=shop_id, status=status, placed_at=ago(placed),
        ship_by=ago(placed - 3), delivered_at=None if delivered is None else ago(delivered),
        cancelled_at=ago(placed - 1) if status == "cancelled" else None, currency=currency, goods_minor=goods,
        freight_minor=700, duty_minor=goods // 10, tax_minor=goods // 5, name=name, street="Main Street 1",
        city="Town", postal_code="12345", country=country,
        items=[
            OrderItem(product_id=one, title=f"Product {one}", quantity=n, unit_minor=unit, shop_minor=own)
            for one, n, unit, own in items
        ],
    )  # fmt: skip
    if status in ("shipped", "delivered", "return_requested", "returned"):
        order.shipments = [_shipment(order, promised, events)]
    if returned:
        refund = goods + goods // 10 + goods // 5
        order.returns = [
            Return(
                reason="does_not_fit", note="", status=returned, requested_at=ago(4), refund_minor=refund,
                currency=currency, refunded_at=ago(2) if returned == "refunded" else None,
            )
        ]  # fmt: skip
    return order


def _payment(order: Order) -> Payment:
    return Payment(
        order_id=order.id, method="card", status="paid", minor=order.total.minor, currency=order.currency,
        card="card-1", card_country=order.country, device="device-1", ip_country=order.country,
        at=order.placed_at, is_fraud=None, fraud_scenario=None,
    )  # fmt: skip


def _shipment(order: Order, promised: float, events: tuple[str, ...]) -> Shipment:
    shipped = order.placed_at + timedelta(days=2)
    done = order.delivered_at
    codes = ("picked_up", "departed", "delivered") if done else events or ("picked_up", "departed")
    return Shipment(
        warehouse_id=1 if order.shop_id == NORDLYS else 3, carrier="Haitao Post", service="standard",
        tracking=f"HT{order.id:09d}DE", status="delivered" if done else "in_transit", shipped_at=shipped,
        promised_at=done or ago(-promised), delivered_at=done,
        events=[
            TrackingEvent(at=shipped + timedelta(hours=9 * n), code=code, city="Hamburg", country="DE")
            for n, code in enumerate(codes)
        ],
    )  # fmt: skip


def _reviews() -> list[Review]:
    rows = (
        (1, JACKET, ANN, 5),
        (2, JACKET, BOB, 4),
        (3, SOCKS, ANN, 5),
        (4, HEADPHONES, BOB, 4),
        (5, TEA, CHO, 5),
    )
    return [
        Review(
            id=n,
            product_id=product,
            user_id=user,
            language="en",
            rating=stars,
            text="Good.",
            written_at=ago(3),
        )
        for n, product, user, stars in rows
    ]


def _tickets() -> list[Ticket]:
    def ticket(number: int, user: int | None, shop_id: int | None, order: int | None, days: float) -> Ticket:
        return Ticket(
            id=number, user_id=user, shop_id=shop_id, order_id=order, summary=f"Question {number}",
            language="en", status="open", opened_at=ago(days), answered_at=None,
            messages=[TicketMessage(author_id=user, text=f"Question {number}", at=ago(days))],
        )  # fmt: skip

    return [
        ticket(501, ANN, NORDLYS, DELIVERED, 3),
        ticket(502, BOB, HANAMI, LATE_PARCEL, 2),
        ticket(503, None, None, None, 1),
    ]
