"""A merchant's figures computed by pandas from the raw tables: the truth beside which shop/measures is held.

Nothing of shop/measures is used here: rows are read whole, and filtered, joined and added up in memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from shop import rates

Keep = Mapping[str, Sequence[str]]
_DUE = "promised_at"


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
class Books:
    """The tables of one shop (`shop_id`), or of all, at a moment."""

    tables: Mapping[str, pd.DataFrame]
    shop_id: int | None
    now: datetime

    @property
    def shop(self) -> Any:
        """The shop's row."""
        shops = self.tables["shops"]
        return shops[shops.id == self.shop_id].iloc[0] if self.shop_id else None

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone, UTC for all shops."""
        return ZoneInfo("UTC" if self.shop is None else str(self.shop.timezone))

    @property
    def currency(self) -> str:
        """The shop's currency, EUR for all shops."""
        return "EUR" if self.shop is None else str(self.shop.currency)

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Orders with their shop's currency, the buyer's language, and whether it is the buyer's first."""
        tables = self.tables
        shops = tables["shops"][["id", "currency", "name"]]
        shops = shops.rename(columns={"id": "shop_id", "currency": "shop_currency", "name": "shop"})
        users = tables["users"][["id", "language"]].rename(columns={"id": "buyer_id"})
        orders = tables["orders"].merge(shops, on="shop_id").merge(users, on="buyer_id")
        sold = orders[orders.status != "cancelled"]
        first = sold.groupby(["buyer_id", "shop_id"]).placed_at.min().rename("first_at").reset_index()
        orders = orders.merge(first, on=["buyer_id", "shop_id"], how="left")
        orders["customer"] = np.where(orders.placed_at > orders.first_at, "returning", "new")
        back = tables["returns"]
        orders["sent_back"] = orders.id.isin(back[back.status != "refused"].order_id)
        paid = back[back.refunded_at.notna()].groupby("order_id").refund_minor.sum()
        orders["paid_back"] = orders.id.map(paid).fillna(0).astype("int64")
        return orders if self.shop_id is None else orders[orders.shop_id == self.shop_id]

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Order lines with what each brought, cost and gave back, in the shop's minor units."""
        items = self.tables["order_items"].drop(columns=["id"])
        lines = self.orders.rename(columns={"id": "order_id"}).merge(items, on="order_id")
        goods = self.tables["products"][["id", "category", "brand", "cost_minor"]]
        lines = lines.merge(goods.rename(columns={"id": "product_id"}), on="product_id")
        lines["gross"] = lines.quantity * lines.shop_minor
        lines["cost_all"] = lines.quantity * lines.cost_minor
        charged = lines.goods_minor + lines.duty_minor + lines.tax_minor
        for name, whole in (("refunded", "gross"), ("cost_back", "cost_all")):
            some = [
                int(a) * int(b) // int(c) if c else 0
                for a, b, c in zip(lines[whole], lines.paid_back, charged, strict=True)
            ]
            lines[name] = np.where(lines.paid_back >= charged, lines[whole], some)
            lines.loc[lines.paid_back == 0, name] = 0
        lines["product"] = lines.product_id.astype(str)
        return lines

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
        every = self._chosen(self.lines, "placed_at", ask)
        sold = every[every.status != "cancelled"]
        cancelled = every[every.status == "cancelled"]
        money = {
            column: self._money(sold, column, "shop_currency", "placed_at", ask)
            for column in ("gross", "refunded", "cost_all", "cost_back")
        }
        net = money["gross"].assign(value=money["gross"].value - money["refunded"].value)
        kept_cost = money["cost_all"].value - money["cost_back"].value
        margin = net.assign(value=net.value - kept_cost)
        units = sold.assign(value=sold.quantity * 1.0)
        match ask.measure:
            case "revenue":
                return net, None
            case "gross_sales":
                return money["gross"], None
            case "refunds":
                return money["refunded"], None
            case "orders":
                return _distinct(sold, "order_id"), None
            case "units":
                return units, None
            case "buyers":
                return _distinct(sold, "buyer_id"), None
            case "average_order":
                return net, _distinct(sold, "order_id")
            case "average_price":
                return money["gross"], units
            case "units_per_order":
                return units, _distinct(sold, "order_id")
            case "margin":
                return margin, None
            case "margin_rate":
                return margin, net
            case "return_rate":
                return sold.assign(value=sold.quantity * sold.sent_back * 1.0), units
            case "returns":
                return _distinct(sold[sold.sent_back], "order_id"), None
            case "cancellations":
                return _distinct(cancelled, "order_id"), None
            case "cancellation_rate":
                return _distinct(cancelled, "order_id"), _distinct(every, "order_id")
        raise KeyError(ask.measure)

    def _stock(self, ask: Ask) -> tuple[pd.DataFrame, pd.DataFrame | None]:
        goods = self._goods()
        houses = self.tables["warehouses"][["id", "name"]].rename(columns={"id": "warehouse_id", "name": "warehouse"})
        stock = _kept(self.tables["stock"].merge(goods, on="product_id").merge(houses, on="warehouse_id"), ask)
        have = _keyed(stock.assign(value=stock.on_hand * 1.0), ask.by, None, self.zone)
        if ask.measure == "stock":
            return have, None
        lines = self.lines[(self.lines.status != "cancelled")]
        recent = lines[
            (lines.placed_at >= _naive(self.now - timedelta(days=30))) & (lines.placed_at <= _naive(self.now))
        ]
        sold = _keyed(_kept(recent, ask), ask.by, None, self.zone)
        return have.assign(value=have.value * 30), sold.assign(value=sold.quantity * 1.0)

    def _goods(self) -> pd.DataFrame:
        goods = self.tables["products"]
        goods = goods if self.shop_id is None else goods[goods.shop_id == self.shop_id]
        shops = self.tables["shops"][["id", "name"]].rename(columns={"id": "shop_id", "name": "shop"})
        goods = goods[["id", "category", "brand", "shop_id"]].merge(shops, on="shop_id")
        return goods.rename(columns={"id": "product_id"}).assign(product=lambda frame: frame.product_id.astype(str))

    def _parcels(self) -> pd.DataFrame:
        orders = self.orders[["id", "country", "language", "customer", "shop"]]
        parcels = self.tables["shipments"].merge(orders.rename(columns={"id": "order_id"}), on="order_id")
        houses = self.tables["warehouses"][["id", "name"]].rename(columns={"id": "warehouse_id", "name": "warehouse"})
        parcels = parcels.merge(houses, on="warehouse_id")
        return parcels[parcels.delivered_at.notna() | (parcels.promised_at < _naive(self.now))]

    def _visits(self) -> pd.DataFrame:
        users = self.tables["users"][["id", "country", "language"]].rename(columns={"id": "user_id"})
        return self.tables["interactions"].merge(self._goods(), on="product_id").merge(users, on="user_id")

    def _reviews(self) -> pd.DataFrame:
        users = self.tables["users"][["id", "country"]].rename(columns={"id": "user_id"})
        return self.tables["reviews"].merge(self._goods(), on="product_id").merge(users, on="user_id")

    def _payments(self) -> pd.DataFrame:
        orders = self.orders[["id", "country", "language", "customer", "shop"]].rename(columns={"id": "order_id"})
        paid = self.tables["payments"].merge(orders, on="order_id").assign(payment=lambda frame: frame.method)
        return paid[(paid.is_fraud == 1) & (paid.status != "declined")]

    def _chosen(self, frame: pd.DataFrame, moment: str, ask: Ask) -> pd.DataFrame:
        """The rows of the period and the filters, each with its key."""
        local = frame[moment].dt.tz_localize("UTC").dt.tz_convert(self.zone).dt.date
        inside = (local >= ask.first) & (local <= ask.last) & (frame[moment] <= _naive(self.now))
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
    """Read the tables of a database that figures are made of."""
    names = (
        "orders", "order_items", "products", "shops", "users", "returns", "shipments", "payments", "interactions",
        "reviews", "stock", "warehouses",
    )  # fmt: skip
    return Books({name: _table(connection, name) for name in names}, shop_id, now)


def _table(connection: Connection, name: str) -> pd.DataFrame:
    frame = pd.read_sql(text(f"SELECT * FROM {name}"), connection)  # noqa: S608
    for column in frame.columns:
        if column.endswith("_at") or column == "at":
            frame[column] = pd.to_datetime(frame[column])
    return frame


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


def _naive(moment: datetime) -> pd.Timestamp:
    return pd.Timestamp(moment).tz_convert("UTC").tz_localize(None)
