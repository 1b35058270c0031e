"""A good call of every tool, and calls that end in each other way a tool can answer."""

from typing import NamedTuple

from tests.shop import small


class Ask(NamedTuple):
    """A call: who makes it, of which tool, with what."""

    who: str
    tool: str
    arguments: dict[str, object]


HOME: dict[str, object] = {"street": "Oak Street 12", "city": "Springfield", "postal_code": "62704"}

GOOD = (
    Ask("guest", "search_products", {"query": "rain jacket"}),
    Ask("guest", "show_product", {"product_id": small.JACKET}),
    Ask("ann", "compare_products", {"product_ids": [small.JACKET, small.SOCKS]}),
    Ask("ann", "find_policy", {"question": "Who pays the customs duties?"}),
    Ask("ann", "my_orders", {}),
    Ask("ann", "track_order", {"order_id": small.SHIPPED}),
    Ask("ann", "cancel_order", {"order_id": small.PAID}),
    Ask("ann", "return_order", {"order_id": small.DELIVERED, "reason": "damaged", "note": "torn"}),
    Ask("ann", "change_address", {"order_id": small.PAID, **HOME}),
    Ask("guest", "call_human", {"summary": "I have a question about 3 jackets."}),
    Ask("merchant", "sales_summary", {"period": "last_30_days", "group_by": "product"}),
    Ask("merchant", "ask_sales", {"question": "margin by category since June"}),
    Ask("merchant", "explain_change", {"question": "why did revenue change since 2026-10-15"}),
    Ask("merchant", "watch_measure", {"question": "tell me when the return rate passes 8 %"}),
    Ask("merchant", "low_stock", {}),
    Ask("merchant", "order_queue", {}),
    Ask("merchant", "answer_ticket", {"ticket_id": 501, "text": "It ships within 2 days."}),
    Ask("merchant", "score_order", {"order_id": small.PAID}),
    Ask("merchant", "review_queue", {}),
    Ask("merchant", "risk_report", {"period": "last_30_days"}),
    Ask("merchant", "hold_order", {"order_id": small.PAID, "action": "hold", "note": "two cards"}),
    Ask("operator", "screen_party", {"name": "Аркадий Волкодавский"}),
    Ask("guest", "landed_cost", {"product_id": small.HEADPHONES, "quantity": 2, "country": "DE"}),
    Ask("merchant", "classify_goods", {"title": "wool socks"}),
    Ask("merchant", "forecast_demand", {"weeks": 4}),
    Ask("merchant", "plan_reorder", {}),
    Ask("merchant", "stock_risk", {}),
)
"""One for each tool, in the catalogue's order of nouns."""

WRITES = tuple(ask for ask in GOOD if ask.tool in ("cancel_order", "return_order", "change_address", "call_human",
                                                   "answer_ticket", "hold_order", "watch_measure"))  # fmt: skip

OTHER = (
    Ask("ann", "search_products", {"query": "rain jacket", "max_price": 5.0}),
    Ask("ann", "search_products", {"query": "rye bread", "in_stock": True}),
    Ask("ann", "search_products", {"query": "rain jacket", "max_price": 900.0, "sort": "cheapest"}),
    Ask("bob", "search_products", {"query": "tea", "min_price": 1.0, "sort": "newest"}),
    Ask("cho", "search_products", {"sort": "best_rated"}),
    Ask("cho", "search_products", {"query": "headphones", "sort": "most_expensive", "currency": "EUR"}),
    Ask("ann", "show_product", {"product_id": small.BREAD}),
    Ask("cho", "compare_products", {"product_ids": [small.TEA, small.BREAD]}),
    Ask("ann", "find_policy", {"question": "How tall is the Eiffel tower?"}),
    Ask("ann", "my_orders", {"status": "open"}),
    Ask("bob", "my_orders", {"status": "cancelled"}),
    Ask("ann", "track_order", {"order_id": small.DELIVERED}),
    Ask("bob", "track_order", {}),
    Ask("ann", "cancel_order", {}),
    Ask("ann", "call_human", {"summary": "Order 1005 is torn", "order_id": small.DELIVERED}),
    Ask("merchant", "sales_summary", {"period": "all_time", "group_by": "month"}),
    Ask("merchant", "sales_summary", {"period": "this_year", "group_by": "category"}),
    Ask("other_merchant", "sales_summary", {"period": "last_month", "group_by": "country"}),
    Ask("operator", "sales_summary", {"period": "last_30_days", "group_by": "day"}),
    Ask("operator", "sales_summary", {"period": "today"}),
    Ask("other_merchant", "low_stock", {}),
    Ask("operator", "order_queue", {"status": "all"}),
    Ask("merchant", "order_queue", {"status": "late"}),
    Ask("other_merchant", "order_queue", {"status": "return_requested"}),
    Ask("merchant", "answer_ticket", {}),
    Ask("operator", "answer_ticket", {"ticket_id": 503}),
    Ask("operator", "score_order", {"order_id": small.CHOS_PAID}),
    Ask("merchant", "score_order", {"order_id": small.PLACED}),
    Ask("operator", "risk_report", {"period": "all_time"}),
    Ask("merchant", "screen_party", {"name": "Anna Muster"}),
    Ask("bob", "landed_cost", {"product_id": small.SOCKS, "terms": "DAP", "country": "GB"}),
    Ask("merchant", "landed_cost", {"product_id": small.TEA, "country": "US", "service": "express"}),
    Ask("operator", "forecast_demand", {"category": "groceries", "weeks": 26}),
    Ask("other_merchant", "plan_reorder", {}),
    Ask("other_merchant", "stock_risk", {"limit": 1}),
)
"""Nothing found, only something near, a question back, sold out, late, every sort and group."""

FAILING = (
    Ask("ann", "show_product", {"product_id": 999999}),
    Ask("ann", "compare_products", {"product_ids": [small.JACKET]}),
    Ask("ann", "track_order", {"order_id": small.MIXED}),
    Ask("ann", "track_order", {"tracking": "HT999999999XX"}),
    Ask("ann", "track_order", {"order_id": small.PAID}),
    Ask("ann", "track_order", {"order_id": small.CANCELLED}),
    Ask("ann", "cancel_order", {"order_id": small.SHIPPED}),
    Ask("ann", "return_order", {"order_id": small.PAID, "reason": "damaged"}),
    Ask("ann", "return_order", {"order_id": small.TOO_LATE, "reason": "changed_mind"}),
    Ask("ann", "return_order", {"order_id": small.REQUESTED, "reason": "damaged"}),
    Ask("cho", "return_order", {"order_id": small.FOOD, "reason": "changed_mind"}),
    Ask("ann", "change_address", {"order_id": small.SHIPPED, **HOME}),
    Ask("ann", "change_address", {"order_id": small.PAID, **HOME, "country": "FR"}),
    Ask("ann", "change_address", {"order_id": small.PAID, "street": "  ", "city": "x", "postal_code": "1"}),
    Ask("ann", "call_human", {"summary": "Hello", "order_id": small.MIXED}),
    Ask("merchant", "answer_ticket", {"ticket_id": 502, "text": "Hello"}),
    Ask("merchant", "score_order", {"order_id": small.LATE_PARCEL}),
    Ask("merchant", "score_order", {}),
    Ask("merchant", "hold_order", {"order_id": small.DELIVERED}),
    Ask("merchant", "hold_order", {"order_id": small.PAID, "action": "release"}),
    Ask("merchant", "screen_party", {"name": "??"}),
    Ask("ann", "sales_summary", {}),
    Ask("ann", "landed_cost", {"product_id": small.JACKET, "country": "KP"}),
    Ask("ann", "landed_cost", {"product_id": small.JACKET, "quantity": 0}),
    Ask("merchant", "forecast_demand", {"product_id": small.TEA}),
    Ask("merchant", "forecast_demand", {"weeks": 1000}),
    Ask("ann", "my_orders", {"status": "stolen"}),
)
"""What the shop's rules, the roles or the signature refuse."""
