"""What a screen can draw of a tool's result. Values stay typed; the screen writes them in the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from shop.labels import Country, Month, Quarter, Tongue, Weekday
from shop.money import Money
from shop.wording import Percent, Term, Worded

Cell: TypeAlias = (
    str
    | int
    | float
    | Money
    | date
    | datetime
    | Term
    | Percent
    | Month
    | Quarter
    | Weekday
    | Country
    | Tongue
    | Worded
    | None
)


@dataclass(frozen=True)
class Card:
    """A product: `price` is what the reader pays now, in the reader's currency; `regular` only if reduced."""

    product_id: int
    sku: str
    title: str
    brand: str
    shop: str
    category: str
    colour: str | None
    price: Money
    regular: Money | None
    rating: float | None
    reviews: int
    in_stock: int
    note: str = ""


@dataclass(frozen=True)
class Cards:
    """Products side by side, best first."""

    items: tuple[Card, ...]


@dataclass(frozen=True)
class Table:
    """Rows under headings; headings are phrase keys (`view.orders`)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""


@dataclass(frozen=True)
class Step:
    """One event of a parcel."""

    at: datetime
    code: str
    city: str
    country: str


@dataclass(frozen=True)
class Parcel:
    """A parcel's way: the steps done, oldest first."""

    order_id: int
    tracking: str
    carrier: str
    status: str
    promised_at: datetime
    delivered_at: datetime | None
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Line:
    """A line of an order."""

    product_id: int
    title: str
    quantity: int
    unit: Money


@dataclass(frozen=True)
class OrderView:
    """An order with its lines and the sum."""

    order_id: int
    status: str
    placed_at: datetime
    lines: tuple[Line, ...]
    total: Money
    address: str


@dataclass(frozen=True)
class Series:
    """A chart: a line over time or bars by label; `low` and `high` are the range around each value, if any."""

    title: str
    labels: tuple[Cell, ...]
    values: tuple[float, ...]
    unit: str
    kind: str = "bar"
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """One way to answer a question; `message` is what a click says in the chat."""

    id: int
    title: str
    message: str


@dataclass(frozen=True)
class Question:
    """Which of these do you mean?"""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Stack:
    """Several views under one another."""

    views: tuple["View", ...]


View: TypeAlias = Cards | Table | Parcel | OrderView | Series | Question | Stack
