"""What goods cost at a door in another country: duty, tax, fees and freight, each with its rule, source and date."""

from shop.customs.assess import Consignment, Estimate, Item, Line, assess, refund
from shop.customs.freight import Parcel, Quote, cheapest, insurance, quote
from shop.customs.lookup import Rule, barred, countries, is_covered
from shop.customs.names import named

__all__ = [
    "Consignment", "Estimate", "Item", "Line", "Parcel", "Quote", "Rule", "assess", "barred", "cheapest",
    "countries", "insurance", "is_covered", "named", "quote", "refund",
]  # fmt: skip
