"""Everything the assistant can do, each a plain function behind one door."""

from shop.people import Role
from tools.analytics import ask_sales
from tools.base import Tool
from tools.changes import explain_change
from tools.orders import cancel_order, change_address, my_orders, order_queue
from tools.parcels import track_order
from tools.policies import find_policy
from tools.products import compare_products, search_products, show_product
from tools.returns import return_order
from tools.sales import sales_summary
from tools.stock import low_stock
from tools.tickets import answer_ticket, call_human
from tools.watches import watch_measure

TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        search_products, show_product, compare_products, find_policy, my_orders, track_order, cancel_order,
        return_order, change_address, call_human, sales_summary, ask_sales, explain_change,
        watch_measure, low_stock, order_queue, answer_ticket,
    )
}  # fmt: skip


def of(role: Role) -> list[Tool]:
    """The tools that a role may call, in the catalogue's order."""
    return [tool for tool in TOOLS.values() if role in tool.roles]


__all__ = ["TOOLS", "Tool", "of"]
