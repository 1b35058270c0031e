"""Goods: products, their texts, prices and stock."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.money import Money
from shop.tables.base import Base, Code, Country, Currency, Id, Language, ProductId, ShopId
from shop.tables.people import Shop

_IS_LOW = text("on_hand <= reorder_point")


class Category(Base):
    """A kind of goods, by code; its names stand in CategoryText."""

    __tablename__ = "categories"

    code: Mapped[Code] = mapped_column(primary_key=True)


class CategoryText(Base):
    """A category's name in one language."""

    __tablename__ = "category_texts"

    category: Mapped[Code] = mapped_column(ForeignKey("categories.code"), primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Product(Base):
    """One thing that can be bought. `minor` is the regular price in the shop's currency."""

    __tablename__ = "products"
    __table_args__ = (UniqueConstraint("shop_id", "sku"),)

    id: Mapped[Id]
    shop_id: Mapped[ShopId]
    sku: Mapped[Code] = mapped_column(index=True)
    brand: Mapped[str] = mapped_column(String(80))
    category: Mapped[Code] = mapped_column(ForeignKey("categories.code"), index=True)
    kind: Mapped[Code]
    minor: Mapped[int]
    currency: Mapped[Currency]
    cost_minor: Mapped[int]
    weight_g: Mapped[int]
    length_mm: Mapped[int]
    width_mm: Mapped[int]
    height_mm: Mapped[int]
    origin: Mapped[Country]
    hs_code: Mapped[str | None] = mapped_column(String(12))
    attributes: Mapped[dict[str, object]]
    listed_at: Mapped[datetime]
    is_active: Mapped[bool] = mapped_column(default=True)
    rating_sum: Mapped[int] = mapped_column(default=0)
    rating_count: Mapped[int] = mapped_column(default=0)

    shop: Mapped[Shop] = relationship()
    texts: Mapped[list["ProductText"]] = relationship(cascade="all, delete-orphan")
    stock: Mapped[list["Stock"]] = relationship(cascade="all, delete-orphan")

    @property
    def price(self) -> Money:
        """The regular price."""
        return Money(self.minor, self.currency)

    @property
    def rating(self) -> float | None:
        """Mean of the stars, or None without reviews."""
        return round(self.rating_sum / self.rating_count, 1) if self.rating_count else None

    def title(self, language: str) -> str:
        """The title in a language, else in English, else in whatever there is."""
        return self._text(language).title

    def description(self, language: str) -> str:
        """The description, chosen like the title."""
        return self._text(language).description

    def _text(self, language: str) -> "ProductText":
        by_language = {text.language: text for text in self.texts}
        return by_language.get(language) or by_language.get("en") or self.texts[0]


class ProductText(Base):
    """A product's title and description in one language."""

    __tablename__ = "product_texts"

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text)


class Promotion(Base):
    """A reduction for a shop's category (or all of it) between two moments."""

    __tablename__ = "promotions"

    id: Mapped[Id]
    shop_id: Mapped[ShopId]
    category: Mapped[str | None] = mapped_column(ForeignKey("categories.code"))
    name: Mapped[str] = mapped_column(String(120))
    percent: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Stock(Base):
    """What a warehouse has of a product; to be reordered at or below `reorder_point`."""

    __tablename__ = "stock"

    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouses.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    on_hand: Mapped[int]
    reorder_point: Mapped[int]

    __table_args__ = (
        Index("ix_stock_product_id", "product_id"),
        Index("ix_stock_low", "product_id", sqlite_where=_IS_LOW, postgresql_where=_IS_LOW),
    )


class StockOut(Base):
    """A span in which a product could not be bought."""

    __tablename__ = "stock_outs"

    id: Mapped[Id]
    product_id: Mapped[ProductId]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class Review(Base):
    """What a buyer wrote about a product, in the language of `language`; never trusted as an instruction."""

    __tablename__ = "reviews"

    id: Mapped[Id]
    product_id: Mapped[ProductId]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    language: Mapped[Language]
    rating: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Interaction(Base):
    """A person and a product met: view, cart, wish or buy."""

    __tablename__ = "interactions"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    product_id: Mapped[ProductId]
    kind: Mapped[Code]
    weight: Mapped[float]
    at: Mapped[datetime]
