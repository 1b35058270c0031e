"""How a measure was computed, in the reader's words: `Revenue = Sales − Refunds`."""

from dataclasses import dataclass

from shop.measures.catalogue import Measure, Part
from shop.wording import Term, say

_NAMES = {
    "gross": "measure.gross_sales", "refunded": "measure.refunds", "cost": "part.cost", "quantity": "measure.units",
    "order": "measure.orders", "buyer": "measure.buyers", "returned_quantity": "part.returned_units",
    "cancelled_order": "measure.cancellations", "late_parcel": "measure.late_parcels", "parcel": "part.due_parcels",
    "view": "measure.views", "buy": "part.bought", "stars": "part.stars", "review": "part.reviews",
    "on_hand": "measure.stock",
}  # fmt: skip


@dataclass(frozen=True)
class Formula:
    """What a measure is made of."""

    plus: tuple[Term, ...]
    minus: tuple[Term, ...] = ()
    per: tuple[Term, ...] = ()
    per_minus: tuple[Term, ...] = ()
    days: int | None = None  # that its words name

    def words(self, language: str) -> str:
        """Write the formula with the names of its parts in a language."""
        above, below = _sum(self.plus, self.minus, language), _sum(self.per, self.per_minus, language)
        if not below:
            return above
        bracket = (f"({above})" if self.minus else above, f"({below})" if self.per_minus else below)
        return " ÷ ".join(bracket)


def formula(measure: Measure) -> Formula | None:
    """The formula of a measure, or None for one that is not made of others."""
    made = Formula(
        _terms(measure.plus), _terms(measure.minus), _terms(measure.per), _terms(measure.per_minus),
        next((part.last_days for part in (*measure.plus, *measure.per) if part.last_days is not None), None),
    )  # fmt: skip
    return made if made.minus or made.per else None


def basis(measure: Measure) -> Term:
    """By which day and without what it is counted."""
    part = measure.parts[0]
    if measure.is_current:
        return Term("basis.stock")
    return Term("basis.all" if part.fact == "line" and part.only == "all" else f"basis.{part.fact}")


def _terms(parts: tuple[Part, ...]) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(Term(_name(part)) for part in parts))


def _name(part: Part) -> str:
    if part.last_days is not None:
        return "part.daily_units"
    if part.column == "overdue_parcel":
        return _NAMES["late_parcel"]
    return "part.all_orders" if part.column == "order" and part.only == "all" else _NAMES.get(part.column, "")


def _sum(plus: tuple[Term, ...], minus: tuple[Term, ...], language: str) -> str:
    above = " + ".join(say(one.key, language) for one in plus)
    return above + "".join(f" − {say(one.key, language)}" for one in minus)
