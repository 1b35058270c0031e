"""Rows of the raw tables, read whole and joined in memory by pandas: what a merchant's figures are computed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

_TABLES = (
    "orders", "order_items", "products", "shops", "users", "returns", "shipments", "payments", "interactions",
    "reviews", "stock", "warehouses",
)  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """The rows of one shop (`shop_id`), or of all, at a moment."""

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

    def goods(self) -> pd.DataFrame:
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
        return parcels[parcels.delivered_at.notna() | (parcels.promised_at < naive(self.now))]

    def _visits(self) -> pd.DataFrame:
        users = self.tables["users"][["id", "country", "language"]].rename(columns={"id": "user_id"})
        return self.tables["interactions"].merge(self.goods(), on="product_id").merge(users, on="user_id")

    def _reviews(self) -> pd.DataFrame:
        users = self.tables["users"][["id", "country"]].rename(columns={"id": "user_id"})
        return self.tables["reviews"].merge(self.goods(), on="product_id").merge(users, on="user_id")

    def _payments(self) -> pd.DataFrame:
        orders = self.orders[["id", "country", "language", "customer", "shop"]].rename(columns={"id": "order_id"})
        paid = self.tables["payments"].merge(orders, on="order_id").assign(payment=lambda frame: frame.method)
        return paid[(paid.is_fraud == 1) & (paid.status != "declined")]


def tables(connection: Connection) -> Mapping[str, pd.DataFrame]:
    """Read the tables of a database that figures are made of, by name."""
    return {name: _table(connection, name) for name in _TABLES}


def _table(connection: Connection, name: str) -> pd.DataFrame:
    frame = pd.read_sql(text(f"SELECT * FROM {name}"), connection)  # noqa: S608
    for column in frame.columns:
        if column.endswith("_at") or column == "at":
            frame[column] = pd.to_datetime(frame[column])
    return frame


def naive(moment: datetime) -> pd.Timestamp:
    """A moment as the tables have it: UTC that does not say so."""
    return pd.Timestamp(moment).tz_convert("UTC").tz_localize(None)
