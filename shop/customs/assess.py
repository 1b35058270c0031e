"""The landed cost of a consignment: what each line is, by which rule, and what is not known.

All amounts are in the consignment's currency, each line rounded half up to its minor unit; the total is the sum of
the lines. A line that is not known has no amount, and the total is then "at least".
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shop.customs import lookup
from shop.customs.duty import Dutiable, Duty, duties
from shop.customs.lookup import Rule
from shop.errors import ShopError
from shop.money import Money

TERMS = ("DDP", "DAP")
PRICE = Rule("rule.price", "the shop's price", date.min)
FOOD = ("01", "24")  # chapters of the Harmonized System where many countries tax food less
PRINTED = ("49", "30")  # books, medicines


@dataclass(frozen=True)
class Item:
    """Goods of one kind: the price of one (what is paid, after discounts), how many, the HS code if it is known."""

    price: Money
    quantity: int
    hs: str | None = None


@dataclass(frozen=True)
class Consignment:
    """What travels together from `origin` to `destination` (ISO 3166), under DDP or DAP (Incoterms 2020), on a day."""

    origin: str
    destination: str
    items: tuple[Item, ...]
    freight: Money
    insurance: Money
    day: date
    terms: str = "DDP"


@dataclass(frozen=True)
class Line:
    """One line of the cost: `kind` is goods, freight, insurance, duty, parcel_duty, tax or fee; None = not known."""

    kind: str
    amount: Money | None
    rule: Rule


@dataclass(frozen=True)
class Share:
    """What of duty and tax one item bears, not rounded, without the tax on freight: what a return gives back."""

    duty: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Estimate:
    """The lines and their sum; `shares` are by item, `at_door` is what the buyer pays to the carrier under DAP."""

    lines: tuple[Line, ...]
    total: Money
    at_door: Money
    shares: tuple[Share, ...] = field(default=())

    @property
    def is_complete(self) -> bool:
        """Whether every line is known."""
        return all(line.amount is not None for line in self.lines)

    def amount(self, kind: str) -> Money:
        """What the known lines of a kind add up to."""
        known = [line.amount for line in self.lines if line.kind == kind and line.amount is not None]
        return sum(known, Money(0, self.total.currency))


def assess(consignment: Consignment) -> Estimate:
    """Say what a consignment costs at the door.

    Raises ShopError for a country without rules, an HS code that is none, a quantity under 1, terms other than DDP
    and DAP, and a currency without a rate.
    """
    _check(consignment)
    currency = consignment.freight.currency
    goods = Money(sum(one.price.minor * one.quantity for one in consignment.items), currency)
    lines = [Line("goods", goods, PRICE)]
    lines += [Line("freight", consignment.freight, Rule("rule.freight", "the shop's tariff", date.min))]
    lines += [Line("insurance", consignment.insurance, Rule("rule.insurance", "the shop's tariff", date.min))]
    found = _dutiable(consignment, goods)
    duty = duties(found)
    lines += [Line(kind, amount, rule) for kind, amount, rule in duty.lines]
    tax, shares = _tax(found, duty)
    lines += tax
    lines += _fees(consignment, lines)
    total = sum((line.amount for line in lines if line.amount is not None), Money(0, currency))
    return Estimate(tuple(lines), total, _at_door(consignment, lines), shares)


def refund(consignment: Consignment, estimate: Estimate, returned: dict[int, int]) -> Money:
    """What comes back for returned items (place in the consignment → how many): their price, duty and tax.

    Freight, insurance and fees stay paid, as the shop's rule `refunds.amount` says. Raises ShopError `error.quantity`
    for more than were bought.
    """
    exact = Decimal(0)
    for place, count in returned.items():
        item, share = consignment.items[place], estimate.shares[place]
        if not 0 < count <= item.quantity:
            raise ShopError("error.quantity", quantity=count, most=item.quantity)
        exact += item.price.amount * count + (share.duty + share.tax) * count / item.quantity
    return Money.of(exact, consignment.freight.currency)


def _check(consignment: Consignment) -> None:
    lookup.country(consignment.destination)
    if consignment.terms not in TERMS:
        raise ValueError(f"{consignment.terms} are no terms")
    for item in consignment.items:
        if item.quantity < 1 or item.price.minor < 0:
            raise ShopError("error.quantity", quantity=item.quantity, most=999)
        if item.hs is not None:
            lookup.digits(item.hs)


def _dutiable(consignment: Consignment, goods: Money) -> Dutiable:
    """The values that duty and tax are taken of: freight and insurance are shared out by value."""
    along = consignment.freight.amount + consignment.insurance.amount
    values = [one.price.amount * one.quantity for one in consignment.items]
    whole = goods.amount or Decimal(1)
    return Dutiable(
        consignment.origin, consignment.destination, goods.currency, consignment.day,
        hs=tuple(None if one.hs is None else lookup.digits(one.hs) for one in consignment.items),
        goods=tuple(values), along=tuple(along * value / whole for value in values), carried=along,
    )  # fmt: skip


def _tax(of: Dutiable, duty: Duty) -> tuple[list[Line], tuple[Share, ...]]:
    """The lines of VAT or GST, one a rate, and what each item bears."""
    land = lookup.country(of.destination)
    none = tuple(Share(one, Decimal(0)) for one in duty.by_item)
    general = lookup.fact(of.destination, "tax_rate", of.day)
    if of.is_border:
        free = lookup.fact(of.destination, "tax_free", of.day)
        if free and of.passes(free) is False:
            rule = Rule("rule.tax_free", free.source, free.as_of, amount=of.money(free))
            return [Line("tax", Money(0, of.currency), rule)], none
    if general is None or general.value is None:
        return [Line("tax", None, Rule("rule.tax_unknown", land.source, land.as_of))], none
    if not general.value:
        return [Line("tax", Money(0, of.currency), Rule("rule.tax_none", general.source, general.as_of))], none
    rates = [lookup.reduced(of.destination, hs) for hs in of.hs]
    percents = [general.value if one is None or one.percent is None else one.percent for one in rates]
    lines = []
    for percent in dict.fromkeys(percents):
        mine = [place for place, one in enumerate(percents) if one == percent]
        base = sum((of.tax_base(place) + duty.by_item[place] for place in mine), Decimal(0))
        amount = Money.of(base * percent / 100, of.currency)
        row = rates[mine[0]] or general
        lines.append(
            Line("tax", amount, _tax_rule(of, percent, row.source, row.as_of, mine, is_general=row is general))
        )
    shares = tuple(
        Share(duty.by_item[place], (of.goods[place] + duty.by_item[place]) * percents[place] / 100)
        for place in range(len(percents))
    )
    waived = lookup.fact(of.destination, "tax_waived", of.day)
    if waived and of.is_border and of.is_under(sum((line.amount.amount for line in lines if line.amount), Decimal(0)),
                                               waived):  # fmt: skip
        rule = Rule("rule.tax_waived", waived.source, waived.as_of, amount=of.money(waived))
        return [Line("tax", Money(0, of.currency), rule)], none
    extra = lookup.fact(of.destination, "tax_extra", of.day)
    if extra:
        lines.append(Line("tax", None, Rule("rule.tax_extra", extra.source, extra.as_of)))
    return lines, shares


def _tax_rule(
    of: Dutiable, percent: Decimal, source: str, as_of: date, mine: list[int], *, is_general: bool
) -> Rule:  # fmt: skip
    seller = lookup.fact(of.destination, "seller_tax", of.day)
    if is_general and any(_may_be_less(of.hs[place]) for place in mine):
        return Rule("rule.tax_maybe_less", source, as_of, percent)
    if of.is_border and seller and of.passes(seller) is False:
        return Rule("rule.tax_seller", f"{source}; {seller.source}", as_of, percent, of.money(seller))
    return Rule("rule.tax", source, as_of, percent)


def _may_be_less(hs: str | None) -> bool:
    return hs is not None and (FOOD[0] <= hs[:2] < FOOD[1] or hs[:2] in PRINTED)


def _fees(consignment: Consignment, lines: list[Line]) -> list[Line]:
    """What a carrier takes for clearing goods whose import charges are paid at the door."""
    if consignment.terms == "DDP" or not _charged(lines):
        return []
    fee = lookup.fact(consignment.destination, "handling", consignment.day)
    if fee is None or fee.value is None:
        land = lookup.country(consignment.destination)
        return [Line("fee", None, Rule("rule.fee_unknown", land.source, land.as_of))]
    exact = lookup.exchange(fee.value, fee.currency, consignment.freight.currency, consignment.day)
    amount = Money.of(exact, consignment.freight.currency)
    return [Line("fee", amount, Rule("rule.fee", fee.source, fee.as_of))]


def _at_door(consignment: Consignment, lines: list[Line]) -> Money:
    none = Money(0, consignment.freight.currency)
    if consignment.terms == "DDP":
        return none
    fees = [line.amount for line in lines if line.kind == "fee" and line.amount is not None]
    return sum([*_charged(lines), *fees], none)


def _charged(lines: list[Line]) -> list[Money]:
    """Import charges that the seller has not collected at checkout."""
    kinds = ("duty", "parcel_duty", "tax")
    return [
        line.amount for line in lines
        if line.kind in kinds and line.rule.key not in ("rule.tax_seller", "rule.duty_union")
        and line.amount is not None and line.amount.minor
    ]  # fmt: skip
