"""A merchant's figures computed by pandas from the raw tables: the truth beside which shop/measures is held.

Nothing of shop/measures is used here: rows are read whole, and filtered, joined and added up in memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from eval.rows import Rows, naive, tables
from shop import rates

_DUE = "promised_at"
_RATIOS = {
    "average_order": ("revenue", "orders"), "average_price": ("gross_sales", "units"),
    "units_per_order": ("units", "orders"), "margin_rate": ("margin", "revenue"),
    "return_rate": ("returned_units", "units"), "cancellation_rate": ("cancellations", "all_orders"),
}  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """What to compute. `keep` and `drop` are values by dimension; days are included on both ends."""

    measure: str
    first: date
    last: date
    by: str | None = None
    keep: Mapping[str, Sequence[str]] | None = None
    drop: Mapping[str, Sequence[str]] | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Books(Rows):
    """The rows of one shop, or of all, and the figures that they add up to."""

    def answer(self, ask: Ask) -> dict[str, float] | float | None:
        """The measure in all, or by a dimension's value (text); None where there is nothing to divide by."""
        above, below = self._frames(ask)
        if ask.by is None:
            top = above.value.sum() if above is not None else 0.0
            if below is None:
                return float(top)
            bottom = below.value.sum()
            return float(top / bottom) if bottom else None
        top_by = above.groupby("key").value.sum()
        if below is None:
            return {str(key): float(value) for key, value in top_by.items()}
        bottom_by = below.groupby("key").value.sum()
        bottom_by = bottom_by[bottom_by != 0]
        both = (top_by.reindex(bottom_by.index).fillna(0.0) / bottom_by).to_dict()
        return {str(key): float(value) for key, value in both.items()}

    def _frames(self, ask: Ask) -> tuple[pd.DataFrame, pd.DataFrame | None]:
        """Rows (key, value) of the dividend and, for a ratio, of the divisor."""
        name = ask.measure
        if name in ("late_rate", "late_parcels"):
            parcels = self._chosen(self._parcels(), _DUE, ask)
            late = (parcels.delivered_at > parcels.promised_at) | parcels.delivered_at.isna()
            return parcels.assign(value=late * 1.0), parcels.assign(value=1.0) if name == "late_rate" else None
        if name in ("views", "conversion"):
            visits = self._chosen(self._visits(), "at", ask)
            seen = visits.assign(value=(visits.kind == "view") * 1.0)
            return (seen, None) if name == "views" else (visits.assign(value=(visits.kind == "buy") * 1.0), seen)
        if name == "rating":
            reviews = self._chosen(self._reviews(), "written_at", ask)
            return reviews.assign(value=reviews.rating * 1.0), reviews.assign(value=1.0)
        if name in ("stock", "stock_cover"):
            return self._stock(ask)
        if name == "fraud_loss":
            paid = self._chosen(self._payments(), "at", ask)
            return self._money(paid, "minor", "currency", "at", ask), None
        return self._of_lines(ask)

    def _of_lines(self, ask: Ask) -> tuple[pd.DataFrame, pd.DataFrame | None]:
        lines = self._chosen(self.lines, "placed_at", ask)
        above, below = _RATIOS.get(ask.measure, (ask.measure, None))
        return self._added(above, lines, ask), self._added(below, lines, ask) if below else None

    def _added(self, name: str, lines: pd.DataFrame, ask: Ask) -> pd.DataFrame:
        """What is added up over order lines: orders and units here, money further down."""
        sold = lines[lines.status != "cancelled"]
        match name:
            case "orders":
                return _distinct(sold, "order_id")
            case "all_orders":
                return _distinct(lines, "order_id")
            case "cancellations":
                return _distinct(lines[lines.status == "cancelled"], "order_id")
            case "returns":
                return _distinct(sold[sold.sent_back], "order_id")
            case "buyers":
                return _distinct(sold, "buyer_id")
            case "units":
                return sold.assign(value=sold.quantity * 1.0)
            case "returned_units":
                return sold.assign(value=sold.quantity * sold.sent_back * 1.0)
        return sold.assign(value=self._brought(name, sold, ask))

    def _brought(self, name: str, sold: pd.DataFrame, ask: Ask) -> "pd.Series[float]":
        """What each sold line brought, in the wanted currency."""

        def money(column: str) -> "pd.Series[float]":
            return self._money(sold, column, "shop_currency", "placed_at", ask).value

        match name:
            case "gross_sales":
                return money("gross")
            case "refunds":
                return money("refunded")
            case "revenue":
                return money("gross") - money("refunded")
            case "margin":
                return money("gross") - money("refunded") - (money("cost_all") - money("cost_back"))
        raise KeyError(name)

    def _stock(self, ask: Ask) -> tuple[pd.DataFrame, pd.DataFrame | None]:
        goods = self.goods()
        houses = self.tables["warehouses"][["id", "name"]].rename(columns={"id": "warehouse_id", "name": "warehouse"})
        stock = _kept(self.tables["stock"].merge(goods, on="product_id").merge(houses, on="warehouse_id"), ask)
        have = _keyed(stock.assign(value=stock.on_hand * 1.0), ask.by, None, self.zone)
        if ask.measure == "stock":
            return have, None
        lines = self.lines[(self.lines.status != "cancelled")]
        recent = lines[(lines.placed_at >= naive(self.now - timedelta(days=30))) & (lines.placed_at <= naive(self.now))]
        sold = _keyed(_kept(recent, ask), ask.by, None, self.zone)
        return have.assign(value=have.value * 30), sold.assign(value=sold.quantity * 1.0)

    def _chosen(self, frame: pd.DataFrame, moment: str, ask: Ask) -> pd.DataFrame:
        """The rows of the period and the filters, each with its key."""
        local = frame[moment].dt.tz_localize("UTC").dt.tz_convert(self.zone).dt.date
        inside = (local >= ask.first) & (local <= ask.last) & (frame[moment] <= naive(self.now))
        return _keyed(_kept(frame[inside], ask), ask.by, moment, self.zone)

    def _money(self, frame: pd.DataFrame, column: str, currency: str, moment: str, ask: Ask) -> pd.DataFrame:
        """Amounts in the wanted currency at the rate of each row's UTC day."""
        wanted = ask.currency or self.currency
        values = []
        for minor, own, at in zip(frame[column], frame[currency], frame[moment], strict=True):
            amount = int(minor) / (1 if own in ("JPY", "KRW") else 100)
            values.append(amount if own == wanted else amount * float(rates.rate(own, wanted, at.date())))
        return frame.assign(value=np.array(values, dtype=float))


def read(connection: Connection, shop_id: int | None, now: datetime) -> Books:
    """Read the books of one shop, or of all, from a database."""
    return Books(tables(connection), shop_id, now)


def _kept(frame: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    for dimension, values in (ask.keep or {}).items():
        frame = frame[frame[dimension].isin(list(values))]
    for dimension, values in (ask.drop or {}).items():
        frame = frame[~frame[dimension].isin(list(values))]
    return frame


def _keyed(frame: pd.DataFrame, by: str | None, moment: str | None, zone: ZoneInfo) -> pd.DataFrame:
    if by is None:
        return frame.assign(key="")
    if by in frame.columns:
        return frame.assign(key=frame[by])
    assert moment is not None
    local = frame[moment].dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None)
    periods = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
    if by == "weekday":
        return frame.assign(key=local.dt.dayofweek)
    return frame.assign(key=local.dt.to_period(periods[by]).dt.start_time.dt.date)


def _distinct(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.drop_duplicates(["key", column]).assign(value=1.0)
