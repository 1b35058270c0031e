"""When to order and how much: against 200 random instances that stockpyl 1.0.2 solved, and by hand."""

import csv
import math
from pathlib import Path

import pytest

from shop import reorder
from shop.reorder import Demand

REFERENCE = list(csv.DictReader((Path(__file__).parent / "reorder_reference.csv").open(encoding="utf-8")))


def test_the_formulas_are_those_of_stockpyl() -> None:
    assert len(REFERENCE) == 200
    for row in REFERENCE:
        one = {name: float(text) for name, text in row.items()}
        size = reorder.economic_order_quantity(one["fixed"], one["holding"], one["mean"])
        stock = reorder.newsvendor(one["holding"], one["penalty"], one["mean"], one["sd"])
        point, batch = reorder.rq(
            one["holding"], one["penalty"], one["fixed"], one["mean"], one["sd"], one["lead"]
        )  # fmt: skip
        assert size == pytest.approx(one["order_quantity"], rel=1e-6)
        assert stock == pytest.approx(one["newsvendor"], rel=1e-6)
        assert point == pytest.approx(one["reorder_point"], rel=1e-6)
        assert batch == pytest.approx(one["order_size"], rel=1e-6)


def test_the_reorder_point_is_demand_over_the_lead_time_and_a_safety_stock() -> None:
    steady = Demand(mean=10, sd=3, lead=4, lead_sd=0)
    assert reorder.reorder_point(steady, 0.5) == pytest.approx(10 * 4)
    assert reorder.safety_stock(steady, 0.95) == pytest.approx(1.6448536 * 3 * math.sqrt(4))
    wavering = Demand(mean=10, sd=3, lead=4, lead_sd=1)
    assert reorder.safety_stock(wavering, 0.95) == pytest.approx(1.6448536 * math.sqrt(4 * 9 + 100 * 1))


@pytest.mark.parametrize(("needed", "units"), [(0, 0), (-3, 0), (0.2, 12), (12, 12), (12.1, 18), (25, 30)])
def test_an_order_is_full_cartons_and_not_less_than_the_least(needed: float, units: int) -> None:
    assert reorder.order_size(needed, minimum=10, carton=6) == units


def test_more_stock_is_less_risk() -> None:
    demand = Demand(mean=10, sd=3, lead=4, lead_sd=1)
    risks = [reorder.out_risk(demand, stock) for stock in (0, 20, 40, 60, 80)]
    assert risks == sorted(risks, reverse=True)
    assert risks[2] == pytest.approx(0.5)
    assert reorder.out_risk(Demand(0, 0, 4, 1), 0) == 0
    assert reorder.out_risk(Demand(5, 0, 2, 0), 9) == 1
