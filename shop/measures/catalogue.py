"""The measures and the dimensions: name, unit, and of what each is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shop.measures.calendar import TIMES

Unit = Literal["money", "count", "share", "number", "days"]


@dataclass(frozen=True)
class Part:
    """Something that is added up: a column of a fact. `how` distinct counts its different values.

    `sold_only` leaves out cancelled orders, `frauds` keeps payments known to be fraud that were not declined,
    `due` keeps parcels that have arrived or should have.
    """

    fact: str
    column: str
    how: Literal["sum", "distinct"] = "sum"
    only: Literal["sold", "fraud", "due", "all"] = "sold"
    is_money: bool = False
    last_days: int | None = None
    """Whatever the question's period: so many days back from now."""


@dataclass(frozen=True)
class Measure:
    """A measure: the sum of `plus` less that of `minus`, over `per` where it is a ratio, times `factor`."""

    name: str
    unit: Unit
    plus: tuple[Part, ...]
    minus: tuple[Part, ...] = ()
    per: tuple[Part, ...] = ()
    per_minus: tuple[Part, ...] = ()
    factor: int = 1
    is_good: bool = True
    """Whether more of it is better for the shop."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything that it is made of."""
        return (*self.plus, *self.minus, *self.per, *self.per_minus)

    @property
    def is_ratio(self) -> bool:
        """Whether it is a quotient, and so cannot be added up."""
        return bool(self.per)

    @property
    def is_distinct(self) -> bool:
        """Whether it counts different people or orders, of which one may stand in several rows."""
        return any(part.how == "distinct" for part in self.parts)

    @property
    def is_current(self) -> bool:
        """Whether it tells how things are now, and takes no period."""
        return any(part.fact == "stock" for part in self.parts)


_GROSS = Part("line", "gross", is_money=True)
_REFUNDED = Part("line", "refunded", is_money=True)
_COST = Part("line", "cost", is_money=True)
_UNITS = Part("line", "quantity")
_ORDERS = Part("line", "order", "distinct")

_ALL = (
    Measure("revenue", "money", (_GROSS,), (_REFUNDED,)),
    Measure("gross_sales", "money", (_GROSS,)),
    Measure("refunds", "money", (_REFUNDED,), is_good=False),
    Measure("orders", "count", (_ORDERS,)),
    Measure("units", "count", (_UNITS,)),
    Measure("buyers", "count", (Part("line", "buyer", "distinct"),)),
    Measure("average_order", "money", (_GROSS,), (_REFUNDED,), per=(_ORDERS,)),
    Measure("average_price", "money", (_GROSS,), per=(_UNITS,)),
    Measure("units_per_order", "number", (_UNITS,), per=(_ORDERS,)),
    Measure("margin", "money", (_GROSS,), (_REFUNDED, _COST)),
    Measure("margin_rate", "share", (_GROSS,), (_REFUNDED, _COST), per=(_GROSS,), per_minus=(_REFUNDED,)),
    Measure("return_rate", "share", (Part("line", "returned_quantity"),), per=(_UNITS,), is_good=False),
    Measure("returns", "count", (Part("line", "returned_order", "distinct"),), is_good=False),
    Measure("cancellations", "count", (Part("line", "cancelled_order", "distinct", "all"),), is_good=False),
    Measure(
        "cancellation_rate", "share", (Part("line", "cancelled_order", "distinct", "all"),),
        per=(Part("line", "order", "distinct", "all"),), is_good=False,
    ),
    Measure(
        "late_rate", "share", (Part("parcel", "late_parcel", "distinct", "due"),
                               Part("parcel", "overdue_parcel", "distinct", "due")),
        per=(Part("parcel", "parcel", "distinct", "due"),), is_good=False,
    ),
    Measure(
        "late_parcels", "count", (Part("parcel", "late_parcel", "distinct", "due"),
                                  Part("parcel", "overdue_parcel", "distinct", "due")), is_good=False,
    ),
    Measure("views", "count", (Part("visit", "view", only="all"),)),
    Measure("conversion", "share", (Part("visit", "buy", only="all"),), per=(Part("visit", "view", only="all"),)),
    Measure("rating", "number", (Part("review", "stars", only="all"),),
            per=(Part("review", "review", "distinct", "all"),)),
    Measure("stock", "count", (Part("stock", "on_hand", only="all"),)),
    Measure("stock_cover", "days", (Part("stock", "on_hand", only="all"),),
            per=(Part("line", "quantity", last_days=30),), factor=30),
    Measure("fraud_loss", "money", (Part("payment", "paid", only="fraud", is_money=True),), is_good=False),
)  # fmt: skip

MEASURES: Mapping[str, Measure] = {one.name: one for one in _ALL}

DIMENSIONS = (
    "product", "category", "brand", "country", "language", "customer", "carrier", "service", "warehouse", "payment",
    "shop", *TIMES,
)  # fmt: skip
