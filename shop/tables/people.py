"""People and shops."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.tables.base import Base, Code, Country, Currency, Id, Language, ShopId


class Shop(Base):
    """A merchant's shop."""

    __tablename__ = "shops"

    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(120))
    country: Mapped[Country]
    currency: Mapped[Currency]
    timezone: Mapped[Code]


class Warehouse(Base):
    """A place where a shop keeps goods."""

    __tablename__ = "warehouses"

    id: Mapped[Id]
    shop_id: Mapped[ShopId]
    name: Mapped[str] = mapped_column(String(120))
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[Country]


class User(Base):
    """An account. Without a password nobody can sign in to it."""

    __tablename__ = "users"

    id: Mapped[Id]
    role: Mapped[Code]
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str | None] = mapped_column(String(200))
    country: Mapped[Country]
    currency: Mapped[Currency]
    language: Mapped[Language]
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shops.id"), index=True)
    created_at: Mapped[datetime]
    is_active: Mapped[bool] = mapped_column(default=True)

    shop: Mapped[Shop | None] = relationship()
