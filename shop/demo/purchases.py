"""What the parts of the demo pass on: one purchase, from basket to door."""

from dataclasses import dataclass, field

from shop.demo.people import Person
from shop.demo.places import Address


@dataclass(slots=True)
class Line:
    """A line of an order: the product's place in Wares; amounts in minor units (shop's, then buyer's currency)."""

    product: int
    quantity: int
    shop_minor: int
    unit_minor: int = 0


@dataclass(slots=True)
class Scan:
    """One event of a parcel."""

    at: int
    code: str
    city: str
    country: str


@dataclass(slots=True)
class Purchase:
    """An order as it comes about. Moments are seconds since 1970; `shop` and `warehouse` are row ids."""

    buyer: Person
    shop: int
    placed: int
    lines: list[Line]
    address: Address
    id: int = 0
    status: str = "paid"
    goods: int = 0
    freight: int = 0
    duty: int = 0
    tax: int = 0
    service: str = "standard"
    carrier: str = ""
    warehouse: int = 0
    tracking: str = ""
    dispatched: int | None = None
    promised: int = 0
    delivered: int | None = None
    cancelled: int | None = None
    scans: list[Scan] = field(default_factory=list)
    returned: tuple[str, int, int | None] | None = None  # reason, requested, refunded
    scenario: str | None = None
    device: str | None = None
    card: tuple[str, str] | None = None
    ip: str | None = None

    @property
    def total(self) -> int:
        """What the buyer pays, in minor units of the buyer's currency."""
        return self.goods + self.freight + self.duty + self.tax

    @property
    def ship_by(self) -> int:
        """Three days after the order."""
        return self.placed + 3 * 86_400
