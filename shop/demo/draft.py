"""What the catalogue hands over: products, categories and shops before they are in the database."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """One product before it is in the database.

    `price_minor` is in minor units of `currency`; `size_mm` is length, width, height; `origin` ISO 3166;
    `titles` and `descriptions` have one text per language; `popularity` has a heavy tail (median about 1.8);
    `rating_bias` is the mean of the stars it tends to get, 3.2 to 4.8; `hostile` marks texts that try to give
    orders to a language model.
    """

    sku: str
    shop: str
    brand: str
    category: str
    kind: str
    price_minor: int
    currency: str
    weight_g: int
    size_mm: tuple[int, int, int]
    origin: str
    hs_code: str
    attributes: Mapping[str, str]
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    listed_days_ago: int
    popularity: float
    rating_bias: float
    hostile: bool = False


@dataclass(frozen=True)
class CategoryDraft:
    """A category: its code, its name and a few everyday search words per language."""

    code: str
    names: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class WarehouseDraft:
    """Where a shop keeps its goods."""

    city: str
    country: str


@dataclass(frozen=True)
class ShopDraft:
    """A merchant's shop; the first warehouse is the main one."""

    code: str
    name: str
    country: str
    currency: str
    timezone: str
    warehouses: tuple[WarehouseDraft, ...]
    carriers: tuple[str, ...]
