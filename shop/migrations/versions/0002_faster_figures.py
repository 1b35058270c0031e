"""Indexes for what a merchant's desk adds up."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    is_low = sa.text("on_hand <= reorder_point")
    op.create_index("ix_stock_low", "stock", ["product_id"], unique=False, sqlite_where=is_low, postgresql_where=is_low)
    op.create_index(
        "ix_order_items_sold", "order_items", ["order_id", "product_id", "quantity", "shop_minor"], unique=False
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_order_items_sold", table_name="order_items")
    op.drop_index("ix_stock_low", table_name="stock")
