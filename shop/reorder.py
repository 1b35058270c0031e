"""When to order, and how much: the classic formulas of inventory theory.

Zipkin, Foundations of Inventory Management (2000); Snyder and Shen, Fundamentals of Supply Chain Theory (2019).
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

SERVICE = 0.95  # the share of cycles without a stock-out that is aimed at
HOLDING = 0.25  # a year, of what the goods cost
ORDERING = 8.0  # what placing one order costs, in euros
WEEKS_OF_YEAR = 52.0


@dataclass(frozen=True)
class Demand:
    """Units a week: mean and standard deviation; and the weeks until goods come: mean and standard deviation."""

    mean: float
    sd: float
    lead: float
    lead_sd: float

    @property
    def over_lead(self) -> float:
        """Expected demand until goods come."""
        return self.mean * self.lead

    @property
    def over_lead_sd(self) -> float:
        """Its standard deviation, demand and lead time being independent."""
        return math.sqrt(self.lead * self.sd**2 + (self.mean * self.lead_sd) ** 2)


def economic_order_quantity(fixed: float, holding: float, rate: float) -> float:
    """The order size that costs least (Harris 1913); `holding` and `rate` are by the same unit of time."""
    return math.sqrt(2 * fixed * rate / holding)


def newsvendor(holding: float, penalty: float, mean: float, sd: float) -> float:
    """The stock that costs least for one period of normal demand: the quantile penalty / (penalty + holding)."""
    return mean + NormalDist().inv_cdf(penalty / (penalty + holding)) * sd


def safety_stock(demand: Demand, service: float = SERVICE) -> float:
    """What is kept beside the expected demand until goods come, so that a share of the cycles has no stock-out."""
    return NormalDist().inv_cdf(service) * demand.over_lead_sd


def reorder_point(demand: Demand, service: float = SERVICE) -> float:
    """The stock at which to order."""
    return demand.over_lead + safety_stock(demand, service)


def rq(holding: float, penalty: float, fixed: float, mean: float, sd: float, lead: float) -> tuple[float, float]:
    """Reorder point and order size for normal demand, by the approximation "EOQ with safety stock"."""
    point = newsvendor(holding, penalty, mean * lead, sd * math.sqrt(lead))
    return point, economic_order_quantity(fixed, holding, mean)


def order_size(needed: float, *, minimum: int = 1, carton: int = 1) -> int:
    """Round a need up to full cartons, and to what the supplier sells at least; nothing for no need."""
    if needed <= 0:
        return 0
    return math.ceil(max(needed, minimum) / carton) * carton


def out_risk(demand: Demand, on_hand: float) -> float:
    """The chance that demand until goods come exceeds the stock (normal approximation)."""
    if demand.mean <= 0:
        return 0.0
    spread = demand.over_lead_sd
    if spread <= 0:
        return float(demand.over_lead > on_hand)
    return 1 - NormalDist(demand.over_lead, spread).cdf(on_hand)
