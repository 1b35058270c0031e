"""What lies in the warehouses today, and when products could not be had."""

from collections.abc import Iterator

import numpy as np

from shop.demo.purchases import Purchase
from shop.demo.scene import DAYS, Scene, dice
from shop.demo.wares import Wares

LOW, GONE = 8, 3  # products of each shop at or below the reorder point, and out of stock
RECENT = 120  # days of sales that the reorder point looks at
_LEAD = {"nordvik": 16, "lingxi": 12, "sakura": 20, "casaluz": 18, "maple": 22}  # days to be supplied again

Span = tuple[int, int, int | None]  # product, first day, last day (None: still)


def scarce(wares: Wares, kept: set[str]) -> tuple[set[int], set[int]]:
    """Choose the products that are low, and those that are gone: the same on every day."""
    rng, low, gone = dice("scarce"), set(), set()
    for shop in range(len(wares.shops)):
        among = [
            p for p, draft in enumerate(wares.drafts)
            if wares.shop[p] == shop and draft.sku not in kept and wares.listed[p] < DAYS - 200
        ]  # fmt: skip
        chosen = [int(p) for p in rng.choice(among, min(LOW + GONE, len(among)), replace=False)]
        low |= set(chosen[GONE:])
        gone |= set(chosen[:GONE])
    return low, gone


def outs(wares: Wares, kept: set[str], gone: set[int]) -> list[Span]:
    """Spans without stock: up to two of one to four weeks for each product, and those still going on."""
    rng, spans = dice("outs"), list[Span]()
    for product, draft in enumerate(wares.drafts):
        begin = max(int(wares.listed[product]) + 30, 0)
        for _ in range(int(rng.binomial(2, 0.3))):
            length = int(rng.integers(6, 28))
            if draft.sku not in kept and begin + length < DAYS - 30:
                first = int(rng.integers(begin, DAYS - 30 - length + 1))
                spans.append((product, first, first + length))
                begin = first + length + 30
        if product in gone:
            spans.append((product, DAYS - int(rng.integers(4, 20)), None))
    return spans


def shelves(
    wares: Wares, orders: list[Purchase], low: set[int], gone: set[int], scene: Scene
) -> Iterator[dict[str, object]]:  # fmt: skip
    """Rows of Stock: demand over the lead time and its spread make the reorder point."""
    rng = dice("shelves")
    sold = np.zeros(len(wares))
    for order in orders:
        if order.placed > scene.ago(RECENT) and order.status != "cancelled":
            for line in order.lines:
                sold[line.product] += line.quantity
    first = 1
    starts = []
    for shop in wares.shops:
        starts.append(first)
        first += len(shop.warehouses)
    for product in range(len(wares)):
        shop = wares.shops[int(wares.shop[product])]
        shares = [1.0] if len(shop.warehouses) == 1 else [0.65, 0.35]
        for place, share in enumerate(shares):
            daily = sold[product] / RECENT * share
            need = daily * _LEAD[shop.code]
            point = max(3, int(np.ceil(need + 1.6 * np.sqrt(need + 0.5))))
            on_hand = point + 1 + int(rng.integers(2, 10) + daily * rng.uniform(5, 60))
            if product in low:
                on_hand = int(rng.integers(1, point + 1))
            yield {
                "warehouse_id": starts[int(wares.shop[product])] + place, "product_id": product + 1,
                "on_hand": 0 if product in gone else on_hand, "reorder_point": point,
            }  # fmt: skip
