"""The rows of figures that are true, from the independent computation."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from eval.figures import Ask, Books
from eval.question import Wanted
from eval.shown import Line
from shop.tables import ProductText


def total(books: Books, wanted: Wanted, titles: Mapping[str, set[str]]) -> Line:
    """The one figure that is true, and the one it is compared with."""
    value, before = (_answer(books, wanted, span, None, titles) for span in (wanted.period, wanted.against))
    return Line("", value, before)  # type: ignore[arg-type]


def rows(books: Books, wanted: Wanted, titles: Mapping[str, set[str]]) -> list[Line]:
    """All rows that are true, in the order that was asked for."""
    now = _answer(books, wanted, wanted.period, wanted.by, titles)
    before = _answer(books, wanted, wanted.against, wanted.by, titles) if wanted.against else {}
    assert isinstance(now, dict)
    assert isinstance(before, dict)
    lines = [
        Line(key, now.get(key, 0.0), before.get(key, 0.0) if wanted.against else None) for key in {**now, **before}
    ]
    is_change = wanted.order in ("rose", "fell")
    sign = -1 if wanted.order in ("most", "rose") else 1
    return sorted(lines, key=lambda one: sign * ((one.value or 0) - ((one.before or 0) if is_change else 0)))


def titles_of(db: Any) -> dict[str, set[str]]:
    """The ids of the products that have a title in any language."""
    found: dict[str, set[str]] = defaultdict(set)
    for product, title in db.execute(select(ProductText.product_id, ProductText.title)):
        found[title].add(str(product))
    return found


def _answer(
    books: Books, wanted: Wanted, span: tuple[date, date] | None, by: str | None, titles: Mapping[str, set[str]]
) -> dict[str, float] | float | None:
    if span is None and not wanted.now:
        return None
    first, last = span or (date(2000, 1, 1), books.now.date())
    keep = dict(wanted.keep)
    if wanted.name:
        own = set(books.lines["product"]) | {str(one) for one in books.goods().product_id}
        keep["product"] = [key for title, keys in titles.items() if wanted.name in title.casefold() for key in keys
                           if key in own]  # fmt: skip
    found = books.answer(Ask(wanted.measure, first, last, by, keep, wanted.drop, wanted.currency))
    if not isinstance(found, dict):
        return found
    return {str(key)[:10] if by in ("month", "day", "week") else key: value for key, value in found.items()}
