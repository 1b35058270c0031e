"""Customs duty on a consignment, item by item."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shop.customs import lookup
from shop.customs.lookup import Rule
from shop.customs.records import Fact
from shop.money import Money

Found = tuple[str, Money | None, Rule]  # kind, amount, rule


@dataclass(frozen=True)
class Dutiable:
    """What duty is taken of: by item the value of the goods and the freight and insurance that it bears."""

    origin: str
    destination: str
    currency: str
    day: date
    hs: tuple[str | None, ...]
    goods: tuple[Decimal, ...]
    along: tuple[Decimal, ...]
    carried: Decimal

    @property
    def is_border(self) -> bool:
        """Whether the consignment passes customs."""
        return lookup.is_border(self.origin, self.destination)

    def passes(self, limit: Fact) -> bool | None:
        """Whether the value that counts is above a limit; None where the limit has no amount."""
        if limit.value is None:
            return None
        land = lookup.country(self.destination)
        counted = sum(self.goods) + (self.carried if land.threshold_on == "cif" else 0)
        return lookup.exchange(Decimal(counted), self.currency, limit.currency, self.day) > limit.value

    def is_under(self, amount: Decimal, limit: Fact) -> bool:
        """Whether an amount is not above a limit."""
        return limit.value is not None and (
            lookup.exchange(amount, self.currency, limit.currency, self.day) <= limit.value
        )

    def money(self, of: Fact) -> Money | None:
        """The amount of a rule in its own currency."""
        return None if of.value is None or not of.currency else Money.of(of.value, of.currency)

    def value(self, place: int) -> Decimal:
        """What an item's duty is a percentage of."""
        is_cif = lookup.country(self.destination).duty_on == "cif"
        return self.goods[place] + (self.along[place] if is_cif else 0)

    def tax_base(self, place: int) -> Decimal:
        """What an item's tax is a percentage of, without duty; across no border freight counts everywhere."""
        is_all = not self.is_border or lookup.country(self.destination).tax_on == "cif_duty"
        return self.goods[place] + (self.along[place] if is_all else 0)


@dataclass(frozen=True)
class Duty:
    """The lines, and what each item bears (as rounded in its line)."""

    lines: tuple[Found, ...]
    by_item: tuple[Decimal, ...]


def duties(of: Dutiable) -> Duty:
    """Find the duty: none inside a union, flat or none for small consignments, else by HS code."""
    nothing = tuple(Decimal(0) for _ in of.hs)
    land = lookup.country(of.destination)
    if not of.is_border:
        return Duty((_free(of, Rule("rule.duty_union", land.source, land.as_of)),), nothing)
    limit = lookup.fact(of.destination, "limit", of.day)
    if limit and of.passes(limit):
        rule = Rule("rule.over_limit", limit.source, limit.as_of, amount=of.money(limit))
        return Duty((("duty", None, rule),), nothing)
    flat = lookup.fact(of.destination, "parcel_limit", of.day)
    if flat and of.passes(flat) is False:
        return _flat(of)
    free = lookup.fact(of.destination, "duty_free", of.day)
    if free and of.passes(free) is False:
        rule = Rule("rule.duty_free", free.source, free.as_of, amount=of.money(free))
        return Duty((_free(of, rule),), nothing)
    banded = _banded(of)
    return banded or _by_code(of)


def _free(of: Dutiable, rule: Rule) -> Found:
    return "duty", Money(0, of.currency), rule


def _flat(of: Dutiable) -> Duty:
    """A fixed amount for each tariff subheading; an item without a code counts as a subheading of its own."""
    each = lookup.fact(of.destination, "parcel_duty", of.day)
    if each is None or each.value is None:
        return _by_code(of)
    groups: dict[str, list[int]] = {}
    for place, hs in enumerate(of.hs):
        groups.setdefault(hs[:6] if hs else f"#{place}", []).append(place)
    one = lookup.exchange(each.value, each.currency, of.currency, of.day)
    amount = Money.of(one * len(groups), of.currency)
    per_group = amount.amount / len(groups)
    by_item = {place: per_group / len(places) for places in groups.values() for place in places}
    rule = Rule("rule.parcel_duty", each.source, each.as_of, amount=of.money(each))
    return Duty((("parcel_duty", amount, rule),), tuple(by_item[place] for place in range(len(of.hs))))


def _banded(of: Dutiable) -> Duty | None:
    """Two rates by value, the higher one less a relief; None in a country without them."""
    low, high, band, relief = (
        lookup.fact(of.destination, name, of.day) for name in ("duty_low", "duty_high", "band", "relief")
    )
    if not (low and high and band and relief and low.value and high.value and relief.value):
        return None
    values = [of.value(place) for place in range(len(of.hs))]
    whole = sum(values, Decimal(0))
    if of.passes(band):
        less = lookup.exchange(relief.value, relief.currency, of.currency, of.day)
        rule = Rule("rule.duty_less", high.source, high.as_of, high.value, of.money(relief))
        amount = Money.of(max(whole * high.value / 100 - less, Decimal(0)), of.currency)
    else:
        rule = Rule("rule.duty_low", low.source, low.as_of, low.value, of.money(band))
        amount = Money.of(whole * low.value / 100, of.currency)
    shares = tuple(amount.amount * value / (whole or Decimal(1)) for value in values)
    return Duty((("duty", amount, rule),), shares)


def _by_code(of: Dutiable) -> Duty:
    """A percentage by HS code; without a code, or where no row knows it, not known."""
    lines: list[Found] = []
    by_item: list[Decimal] = []
    land = lookup.country(of.destination)
    for place, hs in enumerate(of.hs):
        rate = lookup.duty(of.destination, hs)
        if hs is None or rate is None or rate.percent is None:
            key = "rule.hs_missing" if hs is None else "rule.duty_unknown"
            where = rate or land
            lines.append(("duty", None, Rule(key, where.source, where.as_of, hs=hs)))
            by_item.append(Decimal(0))
            continue
        amount = Money.of(of.value(place) * rate.percent / 100, of.currency)
        lines.append(("duty", amount, Rule("rule.duty", rate.source, rate.as_of, rate.percent, hs=hs)))
        by_item.append(amount.amount)
    return _with_extra(of, _waived(of, Duty(tuple(lines), tuple(by_item))))


def _waived(of: Dutiable, duty: Duty) -> Duty:
    """No duty where all of it together is so little that the country does not collect it."""
    waived = lookup.fact(of.destination, "duty_waived", of.day)
    if not waived or any(amount is None for _, amount, _ in duty.lines):
        return duty
    if not of.is_under(sum(duty.by_item, Decimal(0)), waived):
        return duty
    rule = Rule("rule.duty_waived", waived.source, waived.as_of, amount=of.money(waived))
    return Duty((_free(of, rule),), tuple(Decimal(0) for _ in of.hs))


def _with_extra(of: Dutiable, duty: Duty) -> Duty:
    """Add that there are further duties which are not known."""
    extra = lookup.fact(of.destination, "duty_extra", of.day)
    if not extra:
        return duty
    return Duty((*duty.lines, ("duty", None, Rule("rule.duty_extra", extra.source, extra.as_of))), duty.by_item)
