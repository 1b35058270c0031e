"""What all tables share."""

from datetime import UTC, datetime
from typing import Annotated

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, mapped_column


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, aware in Python, stored without zone (SQLite has none)."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Parent of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: Moment(),
        dict[str, object]: JSON(),
        list[object]: JSON(),
    }


Id = Annotated[int, mapped_column(primary_key=True)]
Country = Annotated[str, mapped_column(String(2))]
Currency = Annotated[str, mapped_column(String(3))]
Code = Annotated[str, mapped_column(String(40))]
Language = Annotated[str, mapped_column(String(12))]
Uuid = Annotated[str, mapped_column(String(36), primary_key=True)]
UserId = Annotated[int, mapped_column(ForeignKey("users.id"), index=True)]
ShopId = Annotated[int, mapped_column(ForeignKey("shops.id"), index=True)]
ProductId = Annotated[int, mapped_column(ForeignKey("products.id"), index=True)]
OrderId = Annotated[int, mapped_column(ForeignKey("orders.id"), index=True)]
