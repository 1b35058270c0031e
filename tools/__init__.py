"""Everything the assistant can do, each a plain function behind one door."""

from shop.people import Role
from tools.analytics import ask_sales
from tools.base import Tool
from tools.changes import explain_change
from tools.customs import classify_goods, landed_cost
from tools.demand import forecast_demand
from tools.orders import cancel_order, change_address, my_orders, order_queue
from tools.parcels import track_order
from tools.policies import find_policy
from tools.products import compare_products, search_products, show_product
from tools.returns import return_order
from tools.risk import hold_order, review_queue, risk_report, score_order
from tools.sales import sales_summary
from tools.screening import screen_party
from tools.stock import low_stock
from tools.supply import plan_reorder, stock_risk
from tools.tickets import answer_ticket, call_human
from tools.watches import watch_measure

TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        search_products, show_product, compare_products, find_policy, my_orders, track_order, cancel_order,
        return_order, change_address, call_human, sales_summary, ask_sales, explain_change,
        watch_measure, low_stock, order_queue, answer_ticket,
        score_order, review_queue, risk_report, hold_order, screen_party,
        landed_cost, classify_goods, forecast_demand, plan_reorder, stock_risk,
    )
}  # fmt: skip


def of(role: Role) -> list[Tool]:
    """The tools that a role may call, in the catalogue's order."""
    return [tool for tool in TOOLS.values() if role in tool.roles]


__all__ = ["TOOLS", "Tool", "of"]
