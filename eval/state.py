"""Whether the database ended as a scenario says, and whether anything else changed."""

from collections.abc import Iterator, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eval.scenario import Scenario, State, Value
from shop.tables import Order, Return, Ticket

FOLLOWS = {
    "orders": frozenset({"orders", "payments", "stock", "returns", "outbox", "audit"}),
    "tickets": frozenset({"tickets", "ticket_messages", "outbox", "audit"}),
}
"""What is written along with a change of an order, or of a ticket."""


def wrong(db: Session, scenario: Scenario, made: Mapping[str, frozenset[int]]) -> list[str]:
    """List what is not as expected. Without an expected state nothing may have changed."""
    expected = scenario.state or State(unchanged=True)
    if expected.unchanged:
        return [f"{name} changed: {sorted(rows)[:3]}" for name, rows in sorted(made.items())]
    return [
        *_wrong_rows(db, expected), *_wrong_tickets(db, expected, made), *_wrong_watches(expected, made),
        *_others(expected, made),
    ]  # fmt: skip


def _wrong_rows(db: Session, expected: State) -> Iterator[str]:
    for number, values in expected.orders.items():
        yield from _differing(f"order {number}", db.get(Order, number), values)
    for number, values in expected.returns.items():
        back = db.scalar(select(Return).where(Return.order_id == number))
        yield from _differing(f"return of {number}", back, values)
    for number, values in expected.ticket.items():
        yield from _differing(f"ticket {number}", db.get(Ticket, number), values)


def _wrong_tickets(db: Session, expected: State, made: Mapping[str, frozenset[int]]) -> Iterator[str]:
    if expected.tickets is None:
        return
    newest = db.scalar(select(func.count()).where(Ticket.id.in_(made.get("tickets", frozenset())))) or 0
    new = newest - len(expected.ticket)
    if new != expected.tickets:
        yield f"{new} new tickets, not {expected.tickets}"


def _wrong_watches(expected: State, made: Mapping[str, frozenset[int]]) -> Iterator[str]:
    new = len(made.get("watches", frozenset()))
    if expected.watches is not None and new != expected.watches:
        yield f"{new} new watches, not {expected.watches}"


def _others(expected: State, made: Mapping[str, frozenset[int]]) -> Iterator[str]:
    """Changes of rows and tables that nobody asked for."""
    own = made.get("orders", frozenset()) - set(expected.orders) - set(expected.returns)
    if own:
        yield f"other orders changed: {sorted(own)[:3]}"
    allowed: set[str] = set()
    if expected.orders or expected.returns:
        allowed |= FOLLOWS["orders"]
    if expected.tickets or expected.ticket:
        allowed |= FOLLOWS["tickets"]
    if expected.watches:
        allowed |= {"watches", "audit"}
    for name in sorted(set(made) - allowed):
        yield f"{name} changed: {sorted(made[name])[:3]}"


def _differing(what: str, row: object | None, values: Mapping[str, Value]) -> Iterator[str]:
    if row is None:
        yield f"{what} is not there"
        return
    for name, value in values.items():
        got = getattr(row, name)
        if str(got).casefold().strip() != str(value).casefold().strip():
            yield f"{what}: {name} is {got!r}, not {value!r}"
