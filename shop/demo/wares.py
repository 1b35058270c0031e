"""The catalogue's products as columns of numbers, for drawing many purchases quickly."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shop.demo import catalogue
from shop.demo.places import places
from shop.demo.scene import DAYS, Scene, dice
from shop.demo.seasons import Sale
from shop.offers import reduced

YOUNG = 12  # products listed in the last six days

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Wares:
    """The products that the demo's people buy; `shop`, `category`, `brand` and `kind` are places in lists.

    `listed` is in days of the demo (negative: before its start); `price[p, day]` in minor units of the shop.
    """

    drafts: list[catalogue.Draft]
    shops: list[catalogue.ShopDraft]
    categories: list[str]
    brands: list[str]
    shop: Ints
    category: Ints
    brand: Ints
    kind: Ints
    price_level: Floats
    listed: Ints
    price: Ints

    def __len__(self) -> int:
        return len(self.drafts)

    @cached_property
    def unions(self) -> list[set[str]]:
        """For each shop the customs unions it sends from."""
        return [{places()[house.country].union for house in shop.warehouses} for shop in self.shops]

    @cached_property
    def by_sku(self) -> dict[str, int]:
        """A product's place by SKU."""
        return {draft.sku: place for place, draft in enumerate(self.drafts)}

    def percent(self, sales: list[Sale], scene: Scene) -> Ints:
        """Reduction in percent: shop × category × day. Of several sales the best one counts."""
        table = np.zeros((len(self.shops), len(self.categories), DAYS + 1), dtype=np.int64)
        codes = [shop.code for shop in self.shops]
        for sale in sales:
            first, last = ((day - scene.date(0)).days for day in (sale.first, sale.last))
            kinds = slice(None) if sale.category is None else self.categories.index(sale.category)
            part = table[codes.index(sale.shop), kinds, max(first, 0) : last + 1]
            np.maximum(part, sale.percent, out=part)
        return table

    def paid(self, product: int, day: int, percent: int) -> int:
        """What a product cost on a day, in minor units of its shop's currency."""
        return reduced(int(self.price[product, day]), percent)


def column(drafts: list[catalogue.Draft], shops: list[catalogue.ShopDraft], kept: set[str]) -> Wares:
    """Put drafts into columns. Products in `kept` were there from the start, at one price."""
    rng = dice("wares")
    categories = list(dict.fromkeys(draft.category for draft in drafts))
    brands = sorted({draft.brand for draft in drafts})
    kinds = sorted({draft.kind for draft in drafts})
    codes = [shop.code for shop in shops]
    fixed = np.array([draft.sku in kept for draft in drafts])
    category = np.array([categories.index(draft.category) for draft in drafts])
    shop = np.array([codes.index(draft.shop) for draft in drafts])
    minor = np.array([draft.price_minor for draft in drafts])
    return Wares(
        drafts, shops, categories, brands, shop, category,
        np.array([brands.index(draft.brand) for draft in drafts]),
        np.array([kinds.index(draft.kind) for draft in drafts]),
        _levels(np.log(minor), category * len(shops) + shop), _listed(fixed, rng), _prices(minor, fixed, rng),
    )  # fmt: skip


def moment_listed(wares: Wares, place: int, scene: Scene) -> int:
    """When a product was listed, in seconds since 1970."""
    return scene.midnight(int(wares.listed[place])) + 3 * 3600 + place % 7200


def _levels(logs: Floats, group: Ints) -> Floats:
    """How dear each product is among its shop's and category's, in standard deviations, −2 … 2."""
    found = np.zeros(len(logs))
    for one in np.unique(group):
        among = logs[group == one]
        found[group == one] = (among - among.mean()) / (among.std() + 0.05)
    return np.clip(found, -2, 2) / 2


def _listed(fixed: NDArray[np.bool_], rng: np.random.Generator) -> Ints:
    """Two thirds were there before; the others came since, some this week."""
    listed = rng.integers(-400, -1, len(fixed))
    later = rng.random(len(fixed)) < 0.3
    listed[later] = rng.integers(0, DAYS - 30, later.sum())
    listed[rng.choice(np.flatnonzero(~fixed), min(YOUNG, int((~fixed).sum())), replace=False)] = DAYS - 5
    listed[fixed] = -200
    return listed


def _prices(minor: Ints, fixed: NDArray[np.bool_], rng: np.random.Generator) -> Ints:
    """Up to three changes of the price on the way to today's, each by at most an eighth."""
    table = np.repeat(minor[:, None], DAYS + 1, axis=1)
    for product in np.flatnonzero(~fixed):
        for until in np.sort(rng.integers(20, DAYS - 20, rng.integers(0, 4)))[::-1]:
            digit = 10 if minor[product] > 2000 else 1
            old = table[product, 0] * rng.uniform(0.88, 1.12)
            table[product, :until] = max(digit, round(old / digit) * digit - (digit > 1))
    return table
