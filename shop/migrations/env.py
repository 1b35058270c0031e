"""Alembic's environment: the connection is handed over by shop.database."""

from alembic import context

from shop.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
